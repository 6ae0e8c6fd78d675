/*
 * Days and instants. A day is a civil date in Viet Nam counted from 1970-01-01, an
 * instant is milliseconds of UTC since then. Viet Nam is UTC+7 all year (no daylight
 * saving since 1975), so a day begins 7 hours before UTC midnight. Only the edges ask
 * clock_now(); everybody else is told.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

typedef int32_t day_t;
typedef int64_t msec_t;

#define DAY_NONE  INT32_MIN
#define MSEC_NONE INT64_MIN

enum { DAY_TEXT = 16, INSTANT_TEXT = 40 };

/* The day of @year-@month-@mday, DAY_NONE if there is no such day (years 1..9999). */
day_t day_from(int year, int month, int mday);
void day_split(day_t day, int *ret_year, int *ret_month, int *ret_mday);

/* 0 is Monday, 6 is Sunday. */
int day_weekday(day_t day);

/* The same day of the month @months later, or that month's last day. */
day_t day_add_months(day_t day, int months);

/* `yyyy-mm-dd` and nothing else; DAY_NONE otherwise. NULL gives DAY_NONE. */
day_t day_parse(const char *text);

/* `yyyy-mm-dd` into @out; returns NULL for DAY_NONE, else @out. */
const char *day_text(day_t day, char out[DAY_TEXT]);

/* The day in Viet Nam at @at. */
day_t day_of(msec_t at);

/* The first instant of @day in Viet Nam. */
msec_t day_start(day_t day);

/* RFC 3339 with offset or Z, fractions allowed; false if it is not. */
bool instant_parse(const char *text, msec_t *ret_at);

/* `yyyy-mm-ddThh:mm:ss+07:00`; returns NULL for MSEC_NONE, else @out. */
const char *instant_text(msec_t at, char out[INSTANT_TEXT]);

/* The system's clock. For program edges only. */
msec_t clock_now(void);

/* A clock that never jumps, for waiting and measuring; in nanoseconds. */
int64_t clock_ticks(void);
