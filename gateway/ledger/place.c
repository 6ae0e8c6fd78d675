/*
 * Where a document stands (M6, the key), and hence what may look at what: a plan
 * reads only the tasks of documents that stand before it, so nothing goes in circles.
 *
 * What replaces another counts when it acts, but stands where that one stood: right
 * behind it, before whatever others have issued since. So it is a reply if what it
 * replaces was one, and what was made of that meanwhile does not make it one.
 */
#include "gateway/ledger/internal.h"

#include <stdlib.h>
#include <string.h>

#include "gateway/rules/names.h"
#include "gateway/rules/plan_order.h"

struct act_key place_issued(struct ledger *l, struct stored *s, struct err *e)
{
	const struct event *ev = store_event(l, s, e);
	const char *code = name_fold_code(&l->arena, s->code ? s->code : "");
	bool assigns = ev && !plan_refers(ev) && plan_is_assignment(ev, s->policy);

	return (struct act_key){.day = order_issue_day(s->issued_on, s->arrived_on),
		.rank = assigns ? RANK_ASSIGNMENT : RANK_ANSWER,
		.depth = organ_depth(l->options.organs, s->issuer),
		.number = name_number(code),
		.identity = ARENA_JOIN(&l->arena, s->issuer_main, " ", code, " ",
			ev ? plan_tail_of_key(&l->arena, ev) : NULL)};
}

static int find_targets(
	struct ledger *l, int64_t document, id_list *targets, struct err *e)
{
	link_list links = {0};

	if (store_links_of_event(l, document, &links, e) != 0)
		return -1;
	for (size_t i = 0; i < links.n; i++)
		if (links.at[i].role == LINK_REPLACE)
			id_list_add(&l->arena, targets, links.at[i].document);
	return 0;
}

/* The keys of @s and of what it replaces, at any distance, as far as they are not known
 * yet. What is known can replace none of these. */
static int count_together(struct ledger *l, struct stored *s, struct err *e)
{
	LIST_OF(struct order_document) order = {0};
	LIST_OF(struct stored *) documents = {0};
	id_list all = {0};

	id_list_add(&l->arena, &all, s->id);
	for (size_t i = 0; i < all.n; i++) {
		struct stored *d = store_load(l, all.at[i], e);
		const struct event *ev = d ? store_event(l, d, e) : NULL;
		id_list targets = {0};

		if (!ev || (!d->place.counted && find_targets(l, d->id, &targets, e)))
			return -1;
		for (size_t k = 0; k < targets.n; k++) {
			id_list_add(&l->arena, &all, targets.at[k]);
			d->place.replaces |= targets.at[k] != d->id;
		}
		*LIST_ADD(&l->arena, &documents) = d;
		*LIST_ADD(&l->arena, &order) = (struct order_document){.id = d->id,
			.issued_on = d->issued_on,
			.first_hop_on = ev->first_hop_on,
			.arrived_on = d->arrived_on,
			.targets = targets.at,
			.targets_n = targets.n,
			.key = d->place.counted
				       ? d->place.counts
				       : plan_own_key(&l->arena, ev, d->arrived_on)};
	}
	order_documents(&l->arena, order.at, order.n);
	for (size_t i = 0; i < order.n; i++) {
		documents.at[i]->place.counts = order.at[i].key;
		documents.at[i]->place.counted = true;
	}
	return 0;
}

/* The key of @s among the documents it replaces, from the first of a long row on. */
static int count(struct ledger *l, struct stored *s, struct err *e)
{
	id_list row = {0};

	id_list_add(&l->arena, &row, s->id);
	for (size_t i = 0; s->business == BUSINESS_REPLACE && i < row.n; i++) {
		struct stored *d = store_load(l, row.at[i], e);
		id_list targets = {0};

		if (!d || (!d->place.counted && find_targets(l, d->id, &targets, e)))
			return -1;
		for (size_t k = 0; k < targets.n; k++)
			id_list_add(&l->arena, &row, targets.at[k]);
	}
	for (size_t i = row.n; i-- > 0;) {
		struct stored *d = store_load(l, row.at[i], e);

		if (!d || (!d->place.counted && count_together(l, d, e) != 0))
			return -1;
	}
	return 0;
}

static int find_place(struct ledger *l, struct stored *s, struct err *e);

/* @s stands no earlier than @id, if that counts before it: what a plan gives @s hangs
 * on what @id has. */
