#include "gateway/rules/plan.h"

#include <stdlib.h>
#include <string.h>

#include "gateway/base/text.h"
#include "gateway/rules/names.h"
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
	return bits;
}

bool plan_refers(const struct event *ev)
{
	return ev->response_for.n > 0 || ev->response_for_tasks.n > 0;
}

static day_t day_of_issue(const struct plan_document *d)
{
	return order_issue_day(d->event->issued_on, d->arrived_on);
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
	day_t day = day_of_issue(d);

	for (size_t i = 0; i < ev->to.n; i++) {
		const char *lead = lead_on(p, ev->to.at[i].organ_id, day);

		if (!lead || (!assignment && has_lead(list, lead)) ||
			organ_is_ancestor(p->organs, lead, ev->from.organ_id))
			continue;
		*LIST_ADD(p->arena, list) = (struct candidate){assignment, ordinal,
			lead, assignment ? assignment->kind : OWED_TASK};
	}
}

static void add_assignments(
	struct planner *p, const struct plan_document *d, candidate_list *list)
{
	const struct event *ev = d->event;
	day_t day = day_of_issue(d);

	for (size_t i = 0; i < ev->assignments.n; i++) {
		const struct event_assignment *a = &ev->assignments.at[i];

		if (!a->lead) {
			add_addressees(p, d, a, (int)i, list);
			continue;
		}
		*LIST_ADD(p->arena, list) = (struct candidate){
			a, (int)i, lead_on(p, a->lead, day), a->kind};
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
	const struct policy *policy = p->context->policy;
	const struct event *ev = d->event;
	day_t day = day_of_issue(d);

	if (!policy->answers_proposals_n || !ev->type_name ||
		strcmp(text_fold_ascii(p->arena, ev->type_name), "to trinh") != 0)
		return;
	for (size_t i = 0; i < ev->to.n; i++) {
		const char *lead = lead_on(p, ev->to.at[i].organ_id, day);
		bool answers = false;

		for (size_t k = 0; lead && k < policy->answers_proposals_n; k++)
			answers |= text_same_id(
				lead, organ_main_id(p->organs,
					      policy->answers_proposals[k], day));
		if (answers && !has_lead(list, lead))
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
	day_t day = day_of_issue(d);

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

	if (!(d->policy & PLAN_MAY_ASSIGN) || ev->kind != EVENT_DOCUMENT ||
		ev->stage != STAGE_ISSUED)
		return;
	if (ev->assignments.n)
		add_assignments(p, d, list);
	else if (d->forward_of)
		add_sub_units(p, d, list);
	else if (!d->is_reply) {
		add_proposals(p, d, list);
		if (inherits || assigns_by_nature(ev, d->policy))
			add_addressees(p, d, NULL, 0, list);
	}
}

static struct deadline due_of(
	const struct plan_document *d, const struct event_assignment *a)
{
	const struct event *ev = d->event;
	day_t day = day_of_issue(d);

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
	const struct policy *policy = p->context->policy;
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

/* D2: where the metadata say nothing, what the text says is proposed; the policy may
 * take it at once. Different deadlines for different bodies propose none. */
static void propose_due(
	struct planner *p, const struct plan_document *d, struct plan_slot *slot)
{
	const struct event *ev = d->event;
	const char *texts[] = {slot->content, ev->subject, ev->content};
	struct proposed_due due;

	slot->proposed_due_on = DAY_NONE;
	if (slot->due.source != DUE_FROM_NOTHING)
		return;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		enum proposed_due_outcome outcome =
			proposed_due_read(p->arena, texts[i], ev->issued_on,
				d->arrived_on, p->context->calendar, &due);

		if (outcome == PROPOSED_DUE_AMBIGUOUS)
			return;
		if (outcome != PROPOSED_DUE_FOUND)
			continue;
		if (p->context->policy->accept_proposed_due)
			slot->due = deadline_judge(due.on, NULL, DUE_FROM_TEXT,
				day_of_issue(d), ev->priority);
		else
			slot->proposed_due_on = due.on;
		return;
	}
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
	slot->parent = d->forward_of;
	slot->live = true;
	propose_due(p, d, slot);
}

static bool is_target(const struct plan_document *d, int64_t document)
{
	for (size_t i = 0; i < d->targets_n; i++)
		if (d->targets[i] == document)
			return true;
	return false;
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
			same_lead(p, slot->lead, lead_on(p, a->lead, day_of_issue(d)),
				day_of_issue(d)))
			return due_of(d, a);
	}
	return due_of(d, NULL);
}

static void update_due(
	struct planner *p, const struct plan_document *d, struct plan_slot *slot)
{
	const struct plan_step *last;
	struct deadline due = due_in_update(p, d, slot), before = due_now(slot, &last);

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

