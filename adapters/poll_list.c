#include "adapters/poll_list.h"

#include <stdlib.h>
#include <string.h>

#include "adapters/poll_tree.h"
#include "gateway/base/mem.h"
#include "gateway/base/text.h"

struct poll_list {
	const struct poll_tree_ops *ops;
	void *tree;
	struct arena arena;
	const void **items;
	size_t items_n;
};

static const struct poll_tree_ops *const syntaxes[] = {
	[POLL_LIST_JSON] = &poll_json_ops,
	[POLL_LIST_XML] = &poll_xml_ops,
};

void poll_list_free(struct poll_list *l)
{
	if (!l)
		return;
	if (l->tree)
		l->ops->free(l->tree);
	/* X1: an item may be a secret document, or speak of one. */
	arena_wipe(&l->arena);
	free(l);
}
MEM_CLEANUP(list, struct poll_list, poll_list_free)

const char *poll_path_judge(enum poll_list_format format, const char *path)
{
	return syntaxes[format]->judge(path);
}

int poll_answer_read(enum poll_list_format format, struct slice bytes,
	struct poll_list **ret_list, struct err *e)
{
	cleanup(list) struct poll_list *l = mem_alloc(sizeof(*l));

	l->ops = syntaxes[format];
	l->tree = l->ops->parse(bytes, e);
	if (!l->tree)
		return -1;
	*ret_list = STEAL(l);
	return 0;
}

static int judge_ok(
	struct poll_list *l, const struct poll_list_paths *paths, struct err *e)
{
	if (!paths->ok)
		return 0;
	const char *text = poll_list_text(l, paths->ok);

	if (text && !strcmp(text, paths->ok_value))
		return 0;
	return err_set(
		e, ERR_UNAVAILABLE, "%s is not \"%s\"", paths->ok, paths->ok_value);
}

static int judge_count(
	struct poll_list *l, const struct poll_list_paths *paths, struct err *e)
{
	const char *text = paths->count ? poll_list_text(l, paths->count) : NULL;
	int64_t count = 0;

	if (!paths->count)
		return 0;
	if (!text || !text_parse_int(text, 0, INT64_MAX, &count))
		return err_set(
			e, ERR_UNAVAILABLE, "there is no number at %s", paths->count);
	if (count > 0 && l->items_n == 0)
		return err_set(e, ERR_UNAVAILABLE,
			"%s counts %lld documents and %s lists none", paths->count,
			(long long)count, paths->items);
	return 0;
}

static int judge_ids(
	struct poll_list *l, const struct poll_list_paths *paths, struct err *e)
{
	for (size_t i = 0; i < l->items_n; i++) {
		const char *id = poll_item_text(l, i, paths->id);

		if (!id || !*id)
			return err_set(e, ERR_UNAVAILABLE,
				"the %zu. document has nothing at %s", i + 1,
				paths->id);
	}
	return 0;
}

int poll_list_read(const struct poll_list_paths *paths, struct slice bytes,
	struct poll_list **ret_list, struct err *e)
{
	cleanup(list) struct poll_list *l = NULL;

	if (poll_answer_read(paths->format, bytes, &l, e) < 0)
		return -1;
	if (judge_ok(l, paths, e) < 0)
		return -1;
	int n = l->ops->items(l->tree, paths->items, &l->arena, &l->items);

	if (n < 0)
		return err_set(e, ERR_UNAVAILABLE, "there is no list at %s",
			*paths->items ? paths->items : "the top");
	l->items_n = (size_t)n;
	if (judge_count(l, paths, e) < 0 || judge_ids(l, paths, e) < 0)
		return -1;
	*ret_list = STEAL(l);
	return 0;
}

size_t poll_list_size(const struct poll_list *l)
{
	return l->items_n;
}

const char *poll_list_text(struct poll_list *l, const char *path)
{
	return l->ops->text(l->tree, l->ops->root(l->tree), path, &l->arena);
}

const char *poll_item_text(struct poll_list *l, size_t at, const char *path)
{
	return l->ops->text(l->tree, l->items[at], path, &l->arena);
}

struct slice poll_item_part(struct poll_list *l, size_t at, const char *path)
{
	return l->ops->part(l->tree, l->items[at], path, &l->arena);
}

struct slice poll_list_part(struct poll_list *l, const char *path)
{
	return l->ops->part(l->tree, l->ops->root(l->tree), path, &l->arena);
}

struct slice poll_item_whole(struct poll_list *l, size_t at)
{
	return l->ops->whole(l->tree, l->items[at], &l->arena);
}
