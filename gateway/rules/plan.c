#include "gateway/rules/plan.h"

#include <string.h>

#include "gateway/base/text.h"
#include "gateway/rules/plan_order.h"
#include "gateway/rules/proposed_due.h"

struct planner {
	struct arena *arena;
	const struct plan_context *context;
	const struct organ_table *organs;
	struct plan *plan;
};

/* A possible obligation of one document, before the chain is asked. */
struct candidate {
	const struct event_assignment *assignment; /* NULL: T2, T7, T8 */
	int ordinal;
	const char *lead;
	enum owed_kind kind; /* without an assignment */
};
typedef LIST_OF(struct candidate) candidate_list;

unsigned plan_policy_bits(const struct policy *policy, const struct organ_table *organs,
	const struct event *ev)
{
	unsigned bits = policy->tasks;
	bool listed = policy->assigners_n == 0;

	for (size_t i = 0; i < policy->assigners_n && !listed; i++)
		listed = organ_same(organs, policy->assigners[i], ev->issued_on,
			ev->from.organ_id, ev->issued_on);
	if (listed)
		bits |= PLAN_MAY_ASSIGN;
	if (policy->confirmation == CONFIRMATION_REQUIRED)
		bits |= PLAN_CONFIRMATION_REQUIRED;
	if (policy->close_on == CLOSE_ON_DRAFTED)
		bits |= PLAN_CLOSE_ON_DRAFTED;
	if (policy->citation_closes)
		bits |= PLAN_CITATION_CLOSES;
	if (policy->accept_proposed_due)
		bits |= PLAN_ACCEPT_PROPOSED_DUE;
	return bits;
}

bool plan_refers(const struct event *ev)
{
	return ev->response_for.n > 0 || ev->response_for_tasks.n > 0;
}

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

static bool has_lead(const candidate_list *list, const char *lead)
{
	for (size_t i = 0; i < list->n; i++)
		if (text_same_id(list->at[i].lead, lead))
			return true;
	return false;
}

/* Who owes what @organ_id is given on @day: an organ dissolved by then owes nothing any
 * more, its successor does (M3). */
static const char *lead_on(const struct planner *p, const char *organ_id, day_t day)
{
	return organ_id ? organ_successor(p->organs, organ_id, day) : NULL;
}

/* Is @lead (as of @day) the one that owes @slot_lead's task by then? */
static bool same_lead(
	const struct planner *p, const char *slot_lead, const char *lead, day_t day)
{
	return text_same_id(slot_lead, lead) ||
	       text_same_id(organ_successor(p->organs, slot_lead, day), lead);
}

