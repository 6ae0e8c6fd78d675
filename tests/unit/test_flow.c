/*
 * The gateway as a whole, once, from a folder to a folder, over the fake ledger; and
 * over the embedded queue. (The real ledger: tests/e2e.)
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "adapters/amqp_source.h"
#include "adapters/queue_sink.h"
#include "adapters/spool_sink.h"
#include "adapters/spool_source.h"
#include "gateway/flow/flow.h"
#include "queue/queue.h"
#include "tests/lib/fake_ledger.h"
#include "tests/lib/scratch.h"

static const char document[] = "{\"kind\":\"document\",\"document_id\":\"d-%d\","
			       "\"from\":{\"organ_id\":\"H99\"},"
			       "\"code\":{\"number\":\"%d\",\"notation\":\"UBND\"},"
			       "\"issued_on\":\"2025-01-02\","
			       "\"subject\":\"%s\"}";

static void drop(struct scratch *s, const char *name, int number, const char *about)
{
	char text[512];

	snprintf(text, sizeof(text), document, number, number, about);
	scratch_write(s, name, text);
}

static int run_once(struct scratch *s, const struct flow_source *source,
	const struct flow_sink *sink, struct err *e)
{
	const char *const sinks[] = {"out"};
	struct flow_options options = {
		.ledger = {.folder = s->path,
			.site = "H99",
			.sinks = sinks,
			.sinks_n = 1},
		.sources = source,
		.sources_n = 1,
		.sinks = sink,
		.sinks_n = 1,
		.once = true,
		.once_wait_ms = 20,
	};

	return flow_run(&options, e) == FLOW_FAULT ? -1 : 0;
}

static void test_once_takes_all_that_waits_tells_the_world_and_ends(void **state)
{
	struct scratch *s = *state;
	struct spool_source_options in = {.path = scratch_path(s, "in")};
	struct spool_sink_options out = {.path = scratch_path(s, "out")};
	struct flow_source source = {.name = "inbox",
		.ops = &spool_source_ops,
		.options = &in,
		.policy = &policy_default};
	struct flow_sink sink = {
		.name = "out", .ops = &spool_sink_ops, .options = &out};
	struct err e = {0};

	fake_ledger_reset();
	assert_int_equal(mkdir(in.path, 0700), 0);
	drop(s, "in/1.json", 1, "một");
	drop(s, "in/2.json", 2, "hai");
	drop(s, "in/3.json", 2, "hai");
	drop(s, "in/4.json", 4, "MẬT - bốn");
	scratch_write(s, "in/5.xml", "<edXML");
	if (run_once(s, &source, &sink, &e) < 0)
		fail_msg("%s", e.text);
	assert_int_equal(fake_ledger.entries_n, 5);
	assert_int_equal(fake_ledger_rows(), 0);
	assert_int_equal(scratch_count(s, "in"), 0);
	assert_int_equal(scratch_count(s, "in/done"), 3);
	assert_int_equal(scratch_count(s, "in/failed"), 2);
	assert_true(scratch_has(s, "in/failed/5.xml.reason.json"));
	assert_non_null(
		strstr(scratch_read(s, "out/e1.json"), "vn.congvan.task.assigned"));
	assert_true(scratch_count(s, "out") >= 2);
}

static void test_once_over_the_embedded_queue_acknowledges_after_the_commit(
	void **state)
{
	struct scratch *s = *state;
	struct amqp_source_options in = {
		.queue = {.path = scratch_path(s, "queue.db")}};
	const char *const organs[] = {"H99.01"};
	struct queue_sink_options out = {
		.queue = {.path = scratch_path(s, "queue.db")},
		.organs = organs,
		.organs_n = 1,
	};
	struct flow_source source = {.name = "inbox",
		.ops = &amqp_source_ops,
		.options = &in,
		.policy = &policy_default};
	struct flow_sink sink = {
		.name = "out", .ops = &queue_sink_ops, .options = &out};
	struct err e = {0};
	struct queue *q;
	uint64_t n;
	char text[512];

	fake_ledger_reset();
	assert_int_equal(queue_open(&in.queue, &q, &e), 0);
	assert_int_equal(queue_declare(q, "congvan.in", &e), 0);
	for (int i = 1; i <= 3; i++) {
		snprintf(text, sizeof(text), document, i, i, "một");
		struct queue_message message = {
			.id = "m", .key = "k", .body = {text, strlen(text)}};

		assert_int_equal(
			queue_publish_to(q, "congvan.in", &message, &n, &e), 0);
	}
	assert_int_equal(queue_confirm(q, 1000, &n, &e), QUEUE_CONFIRM_OK);
	if (run_once(s, &source, &sink, &e) < 0)
		fail_msg("%s", e.text);
	assert_int_equal(fake_ledger.entries_n, 3);
	assert_int_equal(fake_ledger_rows(), 0);
	assert_int_equal(queue_depth(q, "congvan.in", &n, &e), 0);
	assert_int_equal(n, 0);
	assert_int_equal(queue_depth(q, "congvan.agency.H99.01", &n, &e), 0);
	assert_int_equal(n, 3);
	queue_close(q);
}

static void test_once_with_a_sink_away_says_so_and_has_taken_everything(void **state)
{
	struct scratch *s = *state;
	struct spool_source_options in = {.path = scratch_path(s, "in")};
	struct spool_sink_options out = {.path = scratch_path(s, "file/out")};
	struct flow_source source = {.name = "inbox",
		.ops = &spool_source_ops,
		.options = &in,
		.policy = &policy_default};
	struct flow_sink sink = {
		.name = "out", .ops = &spool_sink_ops, .options = &out};
	struct err e = {0};

	fake_ledger_reset();
	assert_int_equal(mkdir(in.path, 0700), 0);
	drop(s, "file", 0, "no folder");
	drop(s, "in/1.json", 1, "một");
	assert_int_equal(run_once(s, &source, &sink, &e), -1);
	assert_int_equal(err_exit_code(e.code), 69);
	assert_int_equal(fake_ledger.entries_n, 1);
	assert_int_equal(fake_ledger_rows(), 1);
	assert_true(scratch_has(s, "in/done/1.json"));
}

/* A sink that asks the gateway to stop the moment it is given the first event. */
static int stop_at_first(
	void *sink, const struct sink_event *event, uint64_t *ret_number, struct err *e)
{
	static bool asked;

	if (!asked)
		kill(getpid(), SIGTERM);
	asked = true;
	return spool_sink_ops.send(sink, event, ret_number, e);
}

