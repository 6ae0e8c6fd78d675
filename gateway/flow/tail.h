/*
 * The end of the outbox, read once for all sinks: what was committed last, as the
 * events that go out, each with the rows that stand for it. With many sinks a relay
 * that read for itself would walk over the rows of all others. Whoever lies too far
 * behind reads the ledger itself until it has caught up.
 *
 * Safe from any thread.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/base/buf.h"
#include "gateway/base/err.h"
#include "gateway/ledger/ledger.h"

/* An event on its way to any number of sinks. */
struct letter {
	const char *event_id, *name, *subject, *key, *traceparent; /* NULL: none */
	struct slice body;
};

struct tail_event;

/* One row of one sink. */
struct tail_row {
	int64_t id;
	const struct letter *letter;
	struct tail_event *event; /* given back with tail_give_back */
};

struct tail;

/* It holds @bytes at most; 0: 16 MB. */
struct tail *tail_new(const struct ledger_options *ledger, size_t bytes);
void tail_free(struct tail *t); /* when nothing of it is out any more */

/* There is something new in the outbox. */
void tail_stir(struct tail *t);

/* Where a relay stands. */
struct tail_place {
	uint64_t position; /* of the next event; 0: not in the tail yet */
	int64_t row;       /* all rows of its sink up to this one it has */
};

enum tail_result {
	TAIL_OK,
	TAIL_BEHIND, /* it does not reach back so far: read the ledger */
	TAIL_FAULT
};

/*
 * The rows of @sink from @place on, @limit at most, into @ret_rows; *@ret_n says how
 * many, and @place moves on. @elsewhere: other processes' commits are to be looked for
 * too. *@ret_again is the last row of all that was put back into the outbox; those come
 * from the ledger, whoever asks.
 */
enum tail_result tail_take(struct tail *t, int64_t sink, struct tail_place *place,
	int limit, bool elsewhere, struct tail_row *ret_rows, int *ret_n,
	int64_t *ret_again, struct err *e);
void tail_give_back(struct tail *t, const struct tail_row *rows, int n);

/* The position behind its last event: who reads the ledger to its end after asking goes
 * on from there. */
uint64_t tail_end(struct tail *t);
