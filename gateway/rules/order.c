#include "gateway/rules/order.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/base/buf.h"

int act_key_compare(const struct act_key *a, const struct act_key *b)
{
	if (a->day != b->day)
		return a->day < b->day ? -1 : 1;
	if (a->rank != b->rank)
		return a->rank < b->rank ? -1 : 1;
	if (a->depth != b->depth)
		return a->depth < b->depth ? -1 : 1;
	if (a->number != b->number)
		return a->number < b->number ? -1 : 1;
	return strcmp(a->identity, b->identity);
}

day_t order_issue_day(day_t issued_on, day_t arrived_on)
{
	return issued_on != DAY_NONE ? issued_on : arrived_on;
}

day_t order_amend_day(
	day_t issued_on, day_t first_hop_on, day_t arrived_on, day_t target_day)
{
	/* DAY_NONE is smaller than every day, so an absent date never counts as later.
	 */
	if (issued_on > target_day)
		return issued_on;
	if (first_hop_on > target_day)
		return first_hop_on;
	return arrived_on > target_day ? arrived_on : target_day;
}

/* ---- Documents that amend each other */

struct entry {
	int64_t id;
	size_t at;
};

struct sorter {
	struct arena *arena;
	struct order_document *documents;
	size_t n;
	struct entry *by_id;
	struct act_key *given; /* the keys as they were given */
	bool *plain;           /* amends nothing that amends it, at any distance */
	bool *begun;
	size_t *seen; /* by the last walk of that number */
	size_t walks;
};

static int compare_entries(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return (x->id > y->id) - (x->id < y->id);
}

/* The place of @id in the list, n when it is not there. */
static size_t place_of(const struct sorter *s, int64_t id)
{
	const struct entry wanted = {.id = id},
			   *found = bsearch(&wanted, s->by_id, s->n, sizeof(wanted),
				   compare_entries);

	return found ? found->at : s->n;
}

/* Does @from amend @to, at any distance? */
static bool leads_to(struct sorter *s, size_t from, size_t to)
{
	const struct order_document *d = &s->documents[from];

	if (from == to)
		return true;
	if (s->seen[from] == s->walks)
		return false;
	s->seen[from] = s->walks;
	for (size_t i = 0; i < d->targets_n; i++) {
		size_t target = place_of(s, d->targets[i]);

		if (target < s->n && leads_to(s, target, to))
			return true;
	}
	return false;
}

/* Does document @at count after its @target? Always, unless they amend each other. */
static bool counts_after(struct sorter *s, size_t at, size_t target)
{
	if (target == s->n || target == at)
		return false;
	if (s->plain[target])
		return true;
	s->walks++;
	return !leads_to(s, target, at) ||
	       act_key_compare(&s->given[target], &s->given[at]) < 0;
}

static void find_key(struct sorter *s, size_t at)
{
	struct order_document *d = &s->documents[at];
	const struct act_key *last = NULL;

	s->begun[at] = true;
	for (size_t i = 0; i < d->targets_n; i++) {
		size_t target = place_of(s, d->targets[i]);

		if (!counts_after(s, at, target))
			continue;
		if (!s->begun[target])
			find_key(s, target);
		if (!last || act_key_compare(last, &s->documents[target].key) < 0)
			last = &s->documents[target].key;
	}
	if (!last)
		return;
	d->key.day = order_amend_day(
		d->issued_on, d->first_hop_on, d->arrived_on, last->day);
	if (act_key_compare(&d->key, last) > 0)
		return;
	const char *own = d->key.identity;

	d->key = *last;
	d->key.identity = ARENA_JOIN(s->arena, last->identity, " then ", own);
}

/* @at is plain when all it amends is; then its key can be told at once. */
static bool becomes_plain(struct sorter *s, size_t at)
{
	const struct order_document *d = &s->documents[at];

	for (size_t i = 0; i < d->targets_n; i++) {
		size_t target = place_of(s, d->targets[i]);

		if (target < s->n && target != at && !s->plain[target])
			return false;
	}
	s->plain[at] = true;
	find_key(s, at);
	return true;
}

/* From both ends: a long row of amendments mostly comes in one order or the other. */
static void find_plain(struct sorter *s)
{
	for (bool more = true; more;) {
		more = false;
		for (size_t i = 0; i < s->n; i++) {
			more |= !s->plain[i] && becomes_plain(s, i);
			size_t last = s->n - 1 - i;

			more |= !s->plain[last] && becomes_plain(s, last);
		}
	}
}

void order_documents(struct arena *arena, struct order_document *documents, size_t n)
{
	struct sorter s = {.arena = arena,
		.documents = documents,
		.n = n,
		.by_id = arena_alloc(arena, (n + 1) * sizeof(*s.by_id)),
		.given = arena_alloc(arena, (n + 1) * sizeof(*s.given)),
		.plain = arena_alloc(arena, (n + 1) * sizeof(*s.plain)),
		.begun = arena_alloc(arena, (n + 1) * sizeof(*s.begun)),
		.seen = arena_alloc(arena, (n + 1) * sizeof(*s.seen))};

	for (size_t i = 0; i < n; i++) {
		s.given[i] = documents[i].key;
		s.by_id[i] = (struct entry){documents[i].id, i};
	}
	qsort(s.by_id, n, sizeof(*s.by_id), compare_entries);
	find_plain(&s);
	for (size_t i = 0; i < n; i++)
		if (!s.begun[i])
			find_key(&s, i);
}
