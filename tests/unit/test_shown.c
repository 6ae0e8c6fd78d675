/* What people are shown of texts from outside. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "gateway/base/shown.h"

static void a_text_is_shown_without_what_drives_a_terminal(void **state)
{
	static const struct {
		const char *text;
		size_t columns;
		const char *shown;
	} rows[] = {
		{NULL, 0, "-"},
		{"", 0, ""},
		{"Văn phòng", 0, "Văn phòng"},
		{"a\x1b[2Jb", 0, "a\xef\xbf\xbd[2Jb"},
		{"a\nb\tc", 0,
			"a\xef\xbf\xbd"
			"b\xef\xbf\xbd"
			"c"},
		{"\xc2\x9b"
		 "31m",
			0,
			"\xef\xbf\xbd"
			"31m"},
		{"x\xe2\x80\xae"
		 "fdp",
			0,
			"x\xef\xbf\xbd"
			"fdp"},
		{"\xff\xc4", 0, "\xef\xbf\xbd\xef\xbf\xbd"},
		{"Văn phòng", 9, "Văn phòng"},
		{"Văn phòng", 8, "Văn phò…"},
		{"Văn", 1, "…"},
		{"文書文書", 5, "文書…"},
	};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(shown_text(&arena, rows[i].text, rows[i].columns),
			rows[i].shown);
	arena_deinit(&arena);
}

static void a_column_is_what_a_terminal_makes_of_it(void **state)
{
	(void)state;
	assert_int_equal(shown_columns("Ví Dụ"), 5);
	assert_int_equal(shown_columns("Vi\xcc\x81"), 2); /* decomposed */
	assert_int_equal(shown_columns("文書"), 4);
	assert_int_equal(shown_columns("\xff\x01"), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_text_is_shown_without_what_drives_a_terminal),
		cmocka_unit_test(a_column_is_what_a_terminal_makes_of_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
