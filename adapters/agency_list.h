/*
 * A list of agencies as the national axis hands it out (docs/cli.md, `organs
 * import`): the JSON of its REST interface (the whole reply, or the bare array) and the
 * older XML (GetOrganizationsResponse). What is read is what the list says, cleaned
 * (E3); nothing is decided here about who is who.
 *
 * A list that is broken anywhere, says it failed, or names no agency is refused whole:
 * it is never an empty list. One odd entry among many is complained of and kept as far
 * as it makes sense.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "gateway/base/arena.h"
#include "gateway/base/err.h"

struct agency {
	const char *id;         /* the new organ id, else the only one; NULL: none */
	const char *old_id;     /* another id of it; NULL: none */
	const char *name;       /* NULL: none */
	const char *key;        /* what the list itself calls it; NULL: nothing */
	const char *parent_key; /* NULL: none */
	int line, column;       /* where the entry begins, from 1 */
};

struct agency_complaint {
	int line, column;
	const char *text;
};

/* A zeroed one is empty. */
struct agency_list {
	struct arena arena;
	LIST_OF(struct agency) agencies;
	LIST_OF(struct agency_complaint) complaints;
	/* A parent_key is an organ's id where there is such an organ, else mere words
	 * (the XML); if not, it is the key of another agency (the JSON). */
	bool parents_by_id;
	int line, column; /* of the fault, after -1 */
};

/* The first byte tells JSON from XML. -1: ERR_INPUT, and where in @list. */
int agency_list_read(
	struct agency_list *list, const char *bytes, size_t n, struct err *e);
void agency_list_deinit(struct agency_list *list);

/* About the entry at @line and @column. */
void agency_list_complain(struct agency_list *list, int line, int column,
	const char *format, ...) __attribute__((format(printf, 4, 5)));
