/*
 * Where agencies read the embedded queue. One thread does all of it: a queue has one
 * taker, and takes in the order of its messages.
 *
 * A message pulled is its reader's until it is acknowledged, rejected, or
 * http.visibility_seconds are over; then it comes again, marked as redelivered, under a
 * new tag. So does everything not acknowledged after a restart. A tag names the opening
 * of the queue it came from, so that one of an earlier life never acknowledges
 * anything.
 */
#pragma once

#include <stdbool.h>

#include "gateway/base/err.h"

struct desk;
struct exchange;
struct web;

enum {
	DESK_HELD_MAX = 1000,              /* pulled and not acknowledged, a queue */
	DESK_PULL_BYTES = 4 * 1024 * 1024, /* of bodies in one answer, about */
	DESK_WAIT_MAX_MS = 30000,
};

struct desk *desk_new(struct web *w, struct err *e);
void desk_wake(struct desk *d);
/* A waiting exchange with x->reading filled; the desk holds it from now on. */
void desk_put(struct desk *d, struct exchange *x);
/* NULL is fine. False: its thread did not end. */
bool desk_stop(struct desk *d);
void desk_free(struct desk *d);
