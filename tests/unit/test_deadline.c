/* D1: a deadline keeps its source and its flags; a flagged one counts as none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "gateway/rules/deadline.h"

static const struct row {
	const char *issued, *due, *raw;
	enum event_priority priority;
	const char *on;
	unsigned flags;
} rows[] = {
	{"2026-03-02", "2026-03-20", NULL, PRIORITY_NORMAL, "2026-03-20", 0},
	{"2026-03-02", "2026-03-03", NULL, PRIORITY_NORMAL, "2026-03-03", 0},
	{"2026-03-02", "2026-03-02", NULL, PRIORITY_NORMAL, "2026-03-02", DUE_SAME_DAY},
	{"2026-03-02", "2026-03-02", NULL, PRIORITY_URGENT, "2026-03-02", DUE_SAME_DAY},
	{"2026-03-02", "2026-03-02", NULL, PRIORITY_VERY_URGENT, "2026-03-02",
		DUE_SAME_DAY},
	{"2026-03-02", "2026-03-02", NULL, PRIORITY_EXPRESS, "2026-03-02", 0},
	{"2026-03-02", "2026-03-02", NULL, PRIORITY_EXPRESS_TIMED, "2026-03-02", 0},
	{"2026-03-02", "2026-03-01", NULL, PRIORITY_NORMAL, "2026-03-01",
		DUE_BEFORE_ISSUE},
	{"2026-03-02", "2026-03-01", NULL, PRIORITY_EXPRESS, "2026-03-01",
		DUE_BEFORE_ISSUE},
	{"2026-03-02", "1999-12-31", NULL, PRIORITY_NORMAL, "1999-12-31",
		DUE_BEFORE_2000 | DUE_BEFORE_ISSUE},
	{"2026-03-02", "2000-01-01", NULL, PRIORITY_NORMAL, "2000-01-01",
		DUE_BEFORE_ISSUE},
	{"2026-03-02", "0034-03-02", NULL, PRIORITY_NORMAL, "0034-03-02",
		DUE_BEFORE_2000 | DUE_BEFORE_ISSUE},
	{"2026-03-02", "2031-03-02", NULL, PRIORITY_NORMAL, "2031-03-02", 0},
	{"2026-03-02", "2031-03-03", NULL, PRIORITY_NORMAL, "2031-03-03", DUE_TOO_FAR},
	{"2024-02-29", "2029-02-28", NULL, PRIORITY_NORMAL, "2029-02-28", 0},
	{"2024-02-29", "2029-03-01", NULL, PRIORITY_NORMAL, "2029-03-01", DUE_TOO_FAR},
	{"2026-03-02", NULL, "30/02/2026", PRIORITY_NORMAL, NULL, DUE_UNREADABLE},
	{"2026-03-02", NULL, NULL, PRIORITY_NORMAL, NULL, 0},
	{"2026-03-02", "1970-01-01", NULL, PRIORITY_NORMAL, NULL, 0},
	{NULL, "2026-03-20", NULL, PRIORITY_NORMAL, "2026-03-20", 0},
	{NULL, "1999-12-31", NULL, PRIORITY_NORMAL, "1999-12-31", DUE_BEFORE_2000},
};

static void test_d1_what_cannot_be_believed_is_flagged(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *r = &rows[i];
		struct deadline d = deadline_judge(day_parse(r->due), r->raw,
			DUE_FROM_METADATA, day_parse(r->issued), r->priority);

		if (d.on != day_parse(r->on) || d.flags != r->flags)
			fail_msg("row %zu: %d, flags %u", i, d.on, d.flags);
	}
}

static void test_d1_a_deadline_keeps_its_source_and_none_has_none(void **state)
{
	day_t issued = day_parse("2026-03-02"), due = day_parse("2026-03-20");

	(void)state;
	assert_int_equal(
		deadline_judge(due, NULL, DUE_FROM_ASSIGNMENT, issued, PRIORITY_NORMAL)
			.source,
		DUE_FROM_ASSIGNMENT);
	assert_int_equal(
		deadline_judge(DAY_NONE, "x", DUE_FROM_TEXT, issued, PRIORITY_NORMAL)
			.source,
		DUE_FROM_TEXT);
	assert_int_equal(deadline_judge(DAY_NONE, NULL, DUE_FROM_METADATA, issued,
				 PRIORITY_NORMAL)
				 .source,
		DUE_FROM_NOTHING);
	assert_int_equal(
		deadline_judge(0, NULL, DUE_FROM_METADATA, issued, PRIORITY_NORMAL)
			.source,
		DUE_FROM_NOTHING);
}

static void test_t2_an_unreadable_deadline_is_given_and_the_epoch_is_not(void **state)
{
	(void)state;
	assert_true(deadline_given(day_parse("2026-03-20"), NULL));
	assert_true(deadline_given(DAY_NONE, "trong tuần"));
	assert_false(deadline_given(DAY_NONE, NULL));
	assert_false(deadline_given(day_parse("1970-01-01"), NULL));
	assert_false(deadline_given(day_parse("1970-01-01"), "1970-01-01"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_d1_what_cannot_be_believed_is_flagged),
		cmocka_unit_test(test_d1_a_deadline_keeps_its_source_and_none_has_none),
		cmocka_unit_test(
			test_t2_an_unreadable_deadline_is_given_and_the_epoch_is_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
