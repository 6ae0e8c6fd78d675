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

static void write_sinks(struct buf *out, const struct meter *m)
{
	head(out, "sink_up", "gauge", "Can the sink be told? 1: yes.");
	for (size_t i = 0; i < m->sinks_n; i++)
		sample(out, "sink_up", "sink", m->sinks[i].name, NULL, NULL,
			!atomic_load(&m->sinks[i].failing_since));
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

struct gathering {
	struct buf depth, age;
	msec_t now;
};

static int add_waiting(void *context, const char *sink, int64_t n, msec_t oldest)
{
	struct gathering *g = context;
	double age = oldest == MSEC_NONE ? 0 : (double)(g->now - oldest) / 1000;

	sample(&g->depth, "outbox_depth", "sink", sink, NULL, NULL, (double)n);
	sample(&g->age, "outbox_oldest_age_seconds", "sink", sink, NULL, NULL,
		age > 0 ? age : 0);
	return 0;
}

static void write_set_aside(struct buf *out, int64_t parked, int64_t quarantined)
{
	head(out, "parked", "gauge", "Answers whose original has not come yet.");
	sample(out, "parked", NULL, NULL, NULL, NULL, (double)parked);
	head(out, "quarantined", "gauge",
		"Documents set aside that somebody must see.");
	sample(out, "quarantined", NULL, NULL, NULL, NULL, (double)quarantined);
}

static void write_ledger(struct buf *out, struct ledger_view *view)
{
	struct gathering g = {.now = clock_now()};
	int64_t parked = 0, quarantined = 0;
	bool readable = view && ledger_view_waiting(view, add_waiting, &g, NULL) == 0 &&
			ledger_view_set_aside(view, &parked, &quarantined, NULL) == 0;

	head(out, "ledger_readable", "gauge",
		"Could the ledger be read for this answer? 1: yes.");
	sample(out, "ledger_readable", NULL, NULL, NULL, NULL, readable);
	if (readable) {
		head(out, "outbox_depth", "gauge", "Events still to be told, by sink.");
		buf_add(out, buf_text(&g.depth), g.depth.n);
		head(out, "outbox_oldest_age_seconds", "gauge",
			"Age of the oldest event still to be told, by sink.");
		buf_add(out, buf_text(&g.age), g.age.n);
		write_set_aside(out, parked, quarantined);
	}
	buf_deinit(&g.depth);
	buf_deinit(&g.age);
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
	write_ledger(out, view);
	write_requests(out, w);
}
