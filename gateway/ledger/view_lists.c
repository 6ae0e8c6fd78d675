/* The lists people ask for: tasks, suggestions, quarantine. */
#include "gateway/ledger/view.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "gateway/base/text.h"

struct task_row *view_task(struct ledger_view *v, int64_t id, struct err *e)
{
	const char *sql =
		arena_printf(&v->arena, "%sWHERE t.id = ?", store_task_select);
	struct sqlite3_stmt *row = db_query(&v->db, V_TASK_ROW, sql, e, "i", id);
	struct task_row *t = NULL;

	if (!row)
		return NULL;
	enum db_step step = db_next(&v->db, row, e);

	if (step == DB_ROW) {
		t = arena_alloc(&v->arena, sizeof(*t));
		store_task_read(&v->arena, v->options.organs, row, t);
		db_reset(row);
	} else if (step == DB_DONE) {
		err_set(e, ERR_INPUT, "there is no task NV-%lld", (long long)id);
	}
	return t;
}

struct task_walk {
	struct ledger_view *v;
	const struct task_filter *filter;
	const char *lead;
	int64_t document;
	struct arena row_arena;
};

static bool is_wanted(
	struct task_walk *w, const struct task_row *row, enum timeliness t)
{
	const struct task_filter *f = w->filter;
	const struct task *task = &row->task;

	if (f->state ? strcmp(task_state_words[task->state], f->state) != 0
		     : task->state == TASK_WITHDRAWN && !f->id)
		return false;
	if (w->lead && !text_same_id(task->lead, w->lead))
		return false;
	return !f->overdue || t == TIMELINESS_OVERDUE;
}

static const char *task_query(struct task_walk *w)
{
	if (w->filter->id)
		return arena_printf(&w->v->arena, "%sWHERE t.id = ?1 ORDER BY t.id",
			store_task_select);
	if (w->filter->document)
		return arena_printf(&w->v->arena,
			"%sWHERE t.origin = ?1 OR t.document = ?1 ORDER BY t.id",
			store_task_select);
	return arena_printf(&w->v->arena, "%sORDER BY t.id", store_task_select);
}

/* The last change of each task the journal had by then, in the order of the numbers. */
static int view_as_of(
	struct task_walk *w, task_visit visit, void *context, struct err *e)
{
	struct sqlite3_stmt *row = view_prepare(w->v,
		"SELECT data FROM journal WHERE seq IN (SELECT max(seq) FROM journal "
		"WHERE task IS NOT NULL AND at <= ?1 GROUP BY task) ORDER BY task",
		e);
	enum db_step step;
	int stop = 0;

	if (!row)
		return -1;
	view_bind_int(row, 1, w->filter->now);
	while (!stop && (step = db_next(&w->v->db, row, e)) == DB_ROW) {
		struct task_row t = {0};

		arena_reset(&w->row_arena);
		if (!task_json_read(
			    &w->row_arena, db_text(&w->row_arena, row, 0), &t.task))
			continue;
		enum timeliness timely = view_timeliness(w->v, &t.task, w->filter->now);

		if (is_wanted(w, &t, timely))
			stop = visit(context, &t.task, timely);
	}
	view_finish(row);
	return stop || step == DB_DONE ? 0 : -1;
}

int ledger_view_tasks(struct ledger_view *v, const struct task_filter *filter,
	task_visit visit, void *context, struct err *e)
{
	struct task_walk w = {.v = v, .filter = filter};
	enum db_step step;
	int stop = 0;

	if (v->none)
		return 0;
	arena_reset(&v->arena);
	if (filter->as_of) {
		w.lead = filter->organ ? organ_main_id(v->options.organs, filter->organ,
						 DAY_NONE)
				       : NULL;
		stop = view_as_of(&w, visit, context, e);
		arena_deinit(&w.row_arena);
		return stop;
	}
	w.lead = filter->organ
			 ? organ_main_id(v->options.organs, filter->organ, DAY_NONE)
			 : NULL;
	if (filter->document &&
		view_find_event(v, filter->document, &w.document, e) != 0)
		return -1;
	struct sqlite3_stmt *row = view_prepare(v, task_query(&w), e);

	if (!row)
		return -1;
	if (filter->id || filter->document)
		view_bind_int(row, 1, filter->id ? filter->id : w.document);
	while (!stop && (step = db_next(&v->db, row, e)) == DB_ROW) {
		struct task_row t = {0};

		arena_reset(&w.row_arena);
		store_task_read(&w.row_arena, v->options.organs, row, &t);
		enum timeliness timely = view_timeliness(v, &t.task, filter->now);

		if (is_wanted(&w, &t, timely))
			stop = visit(context, &t.task, timely);
	}
	view_finish(row);
	arena_deinit(&w.row_arena);
	return stop || step == DB_DONE ? 0 : -1;
}

static int visit_lines(struct ledger_view *v, struct sqlite3_stmt *row,
	void (*put)(struct ledger_view *v, struct json *j, struct sqlite3_stmt *row),
	line_visit visit, void *context, struct err *e)
{
	cleanup_buf struct buf line = {0};
	enum db_step step;
	int stop = 0;

	while (!stop && (step = db_next(&v->db, row, e)) == DB_ROW) {
		struct json j = {.out = &line};

		arena_reset(&v->arena);
		buf_reset(&line);
		put(v, &j, row);
		stop = visit(context, &line);
	}
	view_finish(row);
	return stop || step == DB_DONE ? 0 : -1;
}

