#include "gateway/cli/bench.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "gateway/base/json.h"
#include "gateway/base/log.h"
#include "gateway/base/mem.h"
#include "gateway/base/text.h"
#include "gateway/cli/commands.h"
#include "gateway/cli/output.h"
#include "gateway/config/environment.h"

/* On a disk: in memory a commit would cost nothing. */
static const char default_place[] = "/var/tmp";

enum {
	ORGANS = 160,
	DOCUMENTS_MAX = 10 * 1000 * 1000,
	LARGE = 1000 * 1000,
	SIZE_LEAST = 1000
};

static const char *const target_words[] = {
	[BENCH_RATIO_AT_LEAST] = "ratio at least",
	[BENCH_RATIO_AT_MOST] = "ratio at most",
	[BENCH_OURS_AT_LEAST] = "ours at least",
	[BENCH_OURS_AT_MOST] = "ours at most",
};

/* Memory first, while this process is still small. */
static const struct {
	const char *name;
	int (*run)(struct bench *b, struct err *e);
} stages[] = {
	{"memory", bench_memory},
	{"parse", bench_parse},
	{"ledger", bench_ledger},
	{"growth", bench_growth},
	{"embedded", bench_embedded},
	{"http", bench_http},
	{"amqp", bench_amqp},
	{"latency", bench_latency},
	{"sinks", bench_sinks},
};
enum { STAGES = sizeof(stages) / sizeof(stages[0]) };

/* ---- Figures. */

int64_t bench_documents(const struct bench *b, int64_t fallback)
{
	return b->documents ? b->documents : fallback;
}

double bench_seconds(int64_t since)
{
	return (double)(clock_ticks() - since) / 1e9;
}