static int stand_behind(struct ledger *l, struct stored *s, int64_t id, struct err *e)
{
	struct stored *other = store_load(l, id, e);

	if (!other || (!other->place.counted && count(l, other, e) != 0))
		return -1;
	if (other == s || act_key_compare(&other->place.counts, &s->place.counts) >= 0)
		return 0;
	if (find_place(l, other, e) != 0)
		return -1;
	if (s->place.behind == NULL ||
		act_key_compare(&s->place.stands, &other->place.stands) < 0) {
		s->place.stands = other->place.stands;
		s->place.behind = other;
	}
	return 0;
}

/* Behind what it replaces, and behind what has replaced that before. */
static int find_place(struct ledger *l, struct stored *s, struct err *e)
{
	id_list targets = {0};

	if (s->place.found)
		return 0;
	if (!s->place.counted && count(l, s, e) != 0)
		return -1;
	s->place.behind = NULL;
	if (s->place.replaces && find_targets(l, s->id, &targets, e) != 0)
		return -1;
	for (size_t i = 0; i < targets.n; i++) {
		link_list others = {0};

		if (stand_behind(l, s, targets.at[i], e) != 0 ||
			store_links(l, targets.at[i], 0, &others, e) != 0)
			return -1;
		for (size_t k = 0; k < others.n; k++)
			if (others.at[k].role == LINK_REPLACE &&
				stand_behind(l, s, others.at[k].event, e) != 0)
				return -1;
	}
	if (!s->place.behind)
		s->place.stands = place_issued(l, s, e);
	s->place.acts = s->place.replaces ? s->place.counts : s->place.stands;
	s->place.found = true;
	return 0;
}

/* Of two whose places are found: negative when @a stands before @b. */
static int compare(const struct stored *a, const struct stored *b)
{
	int order = act_key_compare(&a->place.stands, &b->place.stands);

	if (order)
		return order;
	if (!a->place.behind || !b->place.behind)
		return (a->place.behind != NULL) - (b->place.behind != NULL);
	return act_key_compare(&a->place.counts, &b->place.counts);
}

int place_before(struct ledger *l, struct stored *a, struct stored *b, bool *ret_before,
	struct err *e)
{
	/* Of two that replace nothing the days mostly tell, without their bodies. */
	if (a->business != BUSINESS_REPLACE && b->business != BUSINESS_REPLACE) {
		day_t day_a = order_issue_day(a->issued_on, a->arrived_on);
		day_t day_b = order_issue_day(b->issued_on, b->arrived_on);

		*ret_before = day_a < day_b;
		if (day_a != day_b)
			return 0;
	}
	if (find_place(l, a, e) != 0 || find_place(l, b, e) != 0)
		return -1;
	*ret_before = compare(a, b) < 0 &&
		      act_key_compare(&a->place.acts, &b->place.acts) < 0;
	return 0;
}

int place_counts_before(struct ledger *l, struct stored *a, struct stored *b,
	bool *ret_before, struct err *e)
{
	if ((!a->place.counted && count(l, a, e) != 0) ||
		(!b->place.counted && count(l, b, e) != 0))
		return -1;
	*ret_before = act_key_compare(&a->place.counts, &b->place.counts) < 0;
	return 0;
}

static int compare_stored(const void *a, const void *b)
{
	return compare(*(struct stored *const *)a, *(struct stored *const *)b);
}

int place_sort(struct ledger *l, id_list *documents, struct err *e)
{
	struct stored **sorted =
		arena_alloc(&l->arena, (documents->n + 1) * sizeof(struct stored *));
	size_t n = documents->n;

	for (size_t i = 0; n > 1 && i < n; i++) {
		sorted[i] = store_load(l, documents->at[i], e);
		if (!sorted[i] || find_place(l, sorted[i], e) != 0)
			return -1;
	}
	if (n < 2)
		return 0;
	qsort(sorted, n, sizeof(struct stored *), compare_stored);
	*documents = (id_list){0};
	for (size_t i = 0; i < n; i++)
		id_list_add(&l->arena, documents, sorted[i]->id);
	return 0;
}

void place_forget(struct ledger *l)
{
	for (size_t i = 0; i < l->seen.events.n; i++)
		memset(&l->seen.events.at[i]->place, 0,
			sizeof(l->seen.events.at[i]->place));
}
