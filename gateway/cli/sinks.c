/* How each sink fares: its state, what waits for it, what it refused; and letting one
 * that its receiver stopped go on. */
#include "gateway/cli/sinks.h"

#include <sysexits.h>

#include "gateway/base/json.h"
#include "gateway/base/mem.h"
#include "gateway/cli/commands.h"
#include "gateway/cli/output.h"
#include "gateway/cli/setup.h"
#include "gateway/cli/view.h"

MEM_CLEANUP(ledger, struct ledger, ledger_close)

static int add_name(void *context, const char *sink)
{
	struct sinks *sinks = context;

	sinks->names = arena_grow(&sinks->arena, sinks->names, sinks->n, &sinks->cap,
		sizeof(*sinks->names));
	sinks->names[sinks->n++] = arena_dup(&sinks->arena, sink);
	return 0;
}

int sinks_read(const struct cli *cli, struct ledger_view *view, struct sinks *ret_sinks)
{
	struct err e;

	*ret_sinks = (struct sinks){0};
	return ledger_view_sinks(view, add_name, ret_sinks, &e)
		       ? out_complain_err(cli, &e)
		       : 0;
}

void sinks_deinit(struct sinks *sinks)
{
	arena_deinit(&sinks->arena);
}

static void put_line(const char *name, const struct ledger_sink *sink,
	const struct ledger_sink_depth *depth)
{
	cleanup_buf struct buf line = {0};
	struct json j = {.out = &line};
	char at[INSTANT_TEXT];

	json_open(&j, '{');
	json_put_text(&j, "sink", name);
	json_put_text(&j, "state", ledger_sink_words[sink->state]);
	json_put_text(&j, "since", instant_text(sink->since, at));
	json_put_text(&j, "next_at", instant_text(sink->next_at, at));
	json_put_text(&j, "last_error", sink->error);
	json_put_int(&j, "waiting", depth->waiting);
	json_put_text(&j, "oldest", instant_text(depth->oldest, at));
	json_put_int(&j, "dead_letters", depth->dead);
	json_close(&j, '}');
	out_line(&line);
}

static void put_row(struct table *table, const char *name,
	const struct ledger_sink *sink, const struct ledger_sink_depth *depth)
{
	char at[INSTANT_TEXT];

	table_add(table, name, 0);
	table_add(table, ledger_sink_words[sink->state], 0);
	table_add(table, instant_text(sink->since, at), 0);
	table_add(table, instant_text(sink->next_at, at), 0);
	table_add_int(table, depth->waiting);
	table_add(table, instant_text(depth->oldest, at), 0);
	table_add_int(table, depth->dead);
	table_add(table, sink->error, 60);
}

int sinks_show(
	const struct cli *cli, struct ledger_view *view, const struct sinks *sinks)
{
	cleanup_table struct table table = {
		.headings = {"sink", "state", "since", "next try", "waiting",
			"oldest since", "dead", "last error"}};

	for (size_t i = 0; i < sinks->n; i++) {
		const char *name = sinks->names[i];
		struct ledger_sink_depth depth;
		struct ledger_sink sink;
		struct err e;

		/* The sink's texts live until the next call, so it comes last. */
		if (ledger_view_sink_depth(view, name, &depth, &e) ||
			ledger_view_sink(view, name, &sink, &e))
			return out_complain_err(cli, &e);
		if (cli->json)
			put_line(name, &sink, &depth);
		else
			put_row(&table, name, &sink, &depth);
	}
	if (!cli->json)
		table_print(&table);
	return 0;
}

int command_sink_resume(const struct cli *cli)
{
	cleanup_reader struct reader reader = {0};
	cleanup(ledger) struct ledger *ledger = NULL;
	const char *name = cli->words[0];
	enum ledger_find find;
	struct err e;
	int code = reader_open(cli, &reader);

	if (code)
		return code;
	if (ledger_open(&reader.options, &ledger, &e) || ledger_begin(ledger, &e))
		return out_complain_err(cli, &e);
	find = ledger_sink_resume(ledger, name, &e);
	if (find == LEDGER_FIND_NONE) {
		out_complain(cli, "id.unknown", "there is no stopped sink '%s'", name);
		return EX_DATAERR;
	}
	if (find == LEDGER_FIND_FAULT || ledger_commit(ledger, &e))
		return out_complain_err(cli, &e);
	cleanup_buf struct buf line = {0};
	struct json j = {.out = &line};

	json_open(&j, '{');
	json_put_text(&j, "sink", name);
	json_put_text(&j, "state", ledger_sink_words[LEDGER_SINK_WORKING]);
	json_close(&j, '}');
	if (cli->json)
		out_line(&line);
	else
		out_text("%s goes on", name);
	return 0;
}
