#include "gateway/cli/command.h"

#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>
#include <unistd.h>

#include "gateway/base/err.h"
#include "gateway/base/mem.h"
#include "gateway/cli/arguments.h"
#include "gateway/cli/commands.h"
#include "gateway/cli/output.h"

const struct cli_option cli_global_options[] = {
	{"-c", "FILE",
		"the configuration (./adapters.yaml, /etc/congvan/adapters.yaml)"},
	{"--data", "DIR", "the data folder, instead of the configuration's"},
	{"--now", "TIME", "the clock for rules and reports, RFC 3339"},
	{"--json", NULL, "one JSON object a line, complaints included"},
	{"--help", NULL, "what a command does"},
	{"-h", NULL, "the same"},
	{"--version", NULL, "which version this is"},
	{0},
};

static const struct cli_option run_options[] = {
	{"--once", NULL, "handle all that waits, tell the world, and end"},
	{0},
};
static const struct cli_option check_options[] = {
	{"--connect", NULL, "also try whether each peer answers"},
	{0},
};
static const struct cli_option adapter_options[] = {
	{"--adapter", "NAME", "read the files as this adapter would"},
	{0},
};
static const struct cli_option read_options[] = {
	{"--adapter", "NAME", "read the files as this adapter would"},
	{"--mapping", "FILE", "read the files by this mapping"},
	{0},
};
static const struct cli_option test_options[] = {
	{"--write", NULL, "where nothing is expected yet, expect what is found"},
	{0},
};
static const struct cli_option tasks_options[] = {
	{"--state", "S", "only those in this state"},
	{"--organ", "ID", "only those this organ leads"},
	{"--overdue", NULL, "only open ones past their deadline"},
	{"--document", "ID", "only those of this document"},
	{"--as-of", "DATE", "as the ledger knew them at the end of that day"},
	{0},
};
static const struct cli_option task_options[] = {
	{"--due", "D", "refuse, extend: the new deadline"},
	{"--to", "ORGAN", "hand-back accept: who owes it now"},
	{"--on", "D", "report: the day it was done"},
	{"--reason", "R", "why; refuse and extend need it"},
	{"--by", "WHO", "who decided; always needed"},
	{0},
};
static const struct cli_option suggestion_options[] = {
	{"--task", "NV-n,…", "accept: which of several candidates"},
	{"--reason", "R", "why"},
	{"--by", "WHO", "who decided; always needed"},
	{0},
};
static const struct cli_option all_options[] = {
	{"--all", NULL, "also those that are dealt with"},
	{0},
};
static const struct cli_option replay_options[] = {
	{"--dry-run", NULL, "say what would happen and change nothing"},
	{0},
};
static const struct cli_option discard_options[] = {
	{"--by", "WHO", "who decided"},
	{"--reason", "R", "why"},
	{0},
};
static const struct cli_option outbox_options[] = {
	{"--sinks", NULL, "only how each sink fares"},
	{0},
};
static const struct cli_option dead_list_options[] = {
	{"--sink", "NAME", "only those of this sink"},
	{"--cause", "R", "only those with this cause"},
	{"--all", NULL, "also those that are dealt with"},
	{0},
};
static const struct cli_option dead_replay_options[] = {
	{"--sink", "NAME", "all of this sink"},
	{"--cause", "R", "of these only those with this cause"},
	{0},
};
static const struct cli_option dead_discard_options[] = {
	{"--sink", "NAME", "all of this sink"},
	{"--cause", "R", "of these only those with this cause"},
	{"--by", "WHO", "who decided"},
	{"--reason", "R", "why"},
	{0},
};
static const struct cli_option import_options[] = {
	{"--adapter", "NAME", "fetch the list from the axis of this source"},
	{"--output", "FILE", "write the table there, not to stdout"},
	{"--merge", NULL, "into the configured table, of which all is kept"},
	{"--under", "ID", "only this organ and those below it"},
	{0},
};

static const struct cli_option topology_options[] = {
	{"--apply", NULL, "declare it there"},
	{0},
};
static const struct cli_option bench_options[] = {
	{"--documents", "N", "so many a turn, instead of each stage's own number"},
	{"--large", NULL, "also with a ledger of 1,000,000 documents"},
	{"--size", "N", "so many in the large ledger, instead of 1,000,000"},
	{"--amqp-url", "URL", "the broker for the stages that need one"},
	{0},
};

