#include "queue/queue.h"

#include <stdlib.h>
#include <string.h>

#include "queue/backend.h"

static const struct {
	int (*open)(const struct queue_options *, struct queue **, struct err *);
} backends[] = {
	[QUEUE_EMBEDDED] = {embedded_open},
	[QUEUE_AMQP] = {amqp_open},
};

int queue_open(
	const struct queue_options *options, struct queue **ret_queue, struct err *e)
{
	if (options->window < 0)
		return err_set(e, ERR_CONFIG, "queue: window %d", options->window);
	return backends[options->type].open(options, ret_queue, e);
}

void queue_close(struct queue *q)
{
	if (q)
		q->ops->close(q);
}

/* A text that AMQP can carry as a short string. */
static int check_text(const char *what, const char *text, size_t max, struct err *e)
{
	if (!text || !*text)
		return err_set(e, ERR_INPUT, "queue: empty %s", what);
	if (strlen(text) > max)
		return err_set(
			e, ERR_INPUT, "queue: %s longer than %zu bytes", what, max);
	return 0;
}

int queue_declare(struct queue *q, const char *name, struct err *e)
{
	if (check_text("queue name", name, QUEUE_NAME_MAX, e) < 0)
		return -1;
	return q->ops->declare(q, name, e);
}

int queue_bind(struct queue *q, const char *name, const char *pattern, struct err *e)
{
	if (check_text("queue name", name, QUEUE_NAME_MAX, e) < 0 ||
		check_text("pattern", pattern, QUEUE_TEXT_MAX, e) < 0)
		return -1;
	return q->ops->bind(q, name, pattern, e);
}

static int check_message(const struct queue_message *m, struct err *e)
{
	if (check_text("message id", m->id, QUEUE_TEXT_MAX, e) < 0)
		return -1;
	if (m->content_type &&
		check_text("content type", m->content_type, QUEUE_TEXT_MAX, e) < 0)
		return -1;
	if (m->traceparent &&
		check_text("traceparent", m->traceparent, QUEUE_TEXT_MAX, e) < 0)
		return -1;
	if (m->body.n > QUEUE_BODY_MAX)
		return err_set(e, ERR_INPUT,
			"queue: message %s of %zu bytes is too big", m->id, m->body.n);
	return 0;
}

static int publish(struct queue *q, const char *name, const struct queue_message *m,
	uint64_t *ret_number, struct err *e)
{
	if (check_message(m, e) < 0 || q->ops->publish(q, name, m, e) < 0)
		return -1;
	q->published++;
	if (ret_number)
		*ret_number = q->published;
	return 0;
}

int queue_publish(struct queue *q, const struct queue_message *m, uint64_t *ret_number,
	struct err *e)
{
	if (check_text("routing key", m->key, QUEUE_TEXT_MAX, e) < 0)
		return -1;
	return publish(q, NULL, m, ret_number, e);
}

int queue_publish_to(struct queue *q, const char *name, const struct queue_message *m,
	uint64_t *ret_number, struct err *e)
{
	if (check_text("queue name", name, QUEUE_TEXT_MAX, e) < 0)
		return -1;
	return publish(q, name, m, ret_number, e);
}

enum queue_confirm_result queue_confirm(
	struct queue *q, int timeout_ms, uint64_t *ret_upto, struct err *e)
{
	return q->ops->confirm(q, timeout_ms, ret_upto, e);
}

int queue_consume(struct queue *q, const char *name, int prefetch, struct err *e)
{
	if (check_text("queue name", name, QUEUE_TEXT_MAX, e) < 0)
		return -1;
	if (prefetch < 1 || prefetch > QUEUE_PREFETCH_MAX)
		return err_set(e, ERR_CONFIG, "queue %s: prefetch %d is not 1 to %d",
			name, prefetch, QUEUE_PREFETCH_MAX);
	if (q->consuming)
		return err_set(
			e, ERR_BUG, "queue %s: taking from another one already", name);
	if (q->ops->consume(q, name, prefetch, e) < 0)
		return -1;
	q->consuming = true;
	return 0;
}

enum queue_next_result queue_next(struct queue *q, int timeout_ms,
	struct queue_delivery *ret_delivery, struct err *e)
{
	if (!q->consuming) {
		err_set(e, ERR_BUG, "queue: next before consume");
		return QUEUE_NEXT_FAULT;
	}
	enum queue_next_result result = q->ops->next(q, timeout_ms, ret_delivery, e);

	if (result == QUEUE_NEXT_OK)
		q->last_tag = ret_delivery->tag;
	return result;
}

/* A tag that was never handed out is our mistake: say so before the broker does. */
static int check_tag(const struct queue *q, uint64_t tag, struct err *e)
{
	if (tag == 0 || tag > q->last_tag)
		return err_set(e, ERR_BUG, "queue: tag %llu was never handed out",
			(unsigned long long)tag);
	return 0;
}

int queue_ack(struct queue *q, uint64_t tag, struct err *e)
{
	return check_tag(q, tag, e) < 0 ? -1 : q->ops->ack(q, tag, true, e);
}

int queue_ack_one(struct queue *q, uint64_t tag, struct err *e)
{
	return check_tag(q, tag, e) < 0 ? -1 : q->ops->ack(q, tag, false, e);
}

int queue_reject(struct queue *q, uint64_t tag, const char *reason, struct err *e)
{
	return check_tag(q, tag, e) < 0 ? -1 : q->ops->reject(q, tag, reason, e);
}

int queue_requeue(struct queue *q, uint64_t tag, struct err *e)
{
	return check_tag(q, tag, e) < 0 ? -1 : q->ops->requeue(q, tag, e);
}

int queue_depth(struct queue *q, const char *name, uint64_t *ret_count, struct err *e)
{
	if (check_text("queue name", name, QUEUE_TEXT_MAX, e) < 0)
		return -1;
	return q->ops->depth(q, name, ret_count, e);
}

int queue_fd(const struct queue *q)
{
	return q->ops->fd(q);
}
