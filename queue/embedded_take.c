/*
 * Taking from the embedded queue. Delivery rows are read ahead, up to a prefetch of
 * them, and handed out in order; what is taken lives in memory only (E-3). Faults leave
 * the lists as they were, so the caller may try the same call again.
 */
#include <poll.h>

#include "queue/embedded.h"

#include <sqlite3.h>
enum { AHEAD_MAX = 1000, POLL_FIRST_MS = 1, POLL_LAST_MS = 16 };

static int write_taken(struct embedded *m, int64_t taken, int64_t cursor, struct err *e)
{
	sqlite3_stmt *s = embedded_use(m, ST_TAKEN);

	sqlite3_bind_int64(s, 1, m->taking_from);
	sqlite3_bind_int64(s, 2, taken);
	sqlite3_bind_int64(s, 3, cursor);
	return embedded_run(m, ST_TAKEN, e);
}

static int64_t max(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

int embedded_consume(struct queue *q, const char *name, int prefetch, struct err *e)
{
	struct embedded *m = (struct embedded *)q;
	sqlite3_stmt *s = embedded_use(m, ST_QUEUE_FIND);
	int64_t id, dead;

	if (embedded_find(m, name, &id, &dead, e) < 0)
		return -1;
	int mine = embedded_lock(m, id, true, e);

	if (mine < 0)
		return -1;
	if (mine == 0)
		return err_set(e, ERR_UNAVAILABLE, "queue %s: %s has a taker already",
			m->path, name);
	/* Only now is what the last taker wrote final. */
	if (embedded_row(m, ST_QUEUE_FIND, e) != 1)
		return -1;
	m->taken_before = sqlite3_column_int64(s, 2);
	sqlite3_reset(s);
	m->taking_from = id;
	m->taking_dead = dead;
	m->prefetch = (size_t)prefetch;
	return write_taken(m, m->taken_before, 0, e);
}

static int list_rows(struct embedded *m, struct err *e)
{
	sqlite3_stmt *s = embedded_use(m, ST_DELIVERY_LIST);
	size_t limit = m->prefetch < AHEAD_MAX ? m->prefetch : AHEAD_MAX;
	int row;

	m->ahead.head = m->ahead.n = 0;
	sqlite3_bind_int64(s, 1, m->taking_from);
	sqlite3_bind_int64(s, 2, m->cursor);
	sqlite3_bind_int64(s, 3, (int64_t)limit);
	while ((row = embedded_row(m, ST_DELIVERY_LIST, e)) > 0) {
		struct taking one = {
			.position = sqlite3_column_int64(s, 0),
			.message = sqlite3_column_int64(s, 1),
			.shared = sqlite3_column_int(s, 2),
		};

		one.redelivered = one.position <= m->taken_before;
		takings_add(&m->ahead, &one);
	}
	return row;
}

/* Read ahead, and note that these are taken (E-4) before anybody sees them. */
static int refill(struct embedded *m, struct err *e)
{
	if (list_rows(m, e) < 0) {
		m->ahead.n = 0;
		return -1;
	}
	if (!m->ahead.n)
		return 0;
	int64_t last = m->ahead.at[m->ahead.n - 1].position;
	bool noted = embedded_begin(m, false, e) == 0 &&
		     write_taken(m, max(m->taken_before, last), last, e) == 0 &&
		     embedded_commit(m, e) == 0;

	embedded_rollback(m);
	if (!noted) {
		m->ahead.n = 0;
		return -1;
	}
	m->cursor = last;
	return 0;
}

static const char *column_text(sqlite3_stmt *s, int column, struct arena *a)
{
	return arena_dup(a, (const char *)sqlite3_column_text(s, column));
}

static int load(struct embedded *m, const struct taking *t, struct queue_delivery *d,
	struct err *e)
{
	sqlite3_stmt *s = embedded_use(m, ST_MESSAGE_GET);
	struct arena *a = &m->current;

	arena_reset(a);
	sqlite3_bind_int64(s, 1, t->message);
	int row = embedded_row(m, ST_MESSAGE_GET, e);

	if (row < 0)
		return -1;
	if (row == 0)
		return err_set(e, ERR_IO,
			"queue %s: message %lld is gone from the file", m->path,
			(long long)t->message);
	size_t n = (size_t)sqlite3_column_bytes(s, 4);

	*d = (struct queue_delivery){
		.redelivered = t->redelivered,
		.message =
			{
				.id = column_text(s, 0, a),
				.key = column_text(s, 1, a),
				.content_type = column_text(s, 2, a),
				.traceparent = column_text(s, 3, a),
				.body = {arena_dup_n(a, sqlite3_column_blob(s, 4), n),
					n},
			},
	};
	sqlite3_reset(s);
	return 0;
}

/* 1 with a delivery, 0 when there is none or the prefetch is used up, -1. */
static int hand_out(struct embedded *m, struct queue_delivery *d, struct err *e)
{
	struct takings *from = takings_n(&m->again) ? &m->again : &m->ahead;

	if (m->held_n >= m->prefetch)
		return 0;
	if (!takings_n(from) && refill(m, e) < 0)
		return -1;
	if (!takings_n(from))
		return 0;
	struct taking one = from->at[from->head];

	if (load(m, &one, d, e) < 0)
		return -1;
	from->head++;
	one.tag = d->tag = m->queue.last_tag + 1;
	takings_add(&m->held, &one);
	m->held_n++;
	m->handed = max(m->handed, one.position);
	return 1;
}

enum queue_next_result embedded_next(struct queue *q, int timeout_ms,
	struct queue_delivery *ret_delivery, struct err *e)
{
	struct embedded *m = (struct embedded *)q;
	int64_t end = clock_ticks() + (int64_t)timeout_ms * 1000000;
	int pause = POLL_FIRST_MS;

	for (;;) {
		struct queue_delivery d;
		int found = hand_out(m, &d, e);

		if (found < 0)
			return QUEUE_NEXT_FAULT;
		if (found) {
			*ret_delivery = d;
			return QUEUE_NEXT_OK;
		}
		int64_t left = (end - clock_ticks() + 999999) / 1000000;

		if (left <= 0)
			return QUEUE_NEXT_NONE;
		poll(NULL, 0, left < pause ? (int)left : pause);
		pause = pause < POLL_LAST_MS ? pause * 2 : POLL_LAST_MS;
	}
}

/* E-1: the last delivery takes its message along. */
static int drop_message(struct embedded *m, const struct taking *t, struct err *e)
{
	if (t->shared) {
		sqlite3_stmt *s = embedded_use(m, ST_SHARE_LESS);

		sqlite3_bind_int64(s, 1, t->message);
		int row = embedded_row(m, ST_SHARE_LESS, e);

		if (row < 0)
			return -1;
		bool left = row && sqlite3_column_int64(s, 0) > 0;

		sqlite3_reset(s);
		if (left)
			return 0;
		sqlite3_bind_int64(embedded_use(m, ST_SHARE_DROP), 1, t->message);
		if (embedded_run(m, ST_SHARE_DROP, e) < 0)
			return -1;
	}
	sqlite3_bind_int64(embedded_use(m, ST_MESSAGE_DROP), 1, t->message);
	return embedded_run(m, ST_MESSAGE_DROP, e);
}

static int drop_delivery(struct embedded *m, const struct taking *t, struct err *e)
{
	sqlite3_stmt *s = embedded_use(m, ST_DELIVERY_DROP);

	sqlite3_bind_int64(s, 1, m->taking_from);
	sqlite3_bind_int64(s, 2, t->position);
	return embedded_run(m, ST_DELIVERY_DROP, e);
}

static int drop_held(struct embedded *m, size_t first, size_t end, struct err *e)
{
	for (size_t i = first; i < end; i++) {
		const struct taking *t = &m->held.at[i];

		if (!t->done &&
			(drop_delivery(m, t, e) < 0 || drop_message(m, t, e) < 0))
			return -1;
	}
	return 0;
}

static void done_held(struct embedded *m, size_t first, size_t end)
{
	for (size_t i = first; i < end; i++) {
		m->held_n -= !m->held.at[i].done;
		m->held.at[i].done = true;
	}
	takings_trim(&m->held, m->held_n);
}

static int unknown_tag(struct embedded *m, uint64_t tag, struct err *e)
{
	return err_set(e, ERR_BUG, "queue %s: tag %llu is done with already", m->path,
		(unsigned long long)tag);
}

int embedded_ack(struct queue *q, uint64_t tag, bool up_to, struct err *e)
{
	struct embedded *m = (struct embedded *)q;
	struct taking *t = takings_find(&m->held, tag);

	if (!t)
		return unknown_tag(m, tag, e);
	size_t last = (size_t)(t - m->held.at), first = up_to ? m->held.head : last;

	if (embedded_begin(m, false, e) < 0)
		return -1;
	if (drop_held(m, first, last + 1, e) < 0) {
		embedded_rollback(m);
		return -1;
	}
	if (embedded_commit(m, e) < 0)
		return -1;
	done_held(m, first, last + 1);
	return 0;
}

/* The delivery moves to the end of the dead-letter queue; without one it is dropped. */
static int bury(
	struct embedded *m, const struct taking *t, const char *reason, struct err *e)
{
	sqlite3_stmt *s = embedded_use(m, ST_DELIVERY_ADD);
	int64_t position;

	if (drop_delivery(m, t, e) < 0)
		return -1;
	if (!m->taking_dead)
		return drop_message(m, t, e);
	if (embedded_count(m, 1, &position, e) < 0)
		return -1;
	sqlite3_bind_int64(s, 1, m->taking_dead);
	sqlite3_bind_int64(s, 2, position);
	sqlite3_bind_int64(s, 3, t->message);
	sqlite3_bind_int(s, 4, t->shared);
	sqlite3_bind_text(s, 5, reason, -1, SQLITE_STATIC);
	return embedded_run(m, ST_DELIVERY_ADD, e);
}

int embedded_reject(struct queue *q, uint64_t tag, const char *reason, struct err *e)
{
	struct embedded *m = (struct embedded *)q;
	struct taking *t = takings_find(&m->held, tag);

	if (!t)
		return unknown_tag(m, tag, e);
	size_t at = (size_t)(t - m->held.at);

	if (embedded_begin(m, false, e) < 0)
		return -1;
	if (bury(m, t, reason, e) < 0) {
		embedded_rollback(m);
		return -1;
	}
	if (embedded_commit(m, e) < 0)
		return -1;
	done_held(m, at, at + 1);
	return 0;
}

/* It waits in the file all the time: only our memory changes. */
int embedded_requeue(struct queue *q, uint64_t tag, struct err *e)
{
	struct embedded *m = (struct embedded *)q;
	struct taking *t = takings_find(&m->held, tag);

	if (!t)
		return unknown_tag(m, tag, e);
	size_t at = (size_t)(t - m->held.at);
	struct taking one = *t;

	one.redelivered = true;
	takings_add(&m->again, &one);
	done_held(m, at, at + 1);
	return 0;
}

int embedded_depth(
	struct queue *q, const char *name, uint64_t *ret_count, struct err *e)
{
	struct embedded *m = (struct embedded *)q;
	sqlite3_stmt *find = embedded_use(m, ST_QUEUE_FIND);
	sqlite3_stmt *count = embedded_use(m, ST_DELIVERY_COUNT);
	int64_t id, cursor;

	if (embedded_find(m, name, &id, NULL, e) < 0)
		return -1;
	bool mine = q->consuming && id == m->taking_from;
	int is_free = mine ? 0 : embedded_lock(m, id, false, e);

	if (is_free < 0 || embedded_row(m, ST_QUEUE_FIND, e) != 1)
		return -1;
	cursor = is_free ? 0 : sqlite3_column_int64(find, 3);
	sqlite3_reset(find);
	sqlite3_bind_int64(count, 1, id);
	sqlite3_bind_int64(count, 2, cursor);
	if (embedded_row(m, ST_DELIVERY_COUNT, e) != 1)
		return -1;
	*ret_count = (uint64_t)sqlite3_column_int64(count, 0);
	if (mine)
		*ret_count += takings_n(&m->ahead) + takings_n(&m->again);
	sqlite3_reset(count);
	return 0;
}

/* What was read ahead and not handed out was not taken, unless by somebody before. */
void embedded_take_close(struct embedded *m)
{
	if (m->taking_from && m->statements[ST_TAKEN])
		write_taken(m, max(m->taken_before, m->handed), 0, NULL);
	takings_deinit(&m->ahead);
	takings_deinit(&m->again);
	takings_deinit(&m->held);
	arena_deinit(&m->current);
}
