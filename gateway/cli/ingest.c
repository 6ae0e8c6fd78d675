/*
 * `ingest`: files into the ledger now, as the gateway would take them. Many share a
 * commit; a line is printed only for what is committed. When a whole batch makes the
 * ledger fault, its files are taken one by one, so that one cannot hold up the others.
 */
#include "gateway/cli/ingest.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "gateway/base/json.h"
#include "gateway/base/mem.h"
#include "gateway/cli/commands.h"
#include "gateway/cli/lines.h"
#include "gateway/cli/output.h"
#include "gateway/cli/setup.h"
#include "gateway/flow/intake.h"

enum { BATCH_MAX = 500, BATCH_HELD_MAX = 64 * 1024 * 1024 };

MEM_CLEANUP(codec, struct codec, codec_free)
MEM_CLEANUP(ledger, struct ledger, ledger_close)

/* A document read and not yet answered. */
struct waiting {
	const char *file;
	size_t part; /* which of the file's documents; 0: it has only one */
	struct intake_item item;
	bool readable; /* false: there are no bytes to set aside; the item only says why
			*/
};

struct ingest {
	const struct cli *cli;
	struct ledger *ledger;
	struct codec *codec;
	struct intake_context context;
	struct waiting waiting[BATCH_MAX];
	size_t waiting_n, held;
	struct buf stream; /* what can be read only once, until the next file */
	struct buf lines;  /* of what is applied and not yet committed */
	bool any_bad;
};

static void ingest_free(struct ingest *in)
{
	if (!in)
		return;
	for (size_t i = 0; i < in->waiting_n; i++)
		intake_item_deinit(&in->waiting[i].item);
	buf_deinit(&in->lines);
	codec_free(in->codec);
	buf_deinit(&in->stream);
	ledger_close(in->ledger);
	mem_cleanup(&in);
}
MEM_CLEANUP(ingest, struct ingest, ingest_free)

void line_put_answer(struct json *j, const struct ledger_answer *answer)
{
	bool hidden = answer->outcome == OUTCOME_RESTRICTED;
	char id[32];

	json_put_text(j, "outcome", outcome_words[answer->outcome]);
	line_put_id(j, "document", hidden ? 0 : answer->document);
	json_key(j, "tasks");
	json_open(j, '[');
	for (size_t i = 0; !hidden && i < answer->tasks_n; i++) {
		snprintf(id, sizeof(id), "NV-%lld", (long long)answer->tasks[i]);
		json_text(j, id);
	}
	json_close(j, ']');
	line_put_id(j, "quarantine", answer->quarantine);
	line_put_error(j, answer->error_code, answer->error_line, answer->error_column,
		answer->error_message);
}

static void add_line(
	struct ingest *in, const struct waiting *at, const struct ledger_answer *answer)
{
	struct json j = {.out = &in->lines};

	json_open(&j, '{');
	json_put_text(&j, "file", at->file);
	line_put_part(&j, at->part);
	line_put_answer(&j, answer);
	json_close(&j, '}');
	buf_add_char(&in->lines, '\n');
	in->any_bad |= answer->outcome == OUTCOME_QUARANTINED;
}

/* There are no bytes to set aside: the line says so and the ledger is not asked. */
static void add_unreadable(struct ingest *in, const struct waiting *at)
{
	struct json j = {.out = &in->lines};

	json_open(&j, '{');
	json_put_text(&j, "file", at->file);
	json_put_text(&j, "outcome", NULL);
	json_put_text(&j, "document", NULL);
	json_key(&j, "tasks");
	json_open(&j, '[');
	json_close(&j, ']');
	json_put_text(&j, "quarantine", NULL);
	line_put_error(&j, at->item.error.code, 0, 0, at->item.error.message);
	json_close(&j, '}');
	buf_add_char(&in->lines, '\n');
	in->any_bad = true;
}

static int apply_one(struct ingest *in, struct waiting *at, struct err *e)
{
	struct ledger_answer answer;

	if (!at->readable) {
		add_unreadable(in, at);
		return 0;
	}
	if (ledger_apply(in->ledger, &at->item.arrival, &answer, e))
		return -1;
	add_line(in, at, &answer);
	return 0;
}

/* Apply @n files in one transaction and print their lines; on a fault nothing of it is.
 */
static int commit(struct ingest *in, struct waiting *at, size_t n, struct err *e)
{
	bool was_bad = in->any_bad;

	if (ledger_begin(in->ledger, e))
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (apply_one(in, &at[i], e))
			goto fail;
	}
	if (ledger_commit(in->ledger, e))
		goto fail;
	if (in->lines.n) {
		in->lines.n--; /* out_line ends the last one */
		out_line(&in->lines);
		out_flush();
	}
	buf_reset(&in->lines);
	return 0;
fail:
	ledger_rollback(in->ledger);
	buf_reset(&in->lines);
	in->any_bad = was_bad;
	return -1;
}

static int commit_alone(struct ingest *in, struct waiting *at, struct err *e)
{
	if (!commit(in, at, 1, e))
		return 0;
	if (e->code != ERR_BUG && e->code != ERR_INPUT)
		return -1;
	/* It is this event that the ledger cannot bear: INV-6. */
	intake_item_condemn(&at->item, "internal.fault", e->text);
	return commit(in, at, 1, e);
}

