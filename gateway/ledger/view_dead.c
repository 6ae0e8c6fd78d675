/* Dead letters: what a receiver refused for good, one JSON object each. */
#include "gateway/ledger/view.h"

#include <string.h>

static const char dead_sql[] =
	"SELECT d.id, d.state, s.name, d.journal, j.name, j.subject, j.at, d.at, "
	"d.attempts, d.cause, d.by, d.reason, j.data FROM dead_letter d "
	"JOIN sink s ON s.id = d.sink JOIN journal j ON j.seq = d.journal "
	"WHERE (?1 = 0 OR d.id = ?1) AND (?2 IS NULL OR s.name = ?2) AND "
	"(?3 IS NULL OR d.cause = ?3) AND (?4 = 1 OR d.state = 'open') ORDER BY d.id";

static void put_row(
	struct ledger_view *v, struct sqlite3_stmt *row, bool whole, struct buf *out)
{
	struct json j = {.out = out};
	char at[INSTANT_TEXT];
	const char *data = db_text(&v->arena, row, 12);

	json_open(&j, '{');
	json_put_int(&j, "id", db_int(row, 0));
	json_put_text(&j, "state", db_text(&v->arena, row, 1));
	json_put_text(&j, "sink", db_text(&v->arena, row, 2));
	json_put_text(&j, "event_id", view_event_id(v, db_int(row, 3)));
	json_put_text(&j, "name", db_text(&v->arena, row, 4));
	json_put_text(&j, "subject", db_text(&v->arena, row, 5));
	json_put_text(&j, "since", instant_text(db_int(row, 6), at));
	json_put_text(&j, "died_at", instant_text(db_int(row, 7), at));
	json_put_int(&j, "attempts", db_int(row, 8));
	json_put_text(&j, "cause", db_text(&v->arena, row, 9));
	json_put_text(&j, "by", db_text(&v->arena, row, 10));
	json_put_text(&j, "reason", db_text(&v->arena, row, 11));
	if (whole) {
		json_key(&j, "data");
		json_raw(&j, data, strlen(data));
	}
	json_close(&j, '}');
}

int ledger_view_dead(struct ledger_view *v, const struct dead_filter *filter,
	bool whole, line_visit visit, void *context, struct err *e)
{
	cleanup_buf struct buf line = {0};
	enum db_step step;

	if (v->none)
		return 0;
	struct sqlite3_stmt *row = db_query(&v->db, V_DEAD, dead_sql, e, "itti",
		filter->id, filter->sink, filter->cause, (int64_t)filter->all);

	if (!row)
		return -1;
	while ((step = db_next(&v->db, row, e)) == DB_ROW) {
		arena_reset(&v->arena);
		buf_reset(&line);
		put_row(v, row, whole, &line);
		if (visit(context, &line) != 0) {
			db_reset(row);
			return 0;
		}
	}
	return step == DB_DONE ? 0 : -1;
}
