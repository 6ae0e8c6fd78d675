#include "gateway/web/metrics.h"

#include <stdarg.h>
#include <stdio.h>

#include "gateway/base/day.h"
#include "gateway/web/exchange.h"

static void head(struct buf *out, const char *name, const char *type, const char *help)
{
	buf_printf(out, "# HELP congvan_%s %s\n# TYPE congvan_%s %s\n", name, help,
		name, type);
}

/* A label's value: backslash, quote and line end escaped. */
static void put_label(struct buf *out, const char *name, const char *value)
{
	buf_printf(out, "%s=\"", name);
	for (; *value; value++) {
		if (*value == '\\' || *value == '"')
			buf_add_char(out, '\\');
		if (*value == '\n')
			buf_add_text(out, "\\n");
		else
			buf_add_char(out, *value);
	}
	buf_add_char(out, '"');
}

/* One sample: up to two labels, those with a NULL name are left out. */
static void sample(struct buf *out, const char *name, const char *label_1,
	const char *value_1, const char *label_2, const char *value_2, double value)
{
	buf_printf(out, "congvan_%s", name);
	if (label_1) {
		buf_add_char(out, '{');
		put_label(out, label_1, value_1);
		if (label_2) {
			buf_add_char(out, ',');
			put_label(out, label_2, value_2);
		}
		buf_add_char(out, '}');
	}
	buf_printf(out, " %.15g\n", value);
}

/* ---- What the meter counted. */

static void write_received(struct buf *out, const struct meter *m)
{
	head(out, "received_total", "counter", "Documents that came, by source.");
	for (size_t i = 0; i < m->sources_n; i++)
		sample(out, "received_total", "adapter", m->sources[i].name, NULL, NULL,
			(double)atomic_load(&m->sources[i].received));
}

static void write_outcomes(struct buf *out, const struct meter *m)
{
	head(out, "outcomes_total", "counter",
		"Documents committed, by source and what became of them.");
	for (size_t i = 0; i < m->sources_n; i++)
		for (size_t o = 0; o < METER_OUTCOMES; o++)
			sample(out, "outcomes_total", "adapter", m->sources[i].name,
				"outcome", outcome_words[o],
				(double)atomic_load(&m->sources[i].outcomes[o]));
}

static void write_last(struct buf *out, const struct meter *m)
{
	head(out, "last_event_timestamp_seconds", "gauge",
		"When the last document came, by source; 0: none since the start.");
	for (size_t i = 0; i < m->sources_n; i++)
		sample(out, "last_event_timestamp_seconds", "adapter",
			m->sources[i].name, NULL, NULL,
			(double)atomic_load(&m->sources[i].last_at) / 1000);
}

static void write_sources(struct buf *out, const struct meter *m)
{
	head(out, "source_up", "gauge", "Is the source open? 1: yes.");
	for (size_t i = 0; i < m->sources_n; i++)
		sample(out, "source_up", "adapter", m->sources[i].name, NULL, NULL,
			atomic_load(&m->sources[i].works));
}

/* Each sink is in one of the states: that one is 1. Suspended: the breaker is open. */
static void write_sinks(struct buf *out, const struct meter *m)
{
	head(out, "sink_state", "gauge",
		"How the sink fares; suspended: its breaker is open. 1: it is so.");
	for (size_t i = 0; i < m->sinks_n; i++)
		for (int state = 0; state <= LEDGER_SINK_STOPPED; state++)
			sample(out, "sink_state", "sink", m->sinks[i].name, "state",
				ledger_sink_words[state],
				atomic_load(&m->sinks[i].state) == state);
}

static void write_commits(struct buf *out, const struct meter *m)
{
	double count = 0;
	char limit[32];

	head(out, "commit_seconds", "histogram",
		"How long a commit takes, from its begin to the disk.");
	for (size_t i = 0; i < METER_BUCKETS; i++) {
		count += (double)atomic_load(&m->commits[i]);
		if (i < METER_BUCKETS - 1)
			snprintf(limit, sizeof(limit), "%g", meter_limits_ms[i] / 1000);
		else
			snprintf(limit, sizeof(limit), "+Inf");
		sample(out, "commit_seconds_bucket", "le", limit, NULL, NULL, count);
	}
	sample(out, "commit_seconds_sum", NULL, NULL, NULL, NULL,
		(double)atomic_load(&m->commits_ns) / 1e9);
	sample(out, "commit_seconds_count", NULL, NULL, NULL, NULL, count);
}

