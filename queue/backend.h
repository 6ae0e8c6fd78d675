/*
 * What a backend of queue.h fills in. queue.c checks what callers hand over, once for
 * both, and calls through the table; a backend may rely on those checks.
 */
#pragma once

#include "queue/queue.h"

struct queue_ops {
	void (*close)(struct queue *q);
	int (*declare)(struct queue *q, const char *name, struct err *e);
	int (*bind)(
		struct queue *q, const char *name, const char *pattern, struct err *e);
	/* @name is NULL for the exchange. The message's number is q->published + 1;
	 * queue.c counts it when 0 comes back. */
	int (*publish)(struct queue *q, const char *name, const struct queue_message *m,
		struct err *e);
	enum queue_confirm_result (*confirm)(
		struct queue *q, int timeout_ms, uint64_t *ret_upto, struct err *e);
	int (*consume)(struct queue *q, const char *name, int prefetch, struct err *e);
	enum queue_next_result (*next)(struct queue *q, int timeout_ms,
		struct queue_delivery *ret_delivery, struct err *e);
	int (*ack)(struct queue *q, uint64_t tag, bool up_to, struct err *e);
	int (*reject)(struct queue *q, uint64_t tag, const char *reason, struct err *e);
	int (*requeue)(struct queue *q, uint64_t tag, struct err *e);
	int (*depth)(
		struct queue *q, const char *name, uint64_t *ret_count, struct err *e);
	int (*fd)(const struct queue *q);
};

/* The part both backends begin with. */
struct queue {
	const struct queue_ops *ops;
	uint64_t published; /* how many were handed over */
	uint64_t last_tag;  /* the last one handed out */
	int window;
	bool consuming;
};

enum {
	QUEUE_WINDOW = 2000,        /* unless the options say otherwise */
	QUEUE_NAME_MAX = 250,       /* leaves room for ".dead" in AMQP's 255 */
	QUEUE_TEXT_MAX = 255,       /* AMQP's short string */
	QUEUE_PREFETCH_MAX = 65535, /* basic.qos */
	QUEUE_BODY_MAX = 128 * 1024 * 1024,
};

#define QUEUE_DEAD_END     ".dead"
#define QUEUE_EXCHANGE     "congvan.events"
#define QUEUE_CONTENT_TYPE "application/octet-stream"

int embedded_open(
	const struct queue_options *options, struct queue **ret_queue, struct err *e);
int amqp_open(
	const struct queue_options *options, struct queue **ret_queue, struct err *e);
