/*
 * The end of the outbox, read once for all sinks: what was committed last, as the
 * events that go out, each with the rows that stand for it. With many sinks a relay
 * that read for itself would walk over the rows of all others. Whoever lies too far
 * behind reads the ledger itself until it has caught up.
 *
 * Safe from any thread.
 */
#pragma once

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

enum tail_result {
	TAIL_OK,
	TAIL_BEHIND, /* it does not reach back to @after: read the ledger */
	TAIL_FAULT
};

/*
 * The rows of @sink behind @after, @limit at most, into @ret_rows; *@ret_n says how
 * many. *@ret_after is where to go on. Of an earlier read of the ledger @elsewhere says
 * that other processes' commits are to be looked for too.
 */
enum tail_result tail_take(struct tail *t, int64_t sink, int64_t after, int limit,
	bool elsewhere, struct tail_row *ret_rows, int *ret_n, int64_t *ret_after,
	struct err *e);
void tail_give_back(struct tail *t, const struct tail_row *rows, int n);

/* Up to which row it reaches. Who reads the ledger after asking has seen all up to
 * there. */
int64_t tail_end(struct tail *t);
