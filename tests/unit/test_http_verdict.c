/*
 * What an answer means: by its status, by what stands in its body, and what is said of
 * it: the peer, the status, the place; never a word of the answer.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "adapters/http_body.h"
#include "adapters/http_verdict.h"

static const struct http_status_range good[] = {{200, 299}};
static const struct http_status_range conflict[] = {{409, 409}};
static const struct http_status_range odd[] = {{200, 201}, {404, 404}};
static const char *const zero[] = {"0", "00"};
static const char *const busy[] = {"17"};
static const char *const exists[] = {"TASK_EXISTS"};

/* Success by status alone; by `code`; and a duplicate told by a status and a word. */
static const struct http_verdict_rules plain = {
	.success = {.statuses = good, .statuses_n = 1}};
static const struct http_verdict_rules by_code = {
	.already = {.statuses = conflict,
		.statuses_n = 1,
		.at = "/error",
		.equals = exists,
		.equals_n = 1},
	.later = {.at = "/code", .equals = busy, .equals_n = 1},
	.success = {.statuses = good,
		.statuses_n = 1,
		.at = "/code",
		.equals = zero,
		.equals_n = 2},
	.known_as = "/data/0/id",
};
static const struct http_verdict_rules in_xml = {
	.body = HTTP_BODY_XML,
	.success = {.statuses = good,
		.statuses_n = 1,
		.at = "//*[local-name()='code']",
		.equals = zero,
		.equals_n = 2},
	.known_as = "/r/@id",
};
static const struct http_verdict_rules wide = {
	.success = {.statuses = odd, .statuses_n = 2}};
static const struct http_verdict_rules present = {
	.success = {.statuses = good, .statuses_n = 1, .at = "/ok"}};
static const struct http_verdict_rules any_conflict = {
	.already = {.statuses = conflict, .statuses_n = 1},
	.success = {.statuses = good, .statuses_n = 1},
	.known_as = "/id",
};

static const struct {
	const struct http_verdict_rules *rules;
	int status;
	enum sink_verdict verdict;
	const char *body, *says, *known_as;
} rows[] = {
	{&plain, 204, SINK_DELIVERED, "", "", ""},
	{&plain, 200, SINK_DELIVERED, "not read", "", ""},
	{&plain, 422, SINK_REJECTED, "{\"why\":\"secret\"}", "h:1: HTTP 422", ""},
	{&plain, 503, SINK_DEFERRED, "", "h:1: HTTP 503", ""},
	{&plain, 302, SINK_DEFERRED, "", "h:1: HTTP 302: redirects are not followed",
		""},
	{&wide, 404, SINK_DELIVERED, "", "", ""},
	{&wide, 202, SINK_REJECTED, "", "h:1: HTTP 202 is no success here", ""},
	{&by_code, 200, SINK_DELIVERED, "{\"code\":0,\"data\":[{\"id\":4711}]}", "",
		"4711"},
	{&by_code, 201, SINK_DELIVERED, "{\"code\":\"00\",\"data\":[{\"id\":\"T/1\"}]}",
		"", "T/1"},
	{&by_code, 200, SINK_REJECTED, "{\"code\":5,\"data\":[{\"id\":4711}]}",
		"h:1: HTTP 200, but /code has not the value of a success", ""},
	{&by_code, 200, SINK_REJECTED, "{\"code\":null}",
		"h:1: HTTP 200, but /code is not there", ""},
	{&by_code, 200, SINK_REJECTED, "{\"code\":0,\"data\":[]}",
		"h:1: HTTP 200, but its id for this is not at /data/0/id (known_as)",
		""},
	{&by_code, 200, SINK_REJECTED, "{\"code\":0,\"data\":[{\"id\":\"a\\nb\"}]}",
		"h:1: HTTP 200, but its id for this is not at /data/0/id (known_as)",
		""},
	{&by_code, 200, SINK_REJECTED, "{\"code\":0,\"data\":[{\"id\":\"\"}]}",
		"h:1: HTTP 200, but its id for this is not at /data/0/id (known_as)",
		""},
	{&by_code, 200, SINK_DEFERRED, "{\"code\":0,\"da",
		"h:1: HTTP 200, but the answer cannot be read as JSON", ""},
	{&by_code, 200, SINK_DEFERRED, "",
		"h:1: HTTP 200, but the answer cannot be read as JSON", ""},
	{&by_code, 200, SINK_DEFERRED, "{\"code\":17}",
		"h:1: HTTP 200: to be tried later", ""},
	{&by_code, 400, SINK_DEFERRED, "{\"code\":17}",
		"h:1: HTTP 400: to be tried later", ""},
	{&by_code, 500, SINK_DEFERRED, "{\"code\":0,\"data\":[{\"id\":4711}]}",
		"h:1: HTTP 500", ""},
	{&by_code, 409, SINK_DELIVERED,
		"{\"error\":\"TASK_EXISTS\",\"data\":[{\"id\":7}]}", "", "7"},
	{&by_code, 409, SINK_DELIVERED, "{\"error\":\"TASK_EXISTS\"}", "", ""},
	{&by_code, 409, SINK_REJECTED, "{\"error\":\"LOCKED\"}", "h:1: HTTP 409", ""},
	{&by_code, 409, SINK_REJECTED, "<html>", "h:1: HTTP 409", ""},
	{&any_conflict, 409, SINK_DELIVERED, "<html>", "", ""},
	{&any_conflict, 200, SINK_DEFERRED, "<html>",
		"h:1: HTTP 200, but the answer cannot be read as JSON", ""},
	{&any_conflict, 200, SINK_DELIVERED, "{\"id\":true}", "", "true"},
	{&present, 200, SINK_DELIVERED, "{\"ok\":false}", "", ""},
	{&present, 200, SINK_REJECTED, "{\"ok\":{}}",
		"h:1: HTTP 200, but /ok is not there", ""},
	{&in_xml, 200, SINK_REJECTED, "<r id=' T1 ' xmlns='urn:x'><code>0</code></r>",
		"h:1: HTTP 200, but its id for this is not at /r/@id (known_as)", ""},
	{&in_xml, 200, SINK_DELIVERED, "<r id=' T1 '><code>\n0 </code></r>", "", "T1"},
	{&in_xml, 200, SINK_REJECTED, "<r id='T1'><code>1</code></r>",
		"h:1: HTTP 200, but //*[local-name()='code'] has not the value of a "
		"success",
		""},
	{&in_xml, 200, SINK_DEFERRED, "<r><code>0</co",
		"h:1: HTTP 200, but the answer cannot be read as XML", ""},
	{&in_xml, 200, SINK_DEFERRED,
		"<!DOCTYPE r [<!ENTITY a 'aa'>]><r id='T1'><code>0</code></r>",
		"h:1: HTTP 200, but the answer cannot be read as XML", ""},
};

