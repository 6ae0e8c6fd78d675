/*
 * The HTTP client and a peer that plays a case (tests/lib/fake_http.py): what is sent,
 * what comes back, and what is said of each way it can go wrong.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "adapters/http_client.h"
#include "tests/lib/fake_http_process.h"

enum {
	QUICK_MS = 300, /* for those who never answer */
	SLOW_S = 60,    /* nobody waits so long */
};

/* A text like "…/path?token=secret" that no error may show. */
#define SECRET "opensesame"

static struct http_client *open_client(const struct http_client_options *options)
{
	struct http_client *client;
	struct err e = {0};

	if (http_client_open(options, &client, &e) < 0)
		fail_msg("%s", e.text);
	return client;
}

static const char *url_of(
	struct scratch *s, const struct fake_http *fake, const char *path)
{
	return arena_printf(&s->arena, "%s%s", fake->url, path);
}

static void assert_begins(const char *text, const char *says)
{
	if (strncmp(text, says, strlen(says)) != 0)
		fail_msg("\"%s\" does not begin with \"%s\"", text, says);
}

/* "127.0.0.1:4711: words" without the place. */
static const char *cause(const struct fake_http *fake, const struct err *e)
{
	const char *where = strstr(fake->url, "//") + 2;

	if (strncmp(e->text, where, strlen(where)) != 0 ||
		strncmp(e->text + strlen(where), ": ", 2) != 0)
		fail_msg("\"%s\" does not begin with \"%s\"", e->text, where);
	return e->text + strlen(where) + 2;
}

/* --- what is asked and answered -------------------------------------------------- */

static void test_a_request_and_its_answer(void **state)
{
	struct scratch *s = *state;
	struct fake_http fake;
	struct err e = {0};
	const struct http_header headers[] = {{"Authorization", "Bearer " SECRET},
		{"Content-Type", "application/json"}, {"X-Empty", ""}};
	struct http_response r;

	fake_http_start(&fake, s,
		"{\"steps\": [{\"expect\": {\"method\": \"POST\", \"path\": "
		"\"/in?a=b\","
		" \"headers\": {\"Authorization\": \"Bearer " SECRET "\","
		"  \"User-Agent\": \"congvan/" CONGVAN_VERSION "\", \"Expect\": null,"
		"  \"Content-Type\": \"application/json\", \"X-Empty\": \"\"},"
		" \"json\": {\"a\": 1}},"
		"\"answer\": {\"status\": 201, \"body\": \"xin chào\", \"headers\":"
		" {\"ETag\": \"\\\"7\\\"\", \"Last-Modified\": \"then\","
		"  \"Link\": [\"<a>\", \"<b>\"], \"Retry-After\": \"7\"}}}]}",
		NULL, false);
	struct http_client *client = open_client(&(struct http_client_options){0});
	const struct http_request request = {.method = "POST",
		.url = url_of(s, &fake, "/in?a=b"),
		.headers = headers,
		.headers_n = 3,
		.body = {"{\"a\": 1}", 8}};

	assert_int_equal(http_client_do(client, &request, &r, &e), HTTP_ANSWERED);
	assert_int_equal(r.status, 201);
	assert_string_equal(r.body.at, "xin chào");
	assert_int_equal(r.body.n, strlen("xin chào"));
	assert_string_equal(r.etag, "\"7\"");
	assert_string_equal(r.last_modified, "then");
	assert_string_equal(r.content_type, "text/plain");
	assert_string_equal(http_response_header(&r, "link", 1), "<b>");
	assert_null(http_response_header(&r, "link", 2));
	assert_int_equal(r.retry_after_ms, 7000);
	assert_false(r.truncated);
	http_client_close(client);
	fake_http_stop(&fake);
}

