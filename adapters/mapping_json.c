/*
 * A vendor's JSON, read by jansson: no name twice, no deeper and no longer than the
 * limits say. Where a message is broken, what is there of its documents is still made
 * sense of, so that a mark of secrecy in it counts (X1).
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/base64_size.h"
#include "adapters/mapping_json_scan.h"
#include "gateway/base/mem.h"
#include "gateway/base/text.h"

/* The escape or character cut off at the end is at most this long. */
enum { TAIL_BYTES = 12 };

struct json_tree {
	const struct codec_options *options;
	struct arena pointers; /* of the paths: as long as the tree */
	struct json_pointer *paths, document;
	struct base64_size base64;

	json_t *root;
	struct arena arena; /* of the message */
	mapping_parts parts;
	json_t **loose; /* documents of a broken message */
	size_t loose_n;
};

int mapping_json_judge_path(const char *path, char ret_why[MAPPING_WHY])
{
	if (!strcmp(path, "."))
		return 0;
	if (*path != '/') {
		snprintf(ret_why, MAPPING_WHY,
			"a JSON Pointer begins with `/`, or is `.` for the value "
			"itself");
		return -1;
	}
	for (const char *p = path; (p = strchr(p, '~')); p++)
		if (p[1] != '0' && p[1] != '1') {
			snprintf(ret_why, MAPPING_WHY,
				"in a JSON Pointer `~` is written `~0`, and `/` in a "
				"name `~1`");
			return -1;
		}
	return 0;
}

static void *json_open_tree(
	const struct mapping *m, const struct codec_options *options)
{
	struct json_tree *t = mem_alloc(sizeof(*t));

	t->options = options;
	base64_size_init(&t->base64);
	t->paths = arena_alloc(&t->pointers, (m->paths_n + 1) * sizeof(*t->paths));
	for (size_t i = 0; i < m->paths_n; i++)
		t->paths[i] = json_pointer_split(&t->pointers, m->paths[i]);
	t->document = t->paths[m->document.number];
	return t;
}

static void json_forget(void *tree, bool wipe)
{
	struct json_tree *t = tree;

	for (size_t i = 0; i < t->loose_n; i++)
		json_decref(t->loose[i]);
	t->loose = NULL;
	t->loose_n = 0;
	json_decref(t->root);
	t->root = NULL;
	t->parts = (mapping_parts){0};
	(void)wipe; /* jansson's values are; the arena holds no texts */
	arena_reset(&t->arena);
}

static void json_close_tree(void *tree)
{
	struct json_tree *t = tree;

	if (!t)
		return;
	json_forget(t, false);
	arena_deinit(&t->arena);
	arena_deinit(&t->pointers);
	free(t);
}

static json_t *load(const char *bytes, size_t n)
{
	return json_loadb(bytes, n, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, NULL);
}

/* What is there of a document that the message broke in: first with the text that was
 * being read, else without. */
static json_t *load_open(struct slice bytes, const struct json_scan *scan,
	const struct mapping_part *part)
{
	size_t end = scan->at < bytes.n ? scan->at : bytes.n;

	for (size_t cut = 0; scan->text > part->start && cut <= TAIL_BYTES; cut++) {
		cleanup_buf struct buf whole = {.wipe = true};

		if (end - cut <= scan->text)
			break;
		buf_add(&whole, bytes.at + part->start, end - cut - part->start);
		buf_add_char(&whole, '"');
		buf_add_text(&whole, buf_text(scan->closers));
		json_t *value = load(whole.data, whole.n);

		if (value)
			return value;
	}
	cleanup_buf struct buf whole = {.wipe = true};

	if (scan->safe <= part->start)
		return NULL;
	buf_add(&whole, bytes.at + part->start, scan->safe - part->start);
	buf_add_text(&whole, buf_text(scan->closers));
	return load(whole.data, whole.n);
}

/* Each document by itself: the message has no tree. */
static void load_parts(
	struct json_tree *t, struct slice bytes, const struct json_scan *scan)
{
	t->loose = arena_alloc(&t->arena, (t->parts.n + 1) * sizeof(json_t *));
	for (size_t i = 0; i < t->parts.n; i++) {
		struct mapping_part *part = &t->parts.at[i];
		json_t *value = part->whole ? load(bytes.at + part->start,
						      part->end - part->start)
					    : load_open(bytes, scan, part);

		part->node = value;
		if (value)
			t->loose[t->loose_n++] = value;
	}
}

