#include "gateway/web/web.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "gateway/base/day.h"
#include "gateway/base/log.h"
#include "gateway/base/mem.h"
#include "gateway/web/desk.h"
#include "gateway/web/exchange.h"
#include "gateway/web/monitor.h"

enum {
	THREADS = 2,
	BACKLOG = 512,
	FLUSH_MS = 500,            /* for answers on their way, at the end */
	DISCARD_MAX = 1024 * 1024, /* of a body that is refused anyway */
	CONNECTION_MEMORY = 32 * 1024,
};

/* ---- Requests, on libmicrohttpd's threads. */

static struct client *client_of(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return info ? info->socket_context : NULL;
}

static void add_header(
	struct MHD_Response *response, const char *name, const char *value)
{
	if (value)
		MHD_add_response_header(response, name, value);
}

static enum MHD_Result send_reply(struct exchange *x)
{
	struct reply *r = &x->reply;
	struct MHD_Response *response = MHD_create_response_from_buffer(
		r->body.n, r->body.data, MHD_RESPMEM_PERSISTENT);
	char seconds[16];

	if (!response)
		return MHD_NO;
	snprintf(seconds, sizeof(seconds), "%d", r->retry_after);
	add_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, r->content_type);
	add_header(response, MHD_HTTP_HEADER_ALLOW, r->allow);
	add_header(response, MHD_HTTP_HEADER_WWW_AUTHENTICATE, r->challenge);
	add_header(
		response, MHD_HTTP_HEADER_RETRY_AFTER, r->retry_after ? seconds : NULL);
	add_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
	add_header(response, "X-Content-Type-Options", "nosniff");
	if (r->close || atomic_load(&x->web->stopping))
		add_header(response, MHD_HTTP_HEADER_CONNECTION, "close");
	enum MHD_Result result = MHD_queue_response(x->connection, r->status, response);

	MHD_destroy_response(response);
	if (x->route < web_routes_n)
		atomic_fetch_add(&x->web->answered[x->route][r->status / 100], 1);
	if (client_of(x->connection))
		atomic_store(&client_of(x->connection)->since, clock_ticks());
	return result;
}

/* Where it comes from: the address alone, the port says nothing to people. */
static void note_origin(struct exchange *x)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
		x->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	const struct sockaddr *at = info ? info->client_addr : NULL;

	if (at && at->sa_family == AF_INET) {
		const struct sockaddr_in *in = (const void *)at;

		inet_ntop(AF_INET, &in->sin_addr, x->origin, sizeof(x->origin));
		x->from_here = ntohl(in->sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
	} else if (at && at->sa_family == AF_INET6) {
		const struct sockaddr_in6 *in = (const void *)at;

		inet_ntop(AF_INET6, &in->sin6_addr, x->origin, sizeof(x->origin));
		x->from_here = IN6_IS_ADDR_LOOPBACK(&in->sin6_addr);
	}
}

static void begin(struct exchange *x, const char *method, const char *path)
{
	note_origin(x);
	route_find(x, method, path);
	if (x->reply.status)
		return;
	const struct route *route = &web_routes[x->route];

	/* Only whoever asks how we are still gets an answer to that. */
	if (atomic_load(&x->web->stopping) && !strcmp(route->method, "POST"))
		reply_problem(
			&x->reply, PROBLEM_STOPPING, "send it again to the next one");
	else if (route->begin)
		route->begin(x);
}

/* What is refused is still read for a while, so that its sender hears the answer. */
static enum MHD_Result take_part(struct exchange *x, const char *bytes, size_t n)
{
	body_add(&x->body, bytes, n);
	/* X1: the library's buffer would keep it until the connection ends. The bytes
	 * are its own, and it is done with them. */
	explicit_bzero((void *)(uintptr_t)bytes, n);
	return x->body.n > x->body.max + DISCARD_MAX ? MHD_NO : MHD_YES;
}

/* The whole request is here. */
static enum MHD_Result act(struct exchange *x)
{
	x->read = true;
	if (client_of(x->connection))
		atomic_store(&client_of(x->connection)->since, 0);
	web_routes[x->route].act(x);
	/* Once it waits it is no longer ours: owed is set on this thread. */
	return x->owed ? MHD_YES : send_reply(x);
}

static enum MHD_Result handle(void *context, struct MHD_Connection *connection,
	const char *path, const char *method, const char *version, const char *bytes,
	size_t *n, void **request)
{
	struct exchange *x = *request;

	(void)version;
	if (!x) {
		*request = x = exchange_new(context, connection);
		begin(x, method, path);
		return x->reply.status ? send_reply(x) : MHD_YES;
	}
	if (*n) {
		enum MHD_Result result = take_part(x, bytes, *n);

		*n = 0;
		return result;
	}
	return x->read ? send_reply(x) : act(x);
}

