/* Days of Viet Nam and instants of UTC (E2, S2, D0). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "gateway/base/day.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static void a_day_is_the_same_after_its_text_and_back(void **state)
{
	day_t last = day_from(9999, 12, 31);

	(void)state;
	for (day_t day = day_from(1, 1, 1); day <= last; day += day % 5 ? 11 : 1) {
		char text[DAY_TEXT];
		int year, month, mday;

		day_split(day, &year, &month, &mday);
		assert_int_equal(day_from(year, month, mday), day);
		assert_int_equal(day_parse(day_text(day, text)), day);
		assert_int_equal(strlen(text), 10);
		assert_int_equal((day_weekday(day) + 1) % 7, day_weekday(day + 1));
	}
}

static void each_day_of_a_century_follows_the_one_before(void **state)
{
	day_t want = day_from(1970, 1, 1);

	(void)state;
	assert_int_equal(want, 0);
	for (int year = 1970; year <= 2070; year++)
		for (int month = 1; month <= 12; month++)
			for (int mday = 1; mday <= 31; mday++) {
				day_t day = day_from(year, month, mday);

				if (day != DAY_NONE)
					assert_int_equal(day, want++);
			}
	assert_int_equal(want, day_from(2071, 1, 1));
}

static void only_iso_days_that_exist_are_days(void **state)
{
	static const struct {
		const char *text, *day;
	} rows[] = {
		{"2025-11-20", "2025-11-20"},
		{"0001-01-01", "0001-01-01"},
		{"9999-12-31", "9999-12-31"},
		{"2024-02-29", "2024-02-29"},
		{"2000-02-29", "2000-02-29"},
		{"1900-02-29", NULL},
		{"2025-02-29", NULL},
		{"2025-02-30", NULL},
		{"2025-04-31", NULL},
		{"2025-00-10", NULL},
		{"2025-13-10", NULL},
		{"2025-01-00", NULL},
		{"0000-01-01", NULL},
		{"2025-1-2", NULL},
		{"2025/11/20", NULL},
		{"20/11/2025", NULL},
		{"2025-11-20 ", NULL},
		{" 2025-11-2", NULL},
		{"2025-11-2x", NULL},
		{"2025-11-+1", NULL},
		{"2025", NULL},
		{"", NULL},
		{NULL, NULL},
		{"2025-11-20T00:00:00Z", NULL},
		{"-001-01-01", NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char text[DAY_TEXT];
		const char *got = day_text(day_parse(rows[i].text), text);

		if (rows[i].day)
			assert_string_equal(got, rows[i].day);
		else
			assert_null(got);
	}
}

static void weekdays_are_those_of_the_almanac(void **state)
{
	(void)state;
	assert_int_equal(day_weekday(day_from(1970, 1, 1)), 3);
	assert_int_equal(day_weekday(day_from(1969, 12, 31)), 2);
	assert_int_equal(day_weekday(day_from(2000, 1, 1)), 5);
	assert_int_equal(day_weekday(day_from(2026, 2, 17)), 1);
	assert_int_equal(day_weekday(day_from(1, 1, 1)), 0);
}

static void months_later_is_the_same_day_or_the_months_last(void **state)
{
	static const struct {
		const char *from;
		int months;
		const char *to;
	} rows[] = {
		{"2025-01-31", 1, "2025-02-28"},
		{"2024-01-31", 1, "2024-02-29"},
		{"2025-01-31", 0, "2025-01-31"},
		{"2025-03-31", -1, "2025-02-28"},
		{"2025-12-15", 1, "2026-01-15"},
		{"2025-11-20", -12, "2024-11-20"},
		{"2024-02-29", 12, "2025-02-28"},
		{"2025-01-15", -1, "2024-12-15"},
		{"9999-12-01", 1, NULL},
		{"0001-01-01", -1, NULL},
		{"0001-01-01", -25, NULL},
		{NULL, 1, NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char text[DAY_TEXT];
		const char *got = day_text(
			day_add_months(day_parse(rows[i].from), rows[i].months), text);

		if (rows[i].to)
			assert_string_equal(got, rows[i].to);
		else
			assert_null(got);
	}
}

static void an_instant_has_an_offset_and_is_printed_for_viet_nam(void **state)
{
	static const struct {
		const char *text, *printed;
	} rows[] = {
		{"2025-11-20T08:30:00+07:00", "2025-11-20T08:30:00+07:00"},
		{"2025-11-20T01:30:00Z", "2025-11-20T08:30:00+07:00"},
		{"2025-11-20t01:30:00z", "2025-11-20T08:30:00+07:00"},
		{"2025-11-20 01:30:00Z", "2025-11-20T08:30:00+07:00"},
		{"2025-11-19T20:30:00-05:00", "2025-11-20T08:30:00+07:00"},
		{"2025-11-20T07:00:00+05:30", "2025-11-20T08:30:00+07:00"},
		{"2025-11-20T01:30:00.999999999Z", "2025-11-20T08:30:00+07:00"},
		{"2025-12-31T17:00:00Z", "2026-01-01T00:00:00+07:00"},
		{"2025-12-31T16:59:59.9Z", "2025-12-31T23:59:59+07:00"},
		{"2016-12-31T23:59:60Z", "2017-01-01T07:00:00+07:00"},
		{"1969-12-31T16:59:59.999Z", "1969-12-31T23:59:59+07:00"},
		{"1930-02-03T00:00:00+07:00", "1930-02-03T00:00:00+07:00"},
		{"2025-11-20T08:30:00", NULL},
		{"2025-11-20", NULL},
		{"", NULL},
		{NULL, NULL},
		{"2025-11-20T24:00:00Z", NULL},
		{"2025-11-20T08:60:00Z", NULL},
		{"2025-11-20T08:30:61Z", NULL},
		{"2025-02-30T08:30:00Z", NULL},
		{"2025-11-20T08:30:00.Z", NULL},
		{"2025-11-20T08:30:00.5", NULL},
		{"2025-11-20T08:30:00Zx", NULL},
		{"2025-11-20T08:30:00+7:00", NULL},
		{"2025-11-20T08:30:00+0700", NULL},
		{"2025-11-20T08:30:00+24:00", NULL},
		{"2025-11-20T08:30:00+07:60", NULL},
		{"2025-11-20T08:30:00+07:00 ", NULL},
		{"2025-11-20T08:30Z00:00", NULL},
		{"2025-11-20X08:30:00Z", NULL},
		{"2025-11-20T-8:30:00Z", NULL},
		{"2025/11/20T08:30:00Z", NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char text[INSTANT_TEXT];
		msec_t at = MSEC_NONE;
		bool is = instant_parse(rows[i].text, &at);

		if (is != (rows[i].printed != NULL))
			fail_msg("%s", rows[i].text ? rows[i].text : "NULL");
		if (is)
			assert_string_equal(instant_text(at, text), rows[i].printed);
		else
			assert_null(instant_text(at, text));
	}
}

static void fractions_are_kept_to_the_millisecond(void **state)
{
	msec_t whole, part;

	(void)state;
	assert_true(instant_parse("2025-11-20T01:30:00Z", &whole));
	assert_true(instant_parse("2025-11-20T01:30:00.5Z", &part));
	assert_int_equal(part - whole, 500);
	assert_true(instant_parse("2025-11-20T01:30:00.0129Z", &part));
	assert_int_equal(part - whole, 12);
}

static void a_day_begins_at_midnight_in_viet_nam(void **state)
{
	const day_t days[] = {day_from(2025, 11, 20), 0, -1, day_from(1, 1, 1),
		day_from(9999, 12, 31)};

	(void)state;
	assert_int_equal(day_start(0), -7 * 3600 * INT64_C(1000));
	for (size_t i = 0; i < COUNT(days); i++) {
		assert_int_equal(day_of(day_start(days[i])), days[i]);
		assert_int_equal(day_of(day_start(days[i]) - 1), days[i] - 1);
		assert_int_equal(day_of(day_start(days[i] + 1) - 1), days[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_day_is_the_same_after_its_text_and_back),
		cmocka_unit_test(each_day_of_a_century_follows_the_one_before),
		cmocka_unit_test(only_iso_days_that_exist_are_days),
		cmocka_unit_test(weekdays_are_those_of_the_almanac),
		cmocka_unit_test(months_later_is_the_same_day_or_the_months_last),
		cmocka_unit_test(an_instant_has_an_offset_and_is_printed_for_viet_nam),
		cmocka_unit_test(fractions_are_kept_to_the_millisecond),
		cmocka_unit_test(a_day_begins_at_midnight_in_viet_nam),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
