/* docs/cli.md and the table of commands say the same, both ways. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "gateway/base/buf.h"
#include "gateway/cli/command.h"

static struct buf manual;

static int read_manual(void **state)
{
	char path[4096], part[4096];
	size_t n;

	(void)state;
	snprintf(path, sizeof(path), "%s/docs/cli.md", getenv("CONGVAN_SOURCE"));
	FILE *file = fopen(path, "r");

	if (!file)
		return -1;
	while ((n = fread(part, 1, sizeof(part), file)))
		buf_add(&manual, part, n);
	fclose(file);
	return 0;
}

static int free_manual(void **state)
{
	(void)state;
	buf_deinit(&manual);
	return 0;
}

/* From behind the line @heading to the next heading; NULL: there is no such line. */
static char *section(const char *heading)
{
	char line[128];

	snprintf(line, sizeof(line), "\n%s\n", heading);
	const char *start = strstr(buf_text(&manual), line);

	if (!start)
		return NULL;
	start += strlen(line) - 1;
	const char *end = strstr(start, "\n#");

	return strndup(start, end ? (size_t)(end - start) : strlen(start));
}

static char *command_section(const struct command *command)
{
	char heading[64];

	snprintf(heading, sizeof(heading), "### `congvan %s`", command->name);
	return section(heading);
}

static size_t count(const char *text, const char *what)
{
	size_t n = 0;

	for (const char *at = strstr(text, what); at; at = strstr(at + 1, what))
		n++;
	return n;
}

/* Each option of the table is an item of @text, and there are no other such items. */
static void compare_options(
	const char *name, const char *text, const struct cli_option *options)
{
	size_t n = 0;

	for (; options && options->name; options++, n++) {
		char item[64];

		snprintf(item, sizeof(item), "\n- `%s%s%s`:", options->name,
			options->value ? " " : "",
			options->value ? options->value : "");
		if (!strstr(text, item))
			fail_msg("docs/cli.md, %s: no item%s", name, item);
	}
	if (count(text, "\n- `-") != n)
		fail_msg("docs/cli.md, %s: options that the program does not have",
			name);
}

static void every_command_and_option_is_in_the_manual(void **state)
{
	(void)state;
	for (size_t i = 0; i < cli_commands_n; i++) {
		char *text = command_section(&cli_commands[i]);

		if (!text)
			fail_msg(
				"docs/cli.md: no section for %s", cli_commands[i].name);
		compare_options(cli_commands[i].name, text, cli_commands[i].options);
		free(text);
	}
}

static void the_manual_has_no_command_that_is_not_there(void **state)
{
	(void)state;
	assert_int_equal(count(buf_text(&manual), "\n### `congvan "), cli_commands_n);
}

static void every_global_option_is_in_the_manual(void **state)
{
	char *text = section("## Global options");

	(void)state;
	assert_non_null(text);
	compare_options("global options", text, cli_global_options);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_command_and_option_is_in_the_manual),
		cmocka_unit_test(the_manual_has_no_command_that_is_not_there),
		cmocka_unit_test(every_global_option_is_in_the_manual),
	};

	return cmocka_run_group_tests(tests, read_manual, free_manual);
}
