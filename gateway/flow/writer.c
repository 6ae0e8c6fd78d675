#include "gateway/flow/writer.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gateway/base/log.h"
#include "gateway/base/mem.h"
#include "gateway/flow/backoff.h"

enum { BATCH_JOBS = 1000, BATCH_BYTES = 8 * 1024 * 1024 };

enum word_kind { WORD_NOT_TOLD, WORD_DEAD, WORD_KNOWN_AS, WORD_SINK };

/* What a relay said, other than that rows were told. */
struct word {
	enum word_kind kind;
	struct ledger_attempt attempt; /* not told, dead */
	const char *sink, *subject, *known_as;
	struct ledger_sink now;
};

/* What the relays said since the last batch. */
struct news {
	struct arena arena;
	uint64_t ticket;
	LIST_OF(int64_t) told;
	LIST_OF(struct word) words;
};

struct writer {
	struct writer_options options;
	struct backoff backoff;
	struct bell patience; /* rung to cut a pause short */
	bool rows;            /* the batch left something to be told */

	pthread_mutex_t lock; /* of what follows */
	struct news news[2];  /* one is filled while the other is written */
	int filling;
	uint64_t ticket, wrote; /* of the news being filled; last written */
	bool stopping, abandoned, failed;
	msec_t remind_at; /* S4: a reminder round is due, at this time; 0: none */
	struct err error;
};

/* What one transaction holds. */
struct batch {
	struct job **jobs;
	size_t jobs_n;
	const struct news *news; /* may be NULL */
	msec_t remind_at;        /* 0: no reminder round */
};

enum write_result {
	WRITE_OK,
	WRITE_ABANDONED, /* told to end while the ledger was in trouble */
	WRITE_FAULT      /* no trouble that time mends */
};

struct writer *writer_new(const struct writer_options *options, struct err *e)
{
	struct writer *w = mem_alloc(sizeof(*w));

	w->options = *options;
	w->ticket = 1;
	w->backoff.first_ms = options->retry_first_ms ? options->retry_first_ms : 200;
	w->backoff.limit_ms = options->retry_limit_ms ? options->retry_limit_ms : 5000;
	if (bell_init(&w->patience, e) < 0) {
		free(w);
		return NULL;
	}
	pthread_mutex_init(&w->lock, NULL);
	return w;
}

void writer_free(struct writer *w)
{
	if (!w)
		return;
	for (int i = 0; i < 2; i++)
		arena_deinit(&w->news[i].arena);
	pthread_mutex_destroy(&w->lock);
	bell_deinit(&w->patience);
	free(w);
}

void writer_stop(struct writer *w)
{
	pthread_mutex_lock(&w->lock);
	w->stopping = true;
	pthread_mutex_unlock(&w->lock);
	ring_poke(w->options.ring);
}

void writer_abandon(struct writer *w)
{
	pthread_mutex_lock(&w->lock);
	w->stopping = w->abandoned = true;
	pthread_mutex_unlock(&w->lock);
	bell_ring(&w->patience);
	ring_poke(w->options.ring);
}

void writer_told(struct writer *w, const int64_t *outbox_ids, size_t n)
{
	pthread_mutex_lock(&w->lock);
	struct news *news = &w->news[w->filling];

	for (size_t i = 0; i < n; i++)
		*LIST_ADD(&news->arena, &news->told) = outbox_ids[i];
	pthread_mutex_unlock(&w->lock);
	ring_poke(w->options.ring);
}

/* One more word; its texts are copied into the news it goes to. */
static uint64_t say(struct writer *w, const struct word *word)
{
	pthread_mutex_lock(&w->lock);
	struct news *news = &w->news[w->filling];
	struct arena *arena = &news->arena;
	struct word *mine = LIST_ADD(arena, &news->words);
	uint64_t ticket = w->ticket;

	*mine = *word;
	mine->attempt.error = arena_dup(arena, word->attempt.error);
	mine->sink = arena_dup(arena, word->sink);
	mine->subject = arena_dup(arena, word->subject);
	mine->known_as = arena_dup(arena, word->known_as);
	mine->now.error = arena_dup(arena, word->now.error);
	mine->now.config = arena_dup(arena, word->now.config);
	pthread_mutex_unlock(&w->lock);
	ring_poke(w->options.ring);
	return ticket;
}

void writer_not_told(struct writer *w, const struct ledger_attempt *attempt)
{
	say(w, &(struct word){.kind = WORD_NOT_TOLD, .attempt = *attempt});
}

void writer_dead(struct writer *w, int64_t outbox_id, msec_t at, const char *cause)
{
	say(w, &(struct word){.kind = WORD_DEAD,
		       .attempt = {.outbox_id = outbox_id, .at = at, .error = cause}});
}

