/*
 * The whole way over RabbitMQ (take, commit, publish with confirms, acknowledge) beside
 * a relay that only takes and publishes again; quorum queues, the same window. A letter
 * without tasks gives one event, so one message comes and one goes on both sides. A
 * directive with three addressees gives four; its relay is shown once publishing as
 * many, once publishing one.
 */
#include <stdio.h>
#include <unistd.h>

#include "adapters/amqp_source.h"
#include "gateway/base/mem.h"
#include "gateway/cli/bench.h"
#include "gateway/cli/bench_documents.h"
#include "gateway/cli/bench_flow.h"

enum { DOCUMENTS = 10000, WINDOW = 2000, WAIT_MS = 10000, EVENT_BYTES = 1100 };

MEM_CLEANUP(queue, struct queue, queue_close)

static struct queue_options peer(const struct bench *b, const char *exchange)
{
	return (struct queue_options){
		.type = QUEUE_AMQP,
		.url = b->amqp_url,
		.password = b->amqp_password,
		.exchange = exchange,
		.window = WINDOW,
	};
}

static int wait_confirmed(struct queue *q, uint64_t number, struct err *e)
{
	uint64_t upto = 0;

	while (upto < number)
		if (queue_confirm(q, WAIT_MS, &upto, e) != QUEUE_CONFIRM_OK)
			return err_set(
				e, ERR_UNAVAILABLE, "the broker does not confirm");
	return 0;
}

/* @n documents wait in the queue @name. */
static int fill(const struct queue_options *options, const char *name,
	enum bench_kind kind, int64_t n, struct err *e)
{
	cleanup(queue) struct queue *q = NULL;
	cleanup_buf struct buf bytes = {0};
	uint64_t number = 0;

	if (queue_open(options, &q, e) || queue_declare(q, name, e))
		return -1;
	for (int64_t i = 0; i < n; i++) {
		char id[32];

		snprintf(id, sizeof(id), "bench-%lld", (long long)i);
		buf_reset(&bytes);
		bench_document(&bytes, kind, i);
		struct queue_message m = {
			.id = id, .key = name, .body = {buf_text(&bytes), bytes.n}};

		if (queue_publish_to(q, name, &m, &number, e))
			return -1;
	}
	return wait_confirmed(q, number, e);
}

/* ---- The relay. */

struct relaying {
	struct queue_options options;
	const char *from;
	int64_t n;
	int copies;
};

static int relay_one(struct queue *from, struct queue *to, int copies,
	uint64_t *ret_tag, uint64_t *ret_number, struct err *e)
{
	struct queue_delivery d;

	if (queue_next(from, WAIT_MS, &d, e) != QUEUE_NEXT_OK)
		return err_set(e, ERR_UNAVAILABLE, "the broker gives no message");
	d.message.key = "bench.relayed";
	/* One for one the message itself; many, each as long as an event. */
	if (copies > 1 && d.message.body.n > EVENT_BYTES)
		d.message.body.n = EVENT_BYTES;
	for (int i = 0; i < copies; i++)
		if (queue_publish(to, &d.message, ret_number, e))
			return -1;
	*ret_tag = d.tag;
	return 0;
}

/* What is safe is acknowledged, many at a time: tags and documents count alike. */
static int relay_ack(struct queue *from, struct queue *to, const struct relaying *r,
	bool wait, uint64_t *acked, struct err *e)
{
	uint64_t upto = 0;

	if (queue_confirm(to, wait ? WAIT_MS : 0, &upto, e) != QUEUE_CONFIRM_OK)
		return -1;
	uint64_t safe = upto / (uint64_t)r->copies;

	if (safe == *acked || (!wait && safe - *acked < WINDOW / 8))
		return 0;
	*acked = safe;
	return queue_ack(from, safe, e);
}

