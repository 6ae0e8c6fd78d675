/* What the files of the evidence ladder share: link.c (a reply's task codes, its
 * thread, and the whole), link_entry.c (its references), link_citation.c (what its
 * words cite) and link_role.c (what it is to a task). */
#pragma once

#include "gateway/rules/link.h"

enum { LINK_MONTHS_BACK = 12 }; /* M1: how far back a number alone is believed */

struct judge {
	struct arena *arena;
	const struct link_input *in;
	struct link_verdict *v;
	bool references_known;
	bool contradicted;    /* M2: rungs name different documents */
	enum reply_kind said; /* judge_role: what the reply is by itself */
	struct fit *fits; /* link_entry.c: of the entry looked at, one a candidate */
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

/* M2: what was answered so far is not; it goes to the confirm list instead. */
void judge_withdraw(struct judge *j);

/* A link once a task: the strongest rung is kept. @why: of a mention. */
void judge_link(struct judge *j, int64_t document, int64_t task, enum link_role role,
	enum rung rung, const char *why);

/* M3: does it go to the assigner of @t too, or to nobody at all? */
enum judge_addressed {
	JUDGE_ELSEWHERE,
	JUDGE_UNTOLD, /* its addressees are names that are not the assigner's, no ids */
	JUDGE_ADDRESSED,
};
enum judge_addressed judge_is_addressed(struct judge *j, const struct link_task *t);
bool judge_is_sender(struct judge *j, const char *organ_id, day_t day);

/* Do both stand for the same obligations (an original and its replacement)? */
bool judge_same_tasks(const struct link_candidate *a, const struct link_candidate *b);
bool judge_share_task(const struct link_candidate *a, const struct link_candidate *b);

/* The day @c acts as an assignment: that of its arrival where it bears no date. */
day_t judge_issued_on(const struct link_candidate *c);

/* link_entry.c: one `response_for` entry. @answers false: it only says what is referred
 * to, beside task codes (M5). */
void judge_entry(struct judge *j, const struct event_reference *r, bool answers);
/* What @c may be found by among many entries. */
void judge_find_callings(struct judge *j, struct link_candidate *c);

/* link_role.c: what the reply is to @t of @c. */
enum link_role judge_role(
	struct judge *j, const struct link_candidate *c, const struct link_task *t);

/* link_citation.c: the lowest rung, after all others. */
void judge_citations(struct judge *j);
