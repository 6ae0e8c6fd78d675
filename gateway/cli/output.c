#include "gateway/cli/output.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <utf8proc.h>

#include "gateway/base/mem.h"

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
		fprintf(stderr, "congvan: %s\n", out_shown(&arena, text, 0));
	}
}

int out_complain_err(const struct cli *cli, const struct err *e)
{
	out_complain(cli, out_error_word(e->code), "%s", e->text);
	return err_exit_code(e->code);
}

/* C0, C1 and the invisible marks that turn the direction of the text around. */
static bool is_hidden(utf8proc_int32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0x200e && c <= 0x200f) ||
	       (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

/* One character of @text: its bytes, or 1 for a byte that is none; *@ret_width columns.
 */
static size_t next_character(const char *text, bool *ret_hidden, size_t *ret_width)
{
	utf8proc_int32_t c;
	utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)text, -1, &c);

	*ret_hidden = n <= 0 || is_hidden(c);
	*ret_width = *ret_hidden ? 1 : (size_t)utf8proc_charwidth(c);
	return n <= 0 ? 1 : (size_t)n;
}

static size_t width_of(const char *text)
{
	size_t columns = 0, width;
	bool hidden;

	while (*text) {
		text += next_character(text, &hidden, &width);
		columns += width;
	}
	return columns;
}

const char *out_shown(struct arena *arena, const char *text, size_t columns)
{
	cleanup_buf struct buf shown = {0};
	size_t used = 0, width;
	bool hidden;

	if (!text)
		return "-";
	bool cut = columns && width_of(text) > columns;

	while (*text) {
		size_t n = next_character(text, &hidden, &width);

		if (cut && used + width > columns - 1) {
			buf_add_text(&shown, "…");
			break;
		}
		if (hidden)
			buf_add_text(&shown, "\xef\xbf\xbd");
		else
			buf_add(&shown, text, n);
		used += width;
		text += n;
	}
	return arena_dup(arena, buf_text(&shown));
}

static size_t columns_of(const struct table *t)
{
	size_t n = 0;

	while (t->headings[n])
		n++;
	return n;
}

void table_add(struct table *t, const char *text, size_t columns)
{
	*LIST_ADD(&t->arena, &t->cells) = out_shown(&t->arena, text, columns);
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
		for (size_t pad = width_of(cells[i]);
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
		widths[i] = width_of(t->headings[i]);
	for (size_t i = 0; i < t->cells.n; i++) {
		size_t width = width_of(t->cells.at[i]);

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
