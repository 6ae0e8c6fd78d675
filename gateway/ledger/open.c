/* Opening the ledger: its schema brought forward, its sinks, and what a changed organ
 * table wakes (M6). Transactions. */
#include "gateway/ledger/internal.h"

#include <errno.h>
#include <openssl/evp.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "gateway/base/mem.h"
#include "gateway/base/text.h"

extern const char schema_ledger_001[], schema_ledger_002[], schema_ledger_003[],
	schema_ledger_004[], schema_ledger_005[], schema_ledger_006[],
	schema_ledger_007[], schema_ledger_008[], schema_ledger_009[];

/* Row n brings the schema from version n to n + 1. */
static const char *const migrations[] = {
	schema_ledger_001,
	schema_ledger_002,
	schema_ledger_003,
	schema_ledger_004,
	schema_ledger_005,
	schema_ledger_006,
	schema_ledger_007,
	schema_ledger_008,
	schema_ledger_009,
};
enum {
	SCHEMA_VERSION = sizeof(migrations) / sizeof(migrations[0]),
	APPLICATION_ID = 0x436f5661 /* "CoVa" */,
	BUSY_TIMEOUT_MS = 5000
};

static int read_pragma(
	struct ledger *l, const char *sql, int64_t *ret_value, struct err *e)
{
	sqlite3_stmt *row;

	if (sqlite3_prepare_v2(l->db.sqlite, sql, -1, &row, NULL) != SQLITE_OK)
		return db_fault(&l->db, "ledger", e);
	int step = sqlite3_step(row);

	*ret_value = step == SQLITE_ROW ? sqlite3_column_int64(row, 0) : 0;
	sqlite3_finalize(row);
	return step == SQLITE_ROW ? 0 : db_fault(&l->db, "ledger", e);
}

int ledger_schema_known(struct db *db, struct err *e)
{
	sqlite3_stmt *row;
	int64_t version = 0;

	if (sqlite3_prepare_v2(db->sqlite, "PRAGMA user_version", -1, &row, NULL) !=
		SQLITE_OK)
		return db_fault(db, "ledger", e);
	if (sqlite3_step(row) == SQLITE_ROW)
		version = sqlite3_column_int64(row, 0);
	sqlite3_finalize(row);
	if (version && version < SCHEMA_VERSION)
		return err_set(e, ERR_CONFIG,
			"made by an older version (schema %d); `congvan run`, or any "
			"command that writes, brings it to schema %d",
			(int)version, (int)SCHEMA_VERSION);
	return version <= SCHEMA_VERSION ? 0
					 : err_set(e, ERR_CONFIG,
						   "made by a newer version; this "
						   "program knows schema %d",
						   (int)SCHEMA_VERSION);
}

static int migrate(struct ledger *l, struct err *e)
{
	char pragma[96];
	int64_t version = 0, application = 0;

	if (read_pragma(l, "PRAGMA user_version", &version, e) != 0 ||
		read_pragma(l, "PRAGMA application_id", &application, e) != 0)
		return -1;
	if (version > SCHEMA_VERSION || (version > 0 && application != APPLICATION_ID))
		return err_set(e, ERR_CONFIG,
			"ledger.db: %s; this program knows schema %d",
			application != APPLICATION_ID ? "not a ledger of congvan"
						      : "made by a newer version",
			(int)SCHEMA_VERSION);
	for (; version < SCHEMA_VERSION; version++) {
		if (db_exec(&l->db, migrations[version], e) != 0)
			return -1;
		snprintf(pragma, sizeof(pragma),
			"PRAGMA user_version = %d; PRAGMA application_id = %d",
			(int)version + 1, APPLICATION_ID);
		if (db_exec(&l->db, pragma, e) != 0)
			return -1;
	}
	return 0;
}

static int meta_get(
	struct ledger *l, const char *key, const char **ret_value, struct err *e)
{
	struct sqlite3_stmt *row = db_query(&l->db, Q_META_GET,
		"SELECT value FROM meta WHERE key = ?", e, "t", key);

	*ret_value = NULL;
	if (!row)
		return -1;
	enum db_step step = db_next(&l->db, row, e);

	if (step == DB_ROW)
		*ret_value = db_text(&l->arena, row, 0);
	db_reset(row);
	return step == DB_FAULT ? -1 : 0;
}

static int meta_set(struct ledger *l, const char *key, const char *value, struct err *e)
{
	return db_run(&l->db, Q_META_SET,
		"INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", e, "tt", key,
		value);
}

