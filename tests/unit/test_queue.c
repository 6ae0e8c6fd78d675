/*
 * The queue's promises, one suite for both backends: `test_queue embedded`, and
 * `test_queue amqp` with the broker of CONGVAN_TEST_AMQP_URL.
 */
#include "tests/unit/test_queue.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define KEY "task.created.H99.1"

static struct queue *open_declared(const struct place *p)
{
	struct queue *q = place_open(p);
	struct err e = {0};

	assert_done(queue_declare(q, p->name, &e));
	assert_done(queue_bind(q, p->name, "task.#", &e));
	return q;
}

static struct queue *open_with(const struct place *p, int messages)
{
	struct queue *q = open_declared(p);

	for (int i = 1; i <= messages; i++)
		put(q, KEY, i);
	settle(q, (uint64_t)messages);
	return q;
}

static void what_is_published_arrives_as_it_was(void **state)
{
	const struct place *p = *state;
	struct queue *q = open_declared(p);
	struct err e = {0};
	uint64_t number = 0;
	struct queue_message m = {
		.id = "0194-01",
		.key = KEY,
		.content_type = "application/cloudevents+json",
		.traceparent =
			"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
		.body = {"{\"a\":1}", 7},
	};

	assert_done(queue_publish(q, &m, &number, &e));
	assert_int_equal(number, 1);
	settle(q, 1);
	assert_done(queue_consume(q, p->name, 10, &e));
	struct queue_delivery d = take(q);

	assert_string_equal(d.message.id, m.id);
	assert_string_equal(d.message.key, m.key);
	assert_string_equal(d.message.content_type, m.content_type);
	assert_string_equal(d.message.traceparent, m.traceparent);
	assert_int_equal(d.message.body.n, 7);
	assert_memory_equal(d.message.body.at, m.body.at, 7);
	assert_false(d.redelivered);
	assert_done(queue_ack(q, d.tag, &e));
	queue_close(q);
}

static void what_was_not_said_has_its_default(void **state)
{
	const struct place *p = *state;
	struct queue *q = open_with(p, 1);
	struct err e = {0};

	assert_done(queue_consume(q, p->name, 1, &e));
	struct queue_delivery d = take(q);

	assert_string_equal(d.message.content_type, "application/octet-stream");
	assert_null(d.message.traceparent);
	queue_close(q);
}

static void messages_come_in_the_order_they_were_published(void **state)
{
	const struct place *p = *state;
	struct queue *q = open_with(p, 500);
	struct err e = {0};
	uint64_t last = 0;

	assert_done(queue_consume(q, p->name, 1000, &e));
	for (int i = 1; i <= 500; i++) {
		struct queue_delivery d = take_number(q, KEY, i);

		assert_true(d.tag > last);
		last = d.tag;
	}
	queue_close(q);
}

static void no_more_than_the_prefetch_is_held(void **state)
{
	const struct place *p = *state;
	struct queue *q = open_with(p, 5);
	struct err e = {0};

	assert_done(queue_consume(q, p->name, 2, &e));
	uint64_t first = take_number(q, KEY, 1).tag;

	take_number(q, KEY, 2);
	take_nothing(q, p->name);
	assert_done(queue_ack_one(q, first, &e));
	take_number(q, KEY, 3);
	take_nothing(q, p->name);
	queue_close(q);
}

static void one_ack_is_for_all_before_it(void **state)
{
	const struct place *p = *state;
	struct queue *q = open_with(p, 100);
	struct err e = {0};
	uint64_t tag = 0;

	assert_done(queue_consume(q, p->name, 100, &e));
	for (int i = 1; i <= 99; i++)
		tag = take_number(q, KEY, i).tag;
	take_number(q, KEY, 100);
	assert_done(queue_ack(q, tag, &e));
	queue_close(q);

	q = place_open_taking(p, p->name, 100);
	assert_true(take_number(q, KEY, 100).redelivered);
	take_nothing(q, p->name);
	queue_close(q);
}

static void ack_one_is_for_no_other(void **state)
{
	const struct place *p = *state;
	struct queue *q = open_with(p, 3);
	struct err e = {0};

	assert_done(queue_consume(q, p->name, 10, &e));
	take_number(q, KEY, 1);
	uint64_t second = take_number(q, KEY, 2).tag;

	take_number(q, KEY, 3);
	assert_done(queue_ack_one(q, second, &e));
	queue_close(q);

	q = place_open_taking(p, p->name, 10);
	take_number(q, KEY, 1);
	take_number(q, KEY, 3);
	take_nothing(q, p->name);
	queue_close(q);
}

