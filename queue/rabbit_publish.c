/*
 * Publishing with confirms. Numbers are answered in any order, one by one or many at
 * once; what we report is the low-water mark: everything up to it is answered. While a
 * burst is published the socket is corked, so that the messages share packets; waiting
 * for anything pulls the cork.
 */
#include <errno.h>

#include "gateway/base/day.h"
#include "queue/rabbit.h"

#include <amqp.h>
enum { DRAIN_EVERY = 64, PERSISTENT = 2 };

static unsigned char *slot_of(struct rabbit *m, uint64_t number)
{
	return &m->slots[number % (uint64_t)m->queue.window];
}

/* A refused number stops the mark until queue_confirm() has told of it. */
static void advance(struct rabbit *m)
{
	while (m->settled < m->queue.published &&
		*slot_of(m, m->settled + 1) == SLOT_SAFE) {
		m->settled++;
		*slot_of(m, m->settled) = SLOT_OPEN;
	}
}

static bool refused(struct rabbit *m)
{
	return m->settled < m->queue.published &&
	       *slot_of(m, m->settled + 1) == SLOT_REFUSED;
}

void rabbit_settle(struct rabbit *m, uint64_t tag, bool up_to, enum slot as)
{
	uint64_t last = m->base + tag, first = up_to ? m->settled + 1 : last;

	if (last > m->queue.published)
		last = m->queue.published;
	if (first <= m->settled)
		first = m->settled + 1;
	for (uint64_t n = first; n <= last; n++)
		if (*slot_of(m, n) == SLOT_OPEN)
			*slot_of(m, n) = (unsigned char)as;
	advance(m);
}

/* What is in flight fills the window? */
static bool full(const struct rabbit *m)
{
	return m->queue.published - m->settled >= (uint64_t)m->queue.window;
}

static int wait_for_room(struct rabbit *m, struct err *e)
{
	int64_t end = clock_ticks() + PUBLISH_WAIT_MS * INT64_C(1000000);

	if (m->queue.published % DRAIN_EVERY == 0 && rabbit_drain(m, e) < 0)
		return -1;
	while (full(m) || m->blocked) {
		int64_t left = (end - clock_ticks()) / 1000000;

		rabbit_cork(m, false);
		if (refused(m))
			return rabbit_break(m, ERR_UNAVAILABLE, e,
				"the broker refused message %llu",
				(unsigned long long)m->settled + 1);
		if (left <= 0)
			return rabbit_break(m, ERR_UNAVAILABLE, e, "%s",
				m->blocked ? "the broker takes nothing: it is short of "
					     "memory or disk"
					   : "no confirms come");
		if (rabbit_pump(m, (int)left, e) < 0 || rabbit_drain(m, e) < 0)
			return -1;
	}
	return 0;
}

int rabbit_publish(struct queue *q, const char *name,
	const struct queue_message *message, struct err *e)
{
	struct rabbit *m = (struct rabbit *)q;
	const char *type = message->content_type, *trace = message->traceparent;
	amqp_table_entry_t header = {.key = amqp_cstring_bytes("traceparent")};
	amqp_basic_properties_t properties = {
		._flags = AMQP_BASIC_CONTENT_TYPE_FLAG | AMQP_BASIC_DELIVERY_MODE_FLAG |
			  AMQP_BASIC_MESSAGE_ID_FLAG,
		.content_type = amqp_cstring_bytes(type ? type : QUEUE_CONTENT_TYPE),
		.delivery_mode = PERSISTENT,
		.message_id = amqp_cstring_bytes(message->id),
	};
	union {
		const char *from;
		void *to;
	} body = {message->body.at}; /* rabbitmq-c only reads it */

	if (rabbit_usable(m, e) < 0 || wait_for_room(m, e) < 0)
		return -1;
	if (trace) {
		header.value.kind = AMQP_FIELD_KIND_UTF8;
		header.value.value.bytes = amqp_cstring_bytes(trace);
		properties._flags |= AMQP_BASIC_HEADERS_FLAG;
		properties.headers = (amqp_table_t){1, &header};
	}
	rabbit_cork(m, true);
	errno = 0;
	int status = amqp_basic_publish(m->connection, CHANNEL_PUBLISH,
		amqp_cstring_bytes(name ? "" : m->exchange),
		amqp_cstring_bytes(name ? name : message->key), name != NULL, 0,
		&properties, (amqp_bytes_t){message->body.n, body.to});

	return status == AMQP_STATUS_OK ? 0
					: rabbit_library_fault(m, "publish", status, e);
}

enum queue_confirm_result rabbit_confirm(
	struct queue *q, int timeout_ms, uint64_t *ret_upto, struct err *e)
{
	struct rabbit *m = (struct rabbit *)q;
	int64_t end = clock_ticks() + timeout_ms * INT64_C(1000000), left = 0;

	if (rabbit_usable(m, e) < 0)
		return QUEUE_CONFIRM_FAULT;
	rabbit_cork(m, false);
	do {
		if (rabbit_pump(m, (int)left, e) < 0 || rabbit_drain(m, e) < 0)
			return QUEUE_CONFIRM_FAULT;
		left = (end - clock_ticks() + 999999) / 1000000;
	} while (m->settled == m->reported && m->settled < q->published &&
		 !refused(m) && left > 0);
	if (m->settled == m->reported && refused(m)) {
		*slot_of(m, ++m->settled) = SLOT_OPEN;
		*ret_upto = m->reported = m->settled;
		advance(m);
		err_set(e, ERR_UNAVAILABLE, "queue %s: the broker refused message %llu",
			m->where, (unsigned long long)m->reported);
		return QUEUE_CONFIRM_REFUSED;
	}
	*ret_upto = m->reported = m->settled;
	return QUEUE_CONFIRM_OK;
}
