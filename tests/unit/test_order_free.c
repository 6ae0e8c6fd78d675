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
#include "gateway/rules/fold.h"
#include "tests/lib/story.h"
#include "tests/unit/history.h"

enum {
	ORDERS = 9,
	SEEDS = 60,
	WILD_SEEDS = 100,
	LINES_MOST = 200,
	ID_MOST = 96,
	WHAT_MOST = 240
};

typedef void (*history_maker)(uint64_t seed, struct history *ret_history);

struct order {
	size_t at[HISTORY_MOST], n;
};

struct end {
	struct buf done;   /* by people */
	struct buf ledger; /* the tasks, outcomes and confirm list */
	int64_t needless;  /* tasks made and withdrawn by one and the same arrival */
};

/* What a second carrier gives is judged as the first one's event. */
static const char needless_sql[] =
	"SELECT count(*) FROM journal a JOIN journal b ON a.task = b.task AND a.event "
	"= b.event JOIN event e ON e.id = a.event AND e.also IS NULL "
	"WHERE a.name = 'task.assigned' AND b.name = 'task.withdrawn'";

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

/* What a ledger is told leaves rows in these; it is open all the while. */
static const char emptied[] =
	"DELETE FROM event; DELETE FROM name; DELETE FROM link; DELETE FROM task; "
	"DELETE FROM task_document; DELETE FROM suggestion; DELETE FROM journal; "
	"DELETE FROM outbox; DELETE FROM quarantine; DELETE FROM act; DELETE FROM "
	"reminder; "
	"DELETE FROM known_as; DELETE FROM status_route; DELETE FROM status_told";

/* One name for a paper, whichever of its carriers came first. */
static void unify(char *text)
{
	for (char *at = text; (at = strstr(at, "e-")) != NULL; at++)
		if (at[2] >= '0' && at[2] <= '9')
			*at = 'd';
}