static void test_sigterm_ends_in_good_order_with_nothing_half_done(void **state)
{
	enum { FILES = 50 };
	struct scratch *s = *state;
	struct spool_source_options in = {.path = scratch_path(s, "in")};
	struct spool_sink_options out = {.path = scratch_path(s, "out")};
	struct sink_ops stopping = spool_sink_ops;
	struct flow_source source = {.name = "inbox",
		.ops = &spool_source_ops,
		.options = &in,
		.policy = &policy_default};
	struct flow_sink sink = {.name = "out", .ops = &stopping, .options = &out};
	struct flow_options options = {
		.ledger = {.folder = s->path, .site = "H99"},
		.sources = &source,
		.sources_n = 1,
		.sinks = &sink,
		.sinks_n = 1,
	};
	struct err e = {0};
	char name[32];

	stopping.send = stop_at_first;
	fake_ledger_reset();
	assert_int_equal(mkdir(in.path, 0700), 0);
	for (int i = 0; i < FILES; i++) {
		snprintf(name, sizeof(name), "in/%02d.json", i);
		drop(s, name, i, "một");
	}
	if (flow_run(&options, &e) == FLOW_FAULT)
		fail_msg("%s", e.text);
	/* What was taken is committed, settled and told; the rest waits where it was.
	 */
	assert_true(fake_ledger.entries_n > 0);
	assert_int_equal(scratch_count(s, "in/done"), fake_ledger.entries_n);
	assert_int_equal(scratch_count(s, "in"), FILES - fake_ledger.entries_n);
	assert_int_equal(scratch_count(s, "out"), fake_ledger.entries_n);
	assert_int_equal(fake_ledger_rows(), 0);
}

int main(void)
{
#define IN_SCRATCH(test)                                                               \
	cmocka_unit_test_setup_teardown(test, scratch_setup, scratch_teardown)
	const struct CMUnitTest tests[] = {
		IN_SCRATCH(test_once_takes_all_that_waits_tells_the_world_and_ends),
		IN_SCRATCH(
			test_once_over_the_embedded_queue_acknowledges_after_the_commit),
		IN_SCRATCH(test_once_with_a_sink_away_says_so_and_has_taken_everything),
		IN_SCRATCH(test_sigterm_ends_in_good_order_with_nothing_half_done),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
