/* CloudEvents to a topic exchange: RabbitMQ's or the embedded queue's. */
#pragma once

#include "adapters/adapter.h"
#include "queue/queue.h"

struct queue_sink_options {
	struct queue_options queue; /* exchange NULL: congvan.events */
	/* Each gets a queue `congvan.agency.<organ id>` bound to `#.<organ id>`. */
	const char *const *organs;
	size_t organs_n;
};

extern const struct sink_ops queue_sink_ops;
