/* What the relay's own files share; nobody else includes this. */
#pragma once

#include <stdatomic.h>

#include "gateway/base/buf.h"
#include "gateway/flow/backoff.h"
#include "gateway/flow/breaker.h"
#include "gateway/flow/learned.h"
#include "gateway/flow/parcels.h"
#include "gateway/flow/relay.h"

enum {
	RELAY_TOLD = 256,
	RELAY_NEVER = -1,
	RELAY_ELSEWHERE_MS =
		1000, /* how often other processes' commits are looked for */
};

struct relay {
	struct relay_options options;
	struct delivery_policy delivery;
	struct bell bell;
	struct ledger_view *view; /* NULL: not open */
	void *sink;               /* NULL: not open */

	struct parcels *parcels;
	struct learned *learned;
	int64_t sink_id;         /* the ledger's; 0: none yet */
	struct tail_place place; /* how far it has read */
	int64_t again;           /* the last row that was put back and fetched … */
	int64_t put_back;        /* … and that there is, for any sink */
	bool fetching;           /* such rows, which stand outside the order */
	struct parcel *sending;  /* whose row is being read */
	bool found;              /* it was there */
	int met;                 /* new rows of this read */
	int put_off;             /* times in a row, of whatever events */
	bool look, more; /* there may be new rows; the last read stopped at its limit */
	int64_t looked;  /* ticks of the last look for others' commits */
	int64_t due;     /* ticks: something that waits may go */
	int quiet;       /* collects in a row without news */
	bool taught;     /* the receiver may have names of its own for our subjects */
	int64_t told[RELAY_TOLD];
	size_t told_n;

	struct backoff backoff;
	struct breaker breaker;
	int64_t open_at;     /* ticks: not to be opened before */
	int64_t stuck_since; /* ticks: something is put off and nothing went; 0: no */
	uint64_t seed;
	enum ledger_sink_state state;
	msec_t state_since;
	uint64_t state_ticket;   /* of the writer, for its last change */
	bool state_read;         /* what an earlier life left in the ledger is known */
	char cause[SINK_REASON]; /* of the last dead letter that was warned of */
	bool failed;
	struct err error;
	struct buf body, key;
	struct err fault; /* of the walk */
	atomic_bool abandoned, ended, stirred;
	atomic_int patience_ms; /* RELAY_NEVER: do not end */
};

/* relay_read.c: from the outbox to the sink. Those that wait and may go, oldest first;
 * and what is new, as far as there is room. */
int relay_send_waiting(struct relay *r, struct err *e);
int relay_read_new(struct relay *r, struct err *e);

/* relay_news.c: what became of those handed over. */
void relay_take_report(struct relay *r, const struct sink_report *report);

/* relay_health.c: how the sink fares, for the log and the ledger. */
void relay_faulted(struct relay *r, const struct err *e);
void relay_worked(struct relay *r);
/* An event was put off; @least_ms: the receiver's own word, 0 for none. */
void relay_put_off(
	struct relay *r, struct parcel *parcel, const char *reason, int least_ms);
void relay_stop(struct relay *r, const char *reason);
/* What an earlier life, or the command line, says of the sink. */
int relay_read_state(struct relay *r, struct err *e);

/* relay.c */
void relay_drop(struct relay *r);
msec_t relay_now(const struct relay *r);
