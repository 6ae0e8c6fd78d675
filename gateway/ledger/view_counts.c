/* What waits, counted for whoever watches the gateway. */
#include "gateway/ledger/view.h"

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
