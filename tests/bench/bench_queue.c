/*
 * How fast is a queue by itself?
 *   bench_queue embedded FILE [MESSAGES [WINDOW [BYTES]]]
 *   bench_queue amqp URL      (the password in CONGVAN_TEST_AMQP_PASSWORD)
 * Three rates in messages a second: published until all are safe; relayed (taken,
 * published again with confirms, acknowledged many at a time when safe); taken and
 * acknowledged. The file, or the broker's queues bench.in and bench.out, should be new.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/base/day.h"
#include "gateway/base/mem.h"
#include "gateway/base/text.h"
#include "queue/queue.h"

static struct {
	struct queue_options options;
	int64_t messages, window, bytes;
} bench = {.messages = 20000, .window = 1000, .bytes = 4096};

static void check(int result, const struct err *e)
{
	if (result == 0)
		return;
	fprintf(stderr, "bench_queue: %s\n", e->text);
	exit(1);
}

static struct queue *open_one(void)
{
	struct queue *q = NULL;
	struct err e = {0};

	check(queue_open(&bench.options, &q, &e), &e);
	return q;
}

static uint64_t confirmed(struct queue *q, int timeout_ms)
{
	struct err e = {0};
	uint64_t upto = 0;

	if (queue_confirm(q, timeout_ms, &upto, &e) != QUEUE_CONFIRM_OK)
		check(-1, &e);
	return upto;
}

static void say(const char *what, int64_t since)
{
	double seconds = (double)(clock_ticks() - since) / 1e9;

	printf("%-10s %9.0f messages/s\n", what, (double)bench.messages / seconds);
	fflush(stdout);
}

static void publish_all(void)
{
	char *body = mem_alloc((size_t)bench.bytes);
	struct queue_message m = {.id = "bench-message-0001",
		.key = "in",
		.body = {body, (size_t)bench.bytes}};
	struct queue *q = open_one();
	struct err e = {0};
	int64_t start = clock_ticks();

	memset(body, 'b', (size_t)bench.bytes);
	for (int64_t i = 1; i <= bench.messages; i++) {
		check(queue_publish(q, &m, NULL, &e), &e);
		if (i % bench.window == 0)
			confirmed(q, 0);
	}
	while (confirmed(q, 1000) < (uint64_t)bench.messages)
		;
	say("publish", start);
	queue_close(q);
	free(body);
}

/* Acknowledge what is safe: the tags of one consumer count like our numbers. */
static void relay_all(void)
{
	struct queue *from = open_one(), *to = open_one();
	struct queue_delivery d;
	struct err e = {0};
	uint64_t taken = 0, safe = 0, all = (uint64_t)bench.messages;
	uint64_t step = (uint64_t)bench.window / 2;
	int64_t start = clock_ticks();

	check(queue_consume(from, "bench.in", (int)bench.window * 2, &e), &e);
	while (safe < all) {
		bool more = taken < all && taken - safe < (uint64_t)bench.window;

		if (more && queue_next(from, 1000, &d, &e) == QUEUE_NEXT_OK) {
			d.message.key = "out";
			check(queue_publish(to, &d.message, NULL, &e), &e);
			taken = d.tag;
			if (taken % step != 0)
				continue;
		}
		uint64_t upto = confirmed(to, more ? 0 : 1000);

		if (upto > safe && (upto - safe >= step || upto == taken)) {
			check(queue_ack(from, upto, &e), &e);
			safe = upto;
		}
	}
	say("relay", start);
	queue_close(from);
	queue_close(to);
}

static void take_all(void)
{
	struct queue *q = open_one();
	struct queue_delivery d;
	struct err e = {0};
	int64_t start = clock_ticks();

	check(queue_consume(q, "bench.out", (int)bench.window, &e), &e);
	for (int64_t i = 1; i <= bench.messages; i++) {
		if (queue_next(q, 10000, &d, &e) != QUEUE_NEXT_OK)
			check(-1, &e);
		if (i % (bench.window / 2) == 0 || i == bench.messages)
			check(queue_ack(q, d.tag, &e), &e);
	}
	say("take", start);
	queue_close(q);
}

static void declare(void)
{
	struct queue *q = open_one();
	struct err e = {0};

	check(queue_declare(q, "bench.in", &e), &e);
	check(queue_declare(q, "bench.out", &e), &e);
	check(queue_bind(q, "bench.in", "in", &e), &e);
	check(queue_bind(q, "bench.out", "out", &e), &e);
	queue_close(q);
}

int main(int argc, char **argv)
{
	int64_t *numbers[] = {&bench.messages, &bench.window, &bench.bytes};
	bool amqp = argc > 2 && strcmp(argv[1], "amqp") == 0;

	if (argc < 3) {
		fputs("usage: bench_queue embedded|amqp FILE|URL"
		      " [MESSAGES [WINDOW [BYTES]]]\n",
			stderr);
		return 64;
	}
	for (int i = 3; i < argc && i < 6; i++)
		if (!text_parse_int(argv[i], 2, 100000000, numbers[i - 3]))
			return 64;
	bench.options = (struct queue_options){
		.type = amqp ? QUEUE_AMQP : QUEUE_EMBEDDED,
		.path = argv[2],
		.url = argv[2],
		.password = getenv("CONGVAN_TEST_AMQP_PASSWORD"),
		.exchange = "bench.events",
		.window = (int)bench.window,
	};
	declare();
	publish_all();
	relay_all();
	take_all();
	return 0;
}
