/*
 * Documents taken over HTTP: a load generator with some keep-alive connections on
 * loopback, beside it a running gateway; each document is answered after its commit.
 * The clock starts when it is ready to take some.
 * On the bare side the same requests meet the library alone, which reads the body and
 * answers at once.
 */
#include "gateway/cli/bench_http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "adapters/http_source.h"
#include "gateway/base/mem.h"
#include "gateway/cli/bench.h"
#include "gateway/cli/bench_documents.h"
#include "gateway/cli/bench_flow.h"
#include "gateway/web/web.h"

enum { DOCUMENTS = 20000, CONNECTIONS = 64, TARGET = 3000, LOST_MS = 20000 };

static const char token[] = "token-of-the-load-generator";

/* One connection: a request under way, and what came of its answer. */
struct caller {
	int fd;
	struct buf request;
	size_t sent;
	char head[1024];
	size_t got;
};

struct load {
	struct caller callers[CONNECTIONS];
	uint16_t port;
	int64_t n, asked, answered;
	enum bench_kind kind;
	struct buf document;
};

/* ---- The load generator. */

static void next_request(struct load *l, struct caller *c)
{
	buf_reset(&l->document);
	bench_document(&l->document, l->kind, l->asked++);
	buf_reset(&c->request);
	buf_printf(&c->request,
		"POST /in/bench HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer "
		"%s\r\nContent-Type: application/xml\r\nContent-Length: %zu\r\n\r\n",
		token, l->document.n);
	buf_add(&c->request, buf_text(&l->document), l->document.n);
	c->sent = c->got = 0;
}

static int call(struct load *l, struct caller *c, struct err *e)
{
	struct sockaddr_in at = {.sin_family = AF_INET,
		.sin_port = htons(l->port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int one = 1;

	c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&at, sizeof(at)) < 0)
		return err_errno(e, "the gateway cannot be reached");
	setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	return 0;
}

/* Is the whole answer in @c->head? Those asked for fit into it. */
static bool is_whole(const struct caller *c)
{
	const char *end = memmem(c->head, c->got, "\r\n\r\n", 4);
	const char *length = memmem(c->head, c->got, "Content-Length: ", 16);

	return end && length &&
	       c->got >= (size_t)(end + 4 - c->head) + strtoul(length + 16, NULL, 10);
}

static bool is_answered(const struct caller *c, unsigned status)
{
	return strtoul(c->head + strcspn(c->head, " "), NULL, 10) == status;
}

static int complain_of(const struct caller *c, struct err *e)
{
	return err_set(e, ERR_UNAVAILABLE, "it answered %.*s",
		(int)strcspn(c->head, "\r\n"), c->head);
}

static int receive(struct caller *c, int flags, struct err *e)
{
	ssize_t n = recv(c->fd, c->head + c->got, sizeof(c->head) - 1 - c->got, flags);

	if (n < 0 && errno == EAGAIN)
		return 0;
	if (n <= 0)
		return err_set(e, ERR_UNAVAILABLE, "the connection was closed");
	c->got += (size_t)n;
	c->head[c->got] = '\0';
	return 0;
}

static int hear(struct load *l, struct caller *c, struct err *e)
{
	if (receive(c, MSG_DONTWAIT, e) < 0)
		return -1;
	if (!is_whole(c))
		return 0;
	if (!is_answered(c, 202))
		return complain_of(c, e);
	l->answered++;
	buf_reset(&c->request);
	c->sent = c->got = 0;
	if (l->asked < l->n)
		next_request(l, c);
	return 0;
}

static int say(struct caller *c, struct err *e)
{
	size_t left = c->request.n - c->sent;
	ssize_t n = left ? send(c->fd, buf_text(&c->request) + c->sent, left,
				   MSG_DONTWAIT | MSG_NOSIGNAL)
			 : 0;

	if (n < 0 && errno != EAGAIN)
		return err_errno(e, "send");
	c->sent += n > 0 ? (size_t)n : 0;
	return 0;
}

static int turn(struct load *l, struct err *e)
{
	struct pollfd at[CONNECTIONS];

	for (int i = 0; i < CONNECTIONS; i++) {
		struct caller *c = &l->callers[i];

		if (say(c, e) < 0)
			return -1;
		at[i] = (struct pollfd){.fd = c->fd,
			.events = POLLIN | (c->sent < c->request.n ? POLLOUT : 0)};
	}
	if (poll(at, CONNECTIONS, LOST_MS) <= 0)
		return err_set(e, ERR_UNAVAILABLE, "no answer comes");
	for (int i = 0; i < CONNECTIONS; i++)
		if (at[i].revents & (POLLIN | POLLHUP | POLLERR) &&
			hear(l, &l->callers[i], e) < 0)
			return -1;
	return 0;
}

/* The listener is open before the gateway can take anything: ask until it says that it
 * can. The library alone says so at once, to whatever is asked. */
static int await_readiness(struct caller *c, struct err *e)
{
	static const char ask[] = "GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";

	do {
		buf_reset(&c->request);
		buf_add_text(&c->request, ask);
		c->sent = c->got = 0;
		if (say(c, e) < 0)
			return -1;
		while (!is_whole(c))
			if (receive(c, 0, e) < 0)
				return -1;
	} while (is_answered(c, 503));
	return is_answered(c, 200) || is_answered(c, 202) ? 0 : complain_of(c, e);
}

