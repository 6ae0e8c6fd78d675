/* S1: a task's life is one table; what is not in it does not happen. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "gateway/rules/lifecycle.h"

enum { STATES = TASK_WITHDRAWN + 1, NO = -1 };

/* S1, every state and every act: the state after it, or NO. */
static const int after[STATES][LIFECYCLE_ACTS] = {
	[TASK_ASSIGNED] = {[ACT_LIFT] = TASK_IN_PROGRESS,
		[ACT_ANSWER_UNCONFIRMED] = TASK_REPORTED,
		[ACT_ANSWER] = TASK_COMPLETED,
		[ACT_CONFIRM] = NO,
		[ACT_REFUSE] = NO,
		[ACT_ACCEPT_HAND_BACK] = TASK_HANDED_BACK,
		[ACT_RECALL] = TASK_CANCELLED,
		[ACT_RECALL_ANSWER] = NO,
		[ACT_REPORT_UNCONFIRMED] = TASK_REPORTED,
		[ACT_REPORT] = TASK_COMPLETED,
		[ACT_EXTEND] = TASK_ASSIGNED,
		[ACT_ACCEPT_DEADLINE] = TASK_ASSIGNED},
	[TASK_IN_PROGRESS] = {[ACT_LIFT] = NO,
		[ACT_ANSWER_UNCONFIRMED] = TASK_REPORTED,
		[ACT_ANSWER] = TASK_COMPLETED,
		[ACT_CONFIRM] = NO,
		[ACT_REFUSE] = NO,
		[ACT_ACCEPT_HAND_BACK] = TASK_HANDED_BACK,
		[ACT_RECALL] = TASK_CANCELLED,
		[ACT_RECALL_ANSWER] = NO,
		[ACT_REPORT_UNCONFIRMED] = TASK_REPORTED,
		[ACT_REPORT] = TASK_COMPLETED,
		[ACT_EXTEND] = TASK_IN_PROGRESS,
		[ACT_ACCEPT_DEADLINE] = TASK_IN_PROGRESS},
	[TASK_REPORTED] = {[ACT_LIFT] = NO,
		[ACT_ANSWER_UNCONFIRMED] = NO,
		[ACT_ANSWER] = NO,
		[ACT_CONFIRM] = TASK_COMPLETED,
		[ACT_REFUSE] = TASK_IN_PROGRESS,
		[ACT_ACCEPT_HAND_BACK] = TASK_HANDED_BACK,
		[ACT_RECALL] = NO,
		[ACT_RECALL_ANSWER] = TASK_IN_PROGRESS,
		[ACT_REPORT_UNCONFIRMED] = NO,
		[ACT_REPORT] = NO,
		[ACT_EXTEND] = NO,
		[ACT_ACCEPT_DEADLINE] = NO},
	[TASK_COMPLETED] = {[ACT_LIFT] = NO,
		[ACT_ANSWER_UNCONFIRMED] = NO,
		[ACT_ANSWER] = NO,
		[ACT_CONFIRM] = NO,
		[ACT_REFUSE] = TASK_IN_PROGRESS,
		[ACT_ACCEPT_HAND_BACK] = NO,
		[ACT_RECALL] = NO,
		[ACT_RECALL_ANSWER] = TASK_IN_PROGRESS,
		[ACT_REPORT_UNCONFIRMED] = NO,
		[ACT_REPORT] = NO,
		[ACT_EXTEND] = NO,
		[ACT_ACCEPT_DEADLINE] = NO},
	/* These three are ends: nothing leads out of them. */
	[TASK_HANDED_BACK] = {NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO},
	[TASK_CANCELLED] = {NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO},
	[TASK_WITHDRAWN] = {NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO},
};

static void test_s1_every_state_and_act_is_as_the_table_says(void **state)
{
	(void)state;
	for (int from = 0; from < STATES; from++)
		for (int act = 0; act < LIFECYCLE_ACTS; act++) {
			enum task_state to = TASK_WITHDRAWN;
			bool allowed = lifecycle_next(
				(enum task_state)from, (enum lifecycle_act)act, &to);

			if (allowed != (after[from][act] != NO) ||
				(allowed && (int)to != after[from][act]))
				fail_msg("%s, %s: %s", task_state_words[from],
					lifecycle_act_words[act],
					allowed ? task_state_words[to] : "refused");
		}
}

static void test_s1_a_refused_act_changes_nothing(void **state)
{
	enum task_state to = TASK_HANDED_BACK;

	(void)state;
	assert_false(lifecycle_next(TASK_CANCELLED, ACT_ANSWER, &to));
	assert_int_equal(to, TASK_HANDED_BACK);
}

static void test_only_assigned_and_in_progress_are_open(void **state)
{
	(void)state;
	for (int s = 0; s < STATES; s++)
		assert_int_equal(lifecycle_is_open((enum task_state)s),
			s == TASK_ASSIGNED || s == TASK_IN_PROGRESS);
}

static void test_every_act_has_a_word_of_its_own(void **state)
{
	(void)state;
	for (int a = 0; a < LIFECYCLE_ACTS; a++)
		for (int b = 0; b < a; b++)
			assert_string_not_equal(
				lifecycle_act_words[a], lifecycle_act_words[b]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_s1_every_state_and_act_is_as_the_table_says),
		cmocka_unit_test(test_s1_a_refused_act_changes_nothing),
		cmocka_unit_test(test_only_assigned_and_in_progress_are_open),
		cmocka_unit_test(test_every_act_has_a_word_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
