/*
 * The axis' JSON, entry by entry: the outer shape is walked here, each value is read by
 * jansson where it stands. So a list of a hundred thousand agencies is never a tree in
 * memory, and every entry knows its line and column.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "adapters/agency_list_parts.h"
#include "gateway/base/text.h"

struct json_list {
	struct agency_list *list;
	const char *at, *end;
	int line, column; /* of @at */
	struct err *e;
	bool has_data;
	/* What the reply says of itself when it is no success, and where. */
	char failure[192], description[128];
	int failure_line, failure_column;
};

static int refuse(struct json_list *j, const char *what)
{
	return agency_list_refuse(j->list, j->line, j->column, j->e, "%s", what);
}

static void step(struct json_list *j, size_t n)
{
	for (; n && j->at < j->end; n--, j->at++) {
		if (*j->at == '\n') {
			j->line++;
			j->column = 1;
		} else if (((unsigned char)*j->at & 0xc0) != 0x80) {
			j->column++;
		}
	}
}

/* The next byte that is no white space, '\0' at the end. */
static char peek(struct json_list *j)
{
	while (j->at < j->end && *j->at && strchr(" \t\r\n", *j->at))
		step(j, 1);
	return j->at < j->end ? *j->at : '\0';
}

/* Read the value that begins here; the caller lets it go. NULL: refused. */
static json_t *read_value(struct json_list *j)
{
	json_error_t error;
	json_t *value;

	peek(j);
	value = json_loadb(j->at, (size_t)(j->end - j->at),
		JSON_DECODE_ANY | JSON_DISABLE_EOF_CHECK | JSON_REJECT_DUPLICATES,
		&error);
	if (value) {
		step(j, (size_t)error.position);
		return value;
	}
	int line = error.line > 0 ? error.line : 1;
	int column = error.column > 0 ? error.column : 1;

	agency_list_refuse(j->list, j->line + line - 1,
		line == 1 ? j->column + column - 1 : column, j->e,
		"this is not JSON: %s", error.text);
	return NULL;
}

/* The text of @entry's member: a text, or a whole number written without quotes. */
static const char *member_text(struct json_list *j, const json_t *entry,
	const char *name, int line, int column)
{
	const json_t *value = json_object_get(entry, name);
	char digits[32];

	if (json_is_string(value))
		return agency_list_text(
			j->list, json_string_value(value), json_string_length(value));
	if (json_is_integer(value)) {
		int n = snprintf(digits, sizeof(digits), "%" JSON_INTEGER_FORMAT,
			json_integer_value(value));

		return arena_dup_n(&j->list->arena, digits, (size_t)n);
	}
	if (value && !json_is_null(value))
		agency_list_complain(j->list, line, column,
			"`%s` is neither text nor number and is not taken over", name);
	return NULL;
}

/* One list calls it oldCode, the other code102; both are the id before 2020. */
static const char *old_id_of(
	struct json_list *j, const json_t *entry, int line, int column)
{
	const char *old = member_text(j, entry, "oldCode", line, column);
	const char *code102 = member_text(j, entry, "code102", line, column);

	if (!old || !code102 || text_same_id(old, code102))
		return old ? old : code102;
	agency_list_complain(j->list, line, column,
		"oldCode %.64s and code102 %.64s differ; neither is taken over", old,
		code102);
	return NULL;
}

static void add_entry(struct json_list *j, const json_t *entry, int line, int column)
{
	if (!json_is_object(entry)) {
		agency_list_complain(j->list, line, column,
			"this is no agency (an object) and is passed over");
		return;
	}
	agency_list_add(j->list,
		(struct agency){
			.id = member_text(j, entry, "code", line, column),
			.old_id = old_id_of(j, entry, line, column),
			.name = member_text(j, entry, "name", line, column),
			.key = member_text(j, entry, "id", line, column),
			.parent_key = member_text(j, entry, "pid", line, column),
			.line = line,
			.column = column,
		});
}

static int read_entry(struct json_list *j)
{
	peek(j);
	int line = j->line, column = j->column;
	json_t *entry = read_value(j);

	if (!entry)
		return -1;
	add_entry(j, entry, line, column);
	json_decref(entry);
	return 0;
}

