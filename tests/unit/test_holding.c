/* What a reader has pulled: its tags outside, and when a message is given back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "gateway/web/holding.h"

enum { MANY = 200 };

static void a_tag_is_held_until_it_is_done(void **state)
{
	struct holding h = {0};
	char names[MANY][HOLDING_TAG];
	uint64_t tag;

	(void)state;
	holding_begin(&h, 0xabc);
	for (uint64_t i = 0; i < MANY; i++)
		holding_add(&h, i + 5, (int64_t)i, names[i]);
	assert_string_equal(names[0], "abc-5");
	assert_true(holding_find(&h, names[7], &tag));
	assert_int_equal(tag, 12);
	holding_done(&h, tag);
	assert_false(holding_find(&h, names[7], &tag));
	assert_int_equal(holding_n(&h), MANY - 1);
	assert_true(holding_find(&h, names[150], &tag));
	assert_int_equal(holding_done_upto(&h, tag), 150);
	assert_int_equal(holding_n(&h), MANY - 151);
	assert_false(holding_find(&h, names[150], &tag));
	assert_true(holding_find(&h, names[151], &tag));
	assert_int_equal(tag, 156);
	holding_deinit(&h);
}

static void a_tag_of_another_opening_is_unknown(void **state)
{
	static const char *const wrong[] = {"abc-1", "abd-01", "abd-+1", "abd-2", "1",
		"-1", "", "abd-", "abd-1-1", "ABD-1"};
	struct holding h = {0};
	char name[HOLDING_TAG];
	uint64_t tag;

	(void)state;
	holding_begin(&h, 0xabc);
	holding_add(&h, 1, 0, name);
	holding_begin(&h, 0xabd);
	holding_add(&h, 1, 0, name);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		if (holding_find(&h, wrong[i], &tag))
			fail_msg("found %s", wrong[i]);
	assert_true(holding_find(&h, "abd-1", &tag));
	holding_deinit(&h);
}

static void what_is_held_too_long_is_given_back_in_order(void **state)
{
	struct holding h = {0};
	char name[HOLDING_TAG];
	uint64_t tag;

	(void)state;
	holding_begin(&h, 1);
	for (uint64_t i = 1; i <= 4; i++)
		holding_add(&h, i, (int64_t)i * 10, name);
	holding_done(&h, 1);
	assert_int_equal(holding_next(&h), 20);
	assert_false(holding_expired(&h, 19, &tag));
	assert_true(holding_expired(&h, 30, &tag));
	assert_int_equal(tag, 2);
	assert_true(holding_expired(&h, 30, &tag));
	assert_int_equal(tag, 3);
	assert_false(holding_expired(&h, 30, &tag));
	assert_int_equal(holding_take_last(&h), 4);
	assert_int_equal(holding_n(&h), 0);
	assert_false(holding_expired(&h, 100, &tag));
	holding_deinit(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_tag_is_held_until_it_is_done),
		cmocka_unit_test(a_tag_of_another_opening_is_unknown),
		cmocka_unit_test(what_is_held_too_long_is_given_back_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