/* Make sense of @bytes up to @end, where the message is broken. */
static void salvage(struct json_tree *t, struct slice bytes, size_t end)
{
	cleanup_buf struct buf closers = {0};
	struct json_scan scan = {.options = t->options,
		.document = &t->document,
		.arena = &t->arena,
		.closers = &closers};

	json_scan_run(&scan, (struct slice){bytes.at, end});
	t->parts = scan.parts;
	load_parts(t, bytes, &scan);
	/* An open one reaches to the end of the message. */
	for (size_t i = 0; i < t->parts.n; i++)
		if (!t->parts.at[i].whole)
			t->parts.at[i].end = bytes.n;
}

static const json_t *follow(const struct json_pointer *pointer, const json_t *value)
{
	for (size_t i = 0; value && i < pointer->steps_n; i++) {
		int64_t index;

		if (json_is_object(value))
			value = json_object_get(value, pointer->steps[i]);
		else if (json_is_array(value) &&
			 text_parse_int(pointer->steps[i], 0, INT32_MAX, &index))
			value = json_array_get(value, (size_t)index);
		else
			value = NULL;
	}
	return value;
}

/* The documents' nodes, whose places the scan knows. */
static int name_parts(struct json_tree *t, struct codec_error *ret_error)
{
	const json_t *found = follow(&t->document, t->root);
	size_t n = json_is_array(found) ? json_array_size(found) : found != NULL;

	if (n != t->parts.n) {
		/* A name written with escapes: found by jansson, not by the scan. */
		*ret_error = (struct codec_error){
			.code = "mapping.no-document", .line = 1, .column = 1};
		snprintf(ret_error->message, sizeof(ret_error->message),
			"document: the names on the way to the documents must be "
			"written without escapes");
		return -1;
	}
	for (size_t i = 0; i < n; i++)
		t->parts.at[i].node =
			json_is_array(found) ? json_array_get(found, i) : found;
	return 0;
}

static void place_error(struct codec_error *error, struct slice bytes, size_t at)
{
	error->line = error->column = 1;
	for (size_t i = 0; i < at && i < bytes.n; i++) {
		if (bytes.at[i] == '\n') {
			error->line++;
			error->column = 1;
		} else if (((unsigned char)bytes.at[i] & 0xc0) != 0x80) {
			error->column++;
		}
	}
}

static int refuse_limit(const struct json_scan *scan, struct slice bytes,
	size_t *ret_error_at, struct codec_error *ret_error)
{
	const long long most[] = {[JSON_LIMIT_DEPTH] = scan->options->max_depth,
		[JSON_LIMIT_VALUES] = MAPPING_MAX_NODES,
		[JSON_LIMIT_TEXT] = (long long)scan->options->max_text};
	static const char *const of[] = {
		[JSON_LIMIT_DEPTH] = "values inside each other",
		[JSON_LIMIT_VALUES] = "values",
		[JSON_LIMIT_TEXT] = "bytes in one text",
	};

	*ret_error = (struct codec_error){.code = scan->met == JSON_LIMIT_DEPTH
							  ? "json.too-deep"
							  : "json.too-large"};
	snprintf(ret_error->message, sizeof(ret_error->message), "more than %lld %s",
		most[scan->met], of[scan->met]);
	place_error(ret_error, bytes, scan->at);
	*ret_error_at = scan->at;
	return -1;
}

static int refuse_broken(const json_error_t *broken, struct slice bytes,
	size_t *ret_error_at, struct codec_error *ret_error)
{
	/* jansson has just read what it does not like. */
	size_t at = broken->position > 0 ? (size_t)broken->position - 1 : 0;

	at += json_scan_mark(bytes);

	*ret_error = (struct codec_error){.code = "json.malformed"};
	snprintf(ret_error->message, sizeof(ret_error->message), "%s", broken->text);
	place_error(ret_error, bytes, at);
	*ret_error_at = at < bytes.n ? at : bytes.n;
	return -1;
}

static int parse_whole(struct json_tree *t, struct slice bytes, size_t *ret_error_at,
	struct codec_error *ret_error)
{
	struct json_scan scan = {
		.options = t->options, .document = &t->document, .arena = &t->arena};
	json_error_t broken;

	json_scan_run(&scan, bytes);
	t->parts = scan.parts;
	if (scan.met != JSON_LIMIT_NONE)
		return refuse_limit(&scan, bytes, ret_error_at, ret_error);
	size_t mark = json_scan_mark(bytes);

	t->root = json_loadb(bytes.at + mark, bytes.n - mark,
		JSON_DECODE_ANY | JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &broken);
	if (!t->root)
		return refuse_broken(&broken, bytes, ret_error_at, ret_error);
	*ret_error_at = bytes.n;
	return 0;
}

static int json_parse(void *tree, struct slice bytes, mapping_parts *ret_parts,
	size_t *ret_error_at, struct codec_error *ret_error)
{
	struct json_tree *t = tree;
	int result = parse_whole(t, bytes, ret_error_at, ret_error);

	if (result)
		salvage(t, bytes, *ret_error_at);
	else
		result = name_parts(t, ret_error);
	*ret_parts = t->parts;
	return result;
}

