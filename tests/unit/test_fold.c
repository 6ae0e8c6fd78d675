/* S3, M6, M7 and corners of B2, B3: what a task is now, its facts in any order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "gateway/rules/fold.h"

enum { ORIGIN = 1, DUE = 100 };

#define KEY(day, rank)                                                                 \
	{                                                                              \
		(day), (rank), 0, "x"                                                  \
	}
#define ANSWER(day_, who)                                                              \
	{                                                                              \
		.kind = FOLD_ANSWER, .key = KEY(day_, RANK_ANSWER),                    \
		.rung = RUNG_THREAD, .document = (who), .closed_by = (who)             \
	}
#define WAS_RECALLED(day_, who, until_)                                                \
	{                                                                              \
		.kind = FOLD_RECALLED, .key = KEY(day_, RANK_ANSWER),                  \
		.document = (who), .until = (until_)                                   \
	}
#define DONE(act_, day_, due_)                                                         \
	{                                                                              \
		.kind = FOLD_ACT, .key = KEY(day_, RANK_ACT), .act = (act_),           \
		.due_on = (due_)                                                       \
	}
#define FACT(kind_, day_, who)                                                         \
	{                                                                              \
		.kind = (kind_), .key = KEY(day_, RANK_ANSWER), .document = (who)      \
	}
#define MOVED(day_, who, due_)                                                         \
	{                                                                              \
		.act = PLAN_MOVED, .document = (who),                                  \
		.key = KEY(day_, RANK_REPLACEMENT),                                    \
		.due = {(due_),                                                        \
			DUE_FROM_METADATA,                                             \
			0 }                                                            \
	}
#define NEW_DUE(day_, who, due_)                                                       \
	{                                                                              \
		.act = PLAN_DUE, .document = (who), .key = KEY(day_, RANK_UPDATE),     \
		.due = {(due_),                                                        \
			DUE_FROM_METADATA,                                             \
			0 }                                                            \
	}
#define RECALLED(day_, who)                                                            \
	{                                                                              \
		.act = PLAN_RECALLED, .document = (who), .key = KEY(day_, RANK_RECALL) \
	}
#define REMOVED(day_, who)                                                             \
	{                                                                              \
		.act = PLAN_REMOVED, .document = (who), .key = KEY(day_, RANK_UPDATE)  \
	}

static const struct row {
	const char *says;
	struct plan_step steps[4];
	int steps_n;
	struct fold_fact facts[4];
	int facts_n;
	struct fold_marks marks;
	bool required;
	/* What the task then is. */
	enum task_state state;
	day_t completed_on; /* 0: not */
	int64_t closed_by, document;
	day_t due;
	unsigned flags;
} rows[] = {
	{.says = "nothing happened", .state = TASK_ASSIGNED, .document = 1, .due = DUE},
	{.says = "a final answer completes it on its day",
		.facts = {ANSWER(20, 7)},
		.facts_n = 1,
		.state = TASK_COMPLETED,
		.completed_on = 20,
		.closed_by = 7,
		.document = 1,
		.due = DUE},
	{.says = "where confirmation is required it is reported",
		.facts = {ANSWER(20, 7)},
		.facts_n = 1,
		.required = true,
		.state = TASK_REPORTED,
		.completed_on = 20,
		.closed_by = 7,
		.document = 1,
		.due = DUE},
	{.says = "time given with a refusal outlives the refused answer",
		.facts = {WAS_RECALLED(20, 7, 25), DONE(ACT_KIND_REFUSE, 22, 120)},
		.facts_n = 2,
		.marks = {.lifted = true},
		.state = TASK_IN_PROGRESS,
		.document = 1,
		.due = 120},
	{.says = "a confirmation before the recall was not overtaken",
		.facts = {WAS_RECALLED(20, 7, 25),
			DONE(ACT_KIND_CONFIRM, 22, DAY_NONE)},
		.facts_n = 2,
		.marks = {.lifted = true},
		.required = true,
		.state = TASK_IN_PROGRESS,
		.document = 1,
		.due = DUE},
	{.says = "a confirmation after the recall was",
		.facts = {WAS_RECALLED(20, 7, 21),
			DONE(ACT_KIND_CONFIRM, 22, DAY_NONE)},
		.facts_n = 2,
		.marks = {.lifted = true},
		.required = true,
		.state = TASK_IN_PROGRESS,
		.document = 1,
		.due = DUE,
		.flags = TASK_FLAG_ACT_OVERTAKEN},
	{.says = "the earliest final answer closes",
		.facts = {ANSWER(22, 8), ANSWER(20, 7), ANSWER(21, 9)},
		.facts_n = 3,
		.state = TASK_COMPLETED,
		.completed_on = 20,
		.closed_by = 7,
		.document = 1,
		.due = DUE},
	{.says = "an interim reply lifts it, a final one closes it",
		.facts = {FACT(FOLD_INTERIM, 19, 6), ANSWER(20, 7)},
		.facts_n = 2,
		.state = TASK_COMPLETED,
		.completed_on = 20,
		.closed_by = 7,
		.document = 1,
		.due = DUE},
	{.says = "an interim reply alone lifts it",
		.facts = {FACT(FOLD_INTERIM, 19, 6)},
		.facts_n = 1,
		.state = TASK_IN_PROGRESS,
		.document = 1,
		.due = DUE},
	{.says = "an interim reply after the answer changes nothing",
		.facts = {FACT(FOLD_INTERIM, 25, 6), ANSWER(20, 7)},
		.facts_n = 2,
		.state = TASK_COMPLETED,
		.completed_on = 20,
		.closed_by = 7,
		.document = 1,
		.due = DUE},
	{.says = "M7: a draft lifts it",
		.marks = {.lifted = true},
		.state = TASK_IN_PROGRESS,
		.document = 1,
		.due = DUE},
	{.says = "what is lifted is still answered",
		.marks = {.lifted = true},
		.facts = {ANSWER(20, 7)},
		.facts_n = 1,
		.state = TASK_COMPLETED,
		.completed_on = 20,
		.closed_by = 7,
		.document = 1,
		.due = DUE},
	{.says = "B4: flags of statuses are kept",
		.marks = {.flags = TASK_FLAG_REFUSED | TASK_FLAG_CLAIMED_DONE},
		.state = TASK_ASSIGNED,
		.document = 1,
		.due = DUE,
		.flags = TASK_FLAG_REFUSED | TASK_FLAG_CLAIMED_DONE},
	{.says = "S3: an answer whose date is not believed is flagged",
		.facts = {{.kind = FOLD_ANSWER,
			.key = KEY(20, RANK_ANSWER),
			.closed_by = 7,
			.date_flagged = true}},
		.facts_n = 1,
		.state = TASK_COMPLETED,
		.completed_on = 20,
		.closed_by = 7,
		.document = 1,
		.due = DUE,
		.flags = TASK_FLAG_ANSWER_DATE},
	{.says = "a recall cancels",
		.steps = {RECALLED(20, 5)},
		.steps_n = 1,
		.state = TASK_CANCELLED,
		.document = 1,
		.due = DUE},
	{.says = "an answer before the recall has answered",
		.steps = {RECALLED(21, 5)},
		.steps_n = 1,
		.facts = {ANSWER(20, 7)},
		.facts_n = 1,
		.state = TASK_COMPLETED,
		.completed_on = 20,
		.closed_by = 7,
		.document = 1,
		.due = DUE},
	{.says = "an answer on the day of the recall has answered",
		.steps = {RECALLED(20, 5)},
		.steps_n = 1,
		.facts = {ANSWER(20, 7)},
		.facts_n = 1,
		.state = TASK_COMPLETED,
		.completed_on = 20,
		.closed_by = 7,
		.document = 1,
		.due = DUE},
	{.says = "an answer after the recall is too late",
		.steps = {RECALLED(20, 5)},
		.steps_n = 1,
		.facts = {ANSWER(21, 7)},
		.facts_n = 1,
		.state = TASK_CANCELLED,
		.document = 1,
		.due = DUE},
	{.says = "B2: whose lead is removed is cancelled",
		.steps = {REMOVED(20, 5)},
		.steps_n = 1,
		.facts = {ANSWER(20, 7)},
		.facts_n = 1,
		.state = TASK_CANCELLED,
		.document = 1,
		.due = DUE},
	{.says = "the latest changed deadline holds",
		.steps = {NEW_DUE(20, 5, 110), NEW_DUE(21, 6, 120)},
		.steps_n = 2,
		.state = TASK_ASSIGNED,
		.document = 1,
		.due = 120},
	{.says = "a deadline changed after the answer changes nothing",
		.steps = {NEW_DUE(21, 5, 110)},
		.steps_n = 1,
		.facts = {ANSWER(20, 7)},
		.facts_n = 1,
		.state = TASK_COMPLETED,
		.completed_on = 20,
		.closed_by = 7,
		.document = 1,
		.due = DUE},
	{.says = "it counts when the answer is refused",
		.steps = {NEW_DUE(21, 5, 110)},
		.steps_n = 1,
		.facts = {ANSWER(20, 7), DONE(ACT_KIND_REFUSE, 22, DAY_NONE)},
		.facts_n = 2,
		.state = TASK_IN_PROGRESS,
		.document = 1,
		.due = 110},
	{.says = "but not over the time given with the refusal",
		.steps = {NEW_DUE(21, 5, 110)},
		.steps_n = 1,
		.facts = {ANSWER(20, 7), DONE(ACT_KIND_REFUSE, 22, 140)},
		.facts_n = 2,
		.state = TASK_IN_PROGRESS,
		.document = 1,
		.due = 140},
	{.says = "replaced while it was answered, and refused: it is the new one's",
		.steps = {MOVED(21, 5, 130)},
		.steps_n = 1,
		.facts = {ANSWER(20, 7), DONE(ACT_KIND_REFUSE, 22, DAY_NONE)},
		.facts_n = 2,
		.required = true,
		.state = TASK_IN_PROGRESS,
		.document = 5,
		.due = 130},
	{.says = "recalled while it was answered, and refused: it is cancelled",
		.steps = {RECALLED(21, 5)},
		.steps_n = 1,
		.facts = {ANSWER(20, 7), DONE(ACT_KIND_REFUSE, 22, 140)},
		.facts_n = 2,
		.state = TASK_CANCELLED,
		.document = 1,
		.due = DUE},
	{.says = "what an earlier answer let pass counts once, the rest with the next",
		.steps = {NEW_DUE(21, 5, 110), NEW_DUE(25, 6, 120)},
		.steps_n = 2,
		.facts = {ANSWER(20, 7), DONE(ACT_KIND_REFUSE, 22, 140), ANSWER(24, 8),
			DONE(ACT_KIND_REFUSE, 26, DAY_NONE)},
		.facts_n = 4,
		.state = TASK_IN_PROGRESS,
		.document = 1,
		.due = 120},
	{.says = "a report by hand that is refused lets nothing pass either",
		.steps = {NEW_DUE(21, 5, 110)},
		.steps_n = 1,
		.facts = {{.kind = FOLD_ACT,
				  .key = KEY(20, RANK_ACT),
				  .act = ACT_KIND_REPORT,
				  .due_on = DAY_NONE,
				  .done_on = 20},
			DONE(ACT_KIND_REFUSE, 22, DAY_NONE)},
		.facts_n = 2,
		.state = TASK_IN_PROGRESS,
		.document = 1,
		.due = 110},
	{.says = "two updates of one day that disagree are flagged",
		.steps = {NEW_DUE(20, 5, 110),
			{.act = PLAN_DUE,
				.document = 6,
				.key = {20, RANK_UPDATE, 1, "x"},
				.due = {120, DUE_FROM_METADATA, 0},
				.disagrees = true}},
		.steps_n = 2,
		.state = TASK_ASSIGNED,
		.document = 1,
		.due = 120,
		.flags = TASK_FLAG_UPDATES_DISAGREE},
	{.says = "B3: a replacement moves it with its deadline",
		.steps = {MOVED(20, 5, 130)},
		.steps_n = 1,
		.state = TASK_ASSIGNED,
		.document = 5,
		.due = 130},
	{.says = "a replacement that repeats the deadline leaves an extension",
		.steps = {{.act = PLAN_MOVED,
			.document = 5,
			.key = KEY(20, RANK_REPLACEMENT),
			.due = {DUE, DUE_FROM_METADATA, 0},
			.repeats = true}},
		.steps_n = 1,
		.facts = {DONE(ACT_KIND_EXTEND, 15, 140)},
		.facts_n = 1,
		.state = TASK_ASSIGNED,
		.document = 5,
		.due = 140},
	{.says = "a replacement with another deadline ends an extension",
		.steps = {MOVED(20, 5, 130)},
		.steps_n = 1,
		.facts = {DONE(ACT_KIND_EXTEND, 15, 140)},
		.facts_n = 1,
		.state = TASK_ASSIGNED,
		.document = 5,
		.due = 130},
	{.says = "a replacement without a deadline leaves none",
		.steps = {MOVED(20, 5, DAY_NONE)},
		.steps_n = 1,
		.state = TASK_ASSIGNED,
		.document = 5,
		.due = DAY_NONE},
	{.says = "replaced after the answer it stays completed, flagged",
		.steps = {MOVED(21, 5, 130)},
		.steps_n = 1,
		.facts = {ANSWER(20, 7)},
		.facts_n = 1,
		.state = TASK_COMPLETED,
		.completed_on = 20,
		.closed_by = 7,
		.document = 1,
		.due = DUE,
		.flags = TASK_FLAG_REPLACED_AFTER_ANSWER},
	{.says = "replaced after it was only reported: the same",
		.steps = {MOVED(21, 5, 130)},
		.steps_n = 1,
		.facts = {ANSWER(20, 7)},
		.facts_n = 1,
		.required = true,
		.state = TASK_REPORTED,
		.completed_on = 20,
		.closed_by = 7,
		.document = 1,
		.due = DUE,
		.flags = TASK_FLAG_REPLACED_AFTER_ANSWER},
	{.says = "replaced on the day of the answer: the answer is to the new one",
		.steps = {MOVED(20, 5, 130)},
		.steps_n = 1,
		.facts = {ANSWER(20, 7)},
		.facts_n = 1,
		.state = TASK_COMPLETED,
		.completed_on = 20,
		.closed_by = 7,
		.document = 5,
		.due = 130},
	{.says = "the recall of a replacement cancels",
		.steps = {MOVED(20, 5, 130), RECALLED(21, 6)},
		.steps_n = 2,
		.state = TASK_CANCELLED,
		.document = 5,
		.due = 130},
	{.says = "a request for more time waits",
		.facts = {FACT(FOLD_EXTENSION, 19, 6)},
		.facts_n = 1,
		.state = TASK_ASSIGNED,
		.document = 1,
		.due = DUE,
		.flags = TASK_FLAG_EXTENSION_REQUESTED},
	{.says = "more time given, the request is met",
		.steps = {NEW_DUE(20, 5, 110)},
		.steps_n = 1,
		.facts = {FACT(FOLD_EXTENSION, 19, 6)},
		.facts_n = 1,
		.state = TASK_ASSIGNED,
		.document = 1,
		.due = 110},
	{.says = "a request after the last change waits again",
		.steps = {NEW_DUE(20, 5, 110)},
		.steps_n = 1,
		.facts = {FACT(FOLD_EXTENSION, 21, 6)},
		.facts_n = 1,
		.state = TASK_ASSIGNED,
		.document = 1,
		.due = 110,
		.flags = TASK_FLAG_EXTENSION_REQUESTED},
	{.says = "a hand-back and a question wait",
		.facts = {FACT(FOLD_HAND_BACK, 19, 6), FACT(FOLD_GUIDANCE, 20, 7)},
		.facts_n = 2,
		.state = TASK_ASSIGNED,
		.document = 1,
		.due = DUE,
		.flags = TASK_FLAG_HAND_BACK_REQUESTED | TASK_FLAG_GUIDANCE_REQUESTED},
	{.says = "the answer settles what waited",
		.facts = {FACT(FOLD_HAND_BACK, 18, 6), FACT(FOLD_GUIDANCE, 18, 7),
			FACT(FOLD_EXTENSION, 19, 8), ANSWER(20, 9)},
		.facts_n = 4,
		.state = TASK_COMPLETED,
		.completed_on = 20,
		.closed_by = 9,
		.document = 1,
		.due = DUE},
	{.says = "a request after the answer asks for nothing",
		.facts = {FACT(FOLD_EXTENSION, 21, 8), ANSWER(20, 9)},
		.facts_n = 2,
		.state = TASK_COMPLETED,
		.completed_on = 20,
		.closed_by = 9,
		.document = 1,
		.due = DUE},
	{.says = "B3: a replaced answer counts on its own day, its replacement closed "
		 "it",
		.facts = {{.kind = FOLD_ANSWER,
			.key = KEY(20, RANK_ANSWER),
			.document = 7,
			.closed_by = 17}},
		.facts_n = 1,
		.state = TASK_COMPLETED,
		.completed_on = 20,
		.closed_by = 17,
		.document = 1,
		.due = DUE},
};

