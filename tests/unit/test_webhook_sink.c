/*
 * The webhook sink and a receiver that plays a case: what is sent, what each answer
 * means, and that nothing secret is ever said. That the signature holds over the bytes
 * received is asked by a receiver of its own (tests/e2e/test_http_sinks.py).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "adapters/webhook_sink.h"
#include "tests/lib/fake_http_process.h"
#include "tests/lib/sink_trial.h"

#define PATH "/hook/opensesame" /* addresses of webhooks are secrets often enough */

enum { QUICK_MS = 300 };

static const char key_bytes[] = "0123456789abcdef0123456789abcdef";

static struct webhook_sink_options options_for(
	struct scratch *s, const struct fake_http *fake)
{
	struct webhook_sink_options o = {
		.url = arena_printf(&s->arena, "%s" PATH, fake->url),
		.origin = arena_dup(&s->arena, fake->url),
	};

	if (fake->ca_file[0] == '/')
		o.flight.client.ca_file = fake->ca_file;
	memcpy(o.keys[0].bytes, key_bytes, 32);
	o.keys[0].n = 32;
	return o;
}

/* "127.0.0.1:4711: words" without the place; the path is nowhere. */
static const char *cause(const struct fake_http *fake, const char *reason)
{
	const char *where = strstr(fake->url, "//") + 2;

	assert_null(strstr(reason, "opensesame"));
	assert_memory_equal(reason, where, strlen(where));
	assert_memory_equal(reason + strlen(where), ": ", 2);
	return reason + strlen(where) + 2;
}

static void test_the_signature_is_the_one_of_the_standards_own_example(void **state)
{
	/* The secret of the example is shorter than what is taken from a file. */
	static const unsigned char bytes[] = {0xa6, 0x52, 0x77, 0x9e, 0x6c, 0x82, 0x0c,
		0x60, 0x4a, 0x22, 0x76, 0xaf, 0x74, 0xe2, 0xb5, 0xe6, 0x3b, 0x25};
	static const char body[] =
		"{\"event_type\":\"ping\",\"data\":{\"success\":true}}";
	struct webhook_key key = {.n = sizeof(bytes)};
	cleanup_buf struct buf out = {0};

	(void)state;
	memcpy(key.bytes, bytes, sizeof(bytes));
	webhook_sign(&out, &key, "msg_loFOjxBNrRLzqYUf", "1731705121",
		(struct slice){body, strlen(body)});
	assert_string_equal(
		buf_text(&out), "v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=");
	webhook_sign(&out, &key, "msg_loFOjxBNrRLzqYUf", "1731705121",
		(struct slice){body, strlen(body)});
	assert_string_equal(buf_text(&out),
		"v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0= "
		"v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=");
}

static void test_a_secret_is_whsec_and_base64(void **state)
{
	static const struct {
		const char *secret, *says;
		size_t n;
	} rows[] = {
		{"whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=", NULL, 32},
		{"whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3", NULL, 24},
		{"MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3",
			"must begin with whsec_ and go on in base64", 0},
		{"whsec_", "must be 24 to 128 bytes, in base64 after whsec_", 0},
		{"whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY", "is no base64 after whsec_",
			0},
		{"whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NT*3", "is no base64 after whsec_",
			0},
		{"whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NQ==",
			"must be 24 to 128 bytes, in base64 after whsec_", 0},
	};
	char longest[400] = "whsec_";

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct webhook_key key = {0};
		const char *wrong = webhook_key_read(rows[i].secret, &key);

		assert_string_equal(
			wrong ? wrong : "", rows[i].says ? rows[i].says : "");
		assert_int_equal(key.n, rows[i].n);
		if (!wrong)
			assert_memory_equal(key.bytes, key_bytes, key.n);
	}
	memset(longest + 6, 'A', 300);
	assert_string_equal(webhook_key_read(longest, &(struct webhook_key){0}),
		"is longer than 128 bytes");
}

static void test_the_event_is_posted_as_it_is_with_its_id(void **state)
{
	struct scratch *s = *state;
	struct fake_http fake;
	struct sink_trial t;
	cleanup_buf struct buf json = {0};

	buf_printf(&json,
		"{\"steps\": [{\"expect\": {\"method\": \"POST\", \"path\": \"" PATH
		"\","
		" \"headers\": {\"Content-Type\": \"application/cloudevents+json\","
		"  \"webhook-id\": \"H99-1\", \"traceparent\":"
		"  \"00-0123456789abcdef0123456789abcdef-0123456789abcdef-01\"},"
		" \"json\": %s}, \"answer\": {\"status\": 204}}]}",
		sink_trial_body("H99-1", "task.assigned"));
	fake_http_start(&fake, s, buf_text(&json), NULL, false);
	struct webhook_sink_options o = options_for(s, &fake);

	sink_trial_open(&t, &webhook_sink_ops, &o);
	assert_int_equal(sink_trial_send(&t, "H99-1", "task.assigned", NULL), 1);
	sink_trial_wait(&t, 1);
	assert_int_equal(t.news[1].verdict, SINK_DELIVERED);
	assert_string_equal(t.news[1].reason, "");
	assert_string_equal(t.news[1].known_as, "");
	sink_trial_close(&t);
	fake_http_stop(&fake);
}

