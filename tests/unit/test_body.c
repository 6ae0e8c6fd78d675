/* A request's body: in memory while it is small, in a file when it is not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "gateway/web/body.h"
#include "tests/lib/scratch.h"

enum { PART = 1000 };

static char part[PART];

static void add(struct body *b, size_t n)
{
	for (; n > PART; n -= PART)
		body_add(b, part, PART);
	body_add(b, part, n);
}

static void a_small_body_is_in_memory(void **state)
{
	struct http_parcel parcel = {0};
	struct body b;

	body_init(&b, ((struct scratch *)*state)->path, 0);
	body_expect(&b, BODY_MEMORY, 1 << 20);
	add(&b, BODY_MEMORY);
	assert_int_equal(body_finish(&b, &parcel), 0);
	assert_null(parcel.path);
	assert_int_equal(parcel.bytes.n, BODY_MEMORY);
	body_deinit(&b);
	assert_null(b.bytes.data);
}

static void a_large_one_is_in_a_file_that_goes_with_it(void **state)
{
	static char back[2 * BODY_MEMORY];
	struct http_parcel parcel = {0};
	struct body b;

	body_init(&b, ((struct scratch *)*state)->path, 0);
	body_expect(&b, 0, 1 << 20);
	add(&b, BODY_MEMORY);
	body_add(&b, "the end", 7);
	assert_int_equal(body_finish(&b, &parcel), 0);
	assert_int_equal(access(parcel.path, F_OK), 0);
	/* X1: it has no name, so kill -9 leaves nothing of it. */
	assert_int_equal(scratch_count(*state, "."), 0);
	assert_int_equal(read(parcel.fd, back, sizeof(back)), BODY_MEMORY + 7);
	assert_memory_equal(back + BODY_MEMORY, "the end", 7);
	cleanup_buf struct buf path = {0};

	buf_add_text(&path, parcel.path);
	body_deinit(&b);
	assert_int_equal(access(buf_text(&path), F_OK), -1);
}

static void what_is_too_much_is_not_kept(void **state)
{
	struct body b;

	body_init(&b, ((struct scratch *)*state)->path, 0);
	body_expect(&b, 0, 2 * PART);
	add(&b, 2 * PART);
	assert_false(b.over);
	body_add(&b, part, 1);
	assert_true(b.over);
	add(&b, 10 * PART);
	assert_int_equal(b.bytes.n, 2 * PART);
	assert_int_equal(b.n, 12 * PART + 1);
	body_deinit(&b);
}

static void without_room_for_the_file_it_has_failed(void **state)
{
	struct body b;

	(void)state;
	body_init(&b, "/nowhere/at/all", 0);
	body_expect(&b, 0, 1 << 20);
	add(&b, BODY_MEMORY + 1);
	assert_true(b.failed);
	add(&b, PART);
	body_deinit(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_small_body_is_in_memory, scratch_setup, scratch_teardown),
		cmocka_unit_test_setup_teardown(
			a_large_one_is_in_a_file_that_goes_with_it, scratch_setup,
			scratch_teardown),
		cmocka_unit_test_setup_teardown(
			what_is_too_much_is_not_kept, scratch_setup, scratch_teardown),
		cmocka_unit_test_setup_teardown(without_room_for_the_file_it_has_failed,
			scratch_setup, scratch_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
