/* Dates in the forms a mapping names: each row a form, a text, and the day and instant.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "adapters/mapping.h"

static void test_a_text_fits_a_form_whole_or_not_at_all(void **state)
{
	static const struct {
		const char *pattern, *text, *day, *at; /* NULL: it does not fit */
	} rows[] = {
		{"dd/MM/yyyy", "08/12/2025", "2025-12-08", "2025-12-08T00:00:00+07:00"},
		{"dd/MM/yyyy", "8/12/2025", NULL, NULL},
		{"d/M/yyyy", "8/2/2025", "2025-02-08", "2025-02-08T00:00:00+07:00"},
		{"d/M/yyyy", "08/02/2025", "2025-02-08", "2025-02-08T00:00:00+07:00"},
		{"dd/MM/yyyy", "31/11/2025", NULL, NULL},
		{"dd/MM/yyyy", "29/02/2025", NULL, NULL},
		{"dd/MM/yyyy", "29/02/2024", "2024-02-29", "2024-02-29T00:00:00+07:00"},
		{"dd/MM/yyyy", "08/12/25", NULL, NULL},
		{"dd/MM/yyyy", "08/12/2025 ", NULL, NULL},
		{"dd/MM/yyyy", "12/2025", NULL, NULL},
		{"dd/MM/yyyy", "", NULL, NULL},
		{"yyyyMMdd", "20251208", "2025-12-08", "2025-12-08T00:00:00+07:00"},
		{"yyyyMMdd", "2025128", NULL, NULL},
		{"yyyy-MM-dd HH:mm", "2025-12-08 17:05", "2025-12-08",
			"2025-12-08T17:05:00+07:00"},
		{"yyyy-MM-dd HH:mm", "2025-12-08 24:05", NULL, NULL},
		{"yyyy-MM-dd HH:mm", "2025-12-08", NULL, NULL},
		{"yyyy-MM-ddTHH:mm:sszzz", "2025-12-08T23:30:00Z", "2025-12-08",
			"2025-12-09T06:30:00+07:00"},
		{"yyyy-MM-dd'T'HH:mm:ss.SSSzzz", "2025-12-08T01:00:00.123+0900",
			"2025-12-08", "2025-12-07T23:00:00+07:00"},
		{"yyyy-MM-dd HH:mm zzz", "2025-12-08 09:00 -03:30", "2025-12-08",
			"2025-12-08T19:30:00+07:00"},
		{"yyyy-MM-dd HH:mm zzz", "2025-12-08 09:00 +15:00", NULL, NULL},
		{"'ngày' dd 'tháng' M 'năm' yyyy", "ngày 08 tháng 2 năm 2025",
			"2025-02-08", "2025-02-08T00:00:00+07:00"},
		{"H'h'mm, d.M.yyyy", "7h05, 8.2.2025", "2025-02-08",
			"2025-02-08T07:05:00+07:00"},
		{"unix", "1765126800", "2025-12-08", "2025-12-08T00:00:00+07:00"},
		{"unix", "1765126799", "2025-12-07", "2025-12-07T23:59:59+07:00"},
		{"unix-ms", "1765126800000", "2025-12-08", "2025-12-08T00:00:00+07:00"},
		{"unix", "-1", NULL, NULL},
		{"unix", "253402300800", NULL, NULL},
		{"unix", "2025-12-08", NULL, NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct mapping_date date = {DAY_NONE, MSEC_NONE};
		char day[DAY_TEXT], at[INSTANT_TEXT];
		bool fits = mapping_date_read(rows[i].pattern, rows[i].text, &date);

		assert_true(mapping_date_is_pattern(rows[i].pattern));
		if (fits != (rows[i].day != NULL))
			fail_msg("%s: %s", rows[i].pattern, rows[i].text);
		if (!fits)
			continue;
		assert_string_equal(day_text(date.day, day), rows[i].day);
		assert_string_equal(
			instant_text(date.at - date.at % 1000, at), rows[i].at);
	}
}

static void test_what_names_no_whole_day_is_no_form(void **state)
{
	static const char *const rows[] = {"", "dd/MM", "yyyy", "dd/MM/yy", "MM/yyyy",
		"dd/MM/yyyy yyyy", "dd/MM/yyyy hh:mm", "dd MMM yyyy", "Unix", "unix-us",
		"dd/MM/yyyy 'unclosed", "dd/MM/yyyy ''"};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (mapping_date_is_pattern(rows[i]))
			fail_msg("%s", rows[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_text_fits_a_form_whole_or_not_at_all),
		cmocka_unit_test(test_what_names_no_whole_day_is_no_form),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