/* T2: each distinct addressee, aliases resolved, none of them above the sender. */
static void add_addressees(struct planner *p, const struct plan_document *d,
	const struct event_assignment *assignment, int ordinal, candidate_list *list)
{
	const struct event *ev = d->event;
	day_t day = plan_day_of_issue(d);

	for (size_t i = 0; i < ev->to.n; i++) {
		const char *lead = lead_on(p, ev->to.at[i].organ_id, day);

		if (!lead || (!assignment && has_lead(list, lead)) ||
			organ_is_ancestor(p->organs, lead, ev->from.organ_id))
			continue;
		*LIST_ADD(p->arena, list) = (struct candidate){assignment, ordinal,
			lead, assignment ? assignment->kind : OWED_TASK};
	}
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

/* T3 lists who may assign (T1, T2). What is asked of one that answers proposals (T7),
 * and a part of a task sent on to a sub-unit (T8), need no place on that list. */
static bool may_give(const struct planner *p, const struct plan_document *d,
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
	struct planner *p, const struct plan_document *d, candidate_list *list)
{
	const struct event *ev = d->event;
	day_t day = plan_day_of_issue(d);

	for (size_t i = 0; i < ev->assignments.n; i++) {
		const struct event_assignment *a = &ev->assignments.at[i];
		const char *lead = lead_on(p, a->lead, day);

		if (lead && may_give(p, d, a, lead))
			*LIST_ADD(p->arena, list) =
				(struct candidate){a, (int)i, lead, a->kind};
		else if (!lead && d->policy & PLAN_MAY_ASSIGN)
			add_addressees(p, d, a, (int)i, list);
	}
}

static bool same_words(struct arena *arena, const char *a, const char *b)
{
	return a && b && strcmp(text_fold(arena, a), text_fold(arena, b)) == 0;
}

/* T7: a Tờ trình puts the organs that answer proposals, where it is sent, in debt. */
static void add_proposals(
	struct planner *p, const struct plan_document *d, candidate_list *list)
{
	const struct event *ev = d->event;
	day_t day = plan_day_of_issue(d);

	if (!d->lists->answers_proposals_n || !ev->type_name ||
		strcmp(text_fold_ascii(p->arena, ev->type_name), "to trinh") != 0)
		return;
	for (size_t i = 0; i < ev->to.n; i++) {
		const char *lead = lead_on(p, ev->to.at[i].organ_id, day);

		if (answers_proposals(p, d, lead) && !has_lead(list, lead))
			*LIST_ADD(p->arena, list) =
				(struct candidate){NULL, 0, lead, OWED_PROPOSAL};
	}
}

/*
 * T8: what @d's sender sends on of its own task: each of its sub-units among the
 * addressees gets a part of it.
 */
static void add_sub_units(
	struct planner *p, const struct plan_document *d, candidate_list *list)
{
	const struct event *ev = d->event;
	day_t day = plan_day_of_issue(d);

	for (size_t i = 0; i < ev->to.n; i++) {
		const char *lead = lead_on(p, ev->to.at[i].organ_id, day);

		if (lead && !has_lead(list, lead) &&
			organ_is_ancestor(p->organs, ev->from.organ_id, lead))
			*LIST_ADD(p->arena, list) =
				(struct candidate){NULL, 0, lead, OWED_TASK};
	}
}

/* Who would owe something because of @d alone. @inherits: it replaces an assignment. */
static void list_candidates(struct planner *p, const struct plan_document *d,
	bool inherits, candidate_list *list)
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

static struct deadline due_of(
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
static struct deadline due_of_candidate(
	struct planner *p, const struct plan_document *d, const struct candidate *c)
{
	const struct policy *policy = d->lists;
	struct deadline due = due_of(d, c->assignment);

	if (c->kind != OWED_PROPOSAL || due.source == DUE_FROM_ASSIGNMENT)
		return due;
	for (size_t i = 0; i < policy->rules_n; i++)
		if (same_words(p->arena, policy->rules[i].type, d->event->type_name))
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
static day_t propose_due(struct planner *p, const struct plan_document *d,
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

/* T8: the task @c is a part of: what is sent on goes to sub-units; an assignment to
 * somebody else in the same document is work of its own. */
static int64_t parent_of(const struct planner *p, const struct plan_document *d,
	int64_t via, const struct candidate *c)
{
	bool others = via == 0 && c->assignment &&
		      !organ_is_ancestor(p->organs, d->event->from.organ_id, c->lead);

	return others ? 0 : d->forward_of;
}

static void add_slot(struct planner *p, const struct plan_document *d, int64_t via,
	const struct candidate *c)
{
	static const text_list nobody;
	struct plan_slot *slot = LIST_ADD(p->arena, &p->plan->slots);
	const struct event_assignment *a = c->assignment;

	slot->origin = slot->document = d->id;
	slot->via = via;
	slot->ordinal = c->ordinal;
	slot->kind = c->kind;
	slot->lead = c->lead;
	slot->coordinating = a ? &a->coordinating : &nobody;
	slot->code = a ? a->code : NULL;
	slot->content = a && a->content ? a->content : d->event->content;
	slot->due = due_of_candidate(p, d, c);
	slot->parent = parent_of(p, d, via, c);
	slot->live = true;
	slot->proposed_due_on = propose_due(p, d, slot->content, &slot->due);
}

/* Does list @ids hold the organ whose main id is @lead? */
static bool names_organ(
	struct planner *p, const text_list *ids, const char *lead, day_t day)
{
	for (size_t i = 0; i < ids->n; i++)
		if (same_lead(p, lead, lead_on(p, ids->at[i], day), day))
			return true;
	return false;
}

static struct plan_step *add_step(struct planner *p, struct plan_slot *slot,
	enum plan_act act, const struct plan_document *d)
{
	struct plan_step *step = LIST_ADD(p->arena, &slot->steps);

	step->act = act;
	step->document = d->id;
	step->key = d->key;
	if (act == PLAN_REMOVED || act == PLAN_RECALLED)
		slot->live = false;
	return step;
}

/* The deadline a slot has at the end of its steps so far, and who gave it last. */
static struct deadline due_now(
	const struct plan_slot *slot, const struct plan_step **ret_by)
{
	struct deadline due = slot->due;

	*ret_by = NULL;
	for (size_t i = 0; i < slot->steps.n; i++) {
		const struct plan_step *step = &slot->steps.at[i];

		if (step->act != PLAN_MOVED && step->act != PLAN_DUE)
			continue;
		due = step->due;
		*ret_by = step;
	}
	return due;
}

/* B2: the deadline an update gives @slot, by its own assignments or for all. */
static struct deadline due_in_update(
	struct planner *p, const struct plan_document *d, const struct plan_slot *slot)
{
	const struct event *ev = d->event;

	for (size_t i = 0; i < ev->assignments.n; i++) {
		const struct event_assignment *a = &ev->assignments.at[i];

		if (deadline_given(a->due_on, a->due_raw) &&
			same_lead(p, slot->lead,
				lead_on(p, a->lead, plan_day_of_issue(d)),
				plan_day_of_issue(d)))
			return due_of(d, a);
	}
	return due_of(d, NULL);
}

static void update_due(
	struct planner *p, const struct plan_document *d, struct plan_slot *slot)
{
	const struct plan_step *last;
	struct deadline due = due_in_update(p, d, slot), before = due_now(slot, &last);

	/* T7: a proposal's processing time is the rule's, whatever its sender repeats.
	 */
	if (before.source == DUE_FROM_RULE)
		return;
	if (before.source == DUE_FROM_NOTHING && due.source == DUE_FROM_NOTHING) {
		day_t proposed = propose_due(p, d, NULL, &due);

		if (proposed != DAY_NONE)
			add_step(p, slot, PLAN_PROPOSED, d)->proposed_due_on = proposed;
	}
	if (due.source == DUE_FROM_NOTHING || due.flags & DUE_UNREADABLE ||
		due.on == before.on)
		return;
	bool disagrees = last && last->act == PLAN_DUE && last->key.day == d->key.day;
	struct plan_step *step = add_step(p, slot, PLAN_DUE, d);

	step->due = due;
	step->disagrees = disagrees;
}

/* The live obligation of @lead that stands at one of @d's targets, NULL if none. */
static struct plan_slot *live_at_targets(
	struct planner *p, const struct plan_document *d, const char *lead)
{
	for (size_t i = 0; i < p->plan->slots.n; i++) {
		struct plan_slot *slot = &p->plan->slots.at[i];

		if (slot->live && plan_is_target(d, slot->document) &&
			same_lead(p, slot->lead, lead, plan_day_of_issue(d)))
			return slot;
	}
	return NULL;
}

/* B2: a receiver added later owes what the others owe, by the deadline of that day. */
static void add_receiver(struct planner *p, const struct plan_document *d,
	const struct plan_document *target, const char *organ_id)
{
	const char *lead = lead_on(p, organ_id, plan_day_of_issue(d));

	if (!lead || live_at_targets(p, d, lead))
		return;
	add_slot(p, target, d->id, &(struct candidate){NULL, 0, lead, OWED_TASK});
	struct plan_slot *slot = &p->plan->slots.at[p->plan->slots.n - 1];
	struct deadline due = due_of(d, NULL);

	if (due.source != DUE_FROM_NOTHING && !(due.flags & DUE_UNREADABLE))
		slot->due = due;
}

/* Does @document still assign? What was recalled is not brought back by an update. */
static bool still_assigns(const struct planner *p, int64_t document)
{
	bool assigns = false;

	for (size_t i = 0; i < p->plan->slots.n; i++) {
		const struct plan_slot *slot = &p->plan->slots.at[i];

		if (slot->document != document)
			continue;
		if (slot->steps.n &&
			slot->steps.at[slot->steps.n - 1].act == PLAN_RECALLED)
			return false;
		assigns = true;
	}
	return assigns;
}

static void apply_update(struct planner *p, const struct plan_document *d,
	const struct plan_document *documents, size_t n)
{
	const struct event *ev = d->event;
	day_t day = plan_day_of_issue(d);
	bool listed = ev->receivers_added.n || ev->receivers_removed.n;

	for (size_t i = 0; i < p->plan->slots.n; i++) {
		struct plan_slot *slot = &p->plan->slots.at[i];

		if (!slot->live || !plan_is_target(d, slot->document))
			continue;
		if (names_organ(p, &ev->receivers_removed, slot->lead, day))
			add_step(p, slot, PLAN_REMOVED, d);
		else
			update_due(p, d, slot);
	}
	for (size_t k = 0; k < n; k++) {
		if (!plan_is_target(d, documents[k].id) ||
			!still_assigns(p, documents[k].id))
			continue;
		for (size_t i = 0; i < ev->receivers_added.n; i++)
			add_receiver(p, d, &documents[k], ev->receivers_added.at[i]);
		for (size_t i = 0; !listed && i < ev->to.n; i++)
			add_receiver(p, d, &documents[k], ev->to.at[i].organ_id);
	}
}

/* B3: is @slot one of those the replacement names (all, when it names nobody)? */
static bool replacement_names(
	struct planner *p, const struct plan_document *d, const struct plan_slot *slot)
{
	const struct event *ev = d->event;
	bool named = false, all = true;

	for (size_t i = 0; i < ev->targets.n; i++) {
		const text_list *ids = &ev->targets.at[i].organ_ids;

		all &= ids->n == 0;
		named |= names_organ(p, ids, slot->lead, plan_day_of_issue(d));
	}
	return all || named;
}

static struct candidate *take_candidate(struct planner *p, candidate_list *list,
	bool *taken, const struct plan_slot *slot, day_t day)
{
	struct candidate *found = NULL;

	for (size_t i = 0; i < list->n; i++) {
		struct candidate *c = &list->at[i];

		if (taken[i] || !same_lead(p, slot->lead, c->lead, day))
			continue;
		if (!found || c->ordinal == slot->ordinal)
			found = c;
	}
	if (found)
		taken[found - list->at] = true;
	return found;
}

/* Whom a person put in the place of a lead that handed its task back. */
static void add_extras(struct planner *p, const struct plan_document *d)
{
	const struct event *ev = d->event;

	for (size_t i = 0; i < d->extras_n; i++) {
		const struct plan_extra *extra = &d->extras[i];
		bool explicit = (size_t)extra->ordinal < ev->assignments.n;

		add_slot(p, d, extra->via,
			&(struct candidate){
				explicit ? &ev->assignments.at[extra->ordinal] : NULL,
				extra->ordinal, extra->lead, extra->kind});
		p->plan->slots.at[p->plan->slots.n - 1].extra = extra;
	}
}

/* To the replacement, with the deadline it gives, or proposes in its text. */
static void move(struct planner *p, const struct plan_document *d,
	struct plan_slot *slot, const struct candidate *c)
{
	const struct plan_step *last;
	struct deadline before = due_now(slot, &last);
	struct plan_step *step = add_step(p, slot, PLAN_MOVED, d);
	const struct event_assignment *a = c->assignment;

	step->due = due_of_candidate(p, d, c);
	step->proposed_due_on = propose_due(p, d, a ? a->content : NULL, &step->due);
	step->repeats = step->due.on != DAY_NONE && step->due.on == before.on;
	slot->document = d->id;
}

/* B3: move what is still addressed, end what is not, make what is new. */
static void apply_replacement(struct planner *p, const struct plan_document *d)
{
	candidate_list candidates = {0};
	bool inherits = false;
	size_t before = p->plan->slots.n;

	for (size_t i = 0; i < before; i++)
		inherits |= plan_is_target(d, p->plan->slots.at[i].document);
	list_candidates(p, d, inherits, &candidates);
	bool *taken = arena_alloc(p->arena, candidates.n + 1);

	for (size_t i = 0; i < before; i++) {
		struct plan_slot *slot = &p->plan->slots.at[i];

		if (!slot->live || !plan_is_target(d, slot->document))
			continue;
		/* Given on after @d had replaced it: it is @d's task that was given. */
		if (slot->extra && d->key.day <= slot->extra->given_on) {
			move(p, d, slot,
				&(struct candidate){NULL, 0, slot->lead, slot->kind});
			continue;
		}
		struct candidate *c = take_candidate(
			p, &candidates, taken, slot, plan_day_of_issue(d));

		if (!replacement_names(p, d, slot))
			continue;
		if (!c) {
			add_step(p, slot, PLAN_REMOVED, d);
			continue;
		}
		move(p, d, slot, c);
	}
	for (size_t i = 0; i < candidates.n; i++)
		if (!taken[i])
			add_slot(p, d, 0, &candidates.at[i]);
	add_extras(p, d);
}

static void apply_recall(struct planner *p, const struct plan_document *d)
{
	for (size_t i = 0; i < p->plan->slots.n; i++) {
		struct plan_slot *slot = &p->plan->slots.at[i];

		if (slot->live && plan_is_target(d, slot->document))
			add_step(p, slot, PLAN_RECALLED, d);
	}
}

static void apply_new(struct planner *p, const struct plan_document *d)
{
	candidate_list candidates = {0};

	list_candidates(p, d, false, &candidates);
	for (size_t i = 0; i < candidates.n; i++)
		add_slot(p, d, 0, &candidates.at[i]);
	add_extras(p, d);
}

/* What was given on by an extended deadline has it from that day on. */
static void insert_extension(struct planner *p, struct plan_slot *slot)
{
	struct plan_step given = {.act = PLAN_DUE,
		.document = slot->origin,
		.key = {.day = slot->extra->given_on, .rank = RANK_ACT, .identity = ""},
		.due = {.on = slot->extra->due_on, .source = DUE_FROM_EXTENSION}};
	size_t at = slot->steps.n;

	LIST_ADD(p->arena, &slot->steps);
	for (; at > 0 && act_key_compare(&slot->steps.at[at - 1].key, &given.key) > 0;
		at--)
		slot->steps.at[at] = slot->steps.at[at - 1];
	slot->steps.at[at] = given;
}

void plan_chain(struct arena *arena, const struct plan_context *context,
	struct plan_document *documents, size_t n, struct plan *ret_plan)
{
	struct planner p = {.arena = arena,
		.context = context,
		.organs = context->organs,
		.plan = ret_plan};

	*ret_plan = (struct plan){0};
	plan_order(arena, documents, n);
	for (size_t i = 0; i < n; i++) {
		const struct plan_document *d = &documents[i];

		switch (d->event->business) {
		case BUSINESS_NEW:
			apply_new(&p, d);
			break;
		case BUSINESS_UPDATE:
			apply_update(&p, d, documents, n);
			break;
		case BUSINESS_REPLACE:
			apply_replacement(&p, d);
			break;
		case BUSINESS_RECALL:
			apply_recall(&p, d);
			break;
		}
	}
	for (size_t i = 0; i < p.plan->slots.n; i++) {
		struct plan_slot *slot = &p.plan->slots.at[i];

		if (slot->extra && slot->extra->due_on != DAY_NONE)
			insert_extension(&p, slot);
	}
}
