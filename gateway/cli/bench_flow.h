/* The gateway as `bench` runs it: one source, one sink, in a process of its own. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "adapters/adapter.h"
#include "gateway/base/err.h"
#include "gateway/cli/bench.h"
#include "gateway/flow/flow.h"
#include "queue/queue.h"

struct bench_flow {
	const char *folder; /* the ledger's */
	const struct source_ops *ops;
	const void *source;                     /* of ops->open */
	struct queue_options out;               /* where its events go */
	struct meter *meter;                    /* NULL: none */
	const struct flow_companion *companion; /* NULL: none */
	bool once;
};

/* What its events and the bare relay's are bound to. */
#define BENCH_OUT "congvan.bench.out"

/* Declare @name and let it receive everything that @out publishes. */
int bench_flow_declare(
	const struct queue_options *out, const char *name, struct err *e);

/* In this process. For a child that does nothing else. */
int bench_flow_run(const struct bench *b, const struct bench_flow *f, struct err *e);

/* A child that runs @body and ends. */
int bench_child(int (*body)(void *context, struct err *e), void *context,
	pid_t *ret_child, struct err *e);
/* Wait until it ends; @signal (0: none) tells it to. */
int bench_child_end(pid_t child, int signal, struct err *e);

int bench_flow_start(
	struct bench *b, const struct bench_flow *f, pid_t *ret_child, struct err *e);