const struct command cli_commands[] = {
	{"run", "", "the gateway: take documents in, tell the world, until stopped", 0,
		0, run_options, command_run},
	{"check", "", "every complaint about the configuration", 0, 0, check_options,
		command_check},
	{"parse", "FILE...", "the document event of each file", 1, CLI_ANY,
		read_options, command_parse},
	{"lint", "FILE...", "the quirks of each file, for the vendor who made it", 1,
		CLI_ANY, read_options, command_lint},
	{"test", "[FILE...]", "mappings against the samples beside them", 0, CLI_ANY,
		test_options, command_test},
	{"ingest", "FILE...", "files into the ledger, now", 1, CLI_ANY, adapter_options,
		command_ingest},
	{"tasks", "", "the ledger's tasks, by number", 0, 0, tasks_options,
		command_tasks},
	{"task", "ID ACT...",
		"confirm, refuse, extend, hand-back accept|decline, report, deadline "
		"accept, "
		"undo",
		2, 3, task_options, command_task},
	{"suggestion", "ID accept|decline", "decide a case of the confirm list", 2, 2,
		suggestion_options, command_suggestion},
	{"explain", "ID", "why: of a task, a suggestion or a document", 1, 1, NULL,
		command_explain},
	{"suggestions", "", "possible answers that a person must confirm", 0, 0,
		all_options, command_suggestions},
	{"quarantine list", "", "events set aside because they could not be understood",
		0, 0, all_options, command_quarantine_list},
	{"quarantine show", "ID", "one of them: why, and where its bytes are", 1, 1,
		NULL, command_quarantine_show},
	{"quarantine replay", "[ID...]",
		"try them again, with the configuration as it is", 0, CLI_ANY,
		replay_options, command_quarantine_replay},
	{"replay", "[ID...]", "the same as quarantine replay", 0, CLI_ANY,
		replay_options, command_quarantine_replay},
	{"quarantine discard", "ID", "close one for good; its bytes stay", 1, 1,
		discard_options, command_quarantine_discard},
	{"outbox", "", "what is still to be told, to whom, since when", 0, 0,
		outbox_options, command_outbox},
	{"dead-letter list", "", "events that a receiver refused for good", 0, 0,
		dead_list_options, command_dead_letter_list},
	{"dead-letter show", "ID", "one of them, with what it says", 1, 1, NULL,
		command_dead_letter_show},
	{"dead-letter replay", "[ID...]", "put them back into the outbox of their sink",
		0, CLI_ANY, dead_replay_options, command_dead_letter_replay},
	{"dead-letter discard", "[ID...]", "close them for good", 0, CLI_ANY,
		dead_discard_options, command_dead_letter_discard},
	{"sink resume", "NAME", "let a sink that its receiver stopped go on", 1, 1,
		NULL, command_sink_resume},
	{"verify", "", "INV-2 to INV-5 over the whole ledger", 0, 0, NULL,
		command_verify},
	{"calendar", "[YEAR]", "the days off and the make-up days of a year", 0, 1,
		NULL, command_calendar},
	{"calendar add", "DATE N", "the day N working days after DATE", 2, 2, NULL,
		command_calendar_add},
	{"organs list", "", "the organ table: who is who", 0, 0, NULL,
		command_organs_list},
	{"organs find", "ID|NAME...", "organs by the beginning of an id, or by name", 1,
		CLI_ANY, NULL, command_organs_find},
	{"organs import", "[FILE]", "organs.yaml from an agency list of the axis", 0, 1,
		import_options, command_organs_import},
	{"topology", "", "what there is at the broker, and who may do what", 0, 0,
		topology_options, command_topology},
	{"backup", "FILE", "a copy of the ledger, taken while it is in use", 1, 1, NULL,
		command_backup},
	{"bench", "[STAGE...]", "how fast each stage is beside the bare library", 0,
		CLI_ANY, bench_options, command_bench},
	{"version", "", "which version this is, and of which libraries", 0, 0, NULL,
		command_version},
	{"help", "[COMMAND]", "what there is, or what one command does", 0, 2, NULL,
		command_help},
};
const size_t cli_commands_n = sizeof(cli_commands) / sizeof(cli_commands[0]);