		if (slot->live && is_target(d, slot->document) &&
			same_lead(p, slot->lead, lead, day_of_issue(d)))
			return slot;
	}
	return NULL;
}

/* B2: a receiver added later owes what the others owe, by the deadline of that day. */
static void add_receiver(struct planner *p, const struct plan_document *d,
	const struct plan_document *target, const char *organ_id)
{
	const char *lead = lead_on(p, organ_id, day_of_issue(d));

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
	day_t day = day_of_issue(d);
	bool listed = ev->receivers_added.n || ev->receivers_removed.n;

	for (size_t i = 0; i < p->plan->slots.n; i++) {
		struct plan_slot *slot = &p->plan->slots.at[i];

		if (!slot->live || !is_target(d, slot->document))
			continue;
		if (names_organ(p, &ev->receivers_removed, slot->lead, day))
			add_step(p, slot, PLAN_REMOVED, d);
		else
			update_due(p, d, slot);
	}
	for (size_t k = 0; k < n; k++) {
		if (!is_target(d, documents[k].id) ||
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
		named |= names_organ(p, ids, slot->lead, day_of_issue(d));
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
	}
}

/* B3: move what is still addressed, end what is not, make what is new. */
static void apply_replacement(struct planner *p, const struct plan_document *d)
{
	candidate_list candidates = {0};
	bool inherits = false;
	size_t before = p->plan->slots.n;

	for (size_t i = 0; i < before; i++)
		inherits |= is_target(d, p->plan->slots.at[i].document);
	list_candidates(p, d, inherits, &candidates);
	bool *taken = arena_alloc(p->arena, candidates.n + 1);

	for (size_t i = 0; i < before; i++) {
		struct plan_slot *slot = &p->plan->slots.at[i];

		if (!slot->live || !is_target(d, slot->document))
			continue;
		struct candidate *c =
			take_candidate(p, &candidates, taken, slot, day_of_issue(d));

		if (!replacement_names(p, d, slot))
			continue;
		if (!c) {
			add_step(p, slot, PLAN_REMOVED, d);
			continue;
		}
		add_step(p, slot, PLAN_MOVED, d)->due = due_of(d, c->assignment);
		slot->document = d->id;
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

		if (slot->live && is_target(d, slot->document))
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

static enum act_rank rank_of(const struct plan_document *d)
{
	static const enum act_rank ranks[] = {[BUSINESS_NEW] = RANK_ASSIGNMENT,
		[BUSINESS_RECALL] = RANK_RECALL,
		[BUSINESS_UPDATE] = RANK_UPDATE,
		[BUSINESS_REPLACE] = RANK_REPLACEMENT};

	return ranks[d->event->business];
}

/* The latest day of @d's targets among the documents whose key is known. */
static day_t target_day(
	const struct plan_document *d, const struct plan_document *documents, size_t n)
{
	day_t latest = DAY_NONE;

	for (size_t i = 0; i < n; i++)
		if (documents[i].key.identity && is_target(d, documents[i].id) &&
			documents[i].key.day > latest)
			latest = documents[i].key.day;
	return latest;
}

/*
 * Give every document its key. A document that amends others needs theirs first, so
 * this goes round until nothing moves; a chain of n needs at most n rounds.
 */
static void fill_keys(struct arena *arena, struct plan_document *documents, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct plan_document *d = &documents[i];
		const char *code = name_fold_code(
			arena, d->event->code.number ? d->event->code.number : "");

		d->key = (struct act_key){.day = day_of_issue(d),
			.rank = rank_of(d),
			.number = name_number(code),
			.identity = ARENA_JOIN(arena, d->event->from.organ_id, " ",
				d->event->document_id, " ", d->event->code.notation)};
	}
	for (size_t round = 0; round < n; round++) {
		bool moved = false;

		for (size_t i = 0; i < n; i++) {
			struct plan_document *d = &documents[i];
			day_t target =
				d->targets_n ? target_day(d, documents, n) : DAY_NONE;

			if (target == DAY_NONE)
				continue;
			day_t day = order_amend_day(d->event->issued_on,
				d->event->first_hop_on, d->arrived_on, target);

			moved |= day != d->key.day;
			d->key.day = day;
		}
		if (!moved)
			return;
	}
}

static int compare_documents(const void *a, const void *b)
{
	const struct plan_document *x = a, *y = b;

	return act_key_compare(&x->key, &y->key);
}

void plan_chain(struct arena *arena, const struct plan_context *context,
	struct plan_document *documents, size_t n, struct plan *ret_plan)
{
	struct planner p = {.arena = arena,
		.context = context,
		.organs = context->organs,
		.plan = ret_plan};

	*ret_plan = (struct plan){0};
	fill_keys(arena, documents, n);
	qsort(documents, n, sizeof(*documents), compare_documents);
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
}
