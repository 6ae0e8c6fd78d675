/*
 * What an arrival changes (MODEL): the event itself, those that mentioned a name it
 * bears, those after it on its thread. First what amends what, then the chains and
 * their tasks, then the replies, then each task that any of it touched. Each step looks
 * only at what the steps before it settled, so nothing goes in circles.
 */
#include "gateway/ledger/internal.h"

#include <stdlib.h>

bool judge_bears_names(const struct stored *s)
{
	return s->kind == EVENT_DOCUMENT &&
	       (s->business == BUSINESS_NEW || s->business == BUSINESS_REPLACE);
}

/* document.received is told of documents, not of what reports on them. */
static bool bears_news(const struct stored *s)
{
	return s->kind == EVENT_DOCUMENT && s->stage == STAGE_ISSUED;
}

/* Whoever mentions a name that @s bears. */
static int find_mentioners(
	struct ledger *l, struct work *w, struct stored *s, struct err *e)
{
	if (!judge_bears_names(s))
		return 0;
	const key_list *keys = keys_of_stored(l, s);

	for (size_t i = 0; i < keys->n; i++) {
		name_list names = {0};

		if (store_names(l, keys->at[i], NAME_MENTIONS, &names, e) != 0)
			return -1;
		for (size_t k = 0; k < names.n; k++)
			if (names.at[k].event != s->id)
				id_list_add(
					&l->arena, &w->mentioners, names.at[k].event);
	}
	return 0;
}

struct ordered {
	int64_t id;
	struct act_key key;
};

static int compare_ordered(const void *a, const void *b)
{
	const struct ordered *x = a, *y = b;

	return act_key_compare(&x->key, &y->key);
}

/* @s stands before @mate, as an assignment by someone else (T4). */
static bool stands_before(struct ledger *l, struct stored *s, struct stored *mate,
	struct act_key *ret_mate, struct err *e)
{
	struct act_key own = reply_order(l, s, e);

	*ret_mate = reply_order(l, mate, e);
	return s->stage == STAGE_ISSUED && s->issuer &&
	       !organ_same(l->options.organs, s->issuer, s->issued_on, mate->issuer,
		       mate->issued_on) &&
	       act_key_compare(&own, ret_mate) < 0;
}

/*
 * T4: whoever stands after @s on its thread may have become, or ceased to be, a reply.
 * @all: @s was on no thread before, so it may itself have become one after any mate.
 */
static int find_thread_mates(
	struct ledger *l, struct work *w, struct stored *s, bool all, struct err *e)
{
	name_list mates = {0};
	LIST_OF(struct ordered) later = {0};

	if (!s->thread)
		return 0;
	if (store_names(l, key_thread(s->thread), NAME_THREAD, &mates, e) != 0)
		return -1;
	for (size_t i = 0; i < mates.n; i++) {
		const struct name_row *row = &mates.at[i];
		struct ordered mate = {.id = row->event};

		if (row->event == s->id || (!all && reply_is_by_sender(l, row, s)))
			continue;
		struct stored *other = store_load(l, row->event, e);

		if (!other)
			return -1;
		if (stands_before(l, s, other, &mate.key, e) || all)
			*LIST_ADD(&l->arena, &later) = mate;
	}
	if (later.n)
		qsort(later.at, later.n, sizeof(*later.at), compare_ordered);
	for (size_t i = 0; i < later.n; i++) {
		id_list_add(&l->arena, &w->chains, later.at[i].id);
		id_list_add(&l->arena, s->id == l->fresh ? &w->mates : &w->mentioners,
			later.at[i].id);
	}
	return 0;
}

int judge_wake(struct ledger *l, struct work *w, struct stored *s, struct err *e)
{
	/* What has just arrived has woken who mentions it already. */
	if (s->id != l->fresh &&
		(!store_event(l, s, e) || find_mentioners(l, w, s, e) != 0))
		return -1;
	return find_thread_mates(l, w, s, false, e);
}

/* B5, found out late: what @s answered stands without it, and whoever was about it is
 * judged again. */
static int refuse_late(
	struct ledger *l, struct work *w, struct stored *s, struct err *e)
{
	if (quarantine_refused(l, s, e) != 0 || reply_unlink(l, w, s, e) != 0)
		return -1;
	s->outcome = OUTCOME_QUARANTINED;
	return judge_wake(l, w, s, e);
}

