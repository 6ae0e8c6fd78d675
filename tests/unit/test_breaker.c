/* The breaker and the pauses, with a clock of the test's own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "gateway/flow/backoff.h"
#include "gateway/flow/breaker.h"

#define MS INT64_C(1000000)

static const struct delivery_policy policy = {
	.suspend_after = 3, .suspend_first_ms = 1000, .suspend_limit_ms = 3000};

static void test_so_many_failures_in_a_row_open_it(void **state)
{
	struct breaker b = {.seed = 1};

	(void)state;
	assert_false(breaker_failed(&b, &policy, 0, 0));
	assert_false(breaker_failed(&b, &policy, 0, 0));
	assert_int_equal(breaker_room(&b, 0, 100), 100);
	/* What works in between begins the count anew. */
	assert_false(breaker_worked(&b));
	assert_false(breaker_failed(&b, &policy, 0, 0));
	assert_false(breaker_failed(&b, &policy, 0, 0));
	assert_true(breaker_failed(&b, &policy, 0, 0));
	assert_int_equal(breaker_room(&b, 0, 100), 0);
	assert_true(b.until >= 500 * MS && b.until <= 1000 * MS);
	/* What was under way and fails too opens nothing twice. */
	assert_false(breaker_failed(&b, &policy, 0, 0));
}

static void test_half_open_one_event_decides(void **state)
{
	struct breaker b = {.seed = 1};
	int64_t now = 0;

	(void)state;
	for (int i = 0; i < 3; i++)
		breaker_failed(&b, &policy, now, 0);
	/* Each time twice as long, up to the limit. */
	for (int i = 1; i <= 4; i++) {
		int64_t most = (i == 1 ? 1000 : i == 2 ? 2000 : 3000) * MS;

		assert_true(b.until - now <= most && b.until - now >= most / 2);
		assert_int_equal(breaker_room(&b, b.until - 1, 100), 0);
		now = b.until;
		assert_int_equal(breaker_room(&b, now, 100), 1);
		assert_true(breaker_failed(&b, &policy, now, 0));
	}
	assert_int_equal(breaker_room(&b, b.until, 100), 1);
	assert_true(breaker_worked(&b));
	assert_int_equal(breaker_room(&b, now, 100), 100);
}

static void test_the_receivers_own_word_makes_it_longer(void **state)
{
	struct breaker b = {.seed = 1};

	(void)state;
	for (int i = 0; i < 3; i++)
		breaker_failed(&b, &policy, 0, 60000);
	assert_int_equal(b.until, 60000 * MS);
}

static void test_pauses_double_up_to_the_limit_and_differ(void **state)
{
	static const int most[] = {100, 200, 400, 800, 1000, 1000};
	uint64_t seed = 1, other = 2;
	int differ = 0;

	(void)state;
	for (int i = 0; i < 6; i++) {
		int pause = backoff_pause_ms(100, 1000, i + 1, &seed);
		int twin = backoff_pause_ms(100, 1000, i + 1, &other);

		assert_in_range(pause, most[i] / 2, most[i]);
		assert_in_range(twin, most[i] / 2, most[i]);
		differ += pause != twin;
	}
	assert_true(differ > 0);
	assert_int_equal(backoff_pause_ms(1, 1, 30, &seed), 1);
	assert_in_range(
		backoff_pause_ms(1, INT32_MAX, 1000, &seed), INT32_MAX / 2, INT32_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_so_many_failures_in_a_row_open_it),
		cmocka_unit_test(test_half_open_one_event_decides),
		cmocka_unit_test(test_the_receivers_own_word_makes_it_longer),
		cmocka_unit_test(test_pauses_double_up_to_the_limit_and_differ),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
