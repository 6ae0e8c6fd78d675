/* What waits, counted for whoever watches the gateway. */
#include "gateway/ledger/view.h"

#include <sqlite3.h>
#include <string.h>

/* Sinks without a row are counted too: nothing waits there. */
static const char waiting_sql[] =
	"SELECT s.name, w.n, j.at FROM sink s "
	"LEFT JOIN (SELECT sink, COUNT(*) AS n, MIN(id) AS first FROM outbox "
	"GROUP BY sink) w ON w.sink = s.id "
	"LEFT JOIN outbox o ON o.id = w.first "
	"LEFT JOIN journal j ON j.seq = o.journal ORDER BY s.id";

int ledger_view_waiting(
	struct ledger_view *v, waiting_visit visit, void *context, struct err *e)
{
	enum db_step step;
	int stop = 0;

	if (v->none)
		return 0;
	struct sqlite3_stmt *row = db_query(&v->db, V_WAITING, waiting_sql, e, "");

	if (!row)
		return -1;
	while (!stop && (step = db_next(&v->db, row, e)) == DB_ROW) {
		arena_reset(&v->arena);
		stop = visit(context, db_text(&v->arena, row, 0), db_int(row, 1),
			db_int_or(row, 2, MSEC_NONE));
	}
	if (stop)
		db_reset(row);
	return stop || step == DB_DONE ? 0 : -1;
}

int ledger_view_set_aside(struct ledger_view *v, int64_t *ret_parked,
	int64_t *ret_quarantined, struct err *e)
{
	*ret_parked = *ret_quarantined = 0;
	if (v->none)
		return 0;
	/* The outcome is written out, so that the index of just those serves. */
	struct sqlite3_stmt *row = db_query(&v->db, V_SET_ASIDE,
		"SELECT (SELECT COUNT(*) FROM event WHERE outcome = 3), "
		"(SELECT COUNT(*) FROM quarantine WHERE state = 'open')",
		e, "");

	if (!row || db_next(&v->db, row, e) != DB_ROW)
		return -1;
	*ret_parked = db_int(row, 0);
	*ret_quarantined = db_int(row, 1);
	db_reset(row);
	return 0;
}
_Static_assert(OUTCOME_PARKED == 3, "as in the query above and in schemas/ledger");
