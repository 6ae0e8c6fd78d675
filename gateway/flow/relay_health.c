/*
 * How a sink fares. Trouble is said once when it begins and once when it ends; the
 * ledger is told whenever it changes, so that other processes see it.
 */
#include <stdio.h>
#include <string.h>

#include "gateway/base/log.h"
#include "gateway/flow/relay_parts.h"

/* Keep and tell the state; @next_at: of a suspended one. */
static void become(struct relay *r, enum ledger_sink_state state, const char *error,
	msec_t next_at)
{
	const struct flow_sink *sink = r->options.sink;
	bool stopped = state == LEDGER_SINK_STOPPED;

	/* Of a sink in trouble the last fault is kept. */
	if (r->state == state && (state == LEDGER_SINK_WORKING || stopped))
		return;
	/* Failing and suspended are one trouble, since the same moment. */
	if (r->state == LEDGER_SINK_WORKING || state == LEDGER_SINK_WORKING || stopped)
		r->state_since = relay_now(r);
	r->state = state;
	meter_sink_is(r->options.meter, state);
	r->state_ticket = writer_sink_is(r->options.writer, sink->name,
		&(struct ledger_sink){
			.state = state,
			.since = r->state_since,
			.next_at = next_at,
			.error = error,
			.config = stopped ? sink->fingerprint : NULL,
		});
}

static void trouble(struct relay *r, const char *reason, bool suspended)
{
	int64_t left_ns = r->breaker.until - clock_ticks();

	if (r->state == LEDGER_SINK_WORKING)
		log_event(LOG_LEVEL_WARNING, "sink-unavailable", "adapter",
			r->options.sink->name, "reason", reason, NULL);
	become(r, suspended ? LEDGER_SINK_SUSPENDED : LEDGER_SINK_FAILING, reason,
		suspended ? relay_now(r) + left_ns / 1000000 : MSEC_NONE);
}

void relay_faulted(struct relay *r, const struct err *e)
{
	int64_t now = clock_ticks();
	bool first;

	relay_drop(r);
	r->error = *e;
	int pause_ms = backoff_failed(&r->backoff, &first);
	bool opened = breaker_failed(&r->breaker, &r->delivery, now, 0);

	r->open_at = opened ? r->breaker.until : now + (int64_t)pause_ms * 1000000;
	trouble(r, e->text, r->breaker.state == BREAKER_OPEN);
}

void relay_put_off(
	struct relay *r, struct parcel *parcel, const char *reason, int least_ms)
{
	bool counts = r->breaker.state == BREAKER_HALF_OPEN ||
		      parcel->counted != r->breaker.generation + 1;

	err_set(&r->error, ERR_UNAVAILABLE, "deferred: %s", reason);
	if (!r->stuck_since)
		r->stuck_since = clock_ticks();
	parcel->counted = r->breaker.generation + 1;
	r->put_off++;
	if (counts &&
		breaker_failed(&r->breaker, &r->delivery, clock_ticks(), least_ms))
		trouble(r, r->error.text, true);
	else if (r->put_off >= r->delivery.suspend_after &&
		 r->breaker.state == BREAKER_CLOSED)
		/* Few events wait, and nothing goes: a person should see that. The next
		 * event is tried all the same, it may be these that are at fault. */
		trouble(r, r->error.text, false);
}

void relay_worked(struct relay *r)
{
	breaker_worked(&r->breaker);
	backoff_worked(&r->backoff);
	r->stuck_since = 0;
	r->put_off = 0;
	if (r->state == LEDGER_SINK_WORKING || r->state == LEDGER_SINK_STOPPED)
		return;
	log_event(LOG_LEVEL_INFO, "sink-available", "adapter", r->options.sink->name,
		NULL);
	become(r, LEDGER_SINK_WORKING, NULL, MSEC_NONE);
}

void relay_stop(struct relay *r, const char *reason)
{
	log_event(LOG_LEVEL_WARNING, "sink-stopped", "adapter", r->options.sink->name,
		"reason", reason, NULL);
	become(r, LEDGER_SINK_STOPPED, reason, MSEC_NONE);
}

static void resume(struct relay *r)
{
	log_event(
		LOG_LEVEL_INFO, "sink-resumed", "adapter", r->options.sink->name, NULL);
	r->breaker = (struct breaker){.seed = r->breaker.seed};
	backoff_worked(&r->backoff);
	r->open_at = 0;
}

static bool same_config(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "") == 0;
}

int relay_read_state(struct relay *r, struct err *e)
{
	const struct flow_sink *sink = r->options.sink;
	bool stopped = r->state == LEDGER_SINK_STOPPED;
	struct ledger_sink now;

	if (ledger_view_sink(r->view, sink->name, &now, e) < 0)
		return -1;
	r->sink_id = now.id;
	if (r->state_read && stopped && now.state != LEDGER_SINK_STOPPED) {
		r->state = LEDGER_SINK_WORKING;
		resume(r);
	} else if (!r->state_read && now.state == LEDGER_SINK_STOPPED) {
		r->state = LEDGER_SINK_STOPPED;
		r->state_since = now.since;
		if (!same_config(now.config, sink->fingerprint)) {
			become(r, LEDGER_SINK_WORKING, NULL, MSEC_NONE);
			resume(r);
		}
	} else if (!r->state_read && now.state != LEDGER_SINK_WORKING) {
		/* Of another life: what holds now is seen soon enough. */
		r->state = now.state;
		become(r, LEDGER_SINK_WORKING, NULL, MSEC_NONE);
	}
	r->state_read = true;
	meter_sink_is(r->options.meter, r->state);
	return 0;
}
