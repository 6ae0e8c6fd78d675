/* Texts from outside: E3 (cleaning), M8 (comparing), O2 (ids). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "gateway/base/text.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* Bytes that may hold NUL: a literal and its length. */
#define BYTES(literal) literal, sizeof(literal) - 1

static int new_arena(void **state)
{
	static struct arena arena;

	*state = &arena;
	return 0;
}

static int free_arena(void **state)
{
	arena_deinit(*state);
	return 0;
}

static const struct {
	const char *bytes;
	size_t n;
	const char *clean;
	bool changed;
} clean_rows[] = {
	{BYTES(""), "", false},
	{BYTES("   \t\r\n"), "", false},
	{BYTES("  a \t\n b\v\fc  "), "a b c", false},
	{BYTES("UBND xã Hòa Tiến"), "UBND xã Hòa Tiến", false},
	{BYTES(" UBND \n\n xã "), "UBND xã", false},
	/* Decomposed: base letter, then its marks in either order. */
	{BYTES("Tie\xcc\x82\xcc\x81n"), "Tiến", true},
	{BYTES("o\xcc\x9b\xcc\x80  u\xcc\x9b"), "ờ ư", true},
	{BYTES("e\xcc\xa3\xcc\x82"), "ệ", true},
	{BYTES("\xc3\xaa\xcc\x81"), "ế", true},
	{BYTES("A\xcc\x80"), "À", true},
	/* Spaces of every width; only NFC counts as a change. */
	{BYTES("a\xc2\xa0\xc2\xa0v\xc3\xa0"), "a và", false},
	{BYTES("\xc2\xa0vào\xc2\x85"), "vào", false},
	{BYTES("a\xe2\x80\x83\xe3\x80\x80\xe2\x80\xafz"), "a z", false},
	{BYTES("a\xe2\x80\xa8z"), "a z", false},
	/* What nobody sees is not there. */
	{BYTES("\xef\xbb\xbf"
	       "6795\xe2\x80\x8b/UBND"),
		"6795/UBND", false},
	{BYTES("\xe2\x80\x8e"
	       "88/SYT\xe2\x80\x8f-VP\xe2\x81\xa0"),
		"88/SYT-VP", false},
	{BYTES("a \xe2\x80\x8b b"), "a b", false},
	{BYTES("\xe2\x80\x8b"), "", false},
	/* Dashes, quotes and other planes stay as they are. */
	{BYTES("a – b — “c” €"), "a – b — “c” €", false},
	{BYTES("\xf0\xa1\xa8\xb8"), "\xf0\xa1\xa8\xb8", false},
	/* Not UTF-8: cut, stray, overlong, a surrogate, beyond Unicode, NUL. */
	{BYTES("a\xff"
	       "b"),
		"a\xef\xbf\xbd"
		"b",
		false},
	{BYTES("a\xe1\xba"), "a\xef\xbf\xbd\xef\xbf\xbd", false},
	{BYTES("\xc0\xaf"), "\xef\xbf\xbd\xef\xbf\xbd", false},
	{BYTES("\xed\xa0\x80"), "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", false},
	{BYTES("\xf5\x80\x80\x80"), "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd",
		false},
	{BYTES("\xc2"), "\xef\xbf\xbd", false},
	{BYTES("a\0b"),
		"a\xef\xbf\xbd"
		"b",
		false},
	{BYTES("\xc3\xa0\0"), "à\xef\xbf\xbd", false},
};

static void text_is_composed_trimmed_and_its_spaces_folded(void **state)
{
	for (size_t i = 0; i < COUNT(clean_rows); i++) {
		bool changed = !clean_rows[i].changed;
		const char *clean = text_clean(
			*state, clean_rows[i].bytes, clean_rows[i].n, &changed);

		assert_string_equal(clean, clean_rows[i].clean);
		if (changed != clean_rows[i].changed)
			fail_msg("row %zu", i);
		assert_true(text_is_utf8(clean, strlen(clean)));
		assert_string_equal(
			text_clean(*state, clean, strlen(clean), NULL), clean);
	}
}

