#include "gateway/rules/order.h"

#include <stdbool.h>
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

struct sorter {
	struct arena *arena;
	struct order_document *documents;
	size_t n;
	struct act_key *given; /* the keys as they were given */
	bool *begun;
	size_t *seen; /* by the last walk of that number */
	size_t walks;
};

/* The place of @id in the list, n when it is not there. */
static size_t place_of(const struct sorter *s, int64_t id)
{
	size_t i = 0;

	while (i < s->n && s->documents[i].id != id)
		i++;
	return i;
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
	if (!s->documents[target].targets_n)
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

void order_documents(struct arena *arena, struct order_document *documents, size_t n)
{
	struct sorter s = {.arena = arena,
		.documents = documents,
		.n = n,
		.given = arena_alloc(arena, (n + 1) * sizeof(*s.given)),
		.begun = arena_alloc(arena, (n + 1) * sizeof(*s.begun)),
		.seen = arena_alloc(arena, (n + 1) * sizeof(*s.seen))};

	for (size_t i = 0; i < n; i++)
		s.given[i] = documents[i].key;
	for (size_t i = 0; i < n; i++)
		if (!s.begun[i])
			find_key(&s, i);
}
