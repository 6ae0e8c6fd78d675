/*
 * INV-5: how rows leave the outbox. Confirmed ones are deleted; one that its receiver
 * refuses for good becomes a dead letter in the same transaction, so that an event is
 * at every moment either to be told, told, or in front of a person.
 */
#include "gateway/ledger/internal.h"

#include <sqlite3.h>

const char *const ledger_sink_words[4] = {
	[LEDGER_SINK_WORKING] = "working",
	[LEDGER_SINK_FAILING] = "failing",
	[LEDGER_SINK_SUSPENDED] = "suspended",
	[LEDGER_SINK_STOPPED] = "stopped",
};

bool ledger_has_rows(const struct ledger *l)
{
	return l->rows_added;
}

int ledger_told(struct ledger *l, const int64_t *outbox_ids, size_t n, struct err *e)
{
	for (size_t i = 0, next; i < n; i = next) {
		/* Confirmed in order, so mostly one run. */
		for (next = i + 1; next < n; next++)
			if (outbox_ids[next] != outbox_ids[next - 1] + 1)
				break;
		if (db_run(&l->db, Q_OUTBOX_DROP,
			    "DELETE FROM outbox WHERE id BETWEEN ? AND ?", e, "ii",
			    outbox_ids[i], outbox_ids[next - 1]) != 0)
			return -1;
	}
	return 0;
}

int ledger_not_told(struct ledger *l, const struct ledger_attempt *a, struct err *e)
{
	return db_run(&l->db, Q_OUTBOX_FAILED,
		"UPDATE outbox SET attempts = attempts + 1, last_error = ?, "
		"first_attempt_at = coalesce(first_attempt_at, ?), last_attempt_at = "
		"?, next_attempt_at = ? WHERE id = ?",
		e, "tiini", a->error, a->at, a->at, a->next_at, a->outbox_id);
}

int ledger_dead(struct ledger *l, int64_t outbox_id, msec_t at, const char *cause,
	struct err *e)
{
	if (db_run(&l->db, Q_OUTBOX_DIED,
		    "INSERT INTO dead_letter (sink, journal, state, attempts, at, "
		    "cause) "
		    "SELECT sink, journal, 'open', attempts + 1, ?, ? FROM outbox "
		    "WHERE id = ?",
		    e, "iti", at, cause, outbox_id) != 0)
		return -1;
	return ledger_told(l, &outbox_id, 1, e);
}

int ledger_known_as(struct ledger *l, const char *sink, const char *subject,
	const char *known_as, struct err *e)
{
	return db_run(&l->db, Q_KNOWN_AS,
		"INSERT OR REPLACE INTO known_as (sink, subject, known_as) "
		"SELECT id, ?, ? FROM sink WHERE name = ?",
		e, "ttt", subject, known_as, sink);
}

int ledger_sink_is(struct ledger *l, const char *sink, const struct ledger_sink *now,
	struct err *e)
{
	return db_run(&l->db, Q_SINK_STATE,
		"UPDATE sink SET state = ?, since = ?, next_at = ?, error = ?, config "
		"= ? WHERE name = ?",
		e, "tnnttt", ledger_sink_words[now->state], now->since, now->next_at,
		now->error, now->config, sink);
}

enum ledger_find ledger_sink_resume(struct ledger *l, const char *sink, struct err *e)
{
	if (db_run(&l->db, Q_SINK_RESUME,
		    "UPDATE sink SET state = 'working', since = NULL, error = NULL, "
		    "config = NULL WHERE name = ? AND state = 'stopped'",
		    e, "t", sink) != 0)
		return LEDGER_FIND_FAULT;
	return sqlite3_changes(l->db.sqlite) ? LEDGER_FIND_OK : LEDGER_FIND_NONE;
}

/* ---- Dead letters. */

/* Which ones: the id, 0 for any; the sink and the cause, NULL for any. */
#define CHOSEN                                                                         \
	"state = 'open' AND (?1 = 0 OR id = ?1) AND (?2 IS NULL OR sink = "            \
	"(SELECT id FROM sink WHERE name = ?2)) AND (?3 IS NULL OR cause = ?3)"

static int settle(struct ledger *l, const struct dead_filter *filter, const char *state,
	const char *by, const char *reason, int64_t *ret_n, struct err *e)
{
	if (db_run(&l->db, Q_DEAD_SETTLE,
		    "UPDATE dead_letter SET state = ?4, by = ?5, reason = ?6 "
		    "WHERE " CHOSEN,
		    e,
		    "itt"
		    "ttt",
		    filter->id, filter->sink, filter->cause, state, by, reason) != 0)
		return -1;
	*ret_n = sqlite3_changes(l->db.sqlite);
	return 0;
}

int ledger_dead_replay(struct ledger *l, const struct dead_filter *filter,
	int64_t *ret_n, struct err *e)
{
	if (db_run(&l->db, Q_DEAD_BACK,
		    "INSERT INTO outbox (sink, journal, again) SELECT sink, journal, 1 "
		    "FROM dead_letter WHERE " CHOSEN " ORDER BY id",
		    e, "itt", filter->id, filter->sink, filter->cause) != 0)
		return -1;
	l->rows_added = true;
	return settle(l, filter, "replayed", NULL, NULL, ret_n, e);
}

int ledger_dead_discard(struct ledger *l, const struct dead_filter *filter,
	const char *by, const char *reason, int64_t *ret_n, struct err *e)
{
	return settle(l, filter, "discarded", by, reason, ret_n, e);
}
