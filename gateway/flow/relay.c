#include "gateway/flow/relay.h"

#include <stdlib.h>
#include <string.h>

#include "gateway/base/mem.h"
#include "gateway/base/text.h"
#include "gateway/flow/cloudevent.h"
#include "gateway/flow/relay_parts.h"

enum {
	WINDOW = 2000,
	READ_ROWS = 500, /* at a time, so that confirmations are seen in between */
	CONFIRM_MS = 2,  /* also how late a new row may be while others are out … */
	QUIET_MS = 50,   /* … which the receiver is slow to answer */
	CATCH_UP_MS = 0, /* more rows are waiting: only look */
	ELSEWHERE_MS = 1000, /* how often other processes' commits are looked for */
	FAULT_LIMIT_MS = 30000,
};

/* No pause is longer than @limit_ms. */
static void limit_pauses(struct delivery_policy *d, int limit_ms)
{
	int *pauses[] = {&d->retry_first_ms, &d->retry_limit_ms, &d->suspend_first_ms,
		&d->suspend_limit_ms};

	for (size_t i = 0; i < sizeof(pauses) / sizeof(pauses[0]); i++)
		if (*pauses[i] > limit_ms)
			*pauses[i] = limit_ms;
}

static int window_of(const struct relay_options *o)
{
	return o->window              ? o->window
	       : o->sink->ops->window ? o->sink->ops->window
				      : WINDOW;
}

struct relay *relay_new(const struct relay_options *options, struct err *e)
{
	struct relay *r = mem_alloc(sizeof(*r));
	const struct flow_sink *sink = options->sink;

	r->options = *options;
	r->options.window = window_of(options);
	r->delivery = sink->delivery ? *sink->delivery : delivery_policy_default;
	if (options->retry_limit_ms)
		limit_pauses(&r->delivery, options->retry_limit_ms);
	r->backoff.first_ms = r->delivery.retry_first_ms;
	r->backoff.limit_ms = r->delivery.retry_limit_ms < FAULT_LIMIT_MS
				      ? r->delivery.retry_limit_ms
				      : FAULT_LIMIT_MS;
	/* Relays that fail together do not come back together. */
	r->seed = r->backoff.seed = r->breaker.seed =
		text_hash(TEXT_HASH_SEED, sink->name, strlen(sink->name));
	r->look = true;
	/* Who keeps order is a queue or a folder and calls nothing by another name. */
	r->taught = !sink->ops->ordered;
	r->state_since = MSEC_NONE;
	atomic_store(&r->patience_ms, RELAY_NEVER);
	if (bell_init(&r->bell, e) < 0) {
		free(r);
		return NULL;
	}
	r->parcels = parcels_new(r->options.window, sink->ops->ordered);
	r->learned = learned_new();
	return r;
}

void relay_free(struct relay *r)
{
	if (!r)
		return;
	buf_deinit(&r->body);
	buf_deinit(&r->key);
	bell_deinit(&r->bell);
	parcels_free(r->parcels);
	learned_free(r->learned);
	free(r);
}

void relay_wake(struct relay *r)
{
	/* Whoever has not heard the last ring need not be rung for again. */
	if (!atomic_exchange(&r->stirred, true))
		bell_ring(&r->bell);
}

