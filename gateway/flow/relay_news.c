/* What a sink says of the events it was given, and what that makes of their rows. */
#include <stdio.h>
#include <string.h>

#include "gateway/base/log.h"
#include "gateway/base/text.h"
#include "gateway/flow/relay_parts.h"

enum { DAY_MS = 24 * 3600 * 1000 };

static void flush_told(struct relay *r)
{
	if (r->told_n)
		writer_told(r->options.writer, r->told, r->told_n);
	r->told_n = 0;
}

/* ---- For the log an event is named by its id, which its row tells. */

struct named {
	struct buf event, about;
};

static void named_deinit(struct named *n)
{
	buf_deinit(&n->event);
	buf_deinit(&n->about);
}
#define cleanup_named __attribute__((__cleanup__(named_deinit)))

static int name_row(void *context, const struct outbox_row *row)
{
	struct named *n = context;

	buf_printf(&n->event, "%s", row->event_id);
	buf_printf(&n->about, "%s", row->subject ? row->subject : "");
	return 0;
}

/* Without the ledger the line says less, and the fault shows soon enough. */
static void name_parcel(
	const struct relay *r, const struct parcel *parcel, struct named *ret_named)
{
	struct err e;

	ledger_view_outbox_row(r->view, parcel->row, name_row, ret_named, &e);
}

/* ---- The four verdicts. */

static void learn(struct relay *r, const struct parcel *parcel, const char *known_as)
{
	const char *subject = parcels_subject(parcel);
	uint64_t hash = text_hash(TEXT_HASH_SEED, known_as, strlen(known_as));

	if (!*subject || hash == parcel->known_as)
		return;
	r->taught = true;
	learned_add(r->learned, subject, known_as,
		writer_known_as(
			r->options.writer, r->options.sink->name, subject, known_as));
}

static void delivered(struct relay *r, struct parcel *parcel, const char *known_as)
{
	if (*known_as)
		learn(r, parcel, known_as);
	relay_worked(r);
	if (parcel->again) {
		parcels_take_back(r->parcels, parcel);
		return;
	}
	if (r->told_n == RELAY_TOLD)
		flush_told(r);
	r->told[r->told_n++] = parcel->row;
	parcels_remove(r->parcels, parcel);
}

static void bury(struct relay *r, struct parcel *parcel, const char *cause)
{
	cleanup_named struct named named = {0};
	bool known = strcmp(cause, r->cause) == 0;

	name_parcel(r, parcel, &named);
	/* A hundred of one cause are one thing to mend. */
	log_event(known ? LOG_LEVEL_DEBUG : LOG_LEVEL_WARNING, "dead-letter", "adapter",
		r->options.sink->name, "event", buf_text(&named.event), "about",
		buf_text(&named.about), "reason", cause, NULL);
	snprintf(r->cause, sizeof(r->cause), "%s", cause);
	writer_dead(r->options.writer, parcel->row, relay_now(r), cause);
	parcels_remove(r->parcels, parcel);
}

static void rejected(struct relay *r, struct parcel *parcel, const char *reason)
{
	relay_worked(r);
	bury(r, parcel, reason);
}

static bool is_hopeless(const struct relay *r, const struct parcel *parcel)
{
	return parcel->first_attempt_at != MSEC_NONE &&
	       relay_now(r) - parcel->first_attempt_at >=
		       (int64_t)r->delivery.give_up_days * DAY_MS;
}

/* The receiver's own word counts, within reason. */
static int pause_of(struct relay *r, const struct parcel *parcel, int asked_ms)
{
	int limit_ms = r->delivery.retry_after_limit_ms;

	if (asked_ms > 0)
		return asked_ms < limit_ms ? asked_ms : limit_ms;
	return backoff_pause_ms(r->delivery.retry_first_ms, r->delivery.retry_limit_ms,
		parcel->attempts + 1, &r->seed);
}

static void log_deferred(
	const struct relay *r, const struct parcel *parcel, const char *reason)
{
	cleanup_named struct named named = {0};

	name_parcel(r, parcel, &named);
	log_event(parcel->attempts ? LOG_LEVEL_DEBUG : LOG_LEVEL_INFO, "event-deferred",
		"adapter", r->options.sink->name, "event", buf_text(&named.event),
		"about", buf_text(&named.about), "reason", reason, NULL);
}

static void deferred(
	struct relay *r, struct parcel *parcel, const char *reason, int asked_ms)
{
	msec_t now = relay_now(r);
	int pause_ms = pause_of(r, parcel, asked_ms);
	char cause[SINK_REASON];

	relay_put_off(r, parcel, reason, asked_ms > 0 ? pause_ms : 0);
	if (is_hopeless(r, parcel)) {
		snprintf(cause, sizeof(cause), "put off for %d days: %.200s",
			r->delivery.give_up_days, reason);
		bury(r, parcel, cause);
		return;
	}
	log_deferred(r, parcel, reason);
	writer_not_told(
		r->options.writer, &(struct ledger_attempt){.outbox_id = parcel->row,
					   .at = now,
					   .next_at = now + pause_ms,
					   .error = reason});
	if (parcel->first_attempt_at == MSEC_NONE)
		parcel->first_attempt_at = now;
	parcels_put_off(
		r->parcels, parcel, clock_ticks() + (int64_t)pause_ms * 1000000);
}

static void take(struct relay *r, const struct sink_news *news)
{
	struct parcel *parcel = parcels_at(r->parcels, news->number);
	const char *reason = *news->reason ? news->reason : "no reason given";

	if (!parcel)
		return;
	switch (news->verdict) {
	case SINK_DELIVERED:
		delivered(r, parcel, news->known_as);
		return;
	case SINK_DEFERRED:
		if (parcel->again)
			parcels_take_back(r->parcels, parcel);
		else
			deferred(r, parcel, reason, news->retry_after_ms);
		return;
	case SINK_REJECTED:
		rejected(r, parcel, reason);
		return;
	case SINK_STOPPED:
		parcels_take_back(r->parcels, parcel);
		relay_stop(r, reason);
		return;
	}
}

void relay_take_report(struct relay *r, const struct sink_report *report)
{
	uint64_t number = parcels_lowest(r->parcels), last = parcels_last(r->parcels);

	for (size_t i = 0; i < report->news_n; i++)
		take(r, &report->news[i]);
	for (; number && number <= report->upto && number <= last; number++) {
		struct parcel *parcel = parcels_at(r->parcels, number);

		if (parcel)
			delivered(r, parcel, "");
	}
	flush_told(r);
}
