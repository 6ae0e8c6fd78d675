/*
 * The queue without a broker: publishing into one SQLite file. What is handed over
 * gathers in memory, so that the file is locked for the length of one commit only, and
 * other threads and processes take from it meanwhile. queue_confirm() writes all of it
 * in one transaction; so does a full window, or PENDING_BYTES of bodies.
 */
#include "queue/embedded.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/base/mem.h"

enum { PENDING_BYTES = 8 * 1024 * 1024 };

static int add_queue(struct embedded *m, const char *name, int64_t dead,
	int64_t *ret_id, struct err *e)
{
	sqlite3_stmt *s = embedded_use(m, ST_QUEUE_ADD);

	sqlite3_bind_text(s, 1, name, -1, SQLITE_STATIC);
	if (dead)
		sqlite3_bind_int64(s, 2, dead);
	else
		sqlite3_bind_null(s, 2);
	if (embedded_run(m, ST_QUEUE_ADD, e) < 0)
		return -1;
	*ret_id = sqlite3_last_insert_rowid(m->db);
	return 0;
}

/* Within a transaction. */
static int add_missing(struct embedded *m, const char *name, int64_t dead,
	int64_t *ret_id, struct err *e)
{
	sqlite3_stmt *s = embedded_use(m, ST_QUEUE_FIND);

	sqlite3_bind_text(s, 1, name, -1, SQLITE_STATIC);
	int row = embedded_row(m, ST_QUEUE_FIND, e);

	if (row <= 0)
		return row < 0 ? -1 : add_queue(m, name, dead, ret_id, e);
	*ret_id = sqlite3_column_int64(s, 0);
	sqlite3_reset(s);
	return 0;
}

static int embedded_declare(struct queue *q, const char *name, struct err *e)
{
	struct embedded *m = (struct embedded *)q;
	struct buf dead_name = {0};
	int64_t id, dead;
	int result = -1;

	buf_printf(&dead_name, "%s" QUEUE_DEAD_END, name);
	if (embedded_begin(m, true, e) == 0 &&
		add_missing(m, buf_text(&dead_name), 0, &dead, e) == 0 &&
		add_missing(m, name, dead, &id, e) == 0)
		result = embedded_commit(m, e);
	buf_deinit(&dead_name);
	embedded_rollback(m);
	return result;
}

static int add_binding(
	struct embedded *m, const char *name, const char *pattern, struct err *e)
{
	sqlite3_stmt *s = embedded_use(m, ST_BIND);
	int64_t id;

	if (embedded_find(m, name, &id, NULL, e) < 0)
		return -1;
	sqlite3_bind_int64(s, 1, id);
	sqlite3_bind_text(s, 2, pattern, -1, SQLITE_STATIC);
	if (embedded_run(m, ST_BIND, e) < 0)
		return -1;
	return sqlite3_changes(m->db) ? embedded_run(m, ST_BINDINGS_CHANGED, e) : 0;
}

static int embedded_bind(
	struct queue *q, const char *name, const char *pattern, struct err *e)
{
	struct embedded *m = (struct embedded *)q;
	int result = -1;

	if (embedded_begin(m, true, e) == 0 && add_binding(m, name, pattern, e) == 0)
		result = embedded_commit(m, e);
	embedded_rollback(m);
	return result;
}

/* Read the bindings again if somebody changed them. */
static int refresh_routes(struct embedded *m, int64_t version, struct err *e)
{
	sqlite3_stmt *s = embedded_use(m, ST_BINDINGS);
	int row;

	if (version == m->routes_version)
		return 0;
	routes_reset(&m->routes);
	while ((row = embedded_row(m, ST_BINDINGS, e)) > 0)
		routes_add(&m->routes, (const char *)sqlite3_column_text(s, 1),
			sqlite3_column_int64(s, 0));
	if (row == 0)
		m->routes_version = version;
	return row;
}

static int add_message(struct embedded *m, const struct queue_message *message,
	int64_t id, struct err *e)
{
	sqlite3_stmt *s = embedded_use(m, ST_MESSAGE_ADD);

	sqlite3_bind_int64(s, 1, id);
	sqlite3_bind_text(s, 2, message->id, -1, SQLITE_STATIC);
	sqlite3_bind_text(s, 3, message->key, -1, SQLITE_STATIC);
	sqlite3_bind_text(s, 4, message->content_type, -1, SQLITE_STATIC);
	sqlite3_bind_text(s, 5, message->traceparent, -1, SQLITE_STATIC);
	sqlite3_bind_blob64(s, 6, message->body.n ? message->body.at : "",
		message->body.n, SQLITE_STATIC);
	return embedded_run(m, ST_MESSAGE_ADD, e);
}

static int add_delivery(
	struct embedded *m, int64_t queue, int64_t id, bool shared, struct err *e)
{
	sqlite3_stmt *s = embedded_use(m, ST_DELIVERY_ADD);

	sqlite3_bind_int64(s, 1, queue);
	sqlite3_bind_int64(s, 2, id);
	sqlite3_bind_int64(s, 3, id);
	sqlite3_bind_int(s, 4, shared);
	sqlite3_bind_null(s, 5);
	return embedded_run(m, ST_DELIVERY_ADD, e);
}

