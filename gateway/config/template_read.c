#include "gateway/config/template_read.h"

#include <ctype.h>
#include <string.h>

#include "gateway/base/json.h"
#include "gateway/config/values.h"

static void tell_fault(
	struct reading *r, const struct node *node, const struct template_fault *fault)
{
	struct node inside = node_inside(node, fault->at);

	complain(r, &inside, "%s", fault->text);
}

const struct template *template_read(
	struct template_reading *t, const struct node *node, enum template_place place)
{
	struct template_fault fault = {0};

	if (node->kind != NODE_TEXT) {
		if (node->kind != NODE_BROKEN)
			complain(
				t->r, node, "must be a text, not %s", value_name(node));
		return NULL;
	}
	const struct template *template =
		template_parse(t->r->arena, node->text, place, t->tables, &fault);
	bool fits = template != NULL;

	for (size_t i = 0; fits && i < t->names_n; i++)
		fits = !template_check(template, t->shapes, t->names[i], &fault);
	if (!fits) {
		tell_fault(t->r, node, &fault);
		return NULL;
	}
	if (!t->asks && template_asks_known_as(template))
		t->asks = node;
	return template;
}

/* --- plain values -------------------------------------------------------------------
 */

static bool is_json_number(const char *text)
{
	const char *at = text + (*text == '-');
	size_t whole = strspn(at, "0123456789");

	if (!whole || (*at == '0' && whole > 1))
		return false;
	at += whole;
	if (*at == '.') {
		size_t rest = strspn(++at, "0123456789");

		if (!rest)
			return false;
		at += rest;
	}
	if (*at == 'e' || *at == 'E') {
		at += 1 + (at[1] == '-' || at[1] == '+');
		if (!isdigit((unsigned char)*at))
			return false;
		at += strspn(at, "0123456789");
	}
	return *at == '\0';
}

static const char *quoted(struct arena *arena, const char *text)
{
	cleanup_buf struct buf out = {0};
	struct json j = {.out = &out};

	json_text(&j, text);
	return arena_dup(arena, buf_text(&out));
}

/* The scalar @node as JSON; NULL after a complaint. */
static const char *literal_of(struct reading *r, const struct node *node)
{
	switch (node_scalar(node)) {
	case SCALAR_TEXT:
		return quoted(r->arena, node->text);
	case SCALAR_NULL:
		return "null";
	case SCALAR_TRUE:
		return "true";
	case SCALAR_FALSE:
		return "false";
	case SCALAR_NUMBER:
		break;
	}
	if (is_json_number(node->text))
		return node->text;
	complain(r, node, "JSON does not write a number so; as -1.5, or in quotes");
	return NULL;
}

/* --- a body -------------------------------------------------------------------------
 */

static struct template_json *read_scalar(
	struct template_reading *t, const struct node *node, struct template_json *json)
{
	if (node_scalar(node) == SCALAR_TEXT) {
		json->kind = TEMPLATE_JSON_TEXT;
		json->text = template_read(t, node, TEMPLATE_JSON);
		return json->text ? json : NULL;
	}
	json->kind = TEMPLATE_JSON_LITERAL;
	json->literal = literal_of(t->r, node);
	return json->literal ? json : NULL;
}

static struct template_json *read_json(
	struct template_reading *t, const struct node *node)
{
	struct template_json *json = arena_alloc(t->r->arena, sizeof(*json)), *child;
	const struct template_json **last = &json->first;

	json->key = node->key;
	if (node->kind == NODE_BROKEN)
		return NULL;
	if (node->kind == NODE_TEXT)
		return read_scalar(t, node, json);
	json->kind = node->kind == NODE_MAP ? TEMPLATE_JSON_OBJECT : TEMPLATE_JSON_LIST;
	for (const struct node *at = node->first; at; at = at->next) {
		child = read_json(t, at);
		if (!child)
			continue;
		*last = child;
		last = &child->next;
	}
	return json;
}

const struct template_json *template_read_json(
	struct template_reading *t, const struct node *node)
{
	return read_json(t, node);
}

/* --- value tables -------------------------------------------------------------------
 */

static void read_table(
	struct reading *r, const struct node *map, struct template_table *table)
{
	struct template_row *rows = arena_alloc(r->arena, (map->n + 1) * sizeof(*rows));

	table->name = map->key;
	table->rows = rows;
	if (map->kind != NODE_MAP) {
		if (map->kind != NODE_BROKEN)
			complain(r, map,
				"must be words of ours with theirs, as "
				"{assigned: 1, completed: 3}, not %s",
				value_name(map));
		return;
	}
	for (const struct node *at = map->first; at; at = at->next) {
		struct template_row *row = &rows[table->rows_n];

		row->from = at->key;
		if (at->kind == NODE_TEXT)
			row->json = literal_of(r, at);
		else if (at->kind != NODE_BROKEN)
			complain(r, at, "must be one value, not %s", value_name(at));
		table->rows_n += row->json != NULL;
	}
}

struct template_tables template_read_tables(struct reading *r, const struct node *map)
{
	struct template_tables tables = {0};

	if (!map || map->kind == NODE_BROKEN)
		return tables;
	if (map->kind != NODE_MAP) {
		complain(r, map, "must be names with tables, not %s", value_name(map));
		return tables;
	}
	struct template_table *rows =
		arena_alloc(r->arena, (map->n + 1) * sizeof(*rows));

	for (const struct node *at = map->first; at; at = at->next)
		read_table(r, at, &rows[tables.n++]);
	tables.at = rows;
	return tables;
}
