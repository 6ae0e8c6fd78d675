/* JSON written in one pass always parses; jansson is the judge. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <string.h>

#include "gateway/base/json.h"

#define COUNT(list)    (sizeof(list) / sizeof((list)[0]))
#define BYTES(literal) literal, sizeof(literal) - 1

static void every_text_is_escaped_and_always_utf8(void **state)
{
	static const struct {
		const char *bytes;
		size_t n;
		const char *json;
	} rows[] = {
		{BYTES(""), "\"\""},
		{BYTES("V/v báo cáo"), "\"V/v báo cáo\""},
		{BYTES("a\"b\\c/d"), "\"a\\\"b\\\\c/d\""},
		{BYTES("\n\r\t\b\f\x01\x1f\x7f"),
			"\"\\n\\r\\t\\u0008\\u000c\\u0001\\u001f\\u007f\""},
		{BYTES("a\0b"), "\"a\\u0000b\""},
		{BYTES("\xf0\x9f\x93\x84"), "\"\xf0\x9f\x93\x84\""},
		{BYTES("\xff"), "\"\xef\xbf\xbd\""},
		{BYTES("a\xe1\xba"), "\"a\xef\xbf\xbd\xef\xbf\xbd\""},
		{BYTES("\xe1\xbaz"), "\"\xef\xbf\xbd\xef\xbf\xbdz\""},
		{BYTES("\xc0\x80"), "\"\xef\xbf\xbd\xef\xbf\xbd\""},
		{BYTES("\xed\xa0\x80\""),
			"\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\\\"\""},
		{BYTES("\xf4\x90\x80\x80"),
			"\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
		{BYTES("\xf4\x8f\xbf\xbf"), "\"\xf4\x8f\xbf\xbf\""},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		cleanup_buf struct buf out = {0};
		struct json j = {.out = &out};

		json_text_n(&j, rows[i].bytes, rows[i].n);
		assert_string_equal(buf_text(&out), rows[i].json);
		json_t *read = json_loads(
			buf_text(&out), JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);

		assert_non_null(read);
		json_decref(read);
	}
}

static void any_bytes_make_a_text_that_parses(void **state)
{
	(void)state;
	for (unsigned pair = 0; pair < 0x10000; pair++) {
		const char bytes[] = {(char)(pair >> 8), (char)pair, 'x'};
		cleanup_buf struct buf out = {0};
		struct json j = {.out = &out};

		json_text_n(&j, bytes, sizeof(bytes));
		json_t *read = json_loads(
			buf_text(&out), JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);

		assert_non_null(read);
		json_decref(read);
	}
}

static void commas_stand_between_members_and_nowhere_else(void **state)
{
	cleanup_buf struct buf out = {0};
	struct json j = {.out = &out};

	(void)state;
	json_open(&j, '{');
	json_key(&j, "empty");
	json_open(&j, '[');
	json_close(&j, ']');
	json_key(&j, "list");
	json_open(&j, '[');
	json_int(&j, 1);
	json_open(&j, '{');
	json_close(&j, '}');
	json_open(&j, '[');
	json_open(&j, '[');
	json_close(&j, ']');
	json_text(&j, NULL);
	json_close(&j, ']');
	json_bool(&j, true);
	json_close(&j, ']');
	json_put_text(&j, "a\"b", "c");
	json_put_text(&j, "none", NULL);
	json_put_int(&j, "low", INT64_MIN);
	json_key(&j, "no");
	json_bool(&j, false);
	json_key(&j, "raw");
	json_raw(&j, BYTES("{\"x\":[1,2]}"));
	json_close(&j, '}');
	assert_string_equal(buf_text(&out),
		"{\"empty\":[],\"list\":[1,{},[[],null],true],\"a\\\"b\":\"c\","
		"\"none\":null,"
		"\"low\":-9223372036854775808,\"no\":false,\"raw\":{\"x\":[1,2]}}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_text_is_escaped_and_always_utf8),
		cmocka_unit_test(any_bytes_make_a_text_that_parses),
		cmocka_unit_test(commas_stand_between_members_and_nowhere_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
