/* One value of a mapping: a path alone, or a path with what is made of it. */
#include <string.h>

#include "gateway/base/buf.h"
#include "gateway/base/text.h"
#include "gateway/config/mapping_parts.h"
#include "gateway/config/values.h"

#define PATH                                                                           \
	{                                                                              \
		"path", FIELD_TEXT, AT(mapping_value_keys, path)                       \
	}
#define TEXT_KEY(key, member)                                                          \
	{                                                                              \
		key, FIELD_TEXT, AT(mapping_value_keys, member)                        \
	}

static const struct table codes_table = {0};

static const struct field word_fields[] = {
	PATH,
	TEXT_KEY("constant", constant),
	TEXT_KEY("default", fallback),
	{"values", FIELD_OWN_MAP, .table = &codes_table},
	TEXT_KEY("otherwise", otherwise),
};
static const struct table word_table = {TABLE(word_fields, mapping_value_keys)};

static const struct field date_fields[] = {
	PATH,
	{"dates", FIELD_TEXTS, LIST_AT(mapping_value_keys, dates)},
};
static const struct table date_table = {TABLE(date_fields, mapping_value_keys)};

static const struct field size_fields[] = {
	PATH,
	{"base64", FIELD_BOOL, AT(mapping_value_keys, base64)},
};
static const struct table size_table = {TABLE(size_fields, mapping_value_keys)};

static const struct field texts_fields[] = {
	PATH,
	TEXT_KEY("each", each),
	TEXT_KEY("split", split),
	{"values", FIELD_OWN_MAP, .table = &codes_table},
	TEXT_KEY("otherwise", otherwise),
};
static const struct table texts_table = {TABLE(texts_fields, mapping_value_keys)};

const struct table *const mapping_value_tables[] = {
	&word_table, &date_table, &size_table, &texts_table};
const size_t mapping_value_tables_n =
	sizeof(mapping_value_tables) / sizeof(mapping_value_tables[0]);

const struct table *mapping_value_table(enum event_json_shape shape)
{
	static const struct table *const tables[] = {
		[SHAPE_TEXT] = &word_table,
		[SHAPE_VERBATIM] = &word_table,
		[SHAPE_DAY] = &date_table,
		[SHAPE_INSTANT] = &date_table,
		[SHAPE_WORD] = &word_table,
		[SHAPE_INT] = &word_table,
		[SHAPE_SIZE] = &size_table,
		[SHAPE_TEXTS] = &texts_table,
		[SHAPE_OBJECT] = &word_table, /* a code in one text */
		[SHAPE_LIST] = NULL,
	};

	return tables[shape];
}

struct mapping_path mapping_add_path(
	struct mapping_builder *b, const struct node *at, const char *text)
{
	char why[MAPPING_WHY];
	struct mapping_path path = {.text = text, .number = b->paths.n};

	*LIST_ADD(b->r->arena, &b->paths) = text;
	if (b->syntax_known && mapping_judge_path(b->m, text, why))
		complain(b->r, at, "must be %s: %s",
			b->m->syntax == MAPPING_XML ? "an XPath" : "a JSON Pointer",
			*why ? why : "it cannot be read");
	return path;
}

const char *mapping_separators(const struct node *node)
{
	const struct node *at = node_find(node, "split");

	return at && at->kind == NODE_TEXT && *at->text ? at->text : NULL;
}

void mapping_judge_dates(struct mapping_builder *b, const struct node *list)
{
	if (list->kind != NODE_LIST)
		return;
	for (const struct node *at = list->first; at; at = at->next)
		if (at->kind == NODE_TEXT && !mapping_date_is_pattern(at->text))
			complain(b->r, at,
				"must be a date form of yyyy, MM, dd, HH, mm, ss, SSS "
				"and "
				"zzz, as dd/MM/yyyy or \"yyyy-MM-dd HH:mm\", or unix "
				"or "
				"unix-ms; a year has four digits");
}

/* Are @word and its like words the member knows? Any text is, where it has no words. */
static void judge_word(struct mapping_builder *b, const struct event_json_member *m,
	const struct node *at, const char *word)
{
	cleanup_buf struct buf known = {0};

	if (m->shape != SHAPE_WORD || !word || !at ||
		(*word && event_word_index(m->words, m->words_n, word) >= 0))
		return;
	for (size_t i = 0; i < m->words_n; i++)
		if (m->words[i][0])
			buf_printf(&known, "%s%s", known.n ? " | " : "", m->words[i]);
	complain(b->r, at, "must be %s, not %s", buf_text(&known),
		complain_quote(b->r->arena, word));
}

