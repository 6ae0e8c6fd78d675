/*
 * From offering a document to a running gateway until its event was published and taken
 * by somebody: documents come one by one at 500 a second, over a spool folder with the
 * embedded queue and over RabbitMQ. The figure is what a subscriber sees.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/amqp_source.h"
#include "adapters/spool_source.h"
#include "gateway/base/mem.h"
#include "gateway/cli/bench.h"
#include "gateway/cli/bench_documents.h"
#include "gateway/cli/bench_flow.h"

enum { DOCUMENTS = 3000, A_SECOND = 500, WARM_UP = 200, LOST_MS = 20000, P99_MS = 30 };

struct latency {
	struct bench_flow flow;
	const char *place;   /* the spool folder, or the queue of documents */
	const char *outside; /* spool: where files are made before they are moved */
	const char *events;  /* the queue of events */
	struct queue *in, *out;
	int64_t n, taken;
	int64_t *offered; /* clock_ticks of document i */
	double *ms;
	struct buf bytes;
};

static int offer_file(struct latency *t, int64_t i, struct err *e)
{
	cleanup_buf struct buf from = {0}, to = {0};

	buf_printf(&from, "%s/%lld.edxml", t->outside, (long long)i);
	buf_printf(&to, "%s/%lld.edxml", t->place, (long long)i);
	if (bench_write_file(buf_text(&from), &t->bytes, e))
		return -1;
	t->offered[i] = clock_ticks();
	return rename(buf_text(&from), buf_text(&to))
		       ? err_errno(e, "%s", buf_text(&to))
		       : 0;
}

static int offer_message(struct latency *t, int64_t i, struct err *e)
{
	char id[32];
	uint64_t upto;

	snprintf(id, sizeof(id), "bench-%lld", (long long)i);
	struct queue_message m = {
		.id = id, .key = t->place, .body = {buf_text(&t->bytes), t->bytes.n}};

	t->offered[i] = clock_ticks();
	if (queue_publish_to(t->in, t->place, &m, NULL, e) ||
		queue_confirm(t->in, 0, &upto, e) != QUEUE_CONFIRM_OK)
		return -1;
	return 0;
}

static int offer(struct latency *t, int64_t i, struct err *e)
{
	buf_reset(&t->bytes);
	bench_document(&t->bytes, BENCH_LETTER, i);
	return t->outside ? offer_file(t, i, e) : offer_message(t, i, e);
}

/* Which document an event is about; -1: not one of ours. */
static int64_t document_of(struct latency *t, struct slice body)
{
	const char *at = memmem(body.at, body.n, BENCH_NUMBER, strlen(BENCH_NUMBER));
	int64_t i =
		at ? strtoll(at + strlen(BENCH_NUMBER), NULL, 10) - BENCH_FIRST : -1;

	return i >= 0 && i < t->n ? i : -1;
}

/* The next event, if there is one within @timeout_ms. */
static int take(struct latency *t, int timeout_ms, struct err *e)
{
	struct queue_delivery d;

	switch (queue_next(t->out, timeout_ms, &d, e)) {
	case QUEUE_NEXT_FAULT:
		return -1;
	case QUEUE_NEXT_NONE:
		return 0;
	case QUEUE_NEXT_OK:
		break;
	}
	int64_t now = clock_ticks(), i = document_of(t, d.message.body);

	if (i >= 0) {
		t->ms[i] = (double)(now - t->offered[i]) / 1e6;
		t->taken++;
	}
	return d.tag % 500 == 0 ? queue_ack(t->out, d.tag, e) : 0;
}

