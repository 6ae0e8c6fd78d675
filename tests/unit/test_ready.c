/* When the gateway says that it is ready, and why not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "gateway/web/ready.h"

#define MS INT64_C(1000000)

enum { SOURCES = 2, SINKS = 2, NOW = 60000 };

struct row {
	bool stopping, open[SOURCES];
	int sinks[SINKS];
	const char *disk;
	bool failing;
	int committing; /* for so many ms; 0: none is under way */
	const char *running, *take, *commit, *tell;
};

enum { WORKS = LEDGER_SINK_WORKING, GONE = LEDGER_SINK_SUSPENDED };

#define LONG "a commit does not come to its end"

static const struct row rows[] = {
	{.open = {true, true}},
	{.open = {false, true}, .sinks = {GONE, WORKS}},
	{.open = {true, false}, .sinks = {WORKS, LEDGER_SINK_STOPPED}},
	{.open = {false, false}, .take = "no source is open"},
	{.open = {true, true}, .sinks = {GONE, GONE}, .tell = "no sink can be told"},
	{.open = {true, true},
		.stopping = true,
		.running = "the gateway is being stopped"},
	{.open = {true, true}, .disk = "full", .commit = "full"},
	{.open = {true, true},
		.failing = true,
		.commit = "the ledger cannot be written"},
	{.open = {true, true}, .committing = READY_COMMIT_LIMIT_MS},
	{.open = {true, true}, .committing = READY_COMMIT_LIMIT_MS + 1, .commit = LONG},
	/* One trouble hides none of another kind. */
	{.stopping = true,
		.sinks = {GONE, GONE},
		.failing = true,
		.disk = "full",
		.running = "the gateway is being stopped",
		.take = "no source is open",
		.commit = "the ledger cannot be written",
		.tell = "no sink can be told"},
};

static struct ready judge(const struct row *row)
{
	struct meter *m = meter_new(SOURCES, SINKS);

	for (size_t i = 0; i < SOURCES; i++)
		meter_source_works(&m->sources[i], row->open[i]);
	for (size_t i = 0; i < SINKS; i++)
		meter_sink_is(&m->sinks[i], (enum ledger_sink_state)row->sinks[i]);
	meter_ledger_works(m, !row->failing);
	if (row->committing)
		meter_commit_begins(m, (NOW - row->committing) * MS);
	struct ready why = ready_judge(m, row->stopping, row->disk, NOW * MS);

	meter_free(m);
	return why;
}

static void check_reason(size_t row, const char *got, const char *wanted)
{
	if (!got != !wanted || (got && strcmp(got, wanted) != 0))
		fail_msg("row %zu: %s, not %s", row, got, wanted);
}

static void it_is_ready_when_it_can_take_commit_and_tell(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct row *row = &rows[i];
		struct ready why = judge(row);

		check_reason(i, why.running, row->running);
		check_reason(i, why.take, row->take);
		check_reason(i, why.commit, row->commit);
		check_reason(i, why.tell, row->tell);
		assert_int_equal(ready_is(&why),
			!row->running && !row->take && !row->commit && !row->tell);
	}
}

static void a_commit_that_ended_does_not_hang(void **state)
{
	struct meter *m = meter_new(0, 1);

	(void)state;
	meter_commit_begins(m, 1);
	meter_commit_ends(m, 1, true);
	struct ready why = ready_judge(m, false, NULL, NOW * MS);

	assert_true(ready_is(&why));
	meter_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_ready_when_it_can_take_commit_and_tell),
		cmocka_unit_test(a_commit_that_ended_does_not_hang),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
