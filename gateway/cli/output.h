/*
 * What people and programs see. stdout carries the command's result and nothing else;
 * complaints go to stderr, with --json as lines to stdout. A stdout that is full or
 * closed is noticed once, at the end. Outside text shown to people has its control
 * characters replaced, so that a subject cannot drive the terminal.
 */
#pragma once

#include <stddef.h>

#include "gateway/base/arena.h"
#include "gateway/base/buf.h"
#include "gateway/base/err.h"
#include "gateway/base/json.h"
#include "gateway/cli/command.h"

/* One line of the result: JSON, or text made of our own words. */
void out_line(const struct buf *line);

/* The same, formatted; the line end is added. */
void out_text(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Push out what was printed so far. */
void out_flush(void);

/* Flush, and turn @exit_code into 69 when not all of the result could be written. */
int out_finish(int exit_code);

/* @code is a fixed word such as `usage`; a complaint never says a secret. */
void out_complain(const struct cli *cli, const char *code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Say @e and return its exit code. */
int out_complain_err(const struct cli *cli, const struct err *e);

/* The word for @code in `{"error":{"code":…}}`. */
const char *out_error_word(enum err_code code);

/* Rows with aligned columns. A zeroed struct with its headings set is an empty table.
 */
enum { TABLE_COLUMNS_MAX = 8 };
struct table {
	struct arena arena;
	const char *headings[TABLE_COLUMNS_MAX + 1]; /* ended by NULL */
	LIST_OF(const char *) cells;
};

/* The next cell, row by row; @text is copied, cut at @columns (0: not cut). */
void table_add(struct table *t, const char *text, size_t columns);
void table_add_int(struct table *t, int64_t value);
size_t table_rows(const struct table *t);
void table_print(const struct table *t);
void table_deinit(struct table *t);
#define cleanup_table __attribute__((__cleanup__(table_deinit)))
