#include "gateway/web/desk.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/base/day.h"
#include "gateway/base/log.h"
#include "gateway/base/mem.h"
#include "gateway/web/exchange.h"
#include "gateway/web/holding.h"
#include "gateway/web/message.h"
#include "gateway/web/worker.h"
#include "queue/queue.h"

enum {
	LOOK_FIRST_MS = 5, /* a waiting pull looks again, at longer and longer pauses */
	LOOK_LAST_MS = 160,
	IDLE_CLOSE_MS = 60000,
};

/* One reader's queue, open while it is read. */
struct counter {
	const struct config_reader *reader;
	struct queue *queue; /* NULL: not open */
	struct holding held;
	int64_t used_at;
	bool in_trouble; /* it was said */
};

struct desk {
	struct web *web;
	struct worker worker;
	struct counter *counters;
	struct exchange *pulls; /* those that wait for a message */
};

/* ---- A queue's life. */

static void counter_close(struct counter *c)
{
	queue_close(c->queue);
	c->queue = NULL;
	holding_reset(&c->held);
}

static int counter_open(struct desk *d, struct counter *c, struct err *e)
{
	struct queue_options options = {
		.type = QUEUE_EMBEDDED, .path = d->web->options.queue->path};

	c->used_at = clock_ticks();
	if (c->queue)
		return 0;
	if (queue_open(&options, &c->queue, e) < 0) {
		c->queue = NULL;
		return -1;
	}
	/* No two openings at one tick: tags of one are never those of another. */
	holding_begin(&c->held, (uint64_t)clock_ticks() ^ (uint64_t)clock_now() << 20);
	/* Its sink makes it with the first event; until then it is empty. */
	if (c->reader->organ && queue_declare(c->queue, c->reader->queue, e) < 0)
		return -1;
	return queue_consume(c->queue, c->reader->queue, DESK_HELD_MAX, e);
}

/* After any fault it is opened anew; what was held comes again. */
static void fault(struct counter *c, struct reply *r, const struct err *e)
{
	counter_close(c);
	reply_problem(r, PROBLEM_QUEUE,
		"the queue cannot be read now; what was not acknowledged comes again");
	if (!c->in_trouble)
		log_event(LOG_LEVEL_WARNING, "reader-unavailable", "queue",
			c->reader->queue, "reason", e->text, NULL);
	c->in_trouble = true;
}

static void works(struct counter *c)
{
	if (c->in_trouble)
		log_event(LOG_LEVEL_INFO, "reader-available", "queue", c->reader->queue,
			NULL);
	c->in_trouble = false;
}

/* ---- Giving an answer. */

/* False: the clock was faster, nobody got it. */
static bool give(struct exchange *x, struct reply *r)
{
	bool mine = exchange_claim(x);

	if (mine) {
		x->reply = *r;
		exchange_resume(x);
	} else {
		reply_deinit(r);
	}
	exchange_release(x);
	return mine;
}

/* ---- Pulling. */

static int take_messages(struct desk *d, struct counter *c, struct exchange *x,
	struct json *j, size_t *ret_n, struct err *e)
{
	int64_t expires =
		clock_ticks() +
		(int64_t)d->web->options.http->visibility_seconds * INT64_C(1000000000);
	size_t start = j->out->n;

	for (*ret_n = 0;
		*ret_n < (size_t)x->reading.max && j->out->n - start < DESK_PULL_BYTES;
		++*ret_n) {
		struct queue_delivery taken;

		switch (queue_next(c->queue, 0, &taken, e)) {
		case QUEUE_NEXT_FAULT:
			return -1;
		case QUEUE_NEXT_NONE:
			return 0;
		case QUEUE_NEXT_OK:
			break;
		}
		char tag[HOLDING_TAG];

		holding_add(&c->held, taken.tag, expires, tag);
		message_write(j, tag, &taken);
	}
	return 0;
}

/* What nobody got waits again. */
static void give_back(struct counter *c, size_t n)
{
	struct err e = {0};

	for (size_t i = 0; i < n && c->queue; i++) {
		uint64_t tag = holding_take_last(&c->held);

		if (queue_requeue(c->queue, tag, &e) < 0)
			counter_close(c);
	}
}

