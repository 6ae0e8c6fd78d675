#include "gateway/cli/output.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "gateway/base/mem.h"
#include "gateway/base/shown.h"

/* The first errno that stdout gave; later ones say no more. */
static int stdout_error;

static void write_out(const char *bytes, size_t n)
{
	if (stdout_error)
		return;
	errno = 0;
	if (fwrite(bytes, 1, n, stdout) != n)
		stdout_error = errno ? errno : EIO;
}

void out_line(const struct buf *line)
{
	write_out(buf_text(line), line->n);
	write_out("\n", 1);
}

void out_text(const char *format, ...)
{
	cleanup_free char *text = NULL;
	va_list args;

	va_start(args, format);
	int n = vasprintf(&text, format, args);

	va_end(args);
	assert(n >= 0);
	write_out(text, (size_t)n);
	write_out("\n", 1);
}

void out_flush(void)
{
	if (!stdout_error && fflush(stdout))
		stdout_error = errno;
}

int out_finish(int exit_code)
{
	out_flush();
	if (!stdout_error)
		return exit_code;
	fprintf(stderr, "congvan: standard output: %s\n", strerror(stdout_error));
	return exit_code ? exit_code : EX_UNAVAILABLE;
}

const char *out_error_word(enum err_code code)
{
	static const char *const words[] = {
		[ERR_NONE] = "none",
		[ERR_USAGE] = "usage",
		[ERR_INPUT] = "input",
		[ERR_UNAVAILABLE] = "unavailable",
		[ERR_IO] = "io",
		[ERR_CONFIG] = "config",
		[ERR_BUG] = "bug",
	};

	return words[code];
}

void out_complain(const struct cli *cli, const char *code, const char *format, ...)
{
	cleanup_buf struct buf line = {0};
	cleanup_arena struct arena arena = {0};
	struct json j = {.out = &line};
	va_list args;
	char text[1024];

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (cli->json) {
		json_open(&j, '{');
		json_key(&j, "error");
		json_open(&j, '{');
		json_put_text(&j, "code", code);
		json_put_text(&j, "message", text);
		json_close(&j, '}');
		json_close(&j, '}');
		out_line(&line);
	} else {
		out_flush();
		fprintf(stderr, "congvan: %s\n", shown_text(&arena, text, 0));
	}
}

int out_complain_err(const struct cli *cli, const struct err *e)
{
	out_complain(cli, out_error_word(e->code), "%s", e->text);
	return err_exit_code(e->code);
}

static size_t columns_of(const struct table *t)
{
	size_t n = 0;

	while (t->headings[n])
		n++;
	assert(n && "a table has headings");
	return n;
}

void table_add(struct table *t, const char *text, size_t columns)
{
	*LIST_ADD(&t->arena, &t->cells) = shown_text(&t->arena, text, columns);
}

void table_add_int(struct table *t, int64_t value)
{
	*LIST_ADD(&t->arena, &t->cells) =
		arena_printf(&t->arena, "%lld", (long long)value);
}

size_t table_rows(const struct table *t)
{
	return t->cells.n / columns_of(t);
}

/* One row; the last column is not padded. */
static void print_row(const char *const *cells, const size_t *widths, size_t columns)
{
	cleanup_buf struct buf line = {0};

	for (size_t i = 0; i < columns; i++) {
		buf_add_text(&line, cells[i]);
		for (size_t pad = shown_columns(cells[i]);
			i + 1 < columns && pad < widths[i] + 2; pad++)
			buf_add_char(&line, ' ');
	}
	out_line(&line);
}

void table_print(const struct table *t)
{
	size_t widths[TABLE_COLUMNS_MAX] = {0};
	size_t columns = columns_of(t);

	assert(t->cells.n % columns == 0);
	for (size_t i = 0; i < columns; i++)
		widths[i] = shown_columns(t->headings[i]);
	for (size_t i = 0; i < t->cells.n; i++) {
		size_t width = shown_columns(t->cells.at[i]);

		if (width > widths[i % columns])
			widths[i % columns] = width;
	}
	print_row(t->headings, widths, columns);
	for (size_t i = 0; i < t->cells.n; i += columns)
		print_row(t->cells.at + i, widths, columns);
}

void table_deinit(struct table *t)
{
	arena_deinit(&t->arena);
}