static int relay(void *context, struct err *e)
{
	const struct relaying *r = context;
	cleanup(queue) struct queue *from = NULL, *to = NULL;
	uint64_t taken = 0, number = 0, acked = 0;

	if (queue_open(&r->options, &from, e) || queue_open(&r->options, &to, e) ||
		queue_consume(from, r->from, WINDOW, e))
		return -1;
	while (acked < (uint64_t)r->n) {
		bool full = taken == (uint64_t)r->n || taken - acked >= WINDOW;

		if (!full && relay_one(from, to, r->copies, &taken, &number, e))
			return -1;
		if ((full || taken % (WINDOW / 8) == 0) &&
			relay_ack(from, to, r, full, &acked, e))
			return -1;
	}
	return 0;
}

/* ---- Both sides. */

static int run_relay(struct bench *b, const char *name, const char *exchange,
	enum bench_kind kind, int copies, int64_t n, double *ret_rate, struct err *e)
{
	struct relaying r = {peer(b, exchange), name, n, copies};
	pid_t child;

	if (fill(&r.options, name, kind, n, e))
		return -1;
	int64_t start = clock_ticks();

	if (bench_child(relay, &r, &child, e) || bench_child_end(child, 0, e))
		return -1;
	*ret_rate = (double)n / bench_seconds(start);
	return 0;
}

static int run_ours(struct bench *b, const char *name, const char *exchange,
	enum bench_kind kind, int64_t n, double *ret_rate, struct err *e)
{
	struct amqp_source_options source = {
		.queue = peer(b, exchange), .name = name, .prefetch = WINDOW};
	struct bench_flow flow = {
		.folder = bench_folder(b, name, e),
		.ops = &amqp_source_ops,
		.source = &source,
		.out = source.queue,
		.once = true,
	};
	pid_t child;

	if (!flow.folder || fill(&flow.out, name, kind, n, e))
		return -1;
	int64_t start = clock_ticks();

	if (bench_flow_start(b, &flow, &child, e) || bench_child_end(child, 0, e))
		return -1;
	*ret_rate = (double)n / bench_seconds(start);
	bench_remove(flow.folder);
	return 0;
}

enum side { OURS, RELAY_AS_MANY, RELAY_ONE, SIDES };

static int turns(struct bench *b, const char *exchange, enum bench_kind kind,
	int events, double rates[SIDES][BENCH_TURNS], struct err *e)
{
	int64_t n = bench_documents(b, DOCUMENTS);

	for (int i = 0; i < BENCH_TURNS; i++) {
		for (int side = 0; side < (events > 1 ? SIDES : RELAY_ONE); side++) {
			const char *name = arena_printf(
				&b->arena, "%s.%d.%d.%d", exchange, events, i, side);
			int result = side == OURS
					     ? run_ours(b, name, exchange, kind, n,
						       &rates[side][i], e)
					     : run_relay(b, name, exchange, kind,
						       side == RELAY_ONE ? 1 : events,
						       n, &rates[side][i], e);

			if (result)
				return -1;
		}
	}
	return 0;
}

static void report(struct bench *b, const char *work, double ours[BENCH_TURNS],
	double bare[BENCH_TURNS], double target)
{
	bench_report(b, &(struct bench_row){.stage = "amqp",
				.work = work,
				.ours = bench_median(ours, BENCH_TURNS),
				.bare = bench_median(bare, BENCH_TURNS),
				.unit = "documents/s",
				.target = target});
}

int bench_amqp(struct bench *b, struct err *e)
{
	double rates[SIDES][BENCH_TURNS];

	if (!b->amqp_url)
		return bench_no_broker(b, e);
	const char *exchange = bench_exchange(b);
	struct queue_options out = peer(b, exchange);

	if (bench_flow_declare(&out, arena_printf(&b->arena, "%s.out", exchange), e) ||
		turns(b, exchange, BENCH_LETTER, 1, rates, e))
		return -1;
	report(b, "a letter, one event / a relay", rates[OURS], rates[RELAY_AS_MANY],
		0.50);
	if (turns(b, exchange, BENCH_DIRECTIVE, 4, rates, e))
		return -1;
	report(b, "a directive, four events / a relay to four", rates[OURS],
		rates[RELAY_AS_MANY], 0.50);
	report(b, "a directive, four events / a relay to one", rates[OURS],
		rates[RELAY_ONE], 0);
	return 0;
}
