/* Documents from a RabbitMQ queue, many in flight, acknowledged after the commit. */
#pragma once

#include "adapters/adapter.h"
#include "queue/queue.h"

struct amqp_source_options {
	struct queue_options queue; /* type QUEUE_AMQP; embedded works just the same */
	const char *name;           /* the queue to take from; NULL: congvan.in */
	int prefetch;               /* 0: 2000 */
};

extern const struct source_ops amqp_source_ops;
