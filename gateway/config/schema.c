#include "gateway/config/schema.h"

#include <string.h>

#include "gateway/base/buf.h"
#include "gateway/config/values.h"

static const struct field *find_field(const struct table *table, const char *name)
{
	for (size_t i = 0; i < table->fields_n; i++)
		if (strcmp(table->fields[i].name, name) == 0)
			return &table->fields[i];
	return NULL;
}

static size_t least(size_t a, size_t b, size_t c)
{
	size_t low = a < b ? a : b;

	return low < c ? low : c;
}

/* How many letters to put in, take out or change; keys longer than 31 are never close.
 */
static size_t distance(const char *a, const char *b)
{
	size_t row[32], an = strlen(a), bn = strlen(b);

	if (an > 31 || bn > 31)
		return 32;
	for (size_t j = 0; j <= bn; j++)
		row[j] = j;
	for (size_t i = 1; i <= an; i++) {
		size_t corner = row[0];

		row[0] = i;
		for (size_t j = 1; j <= bn; j++) {
			size_t above = row[j];

			row[j] = least(above + 1, row[j - 1] + 1,
				corner + (a[i - 1] != b[j - 1]));
			corner = above;
		}
	}
	return row[bn];
}

/* The key of @table nearest to @name, if it is nearer than *@far: one or two letters.
 */
static const char *nearest(
	const struct table *table, const char *name, size_t *far, const char *best)
{
	for (size_t i = 0; i < table->fields_n; i++) {
		size_t away = distance(name, table->fields[i].name);

		if (away < *far) {
			*far = away;
			best = table->fields[i].name;
		}
	}
	return best;
}

static void list_keys(const struct table *table, struct buf *out)
{
	for (size_t i = 0; i < table->fields_n; i++)
		buf_printf(out, "%s%s", out->n ? ", " : "", table->fields[i].name);
}

static void complain_unknown(struct reading *r, const struct table *const *tables,
	size_t tables_n, const struct node *at)
{
	cleanup_buf struct buf known = {0};
	const char *shown = complain_quote(r->arena, at->key);
	size_t far = strlen(at->key) <= 3 ? 2 : 3;
	const char *near = NULL;

	for (size_t i = 0; i < tables_n; i++) {
		list_keys(tables[i], &known);
		near = nearest(tables[i], at->key, &far, near);
	}
	if (strcmp(at->key, "password") == 0)
		complain_key(r, at,
			"a password is never written here; put it into a file and name "
			"that with `password_file`, or a variable with `password_env`");
	else if (near)
		complain_key(r, at, "unknown key %s; did you mean `%s`?", shown, near);
	else
		complain_key(r, at, "unknown key %s; known here: %s", shown,
			buf_text(&known));
}

bool schema_has(const struct table *table, const char *name)
{
	return find_field(table, name) != NULL;
}

void schema_refuse_unknown(struct reading *r, const struct table *const *tables,
	size_t tables_n, const struct node *at)
{
	size_t i = 0;

	while (i < tables_n && !schema_has(tables[i], at->key))
		i++;
	if (i == tables_n)
		complain_unknown(r, tables, tables_n, at);
}

static void *at_offset(void *target, size_t offset)
{
	return (char *)target + offset;
}

static void read_items(struct reading *r, const struct field *field,
	const struct node *node, void *target)
{
	const struct table *table = field->table;
	size_t n = 0;

	if (!schema_is_list(r, node))
		return;
	char *items = arena_alloc(r->arena, node->n * table->size + 1);

	for (const struct node *at = node->first; at; at = at->next) {
		void *item = items + n++ * table->size;

		if (table->initial)
			memcpy(item, table->initial, table->size);
		schema_read(r, table, at, item);
	}
	memcpy(at_offset(target, field->offset), &items, sizeof(items));
	*(size_t *)at_offset(target, field->count_offset) = n;
}

static void read_field(struct reading *r, const struct field *field,
	const struct node *node, void *target)
{
	if (node->kind == NODE_BROKEN || field->type >= FIELD_OWN_MAP)
		return;
	if (field->type == FIELD_MAP)
		schema_read(r, field->table, node, at_offset(target, field->offset));
	else if (field->type == FIELD_ITEMS)
		read_items(r, field, node, target);
	else
		value_read(r, field, node, at_offset(target, field->offset),
			(size_t *)at_offset(target, field->count_offset));
}

bool schema_is_list(struct reading *r, const struct node *node)
{
	if (node->kind == NODE_LIST)
		return true;
	if (node->kind != NODE_BROKEN)
		complain(r, node,
			"must be a list (one `- …` line an entry, or []), not %s",
			value_name(node));
	return false;
}

bool schema_is_map(
	struct reading *r, const struct table *table, const struct node *node)
{
	cleanup_buf struct buf known = {0};

	if (node->kind == NODE_MAP)
		return true;
	if (node->kind == NODE_BROKEN)
		return false;
	list_keys(table, &known);
	complain(r, node, "must be keys with values (%s), not %s", buf_text(&known),
		value_name(node));
	return false;
}

void schema_read_known(struct reading *r, const struct table *table,
	const struct node *node, void *target)
{
	for (size_t i = 0; i < table->fields_n; i++) {
		const struct field *field = &table->fields[i];
		const struct node *value = node_find(node, field->name);

		if (value)
			read_field(r, field, value, target);
		else if (field->required)
			complain_missing(r, node, field->name, "is missing: %s",
				value_wanted(r->arena, field));
	}
}

void schema_read(struct reading *r, const struct table *table, const struct node *node,
	void *target)
{
	if (!schema_is_map(r, table, node))
		return;
	for (const struct node *at = node->first; at; at = at->next)
		schema_refuse_unknown(r, &table, 1, at);
	schema_read_known(r, table, node, target);
}

const char *schema_absolute(struct arena *arena, const char *folder, const char *path)
{
	cleanup_buf struct buf out = {0};
	const char *whole =
		*path == '/' ? path : arena_printf(arena, "%s/%s", folder, path);

	for (const char *p = whole; *p;) {
		size_t n = strcspn(p, "/");

		if (n && !(n == 1 && *p == '.')) {
			buf_add_char(&out, '/');
			buf_add(&out, p, n);
		}
		p += n + (p[n] == '/');
	}
	return out.n ? arena_dup(arena, buf_text(&out)) : "/";
}
