/* M6, the key: events count in the order in which they act. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "gateway/rules/order.h"

static int sign(int value)
{
	return value < 0 ? -1 : value > 0;
}

/* In the order in which they count: each before all that follow it. */
static const struct act_key in_order[] = {
	{10, RANK_ASSIGNMENT, 9, "b", 0},
	{10, RANK_ASSIGNMENT, 2, "a", 1},
	{10, RANK_ASSIGNMENT, 3, "a", 1},
	{10, RANK_UPDATE, 1, "a", 0},
	{10, RANK_REPLACEMENT, 1, "a", 0},
	{10, RANK_ANSWER, 1, "a", 0},
	{10, RANK_ANSWER, 2, "a", 0},
	{10, RANK_ANSWER, 2, "b", 0},
	{10, RANK_ANSWER, 10, "a", 0},
	{10, RANK_RECALL, 0, "", 0},
	{10, RANK_ACT, 0, "", 0},
	{11, RANK_ASSIGNMENT, 0, "", 0},
	{200, RANK_ASSIGNMENT, 0, "", 0},
};

static void test_the_day_counts_first_then_rank_number_and_identity(void **state)
{
	int n = sizeof(in_order) / sizeof(in_order[0]);

	(void)state;
	for (int a = 0; a < n; a++)
		for (int b = 0; b < n; b++)
			assert_int_equal(
				sign(act_key_compare(&in_order[a], &in_order[b])),
				sign(a - b));
}

static void test_a_document_without_a_date_acts_on_its_arrival(void **state)
{
	(void)state;
	assert_int_equal(order_issue_day(100, 105), 100);
	assert_int_equal(order_issue_day(100, 95), 100);
	assert_int_equal(order_issue_day(DAY_NONE, 105), 105);
}

static void test_an_amendment_acts_after_its_target(void **state)
{
	static const struct {
		const char *why;
		day_t issued, first_hop, arrived, target, acts;
	} rows[] = {
		{"its own later date", 110, 112, 115, 100, 110},
		{"its own later date, whatever the hop says", 110, 105, 115, 100, 110},
		{"the original's date repeated: the first hop", 100, 104, 115, 100,
			104},
		{"an earlier date: the first hop", 90, 104, 115, 100, 104},
		{"no date: the first hop", DAY_NONE, 104, 115, 100, 104},
		{"the hop not later either: arrival", 100, 100, 115, 100, 115},
		{"no hop: arrival", 100, DAY_NONE, 115, 100, 115},
		{"nothing at all: arrival", DAY_NONE, DAY_NONE, 115, 100, 115},
		{"arrived before its target was issued", 100, DAY_NONE, 95, 100, 100},
		{"the same day throughout", 100, 100, 100, 100, 100},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		day_t acts = order_amend_day(rows[i].issued, rows[i].first_hop,
			rows[i].arrived, rows[i].target);

		if (acts != rows[i].acts)
			fail_msg("%s: %d", rows[i].why, acts);
	}
}

/* Documents of one chain: 1 is the assignment; each list in the order that counts. */
enum { DOCUMENTS = 4 };
static const struct {
	const char *why;
	struct {
		int64_t id, targets[2];
		day_t issued, arrived;
		enum act_rank rank;
		int64_t number;
	} documents[DOCUMENTS];
} chains[] = {
	{"each by its own date", {{1, {0}, 10, 10, RANK_ASSIGNMENT, 9},
					 {2, {1}, 12, 12, RANK_REPLACEMENT, 5},
					 {3, {1}, 14, 14, RANK_UPDATE, 1}}},
	{"dated before what it replaces: its arrival",
		{{1, {0}, 10, 10, RANK_ASSIGNMENT, 9},
			{3, {1}, 12, 12, RANK_REPLACEMENT, 1},
			{2, {1}, 8, 15, RANK_REPLACEMENT, 5}}},
	{"an update of a replacement, all of one day",
		{{1, {0}, 10, 10, RANK_ASSIGNMENT, 9},
			{2, {1}, 10, 10, RANK_REPLACEMENT, 9},
			{3, {2}, 10, 10, RANK_UPDATE, 1}}},
	{"a second replacement under a lower number",
		{{1, {0}, 10, 10, RANK_ASSIGNMENT, 9},
			{2, {1}, 10, 10, RANK_REPLACEMENT, 9},
			{3, {2}, 10, 10, RANK_REPLACEMENT, 4}}},
	{"behind the latest of those it replaces",
		{{1, {0}, 10, 10, RANK_ASSIGNMENT, 9},
			{2, {0}, 20, 20, RANK_ASSIGNMENT, 9},
			{3, {1, 2}, 12, 12, RANK_REPLACEMENT, 1}}},
	{"two that replace each other: the later one behind",
		{{2, {3}, 10, 10, RANK_REPLACEMENT, 1},
			{3, {2}, 11, 11, RANK_REPLACEMENT, 1}}},
};

static void test_what_amends_others_counts_behind_them(void **state)
{
	struct arena arena = {0};

	(void)state;
	for (size_t c = 0; c < sizeof(chains) / sizeof(chains[0]); c++) {
		struct order_document documents[DOCUMENTS] = {0};
		size_t n = 0;

		while (n < DOCUMENTS && chains[c].documents[n].id)
			n++;
		/* The last one first: the order of the list is no input. */
		for (size_t i = 0; i < n; i++)
			documents[n - 1 - i] =
				(struct order_document){.id = chains[c].documents[i].id,
					.issued_on = chains[c].documents[i].issued,
					.first_hop_on = DAY_NONE,
					.arrived_on = chains[c].documents[i].arrived,
					.targets = chains[c].documents[i].targets,
					.targets_n = 2,
					.key = {.day = chains[c].documents[i].issued,
						.rank = chains[c].documents[i].rank,
						.number = chains[c].documents[i].number,
						.identity = "x"}};
		order_documents(&arena, documents, n);
		for (size_t i = 0; i + 1 < n; i++)
			if (act_key_compare(&documents[i + 1].key, &documents[i].key) >=
				0)
				fail_msg("%s: %d", chains[c].why, (int)documents[i].id);
	}
	arena_deinit(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_the_day_counts_first_then_rank_number_and_identity),
		cmocka_unit_test(test_a_document_without_a_date_acts_on_its_arrival),
		cmocka_unit_test(test_an_amendment_acts_after_its_target),
		cmocka_unit_test(test_what_amends_others_counts_behind_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
