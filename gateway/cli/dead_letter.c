/*
 * `dead-letter`: what a receiver refused for good (docs/decisions/0011). They are dealt
 * with one destination at a time: by their numbers, or all of one sink.
 */
#include <stdint.h>
#include <string.h>
#include <sysexits.h>

#include "gateway/base/json.h"
#include "gateway/base/mem.h"
#include "gateway/base/text.h"
#include "gateway/cli/commands.h"
#include "gateway/cli/output.h"
#include "gateway/cli/render.h"
#include "gateway/cli/setup.h"
#include "gateway/cli/view.h"

MEM_CLEANUP(ledger, struct ledger, ledger_close)

enum { SHOWN_ROWS = 20 };

/* ---- The list. */

/* Those of one sink and one cause. */
struct group {
	const char *sink, *cause, *first, *last;
	int64_t count;
};

struct letters {
	const struct cli *cli;
	struct arena arena;
	LIST_OF(struct group) groups;
	struct listing listing; /* the first rows */
	size_t shown;
};

static struct group *group_of(
	struct letters *l, const char *sink, const char *cause, const char *at)
{
	for (size_t i = 0; i < l->groups.n; i++) {
		struct group *g = &l->groups.at[i];

		if (!strcmp(g->sink, sink) && !strcmp(g->cause, cause))
			return g;
	}
	struct group *g = LIST_ADD(&l->arena, &l->groups);

	g->sink = arena_dup(&l->arena, sink);
	g->cause = arena_dup(&l->arena, cause);
	g->first = arena_dup(&l->arena, at);
	return g;
}

static int add_letter(void *context, const struct buf *line)
{
	struct letters *l = context;

	if (l->cli->json) {
		out_line(line);
		return 0;
	}
	cleanup_rendered struct rendered *object = rendered_new(line);
	const char *at = object ? rendered_text(object, "died_at") : NULL;

	if (!at)
		return 0;
	struct group *g = group_of(
		l, rendered_text(object, "sink"), rendered_text(object, "cause"), at);

	g->count++;
	if (!g->last || strcmp(g->last, at) != 0)
		g->last = arena_dup(&l->arena, at);
	return l->shown++ < SHOWN_ROWS ? listing_add(&l->listing, line) : 0;
}

static void print_groups(struct letters *l)
{
	cleanup_table struct table table = {
		.headings = {"sink", "letters", "first", "last", "cause"}};

	for (size_t i = 0; i < l->groups.n; i++) {
		const struct group *g = &l->groups.at[i];

		table_add(&table, g->sink, 0);
		table_add_int(&table, g->count);
		table_add(&table, g->first, 0);
		table_add(&table, g->last, 0);
		table_add(&table, g->cause, 0);
	}
	table_print(&table);
	out_text("\nthe first %d:", SHOWN_ROWS);
}

int command_dead_letter_list(const struct cli *cli)
{
	static const struct rendered_column columns[] = {
		{"id", 0},
		{"state", 0},
		{"sink", 0},
		{"name", 0},
		{"subject", 40},
		{"died_at", 0},
		{"attempts", 0},
		{"cause", 60},
	};
	cleanup_reader struct reader reader = {0};
	struct letters letters = {
		.cli = cli,
		.listing = {.cli = cli,
			.table.headings = {"id", "state", "sink", "event", "subject",
				"since", "attempts", "cause"},
			.columns = columns},
	};
	struct dead_filter filter = {.sink = cli_value(cli, "--sink"),
		.cause = cli_value(cli, "--cause"),
		.all = cli_value(cli, "--all")};
	struct err e;
	int code = reader_open(cli, &reader);

	if (!code &&
		ledger_view_dead(reader.view, &filter, false, add_letter, &letters, &e))
		code = out_complain_err(cli, &e);
	if (!code && letters.groups.n)
		print_groups(&letters);
	if (!code)
		listing_print(&letters.listing, "there are no dead letters");
	listing_deinit(&letters.listing);
	arena_deinit(&letters.arena);
	return code;
}

struct shown {
	const struct cli *cli;
	bool found;
};

static int show_letter(void *context, const struct buf *line)
{
	struct shown *s = context;

	s->found = true;
	rendered_show(s->cli, line);
	return 0;
}