static int amend_mentioners(struct ledger *l, struct work *w, struct err *e)
{
	bool refused;

	for (size_t i = 0; i < w->mentioners.n; i++) {
		struct stored *s = store_load(l, w->mentioners.at[i], e);

		if (!s || !store_event(l, s, e))
			return -1;
		if (!amend_applies(s))
			continue;
		bool was_refused = s->outcome == OUTCOME_QUARANTINED;

		if (amend_link(l, w, s, &refused, e) != 0)
			return -1;
		/* Refused for another's document of that name, and now its own has
		 * come. */
		if (was_refused && !refused && quarantine_settle(l, s, e) != 0)
			return -1;
		if (!refused || was_refused)
			continue;
		if (refuse_late(l, w, s, e) != 0)
			return -1;
		i = (size_t)-1; /* from the start: it is refused only once */
	}
	return 0;
}

static int plan_chains(struct ledger *l, struct work *w, struct err *e)
{
	for (size_t i = 0; i < w->chains.n; i++)
		if (chain_plan(l, w, w->chains.at[i], e) != 0)
			return -1;
	return 0;
}

/* @replacements: those that replace something, or all the others. */
static int link_some(struct ledger *l, struct work *w, const id_list *replies,
	bool replacements, struct err *e)
{
	for (size_t i = 0; i < replies->n; i++) {
		struct stored *s = store_load(l, replies->at[i], e);

		if (!s || !store_event(l, s, e))
			return -1;
		if ((s->business == BUSINESS_REPLACE) != replacements ||
			s->outcome == OUTCOME_QUARANTINED || !reply_applies(l, s))
			continue;
		if (reply_link(l, w, s, e) != 0)
			return -1;
	}
	return 0;
}

/* What replaces an answer looks at that answer's links (B3), so it comes after them. */
static int link_replies(struct ledger *l, struct work *w, struct err *e)
{
	id_list replies = {0};

	for (size_t i = 0; i < w->mates_at; i++)
		id_list_add(&l->arena, &replies, w->mentioners.at[i]);
	for (size_t i = 0; i < w->mates.n; i++)
		id_list_add(&l->arena, &replies, w->mates.at[i]);
	for (size_t i = w->mates_at; i < w->mentioners.n; i++)
		id_list_add(&l->arena, &replies, w->mentioners.at[i]);
	return link_some(l, w, &replies, false, e) == 0
		       ? link_some(l, w, &replies, true, e)
		       : -1;
}

int judge_work(struct ledger *l, struct work *w, struct err *e)
{
	if (amend_mentioners(l, w, e) != 0 || plan_chains(l, w, e) != 0 ||
		link_replies(l, w, e) != 0 || settle_tasks(l, w, l->event, e) != 0)
		return -1;
	return reply_tell(l, w, e);
}

int judge_arrival(struct ledger *l, struct stored *s, id_list *ret_made,
	bool *ret_refused, struct err *e)
{
	struct work w = {0};

	*ret_refused = false;
	if (find_mentioners(l, &w, s, e) != 0)
		return -1;
	if (amend_applies(s) && amend_link(l, &w, s, ret_refused, e) != 0)
		return -1;
	if (*ret_refused)
		return 0;
	if (s->id == l->fresh && bears_news(s) && journal_document(l, s, e) != 0)
		return -1;
	if (s->kind == EVENT_DOCUMENT)
		id_list_add(&l->arena, &w.chains, s->id);
	/* T8: who named @s before it came may have sent its task on. */
	for (size_t i = 0; i < w.mentioners.n; i++)
		id_list_add(&l->arena, &w.chains, w.mentioners.at[i]);
	/* The mates of a new one are woken when it turns out to make tasks. */
	if (s->id != l->fresh && find_thread_mates(l, &w, s, true, e) != 0)
		return -1;
	w.mates_at = w.mentioners.n;
	if (reply_applies(l, s))
		id_list_add(&l->arena, &w.mentioners, s->id);
	if (judge_work(l, &w, e) != 0)
		return -1;
	*ret_made = w.made;
	return 0;
}

int judge_again(struct ledger *l, const id_list *events, struct err *e)
{
	struct work w = {0};

	for (size_t i = 0; i < events->n; i++)
		id_list_add(&l->arena, &w.mentioners, events->at[i]);
	return judge_work(l, &w, e);
}
