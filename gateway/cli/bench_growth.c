/*
 * What a ledger's size costs: one more event into a large ledger beside one more into a
 * small one, and how long `explain` takes in the large one. Replies answer what came
 * lately, as they do: in both ledgers any of the small one's number of latest
 * documents; and, the hardest for a page cache, documents of any age. Of each kind the
 * median batch counts, as a checkpoint makes one batch in some twenty pay for all; what
 * it costs is in the sum over all batches of all kinds.
 */
#include <stdio.h>
#include <string.h>

#include "gateway/base/mem.h"
#include "gateway/cli/bench.h"
#include "gateway/cli/bench_documents.h"
#include "gateway/model/task.h"

enum {
	EVENTS = 2500, /* of a kind, into each ledger */
	BATCH = 100,
	BATCHES = EVENTS / BATCH,
	SMALLER = 100,
	EXPLAINED = 31,
	STRIDE = 7919, /* a prime, so that all of the ledger is visited */
	EXPLAIN_MS = 50
};

MEM_CLEANUP(view, struct ledger_view, ledger_view_close)

enum kind { DIRECTIVES, REPLIES, REPLIES_TO_ANY, KINDS };

struct side {
	const char *folder;
	struct ledger *ledger;
	int64_t size;
	int64_t latest; /* replies answer so many of the latest documents */
	double seconds[KINDS][BATCHES]; /* an event */
	double sum;                     /* of all */
};

struct growth {
	struct bench *b;
	struct side small, large;
	int64_t events;
};

/* Directive @j of the last @latest documents; none of the stream's replies answers it.
 */
static int64_t unanswered(const struct side *s, int64_t latest, int64_t j, int which)
{
	int64_t fours = latest / 4, at = j * STRIDE % fours;

	return 4 * (s->size / 4 - 1 - at) + which;
}

static void make_directive(const void *context, struct buf *out, int64_t i)
{
	const struct side *s = context;

	bench_document(out, BENCH_DIRECTIVE, s->size + i);
}

static void make_reply(const void *context, struct buf *out, int64_t i)
{
	const struct side *s = context;

	bench_document(out, BENCH_REPLY, unanswered(s, s->latest, i, 1));
}

static void make_reply_to_any(const void *context, struct buf *out, int64_t i)
{
	const struct side *s = context;

	bench_document(out, BENCH_REPLY, unanswered(s, s->size, i, 2));
}

static int take(struct side *s, enum kind kind, int64_t from, int64_t n, struct err *e)
{
	static const bench_make makes[KINDS] = {
		make_directive, make_reply, make_reply_to_any};
	struct intake_item *items = bench_items_of(makes[kind], s, from, n, e);

	if (!items)
		return -1;
	int64_t start = clock_ticks();
	int result = bench_apply(s->ledger, items, n, n, e);

	double seconds = bench_seconds(start);

	s->seconds[kind][from / BATCH] = seconds / (double)n;
	s->sum += seconds;
	bench_items_free(items, n);
	return result;
}

/* The two ledgers take turns, batch by batch. */
static int take_all(struct growth *g, struct err *e)
{
	for (int64_t from = 0; from < g->events; from += BATCH) {
		int64_t n = g->events - from < BATCH ? g->events - from : BATCH;

		for (enum kind kind = 0; kind < KINDS; kind++)
			if (take(&g->small, kind, from, n, e) ||
				take(&g->large, kind, from, n, e))
				return -1;
	}
	return 0;
}

static void report_cost(struct growth *g, const char *what, double large, double small)
{
	char work[64];

	snprintf(work, sizeof(work), "%s, at %lld and %lld", what,
		(long long)g->large.size, (long long)g->small.size);
	bench_report(g->b, &(struct bench_row){.stage = "growth",
				   .work = work,
				   .ours = large * 1e6,
				   .bare = small * 1e6,
				   .unit = "us/event",
				   .target = 1.5,
				   .target_is = BENCH_RATIO_AT_MOST});
}

