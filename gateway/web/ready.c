#include "gateway/web/ready.h"

#include <stddef.h>

static const char *why_no_commit(
	const struct meter *meter, const char *disk, int64_t now)
{
	int64_t since = atomic_load(&meter->committing_since);

	if (atomic_load(&meter->ledger_failing_since))
		return "the ledger cannot be written";
	if (since && now - since > READY_COMMIT_LIMIT_MS * INT64_C(1000000))
		return "a commit does not come to its end";
	return disk;
}

static const char *why_not_taking(const struct meter *meter)
{
	size_t open = 0;

	for (size_t i = 0; i < meter->sources_n; i++)
		open += atomic_load(&meter->sources[i].works);
	return open || !meter->sources_n ? NULL : "no source is open";
}

bool ready_sink_works(const struct meter_sink *sink)
{
	return atomic_load(&sink->state) == LEDGER_SINK_WORKING;
}

static const char *why_not_telling(const struct meter *meter)
{
	size_t failing = 0;

	for (size_t i = 0; i < meter->sinks_n; i++)
		failing += !ready_sink_works(&meter->sinks[i]);
	return failing < meter->sinks_n ? NULL : "no sink can be told";
}

struct ready ready_judge(
	const struct meter *meter, bool stopping, const char *disk, int64_t now)
{
	return (struct ready){
		.running = stopping ? "the gateway is being stopped" : NULL,
		.take = why_not_taking(meter),
		.commit = why_no_commit(meter, disk, now),
		.tell = why_not_telling(meter),
	};
}

bool ready_is(const struct ready *r)
{
	return !r->running && !r->take && !r->commit && !r->tell;
}