static void write_ledger_state(struct buf *out, const struct meter *m)
{
	head(out, "ledger_up", "gauge", "Can the ledger be written? 1: yes.");
	sample(out, "ledger_up", NULL, NULL, NULL, NULL,
		!atomic_load(&m->ledger_failing_since));
}

/* ---- What the server counted. */

static void write_requests(struct buf *out, const struct web *w)
{
	head(out, "http_answers_total", "counter",
		"Requests answered, by path and the status's first digit.");
	for (size_t i = 0; i < web_routes_n; i++)
		for (int digit = 2; digit <= 5; digit++) {
			char code[8];

			snprintf(code, sizeof(code), "%dxx", digit);
			sample(out, "http_answers_total", "path", web_routes[i].path,
				"code", code,
				(double)atomic_load(&w->answered[i][digit]));
		}
}

/* ---- What the ledger knows. */

/* What waits for each sink, a line of each metric. */
struct depths {
	struct buf waiting, age, dead;
};

static int read_depths(struct depths *d, const struct meter *m,
	struct ledger_view *view, struct err *e)
{
	msec_t now = clock_now();

	for (size_t i = 0; i < m->sinks_n; i++) {
		const char *name = m->sinks[i].name;
		struct ledger_sink_depth at;

		if (ledger_view_sink_depth(view, name, &at, e) < 0)
			return -1;
		double age = at.oldest == MSEC_NONE || at.oldest > now
				     ? 0
				     : (double)(now - at.oldest) / 1000;

		sample(&d->waiting, "outbox_depth", "sink", name, NULL, NULL,
			(double)at.waiting);
		sample(&d->age, "outbox_oldest_age_seconds", "sink", name, NULL, NULL,
			age);
		sample(&d->dead, "dead_letters", "sink", name, NULL, NULL,
			(double)at.dead);
	}
	return 0;
}

static void write_depths(struct buf *out, const struct depths *d)
{
	head(out, "outbox_depth", "gauge", "Events still to be told, by sink.");
	buf_add(out, buf_text(&d->waiting), d->waiting.n);
	head(out, "outbox_oldest_age_seconds", "gauge",
		"Age of the oldest event still to be told, by sink.");
	buf_add(out, buf_text(&d->age), d->age.n);
	head(out, "dead_letters", "gauge",
		"Events a receiver refused for good that somebody must see, by sink.");
	buf_add(out, buf_text(&d->dead), d->dead.n);
}

static void write_set_aside(struct buf *out, int64_t parked, int64_t quarantined)
{
	head(out, "parked", "gauge", "Answers whose original has not come yet.");
	sample(out, "parked", NULL, NULL, NULL, NULL, (double)parked);
	head(out, "quarantined", "gauge",
		"Documents set aside that somebody must see.");
	sample(out, "quarantined", NULL, NULL, NULL, NULL, (double)quarantined);
}

static void write_ledger(
	struct buf *out, const struct meter *m, struct ledger_view *view)
{
	struct depths depths = {0};
	int64_t parked = 0, quarantined = 0;
	struct err e = {0};
	bool readable = view && read_depths(&depths, m, view, &e) == 0 &&
			ledger_view_set_aside(view, &parked, &quarantined, &e) == 0;

	head(out, "ledger_readable", "gauge",
		"Could the ledger be read for this answer? 1: yes.");
	sample(out, "ledger_readable", NULL, NULL, NULL, NULL, readable);
	if (readable) {
		write_depths(out, &depths);
		write_set_aside(out, parked, quarantined);
	}
	buf_deinit(&depths.waiting);
	buf_deinit(&depths.age);
	buf_deinit(&depths.dead);
}

void metrics_write(struct buf *out, const struct web *w, struct ledger_view *view)
{
	const struct meter *m = w->options.meter;

	head(out, "build_info", "gauge", "Which program this is; always 1.");
	sample(out, "build_info", "version", w->options.version, NULL, NULL, 1);
	write_received(out, m);
	write_outcomes(out, m);
	write_last(out, m);
	write_sources(out, m);
	write_sinks(out, m);
	write_commits(out, m);
	write_ledger_state(out, m);
	write_ledger(out, m, view);
	write_requests(out, w);
}
