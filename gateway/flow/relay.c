#include "gateway/flow/relay.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/base/log.h"
#include "gateway/base/mem.h"
#include "gateway/flow/backoff.h"
#include "gateway/flow/cloudevent.h"

enum {
	WINDOW = 2000,
	READ_ROWS = 500,     /* at a time, so that confirmations are seen in between */
	CONFIRM_MS = 2,      /* also how late a new row may be while others are out */
	CATCH_UP_MS = 0,     /* more rows are waiting: only look */
	ELSEWHERE_MS = 1000, /* how often other processes' commits are looked for */
	NEVER = -1,
};

struct relay {
	struct relay_options options;
	struct bell bell;
	struct ledger_view *view; /* NULL: not open */
	void *sink;               /* NULL: not open */

	int64_t after;            /* the last row handed over */
	int64_t *out;             /* row of number n at n % window */
	uint64_t sent, confirmed; /* numbers of the opened sink */
	bool more;                /* the last read stopped at its limit */
	int64_t version; /* of the ledger at the last read that found the end */
	bool known;      /* version says something */

	struct backoff backoff;
	int64_t open_at; /* ticks: not to be opened before */
	bool failed;
	struct err error;
	struct buf body, key;
	struct err fault; /* of the walk */
	atomic_bool abandoned, ended;
	atomic_int patience_ms; /* NEVER: do not end */
};

struct relay *relay_new(const struct relay_options *options, struct err *e)
{
	struct relay *r = mem_alloc(sizeof(*r));

	r->options = *options;
	if (!r->options.window)
		r->options.window = WINDOW;
	r->backoff.first_ms = options->retry_first_ms ? options->retry_first_ms : 500;
	r->backoff.limit_ms = options->retry_limit_ms ? options->retry_limit_ms : 30000;
	atomic_store(&r->patience_ms, NEVER);
	if (bell_init(&r->bell, e) < 0) {
		free(r);
		return NULL;
	}
	r->out = mem_alloc((size_t)r->options.window * sizeof(*r->out));
	return r;
}

void relay_free(struct relay *r)
{
	if (!r)
		return;
	buf_deinit(&r->body);
	buf_deinit(&r->key);
	bell_deinit(&r->bell);
	free(r->out);
	free(r);
}

void relay_wake(struct relay *r)
{
	bell_ring(&r->bell);
}

void relay_drain(struct relay *r, int patience_ms)
{
	atomic_store(&r->patience_ms, patience_ms);
	bell_ring(&r->bell);
}

void relay_abandon(struct relay *r)
{
	atomic_store(&r->abandoned, true);
	bell_ring(&r->bell);
}

bool relay_has_ended(struct relay *r)
{
	return atomic_load(&r->ended);
}

bool relay_failed(struct relay *r, struct err *ret_e)
{
	if (r->failed)
		*ret_e = r->error;
	return r->failed;
}

static int64_t *out_at(struct relay *r, uint64_t number)
{
	return &r->out[number % (uint64_t)r->options.window];
}

static void drop(struct relay *r)
{
	if (r->sink)
		r->options.sink->ops->close(r->sink);
	r->sink = NULL;
	ledger_view_close(r->view);
	r->view = NULL;
	/* Start again from the lowest row that was not confirmed. */
	if (r->confirmed < r->sent)
		r->after = *out_at(r, r->confirmed + 1) - 1;
	r->sent = r->confirmed = 0;
	r->known = false;
}

static void trouble(struct relay *r, const struct err *e)
{
	bool first;

	drop(r);
	r->error = *e;
	int pause_ms = backoff_failed(&r->backoff, &first);

	meter_sink_works(r->options.meter, false);
	r->open_at = clock_ticks() + (int64_t)pause_ms * 1000000;
	if (first)
		log_event(LOG_LEVEL_WARNING, "sink-unavailable", "adapter",
			r->options.sink->name, "reason", e->text, NULL);
}

static void works(struct relay *r)
{
	meter_sink_works(r->options.meter, true);
	if (backoff_worked(&r->backoff))
		log_event(LOG_LEVEL_INFO, "sink-available", "adapter",
			r->options.sink->name, NULL);
}

static int open_both(struct relay *r, struct err *e)
{
	const struct flow_sink *sink = r->options.sink;

	if (ledger_view_open(r->options.ledger, &r->view, e) < 0)
		return -1;
	return sink->ops->open(sink->options, &r->sink, e);
}

