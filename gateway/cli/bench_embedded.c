/*
 * From a spool folder over the ledger to the embedded queue, beside bare SQLite doing
 * the same writes: the files are read, the same rows go into a ledger and a queue in
 * batches of 500, and what was told leaves the outbox with the next batch.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "adapters/spool_source.h"
#include "gateway/base/mem.h"
#include "gateway/cli/bench.h"
#include "gateway/cli/bench_bare.h"
#include "gateway/cli/bench_documents.h"
#include "gateway/cli/bench_flow.h"

enum { DOCUMENTS = 12000, BATCH = 500, FILE_MOST = 64 * 1024 };

/* The messages belong to the documents, -?1 of them, in equal shares. */
#define QUEUE_ROWS(table, order)                                                       \
	"SELECT 1 + (row_number() OVER (ORDER BY " order ") - 1) * -?1 / "             \
	"(SELECT count(*) FROM message), * FROM " table " ORDER BY " order

static const struct bare_table queue_tables[] = {
	{"message", QUEUE_ROWS("message", "id")},
	{"delivery", QUEUE_ROWS("delivery", "position")},
};
enum { QUEUE_TABLES = sizeof(queue_tables) / sizeof(queue_tables[0]) };

static int fill(const char *folder, int64_t n, struct err *e)
{
	cleanup_buf struct buf path = {0}, bytes = {0};

	for (int64_t i = 0; i < n; i++) {
		buf_reset(&path);
		buf_reset(&bytes);
		buf_printf(&path, "%s/%08lld.edxml", folder, (long long)i);
		bench_stream(&bytes, i);
		if (bench_write_file(buf_text(&path), &bytes, e))
			return -1;
	}
	sync(); /* what was written for the bench is not to be paid for in it */
	return 0;
}

/* ---- Ours. */

static int run_ours(
	struct bench *b, const char *name, int64_t n, double *ret_rate, struct err *e)
{
	const char *folder = bench_folder(b, name, e);

	if (!folder)
		return -1;
	struct spool_source_options spool = {
		.path = bench_folder(b, arena_printf(&b->arena, "%s/in", name), e)};
	struct bench_flow flow = {
		.folder = folder,
		.ops = &spool_source_ops,
		.source = &spool,
		.out = {.type = QUEUE_EMBEDDED,
			.path = arena_printf(&b->arena, "%s/queue.db", folder)},
		.once = true,
	};
	pid_t child;

	if (!spool.path || fill(spool.path, n, e) ||
		bench_flow_declare(&flow.out, BENCH_OUT, e))
		return -1;
	int64_t start = clock_ticks();

	if (bench_flow_start(b, &flow, &child, e) || bench_child_end(child, 0, e))
		return -1;
	*ret_rate = (double)n / bench_seconds(start);
	bench_remove(spool.path);
	return 0;
}

/* ---- Bare. */

/* The rows of a ledger whose outbox is still full. */
static int record(struct bench *b, const char *folder, int64_t n,
	struct bare_rows **ret_rows, struct err *e)
{
	struct ledger_options options = bench_ledger_options(b, folder);
	struct intake_item *items = bench_items(0, n, e);
	struct ledger *ledger = NULL;
	int result = items ? ledger_open(&options, &ledger, e) : -1;

	if (result == 0)
		result = ledger_begin(ledger, e);
	for (int64_t i = 0; i < n && result == 0; i++) {
		struct ledger_answer answer;

		result = ledger_apply(ledger, &items[i].arrival, &answer, e);
	}
	if (result == 0)
		result = ledger_commit(ledger, e);
	ledger_close(ledger);
	bench_items_free(items, n);
	cleanup_buf struct buf path = {0};

	buf_printf(&path, "%s/ledger.db", folder);
	return result ? -1
		      : bare_rows_read(buf_text(&path), bare_ledger_tables,
				bare_ledger_tables_n, 0, ret_rows, e);
}

static int make_twins(struct bench *b, const char *folder, struct bare_db **ret_ledger,
	struct bare_db **ret_queue, struct err *e)
{
	struct ledger_options options = bench_ledger_options(b, folder);
	struct queue_options queue = {.type = QUEUE_EMBEDDED,
		.path = arena_printf(&b->arena, "%s/queue.db", folder)};
	struct ledger *ledger;

