/*
 * M6: the order of arrival never changes the outcome. Random small histories are told
 * in many orders, each time to a fresh ledger, and must leave the same tasks, outcomes
 * and confirm list. number_organ, the one exception M6 allows, does not come up:
 * every reference here has an id or a date.
 *
 * CONGVAN_SEEDS=FIRST-LAST plays other seeds than the test run's.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "gateway/base/mem.h"
#include "tests/lib/story.h"
#include "tests/unit/history.h"

enum { ORDERS = 8, FIRST_SEED = 1, LAST_SEED = 60 };

struct order {
	size_t at[HISTORY_MOST], n;
};

/* Every event's last outcome, and what waits on the confirm list. */
static const char facts_sql[] =
	"SELECT 'event ' || coalesce(document_id, '') || ' ' || kind || business || "
	"stage || "
	"' outcome ' || outcome FROM event "
	"UNION ALL SELECT 'suggestion ' || e.document_id || ' ' || s.reason || ' ' || "
	"(SELECT group_concat(x, ' ') FROM (SELECT json_extract(value, "
	"'$.document_id') || "
	"json_extract(value, '$.rungs') AS x FROM json_each(s.candidates) ORDER BY x)) "
	"FROM suggestion s JOIN event e ON e.id = s.event WHERE s.state = 'open' ORDER "
	"BY 1";

static void add_facts(struct story *s, struct buf *out)
{
	sqlite3 *db;
	sqlite3_stmt *row;

	assert_int_equal(sqlite3_open(story_path(s, "ledger.db"), &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, facts_sql, -1, &row, NULL), SQLITE_OK);
	while (sqlite3_step(row) == SQLITE_ROW)
		buf_printf(out, "%s\n", (const char *)sqlite3_column_text(row, 0));
	sqlite3_finalize(row);
	sqlite3_close(db);
}

static void start_afresh(struct story *s)
{
	story_close(s);
	unlink(story_path(s, "ledger.db"));
	unlink(story_path(s, "ledger.db-wal"));
	unlink(story_path(s, "ledger.db-shm"));
	story_open(s);
}

/* What is left when @h is told in @order. */
static void play(struct story *s, const struct history *h, const struct order *order,
	struct buf *ret_end)
{
	start_afresh(s);
	story_begin(s);
	for (size_t i = 0; i < order->n; i++) {
		const struct happening *one = &h->at[order->at[i]];

		story_apply(s, one->day, one->json);
	}
	story_commit(s);
	buf_reset(ret_end);
	buf_add_text(ret_end, story_tasks(s));
	add_facts(s, ret_end);
}

static bool differ(struct story *s, const struct history *h, const struct order *a,
	const struct order *b)
{
	cleanup_buf struct buf end_a = {0}, end_b = {0};

	play(s, h, a, &end_a);
	play(s, h, b, &end_b);
	return strcmp(buf_text(&end_a), buf_text(&end_b)) != 0;
}

static void drop(struct order *order, size_t event)
{
	size_t kept = 0;

	for (size_t i = 0; i < order->n; i++)
		if (order->at[i] != event)
			order->at[kept++] = order->at[i];
	order->n = kept;
}

static size_t place(const struct order *order, size_t event)
{
	size_t i = 0;

	while (order->at[i] != event)
		i++;
	return i;
}

/* Leave out events, then swap neighbours, while the two orders still end differently.
 */
static void minimise(
	struct story *s, const struct history *h, struct order *a, struct order *b)
{
	for (size_t event = h->n; event-- > 0;) {
		struct order x = *a, y = *b;

		drop(&x, event);
		drop(&y, event);
		if (x.n && differ(s, h, &x, &y)) {
			*a = x;
			*b = y;
		}
	}
	for (size_t i = 0; i + 1 < b->n;) {
		struct order y = *b;

		y.at[i] = b->at[i + 1];
		y.at[i + 1] = b->at[i];
		if (place(a, y.at[i]) < place(a, y.at[i + 1]) && differ(s, h, a, &y)) {
			*b = y;
			i = 0;
		} else {
			i++;
		}
	}
}

static void print_order(const char *name, const struct order *order)
{
	fprintf(stderr, "%s:", name);
	for (size_t i = 0; i < order->n; i++)
		fprintf(stderr, " %zu", order->at[i]);
	fprintf(stderr, "\n");
}

static void report(struct story *s, uint64_t seed, const struct history *h,
	struct order *a, struct order *b)
{
	cleanup_buf struct buf end_a = {0}, end_b = {0};

	minimise(s, h, a, b);
	fprintf(stderr, "seed %llu\n", (unsigned long long)seed);
	for (size_t i = 0; i < h->n; i++)
		for (size_t k = 0; k < a->n; k++)
			if (a->at[k] == i)
				fprintf(stderr, "%zu  %s %s\n", i, h->at[i].day,
					h->at[i].json);
	play(s, h, a, &end_a);
	play(s, h, b, &end_b);
	print_order("one order", a);
	fprintf(stderr, "%s", buf_text(&end_a));
	print_order("another", b);
	fprintf(stderr, "%s\n", buf_text(&end_b));
}

static void shuffle(uint64_t *random, struct order *order)
{
	for (size_t i = order->n; i > 1; i--) {
		size_t k = history_random(random, (uint32_t)i), one = order->at[i - 1];

		order->at[i - 1] = order->at[k];
		order->at[k] = one;
	}
}

/* Does @seed's history end the same in all orders tried? */
static bool is_order_free(struct story *s, uint64_t seed)
{
	cleanup_buf struct buf first = {0}, end = {0};
	struct history *h = mem_alloc(sizeof(*h));
	struct order as_made = {0}, order;
	uint64_t random = seed + 1;
	bool same = true;

	history_make(seed, h);
	for (as_made.n = 0; as_made.n < h->n; as_made.n++)
		as_made.at[as_made.n] = as_made.n;
	play(s, h, &as_made, &first);
	for (size_t i = 0; i < ORDERS && same; i++) {
		order = as_made;
		for (size_t k = 0; i == 0 && k < order.n; k++)
			order.at[k] = order.n - 1 - k;
		if (i > 0)
			shuffle(&random, &order);
		play(s, h, &order, &end);
		same = strcmp(buf_text(&first), buf_text(&end)) == 0;
	}
	if (!same)
		report(s, seed, h, &as_made, &order);
	else
		same = story_verify(s, NULL) == 0;
	free(h);
	return same;
}

static void test_m6_the_order_of_arrival_never_changes_the_outcome(void **state)
{
	unsigned long first = FIRST_SEED, last = LAST_SEED, bad = 0;
	const char *seeds = getenv("CONGVAN_SEEDS");

	if (seeds && sscanf(seeds, "%lu-%lu", &first, &last) != 2)
		fail_msg("CONGVAN_SEEDS=%s: FIRST-LAST is expected", seeds);
	for (unsigned long seed = first; seed <= last; seed++)
		bad += !is_order_free(*state, seed);
	if (bad)
		fail_msg("%lu of the histories end differently in another order", bad);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_m6_the_order_of_arrival_never_changes_the_outcome,
			story_setup, story_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
