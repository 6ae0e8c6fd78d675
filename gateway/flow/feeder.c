#include "gateway/flow/feeder.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "gateway/base/log.h"
#include "gateway/base/mem.h"
#include "gateway/base/trace.h"
#include "gateway/flow/backoff.h"
#include "gateway/flow/intake.h"
#include "gateway/flow/job.h"
#include "gateway/flow/bundle.h"

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
	struct bundles bundles;
	struct backoff backoff;
	int pause_ms;     /* before the source is opened again */
	int64_t later_at; /* clock_ticks() before which the open source is left alone */
	char *cursor;     /* the last one that was committed; NULL: none */
	bool failed;
	struct err error;
	atomic_bool stopping, abandoned, tried, ended;
};

enum step {
	STEP_TOOK,
	STEP_IDLE,   /* nothing there */
	STEP_ASKED,  /* not known yet */
	STEP_LATER,  /* the peer is in trouble; the source stays open */
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
	f->cursor = mem_dup(options->cursor);
	return f;
}

void feeder_free(struct feeder *f)
{
	if (!f)
		return;
	codec_free(f->codec);
	free(f->cursor);
	mailbox_deinit(&f->back);
	bundles_deinit(&f->bundles);
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

/* One line when trouble starts. How long to pause. */
static int trouble_said(struct feeder *f, const struct err *e)
{
	bool first;
	int pause_ms = backoff_failed(&f->backoff, &first);

	f->error = *e;
	meter_source_works(f->options.meter, false);
	if (first)
		log_event(LOG_LEVEL_WARNING, "source-unavailable", "adapter",
			f->options.source->name, "reason", e->text, NULL);
	return pause_ms;
}

/* It is opened again after a pause. */
static void trouble(struct feeder *f, const struct err *e)
{
	source_close(f);
	f->pause_ms = trouble_said(f, e);
}

/* With once: has its trouble lasted too long? */
static bool gives_up(struct feeder *f)
{
	f->failed |= f->options.once &&
		     backoff_trouble_ms(&f->backoff) >= f->options.once_wait_ms;
	return f->failed;
}

/* It stays open and is asked again after a pause, its own if that is longer. */
static void trouble_later(struct feeder *f, int own_ms, const struct err *e)
{
	int pause_ms = trouble_said(f, e);

	if (own_ms > pause_ms)
		pause_ms = own_ms;
	f->later_at = clock_ticks() + (int64_t)pause_ms * 1000000;
	if (f->options.once && pause_ms > f->options.once_wait_ms)
		f->failed = true; /* longer than we may wait */
}

static void source_open(struct feeder *f)
{
	const struct flow_source *source = f->options.source;
	struct err e = {0};

	f->later_at = 0;
	if (source->ops->open(source->options, &f->source, &e) < 0) {
		f->source = NULL;
		trouble(f, &e);
	} else {
		f->life++;
		if (source->ops->resume)
			source->ops->resume(f->source, f->cursor);
		meter_source_works(f->options.meter, true);
	}
	if (!atomic_exchange(&f->tried, true))
		bell_ring(f->options.parent);
}

/* Something was taken or settled: the source works. */
static void works(struct feeder *f)
{
	meter_source_works(f->options.meter, true);
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

/* Committed: from here it goes on when it is opened again. */
static void cursor_take(struct feeder *f, const struct job *job)
{
	if (!job->cursor)
		return;
	free(f->cursor);
	f->cursor = mem_dup(job->cursor);
}

/* How the job's delivery is settled; NULL: not all of its documents are back. */
static const struct settled *job_settled(const struct job *job)
{
	return job->bundle ? bundle_settle(job->bundle, &job->settled) : &job->settled;
}

/* Committed jobs of this opening are settled; all that came back are done with. */
static int settle_all(struct feeder *f, struct err *e)
{
	struct job *jobs = mailbox_take(&f->back), *next;
	struct settled some[SETTLE_MANY];
	size_t n = 0;
	int result = 0;

	for (struct job *job = jobs; job; job = job->next) {
		const struct settled *settled = job_settled(job);

		cursor_take(f, job);
		if (settled && job->life == f->life)
			some[n++] = *settled;
		if (result == 0 && (n == SETTLE_MANY || !job->next))
			result = settle_some(f, some, &n, e);
		else if (n == SETTLE_MANY)
			n = 0;
	}
	for (struct job *job = jobs; job; job = next) {
		next = job->next;
		f->under_way--;
		f->bytes -= job->item.held;
		if (job->bundle)
			bundle_drop(job->bundle);
		job_free(job);
	}
	return result;
}

static struct intake_context context_of(
	struct feeder *f, const struct delivery *delivery)
{
	const struct flow_source *source = f->options.source;

	return (struct intake_context){
		.adapter = source->name,
		.policy = source->policy,
		.at = f->options.now(f->options.now_context),
		.origin = delivery->origin,
		.spill_folder = f->options.spill_folder,
	};
}

/* The first document of @delivery. */
static int delivery_read(struct feeder *f, const struct delivery *delivery,
	const struct intake_context *context, struct intake_item *item, struct err *e)
{
	if (delivery->path)
		return intake_read_fd(
			f->codec, delivery->fd, delivery->path, context, item, e);
	if (intake_read_bytes(f->codec, delivery->bytes, context, item, e) < 0)
		return -1;
	/* What the peer said of a document it does not give may be as secret as that.
	 */
	if (delivery->refused && !item->arrival.restricted)
		intake_item_condemn(item, "source.refused", delivery->refused);
	return 0;
}

/* Are there documents of @delivery behind the one just read? */
static bool has_more(const struct feeder *f, const struct delivery *delivery)
{
	return !delivery->refused && codec_left(f->codec);
}

/* Hand @job over; false: the writer takes no more. */
static bool job_give(struct feeder *f, struct job *job, const struct delivery *delivery,
	struct bundle *bundle)
{
	size_t held = job->item.held;

	job->back = &f->back;
	job->handle = delivery->handle;
	job->life = f->life;
	job->bundle = bundle;
	job->meter = f->options.meter;
	meter_received(job->meter, job->item.arrival.at);
	/* It may go on from behind the delivery once all of it is committed. */
	if (!has_more(f, delivery))
		job->cursor = arena_dup(&job->item.arena, delivery->cursor);
	/* Counted first: once it is put it may already be on its way back. */
	f->under_way++;
	f->bytes += held;
	if (ring_put(f->options.ring, job, held))
		return true;
	f->under_way--;
	f->bytes -= held;
	job_free(job);
	return false;
}

/* The further documents of @delivery, whose first is @job. */
static enum step give_all(struct feeder *f, const struct delivery *delivery,
	const struct intake_context *context, struct job *job, struct err *e)
{
	struct bundle *bundle = bundle_new(&f->bundles);

	for (;;) {
		bundle_add(bundle);
		bool given = job_give(f, job, delivery, bundle);

		if (given && !has_more(f, delivery))
			return STEP_TOOK;
		job = given ? job_new() : NULL;
		if (job && !intake_next(f->codec, context, &job->item, e))
			continue;
		job_free(job);
		bundle_break(bundle);
		return given ? STEP_FAULT : STEP_CLOSED;
	}
}

/* Make a job of @delivery and hand it to the writer. */
static enum step take(struct feeder *f, const struct delivery *delivery, struct err *e)
{
	struct intake_context context = context_of(f, delivery);
	char parent[TRACE_PARENT_SIZE];
	struct job *job = job_new();

	if (trace_take(delivery->traceparent, parent))
		context.traceparent = parent;
	if (delivery_read(f, delivery, &context, &job->item, e) < 0) {
		job_free(job);
		return STEP_FAULT;
	}
	if (has_more(f, delivery))
		return give_all(f, delivery, &context, job, e);
	return job_give(f, job, delivery, NULL) ? STEP_TOOK : STEP_CLOSED;
}

static enum step take_one(struct feeder *f, struct err *e)
{
	struct delivery delivery = {.fd = -1};

	switch (f->options.source->ops->next(f->source, &delivery, e)) {
	case SOURCE_NEXT_OK:
		return take(f, &delivery, e);
	case SOURCE_NEXT_NONE:
		return STEP_IDLE;
	case SOURCE_NEXT_ASKED:
		return STEP_ASKED;
	case SOURCE_NEXT_LATER:
		trouble_later(f, delivery.pause_ms, e);
		return STEP_LATER;
	case SOURCE_NEXT_FAULT:
		break;
	}
	return STEP_FAULT;
}

static bool may_take(struct feeder *f)
{
	return !atomic_load(&f->stopping) && f->under_way < UNDER_WAY_JOBS &&
	       f->bytes < UNDER_WAY_BYTES && !f->failed && clock_ticks() >= f->later_at;
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

/* One line for what the source works on in spite of. */
static void pass_remark_on(struct feeder *f)
{
	const struct flow_source *source = f->options.source;
	const char *remark = f->source && source->ops->remark
				     ? source->ops->remark(f->source)
				     : NULL;

	if (remark)
		log_event(LOG_LEVEL_WARNING, "source-remark", "adapter", source->name,
			"reason", remark, NULL);
}

static void wait_for_news(struct feeder *f)
{
	bool taking = may_take(f);
	int fd = taking ? f->options.source->ops->fd(f->source) : -1;
	int timeout = taking && fd < 0 ? POLL_MS : IDLE_MS;
	int64_t later_ms = (f->later_at - clock_ticks()) / 1000000 + 1;

	if (f->options.once)
		timeout = ONCE_MS;
	else if (later_ms > 0 && later_ms < timeout)
		timeout = (int)later_ms;
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
	if ((atomic_load(&f->stopping) || f->failed) && !f->under_way)
		return true;
	if (may_take(f)) {
		step = take_one(f, &e);
		if (step == STEP_TOOK || step == STEP_IDLE)
			works(f);
		if (step == STEP_IDLE)
			step = look_for_end(f, &done, &e);
	}
	pass_remark_on(f);
	if (step == STEP_FAULT)
		trouble(f, &e);
	if (step == STEP_LATER)
		gives_up(f);
	if (step == STEP_CLOSED)
		return true;
	if ((step == STEP_IDLE || step == STEP_LATER) && !done)
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
	return !f->source && gives_up(f);
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
