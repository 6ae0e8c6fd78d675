/* The lunar calendar of UTC+7 (D4): dates everybody remembers, and what always holds.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "gateway/rules/lunar.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static void assert_lunar(const char *day, int year, int month, int mday, bool leap)
{
	struct lunar l;
	char out[DAY_TEXT];

	lunar_from_day(day_parse(day), &l);
	if (l.year != year || l.month != month || l.day != mday || l.leap != leap)
		fail_msg("%s is %d/%d/%d leap %d", day, l.day, l.month, l.year, l.leap);
	assert_string_equal(day_text(lunar_to_day(year, month, mday, leap), out), day);
}

static void tet_falls_on_the_day_the_country_kept_it(void **state)
{
	static const char *const days[] = {
		"1990-01-27",
		"1991-02-15",
		"1992-02-04",
		"1993-01-23",
		"1994-02-10",
		"1995-01-31",
		"1996-02-19",
		"1997-02-07",
		"1998-01-28",
		"1999-02-16",
		"2000-02-05",
		"2001-01-24",
		"2002-02-12",
		"2003-02-01",
		"2004-01-22",
		"2005-02-09",
		"2006-01-29",
		"2007-02-17",
		"2008-02-07",
		"2009-01-26",
		"2010-02-14",
		"2011-02-03",
		"2012-01-23",
		"2013-02-10",
		"2014-01-31",
		"2015-02-19",
		"2016-02-08",
		"2017-01-28",
		"2018-02-16",
		"2019-02-05",
		"2020-01-25",
		"2021-02-12",
		"2022-02-01",
		"2023-01-22",
		"2024-02-10",
		"2025-01-29",
		"2026-02-17",
		"2027-02-06",
		"2028-01-26",
		"2029-02-13",
		/* Viet Nam a day before China, as in 2007. */
		"2030-02-02",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(days); i++)
		assert_lunar(days[i], 1990 + (int)i, 1, 1, false);
	assert_lunar("2053-02-18", 2053, 1, 1, false);
	/* The most famous difference: a month before China's, for the solstice's sake.
	 */
	assert_lunar("1985-01-21", 1985, 1, 1, false);
}

static void the_hung_kings_day_and_other_feasts_are_found(void **state)
{
	(void)state;
	assert_lunar("2022-04-10", 2022, 3, 10, false);
	assert_lunar("2023-04-29", 2023, 3, 10, false);
	assert_lunar("2024-04-18", 2024, 3, 10, false);
	assert_lunar("2025-04-07", 2025, 3, 10, false);
	assert_lunar("2026-04-26", 2026, 3, 10, false);
	assert_lunar("2024-09-17", 2024, 8, 15, false);
	assert_lunar("2025-10-06", 2025, 8, 15, false);
	assert_lunar("2025-01-28", 2024, 12, 29, false);
	assert_lunar("2024-02-09", 2023, 12, 30, false);
	assert_lunar("2020-05-23", 2020, 4, 1, true);
	assert_lunar("2023-03-22", 2023, 2, 1, true);
	assert_lunar("2034-01-19", 2033, 11, 29, true);
}

static void leap_months_repeat_the_month_they_follow(void **state)
{
	static const struct {
		int year, month;
	} leaps[] = {
		{1990, 5},
		{1993, 3},
		{1995, 8},
		{1998, 5},
		{2001, 4},
		{2004, 2},
		{2006, 7},
		{2009, 5},
		{2012, 4},
		{2014, 9},
		{2017, 6},
		{2020, 4},
		{2023, 2},
		{2025, 6},
		{2028, 5},
		{2031, 3},
		{2033, 11},
	};
	size_t next = 0;

	(void)state;
	for (int year = 1990; year <= 2033; year++)
		for (int month = 1; month <= 12; month++) {
			bool leap = next < COUNT(leaps) && leaps[next].year == year &&
				    leaps[next].month == month;
			day_t day = lunar_to_day(year, month, 1, true);

			assert_int_equal(day != DAY_NONE, leap);
			if (!leap)
				continue;
			next++;
			day_t plain = lunar_to_day(year, month, 1, false);

			assert_in_range(day - plain, 29, 30);
		}
	assert_int_equal(next, COUNT(leaps));
}

static void what_is_no_lunar_date_has_no_day(void **state)
{
	static const struct {
		int year, month, day;
		bool leap;
	} rows[] = {
		{2024, 0, 1, false},
		{2024, 13, 1, false},
		{2024, 1, 0, false},
		{2024, 1, 31, false},
		{2024, 12, 30, false},
		{2024, 3, 1, true},
		{2025, 5, 1, true},
		{0, 1, 1, false},
		{-5, 1, 1, false},
		{10000, 1, 1, false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(lunar_to_day(rows[i].year, rows[i].month, rows[i].day,
					 rows[i].leap),
			DAY_NONE);
}

/* The day after @before is the next of its month, or the first of the next month. */
static void assert_follows(const struct lunar *before, const struct lunar *l, day_t day)
{
	if (l->day == before->day + 1) {
		assert_int_equal(l->month, before->month);
		assert_int_equal(l->leap, before->leap);
		assert_int_equal(l->year, before->year);
		return;
	}
	assert_int_equal(l->day, 1);
	assert_in_range(before->day, 29, 30);
	if (l->leap)
		assert_int_equal(l->month, before->month);
	else
		assert_int_equal(l->month, before->month % 12 + 1);
	assert_int_equal(l->year, before->year + (l->month == 1 && !l->leap));
	assert_int_equal(lunar_to_day(before->year, before->month, before->day + 1,
				 before->leap),
		DAY_NONE);
	assert_int_equal(lunar_to_day(l->year, l->month, 1, l->leap), day);
}

static void every_day_has_one_lunar_date_and_months_have_29_or_30_days(void **state)
{
	struct lunar before, l;
	day_t last = day_from(2060, 12, 31);
	int months = 0;

	(void)state;
	lunar_from_day(day_from(1989, 12, 31), &before);
	for (day_t day = day_from(1990, 1, 1); day <= last; day++, before = l) {
		lunar_from_day(day, &l);
		assert_follows(&before, &l, day);
		if (day % 7 == 0)
			assert_int_equal(
				lunar_to_day(l.year, l.month, l.day, l.leap), day);
		months += l.day == 1;
		if (l.day == 1 && l.month == 1 && !l.leap) {
			if (l.year > 1990)
				assert_in_range(months, 12, 13);
			months = 0;
		}
	}
}

static void a_far_year_has_twelve_months_all_the_same(void **state)
{
	(void)state;
	for (int year = 1; year <= 9998; year++) {
		day_t tet = lunar_to_day(year, 1, 1, false);
		struct lunar l;

		assert_int_not_equal(tet, DAY_NONE);
		lunar_from_day(tet, &l);
		assert_int_equal(l.year, year);
		for (int month = 2; month <= 12; month += 5)
			assert_true(lunar_to_day(year, month, 29, false) > tet);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tet_falls_on_the_day_the_country_kept_it),
		cmocka_unit_test(the_hung_kings_day_and_other_feasts_are_found),
		cmocka_unit_test(leap_months_repeat_the_month_they_follow),
		cmocka_unit_test(what_is_no_lunar_date_has_no_day),
		cmocka_unit_test(
			every_day_has_one_lunar_date_and_months_have_29_or_30_days),
		cmocka_unit_test(a_far_year_has_twelve_months_all_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
