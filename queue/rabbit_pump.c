/*
 * The one place that reads from the broker. A frame is handled as it comes, whatever we
 * were waiting for: confirms settle numbers, deliveries gather until queue_next() asks,
 * a close becomes a fault. Nothing here waits longer than it was told to.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/base/mem.h"
#include "queue/rabbit.h"

#include <amqp.h>
enum { INBOUND_MAX = 512 * 1024 * 1024 }; /* what RabbitMQ could be told to allow */

static int on_ack(struct rabbit *m, const void *decoded, struct err *e)
{
	const amqp_basic_ack_t *ack = decoded;

	(void)e;
	rabbit_settle(m, ack->delivery_tag, ack->multiple, SLOT_SAFE);
	return 0;
}

static int on_nack(struct rabbit *m, const void *decoded, struct err *e)
{
	const amqp_basic_nack_t *nack = decoded;

	(void)e;
	rabbit_settle(m, nack->delivery_tag, nack->multiple, SLOT_REFUSED);
	return 0;
}

/* Only what goes straight to a queue asks to be returned: the queue is not there. */
static int on_return(struct rabbit *m, const void *decoded, struct err *e)
{
	const amqp_basic_return_t *back = decoded;

	return rabbit_break(m, ERR_CONFIG, e, "there is no queue %.*s",
		(int)back->routing_key.len, (const char *)back->routing_key.bytes);
}

static int on_deliver(struct rabbit *m, const void *decoded, struct err *e)
{
	const amqp_basic_deliver_t *d = decoded;
	size_t n = d->routing_key.len;

	if (n >= sizeof(m->announced.key))
		return rabbit_break(
			m, ERR_UNAVAILABLE, e, "a routing key of %zu bytes", n);
	m->announced.tag = d->delivery_tag;
	m->announced.redelivered = d->redelivered;
	if (n)
		memcpy(m->announced.key, d->routing_key.bytes, n);
	m->announced.key[n] = '\0';
	return 0;
}

static int on_cancel(struct rabbit *m, const void *decoded, struct err *e)
{
	(void)decoded;
	return rabbit_break(m, ERR_UNAVAILABLE, e,
		"the broker ended the consumer: its queue was deleted or moved");
}

static int on_channel_close(struct rabbit *m, const void *decoded, struct err *e)
{
	const amqp_channel_close_t *c = decoded;

	return rabbit_closed_fault(
		m, "channel closed", c->reply_code, &c->reply_text, e);
}

static int on_connection_close(struct rabbit *m, const void *decoded, struct err *e)
{
	const amqp_connection_close_t *c = decoded;

	return rabbit_closed_fault(
		m, "connection closed", c->reply_code, &c->reply_text, e);
}

static int on_blocked(struct rabbit *m, const void *decoded, struct err *e)
{
	(void)decoded;
	(void)e;
	m->blocked = true;
	return 0;
}

static int on_unblocked(struct rabbit *m, const void *decoded, struct err *e)
{
	(void)decoded;
	(void)e;
	m->blocked = false;
	return 0;
}

static const struct {
	amqp_method_number_t id;
	int (*handle)(struct rabbit *m, const void *decoded, struct err *e);
} methods[] = {
	{AMQP_BASIC_DELIVER_METHOD, on_deliver},
	{AMQP_BASIC_ACK_METHOD, on_ack},
	{AMQP_BASIC_NACK_METHOD, on_nack},
	{AMQP_BASIC_RETURN_METHOD, on_return},
	{AMQP_BASIC_CANCEL_METHOD, on_cancel},
	{AMQP_CHANNEL_CLOSE_METHOD, on_channel_close},
	{AMQP_CONNECTION_CLOSE_METHOD, on_connection_close},
	{AMQP_CONNECTION_BLOCKED_METHOD, on_blocked},
	{AMQP_CONNECTION_UNBLOCKED_METHOD, on_unblocked},
};

static int on_method(struct rabbit *m, const amqp_method_t *method, struct err *e)
{
	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
		if (methods[i].id == method->id)
			return methods[i].handle(m, method->decoded, e);
	return rabbit_break(
		m, ERR_UNAVAILABLE, e, "%s out of turn", amqp_method_name(method->id));
}

/* A text of the message's header, NULL if it is not there. */
static amqp_bytes_t header_text(const amqp_basic_properties_t *p, const char *name)
{
	if (p->_flags & AMQP_BASIC_HEADERS_FLAG)
		for (int i = 0; i < p->headers.num_entries; i++) {
			const amqp_table_entry_t *h = &p->headers.entries[i];

			if (h->key.len == strlen(name) &&
				memcmp(h->key.bytes, name, h->key.len) == 0 &&
				(h->value.kind == AMQP_FIELD_KIND_UTF8 ||
					h->value.kind == AMQP_FIELD_KIND_BYTES))
				return h->value.value.bytes;
		}
	return amqp_empty_bytes;
}

