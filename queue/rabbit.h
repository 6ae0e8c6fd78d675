/*
 * The RabbitMQ backend's inside: connecting and what its errors mean
 * (rabbit_connection.c), the one place that reads frames (rabbit_pump.c), publishing
 * with confirms (rabbit_publish.c), consuming (rabbit_consume.c), the rest (amqp.c).
 *
 * A-1 One connection, two channels: confirms and requests on one, deliveries on the
 *     other. rabbitmq-c is not thread-safe and neither is struct rabbit.
 * A-2 Nothing waits without bound: requests, reads and connecting have timeouts, a send
 *     that goes nowhere is ended by TCP_USER_TIMEOUT.
 * A-3 The first fault is kept: the connection is of no use any more and each later call
 *     reports the same.
 * A-4 No text of ours holds the password.
 */
#pragma once

#include "queue/amqp_url.h"
#include "queue/backend.h"

struct amqp_connection_state_t_;
struct amqp_bytes_t_;

enum { CHANNEL_PUBLISH = 1, CHANNEL_CONSUME = 2 };

enum {
	CONNECT_SECONDS = 10,
	REQUEST_SECONDS = 30,
	CLOSE_SECONDS = 2,
	HEARTBEAT_SECONDS = 30,
	PUBLISH_WAIT_MS = 30000, /* for a full window or a blocking broker */
};

/* A delivery being put together or waiting for queue_next(): one block of memory. */
struct inbound {
	struct inbound *next;
	struct queue_delivery delivery;
	char *body;
	size_t got; /* bytes of the body so far */
};

enum slot { SLOT_OPEN, SLOT_SAFE, SLOT_REFUSED };

struct rabbit {
	struct queue queue;
	struct amqp_url url;
	char *password, *exchange;
	char *where; /* host:port/vhost, for people */
	struct amqp_connection_state_t_ *connection;
	bool broken, blocked, corked;
	struct err fault; /* */

	uint64_t base;     /* numbers published on connections before this one */
	uint64_t settled;  /* the number up to which all are answered and reported on */
	uint64_t reported; /* what queue_confirm() last said */
	unsigned char *slots; /* enum slot of number % window */

	struct {
		uint64_t tag;
		bool redelivered;
		char key[QUEUE_TEXT_MAX + 1];
	} announced; /* a delivery of which only the method came */
	struct inbound *partial, *first, **last, *current;
};

/* rabbit_connection.c */
int rabbit_connect(struct rabbit *m, struct err *e);
void rabbit_disconnect(struct rabbit *m);
/* Each marks the connection as broken, fills @e and returns -1. */
int rabbit_break(struct rabbit *m, enum err_code code, struct err *e,
	const char *format, ...) __attribute__((format(printf, 4, 5)));
int rabbit_library_fault(struct rabbit *m, const char *what, int status, struct err *e);
int rabbit_closed_fault(struct rabbit *m, const char *what, int reply_code,
	const struct amqp_bytes_t_ *text, struct err *e);
/* After a request: 0 or the fault. */
int rabbit_check_reply(struct rabbit *m, const char *what, struct err *e);
/* 0, or -1 and the fault that broke it. */
int rabbit_usable(const struct rabbit *m, struct err *e);
/* What was sent leaves now, in as few packets as it fits (see rabbit_publish.c). */
void rabbit_cork(struct rabbit *m, bool on);

/* rabbit_pump.c: handle one frame if it comes within @timeout_ms: 1, else 0, or -1. */
int rabbit_pump(struct rabbit *m, int timeout_ms, struct err *e);
/* All frames that are here already. */
int rabbit_drain(struct rabbit *m, struct err *e);
void rabbit_inbound_free(struct rabbit *m);

/* rabbit_publish.c */
int rabbit_publish(struct queue *q, const char *name,
	const struct queue_message *message, struct err *e);
enum queue_confirm_result rabbit_confirm(
	struct queue *q, int timeout_ms, uint64_t *ret_upto, struct err *e);
/* The broker answered for @tag, or for all up to it. */
void rabbit_settle(struct rabbit *m, uint64_t tag, bool up_to, enum slot as);

/* rabbit_consume.c */
int rabbit_consume(struct queue *q, const char *name, int prefetch, struct err *e);
enum queue_next_result rabbit_next(struct queue *q, int timeout_ms,
	struct queue_delivery *ret_delivery, struct err *e);
int rabbit_ack(struct queue *q, uint64_t tag, bool up_to, struct err *e);
int rabbit_reject(struct queue *q, uint64_t tag, const char *reason, struct err *e);
int rabbit_requeue(struct queue *q, uint64_t tag, struct err *e);

/* amqp.c: @step once more, on a new connection, while the broker says `noproc` (a
 * quorum queue in the making). */
typedef int rabbit_step(struct rabbit *m, const char *name, int number, struct err *e);
int rabbit_retry(struct rabbit *m, rabbit_step *step, const char *name, int number,
	struct err *e);