static void test_an_answer_is_judged_by_status_and_body(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct sink_news news = {0};
		const struct http_response response = {.status = rows[i].status,
			.where = "h:1",
			.retry_after_ms = -1,
			.body = {rows[i].body, strlen(rows[i].body)}};

		http_verdict(rows[i].rules, &response, &news);
		if (news.verdict != rows[i].verdict ||
			strcmp(news.reason, rows[i].says) != 0)
			fail_msg("%d %s: %d \"%s\"", rows[i].status, rows[i].body,
				news.verdict, news.reason);
		assert_string_equal(news.known_as, rows[i].known_as);
		assert_int_equal(news.retry_after_ms, 0);
	}
}

static void test_an_answer_too_long_to_be_read_is_asked_for_again(void **state)
{
	struct sink_news news = {0};
	const struct http_response response = {.status = 200,
		.where = "h:1",
		.truncated = true,
		.retry_after_ms = -1,
		.body = {"{\"code\":0}", 10}};

	(void)state;
	http_verdict(&by_code, &response, &news);
	assert_int_equal(news.verdict, SINK_DEFERRED);
	http_verdict(&plain, &response, &news);
	assert_int_equal(news.verdict, SINK_DELIVERED);
}

static void test_an_id_that_is_too_long_is_none(void **state)
{
	struct sink_news news = {0};
	char body[400], id[200];

	(void)state;
	memset(id, 'x', sizeof(id));
	for (size_t n = SINK_KNOWN_AS - 1; n <= SINK_KNOWN_AS; n++) {
		snprintf(body, sizeof(body), "{\"id\":\"%.*s\"}", (int)n, id);
		const struct http_response response = {.status = 200,
			.where = "h:1",
			.retry_after_ms = -1,
			.body = {body, strlen(body)}};

		news = (struct sink_news){0};
		http_verdict(&any_conflict, &response, &news);
		assert_int_equal(news.verdict,
			n < SINK_KNOWN_AS ? SINK_DELIVERED : SINK_REJECTED);
		assert_int_equal(strlen(news.known_as), n < SINK_KNOWN_AS ? n : 0);
	}
}

static void test_a_place_in_a_body_is_a_pointer_or_an_xpath(void **state)
{
	static const struct {
		const char *at;
		enum http_body_kind body;
		bool is;
	} places[] = {
		{"/a/b", HTTP_BODY_JSON, true},
		{"a.b", HTTP_BODY_JSON, false},
		{"", HTTP_BODY_JSON, false},
		{"//code[1]/@x", HTTP_BODY_XML, true},
		{"//code[", HTTP_BODY_XML, false},
		{"", HTTP_BODY_XML, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++)
		assert_int_equal(
			http_verdict_judge_place(places[i].body, places[i].at) == NULL,
			places[i].is);
}

static void test_a_pointer_finds_what_stands_there(void **state)
{
	static const char json[] =
		"{\"a/b\":{\"~\":[10,{\"\":1.5}]},\"0\":true,\"s\":\"x\",\"n\":null}";
	static const struct {
		const char *at, *text; /* NULL: nothing is there */
	} places[] = {
		{"/a~1b/~0/0", "10"},
		{"/a~1b/~0/1/", "1.5"},
		{"/a~1b/~0/2", NULL},
		{"/a~1b/~0/x", NULL},
		{"/a~1b/~0/-", NULL},
		{"/0", "true"},
		{"/s", "x"},
		{"/s/x", NULL},
		{"/n", NULL},
		{"/a~1b", NULL},
	};
	struct arena arena = {0};
	struct http_body *body =
		http_body_open(HTTP_BODY_JSON, (struct slice){json, strlen(json)});

	(void)state;
	assert_non_null(body);
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		const char *text = http_body_find(body, places[i].at, &arena);

		assert_string_equal(text ? text : "(none)",
			places[i].text ? places[i].text : "(none)");
	}
	http_body_close(body);
	arena_deinit(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_answer_is_judged_by_status_and_body),
		cmocka_unit_test(test_an_answer_too_long_to_be_read_is_asked_for_again),
		cmocka_unit_test(test_an_id_that_is_too_long_is_none),
		cmocka_unit_test(test_a_place_in_a_body_is_a_pointer_or_an_xpath),
		cmocka_unit_test(test_a_pointer_finds_what_stands_there),
	};

	return cmocka_run_group_tests_name("http verdict", tests, NULL, NULL);
}
