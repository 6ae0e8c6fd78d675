#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "queue/amqp_url.h"

static void assert_same(const char *got, const char *want)
{
	assert_int_equal(!got, !want);
	if (want)
		assert_string_equal(got, want);
}

static void a_url_says_where_the_broker_is(void **state)
{
	static const struct {
		const char *text;
		struct amqp_url url;
	} rows[] = {
		{"amqp://localhost", {false, 5672, "guest", "localhost", "/", 0, 0, 0}},
		{"amqp://localhost/",
			{false, 5672, "guest", "localhost", "/", 0, 0, 0}},
		{"amqp://h/%2F", {false, 5672, "guest", "h", "/", 0, 0, 0}},
		{"amqp://gateway@h:5673/province",
			{false, 5673, "gateway", "h", "province", 0, 0, 0}},
		{"amqps://h/v", {true, 5671, "guest", "h", "v", 0, 0, 0}},
		{"amqp://a%40b@[::1]:1/x%2Fy",
			{false, 1, "a@b", "::1", "x/y", 0, 0, 0}},
		{"amqp://[fe80::1]", {false, 5672, "guest", "fe80::1", "/", 0, 0, 0}},
		{"amqps://h/?cacertfile=/etc/ca.pem",
			{true, 5671, "guest", "h", "/", "/etc/ca.pem", 0, 0}},
		{"amqps://h?certfile=c&keyfile=k%3d&cacertfile=a",
			{true, 5671, "guest", "h", "/", "a", "c", "k="}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct amqp_url *want = &rows[i].url;
		struct amqp_url got = {0};
		struct err e = {0};

		if (amqp_url_parse(rows[i].text, &got, &e) < 0)
			fail_msg("%s: %s", rows[i].text, e.text);
		assert_int_equal(got.tls, want->tls);
		assert_int_equal(got.port, want->port);
		assert_string_equal(got.user, want->user);
		assert_string_equal(got.host, want->host);
		assert_string_equal(got.vhost, want->vhost);
		assert_same(got.cacertfile, want->cacertfile);
		assert_same(got.certfile, want->certfile);
		assert_same(got.keyfile, want->keyfile);
		amqp_url_deinit(&got);
	}
}

static void a_wrong_url_is_refused_without_repeating_it(void **state)
{
	static const char *const rows[][2] = {
		{NULL, "missing"},
		{"", "missing"},
		{"http://secret", "neither"},
		{"amqp:/secret", "neither"},
		{"amqp://", "no host"},
		{"amqp://user:secret@h", "password"},
		{"amqp://user:@h", "password"},
		{"amqp://user:se@cret@h", "password"},
		{"amqp://@h", "no user"},
		{"amqp://secret%@h", "no user"},
		{"amqp://secret%zz@h", "no user"},
		{"amqp://[::1", "]"},
		{"amqp://h:0", "port"},
		{"amqp://h:", "port"},
		{"amqp://h:65536", "port"},
		{"amqp://h:secret/", "port"},
		{"amqp://h/secret/b", "%2F"},
		{"amqp://h/secret%0", "hexadecimal"},
		{"amqp://h/secret%00", "hexadecimal"},
		{"amqp://h/v?secret=1", "only cacertfile"},
		{"amqp://h/v?certfile=secret", "together"},
		{"amqp://h/v#secret", "after its end"},
		{"amqp://[::1]secret", "after its end"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct amqp_url got = {0};
		struct err e = {0};

		assert_int_equal(amqp_url_parse(rows[i][0], &got, &e), -1);
		assert_int_equal(e.code, ERR_CONFIG);
		if (!strstr(e.text, rows[i][1]) || strstr(e.text, "secret"))
			fail_msg("%s: %s", rows[i][0], e.text);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_url_says_where_the_broker_is),
		cmocka_unit_test(a_wrong_url_is_refused_without_repeating_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
