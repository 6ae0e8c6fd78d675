#include "gateway/rules/plan.h"

#include <string.h>

#include "gateway/rules/names.h"
#include "gateway/rules/plan_due.h"
#include "gateway/rules/plan_order.h"
#include "gateway/rules/plan_pair.h"

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

/* T8: the task @c is a part of: what is sent on goes to sub-units; an assignment to
 * somebody else in the same document is work of its own. */
static int64_t parent_of(const struct planner *p, const struct plan_document *d,
	int64_t via, const struct plan_candidate *c)
{
	bool others = via == 0 && c->assignment &&
		      !organ_is_ancestor(p->organs, d->event->from.organ_id, c->lead);

	return others ? 0 : d->forward_of;
}

static void add_slot(struct planner *p, const struct plan_document *d, int64_t via,
	const struct plan_candidate *c)
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
	slot->is_explicit = a != NULL;
	slot->has_words = a && a->content;
	slot->due = plan_due_of_candidate(p, d, c);
	slot->parent = parent_of(p, d, via, c);
	slot->live = true;
	slot->proposed_due_on = plan_propose_due(p, d, slot->content, &slot->due);
}

/* Does list @ids hold the organ whose main id is @lead? */
static bool names_organ(
	struct planner *p, const text_list *ids, const char *lead, day_t day)
{
	for (size_t i = 0; i < ids->n; i++)
		if (plan_same_lead(p, lead, plan_lead_on(p, ids->at[i], day), day))
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

/*
 * B2: another deadline, by @a, which is @slot's in the update, or for the whole
 * document
 * (@a NULL). T1: what has a deadline of its own does not have the document's.
 */
static void update_due(struct planner *p, const struct plan_document *d,
	struct plan_slot *slot, const struct event_assignment *a)
{
	const struct plan_step *last;
	struct deadline due = plan_due_of(d, a), before = due_now(slot, &last);

