/*
 * Many sinks, some of them dead: the same documents to 200 receivers in this process,
 * with none of them dead and with 20. A dead one takes what it is given and never
 * answers until its time is over. The figure is what each healthy one gets a second,
 * until the last of them has everything.
 */
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "gateway/base/log.h"
#include "gateway/base/mem.h"
#include "gateway/cli/bench.h"
#include "gateway/cli/bench_documents.h"
#include "gateway/cli/bench_flow.h"
#include "gateway/flow/flow.h"

enum {
	SINKS = 200,
	DEAD = 20,
	DOCUMENTS = 1000,
	DEAD_WINDOW = 8,
	DEAD_MS = 1000, /* until a dead one's time is over */
};

/* What a run leaves behind for the process that started it. */
struct finish {
	int64_t ticks;
};

/* One run, within the process that runs it. */
struct crowd {
	const struct bench *bench;
	const char *folder;
	int healthy, dead;
	int64_t documents, given, settled;
	struct buf bytes;
	atomic_int_fast64_t told; /* to healthy ones */
	int64_t start;
	struct finish *finish;
};

/* ---- The source: one letter after the other, out of memory. */

static int source_open(const void *options, void **ret_source, struct err *e)
{
	union {
		const void *from;
		void *to;
	} crowd = {options}; /* it is our own, and this is its one thread */

	(void)e;
	*ret_source = crowd.to;
	return 0;
}

static void source_close(void *source)
{
	(void)source;
}

static enum source_next source_next(
	void *source, struct delivery *ret_delivery, struct err *e)
{
	struct crowd *c = source;

	(void)e;
	if (c->given == c->documents)
		return SOURCE_NEXT_NONE;
	if (!c->given)
		c->start = clock_ticks();
	buf_reset(&c->bytes);
	bench_document(&c->bytes, BENCH_LETTER, c->given++);
	*ret_delivery = (struct delivery){.handle = (uint64_t)c->given,
		.bytes = {buf_text(&c->bytes), c->bytes.n},
		.fd = -1};
	return SOURCE_NEXT_OK;
}

static int source_fd(void *source)
{
	(void)source;
	return -1;
}

static int source_settle(
	void *source, const struct settled *at, size_t n, struct err *e)
{
	struct crowd *c = source;

	(void)at, (void)e;
	c->settled += (int64_t)n;
	return 0;
}

static int source_drained(void *source, bool *ret_drained, struct err *e)
{
	struct crowd *c = source;

	(void)e;
	*ret_drained = c->settled == c->documents;
	return 0;
}

static const struct source_ops source_ops = {
	.type = "bench",
	.open = source_open,
	.close = source_close,
	.next = source_next,
	.fd = source_fd,
	.settle = source_settle,
	.drained = source_drained,
};

/* ---- The sinks. */

struct receiver {
	struct crowd *crowd;
	uint64_t taken, reported;
	int64_t since; /* dead: ticks when the first that waits came */
	struct sink_news news[DEAD_WINDOW];
};

static int sink_open(const void *options, void **ret_sink, struct err *e)
{
	struct receiver *r = mem_alloc(sizeof(*r));
	union {
		const void *from;
		void *to;
	} crowd = {options};

	(void)e;
	r->crowd = crowd.to;
	*ret_sink = r;
	return 0;
}

static int sink_send(
	void *sink, const struct sink_event *event, uint64_t *ret_number, struct err *e)
{
	struct receiver *r = sink;

	(void)event, (void)e;
	if (r->taken == r->reported)
		r->since = clock_ticks();
	*ret_number = ++r->taken;
	return 0;
}

static int healthy_collect(
	void *sink, int timeout_ms, struct sink_report *ret_report, struct err *e)
{
	struct receiver *r = sink;
	struct crowd *c = r->crowd;
	int64_t n = (int64_t)(r->taken - r->reported);
	int64_t all = c->documents * c->healthy;

	(void)timeout_ms, (void)e;
	ret_report->upto = r->reported = r->taken;
	if (n && atomic_fetch_add(&c->told, n) + n == all) {
		c->finish->ticks = clock_ticks() - c->start;
		kill(getpid(), SIGTERM);
	}
	return 0;
}

