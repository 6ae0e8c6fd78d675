/*
 * The keys of the configuration are described twice beside the tables: for editors
 * (schemas/adapters.schema.json) and for people (docs/configuration.md). All say the
 * same.
 */
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "gateway/base/buf.h"
#include "gateway/base/mem.h"
#include "gateway/config/file.h"
#include "gateway/config/kinds.h"
#include "gateway/config/tables.h"

static void read_whole(const char *path, struct buf *out)
{
	cleanup_buf struct buf whole = {0};
	struct err e = {0};

	buf_printf(&whole, "%s/%s", getenv("CONGVAN_SOURCE"), path);
	if (file_read(buf_text(&whole), 1 << 20, out, &e) < 0)
		fail_msg("%s", e.text);
}

/* What @schema's node says, `$ref` followed. */
static const json_t *follow(const json_t *schema, const json_t *node)
{
	const char *ref = json_string_value(json_object_get(node, "$ref"));

	if (!ref)
		return node;
	return json_object_get(json_object_get(schema, "$defs"), strrchr(ref, '/') + 1);
}

static void check_map(
	const json_t *schema, const json_t *node, const struct table *table);

static void check_words(const json_t *words, const struct word *w)
{
	size_t n = 0;

	for (; w->name; w++, n++)
		assert_string_equal(
			json_string_value(json_array_get(words, n)), w->name);
	assert_int_equal(json_array_size(words), n);
}

static void check_field(
	const json_t *schema, const json_t *node, const struct field *field)
{
	static const char *const types[] = {
		[FIELD_TEXT] = "string",
		[FIELD_NAME] = "string",
		[FIELD_ORGAN] = "string",
		[FIELD_PATH] = "string",
		[FIELD_URL] = "string",
		[FIELD_HTTP] = "string",
		[FIELD_VARIABLE] = "string",
		[FIELD_INT] = "integer",
		[FIELD_SIZE] = "integer",
		[FIELD_LONG] = "integer",
		[FIELD_BOOL] = "boolean",
		[FIELD_HOURS] = "string",
		[FIELD_TEXTS] = "array",
		[FIELD_ORGANS] = "array",
		[FIELD_MAP] = "object",
		[FIELD_ITEMS] = "array",
		[FIELD_OWN_MAP] = "object",
		[FIELD_OWN_ITEMS] = "array",
		[FIELD_OWN_EVENTS] = "object",
	};

	if (!node)
		fail_msg("the schema has no key %s", field->name);
	if (field->type == FIELD_WORD) {
		check_words(json_object_get(node, "enum"), field->words);
		return;
	}
	const char *type = json_string_value(json_object_get(node, "type"));

	assert_string_equal(type, types[field->type]);
	if (strcmp(type, "integer") == 0) {
		assert_int_equal(json_integer_value(json_object_get(node, "minimum")),
			field->low);
		assert_int_equal(json_integer_value(json_object_get(node, "maximum")),
			field->high);
	}
	const json_t *inner = field->type == FIELD_OWN_EVENTS
				      ? json_object_get(node, "additionalProperties")
			      : strcmp(type, "array") == 0
				      ? json_object_get(node, "items")
				      : node;

	if (field->table)
		check_map(schema, follow(schema, inner), field->table);
}

static void check_fields(
	const json_t *schema, const json_t *node, const struct table *table)
{
	const json_t *properties = json_object_get(node, "properties");
	size_t required = 0;

	for (size_t i = 0; i < table->fields_n; i++) {
		const struct field *field = &table->fields[i];

		required += field->required;
		check_field(schema,
			follow(schema, json_object_get(properties, field->name)),
			field);
	}
	assert_int_equal(json_array_size(json_object_get(node, "required")), required);
}

/* Is it said of the adapters of @kind that `then` they have what @def says? */
static bool points_to(
	const json_t *row, const struct adapter_kind *kind, const char *def)
{
	const json_t *is = json_object_get(json_object_get(row, "if"), "properties");
	const json_t *then = json_object_get(row, "then");
	const char *ref = json_string_value(json_object_get(then, "$ref"));
	const char *type = json_string_value(
		json_object_get(json_object_get(is, "type"), "const"));
	const char *direction = json_string_value(
		json_object_get(json_object_get(is, "direction"), "const"));

	return ref && !strcmp(strrchr(ref, '/') + 1, def) &&
	       !strncmp(def, type, strlen(type)) && def[strlen(type)] == '-' &&
	       !strcmp(direction, kind->direction == DIRECTION_IN ? "in" : "out");
}

/* "spool-in" */
static void add_kind_name(struct buf *out, const struct adapter_kind *kind)
{
	const char *type = kind->source ? kind->source->type : kind->sink->type;

	buf_printf(out, "%s-%s", kind == &kind_amqp_sink ? "amqp" : type,
		kind->direction == DIRECTION_IN ? "in" : "out");
}

