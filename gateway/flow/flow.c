/*
 * The supervisor. An orderly end goes down the stream: sources stop taking and settle
 * what is under way, then the sinks are told what can be told, then the writer ends. A
 * thread that does not end in time is left where it is: what it did not finish comes
 * again at the next start, as after any crash.
 */
#include "gateway/flow/flow.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "gateway/base/buf.h"
#include "gateway/base/log.h"
#include "gateway/base/mem.h"
#include "gateway/flow/bell.h"
#include "gateway/flow/feeder.h"
#include "gateway/flow/intake.h"
#include "gateway/flow/relay.h"
#include "gateway/flow/ring.h"
#include "gateway/flow/tail.h"
#include "gateway/flow/writer.h"

enum {
	RING_JOBS = 8192,
	RING_BYTES = 64 * 1024 * 1024,
	STOP_MS = 5000,
	ONCE_WAIT_MS = 10000,
	REMIND_EVERY_MS = 60 * 1000,
	LAST_MS = 300,         /* for threads that were told to end at once */
	RELOAD_MS = 60 * 1000, /* the same, when the next flow waits for them */
	NO_LIMIT = -1,
};

struct flow {
	struct flow_options options;
	struct ledger *ledger;
	struct ring *ring;
	struct writer *writer;
	struct feeder **feeders;
	struct relay **relays;
	struct tail *tail; /* of the outbox, for all relays */
	pthread_t writer_thread, *feeder_threads, *relay_threads;
	size_t feeders_n, relays_n; /* whose threads run */
	bool writer_runs;
	atomic_bool writer_ended;
	bool has_companion;
	struct bell bell; /* somebody tried, ended or failed */
	int signals;
	int lock;            /* of the data folder */
	int signal_number;   /* the one that came; 0: none */
	int64_t remind_next; /* clock_ticks() of the next look at the deadlines */
};

static atomic_bool left_threads;

bool flow_left_threads(void)
{
	return atomic_load(&left_threads);
}

static msec_t now_system(void *context)
{
	(void)context;
	return clock_now();
}

/* ---- Threads. */

static void *run_writer(void *context)
{
	struct flow *fl = context;

	writer_run(fl->writer);
	atomic_store(&fl->writer_ended, true);
	bell_ring(&fl->bell);
	return NULL;
}

static void *run_feeder(void *context)
{
	feeder_run(context);
	return NULL;
}

static void *run_relay(void *context)
{
	relay_run(context);
	return NULL;
}

static int thread_start(pthread_t *ret_thread, void *(*body)(void *), void *context,
	const char *kind, struct err *e)
{
	int code = pthread_create(ret_thread, NULL, body, context);

	if (code)
		return err_set(e, ERR_IO, "cannot start a thread: %s", strerror(code));
	pthread_setname_np(*ret_thread, kind);
	return 0;
}

static void committed(void *context, bool rows)
{
	struct flow *fl = context;

	if (rows)
		tail_stir(fl->tail);
	for (size_t i = 0; rows && i < fl->options.sinks_n; i++)
		relay_wake(fl->relays[i]);
}

/* ---- Putting it together. */

static int open_signals(struct flow *fl, struct err *e)
{
	struct sigaction ignore = {.sa_handler = SIG_IGN};
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	if (fl->options.reload)
		sigaddset(&set, SIGHUP);
	sigaction(SIGPIPE, &ignore, NULL);
	/* A file that may grow no more is trouble like a full disk, no death. */
	sigaction(SIGXFSZ, &ignore, NULL);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	fl->signals = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	return fl->signals < 0 ? err_errno(e, "signalfd") : 0;
}

/* S4 at the start, before any thread runs: --once tells of deadlines too. */
static int remind_first(struct flow *fl, struct err *e)
{
	msec_t now = fl->options.now(fl->options.now_context);

	fl->remind_next = clock_ticks() + (int64_t)REMIND_EVERY_MS * 1000000;
	if (ledger_begin(fl->ledger, e) < 0)
		return -1;
	if (ledger_remind(fl->ledger, now, NULL, e) < 0) {
		ledger_rollback(fl->ledger);
		return -1;
	}
	return ledger_commit(fl->ledger, e);
}

