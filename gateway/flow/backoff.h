/*
 * When to try again: twice as long after each failure, up to a limit, and never two
 * gateways in step (the pause is drawn from its upper half).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "gateway/base/err.h"

struct backoff {
	int first_ms, limit_ms;
	int pause_ms; /* the next one's length; 0: nothing failed since the last success
		       */
	uint64_t seed;
	int64_t since; /* clock_ticks of the first failure; while pause_ms */
};

/* How long to wait after the @nth failure in a row (from 1), in milliseconds. */
int backoff_pause_ms(int first_ms, int limit_ms, int nth, uint64_t *seed);

/* How long to wait after one more failure, in milliseconds. True in *@ret_first when it
 * is the first since things last went well. */
int backoff_failed(struct backoff *b, bool *ret_first);

/* Things go well again. True when they did not before. */
bool backoff_worked(struct backoff *b);

/* How long it has been going wrong, in milliseconds; 0 when it does not. */
int64_t backoff_trouble_ms(const struct backoff *b);
