/* What the sender of a document is told: each code once, never backwards. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "gateway/rules/upstream.h"

#define SAID(code) (1u << (code))

static const struct row {
	const char *sentence;
	struct upstream_facts facts;
	const char *told, *due;
} rows[] = {
	{"it came", {.addressed = true}, "", "1"},
	{"once", {.addressed = true}, "1", ""},
	{"who was not written to has only its tasks to tell of", {.open = 1}, "", ""},
	{"a task alone is no acceptance", {.addressed = true, .open = 1}, "1", ""},
	{"its own word is", {.addressed = true, .said = SAID(3), .open = 1}, "1", "3"},
	{"all that holds, in order",
		{.addressed = true, .said = SAID(3) | SAID(4), .open = 1, .at_work = 1},
		"", "1345"},
	{"never backwards", {.addressed = true, .said = SAID(3) | SAID(4)}, "15", ""},
	{"parts given to its sub-units",
		{.addressed = true, .passed_on = true, .open = 1}, "13", "4"},
	{"its own 6 is a claim", {.addressed = true, .said = SAID(6), .open = 1}, "1",
		""},
	{"done when completed", {.addressed = true, .completed = 1}, "1", "6"},
	{"not while another task of it is open",
		{.addressed = true, .completed = 1, .open = 1}, "1", ""},
	{"what it handed back it owes no more",
		{.addressed = true, .completed = 1, .handed_back = 1}, "1", "6"},
	{"nothing after 6", {.addressed = true, .open = 1, .at_work = 1}, "16", ""},
	{"not even a refusal", {.addressed = true, .said = SAID(2)}, "16", ""},
	{"refused in its own words", {.addressed = true, .said = SAID(2)}, "1", "2"},
	{"a refusal stands in place of what would follow",
		{.addressed = true, .said = SAID(2) | SAID(3), .open = 1, .at_work = 1},
		"", "12"},
	{"handed back, the whole of it", {.addressed = true, .handed_back = 2}, "135",
		"2"},
	{"a part of it is no refusal", {.addressed = true, .handed_back = 1, .open = 1},
		"1", ""},
	{"nothing after 2", {.addressed = true, .completed = 1}, "12", ""},
	{"no task, no 6", {.addressed = true}, "1345", ""},
};

static unsigned bits(const char *codes)
{
	unsigned told = 0;

	for (; *codes; codes++)
		told |= 1u << (*codes - '0');
	return told;
}

static void test_each_code_is_told_once_and_never_backwards(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		enum upstream_code due[UPSTREAM_MOST];
		size_t n = upstream_due(&rows[i].facts, bits(rows[i].told), due);
		char text[UPSTREAM_MOST + 1] = "";

		for (size_t k = 0; k < n; k++)
			text[k] = (char)('0' + due[k]);
		if (strcmp(text, rows[i].due) != 0)
			fail_msg("%s: %s, not %s", rows[i].sentence, text, rows[i].due);
	}
}

static void test_only_tasks_that_are_owed_count(void **state)
{
	struct upstream_facts f = {0};

	(void)state;
	for (int i = TASK_ASSIGNED; i <= TASK_WITHDRAWN; i++)
		upstream_count(&f, (enum task_state)i);
	assert_int_equal(f.open, 3);
	assert_int_equal(f.at_work, 2);
	assert_int_equal(f.completed, 1);
	assert_int_equal(f.handed_back, 1);
}

static void test_every_code_has_words(void **state)
{
	(void)state;
	for (int code = UPSTREAM_ARRIVED; code <= UPSTREAM_DONE; code++)
		assert_true(*upstream_words((enum upstream_code)code));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_code_is_told_once_and_never_backwards),
		cmocka_unit_test(test_only_tasks_that_are_owed_count),
		cmocka_unit_test(test_every_code_has_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
