/*
 * Connecting to RabbitMQ in bounded time, and turning what rabbitmq-c and the broker
 * say into faults: who must act, and words for them.
 */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <amqp_ssl_socket.h>
#include <amqp_tcp_socket.h>

#include "gateway/base/mem.h"
#include "queue/rabbit.h"

#include <amqp.h>
#define SYSTEM_CERTIFICATES "/etc/ssl/certs/ca-certificates.crt"

enum { FRAME_MAX = 131072, CHANNEL_MAX = 8, TCP_PATIENCE_MS = 30000 };

/* Replies an operator must act on; all others may pass with time, or are our mistake.
 */
static const struct {
	int reply;
	enum err_code code;
} replies[] = {
	{AMQP_INVALID_PATH, ERR_CONFIG},
	{AMQP_ACCESS_REFUSED, ERR_CONFIG},
	{AMQP_NOT_FOUND, ERR_CONFIG},
	{AMQP_PRECONDITION_FAILED, ERR_CONFIG},
	{AMQP_NOT_ALLOWED, ERR_CONFIG},
	{AMQP_NOT_IMPLEMENTED, ERR_CONFIG},
	{AMQP_FRAME_ERROR, ERR_BUG},
	{AMQP_SYNTAX_ERROR, ERR_BUG},
	{AMQP_COMMAND_INVALID, ERR_BUG},
	{AMQP_CHANNEL_ERROR, ERR_BUG},
	{AMQP_UNEXPECTED_FRAME, ERR_BUG},
};

int rabbit_break(
	struct rabbit *m, enum err_code code, struct err *e, const char *format, ...)
{
	char text[384];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	m->broken = true;
	err_set(&m->fault, code, "queue %s: %s", m->where, text);
	if (e)
		*e = m->fault;
	return -1;
}

int rabbit_usable(const struct rabbit *m, struct err *e)
{
	if (!m->broken)
		return 0;
	if (e)
		*e = m->fault;
	return -1;
}

int rabbit_library_fault(struct rabbit *m, const char *what, int status, struct err *e)
{
	enum err_code code = ERR_UNAVAILABLE;
	int system = errno;

	if (status == AMQP_STATUS_SSL_PEER_VERIFY_FAILED ||
		status == AMQP_STATUS_SSL_HOSTNAME_VERIFY_FAILED)
		code = ERR_CONFIG;
	if ((status == AMQP_STATUS_SOCKET_ERROR || status == AMQP_STATUS_TCP_ERROR) &&
		system)
		return rabbit_break(m, code, e, "%s: %s (%s)", what,
			amqp_error_string2(status), strerrordesc_np(system));
	return rabbit_break(m, code, e, "%s: %s", what, amqp_error_string2(status));
}

int rabbit_closed_fault(struct rabbit *m, const char *what, int reply_code,
	const amqp_bytes_t *text, struct err *e)
{
	enum err_code code = ERR_UNAVAILABLE;

	for (size_t i = 0; i < sizeof(replies) / sizeof(replies[0]); i++)
		if (replies[i].reply == reply_code)
			code = replies[i].code;
	return rabbit_break(m, code, e, "%s: the broker says %d %.*s", what, reply_code,
		(int)text->len, (const char *)text->bytes);
}

static int check(
	struct rabbit *m, const char *what, amqp_rpc_reply_t reply, struct err *e)
{
	const amqp_connection_close_t *connection = reply.reply.decoded;
	const amqp_channel_close_t *channel = reply.reply.decoded;

	if (reply.reply_type == AMQP_RESPONSE_NORMAL)
		return 0;
	if (reply.reply_type != AMQP_RESPONSE_SERVER_EXCEPTION)
		return rabbit_library_fault(m, what, reply.library_error, e);
	if (reply.reply.id == AMQP_CHANNEL_CLOSE_METHOD)
		return rabbit_closed_fault(
			m, what, channel->reply_code, &channel->reply_text, e);
	if (reply.reply.id == AMQP_CONNECTION_CLOSE_METHOD)
		return rabbit_closed_fault(
			m, what, connection->reply_code, &connection->reply_text, e);
	return rabbit_break(m, ERR_UNAVAILABLE, e, "%s: unexpected reply", what);
}

int rabbit_check_reply(struct rabbit *m, const char *what, struct err *e)
{
	int result = check(m, what, amqp_get_rpc_reply(m->connection), e);

	amqp_maybe_release_buffers(m->connection);
	return result;
}

static int set_up_tls(struct rabbit *m, amqp_socket_t *socket, struct err *e)
{
	const struct amqp_url *u = &m->url;
	const char *ca = u->cacertfile ? u->cacertfile : SYSTEM_CERTIFICATES;

	amqp_ssl_socket_set_verify_peer(socket, 1);
	amqp_ssl_socket_set_verify_hostname(socket, 1);
	amqp_ssl_socket_set_ssl_versions(socket, AMQP_TLSv1_2, AMQP_TLSvLATEST);
	if (amqp_ssl_socket_set_cacert(socket, ca) != AMQP_STATUS_OK)
		return rabbit_break(m, ERR_CONFIG, e, "%s: no certificates there", ca);
	if (u->certfile && amqp_ssl_socket_set_key(socket, u->certfile, u->keyfile) !=
				   AMQP_STATUS_OK)
		return rabbit_break(m, ERR_CONFIG, e,
			"%s with %s: not a certificate and its key", u->certfile,
			u->keyfile);
	return 0;
}