/* One look into the queue: -1 a fault (answered), 0 nothing there, 1 answered. */
static int pull(struct desk *d, struct exchange *x, bool even_nothing)
{
	struct counter *c = &d->counters[x->reading.reader];
	struct reply r = {0};
	struct err e = {0};
	struct json j;
	size_t n = 0;

	reply_json(&r, 200, &j);
	r.body.max = 4 * DESK_PULL_BYTES + BUF_DEFAULT_MAX;
	json_open(&j, '{');
	json_key(&j, "messages");
	json_open(&j, '[');
	if (counter_open(d, c, &e) < 0 || take_messages(d, c, x, &j, &n, &e) < 0) {
		fault(c, &r, &e);
		give(x, &r);
		return -1;
	}
	works(c);
	json_close(&j, ']');
	json_close(&j, '}');
	if (!n && !even_nothing) {
		reply_deinit(&r);
		return 0;
	}
	if (!give(x, &r))
		give_back(c, n);
	return 1;
}

static void pull_later(struct desk *d, struct exchange *x)
{
	struct reading_request *q = &x->reading;

	q->pause_ms = q->pause_ms ? q->pause_ms * 2 : LOOK_FIRST_MS;
	if (q->pause_ms > LOOK_LAST_MS)
		q->pause_ms = LOOK_LAST_MS;
	q->look_at = clock_ticks() + (int64_t)q->pause_ms * 1000000;
	if (q->look_at > q->until)
		q->look_at = q->until;
	x->next_work = d->pulls;
	d->pulls = x;
}

static void serve_pull(struct desk *d, struct exchange *x)
{
	bool last = clock_ticks() >= x->reading.until || atomic_load(&d->web->stopping);

	if (pull(d, x, last) == 0)
		pull_later(d, x);
}

static void look_at_pulls(struct desk *d)
{
	struct exchange *all = d->pulls, *next;
	bool stopping = atomic_load(&d->web->stopping);

	d->pulls = NULL;
	for (struct exchange *x = all; x; x = next) {
		next = x->next_work;
		if (stopping || clock_ticks() >= x->reading.look_at) {
			serve_pull(d, x);
		} else {
			x->next_work = d->pulls;
			d->pulls = x;
		}
	}
}

/* ---- Acknowledging and rejecting. */

static int settle_one(
	struct counter *c, const struct reading_request *q, uint64_t tag, struct err *e)
{
	int result = q->what == READING_REJECT
			     ? queue_reject(c->queue, tag, q->reason, e)
			     : queue_ack_one(c->queue, tag, e);

	if (result == 0)
		holding_done(&c->held, tag);
	return result;
}

struct settling {
	size_t done;
	const char **unknown;
	size_t unknown_n;
};

static int settle_tags(struct counter *c, const struct reading_request *q,
	struct settling *s, struct err *e)
{
	for (size_t i = 0; i < q->tags_n; i++) {
		uint64_t tag;

		if (!c->queue || !holding_find(&c->held, q->tags[i], &tag))
			s->unknown[s->unknown_n++] = q->tags[i];
		else if (settle_one(c, q, tag, e) < 0)
			return -1;
		else
			s->done++;
	}
	return 0;
}

static int settle_upto(struct counter *c, const struct reading_request *q,
	struct settling *s, struct err *e)
{
	uint64_t tag;

	if (!q->upto)
		return 0;
	if (!c->queue || !holding_find(&c->held, q->upto, &tag)) {
		s->unknown[s->unknown_n++] = q->upto;
		return 0;
	}
	if (queue_ack(c->queue, tag, e) < 0)
		return -1;
	s->done += holding_done_upto(&c->held, tag);
	return 0;
}

static void write_settled(
	struct reply *r, const struct reading_request *q, const struct settling *s)
{
	const char *done = q->what == READING_REJECT ? "rejected" : "acknowledged";
	struct json j;

	if (s->unknown_n) {
		reply_problem_open(r, PROBLEM_UNKNOWN_TAG, &j,
			"these tags are done with already, or their messages come "
			"again; the others are done");
	} else {
		reply_json(r, 200, &j);
		json_open(&j, '{');
	}
	json_put_int(&j, done, (int64_t)s->done);
	if (s->unknown_n) {
		json_key(&j, "unknown");
		json_open(&j, '[');
		for (size_t i = 0; i < s->unknown_n; i++)
			json_text(&j, s->unknown[i]);
		json_close(&j, ']');
	}
	json_close(&j, '}');
}

