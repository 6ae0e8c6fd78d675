#include "gateway/flow/feeder.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "gateway/base/log.h"
#include "gateway/base/mem.h"
#include "gateway/base/trace.h"
#include "gateway/flow/backoff.h"
#include "gateway/flow/intake.h"
#include "gateway/flow/job.h"

enum {
	/* Under way at a time; more than a broker's usual prefetch, so that an idle
	 * next() still serves its heartbeats. */
	UNDER_WAY_JOBS = 4096,
	UNDER_WAY_BYTES = 32 * 1024 * 1024,
	IDLE_MS = 1000, /* heartbeats; files that must hold still for a while */
	POLL_MS = 50,   /* a source without a descriptor */
	ONCE_MS = 20,
	SETTLE_MANY = 512,
};

struct feeder {
	struct feeder_options options;
	struct mailbox back;
	struct codec *codec;
	void *source;  /* NULL: not open */
	unsigned life; /* counts openings: older jobs cannot be settled */
	size_t under_way, bytes;
	struct backoff backoff;
	int pause_ms; /* before the source is opened again */
	bool failed;
	struct err error;
	atomic_bool stopping, abandoned, tried, ended;
};

enum step {
	STEP_TOOK,
	STEP_IDLE,   /* nothing there */
	STEP_FAULT,  /* close and open again */
	STEP_CLOSED, /* the writer takes no more */
};

struct feeder *feeder_new(const struct feeder_options *options, struct err *e)
{
	struct feeder *f = mem_alloc(sizeof(*f));

	f->options = *options;
	f->backoff.first_ms = options->retry_first_ms ? options->retry_first_ms : 500;
	f->backoff.limit_ms = options->retry_limit_ms ? options->retry_limit_ms : 30000;
	if (mailbox_init(&f->back, e) < 0) {
		free(f);
		return NULL;
	}
	f->codec = codec_new(&options->source->codec);
	return f;
}

void feeder_free(struct feeder *f)
{
	if (!f)
		return;
	codec_free(f->codec);
	mailbox_deinit(&f->back);
	free(f);
}

void feeder_stop(struct feeder *f)
{
	atomic_store(&f->stopping, true);
	bell_ring(&f->back.bell);
}

void feeder_abandon(struct feeder *f)
{
	atomic_store(&f->abandoned, true);
	feeder_stop(f);
}

bool feeder_has_tried(struct feeder *f)
{
	return atomic_load(&f->tried);
}

bool feeder_has_ended(struct feeder *f)
{
	return atomic_load(&f->ended);
}

bool feeder_failed(struct feeder *f, struct err *ret_e)
{
	if (f->failed)
		*ret_e = f->error;
	return f->failed;
}

static void source_close(struct feeder *f)
{
	if (f->source)
		f->options.source->ops->close(f->source);
	f->source = NULL;
}

/* One line when trouble starts; then it is opened again after a pause. */
static void trouble(struct feeder *f, const struct err *e)
{
	bool first;

	source_close(f);
	f->error = *e;
	f->pause_ms = backoff_failed(&f->backoff, &first);
	meter_source_works(f->options.meter, false);
	if (first)
		log_event(LOG_LEVEL_WARNING, "source-unavailable", "adapter",
			f->options.source->name, "reason", e->text, NULL);
}

static void source_open(struct feeder *f)
{
	const struct flow_source *source = f->options.source;
	struct err e = {0};

	if (source->ops->open(source->options, &f->source, &e) < 0) {
		f->source = NULL;
		trouble(f, &e);
	} else {
		f->life++;
		meter_source_works(f->options.meter, true);
	}
	if (!atomic_exchange(&f->tried, true))
		bell_ring(f->options.parent);
}

/* Something was taken or settled: the source works. */
static void works(struct feeder *f)
{
	if (backoff_worked(&f->backoff))
		log_event(LOG_LEVEL_INFO, "source-available", "adapter",
			f->options.source->name, NULL);
}

static int settle_some(struct feeder *f, struct settled *some, size_t *n, struct err *e)
{
	size_t count = *n;

	*n = 0;
	if (!count || !f->source)
		return 0;
	return f->options.source->ops->settle(f->source, some, count, e);
}

/* Committed jobs of this opening are settled; all that came back are done with. */
static int settle_all(struct feeder *f, struct err *e)
{
	struct job *jobs = mailbox_take(&f->back), *next;
	struct settled some[SETTLE_MANY];
	size_t n = 0;
	int result = 0;

	for (struct job *job = jobs; job; job = job->next) {
		if (job->life == f->life)
			some[n++] = job->settled;
		if (result == 0 && (n == SETTLE_MANY || !job->next))
			result = settle_some(f, some, &n, e);
		else if (n == SETTLE_MANY)
			n = 0;
	}
	for (struct job *job = jobs; job; job = next) {
		next = job->next;
		f->under_way--;
		f->bytes -= job->item.held;
		job_free(job);
	}
	return result;
}