static void completed(void *context, struct MHD_Connection *connection, void **request,
	enum MHD_RequestTerminationCode how)
{
	struct web *w = context;
	struct exchange *x = *request;
	struct client *client = client_of(connection);

	(void)how;
	if (client)
		atomic_store(&client->since, clock_ticks());
	if (!x)
		return;
	*request = NULL;
	pthread_mutex_lock(&w->lock);
	if (x->owed && --w->owed == 0)
		bell_ring(&w->sent_bell);
	pthread_mutex_unlock(&w->lock);
	exchange_release(x);
}

static void add_client(struct web *w, struct MHD_Connection *connection, void **ret)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	struct client *c = mem_alloc(sizeof(*c));

	c->fd = info ? info->connect_fd : -1;
	atomic_store(&c->since, clock_ticks());
	pthread_mutex_lock(&w->lock);
	c->next = w->clients;
	if (c->next)
		c->next->previous = c;
	w->clients = c;
	pthread_mutex_unlock(&w->lock);
	*ret = c;
}

static void remove_client(struct web *w, struct client *c)
{
	pthread_mutex_lock(&w->lock);
	if (c->previous)
		c->previous->next = c->next;
	else
		w->clients = c->next;
	if (c->next)
		c->next->previous = c->previous;
	pthread_mutex_unlock(&w->lock);
	free(c);
}

static void connected(void *context, struct MHD_Connection *connection, void **client,
	enum MHD_ConnectionNotificationCode what)
{
	if (what == MHD_CONNECTION_NOTIFY_STARTED) {
		add_client(context, connection, client);
	} else if (*client) {
		remove_client(context, *client);
		*client = NULL;
	}
}

/* ---- Listening. */

static int dup_of(int fd)
{
	return fcntl(fd, F_DUPFD_CLOEXEC, 3);
}

union address {
	struct sockaddr any;
	struct sockaddr_in four;
	struct sockaddr_in6 six;
};

static socklen_t fill_address(const struct config_http *http, union address *at)
{
	memset(at, 0, sizeof(*at));
	if (inet_pton(AF_INET, http->listen, &at->four.sin_addr) == 1) {
		at->four.sin_family = AF_INET;
		at->four.sin_port = htons((uint16_t)http->port);
		return sizeof(at->four);
	}
	memset(at, 0, sizeof(*at));
	inet_pton(AF_INET6, http->listen, &at->six.sin6_addr);
	at->six.sin6_family = AF_INET6;
	at->six.sin6_port = htons((uint16_t)http->port);
	return sizeof(at->six);
}

/* Where it listens, for people: the port is the one that was found. */
static void note_address(struct web *w)
{
	const struct config_http *http = w->options.http;
	union address at = {0};
	socklen_t n = sizeof(at);
	bool known = getsockname(w->listen_fd, &at.any, &n) == 0;
	bool six = known && at.any.sa_family == AF_INET6;
	in_port_t port = six ? at.six.sin6_port : at.four.sin_port;

	snprintf(w->address, sizeof(w->address), "%s://%s%s%s:%d",
		http->certificate ? "https" : "http", six ? "[" : "", http->listen,
		six ? "]" : "", ntohs(port));
}

