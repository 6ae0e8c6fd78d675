/* organs.yaml (O1) into the organ table. */
#include <string.h>

#include "gateway/config/parts.h"
#include "gateway/config/tables.h"

static bool is_word_in(const char *text, const char *word)
{
	static const char id_bytes[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"0123456789-_.";
	size_t n = strlen(word);

	for (const char *at = strstr(text, word); at; at = strstr(at + 1, word))
		if ((at == text || !strchr(id_bytes, at[-1])) &&
			(!at[n] || !strchr(id_bytes, at[n]) ||
				(at[n] == '.' && !at[n + 1])))
			return true;
	return false;
}

/* The first organ of @list that @text speaks of, else the list itself. */
static const struct node *spoken_of(const struct node *list, const char *text)
{
	for (const struct node *at = list->first; at; at = at->next) {
		const struct node *id = node_find(at, "id");

		if (id && id->kind == NODE_TEXT && is_word_in(text, id->text))
			return at;
	}
	return list;
}

static void judge_aliases(
	struct reading *r, const struct node *at, const struct organ *organ)
{
	const struct node *list = node_find(at, "aliases");
	size_t i = 0;

	if (!list || list->kind != NODE_LIST)
		return;
	for (const struct node *row = list->first; row; row = row->next, i++) {
		const struct organ_alias *alias = &organ->aliases[i];

		if (alias->from != DAY_NONE && alias->to != DAY_NONE &&
			alias->to < alias->from)
			complain(r, node_find(row, "to"),
				"ends before it begins; `to` is the last day it is "
				"valid");
	}
}

static void add_organ(
	struct reading *r, const struct node *at, struct organ_table *table)
{
	struct organ organ = *(const struct organ *)organ_row_table.initial;
	struct err e = {0};
	bool before = r->failed;

	r->failed = false;
	schema_read(r, &organ_row_table, at, &organ);
	judge_aliases(r, at, &organ);
	/* A half-read organ would only bring complaints about what is missing in it. */
	if (!r->failed && organ.id && organ_table_add(table, &organ, &e))
		complain(r, at, "%s", e.text);
	r->failed |= before;
}

static void read_organs(struct reading *r, const char *path, struct organ_table *table)
{
	const struct node *root = node_read_file(r, path);
	const struct node *list = node_find(root, "organs");
	struct organ nothing;
	struct err e = {0};

	if (!root)
		return;
	schema_read(r, &organ_file_table, root, &nothing);
	if (!list || !schema_is_list(r, list))
		return;
	for (const struct node *at = list->first; at; at = at->next)
		add_organ(r, at, table);
	if (!r->failed && organ_table_finish(table, &e))
		complain(r, spoken_of(list, e.text), "%s", e.text);
}

/* The table keeps copies: the file's tree, many times as large, need not outlive this.
 */
void config_read_organs(struct reading *r, const char *path, struct organ_table *table)
{
	struct arena *before = r->arena, passing = {0};

	r->arena = &passing;
	read_organs(r, path, table);
	r->arena = before;
	arena_deinit(&passing);
}
