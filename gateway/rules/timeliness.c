#include "gateway/rules/timeliness.h"

static enum timeliness while_open(
	day_t due_on, day_t today, const struct calendar *calendar, int due_soon_days)
{
	if (today > due_on)
		return TIMELINESS_OVERDUE;
	if (calendar_working_between(calendar, today, due_on) <= due_soon_days)
		return TIMELINESS_DUE_SOON;
	return TIMELINESS_PENDING;
}

enum timeliness timeliness_of(const struct task *task, msec_t now,
	const struct calendar *calendar, int due_soon_days)
{
	bool none = task->due_on == DAY_NONE || task->due_flags;

	switch (task->state) {
	case TASK_ASSIGNED:
	case TASK_IN_PROGRESS:
		return none ? TIMELINESS_NO_DEADLINE
			    : while_open(task->due_on, day_of(now), calendar,
				      due_soon_days);
	case TASK_REPORTED:
	case TASK_COMPLETED:
		if (none)
			return TIMELINESS_NO_DEADLINE;
		return task->completed_on <= task->due_on ? TIMELINESS_ON_TIME
							  : TIMELINESS_LATE;
	case TASK_HANDED_BACK:
	case TASK_CANCELLED:
	case TASK_WITHDRAWN:
		break;
	}
	return TIMELINESS_NONE;
}
