/*
 * Who owes what (T1 to T5, B1 to B3): from the documents of one chain (an assignment
 * and the updates, replacements and recalls that name it) the obligations they make,
 * each with what befell it, in the order in which the documents count. Pure: facts in,
 * obligations out; which of them are already tasks is the ledger's matter.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "gateway/base/arena.h"
#include "gateway/model/event.h"
#include "gateway/model/organ.h"
#include "gateway/rules/calendar.h"
#include "gateway/rules/deadline.h"
#include "gateway/rules/order.h"
#include "gateway/rules/policy.h"

/* What the policy said when a document arrived: stored beside it, so that a later
 * configuration never unmakes a task (bits). */
enum plan_policy {
	PLAN_MODE_MASK = 7, /* enum policy_tasks */
	PLAN_MAY_ASSIGN = 8,
	PLAN_CONFIRMATION_REQUIRED = 16,
	PLAN_CLOSE_ON_DRAFTED = 32,
	PLAN_CITATION_CLOSES = 64,
	PLAN_ACCEPT_PROPOSED_DUE = 128,
};
unsigned plan_policy_bits(const struct policy *policy, const struct organ_table *organs,
	const struct event *ev);

/* The parts of an event a chain needs. Organ ids are as they came. */
struct plan_document {
	int64_t id;
	const struct event *event;
	unsigned policy; /* enum plan_policy */
	/* T7: who answers proposals and how soon, as the policy said on that day. */
	const struct policy *lists;
	day_t arrived_on;
	int64_t forward_of; /* T8: the sender's own task it sends on, 0: none */
	/* Leads a person put in place of one that handed back; via is minus the act. */
	const struct plan_extra {
		int64_t via;
		const char *lead, *instead_of; /* who handed it back */
		int ordinal;
		enum owed_kind kind;
		day_t given_on;
		day_t due_on; /* the extension it was given with; DAY_NONE: none */
	} * extras;
	size_t extras_n;
	bool is_reply; /* T4: by its references or its thread */
	const int64_t
		*targets; /* ids in the chain that it updates, replaces or recalls */
	size_t targets_n;
	struct act_key key; /* plan_chain fills it */
};

enum plan_act {
	PLAN_MOVED,    /* B3: to the replacement, with its deadline */
	PLAN_DUE,      /* B2: another deadline */
	PLAN_PROPOSED, /* B2, D2: a deadline in an update's text, where there is none */
	PLAN_REMOVED,  /* B2, B3: the lead is no longer addressed */
	PLAN_RECALLED, /* B1 */
};

struct plan_step {
	enum plan_act act;
	int64_t document; /* who did it */
	struct act_key key;
	struct deadline due;   /* of PLAN_MOVED and PLAN_DUE */
	day_t proposed_due_on; /* D2: of PLAN_MOVED and PLAN_PROPOSED; or DAY_NONE */
	/* PLAN_MOVED: what it asks for from here on, and by which assignment. */
	const char *content;
	const text_list *coordinating;
	int ordinal;
	bool repeats;   /* PLAN_MOVED: the replacement repeats the deadline so far */
	bool disagrees; /* B2: another update of this day names another deadline */
};

/* One obligation. (origin, via, ordinal, lead) identify it within its chain. */
struct plan_slot {
	int64_t origin;                 /* the document that made it */
	int64_t via;                    /* B2: the update that added its lead, else 0 */
	const struct plan_extra *extra; /* who was put in another's place; or NULL */
	int ordinal;                    /* T1: which assignment, else 0 */
	enum owed_kind kind;
	const char *lead; /* main id as of the document's day */
	const text_list *coordinating;
	const char *code; /* of its assignment; of all it has moved to, one a line */
	const char *content;
	bool is_explicit, has_words; /* by an assignment; in its own words (planning) */
	struct deadline due;
	day_t proposed_due_on; /* D2: read in the text, not yet taken */
	int64_t parent;        /* T8: the task it is a part of, 0: none */
	int64_t document;      /* where it stands at the end of the chain */
	bool live; /* not removed and not recalled, as far as the chain goes */
	LIST_OF(struct plan_step) steps; /* in order */
};

struct plan {
	LIST_OF(struct plan_slot) slots;
};

/* The tables a plan is made by; all only read. */
struct plan_context {
	const struct organ_table *organs;
	const struct calendar *calendar;
};

/*
 * Judge the chain @documents (any order; sorted here). A document alone is a chain of
 * one. Everything returned lives in @arena or in the documents' events.
 */
void plan_chain(struct arena *arena, const struct plan_context *context,
	struct plan_document *documents, size_t n, struct plan *ret_plan);

/* The last replacement that moved @slot; NULL: it stands where it began. */
const struct plan_step *plan_last_move(const struct plan_slot *slot);

/* Would @ev, with @policy's bits, assign something if it answers nothing (T1 to T3)? */
bool plan_is_assignment(const struct event *ev, unsigned policy);

/* T4's first half: does @ev answer something by what it says itself? */
bool plan_refers(const struct event *ev);
