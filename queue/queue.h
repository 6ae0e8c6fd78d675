/*
 * A queue that keeps its word: what queue_confirm() reported survives a crash of us, of
 * the machine and of the broker; what was taken and not acknowledged comes again. Two
 * backends, the same promises and the same names: `embedded` (SQLite, its own file) and
 * `amqp` (RabbitMQ through rabbitmq-c). tests/unit/test_queue.c runs one suite on both.
 *
 * One struct queue belongs to one thread: open one for publishing and one for
 * consuming. On any fault close it and open anew; unconfirmed messages must then be
 * published again (same id), unacknowledged ones are delivered again, and old tags are
 * void.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/base/buf.h"
#include "gateway/base/err.h"

enum queue_type { QUEUE_EMBEDDED, QUEUE_AMQP };

struct queue_options {
	enum queue_type type;
	const char *path;     /* embedded: the file, made when missing */
	const char *url;      /* amqp: amqp:// or amqps://, without password */
	const char *password; /* amqp: NULL when the url's user needs none */
	const char *exchange; /* topic exchange; NULL: congvan.events */
	int window;           /* messages published and not yet confirmed; 0: 2000 */
};

struct queue;

/* A message; every pointer is borrowed. */
struct queue_message {
	const char *id;           /* message id: the same on every attempt */
	const char *key;          /* routing key */
	const char *content_type; /* NULL: application/octet-stream */
	const char *traceparent;  /* W3C trace context, NULL: none */
	struct slice body;
};

/* A message taken; valid until the next queue_next() or queue_close(). */
struct queue_delivery {
	uint64_t tag;     /* rises; of this struct queue's life only */
	bool redelivered; /* it was taken before and not acknowledged */
	struct queue_message message;
};

enum queue_next_result { QUEUE_NEXT_OK, QUEUE_NEXT_NONE, QUEUE_NEXT_FAULT };
enum queue_confirm_result {
	QUEUE_CONFIRM_OK,      /* all up to *ret_upto are safe (may be none new) */
	QUEUE_CONFIRM_REFUSED, /* the broker refused one: *ret_upto is its number */
	QUEUE_CONFIRM_FAULT,
};

/*
 * Open and, for amqp, connect, log in and declare the exchange; bounded in time. A peer
 * that is not there is ERR_UNAVAILABLE, a refused login or url ERR_CONFIG.
 */
int queue_open(
	const struct queue_options *options, struct queue **ret_queue, struct err *e);
void queue_close(struct queue *q); /* bounded in time; NULL is fine */

/*
 * Make sure @name exists: a durable quorum queue with its dead-letter queue @name.dead.
 * Doing it again changes nothing.
 */
int queue_declare(struct queue *q, const char *name, struct err *e);

/* Let @name receive what is published with a key matching @pattern (topic, `*` one
 * word,
 * `#` any number). Both must have been declared. */
int queue_bind(struct queue *q, const char *name, const char *pattern, struct err *e);

/*
 * Hand over one message for the exchange. It is numbered from 1 on by this struct
 * queue; it is not safe before queue_confirm() covers that number. Messages of one
 * publisher with one key stay in order. A key nobody is bound to is delivered to
 * nobody, which is success. Blocks (bounded) while the window is full.
 */
int queue_publish(struct queue *q, const struct queue_message *m, uint64_t *ret_number,
	struct err *e);

/* The same, straight to the queue @name, by-passing the exchange. */
int queue_publish_to(struct queue *q, const char *name, const struct queue_message *m,
	uint64_t *ret_number, struct err *e);

/*
 * Wait up to @timeout_ms for confirms; *ret_upto is the highest number below which all
 * are safe. Embedded: commits what was published. 0 does not wait.
 */
enum queue_confirm_result queue_confirm(
	struct queue *q, int timeout_ms, uint64_t *ret_upto, struct err *e);

/* Take from @name from now on, at most @prefetch unacknowledged at a time. */
int queue_consume(struct queue *q, const char *name, int prefetch, struct err *e);

/* The next message; waits up to @timeout_ms. The body is borrowed, not copied again. */
enum queue_next_result queue_next(struct queue *q, int timeout_ms,
	struct queue_delivery *ret_delivery, struct err *e);

/* All deliveries up to and with @tag are done with. */
int queue_ack(struct queue *q, uint64_t tag, struct err *e);

/* This one delivery goes to the dead-letter queue; @reason is kept where there is room.
 */
int queue_reject(struct queue *q, uint64_t tag, const char *reason, struct err *e);

/* This one delivery, and no other, is done with / is to be delivered again. */
int queue_ack_one(struct queue *q, uint64_t tag, struct err *e);
int queue_requeue(struct queue *q, uint64_t tag, struct err *e);

/* How many messages wait in @name (taken ones not counted). */
int queue_depth(struct queue *q, const char *name, uint64_t *ret_count, struct err *e);

/* A descriptor that is readable when queue_next() may have something, -1 if there is
 * none (embedded: poll with a timeout). */
int queue_fd(const struct queue *q);
