/* S2: timeliness is derived from a task and a time, and the due day itself is on time.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "gateway/rules/timeliness.h"

/* 2026-03-09 is a Monday; the week has no holiday. */
static const struct row {
	enum task_state state;
	const char *due;
	unsigned due_flags;
	const char *completed, *now;
	enum timeliness is;
} rows[] = {
	{TASK_ASSIGNED, "2026-03-20", 0, NULL, "2026-03-09T09:00:00+07:00",
		TIMELINESS_PENDING},
	{TASK_ASSIGNED, "2026-03-20", 0, NULL, "2026-03-16T23:59:59+07:00",
		TIMELINESS_PENDING},
	{TASK_ASSIGNED, "2026-03-20", 0, NULL, "2026-03-17T00:00:00+07:00",
		TIMELINESS_DUE_SOON},
	{TASK_IN_PROGRESS, "2026-03-20", 0, NULL, "2026-03-20T23:59:59+07:00",
		TIMELINESS_DUE_SOON},
	{TASK_IN_PROGRESS, "2026-03-20", 0, NULL, "2026-03-20T16:59:59Z",
		TIMELINESS_DUE_SOON},
	{TASK_IN_PROGRESS, "2026-03-20", 0, NULL, "2026-03-20T17:00:00Z",
		TIMELINESS_OVERDUE},
	{TASK_ASSIGNED, "2026-03-20", 0, NULL, "2026-03-21T00:00:00+07:00",
		TIMELINESS_OVERDUE},
	/* A weekend between is no working day: Monday is one working day from Friday.
	 */
	{TASK_ASSIGNED, "2026-03-16", 0, NULL, "2026-03-11T09:00:00+07:00",
		TIMELINESS_DUE_SOON},
	{TASK_ASSIGNED, "2026-03-16", 0, NULL, "2026-03-10T09:00:00+07:00",
		TIMELINESS_PENDING},
	{TASK_ASSIGNED, NULL, 0, NULL, "2026-03-10T09:00:00+07:00",
		TIMELINESS_NO_DEADLINE},
	{TASK_ASSIGNED, "2026-03-02", DUE_BEFORE_ISSUE, NULL,
		"2026-03-10T09:00:00+07:00", TIMELINESS_NO_DEADLINE},
	{TASK_REPORTED, "2026-03-20", 0, "2026-03-20", "2026-04-10T09:00:00+07:00",
		TIMELINESS_ON_TIME},
	{TASK_COMPLETED, "2026-03-20", 0, "2026-03-20", "2026-04-10T09:00:00+07:00",
		TIMELINESS_ON_TIME},
	{TASK_COMPLETED, "2026-03-20", 0, "2026-03-21", "2026-03-21T09:00:00+07:00",
		TIMELINESS_LATE},
	{TASK_COMPLETED, NULL, 0, "2026-03-21", "2026-03-21T09:00:00+07:00",
		TIMELINESS_NO_DEADLINE},
	{TASK_COMPLETED, "2026-03-02", DUE_TOO_FAR, "2026-03-21",
		"2026-03-21T09:00:00+07:00", TIMELINESS_NO_DEADLINE},
	{TASK_HANDED_BACK, "2026-03-02", 0, NULL, "2026-03-21T09:00:00+07:00",
		TIMELINESS_NONE},
	{TASK_CANCELLED, "2026-03-02", 0, NULL, "2026-03-21T09:00:00+07:00",
		TIMELINESS_NONE},
	{TASK_WITHDRAWN, "2026-03-02", 0, NULL, "2026-03-21T09:00:00+07:00",
		TIMELINESS_NONE},
};

static void test_s2_timeliness_follows_from_state_deadline_and_time(void **state)
{
	struct calendar *calendar = calendar_new();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *r = &rows[i];
		struct task task = {.state = r->state,
			.due_on = day_parse(r->due),
			.due_flags = r->due_flags,
			.completed_on = day_parse(r->completed)};
		msec_t now;

		assert_true(instant_parse(r->now, &now));
		enum timeliness is = timeliness_of(&task, now, calendar, 3);

		if (is != r->is)
			fail_msg("row %zu: %s", i, timeliness_words[is]);
	}
	calendar_free(calendar);
}

static void test_s2_the_warning_window_is_as_wide_as_the_policy_says(void **state)
{
	struct calendar *calendar = calendar_new();
	struct task task = {.state = TASK_ASSIGNED, .due_on = day_parse("2026-03-20")};
	msec_t monday = day_start(day_parse("2026-03-16"));

	(void)state;
	assert_int_equal(timeliness_of(&task, monday, calendar, 3), TIMELINESS_PENDING);
	assert_int_equal(
		timeliness_of(&task, monday, calendar, 4), TIMELINESS_DUE_SOON);
	assert_int_equal(timeliness_of(&task, day_start(task.due_on), calendar, 0),
		TIMELINESS_DUE_SOON);
	calendar_free(calendar);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_s2_timeliness_follows_from_state_deadline_and_time),
		cmocka_unit_test(
			test_s2_the_warning_window_is_as_wide_as_the_policy_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
