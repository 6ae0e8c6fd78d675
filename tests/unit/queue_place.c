#include "tests/unit/test_queue.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WAIT_MS = 20000, TRIES = 500, TRY_MS = 20 };

enum queue_type place_type;

int place_setup(void **state)
{
	static int count;
	struct place *p = calloc(1, sizeof(*p));

	p->type = place_type;
	snprintf(p->folder, sizeof(p->folder), "/tmp/queue-test-XXXXXX");
	if (!mkdtemp(p->folder))
		return -1;
	snprintf(p->path, sizeof(p->path), "%s/queue.db", p->folder);
	snprintf(
		p->exchange, sizeof(p->exchange), "test.%d.%d", (int)getpid(), ++count);
	snprintf(p->name, sizeof(p->name), "%.50s.first", p->exchange);
	snprintf(p->other, sizeof(p->other), "%.50s.second", p->exchange);
	snprintf(p->dead, sizeof(p->dead), "%s.dead", p->name);
	*state = p;
	return 0;
}

int place_teardown(void **state)
{
	static const char *const ends[] = {"", "-wal", "-shm", "-lock"};
	struct place *p = *state;
	char path[128];

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		snprintf(path, sizeof(path), "%s%s", p->path, ends[i]);
		unlink(path);
	}
	rmdir(p->folder);
	free(p);
	return 0;
}

struct queue_options place_options(const struct place *p)
{
	return (struct queue_options){
		.type = p->type,
		.path = p->path,
		.url = getenv("CONGVAN_TEST_AMQP_URL"),
		.password = getenv("CONGVAN_TEST_AMQP_PASSWORD"),
		.exchange = p->exchange,
	};
}

struct queue *place_open(const struct place *p)
{
	struct queue_options options = place_options(p);
	struct queue *q = NULL;
	struct err e = {0};

	assert_done(queue_open(&options, &q, &e));
	return q;
}

struct queue *place_open_taking(const struct place *p, const char *name, int prefetch)
{
	struct queue *q = place_open(p);
	struct err e = {0};

	assert_done(queue_consume(q, name, prefetch, &e));
	return q;
}

void put(struct queue *q, const char *key, int number)
{
	char id[64], body[64];
	struct err e = {0};

	snprintf(id, sizeof(id), "%s/%d", key, number);
	int n = snprintf(body, sizeof(body), "body of %s/%d", key, number);
	struct queue_message m = {.id = id, .key = key, .body = {body, (size_t)n}};

	assert_done(queue_publish(q, &m, NULL, &e));
}

void put_bytes(struct queue *q, const char *key, const char *bytes, size_t n)
{
	struct queue_message m = {.id = "bytes", .key = key, .body = {bytes, n}};
	struct err e = {0};

	assert_done(queue_publish(q, &m, NULL, &e));
}

void settle(struct queue *q, uint64_t number)
{
	uint64_t upto = 0;
	struct err e = {0};

	for (int i = 0; i < TRIES && upto < number; i++)
		if (queue_confirm(q, WAIT_MS, &upto, &e) != QUEUE_CONFIRM_OK)
			fail_msg("confirm: %s", e.text);
	assert_int_equal(upto, number);
}

struct queue_delivery take(struct queue *q)
{
	struct queue_delivery d = {0};
	struct err e = {0};
	enum queue_next_result result = queue_next(q, WAIT_MS, &d, &e);

	if (result != QUEUE_NEXT_OK)
		fail_msg("next: %s",
			result == QUEUE_NEXT_NONE ? "nothing came" : e.text);
	return d;
}

struct queue_delivery take_number(struct queue *q, const char *key, int number)
{
	struct queue_delivery d = take(q);
	char id[64];

	snprintf(id, sizeof(id), "%s/%d", key, number);
	assert_string_equal(d.message.id, id);
	return d;
}

void take_nothing(struct queue *q, const char *name)
{
	struct queue_delivery d;
	struct err e = {0};
	uint64_t depth;

	/* The broker's answer comes after whatever it sent before. */
	assert_done(queue_depth(q, name, &depth, &e));
	assert_int_equal(queue_next(q, 0, &d, &e), QUEUE_NEXT_NONE);
}

void await_depth(struct queue *q, const char *name, uint64_t n)
{
	uint64_t depth = UINT64_MAX;
	struct err e = {0};

	for (int i = 0; i < TRIES && depth != n; i++) {
		assert_done(queue_depth(q, name, &depth, &e));
		if (depth != n)
			poll(NULL, 0, TRY_MS);
	}
	assert_int_equal(depth, n);
}
