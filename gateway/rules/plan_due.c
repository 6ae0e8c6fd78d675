#include "gateway/rules/plan_due.h"

#include "gateway/rules/plan_order.h"
#include "gateway/rules/plan_pair.h"
#include "gateway/rules/proposed_due.h"

struct deadline plan_due_of(
	const struct plan_document *d, const struct event_assignment *a)
{
	const struct event *ev = d->event;
	day_t day = plan_day_of_issue(d);

	if (a && deadline_given(a->due_on, a->due_raw))
		return deadline_judge(
			a->due_on, a->due_raw, DUE_FROM_ASSIGNMENT, day, ev->priority);
	return deadline_judge(
		ev->due_on, ev->due_raw, DUE_FROM_METADATA, day, ev->priority);
}

/* T7, D1: a proposal is answered within the days its type allows, from its arrival. */
struct deadline plan_due_of_candidate(struct planner *p, const struct plan_document *d,
	const struct plan_candidate *c)
{
	const struct policy *policy = d->lists;
	struct deadline due = plan_due_of(d, c->assignment);

	if (c->kind != OWED_PROPOSAL || due.source == DUE_FROM_ASSIGNMENT)
		return due;
	for (size_t i = 0; i < policy->rules_n; i++)
		if (plan_same_words(
			    p->arena, policy->rules[i].type, d->event->type_name))
			return (struct deadline){
				.on = calendar_add_working(p->context->calendar,
					d->arrived_on, policy->rules[i].working_days),
				.source = DUE_FROM_RULE};
	return due;
}

/*
 * D2: where the metadata say nothing (@due), what the text says is proposed; the policy
 * may take it at once. Different deadlines for different bodies propose none.
 */
day_t plan_propose_due(struct planner *p, const struct plan_document *d,
	const char *content, struct deadline *due)
{
	const struct event *ev = d->event;
	const char *texts[] = {content, ev->subject, ev->content};
	struct proposed_due read;

	for (size_t i = 0; due->source == DUE_FROM_NOTHING && i < 3; i++) {
		enum proposed_due_outcome outcome =
			proposed_due_read(p->arena, texts[i], ev->issued_on,
				d->arrived_on, p->context->calendar, &read);

		if (outcome == PROPOSED_DUE_AMBIGUOUS)
			return DAY_NONE;
		if (outcome != PROPOSED_DUE_FOUND)
			continue;
		if (!(d->policy & PLAN_ACCEPT_PROPOSED_DUE))
			return read.on;
		*due = deadline_judge(read.on, NULL, DUE_FROM_TEXT,
			plan_day_of_issue(d), ev->priority);
	}
	return DAY_NONE;
}
