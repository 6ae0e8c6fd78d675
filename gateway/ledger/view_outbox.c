/* What is still to be told, and how each sink fares. */
#include "gateway/ledger/view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* CROSS JOIN: by the outbox's own numbers, whatever the planner thinks. */
#define OUTBOX_ROWS                                                                    \
	"SELECT o.id, s.name, j.seq, j.name, j.subject, j.organ, j.at, j.data, "       \
	"e.traceparent, k.known_as, o.attempts, o.last_error, o.first_attempt_at, "    \
	"o.last_attempt_at, o.next_attempt_at, o.again FROM outbox o "                 \
	"CROSS JOIN sink s ON s.id = o.sink CROSS JOIN journal j ON j.seq = "          \
	"o.journal LEFT JOIN event e ON e.id = j.event "                               \
	"LEFT JOIN known_as k ON k.sink = o.sink AND k.subject = j.subject WHERE "

/* A row as it is gathered before its event is known. */
struct gathered {
	struct outbox_mark mark;
	int64_t journal;
};

/* Rows of several events, in the order of the outbox, then of the journal. */
struct gathering {
	struct arena arena;
	LIST_OF(struct gathered) rows;
};

static void gathering_deinit(struct gathering *g)
{
	arena_deinit(&g->arena);
}
#define cleanup_gathering __attribute__((__cleanup__(gathering_deinit)))

static void read_row(
	struct ledger_view *v, struct sqlite3_stmt *row, struct outbox_row *r)
{
	const char *data = db_text(&v->arena, row, 7);

	r->id = db_int(row, 0);
	r->sink = db_text(&v->arena, row, 1);
	r->event_id = view_event_id(v, db_int(row, 2));
	r->name = db_text(&v->arena, row, 3);
	r->subject = db_text(&v->arena, row, 4);
	r->organ = db_text(&v->arena, row, 5);
	r->at = db_int(row, 6);
	r->data = (struct slice){data, strlen(data)};
	r->traceparent = db_text(&v->arena, row, 8);
	r->known_as = db_text(&v->arena, row, 9);
	r->attempts = (int)db_int(row, 10);
	r->last_error = db_text(&v->arena, row, 11);
	r->first_attempt_at = db_int_or(row, 12, MSEC_NONE);
	r->last_attempt_at = db_int_or(row, 13, MSEC_NONE);
	r->next_attempt_at = db_int_or(row, 14, MSEC_NONE);
	r->again = db_int(row, 15) == 1;
}

const char *view_event_id(struct ledger_view *v, int64_t journal)
{
	return arena_printf(&v->arena, "%s-%s-%lld", v->options.site, v->identity,
		(long long)journal);
}

static int walk(struct ledger_view *v, struct sqlite3_stmt *row, outbox_visit visit,
	void *context, struct err *e)
{
	enum db_step step;

	if (!row)
		return -1;
	while ((step = db_next(&v->db, row, e)) == DB_ROW) {
		struct outbox_row r;

		arena_reset(&v->arena);
		read_row(v, row, &r);
		if (visit(context, &r) != 0) {
			db_reset(row);
			return 0;
		}
	}
	return step == DB_DONE ? 0 : -1;
}

int ledger_view_outbox(struct ledger_view *v, const char *sink, int64_t after,
	int limit, outbox_visit visit, void *context, struct err *e)
{
	if (v->none)
		return 0;
	if (!sink)
		return walk(v,
			db_query(&v->db, V_OUTBOX_ALL,
				OUTBOX_ROWS "o.id > ? ORDER BY o.id LIMIT ?", e, "ii",
				after, (int64_t)limit),
			visit, context, e);
	return walk(v,
		db_query(&v->db, V_OUTBOX,
			OUTBOX_ROWS "o.id > ? AND o.sink = (SELECT id FROM sink WHERE "
				    "name = ?) ORDER BY o.id LIMIT ?",
			e, "iti", after, sink, (int64_t)limit),
		visit, context, e);
}

int ledger_view_outbox_row(struct ledger_view *v, int64_t id, outbox_visit visit,
	void *context, struct err *e)
{
	if (v->none)
		return 0;
	return walk(v,
		db_query(&v->db, V_OUTBOX_ROW, OUTBOX_ROWS "o.id = ?", e, "i", id),
		visit, context, e);
}

