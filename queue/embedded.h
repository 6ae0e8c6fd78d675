/*
 * The embedded queue's inside: the file (embedded_file.c), publishing (embedded.c) and
 * taking (embedded_take.c).
 *
 * E-1 A message is stored once, before queue_confirm() covers it, with one delivery row
 *     for each queue it goes to; it leaves with its last delivery.
 * E-2 A queue is taken from in the order of its delivery positions. Positions come from
 *     one counter, which never goes back, so a position is never used twice.
 * E-3 What was taken is known to the taker's memory alone: when it dies everything that
 *     is still stored waits again. One taker a queue: a lock on byte (queue id) of the
 *     file PATH-lock, which the kernel drops with its holder.
 * E-4 queue.taken is the highest position that ever was handed to a taker: what is
 * found again at or below it is redelivered. E-5 Publishing is synced to the disk.
 * Acknowledging is not: power loss may bring a message again, never lose one.
 */
#pragma once

#include <stdint.h>

#include "gateway/base/arena.h"
#include "gateway/base/day.h"
#include "queue/backend.h"
#include "queue/takings.h"
#include "queue/topic.h"

enum embedded_statement {
	ST_BEGIN,
	ST_COMMIT,
	ST_ROLLBACK,
	ST_COUNTER,
	ST_COUNTER_SET,
	ST_BINDINGS,
	ST_QUEUE_FIND,
	ST_QUEUE_ADD,
	ST_BIND,
	ST_BINDINGS_CHANGED,
	ST_MESSAGE_ADD,
	ST_MESSAGE_GET,
	ST_MESSAGE_DROP,
	ST_DELIVERY_ADD,
	ST_DELIVERY_LIST,
	ST_DELIVERY_DROP,
	ST_DELIVERY_COUNT,
	ST_SHARE_ADD,
	ST_SHARE_LESS,
	ST_SHARE_DROP,
	ST_TAKEN,
	ST_N,
};

/* A message handed over and not yet committed; it lives in embedded.arena. */
struct pending {
	struct queue_message m;
	int64_t queue; /* 0: by its key */
};

struct embedded {
	struct queue queue;
	char *path;
	struct sqlite3 *db;
	struct sqlite3_stmt *statements[ST_N];
	int lock_fd;
	bool sync_full;
	int64_t wait_until; /* clock_ticks() when a busy file is given up */

	struct arena arena; /* the pending ones' texts and bodies */
	LIST_OF(struct pending) pending;
	uint64_t confirmed;
	struct routes routes;
	int64_t routes_version; /* of the file, when `routes` was read */

	int64_t taking_from, taking_dead; /* queue ids; dead 0: none */
	size_t prefetch;
	int64_t cursor;               /* the last position read */
	int64_t taken_before, handed; /* E-4: at the start; the highest given out */
	struct takings ahead, again;  /* read; given back */
	struct takings held;          /* handed out, by tag */
	size_t held_n;                /* of them not done */
	struct arena current;         /* the message handed out last */
};

/* embedded_file.c */
int embedded_file_open(struct embedded *m, struct err *e);
void embedded_file_close(struct embedded *m);
int embedded_fault(struct embedded *m, struct err *e); /* the last SQLite error */

/* A statement ready to bind; the same one is not in use elsewhere. */
struct sqlite3_stmt *embedded_use(struct embedded *m, enum embedded_statement which);
/* Run it, reset it. 0 or -1. */
int embedded_run(struct embedded *m, enum embedded_statement which, struct err *e);
/* Run it for one row: 1 with the row (reset it after), 0 without, -1. */
int embedded_row(struct embedded *m, enum embedded_statement which, struct err *e);

/* A write transaction; @safe waits for the disk at its end. */
int embedded_begin(struct embedded *m, bool safe, struct err *e);
int embedded_commit(struct embedded *m, struct err *e);
void embedded_rollback(struct embedded *m);

/* Its id, and its dead-letter queue's if asked. ERR_CONFIG if there is none. */
int embedded_find(struct embedded *m, const char *name, int64_t *ret_id,
	int64_t *ret_dead, struct err *e);

/* E-3: 1 we hold it now, 0 somebody else does, -1. Only ask with @take false. */
int embedded_lock(struct embedded *m, int64_t queue, bool take, struct err *e);

/* Take the next number of the counter, or @n of them; the first is returned. */
int embedded_count(struct embedded *m, int64_t n, int64_t *ret_first, struct err *e);

/* embedded_take.c */
int embedded_consume(struct queue *q, const char *name, int prefetch, struct err *e);
enum queue_next_result embedded_next(struct queue *q, int timeout_ms,
	struct queue_delivery *ret_delivery, struct err *e);
int embedded_ack(struct queue *q, uint64_t tag, bool up_to, struct err *e);
int embedded_reject(struct queue *q, uint64_t tag, const char *reason, struct err *e);
int embedded_requeue(struct queue *q, uint64_t tag, struct err *e);
int embedded_depth(
	struct queue *q, const char *name, uint64_t *ret_count, struct err *e);
void embedded_take_close(struct embedded *m);