static const struct {
	int status;
	enum sink_verdict verdict;
	const char *retry_after;
	int retry_after_ms;
	const char *says;
} statuses[] = {
	{200, SINK_DELIVERED, "5", 0, NULL},
	{202, SINK_DELIVERED, NULL, 0, NULL},
	{301, SINK_DEFERRED, NULL, 0, "HTTP 301: redirects are not followed"},
	{400, SINK_REJECTED, "5", 0, "HTTP 400"},
	{401, SINK_DEFERRED, NULL, 0, "HTTP 401"},
	{404, SINK_REJECTED, NULL, 0, "HTTP 404"},
	{408, SINK_DEFERRED, NULL, 0, "HTTP 408"},
	{409, SINK_REJECTED, NULL, 0, "HTTP 409"},
	{410, SINK_STOPPED, NULL, 0, "HTTP 410: the receiver wants no more"},
	{422, SINK_REJECTED, NULL, 0, "HTTP 422"},
	{425, SINK_DEFERRED, NULL, 0, "HTTP 425"},
	{429, SINK_DEFERRED, "120", 120000, "HTTP 429"},
	{500, SINK_DEFERRED, NULL, 0, "HTTP 500"},
	{503, SINK_DEFERRED, "7", 7000, "HTTP 503"},
	{599, SINK_DEFERRED, "99999999999", INT32_MAX, "HTTP 599"},
};
enum { STATUSES = sizeof(statuses) / sizeof(*statuses) };

static void test_each_status_has_its_verdict(void **state)
{
	struct scratch *s = *state;
	struct fake_http fake;
	struct sink_trial t;
	cleanup_buf struct buf json = {0};

	buf_add_text(&json, "{\"steps\": [");
	for (size_t i = 0; i < STATUSES; i++) {
		const char *after = statuses[i].retry_after;

		buf_printf(&json,
			"%s{\"expect\": {\"method\": \"POST\"}, \"answer\": "
			"{\"status\":"
			" %d, \"body\": \"opensesame\", \"headers\": {%s%s%s}}}",
			i ? "," : "", statuses[i].status,
			after ? "\"Retry-After\": \"" : "", after ? after : "",
			after ? "\"" : "");
	}
	buf_add_text(&json, "]}");
	fake_http_start(&fake, s, buf_text(&json), NULL, false);
	struct webhook_sink_options o = options_for(s, &fake);

	sink_trial_open(&t, &webhook_sink_ops, &o);
	for (size_t i = 0; i < STATUSES; i++) {
		uint64_t number = sink_trial_send(&t, "H99-1", "task.assigned", NULL);
		const struct sink_news *news = &t.news[number];

		sink_trial_wait(&t, i + 1);
		assert_int_equal(news->verdict, statuses[i].verdict);
		assert_int_equal(news->retry_after_ms, statuses[i].retry_after_ms);
		if (statuses[i].says)
			assert_string_equal(
				cause(&fake, news->reason), statuses[i].says);
		else
			assert_string_equal(news->reason, "");
	}
	sink_trial_close(&t);
	fake_http_stop(&fake);
	assert_int_equal(fake.connections, 1);
}

static void test_events_that_are_not_wanted_are_passed_over(void **state)
{
	static const char *const patterns[] = {"task.completed", "reply.#"};
	static const char *const names[] = {"task.assigned", "task.completed",
		"reply.issued", "document.received", "reply.mention"};
	struct scratch *s = *state;
	struct fake_http fake;
	struct sink_trial t;

	fake_http_start(&fake, s,
		"{\"steps\": [{\"expect\": {\"method\": \"POST\"}, \"times\": 3}]}",
		NULL, false);
	struct webhook_sink_options o = options_for(s, &fake);

	o.events = patterns;
	o.events_n = 2;
	sink_trial_open(&t, &webhook_sink_ops, &o);
	for (size_t i = 0; i < 5; i++)
		sink_trial_send(&t, "H99-1", names[i], NULL);
	sink_trial_wait(&t, 5);
	for (size_t i = 1; i <= 5; i++)
		assert_int_equal(t.news[i].verdict, SINK_DELIVERED);
	sink_trial_close(&t);
	fake_http_stop(&fake);
	assert_int_equal(fake.requests, 3);
}

