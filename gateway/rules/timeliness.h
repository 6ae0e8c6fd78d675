/* Timeliness (S2): derived from a task and a time, never stored. */
#pragma once

#include "gateway/model/task.h"
#include "gateway/rules/calendar.h"

/*
 * The due day itself is on time, to its last second in Viet Nam, for open and finished
 * tasks alike. @due_soon_days working days before it the warning window opens, the last
 * of them included. A flagged deadline counts as none (D1).
 */
enum timeliness timeliness_of(const struct task *task, msec_t now,
	const struct calendar *calendar, int due_soon_days);
