/* `outbox`, `verify` and `backup`: is everybody told, is the ledger whole, keep a copy.
 */
#include <stdio.h>
#include <sysexits.h>

#include "gateway/base/json.h"
#include "gateway/cli/commands.h"
#include "gateway/cli/output.h"
#include "gateway/cli/render.h"
#include "gateway/cli/sinks.h"
#include "gateway/cli/view.h"

enum { PAGE = 1000, SHOWN_ROWS = 20 };

/* One sink's rows, on their way to stdout or into the two tables people get. */
struct telling {
	const struct cli *cli;
	struct table rows;
	int64_t last; /* the row seen last */
	int page;     /* rows of this page */
	size_t waiting;
};

static void print_outbox_row(const struct outbox_row *row)
{
	cleanup_buf struct buf line = {0};
	struct json j = {.out = &line};
	char at[INSTANT_TEXT];

	json_open(&j, '{');
	json_put_int(&j, "id", row->id);
	json_put_text(&j, "sink", row->sink);
	json_put_text(&j, "event_id", row->event_id);
	json_put_text(&j, "name", row->name);
	json_put_text(&j, "subject", row->subject);
	json_put_text(&j, "since", instant_text(row->at, at));
	json_put_int(&j, "attempts", row->attempts);
	json_put_text(&j, "last_error", row->last_error);
	json_put_text(&j, "last_attempt_at", instant_text(row->last_attempt_at, at));
	json_put_text(&j, "next_attempt_at", instant_text(row->next_attempt_at, at));
	json_close(&j, '}');
	out_line(&line);
}

static int add_outbox_row(void *context, const struct outbox_row *row)
{
	struct telling *t = context;
	char at[INSTANT_TEXT];

	t->last = row->id;
	t->page++;
	if (t->cli->json) {
		print_outbox_row(row);
		return 0;
	}
	if (++t->waiting > SHOWN_ROWS)
		return 1;
	table_add_int(&t->rows, row->id);
	table_add(&t->rows, row->sink, 0);
	table_add(&t->rows, row->name, 0);
	table_add(&t->rows, row->subject, 40);
	table_add(&t->rows, instant_text(row->at, at), 0);
	table_add_int(&t->rows, row->attempts);
	table_add(&t->rows, instant_text(row->next_attempt_at, at), 0);
	table_add(&t->rows, row->last_error, 60);
	return 0;
}

/* All rows of one sink, a page at a time. */
static int tell_sink(
	struct telling *t, struct ledger_view *view, const char *sink, struct err *e)
{
	t->last = 0;
	t->waiting = 0;
	do {
		t->page = 0;
		if (ledger_view_outbox(view, sink, t->last, PAGE, add_outbox_row, t, e))
			return -1;
	} while (t->page == PAGE && t->waiting <= SHOWN_ROWS);
	return 0;
}

static int tell_each(
	struct telling *t, struct ledger_view *view, const struct sinks *sinks)
{
	struct err e;

	for (size_t i = 0; i < sinks->n; i++)
		if (tell_sink(t, view, sinks->names[i], &e))
			return out_complain_err(t->cli, &e);
	return 0;
}

int command_outbox(const struct cli *cli)
{
	cleanup_reader struct reader reader = {0};
	struct sinks sinks = {0};
	struct telling t = {
		.cli = cli,
		.rows.headings = {"id", "sink", "event", "subject", "since", "attempts",
			"next attempt", "last error"},
	};
	bool only_sinks = cli_value(cli, "--sinks");
	int code = reader_open(cli, &reader);

	if (!code)
		code = sinks_read(cli, reader.view, &sinks);
	if (!code && (only_sinks || !cli->json))
		code = sinks_show(cli, reader.view, &sinks);
	if (!code && !only_sinks)
		code = tell_each(&t, reader.view, &sinks);
	if (!code && table_rows(&t.rows)) {
		out_text("\nthe first %d of each:", SHOWN_ROWS);
		table_print(&t.rows);
	}
	table_deinit(&t.rows);
	sinks_deinit(&sinks);
	return code;
}

int command_verify(const struct cli *cli)
{
	cleanup_reader struct reader reader = {0};
	cleanup_buf struct buf json = {0};
	int failures = 0;
	struct err e;
	int code = reader_open(cli, &reader);

	if (code)
		return code;
	if (ledger_view_verify(reader.view, &json, &failures, &e))
		return out_complain_err(cli, &e);
	rendered_show(cli, &json);
	return failures ? EX_DATAERR : 0;
}

int command_backup(const struct cli *cli)
{
	cleanup_reader struct reader reader = {0};
	cleanup_buf struct buf line = {0};
	struct json j = {.out = &line};
	struct err e;
	int code = reader_open(cli, &reader);

	if (code)
		return code;
	if (ledger_view_backup(reader.view, cli->words[0], &e))
		return out_complain_err(cli, &e);
	if (cli->json) {
		json_open(&j, '{');
		json_put_text(&j, "file", cli->words[0]);
		json_close(&j, '}');
		out_line(&line);
	} else {
		out_text("the ledger is copied to %s", cli->words[0]);
	}
	return 0;
}