static void one_that_takes_long_holds_up_nobody(void **state)
{
	const struct place *p = *state;
	struct queue *q = open_with(p, 300);
	struct err e = {0};

	assert_done(queue_consume(q, p->name, 2, &e));
	take_number(q, KEY, 1);
	for (int i = 2; i <= 299; i++)
		assert_done(queue_ack_one(q, take_number(q, KEY, i).tag, &e));
	take_number(q, KEY, 300);
	queue_close(q);

	q = place_open_taking(p, p->name, 10);
	take_number(q, KEY, 1);
	take_number(q, KEY, 300);
	take_nothing(q, p->name);
	queue_close(q);
}

static void a_rejected_message_waits_among_the_dead(void **state)
{
	const struct place *p = *state;
	struct queue *q = open_with(p, 2);
	struct err e = {0};

	assert_done(queue_consume(q, p->name, 10, &e));
	assert_done(queue_reject(q, take_number(q, KEY, 1).tag, "not readable", &e));
	assert_done(queue_ack(q, take_number(q, KEY, 2).tag, &e));
	await_depth(q, p->dead, 1);
	queue_close(q);

	q = place_open_taking(p, p->dead, 10);
	struct queue_delivery d = take_number(q, KEY, 1);

	assert_int_equal(d.message.body.n, strlen("body of " KEY "/1"));
	assert_done(queue_ack(q, d.tag, &e));
	await_depth(q, p->name, 0);
	queue_close(q);
}

/* Before or after the others: neither backend promises the place. */
static void a_requeued_message_comes_again(void **state)
{
	const struct place *p = *state;
	struct queue *q = open_with(p, 2);
	struct err e = {0};
	int firsts = 0;

	assert_done(queue_consume(q, p->name, 1, &e));
	uint64_t last = take_number(q, KEY, 1).tag;

	assert_done(queue_requeue(q, last, &e));
	for (int i = 0; i < 2; i++) {
		struct queue_delivery d = take(q);
		bool first = strcmp(d.message.id, KEY "/1") == 0;

		assert_true(d.tag > last);
		assert_int_equal(d.redelivered, first);
		firsts += first;
		last = d.tag;
		assert_done(queue_ack(q, d.tag, &e));
	}
	assert_int_equal(firsts, 1);
	await_depth(q, p->name, 0);
	queue_close(q);
}

static void what_was_not_acknowledged_comes_again_after_close(void **state)
{
	const struct place *p = *state;
	struct queue *q = open_with(p, 3);
	struct err e = {0};

	assert_done(queue_consume(q, p->name, 2, &e));
	take_number(q, KEY, 1);
	take_number(q, KEY, 2);
	queue_close(q);

	q = place_open_taking(p, p->name, 10);
	assert_true(take_number(q, KEY, 1).redelivered);
	assert_true(take_number(q, KEY, 2).redelivered);
	assert_false(take_number(q, KEY, 3).redelivered);
	queue_close(q);
}

/* Run @work in a process of its own, which says when it is done and waits for its end.
 */