static void test_a_connection_is_used_again_for_every_method(void **state)
{
	static const char *const methods[] = {
		"GET", "POST", "HEAD", "PUT", "DELETE", "PATCH", "GET"};
	struct scratch *s = *state;
	struct fake_http fake;
	struct err e = {0};
	struct buf json = {0};
	struct http_response r;

	buf_add_text(&json, "{\"steps\": [");
	for (size_t i = 0; i < 7; i++)
		buf_printf(&json,
			"%s{\"expect\": {\"method\": \"%s\", \"path\": \"/%zu\","
			" \"body\": \"%s\", \"headers\": {\"Content-Type\": null}},"
			" \"answer\": {\"status\": %zu, \"body\": \"x\"}}",
			i ? "," : "", methods[i], i, i == 3 ? "text" : "", 200 + i);
	buf_add_text(&json, "]}");
	fake_http_start(&fake, s, buf_text(&json), NULL, false);
	buf_deinit(&json);
	struct http_client *client = open_client(&(struct http_client_options){0});

	for (size_t i = 0; i < 7; i++) {
		char path[16];

		snprintf(path, sizeof(path), "/%zu", i);
		struct http_request request = {
			.method = methods[i], .url = url_of(s, &fake, path)};

		if (i == 3)
			request.body = (struct slice){"text", 4};
		assert_int_equal(
			http_client_do(client, &request, &r, &e), HTTP_ANSWERED);
		assert_int_equal(r.status, 200 + i);
		assert_int_equal(r.retry_after_ms, -1);
		assert_null(r.etag);
	}
	http_client_close(client);
	fake_http_stop(&fake);
	assert_int_equal(fake.connections, 1);
}

/* Both ways to say it (RFC 9110, 10.2.3). */
static void test_retry_after_is_told_in_milliseconds(void **state)
{
	static const struct {
		const char *said;
		int64_t low, high;
	} rows[] = {{"0", 0, 0}, {"120", 120000, 120000},
		{"Wed, 21 Oct 2015 07:28:00 GMT", 0, 0},
		{"Fri, 01 Jan 2100 00:00:00 GMT", INT64_C(1000000000), INT64_MAX},
		{"soon", 0, 0}, {"0099999999999999999999", INT64_MAX, INT64_MAX},
		{"9223372036854775807", INT64_MAX, INT64_MAX},
		{"999999999999999", INT64_C(999999999999999000),
			INT64_C(999999999999999000)}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct scratch *s = *state;
		struct fake_http fake;
		struct err e = {0};
		struct http_response r;

		fake_http_start(&fake, s,
			arena_printf(&s->arena,
				"{\"steps\": [{\"answer\": {\"status\": 429, "
				"\"headers\":"
				" {\"Retry-After\": \"%s\"}}}]}",
				rows[i].said),
			NULL, false);
		struct http_client *client =
			open_client(&(struct http_client_options){0});

		assert_int_equal(
			http_client_do(client,
				&(struct http_request){.url = url_of(s, &fake, "/")},
				&r, &e),
			HTTP_ANSWERED);
		assert_in_range(r.retry_after_ms, rows[i].low, rows[i].high);
		assert_int_equal(http_response_fault(&r, &e), -1);
		assert_string_equal(cause(&fake, &e), "HTTP 429");
		assert_int_equal(e.code, ERR_UNAVAILABLE);
		http_client_close(client);
		fake_http_stop(&fake);
	}
}

/* --- everything that can go wrong ------------------------------------------------ */

struct trouble {
	const char *what;
	const char *step;        /* what the peer does with the one request */
	const char *certificate; /* NULL: no TLS */
	struct http_client_options options;
	bool no_ca, asks_client, brings_client, key_is_locked;
	int status; /* an answer with it, or 0 and: */
	enum http_outcome outcome;
	const char *says;
};

#define ANSWER "\"answer\": {\"body\": \"0123456789\"}"