static int run_load(struct load *l, double *ret_rate, struct err *e)
{
	int result = 0;

	for (int i = 0; i < CONNECTIONS && result == 0; i++)
		result = call(l, &l->callers[i], e);
	if (result == 0)
		result = await_readiness(&l->callers[0], e);
	int64_t start = clock_ticks();

	for (int i = 0; i < CONNECTIONS && result == 0 && l->asked < l->n; i++)
		next_request(l, &l->callers[i]);
	while (result == 0 && l->answered < l->n)
		result = turn(l, e);
	*ret_rate = (double)l->n / bench_seconds(start);
	for (int i = 0; i < CONNECTIONS; i++) {
		if (l->callers[i].fd > 0)
			close(l->callers[i].fd);
		buf_deinit(&l->callers[i].request);
	}
	buf_deinit(&l->document);
	return result;
}

/* ---- What it meets. */

/* A port that is free, and whose listener is open already: the child inherits it. */
static int listen_anywhere(uint16_t *ret_port, int *ret_fd, struct err *e)
{
	struct sockaddr_in at = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t n = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&at, n) < 0 ||
		listen(fd, CONNECTIONS) < 0 ||
		getsockname(fd, (struct sockaddr *)&at, &n) < 0) {
		err_errno(e, "a listener on loopback");
		if (fd >= 0)
			close(fd);
		return -1;
	}
	*ret_port = ntohs(at.sin_port);
	*ret_fd = fd;
	return 0;
}

struct met {
	struct bench *bench;
	struct bench_flow flow;
	int listener;
};

static int be_gateway(void *context, struct err *e)
{
	struct met *m = context;
	const struct config_http http = {.listen = "127.0.0.1",
		.max_bytes = 1 << 20,
		.connections = 2 * CONNECTIONS,
		.timeout_seconds = 60,
		.visibility_seconds = 60};
	const struct config_adapter adapter = {.name = "bench",
		.format = FORMAT_EDXML,
		.source = &http_source_ops,
		.options = m->flow.source};
	const struct config_queue queue = {0};
	struct ledger_options ledger = bench_ledger_options(m->bench, m->flow.folder);
	struct meter *meter = meter_new(1, 1);
	struct web *web = web_new(&(struct web_options){.http = &http,
		.adapters = &adapter,
		.adapters_n = 1,
		.queue = &queue,
		.meter = meter,
		.ledger = &ledger,
		.listener = m->listener,
		.version = CONGVAN_VERSION});
	struct flow_companion companion = web_companion(web);

	meter->sources[0].name = "bench";
	meter->sinks[0].name = "queue";
	m->flow.companion = &companion;
	m->flow.meter = meter;
	int result = bench_flow_run(m->bench, &m->flow, e);

	web_free(web);
	meter_free(meter);
	return result;
}

static int be_library(void *context, struct err *e)
{
	struct met *m = context;

	return bench_http_bare(m->listener, e);
}

static int measure(struct bench *b, int (*body)(void *context, struct err *e),
	struct met *met, enum bench_kind kind, double *ret_rate, struct err *e)
{
	struct load l = {.n = bench_documents(b, DOCUMENTS), .kind = kind};
	pid_t child;

	if (listen_anywhere(&l.port, &met->listener, e) < 0)
		return -1;
	int result = bench_child(body, met, &child, e);

	close(met->listener);
	if (result)
		return -1;
	result = run_load(&l, ret_rate, e);
	return bench_child_end(child, SIGTERM, result ? NULL : e) || result ? -1 : 0;
}

static int measure_gateway(struct bench *b, const char *name, enum bench_kind kind,
	double *ret_rate, struct err *e)
{
	static const char *const tokens[] = {token};
	struct http_source_options source = {.name = "bench",
		.door = http_door_make(&b->arena),
		.tokens = {tokens, 1},
		.max_bytes = 1 << 20};
	const char *folder = bench_folder(b, name, e);
	struct met met = {.bench = b,
		.flow = {.folder = folder,
			.ops = &http_source_ops,
			.source = &source,
			.out = {.type = QUEUE_EMBEDDED,
				.path = arena_printf(&b->arena, "%s/%s/queue.db",
					b->folder, name)}}};

	if (!folder || bench_flow_declare(&met.flow.out, BENCH_OUT, e))
		return -1;
	int result = measure(b, be_gateway, &met, kind, ret_rate, e);

	bench_remove(folder);
	return result;
}

static int compare(
	struct bench *b, const char *work, enum bench_kind kind, struct err *e)
{
	double ours[BENCH_TURNS], bare[BENCH_TURNS];

	for (int i = 0; i < BENCH_TURNS; i++) {
		const char *name = arena_printf(&b->arena, "http-%d-%d", (int)kind, i);
		struct met met = {.bench = b};

		if (measure_gateway(b, name, kind, &ours[i], e) ||
			measure(b, be_library, &met, kind, &bare[i], e))
			return -1;
	}
	bench_report(b, &(struct bench_row){.stage = "http",
				.work = work,
				.ours = bench_median(ours, BENCH_TURNS),
				.bare = bench_median(bare, BENCH_TURNS),
				.unit = "documents/s",
				.target = TARGET,
				.target_is = BENCH_OURS_AT_LEAST});
	return 0;
}

int bench_http(struct bench *b, struct err *e)
{
	return compare(b, "a letter, 64 connections / library", BENCH_LETTER, e) ||
			       compare(b, "a directive, 64 connections / library",
				       BENCH_DIRECTIVE, e)
		       ? -1
		       : 0;
}