/* One gateway a folder: a second one would tell everything twice and clear away what
 * the first has put by. The kernel drops the lock with its holder. */
static int lock_folder(struct flow *fl, struct err *e)
{
	const char *folder = fl->options.ledger.folder;
	cleanup_buf struct buf path = {0};

	buf_printf(&path, "%s/run.lock", folder);
	fl->lock = open(buf_text(&path), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fl->lock < 0)
		return err_errno(e, "%s", buf_text(&path));
	if (flock(fl->lock, LOCK_EX | LOCK_NB) == 0)
		return 0;
	return err_set(
		e, ERR_UNAVAILABLE, "%s: another gateway runs on this folder", folder);
}

static int open_writer(struct flow *fl, struct err *e)
{
	struct writer_options options = {
		.ring = fl->ring = ring_new(RING_JOBS, RING_BYTES),
		.meter = fl->options.meter,
		.committed = committed,
		.context = fl,
		.give_up_ms = fl->options.once ? fl->options.once_wait_ms : 0,
	};

	if (ledger_open(&fl->options.ledger, &fl->ledger, e) < 0 ||
		lock_folder(fl, e) < 0)
		return -1;
	if (remind_first(fl, e) < 0)
		return -1;
	intake_clear_spills(fl->options.ledger.folder);
	options.ledger = fl->ledger;
	fl->writer = writer_new(&options, e);
	return fl->writer ? 0 : -1;
}

/* With once the pauses are short beside the wait. */
static int retry_limit(const struct flow_options *o)
{
	return o->once ? o->once_wait_ms / 4 + 1 : 0;
}

static int open_feeders(struct flow *fl, struct err *e)
{
	const struct flow_options *o = &fl->options;

	for (size_t i = 0; i < o->sources_n; i++) {
		cleanup_buf struct buf cursor = {0};

		if (ledger_cursor_get(fl->ledger, o->sources[i].name, &cursor, e) < 0)
			return -1;
		struct feeder_options options = {
			.source = &o->sources[i],
			.ring = fl->ring,
			.meter = o->meter ? &o->meter->sources[i] : NULL,
			.spill_folder = o->ledger.folder,
			.parent = &fl->bell,
			.now = o->now,
			.now_context = o->now_context,
			.once = o->once,
			.once_wait_ms = o->once_wait_ms,
			.retry_limit_ms = retry_limit(o),
			.cursor = cursor.data,
		};

		fl->feeders[i] = feeder_new(&options, e);
		if (!fl->feeders[i])
			return -1;
	}
	return 0;
}

static int open_relays(struct flow *fl, struct err *e)
{
	const struct flow_options *o = &fl->options;

	fl->tail = tail_new(&o->ledger, 0);
	for (size_t i = 0; i < o->sinks_n; i++) {
		struct relay_options options = {
			.sink = &o->sinks[i],
			.ledger = &o->ledger,
			.writer = fl->writer,
			.tail = fl->tail,
			.meter = o->meter ? &o->meter->sinks[i] : NULL,
			.parent = &fl->bell,
			.now = o->now,
			.now_context = o->now_context,
			.retry_limit_ms = retry_limit(o),
		};

		fl->relays[i] = relay_new(&options, e);
		if (!fl->relays[i])
			return -1;
	}
	return 0;
}

static int start_threads(struct flow *fl, struct err *e)
{
	if (thread_start(&fl->writer_thread, run_writer, fl, "writer", e) < 0)
		return -1;
	fl->writer_runs = true;
	for (; fl->relays_n < fl->options.sinks_n; fl->relays_n++)
		if (thread_start(&fl->relay_threads[fl->relays_n], run_relay,
			    fl->relays[fl->relays_n], "sink", e) < 0)
			return -1;
	for (; fl->feeders_n < fl->options.sources_n; fl->feeders_n++)
		if (thread_start(&fl->feeder_threads[fl->feeders_n], run_feeder,
			    fl->feeders[fl->feeders_n], "source", e) < 0)
			return -1;
	return 0;
}