static const struct trouble troubles[] = {
	{.what = "TLS with an own CA",
		.step = ANSWER,
		.certificate = "good",
		.status = 200},
	{.what = "never an answer",
		.step = "\"fault\": \"slow\"",
		.options.total_timeout_ms = QUICK_MS,
		.outcome = HTTP_UNAVAILABLE,
		.says = "no answer within 300 ms"},
	{.what = "never the whole answer",
		.step = ANSWER ", \"fault\": {\"slow after\": 4}",
		.options.total_timeout_ms = 1000,
		.outcome = HTTP_UNAVAILABLE,
		.says = "no whole answer within 1 s, 4 bytes came"},
	{.what = "it trickles",
		.step = ANSWER ", \"fault\": {\"slow after\": 4}",
		.options = {.total_timeout_ms = SLOW_S * 1000,
			.low_speed_bytes = 1000,
			.low_speed_s = 1},
		.outcome = HTTP_UNAVAILABLE,
		.says = "slower than 1000 bytes a second for 1 s"},
	{.what = "cut",
		.step = ANSWER ", \"fault\": {\"cut\": 3}",
		.outcome = HTTP_UNAVAILABLE,
		.says = "the connection was cut after 3 of 10 bytes"},
	{.what = "half an answer",
		.step = ANSWER ", \"fault\": \"half\"",
		.outcome = HTTP_UNAVAILABLE,
		.says = "the connection was cut after 5 of 10 bytes"},
	{.what = "half an answer over TLS",
		.step = ANSWER ", \"fault\": \"half\"",
		.certificate = "good",
		.outcome = HTTP_UNAVAILABLE,
		.says = "the connection was cut after 5 of 10 bytes"},
	{.what = "cut in chunks",
		.step = "\"answer\": {\"headers\": {\"Transfer-Encoding\": "
			"\"chunked\"},"
			" \"body\": \"3\\r\\nabc\\r\\n9\\r\\n\"}, \"fault\": {\"cut\": "
			"11}",
		.outcome = HTTP_UNAVAILABLE,
		.says = "the connection was cut after 3 bytes"},
	{.what = "closed at once",
		.step = "\"fault\": \"no answer\"",
		.outcome = HTTP_UNAVAILABLE,
		.says = "the connection was closed without an answer"},
	{.what = "no HTTP",
		.step = "\"fault\": \"not http\"",
		.outcome = HTTP_UNAVAILABLE,
		.says = "the answer is not HTTP"},
	{.what = "expired",
		.certificate = "expired",
		.outcome = HTTP_REFUSED,
		.says = "the certificate has expired"},
	{.what = "another's",
		.certificate = "other",
		.outcome = HTTP_REFUSED,
		.says = "the certificate is for another host"},
	{.what = "of a stranger",
		.certificate = "stranger",
		.outcome = HTTP_REFUSED,
		.says = "the certificate is of an authority that is not trusted "
			"(ca_file)"},
	{.what = "the system's authorities do not know it",
		.certificate = "good",
		.no_ca = true,
		.outcome = HTTP_REFUSED,
		.says = "the certificate is of an authority that is not trusted "
			"(ca_file)"},
	{.what = "with a client certificate",
		.step = ANSWER,
		.certificate = "good",
		.asks_client = true,
		.brings_client = true,
		.status = 200},
	{.what = "whose key has a password",
		.step = ANSWER,
		.certificate = "good",
		.asks_client = true,
		.key_is_locked = true,
		.options.key_password = SECRET,
		.status = 200},
	{.what = "whose key has another password",
		.certificate = "good",
		.asks_client = true,
		.key_is_locked = true,
		.options.key_password = "not" SECRET,
		.outcome = HTTP_REFUSED,
		.says = "the client certificate, its key or the key's password is "
			"wrong"},
	{.what = "without the client certificate",
		.certificate = "good",
		.asks_client = true,
		.outcome = HTTP_REFUSED,
		.says = "no TLS: "},
	{.what = "an answer of any status is one",
		.step = "\"answer\": {\"status\": 503}",
		.status = 503},
	{.what = "a redirect is an answer",
		.step = "\"answer\": {\"status\": 302, \"headers\": {\"Location\":"
			" \"{url}/other\"}}",
		.status = 302},
	{.what = "a redirect to another host is never followed",
		.step = "\"answer\": {\"status\": 302, \"headers\": {\"Location\":"
			" \"http://localhost:{port}/other\"}}",
		.options.follow_redirects = true,
		.status = 302},
	{.what = "a redirect to here, if we may",
		.step = "\"answer\": {\"status\": 302, \"headers\": {\"Location\":"
			" \"/other\"}}}, {\"expect\": {\"path\": \"/other\"},"
			" \"answer\": {\"status\": 204}",
		.options.follow_redirects = true,
		.status = 204},
};

