/*
 * Who is above whom in an agency list: whatever a list says of parents, what comes out
 * is a forest, each agency with one parent or none.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "adapters/agency_list.h"
#include "gateway/config/organs_index.h"
#include "gateway/model/organ.h"

/*
 * For each agency of @list the number of its parent, INDEX_NONE for none; in the list's
 * arena. A parent that is not there, ambiguous, or runs in a circle is complained of
 * and dropped.
 */
size_t *organs_tree_parents(struct agency_list *list);

/*
 * For each agency: is it @under or below it, by any id, also those @table (which may be
 * NULL) knows? @ret_any says whether there was such an agency at all.
 */
bool *organs_tree_below(struct agency_list *list, const size_t *parents,
	const struct organ_table *table, const char *under, bool *ret_any);

/* Call @cut for everybody in a circle of @parents; it may set the parent of its @i. */
void organs_tree_circles(size_t *parents, size_t n, struct arena *arena,
	void (*cut)(void *context, size_t i), void *context);
