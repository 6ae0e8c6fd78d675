#include "gateway/flow/meter.h"

#include <stdlib.h>

#include "gateway/base/mem.h"

const double meter_limits_ms[METER_BUCKETS - 1] = {
	1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 5000};

struct meter *meter_new(size_t sources_n, size_t sinks_n)
{
	struct meter *m = mem_alloc(sizeof(*m));

	m->sources = arena_alloc(&m->arena, (sources_n + 1) * sizeof(*m->sources));
	m->sources_n = sources_n;
	m->sinks = arena_alloc(&m->arena, (sinks_n + 1) * sizeof(*m->sinks));
	m->sinks_n = sinks_n;
	return m;
}

void meter_free(struct meter *m)
{
	if (!m)
		return;
	arena_deinit(&m->arena);
	free(m);
}

void meter_received(struct meter_source *s, msec_t at)
{
	if (!s)
		return;
	atomic_fetch_add(&s->received, 1);
	atomic_store(&s->last_at, at);
}

void meter_source_works(struct meter_source *s, bool works)
{
	if (s)
		atomic_store(&s->works, works);
}

void meter_outcome(struct meter_source *s, unsigned outcome)
{
	if (s && outcome < METER_OUTCOMES)
		atomic_fetch_add(&s->outcomes[outcome], 1);
}

/* When it began to fail; the first failure stands. */
static void note(_Atomic int64_t *since, bool works)
{
	int64_t none = 0;

	if (works)
		atomic_store(since, 0);
	else
		atomic_compare_exchange_strong(since, &none, clock_ticks());
}

void meter_sink_is(struct meter_sink *s, enum ledger_sink_state state)
{
	if (s)
		atomic_store(&s->state, (int)state);
}

void meter_ledger_works(struct meter *m, bool works)
{
	if (m)
		note(&m->ledger_failing_since, works);
}

void meter_commit_begins(struct meter *m, int64_t now)
{
	if (m)
		atomic_store(&m->committing_since, now);
}

void meter_commit_ends(struct meter *m, int64_t began, bool committed)
{
	if (!m)
		return;
	int64_t took = clock_ticks() - began;
	int bucket = 0;

	atomic_store(&m->committing_since, 0);
	if (!committed)
		return;
	while (bucket < METER_BUCKETS - 1 &&
		(double)took > meter_limits_ms[bucket] * 1e6)
		bucket++;
	atomic_fetch_add(&m->commits[bucket], 1);
	atomic_fetch_add(&m->commits_ns, took);
}
