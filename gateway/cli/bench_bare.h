/*
 * Bare SQLite doing what the gateway did: rows are read back from a database the
 * gateway wrote, held in memory, and inserted into another one with the same tables,
 * indexes and settings, in the same order and the same batches. Nothing is looked up
 * and nothing is decided.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "gateway/base/err.h"

/* Which rows, and the document each belongs to: the first column of @select, which has
 * one parameter, the last document not wanted, and is in the documents' order. */
struct bare_table {
	const char *name;
	const char *select;
};

extern const struct bare_table bare_ledger_tables[];
extern const size_t bare_ledger_tables_n;

struct bare_rows;
int bare_rows_read(const char *path, const struct bare_table *tables, size_t n,
	int64_t after, struct bare_rows **ret_rows, struct err *e);
void bare_rows_free(struct bare_rows *rows);

struct bare_db;
/* Open a copy of what the gateway opens, with its settings. */
int bare_open(const char *path, const struct bare_table *tables, size_t n,
	struct bare_db **ret_db, struct err *e);
void bare_close(struct bare_db *db);

int bare_begin(struct bare_db *db, struct err *e);
int bare_commit(struct bare_db *db, struct err *e);
/* Insert what is left of @rows up to and with document @upto. */
int bare_insert(
	struct bare_db *db, struct bare_rows *rows, int64_t upto, struct err *e);
/* Delete the outbox rows of the documents up to and with @upto that are still there. */
int bare_drop_outbox(
	struct bare_db *db, struct bare_rows *rows, int64_t upto, struct err *e);
