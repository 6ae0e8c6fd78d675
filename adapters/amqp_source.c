/*
 * Documents from a queue. What is settled is acknowledged, many at once, whatever
 * became of it: a quarantined document's bytes are in the ledger, a restricted one must
 * not stay in any dead-letter queue (X1). Settlements come in the order of the
 * deliveries, so the last one's tag covers them all.
 */
#include "adapters/amqp_source.h"

#include <stdlib.h>

#include "adapters/queue_peer.h"
#include "gateway/base/day.h"
#include "gateway/base/mem.h"

enum { PREFETCH = 2000, QUIET_MS = 2000 };

struct amqp_in {
	const struct amqp_source_options *options;
	const char *name;
	struct queue *queue;
	uint64_t waited, came; /* when it was opened; since then */
	int64_t last;          /* clock_ticks when one came */
};

static void in_close(void *source)
{
	struct amqp_in *s = source;

	if (!s)
		return;
	queue_close(s->queue);
	free(s);
}
MEM_CLEANUP(in, struct amqp_in, in_close)

static int in_open(const void *options, void **ret_source, struct err *e)
{
	cleanup(in) struct amqp_in *s = mem_alloc(sizeof(*s));

	s->options = options;
	s->name = s->options->name ? s->options->name : "congvan.in";
	int prefetch = s->options->prefetch ? s->options->prefetch : PREFETCH;

	if (queue_open(&s->options->queue, &s->queue, e) < 0)
		return -1;
	if (queue_declare(s->queue, s->name, e) < 0 ||
		queue_depth(s->queue, s->name, &s->waited, e) < 0 ||
		queue_consume(s->queue, s->name, prefetch, e) < 0)
		return err_wrap(e, "queue %s", s->name);
	s->last = clock_ticks();
	*ret_source = STEAL(s);
	return 0;
}

static enum source_next in_next(
	void *source, struct delivery *ret_delivery, struct err *e)
{
	struct amqp_in *s = source;
	struct queue_delivery taken;

	switch (queue_next(s->queue, 0, &taken, e)) {
	case QUEUE_NEXT_FAULT:
		return SOURCE_NEXT_FAULT;
	case QUEUE_NEXT_NONE:
		return SOURCE_NEXT_NONE;
	case QUEUE_NEXT_OK:
		break;
	}
	s->came++;
	s->last = clock_ticks();
	*ret_delivery = (struct delivery){
		.handle = taken.tag,
		.bytes = taken.message.body,
		.fd = -1,
		.origin = taken.message.id,
		.traceparent = taken.message.traceparent,
	};
	return SOURCE_NEXT_OK;
}

static int in_fd(void *source)
{
	return queue_fd(((struct amqp_in *)source)->queue);
}

static int in_settle(void *source, const struct settled *at, size_t n, struct err *e)
{
	struct amqp_in *s = source;

	return n ? queue_ack(s->queue, at[n - 1].handle, e) : 0;
}

/*
 * What the broker is about to hand over it counts no more, so that "none waits" may be
 * said long before the first one comes. What waited at the start must have come, unless
 * it stays away so long that somebody else took it.
 */
static int in_drained(void *source, bool *ret_drained, struct err *e)
{
	struct amqp_in *s = source;
	uint64_t waiting;

	if (s->came < s->waited &&
		clock_ticks() - s->last < QUIET_MS * INT64_C(1000000)) {
		*ret_drained = false;
		return 0;
	}
	if (queue_depth(s->queue, s->name, &waiting, e) < 0)
		return -1;
	*ret_drained = waiting == 0;
	return 0;
}

static const char *in_peer(const void *options)
{
	return queue_peer_address(
		&((const struct amqp_source_options *)options)->queue);
}

static int in_probe(const void *options, char ret_note[PROBE_NOTE], struct err *e)
{
	return queue_peer_probe(
		&((const struct amqp_source_options *)options)->queue, ret_note, e);
}

const struct source_ops amqp_source_ops = {
	.type = "amqp",
	.peer = in_peer,
	.probe = in_probe,
	.open = in_open,
	.close = in_close,
	.next = in_next,
	.fd = in_fd,
	.settle = in_settle,
	.drained = in_drained,
};
