/* What a relay holds: who may go, who waits for whom, and for how long. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "gateway/flow/learned.h"
#include "gateway/flow/parcels.h"

/* Send all that may go at @now; how many went. */
static int send_all(struct parcels *p, int64_t now)
{
	int64_t due = INT64_MAX;
	int n = 0;

	for (struct parcel *at = NULL; (at = parcels_next(p, at, now, &due)); n++)
		parcels_sent(p, at, parcels_last(p) + 1);
	return n;
}

static void test_of_one_subject_one_goes_unless_the_sink_keeps_order(void **state)
{
	(void)state;
	for (int ordered = 0; ordered <= 1; ordered++) {
		struct parcels *p = parcels_new(10, ordered);

		parcels_add(p, 1, "a");
		parcels_add(p, 2, "a");
		parcels_add(p, 3, "b");
		parcels_add(p, 4, NULL);
		assert_int_equal(send_all(p, 0), ordered ? 4 : 3);
		assert_int_equal(parcels_at(p, 2)->row, ordered ? 2 : 3);
		parcels_remove(p, parcels_at(p, 1));
		assert_int_equal(send_all(p, 0), ordered ? 0 : 1);
		parcels_free(p);
	}
}

static void test_behind_one_that_is_put_off_its_subject_waits(void **state)
{
	struct parcels *p = parcels_new(10, true);
	int64_t due = INT64_MAX;

	(void)state;
	struct parcel *one = parcels_add(p, 1, "a"), *two = parcels_add(p, 2, "a");

	parcels_add(p, 3, "b");
	assert_int_equal(send_all(p, 0), 3);
	parcels_put_off(p, one, 50);
	assert_true(two->again);
	assert_null(parcels_next(p, NULL, 49, &due));
	assert_int_equal(due, 50);
	/* The answer to the younger one is void: it goes once more, behind. */
	parcels_take_back(p, two);
	assert_ptr_equal(parcels_next(p, NULL, 50, &due), one);
	parcels_sent(p, one, 4);
	assert_null(parcels_next(p, NULL, 50, &due));
	parcels_remove(p, one);
	assert_ptr_equal(parcels_next(p, NULL, 50, &due), two);
	parcels_free(p);
}

static void test_numbers_come_back_in_any_order(void **state)
{
	struct parcels *p = parcels_new(3, false);

	(void)state;
	parcels_add(p, 1, "a");
	parcels_add(p, 2, "b");
	parcels_add(p, 3, "c");
	assert_int_equal(send_all(p, 0), 3);
	assert_false(parcels_can_send(p, 3));
	parcels_remove(p, parcels_at(p, 2));
	assert_true(parcels_can_send(p, 3));
	assert_false(parcels_can_send(p, 1));
	assert_int_equal(parcels_lowest(p), 1);
	assert_null(parcels_at(p, 2));
	parcels_remove(p, parcels_at(p, 1));
	assert_int_equal(parcels_lowest(p), 3);
	assert_int_equal(parcels_flying(p), 1);
	parcels_ground(p);
	assert_int_equal(parcels_flying(p), 0);
	assert_int_equal(parcels_count(p), 1);
	assert_int_equal(parcels_lowest(p), 0);
	assert_int_equal(send_all(p, 0), 1);
	assert_int_equal(parcels_at(p, 1)->row, 3);
	parcels_free(p);
}

static void test_one_that_stays_away_stops_the_others_late(void **state)
{
	struct parcels *p = parcels_new(2, false);
	int went = 0;

	(void)state;
	parcels_add(p, 1, "a");
	assert_int_equal(send_all(p, 0), 1);
	for (int64_t row = 2; parcels_can_send(p, 2); row++, went++) {
		struct parcel *other = parcels_add(p, row, "b");

		parcels_sent(p, other, parcels_last(p) + 1);
		parcels_remove(p, other);
	}
	assert_int_equal(went, 4095);
	parcels_free(p);
}

static void test_it_holds_so_many_and_no_more(void **state)
{
	struct parcels *p = parcels_new(10, true);
	int64_t row = 0;

	(void)state;
	for (; parcels_room(p) > 0; row++)
		parcels_add(p, row + 1, row % 2 ? "even" : "odd");
	assert_int_equal(row, 2010);
	assert_int_equal(parcels_count(p), 2010);
	parcels_free(p);
}

static void test_one_put_off_in_an_earlier_life_still_is(void **state)
{
	struct parcels *p = parcels_new(10, true);
	int64_t due = INT64_MAX;

	(void)state;
	parcels_recall(parcels_add(p, 1, "a"), 2, 70);
	parcels_add(p, 2, "a");
	assert_null(parcels_next(p, NULL, 0, &due));
	assert_int_equal(due, 70);
	assert_int_equal(send_all(p, 70), 1);
	parcels_free(p);
}

static void test_what_was_learned_is_known_until_it_is_written(void **state)
{
	struct learned *l = learned_new();

	(void)state;
	assert_null(learned_find(l, "a"));
	for (uint64_t ticket = 1; ticket <= 40; ticket++)
		learned_add(l, ticket % 2 ? "a" : "b", ticket % 2 ? "A" : "B", ticket);
	learned_add(l, "a", "A2", 41);
	assert_string_equal(learned_find(l, "a"), "A2");
	learned_forget(l, 40);
	assert_int_equal(learned_count(l), 1);
	assert_null(learned_find(l, "b"));
	learned_forget(l, 41);
	assert_null(learned_find(l, "a"));
	learned_free(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_of_one_subject_one_goes_unless_the_sink_keeps_order),
		cmocka_unit_test(test_behind_one_that_is_put_off_its_subject_waits),
		cmocka_unit_test(test_numbers_come_back_in_any_order),
		cmocka_unit_test(test_one_that_stays_away_stops_the_others_late),
		cmocka_unit_test(test_it_holds_so_many_and_no_more),
		cmocka_unit_test(test_one_put_off_in_an_earlier_life_still_is),
		cmocka_unit_test(test_what_was_learned_is_known_until_it_is_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