/* ---- For all sinks at once. */

static int visit_event(struct ledger_view *v, int64_t journal,
	const struct outbox_mark *marks, size_t n, outbox_event_visit visit,
	void *context, struct err *e)
{
	struct sqlite3_stmt *row = db_query(&v->db, V_OUTBOX_EVENT,
		"SELECT 0, NULL, j.seq, j.name, j.subject, j.organ, j.at, j.data, "
		"e.traceparent, NULL, 0, NULL, NULL, NULL, NULL, 0 FROM journal j "
		"LEFT JOIN event e ON e.id = j.event WHERE j.seq = ?",
		e, "i", journal);
	struct outbox_row r;

	if (!row)
		return -1;
	switch (db_next(&v->db, row, e)) {
	case DB_FAULT:
		return -1;
	case DB_DONE: /* a row of nothing, which verify sees */
		return 0;
	case DB_ROW:
		break;
	}
	arena_reset(&v->arena);
	read_row(v, row, &r);
	int result = visit(context, &r, marks, n);

	db_reset(row);
	return result;
}

static int gather(struct ledger_view *v, int64_t after, int64_t upto,
	struct gathering *g, struct err *e)
{
	struct sqlite3_stmt *row = db_query(&v->db, V_OUTBOX_MARKS,
		"SELECT id, sink, journal FROM outbox WHERE id > ? AND id <= ? AND "
		"again = 0",
		e, "ii", after, upto);
	enum db_step step;

	if (!row)
		return -1;
	while ((step = db_next(&v->db, row, e)) == DB_ROW)
		*LIST_ADD(&g->arena, &g->rows) = (struct gathered){
			.mark = {.id = db_int(row, 0), .sink = db_int(row, 1)},
			.journal = db_int(row, 2)};
	return step == DB_DONE ? 0 : -1;
}

/* A commit puts the rows of one sink after those of another, so an event's lie apart.
 */
static int by_journal(const void *a, const void *b)
{
	const struct gathered *x = a, *y = b;

	if (x->journal != y->journal)
		return x->journal < y->journal ? -1 : 1;
	return (x->mark.id > y->mark.id) - (x->mark.id < y->mark.id);
}

int ledger_view_outbox_events(struct ledger_view *v, int64_t after, int64_t upto,
	outbox_event_visit visit, void *context, struct err *e)
{
	cleanup_gathering struct gathering g = {0};

	if (v->none)
		return 0;
	if (gather(v, after, upto, &g, e) != 0)
		return -1;
	size_t n = g.rows.n, most = 0;

	if (n)
		qsort(g.rows.at, n, sizeof(*g.rows.at), by_journal);
	struct outbox_mark *marks = arena_alloc(&g.arena, n * sizeof(*marks) + 1);

	for (size_t i = 0; i < n; i++) {
		int64_t journal = g.rows.at[i].journal;
		bool last = i + 1 == n || g.rows.at[i + 1].journal != journal;

		marks[most++] = g.rows.at[i].mark;
		if (!last)
			continue;
		if (visit_event(v, journal, marks, most, visit, context, e) != 0)
			return -1;
		most = 0;
	}
	return 0;
}

int ledger_view_outbox_ends(
	struct ledger_view *v, struct outbox_ends *ret_ends, struct err *e)
{
	*ret_ends = (struct outbox_ends){0};
	if (v->none)
		return 0;
	struct sqlite3_stmt *row = db_query(&v->db, V_OUTBOX_LAST,
		"SELECT coalesce((SELECT max(id) FROM outbox), 0), coalesce((SELECT "
		"max(id) FROM outbox WHERE again = 1), 0)",
		e, "");

	if (!row || db_next(&v->db, row, e) != DB_ROW)
		return -1;
	ret_ends->last = db_int(row, 0);
	ret_ends->again = db_int(row, 1);
	db_reset(row);
	return 0;
}

