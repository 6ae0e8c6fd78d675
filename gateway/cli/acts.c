/* `task ID …` and `suggestion ID …`: what the office and the agency decide by hand. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "gateway/base/mem.h"
#include "gateway/base/text.h"
#include "gateway/cli/commands.h"
#include "gateway/cli/output.h"
#include "gateway/cli/setup.h"
#include "gateway/cli/view.h"
#include "gateway/ledger/ledger.h"

MEM_CLEANUP(ledger, struct ledger, ledger_close)

/* The words after the ID; the second may be missing. */
static const struct act_words {
	const char *first, *second;
	enum act_kind kind;
	const char *option; /* it is nothing without this one; NULL: --by alone */
} act_words[] = {
	{"confirm", NULL, ACT_KIND_CONFIRM, NULL},
	{"refuse", NULL, ACT_KIND_REFUSE, NULL},
	{"extend", NULL, ACT_KIND_EXTEND, "--due"},
	{"hand-back", "accept", ACT_KIND_ACCEPT_HAND_BACK, NULL},
	{"hand-back", "decline", ACT_KIND_DECLINE_HAND_BACK, NULL},
	{"report", NULL, ACT_KIND_REPORT, NULL},
	{"deadline", "accept", ACT_KIND_ACCEPT_DEADLINE, NULL},
	{"undo", NULL, ACT_KIND_UNDO, NULL},
};

/* Is @option there? Else it is said. What is in it the ledger judges (S1). */
static bool has_option(const struct cli *cli, const char *option)
{
	if (cli_value(cli, option))
		return true;
	out_complain(cli, "usage", "%s: %s is missing", cli->command->name, option);
	return false;
}

static const struct act_words *find_act(const struct cli *cli)
{
	const char *second = cli->words_n > 2 ? cli->words[2] : NULL;

	for (size_t i = 0; i < sizeof(act_words) / sizeof(act_words[0]); i++) {
		const struct act_words *w = &act_words[i];

		if (strcmp(w->first, cli->words[1]) == 0 && !w->second == !second &&
			(!second || strcmp(w->second, second) == 0))
			return w;
	}
	return NULL;
}

/* A date option: false, and said, when it is no date. */
static bool read_date(const struct cli *cli, const char *option, day_t *ret_day)
{
	const char *text = cli_value(cli, option);

	*ret_day = day_parse(text);
	if (!text || *ret_day != DAY_NONE)
		return true;
	out_complain(cli, "usage", "%s: '%s' is no date; yyyy-mm-dd would be right",
		option, text);
	return false;
}

static int show_task(void *context, const struct task *task, enum timeliness timeliness)
{
	const struct cli *cli = context;
	cleanup_buf struct buf line = {0};
	struct json j = {.out = &line};
	char due[DAY_TEXT];

	if (cli->json) {
		task_json_write(&j, task, timeliness);
		out_line(&line);
		return 0;
	}
	out_text("NV-%lld  %s  %s  due %s  %s", (long long)task->id, task->lead,
		task_state_words[task->state],
		task->due_on == DAY_NONE ? "-" : day_text(task->due_on, due),
		timeliness_words[timeliness]);
	return 0;
}

static int show_tasks(
	const struct cli *cli, struct reader *reader, const int64_t *tasks, size_t n)
{
	struct err e;

	for (size_t i = 0; i < n; i++) {
		struct task_filter filter = {.id = tasks[i], .now = cli->now};
		struct cli view = *cli;

		if (ledger_view_tasks(reader->view, &filter, show_task, &view, &e))
			return out_complain_err(cli, &e);
	}
	return 0;
}

/* What became of an act, as an exit code; what is refused is said. */
static int act_code(const struct cli *cli, enum ledger_act_result result,
	const char *why, struct err *e)
{
	switch (result) {
	case LEDGER_ACT_OK:
		return 0;
	case LEDGER_ACT_NO_TASK:
		out_complain(
			cli, "id.unknown", "the ledger has no '%s'", cli->words[0]);
		return EX_DATAERR;
	case LEDGER_ACT_REFUSED:
		out_complain(cli, "act.refused", "%s", why);
		return EX_DATAERR;
	case LEDGER_ACT_FAULT:
		break;
	}
	return out_complain_err(cli, e);
}