static int start_companion(struct flow *fl, struct err *e)
{
	const struct flow_companion *companion = fl->options.companion;

	fl->has_companion = companion && !fl->options.once;
	return fl->has_companion ? companion->start(companion->context, e) : 0;
}

static struct flow *flow_new(const struct flow_options *options)
{
	struct flow *fl = mem_alloc(sizeof(*fl));

	fl->options = *options;
	if (!fl->options.now)
		fl->options.now = now_system;
	if (!fl->options.stop_ms)
		fl->options.stop_ms = STOP_MS;
	if (!fl->options.once_wait_ms)
		fl->options.once_wait_ms = ONCE_WAIT_MS;
	fl->bell.fd = fl->signals = fl->lock = -1;
	fl->feeders = mem_alloc(options->sources_n * sizeof(*fl->feeders));
	fl->feeder_threads =
		mem_alloc(options->sources_n * sizeof(*fl->feeder_threads));
	fl->relays = mem_alloc(options->sinks_n * sizeof(*fl->relays));
	fl->relay_threads = mem_alloc(options->sinks_n * sizeof(*fl->relay_threads));
	return fl;
}

/* No thread runs any more. */
static void flow_free(struct flow *fl)
{
	for (size_t i = 0; i < fl->options.sinks_n; i++)
		relay_free(fl->relays[i]);
	tail_free(fl->tail);
	for (size_t i = 0; i < fl->options.sources_n; i++)
		feeder_free(fl->feeders[i]);
	writer_free(fl->writer);
	ring_free(fl->ring);
	ledger_close(fl->ledger);
	if (fl->bell.fd >= 0)
		bell_deinit(&fl->bell);
	if (fl->signals >= 0)
		close(fl->signals);
	if (fl->lock >= 0)
		close(fl->lock);
	free(fl->feeders);
	free(fl->feeder_threads);
	free(fl->relays);
	free(fl->relay_threads);
	free(fl);
}

/* ---- Waiting. */

/* The second signal does what signals do to a program that does not listen: the shell
 * sees 128 + its number. */
