/* What the files of the evidence ladder share: link.c (what a reply says it answers),
 * link_citation.c (what its words cite) and link_role.c (what it is to a task). */
#pragma once

#include "gateway/rules/link.h"

enum { LINK_MONTHS_BACK = 12 }; /* M1: how far back a number alone is believed */

struct judge {
	struct arena *arena;
	const struct link_input *in;
	struct link_verdict *v;
	bool references_known;
	enum reply_kind said; /* judge_role: what the reply is by itself */
	struct fit *fits;     /* link.c: of the entry looked at, one a candidate */
};

/* One line of the trace; @c NULL: nothing known under that name. */
void judge_trace(struct judge *j, const struct link_candidate *c, enum rung rung,
	bool fits, const char *finding);

/* Put the sender's tasks of @c on the confirm list. */
void judge_suggest(struct judge *j, const struct link_candidate *c, enum rung rung,
	const char *reason);

/* @c is answered on @rung: every task of the sender there (or @only), or a mention. */
void judge_answer(struct judge *j, const struct link_candidate *c, enum rung rung,
	const struct link_task *only);

/* M3: does it go to the assigner of @t too, or to nobody at all? */
bool judge_is_addressed(struct judge *j, const struct link_task *t);
bool judge_is_sender(struct judge *j, const char *organ_id, day_t day);

/* Do both stand for the same obligations (an original and its replacement)? */
bool judge_same_tasks(const struct link_candidate *a, const struct link_candidate *b);

/* link_role.c: what the reply is to @t of @c. */
enum link_role judge_role(
	struct judge *j, const struct link_candidate *c, const struct link_task *t);

/* link_citation.c: the lowest rung, after all others. */
void judge_citations(struct judge *j);
