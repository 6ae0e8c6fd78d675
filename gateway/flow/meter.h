/*
 * What the running gateway counts, for whoever watches it: each number is written by
 * the thread it belongs to and may be read by any. Nothing here decides anything.
 * Everybody takes NULL for "nobody counts".
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/base/arena.h"
#include "gateway/base/day.h"
#include "gateway/ledger/ledger.h"

enum {
	METER_OUTCOMES = 6, /* as enum outcome */
	METER_BUCKETS = 12, /* of the time a commit takes; the last has no limit */
};

struct meter_source {
	const char *name;
	_Atomic uint64_t received, outcomes[METER_OUTCOMES];
	_Atomic int64_t last_at; /* msec_t; 0: none yet */
	atomic_bool works;
};

struct meter_sink {
	const char *name;
	_Atomic int state; /* enum ledger_sink_state */
};

struct meter {
	struct arena arena;
	struct meter_source *sources;
	size_t sources_n;
	struct meter_sink *sinks;
	size_t sinks_n;

	_Atomic uint64_t commits[METER_BUCKETS]; /* not cumulative */
	_Atomic int64_t commits_ns;              /* all of them together */
	_Atomic int64_t committing_since;        /* ticks; 0: none is under way */
	_Atomic int64_t ledger_failing_since;    /* ticks; 0: it works */
};

/* The upper limits of the buckets but the last, in milliseconds. */
extern const double meter_limits_ms[METER_BUCKETS - 1];

/* For as many sources and sinks; the caller names them. */
struct meter *meter_new(size_t sources_n, size_t sinks_n);
void meter_free(struct meter *m);

void meter_received(struct meter_source *s, msec_t at);
void meter_source_works(struct meter_source *s, bool works);
void meter_outcome(struct meter_source *s, unsigned outcome);
void meter_sink_is(struct meter_sink *s, enum ledger_sink_state state);

void meter_ledger_works(struct meter *m, bool works);
void meter_commit_begins(struct meter *m, int64_t now);
/* One that failed is not counted. */
void meter_commit_ends(struct meter *m, int64_t began, bool committed);