uint64_t writer_sink_is(
	struct writer *w, const char *sink, const struct ledger_sink *now)
{
	return say(w, &(struct word){.kind = WORD_SINK, .sink = sink, .now = *now});
}

uint64_t writer_known_as(
	struct writer *w, const char *sink, const char *subject, const char *known_as)
{
	return say(w, &(struct word){.kind = WORD_KNOWN_AS,
			      .sink = sink,
			      .subject = subject,
			      .known_as = known_as});
}

uint64_t writer_wrote(struct writer *w)
{
	pthread_mutex_lock(&w->lock);
	uint64_t wrote = w->wrote;

	pthread_mutex_unlock(&w->lock);
	return wrote;
}

void writer_remind(struct writer *w, msec_t now)
{
	pthread_mutex_lock(&w->lock);
	w->remind_at = now;
	pthread_mutex_unlock(&w->lock);
	ring_poke(w->options.ring);
}

static msec_t remind_take(struct writer *w)
{
	pthread_mutex_lock(&w->lock);
	msec_t at = w->remind_at;

	w->remind_at = 0;
	pthread_mutex_unlock(&w->lock);
	return at;
}

bool writer_failed(struct writer *w, struct err *ret_e)
{
	pthread_mutex_lock(&w->lock);
	bool failed = w->failed;

	if (failed && ret_e)
		*ret_e = w->error;
	pthread_mutex_unlock(&w->lock);
	return failed;
}

static void fail(struct writer *w, const struct err *e)
{
	pthread_mutex_lock(&w->lock);
	w->failed = w->stopping = true;
	w->error = *e;
	pthread_mutex_unlock(&w->lock);
}

static bool is_abandoned(struct writer *w)
{
	pthread_mutex_lock(&w->lock);
	bool abandoned = w->abandoned;

	pthread_mutex_unlock(&w->lock);
	return abandoned;
}

static bool is_stopping(struct writer *w)
{
	pthread_mutex_lock(&w->lock);
	bool stopping = w->stopping;

	pthread_mutex_unlock(&w->lock);
	return stopping;
}

/* What the relays said so far; NULL when that is nothing. */
static struct news *news_take(struct writer *w)
{
	pthread_mutex_lock(&w->lock);
	struct news *news = &w->news[w->filling];

	if (news->told.n || news->words.n) {
		news->ticket = w->ticket++;
		w->filling = !w->filling;
	} else {
		news = NULL;
	}
	pthread_mutex_unlock(&w->lock);
	return news;
}

static void news_forget(struct writer *w, struct news *news, bool written)
{
	struct arena arena = news->arena;

	pthread_mutex_lock(&w->lock);
	if (written)
		w->wrote = news->ticket;
	pthread_mutex_unlock(&w->lock);
	arena_reset(&arena);
	*news = (struct news){.arena = arena};
}

static bool is_restricted(const struct job *job, const struct ledger_answer *answer)
{
	return answer->outcome == OUTCOME_RESTRICTED || job->item.arrival.restricted;
}

/* Which document it is, and its tasks; of a restricted one nothing is told (X1). */
static void job_name_made(struct job *job, const struct ledger_answer *answer)
{
	size_t n = answer->tasks_n;

	if (is_restricted(job, answer))
		return;
	job->settled.document = answer->document;
	if (!n)
		return;
	int64_t *tasks = arena_alloc(&job->item.arena, n * sizeof(*tasks));

	memcpy(tasks, answer->tasks, n * sizeof(*tasks));
	job->settled.tasks = tasks;
	job->settled.tasks_n = n;
}

/* How a job is settled; the ledger's texts end with its next apply, so they are copied.
 */
static void job_answer(struct job *job, const struct ledger_answer *answer)
{
	struct arena *arena = &job->item.arena;
	const char *code = arena_dup(arena, answer->error_code);
	const char *message = arena_dup(arena, answer->error_message);

	job->settled = (struct settled){
		.handle = job->handle,
		.how = SETTLEMENT_ACCEPTED,
		.outcome = outcome_words[answer->outcome],
		.error_code = code,
		.error_message = message,
		.error_line = answer->error_line,
		.error_column = answer->error_column,
		.quarantine = answer->quarantine,
		.at = job->item.arrival.at,
	};
	job->outcome = answer->outcome;
	job_name_made(job, answer);
	if (is_restricted(job, answer))
		job->settled.how = SETTLEMENT_RESTRICTED;
	/* A duplicate of what is in the quarantine is answered like the first (INV-3).
	 */
	else if (answer->outcome == OUTCOME_QUARANTINED || answer->quarantine)
		job->settled.how = SETTLEMENT_SET_ASIDE;
}

