#include "gateway/config/complain.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/base/buf.h"
#include "gateway/base/mem.h"

enum { QUOTE_BYTES = 60, PATH_BYTES = 120 };

const char *complain_quote(struct arena *arena, const char *text)
{
	size_t n = strnlen(text, QUOTE_BYTES);
	bool clipped = text[n] != '\0';

	/* user:password@host, written where something else belongs. */
	if (strchr(text, '@'))
		return "(a value with `@`, not shown)";
	while (clipped && n && (text[n] & 0xc0) == 0x80)
		n--;
	char *shown = arena_dup_n(arena, text, n);

	for (char *c = shown; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = '?';
	return arena_printf(arena, "`%s%s`", shown, clipped ? "…" : "");
}

/* A key as it is shown in a path, `adapters[1].policy`: like a value, clipped and with
 * what may be an address hidden. */
static void add_key(struct buf *out, const char *key)
{
	size_t n = strchr(key, '@') ? 0 : strnlen(key, QUOTE_BYTES);

	if (out->n)
		buf_add_char(out, '.');
	while (n && (key[n] & 0xc0) == 0x80)
		n--;
	for (size_t i = 0; i < n; i++)
		buf_add_char(out, (unsigned char)key[i] < ' ' ? '?' : key[i]);
	if (key[n])
		buf_add_text(out, "…");
}

static void add_path(struct buf *out, const struct node *at)
{
	if (!at || !at->parent)
		return;
	add_path(out, at->parent);
	if (at->key)
		add_key(out, at->key);
	else if (at->parent->kind == NODE_LIST)
		buf_printf(out, "[%zu]", at->index);
}

struct spot {
	int line, column;
	bool warning;
};

static void add(struct reading *r, struct spot spot, const struct node *at,
	const char *name, const char *format, va_list args)
{
	cleanup_buf struct buf key = {0};
	struct arena *arena = &r->complaints->arena;
	char message[1024];

	add_path(&key, at);
	if (name)
		add_key(&key, name);
	if (key.n > PATH_BYTES) {
		while (key.n > PATH_BYTES ||
			(key.n && (key.data[key.n] & 0xc0) == 0x80))
			key.n--;
		key.data[key.n] = '\0';
		buf_add_text(&key, "…");
	}
	vsnprintf(message, sizeof(message), format, args);
	*LIST_ADD(arena, &r->complaints->list) = (struct config_complaint){
		.file = arena_dup(arena, r->file),
		.line = spot.line,
		.column = spot.column,
		.key = key.n ? arena_dup(arena, buf_text(&key)) : "(file)",
		.message = arena_dup(arena, message),
		.warning = spot.warning,
	};
	if (!spot.warning)
		r->failed = true;
}

void complain(struct reading *r, const struct node *at, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(r, (struct spot){at->line, at->column, false}, at, NULL, format, args);
	va_end(args);
}

void complain_warn(struct reading *r, const struct node *at, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(r, (struct spot){at->line, at->column, true}, at, NULL, format, args);
	va_end(args);
}

void complain_key(struct reading *r, const struct node *at, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(r, (struct spot){at->key_line, at->key_column, false}, at, NULL, format,
		args);
	va_end(args);
}

void complain_missing(struct reading *r, const struct node *map, const char *name,
	const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(r, (struct spot){map->line, map->column, false}, map, name, format, args);
	va_end(args);
}

void complain_file(struct reading *r, int line, int column, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(r, (struct spot){line, column, false}, NULL, NULL, format, args);
	va_end(args);
}

struct ranked {
	struct config_complaint complaint;
	size_t file, order;
};

static int by_rank(const void *left, const void *right)
{
	const struct ranked *a = left, *b = right;

	if (a->file != b->file)
		return a->file < b->file ? -1 : 1;
	if (a->complaint.line != b->complaint.line)
		return a->complaint.line < b->complaint.line ? -1 : 1;
	if (a->complaint.column != b->complaint.column)
		return a->complaint.column < b->complaint.column ? -1 : 1;
	return a->order < b->order ? -1 : a->order > b->order;
}

/* Runs of one file are long: the last file's rank is asked for first. */
static size_t file_rank(
	const struct ranked *rows, size_t n, const char *file, const char *first)
{
	if (strcmp(file, first) == 0)
		return 0;
	for (size_t i = n; i-- > 0;)
		if (strcmp(rows[i].complaint.file, file) == 0)
			return rows[i].file;
	return n + 1;
}

void complain_sort(struct config_complaints *c, const char *first)
{
	size_t n = c->list.n;
	cleanup_free struct ranked *rows = mem_alloc((n + 1) * sizeof(*rows));

	for (size_t i = 0; i < n; i++) {
		rows[i].complaint = c->list.at[i];
		rows[i].order = i;
		rows[i].file = file_rank(rows, i, c->list.at[i].file, first);
	}
	qsort(rows, n, sizeof(*rows), by_rank);
	for (size_t i = 0; i < n; i++)
		c->list.at[i] = rows[i].complaint;
}
