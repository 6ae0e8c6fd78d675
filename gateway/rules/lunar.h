/*
 * The lunar calendar of Viet Nam: civil days of UTC+7 on which the moon is new, and the
 * sun's longitude that names the months. Computed, not looked up; right for the years
 * 1990 to 2060, and where it differs from China's (a new moon or a solstice between
 * 16:00 and 17:00 UTC) it is Viet Nam's.
 */
#pragma once

#include <stdbool.h>

#include "gateway/base/day.h"

struct lunar {
	int year, month, day; /* 1..12, 1..30; the year is the one Tết begins */
	bool leap;            /* the second month of that number */
};

/* The lunar date of @day, which is not DAY_NONE. */
void lunar_from_day(day_t day, struct lunar *ret_lunar);

/* The day of a lunar date, DAY_NONE if there is no such date. */
day_t lunar_to_day(int year, int month, int mday, bool leap);
