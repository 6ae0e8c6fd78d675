/* A mapping file as a whole: its own keys, and the shape of the event it fills. */
#include "gateway/config/mapping.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gateway/base/mem.h"
#include "gateway/config/mapping_parts.h"
#include "gateway/config/parts.h"
#include "gateway/config/values.h"

struct mapping_keys {
	int syntax;
	const char *document, *source, *samples;
	const char *const *dates;
	size_t dates_n;
};

static const struct word syntax_words[] = {
	{.name = "xml", .value = MAPPING_XML},
	{.name = "json", .value = MAPPING_JSON},
	{0},
};
static const struct table any_table = {0};
static const struct field fields[] = {
	{"syntax", FIELD_WORD, .required = true, AT(mapping_keys, syntax),
		.words = syntax_words},
	{"namespaces", FIELD_OWN_MAP, .table = &any_table},
	{"document", FIELD_TEXT, .required = true, AT(mapping_keys, document)},
	{"source", FIELD_TEXT, AT(mapping_keys, source)},
	{"samples", FIELD_PATH, AT(mapping_keys, samples)},
	{"dates", FIELD_TEXTS, LIST_AT(mapping_keys, dates)},
	{"tables", FIELD_OWN_MAP, .table = &any_table},
	{"event", FIELD_OWN_MAP, .required = true, .table = &any_table},
};
const struct table mapping_table = {TABLE(fields, mapping_keys)};

/* What a mapping cannot say: made by the reader, or of the mapping as a whole. */
static bool is_mappable(const char *name)
{
	static const char *const made[] = {
		"quirks", "source", "first_hop_on", "due_raw"};

	for (size_t i = 0; i < sizeof(made) / sizeof(made[0]); i++)
		if (!strcmp(made[i], name))
			return false;
	return true;
}

/* The keys that may stand in a part of the event; of a list's entries: and what is
 * repeated. */
static const struct table *part_table(struct arena *arena,
	const struct event_json_member *members, size_t n, bool list)
{
	struct table *table = arena_alloc(arena, sizeof(*table));
	struct field *rows = arena_alloc(arena, (n + 2) * sizeof(*rows));
	size_t rows_n = 0;

	if (list) {
		rows[rows_n++] = (struct field){.name = "each", .type = FIELD_TEXT};
		rows[rows_n++] = (struct field){.name = "split", .type = FIELD_TEXT};
	}
	for (size_t i = 0; i < n; i++)
		if (is_mappable(members[i].name))
			rows[rows_n++] = (struct field){
				.name = members[i].name, .type = FIELD_OWN_MAP};
	*table = (struct table){.fields = rows, .fields_n = rows_n};
	return table;
}

static const struct event_json_member *find_member(
	const struct event_json_member *members, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (is_mappable(name) && !strcmp(members[i].name, name))
			return &members[i];
	return NULL;
}

static void read_fields(struct mapping_builder *b, const struct node *node,
	const struct event_json_member *members, size_t n,
	const struct mapping_field **ret_fields, size_t *ret_n);

/* `each` and `split` of a list's entry. */
static void read_each(
	struct mapping_builder *b, const struct node *node, struct mapping_field *field)
{
	static const struct field each = {.name = "each", .type = FIELD_TEXT};
	static const struct field split = {.name = "split", .type = FIELD_TEXT};
	const struct node *at = node_find(node, "each"),
			  *apart = node_find(node, "split");
	const char *text = NULL, *separators = NULL;

	if (!at)
		complain_missing(
			b->r, node, "each", "is missing: the path of what is repeated");
	else if (at->kind != NODE_BROKEN)
		value_read(b->r, &each, at, &text, NULL);
	if (apart && apart->kind != NODE_BROKEN)
		value_read(b->r, &split, apart, &separators, NULL);
	field->split = separators ? mapping_separators(node) : NULL;
	if (text)
		field->each = mapping_add_path(b, at, text);
}

/* A text that was split off has no nodes: only `.` is something. */
static void judge_split(struct mapping_builder *b, const struct node *node,
	const struct mapping_field *field)
{
	for (size_t i = 0; field->split && i < field->fields_n; i++) {
		const struct mapping_field *inner = &field->fields[i];

		if (inner->path.text && strcmp(inner->path.text, ".") != 0)
			complain(b->r, node_find(node, inner->member->name),
				"beside `split` an entry is a text: its path can only "
				"be "
				"`.`");
	}
}

static void read_list(
	struct mapping_builder *b, const struct node *node, struct mapping_field *field)
{
	const struct event_json_member *m = field->member;
	const struct table *table = part_table(b->r->arena, m->inner, m->inner_n, true);

	if (!schema_is_map(b->r, table, node))
		return;
	for (const struct node *at = node->first; at; at = at->next)
		schema_refuse_unknown(b->r, &table, 1, at);
	read_each(b, node, field);
	read_fields(b, node, m->inner, m->inner_n, &field->fields, &field->fields_n);
	judge_split(b, node, field);
}

/* `code` may also be one text, `6795/UBND-PVHCC`. */
static bool is_whole_code(const struct mapping_field *field, const struct node *node)
{
	return !strcmp(field->member->name, "code") &&
	       (node->kind == NODE_TEXT || node_find(node, "path") ||
		       node_find(node, "constant"));
}

static void read_object(
	struct mapping_builder *b, const struct node *node, struct mapping_field *field)
{
	const struct event_json_member *m = field->member;
	const struct table *table =
		part_table(b->r->arena, m->inner, m->inner_n, false);

