/*
 * What only RabbitMQ can show: a broker that goes away, refuses us, or refuses a
 * message. A broker that goes away is a relay on loopback which cuts what it carries.
 */
#include "tests/unit/test_queue.h"

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <amqp.h>
#include <amqp_tcp_socket.h>

#include "queue/amqp_url.h"

/* Carries one connection to the broker; ends when a byte comes on `stop` or a side
 * closes. */
struct relay {
	int listening, port, broker_port, stop[2];
	pthread_t thread;
};

static int listen_on_loopback(int *ret_port)
{
	struct sockaddr_in a = {
		.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	socklen_t n = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	assert_int_equal(listen(fd, 1), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &n), 0);
	*ret_port = ntohs(a.sin_port);
	return fd;
}

static bool carry(int from, int to)
{
	char bytes[65536];
	ssize_t n = read(from, bytes, sizeof(bytes));

	for (ssize_t at = 0, sent; at < n; at += sent)
		if ((sent = send(to, bytes + at, (size_t)(n - at), MSG_NOSIGNAL)) < 0)
			return false;
	return n > 0;
}

static void *relay_run(void *of)
{
	struct relay *r = of;
	struct sockaddr_in broker = {.sin_family = AF_INET,
		.sin_port = htons((uint16_t)r->broker_port),
		.sin_addr = {htonl(INADDR_LOOPBACK)}};
	int near = accept(r->listening, NULL, NULL);
	int far = socket(AF_INET, SOCK_STREAM, 0);
	bool going = connect(far, (struct sockaddr *)&broker, sizeof(broker)) == 0;

	while (going) {
		struct pollfd p[] = {
			{near, POLLIN, 0}, {far, POLLIN, 0}, {r->stop[0], POLLIN, 0}};

		poll(p, 3, -1);
		going = !p[2].revents && (!p[0].revents || carry(near, far)) &&
			(!p[1].revents || carry(far, near));
	}
	close(near);
	close(far);
	return NULL;
}

static void broker_url(struct amqp_url *ret_url)
{
	struct err e = {0};

	assert_done(amqp_url_parse(getenv("CONGVAN_TEST_AMQP_URL"), ret_url, &e));
}

static struct queue *relay_open(struct relay *r, const struct place *p)
{
	struct queue_options options = place_options(p);
	struct amqp_url url;
	struct queue *q = NULL;
	struct err e = {0};
	char text[128];

	broker_url(&url);
	r->broker_port = url.port;
	amqp_url_deinit(&url);
	r->listening = listen_on_loopback(&r->port);
	assert_int_equal(pipe(r->stop), 0);
	assert_int_equal(pthread_create(&r->thread, NULL, relay_run, r), 0);
	snprintf(text, sizeof(text), "amqp://guest@127.0.0.1:%d/", r->port);
	options.url = text;
	assert_done(queue_open(&options, &q, &e));
	return q;
}

static void relay_cut(struct relay *r)
{
	assert_int_equal(write(r->stop[1], "", 1), 1);
	pthread_join(r->thread, NULL);
	close(r->listening);
	close(r->stop[0]);
	close(r->stop[1]);
}

static void a_cut_connection_is_a_fault_for_whoever_waits(void **state)
{
	const struct place *p = *state;
	struct queue *direct = place_open(p), *q;
	struct queue_delivery d;
	struct relay r = {0};
	struct err e = {0}, again = {0};

	assert_done(queue_declare(direct, p->name, &e));
	q = relay_open(&r, p);
	assert_done(queue_consume(q, p->name, 1, &e));
	relay_cut(&r);
	assert_int_equal(queue_next(q, 20000, &d, &e), QUEUE_NEXT_FAULT);
	assert_int_equal(e.code, ERR_UNAVAILABLE);
	assert_int_equal(queue_next(q, 20000, &d, &again), QUEUE_NEXT_FAULT);
	assert_string_equal(again.text, e.text);
	queue_close(q);
	queue_close(direct);
}

static void a_cut_connection_confirms_nothing_more(void **state)
{
	const struct place *p = *state;
	struct relay r = {0};
	struct err e = {0};
	struct queue *q = relay_open(&r, p);
	struct queue_message m = {.id = "1", .key = "a", .body = {"x", 1}};
	uint64_t upto = 0;

	put(q, "a", 1);
	settle(q, 1);
	relay_cut(&r);
	if (queue_publish(q, &m, NULL, &e) == 0)
		assert_int_equal(
			queue_confirm(q, 20000, &upto, &e), QUEUE_CONFIRM_FAULT);
	assert_int_equal(e.code, ERR_UNAVAILABLE);
	queue_close(q);
}

