/*
 * Fold (MODEL): from one obligation and the facts linked to it, in key order, what the
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
};

struct fold_fact {
	enum fold_fact_kind kind;
	struct act_key key; /* day: fold_answer_day */
	enum rung rung;
	int64_t document;  /* who acts */
	int64_t closed_by; /* B3: its last replacement, or itself */
	bool date_flagged; /* S3 */
};

/* Facts without a place in the order (MODEL): they lift `assigned`, or flag. */
struct fold_marks {
	bool lifted; /* a draft that stands, 04/05, an answer that was recalled */
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
};

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
