/*
 * `quarantine`: what could not be understood, kept whole with its reason (INV-6). A
 * replay reads the same bytes with the configuration as it is now; each one is a
 * transaction of its own, but a dry run, which sees them all and keeps nothing.
 */
#include <stdint.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "gateway/base/json.h"
#include "gateway/base/mem.h"
#include "gateway/base/text.h"
#include "gateway/cli/commands.h"
#include "gateway/cli/ingest.h"
#include "gateway/cli/lines.h"
#include "gateway/cli/output.h"
#include "gateway/cli/render.h"
#include "gateway/cli/setup.h"
#include "gateway/cli/view.h"
#include "gateway/flow/intake.h"

MEM_CLEANUP(codec, struct codec, codec_free)
MEM_CLEANUP(ledger, struct ledger, ledger_close)

int command_quarantine_list(const struct cli *cli)
{
	static const struct rendered_column columns[] = {
		{"id", 0},
		{"state", 0},
		{"adapter", 0},
		{"origin", 40},
		{"at", 0},
		{"error.code", 0},
		{"error.message", 60},
	};
	cleanup_reader struct reader reader = {0};
	cleanup_listing struct listing listing = {
		.cli = cli,
		.table.headings = {"id", "state", "adapter", "origin", "at", "code",
			"message"},
		.columns = columns,
	};
	struct err e;
	int code = reader_open(cli, &reader);

	if (code)
		return code;
	if (ledger_view_quarantine(
		    reader.view, cli_value(cli, "--all"), listing_add, &listing, &e))
		return out_complain_err(cli, &e);
	listing_print(&listing, "nothing is set aside");
	return 0;
}

/* The event called @id; the exit code. */
static int find_one(const struct cli *cli, struct ledger_view *view, const char *id,
	struct buf *json, struct buf *raw_path)
{
	int64_t number;
	struct err e;

	if (!text_parse_int(id, 1, INT64_MAX, &number))
		return reader_find_code(cli, LEDGER_FIND_NONE, id, NULL);
	return reader_find_code(
		cli, ledger_view_quarantined(view, number, json, raw_path, &e), id, &e);
}

int command_quarantine_show(const struct cli *cli)
{
	cleanup_reader struct reader reader = {0};
	cleanup_buf struct buf json = {0}, raw_path = {0};
	int code = reader_open(cli, &reader);

	if (!code)
		code = find_one(cli, reader.view, cli->words[0], &json, &raw_path);
	if (code)
		return code;
	rendered_show(cli, &json);
	if (!cli->json)
		out_text("%-18s %s", "raw bytes", buf_text(&raw_path));
	return 0;
}

struct replay {
	const struct cli *cli;
	struct reader reader;
	struct ledger *ledger;
	struct arena arena;
	LIST_OF(const char *) ids;
	bool dry_run, any_bad;
};

static void replay_deinit(struct replay *r)
{
	ledger_close(r->ledger);
	reader_close(&r->reader);
	arena_deinit(&r->arena);
}

static int add_id(void *context, const struct buf *line)
{
	struct replay *r = context;
	cleanup_rendered struct rendered *object = rendered_new(line);
	const char *id = object ? rendered_text(object, "id") : NULL;

	if (id)
		*LIST_ADD(&r->arena, &r->ids) = arena_dup(&r->arena, id);
	return 0;
}

/* What was set aside, read again: one document, or several. */
struct replayed {
	const char *id, *origin;
	int64_t number; /* of @id */
	LIST_OF(struct intake_item) items;
	struct arena arena;
	struct buf lines;
};

static void replayed_deinit(struct replayed *set)
{
	for (size_t i = 0; i < set->items.n; i++)
		intake_item_deinit(&set->items.at[i]);
	buf_deinit(&set->lines);
	arena_deinit(&set->arena);
}

static void add_replayed(
	struct replayed *set, size_t i, const struct ledger_answer *answer)
{
	struct json j = {.out = &set->lines};

	json_open(&j, '{');
	json_put_int(&j, "id", set->number);
	json_put_text(&j, "file", set->origin);
	line_put_part(&j, set->items.n > 1 ? i + 1 : 0);
	line_put_answer(&j, answer);
	json_close(&j, '}');
	buf_add_char(&set->lines, '\n');
}

/*
 * Which of several documents takes the place of what was set aside: a secret one, so
 * that it does not stay (X1); else the first that can be read. The others are taken in
 * beside it.
 */
static size_t find_heir(const struct replayed *set)
{
	size_t readable = set->items.n;

	for (size_t i = 0; i < set->items.n; i++) {
		const struct arrival *a = &set->items.at[i].arrival;

		if (a->restricted)
			return i;
		if (readable == set->items.n && !a->error_code)
			readable = i;
	}
	return readable < set->items.n ? readable : 0;
}

static bool holds_restricted(const struct replayed *set)
{
	size_t i = 0;

	while (i < set->items.n && !set->items.at[i].arrival.restricted)
		i++;
	return i < set->items.n;
}

static int apply_replayed(struct replay *r, struct replayed *set, struct err *e)
{
	size_t heir = find_heir(set);

	for (size_t i = 0; i < set->items.n; i++) {
		const struct arrival *a = &set->items.at[i].arrival;
		struct ledger_answer answer;

		if (i == heir ? ledger_replay(r->ledger, set->number, a, &answer, e)
			      : ledger_apply(r->ledger, a, &answer, e))
			return -1;
		r->any_bad |= answer.outcome == OUTCOME_QUARANTINED;
		add_replayed(set, i, &answer);
	}
	return 0;
}

