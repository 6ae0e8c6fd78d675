/* M8: one name written in many ways is one name; a lost Đ fits only loosely. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "gateway/rules/names.h"

static const char *const fit_words[] = {"different", "loose", "exact"};

static const struct {
	const char *a, *b;
	enum name_fit fit;
} codes[] = {
	{"7816/VPCP-TTĐT", "7816/VPCP-TTĐT", NAME_EXACT},
	{"7816/VPCP-TTĐT", "7816/vpcp-ttđt", NAME_EXACT},
	{"7816/VPCP-TTĐT", "07816/VPCP-TTĐT", NAME_EXACT},
	{"7816/VPCP-TTĐT", "0007816/VPCP-TTĐT", NAME_EXACT},
	{"7816/VPCP-TTĐT", " 7816 / VPCP - TTĐT ", NAME_EXACT},
	{"7816/VPCP-TTĐT", "7816/VPCP–TTĐT", NAME_EXACT},
	{"7816/VPCP-TTĐT", "7816/VPCP‑TTĐT", NAME_EXACT},
	{"12/UBND", "số 12/UBND", NAME_EXACT},
	{"12/UBND", "Số: 12/UBND", NAME_EXACT},
	{"12/UBND", "so:12/UBND", NAME_EXACT},
	{"12/QĐ-UBND", "12/qđ-ubnd", NAME_EXACT},
	{"15/SỞ-YT", "15/SO\u031b\u0309-YT", NAME_EXACT},
	{"12/QĐ-UBND", "12/QÐ-UBND", NAME_EXACT}, /* Eth, typed for Đ */
	{"7816/VPCP-TTĐT", "7816/VPCP-TTDT", NAME_LOOSE},
	{"7816/VPCP-TTDT", "7816/VPCP-TTĐT", NAME_LOOSE},
	{"1/QĐ-SGDĐT", "1/QD-SGDĐT", NAME_LOOSE},
	{"1/QĐ-SGDĐT", "1/QD-SGDDT", NAME_LOOSE},
	{"7816/VPCP-TTĐT", "7816/VPCP-TTT", NAME_DIFFERENT},
	{"7816/VPCP-TTĐT", "7816/VPCP-TTĐ", NAME_DIFFERENT},
	{"7816/VPCP", "7817/VPCP", NAME_DIFFERENT},
	{"7816/VPCP", "78160/VPCP", NAME_DIFFERENT},
	{"15/SỞ-YT", "15/SO-YT", NAME_DIFFERENT},
	{"15/UBND", NULL, NAME_DIFFERENT},
	{NULL, NULL, NAME_DIFFERENT},
	{"", "", NAME_DIFFERENT},
};

static void test_m8_spellings_of_one_code_fit(void **state)
{
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		enum name_fit fit = name_fit_codes(name_fold_code(&arena, codes[i].a),
			name_fold_code(&arena, codes[i].b));

		if (fit != codes[i].fit)
			fail_msg("%s and %s: %s", codes[i].a, codes[i].b,
				fit_words[fit]);
	}
	arena_deinit(&arena);
}

static void test_m9_how_two_spellings_differ_is_said(void **state)
{
	static const struct {
		const char *a, *b, *says; /* NULL: nothing to say */
	} pairs[] = {
		{"15/UBND", "15/UBND", NULL},
		{"15/UBND", "16/UBND", NULL},
		{"15/UBND", NULL, NULL},
		{"06795/ubnd–pvhcc", "6795/UBND-PVHCC",
			"leading zeros, dashes, letter case"},
		{"6795 / UBND-PVHCC", "6795/UBND-PVHCC", "spaces"},
		{"số 15/UBND", "15/UBND", "số"},
		{"15/QĐ-UBND", "15/QD-UBND", "a lost Đ"},
		{"15/qd-UBND", "15/QĐ-UBND", "letter case, a lost Đ"},
	};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		const char *says = name_differences(&arena, pairs[i].a, pairs[i].b);

		if (!says != !pairs[i].says ||
			(says && strcmp(says, pairs[i].says) != 0))
			fail_msg("%s and %s: %s", pairs[i].a, pairs[i].b,
				says ? says : "-");
	}
	arena_deinit(&arena);
}

static void test_m8_codes_that_fit_are_found_under_one_loose_code(void **state)
{
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		const char *a =
			name_loose_code(&arena, name_fold_code(&arena, codes[i].a));
		const char *b =
			name_loose_code(&arena, name_fold_code(&arena, codes[i].b));

		if (codes[i].fit != NAME_DIFFERENT)
			assert_string_equal(a, b);
	}
	assert_null(name_loose_code(&arena, NULL));
	arena_deinit(&arena);
}

static void test_m8_both_conventions_of_document_ids_are_understood(void **state)
{
	static const struct {
		const char *id;
		bool conventional;
		const char *organ, *day, *code;
	} rows[] = {
		{"000.00.00.G22,2015/09/30,7816/VPCP-TTĐT", true, "000.00.00.g22",
			"2015-09-30", "7816/vpcp-ttđt"},
		{"H99, 2026-03-02, 7816 / VPCP", true, "h99", "2026-03-02",
			"7816/vpcp"},
		{"H99,02/03/2026,7816/VPCP", true, "h99", "2026-03-02", "7816/vpcp"},
		{"H99,2026/03/02,VPCP/7816", true, "h99", "2026-03-02", "7816/vpcp"},
		{"H99,2026/03/02,007/VPCP", true, "h99", "2026-03-02", "7/vpcp"},
		{"H99,2026/02/30,7/VPCP", true, "h99", NULL, "7/vpcp"},
		{"H99,20260302,7/VPCP", true, "h99", NULL, "7/vpcp"},
		{"H99,2026/03/02", false, NULL, NULL, NULL},
		{"H99,hôm nay,7/VPCP", false, NULL, NULL, NULL},
		{"H99,2026/03/02,7", false, NULL, NULL, NULL},
		{",2026/03/02,7/VPCP", false, NULL, NULL, NULL},
		{"6a1f0c9e-0001", false, NULL, NULL, NULL},
	};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct name_id id = name_read_id(&arena, rows[i].id);

		assert_non_null(id.folded);
		if (id.conventional != rows[i].conventional)
			fail_msg("%s: %d", rows[i].id, id.conventional);
		assert_int_equal(id.day, day_parse(rows[i].day));
		if (!id.conventional)
			continue;
		assert_string_equal(id.organ, rows[i].organ);
		assert_string_equal(id.code, rows[i].code);
	}
	assert_null(name_read_id(&arena, NULL).folded);
	assert_null(name_read_id(&arena, "").folded);
	arena_deinit(&arena);
}

static void test_the_number_a_code_begins_with_orders_it(void **state)
{
	(void)state;
	assert_int_equal(name_number("7816/vpcp"), 7816);
	assert_int_equal(name_number("12a/vpcp"), 12);
	assert_int_equal(name_number("vpcp"), 0);
	assert_int_equal(name_number(NULL), 0);
	assert_true(name_number("99999999999999999999999/x") == INT64_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_m8_spellings_of_one_code_fit),
		cmocka_unit_test(test_m9_how_two_spellings_differ_is_said),
		cmocka_unit_test(test_m8_codes_that_fit_are_found_under_one_loose_code),
		cmocka_unit_test(
			test_m8_both_conventions_of_document_ids_are_understood),
		cmocka_unit_test(test_the_number_a_code_begins_with_orders_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
