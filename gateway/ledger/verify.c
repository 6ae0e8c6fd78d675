/* INV-2 to INV-5 over the whole ledger. One pass over the journal keeps, for each task,
 * where its last change stands; one pass over the tasks compares. */
#include "gateway/ledger/view.h"

#include <jansson.h>
#include <openssl/evp.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/base/mem.h"

enum { FAILURES_TOLD = 20 };

struct last_change {
	int64_t seq, revision;
	bool stands; /* there is a task row */
};

struct verifier {
	struct ledger_view *v;
	struct json *j; /* inside the list of failures */
	struct evp_md_ctx_st *digest;
	int failures;
	struct last_change *last; /* by task number */
	size_t last_n;
	int64_t outcomes[6];
	int64_t journal, tasks, outbox, dead;
};

static void fail(
	struct verifier *c, const char *invariant, const char *what, int64_t id)
{
	if (c->failures++ >= FAILURES_TOLD)
		return;
	json_open(c->j, '{');
	json_put_text(c->j, "invariant", invariant);
	json_put_text(c->j, "what", what);
	json_put_int(c->j, "id", id);
	json_close(c->j, '}');
}

/* Each row of @sql is a failure: its first column names it. */
static int fail_rows(struct verifier *c, const char *invariant, const char *what,
	const char *sql, struct err *e)
{
	struct sqlite3_stmt *row = view_prepare(c->v, sql, e);
	enum db_step step;

	if (!row)
		return -1;
	while ((step = db_next(&c->v->db, row, e)) == DB_ROW)
		fail(c, invariant, what, db_int(row, 0));
	view_finish(row);
	return step == DB_DONE ? 0 : -1;
}

static int count_outcomes(struct verifier *c, struct err *e)
{
	struct sqlite3_stmt *row = view_prepare(
		c->v, "SELECT outcome, count(*) FROM event GROUP BY outcome", e);
	enum db_step step;

	if (!row)
		return -1;
	while ((step = db_next(&c->v->db, row, e)) == DB_ROW) {
		int64_t outcome = db_int(row, 0);

		if (outcome < 0 || outcome > OUTCOME_RESTRICTED)
			fail(c, "INV-2", "events with an outcome that is none",
				outcome);
		else
			c->outcomes[outcome] = db_int(row, 1);
	}
	view_finish(row);
	return step == DB_DONE ? 0 : -1;
}

static const struct {
	const char *invariant, *what, *sql;
} row_checks[] = {
	{"INV-2", "a quarantined event without its quarantine entry",
		"SELECT e.id FROM event e LEFT JOIN quarantine q ON q.id = "
		"e.quarantine "
		"WHERE e.outcome = 4 AND q.id IS NULL"},
	{"INV-2", "a duplicate or conflict of nothing",
		"SELECT e.id FROM event e LEFT JOIN event f ON f.id = e.first "
		"WHERE e.outcome IN (1, 2) AND f.id IS NULL"},
	{"INV-2", "a restricted event that left something behind",
		"SELECT id FROM event WHERE outcome = 5 AND (body IS NOT NULL OR "
		"subject IS NOT "
		"NULL OR content IS NOT NULL)"},
	{"INV-3", "a document applied twice",
		"SELECT max(id) FROM event WHERE outcome IN (0, 3) AND kind = 0 AND "
		"business = 0 "
		"AND document_id IS NOT NULL GROUP BY issuer, document_id, stage "
		"HAVING count(*) > 1"},
	{"INV-4", "a task that stands on no document",
		"SELECT t.id FROM task t LEFT JOIN event e ON e.id = t.document "
		"LEFT JOIN event o ON o.id = t.origin WHERE e.id IS NULL OR o.id IS "
		"NULL"},
	{"INV-5", "an outbox row without its journal row or sink",
		"SELECT o.id FROM outbox o LEFT JOIN journal j ON j.seq = o.journal "
		"LEFT JOIN sink s ON s.id = o.sink WHERE j.seq IS NULL OR s.id IS "
		"NULL"},
	{"INV-5", "outbox rows of one task out of order",
		"SELECT id FROM (SELECT o.id, o.journal, lag(o.journal) OVER "
		"(PARTITION BY o.sink "
		"ORDER BY o.id) AS before FROM outbox o WHERE o.again = 0) WHERE "
		"before > journal"},
	{"INV-5", "a dead letter without its journal row or sink",
		"SELECT d.id FROM dead_letter d LEFT JOIN journal j ON j.seq = "
		"d.journal LEFT JOIN sink s ON s.id = d.sink WHERE j.seq IS NULL OR "
		"s.id IS NULL"},
	{"INV-5", "an event that is a dead letter and still to be told",
		"SELECT d.id FROM dead_letter d JOIN outbox o ON o.journal = d.journal "
		"AND o.sink = d.sink WHERE d.state = 'open'"},
	{"INV-5", "a status told that is not in the journal",
		"SELECT t.document FROM status_told t LEFT JOIN journal j ON j.seq = "
		"t.journal AND j.name = 'document.status' AND j.event = t.document "
		"WHERE t.journal IS NOT NULL AND j.seq IS NULL"},
	{"INV-5", "a status in the journal that was not remembered as told",
		"SELECT j.seq FROM journal j LEFT JOIN status_told t ON t.document = "
		"j.event AND t.journal = j.seq WHERE j.name = 'document.status' AND "
		"t.journal IS NULL"},
	{"INV-5", "a status told after the last there can be",
		"SELECT t.document FROM status_told t JOIN status_told last ON "
		"last.document = t.document AND last.sink = t.sink AND last.organ = "
		"t.organ AND last.code IN (2, 6) WHERE t.journal > last.journal"},
};