/* Nothing comes; when its time is over each of them may be tried again. */
static int dead_collect(
	void *sink, int timeout_ms, struct sink_report *ret_report, struct err *e)
{
	struct receiver *r = sink;

	(void)e;
	poll(NULL, 0, timeout_ms);
	if (clock_ticks() - r->since < DEAD_MS * INT64_C(1000000))
		return 0;
	for (; r->reported < r->taken; ret_report->news_n++) {
		struct sink_news *news = &r->news[ret_report->news_n];

		*news = (struct sink_news){
			.number = ++r->reported, .verdict = SINK_DEFERRED};
		snprintf(news->reason, sizeof(news->reason), "no answer");
	}
	ret_report->news = r->news;
	return 0;
}

static const struct sink_ops healthy_ops = {
	.type = "bench",
	.ordered = true,
	.open = sink_open,
	.close = free,
	.send = sink_send,
	.collect = healthy_collect,
};
static const struct sink_ops dead_ops = {
	.type = "bench",
	.window = DEAD_WINDOW,
	.open = sink_open,
	.close = free,
	.send = sink_send,
	.collect = dead_collect,
};

/* ---- A run. */

static int run(void *context, struct err *e)
{
	struct crowd *c = context;
	static char names[SINKS][24];
	static const char *ledger_sinks[SINKS];
	static struct flow_sink sinks[SINKS];
	struct flow_source source = {.name = "bench",
		.ops = &source_ops,
		.options = c,
		.codec = {.format = CODEC_EDXML},
		.policy = &policy_default};
	struct flow_options options = {
		.ledger = bench_ledger_options(c->bench, c->folder),
		.sources = &source,
		.sources_n = 1,
		.sinks = sinks,
		.sinks_n = (size_t)(c->healthy + c->dead),
	};

	for (int i = 0; i < c->healthy + c->dead; i++) {
		snprintf(names[i], sizeof(names[i]), "sink-%d", i);
		ledger_sinks[i] = names[i];
		sinks[i] = (struct flow_sink){.name = names[i],
			.ops = i < c->dead ? &dead_ops : &healthy_ops,
			.options = c};
	}
	options.ledger.sinks = ledger_sinks;
	options.ledger.sinks_n = options.sinks_n;
	log_set_level(LOG_LEVEL_ERROR); /* that the dead are away is known */
	int result = flow_run(&options, e);

	buf_deinit(&c->bytes);
	return result;
}

/* What each healthy sink got a second. */
static int measure(struct bench *b, int healthy, int dead, int turn, double *ret_rate,
	struct err *e)
{
	struct crowd c = {.bench = b,
		.healthy = healthy,
		.dead = dead,
		.documents = bench_documents(b, DOCUMENTS)};
	cleanup_buf struct buf name = {0};
	pid_t child;

	buf_printf(&name, "sinks-%d-%d-%d", healthy, dead, turn);
	c.folder = bench_folder(b, buf_text(&name), e);
	if (!c.folder)
		return -1;
	c.finish = mmap(NULL, sizeof(*c.finish), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (c.finish == MAP_FAILED)
		return err_errno(e, "mmap");
	int result = bench_child(run, &c, &child, e) || bench_child_end(child, 0, e);

	if (!result && !c.finish->ticks)
		result = err_set(e, ERR_BUG, "a sink did not get everything");
	if (!result)
		*ret_rate = (double)c.documents / ((double)c.finish->ticks / 1e9);
	munmap(c.finish, sizeof(*c.finish));
	bench_remove(c.folder);
	return result ? -1 : 0;
}

int bench_sinks(struct bench *b, struct err *e)
{
	static const struct {
		int healthy, dead;
	} crowds[] = {{SINKS, 0}, {SINKS - DEAD, DEAD}, {SINKS - DEAD, 0}};
	double rates[3][BENCH_TURNS], rate[3];

	for (int turn = 0; turn < BENCH_TURNS; turn++)
		for (int i = 0; i < 3; i++)
			if (measure(b, crowds[i].healthy, crowds[i].dead, turn,
				    &rates[i][turn], e))
				return -1;
	for (int i = 0; i < 3; i++)
		rate[i] = bench_median(rates[i], BENCH_TURNS);
	bench_report(b, &(struct bench_row){.stage = "sinks",
				.work = "200 sinks, 20 of them dead / none dead",
				.ours = rate[1],
				.bare = rate[0],
				.unit = "events/s each"});
	bench_report(b, &(struct bench_row){.stage = "sinks",
				.work = "180 sinks, 20 dead ones beside / none beside",
				.ours = rate[1],
				.bare = rate[2],
				.unit = "events/s each",
				.target = 0.9});
	return 0;
}
