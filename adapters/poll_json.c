/* Lists in JSON: a path is a JSON Pointer, "" the value itself. */
#include "adapters/poll_tree.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "gateway/base/text.h"

static void *json_parse(struct slice bytes, struct err *e)
{
	json_error_t error;
	json_t *tree = json_loadb(bytes.at, bytes.n, 0, &error);

	if (!tree)
		err_set(e, ERR_UNAVAILABLE, "it is not JSON (line %d, column %d)",
			error.line, error.column);
	return tree;
}

static void json_free(void *tree)
{
	json_decref(tree);
}

static const void *json_root(void *tree)
{
	return tree;
}

/* `~1` is a slash and `~0` a tilde. */
static const char *step_name(struct arena *arena, const char *at, size_t n)
{
	char *name = arena_dup_n(arena, at, n), *to = name;

	for (const char *from = name; *from; from++, to++) {
		*to = *from;
		if (from[0] == '~' && (from[1] == '0' || from[1] == '1'))
			*to = *++from == '0' ? '~' : '/';
	}
	*to = '\0';
	return name;
}

static const json_t *step_into(const json_t *node, const char *name)
{
	int64_t index;

	if (json_is_object(node))
		return json_object_get(node, name);
	if (json_is_array(node) && text_parse_int(name, 0, INT32_MAX, &index))
		return json_array_get(node, (size_t)index);
	return NULL;
}

static const json_t *follow(const json_t *node, const char *path, struct arena *arena)
{
	while (node && *path == '/') {
		size_t n = strcspn(path + 1, "/");

		node = step_into(node, step_name(arena, path + 1, n));
		path += 1 + n;
	}
	return node;
}

static int json_items(
	void *tree, const char *path, struct arena *arena, const void ***ret_items)
{
	const json_t *list = follow(tree, path, arena);
	size_t n = json_array_size(list);

	if (!json_is_array(list))
		return -1;
	*ret_items = arena_alloc(arena, (n + 1) * sizeof(**ret_items));
	for (size_t i = 0; i < n; i++)
		(*ret_items)[i] = json_array_get(list, i);
	return (int)n;
}

static struct slice json_whole(void *tree, const void *node, struct arena *arena)
{
	char *text = json_dumps(node, JSON_ENCODE_ANY | JSON_COMPACT);
	size_t n = text ? strlen(text) : 0;
	struct slice whole = {arena_dup_n(arena, text ? text : "", n), n};

	(void)tree;
	if (text)
		explicit_bzero(text, n);
	free(text);
	return whole;
}

static bool is_scalar(const json_t *node)
{
	return json_is_number(node) || json_is_boolean(node);
}

static const char *json_value(
	void *tree, const void *node, const char *path, struct arena *arena)
{
	const json_t *found = follow(node, path, arena);

	if (json_is_string(found))
		return json_string_value(found);
	return is_scalar(found) ? json_whole(tree, found, arena).at : NULL;
}

static struct slice json_part(
	void *tree, const void *node, const char *path, struct arena *arena)
{
	const json_t *found = follow(node, path, arena);

	if (json_is_string(found))
		return (struct slice){
			json_string_value(found), json_string_length(found)};
	if (!found || json_is_null(found))
		return (struct slice){0};
	return json_whole(tree, found, arena);
}

static const char *json_judge(const char *path)
{
	if (*path && *path != '/')
		return "is no JSON Pointer; it begins with / as /data/items";
	for (const char *at = path; (at = strchr(at, '~')); at++)
		if (at[1] != '0' && at[1] != '1')
			return "is no JSON Pointer; a ~ is written ~0 and a / in a "
			       "name ~1";
	return NULL;
}

const struct poll_tree_ops poll_json_ops = {
	.parse = json_parse,
	.free = json_free,
	.root = json_root,
	.items = json_items,
	.text = json_value,
	.part = json_part,
	.whole = json_whole,
	.judge = json_judge,
};
