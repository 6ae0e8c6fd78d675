/*
 * Shapes of histories that once cost more than their length: what N events of one shape
 * cost, and 2N. Twice as many should cost about twice as much.
 *   bench_shapes [SHAPE [N]]
 * A figure is milliseconds in all, in a ledger in memory, one commit a hundred events.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "gateway/base/day.h"
#include "gateway/base/text.h"
#include "tests/lib/story.h"

enum { USUAL = 200, BATCH = 100 };

static const char head[] =
	"{'kind':'document','issued_on':'2026-03-02','type_name':'Công văn',";

static void put_document(struct buf *out, const char *from, int64_t number)
{
	buf_printf(out,
		"%s'document_id':'%s,2026/03/02,%d/UBND-VX','code':{'number':'%d',"
		"'notation':'UBND-VX'},'subject':'V/v rà soát, đợt %d','from':{"
		"'organ_id':'%s'}",
		head, from, (int)number, (int)number, (int)number, from);
}

/* One organ's directives on one thread. */
static void put_thread(struct buf *out, int64_t i)
{
	put_document(out, "H99", i + 1);
	buf_add_text(out, ",'thread_id':'L','due_on':'2026-03-20',"
			  "'to':[{'organ_id':'H99.01'},{'organ_id':'H99.02'}]}");
}

/* A directive and then letters of others on its thread. */
static void put_letters(struct buf *out, int64_t i)
{
	static const char *const organs[] = {"H99.01", "H99.02", "H99.03", "H99.04"};

	if (i == 0) {
		put_thread(out, i);
		return;
	}
	put_document(out, organs[i % 4], i + 1);
	buf_add_text(out, ",'thread_id':'L','to':[{'organ_id':'H99.05'}]}");
}

/* One document, and updates of it. */
static void put_updates(struct buf *out, int64_t i)
{
	if (i == 0) {
		put_thread(out, i);
		return;
	}
	buf_printf(out,
		"%s'business':'update','document_id':'U%d','from':{'organ_id':'H99'},"
		"'targets':[{'document_id':'H99,2026/03/02,1/UBND-VX'}],"
		"'due_on':'2026-04-%02d','content':'đợt %d'}",
		head, (int)i, 1 + (int)i % 28, (int)i);
}

/* Documents of many organs under one code, and letters that cite it. */
static void put_namesakes(struct buf *out, int64_t i)
{
	if (i % 20 == 19) {
		put_document(out, "H99.01", i + 1);
		buf_add_text(out, ",'content':'Thực hiện Công văn số 7/BC-UBND và "
				  "Công văn số 7/BC-UBND ngày 02/3/2026',"
				  "'to':[{'organ_id':'H99'}]}");
		return;
	}
	buf_printf(out,
		"%s'document_id':'X.%d,2026/03/02,7/BC-UBND','code':{'number':'7',"
		"'notation':'BC-UBND'},'from':{'organ_id':'X.%d'},"
		"'due_on':'2026-03-20','to':[{'organ_id':'H99.01'}]}",
		head, (int)i, (int)i);
}

static const struct {
	const char *name;
	void (*put)(struct buf *out, int64_t i);
	bool backwards; /* the last one comes first */
} shapes[] = {
	{"thread", put_thread, false},
	{"thread-back", put_thread, true},
	{"letters", put_letters, false},
	{"letters-back", put_letters, true},
	{"updates", put_updates, false},
	{"namesakes", put_namesakes, false},
};

static double play(size_t shape, int64_t n)
{
	cleanup_buf struct buf json = {0};
	struct story s;
	int64_t ns = 0;

	story_init(&s);
	story_begin(&s);
	for (int64_t i = 0; i < n; i++) {
		buf_reset(&json);
		shapes[shape].put(&json, shapes[shape].backwards ? n - 1 - i : i);
		int64_t start = clock_ticks();

		story_apply(&s, "2026-03-03", buf_text(&json));
		ns += clock_ticks() - start;
		if (i % BATCH == BATCH - 1) {
			story_commit(&s);
			story_begin(&s);
		}
	}
	story_commit(&s);
	story_deinit(&s);
	return (double)ns / 1e6;
}

int main(int argc, char **argv)
{
	int64_t n = USUAL;

	if (argc > 3 || (argc == 3 && !text_parse_int(argv[2], 1, 100000, &n))) {
		fputs("usage: bench_shapes [SHAPE [N]]\n", stderr);
		return 64;
	}
	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		if (argc > 1 && strcmp(argv[1], shapes[i].name) != 0)
			continue;
		double once = play(i, n), twice = play(i, 2 * n);

		printf("%-14s %6d: %8.0f ms %6d: %8.0f ms  %.1f times\n",
			shapes[i].name, (int)n, once, (int)(2 * n), twice,
			twice / once);
		fflush(stdout);
	}
	return 0;
}