static int open_socket(struct web *w, struct err *e)
{
	const struct config_http *http = w->options.http;
	union address at;
	socklen_t n = fill_address(http, &at);
	int one = 1;

	if (w->listen_fd >= 0)
		return 0;
	w->listen_fd =
		socket(at.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (w->listen_fd < 0)
		return err_errno(e, "http: socket");
	setsockopt(w->listen_fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(w->listen_fd, &at.any, n) < 0 || listen(w->listen_fd, BACKLOG) < 0) {
		err_errno(e, "http: %s port %d", http->listen, http->port);
		e->code = errno == EADDRINUSE ? ERR_UNAVAILABLE : ERR_CONFIG;
		return -1;
	}
	return 0;
}

static int open_daemon(struct web *w, struct err *e)
{
	const struct config_http *http = w->options.http;
	unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME;
	unsigned connections = (unsigned)http->connections;
	int threads = http->connections < THREADS ? 1 : THREADS;
	struct MHD_OptionItem tls[] = {
		{MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(uintptr_t)http->key},
		{MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(uintptr_t)http->certificate},
		{MHD_OPTION_HTTPS_PRIORITIES, 0,
			(void *)(uintptr_t) "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1."
					    "2"},
		{MHD_OPTION_END, 0, NULL},
	};

	if (http->certificate)
		flags |= MHD_USE_TLS;
	else
		tls[0].option = MHD_OPTION_END;
	w->daemon = MHD_start_daemon(flags, 0, NULL, NULL, handle, w,
		MHD_OPTION_LISTEN_SOCKET, dup_of(w->listen_fd),
		MHD_OPTION_THREAD_POOL_SIZE, (unsigned)threads,
		MHD_OPTION_CONNECTION_LIMIT, connections,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY,
		MHD_OPTION_NOTIFY_COMPLETED, completed, w, MHD_OPTION_NOTIFY_CONNECTION,
		connected, w, MHD_OPTION_ARRAY, tls, MHD_OPTION_END);
	if (w->daemon)
		return 0;
	return err_set(e, ERR_CONFIG, "http: %s: the server does not start%s",
		w->address,
		http->certificate ? "; do certificate and key belong together?" : "");
}

/* ---- Its life. */

static struct web *left; /* kept to the end of the process */

struct web *web_new(const struct web_options *options)
{
	struct web *w = mem_alloc(sizeof(*w));

	w->options = *options;
	w->listen_fd = -1;
	if (options->listener)
		w->listen_fd = dup_of(options->listener);
	w->clock_bell.fd = w->sent_bell.fd = -1;
	pthread_mutex_init(&w->lock, NULL);
	return w;
}

void web_free(struct web *w)
{
	if (!w)
		return;
	/* A thread that was left behind may still come with an answer. It may also end
	 * before the process does, and then nobody else knew of what is kept for it. */
	if (atomic_load(&w->left_behind)) {
		w->next_left = left;
		left = w;
		return;
	}
	if (w->listen_fd >= 0)
		close(w->listen_fd);
	pthread_mutex_destroy(&w->lock);
	free(w);
}

static int start(void *context, struct err *e)
{
	struct web *w = context;

	atomic_store(&w->stopping, false);
	atomic_store(&w->closing, false);
	if (bell_init(&w->clock_bell, e) < 0 || bell_init(&w->sent_bell, e) < 0)
		return -1;
	w->monitor = monitor_new(w, e);
	if (!w->monitor)
		return -1;
	if (w->options.queue->path && !(w->desk = desk_new(w, e)))
		return -1;
	if (open_socket(w, e) < 0)
		return -1;
	note_address(w);
	if (clock_start(w, e) < 0 || open_daemon(w, e) < 0)
		return -1;
	log_event(LOG_LEVEL_INFO, "listening", "address", w->address, NULL);
	return 0;
}

static void stop(void *context)
{
	struct web *w = context;

	atomic_store(&w->stopping, true);
	if (w->desk)
		desk_wake(w->desk);
}

/* What is answered shall be sent, as far as its readers let us. */
static void wait_until_sent(struct web *w)
{
	int64_t until = clock_ticks() + (int64_t)FLUSH_MS * 1000000;
	bool owed = true;

	while (owed) {
		int64_t left_ms = (until - clock_ticks()) / 1000000;

		pthread_mutex_lock(&w->lock);
		owed = w->owed && left_ms > 0;
		pthread_mutex_unlock(&w->lock);
		if (owed)
			bell_wait(&w->sent_bell, -1, (int)left_ms);
	}
}

/* As it was before start(), but for the socket that is kept: it may be started again.
 */
static void take_down(struct web *w)
{
	desk_free(w->desk);
	monitor_free(w->monitor);
	w->desk = NULL;
	w->monitor = NULL;
	if (w->clock_bell.fd >= 0)
		bell_deinit(&w->clock_bell);
	if (w->sent_bell.fd >= 0)
		bell_deinit(&w->sent_bell);
	w->clock_bell.fd = w->sent_bell.fd = -1;
}

static void end(void *context, bool all)
{
	struct web *w = context;
	bool joined = all;

	pthread_mutex_lock(&w->lock);
	atomic_store(&w->stopping, true);
	atomic_store(&w->closing, true);
	pthread_mutex_unlock(&w->lock);
	joined &= desk_stop(w->desk);
	joined &= monitor_stop(w->monitor);
	atomic_store(&w->left_behind, !joined);
	/* Nobody may wait any more when the daemon ends. */
	clock_stop(w);
	wait_until_sent(w);
	if (w->daemon) {
		/* Who calls meanwhile waits for whoever listens next. */
		int listener = MHD_quiesce_daemon(w->daemon);

		MHD_stop_daemon(w->daemon);
		if (listener >= 0)
			close(listener);
		w->daemon = NULL;
	}
	if (joined)
		take_down(w);
}

void web_hand_on(const struct web *w, struct web *next)
{
	const struct config_http *now = w->options.http, *then = next->options.http;

	if (w->listen_fd >= 0 && next->listen_fd < 0 && now->port == then->port &&
		!strcmp(now->listen, then->listen))
		next->listen_fd = dup_of(w->listen_fd);
}

struct flow_companion web_companion(struct web *w)
{
	return (struct flow_companion){
		.start = start, .stop = stop, .end = end, .context = w};
}
