/*
 * `test`: each mapping against the samples beside it. A sample is a message; what it
 * must give stands in NAME.expected.json. A mapping without samples fails: a check that
 * looked at nothing is none.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "adapters/codec.h"
#include "adapters/mapping.h"
#include "gateway/base/json.h"
#include "gateway/base/mem.h"
#include "gateway/base/shown.h"
#include "gateway/cli/commands.h"
#include "gateway/cli/output.h"
#include "gateway/cli/render_expected.h"
#include "gateway/cli/setup.h"
#include "gateway/config/file.h"
#include "gateway/rules/secrecy.h"

#define EXPECTED ".expected.json"

enum { EXPECTED_MAX = 16 * 1024 * 1024 };

MEM_CLEANUP(codec, struct codec, codec_free)

enum sample_result {
	SAMPLE_OK,
	SAMPLE_WRITTEN, /* --write: what it gave is expected from now on */
	SAMPLE_DIFFERS,
	SAMPLE_NO_EXPECTED,
	SAMPLE_BAD_EXPECTED,
	SAMPLE_NONE, /* the mapping has no samples at all */
};
static const char *const result_words[] = {
	[SAMPLE_OK] = "ok",
	[SAMPLE_WRITTEN] = "written",
	[SAMPLE_DIFFERS] = "differs",
	[SAMPLE_NO_EXPECTED] = "no-expected",
	[SAMPLE_BAD_EXPECTED] = "bad-expected",
	[SAMPLE_NONE] = "no-samples",
};

/* One sample, and what came of it. */
struct sample {
	const struct mapping *mapping;
	const char *name, *expected; /* NULL: the mapping has none */
	struct arena arena;
	LIST_OF(struct event *) events;
	LIST_OF(struct sample_found) found;
	sample_differences differences;
	enum sample_result result;
	char why[256];
};

static void sample_deinit(struct sample *s)
{
	for (size_t i = 0; i < s->events.n; i++)
		event_free(s->events.at[i]);
	arena_deinit(&s->arena);
}
#define cleanup_sample __attribute__((__cleanup__(sample_deinit)))

static const char *path_of(struct sample *s, const char *name)
{
	return arena_printf(&s->arena, "%s/%s", s->mapping->samples, name);
}

static void note_document(struct sample *s, enum codec_result result, struct event *ev,
	const struct codec_error *error, const struct err *e)
{
	struct sample_found *found = LIST_ADD(&s->arena, &s->found);

	*LIST_ADD(&s->arena, &s->events) = ev;
	if (ev)
		found->secrecy = secrecy_of(ev);
	if (result == CODEC_OK)
		found->event = ev;
	else
		found->error_code = arena_dup(&s->arena,
			result == CODEC_FAULT ? out_error_word(e->code) : error->code);
}

static void read_sample(struct codec *codec, struct sample *s)
{
	const char *path = path_of(s, s->name);
	struct codec_error error;
	struct event *ev = NULL;
	struct err e = {0};
	enum codec_result result = codec_read_file(codec, path, &ev, &error, &e);

	note_document(s, result, ev, &error, &e);
	while (codec_left(codec)) {
		result = codec_next(codec, &ev, &error, &e);
		note_document(s, result, ev, &error, &e);
	}
}

/* There is nothing to compare with: with --write there is from now on. */
static int make_expected(const struct cli *cli, struct sample *s, struct err *e)
{
	cleanup_buf struct buf text = {0};

	s->result = cli_value(cli, "--write") ? SAMPLE_WRITTEN : SAMPLE_NO_EXPECTED;
	if (s->result == SAMPLE_NO_EXPECTED)
		return 0;
	expected_write(s->found.at, s->found.n, &text);
	return file_write(path_of(s, s->expected), &text, e);
}

static int judge_sample(const struct cli *cli, struct sample *s, struct err *e)
{
	cleanup_buf struct buf bytes = {0};
	const char *path = path_of(s, s->expected);

	if (access(path, F_OK) != 0)
		return make_expected(cli, s, e);
	if (file_read(path, EXPECTED_MAX, &bytes, e))
		return err_wrap(e, "%s", path);
	if (expected_compare((struct slice){buf_text(&bytes), bytes.n}, s->found.at,
		    s->found.n, &s->arena, &s->differences, s->why))
		s->result = SAMPLE_BAD_EXPECTED;
	else
		s->result = s->differences.n ? SAMPLE_DIFFERS : SAMPLE_OK;
	return 0;
}

static void put_raw(struct json *j, const char *name, const char *json)
{
	json_key(j, name);
	json_raw(j, json, strlen(json));
}

static void print_json(const struct sample *s)
{
	cleanup_buf struct buf line = {0};
	struct json j = {.out = &line};

	json_open(&j, '{');
	json_put_text(&j, "mapping", s->mapping->file);
	json_put_text(&j, "sample", s->name);
	json_put_text(&j, "result", result_words[s->result]);
	json_put_text(&j, "message", *s->why ? s->why : NULL);
	json_key(&j, "differences");
	json_open(&j, '[');
	for (size_t i = 0; i < s->differences.n; i++) {
		const struct sample_difference *d = &s->differences.at[i];

		json_open(&j, '{');
		json_put_int(&j, "part", (int64_t)d->part);
		json_put_text(&j, "path", d->path);
		put_raw(&j, "expected", d->expected);
		put_raw(&j, "found", d->found);
		json_close(&j, '}');
	}
	json_close(&j, ']');
	json_close(&j, '}');
	out_line(&line);
}

