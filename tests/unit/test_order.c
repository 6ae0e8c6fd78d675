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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_the_day_counts_first_then_rank_number_and_identity),
		cmocka_unit_test(test_a_document_without_a_date_acts_on_its_arrival),
		cmocka_unit_test(test_an_amendment_acts_after_its_target),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