/* E-1: one row for the message, one for each of @n queues, none if @n is 0. */
static int store(struct embedded *m, const struct queue_message *message,
	const int64_t *queues, size_t n, int64_t id, struct err *e)
{
	if (n && add_message(m, message, id, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (add_delivery(m, queues[i], id, n > 1, e) < 0)
			return -1;
	if (n > 1) {
		sqlite3_stmt *s = embedded_use(m, ST_SHARE_ADD);

		sqlite3_bind_int64(s, 1, id);
		sqlite3_bind_int64(s, 2, (int64_t)n);
		return embedded_run(m, ST_SHARE_ADD, e);
	}
	return 0;
}

static int store_pending(struct embedded *m, struct err *e)
{
	sqlite3_stmt *counter = embedded_use(m, ST_COUNTER);
	int64_t first, version;

	if (embedded_row(m, ST_COUNTER, e) < 0)
		return -1;
	version = sqlite3_column_int64(counter, 1);
	sqlite3_reset(counter);
	if (refresh_routes(m, version, e) < 0 ||
		embedded_count(m, (int64_t)m->pending.n, &first, e) < 0)
		return -1;
	for (size_t i = 0; i < m->pending.n; i++) {
		const struct pending *p = &m->pending.at[i];
		const int64_t *queues = &p->queue;
		size_t n = 1;

		if (!p->queue) {
			const struct route_hit *hit = routes_find(&m->routes, p->m.key);

			queues = hit->queues;
			n = hit->n;
		}
		if (store(m, &p->m, queues, n, first + (int64_t)i, e) < 0)
			return -1;
	}
	return 0;
}

/* On a fault nothing is written and all of it stays pending: the next one tries again.
 */
static int flush(struct embedded *m, struct err *e)
{
	if (!m->pending.n)
		return 0;
	if (embedded_begin(m, true, e) < 0)
		return -1;
	if (store_pending(m, e) < 0) {
		embedded_rollback(m);
		return -1;
	}
	if (embedded_commit(m, e) < 0)
		return -1;
	m->confirmed += m->pending.n;
	m->pending.at = NULL;
	m->pending.n = m->pending.cap = 0;
	arena_reset(&m->arena);
	return 0;
}

static int embedded_publish(struct queue *q, const char *name,
	const struct queue_message *message, struct err *e)
{
	struct embedded *m = (struct embedded *)q;
	struct arena *a = &m->arena;
	int64_t queue = 0;

	if (name && embedded_find(m, name, &queue, NULL, e) < 0)
		return -1;
	if ((m->pending.n >= (size_t)q->window || a->used >= PENDING_BYTES) &&
		flush(m, e) < 0)
		return -1;
	struct queue_message copy = {
		.id = arena_dup(a, message->id),
		.key = arena_dup(a, name ? name : message->key),
		.content_type =
			arena_dup(a, message->content_type ? message->content_type
							   : QUEUE_CONTENT_TYPE),
		.traceparent = arena_dup(a, message->traceparent),
		.body = {arena_dup_n(a, message->body.at, message->body.n),
			message->body.n},
	};

	*LIST_ADD(a, &m->pending) = (struct pending){copy, queue};
	return 0;
}

static enum queue_confirm_result embedded_confirm(
	struct queue *q, int timeout_ms, uint64_t *ret_upto, struct err *e)
{
	struct embedded *m = (struct embedded *)q;

	(void)timeout_ms; /* a commit is never put off */
	if (flush(m, e) < 0)
		return QUEUE_CONFIRM_FAULT;
	*ret_upto = m->confirmed;
	return QUEUE_CONFIRM_OK;
}

static void embedded_close(struct queue *q)
{
	struct embedded *m = (struct embedded *)q;

	embedded_take_close(m);
	embedded_file_close(m);
	routes_deinit(&m->routes);
	arena_deinit(&m->arena);
	free(m->path);
	free(m);
}

static int embedded_fd(const struct queue *q)
{
	(void)q;
	return -1;
}

static const struct queue_ops ops = {
	.close = embedded_close,
	.declare = embedded_declare,
	.bind = embedded_bind,
	.publish = embedded_publish,
	.confirm = embedded_confirm,
	.consume = embedded_consume,
	.next = embedded_next,
	.ack = embedded_ack,
	.reject = embedded_reject,
	.requeue = embedded_requeue,
	.depth = embedded_depth,
	.fd = embedded_fd,
};

int embedded_open(
	const struct queue_options *options, struct queue **ret_queue, struct err *e)
{
	if (!options->path || !*options->path)
		return err_set(e, ERR_CONFIG, "queue: no file named");
	struct embedded *m = mem_alloc(sizeof(*m));

	m->queue.ops = &ops;
	m->queue.window = options->window ? options->window : QUEUE_WINDOW;
	m->path = mem_dup(options->path);
	m->lock_fd = -1;
	if (embedded_file_open(m, e) < 0) {
		embedded_close(&m->queue);
		return -1;
	}
	*ret_queue = &m->queue;
	return 0;
}