/* Copy @bytes to *@at, NUL-terminated, and move *@at on. */
static const char *keep(char **at, amqp_bytes_t bytes)
{
	char *start = *at;

	if (bytes.len)
		memcpy(start, bytes.bytes, bytes.len);
	start[bytes.len] = '\0';
	*at = start + bytes.len + 1;
	return start;
}

static struct inbound *inbound_new(
	const struct rabbit *m, const amqp_basic_properties_t *p, size_t body)
{
	amqp_bytes_t id = amqp_empty_bytes,
		     type = amqp_cstring_bytes(QUEUE_CONTENT_TYPE);
	amqp_bytes_t trace = header_text(p, "traceparent");
	amqp_bytes_t key = amqp_cstring_bytes(m->announced.key);

	if (p->_flags & AMQP_BASIC_MESSAGE_ID_FLAG)
		id = p->message_id;
	if (p->_flags & AMQP_BASIC_CONTENT_TYPE_FLAG)
		type = p->content_type;
	struct inbound *in = mem_resize(
		NULL, sizeof(*in) + id.len + type.len + trace.len + key.len + body + 5);
	char *at = (char *)(in + 1);

	*in = (struct inbound){
		.delivery = {m->announced.tag, m->announced.redelivered, {0}}};
	in->delivery.message.id = keep(&at, id);
	in->delivery.message.key = keep(&at, key);
	in->delivery.message.content_type = keep(&at, type);
	in->delivery.message.traceparent = trace.len ? keep(&at, trace) : NULL;
	in->delivery.message.body = (struct slice){at, body};
	in->body = at;
	at[body] = '\0';
	return in;
}

static void complete(struct rabbit *m)
{
	struct inbound *in = STEAL(m->partial);

	if (!m->first)
		m->last = &m->first;
	*m->last = in;
	m->last = &in->next;
}

static int on_header(struct rabbit *m, const amqp_frame_t *f, struct err *e)
{
	uint64_t body = f->payload.properties.body_size;

	if (!m->announced.tag || m->partial)
		return rabbit_break(m, ERR_UNAVAILABLE, e, "a header out of turn");
	if (body > INBOUND_MAX)
		return rabbit_break(m, ERR_UNAVAILABLE, e, "a message of %llu bytes",
			(unsigned long long)body);
	m->partial = inbound_new(m, f->payload.properties.decoded, (size_t)body);
	m->announced.tag = 0;
	if (body == 0)
		complete(m);
	return 0;
}

static int on_body(struct rabbit *m, const amqp_frame_t *f, struct err *e)
{
	amqp_bytes_t part = f->payload.body_fragment;
	struct inbound *in = m->partial;

	if (!in || part.len > in->delivery.message.body.n - in->got)
		return rabbit_break(m, ERR_UNAVAILABLE, e, "a body out of turn");
	memcpy(in->body + in->got, part.bytes, part.len);
	in->got += part.len;
	if (in->got == in->delivery.message.body.n)
		complete(m);
	return 0;
}

static int on_frame(struct rabbit *m, const amqp_frame_t *f, struct err *e)
{
	switch (f->frame_type) {
	case AMQP_FRAME_METHOD:
		return on_method(m, &f->payload.method, e);
	case AMQP_FRAME_HEADER:
		return on_header(m, f, e);
	case AMQP_FRAME_BODY:
		return on_body(m, f, e);
	default:
		return 0;
	}
}

int rabbit_pump(struct rabbit *m, int timeout_ms, struct err *e)
{
	struct timeval wait = {timeout_ms / 1000, timeout_ms % 1000 * 1000};
	amqp_frame_t frame;

	if (rabbit_usable(m, e) < 0)
		return -1;
	errno = 0;
	int status = amqp_simple_wait_frame_noblock(m->connection, &frame, &wait);

	if (status == AMQP_STATUS_TIMEOUT)
		return 0;
	if (status != AMQP_STATUS_OK)
		return rabbit_library_fault(m, "receive", status, e);
	if (on_frame(m, &frame, e) < 0)
		return -1;
	amqp_maybe_release_buffers(m->connection);
	return 1;
}

int rabbit_drain(struct rabbit *m, struct err *e)
{
	int more;

	while ((more = rabbit_pump(m, 0, e)) > 0)
		;
	return more;
}

void rabbit_inbound_free(struct rabbit *m)
{
	while (m->first) {
		struct inbound *in = m->first;

		m->first = in->next;
		mem_wipe(in);
	}
	mem_wipe(m->partial);
	mem_wipe(m->current);
	m->partial = m->current = NULL;
	m->announced.tag = 0;
}
