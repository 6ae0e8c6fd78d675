#include "gateway/rules/plan_candidates.h"

#include <string.h>

#include "gateway/base/text.h"
#include "gateway/rules/plan_order.h"

/* T2 and T3: does this document assign without saying so in assignments? */
static bool assigns_by_nature(const struct event *ev, unsigned policy)
{
	bool directive = ev->steering == STEERING_DIRECTIVE;
	bool report = ev->steering == STEERING_REPORT;
	bool due = deadline_given(ev->due_on, ev->due_raw) && !report;

	switch ((enum policy_tasks)(policy & PLAN_MODE_MASK)) {
	case POLICY_TASKS_EXPLICIT:
		return false;
	case POLICY_TASKS_DIRECTIVE:
		return directive;
	case POLICY_TASKS_DUE:
		return due;
	case POLICY_TASKS_ALL:
		return !report;
	case POLICY_TASKS_DEFAULT:
		break;
	}
	return directive || due;
}

bool plan_is_assignment(const struct event *ev, unsigned policy)
{
	return (policy & PLAN_MAY_ASSIGN) && ev->kind == EVENT_DOCUMENT &&
	       ev->stage == STAGE_ISSUED &&
	       (ev->assignments.n > 0 || assigns_by_nature(ev, policy));
}

bool plan_has_lead(const plan_candidate_list *list, const char *lead)
{
	for (size_t i = 0; i < list->n; i++)
		if (text_same_id(list->at[i].lead, lead))
			return true;
	return false;
}

/* Who owes what @organ_id is given on @day: an organ dissolved by then owes nothing any
 * more, its successor does (M3). */
const char *plan_lead_on(const struct planner *p, const char *organ_id, day_t day)
{
	return organ_id ? organ_successor(p->organs, organ_id, day) : NULL;
}

/* Is @lead (as of @day) the one that owes @slot_lead's task by then? */
bool plan_same_lead(
	const struct planner *p, const char *slot_lead, const char *lead, day_t day)
{
	return text_same_id(slot_lead, lead) ||
	       text_same_id(organ_successor(p->organs, slot_lead, day), lead);
}

/* Is @lead one of the organs that answer proposals? */
static bool answers_proposals(
	const struct planner *p, const struct plan_document *d, const char *lead)
{
	const struct policy *policy = d->lists;
	day_t day = plan_day_of_issue(d);

	for (size_t i = 0; lead && i < policy->answers_proposals_n; i++)
		if (text_same_id(lead, organ_main_id(p->organs,
					       policy->answers_proposals[i], day)))
			return true;
	return false;
}

/*
 * May an addressee owe what names no lead? An order does not go upward (T2); a proposal
 * is owed by those that answer proposals, and an opinion or a notice by whoever is
 * asked (T7).
 */
static bool may_owe(const struct planner *p, const struct plan_document *d,
	enum owed_kind kind, const char *lead)
{
	switch (kind) {
	case OWED_TASK:
		return !organ_is_ancestor(p->organs, lead, d->event->from.organ_id);
	case OWED_PROPOSAL:
		return answers_proposals(p, d, lead);
	case OWED_OPINION:
	case OWED_NOTICE:
		break;
	}
	return true;
}

static bool has_part(const plan_candidate_list *list,
	const struct event_assignment *assignment, const char *lead)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->at[i].assignment == assignment &&
			text_same_id(list->at[i].lead, lead))
			return true;
	return false;
}

/* T2, or @assignment, which names no lead: each distinct addressee, aliases resolved.
 */
static void add_addressees(struct planner *p, const struct plan_document *d,
	const struct event_assignment *assignment, int ordinal,
	plan_candidate_list *list)
{
	const struct event *ev = d->event;
	day_t day = plan_day_of_issue(d);
	enum owed_kind kind = assignment ? assignment->kind : OWED_TASK;

	for (size_t i = 0; i < ev->to.n; i++) {
		const char *lead = plan_lead_on(p, ev->to.at[i].organ_id, day);

		if (!lead || !may_owe(p, d, kind, lead) ||
			(assignment ? has_part(list, assignment, lead)
				    : plan_has_lead(list, lead)))
			continue;
		*LIST_ADD(p->arena, list) =
			(struct plan_candidate){.assignment = assignment,
				.ordinal = ordinal,
				.lead = lead,
				.kind = kind};
	}
}

