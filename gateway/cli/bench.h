/*
 * `bench`: each stage of the gateway beside the bare library doing the same work, in
 * one run on one machine. Both sides take turns, so that what else the machine does
 * hits both; a figure is the median of its turns. Reads and writes only a folder of its
 * own, and of a broker only queues of its own.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "gateway/base/arena.h"
#include "gateway/base/buf.h"
#include "gateway/base/err.h"
#include "gateway/cli/command.h"
#include "gateway/ledger/ledger.h"
#include "queue/queue.h"

enum { BENCH_TURNS = 3 };

struct bench {
	const struct cli *cli;
	int64_t documents; /* a turn; 0: each stage's own number */
	bool large;
	int64_t size;                         /* of a large ledger */
	const char *amqp_url, *amqp_password; /* NULL: no broker */
	const char *folder;                   /* of this run; removed at its end */
	struct organ_table *organs;
	struct calendar *calendar;
	struct arena arena;
	bool missed; /* a figure missed its target */
};

/* What one stage found. */
struct bench_row {
	const char *stage;
	const char *work; /* what was done, for people */
	double ours, bare;
	const char *unit;
	double target; /* 0: none */
	enum {
		BENCH_RATIO_AT_LEAST,
		BENCH_RATIO_AT_MOST, /* a cost: the smaller the better */
		BENCH_OURS_AT_LEAST,
		BENCH_OURS_AT_MOST, /* there is no bare side */
	} target_is;
};

/* Say it at once: a stage may take a while. A rate's ratio is ours / bare. */
void bench_report(struct bench *b, const struct bench_row *row);

/* @fallback unless --documents says otherwise. */
/* Was the stage called by its name, and not only run as one of all? */
bool bench_named(const struct bench *b, const char *name);

int64_t bench_documents(const struct bench *b, int64_t fallback);

double bench_median(const double *values, size_t n);
double bench_seconds(int64_t since); /* since that clock_ticks() */

/* A new folder under the run's; lives in @b's arena. */
const char *bench_folder(struct bench *b, const char *name, struct err *e);
void bench_remove(const char *folder);
int bench_write_file(const char *path, const struct buf *bytes, struct err *e);

/* The ledger's options for a ledger in @folder. */
struct ledger_options bench_ledger_options(const struct bench *b, const char *folder);

/* Whoever asked for a stage by name is told that it needs a broker; else 0. */
int bench_no_broker(const struct bench *b, struct err *e);
/* The exchange of this run, and what the names of its queues begin with. */
const char *bench_exchange(struct bench *b);

/* The stages. */
int bench_memory(struct bench *b, struct err *e);
int bench_parse(struct bench *b, struct err *e);
int bench_growth(struct bench *b, struct err *e);
int bench_ledger(struct bench *b, struct err *e);
int bench_embedded(struct bench *b, struct err *e);
int bench_amqp(struct bench *b, struct err *e);
int bench_sinks(struct bench *b, struct err *e);
int bench_http(struct bench *b, struct err *e);
int bench_latency(struct bench *b, struct err *e);
