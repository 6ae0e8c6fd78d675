/*
 * Who would owe something because of one document alone (T1 to T4, T7, T8), before what
 * its chain says is asked.
 */
#pragma once

#include "gateway/rules/plan.h"

/* What every step of planning reads, and the plan it writes. */
struct planner {
	struct arena *arena;
	const struct plan_context *context;
	const struct organ_table *organs;
	struct plan *plan;
};

struct plan_candidate {
	const struct event_assignment *assignment; /* NULL: T2, T7, T8 */
	int ordinal;
	const char *lead;
	enum owed_kind kind; /* without an assignment */
	bool whole;          /* B2, B3: speaks of all that its lead owes */
	bool moves_only;     /* B3: keeps what is owed, makes nothing new */
	bool taken;          /* plan_pair found what it is */
};
typedef LIST_OF(struct plan_candidate) plan_candidate_list;

bool plan_has_lead(const plan_candidate_list *list, const char *lead);
/* Who owes what @organ_id is given on @day: an organ dissolved by then owes nothing any
 * more, its successor does (M3). NULL for nobody. */
const char *plan_lead_on(const struct planner *p, const char *organ_id, day_t day);
/* Is @lead (as of @day) the one that owes @slot_lead's task by then? */
bool plan_same_lead(
	const struct planner *p, const char *slot_lead, const char *lead, day_t day);
/* T3: may @d give @a to @lead? */
bool plan_may_give(const struct planner *p, const struct plan_document *d,
	const struct event_assignment *a, const char *lead);
/* @inherits: it replaces what assigned by T2, so it does too. */
void plan_list_candidates(struct planner *p, const struct plan_document *d,
	bool inherits, plan_candidate_list *list);
