#include "gateway/rules/fold.h"

#include <stdio.h>
#include <stdlib.h>

#include "gateway/rules/lifecycle.h"

/* A request waits for the assigner until the task is answered or its deadline moves. */
enum {
	WAITING = TASK_FLAG_EXTENSION_REQUESTED | TASK_FLAG_HAND_BACK_REQUESTED |
		  TASK_FLAG_GUIDANCE_REQUESTED
};

const char *const act_kind_words[ACT_KINDS] = {"confirm", "refuse", "extend",
	"hand_back_accept", "hand_back_decline", "report", "deadline_accept", "undo"};

/* The step of the life that each act is; acts that are none leave the state alone. */
static bool act_step(
	enum act_kind act, bool confirmation_required, enum lifecycle_act *ret_step)
{
	switch (act) {
	case ACT_KIND_CONFIRM:
		*ret_step = ACT_CONFIRM;
		return true;
	case ACT_KIND_REFUSE:
		*ret_step = ACT_REFUSE;
		return true;
	case ACT_KIND_EXTEND:
		*ret_step = ACT_EXTEND;
		return true;
	case ACT_KIND_ACCEPT_HAND_BACK:
		*ret_step = ACT_ACCEPT_HAND_BACK;
		return true;
	case ACT_KIND_REPORT:
		*ret_step = confirmation_required ? ACT_REPORT_UNCONFIRMED : ACT_REPORT;
		return true;
	case ACT_KIND_ACCEPT_DEADLINE:
		*ret_step = ACT_ACCEPT_DEADLINE;
		return true;
	case ACT_KIND_DECLINE_HAND_BACK:
	case ACT_KIND_UNDO:
	case ACT_KINDS:
		break;
	}
	return false;
}

static void say_states(
	enum lifecycle_act step, enum task_state state, char why[FOLD_WHY])
{
	unsigned from = lifecycle_from(step);
	int n = snprintf(
		why, FOLD_WHY, "it is %s; this needs", task_state_words[state]);

	for (int i = 0; i <= TASK_WITHDRAWN && n < FOLD_WHY; i++)
		if (from & 1u << i)
			n += snprintf(why + n, (size_t)(FOLD_WHY - n), " %s%s",
				task_state_words[i], from >> (i + 1) ? " or" : "");
}

bool fold_act_allowed(enum act_kind act, const struct fold_result *now,
	bool confirmation_required, char why[FOLD_WHY])
{
	enum lifecycle_act step;
	enum task_state after;

	if (act_step(act, confirmation_required, &step) &&
		!lifecycle_next(now->state, step, &after)) {
		say_states(step, now->state, why);
		return false;
	}
	if (act == ACT_KIND_DECLINE_HAND_BACK &&
		!(now->flags & TASK_FLAG_HAND_BACK_REQUESTED)) {
		snprintf(why, FOLD_WHY, "no hand-back waits to be declined");
		return false;
	}
	if (act == ACT_KIND_ACCEPT_DEADLINE && now->proposed_due_on == DAY_NONE &&
		(now->due.on == DAY_NONE || !now->due.flags)) {
		snprintf(why, FOLD_WHY, "no proposed or flagged deadline waits");
		return false;
	}
	if (act == ACT_KIND_UNDO && !now->closed_by) {
		snprintf(why, FOLD_WHY, "no document closed it");
		return false;
	}
	return true;
}

day_t fold_answer_day(
	day_t issued_on, day_t arrived_on, day_t assigned_on, bool *ret_flagged)
{
	*ret_flagged = issued_on != DAY_NONE &&
		       (issued_on > arrived_on ||
			       (assigned_on != DAY_NONE && issued_on < assigned_on));
	return issued_on == DAY_NONE || *ret_flagged ? arrived_on : issued_on;
}

/* A deadline given makes one read in the text needless (D2). */
static void fold_due(const struct deadline *due, struct fold_result *r)
{
	r->due = *due;
	if (due->source != DUE_FROM_NOTHING)
		r->proposed_due_on = DAY_NONE;
}

/* The deadline of a replacement. One that only repeats what stood before takes nothing
 * away that a person has given since (M6: the latest changed deadline holds). */
static void fold_moved_due(const struct plan_step *step, struct fold_result *r)
{
	bool given = r->due.source == DUE_FROM_EXTENSION ||
		     (r->due.on == step->due.on && !r->due.flags && step->due.flags);

	if (step->repeats && given)
		return;
	r->proposed_due_on = step->proposed_due_on;
	fold_due(&step->due, r);
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
			r->moved = step;
			r->flags &= ~(unsigned)TASK_FLAG_REPLACED_AFTER_ANSWER;
			fold_moved_due(step, r);
		}
		return;
	case PLAN_DUE:
		if (open) {
			fold_due(&step->due, r);
			r->flags &= ~(unsigned)TASK_FLAG_EXTENSION_REQUESTED;
		}
		if (step->disagrees)
			r->flags |= TASK_FLAG_UPDATES_DISAGREE;
		return;
	case PLAN_PROPOSED:
		if (open && r->due.source == DUE_FROM_NOTHING)
			r->proposed_due_on = step->proposed_due_on;
		return;
	case PLAN_REMOVED:
	case PLAN_RECALLED:
		lifecycle_next(r->state, ACT_RECALL, &r->state);
		return;
	}
}

/* The steps of the chain in their order: what is folded, and which of it an answered
 * task let pass. */
struct chain {
	const struct plan_slot *slot;
	size_t at, passed; /* the next one; the first that came while it was answered */
};