static void serve_settling(struct desk *d, struct exchange *x)
{
	struct counter *c = &d->counters[x->reading.reader];
	struct reading_request *q = &x->reading;
	struct settling s = {
		.unknown = mem_alloc((q->tags_n + 1) * sizeof(*s.unknown))};
	struct reply r = {0};
	struct err e = {0};

	c->used_at = clock_ticks();
	if (settle_tags(c, q, &s, &e) < 0 || settle_upto(c, q, &s, &e) < 0)
		fault(c, &r, &e);
	else
		write_settled(&r, q, &s);
	give(x, &r);
	free(s.unknown);
}

/* ---- The thread. */

/* Who pulled and was not heard of again: its messages wait again. */
static void give_back_expired(struct desk *d, int64_t now)
{
	struct err e = {0};
	uint64_t tag;

	for (size_t i = 0; i < d->web->options.http->readers_n; i++) {
		struct counter *c = &d->counters[i];

		while (c->queue && holding_expired(&c->held, now, &tag))
			if (queue_requeue(c->queue, tag, &e) < 0)
				counter_close(c);
		if (c->queue && !holding_n(&c->held) &&
			now - c->used_at > IDLE_CLOSE_MS * INT64_C(1000000))
			counter_close(c);
	}
}

static void look_until(int64_t *at, int64_t then)
{
	if (!*at || then < *at)
		*at = then;
}

/* Until something is due, in milliseconds; -1: nothing is. */
static int due_in(struct desk *d)
{
	int64_t now = clock_ticks(), at = 0;

	for (struct exchange *x = d->pulls; x; x = x->next_work)
		look_until(&at, x->reading.look_at);
	for (size_t i = 0; i < d->web->options.http->readers_n; i++) {
		struct counter *c = &d->counters[i];

		if (!c->queue)
			continue;
		look_until(
			&at, holding_n(&c->held)
				     ? holding_next(&c->held)
				     : c->used_at + IDLE_CLOSE_MS * INT64_C(1000000));
	}
	return !at ? -1 : at <= now ? 0 : (int)((at - now) / 1000000 + 1);
}

static void serve(struct desk *d, struct exchange *x)
{
	if (x->reading.what != READING_PULL) {
		serve_settling(d, x);
		return;
	}
	x->reading.until = clock_ticks() + (int64_t)x->reading.wait_ms * 1000000;
	serve_pull(d, x);
}

static void *run(void *context)
{
	struct desk *d = context;
	struct exchange *x;

	while (!worker_is_ending(&d->worker)) {
		bell_wait(&d->worker.bell, -1, due_in(d));
		while ((x = worker_take(&d->worker)))
			serve(d, x);
		look_at_pulls(d);
		give_back_expired(d, clock_ticks());
	}
	while ((x = worker_take(&d->worker)))
		serve(d, x);
	look_at_pulls(d);
	for (size_t i = 0; i < d->web->options.http->readers_n; i++)
		counter_close(&d->counters[i]);
	return NULL;
}

struct desk *desk_new(struct web *w, struct err *e)
{
	const struct config_http *http = w->options.http;
	struct desk *d = mem_alloc(sizeof(*d));

	d->web = w;
	d->counters = mem_alloc((http->readers_n + 1) * sizeof(*d->counters));
	for (size_t i = 0; i < http->readers_n; i++)
		d->counters[i].reader = &http->readers[i];
	if (worker_start(&d->worker, "http-desk", run, d, e) == 0)
		return d;
	desk_free(d);
	return NULL;
}

void desk_wake(struct desk *d)
{
	bell_ring(&d->worker.bell);
}

void desk_put(struct desk *d, struct exchange *x)
{
	worker_put(&d->worker, x);
}

bool desk_stop(struct desk *d)
{
	return !d || worker_stop(&d->worker);
}

void desk_free(struct desk *d)
{
	if (!d)
		return;
	worker_deinit(&d->worker);
	for (size_t i = 0; i < d->web->options.http->readers_n; i++)
		holding_deinit(&d->counters[i].held);
	free(d->counters);
	free(d);
}