	/* T7: a proposal's processing time is the rule's, whatever its sender repeats.
	 */
	if (before.source == DUE_FROM_RULE || (before.source == DUE_FROM_ASSIGNMENT &&
						      due.source == DUE_FROM_METADATA))
		return;
	if (before.source == DUE_FROM_NOTHING && due.source == DUE_FROM_NOTHING) {
		day_t proposed = plan_propose_due(p, d, a ? a->content : NULL, &due);

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

/* What @lead owes, or (@ever) owed before it was recalled or removed, among the first
 * @n slots, at one of @d's targets; NULL: nothing. */
static const struct plan_slot *owed_at_targets(const struct planner *p,
	const struct plan_document *d, size_t n, const char *lead, bool ever)
{
	for (size_t i = 0; i < n; i++) {
		const struct plan_slot *slot = &p->plan->slots.at[i];

		if ((slot->live || ever) && plan_is_target(d, slot->document) &&
			plan_same_lead(p, slot->lead, lead, plan_day_of_issue(d)))
			return slot;
	}
	return NULL;
}

/* Does one of @d's targets assign by T2, itself or by what it replaces? */
static bool inherits_order(const struct planner *p, const struct plan_document *d)
{
	for (size_t i = 0; i < p->plan->slots.n; i++) {
		const struct plan_slot *slot = &p->plan->slots.at[i];

		if (plan_is_target(d, slot->document) && !slot->is_explicit &&
			slot->kind == OWED_TASK)
			return true;
	}
	return false;
}

/* The deadline that @target has for all, by its updates up to @d; none: its own. */
static struct deadline due_by_then(const struct plan_document *d,
	const struct plan_document *target, const struct plan_document *documents)
{
	struct deadline due = {.on = DAY_NONE};

	for (const struct plan_document *u = documents; u <= d; u++) {
		if (u->event->business != BUSINESS_UPDATE ||
			!plan_is_target(u, target->id))
			continue;
		struct deadline given = plan_due_of(u, NULL);

		if (given.source != DUE_FROM_NOTHING && !(given.flags & DUE_UNREADABLE))
			due = given;
	}
	return due;
}

/* B2: a receiver added later owes what the others owe, by the deadline of that day. */
static void add_receiver(struct planner *p, const struct plan_document *d,
	const struct plan_document *target, struct deadline due,
	const struct plan_candidate *c)
{
	add_slot(p, target, d->id, c);
	struct plan_slot *slot = &p->plan->slots.at[p->plan->slots.n - 1];

	if (due.source == DUE_FROM_NOTHING || slot->due.source == DUE_FROM_ASSIGNMENT ||
		slot->due.source == DUE_FROM_RULE)
		return;
	slot->due = due;
	slot->proposed_due_on = DAY_NONE;
}

/* Whom update @d adds: its list says, which decides over `to`. */
static const struct event *with_receivers(
	struct planner *p, const struct plan_document *d, const struct event *target)
{
	const struct event *ev = d->event;
	struct event *added = arena_alloc(p->arena, sizeof(*added));

	*added = *target;
	added->issued_on = plan_day_of_issue(d);
	if (!ev->receivers_added.n && !ev->receivers_removed.n) {
		added->to = ev->to;
		return added;
	}
	memset(&added->to, 0, sizeof(added->to));
	for (size_t i = 0; i < ev->receivers_added.n; i++)
		LIST_ADD(p->arena, &added->to)->organ_id = ev->receivers_added.at[i];
	return added;
}

static bool is_addressed(
	const struct planner *p, const struct event *ev, const char *lead)
{
	for (size_t i = 0; lead && i < ev->to.n; i++)
		if (plan_same_lead(p, lead,
			    plan_lead_on(p, ev->to.at[i].organ_id, ev->issued_on),
			    ev->issued_on))
			return true;
	return false;
}

/* The assignments that update @d has for those it adds to @target. */
static void list_own_assignments(struct planner *p, const struct plan_document *d,
	const struct event *added, plan_candidate_list *list)
{
	const struct event *ev = d->event;

	for (size_t i = 0; i < ev->assignments.n; i++) {
		const struct event_assignment *a = &ev->assignments.at[i];
		const char *lead = plan_lead_on(p, a->lead, added->issued_on);

		if (is_addressed(p, added, lead) && plan_may_give(p, d, a, lead))
			*LIST_ADD(p->arena, list) =
				(struct plan_candidate){.assignment = a,
					.ordinal = (int)i,
					.lead = lead,
					.kind = a->kind};
	}
}

/* What those owe that are added by name to @target: work where it gives work, else the
 * opinion or notice that it asks for. False: nothing (T7: a proposal; T8: a part). */
static bool kind_of_named(const struct planner *p, const struct plan_document *target,
	enum owed_kind *ret_kind)
{
	if (target->forward_of && !target->event->assignments.n)
		return false;
	*ret_kind = OWED_PROPOSAL;
	for (size_t i = 0; i < p->plan->slots.n && *ret_kind != OWED_TASK; i++) {
		const struct plan_slot *slot = &p->plan->slots.at[i];

		if (slot->document == target->id && slot->kind != OWED_PROPOSAL)
			*ret_kind = slot->kind;
	}
	return *ret_kind != OWED_PROPOSAL;
}

/* Added by name: also to what names its leads, but not to an order from below (T2). */
static void list_named(struct planner *p, const struct plan_document *target,
	const struct event *added, plan_candidate_list *list)
{
	enum owed_kind kind;

	if (!kind_of_named(p, target, &kind))
		return;
	for (size_t i = 0; i < added->to.n; i++) {
		const char *lead =
			plan_lead_on(p, added->to.at[i].organ_id, added->issued_on);

		if (lead && !plan_has_lead(list, lead) &&
			!(kind == OWED_TASK && organ_is_ancestor(p->organs, lead,
						       added->from.organ_id)))
			*LIST_ADD(p->arena, list) =
				(struct plan_candidate){.lead = lead, .kind = kind};
	}
}

/*
 * B2: those that update @d adds and to whom T1, T2, T7 or T8 would have given a task
 * had
 * @target been sent to them; whoever was addressed from the beginning and owes nothing
 * by right goes on owing nothing.
 */
static void add_receivers(struct planner *p, const struct plan_document *d,
	const struct plan_document *target, const struct plan_document *documents)
{
	plan_candidate_list own = {0}, given = {0};
	struct plan_document sent = *target;
	struct deadline due = due_by_then(d, target, documents);
	size_t before = p->plan->slots.n;

	sent.event = with_receivers(p, d, target->event);
	sent.arrived_on = d->arrived_on;
	list_own_assignments(p, d, sent.event, &own);
	plan_list_candidates(p, &sent, inherits_order(p, d), &given);
	if (d->event->receivers_added.n)
		list_named(p, target, sent.event, &given);
	for (size_t i = 0; i < own.n; i++)
		if (!owed_at_targets(p, d, before, own.at[i].lead, false))
			add_receiver(p, d, target, due, &own.at[i]);
	for (size_t i = 0; i < given.n; i++) {
		const struct plan_candidate *c = &given.at[i];

		/* An assignment that names its lead adds nobody. */
		if (!(c->assignment && c->assignment->lead) &&
			!plan_has_lead(&own, c->lead) &&
			!owed_at_targets(p, d, before, c->lead, false))
			add_receiver(p, d, target, due, c);
	}
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

/* The obligations that stand at @d's targets. */
static struct plan_slot **slots_at_targets(
	struct planner *p, const struct plan_document *d, size_t *ret_n)
{
	struct plan_slot **slots =
		arena_alloc(p->arena, (p->plan->slots.n + 1) * sizeof(*slots));

	*ret_n = 0;
	for (size_t i = 0; i < p->plan->slots.n; i++) {
		struct plan_slot *slot = &p->plan->slots.at[i];

		if (slot->live && plan_is_target(d, slot->document))
			slots[(*ret_n)++] = slot;
	}
	return slots;
}

static bool has_part(const plan_candidate_list *list, int ordinal, const char *lead)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->at[i].ordinal == ordinal &&
			strcmp(list->at[i].lead, lead) == 0)
			return true;
	return false;
}

/* What update @d says of each assignment; one without a lead is about whoever owes. */
static void list_updates(struct planner *p, const struct plan_document *d,
	struct plan_slot *const *slots, size_t n, plan_candidate_list *list)
{
	const struct event *ev = d->event;

