/* B1, B5: which documents a recall, update, replacement or withdrawal is about. */
#include "gateway/ledger/internal.h"

enum { CHAIN_MOST = 1000 };

bool amend_applies(const struct stored *s)
{
	return s->kind == EVENT_DOCUMENT &&
	       (s->business != BUSINESS_NEW || s->stage == STAGE_WITHDRAWN);
}

bool amend_is_role(enum link_role role)
{
	return role == LINK_UPDATE || role == LINK_REPLACE || role == LINK_RECALL;
}

static enum link_role role_of(const struct stored *s)
{
	static const enum link_role roles[] = {[BUSINESS_NEW] = LINK_RECALL,
		[BUSINESS_RECALL] = LINK_RECALL,
		[BUSINESS_UPDATE] = LINK_UPDATE,
		[BUSINESS_REPLACE] = LINK_REPLACE};

	return roles[s->business];
}

static struct known_document known_of(const struct stored *s)
{
	return (struct known_document){.id = s->id,
		.issuer = s->issuer,
		.document_id = s->document_id,
		.code = s->code,
		.also = s->also,
		.also_n = s->also_n,
		.issued_on = s->issued_on,
		.arrived_on = s->arrived_on,
		.stage = s->stage};
}

/*
 * Was @known refused (B5) before @s was issued? Only then it is no document for @s: two
 * that each claim the other's cannot both be looked at first.
 */
static bool is_refused_before(
	struct ledger *l, struct stored *known, struct stored *s, struct err *e)
{
	if (known->outcome != OUTCOME_QUARANTINED)
		return false;
	struct act_key first = place_issued(l, known, e),
		       second = place_issued(l, s, e);

	return act_key_compare(&first, &second) < 0;
}

struct finding {
	id_list own, anothers, by_code, loosely;
};

/* Everything known under the keys of one target (NULL: the event's own id). */
static int find_target(struct ledger *l, struct stored *s, const struct event_target *t,
	struct finding *f, struct err *e)
{
	key_list keys = {0};
	enum event_stage wanted =
		s->stage == STAGE_WITHDRAWN ? STAGE_DRAFT : STAGE_ISSUED;
	day_t sent_on = order_issue_day(s->issued_on, s->arrived_on);
	bool code_only;

	if (t)
		keys_of_target(&l->arena, t, &keys);
	else
		keys_of_id(&l->arena, s->document_id, &keys);
	for (size_t i = 0; i < keys.n; i++) {
		name_list names = {0};

		if (store_names(l, keys.at[i], NAME_IS, &names, e) != 0)
			return -1;
		for (size_t k = 0; k < names.n; k++) {
			struct stored *known = store_load(l, names.at[k].event, e);

			if (!known)
				return -1;
			if (known->id == s->id || known->stage != wanted ||
				is_refused_before(l, known, s, e))
				continue;
			struct known_document document = known_of(known);
			enum target_fit fit =
				target_fit_amended(&l->arena, l->options.organs,
					s->event, sent_on, t, &document, &code_only);

			if (fit == TARGET_OWN)
				id_list_add(&l->arena,
					code_only ? &f->by_code : &f->own, known->id);
			else if (fit == TARGET_ANOTHERS)
				id_list_add(&l->arena, &f->anothers, known->id);
			else if (fit == TARGET_LOOSELY)
				id_list_add(&l->arena, &f->loosely, known->id);
		}
	}
	return 0;
}

static int find_targets(
	struct ledger *l, struct stored *s, struct finding *all, struct err *e)
{
	const struct event *ev = s->event;
	bool own_id = s->business == BUSINESS_RECALL ||
		      s->business == BUSINESS_UPDATE || s->stage == STAGE_WITHDRAWN;

	for (size_t i = 0; i < ev->targets.n || (i == 0 && own_id); i++) {
		struct finding f = {0};

		if (find_target(l, s, ev->targets.n ? &ev->targets.at[i] : NULL, &f,
			    e) != 0)
			return -1;
		for (size_t k = 0; k < f.own.n; k++)
			id_list_add(&l->arena, &all->own, f.own.at[k]);
		if (!f.own.n && f.by_code.n == 1)
			id_list_add(&l->arena, &all->own, f.by_code.at[0]);
		if (!f.own.n && !f.by_code.n && !f.anothers.n && f.loosely.n == 1)
			id_list_add(&l->arena, &all->own, f.loosely.at[0]);
		for (size_t k = 0; k < f.anothers.n; k++)
			id_list_add(&l->arena, &all->anothers, f.anothers.at[k]);
	}
	return 0;
}

