#include "tests/lib/story.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "gateway/base/mem.h"
#include "gateway/model/event_json.h"

static const char *const sinks[] = {"east", "west"};

static void add_organ(struct organ_table *table, const struct organ *organ)
{
	struct err e = {0};

	if (organ_table_add(table, organ, &e) != 0)
		fail_msg("%s", e.text);
}

static struct organ_table *organs_new(void)
{
	static const struct organ_alias aliases[] = {
		{"000.00.01.H99", DAY_NONE, DAY_NONE}};
	static const char *const clerks[] = {"H99.05"}, *const upward[] = {"H99"};
	struct organ_table *table = organ_table_new();
	struct err e = {0};

	add_organ(table, &(struct organ){.id = "H99"});
	add_organ(table, &(struct organ){.id = "H99.01",
				 .parent = "H99",
				 .aliases = aliases,
				 .aliases_n = 1});
	add_organ(table, &(struct organ){.id = "H99.02",
				 .parent = "H99",
				 .successor = "H99.04",
				 .successor_from = day_from(2026, 3, 5)});
	add_organ(table, &(struct organ){.id = "H99.03",
				 .parent = "H99",
				 .answered_by = clerks,
				 .answered_by_n = 1});
	add_organ(table, &(struct organ){.id = "H99.04", .parent = "H99"});
	add_organ(table, &(struct organ){.id = "H99.05", .parent = "H99.03"});
	add_organ(table, &(struct organ){.id = "H99.06",
				 .parent = "H99",
				 .receives_for = upward,
				 .receives_for_n = 1,
				 .issues_for = upward,
				 .issues_for_n = 1});
	if (organ_table_finish(table, &e) != 0)
		fail_msg("%s", e.text);
	return table;
}

void story_open(struct story *s)
{
	struct err e = {0};

	story_close(s);
	if (ledger_open(&s->options, &s->ledger, &e) != 0)
		fail_msg("%s", e.text);
}

void story_close(struct story *s)
{
	ledger_close(s->ledger);
	s->ledger = NULL;
}

void story_init(struct story *s)
{
	const char *where = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";

	*s = (struct story){.organs = organs_new(),
		.calendar = calendar_new(),
		.policy = policy_default};
	snprintf(s->folder, sizeof(s->folder), "%s/congvan-story-XXXXXX", where);
	assert_non_null(mkdtemp(s->folder));
	s->options = (struct ledger_options){.folder = s->folder,
		.site = "H99",
		.organs = s->organs,
		.calendar = s->calendar,
		.policy = &s->policy,
		.sinks = sinks,
		.sinks_n = sizeof(sinks) / sizeof(sinks[0]),
		.now = story_at("2026-01-01"),
		.busy_timeout_ms = 1};
	story_open(s);
}

static int remove_one(
	const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st, (void)kind, (void)ftw;
	return remove(path);
}

