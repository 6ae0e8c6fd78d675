#include "gateway/cli/arguments.h"

#include <assert.h>
#include <string.h>

#include "gateway/base/buf.h"
#include "gateway/base/mem.h"
#include "gateway/base/text.h"

enum { NAME_MAX_LETTERS = 32, NAMES_MAX = 64 };

static size_t least_of(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* How many letters to add, drop or change: the plain edit distance, one row at a time.
 */
static size_t edits(const char *a, const char *b)
{
	size_t row[NAME_MAX_LETTERS + 1];
	size_t a_n = strlen(a), b_n = strlen(b);

	if (a_n > NAME_MAX_LETTERS || b_n > NAME_MAX_LETTERS)
		return SIZE_MAX;
	for (size_t j = 0; j <= b_n; j++)
		row[j] = j;
	for (size_t i = 1; i <= a_n; i++) {
		size_t corner = row[0];

		row[0] = i;
		for (size_t j = 1; j <= b_n; j++) {
			size_t change = corner + (a[i - 1] != b[j - 1]);

			corner = row[j];
			row[j] = least_of(change, least_of(row[j], row[j - 1]) + 1);
		}
	}
	return row[b_n];
}

const char *arguments_nearest(const char *word, const char *const *names, size_t n)
{
	const char *nearest = NULL;
	size_t fewest = 1 + strlen(word) / 3;

	for (size_t i = 0; i < n; i++) {
		size_t distance = edits(word, names[i]);

		if (distance <= fewest && (!nearest || distance < fewest)) {
			nearest = names[i];
			fewest = distance;
		}
	}
	return nearest;
}

bool arguments_is_group(const char *name, const char *word)
{
	size_t n = strlen(word);

	return !strncmp(name, word, n) && name[n] == ' ';
}

static bool is_two_words(const char *name, const char *first, const char *second)
{
	return arguments_is_group(name, first) &&
	       !strcmp(name + strlen(first) + 1, second);
}

const struct command *arguments_find_command(
	const char *first, const char *second, size_t *ret_words)
{
	for (size_t i = 0; second && i < cli_commands_n; i++) {
		if (is_two_words(cli_commands[i].name, first, second)) {
			*ret_words = 2;
			return &cli_commands[i];
		}
	}
	for (size_t i = 0; i < cli_commands_n; i++) {
		if (!strcmp(cli_commands[i].name, first)) {
			*ret_words = 1;
			return &cli_commands[i];
		}
	}
	return NULL;
}

/* `quarantine` alone, or with a word it does not know: say what may follow. */
static int refuse_group(const char *first, const char *second, struct err *e)
{
	cleanup_buf struct buf may = {0};

	for (size_t i = 0; i < cli_commands_n; i++) {
		const char *name = cli_commands[i].name;

		if (arguments_is_group(name, first))
			buf_printf(&may, "%s%s", may.n ? ", " : "",
				name + strlen(first) + 1);
	}
	if (second)
		return err_set(e, ERR_USAGE, "%s: there is no '%s', only %s", first,
			second, buf_text(&may));
	return err_set(e, ERR_USAGE, "%s needs one of: %s", first, buf_text(&may));
}

static int refuse_command(const char *first, const char *second, struct err *e)
{
	const char *names[NAMES_MAX];
	size_t n = 0;

	for (size_t i = 0; i < cli_commands_n && n < NAMES_MAX; i++) {
		if (arguments_is_group(cli_commands[i].name, first))
			return refuse_group(first, second, e);
		names[n++] = cli_commands[i].name;
	}
	const char *nearest = arguments_nearest(first, names, n);

	if (nearest)
		return err_set(e, ERR_USAGE, "no command '%s'; did you mean '%s'?",
			first, nearest);
	return err_set(
		e, ERR_USAGE, "no command '%s'; `congvan help` lists them", first);
}

/* The option of @table called by @argument, with or without `=value`. */
static const struct cli_option *find_option(
	const struct cli_option *table, const char *argument)
{
	size_t n = strcspn(argument, "=");

	for (; table && table->name; table++) {
		if (strlen(table->name) == n && !strncmp(table->name, argument, n))
			return table;
	}
	return NULL;
}

static int refuse_option(const struct cli *cli, const char *argument, struct err *e)
{
	const char *names[NAMES_MAX];
	size_t n = 0;

	for (const struct cli_option *o = cli_global_options; o->name; o++)
		names[n++] = o->name;
	if (cli->command) {
		for (const struct cli_option *o = cli->command->options; o && o->name;
			o++)
			names[n++] = o->name;
	}
	const char *nearest = arguments_nearest(argument, names, n);

	if (nearest)
		return err_set(e, ERR_USAGE, "no option '%s'; did you mean '%s'?",
			argument, nearest);
	return err_set(e, ERR_USAGE, "no option '%s'", argument);
}

/* The value of @option at argv[*at]: behind `=`, or the next argument. NULL: none. */
static const char *option_value(
	const struct cli_option *option, int argc, char **argv, int *at)
{
	const char *equals = strchr(argv[*at], '=');

	if (equals)
		return equals + 1;
	if (!option->value)
		return "";
	return *at + 1 < argc ? argv[++*at] : NULL;
}

static int set_global(struct cli *cli, const struct cli_option *option,
	const char *value, struct err *e)
{
	if (!strcmp(option->name, "-c")) {
		cli->config_file = value;
	} else if (!strcmp(option->name, "--data")) {
		cli->data = value;
	} else if (!strcmp(option->name, "--json")) {
		cli->json = true;
	} else if (!strcmp(option->name, "--help") || !strcmp(option->name, "-h")) {
		cli->help = true;
	} else if (!strcmp(option->name, "--version")) {
		cli->version = true;
	} else if (!strcmp(option->name, "--now")) {
		if (!instant_parse(value, &cli->now))
			return err_set(e, ERR_USAGE,
				"--now: '%s' is no RFC 3339 time, such as "
				"2025-12-08T09:00:00+07:00",
				value);
		cli->now_given = true;
	} else {
		assert(!"a global option that nobody reads");
	}
	return 0;
}

/* Who did it and why: blank is not forgotten, but refused by what asks for it (S1). */
static bool may_be_blank(const struct cli_option *option)
{
	return strcmp(option->name, "--reason") == 0 ||
	       strcmp(option->name, "--by") == 0;
}

static int take_option(struct cli *cli, int argc, char **argv, int *at, struct err *e)
{
	const char *argument = argv[*at];
	const struct cli_option *own = cli->command ? cli->command->options : NULL;
	const struct cli_option *option = find_option(own, argument);
	bool is_own = option != NULL;

	if (!option)
		option = find_option(cli_global_options, argument);
	if (!option)
		return refuse_option(cli, argument, e);
	if (!option->value && strchr(argument, '='))
		return err_set(e, ERR_USAGE, "%s takes no value", option->name);

	const char *value = option_value(option, argc, argv, at);

	if (!value || (option->value && !*value && !may_be_blank(option)))
		return err_set(e, ERR_USAGE, "%s needs a value: %s", option->name,
			option->value);
	if (may_be_blank(option) && !text_is_utf8(value, strlen(value)))
		return err_set(e, ERR_USAGE, "%s: is no UTF-8 text", option->name);
	if (!is_own)
		return set_global(cli, option, value, e);
	cli->values[option - own] = value;
	return 0;
}

static bool is_option(const char *argument)
{
	return argument[0] == '-' && argument[1];
}

/*
 * The command must be known before its options can be read. Only global options may
 * stand between its words; whatever is wrong with one of them is said by the second
 * pass.
 */
static int find_command(
	struct cli *cli, int argc, char **argv, size_t *ret_words, struct err *e)
{
	const char *words[2] = {NULL, NULL};
	size_t n = 0;

	*ret_words = 0;
	for (int i = 0; i < argc && n < 2; i++) {
		const struct cli_option *option;

		if (!is_option(argv[i])) {
			words[n++] = argv[i];
			continue;
		}
		option = find_option(cli_global_options, argv[i]);
		if (!option)
			break;
		option_value(option, argc, argv, &i);
	}
	if (!n)
		return 0;
	cli->command = arguments_find_command(words[0], words[1], ret_words);
	return cli->command ? 0 : refuse_command(words[0], words[1], e);
}

static int check_words(const struct cli *cli, struct err *e)
{
	const struct command *command = cli->command;

	if (cli->help || cli->version)
		return 0;
	if (!command)
		return err_set(e, ERR_USAGE, "no command; `congvan help` lists them");
	if (cli->words_n < command->least)
		return err_set(
			e, ERR_USAGE, "%s needs %s", command->name, command->words);
	if (cli->words_n > command->most)
		return err_set(e, ERR_USAGE, "%s: '%s' is one argument too many",
			command->name, cli->words[command->most]);
	return 0;
}

int arguments_parse(struct cli *cli, int argc, char **argv, struct err *e)
{
	bool options_end = false;
	size_t skip;

	/* Complaints about the arguments themselves must know how to be said. */
	for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++) {
		if (!strcmp(argv[i], "--json"))
			cli->json = true;
	}
	cli->words = mem_alloc(sizeof(*cli->words) * ((size_t)argc + 1));
	if (find_command(cli, argc, argv, &skip, e))
		return -1;
	for (int i = 0; i < argc; i++) {
		if (!options_end && !strcmp(argv[i], "--")) {
			options_end = true;
		} else if (!options_end && is_option(argv[i])) {
			if (take_option(cli, argc, argv, &i, e))
				return -1;
		} else if (skip) {
			skip--;
		} else {
			cli->words[cli->words_n++] = argv[i];
		}
	}
	return check_words(cli, e);
}

void arguments_usage(const struct command *command, struct buf *out)
{
	if (!command) {
		buf_add_text(out, "usage: congvan [-c FILE] [--data DIR] [--now TIME] "
				  "[--json] COMMAND");
		return;
	}
	buf_printf(out, "usage: congvan %s", command->name);
	for (const struct cli_option *o = command->options; o && o->name; o++)
		buf_printf(out, " [%s%s%s]", o->name, o->value ? " " : "",
			o->value ? o->value : "");
	if (*command->words)
		buf_printf(out, " %s", command->words);
}

const char *cli_value(const struct cli *cli, const char *name)
{
	const struct cli_option *options = cli->command->options;
	const struct cli_option *option = find_option(options, name);

	assert(option && "a command asks only for options of its own table");
	return cli->values[option - options];
}
