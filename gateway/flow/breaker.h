/*
 * The circuit breaker of a sink. Closed: everything goes. After so many failures in a
 * row it opens and nothing goes; when its time is over it is half open, and one event
 * goes: what becomes of that closes it, or opens it for twice as long.
 *
 * One event that is put off again and again is that event's trouble: it counts once
 * until something works (the generation tells the caller).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "gateway/rules/delivery.h"

enum breaker_state { BREAKER_CLOSED, BREAKER_OPEN, BREAKER_HALF_OPEN };

struct breaker {
	enum breaker_state state;
	int failures;        /* in a row */
	int opened;          /* times in a row */
	int64_t until;       /* open: ticks of its end */
	uint64_t generation; /* counts what worked */
	uint64_t seed;
};

/* One more failure, at @now (ticks). True when it opens: then until now + at least
 * @least_ms. */
bool breaker_failed(
	struct breaker *b, const struct delivery_policy *d, int64_t now, int least_ms);

/* Something went well. True when it was not closed. */
bool breaker_worked(struct breaker *b);

/* How many events may be under way at @now, of @window at most. An open one whose time
 * is over becomes half open. */
int breaker_room(struct breaker *b, int64_t now, int window);