/* T3 lists who may assign (T1, T2). What is asked of one that answers proposals (T7),
 * and a part of a task sent on to a sub-unit (T8), need no place on that list. */
bool plan_may_give(const struct planner *p, const struct plan_document *d,
	const struct event_assignment *a, const char *lead)
{
	if (d->policy & PLAN_MAY_ASSIGN)
		return true;
	if (a->kind == OWED_PROPOSAL)
		return answers_proposals(p, d, lead);
	return d->forward_of &&
	       organ_is_ancestor(p->organs, d->event->from.organ_id, lead);
}

static void add_assignments(
	struct planner *p, const struct plan_document *d, plan_candidate_list *list)
{
	const struct event *ev = d->event;
	day_t day = plan_day_of_issue(d);

	for (size_t i = 0; i < ev->assignments.n; i++) {
		const struct event_assignment *a = &ev->assignments.at[i];
		const char *lead = plan_lead_on(p, a->lead, day);

		if (lead && plan_may_give(p, d, a, lead))
			*LIST_ADD(p->arena, list) =
				(struct plan_candidate){.assignment = a,
					.ordinal = (int)i,
					.lead = lead,
					.kind = a->kind};
		else if (!lead &&
			 (d->policy & PLAN_MAY_ASSIGN || a->kind == OWED_PROPOSAL))
			add_addressees(p, d, a, (int)i, list);
	}
}

/* T7: a Tờ trình puts the organs that answer proposals, where it is sent, in debt. */
static void add_proposals(
	struct planner *p, const struct plan_document *d, plan_candidate_list *list)
{
	const struct event *ev = d->event;
	day_t day = plan_day_of_issue(d);

	if (!d->lists->answers_proposals_n || !ev->type_name ||
		strcmp(text_fold_ascii(p->arena, ev->type_name), "to trinh") != 0)
		return;
	for (size_t i = 0; i < ev->to.n; i++) {
		const char *lead = plan_lead_on(p, ev->to.at[i].organ_id, day);

		if (answers_proposals(p, d, lead) && !plan_has_lead(list, lead))
			*LIST_ADD(p->arena, list) = (struct plan_candidate){
				.lead = lead, .kind = OWED_PROPOSAL};
	}
}

/*
 * T8: what @d's sender sends on of its own task: each of its sub-units among the
 * addressees gets a part of it.
 */
static void add_sub_units(
	struct planner *p, const struct plan_document *d, plan_candidate_list *list)
{
	const struct event *ev = d->event;
	day_t day = plan_day_of_issue(d);

	for (size_t i = 0; i < ev->to.n; i++) {
		const char *lead = plan_lead_on(p, ev->to.at[i].organ_id, day);

		if (lead && !plan_has_lead(list, lead) &&
			organ_is_ancestor(p->organs, ev->from.organ_id, lead))
			*LIST_ADD(p->arena, list) = (struct plan_candidate){
				.lead = lead, .kind = OWED_TASK};
	}
}

void plan_list_candidates(struct planner *p, const struct plan_document *d,
	bool inherits, plan_candidate_list *list)
{
	const struct event *ev = d->event;

	if (ev->kind != EVENT_DOCUMENT || ev->stage != STAGE_ISSUED)
		return;
	if (ev->assignments.n)
		add_assignments(p, d, list);
	else if (d->forward_of)
		add_sub_units(p, d, list);
	else if (!d->is_reply) {
		add_proposals(p, d, list);
		if (d->policy & PLAN_MAY_ASSIGN &&
			(inherits || assigns_by_nature(ev, d->policy)))
			add_addressees(p, d, NULL, 0, list);
	}
}