void relay_drain(struct relay *r, int patience_ms)
{
	atomic_store(&r->patience_ms, patience_ms);
	atomic_store(&r->stirred, true);
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

msec_t relay_now(const struct relay *r)
{
	return r->options.now(r->options.now_context);
}

/* What was under way is sent again by the next opening, with the same event ids. */
void relay_drop(struct relay *r)
{
	if (r->sink)
		r->options.sink->ops->close(r->sink);
	r->sink = NULL;
	ledger_view_close(r->view);
	r->view = NULL;
	parcels_ground(r->parcels);
	r->look = true;
	r->quiet = 0;
}

static int open_view(struct relay *r, struct err *e)
{
	if (!r->view && ledger_view_open(r->options.ledger, &r->view, e) < 0)
		return -1;
	return r->state_read ? 0 : relay_read_state(r, e);
}

/* ---- Handing over. */

/* So many events may be under way now. */
static int limit_now(struct relay *r)
{
	if (learned_count(r->learned) >= LEARNED_MAX)
		return 0;
	return breaker_room(&r->breaker, clock_ticks(), r->options.window);
}

/* Hand the parcel over as @letter. */
static int send_letter(struct relay *r, struct parcel *parcel,
	const struct letter *letter, const char *known_as)
{
	const char *fresh =
		learned_find(r->learned, letter->subject ? letter->subject : "");
	uint64_t number;
	struct sink_event event = {
		.id = letter->event_id,
		.name = letter->name,
		.subject = letter->subject,
		.key = letter->key,
		.traceparent = letter->traceparent,
		.known_as = fresh ? fresh : known_as,
		.body = letter->body,
	};

	parcel->known_as = event.known_as ? text_hash(TEXT_HASH_SEED, event.known_as,
						    strlen(event.known_as))
					  : 0;
	if (r->options.sink->ops->send(r->sink, &event, &number, &r->fault) < 0)
		return -1;
	parcels_sent(r->parcels, parcel, number);
	return 0;
}

/* The row of the parcel that is being sent. */
static int send_row(void *context, const struct outbox_row *row)
{
	struct relay *r = context;

	r->found = true;
	buf_reset(&r->body);
	buf_reset(&r->key);
	cloudevent_write(&r->body, r->options.ledger->site, row);
	cloudevent_write_key(&r->key, row);
	struct letter letter = {
		.event_id = row->event_id,
		.name = row->name,
		.subject = row->subject,
		.key = buf_text(&r->key),
		.traceparent = row->traceparent,
		.body = {buf_text(&r->body), r->body.n},
	};

	return send_letter(r, r->sending, &letter, row->known_as);
}

/* A row put off in an earlier life is not due before its time, but a clock that was
 * set back holds it up no longer than a receiver could. */
static int64_t due_of(const struct relay *r, const struct outbox_row *row)
{
	msec_t left = row->next_attempt_at == MSEC_NONE
			      ? 0
			      : row->next_attempt_at - relay_now(r);

	if (left > r->delivery.retry_after_limit_ms)
		left = r->delivery.retry_after_limit_ms;
	return left > 0 ? clock_ticks() + left * 1000000 : 0;
}

static int meet_row(void *context, const struct outbox_row *row)
{
	struct relay *r = context;
	struct parcel *parcel = parcels_add(r->parcels, row->id, row->subject);

	r->after = row->id;
	r->met++;
	parcel->first_attempt_at = row->first_attempt_at;
	if (row->attempts)
		parcels_recall(parcel, row->attempts, due_of(r, row));
	if (!parcels_may_go(r->parcels, parcel, clock_ticks()) ||
		!parcels_can_send(r->parcels, limit_now(r)))
		return 0;
	r->sending = parcel;
	return send_row(r, row);
}

/* A walk's own fault, or that of the sink in it. */
static int walked(struct relay *r, int result, struct err *e)
{
	if (r->fault.code)
		*e = r->fault;
	return r->fault.code ? -1 : result;
}

/* Those that wait and may go, oldest first. */
static int send_waiting(struct relay *r, struct err *e)
{
	struct parcel *last = NULL, *at;
	int64_t now = clock_ticks();

	r->due = INT64_MAX;
	while (parcels_count(r->parcels) > parcels_flying(r->parcels) &&
		parcels_can_send(r->parcels, limit_now(r))) {
		at = parcels_next(r->parcels, last, now, &r->due);
		if (!at)
			break;
		r->sending = at;
		r->found = false;
		r->fault = (struct err){0};
		if (walked(r, ledger_view_outbox_row(r->view, at->row, send_row, r, e),
			    e) < 0)
			return -1;
		last = r->found ? at : at->before;
		if (!r->found)
			parcels_remove(r->parcels, at);
	}
	return 0;
}

/* How many new rows there is room for. */
static int room(struct relay *r)
{
	int flights = limit_now(r) - parcels_flying(r->parcels);
	int least = parcels_room(r->parcels);

	least = flights < least ? flights : least;
	return least < READ_ROWS ? least : READ_ROWS;
}

/* Is it worth looking for new rows? *@ret_elsewhere: only because of others' commits,
 * which nobody tells of. */
static bool is_time_to_look(struct relay *r, bool *ret_elsewhere)
{
	int64_t now = clock_ticks();

	r->look |= atomic_exchange(&r->stirred, false);
	*ret_elsewhere = now - r->looked >= (int64_t)ELSEWHERE_MS * 1000000;
	if (*ret_elsewhere)
		r->looked = now;
	return r->look || *ret_elsewhere;
}

/* From the ledger itself. */
static int read_ledger(struct relay *r, int limit, struct err *e)
{
	/* Asked first: what is committed during the read is read the next time. */
	int64_t end = r->options.tail ? tail_end(r->options.tail) : 0;

	r->met = 0;
	r->fault = (struct err){0};
	if (walked(r,
		    ledger_view_outbox(r->view, r->options.sink->name, r->after, limit,
			    meet_row, r, e),
		    e) < 0)
		return -1;
	r->more = r->look = r->met == limit;
	if (!r->more && r->after < end)
		r->after = end;
	return 0;
}

static int meet_letter(struct relay *r, const struct tail_row *row, struct err *e)
{
	const struct letter *letter = row->letter;
	struct parcel *parcel = parcels_add(r->parcels, row->id, letter->subject);
	const char *known_as = NULL;

	if (!parcels_may_go(r->parcels, parcel, clock_ticks()) ||
		!parcels_can_send(r->parcels, limit_now(r)))
		return 0;
	if (r->taught && letter->subject &&
		ledger_view_known_as(
			r->view, r->sink_id, letter->subject, &known_as, e) < 0)
		return -1;
	r->fault = (struct err){0};
	return walked(r, send_letter(r, parcel, letter, known_as), e);
}

/* What was read for all sinks. */
static int read_tail(struct relay *r, int limit, bool elsewhere, struct err *e)
{
	struct tail_row rows[READ_ROWS];
	int n, result = 0;

	switch (tail_take(r->options.tail, r->sink_id, r->after, limit, elsewhere, rows,
		&n, &r->after, e)) {
	case TAIL_FAULT:
		return -1;
	case TAIL_BEHIND:
		return read_ledger(r, limit, e);
	case TAIL_OK:
		break;
	}
	r->more = r->look = n == limit;
	/* After a fault those behind wait with the others. */
	for (int i = 0; i < n; i++) {
		if (result == 0)
			result = meet_letter(r, &rows[i], e);
		else
			parcels_add(r->parcels, rows[i].id, rows[i].letter->subject);
	}
	tail_give_back(r->options.tail, rows, n);
	return result;
}

static int read_new(struct relay *r, struct err *e)
{
	int limit = room(r);
	bool elsewhere;

	r->more = false;
	if (limit <= 0 || !parcels_can_send(r->parcels, limit_now(r)) ||
		!is_time_to_look(r, &elsewhere))
		return 0;
	if (r->options.tail && r->sink_id)
		return read_tail(r, limit, elsewhere, e);
	return read_ledger(r, limit, e);
}

static int collect(struct relay *r, int timeout_ms, struct err *e)
{
	struct sink_report report = {0};
	int before = parcels_flying(r->parcels);

	if (r->options.sink->ops->collect(r->sink, timeout_ms, &report, e) < 0)
		return -1;
	relay_take_report(r, &report);
	r->quiet = parcels_flying(r->parcels) < before ? 0 : r->quiet + 1;
	return 0;
}

/* ---- Turns. */

static int ms_until(int64_t ticks, int limit_ms)
{
	int64_t now = clock_ticks();

	if (ticks <= now)
		return 0;
	return (ticks - now) / 1000000 < limit_ms ? (int)((ticks - now) / 1000000) + 1
						  : limit_ms;
}

/* When something put off, or a suspended sink, has its next chance. */
static int64_t next_chance(const struct relay *r)
{
	if (r->breaker.state == BREAKER_OPEN)
		return r->breaker.until;
	return r->due;
}

static bool ends(const struct relay *r)
{
	return atomic_load(&r->patience_ms) != RELAY_NEVER;
}

/* Nothing is under way, something waits and cannot go: is that worth waiting for? */
static bool gives_up(struct relay *r)
{
	int64_t patience = (int64_t)atomic_load(&r->patience_ms) * 1000000;

	if (!ends(r))
		return false;
	if (!r->stuck_since)
		r->stuck_since = clock_ticks();
	r->failed = next_chance(r) > r->stuck_since + patience ||
		    clock_ticks() >= r->stuck_since + patience;
	if (r->failed && !r->error.code)
		err_set(&r->error, ERR_UNAVAILABLE, "events are put off");
	return r->failed;
}

/* Nothing is under way. True when the relay is done. */
static bool idle(struct relay *r)
{
	bool waits = parcels_count(r->parcels) > 0 || r->look;

	if (!waits && ends(r) && !atomic_load(&r->stirred))
		return true;
	if (waits && gives_up(r))
		return true;
	bell_wait(&r->bell, -1,
		waits ? ms_until(next_chance(r), ELSEWHERE_MS) : ELSEWHERE_MS);
	return false;
}

/* How long to wait for confirmations: the longer, the longer none came. */
static int patience_of(const struct relay *r)
{
	int quiet_ms = CONFIRM_MS << (r->quiet < 5 ? r->quiet : 5);

	if (r->more)
		return CATCH_UP_MS;
	return ms_until(r->due, quiet_ms < QUIET_MS ? quiet_ms : QUIET_MS);
}

/* One turn with an open sink. True when the relay is done. */
static bool turn(struct relay *r)
{
	struct err e = {0};

	if (learned_count(r->learned))
		learned_forget(r->learned, writer_wrote(r->options.writer));
	int result = send_waiting(r, &e);

	if (result == 0)
		result = read_new(r, &e);
	if (result == 0 && parcels_flying(r->parcels))
		result = collect(r, patience_of(r), &e);
	else if (result == 0 && !r->more)
		return idle(r);
	if (result < 0)
		relay_faulted(r, &e);
	else if (r->state == LEDGER_SINK_STOPPED)
		relay_drop(r);
	return false;
}

/* One turn while the sink is away. True when the relay is done. */
static bool turn_away(struct relay *r)
{
	struct err e = {0};
	int patience_ms = atomic_load(&r->patience_ms);

	if (ends(r) && r->backoff.pause_ms &&
		backoff_trouble_ms(&r->backoff) >= patience_ms) {
		r->failed = true;
		return true;
	}
	if (r->open_at > clock_ticks()) {
		bell_wait(&r->bell, -1,
			ms_until(r->open_at,
				ends(r) ? patience_ms + 1 : FAULT_LIMIT_MS));
		return false;
	}
	breaker_room(&r->breaker, clock_ticks(), r->options.window);
	if (open_view(r, &e) < 0)
		relay_faulted(r, &e);
	else if (r->state != LEDGER_SINK_STOPPED &&
		 r->options.sink->ops->open(r->options.sink->options, &r->sink, &e) < 0)
		relay_faulted(r, &e);
	return false;
}

/* One turn of a sink whose receiver wants nothing: until somebody resumes it. */
static bool turn_stopped(struct relay *r)
{
	struct err e;

	if (ends(r))
		return true;
	bell_wait(&r->bell, -1, ELSEWHERE_MS);
	/* Our own word comes first. Whatever is wrong with the ledger, the next turn
	 * asks again. */
	if (writer_wrote(r->options.writer) < r->state_ticket)
		return false;
	if (open_view(r, &e) < 0 || relay_read_state(r, &e) < 0) {
		ledger_view_close(r->view);
		r->view = NULL;
	}
	return false;
}

void relay_run(struct relay *r)
{
	bool done = false;

	while (!done && !atomic_load(&r->abandoned))
		done = r->state == LEDGER_SINK_STOPPED ? turn_stopped(r)
		       : r->sink                       ? turn(r)
						       : turn_away(r);
	relay_drop(r);
	atomic_store(&r->ended, true);
	bell_ring(r->options.parent);
}