static int64_t revision_of(const char *data)
{
	json_t *task = json_loads(data, 0, NULL);
	int64_t revision = json_integer_value(json_object_get(task, "revision"));

	json_decref(task);
	return revision;
}

static void note_change(struct verifier *c, int64_t task, int64_t seq, const char *data)
{
	int64_t revision = revision_of(data);

	if ((size_t)task >= c->last_n) {
		size_t more = (size_t)task * 2 + 64;

		c->last = mem_resize(c->last, more * sizeof(*c->last));
		memset(c->last + c->last_n, 0, (more - c->last_n) * sizeof(*c->last));
		c->last_n = more;
	}
	if (revision != c->last[task].revision + 1)
		fail(c, "INV-4", "a task's revisions in the journal do not follow on",
			task);
	c->last[task] = (struct last_change){seq, revision, false};
}

static int walk_journal(struct verifier *c, struct err *e)
{
	struct sqlite3_stmt *row = view_prepare(c->v,
		"SELECT seq, at, event, task, name, subject, organ, data, hash FROM "
		"journal "
		"ORDER BY seq",
		e);
	unsigned char before[32] = {0}, hash[32];
	enum db_step step;

	if (!row)
		return -1;
	while ((step = db_next(&c->v->db, row, e)) == DB_ROW) {
		int64_t seq = db_int(row, 0), task = db_int(row, 3);
		const char *data, *stored;
		size_t n;

		arena_reset(&c->v->arena);
		data = db_text(&c->v->arena, row, 7);
		stored = db_blob(row, 8, &n);
		journal_hash(c->digest, before, seq, db_int(row, 1), db_int(row, 2),
			task, db_text(&c->v->arena, row, 4),
			db_text(&c->v->arena, row, 5), db_text(&c->v->arena, row, 6),
			data, strlen(data), hash);
		if (n != sizeof(hash) || memcmp(stored, hash, n) != 0)
			fail(c, "INV-4", "the journal's chain is broken", seq);
		if (n == sizeof(hash))
			memcpy(before, stored, n);
		if (seq != ++c->journal)
			fail(c, "INV-4", "the journal has a gap", seq);
		c->journal = seq;
		if (task > 0)
			note_change(c, task, seq, data);
	}
	view_finish(row);
	return step == DB_DONE ? 0 : -1;
}

/* The members that are state; texts of documents may gain from a second carrier. */
static bool same_task(json_t *a, json_t *b)
{
	static const char *const members[] = {"id", "kind", "parent", "lead",
		"coordinating", "due_on", "due_source", "due_flags", "proposed_due_on",
		"state", "revision", "flags", "completed_on"};
	json_t *closed_a = json_object_get(a, "closed_by");
	json_t *closed_b = json_object_get(b, "closed_by");

	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		if (!json_equal(json_object_get(a, members[i]),
			    json_object_get(b, members[i])))
			return false;
	return json_integer_value(
		       json_object_get(json_object_get(a, "document"), "id")) ==
		       json_integer_value(
			       json_object_get(json_object_get(b, "document"), "id")) &&
	       json_integer_value(json_object_get(closed_a, "document")) ==
		       json_integer_value(json_object_get(closed_b, "document"));
}

