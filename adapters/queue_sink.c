/*
 * CloudEvents to a topic exchange. The message id is the event id, so a receiver knows
 * the second attempt by it. Each organ named gets a durable queue of its own, bound to
 * every event whose routing key has it behind the event's name.
 */
#include "adapters/queue_sink.h"

#include <stdio.h>
#include <stdlib.h>

#include "adapters/queue_peer.h"
#include "gateway/base/mem.h"
#include "queue/topology.h"

struct queue_out {
	struct queue *queue;
	uint64_t safe; /* of all up to here it is known what became of them */
	struct sink_news refused;
};

static void out_close(void *sink)
{
	struct queue_out *s = sink;

	if (!s)
		return;
	queue_close(s->queue);
	free(s);
}
MEM_CLEANUP(out, struct queue_out, out_close)

static int organ_queue(struct queue *queue, const char *organ, struct err *e)
{
	cleanup_buf struct buf name = {0}, pattern = {0};

	topology_agency_queue(&name, organ);
	topology_agency_pattern(&pattern, organ);
	if (queue_declare(queue, buf_text(&name), e) < 0 ||
		queue_bind(queue, buf_text(&name), buf_text(&pattern), e) < 0)
		return err_wrap(e, "queue %s", buf_text(&name));
	return 0;
}

static int out_open(const void *options, void **ret_sink, struct err *e)
{
	const struct queue_sink_options *o = options;
	cleanup(out) struct queue_out *s = mem_alloc(sizeof(*s));

	if (queue_open(&o->queue, &s->queue, e) < 0)
		return -1;
	for (size_t i = 0; i < o->organs_n; i++)
		if (organ_queue(s->queue, o->organs[i], e) < 0)
			return -1;
	*ret_sink = STEAL(s);
	return 0;
}

static int out_send(
	void *sink, const struct sink_event *event, uint64_t *ret_number, struct err *e)
{
	struct queue_out *s = sink;
	struct queue_message message = {
		.id = event->id,
		.key = event->key,
		.content_type = "application/cloudevents+json; charset=utf-8",
		.traceparent = event->traceparent,
		.body = event->body,
	};

	return queue_publish(s->queue, &message, ret_number, e);
}

static int out_collect(
	void *sink, int timeout_ms, struct sink_report *ret_report, struct err *e)
{
	struct queue_out *s = sink;
	uint64_t upto = s->safe;

	*ret_report = (struct sink_report){.upto = s->safe};
	switch (queue_confirm(s->queue, timeout_ms, &upto, e)) {
	case QUEUE_CONFIRM_FAULT:
		return -1;
	case QUEUE_CONFIRM_OK:
		ret_report->upto = s->safe = upto;
		return 0;
	case QUEUE_CONFIRM_REFUSED:
		break;
	}
	/* All before it are safe, and so may those behind it be. */
	s->safe = upto;
	s->refused = (struct sink_news){.number = upto, .verdict = SINK_DEFERRED};
	snprintf(s->refused.reason, sizeof(s->refused.reason),
		"the broker refused message %llu", (unsigned long long)upto);
	*ret_report =
		(struct sink_report){.upto = upto, .news = &s->refused, .news_n = 1};
	return 0;
}

static const char *out_peer(const void *options)
{
	return queue_peer_address(&((const struct queue_sink_options *)options)->queue);
}

static int out_probe(const void *options, char ret_note[PROBE_NOTE], struct err *e)
{
	return queue_peer_probe(
		&((const struct queue_sink_options *)options)->queue, ret_note, e);
}

const struct sink_ops queue_sink_ops = {
	.type = "queue",
	.peer = out_peer,
	.probe = out_probe,
	.ordered = true,
	.open = out_open,
	.close = out_close,
	.send = out_send,
	.collect = out_collect,
};
