#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "queue/topic.h"

static void a_pattern_matches_as_amqp_says(void **state)
{
	static const struct {
		const char *pattern, *key;
		bool match;
	} rows[] = {
		{"#", "a", true},
		{"#", "a.b.c", true},
		{"*", "a", true},
		{"*", "a.b", false},
		{"a", "a", true},
		{"a", "ab", false},
		{"ab", "a", false},
		{"a.b", "a.b", true},
		{"a.b", "a", false},
		{"a", "a.b", false},
		{"a.*", "a.b", true},
		{"a.*", "a", false},
		{"a.*", "a.b.c", false},
		{"a.#", "a", true},
		{"a.#", "a.b.c", true},
		{"a.#", "b.a", false},
		{"#.c", "c", true},
		{"#.c", "a.b.c", true},
		{"#.c", "a.c.b", false},
		{"a.#.c", "a.c", true},
		{"a.#.c", "a.b.b.c", true},
		{"a.#.c", "a.c.b", false},
		{"a.#.c", "a.c.c", true},
		{"#.b.#", "a.b.c", true},
		{"#.b.#", "b", true},
		{"#.b.#", "a.c", false},
		{"#.b.#.b", "b.a.b", true},
		{"#.b.#.b", "b.a", false},
		{"*.#", "a", true},
		{"*.#.*", "a", false},
		{"*.#.*", "a.b", true},
		{"#.*", "a", true},
		{"#.#", "a", true},
		{"#.*.#.b", "a.a.a.b", true},
		{"task.#.H99.#", "task.created.H99.1", true},
		{"task.#.H99.#", "task.created.H9.1", false},
		{"a..b", "a..b", true},
		{"a.*.b", "a..b", true},
		{"ab*", "abc", false},
		{"##", "a", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (topic_match(rows[i].pattern, rows[i].key) != rows[i].match)
			fail_msg("%s and %s", rows[i].pattern, rows[i].key);
}

static void a_key_goes_once_to_each_queue_that_wants_it(void **state)
{
	struct routes r = {0};
	const struct route_hit *hit;

	(void)state;
	routes_add(&r, "a.#", 1);
	routes_add(&r, "#.b", 1);
	routes_add(&r, "*.b", 2);
	for (int again = 0; again < 2; again++) {
		hit = routes_find(&r, "a.b");
		assert_int_equal(hit->n, 2);
		assert_int_equal(hit->queues[0], 1);
		assert_int_equal(hit->queues[1], 2);
		assert_int_equal(routes_find(&r, "c")->n, 0);
	}
	routes_add(&r, "c", 3);
	assert_int_equal(routes_find(&r, "c")->n, 1);
	routes_reset(&r);
	assert_int_equal(routes_find(&r, "a.b")->n, 0);
	routes_deinit(&r);
}

static void more_keys_than_are_remembered_still_find_their_way(void **state)
{
	struct routes r = {0};
	char key[32];

	(void)state;
	for (int i = 0; i < 50; i++) {
		snprintf(key, sizeof(key), "k.%d", i);
		routes_add(&r, key, i + 1);
	}
	for (int i = 0; i < 3 * ROUTE_MEMORY; i++) {
		snprintf(key, sizeof(key), "k.%d", i);
		const struct route_hit *hit = routes_find(&r, key);

		assert_int_equal(hit->n, i < 50);
		if (i < 50)
			assert_int_equal(hit->queues[0], i + 1);
	}
	routes_deinit(&r);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pattern_matches_as_amqp_says),
		cmocka_unit_test(a_key_goes_once_to_each_queue_that_wants_it),
		cmocka_unit_test(more_keys_than_are_remembered_still_find_their_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
