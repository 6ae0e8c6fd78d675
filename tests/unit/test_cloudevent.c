/* What an outbox row looks like to the world: CloudEvents 1.0. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "gateway/flow/cloudevent.h"

static const struct outbox_row plain = {
	.id = 1,
	.event_id = "H99-12",
	.name = "task.assigned",
	.subject = "NV-1",
	.organ = "H99.05",
	.at = 0,
	.data = {"{\"id\":\"NV-1\"}", 13},
};

static void test_an_event_is_structured_cloudevents_json(void **state)
{
	cleanup_buf struct buf out = {0};

	(void)state;
	cloudevent_write(&out, "H99", &plain);
	assert_string_equal(buf_text(&out),
		"{\"specversion\":\"1.0\",\"id\":\"H99-12\",\"source\":\"/congvan/"
		"H99\","
		"\"type\":\"vn.congvan.task.assigned.v1\",\"subject\":\"NV-1\","
		"\"time\":\"1970-01-01T07:00:00+07:00\","
		"\"datacontenttype\":\"application/json\",\"data\":{\"id\":\"NV-1\"}}");
}

static void test_the_trace_goes_along_and_an_empty_subject_does_not(void **state)
{
	cleanup_buf struct buf out = {0};
	struct outbox_row row = plain;

	(void)state;
	row.traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
	row.subject = "";
	cloudevent_write(&out, "H99", &row);
	assert_string_equal(buf_text(&out),
		"{\"specversion\":\"1.0\",\"id\":\"H99-12\",\"source\":\"/congvan/"
		"H99\","
		"\"type\":\"vn.congvan.task.assigned.v1\","
		"\"time\":\"1970-01-01T07:00:00+07:00\","
		"\"datacontenttype\":\"application/json\",\"traceparent\":"
		"\"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\","
		"\"data\":{\"id\":\"NV-1\"}}");
}

static void test_the_routing_key_ends_in_the_organ_or_in_a_dash(void **state)
{
	static const struct {
		const char *name, *organ, *expected;
	} rows[] = {
		{"task.assigned", "H99.05", "task.assigned.H99.05"},
		{"document.received", "000.00.05.H99",
			"document.received.000.00.05.H99"},
		{"document.quarantined", NULL, "document.quarantined.-"},
		{"document.quarantined", "", "document.quarantined.-"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct outbox_row row = {.name = rows[i].name, .organ = rows[i].organ};
		cleanup_buf struct buf key = {0};

		cloudevent_write_key(&key, &row);
		assert_string_equal(buf_text(&key), rows[i].expected);
	}
}

static void test_the_routing_key_of_any_organ_id_fits_into_amqp(void **state)
{
	char organ[400];

	(void)state;
	for (size_t n = 200; n < sizeof(organ) - 1; n++) {
		struct outbox_row row = {.name = "task.assigned", .organ = organ};
		cleanup_buf struct buf key = {0};

		for (size_t i = 0; i < n; i++)
			organ[i] = i % 2 ? '\xA9' : '\xC3'; /* é, é, é ... */
		organ[n & ~(size_t)1] = '\0';
		cloudevent_write_key(&key, &row);
		assert_true(key.n <= CLOUDEVENT_KEY_MAX);
		assert_true(key.n > CLOUDEVENT_KEY_MAX - 2 || strlen(organ) < 250);
		assert_int_equal((key.n - strlen("task.assigned.")) % 2, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_event_is_structured_cloudevents_json),
		cmocka_unit_test(
			test_the_trace_goes_along_and_an_empty_subject_does_not),
		cmocka_unit_test(test_the_routing_key_ends_in_the_organ_or_in_a_dash),
		cmocka_unit_test(test_the_routing_key_of_any_organ_id_fits_into_amqp),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
