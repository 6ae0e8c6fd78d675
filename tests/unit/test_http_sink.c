/*
 * The http sink and a task system that plays a case: what each event becomes there,
 * what its answers mean, and how we show who we are.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "adapters/http_sink.h"
#include "tests/lib/fake_http_process.h"
#include "tests/lib/sink_trial.h"

#define SECRET "opensesame"

static const struct http_status_range good[] = {{200, 299}};
static const struct http_status_range conflict[] = {{409, 409}};
static const char *const first[] = {"task.assigned"};
static const char *const others[] = {"task.completed", "task.#"};
static const char *const zero[] = {"0"};

/* A task system: a new task by JSON, all that follows by XML under its own id. */
struct system {
	struct template_json members[3], body;
	struct http_sink_header headers[2];
	struct http_sink_route routes[2];
	struct http_sink_options options;
};

static const struct template *parse(
	struct scratch *s, const char *text, enum template_place place)
{
	static const struct template_tables none = {0};
	struct template_fault fault = {0};
	const struct template *t =
		template_parse(&s->arena, text, place, &none, &fault);

	if (!t)
		fail_msg("%s: at %zu: %s", text, fault.at, fault.text);
	return t;
}

static void make_routes(struct scratch *s, struct system *y)
{
	y->members[0] = (struct template_json){.kind = TEMPLATE_JSON_TEXT,
		.key = "ten",
		.text = parse(s, "{data.content}", TEMPLATE_JSON),
		.next = &y->members[1]};
	y->members[1] = (struct template_json){.kind = TEMPLATE_JSON_TEXT,
		.key = "han",
		.text = parse(s, "{data.due_on | date dd/MM/yyyy}", TEMPLATE_JSON)};
	y->body = (struct template_json){
		.kind = TEMPLATE_JSON_OBJECT, .first = y->members};
	y->headers[0] = (struct http_sink_header){
		"X-Unit", parse(s, "{data.lead}", TEMPLATE_HEADER)};
	y->headers[1] = (struct http_sink_header){
		"content-type", parse(s, "application/vnd.x+json", TEMPLATE_HEADER)};
	y->routes[0] = (struct http_sink_route){
		.patterns = first,
		.patterns_n = 1,
		.method = "POST",
		.path = parse(s, "/tasks?unit={data.lead}", TEMPLATE_URL),
		.headers = y->headers,
		.headers_n = 2,
		.json = &y->body,
		.rules = {.already = {.statuses = conflict, .statuses_n = 1},
			.success = {.statuses = good,
				.statuses_n = 1,
				.at = "/code",
				.equals = zero,
				.equals_n = 1},
			.known_as = "/id"},
	};
	y->routes[1] = (struct http_sink_route){
		.patterns = others,
		.patterns_n = 2,
		.method = "PUT",
		.path = parse(s, "/tasks/{known_as}", TEMPLATE_URL),
		.xml = parse(s, "<t n='{name}'>{data.content}</t>", TEMPLATE_XML),
		.rules = {.body = HTTP_BODY_XML,
			.success = {.statuses = good, .statuses_n = 1}},
	};
}

static void make_system(
	struct scratch *s, const struct fake_http *fake, struct system *y)
{
	*y = (struct system){0};
	make_routes(s, y);
	y->options = (struct http_sink_options){
		.url = arena_printf(&s->arena, "%s/api", fake->url),
		.origin = fake->url,
		.id_header = "Idempotency-Key",
		.routes = y->routes,
		.routes_n = 2,
	};
}

static void test_each_event_becomes_what_its_route_says(void **state)
{
	struct scratch *s = *state;
	struct fake_http fake;
	struct system y;
	struct sink_trial t;

	fake_http_start(&fake, s,
		"{\"steps\": [{\"expect\": {\"method\": \"POST\","
		" \"path\": \"/api/tasks?unit=H99.05\", \"headers\": {"
		"  \"Content-Type\": \"application/vnd.x+json\", \"X-Unit\": "
		"\"H99.05\","
		"  \"Accept\": \"application/json\", \"Idempotency-Key\": \"H99-1\","
		"  \"traceparent\":"
		"  \"00-0123456789abcdef0123456789abcdef-0123456789abcdef-01\"},"
		" \"json\": {\"ten\": \"Rà soát \\\"gấp\\\" & <b>\","
		"  \"han\": \"10/12/2025\"}},"
		" \"answer\": {\"json\": {\"code\": 0, \"id\": \"T/1\"}}},"
		"{\"expect\": {\"method\": \"PUT\", \"path\": \"/api/tasks/T%2F1\","
		" \"headers\": {\"Content-Type\": \"application/xml\","
		"  \"Accept\": \"application/xml, text/xml\", \"X-Unit\": null,"
		"  \"Idempotency-Key\": \"H99-2\"},"
		" \"body\": \"<t n='task.completed'>Rà soát &#34;gấp&#34; &#38; "
		"&#60;b&#62;</t>\"}}]}",
		NULL, false);
	make_system(s, &fake, &y);
	sink_trial_open(&t, &http_sink_ops, &y.options);
	sink_trial_send(&t, "H99-1", "task.assigned", NULL);
	sink_trial_wait(&t, 1);
	assert_int_equal(t.news[1].verdict, SINK_DELIVERED);
	assert_string_equal(t.news[1].known_as, "T/1");
	sink_trial_send(&t, "H99-2", "task.completed", t.news[1].known_as);
	sink_trial_wait(&t, 2);
	assert_int_equal(t.news[2].verdict, SINK_DELIVERED);
	assert_string_equal(t.news[2].known_as, "");
	sink_trial_close(&t);
	fake_http_stop(&fake);
	assert_int_equal(fake.connections, 1);
}

