/* Documents that come over HTTP: the door between the server and the flow. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <poll.h>

#include "adapters/http_source.h"

struct visit {
	struct arena arena;
	struct http_source_options options;
	void *source;
	int done, let_go;
	const char *outcome; /* of the last one done */
};

static void done(struct http_parcel *parcel, const struct settled *at)
{
	struct visit *v = parcel->context;

	v->done += at != NULL;
	v->let_go += at == NULL;
	v->outcome = at ? at->outcome : NULL;
}

static void set_up(struct visit *v)
{
	*v = (struct visit){0};
	v->options.name = "partner";
	v->options.door = http_door_make(&v->arena);
}

static void open_door(struct visit *v)
{
	assert_int_equal(http_source_ops.open(&v->options, &v->source, NULL), 0);
}

static void tear_down(struct visit *v)
{
	http_source_ops.close(v->source);
	arena_deinit(&v->arena);
}

static struct http_parcel parcel_of(struct visit *v, const char *text)
{
	return (struct http_parcel){.bytes = {text, strlen(text)},
		.fd = -1,
		.traceparent = "t",
		.done = done,
		.context = v};
}

static bool is_readable(struct visit *v)
{
	struct pollfd at = {.fd = http_source_ops.fd(v->source), .events = POLLIN};

	return poll(&at, 1, 0) == 1;
}

static void a_closed_door_lets_nobody_in(void **state)
{
	struct visit v;

	(void)state;
	set_up(&v);
	struct http_parcel p = parcel_of(&v, "x");

	assert_int_equal(http_door_put(v.options.door, &p), HTTP_PUT_CLOSED);
	assert_int_equal(v.let_go, 0);
	tear_down(&v);
}

static void what_comes_is_taken_in_order_and_told_once(void **state)
{
	struct visit v;
	struct delivery d;

	(void)state;
	set_up(&v);
	open_door(&v);
	struct http_parcel a = parcel_of(&v, "a"), b = parcel_of(&v, "b");

	assert_false(is_readable(&v));
	assert_int_equal(http_door_put(v.options.door, &a), HTTP_PUT_OK);
	assert_int_equal(http_door_put(v.options.door, &b), HTTP_PUT_OK);
	assert_true(is_readable(&v));
	assert_int_equal(http_source_ops.next(v.source, &d, NULL), SOURCE_NEXT_OK);
	assert_memory_equal(d.bytes.at, "a", 1);
	assert_string_equal(d.traceparent, "t");
	struct settled first = {.handle = d.handle, .outcome = "applied"};

	assert_int_equal(http_source_ops.next(v.source, &d, NULL), SOURCE_NEXT_OK);
	assert_memory_equal(d.bytes.at, "b", 1);
	struct settled second = {.handle = d.handle, .outcome = "duplicate"};

	assert_int_equal(http_source_ops.next(v.source, &d, NULL), SOURCE_NEXT_NONE);
	assert_false(is_readable(&v));
	assert_int_equal(http_source_ops.settle(v.source, &first, 1, NULL), 0);
	assert_int_equal(v.done, 1);
	assert_int_equal(http_source_ops.settle(v.source, &second, 1, NULL), 0);
	assert_int_equal(v.done, 2);
	assert_string_equal(v.outcome, "duplicate");
	tear_down(&v);
	assert_int_equal(v.let_go, 0);
}

static void what_is_not_settled_at_the_end_is_let_go(void **state)
{
	struct visit v;
	struct delivery d;
	struct err e = {0};

	(void)state;
	set_up(&v);
	open_door(&v);
	struct http_parcel a = parcel_of(&v, "a"), b = parcel_of(&v, "b");
	struct settled late = {.handle = (uintptr_t)&a, .outcome = "applied"};

	http_door_put(v.options.door, &a);
	http_door_put(v.options.door, &b);
	assert_int_equal(http_source_ops.next(v.source, &d, NULL), SOURCE_NEXT_OK);
	http_source_ops.close(v.source);
	assert_int_equal(v.let_go, 2);
	open_door(&v);
	assert_int_equal(http_source_ops.settle(v.source, &late, 1, &e), -1);
	assert_int_equal(v.done, 0);
	tear_down(&v);
}

static void only_so_many_may_wait(void **state)
{
	static struct http_parcel many[HTTP_WAITING_MAX + 1];
	struct visit v;

	(void)state;
	set_up(&v);
	open_door(&v);
	for (size_t i = 0; i < HTTP_WAITING_MAX; i++) {
		many[i] = parcel_of(&v, "x");
		assert_int_equal(http_door_put(v.options.door, &many[i]), HTTP_PUT_OK);
	}
	many[HTTP_WAITING_MAX] = parcel_of(&v, "x");
	assert_int_equal(
		http_door_put(v.options.door, &many[HTTP_WAITING_MAX]), HTTP_PUT_FULL);
	tear_down(&v);
	assert_int_equal(v.let_go, HTTP_WAITING_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_closed_door_lets_nobody_in),
		cmocka_unit_test(what_comes_is_taken_in_order_and_told_once),
		cmocka_unit_test(what_is_not_settled_at_the_end_is_let_go),
		cmocka_unit_test(only_so_many_may_wait),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
