/*
 * The running gateway: a thread for each source, one writer that owns the ledger, a
 * thread for each sink. Nothing is acknowledged before it is committed (INV-1), nothing
 * leaves the outbox before its receiver confirmed it (INV-5). A sink that is down holds
 * up nobody; a disk that is full holds up everybody and loses nothing.
 *
 * stderr says `info ready` once every source that answers is watched. SIGTERM and
 * SIGINT end it in good order within stop_ms; the second one kills it. SIGHUP asks for
 * another configuration; if there is one, this flow ends in the same good order, so
 * that the next one can go on.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "adapters/adapter.h"
#include "adapters/codec.h"
#include "gateway/base/day.h"
#include "gateway/base/err.h"
#include "gateway/flow/meter.h"
#include "gateway/ledger/ledger.h"
#include "gateway/rules/delivery.h"
#include "gateway/rules/policy.h"

struct flow_source {
	const char *name; /* the adapter's, for the ledger and the log */
	const struct source_ops *ops;
	const void *options; /* of ops->open */
	struct codec_options codec;
	const struct policy *policy;
};

struct flow_sink {
	const char *name; /* one of ledger.sinks */
	const struct sink_ops *ops;
	const void *options;                    /* of ops->open */
	const struct delivery_policy *delivery; /* NULL: delivery_policy_default */
	/* Of its section of the configuration; NULL: none. With another one a sink that
	 * its receiver stopped begins anew. */
	const char *fingerprint;
};

/*
 * What lives beside the gateway's own threads (the HTTP server). Called from the main
 * thread, each once at most and in this order; not at all with `once`.
 */
struct flow_companion {
	/* The threads run. -1 ends the gateway with that fault. */
	int (*start)(void *context, struct err *e);
	/* An orderly end begins: let nothing new in. */
	void (*stop)(void *context);
	/* The threads have ended; with @all false one was left behind and may still
	 * use what it shares with the companion. Also after a start that failed. */
	void (*end)(void *context, bool all);
	void *context;
};

/* Borrowed until flow_run returns. */
struct flow_options {
	struct ledger_options ledger; /* its sinks name at least all of these */
	const struct flow_source *sources;
	size_t sources_n;
	const struct flow_sink *sinks;
	size_t sinks_n;
	struct meter *meter; /* of these sources and sinks; NULL: nobody counts */
	const struct flow_companion *companion; /* NULL: none */
	bool once;        /* handle all that waits, tell the world, end */
	int once_wait_ms; /* once: how long a peer or the disk may be away; 0: 10000 */
	int stop_ms;      /* how long an orderly end may take; 0: 5000 */
	msec_t (*now)(void *context); /* NULL: the system's clock */
	void *now_context;

	/* SIGHUP came: is there something to go on with? May take its time; all goes on
	 * meanwhile. NULL: SIGHUP is not listened to. */
	bool (*reload)(void *context);
	void (*ready)(void *context); /* `info ready` was said; NULL: nobody asks */
	void *context;                /* of these two */
};

enum flow_end {
	FLOW_ENDED,    /* in good order: told to stop or, with once, done */
	FLOW_RELOADED, /* in good order, because reload() said so: run the next one */
	FLOW_FAULT,    /* with once also a peer that stayed away (ERR_UNAVAILABLE),
			  though all that was taken is committed */
};

/*
 * Run until told to stop (or, with once, until done). Blocks SIGTERM, SIGINT and SIGHUP
 * and ignores SIGPIPE and SIGXFSZ in the process: for main programs only. After
 * FLOW_RELOADED signals stay blocked, for the next flow to hear.
 */
enum flow_end flow_run(const struct flow_options *options, struct err *e);

/* Was a thread left behind in some library, which may still use what flow_run was
 * given? Then that must stay where it is until the process ends. */
bool flow_left_threads(void);