static int delivery_read(struct feeder *f, const struct delivery *delivery,
	struct intake_item *item, struct err *e)
{
	const struct flow_source *source = f->options.source;
	struct intake_context context = {
		.adapter = source->name,
		.policy = source->policy,
		.at = f->options.now(f->options.now_context),
		.origin = delivery->origin,
		.traceparent = trace_is_valid(delivery->traceparent)
				       ? delivery->traceparent
				       : NULL,
		.spill_folder = f->options.spill_folder,
	};

	if (delivery->path)
		return intake_read_fd(
			f->codec, delivery->fd, delivery->path, &context, item, e);
	return intake_read_bytes(f->codec, delivery->bytes, &context, item, e);
}

static enum step take_one(struct feeder *f, struct err *e)
{
	struct delivery delivery = {.fd = -1};

	switch (f->options.source->ops->next(f->source, &delivery, e)) {
	case SOURCE_NEXT_OK:
		break;
	case SOURCE_NEXT_NONE:
		return STEP_IDLE;
	case SOURCE_NEXT_FAULT:
		return STEP_FAULT;
	}
	meter_received(f->options.meter, f->options.now(f->options.now_context));
	struct job *job = job_new();

	if (delivery_read(f, &delivery, &job->item, e) < 0) {
		job_free(job);
		return STEP_FAULT;
	}
	job->back = &f->back;
	job->meter = f->options.meter;
	job->handle = delivery.handle;
	job->life = f->life;
	size_t held = job->item.held;

	/* Counted first: once it is put it may already be on its way back. */
	f->under_way++;
	f->bytes += held;
	if (!ring_put(f->options.ring, job, held)) {
		f->under_way--;
		f->bytes -= held;
		job_free(job);
		return STEP_CLOSED;
	}
	return STEP_TOOK;
}

static bool may_take(struct feeder *f)
{
	return !atomic_load(&f->stopping) && f->under_way < UNDER_WAY_JOBS &&
	       f->bytes < UNDER_WAY_BYTES;
}

/* With once: nothing left, neither here nor under way? */
static enum step look_for_end(struct feeder *f, bool *ret_done, struct err *e)
{
	bool drained = false;

	*ret_done = false;
	if (!f->options.once || f->under_way)
		return STEP_IDLE;
	if (f->options.source->ops->drained(f->source, &drained, e) < 0)
		return STEP_FAULT;
	if (!drained)
		return STEP_IDLE;
	/* What was on its way to us while we asked. */
	enum step step = take_one(f, e);

	*ret_done = step == STEP_IDLE;
	return step;
}

static void wait_for_news(struct feeder *f)
{
	bool taking = may_take(f);
	int fd = taking ? f->options.source->ops->fd(f->source) : -1;
	int timeout = taking && fd < 0 ? POLL_MS : IDLE_MS;

	if (f->options.once)
		timeout = ONCE_MS;
	bell_wait(&f->back.bell, fd, timeout);
}

/* One turn with an open source. True when the feeder is done. */
static bool turn(struct feeder *f)
{
	struct err e = {0};
	bool done = false;
	enum step step = STEP_IDLE;

	if (settle_all(f, &e) < 0) {
		trouble(f, &e);
		return false;
	}
	if (atomic_load(&f->stopping) && !f->under_way)
		return true;
	if (may_take(f)) {
		step = take_one(f, &e);
		if (step != STEP_FAULT)
			works(f);
		if (step == STEP_IDLE)
			step = look_for_end(f, &done, &e);
	}
	if (step == STEP_FAULT)
		trouble(f, &e);
	if (step == STEP_CLOSED)
		return true;
	if (step == STEP_IDLE && !done)
		wait_for_news(f);
	return done;
}

/* One turn while the source is away. True when the feeder is done. */
static bool turn_away(struct feeder *f)
{
	struct err e = {0};

	if (f->pause_ms) {
		int64_t until = clock_ticks() + (int64_t)f->pause_ms * 1000000;
		int64_t left;

		while (!atomic_load(&f->stopping) &&
			(left = (until - clock_ticks()) / 1000000) > 0)
			bell_wait(&f->back.bell, -1, (int)left);
		f->pause_ms = 0;
	}
	settle_all(f, &e); /* nothing to settle with: only lets go of them */
	if (atomic_load(&f->stopping))
		return true;
	source_open(f);
	if (f->source || !f->options.once)
		return false;
	f->failed = backoff_trouble_ms(&f->backoff) >= f->options.once_wait_ms;
	return f->failed;
}

void feeder_run(struct feeder *f)
{
	bool done = false;

	while (!done && !atomic_load(&f->abandoned))
		done = f->source ? turn(f) : turn_away(f);
	source_close(f);
	atomic_store(&f->tried, true);
	atomic_store(&f->ended, true);
	bell_ring(f->options.parent);
}
