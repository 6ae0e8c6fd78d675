#include "adapters/event_shape.h"

#include <ctype.h>
#include <jansson.h>
#include <regex.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/base/buf.h"
#include "gateway/base/mem.h"

extern const char schema_cloudevent[], schema_event_document[],
	schema_event_quarantined[], schema_event_received[], schema_event_reply[],
	schema_event_task[];

/* As they name each other. */
static const struct {
	const char *file, *text;
} sources[] = {
	{"cloudevent.schema.json", schema_cloudevent},
	{"document.schema.json", schema_event_document},
	{"document.quarantined.schema.json", schema_event_quarantined},
	{"document.received.schema.json", schema_event_received},
	{"reply.schema.json", schema_event_reply},
	{"task.schema.json", schema_event_task},
};
enum { SOURCES = sizeof(sources) / sizeof(*sources), LONGEST_NAME = 64 };

static const char type_before[] = "vn.congvan.", type_after[] = ".v1";

struct event_shapes {
	json_t *schemas[SOURCES];
	char (*names)[LONGEST_NAME];
	size_t names_n;
};

static const json_t *root_of(const struct event_shapes *s)
{
	return s->schemas[0];
}

static const json_t *child(const json_t *node, const char *name)
{
	return json_object_get(node, name);
}

static const char *text_of(const json_t *node, const char *name)
{
	return json_string_value(child(node, name));
}

static void gather_names(struct event_shapes *s)
{
	const json_t *types =
		child(child(child(root_of(s), "properties"), "type"), "enum");

	s->names = mem_alloc((json_array_size(types) + 1) * sizeof(*s->names));
	for (size_t i = 0; i < json_array_size(types); i++) {
		const char *type = json_string_value(json_array_get(types, i));
		size_t n = strlen(type) - strlen(type_before) - strlen(type_after);

		if (n < LONGEST_NAME)
			memcpy(s->names[s->names_n++], type + strlen(type_before), n);
	}
}

struct event_shapes *event_shapes_open(void)
{
	struct event_shapes *s = mem_alloc(sizeof(*s));

	for (size_t i = 0; i < SOURCES; i++)
		s->schemas[i] = json_loads(sources[i].text, 0, NULL);
	gather_names(s);
	return s;
}

void event_shapes_close(struct event_shapes *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < SOURCES; i++)
		json_decref(s->schemas[i]);
	free(s->names);
	free(s);
}

const char *event_shapes_name(const struct event_shapes *s, size_t at)
{
	return at < s->names_n ? s->names[at] : NULL;
}

/* --- schemas ------------------------------------------------------------------------
 */

static const json_t *follow(const struct event_shapes *s, const json_t *node)
{
	const char *ref = text_of(node, "$ref");
	const char *file = ref ? strrchr(ref, '/') : NULL;

	file = file ? file + 1 : ref;
	for (size_t i = 0; ref && i < SOURCES; i++)
		if (!strcmp(sources[i].file, file))
			return s->schemas[i];
	return node;
}

static bool is_type(const json_t *node, const char *type)
{
	const json_t *types = child(node, "type"), *one;
	size_t i;

	if (json_is_string(types))
		return !strcmp(json_string_value(types), type);
	json_array_foreach(types, i, one)
	{
		if (!strcmp(json_string_value(one), type))
			return true;
	}
	return false;
}

static bool has_null(const json_t *list)
{
	const json_t *one;
	size_t i;

	json_array_foreach(list, i, one)
	{
		if (json_is_null(one))
			return true;
	}
	return false;
}

/* Of `anyOf: [X, null]` it is X. */
static const json_t *narrow(
	const struct event_shapes *s, const json_t *node, bool *nullable)
{
	const json_t *choice, *found;
	size_t i;

	node = follow(s, node);
	choice = child(node, "anyOf") ? child(node, "anyOf") : child(node, "oneOf");
	found = node;
	for (i = 0; i < json_array_size(choice); i++) {
		const json_t *one = json_array_get(choice, i);

		if (is_type(one, "null"))
			*nullable = true;
		else
			found = follow(s, one);
	}
	*nullable |= is_type(found, "null") || has_null(child(found, "enum"));
	return found;
}

