#include "gateway/flow/tail.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/base/mem.h"
#include "gateway/flow/cloudevent.h"

enum {
	BYTES = 16 * 1024 * 1024,
	READ_ROWS = 50000, /* of all sinks, at a time */
};

struct tail_event {
	struct letter letter;
	struct arena arena; /* of the letter and the rows */
	const struct outbox_mark *rows;
	size_t rows_n;
	size_t bytes;
	int held; /* by the tail and by relays */
};

struct tail {
	struct ledger_options ledger;
	size_t most;

	pthread_mutex_t lock; /* of what follows */
	struct ledger_view *view;
	struct tail_event **events; /* oldest first, from first on, room of them */
	size_t first, n, room;
	size_t bytes;
	uint64_t position; /* of the first event */
	int64_t upto;      /* all rows up to this one were read */
	int64_t again;     /* the last that was put back */
	bool started, stirred;
	int64_t version;
};

struct tail *tail_new(const struct ledger_options *ledger, size_t bytes)
{
	struct tail *t = mem_alloc(sizeof(*t));

	t->ledger = *ledger;
	t->most = bytes ? bytes : BYTES;
	t->stirred = true;
	t->position = 1;
	pthread_mutex_init(&t->lock, NULL);
	return t;
}

static void let_go(struct tail_event *event)
{
	if (--event->held)
		return;
	arena_deinit(&event->arena);
	free(event);
}

static void drop_first(struct tail *t)
{
	struct tail_event *event = t->events[t->first++];

	t->n--;
	t->position++;
	t->bytes -= event->bytes;
	let_go(event);
}

void tail_free(struct tail *t)
{
	if (!t)
		return;
	while (t->n)
		drop_first(t);
	free(t->events);
	ledger_view_close(t->view);
	pthread_mutex_destroy(&t->lock);
	free(t);
}

void tail_stir(struct tail *t)
{
	pthread_mutex_lock(&t->lock);
	t->stirred = true;
	pthread_mutex_unlock(&t->lock);
}

/* ---- Reading. */

/* The letter of @row, in the event's own memory. */
static void write_letter(
	struct tail *t, struct tail_event *event, const struct outbox_row *row)
{
	cleanup_buf struct buf body = {0}, key = {0};
	struct arena *arena = &event->arena;

	cloudevent_write(&body, t->ledger.site, row);
	cloudevent_write_key(&key, row);
	event->letter = (struct letter){
		.event_id = arena_dup(arena, row->event_id),
		.name = arena_dup(arena, row->name),
		.subject = arena_dup(arena, row->subject),
		.key = arena_dup(arena, buf_text(&key)),
		.traceparent = arena_dup(arena, row->traceparent),
		.body = {arena_dup_n(arena, buf_text(&body), body.n), body.n},
	};
}

static void append(struct tail *t, struct tail_event *event)
{
	if (t->first + t->n == t->room && t->first > t->room / 2) {
		memmove(t->events, t->events + t->first, t->n * sizeof(*t->events));
		t->first = 0;
	} else if (t->first + t->n == t->room) {
		t->room = t->room * 2 + 64;
		t->events = mem_resize(t->events, t->room * sizeof(*t->events));
	}
	t->events[t->first + t->n++] = event;
}

static int add_event(void *context, const struct outbox_row *row,
	const struct outbox_mark *marks, size_t n)
{
	struct tail *t = context;
	struct tail_event *event = mem_alloc(sizeof(*event));
	struct outbox_mark *rows = arena_alloc(&event->arena, n * sizeof(*rows));

	memcpy(rows, marks, n * sizeof(*rows));
	event->rows = rows;
	event->rows_n = n;
	event->held = 1;
	write_letter(t, event, row);
	event->bytes = event->arena.used + sizeof(*event);
	append(t, event);
	t->bytes += event->bytes;
	while (t->bytes > t->most && t->n > 1)
		drop_first(t);
	return 0;
}

/* Is there something new to read? */
static int look_around(struct tail *t, bool elsewhere, struct err *e)
{
	int64_t version;

	if (!t->view && ledger_view_open(&t->ledger, &t->view, e) < 0)
		return -1;
	if (t->stirred || !elsewhere)
		return 0;
	if (ledger_view_version(t->view, &version, e) < 0)
		return -1;
	t->stirred = version != t->version;
	t->version = version;
	return 0;
}

static int read_on(struct tail *t, struct err *e)
{
	struct outbox_ends ends;

	if (ledger_view_outbox_ends(t->view, &ends, e) < 0)
		return -1;
	t->again = ends.again;
	/* What lay in the outbox before is for each relay to read. */
	if (!t->started)
		t->upto = ends.last;
	t->started = true;
	while (t->upto < ends.last) {
		int64_t to = t->upto + READ_ROWS;

		to = to < ends.last ? to : ends.last;
		if (ledger_view_outbox_events(t->view, t->upto, to, add_event, t, e) <
			0)
			return -1;
		t->upto = to;
	}
	return 0;
}

static int refresh(struct tail *t, bool elsewhere, struct err *e)
{
	if (look_around(t, elsewhere, e) < 0)
		return -1;
	if (!t->stirred)
		return 0;
	if (read_on(t, e) < 0) {
		ledger_view_close(t->view);
		t->view = NULL;
		return -1;
	}
	t->stirred = false;
	return 0;
}

/* ---- Handing out. */

static int64_t row_of(const struct tail_event *event, int64_t sink)
{
	for (size_t i = 0; i < event->rows_n; i++)
		if (event->rows[i].sink == sink)
			return event->rows[i].id;
	return 0;
}

static int hand_out(struct tail *t, int64_t sink, struct tail_place *place, int limit,
	struct tail_row *ret_rows)
{
	int n = 0;

	for (; place->position < t->position + t->n; place->position++) {
		size_t i = t->first + (size_t)(place->position - t->position);
		int64_t id = row_of(t->events[i], sink);

		if (id <= place->row)
			continue;
		if (n == limit)
			return n;
		t->events[i]->held++;
		ret_rows[n++] =
			(struct tail_row){id, &t->events[i]->letter, t->events[i]};
		place->row = id;
	}
	return n;
}

enum tail_result tail_take(struct tail *t, int64_t sink, struct tail_place *place,
	int limit, bool elsewhere, struct tail_row *ret_rows, int *ret_n,
	int64_t *ret_again, struct err *e)
{
	enum tail_result result = TAIL_OK;

	pthread_mutex_lock(&t->lock);
	*ret_n = 0;
	if (refresh(t, elsewhere, e) < 0)
		result = TAIL_FAULT;
	else if (place->position < t->position)
		result = TAIL_BEHIND;
	else
		*ret_n = hand_out(t, sink, place, limit, ret_rows);
	*ret_again = t->again;
	pthread_mutex_unlock(&t->lock);
	return result;
}

void tail_give_back(struct tail *t, const struct tail_row *rows, int n)
{
	pthread_mutex_lock(&t->lock);
	for (int i = 0; i < n; i++)
		let_go(rows[i].event);
	pthread_mutex_unlock(&t->lock);
}

uint64_t tail_end(struct tail *t)
{
	pthread_mutex_lock(&t->lock);
	uint64_t end = t->position + t->n;

	pthread_mutex_unlock(&t->lock);
	return end;
}
