/*
 * What stands behind "trước", "chậm nhất", "trong thời hạn": a day with or without an
 * hour, a month, a quarter, a year; or a number of days and what they are counted from.
 * Part of gateway/rules/proposed_due.c.
 */
#pragma once

#include "gateway/rules/proposed_due.h"
#include "gateway/rules/words.h"

/* A time that is named: its first and last day. */
struct due_span {
	day_t first, last;
	bool before; /* "chậm nhất trước ngày": the words say before again */
	bool timed;  /* an hour of the day, later than its first, is named */
	bool late;   /* "cuối": the end of it is meant, also behind "trước" */
	size_t end;
};

/* A named time at word @i; yearless days are the next on or after @from. */
bool due_span_at(
	const struct words *w, size_t i, day_t from, struct due_span *ret_span);

enum due_anchor { ANCHOR_ARRIVAL, ANCHOR_ISSUE, ANCHOR_DAY };

struct due_count {
	enum proposed_due_unit unit;
	int n;
	enum due_anchor anchor;
	bool anchored; /* the words say from when; else @anchor is arrival */
	day_t from;    /* for ANCHOR_DAY */
	size_t end;
};

/* "05 (năm) ngày làm việc kể từ ngày nhận được văn bản" at @i. Counted from what we do
 * not know (a complete file, a result), it is none. */
bool due_count_at(const struct words *w, size_t i, struct due_count *ret_count);
