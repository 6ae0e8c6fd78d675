/* What a document's issuer was told of it, as `explain` shows it: for whom, which code,
 * when, and whether it has left. */
#include "gateway/ledger/view.h"

int view_put_statuses(
	struct ledger_view *v, struct json *j, int64_t document, struct err *e)
{
	enum db_step step;
	struct sqlite3_stmt *row = db_query(&v->db, V_STATUSES,
		"SELECT t.organ, t.code, s.name, j.at, EXISTS (SELECT 1 FROM outbox o "
		"WHERE o.journal = t.journal AND o.sink = t.sink) FROM status_told t "
		"JOIN sink s ON s.id = t.sink LEFT JOIN journal j ON j.seq = t.journal "
		"WHERE t.document = ? ORDER BY t.organ, t.journal",
		e, "i", document);

	if (!row)
		return -1;
	json_key(j, "statuses");
	json_open(j, '[');
	while ((step = db_next(&v->db, row, e)) == DB_ROW) {
		char at[INSTANT_TEXT];

		json_open(j, '{');
		json_put_text(j, "organ", db_text(&v->arena, row, 0));
		json_put_int(j, "status", db_int(row, 1));
		json_put_text(j, "sink", db_text(&v->arena, row, 2));
		json_put_text(j, "at", instant_text(db_int_or(row, 3, MSEC_NONE), at));
		json_key(j, "waits");
		json_bool(j, db_int(row, 4) != 0);
		json_close(j, '}');
	}
	json_close(j, ']');
	return step == DB_DONE ? 0 : -1;
}
