/*
 * A source's thread: takes deliveries, makes them ready with a codec of its own, hands
 * them to the writer, and settles them once they come back committed. Opens the source
 * again, with backoff, after any fault; what was under way then is given again by the
 * source and answered as a duplicate.
 */
#pragma once

#include <stdbool.h>

#include "gateway/base/day.h"
#include "gateway/base/err.h"
#include "gateway/flow/bell.h"
#include "gateway/flow/flow.h"
#include "gateway/flow/meter.h"
#include "gateway/flow/ring.h"

struct feeder;

struct feeder_options {
	const struct flow_source *source;
	struct ring *ring;          /* to the writer */
	const char *spill_folder;   /* see intake.h */
	struct meter_source *meter; /* NULL: nobody counts */
	struct bell *parent; /* rung when it has tried to open, and when it ends */
	msec_t (*now)(void *context);
	void *now_context;
	bool once;          /* end when the source has nothing left */
	int once_wait_ms;   /* once: how long the source may be away */
	const char *cursor; /* the last one committed for it; NULL: none */
	int retry_first_ms, retry_limit_ms; /* 0: 500, 30000 */
};

struct feeder *feeder_new(const struct feeder_options *options, struct err *e);
void feeder_free(struct feeder *f);

/* The thread's body. */
void feeder_run(struct feeder *f);

/* From any thread. */
void feeder_stop(struct feeder *f);    /* take no more, settle what is under way, end */
void feeder_abandon(struct feeder *f); /* end without waiting for that */
bool feeder_has_tried(struct feeder *f); /* the source answered, or did not */
bool feeder_has_ended(struct feeder *f);
/* After it ended: did its source stay away (once)? */
bool feeder_failed(struct feeder *f, struct err *ret_e);
