/*
 * An agency list made into organs, and merged with a table that is there already. New
 * and old id of an agency are ids of one organ, the new one its main id. What the table
 * says stays, all of it; the list adds names, aliases, parents where there are none,
 * and organs. Where the two, or two entries, contradict each other, nothing is guessed:
 * it is complained of and what is unclear is left out.
 */
#pragma once

#include <stddef.h>

#include "adapters/agency_list.h"
#include "gateway/base/err.h"
#include "gateway/model/organ.h"

struct organs_merged {
	const struct organ *organs; /* in the order of their ids; in the list's arena */
	size_t n;
	size_t added; /* organs that @table did not have */
};

/*
 * @table may be NULL. @under, which may be NULL, leaves out of the list whatever is not
 * that organ or below it. Complaints go to the list's, sorted by line. -1: the list has
 * no @under (ERR_INPUT). What comes out is a valid table.
 */
int organs_merge(struct agency_list *list, const struct organ_table *table,
	const char *under, struct organs_merged *ret_merged, struct err *e);