static pid_t start(const struct place *p, void (*work)(const struct place *p))
{
	int ready[2];
	char byte;

	assert_int_equal(pipe(ready), 0);
	pid_t child = fork();

	if (child == 0) {
		work(p);
		if (write(ready[1], "", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	close(ready[1]);
	assert_true(child > 0);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	return child;
}

static void stop(pid_t child)
{
	int status;

	kill(child, SIGKILL);
	assert_int_equal(waitpid(child, &status, 0), child);
}

static void take_three(const struct place *p)
{
	struct queue *q = place_open_taking(p, p->name, 3);

	for (int i = 1; i <= 3; i++)
		take_number(q, KEY, i);
}

static void what_a_killed_process_held_comes_again(void **state)
{
	const struct place *p = *state;

	queue_close(open_with(p, 4));
	stop(start(p, take_three));
	struct queue *q = place_open_taking(p, p->name, 10);

	for (int i = 1; i <= 4; i++)
		assert_int_equal(take_number(q, KEY, i).redelivered, i <= 3);
	queue_close(q);
}

static void confirm_a_thousand(const struct place *p)
{
	struct queue *q = place_open(p);

	for (int i = 1; i <= 1000; i++) {
		put(q, KEY, i);
		if (i % 50 == 0)
			settle(q, (uint64_t)i);
	}
}

static void what_was_confirmed_outlives_the_publisher(void **state)
{
	const struct place *p = *state;

	queue_close(open_declared(p));
	stop(start(p, confirm_a_thousand));
	struct queue *q = place_open_taking(p, p->name, 1000);

	for (int i = 1; i <= 1000; i++)
		take_number(q, KEY, i);
	queue_close(q);
}

static void one_process_takes_while_another_publishes(void **state)
{
	const struct place *p = *state;
	struct err e = {0};

	queue_close(open_declared(p));
	struct queue *q = place_open_taking(p, p->name, 20);
	pid_t child = fork();

	if (child == 0) {
		confirm_a_thousand(p);
		_exit(0);
	}
	for (int i = 1; i <= 1000; i++)
		assert_done(queue_ack(q, take_number(q, KEY, i).tag, &e));
	int status;

	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	await_depth(q, p->name, 0);
	queue_close(q);
}

static void a_key_nobody_is_bound_to_is_success(void **state)
{
	const struct place *p = *state;
	struct queue *q = open_declared(p);

	put(q, "letter.for.nobody", 1);
	put(q, KEY, 2);
	settle(q, 2);
	await_depth(q, p->name, 1);
	queue_close(q);
}

static void a_queue_can_be_addressed_by_name(void **state)
{
	const struct place *p = *state;
	struct queue *q = place_open(p);
	struct err e = {0};
	uint64_t number = 0;
	struct queue_message m = {.id = "direct", .body = {"x", 1}};

	assert_done(queue_declare(q, p->name, &e));
	assert_done(queue_publish_to(q, p->name, &m, &number, &e));
	settle(q, number);
	assert_done(queue_consume(q, p->name, 1, &e));
	assert_string_equal(take(q).message.id, "direct");
	queue_close(q);
}

static void a_message_to_no_queue_is_never_called_safe(void **state)
{
	const struct place *p = *state;
	struct queue *q = place_open(p);
	struct err e = {0};
	uint64_t upto = 0;
	struct queue_message m = {.id = "lost", .body = {"x", 1}};

	if (queue_publish_to(q, p->name, &m, NULL, &e) == 0)
		while (queue_confirm(q, 20000, &upto, &e) == QUEUE_CONFIRM_OK)
			assert_int_equal(upto, 0);
	assert_int_equal(e.code, ERR_CONFIG);
	assert_non_null(strstr(e.text, p->name));
	queue_close(q);
}

static void bindings_choose_who_receives(void **state)
{
	static const struct {
		const char *key;
		bool first, second;
	} rows[] = {
		{"task.created.H99.1", true, true},
		{"task.created.H99", true, false},
		{"task.H99.2", true, true},
		{"document.H99", false, true},
		{"document.new.H99", false, false},
		{"task", false, false},
	};
	const struct place *p = *state;
	struct queue *q = place_open(p);
	struct err e = {0};
	int n = sizeof(rows) / sizeof(rows[0]);

	assert_done(queue_declare(q, p->name, &e));
	assert_done(queue_declare(q, p->other, &e));
	assert_done(queue_bind(q, p->name, "task.#.H99.#", &e));
	assert_done(queue_bind(q, p->other, "*.*.*.1", &e));
	assert_done(queue_bind(q, p->other, "task.H99.*", &e));
	assert_done(queue_bind(q, p->other, "*.H99.#", &e));
	for (int i = 0; i < n; i++)
		put(q, rows[i].key, i);
	settle(q, (uint64_t)n);
	queue_close(q);

	struct queue *first = place_open_taking(p, p->name, 100);
	struct queue *second = place_open_taking(p, p->other, 100);

	for (int i = 0; i < n; i++) {
		if (rows[i].first)
			take_number(first, rows[i].key, i);
		if (rows[i].second)
			take_number(second, rows[i].key, i);
	}
	take_nothing(first, p->name);
	take_nothing(second, p->other);
	queue_close(first);
	queue_close(second);
}

static void a_body_may_be_large_empty_or_any_bytes(void **state)
{
	enum { LARGE = 5 * 1024 * 1024 };
	const struct place *p = *state;
	struct queue *q = open_declared(p);
	struct err e = {0};
	char *large = malloc(LARGE), bytes[256];

	for (int i = 0; i < 256; i++)
		bytes[i] = (char)i;
	for (int i = 0; i < LARGE; i++)
		large[i] = (char)(i * 31 + i / 4096);
	put_bytes(q, KEY, large, LARGE);
	put_bytes(q, KEY, NULL, 0);
	put_bytes(q, KEY, bytes, sizeof(bytes));
	settle(q, 3);
	assert_done(queue_consume(q, p->name, 10, &e));
	struct queue_delivery d = take(q);

	assert_int_equal(d.message.body.n, LARGE);
	assert_memory_equal(d.message.body.at, large, LARGE);
	assert_int_equal(take(q).message.body.n, 0);
	d = take(q);
	assert_int_equal(d.message.body.n, sizeof(bytes));
	assert_memory_equal(d.message.body.at, bytes, sizeof(bytes));
	assert_done(queue_ack(q, d.tag, &e));
	free(large);
	queue_close(q);
}

static void depth_counts_what_waits_and_not_what_is_taken(void **state)
{
	const struct place *p = *state;
	struct queue *q = open_with(p, 10);
	struct err e = {0};

	await_depth(q, p->name, 10);
	struct queue *taker = place_open_taking(p, p->name, 4);
	uint64_t tag = 0;

	for (int i = 1; i <= 4; i++)
		tag = take_number(taker, KEY, i).tag;
	await_depth(q, p->name, 6);
	await_depth(taker, p->name, 6);
	assert_done(queue_ack(taker, tag, &e));
	queue_close(taker);
	await_depth(q, p->name, 6);
	queue_close(q);
}

static void a_full_window_waits_and_goes_on(void **state)
{
	const struct place *p = *state;
	struct queue_options options = place_options(p);
	struct queue *q = NULL;
	struct err e = {0};

	queue_close(open_declared(p));
	options.window = 10;
	assert_done(queue_open(&options, &q, &e));
	for (int i = 1; i <= 500; i++)
		put(q, KEY, i);
	settle(q, 500);
	await_depth(q, p->name, 500);
	queue_close(q);
}

static void declaring_again_changes_nothing(void **state)
{
	const struct place *p = *state;
	struct queue *q = open_with(p, 2);
	struct err e = {0};

	assert_done(queue_declare(q, p->name, &e));
	assert_done(queue_bind(q, p->name, "task.#", &e));
	put(q, KEY, 3);
	settle(q, 3);
	await_depth(q, p->name, 3);
	queue_close(q);
}

static void a_tag_never_handed_out_is_refused(void **state)
{
	const struct place *p = *state;
	struct queue *q = open_with(p, 1);
	struct err e = {0};

	assert_done(queue_consume(q, p->name, 1, &e));
	uint64_t tag = take(q).tag;

	assert_int_equal(queue_ack(q, tag + 1, &e), -1);
	assert_int_equal(e.code, ERR_BUG);
	assert_done(queue_ack(q, tag, &e));
	queue_close(q);
}

static void a_text_the_broker_could_not_carry_is_refused(void **state)
{
	const struct place *p = *state;
	struct queue *q = open_declared(p);
	char key[300];
	struct err e = {0};
	struct queue_message m = {.id = "1", .key = key};

	memset(key, 'k', sizeof(key) - 1);
	key[sizeof(key) - 1] = '\0';
	assert_int_equal(queue_publish(q, &m, NULL, &e), -1);
	assert_int_equal(e.code, ERR_INPUT);
	queue_close(q);
}

static void closing_nothing_is_fine(void **state)
{
	(void)state;
	queue_close(NULL);
}

static const struct CMUnitTest promises[] = {
	PLACED(what_is_published_arrives_as_it_was),
	PLACED(what_was_not_said_has_its_default),
	PLACED(messages_come_in_the_order_they_were_published),
	PLACED(no_more_than_the_prefetch_is_held),
	PLACED(one_ack_is_for_all_before_it),
	PLACED(ack_one_is_for_no_other),
	PLACED(one_that_takes_long_holds_up_nobody),
	PLACED(a_rejected_message_waits_among_the_dead),
	PLACED(a_requeued_message_comes_again),
	PLACED(what_was_not_acknowledged_comes_again_after_close),
	PLACED(what_a_killed_process_held_comes_again),
	PLACED(what_was_confirmed_outlives_the_publisher),
	PLACED(one_process_takes_while_another_publishes),
	PLACED(a_key_nobody_is_bound_to_is_success),
	PLACED(a_queue_can_be_addressed_by_name),
	PLACED(a_message_to_no_queue_is_never_called_safe),
	PLACED(bindings_choose_who_receives),
	PLACED(a_body_may_be_large_empty_or_any_bytes),
	PLACED(depth_counts_what_waits_and_not_what_is_taken),
	PLACED(a_full_window_waits_and_goes_on),
	PLACED(declaring_again_changes_nothing),
	PLACED(a_tag_never_handed_out_is_refused),
	PLACED(a_text_the_broker_could_not_carry_is_refused),
	PLACED(closing_nothing_is_fine),
};

int main(int argc, char **argv)
{
	bool amqp = argc > 1 && strcmp(argv[1], "amqp") == 0;

	place_type = amqp ? QUEUE_AMQP : QUEUE_EMBEDDED;
	if (amqp && !getenv("CONGVAN_TEST_AMQP_URL")) {
		fputs("CONGVAN_TEST_AMQP_URL names no broker: run this through "
		      "tests/lib/with_broker.sh\n",
			stderr);
		return 1;
	}
	int failed = cmocka_run_group_tests_name("promises", promises, NULL, NULL);

	return failed + (amqp ? amqp_only() : embedded_only());
}
