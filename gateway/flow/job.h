/*
 * A job: one document on its way through the writer and back to the source that gave
 * it. A mailbox is where a source finds its jobs again once they are committed.
 */
#pragma once

#include <pthread.h>
#include <stdint.h>

#include "adapters/adapter.h"
#include "gateway/flow/bell.h"
#include "gateway/flow/intake.h"
#include "gateway/flow/meter.h"

struct mailbox;
struct bundle;

struct job {
	struct intake_item item;
	struct mailbox *back;
	uint64_t handle;            /* the delivery's */
	unsigned life;              /* which opening of the source gave it */
	const char *cursor;         /* the delivery's, in item.arena; NULL: none */
	struct bundle *bundle;      /* of a delivery of several documents, else NULL */
	struct meter_source *meter; /* of its source; NULL: nobody counts */
	enum outcome outcome;       /* by the writer, as the next one */
	struct settled settled;     /* its texts live in item.arena */
	struct job *next;
};

struct job *job_new(void);
void job_free(struct job *job);

struct mailbox {
	pthread_mutex_t lock;
	struct job *first, **last;
	struct bell bell; /* rings when something comes, or when anybody rings it */
};

int mailbox_init(struct mailbox *m, struct err *e);
void mailbox_deinit(struct mailbox *m); /* frees what is still in it */

/* The chain of @job and its next ones is the mailbox's now. */
void mailbox_put(struct mailbox *m, struct job *job);

/* All that is there, oldest first, chained by next; NULL for nothing. */
struct job *mailbox_take(struct mailbox *m);