int command_dead_letter_show(const struct cli *cli)
{
	cleanup_reader struct reader reader = {0};
	struct dead_filter filter = {.all = true};
	struct shown shown = {.cli = cli};
	struct err e;
	int code = reader_open(cli, &reader);

	if (code)
		return code;
	if (text_parse_int(cli->words[0], 1, INT64_MAX, &filter.id) &&
		ledger_view_dead(reader.view, &filter, true, show_letter, &shown, &e))
		return out_complain_err(cli, &e);
	return reader_find_code(cli, shown.found ? LEDGER_FIND_OK : LEDGER_FIND_NONE,
		cli->words[0], &e);
}

/* ---- Dealing with them. */

typedef int (*letter_act)(struct ledger *ledger, const struct cli *cli,
	const struct dead_filter *filter, int64_t *ret_n, struct err *e);

static int put_back(struct ledger *ledger, const struct cli *cli,
	const struct dead_filter *filter, int64_t *ret_n, struct err *e)
{
	(void)cli;
	return ledger_dead_replay(ledger, filter, ret_n, e);
}

static int discard(struct ledger *ledger, const struct cli *cli,
	const struct dead_filter *filter, int64_t *ret_n, struct err *e)
{
	return ledger_dead_discard(ledger, filter, cli_value(cli, "--by"),
		cli_value(cli, "--reason"), ret_n, e);
}

/* The letters named, within one transaction; those that are not open are complained of.
 * The exit code. */
static int deal_with_ids(
	const struct cli *cli, struct ledger *ledger, letter_act deal, int64_t *ret_n)
{
	int code = 0;

	for (size_t i = 0; i < cli->words_n; i++) {
		struct dead_filter filter = {0};
		int64_t n = 0;
		struct err e;

		if (text_parse_int(cli->words[i], 1, INT64_MAX, &filter.id) &&
			deal(ledger, cli, &filter, &n, &e))
			return out_complain_err(cli, &e);
		*ret_n += n;
		if (!n) {
			out_complain(cli, "id.unknown", "there is no open '%s'",
				cli->words[i]);
			code = EX_DATAERR;
		}
	}
	return code;
}

static int deal_with_all(const struct cli *cli, letter_act deal, int64_t *ret_n)
{
	cleanup_reader struct reader reader = {0};
	cleanup(ledger) struct ledger *ledger = NULL;
	struct dead_filter filter = {
		.sink = cli_value(cli, "--sink"), .cause = cli_value(cli, "--cause")};
	struct err e;
	int code = reader_open(cli, &reader);

	if (code)
		return code;
	if (ledger_open(&reader.options, &ledger, &e) || ledger_begin(ledger, &e))
		return out_complain_err(cli, &e);
	if (cli->words_n)
		code = deal_with_ids(cli, ledger, deal, ret_n);
	else if (deal(ledger, cli, &filter, ret_n, &e))
		code = out_complain_err(cli, &e);
	if ((!code || code == EX_DATAERR) && ledger_commit(ledger, &e))
		code = out_complain_err(cli, &e);
	return code;
}

static int deal_and_say(
	const struct cli *cli, letter_act deal, const char *member, const char *done)
{
	int64_t n = 0;

	if (!cli->words_n == !cli_value(cli, "--sink") ||
		(cli->words_n && cli_value(cli, "--cause"))) {
		out_complain(cli, "usage", "%s needs the letters' IDs, or --sink NAME",
			cli->command->name);
		return EX_USAGE;
	}
	int code = deal_with_all(cli, deal, &n);

	if (code && code != EX_DATAERR)
		return code;
	if (cli->json)
		out_text("{\"%s\":%lld}", member, (long long)n);
	else
		out_text("%lld %s %s", (long long)n, n == 1 ? "is" : "are", done);
	return code;
}

int command_dead_letter_replay(const struct cli *cli)
{
	return deal_and_say(cli, put_back, "replayed", "in the outbox again");
}

int command_dead_letter_discard(const struct cli *cli)
{
	const char *by = cli_value(cli, "--by"), *reason = cli_value(cli, "--reason");

	if (!by || !*by || !reason || !*reason) {
		out_complain(cli, "usage",
			"dead-letter discard needs --by WHO and --reason R");
		return EX_USAGE;
	}
	return deal_and_say(cli, discard, "discarded", "discarded");
}
