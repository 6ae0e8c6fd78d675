#include "gateway/config/organs_tree.h"

#include <string.h>

#include "gateway/base/text.h"

#define AMBIGUOUS (SIZE_MAX - 1)

/* JSON: a key names an agency, so it must not name two that are not one organ. */
static void index_key(struct agency_list *list, struct organs_index *keys, size_t i)
{
	const struct agency *a = &list->agencies.at[i];
	size_t *number = a->key ? organs_index_at(keys, a->key) : NULL;

	if (!number)
		return;
	if (*number == INDEX_NONE) {
		*number = i;
		return;
	}
	if (*number == AMBIGUOUS)
		return;
	const struct agency *first = &list->agencies.at[*number];

	if (first->id && a->id && text_same_id(first->id, a->id))
		return;
	agency_list_complain(list, a->line, a->column,
		"the key %.64s is also that of the agency in line %d; nobody gets it "
		"as parent",
		a->key, first->line);
	*number = AMBIGUOUS;
}

static void index_id(struct organs_index *keys, const char *id, size_t i)
{
	size_t *number = id ? organs_index_at(keys, id) : NULL;

	if (number && *number == INDEX_NONE)
		*number = i;
}

static void index_agencies(struct agency_list *list, struct organs_index *keys)
{
	size_t n = list->agencies.n;

	organs_index_init(keys, &list->arena, list->parents_by_id ? 2 * n : n);
	for (size_t i = 0; i < n && !list->parents_by_id; i++)
		index_key(list, keys, i);
	/* An id that is new here and old there means who has it now. */
	for (size_t i = 0; i < n && list->parents_by_id; i++)
		index_id(keys, list->agencies.at[i].id, i);
	for (size_t i = 0; i < n && list->parents_by_id; i++)
		index_id(keys, list->agencies.at[i].old_id, i);
}

/* How a list says that nobody is above. */
static bool is_nobody(const char *key)
{
	return !key || !strcmp(key, "0") || !strcmp(key, "-1");
}

static size_t find_parent(
	struct agency_list *list, const struct organs_index *keys, size_t i)
{
	const struct agency *a = &list->agencies.at[i];
	size_t parent = organs_index_find(keys, a->parent_key);

	if (parent == INDEX_NONE && !is_nobody(a->parent_key) && !list->parents_by_id)
		agency_list_complain(list, a->line, a->column,
			"%.64s: its parent %.64s is not in the list; it gets none",
			a->id ? a->id : "an agency", a->parent_key);
	return parent == AMBIGUOUS ? INDEX_NONE : parent;
}

struct circle {
	struct agency_list *list;
	size_t *parents;
};

static void cut_agency(void *context, size_t i)
{
	struct circle *c = context;
	const struct agency *a = &c->list->agencies.at[i];

	agency_list_complain(c->list, a->line, a->column,
		"%.64s: following each parent leads back to it; it gets none",
		a->id ? a->id : "an agency");
	c->parents[i] = INDEX_NONE;
}

size_t *organs_tree_parents(struct agency_list *list)
{
	size_t n = list->agencies.n;
	size_t *parents = arena_alloc(&list->arena, n * sizeof(*parents));
	struct circle circle = {list, parents};
	struct organs_index keys;

	index_agencies(list, &keys);
	for (size_t i = 0; i < n; i++)
		parents[i] = find_parent(list, &keys, i);
	organs_tree_circles(parents, n, &list->arena, cut_agency, &circle);
	return parents;
}

/*
 * A walk that meets its own mark has run in a circle, one that meets an older mark has
 * been there before.
 */
void organs_tree_circles(size_t *parents, size_t n, struct arena *arena,
	void (*cut)(void *context, size_t i), void *context)
{
	size_t *marks = arena_alloc(arena, n * sizeof(*marks));

	for (size_t i = 0; i < n; i++) {
		size_t at = i;

		for (; at != INDEX_NONE && !marks[at]; at = parents[at])
			marks[at] = i + 1;
		if (at == INDEX_NONE || marks[at] != i + 1)
			continue;
		for (size_t first = at, next = at; next != INDEX_NONE;) {
			size_t here = next;

			next = parents[here] == first ? INDEX_NONE : parents[here];
			cut(context, here);
		}
	}
}

enum { UNKNOWN, INSIDE, OUTSIDE };

static bool is_called(
	const struct organ_table *table, const struct agency *a, const char *id)
{
	return (a->id && organ_same(table, a->id, DAY_NONE, id, DAY_NONE)) ||
	       (a->old_id && organ_same(table, a->old_id, DAY_NONE, id, DAY_NONE));
}

bool *organs_tree_below(struct agency_list *list, const size_t *parents,
	const struct organ_table *table, const char *under, bool *ret_any)
{
	size_t n = list->agencies.n;
	bool *below = arena_alloc(&list->arena, n * sizeof(*below));
	char *known = arena_alloc(&list->arena, n);

	*ret_any = false;
	for (size_t i = 0; i < n; i++) {
		if (!is_called(table, &list->agencies.at[i], under))
			continue;
		known[i] = INSIDE;
		*ret_any = true;
	}
	for (size_t i = 0; i < n; i++) {
		size_t at = i;

		while (at != INDEX_NONE && known[at] == UNKNOWN)
			at = parents[at];
		char found = at == INDEX_NONE ? OUTSIDE : known[at];

		for (at = i; at != INDEX_NONE && known[at] == UNKNOWN; at = parents[at])
			known[at] = found;
		below[i] = found == INSIDE;
	}
	return below;
}