void story_deinit(struct story *s)
{
	story_close(s);
	organ_table_free(s->organs);
	calendar_free(s->calendar);
	nftw(s->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

int story_setup(void **state)
{
	struct story *s = mem_alloc(sizeof(*s));

	story_init(s);
	*state = s;
	return 0;
}

int story_teardown(void **state)
{
	story_deinit(*state);
	free(*state);
	return 0;
}

const char *story_path(const struct story *s, const char *name)
{
	static char paths[8][256];
	static int turn;
	char *path = paths[turn++ % 8];

	snprintf(path, sizeof(paths[0]), "%s/%s", s->folder, name);
	return path;
}

struct event *story_event(const char *json)
{
	cleanup_free char *text = mem_dup(json);
	struct event_json_error wrong = {0};
	struct event *ev = NULL;

	for (char *p = text; *p; p++)
		*p = *p == '\'' ? '"' : *p;
	if (event_json_read(text, strlen(text), &ev, &wrong) != 0)
		fail_msg("%s: %s", wrong.message, text);
	return ev;
}

struct event *story_part(const char *json)
{
	cleanup_buf struct buf whole = {0};
	bool named = strncmp(json, "{'document_id'", 14) == 0;

	buf_printf(&whole, "{%s%s", named ? "" : "'document_id':'D',", json + 1);
	return story_event(buf_text(&whole));
}

msec_t story_at(const char *day)
{
	return day_start(day_parse(day)) + (msec_t)9 * 3600 * 1000;
}

struct arrival story_arrival(
	const struct story *s, const char *day, const struct event *ev)
{
	return (struct arrival){.adapter = "inbox",
		.at = story_at(day),
		.policy = &s->policy,
		.event = ev,
		.origin = "a.json",
		.raw = {"{}", 2}};
}

void story_begin(struct story *s)
{
	struct err e = {0};

	if (ledger_begin(s->ledger, &e) != 0)
		fail_msg("%s", e.text);
}

void story_commit(struct story *s)
{
	struct err e = {0};

	if (ledger_commit(s->ledger, &e) != 0)
		fail_msg("%s", e.text);
}

static struct ledger_answer apply(struct story *s, const struct arrival *a)
{
	struct ledger_answer answer;
	struct err e = {0};

	if (ledger_apply(s->ledger, a, &answer, &e) != 0)
		fail_msg("%s", e.text);
	return answer;
}

struct ledger_answer story_apply(struct story *s, const char *day, const char *json)
{
	struct event *ev = story_event(json);
	struct arrival a = story_arrival(s, day, ev);
	struct ledger_answer answer = apply(s, &a);

	event_free(ev);
	return answer;
}

struct ledger_answer story_tell(struct story *s, const char *day, const char *json)
{
	story_begin(s);
	struct ledger_answer answer = story_apply(s, day, json);

	story_commit(s);
	return answer;
}

struct ledger_answer story_tell_bytes(
	struct story *s, const char *day, const char *bytes)
{
	struct arrival a = story_arrival(s, day, NULL);

	a.raw = (struct slice){bytes, strlen(bytes)};
	a.error_code = "xml.malformed";
	a.error_message = "nothing here is XML";
	a.error_line = a.error_column = 1;
	story_begin(s);
	struct ledger_answer answer = apply(s, &a);

	story_commit(s);
	return answer;
}

/* ---- Looking at it from outside */

static int64_t run_sql(struct story *s, const char *sql)
{
	sqlite3 *db;
	char *wrong = NULL;
	sqlite3_stmt *row;
	int64_t value = 0;

	if (sqlite3_open(story_path(s, "ledger.db"), &db) != SQLITE_OK)
		fail_msg("%s", sqlite3_errmsg(db));
	if (strncmp(sql, "SELECT", 6) == 0) {
		if (sqlite3_prepare_v2(db, sql, -1, &row, NULL) != SQLITE_OK)
			fail_msg("%s: %s", sqlite3_errmsg(db), sql);
		value = sqlite3_step(row) == SQLITE_ROW ? sqlite3_column_int64(row, 0)
							: 0;
		sqlite3_finalize(row);
	} else if (sqlite3_exec(db, sql, NULL, NULL, &wrong) != SQLITE_OK) {
		fail_msg("%s: %s", wrong, sql);
	}
	sqlite3_close(db);
	return value;
}

int64_t story_count(struct story *s, const char *sql)
{
	return run_sql(s, sql);
}

void story_tamper(struct story *s, const char *sql)
{
	run_sql(s, sql);
}

int story_verify(struct story *s, struct buf *ret_json)
{
	cleanup_buf struct buf json = {0};
	struct ledger_view *v;
	struct err e = {0};
	int failures;

	if (ledger_view_open(&s->options, &v, &e) != 0 ||
		ledger_view_verify(v, ret_json ? ret_json : &json, &failures, &e) != 0)
		fail_msg("%s", e.text);
	ledger_view_close(v);
	return failures;
}

struct line {
	int64_t id, parent;
	const char *text;
};

struct lines {
	struct arena arena;
	LIST_OF(struct line) list;
};

static int add_line(void *context, const struct task *task, enum timeliness timeliness)
{
	struct lines *lines = context;
	cleanup_buf struct buf text = {0};
	struct json j = {.out = &text};
	struct task bare = *task;

	bare.id = bare.revision = bare.document.id = bare.parent = 0;
	bare.closed_by.document = bare.closed_by.document ? 1 : 0;
	task_json_write(&j, &bare, timeliness);
	*LIST_ADD(&lines->arena, &lines->list) = (struct line){
		task->id, task->parent, arena_dup(&lines->arena, buf_text(&text))};
	return 0;
}

/* A part shows its parent as that one's line: the number counts arrivals. */
static void add_parents(struct lines *lines)
{
	const char **whole =
		arena_alloc(&lines->arena, (lines->list.n + 1) * sizeof(*whole));

	for (size_t i = 0; i < lines->list.n; i++) {
		const struct line *part = &lines->list.at[i];
		const char *parent = "a task that is not listed";

		for (size_t k = 0; k < lines->list.n; k++)
			if (lines->list.at[k].id == part->parent)
				parent = lines->list.at[k].text;
		whole[i] = part->parent ? arena_printf(&lines->arena, "%s part of %s",
						  part->text, parent)
					: part->text;
	}
	for (size_t i = 0; i < lines->list.n; i++)
		lines->list.at[i].text = whole[i];
}

static int compare_lines(const void *a, const void *b)
{
	const struct line *x = a, *y = b;

	return strcmp(x->text, y->text);
}

const char *story_tasks(struct story *s)
{
	static struct buf texts[4];
	static int turn;
	struct buf *text = &texts[turn++ % 4];
	struct task_filter filter = {.now = s->options.now};
	struct lines lines = {0};
	struct ledger_view *v;
	struct err e = {0};

	if (ledger_view_open(&s->options, &v, &e) != 0 ||
		ledger_view_tasks(v, &filter, add_line, &lines, &e) != 0)
		fail_msg("%s", e.text);
	ledger_view_close(v);
	add_parents(&lines);
	if (lines.list.n)
		qsort(lines.list.at, lines.list.n, sizeof(*lines.list.at),
			compare_lines);
	buf_reset(text);
	for (size_t i = 0; i < lines.list.n; i++)
		buf_printf(text, "%s\n", lines.list.at[i].text);
	arena_deinit(&lines.arena);
	return buf_text(text);
}
