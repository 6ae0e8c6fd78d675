/* The ring between the sources and the writer: bounded, in order, and it can be closed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>

#include "gateway/flow/ring.h"

static int things[100];

static void fill(struct ring *r, int n, size_t bytes)
{
	for (int i = 0; i < n; i++)
		assert_true(ring_put(r, &things[i], bytes));
}

static void test_what_went_in_first_comes_out_first(void **state)
{
	struct ring *r = ring_new(8, 1000);
	void *taken[8];

	(void)state;
	for (int round = 0; round < 5; round++) {
		fill(r, 5, 1);
		assert_int_equal(ring_take(r, taken, 8, 1000), 5);
		for (int i = 0; i < 5; i++)
			assert_ptr_equal(taken[i], &things[i]);
	}
	ring_free(r);
}

static void test_a_batch_is_cut_by_number_or_by_bytes(void **state)
{
	static const struct {
		size_t bytes, max_n, max_bytes, expected;
	} rows[] = {
		{10, 3, 1000, 3},
		{10, 100, 25, 3}, /* the one that makes it 25 is still taken */
		{10, 100, 30, 3},
		{10, 100, 1, 1}, /* one at least, however large */
		{0, 100, 1, 6},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ring *r = ring_new(10, 1000);
		void *taken[100];

		fill(r, 6, rows[i].bytes);
		assert_int_equal(ring_take(r, taken, rows[i].max_n, rows[i].max_bytes),
			rows[i].expected);
		ring_free(r);
	}
}

static void *put_many(void *context)
{
	for (int i = 0; i < 100; i++)
		if (!ring_put(context, &things[i], 1))
			return NULL;
	return context;
}

static void test_a_full_ring_holds_its_producer_up_and_loses_nothing(void **state)
{
	struct ring *r = ring_new(3, 2);
	pthread_t thread;
	void *taken[100], *result;

	(void)state;
	assert_int_equal(pthread_create(&thread, NULL, put_many, r), 0);
	for (int i = 0; i < 100; i++) {
		assert_int_equal(ring_take(r, taken, 1, 100), 1);
		assert_ptr_equal(taken[0], &things[i]);
	}
	pthread_join(thread, &result);
	assert_ptr_equal(result, r);
	ring_free(r);
}

static void test_closing_frees_a_waiting_producer_and_keeps_what_is_there(void **state)
{
	struct ring *r = ring_new(3, 100);
	pthread_t thread;
	void *taken[100], *result;

	(void)state;
	fill(r, 3, 1);
	assert_int_equal(pthread_create(&thread, NULL, put_many, r), 0);
	ring_close(r);
	pthread_join(thread, &result);
	assert_null(result);
	assert_int_equal(ring_take(r, taken, 100, 100), 3);
	assert_int_equal(ring_take(r, taken, 100, 100), 0);
	assert_false(ring_put(r, &things[0], 1));
	ring_free(r);
}

static void test_a_poke_is_heard_once_by_whoever_waits_next(void **state)
{
	struct ring *r = ring_new(3, 100);
	void *taken[3];

	(void)state;
	ring_poke(r);
	assert_int_equal(ring_take(r, taken, 3, 100), 0);
	fill(r, 1, 1);
	assert_int_equal(ring_take(r, taken, 3, 100), 1);
	ring_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_went_in_first_comes_out_first),
		cmocka_unit_test(test_a_batch_is_cut_by_number_or_by_bytes),
		cmocka_unit_test(
			test_a_full_ring_holds_its_producer_up_and_loses_nothing),
		cmocka_unit_test(
			test_closing_frees_a_waiting_producer_and_keeps_what_is_there),
		cmocka_unit_test(test_a_poke_is_heard_once_by_whoever_waits_next),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
