/* Bearer tokens, and the trace context that is passed on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "gateway/base/tokens.h"
#include "gateway/base/trace.h"

static void a_token_is_known_whole_or_not_at_all(void **state)
{
	static const char *const list[] = {"the-first-token", "and-the-next", ""};
	static const struct {
		const char *presented;
		bool known;
	} rows[] = {
		{"the-first-token", true},
		{"and-the-next", true},
		{"the-first-tokeN", false},
		{"the-first-token ", false},
		{"the-first", false},
		{"the-first-tokenthe-first-token", false},
		{"", false}, /* an empty one opens nothing, even where one is listed */
		{NULL, false},
	};
	struct tokens tokens = {list, 3};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_int_equal(
			tokens_have(&tokens, rows[i].presented), rows[i].known);
	assert_false(tokens_have(&(struct tokens){0}, "the-first-token"));
}

#define TRACE "4bf92f3577b34da6a3ce929d0e0e4736"
#define SPAN  "00f067aa0ba902b7"

static void a_trace_parent_is_passed_on_only_if_it_is_one(void **state)
{
#define WHOLE "00-" TRACE "-" SPAN "-01"
#define LATER "01-" TRACE "-" SPAN "-01"
	static const struct {
		const char *text, *passed_on;
	} rows[] = {
		{WHOLE, WHOLE},
		{"00-" TRACE "-" SPAN "-00", "00-" TRACE "-" SPAN "-00"},
		/* Of a later version: what we know of it, as our own. */
		{LATER, WHOLE},
		{LATER "-", WHOLE},
		{LATER "-more", WHOLE},
		{LATER "-\r\nX-More: 1", WHOLE},
		{LATER "-\xc3\xff", WHOLE},
		{"fe-" TRACE "-" SPAN "-00-x", "00-" TRACE "-" SPAN "-00"},
		{LATER "more", ""},
		{WHOLE "-more", ""},
		{WHOLE "\n", ""},
		{"ff-" TRACE "-" SPAN "-01", ""},
		{"00-" TRACE "-" SPAN "-0", ""},
		{"00-" TRACE "-" SPAN "-0x", ""},
		{"00-4BF92F3577B34DA6A3CE929D0E0E4736-" SPAN "-01", ""},
		{"00-00000000000000000000000000000000-" SPAN "-01", ""},
		{"00-" TRACE "-0000000000000000-01", ""},
		{"00_" TRACE "-" SPAN "-01", ""},
		{"hello", ""},
		{"", ""},
		{NULL, ""},
	};
	char parent[TRACE_PARENT_SIZE], text[4096];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (trace_take(rows[i].text, parent) != (*rows[i].passed_on != 0) ||
			strcmp(parent, rows[i].passed_on) != 0)
			fail_msg("row %zu: %s: %s", i, rows[i].text, parent);
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	memcpy(text, LATER "-", strlen(LATER "-"));
	assert_true(trace_take(text, parent));
	assert_string_equal(parent, WHOLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_token_is_known_whole_or_not_at_all),
		cmocka_unit_test(a_trace_parent_is_passed_on_only_if_it_is_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