static int flush(struct ingest *in, struct err *e)
{
	int failed = commit(in, in->waiting, in->waiting_n, e);

	for (size_t i = 0; failed && i < in->waiting_n; i++) {
		if (commit_alone(in, &in->waiting[i], e))
			return err_wrap(e, "%s", in->waiting[i].file);
	}
	for (size_t i = 0; i < in->waiting_n; i++)
		intake_item_deinit(&in->waiting[i].item);
	in->waiting_n = 0;
	in->held = 0;
	return 0;
}

/* What can be read only once, or has no end, is taken whole into memory. */
static int read_stream(
	struct ingest *in, int fd, const char *name, struct waiting *at, struct err *e)
{
	struct buf *bytes = &in->stream;
	char part[65536];
	ssize_t n = 0;

	bytes->max = BATCH_HELD_MAX;
	bytes->wipe = true;
	while (!bytes->full && (n = read(fd, part, sizeof(part))) > 0)
		buf_add(bytes, part, (size_t)n);
	explicit_bzero(part, sizeof(part)); /* X1: it may prove secret */
	if (bytes->full)
		return err_set(e, ERR_INPUT, "%s: over %d bytes", name, BATCH_HELD_MAX);
	if (n < 0)
		return err_errno(e, "%s", name);
	return intake_read_bytes(in->codec, (struct slice){bytes->data, bytes->n},
		&in->context, &at->item, e);
}

static int read_named(
	struct ingest *in, const char *file, struct waiting *at, struct err *e)
{
	struct stat about;

	if (!strcmp(file, "-"))
		return read_stream(in, STDIN_FILENO, "standard input", at, e);
	if (stat(file, &about) != 0 || S_ISREG(about.st_mode) || S_ISDIR(about.st_mode))
		return intake_read_file(in->codec, file, &in->context, &at->item, e);
	int fd = open(file, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return err_errno(e, "%s", file);
	int result = read_stream(in, fd, file, at, e);

	close(fd);
	return result;
}

/* What was read into @at, or why it could not be (@failed). */
static void note_read(
	struct ingest *in, struct waiting *at, int failed, const struct err *e)
{
	if (failed) {
		at->item = (struct intake_item){.error = {.code = "file.unreadable"}};
		snprintf(at->item.error.message, sizeof(at->item.error.message),
			"%.200s", e->text);
	}
	if (failed || (at->item.arrival.error_code &&
			      !strcmp(at->item.arrival.error_code, "file.unreadable")))
		at->readable = false;
	at->part = codec_number(in->codec);
	in->held += at->item.held;
}

static void read_file(struct ingest *in, const char *file)
{
	struct waiting *at = &in->waiting[in->waiting_n++];
	const char *slash = strrchr(file, '/');
	bool is_stdin = !strcmp(file, "-");
	struct err e = {0};

	*at = (struct waiting){.file = file, .readable = true};
	in->context.origin = is_stdin ? NULL : slash ? slash + 1 : file;
	if (!in->cli->now_given)
		in->context.at = clock_now();
	buf_deinit(&in->stream);
	in->stream = (struct buf){0};
	note_read(in, at, read_named(in, file, at, &e), &e);
}

/* The next document of the file read last. */
static void read_next(struct ingest *in, const char *file)
{
	struct waiting *at = &in->waiting[in->waiting_n++];
	struct err e = {0};

	*at = (struct waiting){.file = file, .readable = true};
	note_read(in, at, intake_next(in->codec, &in->context, &at->item, &e), &e);
}

static int open_ingest(const struct cli *cli, const struct config *config,
	struct arena *arena, struct ingest *in, struct err *e)
{
	const struct config_adapter *adapter;
	struct ledger_options ledger;
	struct codec_options codec;

	if (setup_source(config, cli_value(cli, "--adapter"), &adapter, e) ||
		setup_codec(config, adapter, &codec, e) ||
		setup_ledger(config, arena, &ledger, e) ||
		ledger_open(&ledger, &in->ledger, e))
		return -1;
	in->cli = cli;
	in->codec = codec_new(&codec);
	in->context = (struct intake_context){
		.adapter = adapter ? adapter->name : "file",
		.policy = adapter ? &adapter->policy : &config->policy,
		.at = cli->now,
	};
	return 0;
}

static int flush_full(struct ingest *in, struct err *e)
{
	bool full = in->waiting_n == BATCH_MAX || in->held >= BATCH_HELD_MAX;

	return full ? flush(in, e) : 0;
}

static int ingest_file(struct ingest *in, const char *file, struct err *e)
{
	read_file(in, file);
	while (codec_left(in->codec)) {
		if (flush_full(in, e))
			return -1;
		read_next(in, file);
	}
	return flush_full(in, e);
}

static int ingest_all(struct ingest *in, struct err *e)
{
	for (size_t i = 0; i < in->cli->words_n; i++)
		if (ingest_file(in, in->cli->words[i], e))
			return -1;
	return in->waiting_n ? flush(in, e) : 0;
}

int command_ingest(const struct cli *cli)
{
	cleanup_config struct config *config = NULL;
	cleanup_arena struct arena arena = {0};
	cleanup(ingest) struct ingest *in = NULL;
	struct err e;
	int code = setup_config(cli, false, &config);

	if (code)
		return code;
	in = mem_alloc(sizeof(*in));
	if (open_ingest(cli, config, &arena, in, &e) || ingest_all(in, &e))
		return out_complain_err(cli, &e);
	return in->any_bad ? EX_DATAERR : 0;
}
