/*
 * Deadlines written only in the text (D2): "trước ngày 10/12/2025", "chậm nhất 17 giờ
 * ngày …", "trong thời hạn 05 ngày làm việc kể từ ngày nhận". They are proposed to a
 * person, never obeyed. Days of other things (a meeting, a data cut-off, when a
 * document cited was issued), days past and periodic ones are no deadlines. Several for
 * one body: the first counts; different ones for different bodies: none, and the result
 * says so.
 */
#pragma once

#include "gateway/base/arena.h"
#include "gateway/base/day.h"
#include "gateway/rules/calendar.h"

enum proposed_due_outcome {
	PROPOSED_DUE_NONE,
	PROPOSED_DUE_FOUND,
	PROPOSED_DUE_AMBIGUOUS, /* different bodies have different deadlines */
};

enum proposed_due_unit {
	PROPOSED_DUE_DATE,         /* a day is named */
	PROPOSED_DUE_WORKING_DAYS, /* D5: counted anew when the calendar changes */
	PROPOSED_DUE_CALENDAR_DAYS,
	PROPOSED_DUE_MONTHS,
	PROPOSED_DUE_HOURS, /* whole days of 24 only; the hour of arrival is not told */
};

struct proposed_due {
	day_t on;           /* the last day that still is on time */
	const char *quoted; /* the words that say so, as written */
	enum proposed_due_unit unit;
	int count;          /* of @unit, 0 for a date */
	day_t counted_from; /* DAY_NONE for a date */
};

/*
 * The deadline in @text (may be NULL) of a document issued on @issued_on that came on
 * @arrived_on; when one of these is DAY_NONE the other stands in. @ret_due is written
 * when one was found; when they are ambiguous it holds the first, to be shown.
 */
enum proposed_due_outcome proposed_due_read(struct arena *arena, const char *text,
	day_t issued_on, day_t arrived_on, const struct calendar *calendar,
	struct proposed_due *ret_due);
