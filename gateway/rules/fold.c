#include "gateway/rules/fold.h"

#include <stdlib.h>

#include "gateway/rules/lifecycle.h"

/* A request waits for the assigner until the task is answered or its deadline moves. */
enum { WAITING = TASK_FLAG_EXTENSION_REQUESTED | TASK_FLAG_HAND_BACK_REQUESTED |
		 TASK_FLAG_GUIDANCE_REQUESTED };

day_t fold_answer_day(
	day_t issued_on, day_t arrived_on, day_t assigned_on, bool *ret_flagged)
{
	*ret_flagged = issued_on != DAY_NONE &&
		       (issued_on > arrived_on ||
			       (assigned_on != DAY_NONE && issued_on < assigned_on));
	return issued_on == DAY_NONE || *ret_flagged ? arrived_on : issued_on;
}

static void fold_step(const struct plan_step *step, struct fold_result *r)
{
	bool open = lifecycle_is_open(r->state);

	switch (step->act) {
	case PLAN_MOVED:
		if (r->state == TASK_COMPLETED || r->state == TASK_REPORTED) {
			r->flags |= TASK_FLAG_REPLACED_AFTER_ANSWER;
		} else if (open) {
			r->document = step->document;
			r->due = step->due;
		}
		return;
	case PLAN_DUE:
		if (open) {
			r->due = step->due;
			r->flags &= ~(unsigned)TASK_FLAG_EXTENSION_REQUESTED;
		}
		if (step->disagrees)
			r->flags |= TASK_FLAG_UPDATES_DISAGREE;
		return;
	case PLAN_REMOVED:
	case PLAN_RECALLED:
		lifecycle_next(r->state, ACT_RECALL, &r->state);
		return;
	}
}

static void fold_answer(
	const struct fold_fact *fact, bool confirmation_required, struct fold_result *r)
{
	enum lifecycle_act act =
		confirmation_required ? ACT_ANSWER_UNCONFIRMED : ACT_ANSWER;

	if (!lifecycle_next(r->state, act, &r->state))
		return;
	r->completed_on = fact->key.day;
	r->closed_by = fact->closed_by;
	r->rung = fact->rung;
	r->flags &= ~(unsigned)WAITING;
	if (fact->date_flagged)
		r->flags |= TASK_FLAG_ANSWER_DATE;
}

static void fold_fact(
	const struct fold_fact *fact, bool confirmation_required, struct fold_result *r)
{
	bool open = lifecycle_is_open(r->state);

	switch (fact->kind) {
	case FOLD_ANSWER:
		fold_answer(fact, confirmation_required, r);
		return;
	case FOLD_INTERIM:
		lifecycle_next(r->state, ACT_LIFT, &r->state);
		return;
	case FOLD_EXTENSION:
		r->flags |= open ? TASK_FLAG_EXTENSION_REQUESTED : 0;
		return;
	case FOLD_HAND_BACK:
		r->flags |= open ? TASK_FLAG_HAND_BACK_REQUESTED : 0;
		return;
	case FOLD_GUIDANCE:
		r->flags |= open ? TASK_FLAG_GUIDANCE_REQUESTED : 0;
		return;
	}
}

static int compare_facts(const void *a, const void *b)
{
	const struct fold_fact *x = a, *y = b;

	return act_key_compare(&x->key, &y->key);
}

void fold_task(const struct plan_slot *slot, struct fold_fact *facts, size_t n,
	const struct fold_marks *marks, bool confirmation_required,
	struct fold_result *ret_result)
{
	struct fold_result r = {
		.state = TASK_ASSIGNED,
		.document = slot->origin,
		.due = slot->due,
		.flags = marks->flags,
		.completed_on = DAY_NONE,
	};
	size_t step = 0;

	qsort(facts, n, sizeof(*facts), compare_facts);
	if (marks->lifted)
		lifecycle_next(r.state, ACT_LIFT, &r.state);
	for (size_t i = 0; i < n; i++) {
		while (step < slot->steps.n &&
			act_key_compare(&slot->steps.at[step].key, &facts[i].key) < 0)
			fold_step(&slot->steps.at[step++], &r);
		fold_fact(&facts[i], confirmation_required, &r);
	}
	while (step < slot->steps.n)
		fold_step(&slot->steps.at[step++], &r);
	*ret_result = r;
}