int store_sink(struct ledger *l, const char *name, int64_t *ret_id, struct err *e)
{
	if (db_run(&l->db, Q_SINK_ADD, "INSERT OR IGNORE INTO sink (name) VALUES (?)",
		    e, "t", name) != 0)
		return -1;
	struct sqlite3_stmt *row = db_query(&l->db, Q_SINK_FIND,
		"SELECT id FROM sink WHERE name = ?", e, "t", name);

	if (!row || db_next(&l->db, row, e) != DB_ROW)
		return -1;
	*ret_id = db_int(row, 0);
	db_reset(row);
	return 0;
}

static int open_sinks(struct ledger *l, struct err *e)
{
	for (size_t i = 0; i < l->options.sinks_n; i++)
		if (store_sink(l, l->options.sinks[i], &l->sink_ids[i], e) != 0)
			return -1;
	return 0;
}

/* In event ids: two ledgers of one site never give the same. */
static int open_identity(struct ledger *l, struct err *e)
{
	const char *known;
	char fresh[16];

	if (meta_get(l, "identity", &known, e) != 0)
		return -1;
	if (!known) {
		unsigned int random;

		sqlite3_randomness(sizeof(random), &random);
		snprintf(fresh, sizeof(fresh), "%08x", random);
		if (meta_set(l, "identity", fresh, e) != 0 ||
			meta_set(l, "site", l->options.site, e) != 0)
			return -1;
		known = fresh;
	}
	l->identity = mem_dup(known);
	return 0;
}

/*
 * A table the ledger judges by is a fact: keep its fingerprint @now under @key, and
 * when an earlier one differs put the journal entry @name and say so. The first is no
 * change.
 */
static int take_table(struct ledger *l, const char *key, const char *name,
	const char *now, bool *ret_changed, struct err *e)
{
	const char *known;
	cleanup_buf struct buf data = {0};
	struct json j = {.out = &data};

	*ret_changed = false;
	if (meta_get(l, key, &known, e) != 0)
		return -1;
	if (known && strcmp(known, now) == 0)
		return 0;
	if (meta_set(l, key, now, e) != 0)
		return -1;
	if (!known)
		return 0;
	*ret_changed = true;
	json_open(&j, '{');
	json_put_text(&j, "from", known);
	json_put_text(&j, "to", now);
	json_close(&j, '}');
	return journal_add(l, &(struct journal_entry){.name = name, .data = &data}, e);
}

/* ---- The organ table is a fact too (M6) */

static void hash_list(
	struct buf *out, const char *word, const char *const *ids, size_t n)
{
	buf_printf(out, " %s", word);
	for (size_t i = 0; i < n; i++)
		buf_printf(out, " %s", ids[i]);
}

static const char *organs_fingerprint(struct ledger *l)
{
	const struct organ_table *table = l->options.organs;
	cleanup_buf struct buf text = {0};
	unsigned char hash[32];
	unsigned n = sizeof(hash);

	for (size_t i = 0; i < organ_table_size(table); i++) {
		const struct organ *o = organ_table_at(table, i);

		buf_printf(&text, "%s parent %s successor %s %d", o->id,
			o->parent ? o->parent : "-", o->successor ? o->successor : "-",
			o->successor ? (int)o->successor_from : 0);
		for (size_t k = 0; k < o->aliases_n; k++)
			buf_printf(&text, " alias %s %d %d", o->aliases[k].id,
				(int)o->aliases[k].from, (int)o->aliases[k].to);
		hash_list(&text, "answered_by", o->answered_by, o->answered_by_n);
		hash_list(&text, "receives_for", o->receives_for, o->receives_for_n);
		hash_list(&text, "issues_for", o->issues_for, o->issues_for_n);
		buf_add_char(&text, '\n');
	}
	EVP_Digest(buf_text(&text), text.n, hash, &n, EVP_sha256(), NULL);
	cleanup_buf struct buf hex = {0};

	for (size_t i = 0; i < sizeof(hash); i++)
		buf_printf(&hex, "%02x", hash[i]);
	return arena_dup(&l->arena, buf_text(&hex));
}

/* What waits for an original, and what was only a mention, may be more now. */
static const char find_unknown[] = "SELECT id FROM event WHERE outcome = ? UNION "
				   "SELECT event FROM link GROUP BY event "
				   "HAVING max(task) = 0 AND max(role = ?) ORDER BY 1";
