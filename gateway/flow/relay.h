/*
 * A sink's thread: reads the outbox beside the writer, hands the events over in order,
 * many at a time, and passes on what was confirmed. After any fault, refusal included,
 * it opens the sink anew with backoff and starts again from the lowest row that was not
 * confirmed, with the same event ids (INV-5). It holds up nobody but itself.
 */
#pragma once

#include <stdbool.h>

#include "gateway/base/day.h"
#include "gateway/base/err.h"
#include "gateway/flow/bell.h"
#include "gateway/flow/flow.h"
#include "gateway/flow/meter.h"
#include "gateway/flow/writer.h"
#include "gateway/ledger/ledger.h"

struct relay;

struct relay_options {
	const struct flow_sink *sink;
	const struct ledger_options *ledger; /* for a view of its own */
	struct writer *writer;
	struct meter_sink *meter; /* NULL: nobody counts */
	struct bell *parent;      /* rung when it ends */
	msec_t (*now)(void *context);
	void *now_context;
	int window;                         /* not yet confirmed at a time; 0: 2000 */
	int retry_first_ms, retry_limit_ms; /* 0: 500, 30000 */
};

struct relay *relay_new(const struct relay_options *options, struct err *e);
void relay_free(struct relay *r);

/* The thread's body. */
void relay_run(struct relay *r);

/* From any thread. */
void relay_wake(struct relay *r); /* something was committed */
/* End once nothing is left to tell, or after @patience_ms of a sink in trouble. */
void relay_drain(struct relay *r, int patience_ms);
void relay_abandon(struct relay *r); /* end now */
bool relay_has_ended(struct relay *r);
/* After it ended: was something left untold because of a sink in trouble? */
bool relay_failed(struct relay *r, struct err *ret_e);