/* a peer that is gone is noticed by the kernel, also while we send. */
static void set_up_socket(int fd)
{
	static const struct {
		int level, name, value;
	} options[] = {
		{SOL_SOCKET, SO_KEEPALIVE, 1},
		{IPPROTO_TCP, TCP_KEEPIDLE, 30},
		{IPPROTO_TCP, TCP_KEEPINTVL, 10},
		{IPPROTO_TCP, TCP_KEEPCNT, 3},
		{IPPROTO_TCP, TCP_USER_TIMEOUT, TCP_PATIENCE_MS},
	};

	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		setsockopt(fd, options[i].level, options[i].name, &options[i].value,
			sizeof(options[i].value));
}

void rabbit_cork(struct rabbit *m, bool on)
{
	int value = on;

	if (on == m->corked)
		return;
	m->corked = on;
	setsockopt(amqp_get_sockfd(m->connection), IPPROTO_TCP, TCP_CORK, &value,
		sizeof(value));
}

static int open_socket(struct rabbit *m, struct err *e)
{
	struct timeval patience = {.tv_sec = CONNECT_SECONDS};
	amqp_socket_t *socket = m->url.tls ? amqp_ssl_socket_new(m->connection)
					   : amqp_tcp_socket_new(m->connection);

	if (!socket)
		return rabbit_break(m, ERR_IO, e, "no socket");
	if (m->url.tls && set_up_tls(m, socket, e) < 0)
		return -1;
	int status =
		amqp_socket_open_noblock(socket, m->url.host, m->url.port, &patience);

	errno = 0; /* the last one is of a socket that was to be waited for */
	if (status != AMQP_STATUS_OK)
		return rabbit_library_fault(m, "connect", status, e);
	set_up_socket(amqp_get_sockfd(m->connection));
	return 0;
}

static amqp_table_entry_t can(const char *name)
{
	amqp_table_entry_t entry = {.key = amqp_cstring_bytes(name)};

	entry.value.kind = AMQP_FIELD_KIND_BOOLEAN;
	entry.value.value.boolean = 1;
	return entry;
}

static int login(struct rabbit *m, struct err *e)
{
	amqp_table_entry_t capabilities[] = {
		can("basic.nack"),
		can("connection.blocked"),
		can("consumer_cancel_notify"),
		can("publisher_confirms"),
	};
	amqp_table_entry_t properties[2] = {
		{.key = amqp_cstring_bytes("capabilities")},
		{.key = amqp_cstring_bytes("connection_name")},
	};
	amqp_table_t table = {2, properties};
	struct timeval patience = {.tv_sec = CONNECT_SECONDS};

	properties[0].value.kind = AMQP_FIELD_KIND_TABLE;
	properties[0].value.value.table.num_entries =
		sizeof(capabilities) / sizeof(capabilities[0]);
	properties[0].value.value.table.entries = capabilities;
	properties[1].value.kind = AMQP_FIELD_KIND_UTF8;
	properties[1].value.value.bytes = amqp_cstring_bytes("congvan");
	amqp_set_handshake_timeout(m->connection, &patience);
	return check(m, "login",
		amqp_login_with_properties(m->connection, m->url.vhost, CHANNEL_MAX,
			FRAME_MAX, HEARTBEAT_SECONDS, &table, AMQP_SASL_METHOD_PLAIN,
			m->url.user, m->password ? m->password : ""),
		e);
}

static int open_channels(struct rabbit *m, struct err *e)
{
	struct timeval patience = {.tv_sec = REQUEST_SECONDS};

	amqp_set_rpc_timeout(m->connection, &patience);
	amqp_channel_open(m->connection, CHANNEL_PUBLISH);
	if (rabbit_check_reply(m, "open a channel", e) < 0)
		return -1;
	amqp_channel_open(m->connection, CHANNEL_CONSUME);
	if (rabbit_check_reply(m, "open a channel", e) < 0)
		return -1;
	amqp_confirm_select(m->connection, CHANNEL_PUBLISH);
	if (rabbit_check_reply(m, "ask for confirms", e) < 0)
		return -1;
	amqp_exchange_declare(m->connection, CHANNEL_PUBLISH,
		amqp_cstring_bytes(m->exchange), amqp_cstring_bytes("topic"), 0, 1, 0,
		0, amqp_empty_table);
	return rabbit_check_reply(m, "declare the exchange", e);
}

int rabbit_connect(struct rabbit *m, struct err *e)
{
	m->broken = m->blocked = m->corked = false;
	m->base = m->queue.published;
	m->connection = amqp_new_connection();
	if (!m->connection)
		return rabbit_break(m, ERR_IO, e, "no memory for a connection");
	return open_socket(m, e) < 0 || login(m, e) < 0 || open_channels(m, e) < 0 ? -1
										   : 0;
}

/* A broken connection is dropped without a word; a good one says goodbye, briefly. */
void rabbit_disconnect(struct rabbit *m)
{
	struct timeval patience = {.tv_sec = CLOSE_SECONDS};

	if (!m->connection)
		return;
	if (!m->broken) {
		rabbit_cork(m, false);
		amqp_set_rpc_timeout(m->connection, &patience);
		amqp_connection_close(m->connection, AMQP_REPLY_SUCCESS);
	}
	amqp_destroy_connection(m->connection);
	m->connection = NULL;
	rabbit_inbound_free(m);
}
