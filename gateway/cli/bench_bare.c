#include "gateway/cli/bench_bare.h"

#include <sqlite3.h>
#include <stdlib.h>

#include "gateway/base/arena.h"
#include "gateway/base/buf.h"
#include "gateway/base/mem.h"

enum { COLUMNS_MAX = 32, TABLES_MAX = 8 };

const struct bare_table bare_ledger_tables[] = {
	{"organ", "SELECT ?1, * FROM organ ORDER BY id"},
	{"event", "SELECT id, * FROM event WHERE id > ?1 ORDER BY id"},
	{"name", "SELECT event, * FROM name WHERE event > ?1 ORDER BY event"},
	{"task", "SELECT origin, * FROM task WHERE origin > ?1 ORDER BY origin, id"},
	{"link", "SELECT event, * FROM link WHERE event > ?1 ORDER BY event"},
	{"journal", "SELECT event, * FROM journal WHERE event > ?1 ORDER BY seq"},
	{"outbox", "SELECT j.event, o.* FROM outbox o JOIN journal j ON j.seq = "
		   "o.journal WHERE j.event > ?1 ORDER BY o.id"},
};
const size_t bare_ledger_tables_n =
	sizeof(bare_ledger_tables) / sizeof(bare_ledger_tables[0]);

struct bare_row {
	int64_t document;
	sqlite3_value **values;
};

struct bare_rows {
	struct arena arena;
	size_t tables_n, dropped;
	struct {
		LIST_OF(struct bare_row) rows;
		size_t next;
		int columns;
	} tables[TABLES_MAX];
};

struct bare_db {
	sqlite3 *sqlite;
	size_t tables_n;
	sqlite3_stmt *inserts[TABLES_MAX], *drop;
};

static int fault(sqlite3 *db, const char *what, struct err *e)
{
	return err_set(
		e, ERR_IO, "%s: %s", what, db ? sqlite3_errmsg(db) : "no memory");
}

static int run(sqlite3 *db, const char *sql, struct err *e)
{
	return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK ? 0
								    : fault(db, sql, e);
}

/* ---- Reading what the gateway wrote. */

static int read_table(struct bare_rows *rows, size_t at, sqlite3 *db,
	const struct bare_table *table, int64_t after, struct err *e)
{
	sqlite3_stmt *row;
	int step;

	if (sqlite3_prepare_v2(db, table->select, -1, &row, NULL) != SQLITE_OK)
		return fault(db, table->name, e);
	sqlite3_bind_int64(row, 1, after);
	rows->tables[at].columns = sqlite3_column_count(row) - 1;
	while ((step = sqlite3_step(row)) == SQLITE_ROW) {
		struct bare_row *kept = LIST_ADD(&rows->arena, &rows->tables[at].rows);
		size_t columns = (size_t)rows->tables[at].columns;

		kept->document = sqlite3_column_int64(row, 0);
		kept->values =
			arena_alloc(&rows->arena, columns * sizeof(*kept->values));
		for (size_t i = 0; i < columns; i++)
			kept->values[i] = sqlite3_value_dup(
				sqlite3_column_value(row, (int)i + 1));
	}
	sqlite3_finalize(row);
	return step == SQLITE_DONE ? 0 : fault(db, table->name, e);
}

int bare_rows_read(const char *path, const struct bare_table *tables, size_t n,
	int64_t after, struct bare_rows **ret_rows, struct err *e)
{
	struct bare_rows *rows = mem_alloc(sizeof(*rows));
	sqlite3 *db = NULL;
	int result = 0;

	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK)
		result = fault(db, path, e);
	rows->tables_n = n;
	for (size_t i = 0; i < n && result == 0; i++)
		result = read_table(rows, i, db, &tables[i], after, e);
	sqlite3_close(db);
	if (result == 0)
		*ret_rows = rows;
	else
		bare_rows_free(rows);
	return result;
}

void bare_rows_free(struct bare_rows *rows)
{
	for (size_t t = 0; rows && t < rows->tables_n; t++) {
		for (size_t i = 0; i < rows->tables[t].rows.n; i++)
			for (int k = 0; k < rows->tables[t].columns; k++)
				sqlite3_value_free(
					rows->tables[t].rows.at[i].values[k]);
	}
	if (rows)
		arena_deinit(&rows->arena);
	free(rows);
}

/* ---- Writing it again. */

static int prepare_insert(
	struct bare_db *db, size_t at, const struct bare_table *table, struct err *e)
{
	cleanup_buf struct buf sql = {0};
	sqlite3_stmt *row;

