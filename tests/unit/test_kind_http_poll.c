/* The keys of `type: http-poll`; what is wrong with them:
 * fixtures/config/http-poll.yaml. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "adapters/http_poll_source.h"
#include "gateway/config/config.h"

static struct config *config;

static int load(void **state)
{
	struct config_complaints complaints = {0};
	const char *source = getenv("CONGVAN_SOURCE");
	struct arena arena = {0};
	const char *file = arena_printf(&arena,
		"%s/tests/fixtures/config/good-http-poll.yaml", source ? source : ".");

	(void)state;
	setenv("CONGVAN_TEST_PASSWORD", "opensesame", 1);
	int result = config_load(file, NULL, &config, &complaints);

	config_complaints_deinit(&complaints);
	arena_deinit(&arena);
	return result;
}

static int forget(void **state)
{
	(void)state;
	config_free(config);
	return 0;
}

static void what_is_not_said_has_its_default(void **state)
{
	const struct config_adapter *a = config_find_adapter(config, "plain");
	const struct http_poll_options *o = a->options;

	(void)state;
	assert_string_equal(a->source->peer(o), "http://eoffice.example");
	assert_string_equal(o->list.items, "");
	assert_int_equal(o->interval_s, 60);
	assert_int_equal(o->client.connect_timeout_ms, 5000);
	assert_int_equal(o->client.total_timeout_ms, 30000);
	assert_int_equal(o->auth.kind, HTTP_AUTH_NONE);
	assert_int_equal(o->paging, POLL_PAGING_NONE);
	assert_int_equal(o->cursor, POLL_CURSOR_NONE);
	assert_null(o->ack_url);
}

static void every_key_is_read(void **state)
{
	const struct config_adapter *a = config_find_adapter(config, "full");
	const struct http_poll_options *o = a->options;

	(void)state;
	assert_int_equal(a->format, FORMAT_EVENT);
	assert_string_equal(a->source->peer(o), "https://eoffice.example:8443");
	assert_string_equal(o->list.ok_value, "OK");
	assert_int_equal(o->paging, POLL_PAGING_NUMBER);
	assert_int_equal(o->first_page, 0);
	assert_int_equal(o->cursor, POLL_CURSOR_ITEMS);
	assert_string_equal(o->start, "0");
	assert_true(o->base64);
	assert_string_equal(o->ack_method, "PUT");
	assert_string_equal(o->ack_type, "application/json");
	assert_int_equal(o->interval_s, 300);
	assert_int_equal(o->auth.kind, HTTP_AUTH_CLIENT_CREDENTIALS);
	assert_true(o->auth.secret_in_body);
	assert_string_equal(o->auth.secret, "opensesame");
	assert_string_equal(o->auth.scope, "documents");
	assert_int_equal(o->headers_n, 1);
	assert_string_equal(o->headers[0].name, "X-Unit");
	assert_int_equal(o->client.connect_timeout_ms, 2000);
	assert_int_equal(o->client.total_timeout_ms, 60000);
	assert_int_equal(o->client.max_body, 1048576);
}

static void a_list_may_be_xml_and_a_cursor_a_day(void **state)
{
	const struct http_poll_options *o = config_find_adapter(config, "xml")->options;

	(void)state;
	assert_int_equal(o->list.format, POLL_LIST_XML);
	assert_int_equal(o->paging, POLL_PAGING_LINK);
	assert_int_equal(o->cursor, POLL_CURSOR_DAY);
	assert_int_equal(o->since, POLL_SINCE_DAY_FIRST);
	assert_int_equal(o->overlap_days, 3);
	assert_string_equal(o->document_link, "link/@href");
	assert_string_equal(o->auth.header, "X-Api-Key");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_not_said_has_its_default),
		cmocka_unit_test(every_key_is_read),
		cmocka_unit_test(a_list_may_be_xml_and_a_cursor_a_day),
	};

	return cmocka_run_group_tests(tests, load, forget);
}
