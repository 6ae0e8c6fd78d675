/* A delivery of several documents: settled once, by the weightiest, when all are back.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "gateway/flow/bundle.h"

enum { MOST = 4 };

static const struct settled accepted = {
	.handle = 7, .how = SETTLEMENT_ACCEPTED, .outcome = "applied"};
static const struct settled restricted = {
	.handle = 7, .how = SETTLEMENT_RESTRICTED, .outcome = "restricted"};
static const struct settled aside = {.handle = 7,
	.how = SETTLEMENT_SET_ASIDE,
	.outcome = "quarantined",
	.error_code = "mapping.unknown-value",
	.error_message = "stage: `7`",
	.error_line = 3,
	.quarantine = 11};
static const struct settled aside_too = {.handle = 7,
	.how = SETTLEMENT_SET_ASIDE,
	.outcome = "quarantined",
	.error_code = "mapping.no-identity",
	.error_message = "no id",
	.quarantine = 12};

static void test_the_weightiest_settles_all_and_only_when_all_are_back(void **state)
{
	static const struct {
		const struct settled *back[MOST];
		const char *outcome, *message; /* NULL: none */
		int64_t quarantine;
	} rows[] = {
		{{&accepted, &accepted}, "applied", NULL, 0},
		{{&aside, &accepted, &accepted}, "quarantined",
			"document 1: stage: `7`", 11},
		{{&accepted, &aside, &aside_too}, "quarantined",
			"document 2: stage: `7`", 11},
		{{&accepted, &aside_too, &aside}, "quarantined", "document 2: no id",
			12},
		{{&aside, &restricted, &accepted, &aside_too}, "restricted", NULL, 0},
		{{&restricted, &aside}, "restricted", NULL, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bundles all = {0};
		struct bundle *b = bundle_new(&all);
		const struct settled *whole = NULL;
		size_t n = 0;

		while (n < MOST && rows[i].back[n])
			n++;
		for (size_t k = 0; k < n; k++)
			bundle_add(b);
		for (size_t k = 0; k < n; k++) {
			assert_null(whole);
			whole = bundle_settle(b, rows[i].back[k]);
		}
		assert_non_null(whole);
		assert_int_equal(whole->handle, 7);
		assert_string_equal(whole->outcome, rows[i].outcome);
		assert_int_equal(whole->quarantine, rows[i].quarantine);
		if (rows[i].message)
			assert_string_equal(whole->error_message, rows[i].message);
		else
			assert_null(whole->error_message);
		for (size_t k = 0; k < n; k++)
			bundle_drop(b);
		assert_null(all.first);
	}
}

static void test_one_that_was_not_given_whole_is_never_settled(void **state)
{
	struct bundles all = {0};
	struct bundle *b = bundle_new(&all);

	(void)state;
	bundle_add(b);
	bundle_break(b);
	assert_null(bundle_settle(b, &accepted));
	bundle_drop(b);
	assert_null(all.first);
}

static void test_what_never_comes_back_is_let_go_of_at_the_end(void **state)
{
	struct bundles all = {0};
	struct bundle *first = bundle_new(&all), *second = bundle_new(&all);

	(void)state;
	bundle_add(first);
	bundle_add(second);
	bundle_add(second);
	assert_null(bundle_settle(second, &aside));
	bundle_settle(first, &accepted);
	bundle_drop(first);
	assert_ptr_equal(all.first, second);
	bundles_deinit(&all);
	assert_null(all.first);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_the_weightiest_settles_all_and_only_when_all_are_back),
		cmocka_unit_test(test_one_that_was_not_given_whole_is_never_settled),
		cmocka_unit_test(test_what_never_comes_back_is_let_go_of_at_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
