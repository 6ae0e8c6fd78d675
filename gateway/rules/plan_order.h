/*
 * The order in which the documents of a chain count (M6, the key): as
 * gateway/rules/plan.c plans them, and as the ledger puts them on their threads.
 */
#pragma once

#include "gateway/rules/plan.h"

day_t plan_day_of_issue(const struct plan_document *d);

/* Does @d update, replace or recall @document? */
bool plan_is_target(const struct plan_document *d, int64_t document);

/* What tells @ev from others of the same issuer, code and day. */
const char *plan_tail_of_key(struct arena *arena, const struct event *ev);

/* The key of @ev among the documents of a chain, as if it amended nothing. */
struct act_key plan_own_key(
	struct arena *arena, const struct event *ev, day_t arrived_on);

/* Give every document its key, and bring them into its order. */
void plan_order(struct arena *arena, struct plan_document *documents, size_t n);