static void expect_refusal(
	const struct queue_options *options, enum err_code code, const char *words)
{
	struct queue *q = NULL;
	struct err e = {0};

	assert_int_equal(queue_open(options, &q, &e), -1);
	if (e.code != code || !strstr(e.text, words))
		fail_msg("not '%s': %s", words, e.text);
	if (options->password)
		assert_null(strstr(e.text, options->password));
}

static void nobody_at_the_port_is_unavailable(void **state)
{
	struct queue_options options = place_options(*state);
	char text[128];
	int port;

	close(listen_on_loopback(&port));
	snprintf(text, sizeof(text), "amqp://guest@127.0.0.1:%d/", port);
	options.url = text;
	expect_refusal(&options, ERR_UNAVAILABLE, "connect");
}

static void a_wrong_password_is_for_the_operator_and_is_not_repeated(void **state)
{
	struct queue_options options = place_options(*state);

	options.password = "not-the-password";
	expect_refusal(&options, ERR_CONFIG, "403");
}

static void a_virtual_host_that_is_missing_is_for_the_operator(void **state)
{
	struct queue_options options = place_options(*state);
	char text[192];

	snprintf(text, sizeof(text), "%snowhere", options.url);
	options.url = text;
	expect_refusal(&options, ERR_CONFIG, "nowhere");
}

static void a_queue_that_is_missing_is_for_the_operator(void **state)
{
	struct queue *q = place_open(*state);
	struct err e = {0};

	assert_int_equal(queue_consume(q, "test.nowhere", 1, &e), -1);
	assert_int_equal(e.code, ERR_CONFIG);
	assert_non_null(strstr(e.text, "test.nowhere"));
	queue_close(q);
}

/* A connection of the test's own, for what the product never asks of a broker. */
static amqp_connection_state_t raw_open(void)
{
	amqp_connection_state_t c = amqp_new_connection();
	struct amqp_url url;

	broker_url(&url);
	assert_int_equal(
		amqp_socket_open(amqp_tcp_socket_new(c), url.host, url.port), 0);
	amqp_login(c, "/", 0, 131072, 0, AMQP_SASL_METHOD_PLAIN, url.user,
		getenv("CONGVAN_TEST_AMQP_PASSWORD"));
	amqp_channel_open(c, 1);
	assert_int_equal(amqp_get_rpc_reply(c).reply_type, AMQP_RESPONSE_NORMAL);
	amqp_url_deinit(&url);
	return c;
}

static void raw_close(amqp_connection_state_t c)
{
	amqp_connection_close(c, AMQP_REPLY_SUCCESS);
	amqp_destroy_connection(c);
}

/* A queue that refuses the third message. */
static void declare_small(const char *name)
{
	amqp_connection_state_t c = raw_open();
	amqp_table_entry_t arguments[2] = {
		{.key = amqp_cstring_bytes("x-max-length")},
		{.key = amqp_cstring_bytes("x-overflow")},
	};
	amqp_table_t table = {2, arguments};

	arguments[0].value.kind = AMQP_FIELD_KIND_I32;
	arguments[0].value.value.i32 = 2;
	arguments[1].value.kind = AMQP_FIELD_KIND_UTF8;
	arguments[1].value.value.bytes = amqp_cstring_bytes("reject-publish");
	amqp_queue_declare(c, 1, amqp_cstring_bytes(name), 0, 0, 0, 1, table);
	assert_int_equal(amqp_get_rpc_reply(c).reply_type, AMQP_RESPONSE_NORMAL);
	raw_close(c);
}

