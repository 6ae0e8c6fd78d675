/* The deadline of what one document asks (T1, T7, D1, D2). */
#pragma once

#include "gateway/rules/plan_candidates.h"

/* T1: @a's own deadline, else the document's (@a may be NULL). */
struct deadline plan_due_of(
	const struct plan_document *d, const struct event_assignment *a);
struct deadline plan_due_of_candidate(struct planner *p, const struct plan_document *d,
	const struct plan_candidate *c);
/* What the texts propose where @due says nothing, or DAY_NONE; *@due when the policy
 * takes it at once. */
day_t plan_propose_due(struct planner *p, const struct plan_document *d,
	const char *content, struct deadline *due);
