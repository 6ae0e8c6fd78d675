/*
 * `parse` and `lint`: what a file says, without a ledger. Neither looks for a
 * configuration unless it is named. X1: of a restricted document, whole or refused half
 * way, only its id and class are said.
 */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "adapters/codec.h"
#include "gateway/base/json.h"
#include "gateway/base/mem.h"
#include "gateway/base/shown.h"
#include "gateway/cli/commands.h"
#include "gateway/cli/lines.h"
#include "gateway/cli/output.h"
#include "gateway/cli/setup.h"
#include "gateway/model/event_json.h"
#include "gateway/rules/secrecy.h"

MEM_CLEANUP(codec, struct codec, codec_free)

/* One file as it was read. */
struct reading {
	const char *file;
	struct event *event; /* NULL: nothing of it could be read */
	struct codec_error error;
	bool failed;
	enum event_secrecy secrecy; /* SECRECY_NONE: it may be shown */
};

typedef void (*reading_print)(const struct cli *cli, const struct reading *reading);

static int open_codec(const struct cli *cli, const char *name, struct codec **ret_codec)
{
	cleanup_config struct config *config = NULL;
	const struct config_adapter *adapter;
	struct codec_options options;
	struct err e;

	if (name || cli->config_file) {
		int code = setup_config(cli, false, &config);

		if (code)
			return code;
	} else {
		config = config_none();
	}
	if (setup_source(config, name, &adapter, &e) ||
		setup_codec(config, adapter, &options, &e))
		return out_complain_err(cli, &e);
	*ret_codec = codec_new(&options);
	return 0;
}

static void read_file(struct codec *codec, const char *file, struct reading *reading)
{
	enum codec_result result;
	struct err e;

	*reading = (struct reading){.file = file};
	if (!strcmp(file, "-"))
		result = codec_read_fd(
			codec, STDIN_FILENO, &reading->event, &reading->error, &e);
	else
		result = codec_read_file(
			codec, file, &reading->event, &reading->error, &e);

	reading->failed = result != CODEC_OK;
	if (result == CODEC_FAULT) {
		reading->event = NULL;
		reading->error = (struct codec_error){.code = "file.unreadable"};
		snprintf(reading->error.message, sizeof(reading->error.message),
			"%.200s", e.text);
	}
	if (reading->event)
		reading->secrecy = secrecy_of(reading->event);
}

static int read_files(const struct cli *cli, struct codec *codec, reading_print print)
{
	int code = 0;

	for (size_t i = 0; i < cli->words_n; i++) {
		struct reading reading;

		read_file(codec, cli->words[i], &reading);
		print(cli, &reading);
		if (reading.failed && reading.secrecy == SECRECY_NONE)
			code = EX_DATAERR;
		event_free(reading.event);
	}
	return code;
}

static void print_parsed(const struct cli *cli, const struct reading *r)
{
	cleanup_buf struct buf line = {0};
	struct json j = {.out = &line};

	(void)cli; /* always JSON */
	json_open(&j, '{');
	json_put_text(&j, "file", r->file);
	if (r->secrecy != SECRECY_NONE) {
		line_put_restricted(&j, r->event, r->secrecy);
	} else if (r->failed) {
		line_put_error(&j, r->error.code, r->error.line, r->error.column,
			r->error.message);
	} else {
		json_key(&j, "event");
		event_json_write(&j, r->event, false);
	}
	json_close(&j, '}');
	out_line(&line);
}

int command_parse(const struct cli *cli)
{
	cleanup(codec) struct codec *codec = NULL;
	int code = open_codec(cli, cli_value(cli, "--adapter"), &codec);

	return code ? code : read_files(cli, codec, print_parsed);
}

static const char *const severity_words[] = {
	[QUIRK_INFO] = "info",
	[QUIRK_WARNING] = "warning",
	[QUIRK_ERROR] = "error",
};

static void lint_json(const struct reading *r)
{
	for (size_t i = 0; r->event && i < r->event->quirks.n; i++) {
		const struct event_quirk *quirk = &r->event->quirks.at[i];
		const struct quirk_row *row = quirk_find(quirk->code);
		cleanup_buf struct buf line = {0};
		struct json j = {.out = &line};

		json_open(&j, '{');
		json_put_text(&j, "file", r->file);
		json_put_text(&j, "code", quirk->code);
		json_put_text(
			&j, "severity", row ? severity_words[row->severity] : NULL);
		json_put_text(&j, "path", quirk->path);
		json_put_text(&j, "value", quirk->value);
		json_put_text(&j, "meaning", row ? row->meaning : NULL);
		json_close(&j, '}');
		out_line(&line);
	}
	if (r->failed)
		print_parsed(NULL, r);
}

static void lint_table(const struct reading *r)
{
	cleanup_table struct table table = {
		.headings = {"severity", "code", "path", "value", "meaning"}};

	for (size_t i = 0; i < r->event->quirks.n; i++) {
		const struct event_quirk *quirk = &r->event->quirks.at[i];
		const struct quirk_row *row = quirk_find(quirk->code);

		table_add(&table, row ? severity_words[row->severity] : NULL, 0);
		table_add(&table, quirk->code, 0);
		table_add(&table, quirk->path, 0);
		table_add(&table, quirk->value, 40);
		table_add(&table, row ? row->meaning : NULL, 0);
	}
	table_print(&table);
}

static void lint_people(const struct cli *cli, const struct reading *r)
{
	cleanup_arena struct arena arena = {0};
	size_t quirks = r->event ? r->event->quirks.n : 0;
	const char *file = shown_text(&arena, r->file, 0);

	if (quirks || !r->failed)
		out_text("%s: %zu quirk%s", file, quirks, quirks == 1 ? "" : "s");
	if (quirks)
		lint_table(r);
	if (r->failed && r->error.line)
		out_complain(cli, r->error.code, "%s:%d:%d: %s: %s", r->file,
			r->error.line, r->error.column, r->error.code,
			r->error.message);
	else if (r->failed)
		out_complain(cli, r->error.code, "%s: %s: %s", r->file, r->error.code,
			r->error.message);
}

static void print_lint(const struct cli *cli, const struct reading *r)
{
	cleanup_arena struct arena arena = {0};

	if (r->secrecy != SECRECY_NONE && cli->json)
		print_parsed(cli, r);
	else if (r->secrecy != SECRECY_NONE)
		out_text("%s: restricted (%s): nothing of it is shown",
			shown_text(&arena, r->file, 0),
			event_secrecy_words[r->secrecy]);
	else if (cli->json)
		lint_json(r);
	else
		lint_people(cli, r);
}

int command_lint(const struct cli *cli)
{
	cleanup(codec) struct codec *codec = NULL;
	int code = open_codec(cli, NULL, &codec);

	return code ? code : read_files(cli, codec, print_lint);
}