int ledger_view_outbox_again(struct ledger_view *v, const char *sink, int64_t after,
	int limit, outbox_visit visit, void *context, struct err *e)
{
	if (v->none)
		return 0;
	return walk(v,
		db_query(&v->db, V_OUTBOX_AGAIN,
			OUTBOX_ROWS "o.id > ? AND o.again = 1 AND o.sink = (SELECT id "
				    "FROM sink WHERE name = ?) ORDER BY o.id LIMIT ?",
			e, "iti", after, sink, (int64_t)limit),
		visit, context, e);
}

int ledger_view_known_as(struct ledger_view *v, int64_t sink, const char *subject,
	const char **ret_known_as, struct err *e)
{
	*ret_known_as = NULL;
	if (v->none)
		return 0;
	struct sqlite3_stmt *row = db_query(&v->db, V_KNOWN_AS,
		"SELECT known_as FROM known_as WHERE sink = ? AND subject = ?", e, "it",
		sink, subject);

	if (!row)
		return -1;
	enum db_step step = db_next(&v->db, row, e);

	arena_reset(&v->arena);
	if (step == DB_ROW) {
		*ret_known_as = db_text(&v->arena, row, 0);
		db_reset(row);
	}
	return step == DB_FAULT ? -1 : 0;
}

/* ---- Sinks. */

static enum ledger_sink_state state_of(const char *word)
{
	for (int i = 0; i <= LEDGER_SINK_STOPPED; i++)
		if (word && strcmp(word, ledger_sink_words[i]) == 0)
			return (enum ledger_sink_state)i;
	return LEDGER_SINK_WORKING;
}

int ledger_view_sink(struct ledger_view *v, const char *sink,
	struct ledger_sink *ret_sink, struct err *e)
{
	struct ledger_sink s = {.since = MSEC_NONE, .next_at = MSEC_NONE};

	*ret_sink = s;
	if (v->none)
		return 0;
	struct sqlite3_stmt *row = db_query(&v->db, V_SINK_STATE,
		"SELECT state, since, next_at, error, config, id FROM sink WHERE name "
		"= ?",
		e, "t", sink);

	if (!row)
		return -1;
	enum db_step step = db_next(&v->db, row, e);

	if (step != DB_ROW)
		return step == DB_DONE ? 0 : -1;
	arena_reset(&v->arena);
	ret_sink->state = state_of(db_text(&v->arena, row, 0));
	ret_sink->since = db_int_or(row, 1, MSEC_NONE);
	ret_sink->next_at = db_int_or(row, 2, MSEC_NONE);
	ret_sink->error = db_text(&v->arena, row, 3);
	ret_sink->config = db_text(&v->arena, row, 4);
	ret_sink->id = db_int(row, 5);
	db_reset(row);
	return 0;
}

static int count(struct ledger_view *v, enum view_statement slot, const char *sql,
	const char *sink, int64_t *ret_n, int64_t *ret_oldest, struct err *e)
{
	struct sqlite3_stmt *row = db_query(&v->db, slot, sql, e, "t", sink);

	if (!row || db_next(&v->db, row, e) != DB_ROW)
		return -1;
	*ret_n = db_int(row, 0);
	*ret_oldest = db_int_or(row, 1, MSEC_NONE);
	db_reset(row);
	return 0;
}

int ledger_view_sink_depth(struct ledger_view *v, const char *sink,
	struct ledger_sink_depth *ret_depth, struct err *e)
{
	struct ledger_sink_depth depth = {.oldest = MSEC_NONE};
	int64_t none;

	*ret_depth = depth;
	if (v->none)
		return 0;
	if (count(v, V_OUTBOX_COUNT,
		    "SELECT n, (SELECT at FROM journal WHERE seq = first) FROM "
		    "(SELECT count(*) AS n, min(journal) AS first FROM outbox "
		    "WHERE sink = (SELECT id FROM sink WHERE name = ?))",
		    sink, &depth.waiting, &depth.oldest, e) != 0 ||
		count(v, V_DEAD_COUNT,
			"SELECT count(*), NULL FROM dead_letter WHERE state = 'open' "
			"AND sink = (SELECT id FROM sink WHERE name = ?)",
			sink, &depth.dead, &none, e) != 0)
		return -1;
	*ret_depth = depth;
	return 0;
}