static void play_trouble(struct scratch *s, const struct trouble *row)
{
	struct http_client_options options = row->options;
	struct http_response r = {0};
	struct err e = {0};
	struct fake_http fake;

	print_message("  %s\n", row->what);
	fake_http_start(&fake, s,
		row->step ? arena_printf(&s->arena, "{\"steps\": [{%s}]}", row->step)
			  : "{}",
		row->certificate, row->asks_client);
	if (row->certificate && !row->no_ca)
		options.ca_file = fake.ca_file;
	if (row->brings_client)
		options.client_cert_file = fake.client_file;
	if (row->key_is_locked)
		options.client_cert_file = scratch_path(s, "tls/locked.pem");
	struct http_client *client = open_client(&options);
	const struct http_request request = {
		.url = url_of(s, &fake, "/list?token=" SECRET)};
	enum http_outcome outcome = http_client_do(client, &request, &r, &e);

	if (row->status) {
		assert_string_equal(e.text, "");
		assert_int_equal(outcome, HTTP_ANSWERED);
		assert_int_equal(r.status, row->status);
	} else {
		assert_begins(cause(&fake, &e), row->says);
		assert_int_equal(outcome, row->outcome);
		assert_int_equal(
			e.code, outcome == HTTP_REFUSED ? ERR_CONFIG : ERR_UNAVAILABLE);
		assert_null(strstr(e.text, SECRET));
	}
	http_client_close(client);
	fake_http_stop(&fake);
}

static void test_what_goes_wrong_is_named(void **state)
{
	for (size_t i = 0; i < sizeof(troubles) / sizeof(*troubles); i++)
		play_trouble(*state, &troubles[i]);
}

/* What cannot even be asked. */
static void test_what_is_not_asked(void **state)
{
	static const struct http_header split = {"X-A", "b\r\nX-C: d"};
	static const struct {
		const char *url, *says;
		const struct http_header *header;
		enum err_code code;
	} rows[] = {
		{"file:///etc/passwd", "the URL is not one", NULL, ERR_CONFIG},
		{"ftp://127.0.0.1/x", "127.0.0.1:21: only http and https are spoken",
			NULL, ERR_CONFIG},
		{"e-office", "the URL is not one", NULL, ERR_CONFIG},
		{"http://user:" SECRET "@127.0.0.1:1/",
			"127.0.0.1:1: a URL with a user name in it is not taken", NULL,
			ERR_CONFIG},
		{"http://127.0.0.1:1/" SECRET,
			"127.0.0.1:1: cannot connect: "
			"Connection refused",
			NULL, ERR_UNAVAILABLE},
		{"http://no.such.host.invalid/",
			"no.such.host.invalid:80: "
			"the host's name is not known",
			NULL, ERR_UNAVAILABLE},
		{"http://127.0.0.1:1/",
			"127.0.0.1:1: a header's name or value has a line "
			"break in it",
			&split, ERR_INPUT},
	};
	struct http_client *client = open_client(&(struct http_client_options){0});

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct http_response r;
		struct err e = {0};
		const struct http_request request = {.url = rows[i].url,
			.headers = rows[i].header,
			.headers_n = rows[i].header ? 1 : 0};

		assert_int_equal(http_client_do(client, &request, &r, &e),
			rows[i].code == ERR_UNAVAILABLE ? HTTP_UNAVAILABLE
							: HTTP_REFUSED);
		assert_begins(e.text, rows[i].says);
		assert_int_equal(e.code, rows[i].code);
		assert_null(strstr(e.text, SECRET));
	}
	http_client_close(client);
}

static void test_a_file_that_is_missing_is_found_at_once(void **state)
{
	struct scratch *s = *state;
	const struct http_client_options options = {
		.ca_file = scratch_path(s, "nowhere.pem")};
	struct http_client *client;
	struct err e = {0};

	assert_int_equal(http_client_open(&options, &client, &e), -1);
	assert_int_equal(e.code, ERR_CONFIG);
	assert_non_null(strstr(e.text, "nowhere.pem: No such file"));
}

static void test_an_answer_longer_than_allowed_is_cut_and_said_to_be(void **state)
{
	struct scratch *s = *state;
	struct fake_http fake;
	struct http_response r;
	struct err e = {0};

	fake_http_start(
		&fake, s, "{\"steps\": [{" ANSWER "}, {" ANSWER "}]}", NULL, false);
	for (size_t max = 9; max <= 10; max++) {
		struct http_client *client =
			open_client(&(struct http_client_options){.max_body = max});
		const struct http_request request = {.url = url_of(s, &fake, "/")};

		assert_int_equal(
			http_client_do(client, &request, &r, &e), HTTP_ANSWERED);
		assert_int_equal(r.status, 200);
		assert_int_equal(r.truncated, max == 9);
		assert_int_equal(r.body.n, max == 9 ? 0 : 10);
		http_client_close(client);
	}
	fake_http_stop(&fake);
}