	for (size_t i = 0; i < ev->assignments.n; i++) {
		const struct event_assignment *a = &ev->assignments.at[i];
		const char *lead = plan_lead_on(p, a->lead, plan_day_of_issue(d));

		for (size_t k = 0; k < n; k++) {
			const char *whose = lead ? lead : slots[k]->lead;

			if (!has_part(list, (int)i, whose))
				*LIST_ADD(p->arena, list) =
					(struct plan_candidate){.assignment = a,
						.ordinal = (int)i,
						.lead = whose,
						.kind = a->kind};
		}
	}
}

/* An only one of its lead's that says neither code nor words is about all it owes. */
static void mark_whole(plan_candidate_list *list)
{
	for (size_t i = 0; i < list->n; i++) {
		struct plan_candidate *c = &list->at[i];
		size_t of_lead = 0;

		for (size_t k = 0; k < list->n; k++)
			of_lead += strcmp(list->at[k].lead, c->lead) == 0;
		c->whole =
			of_lead == 1 && !c->assignment->code && !c->assignment->content;
	}
}

static void apply_update(struct planner *p, const struct plan_document *d,
	const struct plan_document *documents, size_t n)
{
	plan_candidate_list list = {0};
	day_t day = plan_day_of_issue(d);
	size_t slots_n;
	struct plan_slot **slots = slots_at_targets(p, d, &slots_n);
	const struct plan_candidate **of =
		arena_alloc(p->arena, (slots_n + 1) * sizeof(struct plan_candidate *));

	list_updates(p, d, slots, slots_n, &list);
	mark_whole(&list);
	plan_pair(p, day, slots, slots_n, &list, of);
	for (size_t i = 0; i < slots_n; i++)
		if (names_organ(p, &d->event->receivers_removed, slots[i]->lead, day))
			add_step(p, slots[i], PLAN_REMOVED, d);
		else
			update_due(p, d, slots[i], of[i] ? of[i]->assignment : NULL);
	for (size_t k = 0; k < n; k++)
		if (plan_is_target(d, documents[k].id) &&
			still_assigns(p, documents[k].id))
			add_receivers(p, d, &documents[k], documents);
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
		named |= names_organ(p, ids, slot->lead, plan_day_of_issue(d)) ||
			 (slot->extra && names_organ(p, ids, slot->extra->instead_of,
						 plan_day_of_issue(d)));
	}
	return all || named;
}

/* Whom a person put in the place of a lead that handed its task back. */
static void add_extras(struct planner *p, const struct plan_document *d)
{
	const struct event *ev = d->event;

	for (size_t i = 0; i < d->extras_n; i++) {
		const struct plan_extra *extra = &d->extras[i];
		bool explicit = (size_t)extra->ordinal < ev->assignments.n;

		add_slot(p, d, extra->via,
			&(struct plan_candidate){
				.assignment =
					explicit ? &ev->assignments.at[extra->ordinal]
						 : NULL,
				.ordinal = extra->ordinal,
				.lead = extra->lead,
				.kind = extra->kind});
		p->plan->slots.at[p->plan->slots.n - 1].extra = extra;
	}
}

/* What @slot asks for after its move: what the replacement assigns, and where it
 * assigns nothing in words of its own, what it said before. */
static void move_words(const struct plan_document *d, struct plan_slot *slot,
	const struct event_assignment *a, struct plan_step *step)
{
	bool keeps = a ? !a->content && slot->has_words : slot->has_words;

	if (a && a->content)
		step->content = a->content;
	else if (!keeps && d->event->content)
		step->content = d->event->content;
	if (a)
		step->coordinating = &a->coordinating;
	slot->has_words |= a && a->content;
	slot->is_explicit |= a != NULL;
}

/* A reply may name the task by any code it was given. */
static void add_code(struct planner *p, struct plan_slot *slot, const char *code)
{
	if (code && !name_has_task_code(p->arena, slot->code, code))
		slot->code = slot->code ? ARENA_JOIN(p->arena, slot->code, "\n", code)
					: code;
}

/* To the replacement, with the deadline it gives, or proposes in its text. */
static void move(struct planner *p, const struct plan_document *d,
	struct plan_slot *slot, const struct plan_candidate *c)
{
	const struct plan_step *last, *moved = plan_last_move(slot);
	struct deadline before = due_now(slot, &last);
	const struct event_assignment *a = c->assignment;
	struct plan_candidate asked = *c;
	const char *content = plan_content_now(slot);
	const text_list *coordinating =
		moved ? moved->coordinating : slot->coordinating;
	struct plan_step *step = add_step(p, slot, PLAN_MOVED, d);