/* The event and, in the same transaction, how far its source has come with it. */
static int job_apply(struct ledger *ledger, struct job *job, struct err *e)
{
	const struct arrival *a = &job->item.arrival;
	struct ledger_answer answer = {0};

	if (ledger_apply(ledger, a, &answer, e) < 0)
		return -1;
	job_answer(job, &answer);
	return job->cursor
		       ? ledger_cursor_set(ledger, a->adapter, job->cursor, a->at, e)
		       : 0;
}

static int word_apply(struct ledger *ledger, const struct word *word, struct err *e)
{
	switch (word->kind) {
	case WORD_NOT_TOLD:
		return ledger_not_told(ledger, &word->attempt, e);
	case WORD_DEAD:
		return ledger_dead(ledger, word->attempt.outbox_id, word->attempt.at,
			word->attempt.error, e);
	case WORD_KNOWN_AS:
		return ledger_known_as(
			ledger, word->sink, word->subject, word->known_as, e);
	case WORD_SINK:
		return ledger_sink_is(ledger, word->sink, &word->now, e);
	}
	return 0;
}

static int news_apply(struct ledger *ledger, const struct news *news, struct err *e)
{
	if (news->told.n && ledger_told(ledger, news->told.at, news->told.n, e) < 0)
		return -1;
	for (size_t i = 0; i < news->words.n; i++)
		if (word_apply(ledger, &news->words.at[i], e) < 0)
			return -1;
	return 0;
}

static int batch_apply(struct writer *w, const struct batch *batch, struct err *e)
{
	struct ledger *ledger = w->options.ledger;
	const struct news *news = batch->news;

	if (ledger_begin(ledger, e) < 0)
		return -1;
	for (size_t i = 0; i < batch->jobs_n; i++)
		if (job_apply(ledger, batch->jobs[i], e) < 0)
			return -1;
	if (news && news_apply(ledger, news, e) < 0)
		return -1;
	if (batch->remind_at && ledger_remind(ledger, batch->remind_at, NULL, e) < 0)
		return -1;
	return ledger_commit(ledger, e);
}

/* A file that somebody took away cannot be quarantined; its reason still can. Without
 * this the batch would wait for it for ever. */
static void forget_lost_files(const struct batch *batch)
{
	for (size_t i = 0; i < batch->jobs_n; i++) {
		struct arrival *a = &batch->jobs[i]->item.arrival;

		if (a->raw_path && access(a->raw_path, F_OK) < 0)
			a->raw_path = NULL;
	}
}

/* Wait before the next attempt; false: there will be none. */
static bool trouble(struct writer *w, const struct err *e)
{
	bool first;
	int pause_ms = backoff_failed(&w->backoff, &first);

	meter_ledger_works(w->options.meter, false);
	if (first)
		log_event(
			LOG_LEVEL_ERROR, "ledger-unavailable", "reason", e->text, NULL);
	if (w->options.give_up_ms &&
		backoff_trouble_ms(&w->backoff) >= w->options.give_up_ms) {
		fail(w, e);
		return false;
	}
	if (!is_abandoned(w))
		bell_wait(&w->patience, -1, pause_ms);
	return !is_abandoned(w);
}

/* One attempt, as the meter sees it. */
static int batch_try(struct writer *w, const struct batch *batch, struct err *e)
{
	struct meter *meter = w->options.meter;
	int64_t from = clock_ticks();

	meter_commit_begins(meter, from);
	int result = batch_apply(w, batch, e);

	meter_commit_ends(meter, from, result == 0);
	return result;
}

/* The whole batch or nothing of it. */
static enum write_result batch_write(
	struct writer *w, const struct batch *batch, struct err *e)
{
	while (batch_try(w, batch, e) < 0) {
		ledger_rollback(w->options.ledger);
		if (e->code != ERR_IO && e->code != ERR_UNAVAILABLE)
			return WRITE_FAULT;
		forget_lost_files(batch);
		if (!trouble(w, e))
			return WRITE_ABANDONED;
	}
	meter_ledger_works(w->options.meter, true);
	w->rows |= ledger_has_rows(w->options.ledger);
	if (backoff_worked(&w->backoff))
		log_event(LOG_LEVEL_INFO, "ledger-available", NULL);
	return WRITE_OK;
}

static enum write_result job_write_alone(
	struct writer *w, struct job **job, struct err *e)
{
	struct batch alone = {.jobs = job, .jobs_n = 1};
	struct intake_item *item = &(*job)->item;
	enum write_result result = batch_write(w, &alone, e);

