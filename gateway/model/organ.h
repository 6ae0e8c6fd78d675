/*
 * The organ table (O1, O2): who is who, under which ids and when, who succeeds whom,
 * who may answer, receive and issue for whom. Ids are compared without case; ids the
 * table does not know are organs of their own. A table is built once, then only read,
 * and may be read from several threads.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "gateway/base/day.h"
#include "gateway/base/err.h"

struct organ_table;

/* Dates are inclusive; DAY_NONE leaves that side open. */
struct organ_alias {
	const char *id;
	day_t from, to;
};

struct organ {
	const char *id; /* the main id, printed everywhere */
	const char *const *names;
	size_t names_n;
	const char *parent; /* NULL: none */
	const struct organ_alias *aliases;
	size_t aliases_n;
	const char *successor; /* NULL: none */
	day_t successor_from;
	bool uses_eoffice;
	const char *const *answered_by, *const *receives_for, *const *issues_for;
	size_t answered_by_n, receives_for_n, issues_for_n;
};

struct organ_table *organ_table_new(void);
void organ_table_free(struct organ_table *table);

/*
 * Copy @organ into the table. An id that is already some organ's main id, or two
 * aliases that are the same id on the same day for different organs, are refused:
 * ERR_CONFIG.
 */
int organ_table_add(
	struct organ_table *table, const struct organ *organ, struct err *e);

/*
 * After the last add: parents, successors and the three lists must name known or at
 * least well-shaped ids, and neither parents nor successors may run in a circle.
 * ERR_CONFIG.
 */
int organ_table_finish(struct organ_table *table, struct err *e);

size_t organ_table_size(const struct organ_table *table);
const struct organ *organ_table_at(const struct organ_table *table, size_t index);

/* The organ known as @id on @day (DAY_NONE: on any day), NULL if the table has none. */
const struct organ *organ_find(
	const struct organ_table *table, const char *id, day_t day);

/*
 * The main id of @id on @day; an id the table does not know is its own main id
 * (returned as given). NULL gives NULL. A NULL table knows nobody.
 */
const char *organ_main_id(const struct organ_table *table, const char *id, day_t day);

/* Are @a (seen on @a_day) and @b (seen on @b_day) names of one organ (O2)? */
bool organ_same(const struct organ_table *table, const char *a, day_t a_day,
	const char *b, day_t b_day);

/* The organ that has taken @id's place by @day, following successors; the main id. */
const char *organ_successor(const struct organ_table *table, const char *id, day_t day);

/* Is @ancestor a parent of @id, at any distance? Never true of an organ and itself. */
bool organ_is_ancestor(
	const struct organ_table *table, const char *ancestor, const char *id);

/* How many parents @id has above it; 0 for the topmost, and for one nobody knows. */
int organ_depth(const struct organ_table *table, const char *id);

/*
 * M3: may what @sender issues on @sent_on answer what @lead was given on @assigned_on?
 * It is the lead itself, a dissolved lead's successor, a body the lead is answered by,
 * or one that issues for the lead.
 */
bool organ_may_answer(const struct organ_table *table, const char *sender,
	day_t sent_on, const char *lead, day_t assigned_on);

/* M3: is a letter to @addressee on @day a letter to @assigner (as of @assigned_on)? */
bool organ_receives(const struct organ_table *table, const char *addressee, day_t day,
	const char *assigner, day_t assigned_on);

/* B5: may @actor (on @acted_on) recall, update or replace what @issuer issued? */
bool organ_may_amend(const struct organ_table *table, const char *actor, day_t acted_on,
	const char *issuer, day_t issued_on);

/* O1: may what @issuer issued on @issued_on be @organ's own? Not asked of an organ and
 * itself. */
bool organ_issues_for(const struct organ_table *table, const char *issuer,
	day_t issued_on, const char *organ);