static bool matches(const char *pattern, const char *text)
{
	regex_t regex;

	if (regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB))
		return false;
	bool found = !regexec(&regex, text, 0, NULL, 0);

	regfree(&regex);
	return found;
}

/* What the schema adds for the events called @name. */
static const json_t *special_of(const struct event_shapes *s, const char *name)
{
	const json_t *rules = child(root_of(s), "allOf"), *rule;
	cleanup_buf struct buf type = {0};
	size_t i;

	buf_printf(&type, "%s%s%s", type_before, name, type_after);
	json_array_foreach(rules, i, rule)
	{
		const json_t *condition =
			child(child(child(rule, "if"), "properties"), "type");
		const char *is = text_of(condition, "const"),
			   *like = text_of(condition, "pattern");

		if ((is && !strcmp(is, buf_text(&type))) ||
			(like && matches(like, buf_text(&type))))
			return child(rule, "then");
	}
	return NULL;
}

static bool is_required(const json_t *node, const char *name)
{
	const json_t *list = child(node, "required"), *one;
	size_t i;

	json_array_foreach(list, i, one)
	{
		if (!strcmp(json_string_value(one), name))
			return true;
	}
	return false;
}

/* Where @step leads from @node; NULL if nowhere. */
static const json_t *step_into(const struct event_shapes *s, const json_t *node,
	const json_t *special, const char *step, bool *nullable)
{
	const json_t *next = child(child(special, "properties"), step);

	if (child(node, "items") && isdigit((unsigned char)*step)) {
		next = child(node, "items");
		*nullable = true;
	} else if (!is_required(node, step) && !is_required(special, step)) {
		*nullable = true;
	}
	if (!next)
		next = child(child(node, "properties"), step);
	return next ? narrow(s, next, nullable) : NULL;
}

static const json_t *walk(const struct event_shapes *s, const char *name,
	const char *const *steps, size_t steps_n, bool *nullable, size_t *ret_known)
{
	const json_t *node = root_of(s), *special = special_of(s, name);

	for (*ret_known = 0; *ret_known < steps_n; ++*ret_known) {
		node = step_into(s, node, *ret_known ? NULL : special,
			steps[*ret_known], nullable);
		if (!node)
			return NULL;
	}
	return node;
}

static bool is_date(const json_t *node)
{
	const char *pattern = text_of(node, "pattern"),
		   *format = text_of(node, "format");

	return (format && !strcmp(format, "date-time")) ||
	       (pattern && !strcmp(pattern, "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"));
}

bool event_shape_find(const struct event_shapes *s, const char *name,
	const char *const *steps, size_t steps_n, struct shape *ret_shape,
	size_t *ret_known)
{
	bool nullable = false;
	const json_t *node = walk(s, name, steps, steps_n, &nullable, ret_known);

	if (!node)
		return false;
	*ret_shape = (struct shape){
		.kind = is_type(node, "array")    ? SHAPE_LIST
			: is_type(node, "object") ? SHAPE_OBJECT
						  : SHAPE_TEXT,
		.nullable = nullable,
		.is_date = is_date(node),
		.words = child(node, "enum"),
	};
	return true;
}

const char *event_shape_word(const struct shape *shape, size_t at)
{
	const json_t *words = shape->words;

	for (size_t i = 0; i < json_array_size(words); i++) {
		const json_t *word = json_array_get(words, i);

		if (json_is_string(word) && !at--)
			return json_string_value(word);
	}
	return NULL;
}

const char *event_shape_member(const struct event_shapes *s, const char *name,
	const char *const *steps, size_t steps_n, size_t at)
{
	bool nullable = false;
	size_t known;
	const json_t *node = walk(s, name, steps, steps_n, &nullable, &known);
	const json_t *members = child(node, "properties");
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)members, key, value)
	{
		if (!at--)
			return key;
	}
	return NULL;
}