static int send_row(void *context, const struct outbox_row *row)
{
	struct relay *r = context;
	uint64_t number;

	buf_reset(&r->body);
	buf_reset(&r->key);
	cloudevent_write(&r->body, r->options.ledger->site, row);
	cloudevent_write_key(&r->key, row);
	struct sink_event event = {
		.id = row->event_id,
		.key = buf_text(&r->key),
		.traceparent = row->traceparent,
		.body = {buf_text(&r->body), r->body.n},
	};

	if (r->options.sink->ops->send(r->sink, &event, &number, &r->fault) < 0)
		return -1;
	*out_at(r, number) = row->id;
	r->sent = number;
	r->after = row->id;
	return 0;
}

static size_t room(const struct relay *r)
{
	return (size_t)r->options.window - (size_t)(r->sent - r->confirmed);
}

/* Hand over what is new, as far as there is room. */
static int hand_over(struct relay *r, struct err *e)
{
	int64_t version;
	size_t limit = room(r) < READ_ROWS ? room(r) : READ_ROWS;
	uint64_t before = r->sent;

	if (!limit)
		return 0;
	/* Asked first: a commit during the read is seen the next time. */
	if (ledger_view_version(r->view, &version, e) < 0)
		return -1;
	if (r->known && version == r->version)
		return 0;
	r->fault = (struct err){0};
	int result = ledger_view_outbox(
		r->view, r->options.sink->name, r->after, (int)limit, send_row, r, e);

	if (r->fault.code) {
		if (e)
			*e = r->fault;
		return -1;
	}
	if (result < 0)
		return -1;
	r->more = r->sent - before == limit;
	r->known = !r->more;
	r->version = version;
	return 0;
}

static void pass_on(struct relay *r, uint64_t upto)
{
	int64_t ids[256];
	size_t n = 0;

	while (r->confirmed < upto && r->confirmed < r->sent) {
		ids[n++] = *out_at(r, ++r->confirmed);
		if (n == sizeof(ids) / sizeof(*ids) || r->confirmed == upto ||
			r->confirmed == r->sent) {
			writer_told(r->options.writer, ids, n);
			n = 0;
		}
	}
}

/* See what became of those handed over. A refusal is the row's and is kept with it. */
static int collect(struct relay *r, int timeout_ms, struct err *e)
{
	struct sink_report report = {.upto = r->confirmed};
	uint64_t before = r->confirmed;

	if (r->options.sink->ops->collect(r->sink, timeout_ms, &report, e) < 0)
		return -1;
	pass_on(r, report.upto);
	if (r->confirmed > before)
		works(r);
	if (report.verdict == SINK_DELIVERED)
		return 0;
	if (report.number > r->confirmed && report.number <= r->sent)
		writer_not_told(r->options.writer, *out_at(r, report.number),
			r->options.now(r->options.now_context), report.reason);
	return err_set(e, ERR_UNAVAILABLE, "%s: %s",
		report.verdict == SINK_REJECTED ? "rejected" : "deferred",
		report.reason);
}

/* Is all told that there is, and may the relay end? */
static bool is_drained(struct relay *r)
{
	return atomic_load(&r->patience_ms) != NEVER && r->known &&
	       r->sent == r->confirmed;
}

/* One turn with an open sink. True when the relay is done. */
static bool turn(struct relay *r)
{
	struct err e = {0};
	int result = hand_over(r, &e);

	if (result == 0 && r->sent > r->confirmed) {
		bool full = !room(r);

		result = collect(r, r->more && !full ? CATCH_UP_MS : CONFIRM_MS, &e);
	} else if (result == 0 && !r->more) {
		if (is_drained(r))
			return true;
		bell_wait(&r->bell, -1, ELSEWHERE_MS);
	}
	if (result < 0)
		trouble(r, &e);
	return false;
}

/* One turn while the sink is away. True when the relay is done. */
static bool turn_away(struct relay *r)
{
	struct err e = {0};
	int64_t left_ms = (r->open_at - clock_ticks()) / 1000000;
	int patience_ms = atomic_load(&r->patience_ms);

	if (patience_ms != NEVER && r->backoff.pause_ms &&
		backoff_trouble_ms(&r->backoff) >= patience_ms) {
		r->failed = true;
		return true;
	}
	if (left_ms > 0) {
		if (patience_ms != NEVER && patience_ms < left_ms)
			left_ms = patience_ms + 1;
		bell_wait(&r->bell, -1, (int)left_ms);
		return false;
	}
	if (open_both(r, &e) < 0)
		trouble(r, &e);
	return false;
}

void relay_run(struct relay *r)
{
	bool done = false;

	while (!done && !atomic_load(&r->abandoned))
		done = r->sink ? turn(r) : turn_away(r);
	drop(r);
	atomic_store(&r->ended, true);
	bell_ring(r->options.parent);
}
