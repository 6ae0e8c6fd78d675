#include "gateway/ledger/db.h"

#include <sqlite3.h>
#include <stdarg.h>
#include <string.h>

#include "gateway/base/day.h"

int db_fault(struct db *db, const char *what, struct err *e)
{
	int code = sqlite3_extended_errcode(db->sqlite);
	enum err_code who = ERR_BUG;

	switch (code & 0xff) {
	case SQLITE_FULL:
	case SQLITE_IOERR:
	case SQLITE_NOMEM:
	case SQLITE_CANTOPEN:
	case SQLITE_READONLY:
	case SQLITE_PERM:
		who = ERR_IO;
		break;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		who = ERR_UNAVAILABLE;
		break;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		who = ERR_CONFIG;
		break;
	default:
		break;
	}
	return err_set(e, who, "%s: %s", what, sqlite3_errmsg(db->sqlite));
}

int db_open(const char *path, int flags, int busy_timeout_ms, struct db *ret_db,
	struct err *e)
{
	struct db db = {0};

	/* Nobody reads SQLite's memory statistics, and keeping them takes a lock that
	 * all threads share. Refused, and without effect, once SQLite is in use. */
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	int code = sqlite3_open_v2(path, &db.sqlite, flags | SQLITE_OPEN_NOMUTEX, NULL);

	if (code != SQLITE_OK) {
		if (db.sqlite)
			db_fault(&db, path, e);
		else
			err_set(e, ERR_IO, "%s: cannot be opened", path);
		sqlite3_close(db.sqlite);
		return -1;
	}
	sqlite3_extended_result_codes(db.sqlite, 1);
	sqlite3_busy_timeout(db.sqlite, busy_timeout_ms);
	*ret_db = db;
	return 0;
}

int db_check_place(struct db *db, struct err *e)
{
	int moved = 0;

	sqlite3_file_control(db->sqlite, "main", SQLITE_FCNTL_HAS_MOVED, &moved);
	return moved ? err_set(e, ERR_IO, "deleted, moved or replaced while in use")
		     : 0;
}

void db_close(struct db *db)
{
	for (size_t i = 0; i < sizeof(db->kept) / sizeof(db->kept[0]); i++)
		sqlite3_finalize(db->kept[i]);
	sqlite3_close(db->sqlite);
	*db = (struct db){0};
}

int db_exec(struct db *db, const char *sql, struct err *e)
{
	return sqlite3_exec(db->sqlite, sql, NULL, NULL, NULL) == SQLITE_OK
		       ? 0
		       : db_fault(db, "ledger", e);
}

static int bind_one(sqlite3_stmt *stmt, int at, char kind, va_list *args)
{
	const void *bytes;
	int64_t value;
	day_t day;

	switch (kind) {
	case 'i':
		return sqlite3_bind_int64(stmt, at, va_arg(*args, int64_t));
	case 'n':
		value = va_arg(*args, int64_t);
		return value == INT64_MIN ? sqlite3_bind_null(stmt, at)
					  : sqlite3_bind_int64(stmt, at, value);
	case 'd':
		day = va_arg(*args, day_t);
		return day == DAY_NONE ? sqlite3_bind_null(stmt, at)
				       : sqlite3_bind_int64(stmt, at, day);
	case 't':
		bytes = va_arg(*args, const char *);
		return sqlite3_bind_text(stmt, at, bytes, -1, SQLITE_STATIC);
	case 'b':
		bytes = va_arg(*args, const void *);
		return sqlite3_bind_blob64(
			stmt, at, bytes, va_arg(*args, size_t), SQLITE_STATIC);
	default:
		return SQLITE_MISUSE;
	}
}

static sqlite3_stmt *prepare_and_bind(struct db *db, int slot, const char *sql,
	struct err *e, const char *format, va_list *args)
{
	sqlite3_stmt **kept = &db->kept[slot];

	if (!*kept && sqlite3_prepare_v3(db->sqlite, sql, -1, SQLITE_PREPARE_PERSISTENT,
			      kept, NULL) != SQLITE_OK) {
		db_fault(db, sql, e);
		return NULL;
	}
	for (int i = 0; format[i]; i++)
		if (bind_one(*kept, i + 1, format[i], args) != SQLITE_OK) {
			db_fault(db, sql, e);
			return NULL;
		}
	return *kept;
}

sqlite3_stmt *db_query(struct db *db, int slot, const char *sql, struct err *e,
	const char *format, ...)
{
	va_list args;

	va_start(args, format);
	sqlite3_stmt *stmt = prepare_and_bind(db, slot, sql, e, format, &args);

	va_end(args);
	return stmt;
}

enum db_step db_next(struct db *db, sqlite3_stmt *stmt, struct err *e)
{
	switch (sqlite3_step(stmt)) {
	case SQLITE_ROW:
		return DB_ROW;
	case SQLITE_DONE:
		sqlite3_reset(stmt);
		return DB_DONE;
	default:
		db_fault(db, "ledger", e);
		sqlite3_reset(stmt);
		return DB_FAULT;
	}
}

void db_reset(sqlite3_stmt *stmt)
{
	sqlite3_reset(stmt);
}

int db_run(struct db *db, int slot, const char *sql, struct err *e, const char *format,
	...)
{
	va_list args;

	va_start(args, format);
	sqlite3_stmt *stmt = prepare_and_bind(db, slot, sql, e, format, &args);

	va_end(args);
	if (!stmt)
		return -1;
	enum db_step step;

	while ((step = db_next(db, stmt, e)) == DB_ROW)
		;
	return step == DB_DONE ? 0 : -1;
}

int64_t db_last_id(struct db *db)
{
	return sqlite3_last_insert_rowid(db->sqlite);
}

const char *db_text(struct arena *arena, sqlite3_stmt *stmt, int column)
{
	const char *text = (const char *)sqlite3_column_text(stmt, column);

	return text ? arena_dup_n(
			      arena, text, (size_t)sqlite3_column_bytes(stmt, column))
		    : NULL;
}

const char *db_peek(sqlite3_stmt *stmt, int column)
{
	return (const char *)sqlite3_column_text(stmt, column);
}

const void *db_blob(sqlite3_stmt *stmt, int column, size_t *ret_n)
{
	const void *bytes = sqlite3_column_blob(stmt, column);

	*ret_n = (size_t)sqlite3_column_bytes(stmt, column);
	return bytes;
}

int64_t db_int(sqlite3_stmt *stmt, int column)
{
	return sqlite3_column_int64(stmt, column);
}

int64_t db_int_or(sqlite3_stmt *stmt, int column, int64_t absent)
{
	return sqlite3_column_type(stmt, column) == SQLITE_NULL
		       ? absent
		       : sqlite3_column_int64(stmt, column);
}

int32_t db_day(sqlite3_stmt *stmt, int column)
{
	return (int32_t)db_int_or(stmt, column, DAY_NONE);
}
