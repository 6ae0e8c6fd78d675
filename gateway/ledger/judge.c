/*
 * What an arrival changes (M6): the event itself, those that mentioned a name it
 * bears, those after it on its thread. First what amends what, then the chains and
 * their tasks, then the replies, then each task that any of it touched. Each step looks
 * only at what the steps before it settled, so nothing goes in circles. Within a step
 * one may look at another that stands before it in the key: when that one changes, it
 * is judged again, until nothing changes any more.
 */
#include "gateway/ledger/internal.h"

bool judge_bears_names(const struct stored *s)
{
	return s->kind == EVENT_DOCUMENT &&
	       (s->business == BUSINESS_NEW || s->business == BUSINESS_REPLACE);
}

/* What contradicts itself (two documents that each refuse the other, three that send
 * each other on) never comes to rest: after so many rounds it stays as it is. */
enum { ROUNDS_MOST = 64 };

/* document.received is told of documents, not of what reports on them. */
static bool bears_news(const struct stored *s)
{
	return s->kind == EVENT_DOCUMENT && s->stage == STAGE_ISSUED;
}

/* The chain of @id is to be planned, though it may have been: not if its turn comes. */
static void plan_again(struct ledger *l, struct work *w, int64_t id)
{
	if (id_list_has(&w->planned, id) || !id_list_has(&w->due, id))
		id_list_add(&l->arena, &w->chains, id);
}

/* T8: who named a document before it came may have sent its task on. */
static int plan_mentioner(struct ledger *l, struct work *w, int64_t id, struct err *e)
{
	struct stored *s = store_load(l, id, e);

	if (!s || !store_event(l, s, e))
		return -1;
	if (reply_may_forward(l, s))
		plan_again(l, w, id);
	return 0;
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
		for (size_t k = 0; k < names.n; k++) {
			if (names.at[k].event == s->id)
				continue;
			id_list_add(&l->arena, &w->mentioners, names.at[k].event);
			if (plan_mentioner(l, w, names.at[k].event, e) != 0)
				return -1;
		}
	}
	return 0;
}

/* @s stands before @mate, as an assignment by someone else (T4). */
static int stands_before(struct ledger *l, struct stored *s, struct stored *mate,
	bool *ret_before, struct err *e)
{
	*ret_before = s->stage == STAGE_ISSUED && s->issuer &&
		      !organ_same(l->options.organs, s->issuer, s->issued_on,
			      mate->issuer, mate->issued_on);
	return *ret_before ? place_before(l, s, mate, ret_before, e) : 0;
}

/*
 * T4: whoever stands after @s on its thread may have become, or ceased to be, a reply.
 * @all: @s was on no thread before, so it may itself have become one after any mate.
 */
static int find_thread_mates(
	struct ledger *l, struct work *w, struct stored *s, bool all, struct err *e)
{
	name_list mates = {0};
	id_list later = {0};

	if (store_thread_mates(l, s, &mates, e) != 0)
		return -1;
	for (size_t i = 0; i < mates.n; i++) {
		const struct name_row *row = &mates.at[i];
		bool before;

		if (row->event == s->id || (!all && reply_is_by_sender(l, row, s)))
			continue;
		struct stored *other = store_load(l, row->event, e);

		if (!other)
			return -1;
		if (stands_before(l, s, other, &before, e) != 0)
			return -1;
		if (before || all)
			id_list_add(&l->arena, &later, other->id);
	}
	if (place_sort(l, &later, e) != 0)
		return -1;
	for (size_t i = 0; i < later.n; i++) {
		plan_again(l, w, later.at[i]);
		id_list_add(&l->arena, s->id == l->fresh ? &w->mates : &w->mentioners,
			later.at[i]);
	}
	return 0;
}

