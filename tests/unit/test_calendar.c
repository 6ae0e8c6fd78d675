/* The working calendar: D3 and D4, computed years and decreed ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "gateway/rules/calendar.h"
#include "gateway/rules/lunar.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static int new_calendar(void **state)
{
	*state = calendar_new();
	return 0;
}

static int free_calendar(void **state)
{
	calendar_free(*state);
	return 0;
}

/* A made-up decree for 2027: Tết from Thursday on, a Friday swapped for a Saturday. */
static int decree_2027(void **state)
{
	const day_t off[] = {
		day_from(2027, 1, 1), day_from(2027, 2, 4), day_from(2027, 2, 5),
		day_from(2027, 2, 8), day_from(2027, 4, 30), day_from(2027, 12, 24),
		day_from(2028, 1, 4), /* another year's: not this decree's to give */
	};
	const day_t work[] = {day_from(2027, 2, 20), day_from(2026, 2, 21)};

	*state = calendar_new();
	calendar_decree(*state, 2027, off, COUNT(off), work, COUNT(work));
	return 0;
}

static void assert_day(day_t got, const char *want)
{
	char out[DAY_TEXT];
	const char *text = day_text(got, out);

	if (want)
		assert_string_equal(text ? text : "none", want);
	else
		assert_null(text);
}

static void a_computed_year_is_off_on_the_days_of_the_law(void **state)
{
	/* The days off from Monday to Friday; the rest of the year is worked. */
	static const struct {
		int year;
		const char *off[14];
	} rows[] = {
		/* New Year's Saturday, the Kings' Sunday, 30/4 and 1/5 a weekend. */
		{2022, {"01-03", "01-31", "02-01", "02-02", "02-03", "02-04", "04-11",
			       "05-02", "05-03", "09-01", "09-02"}},
		/* The Kings on a Saturday, 30/4 a Sunday, 1/5 a Monday; 2/9 a Saturday.
		 */
		{2023, {"01-02", "01-23", "01-24", "01-25", "01-26", "01-27", "05-01",
			       "05-02", "05-03", "09-01", "09-04"}},
		/* Two days of Tết on a weekend; 2/9 a Monday, so 3/9 with it. */
		{2024, {"01-01", "02-09", "02-12", "02-13", "02-14", "02-15", "04-18",
			       "04-30", "05-01", "09-02", "09-03"}},
		{2025, {"01-01", "01-28", "01-29", "01-30", "01-31", "02-03", "04-07",
			       "04-30", "05-01", "09-01", "09-02"}},
		{2026, {"01-01", "02-16", "02-17", "02-18", "02-19", "02-20", "04-27",
			       "04-30", "05-01", "09-01", "09-02"}},
		/* 2/9 a Sunday: 3/9 is its neighbour and 4/9 what it moves to. */
		{2029, {"01-01", "02-12", "02-13", "02-14", "02-15", "02-16", "04-23",
			       "04-30", "05-01", "09-03", "09-04"}},
		/* Beyond the years kept ready: 1/1 and 1/5 on Saturday and Sunday. */
		{2067, {"01-03", "02-14", "02-15", "02-16", "02-17", "02-18", "04-25",
			       "05-02", "05-03", "09-01", "09-02"}},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		size_t next = 0;

		assert_false(calendar_is_decreed(*state, rows[i].year));
		for (day_t day = day_from(rows[i].year, 1, 1);
			day <= day_from(rows[i].year, 12, 31); day++) {
			char text[DAY_TEXT];
			bool off = rows[i].off[next] &&
				   !strcmp(day_text(day, text) + 5, rows[i].off[next]);

			next += off;
			if (calendar_is_working(*state, day) !=
				(!off && day_weekday(day) < 5))
				fail_msg("%s", text);
			if (off)
				assert_non_null(calendar_holiday_name(*state, day));
		}
		assert_null(rows[i].off[next]);
	}
}

static void a_holiday_on_another_moves_to_the_next_free_day(void **state)
{
	/* In 2319 the Hùng Kings' day is 30 April, a Wednesday. */
	assert_day(lunar_to_day(2319, 3, 10, false), "2319-04-30");
	assert_false(calendar_is_working(*state, day_from(2319, 4, 30)));
	assert_false(calendar_is_working(*state, day_from(2319, 5, 1)));
	assert_false(calendar_is_working(*state, day_from(2319, 5, 2)));
	assert_true(calendar_is_working(*state, day_from(2319, 5, 5)));
}

static void every_computed_year_has_eleven_working_days_off(void **state)
{
	for (int year = 1990; year <= 2330; year++) {
		int off = 0;

		for (day_t day = day_from(year, 1, 1); day <= day_from(year, 12, 31);
			day++)
			off += day_weekday(day) < 5 &&
			       !calendar_is_working(*state, day);
		assert_int_equal(off, 11);
	}
}