static void test_an_event_without_a_route_is_passed_over(void **state)
{
	struct scratch *s = *state;
	struct fake_http fake;
	struct system y;
	struct sink_trial t;

	fake_http_start(&fake, s, "{\"steps\": []}", NULL, false);
	make_system(s, &fake, &y);
	sink_trial_open(&t, &http_sink_ops, &y.options);
	sink_trial_send(&t, "H99-1", "reply.issued", NULL);
	sink_trial_wait(&t, 1);
	assert_int_equal(t.news[1].verdict, SINK_DELIVERED);
	sink_trial_close(&t);
	fake_http_stop(&fake);
	assert_int_equal(fake.requests, 0);
}

static void test_an_event_that_cannot_be_written_is_rejected_and_not_sent(void **state)
{
	struct scratch *s = *state;
	struct fake_http fake;
	struct system y;
	struct sink_trial t;

	fake_http_start(&fake, s, "{\"steps\": []}", NULL, false);
	make_system(s, &fake, &y);
	sink_trial_open(&t, &http_sink_ops, &y.options);
	sink_trial_send(&t, "H99-2", "task.completed", NULL);
	sink_trial_wait(&t, 1);
	assert_int_equal(t.news[1].verdict, SINK_REJECTED);
	assert_string_equal(t.news[1].reason,
		"the template cannot be filled: known_as: is not known, and has no "
		"`default`");
	sink_trial_close(&t);
	fake_http_stop(&fake);
}

static void test_a_duplicate_that_is_answered_as_a_failure_is_delivered(void **state)
{
	struct scratch *s = *state;
	struct fake_http fake;
	struct system y;
	struct sink_trial t;

	fake_http_start(&fake, s,
		"{\"steps\": [{\"expect\": {\"method\": \"POST\","
		" \"path\": \"/api/tasks?unit=H99.05\"},"
		" \"answer\": {\"status\": 409, \"json\": {\"id\": 7}}}]}",
		NULL, false);
	make_system(s, &fake, &y);
	sink_trial_open(&t, &http_sink_ops, &y.options);
	sink_trial_send(&t, "H99-1", "task.assigned", NULL);
	sink_trial_wait(&t, 1);
	assert_int_equal(t.news[1].verdict, SINK_DELIVERED);
	assert_string_equal(t.news[1].known_as, "7");
	sink_trial_close(&t);
	fake_http_stop(&fake);
}

static const struct {
	struct http_auth_options auth;
	const char *header, *value;
} shown[] = {
	{{.kind = HTTP_AUTH_NONE}, "Authorization", "null"},
	{{.kind = HTTP_AUTH_BEARER, .secret = SECRET}, "Authorization",
		"\"Bearer " SECRET "\""},
	{{.kind = HTTP_AUTH_BASIC, .user = "cv", .secret = SECRET}, "Authorization",
		"\"Basic Y3Y6b3BlbnNlc2FtZQ==\""},
	{{.kind = HTTP_AUTH_HEADER, .header = "X-Api-Key", .secret = SECRET},
		"X-Api-Key", "\"" SECRET "\""},
};

static void test_we_show_who_we_are_and_say_it_nowhere(void **state)
{
	struct scratch *s = *state;

	for (size_t i = 0; i < sizeof(shown) / sizeof(*shown); i++) {
		struct fake_http fake;
		struct system y;
		struct sink_trial t;

		fake_http_start(&fake, s,
			arena_printf(&s->arena,
				"{\"steps\": [{\"expect\": {\"method\": \"POST\", "
				"\"path\":"
				" \"^\", \"headers\": {\"%s\": %s}},"
				" \"answer\": {\"status\": 403}}]}",
				shown[i].header, shown[i].value),
			NULL, false);
		make_system(s, &fake, &y);
		y.options.flight.auth = shown[i].auth;
		sink_trial_open(&t, &http_sink_ops, &y.options);
		sink_trial_send(&t, "H99-1", "task.assigned", NULL);
		sink_trial_wait(&t, 1);
		assert_int_equal(t.news[1].verdict, SINK_REJECTED);
		assert_null(strstr(t.news[1].reason, SECRET));
		assert_non_null(strstr(t.news[1].reason, ": HTTP 403"));
		sink_trial_close(&t);
		fake_http_stop(&fake);
	}
}

