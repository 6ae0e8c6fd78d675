/*
 * A task's life (S1): one table, and nothing happens that is not in it.
 */
#pragma once

#include <stdbool.h>

#include "gateway/model/task.h"

enum lifecycle_act {
	ACT_LIFT, /* draft on the thread, interim reply, status 04 or 05 */
	ACT_ANSWER_UNCONFIRMED, /* final answer, confirmation: required */
	ACT_ANSWER,             /* final answer, confirmation: auto */
	ACT_CONFIRM,            /* the assigner confirms */
	ACT_REFUSE,             /* the assigner refuses, with a reason */
	ACT_ACCEPT_HAND_BACK,   /* the assigner accepts a hand-back */
	ACT_RECALL, /* the assignment recalled, or its lead no longer addressed */
	ACT_RECALL_ANSWER,      /* the answering document recalled */
	ACT_REPORT_UNCONFIRMED, /* reported by hand, confirmation: required */
	ACT_REPORT,             /* reported by hand, confirmation: auto */
	ACT_EXTEND,             /* the assigner extends */
	ACT_ACCEPT_DEADLINE,    /* a proposed or flagged deadline is accepted */
	LIFECYCLE_ACTS
};

extern const char *const lifecycle_act_words[LIFECYCLE_ACTS];

/* Is @act allowed in @state; if so, the state after it. */
bool lifecycle_next(
	enum task_state state, enum lifecycle_act act, enum task_state *ret_state);

/* The states in which @act is allowed, as bits 1 << state. */
unsigned lifecycle_from(enum lifecycle_act act);

/* Assigned and in progress are open. */
bool lifecycle_is_open(enum task_state state);
