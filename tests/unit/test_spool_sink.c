/* The folder sink: one whole file an event, the same event once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "adapters/spool_sink.h"
#include "tests/lib/scratch.h"

static void *open_sink(struct scratch *s)
{
	static struct spool_sink_options options;
	struct err e = {0};
	void *sink;

	options.path = scratch_path(s, "out");
	assert_int_equal(spool_sink_ops.open(&options, &sink, &e), 0);
	return sink;
}

static uint64_t send(void *sink, const char *id, const char *body)
{
	struct sink_event event = {
		.id = id, .key = "task.assigned.H99", .body = {body, strlen(body)}};
	struct err e = {0};
	uint64_t number;

	assert_int_equal(spool_sink_ops.send(sink, &event, &number, &e), 0);
	return number;
}

static struct sink_report collect(void *sink)
{
	struct sink_report report = {0};
	struct err e = {0};

	assert_int_equal(spool_sink_ops.collect(sink, 0, &report, &e), 0);
	return report;
}

static void test_each_event_is_one_whole_file_named_after_its_id(void **state)
{
	struct scratch *s = *state;
	void *sink = open_sink(s);

	assert_int_equal(send(sink, "H99-1", "{\"a\":1}"), 1);
	assert_int_equal(send(sink, "H99-2", "{\"a\":2}"), 2);
	assert_int_equal(collect(sink).upto, 2);
	assert_string_equal(scratch_read(s, "out/H99-1.json"), "{\"a\":1}");
	assert_string_equal(scratch_read(s, "out/H99-2.json"), "{\"a\":2}");
	assert_int_equal(scratch_count(s, "out"), 2);
	spool_sink_ops.close(sink);
}

static void test_the_same_event_again_leaves_its_file_alone(void **state)
{
	struct scratch *s = *state;
	void *sink = open_sink(s);
	struct stat first, second;

	send(sink, "H99-1", "{\"a\":1}");
	collect(sink);
	assert_int_equal(stat(scratch_path(s, "out/H99-1.json"), &first), 0);
	send(sink, "H99-1", "{\"a\":1}");
	assert_int_equal(stat(scratch_path(s, "out/H99-1.json"), &second), 0);
	assert_int_equal(first.st_ino, second.st_ino);
	assert_int_equal(collect(sink).upto, 2);
	spool_sink_ops.close(sink);
}

static void test_nothing_is_there_under_its_name_before_it_is_reported(void **state)
{
	enum { MANY = 20 };
	struct scratch *s = *state;
	void *sink = open_sink(s);
	char id[16];

	for (int i = 0; i < MANY; i++) {
		snprintf(id, sizeof(id), "H99-%d", i);
		send(sink, id, "{}");
		assert_int_equal(scratch_count(s, "out"), i + 1);
	}
	assert_false(scratch_has(s, "out/H99-0.json"));
	assert_int_equal(collect(sink).upto, MANY);
	assert_true(scratch_has(s, "out/H99-0.json"));
	assert_true(scratch_has(s, "out/H99-19.json"));
	assert_int_equal(scratch_count(s, "out"), MANY);
	spool_sink_ops.close(sink);
}

static void test_a_torn_file_of_the_name_is_replaced(void **state)
{
	struct scratch *s = *state;
	void *sink = open_sink(s);

	scratch_write(s, "out/H99-1.json", "{\"a\"");
	send(sink, "H99-1", "{\"a\":1}");
	collect(sink);
	assert_string_equal(scratch_read(s, "out/H99-1.json"), "{\"a\":1}");
	spool_sink_ops.close(sink);
}

static void test_an_id_that_leads_elsewhere_is_rejected_and_the_others_go_on(
	void **state)
{
	struct scratch *s = *state;
	void *sink = open_sink(s);

	send(sink, "H99-1", "{}");
	send(sink, "../H99-2", "{}");
	send(sink, "H99-3", "{}");
	struct sink_report report = collect(sink);

	assert_int_equal(report.upto, 3);
	assert_int_equal(report.news_n, 1);
	assert_int_equal(report.news[0].verdict, SINK_REJECTED);
	assert_int_equal(report.news[0].number, 2);
	assert_int_equal(scratch_count(s, "out"), 2);
	assert_int_equal(collect(sink).news_n, 0);
	assert_int_equal(scratch_count(s, "."), 0);
	spool_sink_ops.close(sink);
}

int main(void)
{
#define IN_SCRATCH(test)                                                               \
	cmocka_unit_test_setup_teardown(test, scratch_setup, scratch_teardown)
	const struct CMUnitTest tests[] = {
		IN_SCRATCH(test_each_event_is_one_whole_file_named_after_its_id),
		IN_SCRATCH(test_the_same_event_again_leaves_its_file_alone),
		IN_SCRATCH(test_nothing_is_there_under_its_name_before_it_is_reported),
		IN_SCRATCH(test_a_torn_file_of_the_name_is_replaced),
		IN_SCRATCH(
			test_an_id_that_leads_elsewhere_is_rejected_and_the_others_go_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