/* --- many in flight -------------------------------------------------------------- */

enum { MANY = 20 };

/* One never answers, one is cut; the others are not held up. */
static void test_many_are_in_flight_and_each_ends_for_itself(void **state)
{
	struct scratch *s = *state;
	struct fake_http fake;
	struct http_done done;
	struct http_response r;
	struct err e = {0};
	bool seen[MANY] = {0};

	fake_http_start(&fake, s,
		"{\"steps\": [{\"expect\": {\"path\": \"/3\"}, \"fault\": \"slow\"},"
		"{\"expect\": {\"path\": \"/5\"}, \"fault\": \"no answer\"},"
		"{\"expect\": {\"path\": \"/apart\"}, \"answer\": {\"status\": 202}},"
		"{\"expect\": {\"path\": \"^/\"}, \"times\": \"any\"}]}",
		NULL, false);
	struct http_client *client = open_client(
		&(struct http_client_options){.total_timeout_ms = SLOW_S * 1000});

	assert_int_equal(http_client_wait(client, SLOW_S * 1000, &done, &e),
		HTTP_WAIT_NONE); /* nothing to wait for */
	for (uint64_t i = 0; i < MANY; i++) {
		const struct http_request request = {
			.url = url_of(
				s, &fake, arena_printf(&s->arena, "/%d", (int)i))};

		assert_int_equal(http_client_start(client, &request, i, &e), 0);
	}
	const struct http_request apart = {.url = url_of(s, &fake, "/apart")};

	assert_int_equal(http_client_do(client, &apart, &r, &e), HTTP_ANSWERED);
	assert_int_equal(r.status, 202);
	assert_int_equal(http_client_in_flight(client), MANY);
	for (size_t i = 1; i < MANY; i++) {
		assert_int_equal(http_client_wait(client, SLOW_S * 1000, &done, &e),
			HTTP_WAIT_DONE);
		assert_false(seen[done.tag]);
		seen[done.tag] = true;
		if (done.tag == 5) {
			assert_int_equal(done.outcome, HTTP_UNAVAILABLE);
			assert_string_equal(cause(&fake, &done.why),
				"the connection was closed without an answer");
			continue;
		}
		assert_int_equal(done.outcome, HTTP_ANSWERED);
		assert_int_equal(done.response.status, 200);
	}
	assert_false(seen[3]);
	assert_int_equal(http_client_in_flight(client), 1);
	http_client_close(client);
	fake_http_stop(&fake);
}

static void test_a_wait_ends_and_closing_drops_what_is_in_flight(void **state)
{
	struct scratch *s = *state;
	struct fake_http fake;
	struct http_done done;
	struct err e = {0};

	fake_http_start(&fake, s, "{\"steps\": [{\"fault\": \"slow\"}]}", NULL, false);
	struct http_client *client = open_client(
		&(struct http_client_options){.total_timeout_ms = SLOW_S * 1000});
	const struct http_request request = {.url = url_of(s, &fake, "/")};

	assert_int_equal(http_client_start(client, &request, 1, &e), 0);
	assert_int_equal(http_client_wait(client, 0, &done, &e), HTTP_WAIT_NONE);
	assert_int_equal(http_client_wait(client, 200, &done, &e), HTTP_WAIT_NONE);
	assert_int_equal(http_client_in_flight(client), 1);
	http_client_close(client);
	fake_http_stop(&fake);
}

int main(void)
{
#define IN_SCRATCH(test)                                                               \
	cmocka_unit_test_setup_teardown(test, scratch_setup, scratch_teardown)
	const struct CMUnitTest tests[] = {
		IN_SCRATCH(test_a_request_and_its_answer),
		IN_SCRATCH(test_a_connection_is_used_again_for_every_method),
		IN_SCRATCH(test_retry_after_is_told_in_milliseconds),
		IN_SCRATCH(test_what_goes_wrong_is_named),
		IN_SCRATCH(test_what_is_not_asked),
		IN_SCRATCH(test_a_file_that_is_missing_is_found_at_once),
		IN_SCRATCH(test_an_answer_longer_than_allowed_is_cut_and_said_to_be),
		IN_SCRATCH(test_many_are_in_flight_and_each_ends_for_itself),
		IN_SCRATCH(test_a_wait_ends_and_closing_drops_what_is_in_flight),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
