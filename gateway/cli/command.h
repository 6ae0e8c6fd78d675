/*
 * The command line (docs/cli.md). One table says what there is: names, arguments,
 * options and help; parsing, `help`, the usage lines and the test that compares the
 * manual with the program all read it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "gateway/base/day.h"

enum { CLI_OPTIONS_MAX = 8, CLI_ANY = 1 << 30 };

/* `value` names what follows the option in help; NULL: it is a switch. */
struct cli_option {
	const char *name, *value, *help;
};

/* What was asked: one call's options and words. */
struct cli {
	const struct command *command;
	const char *config_file; /* -c, NULL: not given */
	const char *data;        /* --data, NULL: not given */
	msec_t now;              /* --now, else the clock when the program began */
	bool now_given;
	bool json, help, version;
	const char *
		values[CLI_OPTIONS_MAX]; /* of the command's options; NULL: not given */
	const char **words;              /* what is no option, without the command */
	size_t words_n;
};

struct command {
	const char *name;                  /* one word, or two: `quarantine list` */
	const char *words;                 /* its arguments, for the usage line */
	const char *help;                  /* one line */
	size_t least, most;                /* how many arguments; CLI_ANY: no end */
	const struct cli_option *options;  /* ended by a NULL name; NULL: none */
	int (*run)(const struct cli *cli); /* returns the exit code */
};

extern const struct command cli_commands[];
extern const size_t cli_commands_n;
extern const struct cli_option cli_global_options[]; /* ended by a NULL name */

/* The whole program: parse, run, flush. Returns the exit code. */
int cli_main(int argc, char **argv);

/* The value of @name, one of this command's own options; "" for a switch that was
 * given, NULL when it was not. */
const char *cli_value(const struct cli *cli, const char *name);