	asked.kind = slot->kind;
	step->ordinal = c->ordinal;
	step->content = content;
	step->coordinating = coordinating;
	move_words(d, slot, a, step);
	if (a)
		add_code(p, slot, a->code);
	step->due = plan_due_of_candidate(p, d, &asked);
	step->proposed_due_on =
		plan_propose_due(p, d, a ? a->content : NULL, &step->due);
	step->repeats = step->due.on != DAY_NONE && step->due.on == before.on;
	slot->document = d->id;
}

/*
 * What the replacement asks. Where it assigns nothing by name it speaks to its
 * addressees of all they owe; to one from whom that was recalled it gives it anew, and
 * to others what it gives by itself.
 */
static void list_replacement(
	struct planner *p, const struct plan_document *d, plan_candidate_list *list)
{
	const struct event *ev = d->event;
	day_t day = plan_day_of_issue(d);
	bool gives = d->policy & PLAN_MAY_ASSIGN && !d->is_reply && !d->forward_of;

	plan_list_candidates(p, d, inherits_order(p, d), list);
	if (ev->assignments.n || ev->stage != STAGE_ISSUED)
		return;
	for (size_t i = 0; i < ev->to.n; i++) {
		const char *lead = plan_lead_on(p, ev->to.at[i].organ_id, day);

		if (!lead || plan_has_lead(list, lead))
			continue;
		const struct plan_slot *owed =
			owed_at_targets(p, d, p->plan->slots.n, lead, true);

		*LIST_ADD(p->arena, list) = (struct plan_candidate){.lead = lead,
			.moves_only = !gives || !owed || owed->kind != OWED_TASK};
	}
	for (size_t i = 0; i < list->n; i++)
		list->at[i].whole = true;
}

/* B3: @slot after @d, which asks for @c of it (NULL: nothing). */
static void replace(struct planner *p, const struct plan_document *d,
	struct plan_slot *slot, const struct plan_candidate *c)
{
	/* Given on after @d had replaced it: it is @d's task that was given. */
	bool was_given = slot->extra && d->key.day <= slot->extra->given_on;
	struct plan_candidate same = {.lead = slot->lead, .kind = slot->kind};

	if (!was_given && !replacement_names(p, d, slot))
		return;
	if (c || was_given)
		move(p, d, slot, c ? c : &same);
	else
		add_step(p, slot, PLAN_REMOVED, d);
}

/* B3: move what is still addressed, end what is not, make what is new. */
static void apply_replacement(struct planner *p, const struct plan_document *d)
{
	plan_candidate_list list = {0};
	size_t n;
	struct plan_slot **slots = slots_at_targets(p, d, &n);
	const struct plan_candidate **of =
		arena_alloc(p->arena, (n + 1) * sizeof(struct plan_candidate *));

	list_replacement(p, d, &list);
	plan_pair(p, plan_day_of_issue(d), slots, n, &list, of);
	for (size_t i = 0; i < n; i++)
		replace(p, d, slots[i], of[i]);
	for (size_t i = 0; i < list.n; i++)
		if (!list.at[i].taken && !list.at[i].moves_only)
			add_slot(p, d, 0, &list.at[i]);
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
	plan_candidate_list candidates = {0};

	plan_list_candidates(p, d, false, &candidates);
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