static void listen_no_more(void)
{
	struct sigaction at_once = {.sa_handler = SIG_DFL};
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaction(SIGTERM, &at_once, NULL);
	sigaction(SIGINT, &at_once, NULL);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

/* Told to stop: no further signal is heard. Told to reload, that may still come. */
static bool is_told_to_stop(const struct flow *fl)
{
	return fl->signal_number && fl->signal_number != SIGHUP;
}

static void hear_signal(struct flow *fl)
{
	struct signalfd_siginfo info;

	if (is_told_to_stop(fl) ||
		read(fl->signals, &info, sizeof(info)) != (ssize_t)sizeof(info))
		return;
	if ((int)info.ssi_signo != SIGHUP) {
		fl->signal_number = (int)info.ssi_signo;
		listen_no_more();
	} else if (!fl->signal_number && fl->options.reload(fl->options.context)) {
		fl->signal_number = SIGHUP;
	}
}

static bool all_tried(struct flow *fl)
{
	for (size_t i = 0; i < fl->options.sources_n; i++)
		if (!feeder_has_tried(fl->feeders[i]))
			return false;
	return true;
}

static bool feeders_ended(struct flow *fl)
{
	for (size_t i = 0; i < fl->feeders_n; i++)
		if (!feeder_has_ended(fl->feeders[i]))
			return false;
	return true;
}

static bool relays_ended(struct flow *fl)
{
	for (size_t i = 0; i < fl->relays_n; i++)
		if (!relay_has_ended(fl->relays[i]))
			return false;
	return true;
}

static bool writer_has_ended(struct flow *fl)
{
	return atomic_load(&fl->writer_ended);
}

static bool work_is_over(struct flow *fl)
{
	return fl->options.once && feeders_ended(fl);
}

static int64_t ticks_in(int ms)
{
	return clock_ticks() + (int64_t)ms * 1000000;
}

/* S4: once a minute somebody looks whether a deadline has come near. */
static void remind_when_due(struct flow *fl)
{
	int64_t now = clock_ticks();

	if (now < fl->remind_next || fl->signal_number)
		return;
	fl->remind_next = now + (int64_t)REMIND_EVERY_MS * 1000000;
	writer_remind(fl->writer, fl->options.now(fl->options.now_context));
}

/*
 * Wait until it @holds, or @until (ticks; NO_LIMIT: for ever), or something that ends
 * it early: the writer's end, and with @heed the first signal.
 */
static void wait_until(
	struct flow *fl, bool (*holds)(struct flow *fl), int64_t until, bool heed)
{
	while (!holds(fl) && !writer_has_ended(fl) && !(heed && fl->signal_number)) {
		int64_t left_ms = REMIND_EVERY_MS;

		remind_when_due(fl);
		if (until != NO_LIMIT) {
			left_ms = (until - clock_ticks()) / 1000000;
			if (left_ms <= 0)
				return;
			left_ms = left_ms > REMIND_EVERY_MS ? REMIND_EVERY_MS : left_ms;
		}
		bell_wait(&fl->bell, is_told_to_stop(fl) ? -1 : fl->signals,
			(int)left_ms);
		hear_signal(fl);
	}
}

/* ---- The end. */

static void stop_feeders(struct flow *fl, int64_t until)
{
	for (size_t i = 0; i < fl->feeders_n; i++)
		feeder_stop(fl->feeders[i]);
	wait_until(fl, feeders_ended, until, false);
	for (size_t i = 0; i < fl->feeders_n; i++)
		feeder_abandon(fl->feeders[i]);
}

static void stop_relays(struct flow *fl, int patience_ms, int64_t until, bool heed)
{
	for (size_t i = 0; i < fl->relays_n; i++)
		relay_drain(fl->relays[i], patience_ms);
	wait_until(fl, relays_ended, until, heed);
}

static void stop_all(struct flow *fl)
{
	int64_t from = clock_ticks();
	int64_t whole = (int64_t)fl->options.stop_ms * 1000000;

	/* Once, and nobody asked us to hurry: the world is told at its own pace. */
	if (fl->options.once && !fl->signal_number) {
		stop_relays(fl, fl->options.once_wait_ms, NO_LIMIT, true);
		from = clock_ticks();
	}
	stop_feeders(fl, from + whole / 2);
	stop_relays(fl, 0, from + whole * 3 / 4, false);
	for (size_t i = 0; i < fl->relays_n; i++)
		relay_abandon(fl->relays[i]);
	writer_stop(fl->writer);
	wait_until(fl, writer_has_ended, from + whole * 7 / 8, false);
	writer_abandon(fl->writer);
}

static bool all_ended(struct flow *fl)
{
	return feeders_ended(fl) && relays_ended(fl) && writer_has_ended(fl);
}

/* The next flow needs the folder for itself, and nobody is in a hurry (unless told to
 * stop meanwhile): a thread may come to the end of what it does. */
static void wait_for_reload(struct flow *fl)
{
	int64_t until = ticks_in(RELOAD_MS);

	while (fl->signal_number == SIGHUP && !all_ended(fl) && clock_ticks() < until) {
		bell_wait(&fl->bell, fl->signals, LAST_MS);
		hear_signal(fl);
	}
}

static bool join_by(pthread_t thread, int64_t until)
{
	struct timespec at = {until / 1000000000, until % 1000000000};

	return pthread_clockjoin_np(thread, NULL, CLOCK_MONOTONIC, &at) == 0;
}

/* False when a thread is still somewhere in its library. */
static bool join_all(struct flow *fl)
{
	int64_t until = ticks_in(LAST_MS);
	bool all = !fl->writer_runs || join_by(fl->writer_thread, until);

	for (size_t i = 0; i < fl->feeders_n; i++)
		all = join_by(fl->feeder_threads[i], until) && all;
	for (size_t i = 0; i < fl->relays_n; i++)
		all = join_by(fl->relay_threads[i], until) && all;
	return all;
}

/* What came of it, once everybody has ended. */
static int result_of(struct flow *fl, struct err *e)
{
	if (writer_failed(fl->writer, e))
		return err_wrap(e, "ledger");
	if (!fl->options.once || fl->signal_number)
		return 0;
	for (size_t i = 0; i < fl->feeders_n; i++)
		if (feeder_failed(fl->feeders[i], e))
			return err_wrap(e, "source %s", fl->options.sources[i].name);
	for (size_t i = 0; i < fl->relays_n; i++)
		if (relay_failed(fl->relays[i], e))
			return err_wrap(e, "sink %s", fl->options.sinks[i].name);
	return 0;
}

static void log_ready(const struct flow *fl)
{
	char sources[24], sinks[24];

	snprintf(sources, sizeof(sources), "%zu", fl->options.sources_n);
	snprintf(sinks, sizeof(sinks), "%zu", fl->options.sinks_n);
	log_event(LOG_LEVEL_INFO, "ready", "site", fl->options.ledger.site, "sources",
		sources, "sinks", sinks, NULL);
}

static int flow_open(struct flow *fl, struct err *e)
{
	if (bell_init(&fl->bell, e) < 0 || open_signals(fl, e) < 0)
		return -1;
	if (open_writer(fl, e) < 0 || open_feeders(fl, e) < 0)
		return -1;
	return open_relays(fl, e);
}

/* Everybody tried: say so, and work until something ends it. */
static void work(struct flow *fl)
{
	wait_until(fl, all_tried, NO_LIMIT, true);
	if (!fl->signal_number) {
		log_ready(fl);
		if (fl->options.ready)
			fl->options.ready(fl->options.context);
	}
	wait_until(fl, work_is_over, NO_LIMIT, true);
}

/* What is to be done next. @joined: no thread of this flow is left, which the next one
 * on the same folder needs. */
static enum flow_end end_of(struct flow *fl, bool joined, struct err *e)
{
	if (result_of(fl, e) < 0)
		return FLOW_FAULT;
	if (fl->signal_number != SIGHUP)
		return FLOW_ENDED;
	if (joined)
		return FLOW_RELOADED;
	err_set(e, ERR_UNAVAILABLE,
		"a peer held one of its threads up; start the gateway again to go on "
		"with the new configuration");
	return FLOW_FAULT;
}

enum flow_end flow_run(const struct flow_options *options, struct err *e)
{
	struct flow *fl = flow_new(options);
	enum flow_end end = FLOW_FAULT;

	if (flow_open(fl, e) < 0) {
		flow_free(fl);
		return FLOW_FAULT;
	}
	bool started = start_threads(fl, e) == 0 && start_companion(fl, e) == 0;

	if (started)
		work(fl);
	if (fl->signal_number)
		log_event(LOG_LEVEL_INFO,
			fl->signal_number == SIGHUP ? "reloading" : "stopping", NULL);
	if (fl->has_companion)
		fl->options.companion->stop(fl->options.companion->context);
	stop_all(fl);
	wait_for_reload(fl);
	bool joined = join_all(fl);

	if (fl->has_companion)
		fl->options.companion->end(fl->options.companion->context, joined);

	if (started)
		end = end_of(fl, joined, e);
	if (joined)
		flow_free(fl);
	else
		atomic_store(&left_threads, true);
	log_event(LOG_LEVEL_INFO, "stopped", "waited-for-all", joined ? "yes" : "no",
		NULL);
	return end;
}
