/*
 * RabbitMQ: opening, declaring, counting. A queue is a durable quorum queue whose
 * rejected messages go to NAME.dead, at least once: they stay where they are until that
 * queue has them. No delivery limit is set: it would count our restarts against
 * documents that have done nothing wrong.
 */
#include "queue/rabbit.h"

#include <amqp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/base/mem.h"
#include "queue/rabbit_arguments.h"

enum { NOPROC_TRIES = 10, NOPROC_PAUSE_MS = 100 };

/* Nothing would be forgotten if the connection were opened anew. */
static bool idle(const struct rabbit *m)
{
	return m->settled == m->queue.published && !m->queue.consuming;
}

int rabbit_retry(struct rabbit *m, rabbit_step *step, const char *name, int number,
	struct err *e)
{
	for (int tries = 1;; tries++) {
		if (rabbit_usable(m, e) < 0)
			return -1;
		rabbit_cork(m, false);
		if (step(m, name, number, e) == 0)
			return 0;
		if (!strstr(m->fault.text, "noproc") || !idle(m) ||
			tries == NOPROC_TRIES)
			return -1;
		rabbit_disconnect(m);
		poll(NULL, 0, NOPROC_PAUSE_MS);
		if (rabbit_connect(m, e) < 0)
			return -1;
	}
}

static amqp_table_entry_t argument(const char *name, const char *value)
{
	amqp_table_entry_t entry = {.key = amqp_cstring_bytes(name)};

	entry.value.kind = AMQP_FIELD_KIND_UTF8;
	entry.value.value.bytes = amqp_cstring_bytes(value);
	return entry;
}

const struct rabbit_argument rabbit_arguments[RABBIT_ARGUMENTS] = {
	{"x-queue-type", "quorum"},
	{"x-dead-letter-exchange", ""},
	{"x-dead-letter-routing-key", NULL},
	{"x-dead-letter-strategy", "at-least-once"},
	{"x-overflow", "reject-publish"},
};

static int declare_one(
	struct rabbit *m, const char *name, const char *dead, struct err *e)
{
	amqp_table_entry_t arguments[RABBIT_ARGUMENTS];
	amqp_table_t table = {(int)rabbit_arguments_n(dead), arguments};

	for (size_t i = 0; i < rabbit_arguments_n(dead); i++)
		arguments[i] = argument(rabbit_arguments[i].name,
			rabbit_arguments[i].value ? rabbit_arguments[i].value : dead);
	amqp_queue_declare(m->connection, CHANNEL_PUBLISH, amqp_cstring_bytes(name), 0,
		1, 0, 0, table);
	return rabbit_check_reply(m, name, e);
}

static int declare_both(struct rabbit *m, const char *name, int number, struct err *e)
{
	struct buf dead = {0};

	(void)number;
	buf_printf(&dead, "%s" QUEUE_DEAD_END, name);
	int result = declare_one(m, buf_text(&dead), NULL, e) < 0 ||
				     declare_one(m, name, buf_text(&dead), e) < 0
			     ? -1
			     : 0;

	buf_deinit(&dead);
	return result;
}

static int declare(struct queue *q, const char *name, struct err *e)
{
	return rabbit_retry((struct rabbit *)q, declare_both, name, 0, e);
}

static int bind(struct queue *q, const char *name, const char *pattern, struct err *e)
{
	struct rabbit *m = (struct rabbit *)q;

	if (rabbit_usable(m, e) < 0)
		return -1;
	rabbit_cork(m, false);
	amqp_queue_bind(m->connection, CHANNEL_PUBLISH, amqp_cstring_bytes(name),
		amqp_cstring_bytes(m->exchange), amqp_cstring_bytes(pattern),
		amqp_empty_table);
	return rabbit_check_reply(m, name, e);
}

static int depth(struct queue *q, const char *name, uint64_t *ret_count, struct err *e)
{
	struct rabbit *m = (struct rabbit *)q;

	if (rabbit_usable(m, e) < 0)
		return -1;
	rabbit_cork(m, false);
	const amqp_queue_declare_ok_t *ok =
		amqp_queue_declare(m->connection, CHANNEL_PUBLISH,
			amqp_cstring_bytes(name), 1, 0, 0, 0, amqp_empty_table);
	uint64_t count = ok ? ok->message_count : 0;

	if (rabbit_check_reply(m, name, e) < 0)
		return -1;
	*ret_count = count;
	return 0;
}

/* Whoever waits on it must first have heard QUEUE_NEXT_NONE: frames may have been read
 * ahead. */
static int fd(const struct queue *q)
{
	const struct rabbit *m = (const struct rabbit *)q;

	return amqp_get_sockfd(m->connection);
}

static void close_amqp(struct queue *q)
{
	struct rabbit *m = (struct rabbit *)q;

	rabbit_disconnect(m);
	if (m->password)
		explicit_bzero(m->password, strlen(m->password));
	free(m->password);
	free(m->exchange);
	free(m->where);
	free(m->slots);
	amqp_url_deinit(&m->url);
	free(m);
}

static const struct queue_ops ops = {
	.close = close_amqp,
	.declare = declare,
	.bind = bind,
	.publish = rabbit_publish,
	.confirm = rabbit_confirm,
	.consume = rabbit_consume,
	.next = rabbit_next,
	.ack = rabbit_ack,
	.reject = rabbit_reject,
	.requeue = rabbit_requeue,
	.depth = depth,
	.fd = fd,
};

int amqp_open(
	const struct queue_options *options, struct queue **ret_queue, struct err *e)
{
	struct amqp_url url = {0};
	struct buf where = {0};

	if (amqp_url_parse(options->url, &url, e) < 0)
		return -1;
	struct rabbit *m = mem_alloc(sizeof(*m));

	buf_printf(&where, "%s:%d/%s", url.host, url.port,
		strcmp(url.vhost, "/") == 0 ? "" : url.vhost);
	m->queue.ops = &ops;
	m->queue.window = options->window ? options->window : QUEUE_WINDOW;
	m->slots = mem_alloc((size_t)m->queue.window);
	m->url = url;
	m->where = STEAL(where.data);
	m->password = mem_dup(options->password);
	m->exchange = mem_dup(options->exchange ? options->exchange : QUEUE_EXCHANGE);
	if (rabbit_connect(m, e) < 0) {
		close_amqp(&m->queue);
		return -1;
	}
	*ret_queue = &m->queue;
	return 0;
}
