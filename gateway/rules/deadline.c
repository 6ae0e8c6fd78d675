#include "gateway/rules/deadline.h"

enum { EPOCH = 0, YEARS_BELIEVED = 5 };

bool deadline_given(day_t due_on, const char *raw)
{
	return due_on == DAY_NONE ? raw != NULL : due_on != EPOCH;
}

struct deadline deadline_judge(day_t due_on, const char *raw, enum due_source source,
	day_t issued_on, enum event_priority priority)
{
	struct deadline d = {.on = due_on, .source = source};

	if (!deadline_given(due_on, raw))
		return (struct deadline){.on = DAY_NONE};
	if (due_on == DAY_NONE) {
		d.flags = DUE_UNREADABLE;
		return d;
	}
	if (due_on < day_from(2000, 1, 1))
		d.flags |= DUE_BEFORE_2000;
	if (issued_on == DAY_NONE)
		return d;
	if (due_on < issued_on)
		d.flags |= DUE_BEFORE_ISSUE;
	if (due_on == issued_on && priority < PRIORITY_EXPRESS)
		d.flags |= DUE_SAME_DAY;
	if (due_on > day_add_months(issued_on, 12 * YEARS_BELIEVED))
		d.flags |= DUE_TOO_FAR;
	return d;
}