/* `[entry, …]`, the parser standing before the bracket. */
static int read_entries(struct json_list *j)
{
	step(j, 1);
	if (peek(j) == ']') {
		step(j, 1);
		return 0;
	}
	for (;;) {
		if (read_entry(j))
			return -1;
		char next = peek(j);

		if (next != ',' && next != ']')
			return refuse(j, next ? "',' or ']' must stand here"
					      : "the file ends inside the list");
		step(j, 1);
		if (next == ']')
			return 0;
	}
}

static bool is_good(const char *name, const json_t *value)
{
	if (!strcmp(name, "status"))
		return json_is_string(value) &&
		       !strcasecmp(json_string_value(value), "OK");
	if (json_is_integer(value))
		return json_integer_value(value) == 0;
	return json_is_null(value) ||
	       (json_is_string(value) && (!strcmp(json_string_value(value), "0") ||
						 !*json_string_value(value)));
}

static void note_failure(struct json_list *j, const char *name, const json_t *value,
	int line, int column)
{
	char *said = json_dumps(value, JSON_ENCODE_ANY);

	if (!j->failure_line) {
		j->failure_line = line;
		j->failure_column = column;
		snprintf(j->failure, sizeof(j->failure), "%s is %.100s", name,
			said ? said : "?");
	}
	free(said);
}

/* What the reply says of itself beside its data. */
static void judge_member(struct json_list *j, const char *name, const json_t *value,
	int line, int column)
{
	if (!strcmp(name, "status") || !strcmp(name, "ErrorCode")) {
		if (!is_good(name, value))
			note_failure(j, name, value, line, column);
	} else if (!strcmp(name, "ErrorDesc") && json_is_string(value)) {
		snprintf(j->description, sizeof(j->description), " (%.100s)",
			json_string_value(value));
	}
}

/* The name of a member and its colon, into @ret_name. */
static int read_name(struct json_list *j, char *ret_name, size_t room)
{
	if (peek(j) != '"')
		return refuse(j, j->at < j->end ? "a member's name must stand here"
						: "the file ends inside the list");
	json_t *name = read_value(j);

	if (!name)
		return -1;
	snprintf(ret_name, room, "%s", json_string_value(name));
	json_decref(name);
	if (peek(j) != ':')
		return refuse(j, "':' must stand here");
	step(j, 1);
	return 0;
}

static int read_member(struct json_list *j)
{
	char name[64];

	if (read_name(j, name, sizeof(name)))
		return -1;
	bool data = !strcmp(name, "data"), list = peek(j) == '[';
	int line = j->line, column = j->column;

	if (data && j->has_data)
		return refuse(j, "`data` stands twice");
	j->has_data |= data && list;
	if (data && list)
		return read_entries(j);
	json_t *value = read_value(j);

	if (!value)
		return -1;
	judge_member(j, name, value, line, column);
	json_decref(value);
	return 0;
}

/* `{"data":[…],"status":"OK",…}`, members in any order. */
static int read_reply(struct json_list *j)
{
	int line = j->line, column = j->column;
	bool empty;

	step(j, 1);
	empty = peek(j) == '}';
	for (char next = ','; next == ',' && !empty;) {
		if (read_member(j))
			return -1;
		next = peek(j);
		if (next != ',' && next != '}')
			return refuse(j, next ? "',' or '}' must stand here"
					      : "the file ends inside the list");
		if (next == ',')
			step(j, 1);
	}
	step(j, 1);
	if (j->failure_line)
		return agency_list_refuse(j->list, j->failure_line, j->failure_column,
			j->e, "this list is a failure: %s%s", j->failure,
			j->description);
	if (!j->has_data)
		return agency_list_refuse(j->list, line, column, j->e,
			"there is no list in it: `data` must be a list of agencies");
	return 0;
}

int agency_list_read_json(
	struct agency_list *list, const char *bytes, size_t n, struct err *e)
{
	struct json_list j = {.list = list,
		.at = bytes,
		.end = bytes + n,
		.line = 1,
		.column = 1,
		.e = e};

	if (peek(&j) == '[' ? read_entries(&j) : read_reply(&j))
		return -1;
	if (peek(&j) || j.at < j.end)
		return refuse(&j, "more follows after the end of the list");
	return 0;
}
