/*
 * Numbers and days as Vietnamese letters write them: "05", "năm", "hai mươi lăm";
 * "20/11/2025", "20-11-2025", "20.11.2025", "5 tháng 6 năm 2026", "2025-11-20".
 * What is no day of the calendar (30/02) is read and gives DAY_NONE.
 */
#pragma once

#include "gateway/base/day.h"
#include "gateway/rules/words.h"

struct written_day {
	day_t day; /* DAY_NONE: no such day, or no year is given */
	int mday, month;
	bool yearless; /* "20/11": day and month alone */
};

/* The day at word @i (behind "ngày", if that is there): its words, or 0 for none. */
size_t written_day_at(const struct words *w, size_t i, struct written_day *ret_day);

/* A number from 0 to 9999 in figures, or to 99 in words: its words, or 0 for none. */
size_t written_number_at(const struct words *w, size_t i, int *ret_number);

/* A year in figures of four, from 1900 to 2199: 1, or 0 for none. */
size_t written_year_at(const struct words *w, size_t i, int *ret_year);