	buf_printf(&sql, "SELECT * FROM %s", table->name);
	if (sqlite3_prepare_v2(db->sqlite, buf_text(&sql), -1, &row, NULL) != SQLITE_OK)
		return fault(db->sqlite, table->name, e);
	int columns = sqlite3_column_count(row);

	sqlite3_finalize(row);
	buf_reset(&sql);
	buf_printf(&sql, "INSERT OR IGNORE INTO %s VALUES (", table->name);
	for (int i = 0; i < columns; i++)
		buf_add_text(&sql, i ? ", ?" : "?");
	buf_add_char(&sql, ')');
	if (sqlite3_prepare_v3(db->sqlite, buf_text(&sql), -1,
		    SQLITE_PREPARE_PERSISTENT, &db->inserts[at], NULL) != SQLITE_OK)
		return fault(db->sqlite, table->name, e);
	return 0;
}

/* The settings of gateway/ledger/open.c. */
static const char settings[] = "PRAGMA journal_mode = WAL;"
			       "PRAGMA synchronous = FULL;"
			       "PRAGMA wal_autocheckpoint = 20000;"
			       "PRAGMA journal_size_limit = 134217728;"
			       "PRAGMA cache_size = -131072;"
			       "PRAGMA secure_delete = OFF;"
			       "PRAGMA temp_store = MEMORY;";

int bare_open(const char *path, const struct bare_table *tables, size_t n,
	struct bare_db **ret_db, struct err *e)
{
	struct bare_db *db = mem_alloc(sizeof(*db));
	int result = 0;

	db->tables_n = n;
	if (sqlite3_open_v2(path, &db->sqlite,
		    SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
		result = fault(db->sqlite, path, e);
	if (result == 0)
		result = run(db->sqlite, settings, e);
	for (size_t i = 0; i < n && result == 0; i++)
		result = prepare_insert(db, i, &tables[i], e);
	if (result == 0)
		*ret_db = db;
	else
		bare_close(db);
	return result;
}

void bare_close(struct bare_db *db)
{
	for (size_t i = 0; db && i < db->tables_n; i++)
		sqlite3_finalize(db->inserts[i]);
	if (db) {
		sqlite3_finalize(db->drop);
		sqlite3_close(db->sqlite);
	}
	free(db);
}

int bare_begin(struct bare_db *db, struct err *e)
{
	return run(db->sqlite, "BEGIN IMMEDIATE", e);
}

int bare_commit(struct bare_db *db, struct err *e)
{
	return run(db->sqlite, "COMMIT", e);
}

static int insert_row(sqlite3_stmt *insert, const struct bare_row *row, int columns)
{
	for (int i = 0; i < columns; i++)
		sqlite3_bind_value(insert, i + 1, row->values[i]);
	int step = sqlite3_step(insert);

	sqlite3_reset(insert);
	return step == SQLITE_DONE ? 0 : -1;
}

int bare_insert(struct bare_db *db, struct bare_rows *rows, int64_t upto, struct err *e)
{
	for (size_t t = 0; t < rows->tables_n; t++) {
		size_t *next = &rows->tables[t].next;

		for (; *next < rows->tables[t].rows.n; ++*next) {
			const struct bare_row *row = &rows->tables[t].rows.at[*next];

			if (row->document > upto)
				break;
			if (insert_row(db->inserts[t], row, rows->tables[t].columns))
				return fault(db->sqlite, "insert", e);
		}
	}
	return 0;
}

int bare_drop_outbox(
	struct bare_db *db, struct bare_rows *rows, int64_t upto, struct err *e)
{
	size_t last = rows->tables_n - 1; /* the outbox is the last table */

	if (!db->drop &&
		sqlite3_prepare_v3(db->sqlite, "DELETE FROM outbox WHERE id = ?", -1,
			SQLITE_PREPARE_PERSISTENT, &db->drop, NULL) != SQLITE_OK)
		return fault(db->sqlite, "outbox", e);
	for (; rows->dropped < rows->tables[last].rows.n; rows->dropped++) {
		const struct bare_row *row = &rows->tables[last].rows.at[rows->dropped];

		if (row->document > upto)
			break;
		sqlite3_bind_value(db->drop, 1, row->values[0]);
		if (sqlite3_step(db->drop) != SQLITE_DONE)
			return fault(db->sqlite, "outbox", e);
		sqlite3_reset(db->drop);
	}
	return 0;
}
