/* How we show who we are: what is sent, and the life of a token that is fetched. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "adapters/http_auth.h"
#include "tests/lib/fake_http_process.h"

/* One client, one fake peer that gives out tokens, and who is asked for the header. */
struct trial {
	struct fake_http fake;
	struct http_client *client;
	struct http_auth_options options;
	struct http_auth *auth;
	struct err e;
};

static void begin(struct trial *t, struct scratch *s, const char *case_text)
{
	const struct http_client_options none = {0};

	*t = (struct trial){.options = {.kind = HTTP_AUTH_CLIENT_CREDENTIALS,
				    .user = "công văn",
				    .secret = "open:sesame",
				    .scope = "a b"}};
	fake_http_start(&t->fake, s, case_text, NULL, false);
	t->options.token_url = arena_printf(&s->arena, "%s/token", t->fake.url);
	assert_int_equal(http_client_open(&none, &t->client, &t->e), 0);
	t->auth = http_auth_new(&t->options);
}

static void end(struct trial *t)
{
	http_auth_free(t->auth);
	http_client_close(t->client);
	fake_http_stop(&t->fake);
}

static void assert_shows(struct trial *t, const char *value)
{
	struct http_header header;

	if (http_auth_header(t->auth, t->client, &header, &t->e) != HTTP_ANSWERED)
		fail_msg("%s", t->e.text);
	assert_string_equal(header.name, "Authorization");
	assert_string_equal(header.value, value);
}

#define ASKS "\"expect\": {\"method\": \"POST\", \"path\": \"/token\"}"
#define GIVES(token, seconds)                                                          \
	"{" ASKS ", \"answer\": {\"json\": {\"access_token\": \"" token                \
	"\", \"expires_in\": " #seconds "}}}"

static void test_a_token_is_fetched_once_and_kept(void **state)
{
	struct trial t;

	/* Id and secret are escaped before they are Basic: c%C3%B4ng%20… */
	begin(&t, *state,
		"{\"steps\": [{\"expect\": {\"method\": \"POST\", \"path\": \"/token\","
		" \"headers\": {\"Authorization\": \"Basic "
		"YyVDMyVCNG5nJTIwdiVDNCU4M246b3BlbiUzQXNlc2FtZQ==\","
		" \"Content-Type\": \"application/x-www-form-urlencoded\"},"
		" \"body\": \"grant_type=client_credentials&scope=a%20b\"},"
		" \"answer\": {\"json\": {\"access_token\": \"one\","
		" \"expires_in\": 3600}}}]}");
	assert_shows(&t, "Bearer one");
	assert_shows(&t, "Bearer one");
	end(&t);
}

static void test_one_that_ends_in_a_moment_is_not_used_again(void **state)
{
	struct trial t;

	begin(&t, *state,
		"{\"steps\": [" GIVES("one", 1) ", " GIVES("two", 30) ", " GIVES(
			"three", 3600) "]}");
	assert_shows(&t, "Bearer one");
	assert_shows(&t, "Bearer two");
	assert_shows(&t, "Bearer three");
	assert_shows(&t, "Bearer three");
	end(&t);
}

static void test_one_that_does_not_say_when_it_ends_is_kept(void **state)
{
	static const char *const ends[] = {"", ", \"expires_in\": 0",
		", \"expires_in\": -5", ", \"expires_in\": \"soon\"",
		", \"expires_in\": 99999999999999"};

	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		struct scratch *s = *state;
		struct trial t;

		begin(&t, s,
			arena_printf(&s->arena,
				"{\"steps\": [{" ASKS ", \"answer\": {\"json\": "
				"{\"access_token\": \"one\"%s}}}]}",
				ends[i]));
		assert_shows(&t, "Bearer one");
		assert_shows(&t, "Bearer one");
		end(&t);
	}
}

static void test_it_is_renewed_once_until_one_works(void **state)
{
	struct trial t;

	begin(&t, *state,
		"{\"steps\": [" GIVES("one", 3600) ", " GIVES("two", 3600) ", " GIVES(
			"three", 3600) "]}");
	assert_shows(&t, "Bearer one");
	assert_true(http_auth_renew(t.auth));
	assert_shows(&t, "Bearer two");
	assert_false(http_auth_renew(t.auth)); /* the new one is refused too */
	http_auth_worked(t.auth);
	assert_true(http_auth_renew(t.auth));
	assert_shows(&t, "Bearer three");
	end(&t);
}

static void test_no_token_says_why_and_shows_no_secret(void **state)
{
	static const struct {
		const char *step, *says;
		enum http_outcome outcome;
	} rows[] = {
		{"\"answer\": {\"status\": 401, \"body\": \"open:sesame\"}", "HTTP 401",
			HTTP_REFUSED},
		{"\"answer\": {\"status\": 503}", "HTTP 503", HTTP_UNAVAILABLE},
		{"\"answer\": {\"json\": {\"token\": \"x\"}}", "holds no access_token",
			HTTP_UNAVAILABLE},
		{"\"answer\": {\"body\": \"<html>\"}", "holds no access_token",
			HTTP_UNAVAILABLE},
		{"\"fault\": \"no answer\"", "closed without an answer",
			HTTP_UNAVAILABLE},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct scratch *s = *state;
		struct http_header header;
		struct trial t;

		begin(&t, s,
			arena_printf(&s->arena, "{\"steps\": [{" ASKS ", %s}]}",
				rows[i].step));
		assert_int_equal(http_auth_header(t.auth, t.client, &header, &t.e),
			rows[i].outcome);
		assert_non_null(strstr(t.e.text, rows[i].says));
		assert_null(strstr(t.e.text, "sesame"));
		end(&t);
	}
}

static void test_what_needs_no_token_asks_nobody(void **state)
{
	static const struct {
		struct http_auth_options options;
		const char *name, *value;
	} rows[] = {
		{{.kind = HTTP_AUTH_NONE}, NULL, NULL},
		{{.kind = HTTP_AUTH_BEARER, .secret = "s"}, "Authorization",
			"Bearer s"},
		{{.kind = HTTP_AUTH_BASIC, .user = "a", .secret = "b"}, "Authorization",
			"Basic YTpi"},
		{{.kind = HTTP_AUTH_HEADER, .header = "X-Key", .secret = "s"}, "X-Key",
			"s"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct http_auth *auth = http_auth_new(&rows[i].options);
		struct http_header header;
		struct err e = {0};

		assert_int_equal(
			http_auth_header(auth, NULL, &header, &e), HTTP_ANSWERED);
		assert_false(http_auth_renew(auth));
		if (!rows[i].name)
			assert_null(header.name);
		else
			assert_string_equal(header.name, rows[i].name);
		if (rows[i].value)
			assert_string_equal(header.value, rows[i].value);
		http_auth_free(auth);
	}
}

int main(void)
{
#define IN_SCRATCH(test)                                                               \
	cmocka_unit_test_setup_teardown(test, scratch_setup, scratch_teardown)
	const struct CMUnitTest tests[] = {
		IN_SCRATCH(test_a_token_is_fetched_once_and_kept),
		IN_SCRATCH(test_one_that_ends_in_a_moment_is_not_used_again),
		IN_SCRATCH(test_one_that_does_not_say_when_it_ends_is_kept),
		IN_SCRATCH(test_it_is_renewed_once_until_one_works),
		IN_SCRATCH(test_no_token_says_why_and_shows_no_secret),
		cmocka_unit_test(test_what_needs_no_token_asks_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