/* Each kind has a definition of its own keys, and no adapter has other keys. */
static void check_kinds(const json_t *schema, const json_t *items)
{
	const json_t *properties = json_object_get(items, "properties");
	const json_t *rows = json_object_get(items, "allOf");
	size_t known = 0;
	const char *key;
	json_t *value;

	assert_int_equal(json_array_size(rows), adapter_kinds_n);
	for (size_t i = 0; i < adapter_kinds_n; i++) {
		cleanup_buf struct buf name = {0};
		const json_t *def;

		add_kind_name(&name, adapter_kinds[i]);
		def = json_object_get(
			json_object_get(schema, "$defs"), buf_text(&name));
		check_fields(schema, def, adapter_kinds[i]->table);
		assert_int_equal(json_object_size(json_object_get(def, "properties")),
			adapter_kinds[i]->table->fields_n);
		assert_true(points_to(
			json_array_get(rows, i), adapter_kinds[i], buf_text(&name)));
	}
	json_object_foreach((json_t *)(uintptr_t)properties, key, value)
	{
		bool is_known = schema_has(&adapter_table, key);

		for (size_t i = 0; i < adapter_kinds_n; i++)
			is_known |= schema_has(adapter_kinds[i]->table, key);
		if (!is_known)
			fail_msg("the schema has a key %s too many", key);
		known++;
	}
	for (size_t i = 0; i < adapter_kinds_n; i++)
		for (size_t j = 0; j < adapter_kinds[i]->table->fields_n; j++)
			assert_non_null(json_object_get(
				properties, adapter_kinds[i]->table->fields[j].name));
	assert_true(known > adapter_table.fields_n);
}

static void check_map(
	const json_t *schema, const json_t *node, const struct table *table)
{
	const json_t *properties = json_object_get(node, "properties");

	assert_true(json_is_false(json_object_get(node, "additionalProperties")));
	check_fields(schema, node, table);
	if (table == &adapter_table)
		check_kinds(schema, node);
	else
		assert_int_equal(json_object_size(properties), table->fields_n);
}

static void the_json_schema_knows_the_same_keys(void **state)
{
	cleanup_buf struct buf bytes = {0};
	json_error_t error;

	(void)state;
	read_whole("schemas/adapters.schema.json", &bytes);
	json_t *schema = json_loads(buf_text(&bytes), 0, &error);

	if (!schema)
		fail_msg("line %d: %s", error.line, error.text);
	check_map(schema, schema, &main_table);
	json_decref(schema);
}

/* The manual's row of @key: the line `| `KEY` | …` of @text, counted into @seen. */
static void check_row(
	const char *text, const char *key, const struct field *field, size_t *seen)
{
	cleanup_buf struct buf start = {0}, row = {0};

	buf_printf(&start, "\n| `%s` | ", key);
	const char *at = strstr(text, buf_text(&start));

	if (!at)
		fail_msg("the manual has no row for %s", key);
	*seen += 1;
	buf_add(&row, at, strcspn(at + 1, "\n") + 1);
	if ((strstr(buf_text(&row), " | required | ") != NULL) != field->required)
		fail_msg("is %s required? The manual says the contrary", key);
	for (const struct word *w = field->words; w && w->name; w++)
		if (!strstr(buf_text(&row), w->name))
			fail_msg("the manual's %s does not speak of %s", key, w->name);
}

static bool is_shared(const struct table *table)
{
	return table == &policy_table || table == &delivery_table;
}

static void check_rows(
	const char *text, const char *prefix, const struct table *table, size_t *seen)
{
	for (size_t i = 0; i < table->fields_n; i++) {
		const struct field *field = &table->fields[i];
		bool list =
			field->type == FIELD_ITEMS || field->type == FIELD_OWN_ITEMS;
		cleanup_buf struct buf key = {0};

		buf_printf(&key, "%s%s", prefix, field->name);
		check_row(text, buf_text(&key), field, seen);
		/* What an adapter has of the site's sections has the rows of the
		 * site's. */
		if (!field->table || (is_shared(field->table) && *prefix))
			continue;
		buf_add_text(&key, list                              ? "[]."
				   : field->type == FIELD_OWN_YEARS  ? ".YEAR."
				   : field->type == FIELD_OWN_EVENTS ? ".EVENT."
								     : ".");
		check_rows(text, buf_text(&key), field->table, seen);
	}
}

/* The section `### spool-in` has the rows of that kind's own keys. */
static void check_kind_rows(
	const char *text, const struct adapter_kind *kind, size_t *seen)
{
	cleanup_buf struct buf heading = {0}, section = {0};

	buf_add_text(&heading, "\n#### ");
	add_kind_name(&heading, kind);
	buf_add_char(&heading, '\n');
	const char *at = strstr(text, buf_text(&heading));

	if (!at) {
		fail_msg("the manual has no section%s", buf_text(&heading));
		return; /* for who does not know that it never gets here */
	}
	const char *end = strstr(at + 1, "\n##");

	buf_add(&section, at, end ? (size_t)(end - at) : strlen(at));
	check_rows(buf_text(&section), "", kind->table, seen);
}

static void the_manual_has_a_row_for_every_key_and_no_other(void **state)
{
	cleanup_buf struct buf text = {0};
	size_t seen = 0, rows = 0;

	(void)state;
	read_whole("docs/configuration.md", &text);
	check_rows(buf_text(&text), "", &main_table, &seen);
	check_rows(strstr(buf_text(&text), "\n## `organs.yaml`"), "", &organ_file_table,
		&seen);
	check_rows(strstr(buf_text(&text), "\n## `calendar.yaml`"), "", &calendar_table,
		&seen);
	for (size_t i = 0; i < adapter_kinds_n; i++)
		check_kind_rows(buf_text(&text), adapter_kinds[i], &seen);
	for (const char *at = buf_text(&text); (at = strstr(at, "\n| `")); at++)
		rows++;
	assert_int_equal(rows, seen);
}
int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_json_schema_knows_the_same_keys),
		cmocka_unit_test(the_manual_has_a_row_for_every_key_and_no_other),
	};

	return cmocka_run_group_tests_name("config described", tests, NULL, NULL);
}