int judge_wake(struct ledger *l, struct work *w, struct stored *s, struct err *e)
{
	if (!store_event(l, s, e) || find_mentioners(l, w, s, e) != 0)
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

/* @s was refused for another's document of that name, and now its own has come: it
 * stands, and whoever was about it is judged again. */
static int accept_late(
	struct ledger *l, struct work *w, struct stored *s, struct err *e)
{
	if (quarantine_settle(l, s, e) != 0)
		return -1;
	id_list_add(&l->arena, &w->chains, s->id);
	return judge_wake(l, w, s, e);
}

static int amend_mentioners(struct ledger *l, struct work *w, struct err *e)
{
	bool refused;
	int rounds = 0;

	for (size_t i = 0; i < w->mentioners.n; i++) {
		struct stored *s = store_load(l, w->mentioners.at[i], e);

		if (!s || !store_event(l, s, e))
			return -1;
		if (!amend_applies(s))
			continue;
		bool was_refused = s->outcome == OUTCOME_QUARANTINED;

		if (amend_link(l, w, s, &refused, e) != 0)
			return -1;
		if (refused == was_refused)
			continue;
		if ((refused ? refuse_late : accept_late)(l, w, s, e) != 0)
			return -1;
		if (++rounds < ROUNDS_MOST)
			i = (size_t)-1; /* from the start */
	}
	return 0;
}

/* What waits to be planned, in its order: most look only at what was planned before. */
static int order_due(struct ledger *l, struct work *w, struct err *e)
{
	w->due = w->chains;
	w->chains = w->planned = (id_list){0};
	return place_sort(l, &w->due, e);
}

/* What has begun or ceased to replace something stands elsewhere, and with it what
 * replaces it: whoever is on its thread, or sends it on, sees another order. */
static int wake_moved(struct ledger *l, struct work *w, struct err *e)
{
	id_list members = {0};

	for (size_t i = 0; i < w->moved.n; i++)
		if (!id_list_has(&members, w->moved.at[i]) &&
			chain_members(l, w->moved.at[i], &members, e) != 0)
			return -1;
	w->moved = (id_list){0};
	for (size_t i = 0; i < members.n; i++) {
		struct stored *s = store_load(l, members.at[i], e);

		if (!s || !store_event(l, s, e))
			return -1;
		if (s->business != BUSINESS_REPLACE)
			continue;
		plan_again(l, w, s->id);
		if (find_mentioners(l, w, s, e) != 0 ||
			find_thread_mates(l, w, s, true, e) != 0)
			return -1;
		if (reply_applies(l, s))
			id_list_add(&l->arena, &w->mentioners, s->id);
	}
	return 0;
}

/* A chain reads which documents on its threads, and among those it names, have tasks:
 * when a later turn changes that, it is planned again. */
static int plan_chains(struct ledger *l, struct work *w, struct err *e)
{
	for (int round = 0; w->chains.n && round < ROUNDS_MOST; round++) {
		if (order_due(l, w, e) != 0)
			return -1;
		for (size_t i = 0; i < w->due.n; i++)
			if (chain_plan(l, w, w->due.at[i], e) != 0)
				return -1;
	}
	w->chains = w->due = w->planned = (id_list){0};
	return 0;
}

/* Link @id if it @replaces something, or if it does not. */
static int link_one(
	struct ledger *l, struct work *w, int64_t id, bool replaces, struct err *e)
{
	struct stored *s = store_load(l, id, e);

	if (!s || !store_event(l, s, e))
		return -1;
	if ((s->business == BUSINESS_REPLACE) != replaces ||
		s->outcome == OUTCOME_QUARANTINED || !reply_applies(l, s))
		return 0;
	return reply_link(l, w, s, e);
}

static int link_some(struct ledger *l, struct work *w, const id_list *replies,
	bool replacements, struct err *e)
{
	for (size_t i = 0; i < replies->n; i++)
		if (link_one(l, w, replies->at[i], replacements, e) != 0)
			return -1;
	return 0;
}

/* What replaces a reply whose links are others now. Its own links do not look at them,
 * only its case on the confirm list, so this ends. */
static int link_inheritors(struct ledger *l, struct work *w, struct err *e)
{
	for (size_t i = 0; i < w->inheritors.n; i++)
		if (link_one(l, w, w->inheritors.at[i], true, e) != 0)
			return -1;
	w->inheritors.n = 0;
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
	if (link_some(l, w, &replies, false, e) != 0 ||
		link_some(l, w, &replies, true, e) != 0)
		return -1;
	return link_inheritors(l, w, e);
}

/* Folded: what is touched from here on is touched anew. */
static void forget_tasks(struct work *w)
{
	w->tasks = w->forced = w->revived = (id_list){0};
	w->slots.n = 0;
}

int judge_work(struct ledger *l, struct work *w, struct err *e)
{
	if (amend_mentioners(l, w, e) != 0 || wake_moved(l, w, e) != 0)
		return -1;
	/* Once; again only when a task to fold had no place in its chain's plan. */
	for (int round = 0; round == 0 || (w->chains.n && round < ROUNDS_MOST);
		round++) {
		if (plan_chains(l, w, e) != 0 || link_replies(l, w, e) != 0 ||
			settle_tasks(l, w, l->event, e) != 0)
			return -1;
		forget_tasks(w);
	}
	return reply_tell(l, w, e);
}

/* The tasks made that are still owed when all is judged. */
static int keep_owed(
	struct ledger *l, const struct work *w, id_list *ret_made, struct err *e)
{
	for (size_t i = 0; i < w->made.n; i++) {
		if (id_list_has(&w->unmade, w->made.at[i])) {
			struct task_row *row = store_task(l, w->made.at[i], e);

			if (!row)
				return -1;
			if (row->task.state == TASK_WITHDRAWN)
				continue;
		}
		id_list_add(&l->arena, ret_made, w->made.at[i]);
	}
	return 0;
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
	/* What is about it is judged; that may show it to be in order after all. */
	if (*ret_refused && amend_mentioners(l, &w, e) != 0)
		return -1;
	*ret_refused = *ret_refused && s->outcome == OUTCOME_QUARANTINED;
	if (*ret_refused)
		return judge_work(l, &w, e);
	if (s->id == l->fresh && bears_news(s) && journal_document(l, s, e) != 0)
		return -1;
	if (s->kind == EVENT_DOCUMENT)
		id_list_add(&l->arena, &w.chains, s->id);
	/* The mates of a new one are woken when it turns out to make tasks. */
	if (s->id != l->fresh && find_thread_mates(l, &w, s, true, e) != 0)
		return -1;
	w.mates_at = w.mentioners.n;
	if (reply_applies(l, s))
		id_list_add(&l->arena, &w.mentioners, s->id);
	if (judge_work(l, &w, e) != 0)
		return -1;
	return keep_owed(l, &w, ret_made, e);
}

int judge_again(struct ledger *l, const id_list *events, struct err *e)
{
	struct work w = {0};

	for (size_t i = 0; i < events->n; i++)
		id_list_add(&l->arena, &w.mentioners, events->at[i]);
	return judge_work(l, &w, e);
}
