/*
 * The working calendar (D3, D4): Saturdays and Sundays, public holidays, make-up
 * working days. A year is decreed (calendar.yaml lists it whole) or computed from the
 * law, with lunar dates for UTC+7; calendar_is_decreed() tells which. Built once, then
 * only read; safe for several threads.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "gateway/base/day.h"

struct calendar;

/* Computed ahead; years beyond are as good, and slower. */
enum { CALENDAR_FIRST_YEAR = 1990, CALENDAR_LAST_YEAR = 2060 };

struct calendar *calendar_new(void);
void calendar_free(struct calendar *c);

/* Declare @year as decreed: its days off beside the weekends, and its make-up days. */
void calendar_decree(struct calendar *c, int year, const day_t *off, size_t off_n,
	const day_t *work, size_t work_n);

bool calendar_is_decreed(const struct calendar *c, int year);

/* Is @day a day on which offices work? */
bool calendar_is_working(const struct calendar *c, day_t day);

/* Why @day is off beside the weekend ("Tết", …), NULL if it is not a holiday. */
const char *calendar_holiday_name(const struct calendar *c, day_t day);

/*
 * D3: the day @n working days after @day, counting from the next day; 0 is @day itself.
 * @n at least 0 and at most 10,000; beyond year 9999 it is DAY_NONE.
 */
day_t calendar_add_working(const struct calendar *c, day_t day, int n);

/* D3: @n calendar days after @day; a last day that is off moves to the next working
 * day. */
day_t calendar_add_calendar(const struct calendar *c, day_t day, int n);

/* Working days in (@from, @to], 0 when @to is not after @from. */
int calendar_working_between(const struct calendar *c, day_t from, day_t to);
