/* How a RabbitMQ queue of ours is declared: over AMQP and in definitions alike. */
#pragma once

#include <stddef.h>

struct rabbit_argument {
	const char *name, *value; /* value NULL: the dead-letter queue's name */
};

/* The first is enough for a dead-letter queue itself. */
enum { RABBIT_ARGUMENTS = 5 };
extern const struct rabbit_argument rabbit_arguments[RABBIT_ARGUMENTS];

/* How many of them a queue has; @dead: the name of its dead-letter queue, NULL: none.
 */
static inline size_t rabbit_arguments_n(const char *dead)
{
	return dead ? RABBIT_ARGUMENTS : 1;
}
