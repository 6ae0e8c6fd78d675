/*
 * A sink's thread: reads the outbox beside the writer, hands the events over in order,
 * many at a time, and passes on what became of them (docs/decisions/0011). A row leaves
 * the outbox when it was delivered or is a dead letter, and not before (INV-5). What is
 * put off holds up its own task or document and nobody else; a sink at fault is opened
 * anew with backoff, and a breaker keeps it from being tried too often. A relay holds
 * up nobody but itself.
 */
#pragma once

#include <stdbool.h>

#include "gateway/base/day.h"
#include "gateway/base/err.h"
#include "gateway/flow/bell.h"
#include "gateway/flow/flow.h"
#include "gateway/flow/meter.h"
#include "gateway/flow/tail.h"
#include "gateway/flow/writer.h"
#include "gateway/ledger/ledger.h"

struct relay;

struct relay_options {
	const struct flow_sink *sink;
	const struct ledger_options *ledger; /* for a view of its own */
	struct writer *writer;
	struct tail *tail; /* shared by all; NULL: the ledger is read for each row */
	struct meter_sink *meter; /* NULL: nobody watches */
	struct bell *parent;      /* rung when it ends */
	msec_t (*now)(void *context);
	void *now_context;
	int window; /* not yet confirmed at a time; 0: the sink's own, or 2000 */
	int retry_limit_ms; /* no pause is longer; 0: as the sink's delivery says */
};

struct relay *relay_new(const struct relay_options *options, struct err *e);
void relay_free(struct relay *r);

/* The thread's body. */
void relay_run(struct relay *r);

/* From any thread. */
void relay_wake(struct relay *r); /* there is something new in the outbox */
/* End once nothing is left to tell, or after @patience_ms of a sink in trouble. */
void relay_drain(struct relay *r, int patience_ms);
void relay_abandon(struct relay *r); /* end now */
bool relay_has_ended(struct relay *r);
/* After it ended: was something left untold because of a sink in trouble? */
bool relay_failed(struct relay *r, struct err *ret_e);