static void print_difference(const struct sample *s, const struct sample_difference *d)
{
	cleanup_arena struct arena arena = {0};
	const char *document =
		s->found.n > 1 ? arena_printf(&arena, "document %zu: ", d->part) : "";

	out_text("    %s%s: expected %s, found %s", document, *d->path ? d->path : "/",
		shown_text(&arena, d->expected, 300),
		shown_text(&arena, d->found, 300));
}

static void print_people(const struct sample *s)
{
	cleanup_arena struct arena arena = {0};

	if (s->result == SAMPLE_NONE) {
		out_text("  no samples: there is none in %s",
			shown_text(&arena, s->mapping->samples, 0));
		return;
	}
	out_text("  %-12s %s", result_words[s->result], shown_text(&arena, s->name, 0));
	if (s->result == SAMPLE_NO_EXPECTED)
		out_text("    there is no %s beside it; `test --write` makes it, for "
			 "you to "
			 "check",
			shown_text(&arena, s->expected, 0));
	if (*s->why)
		out_text("    %s: %s", s->expected, shown_text(&arena, s->why, 0));
	for (size_t i = 0; i < s->differences.n; i++)
		print_difference(s, &s->differences.at[i]);
}

static void print_sample(const struct cli *cli, const struct sample *s)
{
	if (cli->json)
		print_json(s);
	else
		print_people(s);
}

static bool has_end(const char *name, const char *end)
{
	size_t n = strlen(name), m = strlen(end);

	return n > m && !strcmp(name + n - m, end);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

typedef LIST_OF(const char *) name_list;

/* The messages in the mapping's folder, sorted. */
static name_list list_samples(const struct mapping *m, struct arena *arena)
{
	const char *end = m->syntax == MAPPING_XML ? ".xml" : ".json";
	DIR *dir = opendir(m->samples);
	name_list names = {0};

	for (const struct dirent *d; dir && (d = readdir(dir));)
		if (d->d_name[0] != '.' && has_end(d->d_name, end) &&
			!has_end(d->d_name, EXPECTED))
			*LIST_ADD(arena, &names) = arena_dup(arena, d->d_name);
	if (dir)
		closedir(dir);
	if (names.n)
		qsort(names.at, names.n, sizeof(*names.at), by_name);
	return names;
}

/* One sample. -1: a fault; else *@ret_bad says whether it fails. */
static int test_sample(const struct cli *cli, const struct mapping *m,
	struct codec *codec, const char *name, bool *ret_bad, struct err *e)
{
	cleanup_sample struct sample s = {.mapping = m, .name = name};
	int stem = (int)(strrchr(name, '.') - name);

	s.expected = arena_printf(&s.arena, "%.*s" EXPECTED, stem, name);
	read_sample(codec, &s);
	if (judge_sample(cli, &s, e))
		return -1;
	print_sample(cli, &s);
	*ret_bad |= s.result > SAMPLE_WRITTEN;
	return 0;
}

static int test_mapping(
	const struct cli *cli, const struct mapping *m, bool *ret_bad, struct err *e)
{
	cleanup_arena struct arena arena = {0};
	cleanup_config struct config *none = config_none();
	cleanup(codec) struct codec *codec = NULL;
	struct codec_options options;
	name_list names = list_samples(m, &arena);

	if (setup_codec(none, NULL, &options, e))
		return -1;
	options.format = CODEC_MAPPING;
	options.mapping = m;
	codec = codec_new(&options);
	if (!cli->json)
		out_text("%s", shown_text(&arena, m->file, 0));
	for (size_t i = 0; i < names.n; i++)
		if (test_sample(cli, m, codec, names.at[i], ret_bad, e))
			return -1;
	if (!names.n) {
		print_sample(
			cli, &(struct sample){.mapping = m, .result = SAMPLE_NONE});
		*ret_bad = true;
	}
	return 0;
}

typedef LIST_OF(const struct mapping *) mapping_list;

/* Those named on the command line. */
static int load_named(
	const struct cli *cli, struct arena *arena, mapping_list *ret_list)
{
	struct config_complaints complaints = {0};
	int code = 0;

	for (size_t i = 0; i < cli->words_n; i++) {
		const struct mapping *m;

		if (config_load_mapping(cli->words[i], arena, &m, &complaints))
			code = EX_CONFIG;
		else
			*LIST_ADD(arena, ret_list) = m;
	}
	setup_say(cli, &complaints, false);
	config_complaints_deinit(&complaints);
	return code;
}

static bool has_mapping(const mapping_list *list, const struct mapping *m)
{
	size_t i = 0;

	while (i < list->n && list->at[i] != m)
		i++;
	return i < list->n;
}

/* Those of the configuration's adapters, each once. */
static int load_configured(const struct cli *cli, struct arena *arena,
	struct config **ret_config, mapping_list *ret_list)
{
	int code = setup_config(cli, false, ret_config);

	if (code)
		return code;
	for (size_t i = 0; i < (*ret_config)->adapters_n; i++) {
		const struct mapping *m = (*ret_config)->adapters[i].mapping;

		if (m && !has_mapping(ret_list, m))
			*LIST_ADD(arena, ret_list) = m;
	}
	if (ret_list->n)
		return 0;
	out_complain(cli, "input",
		"the configuration names no mapping: there is nothing to test");
	return EX_DATAERR;
}

int command_test(const struct cli *cli)
{
	cleanup_config struct config *config = NULL;
	cleanup_arena struct arena arena = {0};
	mapping_list list = {0};
	bool bad = false;
	struct err e = {0};
	int code = cli->words_n ? load_named(cli, &arena, &list)
				: load_configured(cli, &arena, &config, &list);

	for (size_t i = 0; !code && i < list.n; i++)
		if (test_mapping(cli, list.at[i], &bad, &e))
			code = out_complain_err(cli, &e);
	return code ? code : bad ? EX_DATAERR : 0;
}