static void put_suggestion(
	struct ledger_view *v, struct json *j, struct sqlite3_stmt *row)
{
	const char *candidates = db_text(&v->arena, row, 8);
	const char *from = db_text(&v->arena, row, 6);

	json_open(j, '{');
	json_put_text(
		j, "id", arena_printf(&v->arena, "GY-%lld", (long long)db_int(row, 0)));
	json_put_text(j, "state", db_text(&v->arena, row, 1));
	json_put_text(j, "reason", db_text(&v->arena, row, 2));
	json_key(j, "reply");
	json_open(j, '{');
	json_put_int(j, "id", db_int(row, 3));
	json_put_text(j, "document_id", db_text(&v->arena, row, 4));
	json_put_text(j, "code", db_text(&v->arena, row, 5));
	json_put_text(
		j, "from", organ_main_id(v->options.organs, from, db_day(row, 7)));
	json_close(j, '}');
	json_key(j, "candidates");
	json_raw(j, candidates, strlen(candidates));
	json_close(j, '}');
}

int ledger_view_suggestions(
	struct ledger_view *v, bool all, line_visit visit, void *context, struct err *e)
{
	if (v->none)
		return 0;
	struct sqlite3_stmt *row = view_prepare(v,
		"SELECT s.id, s.state, s.reason, e.id, e.document_id, e.code, "
		"o.organ_id, "
		"e.issued_on, s.candidates FROM suggestion s JOIN event e ON e.id = "
		"s.event "
		"LEFT JOIN organ o ON o.id = e.issuer "
		"WHERE ?1 OR s.state = 'open' ORDER BY s.id",
		e);

	if (!row)
		return -1;
	view_bind_int(row, 1, all);
	return visit_lines(v, row, put_suggestion, visit, context, e);
}

static void put_int_or_null(
	struct json *j, const char *key, struct sqlite3_stmt *row, int at)
{
	int64_t value = db_int_or(row, at, INT64_MIN);

	json_key(j, key);
	if (value == INT64_MIN)
		json_absent(j);
	else
		json_int(j, value);
}

static const char quarantine_sql[] = "SELECT id, state, adapter, origin, at, code, "
				     "message, line, column, by, reason, raw "
				     "FROM quarantine ";

static void put_quarantine(
	struct ledger_view *v, struct json *j, struct sqlite3_stmt *row)
{
	char at[INSTANT_TEXT];

	json_open(j, '{');
	json_put_int(j, "id", db_int(row, 0));
	json_put_text(j, "state", db_text(&v->arena, row, 1));
	json_put_text(j, "adapter", db_text(&v->arena, row, 2));
	json_put_text(j, "origin", db_text(&v->arena, row, 3));
	json_put_text(j, "at", instant_text(db_int(row, 4), at));
	json_key(j, "error");
	json_open(j, '{');
	json_put_text(j, "code", db_text(&v->arena, row, 5));
	put_int_or_null(j, "line", row, 7);
	put_int_or_null(j, "column", row, 8);
	json_put_text(j, "message", db_text(&v->arena, row, 6));
	json_close(j, '}');
	json_put_text(j, "by", db_text(&v->arena, row, 9));
	json_put_text(j, "reason", db_text(&v->arena, row, 10));
	json_close(j, '}');
}

int ledger_view_quarantine(
	struct ledger_view *v, bool all, line_visit visit, void *context, struct err *e)
{
	char sql[512];

	if (v->none)
		return 0;
	snprintf(sql, sizeof(sql), "%sWHERE ?1 OR state = 'open' ORDER BY id",
		quarantine_sql);
	struct sqlite3_stmt *row = view_prepare(v, sql, e);

	if (!row)
		return -1;
	view_bind_int(row, 1, all);
	return visit_lines(v, row, put_quarantine, visit, context, e);
}

enum ledger_find ledger_view_quarantined(struct ledger_view *v, int64_t id,
	struct buf *ret_json, struct buf *ret_raw_path, struct err *e)
{
	struct json j = {.out = ret_json};
	char sql[512];

	if (v->none)
		return LEDGER_FIND_NONE;
	snprintf(sql, sizeof(sql), "%sWHERE id = ?", quarantine_sql);
	struct sqlite3_stmt *row = db_query(&v->db, V_QUARANTINED, sql, e, "i", id);

	if (!row)
		return LEDGER_FIND_FAULT;
	switch (db_next(&v->db, row, e)) {
	case DB_FAULT:
		return LEDGER_FIND_FAULT;
	case DB_DONE:
		return LEDGER_FIND_NONE;
	case DB_ROW:
		break;
	}
	arena_reset(&v->arena);
	put_quarantine(v, &j, row);
	buf_printf(ret_raw_path, "%s/quarantine/%s", v->options.folder,
		db_text(&v->arena, row, 11));
	db_reset(row);
	return LEDGER_FIND_OK;
}
