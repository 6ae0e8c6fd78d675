/* Deadlines as they are believed (D1). */
#pragma once

#include <stdbool.h>

#include "gateway/base/day.h"
#include "gateway/model/event.h"
#include "gateway/model/task.h"

struct deadline {
	day_t on; /* DAY_NONE: there is none, or it could not be read */
	enum due_source source;
	unsigned flags; /* enum due_flag; any of them: shown, but counts as none */
};

/*
 * D1: a deadline read from a document issued on @issued_on (its day of arrival when it
 * bears no date). 1970-01-01 is none. @raw (may be NULL) is the text that could not be
 * read when @due_on is DAY_NONE.
 */
struct deadline deadline_judge(day_t due_on, const char *raw, enum due_source source,
	day_t issued_on, enum event_priority priority);

/* Is there one at all, believed or not (T2)? */
bool deadline_given(day_t due_on, const char *raw);