static void what_the_broker_refuses_is_named_by_its_number(void **state)
{
	const struct place *p = *state;
	struct queue *q = place_open(p);
	struct queue_message m = {.id = "1", .body = {"x", 1}};
	struct err e = {0};
	uint64_t upto = 0;
	enum queue_confirm_result result;

	declare_small(p->name);
	for (int i = 0; i < 4; i++)
		assert_done(queue_publish_to(q, p->name, &m, NULL, &e));
	put(q, "nobody", 5);
	while ((result = queue_confirm(q, 20000, &upto, &e)) == QUEUE_CONFIRM_OK)
		assert_in_range(upto, 0, 2);
	assert_int_equal(result, QUEUE_CONFIRM_REFUSED);
	assert_int_equal(upto, 3);
	while ((result = queue_confirm(q, 20000, &upto, &e)) == QUEUE_CONFIRM_OK)
		assert_int_equal(upto, 3);
	assert_int_equal(result, QUEUE_CONFIRM_REFUSED);
	assert_int_equal(upto, 4);
	settle(q, 5);
	queue_close(q);
}

static void a_window_with_a_refused_message_does_not_wait_for_ever(void **state)
{
	const struct place *p = *state;
	struct queue_options options = place_options(p);
	struct queue_message m = {.id = "1", .body = {"x", 1}};
	struct queue *q = NULL;
	struct err e = {0};
	int published = 0;

	options.window = 3;
	declare_small(p->name);
	assert_done(queue_open(&options, &q, &e));
	while (published < 20 && queue_publish_to(q, p->name, &m, NULL, &e) == 0)
		published++;
	assert_in_range(published, 3, 6);
	assert_non_null(strstr(e.text, "refused message 3"));
	queue_close(q);
}

static void a_queue_deleted_under_its_taker_is_said(void **state)
{
	const struct place *p = *state;
	struct queue *q = place_open(p);
	struct queue_delivery d;
	struct err e = {0};
	amqp_connection_state_t c = raw_open();

	assert_done(queue_declare(q, p->name, &e));
	assert_done(queue_consume(q, p->name, 1, &e));
	amqp_queue_delete(c, 1, amqp_cstring_bytes(p->name), 0, 0);
	raw_close(c);
	assert_int_equal(queue_next(q, 20000, &d, &e), QUEUE_NEXT_FAULT);
	assert_int_equal(e.code, ERR_UNAVAILABLE);
	assert_non_null(strstr(e.text, "deleted"));
	queue_close(q);
}

static void a_message_from_elsewhere_needs_no_properties(void **state)
{
	const struct place *p = *state;
	struct queue *q = place_open(p);
	struct err e = {0};
	amqp_connection_state_t c = raw_open();

	assert_done(queue_declare(q, p->name, &e));
	amqp_basic_publish(c, 1, amqp_cstring_bytes(""), amqp_cstring_bytes(p->name), 0,
		0, NULL, amqp_cstring_bytes("plain"));
	raw_close(c);
	assert_done(queue_consume(q, p->name, 1, &e));
	struct queue_delivery d = take(q);

	assert_string_equal(d.message.id, "");
	assert_string_equal(d.message.content_type, "application/octet-stream");
	assert_null(d.message.traceparent);
	assert_int_equal(d.message.body.n, 5);
	queue_close(q);
}

static void a_queue_made_otherwise_is_for_the_operator(void **state)
{
	const struct place *p = *state;
	struct queue *q = place_open(p);
	struct err e = {0};
	amqp_connection_state_t c = raw_open();

	amqp_queue_declare(
		c, 1, amqp_cstring_bytes(p->name), 0, 1, 0, 0, amqp_empty_table);
	raw_close(c);
	assert_int_equal(queue_declare(q, p->name, &e), -1);
	assert_int_equal(e.code, ERR_CONFIG);
	assert_non_null(strstr(e.text, "406"));
	queue_close(q);
}

int amqp_only(void)
{
	static const struct CMUnitTest tests[] = {
		PLACED(a_cut_connection_is_a_fault_for_whoever_waits),
		PLACED(a_cut_connection_confirms_nothing_more),
		PLACED(nobody_at_the_port_is_unavailable),
		PLACED(a_wrong_password_is_for_the_operator_and_is_not_repeated),
		PLACED(a_virtual_host_that_is_missing_is_for_the_operator),
		PLACED(a_queue_that_is_missing_is_for_the_operator),
		PLACED(what_the_broker_refuses_is_named_by_its_number),
		PLACED(a_window_with_a_refused_message_does_not_wait_for_ever),
		PLACED(a_queue_deleted_under_its_taker_is_said),
		PLACED(a_message_from_elsewhere_needs_no_properties),
		PLACED(a_queue_made_otherwise_is_for_the_operator),
	};

	return cmocka_run_group_tests_name("amqp only", tests, NULL, NULL);
}
