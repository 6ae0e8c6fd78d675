/* How far each source has come, kept in the transaction of the events it gave. */
#include "gateway/ledger/internal.h"

int ledger_cursor_set(struct ledger *l, const char *adapter, const char *cursor,
	msec_t at, struct err *e)
{
	return db_run(&l->db, Q_CURSOR_SET,
		"INSERT OR REPLACE INTO source_cursor (adapter, cursor, at) "
		"VALUES (?, ?, ?)",
		e, "tti", adapter, cursor, (int64_t)at);
}

int ledger_cursor_get(
	struct ledger *l, const char *adapter, struct buf *ret_cursor, struct err *e)
{
	struct sqlite3_stmt *row = db_query(&l->db, Q_CURSOR_GET,
		"SELECT cursor FROM source_cursor WHERE adapter = ?", e, "t", adapter);

	if (!row)
		return -1;
	enum db_step step = db_next(&l->db, row, e);

	if (step == DB_ROW)
		buf_add_text(ret_cursor, db_peek(row, 0));
	db_reset(row);
	return step == DB_FAULT ? -1 : 0;
}