/*
 * What must be judged again when something begins or ceases to be about @target: its
 * chain, and the tasks answered by it or by what it replaced (B3), at any distance; the
 * cases that these opened on the confirm list, when they are recalled.
 */
static int touch_target(struct ledger *l, struct work *w, int64_t target,
	enum link_role role, struct err *e)
{
	id_list replaced = {0};

	id_list_add(&l->arena, &w->chains, target);
	id_list_add(&l->arena, &replaced, target);
	for (size_t at = 0; at < replaced.n; at++) {
		link_list links = {0};

		if (role == LINK_RECALL)
			id_list_add(&l->arena, &w->mentioners, replaced.at[at]);
		if (store_links_of_event(l, replaced.at[at], &links, e) != 0)
			return -1;
		for (size_t i = 0; i < links.n; i++)
			if (links.at[i].task)
				id_list_add(&l->arena, &w->tasks, links.at[i].task);
			else if (links.at[i].role == LINK_REPLACE)
				id_list_add(&l->arena, &replaced, links.at[i].document);
	}
	return 0;
}

/* What replaces @target begins or ceases to stand where it does. */
static void note_move(struct ledger *l, struct work *w, int64_t event, int64_t target,
	enum link_role role)
{
	if (role != LINK_REPLACE)
		return;
	place_forget(l);
	id_list_add(&l->arena, &w->moved, event);
	id_list_add(&l->arena, &w->moved, target);
}

static int save_links(struct ledger *l, struct work *w, struct stored *s,
	const id_list *targets, struct err *e)
{
	link_list old = {0};

	if (store_links_of_event(l, s->id, &old, e) != 0)
		return -1;
	for (size_t i = 0; i < old.n; i++) {
		if (!amend_is_role(old.at[i].role) ||
			id_list_has(targets, old.at[i].document))
			continue;
		/* Without this link @s is in another chain than its target. */
		id_list_add(&l->arena, &w->chains, s->id);
		note_move(l, w, s->id, old.at[i].document, old.at[i].role);
		if (store_link_drop(l, &old.at[i], e) != 0 ||
			touch_target(l, w, old.at[i].document, old.at[i].role, e) != 0)
			return -1;
	}
	for (size_t i = 0; i < targets->n; i++) {
		struct link_row row = {targets->at[i], 0, s->id, role_of(s), 0};
		bool there = false;

		for (size_t k = 0; k < old.n && !there; k++)
			there = old.at[k].role == row.role &&
				old.at[k].document == row.document;
		if (!there)
			note_move(l, w, s->id, row.document, row.role);
		if (store_link_add(l, &row, e) != 0 ||
			touch_target(l, w, row.document, row.role, e) != 0)
			return -1;
	}
	return 0;
}

int amend_link(struct ledger *l, struct work *w, struct stored *s, bool *ret_refused,
	struct err *e)
{
	struct finding found = {0};
	enum outcome outcome = OUTCOME_APPLIED;

	*ret_refused = false;
	if (!store_event(l, s, e) || find_targets(l, s, &found, e) != 0)
		return -1;
	if (!found.own.n && found.anothers.n) {
		*ret_refused = true;
		outcome = OUTCOME_QUARANTINED;
		id_list_add(&l->arena, &w->chains, s->id);
	} else if (!found.own.n && s->business != BUSINESS_REPLACE) {
		outcome = OUTCOME_PARKED;
	}
	if (save_links(l, w, s, &found.own, e) != 0)
		return -1;
	return settle_outcome(l, s, outcome, NULL, e);
}

int amend_end(struct ledger *l, struct stored *s, struct stored **ret_end,
	bool *ret_recalled, struct err *e)
{
	*ret_end = s;
	*ret_recalled = false;
	for (int step = 0; step < CHAIN_MOST; step++) {
		link_list links = {0};
		struct stored *next = NULL;
		bool recalled = false;

		if (store_links(l, (*ret_end)->id, 0, &links, e) != 0)
			return -1;
		for (size_t i = 0; i < links.n; i++) {
			recalled |= links.at[i].role == LINK_RECALL;
			if (links.at[i].role != LINK_REPLACE)
				continue;
			struct stored *replacement =
				store_load(l, links.at[i].event, e);

			if (!replacement)
				return -1;
			bool before = true;

			/* Two replaced it: the later one stands for it. */
			if (next && place_counts_before(
					    l, next, replacement, &before, e) != 0)
				return -1;
			next = before ? replacement : next;
		}
		/* Recall of the replaced one has no effect (B3). */
		if (!next || next == s) {
			*ret_recalled = recalled;
			return 0;
		}
		*ret_end = next;
	}
	return 0;
}