static void report_costs(struct growth *g)
{
	static const char *const kinds[KINDS] = {
		"a directive", "a reply", "a reply to any"};
	size_t batches = (size_t)((g->events + BATCH - 1) / BATCH);
	double events = (double)(g->events * KINDS);

	for (enum kind kind = 0; kind < KINDS; kind++)
		report_cost(g, kinds[kind],
			bench_median(g->large.seconds[kind], batches),
			bench_median(g->small.seconds[kind], batches));
	report_cost(
		g, "any of the three", g->large.sum / events, g->small.sum / events);
}

/* What `explain` is asked: a task, a document by its id, one nobody knows. */
static void put_id(struct buf *out, const struct side *s, int what, int64_t i)
{
	int64_t directive = unanswered(s, s->size, i, 2);
	long long number = BENCH_FIRST + directive;
	char task[TASK_ID_TEXT];

	buf_reset(out);
	if (what == 0)
		buf_add_text(out, task_id_text(1 + directive * 9 / 4, task));
	else
		buf_printf(out, BENCH_NUMBER "%lld/%s", number,
			what == 1 ? "UBND-VX" : "NOBODY");
}

static int explain(struct growth *g, struct ledger_view *view, int what, struct err *e)
{
	static const char *const works[] = {
		"explain a task", "explain a document", "explain what is not there"};
	cleanup_buf struct buf id = {0}, json = {0};
	double ms[EXPLAINED];

	for (int i = 0; i < EXPLAINED; i++) {
		put_id(&id, &g->large, what, i);
		buf_reset(&json);
		int64_t start = clock_ticks();
		enum ledger_find found =
			ledger_view_explain(view, buf_text(&id), clock_now(), &json, e);

		ms[i] = bench_seconds(start) * 1e3;
		if (found == LEDGER_FIND_FAULT)
			return -1;
		if ((found == LEDGER_FIND_NONE) != (what == 2))
			return err_set(
				e, ERR_BUG, "%s: not as it should be", buf_text(&id));
	}
	bench_report(g->b, &(struct bench_row){.stage = "growth",
				   .work = works[what],
				   .ours = bench_median(ms, EXPLAINED),
				   .unit = "ms",
				   .target = EXPLAIN_MS,
				   .target_is = BENCH_OURS_AT_MOST});
	return 0;
}

static int explain_all(struct growth *g, struct err *e)
{
	struct ledger_options options = bench_ledger_options(g->b, g->large.folder);
	cleanup(view) struct ledger_view *view = NULL;

	if (ledger_view_open(&options, &view, e))
		return -1;
	for (int what = 0; what < 3; what++)
		if (explain(g, view, what, e))
			return -1;
	return 0;
}

static int open_side(
	struct growth *g, struct side *s, int64_t size, const char *name, struct err *e)
{
	s->size = size;
	s->latest = g->small.size;
	s->folder = bench_folder(g->b, name, e);
	if (!s->folder)
		return -1;
	struct ledger_options options = bench_ledger_options(g->b, s->folder);

	return ledger_open(&options, &s->ledger, e) || bench_fill(s->ledger, size, e)
		       ? -1
		       : 0;
}

static void close_side(struct side *s)
{
	ledger_close(s->ledger);
	if (s->folder)
		bench_remove(s->folder);
}

int bench_growth(struct bench *b, struct err *e)
{
	struct growth g = {.b = b};
	int64_t small = b->size / SMALLER, most;

	if (!b->large && !bench_named(b, "growth"))
		return 0;
	small = small < BATCH ? BATCH : small;
	most = small / 4 < EVENTS ? small / 4 : EVENTS;
	g.events = bench_documents(b, EVENTS);
	g.events = g.events < most ? g.events : most;
	int result = open_side(&g, &g.small, small, "growth-small", e) ||
		     open_side(&g, &g.large, b->size, "growth-large", e) ||
		     take_all(&g, e);

	if (result == 0) {
		report_costs(&g);
		result = explain_all(&g, e);
	}
	close_side(&g.small);
	close_side(&g.large);
	return result ? -1 : 0;
}