	if (is_whole_code(field, node)) {
		mapping_read_value(b, node, field);
		return;
	}
	if (!schema_is_map(b->r, table, node))
		return;
	for (const struct node *at = node->first; at; at = at->next)
		schema_refuse_unknown(b->r, &table, 1, at);
	read_fields(b, node, m->inner, m->inner_n, &field->fields, &field->fields_n);
}

/* Each member of @members that @node names; other keys are the caller's to judge. */
static void read_fields(struct mapping_builder *b, const struct node *node,
	const struct event_json_member *members, size_t n,
	const struct mapping_field **ret_fields, size_t *ret_n)
{
	struct mapping_field *rows =
		arena_alloc(b->r->arena, (node->n + 1) * sizeof(*rows));
	size_t rows_n = 0;

	for (const struct node *at = node->first; at; at = at->next) {
		const struct event_json_member *m = find_member(members, n, at->key);

		if (!m || at->kind == NODE_BROKEN)
			continue;
		struct mapping_field *field = &rows[rows_n++];

		field->member = m;
		if (m->shape == SHAPE_LIST)
			read_list(b, at, field);
		else if (m->shape == SHAPE_OBJECT)
			read_object(b, at, field);
		else
			mapping_read_value(b, at, field);
	}
	*ret_fields = rows;
	*ret_n = rows_n;
}

static bool is_prefix(const char *text)
{
	size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"
				"0123456789-.");

	return *text && !text[n] && !strchr("0123456789-.", *text);
}

static void read_namespaces(struct mapping_builder *b, const struct node *node)
{
	static const struct field uri = {.name = "namespaces", .type = FIELD_TEXT};
	struct mapping_namespace *rows =
		arena_alloc(b->r->arena, (node->n + 1) * sizeof(*rows));

	if (node->kind == NODE_BROKEN)
		return;
	if (node->kind != NODE_MAP) {
		complain(b->r, node,
			"must be prefixes with their namespaces, as {v: "
			"\"urn:vendor\"}, "
			"not %s",
			value_name(node));
		return;
	}
	if (b->syntax_known && b->m->syntax == MAPPING_JSON)
		complain_key(b->r, node, "belongs to `syntax: xml`; delete it here");
	for (const struct node *at = node->first; at; at = at->next) {
		struct mapping_namespace *row = &rows[b->m->namespaces_n++];

		row->prefix = at->key;
		row->uri = "";
		if (!is_prefix(at->key))
			complain_key(b->r, at,
				"must be a prefix of letters, digits and `_`");
		if (at->kind != NODE_BROKEN)
			value_read(b->r, &uri, at, &row->uri, NULL);
	}
	b->m->namespaces = rows;
}

/* Without these no document has an identity. */
static void judge_identity(struct mapping_builder *b, const struct node *event)
{
	bool standing_in = node_find(event, "from") && node_find(event, "code") &&
			   node_find(event, "issued_on");

	if (!node_find(event, "document_id") && !standing_in &&
		!node_find(event, "kind"))
		complain(b->r, event,
			"must say who a document is: by document_id, or by from, code "
			"and "
			"issued_on");
}

static void read_event(struct mapping_builder *b, const struct node *node)
{
	const struct table *table = part_table(
		b->r->arena, event_json_members, event_json_members_n, false);

	if (node->kind == NODE_BROKEN || !schema_is_map(b->r, table, node))
		return;
	for (const struct node *at = node->first; at; at = at->next)
		schema_refuse_unknown(b->r, &table, 1, at);
	read_fields(b, node, event_json_members, event_json_members_n, &b->m->fields,
		&b->m->fields_n);
	judge_identity(b, node);
}

static void read_root(struct mapping_builder *b, const struct node *root)
{
	struct mapping_keys keys = {.syntax = -1};
	const struct node *namespaces = node_find(root, "namespaces");
	const struct node *dates = node_find(root, "dates");
	const struct node *event = node_find(root, "event");

	schema_read(b->r, &mapping_table, root, &keys);
	b->syntax_known = keys.syntax >= 0;
	b->m->syntax = keys.syntax > 0 ? MAPPING_JSON : MAPPING_XML;
	b->m->source = keys.source;
	b->m->samples = keys.samples
				? keys.samples
				: schema_absolute(b->r->arena, b->r->folder, "samples");
	b->m->dates = keys.dates;
	b->m->dates_n = keys.dates_n;
	b->tables = node_find(root, "tables");
	if (namespaces)
		read_namespaces(b, namespaces);
	if (dates)
		mapping_judge_dates(b, dates);
	if (keys.document)
		b->m->document =
			mapping_add_path(b, node_find(root, "document"), keys.document);
	if (keys.document && b->m->syntax == MAPPING_JSON &&
		strstr(keys.document, "/["))
		complain(b->r, node_find(root, "document"),
			"must be a plain JSON Pointer: conditions belong to `event`");
	if (event)
		read_event(b, event);
}

const struct mapping *mapping_read(struct reading *r, const char *path)
{
	const struct node *root = node_read_file(r, path);
	struct mapping_builder b = {
		.r = r, .m = arena_alloc(r->arena, sizeof(struct mapping))};

	if (!root)
		return NULL;
	b.m->file = arena_dup(r->arena, r->file);
	read_root(&b, root);
	b.m->paths = b.paths.at;
	b.m->paths_n = b.paths.n;
	return r->failed ? NULL : b.m;
}

int config_load_mapping(const char *file, struct arena *arena,
	const struct mapping **ret_mapping, struct config_complaints *complaints)
{
	struct reading r = {.file = file,
		.folder = config_folder_of(arena, file),
		.arena = arena,
		.complaints = complaints};

	*ret_mapping = mapping_read(&r, file);
	complain_sort(complaints, file);
	return *ret_mapping ? 0 : -1;
}
