/* The quarantine's acts (INV-6): try again with a mended configuration, or put away. */
#include "gateway/ledger/internal.h"

#include <string.h>

struct set_aside {
	int64_t event;
	msec_t at;
	bool open;
};

static int find_set_aside(
	struct ledger *l, int64_t id, struct set_aside *ret_found, struct err *e)
{
	struct sqlite3_stmt *row = db_query(&l->db, Q_QUARANTINE_GET,
		"SELECT event, at, state = 'open' FROM quarantine WHERE id = ?", e, "i",
		id);

	*ret_found = (struct set_aside){0};
	if (!row)
		return -1;
	enum db_step step = db_next(&l->db, row, e);

	if (step == DB_ROW) {
		ret_found->event = db_int(row, 0);
		ret_found->at = db_int(row, 1);
		ret_found->open = db_int(row, 2);
		db_reset(row);
	}
	return step == DB_FAULT ? -1 : 0;
}

static int save_state(struct ledger *l, int64_t id, const char *state, const char *by,
	const char *reason, struct err *e)
{
	return db_run(&l->db, Q_QUARANTINE_SAVE,
		"UPDATE quarantine SET state = ?, by = ?, reason = ? WHERE id = ?", e,
		"ttti", state, by, reason, id);
}

static struct ledger_answer stays(int64_t id, const struct arrival *a)
{
	return (struct ledger_answer){.outcome = OUTCOME_QUARANTINED,
		.quarantine = id,
		.error_code = a->error_code,
		.error_message = a->error_message,
		.error_line = a->error_line,
		.error_column = a->error_column};
}

int ledger_replay(struct ledger *l, int64_t id, const struct arrival *a,
	struct ledger_answer *ret_answer, struct err *e)
{
	struct ledger_answer answer;
	struct arrival again = *a;
	struct set_aside found;

	if (find_set_aside(l, id, &found, e) != 0)
		return -1;
	if (!found.open)
		return err_set(e, ERR_INPUT, "there is no open quarantined event %lld",
			(long long)id);
	if (!a->event || a->error_code) {
		*ret_answer = stays(id, a);
		return 0;
	}
	/* What is tried again must not be taken for a duplicate of itself. */
	if (journal_fill_outbox(l, e) != 0 ||
		db_exec(&l->db, "SAVEPOINT replay", e) != 0 ||
		db_run(&l->db, Q_NAME_DROP, "DELETE FROM name WHERE event = ?", e, "i",
			found.event) != 0)
		return -1;
	again.at = found.at;
	l->replayed_at = a->at;
	int result = ledger_apply(l, &again, &answer, e);

	l->replayed_at = 0;
	if (result != 0)
		return -1;
	if (answer.outcome == OUTCOME_QUARANTINED) {
		if (db_exec(&l->db, "ROLLBACK TO replay; RELEASE replay", e) != 0 ||
			ledger_recount(l, e) != 0)
			return -1;
		l->untold.from = l->untold.to = 0;
		store_unsee(l);
		store_drop_kept(l);
		answer.quarantine = id;
		*ret_answer = answer;
		return 0;
	}
	if (save_state(l, id, "replayed", NULL, NULL, e) != 0 ||
		db_exec(&l->db, "RELEASE replay", e) != 0)
		return -1;
	*ret_answer = answer;
	return 0;
}

enum ledger_find ledger_discard(struct ledger *l, int64_t id, const char *by,
	const char *reason, msec_t at, struct err *e)
{
	cleanup_buf struct buf data = {0};
	struct json j = {.out = &data};
	struct set_aside found;

	if (find_set_aside(l, id, &found, e) != 0)
		return LEDGER_FIND_FAULT;
	if (!found.open)
		return LEDGER_FIND_NONE;
	store_forget(l);
	l->now = at;
	json_open(&j, '{');
	json_put_int(&j, "quarantine", id);
	json_put_text(&j, "by", by);
	json_put_text(&j, "reason", reason);
	json_close(&j, '}');
	if (save_state(l, id, "discarded", by, reason, e) != 0 ||
		journal_add(l,
			&(struct journal_entry){.name = "quarantine.discarded",
				.event = found.event,
				.data = &data},
			e) != 0)
		return LEDGER_FIND_FAULT;
	return LEDGER_FIND_OK;
}
