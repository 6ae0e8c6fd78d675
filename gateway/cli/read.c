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

/* One document as it was read. */
struct document {
	const char *file;
	size_t part;         /* of its file's; 0: there is one */
	struct event *event; /* NULL: nothing of it could be read */
	struct codec_error error;
	bool failed;
	enum event_secrecy secrecy; /* SECRECY_NONE: it may be shown */
};

typedef void (*document_print)(const struct cli *cli, const struct document *document);

/* What `--mapping FILE` names, in @arena; NULL: nothing. Returns the exit code. */
static int open_mapping(
	const struct cli *cli, struct arena *arena, const struct mapping **ret_mapping)
{
	const char *file = cli_value(cli, "--mapping");
	struct config_complaints complaints = {0};

	*ret_mapping = NULL;
	if (!file)
		return 0;
	if (cli_value(cli, "--adapter")) {
		out_complain(cli, "usage", "--mapping and --adapter: name one of them");
		return EX_USAGE;
	}
	int failed = config_load_mapping(file, arena, ret_mapping, &complaints);

	setup_say(cli, &complaints, false);
	config_complaints_deinit(&complaints);
	return failed ? EX_CONFIG : 0;
}

/* How the files are read. The codec borrows from @ret_config and @arena. */
static int open_codec(const struct cli *cli, struct arena *arena,
	struct config **ret_config, struct codec **ret_codec)
{
	const char *name = cli_value(cli, "--adapter");
	const struct config_adapter *adapter;
	const struct mapping *mapping;
	struct codec_options options;
	struct err e;
	int code = open_mapping(cli, arena, &mapping);

	if (!code && (name || cli->config_file))
		code = setup_config(cli, false, ret_config);
	else if (!code)
		*ret_config = config_none();
	if (code)
		return code;
	if (setup_source(*ret_config, name, &adapter, &e) ||
		setup_codec(*ret_config, adapter, &options, &e))
		return out_complain_err(cli, &e);
	if (mapping) {
		options.format = CODEC_MAPPING;
		options.mapping = mapping;
	}
	*ret_codec = codec_new(&options);
	return 0;
}

static void note_read(struct document *d, const struct codec *codec,
	enum codec_result result, const struct err *e)
{
	d->failed = result != CODEC_OK;
	d->part = codec_number(codec);
	if (result == CODEC_FAULT) {
		d->event = NULL;
		d->error = (struct codec_error){.code = "file.unreadable"};
		snprintf(d->error.message, sizeof(d->error.message), "%.200s", e->text);
	}
	if (d->event)
		d->secrecy = secrecy_of(d->event);
}

static void read_first(struct codec *codec, const char *file, struct document *d)
{
	bool is_stdin = !strcmp(file, "-");
	struct err e = {0};

	*d = (struct document){.file = file};
	note_read(d, codec,
		is_stdin ? codec_read_fd(codec, STDIN_FILENO, &d->event, &d->error, &e)
			 : codec_read_file(codec, file, &d->event, &d->error, &e),
		&e);
}

static void read_next(struct codec *codec, const char *file, struct document *d)
{
	struct err e = {0};

	*d = (struct document){.file = file};
	note_read(d, codec, codec_next(codec, &d->event, &d->error, &e), &e);
}

/* The exit code for one document. */
static int say(const struct cli *cli, struct document *d, document_print print)
{
	int code = d->failed && d->secrecy == SECRECY_NONE ? EX_DATAERR : 0;

	print(cli, d);
	event_free(d->event);
	return code;
}

static int read_files(const struct cli *cli, document_print print)
{
	cleanup_config struct config *config = NULL;
	cleanup_arena struct arena arena = {0};
	cleanup(codec) struct codec *codec = NULL;
	int code = open_codec(cli, &arena, &config, &codec);

	for (size_t i = 0; codec && i < cli->words_n; i++) {
		const char *file = cli->words[i];
		struct document document;

		read_first(codec, file, &document);
		code |= say(cli, &document, print);
		while (codec_left(codec)) {
			read_next(codec, file, &document);
			code |= say(cli, &document, print);
		}
	}
	return code;
}

static void print_parsed(const struct cli *cli, const struct document *r)
{
	cleanup_buf struct buf line = {0};
	struct json j = {.out = &line};

	(void)cli; /* always JSON */
	json_open(&j, '{');
	json_put_text(&j, "file", r->file);
	line_put_part(&j, r->part);
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
	return read_files(cli, print_parsed);
}

static const char *const severity_words[] = {
	[QUIRK_INFO] = "info",
	[QUIRK_WARNING] = "warning",
	[QUIRK_ERROR] = "error",
};

static void lint_json(const struct document *r)
{
	for (size_t i = 0; r->event && i < r->event->quirks.n; i++) {
		const struct event_quirk *quirk = &r->event->quirks.at[i];
		const struct quirk_row *row = quirk_find(quirk->code);
		cleanup_buf struct buf line = {0};
		struct json j = {.out = &line};

		json_open(&j, '{');
		json_put_text(&j, "file", r->file);
		line_put_part(&j, r->part);
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

static void lint_table(const struct document *r)
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

/* `file.xml`, or `file.xml#2` where it has several documents. */
static const char *shown_document(struct arena *arena, const struct document *r)
{
	const char *file = shown_text(arena, r->file, 0);

	return r->part ? arena_printf(arena, "%s#%zu", file, r->part) : file;
}

static void lint_people(const struct cli *cli, const struct document *r)
{
	cleanup_arena struct arena arena = {0};
	size_t quirks = r->event ? r->event->quirks.n : 0;
	const char *file = shown_document(&arena, r);

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

static void print_lint(const struct cli *cli, const struct document *r)
{
	cleanup_arena struct arena arena = {0};

	if (r->secrecy != SECRECY_NONE && cli->json)
		print_parsed(cli, r);
	else if (r->secrecy != SECRECY_NONE)
		out_text("%s: restricted (%s): nothing of it is shown",
			shown_document(&arena, r), event_secrecy_words[r->secrecy]);
	else if (cli->json)
		lint_json(r);
	else
		lint_people(cli, r);
}

int command_lint(const struct cli *cli)
{
	return read_files(cli, print_lint);
}