static enum mapping_text json_text_of(
	void *tree, const void *node, struct arena *arena, struct slice *ret_text)
{
	const json_t *value = node;

	(void)tree;
	if (json_is_null(value))
		return MAPPING_TEXT_ABSENT;
	if (json_is_object(value) || json_is_array(value))
		return MAPPING_TEXT_NONE;
	if (json_is_string(value)) {
		*ret_text = (struct slice){
			json_string_value(value), json_string_length(value)};
		return MAPPING_TEXT;
	}
	char *text = json_dumps(value, JSON_ENCODE_ANY);
	size_t n = text ? strlen(text) : 0;

	*ret_text = (struct slice){arena_dup_n(arena, text ? text : "", n), n};
	free(text);
	return MAPPING_TEXT;
}

/* `[role=CT]`: of a list those entries whose member says so. The value's length. */
static const char *condition_of(const char *step, size_t *ret_n)
{
	const char *equals = *step == '[' ? strchr(step, '=') : NULL;
	size_t n = strlen(step);

	if (!equals || equals == step + 1 || step[n - 1] != ']')
		return NULL;
	*ret_n = n - 1 - (size_t)(equals + 1 - step);
	return equals + 1;
}

static bool says(const json_t *entry, const char *step, const char *value, size_t n,
	struct arena *arena)
{
	char *name = arena_dup_n(arena, step + 1, (size_t)(value - 1 - (step + 1)));
	const json_t *member = json_object_get(entry, name);
	struct slice text = {0};

	return member && json_text_of(NULL, member, arena, &text) == MAPPING_TEXT &&
	       text.n == n && !memcmp(text.at, value, n);
}

static const json_t *step_to(const char *step, const json_t *value)
{
	return follow(&(struct json_pointer){&step, 1}, value);
}

/* What @step, of which one value or several are the start, leads to. */
static mapping_spots take_step(
	const char *step, const mapping_spots *from, struct arena *arena)
{
	mapping_spots to = {0};
	size_t n = 0;
	const char *wanted = condition_of(step, &n);

	for (size_t i = 0; i < from->n; i++) {
		const json_t *value = from->at[i].node;

		if (!wanted && (value = step_to(step, value)))
			LIST_ADD(arena, &to)->node = value;
		for (size_t k = 0; wanted && k < json_array_size(value); k++)
			if (says(json_array_get(value, k), step, wanted, n, arena))
				LIST_ADD(arena, &to)->node = json_array_get(value, k);
	}
	return to;
}

static void add_spots(
	const json_t *found, struct arena *arena, mapping_spots *ret_spots)
{
	if (!json_is_array(found) && !json_is_null(found))
		LIST_ADD(arena, ret_spots)->node = found;
	for (size_t i = 0; i < json_array_size(found); i++)
		if (!json_is_null(json_array_get(found, i)))
			LIST_ADD(arena, ret_spots)->node = json_array_get(found, i);
}

static int json_find(void *tree, const struct mapping_path *path, const void *node,
	struct arena *arena, mapping_spots *ret_spots)
{
	struct json_tree *t = tree;
	const struct json_pointer *pointer = &t->paths[path->number];
	mapping_spots found = {0};

	LIST_ADD(arena, &found)->node = node;
	for (size_t i = 0; i < pointer->steps_n; i++)
		found = take_step(pointer->steps[i], &found, arena);
	for (size_t i = 0; i < found.n; i++)
		add_spots(found.at[i].node, arena, ret_spots);
	return 0;
}

static int64_t json_file_bytes(void *tree, const void *node, struct arena *arena)
{
	struct json_tree *t = tree;
	struct slice text = {0};

	if (json_text_of(t, node, arena, &text) != MAPPING_TEXT)
		return -1;
	base64_size_begin(&t->base64);
	base64_size_add(&t->base64, text.at, text.n);
	return base64_size_end(&t->base64);
}

/* jansson's values do not know where they stood: the document's place must do. */
static size_t json_place(void *tree, const void *node)
{
	struct json_tree *t = tree;

	for (size_t i = 0; i < t->parts.n; i++)
		if (t->parts.at[i].node == node)
			return t->parts.at[i].start;
	return 0;
}

const struct mapping_tree_ops mapping_json_ops = {
	.open = json_open_tree,
	.close = json_close_tree,
	.parse = json_parse,
	.find = json_find,
	.text = json_text_of,
	.file_bytes = json_file_bytes,
	.place = json_place,
	.forget = json_forget,
	.contiguous = true,
	.root = ".",
};