#define TOKEN(n)                                                                       \
	"{\"expect\": {\"method\": \"POST\", \"path\": \"/token\"}, \"answer\": "      \
	"{\"json\":"                                                                   \
	" {\"access_token\": \"t" n "\"}}}"
#define TASK(id, n, status)                                                            \
	"{\"expect\": {\"method\": \"POST\", \"path\": \"^/api/tasks\", \"headers\":"  \
	" {\"Authorization\": \"Bearer t" n "\", \"Idempotency-Key\": \"" id "\"}},"   \
	" \"answer\": {\"status\": " status ", \"json\": {\"code\": 0, \"id\": 1}}}"

static void test_a_token_that_has_ended_is_fetched_anew_and_the_event_sent_again(
	void **state)
{
	struct scratch *s = *state;
	struct fake_http fake;
	struct system y;
	struct sink_trial t;

	fake_http_start(&fake, s,
		"{\"steps\": [" TOKEN("1") "," TASK("H99-1", "1", "200") "," TASK(
			"H99-2", "1", "401") "," TOKEN("2") "," TASK("H99-2", "2",
			"200") "]}",
		NULL, false);
	make_system(s, &fake, &y);
	y.options.flight.auth =
		(struct http_auth_options){.kind = HTTP_AUTH_CLIENT_CREDENTIALS,
			.user = "cv",
			.secret = SECRET,
			.token_url = arena_printf(&s->arena, "%s/token", fake.url)};
	sink_trial_open(&t, &http_sink_ops, &y.options);
	for (size_t i = 1; i <= 2; i++) {
		sink_trial_send(&t, i == 1 ? "H99-1" : "H99-2", "task.assigned", NULL);
		sink_trial_wait(&t, i);
		assert_int_equal(t.news[i].verdict, SINK_DELIVERED);
	}
	sink_trial_close(&t);
	fake_http_stop(&fake);
	assert_int_equal(fake.requests, 5);
}

static void test_without_a_token_all_in_line_are_put_off(void **state)
{
	struct scratch *s = *state;
	struct fake_http fake;
	struct system y;
	struct sink_trial t;

	fake_http_start(&fake, s,
		"{\"steps\": [{\"expect\": {\"method\": \"POST\", \"path\": "
		"\"/token\"},"
		" \"answer\": {\"status\": 400, \"body\": \"" SECRET "\"},"
		" \"times\": \"any\"}]}",
		NULL, false);
	make_system(s, &fake, &y);
	y.options.flight.auth =
		(struct http_auth_options){.kind = HTTP_AUTH_CLIENT_CREDENTIALS,
			.user = "cv",
			.secret = SECRET,
			.token_url = arena_printf(&s->arena, "%s/token", fake.url)};
	sink_trial_open(&t, &http_sink_ops, &y.options);
	sink_trial_send(&t, "H99-1", "task.assigned", NULL);
	sink_trial_send(&t, "H99-2", "task.assigned", NULL);
	sink_trial_wait(&t, 2);
	for (size_t i = 1; i <= 2; i++) {
		assert_int_equal(t.news[i].verdict, SINK_DEFERRED);
		assert_null(strstr(t.news[i].reason, SECRET));
		assert_memory_equal(t.news[i].reason, "no token: ", 10);
	}
	sink_trial_close(&t);
	fake_http_stop(&fake);
}

#define ON_A_SCRATCH(test)                                                             \
	cmocka_unit_test_setup_teardown(test, scratch_setup, scratch_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_A_SCRATCH(test_each_event_becomes_what_its_route_says),
		ON_A_SCRATCH(test_an_event_without_a_route_is_passed_over),
		ON_A_SCRATCH(
			test_an_event_that_cannot_be_written_is_rejected_and_not_sent),
		ON_A_SCRATCH(
			test_a_duplicate_that_is_answered_as_a_failure_is_delivered),
		ON_A_SCRATCH(test_we_show_who_we_are_and_say_it_nowhere),
		ON_A_SCRATCH(
			test_a_token_that_has_ended_is_fetched_anew_and_the_event_sent_again),
		ON_A_SCRATCH(test_without_a_token_all_in_line_are_put_off),
	};

	return cmocka_run_group_tests_name("http sink", tests, NULL, NULL);
}
