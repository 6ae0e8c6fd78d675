/*
 * `organs import`: an agency list of the national axis made into organs.yaml.
 * Everything is read, merged and laid out before the first byte is written; a bad list
 * writes nothing.
 */
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "adapters/agency_list.h"
#include "gateway/base/json.h"
#include "gateway/cli/commands.h"
#include "gateway/cli/output.h"
#include "gateway/cli/setup.h"
#include "gateway/config/file.h"
#include "gateway/config/organs_merge.h"
#include "gateway/config/organs_write.h"

enum { LIST_MAX_BYTES = 256 * 1024 * 1024 };

/* Where the list comes from, for people. */
static const char *list_name(const struct cli *cli)
{
	const char *adapter = cli_value(cli, "--adapter");

	return adapter ? adapter : cli->words[0];
}

/* Complaints about a list are shown as those about a configuration file are. */
static void say(const struct cli *cli, const struct agency_list *list)
{
	struct config_complaints complaints = {0};

	for (size_t i = 0; i < list->complaints.n; i++) {
		const struct agency_complaint *c = &list->complaints.at[i];

		*LIST_ADD(&complaints.arena, &complaints.list) =
			(struct config_complaint){.file = list_name(cli),
				.line = c->line,
				.column = c->column,
				.message = c->text,
				.warning = true};
	}
	setup_say(cli, &complaints, true);
	config_complaints_deinit(&complaints);
}

static int refuse(
	const struct cli *cli, const struct agency_list *list, const struct err *e)
{
	struct config_complaint c = {.file = list_name(cli),
		.line = list->line,
		.column = list->column,
		.message = e->text};
	struct config_complaints one = {.list = {.at = &c, .n = 1}};

	setup_say(cli, &one, true);
	return EX_DATAERR;
}

static int read_file(const struct cli *cli, struct buf *bytes)
{
	const char *file = cli->words[0];
	struct err e;

	if (!file_read(
		    strcmp(file, "-") ? file : "/dev/stdin", LIST_MAX_BYTES, bytes, &e))
		return 0;
	out_complain(cli, "input", "%s: the list cannot be read: %s", file, e.text);
	return EX_DATAERR;
}

/* From the axis that an adapter of the configuration is connected to. */
static int fetch(const struct cli *cli, const struct config *config, struct buf *bytes)
{
	const char *name = cli_value(cli, "--adapter");
	const struct config_adapter *adapter = config_find_adapter(config, name);
	struct err e;

	if (!adapter || !adapter->source || !adapter->source->agencies) {
		out_complain(cli, "usage",
			"--adapter: %s is no source that has a list of agencies; it "
			"must be a vxp source",
			name);
		return EX_USAGE;
	}
	if (!adapter->source->agencies(adapter->options, bytes, &e))
		return 0;
	err_wrap(&e, "%s", name);
	return out_complain_err(cli, &e);
}

static int read_list(
	const struct cli *cli, const struct config *config, struct agency_list *list)
{
	cleanup_buf struct buf bytes = {0};
	struct err e;
	int code = cli_value(cli, "--adapter") ? fetch(cli, config, &bytes)
					       : read_file(cli, &bytes);

	if (code)
		return code;
	if (agency_list_read(list, buf_text(&bytes), bytes.n, &e))
		return refuse(cli, list, &e);
	return 0;
}

static void print_summary(const struct cli *cli, const char *output,
	const struct agency_list *list, const struct organs_merged *merged)
{
	cleanup_buf struct buf line = {0};
	struct json j = {.out = &line};

	if (!cli->json) {
		out_text("%s: %zu organs, %zu of them new, from a list of %zu; "
			 "complaints: %zu",
			output, merged->n, merged->added, list->agencies.n,
			list->complaints.n);
		return;
	}
	json_open(&j, '{');
	json_put_text(&j, "file", output);
	json_put_int(&j, "organs", (int64_t)merged->n);
	json_put_int(&j, "added", (int64_t)merged->added);
	json_put_int(&j, "agencies", (int64_t)list->agencies.n);
	json_put_int(&j, "complaints", (int64_t)list->complaints.n);
	json_close(&j, '}');
	out_line(&line);
}

static int write_table(const struct cli *cli, const struct agency_list *list,
	const struct organs_merged *merged)
{
	const char *output = cli_value(cli, "--output");
	cleanup_buf struct buf yaml = {0};
	struct err e;

	if (organs_write(merged->organs, merged->n, &yaml, &e))
		return out_complain_err(cli, &e);
	if (output) {
		if (file_write(output, &yaml, &e))
			return out_complain_err(cli, &e);
		print_summary(cli, output, list, merged);
	} else {
		yaml.n--; /* out_line ends the last line itself */
		out_line(&yaml);
	}
	return 0;
}

static int import(
	const struct cli *cli, const struct config *config, struct agency_list *list)
{
	const struct organ_table *table =
		config && cli_value(cli, "--merge") ? config->organs : NULL;
	struct organs_merged merged;
	struct err e;
	int code = read_list(cli, config, list);

	if (code)
		return code;
	if (organs_merge(list, table, cli_value(cli, "--under"), &merged, &e))
		return out_complain_err(cli, &e);
	say(cli, list);
	return write_table(cli, list, &merged);
}

/* What cannot go together, or would lose what somebody wrote. */
static int judge_options(const struct cli *cli)
{
	const char *output = cli_value(cli, "--output");

	if (!cli_value(cli, "--adapter") == !cli->words_n)
		out_complain(cli, "usage",
			"name either a FILE with the list or, with --adapter, the "
			"source to fetch it from");
	else if (cli->json && !output)
		out_complain(cli, "usage",
			"with --json the table needs a file of its own: --output FILE");
	else if (output && !cli_value(cli, "--merge") && !access(output, F_OK))
		out_complain(cli, "usage",
			"%s is there already; --merge keeps what the configured table "
			"says, or name a new file",
			output);
	else
		return 0;
	return EX_USAGE;
}

int command_organs_import(const struct cli *cli)
{
	cleanup_config struct config *config = NULL;
	struct agency_list list = {0};
	int code = judge_options(cli);

	if (!code && (cli_value(cli, "--merge") || cli_value(cli, "--adapter")))
		code = setup_config(cli, false, &config);
	if (code)
		return code;
	code = import(cli, config, &list);
	agency_list_deinit(&list);
	return code;
}
