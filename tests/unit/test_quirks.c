/* E5: the table of quirks, docs/quirks.md and what the sources record are one list. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/codec.h"
#include "gateway/base/buf.h"
#include "gateway/base/mem.h"

static const char *const severity_words[] = {"info", "warning", "error"};

/* The whole text of a file of the project, in @out. */
static void load(const char *name, struct buf *out)
{
	char path[1024], block[4096];
	size_t n;

	snprintf(path, sizeof(path), "%s/%s", getenv("CONGVAN_SOURCE"), name);
	FILE *f = fopen(path, "re");

	if (!f)
		fail_msg("%s cannot be read", path);
	while ((n = fread(block, 1, sizeof(block), f)) > 0)
		buf_add(out, block, n);
	fclose(f);
}

/* All .c files of @folder whose names begin with @prefix, one after another. */
static void load_sources(const char *folder, const char *prefix, struct buf *out)
{
	char path[1024];

	snprintf(path, sizeof(path), "%s/%s", getenv("CONGVAN_SOURCE"), folder);
	DIR *dir = opendir(path);

	assert_non_null(dir);
	for (const struct dirent *entry; (entry = readdir(dir));) {
		size_t n = strlen(entry->d_name);

		if (n < 3 || strcmp(entry->d_name + n - 2, ".c") != 0 ||
			strncmp(entry->d_name, prefix, strlen(prefix)) != 0)
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		load(path, out);
	}
	closedir(dir);
}

static void test_the_manual_lists_each_quirk_as_the_table_has_it(void **state)
{
	cleanup_buf struct buf manual = {.max = 1 << 20};
	size_t rows = 0;

	(void)state;
	load("docs/quirks.md", &manual);
	for (size_t i = 0; i < quirk_rows_n; i++) {
		cleanup_buf struct buf row = {0};
		const struct quirk_row *q = &quirk_rows[i];

		buf_printf(&row, "| `%s` | %s | %s |\n", q->code,
			severity_words[q->severity], q->meaning);
		if (!strstr(manual.data, row.data))
			fail_msg("docs/quirks.md lacks: %s", row.data);
	}
	for (const char *p = manual.data; (p = strstr(p, "\n| `")); p++)
		rows++;
	assert_int_equal(rows, quirk_rows_n);
}

static void test_the_table_is_sorted_and_found_by_code(void **state)
{
	(void)state;
	for (size_t i = 1; i < quirk_rows_n; i++)
		assert_true(strcmp(quirk_rows[i - 1].code, quirk_rows[i].code) < 0);
	for (size_t i = 0; i < quirk_rows_n; i++)
		assert_ptr_equal(quirk_find(quirk_rows[i].code), &quirk_rows[i]);
	assert_null(quirk_find("no.such"));
	assert_null(quirk_find(NULL));
}

/* Is the text between quotes shaped like a code: words, one dot, words? */
static bool is_code(const char *text, size_t n)
{
	size_t dots = 0;

	for (size_t i = 0; i < n; i++) {
		if (text[i] == '.')
			dots++;
		else if (!islower((unsigned char)text[i]) &&
			 !isdigit((unsigned char)text[i]) && text[i] != '-')
			return false;
	}
	return n > 2 && dots == 1 && text[0] != '.' && text[n - 1] != '.';
}

/* Refusals have codes of the same shape; docs/diagnostics.md names them. */
static bool is_refusal(const char *code)
{
	static const char *const refusals[] = {"xml.malformed", "xml.doctype",
		"xml.too-deep", "xml.too-large", "xml.encoding", "edxml.unknown-root",
		"edxml.no-identity", "event.invalid", "file.unreadable", "file.empty",
		"json.malformed", "json.too-deep", "json.too-large",
		"mapping.no-document", "mapping.no-identity", "mapping.path-failed",
		"mapping.unknown-value"};

	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++)
		if (strcmp(code, refusals[i]) == 0)
			return true;
	return false;
}

static void test_the_sources_record_all_codes_of_the_table_and_no_others(void **state)
{
	cleanup_buf struct buf sources = {.max = 8 << 20};
	cleanup_free bool *used = mem_alloc(quirk_rows_n * sizeof(*used));

	(void)state;
	load_sources("adapters", "edxml", &sources);
	load_sources("adapters", "codec", &sources);
	load_sources("adapters", "mapping", &sources);
	load_sources("gateway/model", "event", &sources);
	for (const char *p = sources.data; (p = strchr(p, '"'));) {
		const char *end = strchr(++p, '"');
		char code[64];

		if (!end)
			break;
		if (is_code(p, (size_t)(end - p)) &&
			end - p < (ptrdiff_t)sizeof(code)) {
			snprintf(code, sizeof(code), "%.*s", (int)(end - p), p);
			const struct quirk_row *row = quirk_find(code);

			if (!row && !is_refusal(code))
				fail_msg("%s is not in the table", code);
			if (row)
				used[row - quirk_rows] = true;
			p = end + 1;
		}
	}
	for (size_t i = 0; i < quirk_rows_n; i++)
		if (!used[i])
			fail_msg("no source records %s", quirk_rows[i].code);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_manual_lists_each_quirk_as_the_table_has_it),
		cmocka_unit_test(test_the_table_is_sorted_and_found_by_code),
		cmocka_unit_test(
			test_the_sources_record_all_codes_of_the_table_and_no_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