static void holidays_have_names_also_on_weekends(void **state)
{
	static const struct {
		const char *day, *name;
	} rows[] = {
		{"2022-01-01", "Tết Dương lịch"},
		{"2022-01-03", "Nghỉ bù ngày lễ"},
		{"2022-01-02", NULL},
		{"2022-04-10", "Giỗ Tổ Hùng Vương"},
		{"2026-02-16", "Tết Nguyên đán"},
		{"2026-02-20", "Tết Nguyên đán"},
		{"2026-02-21", NULL},
		{"2026-04-30", "Ngày Chiến thắng"},
		{"2026-05-01", "Ngày Quốc tế lao động"},
		{"2026-09-01", "Quốc khánh"},
		{"2026-09-03", NULL},
		{"2070-01-01", "Tết Dương lịch"},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *name =
			calendar_holiday_name(*state, day_parse(rows[i].day));

		if (rows[i].name)
			assert_string_equal(name, rows[i].name);
		else
			assert_null(name);
	}
	assert_null(calendar_holiday_name(*state, DAY_NONE));
}

static void working_days_count_from_the_next_day_over_weekends_and_holidays(
	void **state)
{
	static const struct {
		const char *from;
		int n;
		const char *to;
	} rows[] = {
		{"2025-11-20", 0, "2025-11-20"},
		{"2025-11-22", 0,
			"2025-11-22"}, /* 0 days is the day itself, off or not */
		{"2025-11-20", 1, "2025-11-21"},
		{"2025-11-20", 2, "2025-11-24"},
		{"2025-11-21", 5, "2025-11-28"},
		{"2025-11-22", 1, "2025-11-24"},
		{"2025-11-22", 5, "2025-11-28"},
		{"2026-02-13", 1, "2026-02-23"}, /* over Tết */
		{"2026-04-24", 3, "2026-05-04"},
		{"2025-12-31", 1, "2026-01-02"},
		{"2025-12-30", 3, "2026-01-05"},
		{"2060-12-31", 1, "2061-01-04"},
		{"2061-01-01", 250, "2062-01-03"},
		{"9999-12-30", 1, "9999-12-31"},
		{"9999-12-31", 0, "9999-12-31"},
		{"9999-12-31", 1, NULL},
		{"9990-01-01", 10000, NULL},
		{"2026-01-01", -1, NULL},
		{"2026-01-01", 10001, NULL},
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		assert_day(calendar_add_working(
				   *state, day_parse(rows[i].from), rows[i].n),
			rows[i].to);
	assert_int_equal(calendar_add_working(*state, DAY_NONE, 3), DAY_NONE);
	assert_int_equal(calendar_add_working(*state, INT32_MAX, 3), DAY_NONE);
}

static void calendar_days_count_all_and_a_last_day_off_moves_on(void **state)
{
	static const struct {
		const char *from;
		int n;
		const char *to;
	} rows[] = {
		{"2025-11-20", 0, "2025-11-20"},
		{"2025-11-22", 0, "2025-11-22"},
		{"2025-11-20", 1, "2025-11-21"},
		{"2025-11-20", 2, "2025-11-24"}, /* Saturday moves to Monday */
		{"2025-11-20", 3, "2025-11-24"},
		{"2025-11-20", 10, "2025-12-01"},
		{"2026-02-06", 10, "2026-02-23"}, /* into Tết */
		{"2026-08-25", 7, "2026-09-03"},
		{"2021-12-27", 5, "2022-01-04"},
		{"2025-12-02", 30, "2026-01-02"},
		{"9999-12-30", 1, "9999-12-31"},
		{"9999-12-31", 1, NULL},
		{"2026-01-01", -1, NULL},
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		assert_day(calendar_add_calendar(
				   *state, day_parse(rows[i].from), rows[i].n),
			rows[i].to);
	assert_int_equal(calendar_add_calendar(*state, DAY_NONE, 3), DAY_NONE);
}

static void adding_and_counting_agree_with_walking_day_by_day(void **state)
{
	const day_t starts[] = {
		day_from(1988, 12, 30),
		day_from(1999, 2, 28),
		day_from(2024, 2, 8),
		day_from(2027, 1, 31),
		day_from(2058, 6, 15),
	};

	for (size_t i = 0; i < COUNT(starts); i++) {
		day_t day = starts[i];
		int n = 0;

		for (int steps = 0; steps < 1500; steps++) {
			n += calendar_is_working(*state, ++day);
			assert_int_equal(
				calendar_working_between(*state, starts[i], day), n);
			if (calendar_is_working(*state, day))
				assert_int_equal(
					calendar_add_working(*state, starts[i], n),
					day);
		}
	}
}

static void working_days_between_are_none_backwards(void **state)
{
	day_t friday = day_from(2025, 11, 21);

	assert_int_equal(calendar_working_between(*state, friday, friday), 0);
	assert_int_equal(calendar_working_between(*state, friday + 3, friday), 0);
	assert_int_equal(calendar_working_between(*state, friday, friday + 2), 0);
	assert_int_equal(calendar_working_between(*state, friday - 1, friday), 1);
	assert_int_equal(calendar_working_between(*state, DAY_NONE, friday), 0);
	assert_int_equal(calendar_working_between(*state, friday, DAY_NONE), 0);
	assert_int_equal(calendar_working_between(*state, day_from(9999, 12, 30),
				 day_from(9999, 12, 31) + 20),
		1);
}

static void a_decreed_year_is_its_decree_and_nothing_else(void **state)
{
	static const struct {
		const char *day;
		bool works;
		const char *name;
	} rows[] = {
		{"2027-01-01", false, "Tết Dương lịch"},
		{"2027-02-04", false, "Nghỉ theo quyết định"},
		{"2027-02-05", false, "Tết Nguyên đán"},
		{"2027-02-06", false,
			NULL}, /* Tết itself, a Saturday not in the decree */
		{"2027-02-09", true, NULL}, /* the law alone would have it off */
		{"2027-02-20", true, NULL}, /* a make-up Saturday */
		{"2027-02-27", false, NULL},
		{"2027-04-16", true, NULL},
		{"2027-04-30", false, "Ngày Chiến thắng"},
		{"2027-09-02", true, NULL},
		{"2027-12-24", false, "Nghỉ theo quyết định"},
		{"2028-01-04", true, NULL},
		{"2026-02-21", false, NULL},
		{"2026-02-17", false, "Tết Nguyên đán"},
	};

	assert_true(calendar_is_decreed(*state, 2027));
	assert_false(calendar_is_decreed(*state, 2026));
	assert_false(calendar_is_decreed(*state, 2028));
	for (size_t i = 0; i < COUNT(rows); i++) {
		day_t day = day_parse(rows[i].day);
		const char *name = calendar_holiday_name(*state, day);

		if (calendar_is_working(*state, day) != rows[i].works)
			fail_msg("%s", rows[i].day);
		assert_int_equal(name != NULL, rows[i].name != NULL);
		if (name)
			assert_string_equal(name, rows[i].name);
	}
}

static void a_make_up_saturday_counts_as_a_working_day(void **state)
{
	assert_day(
		calendar_add_working(*state, day_from(2027, 2, 19), 1), "2027-02-20");
	assert_day(
		calendar_add_working(*state, day_from(2027, 2, 19), 2), "2027-02-22");
	assert_day(
		calendar_add_calendar(*state, day_from(2027, 2, 10), 10), "2027-02-20");
	assert_day(calendar_add_working(*state, day_from(2027, 2, 3), 1), "2027-02-09");
	assert_int_equal(calendar_working_between(
				 *state, day_from(2027, 2, 19), day_from(2027, 2, 22)),
		2);
}

static void a_second_decree_replaces_the_first_also_in_a_far_year(void **state)
{
	const day_t near = day_from(2030, 3, 4), far = day_from(2095, 3, 4);
	const day_t off[] = {near, far}, work[] = {near, far};

	for (int year = 2030; year <= 2095; year += 65) {
		day_t day = year == 2030 ? near : far;

		assert_true(calendar_is_working(*state, day));
		calendar_decree(*state, year, off, 2, NULL, 0);
		assert_false(calendar_is_working(*state, day));
		assert_true(calendar_is_working(*state, day_from(year, 9, 2)));
		calendar_decree(*state, year, NULL, 0, NULL, 0);
		assert_true(calendar_is_working(*state, day));
		assert_true(calendar_is_decreed(*state, year));
		/* A day in both lists is off. */
		calendar_decree(*state, year, off, 2, work, 2);
		assert_false(calendar_is_working(*state, day));
	}
	calendar_decree(*state, 0, off, 2, NULL, 0);
	calendar_decree(*state, 10000, off, 2, NULL, 0);
	assert_false(calendar_is_decreed(*state, 10000));
}

static void beyond_the_calendar_nobody_works(void **state)
{
	assert_false(calendar_is_working(*state, DAY_NONE));
	assert_false(calendar_is_working(*state, day_from(1, 1, 1) - 1));
	assert_true(calendar_is_working(*state, day_from(1, 1, 2)));
	assert_false(calendar_is_working(*state, day_from(9999, 12, 31) + 1));
	assert_false(calendar_is_working(*state, INT32_MAX));
	calendar_free(NULL);
}

#define WITH(setup, test) cmocka_unit_test_setup_teardown(test, setup, free_calendar)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH(new_calendar, a_computed_year_is_off_on_the_days_of_the_law),
		WITH(new_calendar, a_holiday_on_another_moves_to_the_next_free_day),
		WITH(new_calendar, every_computed_year_has_eleven_working_days_off),
		WITH(new_calendar, holidays_have_names_also_on_weekends),
		WITH(new_calendar,
			working_days_count_from_the_next_day_over_weekends_and_holidays),
		WITH(new_calendar, calendar_days_count_all_and_a_last_day_off_moves_on),
		WITH(new_calendar, adding_and_counting_agree_with_walking_day_by_day),
		WITH(decree_2027, adding_and_counting_agree_with_walking_day_by_day),
		WITH(new_calendar, working_days_between_are_none_backwards),
		WITH(decree_2027, a_decreed_year_is_its_decree_and_nothing_else),
		WITH(decree_2027, a_make_up_saturday_counts_as_a_working_day),
		WITH(new_calendar,
			a_second_decree_replaces_the_first_also_in_a_far_year),
		WITH(new_calendar, beyond_the_calendar_nobody_works),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