static int do_act(
	const struct cli *cli, struct reader *reader, const struct ledger_act *act)
{
	cleanup(ledger) struct ledger *ledger = NULL;
	struct ledger_answer answer = {0};
	char why[LEDGER_WHY] = "";
	struct err e = {0};
	int64_t tasks[2];

	if (ledger_open(&reader->options, &ledger, &e) || ledger_begin(ledger, &e))
		return out_complain_err(cli, &e);
	int code = act_code(cli, ledger_act(ledger, act, &answer, why, &e), why, &e);
	size_t n = code ? 0 : answer.tasks_n;

	for (size_t i = 0; i < n; i++)
		tasks[i] = answer.tasks[i];
	if (code) {
		ledger_rollback(ledger);
		return code;
	}
	if (ledger_commit(ledger, &e))
		return out_complain_err(cli, &e);
	return show_tasks(cli, reader, tasks, n);
}

int command_task(const struct cli *cli)
{
	cleanup_reader struct reader reader = {0};
	const struct act_words *words = find_act(cli);
	struct ledger_act act = {.task = task_id_parse(cli->words[0]),
		.organ = cli_value(cli, "--to"),
		.by = cli_value(cli, "--by"),
		.reason = cli_value(cli, "--reason"),
		.at = cli->now};

	if (!words) {
		out_complain(cli, "usage",
			"task ID needs confirm, refuse, extend, hand-back accept, "
			"hand-back "
			"decline, report, deadline accept or undo");
		return EX_USAGE;
	}
	act.kind = words->kind;
	if (!has_option(cli, "--by") ||
		(words->option && !has_option(cli, words->option)) ||
		!read_date(cli, "--due", &act.due_on) ||
		!read_date(cli, "--on", &act.done_on))
		return EX_USAGE;
	int code = reader_open(cli, &reader);

	return code ? code : do_act(cli, &reader, &act);
}

/* `NV-1,NV-3`: false, and said, when one is no task's id. */
static bool read_tasks(const struct cli *cli, struct arena *arena, const char *text,
	struct ledger_decision *d)
{
	LIST_OF(int64_t) tasks = {0};

	while (text && *text) {
		size_t n = strcspn(text, ",");
		const char *word = arena_dup_n(arena, text, n);
		int64_t id = task_id_parse(word);

		if (!id) {
			out_complain(cli, "usage",
				"--task: '%s' is no task; NV-1 would be one", word);
			return false;
		}
		*LIST_ADD(arena, &tasks) = id;
		text += n + (text[n] == ',');
	}
	d->tasks = tasks.at;
	d->tasks_n = tasks.n;
	return true;
}

static int do_decide(
	const struct cli *cli, struct reader *reader, const struct ledger_decision *d)
{
	cleanup(ledger) struct ledger *ledger = NULL;
	struct ledger_answer answer = {0};
	char why[LEDGER_WHY] = "";
	struct err e = {0};

	if (ledger_open(&reader->options, &ledger, &e) || ledger_begin(ledger, &e))
		return out_complain_err(cli, &e);
	int code = act_code(cli, ledger_decide(ledger, d, &answer, why, &e), why, &e);

	if (code) {
		ledger_rollback(ledger);
		return code;
	}
	if (ledger_commit(ledger, &e))
		return out_complain_err(cli, &e);
	const char *state = d->accept ? "accepted" : "declined";

	if (cli->json)
		out_text("{\"id\":\"GY-%lld\",\"state\":\"%s\",\"document\":%lld}",
			(long long)d->suggestion, state, (long long)answer.document);
	else
		out_text("GY-%lld is %s", (long long)d->suggestion, state);
	return 0;
}

int command_suggestion(const struct cli *cli)
{
	cleanup_reader struct reader reader = {0};
	cleanup_arena struct arena arena = {0};
	struct ledger_decision d = {.accept = strcmp(cli->words[1], "accept") == 0,
		.by = cli_value(cli, "--by"),
		.reason = cli_value(cli, "--reason"),
		.at = cli->now};

	if (!d.accept && strcmp(cli->words[1], "decline") != 0) {
		out_complain(cli, "usage", "suggestion ID needs accept or decline");
		return EX_USAGE;
	}
	if (!has_option(cli, "--by") ||
		!read_tasks(cli, &arena, cli_value(cli, "--task"), &d))
		return EX_USAGE;
	int code = reader_open(cli, &reader);

	if (code)
		return code;
	if (strncmp(cli->words[0], "GY-", 3) != 0 ||
		!text_parse_int(cli->words[0] + 3, 1, INT64_MAX, &d.suggestion))
		return reader_find_code(cli, LEDGER_FIND_NONE, cli->words[0], NULL);
	return do_decide(cli, &reader, &d);
}
