/*
 * Link (M6): which documents a reply answers, on which rungs of the evidence ladder
 * (M1), and which of their tasks its sender may close. Pure: the candidates
 * are everything the ledger knows under the names the reply mentions.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "gateway/base/arena.h"
#include "gateway/model/event.h"
#include "gateway/model/organ.h"
#include "gateway/model/task.h"
#include "gateway/rules/citation.h"
#include "gateway/rules/target.h"

struct link_task {
	int64_t id;
	const char *lead;     /* main id */
	const char *code;     /* its assignments' own codes, one a line; may be NULL */
	const char *assigner; /* as it came */
	day_t assigned_on;
	int64_t document; /* the one that made it, where its links hang; 0: the
			     candidate */
	enum owed_kind kind;
	day_t given_on; /* when a person gave it to its lead, who answered something
			   else before; DAY_NONE: by the document */
	/* What it asks for: an explicit assignment's own content, else the content and
	 * the subject of the document that made it; all NULL: the candidate's. */
	const char *content, *subject;
};

struct link_candidate {
	struct known_document known;
	const char *subject;
	bool on_thread; /* of the reply's thread, standing before it, by someone else */
	const struct link_task
		*tasks; /* none: it assigned nothing to anybody asked for */
	size_t tasks_n;
	/* Filled by link_judge: the tasks the sender may answer; is it referred to? */
	const struct link_task **mine;
	size_t mine_n;
	bool referred;
	bool contested;             /* M2: one of two that an entry names at once */
	enum rung referred_on;      /* by a reference, RUNG_NONE: by none */
	const char *code;           /* known.code folded, NULL: none */
	LIST_OF(uint64_t) callings; /* a hash of each name it goes by */
};

/* A code its words cite; only such as may be answered. */
struct link_citation {
	const struct citation *citation;
	bool in_subject;
};

struct link_input {
	int64_t document; /* the reply itself */
	const struct event *event;
	day_t sent_on, arrived_on;
	const char *site;
	const struct organ_table *organs;
	bool close_on_drafted, citation_closes;
	const struct link_citation *citations;
	size_t citations_n;
	struct link_candidate *candidates;
	size_t candidates_n;
};

enum link_role {
	LINK_ANSWER = 1,
	LINK_INTERIM,
	LINK_EXTENSION,
	LINK_HAND_BACK,
	LINK_GUIDANCE,
	LINK_DRAFT,
	LINK_MENTION,
	LINK_STATUS,
	LINK_UPDATE,
	LINK_REPLACE,
	LINK_RECALL,
	LINK_RIVAL, /* M1: another document fits as well as the one it closed */
};
extern const char *const link_role_words[13];

struct link {
	int64_t document;
	int64_t task; /* 0: the document as a whole */
	enum link_role role;
	enum rung rung;
	const char *why; /* of a mention: what keeps it from being an answer */
};

struct link_suggestion {
	int64_t document, task;
	enum link_role role; /* what accepting it makes */
	unsigned rungs;      /* bits 1 << enum rung */
};

/* One line of the trace (M9): what was tried and what came of it. */
struct link_trace {
	int64_t document; /* 0: nothing known under that name */
	enum rung rung;
	bool fits;
	const char *finding;
};

struct link_verdict {
	enum reply_kind kind;
	bool refers; /* it names something at all */
	bool known;  /* at least one of what it names is known */
	LIST_OF(struct link) links;
	LIST_OF(struct link_suggestion) suggestions;
	const char *suggestion_reason; /* NULL: nothing to confirm */
	LIST_OF(struct link_trace) trace;
};

/* Everything returned lives in @arena or in @in. */
void link_judge(struct arena *arena, const struct link_input *in,
	struct link_verdict *ret_verdict);

/* The link a person makes of a suggestion; its rung is the strongest that spoke for it.
 */
struct link link_accepted(const struct link_suggestion *suggestion);

/* The day a reply of @sent_on counts for an assignment of @assigned_on (S3). */
day_t link_sent_on(day_t sent_on, day_t arrived_on, day_t assigned_on);

/*
 * `task_code`: the number of the task of this site that @code names, 0 if it names
 * none: `<site>/NV-<n>`, the site under any of its ids, or a bare `NV-<n>` when @source
 * is this site's (NULL is).
 */
int64_t link_task_number(struct arena *arena, const struct organ_table *organs,
	const char *code, const char *site, const char *source);