/* Give @set to the ledger; within a transaction, our own but in a dry run. */
static int replay_set(struct replay *r, struct replayed *set, struct err *e)
{
	if (!r->dry_run && ledger_begin(r->ledger, e))
		return -1;
	if (apply_replayed(r, set, e) || (!r->dry_run && ledger_commit(r->ledger, e))) {
		ledger_rollback(r->ledger);
		return -1;
	}
	set->lines.n--; /* out_line ends the last one */
	out_line(&set->lines);
	return 0;
}

static int read_set(struct codec *codec, const char *raw_path,
	const struct intake_context *context, struct replayed *set, struct err *e)
{
	struct intake_item item;

	if (intake_read_file(codec, raw_path, context, &item, e))
		return -1;
	*LIST_ADD(&set->arena, &set->items) = item;
	while (codec_left(codec)) {
		if (intake_next(codec, context, &item, e))
			return -1;
		*LIST_ADD(&set->arena, &set->items) = item;
	}
	return 0;
}

static int replay_bytes(struct replay *r, const char *id, struct rendered *object,
	const char *raw_path, struct err *e)
{
	const struct config *config = r->reader.config;
	const char *name = rendered_text(object, "adapter");
	const struct config_adapter *adapter =
		name ? config_find_adapter(config, name) : NULL;
	__attribute__((__cleanup__(replayed_deinit))) struct replayed set = {
		.id = id, .origin = rendered_text(object, "origin")};
	cleanup(codec) struct codec *codec = NULL;
	struct codec_options options;

	if (setup_codec(config, adapter, &options, e))
		return -1;
	codec = codec_new(&options);
	struct intake_context context = {
		.adapter = name ? name : "file",
		.policy = adapter ? &adapter->policy : &config->policy,
		.at = r->cli->now,
		.origin = set.origin,
	};

	text_parse_int(id, 1, INT64_MAX, &set.number);
	if (read_set(codec, raw_path, &context, &set, e) || replay_set(r, &set, e))
		return -1;
	/* X1: now that it is known to be secret its bytes may not stay. */
	return r->dry_run || !holds_restricted(&set) || !unlink(raw_path)
		       ? 0
		       : err_errno(e, "%s", raw_path);
}

/* The exit code; 0 also when it stays set aside, which any_bad tells. */
static int replay_one(struct replay *r, const char *id)
{
	cleanup_buf struct buf json = {0}, raw_path = {0};
	struct err e;
	int code = find_one(r->cli, r->reader.view, id, &json, &raw_path);

	if (code)
		return code;
	cleanup_rendered struct rendered *object = rendered_new(&json);

	if (!object)
		err_set(&e, ERR_BUG, "quarantine %s: what the ledger says is no JSON",
			id);
	if (!object || replay_bytes(r, id, object, buf_text(&raw_path), &e))
		return out_complain_err(r->cli, &e);
	return 0;
}

static int replay_all(struct replay *r)
{
	int code = 0;
	struct err e;

	if (r->dry_run && ledger_begin(r->ledger, &e))
		return out_complain_err(r->cli, &e);
	for (size_t i = 0; i < r->ids.n && (!code || code == EX_DATAERR); i++) {
		int one = replay_one(r, r->ids.at[i]);

		code = one ? one : code;
	}
	if (r->dry_run)
		ledger_rollback(r->ledger);
	return code ? code : r->any_bad ? EX_DATAERR : 0;
}

int command_quarantine_replay(const struct cli *cli)
{
	__attribute__((__cleanup__(replay_deinit))) struct replay r = {
		.cli = cli, .dry_run = cli_value(cli, "--dry-run")};
	struct err e;
	int code = reader_open(cli, &r.reader);

	if (code)
		return code;
	for (size_t i = 0; i < cli->words_n; i++)
		*LIST_ADD(&r.arena, &r.ids) = cli->words[i];
	if ((!cli->words_n &&
		    ledger_view_quarantine(r.reader.view, false, add_id, &r, &e)) ||
		ledger_open(&r.reader.options, &r.ledger, &e))
		return out_complain_err(cli, &e);
	return replay_all(&r);
}

static int discard(const struct cli *cli, const struct ledger_options *options,
	int64_t number, struct err *e)
{
	cleanup(ledger) struct ledger *ledger = NULL;
	enum ledger_find find = LEDGER_FIND_FAULT;

	if (ledger_open(options, &ledger, e) || ledger_begin(ledger, e))
		return out_complain_err(cli, e);
	find = ledger_discard(ledger, number, cli_value(cli, "--by"),
		cli_value(cli, "--reason"), cli->now, e);
	if (find == LEDGER_FIND_OK && ledger_commit(ledger, e))
		find = LEDGER_FIND_FAULT;
	if (find != LEDGER_FIND_OK)
		ledger_rollback(ledger);
	return reader_find_code(cli, find, cli->words[0], e);
}

int command_quarantine_discard(const struct cli *cli)
{
	cleanup_reader struct reader reader = {0};
	int64_t number;
	struct err e;

	const char *by = cli_value(cli, "--by"), *reason = cli_value(cli, "--reason");

	if (!by || !*by || !reason || !*reason) {
		out_complain(cli, "usage",
			"quarantine discard needs --by WHO and --reason R");
		return EX_USAGE;
	}
	int code = reader_open(cli, &reader);

	if (code)
		return code;
	if (!text_parse_int(cli->words[0], 1, INT64_MAX, &number))
		return reader_find_code(cli, LEDGER_FIND_NONE, cli->words[0], NULL);
	code = discard(cli, &reader.options, number, &e);
	if (!code && cli->json)
		out_text("{\"id\":%lld,\"state\":\"discarded\"}", (long long)number);
	else if (!code)
		out_text("%lld is discarded", (long long)number);
	return code;
}
