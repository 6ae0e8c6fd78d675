/*
 * An agency's reader in C: takes its queue and says what came, one line an event.
 *
 *   cc consumer.c -o consumer $(pkg-config --cflags --libs librabbitmq jansson)
 *   AMQP_PASSWORD=… ./consumer broker.example 5672 province agency.H99.05 H99.05
 *
 * It acknowledges after it has dealt with an event: a crash gives it again. So it may see
 * one twice, with the same id; and of a task the highest revision holds.
 */
#include <stdio.h>
#include <stdlib.h>

#include <amqp.h>
#include <amqp_tcp_socket.h>
#include <jansson.h>

static void must(amqp_rpc_reply_t reply, const char *what)
{
	if (reply.reply_type == AMQP_RESPONSE_NORMAL)
		return;
	fprintf(stderr, "%s: %s\n", what,
		reply.reply_type == AMQP_RESPONSE_LIBRARY_EXCEPTION
			? amqp_error_string2(reply.library_error)
			: "the broker refused it");
	exit(1);
}

static amqp_connection_state_t log_in(char **argv)
{
	amqp_connection_state_t broker = amqp_new_connection();
	amqp_socket_t *socket = amqp_tcp_socket_new(broker);
	const char *password = getenv("AMQP_PASSWORD");

	if (!socket || amqp_socket_open(socket, argv[1], atoi(argv[2]))) {
		fprintf(stderr, "%s:%s: no broker there\n", argv[1], argv[2]);
		exit(1);
	}
	must(amqp_login(broker, argv[3], 0, 131072, 30, AMQP_SASL_METHOD_PLAIN, argv[4],
		     password ? password : ""),
		"login");
	amqp_channel_open(broker, 1);
	must(amqp_get_rpc_reply(broker), "channel");
	return broker;
}

/* What an agency's program does with an event stands here. */
static void deal_with(const json_t *event)
{
	const json_t *data = json_object_get(event, "data");
	const json_t *revision = json_object_get(data, "revision");

	printf("%s %s %s revision=%lld\n",
		json_string_value(json_object_get(event, "id")),
		json_string_value(json_object_get(event, "type")),
		json_string_value(json_object_get(event, "subject")),
		(long long)json_integer_value(revision));
	fflush(stdout);
}

int main(int argc, char **argv)
{
	char queue[256];

	if (argc != 6) {
		fprintf(stderr, "usage: %s HOST PORT VHOST USER ORGAN\n", argv[0]);
		return 64;
	}
	amqp_connection_state_t broker = log_in(argv);

	snprintf(queue, sizeof(queue), "congvan.agency.%s", argv[5]);
	amqp_basic_qos(broker, 1, 0, 100, 0);
	amqp_basic_consume(broker, 1, amqp_cstring_bytes(queue), amqp_empty_bytes, 0, 0, 0,
		amqp_empty_table);
	must(amqp_get_rpc_reply(broker), queue);
	for (;;) {
		amqp_envelope_t got;

		amqp_maybe_release_buffers(broker);
		must(amqp_consume_message(broker, &got, NULL, 0), "consume");
		json_t *event =
			json_loadb(got.message.body.bytes, got.message.body.len, 0, NULL);

		deal_with(event);
		amqp_basic_ack(broker, 1, got.delivery_tag, 0);
		json_decref(event);
		amqp_destroy_envelope(&got);
	}
}