static int compare_task(struct verifier *c, const struct task_row *t, struct err *e)
{
	int64_t id = t->task.id;

	if ((size_t)id >= c->last_n || !c->last[id].seq) {
		fail(c, "INV-4", "a task the journal does not know", id);
		return 0;
	}
	c->last[id].stands = true;
	struct sqlite3_stmt *row = db_query(&c->v->db, V_JOURNAL_ROW,
		"SELECT data FROM journal WHERE seq = ?", e, "i", c->last[id].seq);

	if (!row || db_next(&c->v->db, row, e) != DB_ROW)
		return -1;
	json_t *told = json_loads(db_text(&c->v->arena, row, 0), 0, NULL);
	const char *timely = json_string_value(json_object_get(told, "timeliness"));
	bool overdue =
		timely && strcmp(timely, timeliness_words[TIMELINESS_OVERDUE]) == 0;
	cleanup_buf struct buf text = {0};
	struct json j = {.out = &text};

	db_reset(row);
	task_json_write(&j, &t->task, overdue ? TIMELINESS_OVERDUE : TIMELINESS_NONE);
	json_t *stands = json_loads(buf_text(&text), 0, NULL);

	if (!same_task(told, stands))
		fail(c, "INV-4", "a task differs from its last change in the journal",
			id);
	json_decref(told);
	json_decref(stands);
	return 0;
}

static int walk_tasks(struct verifier *c, struct err *e)
{
	struct arena rows = {0};
	const char *sql = arena_printf(&rows, "%sORDER BY t.id", store_task_select);
	struct sqlite3_stmt *row = view_prepare(c->v, sql, e);
	enum db_step step = DB_FAULT;
	int result = row ? 0 : -1;

	while (result == 0 && (step = db_next(&c->v->db, row, e)) == DB_ROW) {
		struct task_row t = {0};

		arena_reset(&c->v->arena);
		store_task_read(&c->v->arena, c->v->options.organs, row, &t);
		c->tasks++;
		result = compare_task(c, &t, e);
	}
	view_finish(row);
	arena_deinit(&rows);
	for (size_t id = 0; result == 0 && id < c->last_n; id++)
		if (c->last[id].seq && !c->last[id].stands)
			fail(c, "INV-4", "a task of the journal that is gone",
				(int64_t)id);
	return result == 0 && step == DB_DONE ? 0 : -1;
}

static void put_counts(struct verifier *c)
{
	json_close(c->j, ']');
	json_key(c->j, "outcomes");
	json_open(c->j, '{');
	for (size_t i = 0; i < sizeof(c->outcomes) / sizeof(c->outcomes[0]); i++)
		json_put_int(c->j, outcome_words[i], c->outcomes[i]);
	json_close(c->j, '}');
	json_put_int(c->j, "journal", c->journal);
	json_put_int(c->j, "tasks", c->tasks);
	json_put_int(c->j, "outbox", c->outbox);
	json_put_int(c->j, "dead_letters", c->dead);
	json_put_int(c->j, "failed", c->failures);
	json_close(c->j, '}');
}

static int count_outbox(struct verifier *c, struct err *e)
{
	struct sqlite3_stmt *row = view_prepare(c->v,
		"SELECT count(*), (SELECT count(*) FROM dead_letter WHERE state = "
		"'open') FROM outbox",
		e);

	if (!row || db_next(&c->v->db, row, e) != DB_ROW)
		return -1;
	c->outbox = db_int(row, 0);
	c->dead = db_int(row, 1);
	view_finish(row);
	return 0;
}

int ledger_view_verify(
	struct ledger_view *v, struct buf *ret_json, int *ret_failures, struct err *e)
{
	struct json j = {.out = ret_json};
	struct verifier c = {.v = v, .j = &j, .digest = EVP_MD_CTX_new()};
	int result = 0;

	json_open(&j, '{');
	json_key(&j, "failures");
	json_open(&j, '[');
	if (!v->none) {
		/* One snapshot for all checks, whatever the gateway writes meanwhile.
		 */
		result = db_exec(&v->db, "BEGIN", e);
		if (result == 0)
			result = count_outcomes(&c, e);
		for (size_t i = 0;
			result == 0 && i < sizeof(row_checks) / sizeof(row_checks[0]);
			i++)
			result = fail_rows(&c, row_checks[i].invariant,
				row_checks[i].what, row_checks[i].sql, e);
		if (result == 0)
			result = walk_journal(&c, e) || walk_tasks(&c, e) ||
						 count_outbox(&c, e)
					 ? -1
					 : 0;
		sqlite3_exec(v->db.sqlite, "COMMIT", NULL, NULL, NULL);
	}
	put_counts(&c);
	free(c.last);
	EVP_MD_CTX_free(c.digest);
	*ret_failures = c.failures;
	return result;
}