static struct fold_result fold(const struct row *row, struct fold_fact *facts)
{
	struct plan_step steps[4];
	struct plan_slot slot = {.origin = ORIGIN,
		.document = ORIGIN,
		.due = {DUE, DUE_FROM_METADATA, 0},
		.live = true};
	struct fold_result r;

	memcpy(steps, row->steps, sizeof(steps));
	slot.steps.at = steps;
	slot.steps.n = (size_t)row->steps_n;
	fold_task(&slot, facts, (size_t)row->facts_n, &row->marks, row->required, &r);
	return r;
}

static void check(const struct row *row, const struct fold_result *r)
{
	day_t completed_on = row->completed_on ? row->completed_on : DAY_NONE;

	if (r->state != row->state || r->completed_on != completed_on ||
		r->closed_by != row->closed_by || r->document != row->document ||
		r->due.on != row->due || r->flags != row->flags)
		fail_msg("%s: %s, on %d by %d, document %d, due %d, flags %u",
			row->says, task_state_words[r->state], r->completed_on,
			(int)r->closed_by, (int)r->document, r->due.on, r->flags);
}

static void test_m6_a_task_is_what_its_facts_say_in_their_order(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct fold_fact facts[4];

		memcpy(facts, rows[i].facts, sizeof(facts));
		struct fold_result r = fold(&rows[i], facts);

		check(&rows[i], &r);
	}
}

