/* `tasks`, `explain` and `suggestions`: what the ledger knows, read beside its writer.
 */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "gateway/base/json.h"
#include "gateway/cli/commands.h"
#include "gateway/cli/output.h"
#include "gateway/cli/render.h"
#include "gateway/cli/view.h"
#include "gateway/model/event.h"
#include "gateway/model/task.h"

enum { SUBJECT_COLUMNS = 48, FLAGS_COLUMNS = 40, TASK_STATES = 7 };

static int add_task(void *context, const struct task *task, enum timeliness timeliness)
{
	struct listing *l = context;
	cleanup_buf struct buf line = {0}, flags = {0};
	struct json j = {.out = &line};
	char id[32], due[DAY_TEXT];

	if (l->cli->json) {
		task_json_write(&j, task, timeliness);
		out_line(&line);
		return 0;
	}
	snprintf(id, sizeof(id), "NV-%lld", (long long)task->id);
	table_add(&l->table, id, 0);
	table_add(&l->table, task->lead, 0);
	table_add(&l->table, day_text(task->due_on, due), 0);
	table_add(&l->table, task_state_words[task->state], 0);
	table_add(&l->table, timeliness_words[timeliness], 0);
	task_flags_text(task, timeliness, &flags);
	table_add(&l->table, flags.n ? buf_text(&flags) : NULL, FLAGS_COLUMNS);
	table_add(&l->table, task->document.code, 0);
	table_add(&l->table, task->document.subject, SUBJECT_COLUMNS);
	return 0;
}

static int refuse_state(const struct cli *cli, const char *state)
{
	cleanup_buf struct buf words = {0};

	for (size_t i = 0; i < TASK_STATES; i++)
		buf_printf(&words, "%s%s", i ? ", " : "", task_state_words[i]);
	out_complain(cli, "usage", "--state: there is no '%s'; there are %s", state,
		buf_text(&words));
	return EX_USAGE;
}

/* The last instant of the day; false, and said, when it is none. */
static bool read_as_of(const struct cli *cli, struct task_filter *filter)
{
	const char *text = cli_value(cli, "--as-of");
	day_t day = day_parse(text);

	if (!text)
		return true;
	if (day == DAY_NONE) {
		out_complain(cli, "usage",
			"--as-of: '%s' is no date; yyyy-mm-dd would be right", text);
		return false;
	}
	filter->as_of = true;
	filter->now = day_start(day + 1) - 1;
	return true;
}

int command_tasks(const struct cli *cli)
{
	cleanup_reader struct reader reader = {0};
	cleanup_listing struct listing listing = {
		.cli = cli,
		.table.headings = {"id", "lead", "due", "state", "timeliness", "flags",
			"code", "subject"},
	};
	struct task_filter filter = {
		.state = cli_value(cli, "--state"),
		.organ = cli_value(cli, "--organ"),
		.overdue = cli_value(cli, "--overdue"),
		.document = cli_value(cli, "--document"),
		.now = cli->now,
	};
	struct err e;

	if (!read_as_of(cli, &filter))
		return EX_USAGE;
	if (filter.state &&
		event_word_index(task_state_words, TASK_STATES, filter.state) < 0)
		return refuse_state(cli, filter.state);
	int code = reader_open(cli, &reader);

	if (!code && filter.document)
		code = reader_find_code(cli,
			ledger_view_knows_document(reader.view, filter.document, &e),
			filter.document, &e);
	if (code)
		return code;
	if (ledger_view_tasks(reader.view, &filter, add_task, &listing, &e))
		return out_complain_err(cli, &e);
	listing_print(&listing, "no tasks");
	return 0;
}

int command_suggestions(const struct cli *cli)
{
	static const struct rendered_column columns[] = {
		{"id", 0},
		{"state", 0},
		{"reason", 0},
		{"reply.code", 0},
		{"reply.from", 0},
		{"candidates.0.task", 0},
		{"candidates.0.code", 0},
		{"candidates.1.task", 0},
	};
	cleanup_reader struct reader reader = {0};
	cleanup_listing struct listing listing = {
		.cli = cli,
		.table.headings = {"id", "state", "reason", "reply", "from", "task",
			"of", "or"},
		.columns = columns,
	};
	struct err e;
	int code = reader_open(cli, &reader);

	if (code)
		return code;
	if (ledger_view_suggestions(
		    reader.view, cli_value(cli, "--all"), listing_add, &listing, &e))
		return out_complain_err(cli, &e);
	listing_print(&listing, "no suggestions");
	return 0;
}

int command_explain(const struct cli *cli)
{
	cleanup_reader struct reader reader = {0};
	cleanup_buf struct buf json = {0};
	struct err e;
	int code = reader_open(cli, &reader);

	if (code)
		return code;
	code = reader_find_code(cli,
		ledger_view_explain(reader.view, cli->words[0], cli->now, &json, &e),
		cli->words[0], &e);
	if (!code)
		rendered_show(cli, &json);
	return code;
}
