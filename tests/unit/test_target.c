/* B1, B4, B5: what a recall, update, replacement, status or read event is about. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "gateway/rules/target.h"
#include "tests/lib/story.h"

static const struct known_document opaque = {.id = 1,
	.issuer = "H99",
	.document_id = "uuid-1",
	.code = "15/UBND",
	.issued_on = 0}; /* filled by known() */

static struct known_document known(const char *document_id, const char *issuer)
{
	struct known_document k = opaque;

	k.document_id = document_id;
	k.issuer = issuer;
	k.issued_on = day_parse("2026-03-02");
	return k;
}

static const char *const fit_words[] = {"not", "own", "another's", "loosely"};

static const struct {
	const char *says, *from, *target; /* NULL: names none */
	enum target_fit fit;
	bool code_only;
} amended[] = {
	{"its own, by id", "H99", "{'document_id':'uuid-1'}", TARGET_OWN, false},
	{"its own, by id in another case", "h99", "{'document_id':'UUID-1'}",
		TARGET_OWN, false},
	{"the organ beside the id is no evidence", "H99",
		"{'document_id':'uuid-1','organ_id':'H99.01'}", TARGET_OWN, false},
	{"a conventional id names an opaque one", "H99",
		"{'document_id':'H99,2026/03/02,15/UBND'}", TARGET_OWN, false},
	{"of another day it does not", "H99",
		"{'document_id':'H99,2026/03/03,15/UBND'}", TARGET_NOT, false},
	{"of another organ it does not", "H99",
		"{'document_id':'H99.01,2026/03/02,15/UBND'}", TARGET_NOT, false},
	{"one who issues for it may", "H99.06", "{'document_id':'uuid-1'}", TARGET_OWN,
		false},
	{"B5: another may not", "H99.01", "{'document_id':'uuid-1'}", TARGET_ANOTHERS,
		false},
	{"by code and date", "H99", "{'code':'15/UBND','issued_on':'2026-03-02'}",
		TARGET_OWN, false},
	{"by code with leading zeros and date", "H99",
		"{'code':'015/ubnd','issued_on':'2026-03-02'}", TARGET_OWN, false},
	{"by code and another date", "H99",
		"{'code':'15/UBND','issued_on':'2026-03-03'}", TARGET_NOT, false},
	{"by code alone", "H99", "{'code':'15/UBND'}", TARGET_OWN, true},
	{"another's by code and date is not found at all", "H99.01",
		"{'code':'15/UBND','issued_on':'2026-03-02'}", TARGET_NOT, false},
	{"another code", "H99", "{'code':'16/UBND','issued_on':'2026-03-02'}",
		TARGET_NOT, false},
	{"naming none, its own document id", "H99", NULL, TARGET_OWN, false},
	{"M8: a Đ of its id too many", "H99",
		"{'document_id':'H99,2026/03/02,15/UBNĐ'}", TARGET_LOOSELY, false},
	{"M8: a Đ of its code too many", "H99",
		"{'code':'15/UBNĐ','issued_on':'2026-03-02'}", TARGET_LOOSELY, false},
	{"M8: and no date", "H99", "{'code':'15/UBNĐ'}", TARGET_LOOSELY, true},
	{"M8: another's is not found so", "H99.01",
		"{'document_id':'H99,2026/03/02,15/UBNĐ'}", TARGET_NOT, false},
};

static enum target_fit fit_amended(struct story *s, const char *from,
	const char *target, const char *sent_on, bool *ret_code_only)
{
	cleanup_buf struct buf json = {0};
	struct arena arena = {0};
	struct known_document k = known("uuid-1", "H99");

	buf_printf(&json,
		"{'document_id':'uuid-1','from':{'organ_id':'%s'},'targets':[%s]}",
		from, target ? target : "");
	struct event *ev = story_part(buf_text(&json));
	enum target_fit fit =
		target_fit_amended(&arena, s->organs, ev, day_parse(sent_on),
			target ? &ev->targets.at[0] : NULL, &k, ret_code_only);

	event_free(ev);
	arena_deinit(&arena);
	return fit;
}

static void test_b1_b5_the_target_is_found_by_id_everywhere_by_code_at_home(
	void **state)
{
	bool code_only;

	for (size_t i = 0; i < sizeof(amended) / sizeof(amended[0]); i++) {
		enum target_fit fit = fit_amended(*state, amended[i].from,
			amended[i].target, "2026-03-09", &code_only);

		if (fit != amended[i].fit || code_only != amended[i].code_only)
			fail_msg("%s: %s, %d", amended[i].says, fit_words[fit],
				code_only);
	}
}

static void test_b1_a_bare_code_reaches_twelve_months_back(void **state)
{
	static const struct {
		const char *sent_on;
		enum target_fit fit;
	} days[] = {{"2026-03-01", TARGET_NOT}, {"2026-03-02", TARGET_OWN},
		{"2027-03-02", TARGET_OWN}, {"2027-03-03", TARGET_NOT}};
	bool code_only;

	for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++)
		if (fit_amended(*state, "H99", "{'code':'15/UBND'}", days[i].sent_on,
			    &code_only) != days[i].fit)
			fail_msg("%s", days[i].sent_on);
}

