/*
 * The ledger with its rules beside bare SQLite inserting the very same rows: at several
 * sizes of the ledger, in batches of 100 and 500.
 */
#include <stdio.h>

#include "gateway/base/mem.h"
#include "gateway/cli/bench.h"
#include "gateway/cli/bench_bare.h"
#include "gateway/cli/bench_documents.h"

/* Many short turns: the two sides stay close together in time, and one that something
 * else disturbed, or that a checkpoint fell into, does not move the median. */
enum { TURNS = 13, DOCUMENTS = 1000, SOME = 10000 };

MEM_CLEANUP(ledger, struct ledger, ledger_close)
MEM_CLEANUP(bare, struct bare_db, bare_close)
MEM_CLEANUP(view, struct ledger_view, ledger_view_close)

/* One ledger and its bare twin. */
struct pair {
	const char *folder, *twin;
	struct ledger *ledger;
	struct bare_db *bare;
	int64_t written; /* documents in both */
	int64_t size;    /* when the comparison began */
};

static int insert_all(struct bare_db *db, struct bare_rows *rows, int64_t from,
	int64_t n, int64_t batch, struct err *e)
{
	for (int64_t i = 0; i < n;) {
		i = i + batch < n ? i + batch : n;
		if (bare_begin(db, e) || bare_insert(db, rows, from + i, e) ||
			bare_commit(db, e))
			return -1;
	}
	return 0;
}

/* So many by us and then the same by the twin. */
static int turn(struct pair *p, int64_t n, int64_t batch, double *ret_ours,
	double *ret_bare, struct err *e)
{
	struct intake_item *items = bench_items(p->written, n, e);
	struct bare_rows *rows = NULL;
	cleanup_buf struct buf path = {0};
	int64_t start = clock_ticks();

	if (!items)
		return -1;
	int result = bench_apply(p->ledger, items, n, batch, e);

	*ret_ours = (double)n / bench_seconds(start);
	bench_items_free(items, n);
	buf_printf(&path, "%s/ledger.db", p->folder);
	if (result || bare_rows_read(buf_text(&path), bare_ledger_tables,
			      bare_ledger_tables_n, p->written, &rows, e))
		return -1;
	start = clock_ticks();
	result = insert_all(p->bare, rows, p->written, n, batch, e);
	*ret_bare = (double)n / bench_seconds(start);
	bare_rows_free(rows);
	p->written += n;
	return result;
}

static int open_pair(struct bench *b, struct pair *p, struct err *e)
{
	struct ledger_options options = bench_ledger_options(b, p->folder);
	cleanup(view) struct ledger_view *view = NULL;
	cleanup(ledger) struct ledger *ledger = NULL;

	if (ledger_open(&options, &ledger, e) || bench_fill(ledger, p->size, e) ||
		ledger_view_open(&options, &view, e) ||
		ledger_view_backup(view, p->twin, e) ||
		bare_open(
			p->twin, bare_ledger_tables, bare_ledger_tables_n, &p->bare, e))
		return -1;
	p->ledger = STEAL(ledger);
	p->written = p->size;
	return 0;
}

static int compare(struct bench *b, struct pair *p, int64_t batch, struct err *e)
{
	double ours[TURNS], bare[TURNS];
	char work[64];

	for (int i = 0; i < TURNS; i++) {
		if (turn(p, bench_documents(b, DOCUMENTS), batch, &ours[i], &bare[i],
			    e))
			return -1;
	}
	snprintf(work, sizeof(work), "%lld documents and more, batches of %lld",
		(long long)p->size, (long long)batch);
	bench_report(b, &(struct bench_row){.stage = "ledger",
				.work = work,
				.ours = bench_median(ours, TURNS),
				.bare = bench_median(bare, TURNS),
				.unit = "documents/s",
				.target = 0.60});
	return 0;
}

static int at_size(struct bench *b, int64_t size, struct err *e)
{
	struct pair p = {.size = size};
	char name[32];

	snprintf(name, sizeof(name), "ledger-%lld", (long long)size);
	p.folder = bench_folder(b, name, e);
	p.twin = arena_printf(&b->arena, "%s/twin.db", p.folder);
	int result = p.folder ? open_pair(b, &p, e) : -1;

	for (int64_t batch = 100; result == 0 && batch <= 500; batch += 400)
		result = compare(b, &p, batch, e);
	ledger_close(p.ledger);
	bare_close(p.bare);
	if (p.folder)
		bench_remove(p.folder);
	return result;
}

int bench_ledger(struct bench *b, struct err *e)
{
	if (at_size(b, 0, e) || at_size(b, SOME, e))
		return -1;
	return b->large ? at_size(b, b->size, e) : 0;
}