	if (result != WRITE_FAULT || item->arrival.restricted)
		return result;
	log_event(LOG_LEVEL_ERROR, "internal-fault", "adapter", item->arrival.adapter,
		"document", item->event ? item->event->document_id : NULL, "origin",
		item->arrival.origin, "reason", e->text, NULL);
	intake_item_condemn(item, "internal.fault", e->text);
	return batch_write(w, &alone, e);
}

static enum write_result batch_write_apart(
	struct writer *w, const struct batch *batch, struct err *e)
{
	enum write_result result = WRITE_OK;

	if (batch->news)
		result = batch_write(w, &(struct batch){.news = batch->news}, e);
	for (size_t i = 0; result == WRITE_OK && i < batch->jobs_n; i++)
		result = job_write_alone(w, &batch->jobs[i], e);
	return result;
}

/* STYLE 9: at `info` what a person may want to look at, at `debug` every document. */
static void log_taken(const struct job *job)
{
	const struct arrival *a = &job->item.arrival;
	const char *document = job->item.event ? job->item.event->document_id : NULL;
	bool plain = job->settled.outcome == outcome_words[OUTCOME_APPLIED] ||
		     job->settled.outcome == outcome_words[OUTCOME_DUPLICATE];

	if (job->settled.how == SETTLEMENT_RESTRICTED)
		log_event(LOG_LEVEL_INFO, "restricted", "adapter", a->adapter,
			"document", document, NULL);
	else
		log_event(plain ? LOG_LEVEL_DEBUG : LOG_LEVEL_INFO, "taken", "document",
			document, "adapter", a->adapter, "origin", a->origin, "outcome",
			job->settled.outcome, "error", job->settled.error_code, NULL);
}

/* Committed: each source gets its own back, in the order it gave them. */
static void batch_hand_back(struct job **jobs, size_t n)
{
	for (size_t i = 0; i < n;) {
		struct job *first = jobs[i], *last = NULL;

		for (; i < n && jobs[i]->back == first->back; i++) {
			log_taken(jobs[i]);
			meter_outcome(jobs[i]->meter, jobs[i]->outcome);
			if (last)
				last->next = jobs[i];
			last = jobs[i];
		}
		last->next = NULL;
		mailbox_put(first->back, first);
	}
}

static void batch_drop(struct job **jobs, size_t n)
{
	for (size_t i = 0; i < n; i++)
		job_free(jobs[i]);
}

/* False when the writer is to end. */
static bool write_once(struct writer *w, struct job **jobs, size_t n, struct news *news,
	msec_t remind_at)
{
	struct batch batch = {
		.jobs = jobs, .jobs_n = n, .news = news, .remind_at = remind_at};
	struct err e = {0};

	w->rows = false;
	enum write_result result = batch_write(w, &batch, &e);

	if (result == WRITE_FAULT) {
		log_event(LOG_LEVEL_WARNING, "batch-fault", "reason", e.text, NULL);
		result = batch_write_apart(w, &batch, &e);
	}
	if (result == WRITE_FAULT)
		fail(w, &e);
	if (news)
		news_forget(w, news, result == WRITE_OK);
	/* Before a source can say that all its own is settled: who then ends (--once)
	 * has heard of the rows. */
	w->options.committed(w->options.context, w->rows);
	if (result == WRITE_OK)
		batch_hand_back(jobs, n);
	else
		batch_drop(jobs, n);
	return result == WRITE_OK;
}

static size_t take_jobs(struct writer *w, struct job *jobs[BATCH_JOBS])
{
	void *things[BATCH_JOBS];
	size_t n = ring_take(w->options.ring, things, BATCH_JOBS, BATCH_BYTES);

	for (size_t i = 0; i < n; i++)
		jobs[i] = things[i];
	return n;
}

void writer_run(struct writer *w)
{
	struct job *jobs[BATCH_JOBS];
	bool going = true;

	while (going) {
		/* Asked before looking: what came before the stop is still done. */
		bool stopping = is_stopping(w);

		if (stopping)
			ring_poke(w->options.ring);
		size_t n = take_jobs(w, jobs);
		struct news *news = news_take(w);
		msec_t remind_at = remind_take(w);

		if (n || news || remind_at)
			going = write_once(w, jobs, n, news, remind_at);
		else if (stopping)
			going = false;
	}
	/* Nothing is taken any more: who puts is told so, what is left comes again. */
	ring_close(w->options.ring);
	for (size_t n; (n = take_jobs(w, jobs)) > 0;)
		batch_drop(jobs, n);
	w->options.committed(w->options.context, false);
}