static void test_a_slow_request_holds_nobody_back(void **state)
{
	struct scratch *s = *state;
	struct fake_http fake;
	struct sink_trial t;

	fake_http_start(&fake, s,
		"{\"steps\": [{\"expect\": {\"method\": \"POST\"}, \"fault\": "
		"\"slow\"},"
		" {\"expect\": {\"method\": \"POST\"}, \"times\": 9}]}",
		NULL, false);
	struct webhook_sink_options o = options_for(s, &fake);

	o.flight.in_flight = 2;
	o.flight.client.total_timeout_ms = QUICK_MS;
	sink_trial_open(&t, &webhook_sink_ops, &o);
	for (int i = 0; i < 10; i++)
		sink_trial_send(&t, "H99-1", "task.assigned", NULL);
	sink_trial_wait(&t, 10);
	size_t delivered = 0;

	for (size_t i = 1; i <= 10; i++) {
		delivered += t.news[i].verdict == SINK_DELIVERED;
		if (t.news[i].verdict != SINK_DELIVERED)
			assert_string_equal(cause(&fake, t.news[i].reason),
				"no answer within 300 ms");
	}
	assert_int_equal(delivered, 9);
	sink_trial_close(&t);
	fake_http_stop(&fake);
	assert_in_range(fake.connections, 2, 3);
}

static const struct {
	const char *certificate, *fault, *says;
} faults[] = {
	{"expired", NULL, "the certificate has expired"},
	{NULL, "\"no answer\"", "the connection was closed without an answer"},
	{NULL, "\"half\"", "the connection was cut after 2 of 4 bytes"},
	{NULL, "\"not http\"", "the answer is not HTTP"},
};

static void test_a_peer_in_trouble_defers_and_the_cause_is_named(void **state)
{
	struct scratch *s = *state;

	for (size_t i = 0; i < sizeof(faults) / sizeof(*faults); i++) {
		struct fake_http fake;
		struct sink_trial t;
		const char *json = arena_printf(&s->arena,
			"{\"steps\": [{\"expect\": {\"method\": \"POST\"}, \"answer\":"
			" {\"body\": \"done\"}, \"times\": \"any\", \"fault\": %s}]}",
			faults[i].fault ? faults[i].fault : "null");

		fake_http_start(&fake, s, json, faults[i].certificate, false);
		struct webhook_sink_options o = options_for(s, &fake);

		sink_trial_open(&t, &webhook_sink_ops, &o);
		sink_trial_send(&t, "H99-1", "task.assigned", NULL);
		sink_trial_wait(&t, 1);
		assert_int_equal(t.news[1].verdict, SINK_DEFERRED);
		const char *says = cause(&fake, t.news[1].reason);

		if (strncmp(says, faults[i].says, strlen(faults[i].says)) != 0)
			assert_string_equal(says, faults[i].says);
		sink_trial_close(&t);
		fake_http_stop(&fake);
	}
}

static void test_whether_anybody_is_there_is_asked_without_changing_anything(
	void **state)
{
	struct scratch *s = *state;
	struct fake_http fake;
	char note[PROBE_NOTE] = "";
	struct err e = {0};

	fake_http_start(&fake, s,
		"{\"steps\": [{\"expect\": {\"method\": \"HEAD\", \"path\": \"/\","
		" \"headers\": {\"webhook-id\": null}}, \"answer\": {\"status\": "
		"404}}]}",
		NULL, false);
	struct webhook_sink_options o = options_for(s, &fake);

	assert_int_equal(webhook_sink_ops.probe(&o, note, &e), 0);
	assert_string_equal(note, "answers (HTTP 404)");
	assert_string_equal(webhook_sink_ops.peer(&o), fake.url);
	fake_http_stop(&fake);
	assert_int_equal(webhook_sink_ops.probe(&o, note, &e), -1);
	assert_string_equal(cause(&fake, e.text), "cannot connect: Connection refused");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_the_signature_is_the_one_of_the_standards_own_example),
		cmocka_unit_test(test_a_secret_is_whsec_and_base64),
		cmocka_unit_test_setup_teardown(
			test_the_event_is_posted_as_it_is_with_its_id, scratch_setup,
			scratch_teardown),
		cmocka_unit_test_setup_teardown(test_each_status_has_its_verdict,
			scratch_setup, scratch_teardown),
		cmocka_unit_test_setup_teardown(
			test_events_that_are_not_wanted_are_passed_over, scratch_setup,
			scratch_teardown),
		cmocka_unit_test_setup_teardown(test_a_slow_request_holds_nobody_back,
			scratch_setup, scratch_teardown),
		cmocka_unit_test_setup_teardown(
			test_a_peer_in_trouble_defers_and_the_cause_is_named,
			scratch_setup, scratch_teardown),
		cmocka_unit_test_setup_teardown(
			test_whether_anybody_is_there_is_asked_without_changing_anything,
			scratch_setup, scratch_teardown),
	};

	return cmocka_run_group_tests_name("webhook sink", tests, NULL, NULL);
}
