#include "gateway/flow/relay.h"

#include <stdlib.h>
#include <string.h>

#include "gateway/base/mem.h"
#include "gateway/base/text.h"
#include "gateway/flow/relay_parts.h"

enum {
	WINDOW = 2000,
	READ_ROWS = 500, /* at a time, so that confirmations are seen in between */
	CONFIRM_MS = 2,  /* also how late a new row may be while others are out … */
	QUIET_MS = 50,   /* … which the receiver is slow to answer */
	CATCH_UP_MS = 0, /* more rows are waiting: only look */
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

/* A sink that is stopped stays closed. */
static int open_both(struct relay *r, struct err *e)
{
	const struct flow_sink *sink = r->options.sink;

	if (open_view(r, e) < 0)
		return -1;
	return r->state == LEDGER_SINK_STOPPED
		       ? 0
		       : sink->ops->open(sink->options, &r->sink, e);
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
		waits ? ms_until(next_chance(r), RELAY_ELSEWHERE_MS)
		      : RELAY_ELSEWHERE_MS);
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
	int result = relay_send_waiting(r, &e);

	if (result == 0)
		result = relay_read_new(r, &e);
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
	if (open_both(r, &e) < 0)
		relay_faulted(r, &e);
	return false;
}

/* One turn of a sink whose receiver wants nothing: until somebody resumes it. */
static bool turn_stopped(struct relay *r)
{
	struct err e;

	if (ends(r))
		return true;
	bell_wait(&r->bell, -1, RELAY_ELSEWHERE_MS);
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
