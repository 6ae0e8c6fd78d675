/* Reading beside the writer: the connection, the sinks, copies. */
#include "gateway/ledger/view.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gateway/base/mem.h"
#include "gateway/base/text.h"

static int read_identity(struct ledger_view *v, struct err *e)
{
	struct sqlite3_stmt *row = db_query(
		&v->db, V_META, "SELECT value FROM meta WHERE key = 'identity'", e, "");

	if (!row || db_next(&v->db, row, e) != DB_ROW)
		return -1;
	v->identity = mem_dup(db_text(&v->arena, row, 0));
	db_reset(row);
	return 0;
}

/* A file without a table is a ledger that another process is just making. */
static int is_empty(struct ledger_view *v, bool *ret_empty, struct err *e)
{
	sqlite3_stmt *row = view_prepare(v, "SELECT 1 FROM sqlite_schema LIMIT 1", e);

	if (!row)
		return -1;
	enum db_step step = db_next(&v->db, row, e);

	*ret_empty = step == DB_DONE;
	view_finish(row);
	return step == DB_FAULT ? -1 : 0;
}

int ledger_view_open(const struct ledger_options *options,
	struct ledger_view **ret_view, struct err *e)
{
	struct ledger_view *v = mem_alloc(sizeof(*v));
	cleanup_free char *path =
		mem_alloc(strlen(options->folder) + sizeof("/ledger.db"));

	stpcpy(stpcpy(path, options->folder), "/ledger.db");
	v->options = *options;
	if (access(path, F_OK) != 0 && errno == ENOENT) {
		v->none = true;
		*ret_view = v;
		return 0;
	}
	/* Not read-only: reading a WAL needs its shared memory; nothing is ever
	 * written. */
	if (db_open(path, SQLITE_OPEN_READWRITE, 5000, &v->db, e) != 0 ||
		db_exec(&v->db, "PRAGMA query_only = ON", e) != 0 ||
		is_empty(v, &v->none, e) != 0 || ledger_schema_known(&v->db, e) != 0 ||
		(!v->none && read_identity(v, e) != 0)) {
		ledger_view_close(v);
		return err_wrap(e, "%s", path);
	}
	if (v->none)
		db_close(&v->db);
	*ret_view = v;
	return 0;
}

void ledger_view_close(struct ledger_view *v)
{
	if (!v)
		return;
	db_close(&v->db);
	arena_deinit(&v->arena);
	free(v->identity);
	free(v);
}

struct sqlite3_stmt *view_prepare(struct ledger_view *v, const char *sql, struct err *e)
{
	sqlite3_stmt *stmt = NULL;

	if (sqlite3_prepare_v2(v->db.sqlite, sql, -1, &stmt, NULL) == SQLITE_OK)
		return stmt;
	db_fault(&v->db, "ledger", e);
	return NULL;
}

int view_bind_int(struct sqlite3_stmt *stmt, int at, int64_t value)
{
	return sqlite3_bind_int64(stmt, at, value);
}

void view_finish(struct sqlite3_stmt *stmt)
{
	sqlite3_finalize(stmt);
}

enum timeliness view_timeliness(
	struct ledger_view *v, const struct task *task, msec_t now)
{
	return timeliness_of(task, now, v->options.calendar,
		policy_today(&v->db, V_ADAPTER, &v->options, task->id)->due_soon_days);
}

int ledger_view_version(struct ledger_view *v, int64_t *ret_version, struct err *e)
{
	*ret_version = 0;
	if (v->none)
		return 0;
	struct sqlite3_stmt *row =
		db_query(&v->db, V_VERSION, "PRAGMA data_version", e, "");

	if (!row || db_next(&v->db, row, e) != DB_ROW)
		return -1;
	*ret_version = db_int(row, 0);
	db_reset(row);
	return 0;
}

int ledger_view_sinks(struct ledger_view *v,
	int (*visit)(void *context, const char *sink), void *context, struct err *e)
{
	LIST_OF(const char *) names = {0};
	enum db_step step;

	if (v->none)
		return 0;
	struct sqlite3_stmt *row =
		db_query(&v->db, V_SINKS, "SELECT name FROM sink ORDER BY id", e, "");
	struct arena arena = {0};
	int stop = 0;

	if (!row)
		return -1;
	while ((step = db_next(&v->db, row, e)) == DB_ROW)
		*LIST_ADD(&arena, &names) = db_text(&arena, row, 0);
	for (size_t i = 0; i < names.n && !stop; i++)
		stop = visit(context, names.at[i]);
	arena_deinit(&arena);
	return step == DB_DONE && !stop ? 0 : -1;
}

/* A copy is another ledger: were it to go on under the same name, its events would bear
 * ids that the original has given already, and receivers would drop them. */
static int rename_copy(sqlite3 *copy)
{
	return sqlite3_exec(copy,
		"UPDATE meta SET value = lower(hex(randomblob(4))) WHERE key = "
		"'identity'",
		NULL, NULL, NULL);
}

int ledger_view_backup(struct ledger_view *v, const char *file, struct err *e)
{
	sqlite3 *copy = NULL;

	if (v->none)
		return err_set(e, ERR_INPUT, "there is no ledger to copy yet");
	if (access(file, F_OK) == 0)
		return err_set(e, ERR_INPUT, "%s: exists already", file);
	if (sqlite3_open(file, &copy) != SQLITE_OK) {
		sqlite3_close(copy);
		return err_set(e, ERR_IO, "%s: cannot be written", file);
	}
	sqlite3_backup *backup =
		sqlite3_backup_init(copy, "main", v->db.sqlite, "main");
	int step = backup ? sqlite3_backup_step(backup, -1) : SQLITE_ERROR;

	if (backup)
		sqlite3_backup_finish(backup);
	if (step == SQLITE_DONE && rename_copy(copy) != SQLITE_OK)
		step = SQLITE_IOERR;
	sqlite3_close(copy);
	if (step == SQLITE_DONE)
		return 0;
	unlink(file);
	return err_set(e, ERR_IO, "%s: %s", file, sqlite3_errstr(step));
}