static void read_row(struct mapping_builder *b, const struct event_json_member *m,
	const struct node *at, struct mapping_value *row)
{
	row->code = text_clean(b->r->arena, at->key, strlen(at->key), NULL);
	if (at->kind == NODE_BROKEN)
		return;
	if (at->kind != NODE_TEXT) {
		complain(b->r, at, "must be what the code means, not %s",
			value_name(at));
		return;
	}
	if (node_scalar(at) == SCALAR_NULL)
		return; /* it means nothing */
	row->word = text_clean(b->r->arena, at->text, strlen(at->text), NULL);
	judge_word(b, m, at, row->word);
}

/* A table written here, or the name of one under `tables`. */
static const struct node *find_table(struct mapping_builder *b, const struct node *node)
{
	const struct node *named =
		node->kind == NODE_TEXT ? node_find(b->tables, node->text) : node;

	if (named && (named->kind == NODE_MAP || named->kind == NODE_BROKEN))
		return named;
	complain(b->r, named && named != node ? named : node,
		"must be codes with what they mean, as {\"1\": issued}, or the name of "
		"such "
		"a table under `tables`");
	return NULL;
}

static void read_table(
	struct mapping_builder *b, const struct node *node, struct mapping_field *field)
{
	const struct node *table = find_table(b, node);

	if (!table)
		return;
	struct mapping_value *rows =
		arena_alloc(b->r->arena, (table->n + 1) * sizeof(*rows));

	for (const struct node *at = table->first; at; at = at->next)
		read_row(b, field->member, at, &rows[field->values_n++]);
	field->values = rows;
}

/* Keys that only make sense beside others. */
static void judge_keys(struct mapping_builder *b, const struct node *node,
	const struct mapping_value_keys *keys)
{
	static const char *const of_paths[] = {"default", "values", "otherwise"};
	const struct node *values = node_find(node, "values");

	if (!node_find(node, "path") && !node_find(node, "constant"))
		complain_missing(
			b->r, node, "path", "is missing: where the value stands");
	if (keys->constant && node_find(node, "path"))
		complain_key(b->r, node_find(node, "constant"),
			"stands beside `path`; a value has one of them");
	for (size_t i = 0; i < 3; i++)
		if (keys->constant && node_find(node, of_paths[i]))
			complain_key(b->r, node_find(node, of_paths[i]),
				"belongs to a `path`; delete it here");
	if (keys->otherwise && !values)
		complain_key(b->r, node_find(node, "otherwise"),
			"is for codes that stand in no table: add `values`");
	if (keys->each && keys->split &&
		strcmp(keys->path ? keys->path : ".", ".") != 0)
		complain(b->r, node_find(node, "path"),
			"beside `split` an entry is a text: its path can only be `.`");
}

/* X1: what is taken for none is kept. */
static void warn_secrecy(struct mapping_builder *b, const struct node *node,
	const struct event_json_member *m)
{
	if (m->words == event_secrecy_words && node_find(node, "values") &&
		!node_find(node, "otherwise"))
		complain_warn(b->r, node,
			"a class that stands in no table is taken for none; "
			"`otherwise: secret` is the careful way");
}

static void take_keys(struct mapping_builder *b, const struct node *node,
	const struct mapping_value_keys *keys, struct mapping_field *field)
{
	const struct event_json_member *m = field->member;

	field->constant = keys->constant;
	field->fallback = keys->fallback;
	field->otherwise = keys->otherwise;
	field->split = keys->split ? mapping_separators(node) : NULL;
	field->dates = keys->dates;
	field->dates_n = keys->dates_n;
	field->base64 = keys->base64;
	judge_word(b, m, node_find(node, "constant"), keys->constant);
	judge_word(b, m, node_find(node, "default"), keys->fallback);
	judge_word(b, m, node_find(node, "otherwise"), keys->otherwise);
	if (keys->each)
		field->each = mapping_add_path(b, node_find(node, "each"), keys->each);
	if (keys->path)
		field->path = mapping_add_path(b, node_find(node, "path"), keys->path);
}

void mapping_read_value(
	struct mapping_builder *b, const struct node *node, struct mapping_field *field)
{
	static const struct field path = {.name = "path", .type = FIELD_TEXT};
	const struct table *table = mapping_value_table(field->member->shape);
	const struct node *values = node_find(node, "values"),
			  *dates = node_find(node, "dates");
	struct mapping_value_keys keys = {0};

	if (node->kind != NODE_MAP) {
		value_read(b->r, &path, node, &keys.path, NULL);
		if (keys.path)
			field->path = mapping_add_path(b, node, keys.path);
		return;
	}
	schema_read(b->r, table, node, &keys);
	judge_keys(b, node, &keys);
	warn_secrecy(b, node, field->member);
	take_keys(b, node, &keys, field);
	if (values && values->kind != NODE_BROKEN && schema_has(table, "values"))
		read_table(b, values, field);
	if (dates && schema_has(table, "dates"))
		mapping_judge_dates(b, dates);
}