static int by_value(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

double bench_median(const double *values, size_t n)
{
	double *sorted = mem_alloc(n * sizeof(*sorted));

	memcpy(sorted, values, n * sizeof(*sorted));
	qsort(sorted, n, sizeof(*sorted), by_value);
	double median = sorted[n / 2];

	free(sorted);
	return median;
}

static void put_number(struct json *j, const char *name, bool is_known, double value)
{
	char text[48];

	json_key(j, name);
	snprintf(text, sizeof(text), "%.3f", value);
	if (is_known)
		json_raw(j, text, strlen(text));
	else
		json_absent(j);
}

static void report_json(const struct bench_row *row, double ratio, bool met)
{
	cleanup_buf struct buf line = {0};
	struct json j = {.out = &line};

	json_open(&j, '{');
	json_put_text(&j, "stage", row->stage);
	json_put_text(&j, "work", row->work);
	put_number(&j, "ours", true, row->ours);
	put_number(&j, "bare", row->bare > 0, row->bare);
	json_put_text(&j, "unit", row->unit);
	put_number(&j, "ratio", row->bare > 0, ratio);
	put_number(&j, "target", row->target > 0, row->target);
	json_put_text(
		&j, "target_is", row->target > 0 ? target_words[row->target_is] : NULL);
	json_key(&j, "met");
	if (row->target > 0)
		json_bool(&j, met);
	else
		json_absent(&j);
	json_close(&j, '}');
	out_line(&line);
}

static void put_target(char *out, size_t room, const struct bench_row *row)
{
	switch (row->target_is) {
	case BENCH_RATIO_AT_LEAST:
		snprintf(out, room, ">= %.2f", row->target);
		return;
	case BENCH_RATIO_AT_MOST:
		snprintf(out, room, "<= %.2f", row->target);
		return;
	case BENCH_OURS_AT_LEAST:
		snprintf(out, room, ">= %.0f", row->target);
		return;
	case BENCH_OURS_AT_MOST:
		snprintf(out, room, "<= %.0f", row->target);
		return;
	}
}

static bool is_met(const struct bench_row *row, double ratio)
{
	switch (row->target_is) {
	case BENCH_RATIO_AT_LEAST:
		return ratio >= row->target;
	case BENCH_RATIO_AT_MOST:
		return ratio <= row->target;
	case BENCH_OURS_AT_LEAST:
		return row->ours >= row->target;
	case BENCH_OURS_AT_MOST:
		return row->ours <= row->target;
	}
	return false;
}

static void report_text(const struct bench_row *row, double ratio, bool met)
{
	char bare[24] = "-", share[24] = "-", target[24] = "-";
	int digits = row->ours < 100 ? 1 : 0;

	if (row->bare > 0) {
		snprintf(bare, sizeof(bare), "%.*f", digits, row->bare);
		snprintf(share, sizeof(share), "%.2f", ratio);
	}
	if (row->target > 0)
		put_target(target, sizeof(target), row);
	out_text("%-9s %-46s %9.*f %9s  %-12s %6s %8s%s", row->stage, row->work, digits,
		row->ours, bare, row->unit, share, target,
		row->target > 0 && !met ? "  missed" : "");
}

void bench_report(struct bench *b, const struct bench_row *row)
{
	double ratio = row->bare > 0 ? row->ours / row->bare : 0;
	bool met = is_met(row, ratio);

	b->missed |= row->target > 0 && !met;
	if (b->cli->json)
		report_json(row, ratio, met);
	else
		report_text(row, ratio, met);
	out_flush();
}

/* ---- The folder of the run. */

const char *bench_folder(struct bench *b, const char *name, struct err *e)
{
	const char *path = arena_printf(&b->arena, "%s/%s", b->folder, name);

	if (mkdir(path, 0700) == 0 || errno == EEXIST)
		return path;
	err_errno(e, "%s", path);
	return NULL;
}

static int remove_one(
	const char *path, const struct stat *st, int kind, struct FTW *where)
{
	(void)st, (void)kind, (void)where;
	return remove(path);
}

void bench_remove(const char *folder)
{
	nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

int bench_write_file(const char *path, const struct buf *bytes, struct err *e)
{
	FILE *file = fopen(path, "wbe");

	if (!file)
		return err_errno(e, "%s", path);
	size_t n = fwrite(buf_text(bytes), 1, bytes->n, file);

	if (fclose(file) || n != bytes->n)
		return err_errno(e, "%s", path);
	return 0;
}

static int make_folder(struct bench *b, struct err *e)
{
	const char *place = b->cli->data ? b->cli->data : default_place;
	char *path = arena_printf(&b->arena, "%s/congvan-bench-XXXXXX", place);

	if (!mkdtemp(path))
		return err_errno(e, "%s", path);
	b->folder = path;
	return 0;
}

/* ---- What every stage needs. */

struct ledger_options bench_ledger_options(const struct bench *b, const char *folder)
{
	static const char *const sinks[] = {"queue"};

	return (struct ledger_options){
		.folder = folder,
		.site = "H99",
		.organs = b->organs,
		.calendar = b->calendar,
		.policy = &policy_default,
		.sinks = sinks,
		.sinks_n = 1,
	};
}

static int make_organs(struct bench *b, struct err *e)
{
	b->organs = organ_table_new();
	b->calendar = calendar_new();
	for (int i = 0; i <= ORGANS; i++) {
		char id[16];

		snprintf(id, sizeof(id), i ? "H99.%03d" : "H99", i);
		struct organ organ = {.id = id, .parent = i ? "H99" : NULL};

		if (organ_table_add(b->organs, &organ, e))
			return -1;
	}
	return organ_table_finish(b->organs, e);
}

static int read_options(struct bench *b, struct err *e)
{
	const char *documents = cli_value(b->cli, "--documents");
	const char *size = cli_value(b->cli, "--size");
	const char *url = cli_value(b->cli, "--amqp-url");

	if (documents && !text_parse_int(documents, 1, DOCUMENTS_MAX, &b->documents))
		return err_set(e, ERR_USAGE, "--documents: a number from 1 to %d",
			(int)DOCUMENTS_MAX);
	b->large = cli_value(b->cli, "--large");
	b->size = LARGE;
	if (size && !text_parse_int(size, SIZE_LEAST, DOCUMENTS_MAX, &b->size))
		return err_set(e, ERR_USAGE, "--size: a number from %d to %d",
			(int)SIZE_LEAST, (int)DOCUMENTS_MAX);
	b->amqp_url = url ? url : environment_value("CONGVAN_TEST_AMQP_URL");
	b->amqp_password = environment_value("CONGVAN_TEST_AMQP_PASSWORD");
	return 0;
}

static int find_stage(const char *name)
{
	for (int i = 0; i < STAGES; i++) {
		if (!strcmp(stages[i].name, name))
			return i;
	}
	return -1;
}

bool bench_named(const struct bench *b, const char *name)
{
	for (size_t i = 0; i < b->cli->words_n; i++) {
		if (!strcmp(b->cli->words[i], name))
			return true;
	}
	return false;
}

int bench_no_broker(const struct bench *b, struct err *e)
{
	if (!b->cli->words_n)
		return 0;
	return err_set(e, ERR_USAGE, "needs a broker: --amqp-url");
}

const char *bench_exchange(struct bench *b)
{
	return arena_printf(&b->arena, "congvan.bench.%ld", (long)getpid());
}

static int run_stages(struct bench *b, struct err *e)
{
	if (!b->cli->json)
		out_text("%-9s %-46s %9s %9s  %-12s %6s %8s", "stage", "work", "ours",
			"bare", "unit", "ratio", "target");
	for (int i = 0; i < STAGES; i++) {
		bool asked_for = !b->cli->words_n || bench_named(b, stages[i].name);

		if (asked_for && stages[i].run(b, e))
			return err_wrap(e, "%s", stages[i].name);
	}
	return 0;
}

static void bench_deinit(struct bench *b)
{
	if (b->folder)
		bench_remove(b->folder);
	organ_table_free(b->organs);
	calendar_free(b->calendar);
	arena_deinit(&b->arena);
}

int command_bench(const struct cli *cli)
{
	struct bench b = {.cli = cli};
	struct err e = {0};

	for (size_t i = 0; i < cli->words_n; i++) {
		if (find_stage(cli->words[i]) < 0) {
			out_complain(
				cli, "usage", "there is no stage '%s'", cli->words[i]);
			return EX_USAGE;
		}
	}
	log_set_level(LOG_LEVEL_WARNING);
	int failed = read_options(&b, &e) || make_organs(&b, &e) ||
		     make_folder(&b, &e) || run_stages(&b, &e);

	bench_deinit(&b);
	return failed ? out_complain_err(cli, &e) : 0;
}
