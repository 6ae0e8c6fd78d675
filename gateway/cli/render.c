#include "gateway/cli/render.h"

#include <jansson.h>
#include <string.h>

#include "gateway/base/mem.h"
#include "gateway/base/shown.h"
#include "gateway/base/text.h"

enum { INDENT = 2, DEPTH_MAX = 16, LABEL_COLUMNS = 18 };

struct rendered {
	json_t *root;
	struct arena arena;
};

struct rendered *rendered_new(const struct buf *json)
{
	json_t *root = json_loadb(buf_text(json), json->n, 0, NULL);

	if (!json_is_object(root)) {
		json_decref(root);
		return NULL;
	}
	struct rendered *r = mem_alloc(sizeof(*r));

	r->root = root;
	return r;
}

void rendered_free(struct rendered *r)
{
	if (!r)
		return;
	json_decref(r->root);
	arena_deinit(&r->arena);
	mem_cleanup(&r);
}

void rendered_cleanup(struct rendered **r)
{
	rendered_free(*r);
}

static json_t *step(json_t *at, const char *name)
{
	int64_t index;

	if (json_is_array(at) && text_parse_int(name, 0, 1000, &index))
		return json_array_get(at, (size_t)index);
	return json_object_get(at, name);
}

static json_t *find(struct rendered *r, const char *path)
{
	char *names = arena_dup(&r->arena, path);
	json_t *at = r->root;

	for (char *name = strsep(&names, "."); at && name; name = strsep(&names, "."))
		at = step(at, name);
	return at;
}

static void add_scalar(struct buf *out, const json_t *value)
{
	if (json_is_string(value))
		buf_add_text(out, json_string_value(value));
	else if (json_is_integer(value))
		buf_printf(out, "%lld", (long long)json_integer_value(value));
	else if (json_is_real(value))
		buf_printf(out, "%g", json_real_value(value));
	else if (json_is_boolean(value))
		buf_add_text(out, json_is_true(value) ? "yes" : "no");
}

static bool is_nested(const json_t *value)
{
	return json_is_object(value) || json_is_array(value);
}

/* Of a list only the plain members: the others have no text. */
static const char *text_of(struct arena *arena, const json_t *value)
{
	cleanup_buf struct buf text = {0};

	if (!json_is_array(value))
		add_scalar(&text, value);
	for (size_t i = 0; i < json_array_size(value); i++) {
		if (i)
			buf_add_text(&text, ", ");
		add_scalar(&text, json_array_get(value, i));
	}
	return text.n ? arena_dup(arena, buf_text(&text)) : NULL;
}

const char *rendered_text(struct rendered *r, const char *path)
{
	return text_of(&r->arena, find(r, path));
}

int64_t rendered_int(struct rendered *r, const char *path)
{
	return json_integer_value(find(r, path));
}

/* Absent, null, an empty text or list: nothing to say to people. */
static bool is_empty(const json_t *value)
{
	if (json_is_string(value))
		return !*json_string_value(value);
	if (json_is_array(value))
		return !json_array_size(value);
	if (json_is_object(value))
		return !json_object_size(value);
	return !value || json_is_null(value);
}

static bool is_plain_list(const json_t *value)
{
	if (!json_is_array(value))
		return false;
	for (size_t i = 0; i < json_array_size(value); i++) {
		if (is_nested(json_array_get(value, i)))
			return false;
	}
	return true;
}

static const char *label_of(struct arena *arena, const char *key)
{
	char *label = arena_dup(arena, key);

	for (char *c = label; *c; c++) {
		if (*c == '_')
			*c = ' ';
	}
	return shown_text(arena, label, 0);
}

static void print_object(
	struct arena *arena, json_t *object, int indent, bool bullet, int depth);

/* Each member of @list as a bullet: a text, or an object whose first line has it. */
static void print_list(struct arena *arena, json_t *list, int indent, int depth)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		json_t *item = json_array_get(list, i);

		if (json_is_object(item))
			print_object(arena, item, indent, true, depth);
		else if (json_is_array(item) && depth < DEPTH_MAX)
			print_list(arena, item, indent + INDENT, depth + 1);
		else
			out_text("%*s- %s", indent, "",
				shown_text(arena, text_of(arena, item), 0));
	}
}

static void print_member(struct arena *arena, const char *key, json_t *value,
	int indent, const char *lead, int depth)
{
	const char *label = label_of(arena, key);
	int width = LABEL_COLUMNS - indent > 0 ? LABEL_COLUMNS - indent : 0;

	if (!is_nested(value) || is_plain_list(value)) {
		out_text("%s%-*s %s", lead, width, label,
			shown_text(arena, text_of(arena, value), 0));
		return;
	}
	out_text("%s%s", lead, label);
	if (json_is_array(value))
		print_list(arena, value, indent + INDENT, depth + 1);
	else
		print_object(arena, value, indent + INDENT, false, depth + 1);
}

static void print_object(
	struct arena *arena, json_t *object, int indent, bool bullet, int depth)
{
	int inner = indent + (bullet ? INDENT : 0);
	const char *lead = arena_printf(arena, "%*s%s", indent, "", bullet ? "- " : "");
	void *at = json_object_iter(object);

	for (; at && depth < DEPTH_MAX; at = json_object_iter_next(object, at)) {
		json_t *value = json_object_iter_value(at);

		if (is_empty(value))
			continue;
		print_member(
			arena, json_object_iter_key(at), value, inner, lead, depth);
		lead = arena_printf(arena, "%*s", inner, "");
	}
}

/* What the ledger says in sentences (`explain`) comes first, a line each. */
static void print_sentences(struct arena *arena, json_t *object)
{
	json_t *sentences = json_object_get(object, "in_words");

	if (!is_plain_list(sentences))
		return;
	for (size_t i = 0; i < json_array_size(sentences); i++)
		out_text(
			"%s", shown_text(arena,
				      text_of(arena, json_array_get(sentences, i)), 0));
	out_text("%s", "");
	json_object_del(object, "in_words");
}

void rendered_print(struct rendered *r)
{
	cleanup_arena struct arena arena = {0};

	print_sentences(&arena, r->root);
	print_object(&arena, r->root, 0, false, 0);
}

void rendered_show_json(const struct cli *cli, const struct buf *json)
{
	cleanup_rendered struct rendered *r = cli->json ? NULL : rendered_new(json);
	cleanup_buf struct buf line = {0};
	char *text = r ? json_dumps(r->root, JSON_INDENT(2)) : NULL;

	buf_add_text(&line, text ? text : buf_text(json));
	free(text);
	out_line(&line);
}

void rendered_show(const struct cli *cli, const struct buf *json)
{
	cleanup_rendered struct rendered *object =
		cli->json ? NULL : rendered_new(json);

	if (object)
		rendered_print(object);
	else
		out_line(json);
}

int listing_add(void *context, const struct buf *line)
{
	struct listing *l = context;

	if (l->cli->json) {
		out_line(line);
		return 0;
	}
	cleanup_rendered struct rendered *object = rendered_new(line);

	for (size_t i = 0; object && l->table.headings[i]; i++)
		table_add(&l->table, rendered_text(object, l->columns[i].path),
			l->columns[i].columns);
	return 0;
}

void listing_print(const struct listing *l, const char *none)
{
	if (l->cli->json)
		return;
	if (table_rows(&l->table))
		table_print(&l->table);
	else
		out_text("%s", none);
}

void listing_deinit(struct listing *l)
{
	table_deinit(&l->table);
}