static void only_well_formed_utf8_without_nul_is_utf8(void **state)
{
	static const struct {
		const char *bytes;
		size_t n;
		bool is;
	} rows[] = {
		{BYTES(""), true},
		{BYTES("abc"), true},
		{BYTES("Tiến"), true},
		{BYTES("\xf0\xa1\xa8\xb8"), true},
		{BYTES("\xef\xbf\xbd"), true},
		{BYTES("a\0b"), false},
		{BYTES("\x80"), false},
		{BYTES("\xc1\x81"), false},
		{BYTES("\xe0\x80\x80"), false},
		{BYTES("\xed\xbf\xbf"), false},
		{BYTES("\xf4\x90\x80\x80"), false},
		{BYTES("ti\xe1\xba"), false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		if (text_is_utf8(rows[i].bytes, rows[i].n) != rows[i].is)
			fail_msg("row %zu", i);
}

static void fillers_are_known_without_case_and_words_are_none(void **state)
{
	static const char *const fillers[] = {
		"",
		"N/A",
		"n/a",
		"NA",
		"null",
		"NULL",
		"(null)",
		"None",
		"-",
		"--",
		"–",
		"—",
	};
	static const char *const words[] = {
		"0", "không", "N/A.", "- -", "nullable", "a"};

	(void)state;
	for (size_t i = 0; i < COUNT(fillers); i++)
		assert_true(text_is_filler(fillers[i]));
	for (size_t i = 0; i < COUNT(words); i++)
		assert_false(text_is_filler(words[i]));
}

static void folded_texts_are_equal_for_who_reads_them(void **state)
{
	static const struct {
		const char *text, *folded, *ascii;
	} rows[] = {
		{"", "", ""},
		{"6795/UBND-PVHCC", "6795/ubnd-pvhcc", "6795/ubnd-pvhcc"},
		{" 533 / UBND  -  VHXH ", "533/ubnd-vhxh", "533/ubnd-vhxh"},
		{"533 /UBND– VHXH", "533/ubnd-vhxh", "533/ubnd-vhxh"},
		{"12/QĐ—TTg", "12/qđ-ttg", "12/qd-ttg"},
		{"12/QĐ−TTg", "12/qđ-ttg", "12/qd-ttg"},
		{"12/q\xc4\x91\xc2\xadttg", "12/qđ-ttg", "12/qd-ttg"},
		{"12/QĐ\xe2\x80\x91TTg", "12/qđ-ttg", "12/qd-ttg"},
		{"7816\xe2\x80\x8b/VPCP\xc2\xa0-\xc2\xa0TTĐT", "7816/vpcp-ttđt",
			"7816/vpcp-ttdt"},
		{"QÐ", "qđ", "qd"},        /* Eth, typed for Đ */
		{"Q\xc6\x89", "qđ", "qd"}, /* an African D, the same */
		{"Tie\xcc\x82\xcc\x81N  ĐẠI", "tiến đại", "tien dai"},
		{"ƯỜNG Ữ ỡ Ý", "ường ữ ỡ ý", "uong u o y"},
		{"a b c", "a b c", "a b c"},
		{"- a -", "-a-", "-a-"},
		{"a\xff"
		 "B",
			"a\xef\xbf\xbd"
			"b",
			"a\xef\xbf\xbd"
			"b"},
		{"Ế\xff -  B", "ế\xef\xbf\xbd-b", "e\xef\xbf\xbd-b"},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *folded = text_fold(*state, rows[i].text);

		assert_string_equal(folded, rows[i].folded);
		assert_string_equal(text_fold(*state, folded), folded);
		assert_string_equal(
			text_fold_ascii(*state, rows[i].text), rows[i].ascii);
	}
	assert_string_equal(text_fold(*state, NULL), "");
	assert_string_equal(text_fold_ascii(*state, NULL), "");
}

static void organ_ids_are_the_same_without_case(void **state)
{
	(void)state;
	assert_true(text_same_id("000.00.17.h36", "000.00.17.H36"));
	assert_true(text_same_id("", ""));
	assert_false(text_same_id("H36.17", "H36.1"));
	assert_false(text_same_id(NULL, "H36"));
	assert_false(text_same_id("H36", NULL));
	assert_false(text_same_id(NULL, NULL));
}

static void a_number_is_digits_within_its_bounds_and_nothing_else(void **state)
{
	static const struct {
		const char *text;
		int64_t low, high;
		bool is;
		int64_t value;
	} rows[] = {
		{"0", 0, 9, true, 0},
		{"9", 0, 9, true, 9},
		{"10", 0, 9, false, 0},
		{"-1", -5, 9, true, -1},
		{"-6", -5, 9, false, 0},
		{"007", 0, 9, true, 7},
		{"9223372036854775807", 0, INT64_MAX, true, INT64_MAX},
		{"9223372036854775808", 0, INT64_MAX, false, 0},
		{"-9223372036854775808", INT64_MIN, 0, true, INT64_MIN},
		{"", 0, 9, false, 0},
		{"-", -9, 9, false, 0},
		{"+1", 0, 9, false, 0},
		{" 1", 0, 9, false, 0},
		{"1 ", 0, 9, false, 0},
		{"1x", 0, 9, false, 0},
		{"0x1", 0, 9, false, 0},
		{"1.0", 0, 9, false, 0},
		{"--1", -9, 9, false, 0},
		{NULL, 0, 9, false, 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		int64_t value = -77;

		if (text_parse_int(rows[i].text, rows[i].low, rows[i].high, &value) !=
			rows[i].is)
			fail_msg("row %zu", i);
		assert_int_equal(value, rows[i].is ? rows[i].value : -77);
	}
}

static void a_hash_may_be_taken_in_pieces(void **state)
{
	uint64_t whole = text_hash(TEXT_HASH_SEED, "abcdef", 6);

	(void)state;
	/* The published FNV-1a values of "" and "a". */
	assert_true(text_hash(TEXT_HASH_SEED, "", 0) == UINT64_C(0xcbf29ce484222325));
	assert_true(text_hash(TEXT_HASH_SEED, "a", 1) == UINT64_C(0xaf63dc4c8601ec8c));
	assert_true(text_hash(text_hash(TEXT_HASH_SEED, "abc", 3), "def", 3) == whole);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_composed_trimmed_and_its_spaces_folded),
		cmocka_unit_test(only_well_formed_utf8_without_nul_is_utf8),
		cmocka_unit_test(fillers_are_known_without_case_and_words_are_none),
		cmocka_unit_test(folded_texts_are_equal_for_who_reads_them),
		cmocka_unit_test(organ_ids_are_the_same_without_case),
		cmocka_unit_test(a_number_is_digits_within_its_bounds_and_nothing_else),
		cmocka_unit_test(a_hash_may_be_taken_in_pieces),
	};

	return cmocka_run_group_tests(tests, new_arena, free_arena);
}