static int compare_lines(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* @text, with one name for each paper, its lines in the order of their texts. */
static void settle(const char *text, struct buf *ret_end)
{
	char *copy = mem_dup(text), *lines[LINES_MOST], *rest = copy;
	size_t n = 0;

	unify(copy);
	for (char *line; (line = strsep(&rest, "\n")) != NULL;) {
		assert_true(n < LINES_MOST);
		lines[n++] = line;
	}
	qsort(lines, n, sizeof(lines[0]), compare_lines);
	buf_reset(ret_end);
	for (size_t i = 0; i < n; i++)
		buf_printf(ret_end, "%s\n", lines[i]);
	free(copy);
}

/* The one task that stands by @document and that @lead owes, 0: none, or several; and
 * what it is besides: what made it, and for an undo (@undo) what it is closed by. */
static int64_t find_task(struct story *s, const char *document, const char *lead,
	bool undo, char ret_what[WHAT_MOST])
{
	static const char sql[] =
		"SELECT min(t.id), count(DISTINCT t.id), coalesce(min(c.document_id), "
		"'-'), min(o.document_id || o.business) FROM task t "
		"LEFT JOIN event c ON c.id = t.closed_by JOIN event o ON o.id = "
		"t.origin "
		"JOIN event e ON e.id IN (t.origin, t.document) WHERE t.lead = ? AND "
		"t.state <> 6 "
		"AND e.document_id IN (?, replace(?, 'd-', 'e-'))";
	sqlite3 *db;
	sqlite3_stmt *row;

	assert_int_equal(sqlite3_open(story_path(s, "ledger.db"), &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &row, NULL), SQLITE_OK);
	sqlite3_bind_text(row, 1, lead, -1, SQLITE_STATIC);
	sqlite3_bind_text(row, 2, document, -1, SQLITE_STATIC);
	sqlite3_bind_text(row, 3, document, -1, SQLITE_STATIC);
	assert_int_equal(sqlite3_step(row), SQLITE_ROW);
	int64_t task =
		sqlite3_column_int(row, 1) == 1 ? sqlite3_column_int64(row, 0) : 0;

	snprintf(ret_what, WHAT_MOST, "of %s, closed by %s",
		(const char *)sqlite3_column_text(row, 3),
		undo ? (const char *)sqlite3_column_text(row, 2) : "any");
	sqlite3_finalize(row);
	sqlite3_close(db);
	return task;
}

static enum act_kind kind_of(const char *word)
{
	int kind = 0;

	while (kind < ACT_KINDS && strcmp(act_kind_words[kind], word) != 0)
		kind++;
	assert_true(kind < ACT_KINDS);
	return (enum act_kind)kind;
}

/* What a person does where the story stands; added to @done, with what it was done to,
 * unless there is nothing to do it to, or it is refused. */
static void act(struct story *s, const struct happening *one, struct buf *done)
{
	char word[24], lead[24], due[24], document[ID_MOST];
	char about[WHAT_MOST];
	char why[LEDGER_WHY];
	struct ledger_answer answer;
	struct err e = {0};

	assert_int_equal(
		sscanf(one->json, "act %23s %23s %23s %95s", word, lead, due, document),
		4);
	story_commit(s);
	enum act_kind kind = kind_of(word);
	struct ledger_act what = {
		.task = find_task(s, document, lead, kind == ACT_KIND_UNDO, about),
		.kind = kind,
		.due_on = day_parse(due),
		.done_on = DAY_NONE,
		.by = "Chuyên viên",
		.reason = "có lý do",
		.at = story_at(one->day) + 3600 * 1000};

	if (what.kind == ACT_KIND_ACCEPT_HAND_BACK)
		what.organ = "H99.04";
	story_begin(s);
	switch (ledger_act(s->ledger, &what, &answer, why, &e)) {
	case LEDGER_ACT_OK:
		buf_printf(done, "%s %s, %s\n", one->json, one->day, about);
		break;
	case LEDGER_ACT_FAULT:
		fail_msg("%s", e.text);
		break;
	case LEDGER_ACT_NO_TASK:
	case LEDGER_ACT_REFUSED:
		break;
	}
}

static void end_init(struct end *end)
{
	*end = (struct end){0};
}

static void end_deinit(struct end *end)
{
	buf_deinit(&end->done);
	buf_deinit(&end->ledger);
}

/* How it ends when @h is told in @order. */
static void play(struct story *s, const struct history *h, const struct order *order,
	struct end *ret_end)
{
	cleanup_buf struct buf ledger = {0}, done = {0};

	story_tamper(s, emptied);
	story_begin(s);
	for (size_t i = 0; i < order->n; i++) {
		const struct happening *one = &h->at[order->at[i]];

		if (strncmp(one->json, "act ", 4) == 0)
			act(s, one, &done);
		else
			story_apply(s, one->day, one->json);
	}
	story_commit(s);
	buf_add_text(&ledger, story_tasks(s));
	add_facts(s, &ledger);
	settle(buf_text(&ledger), &ret_end->ledger);
	settle(buf_text(&done), &ret_end->done);
	ret_end->needless = story_count(s, needless_sql);
}

/* The same was done to the same, and the ledger is another. What may be done to a task
 * depends on what has come by then; what it then means does not. */
static bool ends_differ(const struct end *a, const struct end *b)
{
	return strcmp(buf_text(&a->done), buf_text(&b->done)) == 0 &&
	       strcmp(buf_text(&a->ledger), buf_text(&b->ledger)) != 0;
}

static bool differ(struct story *s, const struct history *h, const struct order *a,
	const struct order *b)
{
	struct end end_a, end_b;

	end_init(&end_a);
	end_init(&end_b);
	play(s, h, a, &end_a);
	play(s, h, b, &end_b);
	bool result = ends_differ(&end_a, &end_b);

	end_deinit(&end_a);
	end_deinit(&end_b);
	return result;
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

static void print_end(struct story *s, const struct history *h,
	const struct order *order, const char *name)
{
	struct end end;

	end_init(&end);
	play(s, h, order, &end);
	fprintf(stderr, "%s:", name);
	for (size_t i = 0; i < order->n; i++)
		fprintf(stderr, " %zu", order->at[i]);
	fprintf(stderr, "\n%s%s\n", buf_text(&end.done), buf_text(&end.ledger));
	end_deinit(&end);
}

static void print_history(
	uint64_t seed, const struct history *h, const struct order *order)
{
	fprintf(stderr, "seed %llu\n", (unsigned long long)seed);
	for (size_t i = 0; i < h->n; i++)
		for (size_t k = 0; k < order->n; k++)
			if (order->at[k] == i)
				fprintf(stderr, "%zu  %s %s\n", i, h->at[i].day,
					h->at[i].json);
}

static void report(struct story *s, uint64_t seed, const struct history *h,
	struct order *a, struct order *b)
{
	minimise(s, h, a, b);
	print_history(seed, h, a);
	print_end(s, h, a, "one order");
	print_end(s, h, b, "another");
}

static void shuffle(uint64_t *random, struct order *order)
{
	for (size_t i = order->n; i > 1; i--) {
		size_t k = history_random(random, (uint32_t)i), one = order->at[i - 1];

		order->at[i - 1] = order->at[k];
		order->at[k] = one;
	}
}

/* As it was made, the other way round, then at random. */
static void order_in(
	size_t turn, const struct history *h, uint64_t *random, struct order *ret_order)
{
	ret_order->n = h->n;
	for (size_t i = 0; i < h->n; i++)
		ret_order->at[i] = turn == 1 ? h->n - 1 - i : i;
	if (turn > 1)
		shuffle(random, ret_order);
}

/* Does the history that @make makes of @seed end the same in all orders tried? */
static bool is_order_free(struct story *s, history_maker make, uint64_t seed)
{
	struct history *h = mem_alloc(sizeof(*h));
	struct order orders[ORDERS];
	struct end ends[ORDERS];
	uint64_t random = seed + 1;
	bool same = true;

	make(seed, h);
	for (size_t i = 0; i < ORDERS; i++)
		end_init(&ends[i]);
	for (size_t i = 0; i < ORDERS && same; i++) {
		order_in(i, h, &random, &orders[i]);
		play(s, h, &orders[i], &ends[i]);
		if (ends[i].needless || story_verify(s, NULL) != 0) {
			print_history(seed, h, &orders[i]);
			print_end(s, h, &orders[i],
				ends[i].needless ? "made in vain" : "not in order");
			same = false;
		}
		for (size_t k = 0; k < i && same; k++) {
			same = !ends_differ(&ends[k], &ends[i]);
			if (!same)
				report(s, seed, h, &orders[k], &orders[i]);
		}
	}
	for (size_t i = 0; i < ORDERS; i++)
		end_deinit(&ends[i]);
	free(h);
	return same;
}

static void play_all(struct story *s, history_maker make, unsigned long last)
{
	unsigned long first = 1, bad = 0;
	const char *seeds = getenv("CONGVAN_SEEDS");

	if (seeds && sscanf(seeds, "%lu-%lu", &first, &last) != 2)
		fail_msg("CONGVAN_SEEDS=%s: FIRST-LAST is expected", seeds);
	for (unsigned long seed = first; seed <= last; seed++)
		bad += !is_order_free(s, make, seed);
	if (bad)
		fail_msg("%lu of the histories end differently in another order", bad);
}

static void test_m6_the_order_of_arrival_never_changes_the_outcome(void **state)
{
	play_all(*state, history_make, SEEDS);
}

static void test_m6_nor_where_nobody_writes_as_one_should(void **state)
{
	play_all(*state, history_make_wild, WILD_SEEDS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_m6_the_order_of_arrival_never_changes_the_outcome,
			story_setup, story_teardown),
		cmocka_unit_test_setup_teardown(
			test_m6_nor_where_nobody_writes_as_one_should, story_setup,
			story_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