static void help_options(const struct cli_option *options)
{
	for (; options && options->name; options++) {
		cleanup_buf struct buf left = {0};

		buf_printf(&left, "%s%s%s", options->name, options->value ? " " : "",
			options->value ? options->value : "");
		out_text("  %-18s %s", buf_text(&left), options->help);
	}
}

static void help_command(const struct command *command)
{
	cleanup_buf struct buf usage = {0};

	arguments_usage(command, &usage);
	out_text("%s\n\n%s", buf_text(&usage), command->help);
	if (command->options) {
		out_text("%s", "");
		help_options(command->options);
	}
}

static void help_all(void)
{
	cleanup_buf struct buf usage = {0};

	arguments_usage(NULL, &usage);
	out_text("%s\n", buf_text(&usage));
	for (size_t i = 0; i < cli_commands_n; i++)
		out_text("  %-18s %s", cli_commands[i].name, cli_commands[i].help);
	out_text("%s", "");
	help_options(cli_global_options);
	out_text("\n`congvan help COMMAND` says more; all of it is in docs/cli.md.");
}

int command_help(const struct cli *cli)
{
	const char *second = cli->words_n > 1 ? cli->words[1] : NULL;
	const struct command *command;
	bool found = false;
	size_t words;

	if (!cli->words_n) {
		help_all();
		return 0;
	}
	command = arguments_find_command(cli->words[0], second, &words);
	if (command && words == cli->words_n) {
		help_command(command);
		return 0;
	}
	for (size_t i = 0; !second && i < cli_commands_n; i++) {
		if (arguments_is_group(cli_commands[i].name, cli->words[0])) {
			if (found)
				out_text("%s", "");
			help_command(&cli_commands[i]);
			found = true;
		}
	}
	if (found)
		return 0;
	out_complain(cli, "usage", "no command '%s%s%s'; `congvan help` lists them",
		cli->words[0], second ? " " : "", second ? second : "");
	return EX_USAGE;
}

/*
 * A file opened later must never get the number of a closed stdin, stdout or stderr:
 * what is printed would end up in the ledger. A stand-in for stdout that cannot be
 * written keeps the fault visible.
 */
static void occupy_standard_files(void)
{
	for (int fd = 0; fd <= 2; fd++) {
		if (fcntl(fd, F_GETFD) < 0 &&
			open("/dev/null", fd == 1 ? O_RDONLY : O_RDWR) != fd)
			_exit(EX_UNAVAILABLE);
	}
}

/* Whoever used a command wrongly sees how it is used. */
static int show_usage(const struct cli *cli)
{
	cleanup_buf struct buf usage = {0};

	arguments_usage(cli->command, &usage);
	if (!cli->json)
		fprintf(stderr, "%s\n", buf_text(&usage));
	return EX_USAGE;
}

static int run(struct cli *cli, int argc, char **argv)
{
	struct err e;
	int code = 0;

	if (arguments_parse(cli, argc, argv, &e))
		code = out_complain_err(cli, &e);
	else if (cli->help && cli->command)
		help_command(cli->command);
	else if (cli->help)
		help_all();
	else if (cli->version)
		code = command_version(cli);
	else
		code = cli->command->run(cli);
	return code == EX_USAGE ? show_usage(cli) : code;
}

/*
 * Left to itself glibc keeps the room of a large message once it was freed, and grows
 * the next one by copying: two messages' worth of memory where one would do. Small
 * blocks come and go by the thousand; what they need is kept.
 */
static void settle_memory(void)
{
	mallopt(M_MMAP_THRESHOLD, 512 * 1024);
	mallopt(M_TRIM_THRESHOLD, 4 * 1024 * 1024);
}

int cli_main(int argc, char **argv)
{
	struct cli cli = {.now = clock_now()};

	settle_memory();
	occupy_standard_files();
	signal(SIGPIPE, SIG_IGN); /* a reader that left is seen when we write */
	signal(SIGXFSZ, SIG_IGN); /* and so is a file that may not grow */

	int code = run(&cli, argc ? argc - 1 : 0, argv + (argc ? 1 : 0));

	free(cli.words);
	return out_finish(code);
}