/* Every step before @key (NULL: all that are left). */
static void fold_steps(
	struct chain *chain, const struct act_key *key, struct fold_result *r)
{
	const struct plan_slot *slot = chain->slot;

	while (chain->at < slot->steps.n &&
		(!key || act_key_compare(&slot->steps.at[chain->at].key, key) < 0))
		fold_step(&slot->steps.at[chain->at++], r);
}

/* An answered task that is open again has been moved, given another deadline or
 * recalled by whatever came meanwhile. */
static void fold_passed(const struct chain *chain, struct fold_result *r)
{
	for (size_t i = chain->passed; i < chain->at; i++)
		fold_step(&chain->slot->steps.at[i], r);
}

static void fold_answer(const struct fold_fact *fact, bool confirmation_required,
	struct chain *chain, struct fold_result *r)
{
	enum lifecycle_act act =
		confirmation_required ? ACT_ANSWER_UNCONFIRMED : ACT_ANSWER;

	if (!lifecycle_next(r->state, act, &r->state))
		return;
	chain->passed = chain->at;
	r->completed_on = fact->key.day;
	r->closed_by = fact->closed_by;
	r->rung = fact->rung;
	r->flags &= ~(unsigned)WAITING;
	if (fact->date_flagged)
		r->flags |= TASK_FLAG_ANSWER_DATE;
}

/* D1: a flagged deadline stands on the word of whoever accepted it. */
static void fold_deadline_accepted(struct fold_result *r)
{
	if (r->due.on != DAY_NONE && r->due.flags) {
		r->due.flags = 0;
		r->due.source = DUE_FROM_OPERATOR;
	} else {
		r->due = (struct deadline){
			.on = r->proposed_due_on, .source = DUE_FROM_TEXT};
		r->proposed_due_on = DAY_NONE;
	}
}

static void fold_new_due(const struct fold_fact *fact, struct fold_result *r)
{
	if (fact->due_on == DAY_NONE)
		return;
	r->due = (struct deadline){.on = fact->due_on, .source = DUE_FROM_EXTENSION};
	r->flags &= ~(unsigned)TASK_FLAG_EXTENSION_REQUESTED;
}

/* Was @facts[@at] about an answer that stood on its day, and was recalled later? */
static bool judged_a_recalled_one(const struct fold_fact *facts, size_t at)
{
	const struct fold_fact *act = &facts[at];

	if (act->act != ACT_KIND_CONFIRM && act->act != ACT_KIND_REFUSE)
		return false;
	for (size_t i = 0; i < at; i++)
		if (facts[i].kind == FOLD_RECALLED && facts[i].until > act->key.day)
			return true;
	return false;
}

/*
 * M6: an act that no longer fits is skipped, and the task flagged. One that judged
 * an answer recalled since did fit: nothing overtook it, and time given with it stays
 * given.
 */
static void fold_act(const struct fold_fact *facts, size_t at,
	bool confirmation_required, struct chain *chain, struct fold_result *r)
{
	const struct fold_fact *fact = &facts[at];
	enum lifecycle_act step;
	char why[FOLD_WHY];

	if (!fold_act_allowed(fact->act, r, confirmation_required, why)) {
		if (!judged_a_recalled_one(facts, at))
			r->flags |= TASK_FLAG_ACT_OVERTAKEN;
		else if (lifecycle_is_open(r->state))
			fold_new_due(fact, r);
		return;
	}
	if (act_step(fact->act, confirmation_required, &step))
		lifecycle_next(r->state, step, &r->state);
	if (fact->act == ACT_KIND_REFUSE) {
		r->completed_on = DAY_NONE;
		r->closed_by = 0;
		r->rung = RUNG_NONE;
		fold_passed(chain, r);
	}
	if (lifecycle_is_open(r->state))
		fold_new_due(fact, r);
	if (fact->act == ACT_KIND_REPORT) {
		chain->passed = chain->at;
		r->completed_on = fact->done_on;
		r->flags &= ~(unsigned)WAITING;
	} else if (fact->act == ACT_KIND_ACCEPT_DEADLINE) {
		fold_deadline_accepted(r);
	} else if (fact->act == ACT_KIND_ACCEPT_HAND_BACK ||
		   fact->act == ACT_KIND_DECLINE_HAND_BACK) {
		r->flags &= ~(unsigned)TASK_FLAG_HAND_BACK_REQUESTED;
	}
}

static void fold_fact(const struct fold_fact *facts, size_t at,
	bool confirmation_required, struct chain *chain, struct fold_result *r)
{
	const struct fold_fact *fact = &facts[at];
	bool open = lifecycle_is_open(r->state);

	switch (fact->kind) {
	case FOLD_ANSWER:
		fold_answer(fact, confirmation_required, chain, r);
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
	case FOLD_ACT:
		fold_act(facts, at, confirmation_required, chain, r);
		return;
	case FOLD_RECALLED:
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
		.proposed_due_on = slot->proposed_due_on,
	};
	struct chain chain = {.slot = slot};

	if (n > 1)
		qsort(facts, n, sizeof(*facts), compare_facts);
	if (marks->lifted)
		lifecycle_next(r.state, ACT_LIFT, &r.state);
	for (size_t i = 0; i < n; i++) {
		fold_steps(&chain, &facts[i].key, &r);
		fold_fact(facts, i, confirmation_required, &chain, &r);
	}
	fold_steps(&chain, NULL, &r);
	*ret_result = r;
}