static int run(struct latency *t, struct err *e)
{
	int64_t start = clock_ticks(), last = start;

	for (int64_t i = 0; t->taken < t->n;) {
		int64_t now = clock_ticks();
		int64_t due = start + i * (1000000000 / A_SECOND);
		int64_t before = t->taken;

		if (i < t->n && now >= due) {
			if (offer(t, i++, e))
				return -1;
			continue;
		}
		/* An embedded queue is asked, which takes a while: one look a wait. */
		if (take(t, i < t->n ? (int)((due - now) / 1000000) : 10, e))
			return -1;
		if (t->taken > before)
			last = now;
		if (now - last > LOST_MS * INT64_C(1000000))
			return err_set(e, ERR_BUG,
				"events are missing: %lld of %lld came",
				(long long)t->taken, (long long)t->n);
	}
	return 0;
}

static int by_value(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void report(struct bench *b, struct latency *t, const char *what)
{
	int64_t skip = t->n > 2 * WARM_UP ? WARM_UP : 0, n = t->n - skip;
	char work[64];

	qsort(t->ms + skip, (size_t)n, sizeof(*t->ms), by_value);
	for (int p = 50; p <= 99; p += 49) {
		snprintf(work, sizeof(work), "%s, %d/s, p%d", what, (int)A_SECOND, p);
		bench_report(b, &(struct bench_row){.stage = "latency",
					.work = work,
					.ours = t->ms[skip + n * p / 100],
					.unit = "ms",
					.target = p == 99 ? P99_MS : 0,
					.target_is = BENCH_OURS_AT_MOST});
	}
}

static int measure(struct bench *b, struct latency *t, const char *what, struct err *e)
{
	pid_t child;
	int result = -1;

	t->n = bench_documents(b, DOCUMENTS);
	t->offered = mem_alloc((size_t)t->n * sizeof(*t->offered));
	t->ms = mem_alloc((size_t)t->n * sizeof(*t->ms));
	if (bench_flow_declare(&t->flow.out, t->events, e) == 0 &&
		queue_open(&t->flow.out, &t->out, e) == 0 &&
		queue_consume(t->out, t->events, 2000, e) == 0 &&
		(t->outside || (queue_open(&t->flow.out, &t->in, e) == 0 &&
				       queue_declare(t->in, t->place, e) == 0)) &&
		bench_flow_start(b, &t->flow, &child, e) == 0) {
		result = run(t, e);
		result |= bench_child_end(child, SIGTERM, result ? NULL : e);
	}
	if (result == 0)
		report(b, t, what);
	queue_close(t->in);
	queue_close(t->out);
	free(t->offered);
	free(t->ms);
	buf_deinit(&t->bytes);
	return result;
}

static int embedded(struct bench *b, struct err *e)
{
	const char *folder = bench_folder(b, "latency", e);
	struct spool_source_options spool = {
		.path = folder ? bench_folder(b, "latency/in", e) : NULL};
	struct latency t = {
		.flow = {.folder = folder,
			.ops = &spool_source_ops,
			.source = &spool,
			.out = {.type = QUEUE_EMBEDDED,
				.path = arena_printf(
					&b->arena, "%s/latency/queue.db", b->folder)}},
		.place = spool.path,
		.outside = folder ? bench_folder(b, "latency/made", e) : NULL,
		.events = BENCH_OUT,
	};

	return t.place && t.outside ? measure(b, &t, "spool, embedded queue", e) : -1;
}

static int over_amqp(struct bench *b, struct err *e)
{
	const char *exchange = bench_exchange(b);
	struct amqp_source_options source = {
		.queue = {.type = QUEUE_AMQP,
			.url = b->amqp_url,
			.password = b->amqp_password,
			.exchange = exchange},
		.name = arena_printf(&b->arena, "%s.latency", exchange),
	};
	struct latency t = {
		.flow = {.folder = bench_folder(b, "latency-amqp", e),
			.ops = &amqp_source_ops,
			.source = &source,
			.out = source.queue},
		.place = source.name,
		.events = arena_printf(&b->arena, "%s.latency.out", exchange),
	};

	return t.flow.folder ? measure(b, &t, "RabbitMQ, quorum queues", e) : -1;
}

int bench_latency(struct bench *b, struct err *e)
{
	if (embedded(b, e))
		return -1;
	return b->amqp_url ? over_amqp(b, e) : 0;
}
