/*
 * SQLite as the ledger uses it: prepared statements kept, values bound by a short
 * format, result codes turned into faults that say who must act.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/base/arena.h"
#include "gateway/base/err.h"

/* Kept statements: one slot for each row of a module's SQL table. */
struct db {
	struct sqlite3 *sqlite;
	struct sqlite3_stmt *kept[96];
};

enum db_step { DB_ROW, DB_DONE, DB_FAULT };

/* Open @path; @flags as sqlite3_open_v2's. */
int db_open(const char *path, int flags, int busy_timeout_ms, struct db *ret_db,
	struct err *e);
void db_close(struct db *db);

/* A fault when the file is no longer found under its name: what is committed to it then
 * is committed to nobody (INV-1). */
int db_check_place(struct db *db, struct err *e);

/* Fill @e from the connection's last error; returns -1. */
int db_fault(struct db *db, const char *what, struct err *e);

/* Run statements without values. */
int db_exec(struct db *db, const char *sql, struct err *e);

/*
 * Statement @slot, prepared from @sql the first time. @format: `i` int64_t, `n` an
 * int64_t stored as NULL when it is INT64_MIN, `d` a day_t stored as NULL when
 * DAY_NONE, `t` text (NULL is NULL), `b` const void * and size_t. NULL on a fault.
 */
struct sqlite3_stmt *db_query(struct db *db, int slot, const char *sql, struct err *e,
	const char *format, ...);

/* The next row; at the end, and on a fault, the statement is reset. */
enum db_step db_next(struct db *db, struct sqlite3_stmt *stmt, struct err *e);

/* Put @stmt away before its end. */
void db_reset(struct sqlite3_stmt *stmt);

/* Query and run to the end. */
int db_run(struct db *db, int slot, const char *sql, struct err *e, const char *format,
	...);

int64_t db_last_id(struct db *db);

/* Column values; absent is NULL, DAY_NONE or INT64_MIN. */
const char *db_text(struct arena *arena, struct sqlite3_stmt *stmt, int column);
const char *db_peek(
	struct sqlite3_stmt *stmt, int column); /* borrowed till the next row */
const void *db_blob(
	struct sqlite3_stmt *stmt, int column, size_t *ret_n); /* borrowed */
int64_t db_int(struct sqlite3_stmt *stmt, int column);
int64_t db_int_or(struct sqlite3_stmt *stmt, int column, int64_t absent);
int32_t db_day(struct sqlite3_stmt *stmt, int column);