/* So may be whatever names the document of an open task and is nothing to it yet: the
 * rest of a reply, a status or a citation of whom nobody knew. Amendments stay as they
 * were judged (B5). CROSS: few documents have open tasks, so they come first. */
static const char find_unlinked[] =
	"WITH open (document) AS (SELECT origin FROM task WHERE state < 2 "
	"UNION SELECT document FROM task WHERE state < 2) "
	"SELECT DISTINCT m.event FROM name n "
	"CROSS JOIN name m ON m.key = n.key AND m.role = ? AND m.event <> n.event "
	"CROSS JOIN event e ON e.id = m.event "
	"WHERE n.role = ? AND n.event IN open AND e.outcome = ? AND e.business = ? "
	"AND NOT EXISTS (SELECT 1 FROM link WHERE link.document = n.event "
	"AND link.task <> 0 AND link.event = m.event) ORDER BY 1";

static int add_waiting(
	struct ledger *l, struct sqlite3_stmt *row, id_list *waiting, struct err *e)
{
	enum db_step step;

	if (!row)
		return -1;
	while ((step = db_next(&l->db, row, e)) == DB_ROW)
		id_list_add(&l->arena, waiting, db_int(row, 0));
	return step == DB_DONE ? 0 : -1;
}

static int find_waiting(struct ledger *l, id_list *waiting, struct err *e)
{
	if (add_waiting(l,
		    db_query(&l->db, Q_EVENT_WAITING, find_unknown, e, "ii",
			    (int64_t)OUTCOME_PARKED, (int64_t)LINK_MENTION),
		    waiting, e) != 0)
		return -1;
	return add_waiting(l,
		db_query(&l->db, Q_EVENT_UNLINKED, find_unlinked, e, "iiii",
			(int64_t)NAME_MENTIONS, (int64_t)NAME_IS,
			(int64_t)OUTCOME_APPLIED, (int64_t)BUSINESS_NEW),
		waiting, e);
}

static int take_organs(struct ledger *l, struct err *e)
{
	struct work w = {.by_table = true};
	bool changed;

	if (take_table(l, "organs", "organs.changed", organs_fingerprint(l), &changed,
		    e) != 0)
		return -1;
	if (!changed)
		return 0;
	if (find_waiting(l, &w.mentioners, e) != 0)
		return -1;
	return judge_work(l, &w, e);
}

/* ---- The calendar too (D5) */

/* The years the calendar knows ahead; a deadline of another is flagged (D1). */
static const char *calendar_fingerprint(struct ledger *l)
{
	uint64_t hash = TEXT_HASH_SEED;

	for (day_t day = day_from(CALENDAR_FIRST_YEAR, 1, 1);
		day <= day_from(CALENDAR_LAST_YEAR, 12, 31); day++) {
		bool working = calendar_is_working(l->options.calendar, day);

		hash = text_hash(hash, &working, sizeof(working));
	}
	return arena_printf(&l->arena, "%016llx", (unsigned long long)hash);
}

/* Open tasks whose deadline was counted in working days. */
static int find_projected(struct ledger *l, struct work *w, struct err *e)
{
	enum db_step step;
	struct sqlite3_stmt *row = db_query(&l->db, Q_TASK_PROJECTED,
		"SELECT origin, id FROM task WHERE state < 2 AND (due_source IN (?, ?) "
		"OR "
		"proposed_due_on IS NOT NULL) ORDER BY id",
		e, "ii", (int64_t)DUE_FROM_TEXT, (int64_t)DUE_FROM_RULE);

	if (!row)
		return -1;
	while ((step = db_next(&l->db, row, e)) == DB_ROW) {
		id_list_add(&l->arena, &w->chains, db_int(row, 0));
		id_list_add(&l->arena, &w->tasks, db_int(row, 1));
	}
	return step == DB_DONE ? 0 : -1;
}

static int take_calendar(struct ledger *l, struct err *e)
{
	struct work w = {0};
	bool changed;

	if (take_table(l, "calendar", "calendar.changed", calendar_fingerprint(l),
		    &changed, e) != 0)
		return -1;
	if (!changed)
		return 0;
	if (find_projected(l, &w, e) != 0)
		return -1;
	return judge_work(l, &w, e);
}

/* ---- Transactions */

static int next_of(struct ledger *l, const char *sql, int64_t *ret_next, struct err *e)
{
	if (read_pragma(l, sql, ret_next, e) != 0)
		return -1;
	++*ret_next;
	return 0;
}