static void test_a_task_that_nothing_touched_is_as_it_was_made(void **state)
{
	struct plan_slot slot = {.origin = ORIGIN, .document = ORIGIN, .live = true};
	struct fold_marks none = {0};
	struct fold_result r;

	(void)state;
	fold_task(&slot, NULL, 0, &none, false, &r);
	assert_int_equal(r.state, TASK_ASSIGNED);
	assert_int_equal(r.closed_by, 0);
}

static void test_m6_the_order_in_which_facts_come_is_no_input(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct fold_fact facts[4];
		int n = rows[i].facts_n;

		for (int turn = 0; turn < n; turn++) {
			for (int k = 0; k < n; k++)
				facts[k] = rows[i].facts[(n - 1 - k + turn) % n];
			struct fold_result r = fold(&rows[i], facts);

			check(&rows[i], &r);
		}
	}
}

static void test_s3_an_answer_counts_for_its_issue_date_where_that_can_be(void **state)
{
	static const struct {
		const char *says;
		day_t issued, arrived, assigned, counts;
		bool flagged;
	} days[] = {
		{"its issue date", 20, 25, 10, 20, false},
		{"issued on the assignment's day", 10, 25, 10, 10, false},
		{"issued on the day it arrived", 25, 25, 10, 25, false},
		{"issued before the assignment: arrival", 9, 25, 10, 25, true},
		{"issued in the future: arrival", 26, 25, 10, 25, true},
		{"no date: arrival", DAY_NONE, 25, 10, 25, false},
		{"an assignment without a date", 9, 25, DAY_NONE, 9, false},
	};
	bool flagged;

	(void)state;
	for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++) {
		day_t counts = fold_answer_day(
			days[i].issued, days[i].arrived, days[i].assigned, &flagged);

		if (counts != days[i].counts || flagged != days[i].flagged)
			fail_msg("%s: %d, %d", days[i].says, counts, flagged);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_m6_a_task_is_what_its_facts_say_in_their_order),
		cmocka_unit_test(test_a_task_that_nothing_touched_is_as_it_was_made),
		cmocka_unit_test(test_m6_the_order_in_which_facts_come_is_no_input),
		cmocka_unit_test(
			test_s3_an_answer_counts_for_its_issue_date_where_that_can_be),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
