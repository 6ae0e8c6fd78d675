/*
 * B2, B3: which assignment of a later document is which obligation that stands already.
 * The same for an update and a replacement, so that neither gives one task what another
 * was meant to have.
 */
#pragma once

#include "gateway/rules/plan_candidates.h"

/*
 * The candidate of each of the @n @slots, NULL where it has none: of its lead's, the
 * one with its code; else the one with its words; else, in order, the next that is
 * left, of its own kind before another's. What speaks of all that a lead owes pairs
 * with whatever is left of it; what a person gave on pairs as that which was handed
 * back. Marks the candidates that it takes. @day: of the document that asks.
 */
void plan_pair(struct planner *p, day_t day, struct plan_slot *const *slots, size_t n,
	plan_candidate_list *candidates, const struct plan_candidate **ret_of);

/* Equal for the reader; what says nothing equals nothing. */
bool plan_same_words(struct arena *arena, const char *a, const char *b);

/* What @slot asks for at the end of its steps so far. */
const char *plan_content_now(const struct plan_slot *slot);