int ledger_recount(struct ledger *l, struct err *e)
{
	if (journal_open(l, e) != 0 ||
		next_of(l, "SELECT coalesce(max(id), 0) FROM event", &l->next_event,
			e) != 0)
		return -1;
	return next_of(l, "SELECT coalesce(max(id), 0) FROM task", &l->next_task, e);
}

int ledger_begin(struct ledger *l, struct err *e)
{
	int64_t version = 0;

	if (db_exec(&l->db, "BEGIN IMMEDIATE", e) != 0)
		return -1;
	l->in_transaction = true;
	l->rows_added = false;
	if (read_pragma(l, "PRAGMA data_version", &version, e) != 0)
		goto fault;
	if (version == l->data_version)
		return 0;
	store_drop_kept(l);
	if (ledger_recount(l, e) != 0)
		goto fault;
	l->data_version = version;
	return 0;
fault:
	ledger_rollback(l);
	return -1;
}

int ledger_commit(struct ledger *l, struct err *e)
{
	store_forget(l);
	if (journal_fill_outbox(l, e) != 0 || db_check_place(&l->db, e) != 0 ||
		db_exec(&l->db, "COMMIT", e) != 0) {
		ledger_rollback(l);
		return -1;
	}
	l->in_transaction = false;
	return 0;
}

void ledger_rollback(struct ledger *l)
{
	store_forget(l);
	store_drop_kept(l);
	if (l->in_transaction && !sqlite3_get_autocommit(l->db.sqlite))
		sqlite3_exec(l->db.sqlite, "ROLLBACK", NULL, NULL, NULL);
	organ_ids_forget(&l->organ_ids);
	l->untold.from = l->untold.to = 0;
	l->in_transaction = false;
	l->data_version = -1; /* the numbers we counted up are void */
}

static int prepare(struct ledger *l, struct err *e)
{
	static const char pragmas[] = "PRAGMA journal_mode = WAL;"
				      "PRAGMA synchronous = FULL;"
				      "PRAGMA wal_autocheckpoint = 20000;"
				      "PRAGMA journal_size_limit = 134217728;"
				      "PRAGMA cache_size = -131072;"
				      "PRAGMA secure_delete = OFF;"
				      "PRAGMA temp_store = MEMORY;";

	if (db_exec(&l->db, pragmas, e) != 0 ||
		db_exec(&l->db, "BEGIN IMMEDIATE", e) != 0)
		return -1;
	l->in_transaction = true;
	if (migrate(l, e) != 0 || open_sinks(l, e) != 0 || status_open(l, e) != 0 ||
		open_identity(l, e) != 0 || ledger_recount(l, e) != 0 ||
		take_calendar(l, e) != 0 || take_organs(l, e) != 0 ||
		status_settle(l, e) != 0) {
		ledger_rollback(l);
		return -1;
	}
	return ledger_commit(l, e);
}

int ledger_open(
	const struct ledger_options *options, struct ledger **ret_ledger, struct err *e)
{
	struct ledger *l = mem_alloc(sizeof(*l));
	cleanup_free char *path = NULL;

	l->options = *options;
	l->now = options->now ? options->now : clock_now();
	l->data_version = -1;
	l->digest = EVP_MD_CTX_new();
	if (options->sinks_n > sizeof(l->sink_ids) / sizeof(l->sink_ids[0])) {
		ledger_close(l);
		return err_set(e, ERR_CONFIG, "more than %zu sinks",
			sizeof(l->sink_ids) / sizeof(l->sink_ids[0]));
	}
	path = mem_alloc(strlen(options->folder) + sizeof("/ledger.db"));
	stpcpy(stpcpy(path, options->folder), "/ledger.db");
	if (mkdir(options->folder, 0700) != 0 && errno != EEXIST) {
		ledger_close(l);
		return err_errno(e, "%s", options->folder);
	}
	if (db_open(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
		    options->busy_timeout_ms ? options->busy_timeout_ms
					     : BUSY_TIMEOUT_MS,
		    &l->db, e) != 0 ||
		prepare(l, e) != 0) {
		ledger_close(l);
		return err_wrap(e, "%s", path);
	}
	*ret_ledger = l;
	return 0;
}

void ledger_close(struct ledger *l)
{
	if (!l)
		return;
	if (l->in_transaction)
		ledger_rollback(l);
	store_forget(l);
	store_drop_kept(l);
	db_close(&l->db);
	organ_ids_forget(&l->organ_ids);
	arena_deinit(&l->arena);
	free(l->status_sinks);
	EVP_MD_CTX_free(l->digest);
	free(l->identity);
	free(l);
}