static void test_b4_a_status_finds_the_document_it_reports_on(void **state)
{
	static const struct {
		const char *says, *target;
		enum name_fit fits;
	} reported[] = {
		{"by id alone", "{'document_id':'uuid-1'}", NAME_EXACT},
		{"by id and issuer", "{'document_id':'uuid-1','organ_id':'H99'}",
			NAME_EXACT},
		{"by an opaque id of another issuer",
			"{'document_id':'uuid-1','organ_id':'H99.01'}", NAME_DIFFERENT},
		{"by a conventional id, whatever organ stands beside it",
			"{'document_id':'H99,2026/03/02,15/UBND','organ_id':'H99.01'}",
			NAME_EXACT},
		{"by another id", "{'document_id':'uuid-2','organ_id':'H99'}",
			NAME_DIFFERENT},
		{"by code, organ and date",
			"{'code':'15/UBND','organ_id':'H99','issued_on':'2026-03-02'}",
			NAME_EXACT},
		{"by code and organ", "{'code':'15/UBND','organ_id':'H99'}",
			NAME_EXACT},
		{"by code and another organ", "{'code':'15/UBND','organ_id':'H99.01'}",
			NAME_DIFFERENT},
		{"by code and another date",
			"{'code':'15/UBND','organ_id':'H99','issued_on':'2026-03-01'}",
			NAME_DIFFERENT},
		{"by code alone", "{'code':'15/UBND'}", NAME_DIFFERENT},
		{"M8: by a code with a Đ too many",
			"{'code':'15/UBNĐ','organ_id':'H99'}", NAME_LOOSE},
		{"by nothing", "{'organ_id':'H99'}", NAME_DIFFERENT},
	};
	struct story *s = *state;
	struct known_document k = known("uuid-1", "H99");

	for (size_t i = 0; i < sizeof(reported) / sizeof(reported[0]); i++) {
		cleanup_buf struct buf json = {0};
		struct arena arena = {0};

		buf_printf(&json, "{'targets':[%s]}", reported[i].target);
		struct event *ev = story_part(buf_text(&json));

		if (target_fit_reported(&arena, s->organs, &ev->targets.at[0], &k) !=
			reported[i].fits)
			fail_msg("%s", reported[i].says);
		event_free(ev);
		arena_deinit(&arena);
	}
}

static void test_m8_a_document_is_known_under_every_name_it_was_seen_under(void **state)
{
	static const char *const also[] = {"axis-9", "H99.06,2026/03/02,15/UBND"};
	static const struct {
		const char *known, *issuer, *id;
		enum name_fit fit;
	} names[] = {
		{"uuid-1", "H99", "uuid-1", NAME_EXACT},
		{"uuid-1", "H99", "AXIS-9", NAME_EXACT},
		{"uuid-1", "H99", "H99.06,2026/03/02,15/UBND", NAME_EXACT},
		{"uuid-1", "H99.01", "000.00.01.H99,2026/03/02,15/UBND", NAME_EXACT},
		{"H99.01,2026/03/02,15/UBND", NULL, "000.00.01.H99,2026-03-02,UBND/15",
			NAME_EXACT},
		{"H99,2026/03/02,15/QĐ-UBND", "H99", "H99,2026/03/02,15/QD-UBND",
			NAME_LOOSE},
		{"H99,2026/02/30,15/UB", "H99", "H99,2026/02/30,15/UB", NAME_EXACT},
		{"uuid-1", "H99", "uuid-2", NAME_DIFFERENT},
		{"uuid-1", "H99", NULL, NAME_DIFFERENT},
		{NULL, "H99", "H99,2026/03/02,15/UBND", NAME_EXACT},
		{NULL, NULL, "H99,2026/03/03,15/UBND", NAME_DIFFERENT},
		/* H99.06 issues for H99, of whom nothing is named so */
		{NULL, NULL, "H99,2026/03/02,15/UBND", NAME_LOOSE},
	};
	struct story *s = *state;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct known_document k = known(names[i].known, names[i].issuer);
		struct arena arena = {0};

		k.also = also;
		k.also_n = 2;
		enum name_fit fit = target_id_names(&arena, s->organs, names[i].id, &k);

		if (fit != names[i].fit)
			fail_msg("row %zu: %d", i, fit);
		arena_deinit(&arena);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, story_setup, story_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_b1_b5_the_target_is_found_by_id_everywhere_by_code_at_home),
		TEST(test_b1_a_bare_code_reaches_twelve_months_back),
		TEST(test_b4_a_status_finds_the_document_it_reports_on),
		TEST(test_m8_a_document_is_known_under_every_name_it_was_seen_under),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
