/*
 * Fold (M6): from one obligation and the facts linked to it, in key order, what the
 * task is now. The order in which the facts came is no input.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "gateway/model/task.h"
#include "gateway/rules/order.h"
#include "gateway/rules/plan.h"

enum fold_fact_kind {
	FOLD_ANSWER, /* a final answer that stands */
	FOLD_INTERIM,
	FOLD_EXTENSION,
	FOLD_HAND_BACK,
	FOLD_GUIDANCE,
	FOLD_ACT,      /* a person's */
	FOLD_RECALLED, /* a final answer that was recalled: what people did about it */
};

/* What people may do with a task (S1; docs/cli.md, `task`). */
enum act_kind {
	ACT_KIND_CONFIRM,
	ACT_KIND_REFUSE,
	ACT_KIND_EXTEND,
	ACT_KIND_ACCEPT_HAND_BACK,
	ACT_KIND_DECLINE_HAND_BACK,
	ACT_KIND_REPORT,
	ACT_KIND_ACCEPT_DEADLINE,
	ACT_KIND_UNDO,
	ACT_KINDS
};
extern const char *const act_kind_words[ACT_KINDS];

struct fold_fact {
	enum fold_fact_kind kind;
	struct act_key key; /* day: fold_answer_day */
	enum rung rung;
	int64_t document;  /* who acts */
	int64_t closed_by; /* B3: its last replacement, or itself */
	bool date_flagged; /* S3 */
	enum act_kind act; /* FOLD_ACT: what, and */
	day_t due_on;      /* refuse, extend: the new deadline, DAY_NONE: as it was */
	day_t done_on;     /* report: the day it was done */
	day_t until;       /* FOLD_RECALLED: the day of its recall */
};

/* Facts without a place in the order (M6): they lift `assigned`, or flag. */
struct fold_marks {
	bool lifted;    /* a draft that stands, 04/05, an answer that was recalled */
	unsigned flags; /* enum task_flag */
};

struct fold_result {
	enum task_state state;
	int64_t document;
	struct deadline due;
	unsigned flags;
	day_t completed_on;
	int64_t closed_by;
	enum rung rung;
	day_t proposed_due_on; /* D2: not yet taken */
	/* B3: the replacement it follows in what it asks for; NULL: none. */
	const struct plan_step *moved;
};

/*
 * S1: may @act be done to a task that stands like @now (state, flags, due and
 * proposed_due_on count)? True, or false and in @why (FOLD_WHY bytes) what would have
 * to be so.
 */
enum { FOLD_WHY = 160 };
bool fold_act_allowed(enum act_kind act, const struct fold_result *now,
	bool confirmation_required, char why[FOLD_WHY]);

/*
 * S3: the day an answer counts for: its issue date, but its day of arrival when that
 * date is before the assignment's first document or after its arrival (then flagged).
 */
day_t fold_answer_day(
	day_t issued_on, day_t arrived_on, day_t assigned_on, bool *ret_flagged);

/* @facts in any order; sorted here. */
void fold_task(const struct plan_slot *slot, struct fold_fact *facts, size_t n,
	const struct fold_marks *marks, bool confirmation_required,
	struct fold_result *ret_result);