	if (ledger_open(&options, &ledger, e) ||
		bench_flow_declare(&queue, BENCH_OUT, e))
		return -1;
	ledger_close(ledger);
	return bare_open(arena_printf(&b->arena, "%s/ledger.db", folder),
		       bare_ledger_tables, bare_ledger_tables_n, ret_ledger, e) ||
			       bare_open(queue.path, queue_tables, QUEUE_TABLES,
				       ret_queue, e)
		       ? -1
		       : 0;
}

static int read_files(const char *folder, int64_t from, int64_t to, struct err *e)
{
	cleanup_free char *bytes = mem_alloc(FILE_MOST);
	cleanup_buf struct buf path = {0};

	for (int64_t i = from; i < to; i++) {
		buf_reset(&path);
		buf_printf(&path, "%s/%08lld.edxml", folder, (long long)i);
		int fd = open(buf_text(&path), O_RDONLY | O_CLOEXEC);
		ssize_t n = fd < 0 ? -1 : read(fd, bytes, FILE_MOST);

		if (n <= 0)
			err_errno(e, "%s", buf_text(&path));
		if (fd >= 0)
			close(fd);
		if (n <= 0)
			return -1;
	}
	return 0;
}

struct bare_run {
	const char *files;
	struct bare_db *ledger, *queue;
	struct bare_rows *ledger_rows, *queue_rows;
};

static int write_batch(struct bare_run *r, int64_t upto, struct err *e)
{
	if (bare_begin(r->ledger, e) ||
		bare_insert(r->ledger, r->ledger_rows, upto, e) ||
		bare_drop_outbox(r->ledger, r->ledger_rows, upto - BATCH, e) ||
		bare_commit(r->ledger, e))
		return -1;
	return bare_begin(r->queue, e) ||
			       bare_insert(r->queue, r->queue_rows, upto, e) ||
			       bare_commit(r->queue, e)
		       ? -1
		       : 0;
}

static int run_bare(struct bench *b, const char *name, const char *ours, int64_t n,
	double *ret_rate, struct err *e)
{
	const char *folder = bench_folder(b, name, e);
	const char *recorded =
		bench_folder(b, arena_printf(&b->arena, "%s/recorded", name), e);
	struct bare_run r = {
		.files = bench_folder(b, arena_printf(&b->arena, "%s/in", name), e)};
	int result = -1;

	if (folder && recorded && r.files && fill(r.files, n, e) == 0 &&
		record(b, recorded, n, &r.ledger_rows, e) == 0 &&
		bare_rows_read(
			arena_printf(&b->arena, "%s/%s/queue.db", b->folder, ours),
			queue_tables, QUEUE_TABLES, -n, &r.queue_rows, e) == 0 &&
		make_twins(b, folder, &r.ledger, &r.queue, e) == 0)
		result = 0;
	int64_t start = clock_ticks();

	for (int64_t i = 0; i < n && result == 0;) {
		int64_t to = i + BATCH < n ? i + BATCH : n;

		result = read_files(r.files, i, to, e) || write_batch(&r, to, e);
		i = to;
	}
	*ret_rate = (double)n / bench_seconds(start);
	bare_rows_free(r.ledger_rows);
	bare_rows_free(r.queue_rows);
	bare_close(r.ledger);
	bare_close(r.queue);
	return result ? -1 : 0;
}

int bench_embedded(struct bench *b, struct err *e)
{
	double ours[BENCH_TURNS], bare[BENCH_TURNS];
	int64_t n = bench_documents(b, DOCUMENTS);

	for (int i = 0; i < BENCH_TURNS; i++) {
		const char *one = arena_printf(&b->arena, "embedded-%d", i);
		const char *two = arena_printf(&b->arena, "bare-%d", i);

		if (run_ours(b, one, n, &ours[i], e) ||
			run_bare(b, two, one, n, &bare[i], e))
			return -1;
		bench_remove(arena_printf(&b->arena, "%s/%s", b->folder, one));
		bench_remove(arena_printf(&b->arena, "%s/%s", b->folder, two));
	}
	bench_report(b, &(struct bench_row){.stage = "embedded",
				.work = "spool, ledger, queue / SQLite alone",
				.ours = bench_median(ours, BENCH_TURNS),
				.bare = bench_median(bare, BENCH_TURNS),
				.unit = "documents/s",
				.target = 0.50});
	return 0;
}
