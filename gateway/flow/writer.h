/*
 * The one thread that changes the ledger. It takes whatever has gathered while the last
 * commit ran (1 to 1,000 jobs or 8 MB, no timer), commits it as one transaction, and
 * only then hands each job back to its source to be settled (INV-1).
 *
 * A fault that room or time can mend (ERR_IO, ERR_UNAVAILABLE) makes it wait and try
 * the same batch again. Any other is somebody's event: the batch is tried one by one,
 * and the one at fault is set aside as `internal.fault` (INV-6). If even that cannot be
 * written the writer has failed, and nothing more is acknowledged.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "gateway/base/day.h"
#include "gateway/base/err.h"
#include "gateway/flow/job.h"
#include "gateway/flow/meter.h"
#include "gateway/flow/ring.h"
#include "gateway/ledger/ledger.h"

struct writer;

struct writer_options {
	struct ledger *ledger; /* the writer's alone until writer_free */
	struct ring *ring;     /* of struct job */
	struct meter *meter;   /* NULL: nobody counts */
	/* After each commit, before a source hears of it, and when the writer ends; on
	 * the writer's thread. @rows: there is something new to be told. */
	void (*committed)(void *context, bool rows);
	void *context;
	int retry_first_ms, retry_limit_ms; /* 0: 200, 5000 */
	int give_up_ms; /* trouble lasting longer is a failure; 0: never */
};

struct writer *writer_new(const struct writer_options *options, struct err *e);
void writer_free(struct writer *w);

/* The thread's body: runs until writer_stop and everything that came before it is done,
 * or until it fails. */
void writer_run(struct writer *w);

/* From any thread. */
void writer_stop(struct writer *w);    /* finish what there is, then end */
void writer_abandon(struct writer *w); /* end without waiting for a ledger in trouble */

/* INV-5: these outbox rows were confirmed; they leave with the next commit. */
void writer_told(struct writer *w, const int64_t *outbox_ids, size_t n);
/* What else the relays say, each for the next commit; texts are copied (ledger.h says
 * what each means). */
void writer_not_told(struct writer *w, const struct ledger_attempt *attempt);
void writer_dead(struct writer *w, int64_t outbox_id, msec_t at, const char *cause);
/* The ticket is what writer_wrote says once it is committed, or a higher one. */
uint64_t writer_sink_is(
	struct writer *w, const char *sink, const struct ledger_sink *now);
uint64_t writer_known_as(
	struct writer *w, const char *sink, const char *subject, const char *known_as);
uint64_t writer_wrote(struct writer *w);

/* S4: look for reminders due at @now, in a transaction of the writer's own. Any thread.
 */
void writer_remind(struct writer *w, msec_t now);

/* Did it fail, and how? */
bool writer_failed(struct writer *w, struct err *ret_e);
