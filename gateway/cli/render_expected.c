#include "gateway/cli/render_expected.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/model/event_json.h"

struct comparison {
	struct arena *arena;
	sample_differences *differences;
	size_t part;
};

static const char *dump(struct arena *arena, const json_t *value)
{
	char *text = value ? json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;
	const char *kept = arena_dup(arena, text ? text : "null");

	free(text);
	return kept;
}

static void differ(struct comparison *c, const char *path, const json_t *expected,
	const json_t *found)
{
	*LIST_ADD(c->arena, c->differences) =
		(struct sample_difference){.part = c->part,
			.path = path,
			.expected = dump(c->arena, expected),
			.found = dump(c->arena, found)};
}

static void compare(struct comparison *c, const char *path, const json_t *expected,
	const json_t *found);

static void compare_objects(struct comparison *c, const char *path,
	const json_t *expected, const json_t *found)
{
	const json_t *both[] = {found, expected};
	const char *key;
	json_t *value;

	for (int i = 0; i < 2; i++)
		json_object_foreach((json_t *)(uintptr_t)both[i], key, value)
		{
			if (i == 1 && json_object_get(found, key))
				continue; /* met already */
			compare(c, arena_printf(c->arena, "%s/%s", path, key),
				json_object_get(expected, key),
				json_object_get(found, key));
		}
}

static void compare(struct comparison *c, const char *path, const json_t *expected,
	const json_t *found)
{
	if (json_is_object(expected) && json_is_object(found)) {
		compare_objects(c, path, expected, found);
		return;
	}
	if (!json_is_array(expected) || !json_is_array(found)) {
		if (!json_equal(expected, found))
			differ(c, path, expected, found);
		return;
	}
	size_t n = json_array_size(expected), m = json_array_size(found);

	for (size_t i = 0; i < n || i < m; i++)
		compare(c, arena_printf(c->arena, "%s/%zu", path, i),
			json_array_get(expected, i), json_array_get(found, i));
}

static json_t *event_json(const struct event *ev)
{
	cleanup_buf struct buf text = {0};
	struct json j = {.out = &text};

	event_json_write(&j, ev, false);
	return json_loadb(text.data, text.n, 0, NULL);
}

/* As `parse` would have said it, in the form of an entry. */
static json_t *found_json(const struct sample_found *found)
{
	if (found->secrecy != SECRECY_NONE)
		return json_pack(
			"{s:s}", "restricted", event_secrecy_words[found->secrecy]);
	if (!found->event)
		return json_pack("{s:s}", "error", found->error_code);
	return event_json(found->event);
}

/* The entry with every member there; NULL: it is no event. */
static json_t *complete(const json_t *entry, char ret_why[256])
{
	char *text = json_dumps(entry, 0);
	struct event_json_error wrong = {0};
	cleanup_event struct event *ev = NULL;
	json_t *whole = NULL;

	if (!text || event_json_read(text, strlen(text), &ev, &wrong)) {
		snprintf(ret_why, 256, "%.240s", wrong.message);
	} else {
		whole = event_json(ev);
		json_t *quirks = json_object_get(entry, "quirks");

		/* Those that reading the entry itself came upon are not meant. */
		if (quirks)
			json_object_set(whole, "quirks", quirks);
		else
			json_object_set_new(whole, "quirks", json_array());
	}
	free(text);
	return whole;
}

/* Compare one entry; either may be missing. */
static int compare_entry(struct comparison *c, const json_t *entry,
	const struct sample_found *found, char ret_why[256])
{
	json_t *is = found ? found_json(found) : NULL, *wanted = NULL;
	bool plain =
		json_object_get(entry, "error") || json_object_get(entry, "restricted");

	if (entry && !plain && !(wanted = complete(entry, ret_why))) {
		json_decref(is);
		return -1;
	}
	if (!is || !found->event || plain || !entry || found->secrecy != SECRECY_NONE)
		compare(c, "", plain ? entry : wanted, is);
	else
		compare_objects(c, "", wanted, is);
	json_decref(wanted);
	json_decref(is);
	return 0;
}

int expected_compare(struct slice bytes, const struct sample_found *found, size_t n,
	struct arena *arena, sample_differences *ret_differences, char ret_why[256])
{
	struct comparison c = {.arena = arena, .differences = ret_differences};
	json_error_t broken;
	json_t *root = json_loadb(bytes.at, bytes.n, JSON_REJECT_DUPLICATES, &broken);
	size_t entries = json_is_array(root) ? json_array_size(root) : 1;
	int result = 0;

	if (!root) {
		snprintf(ret_why, 256, "line %d, column %d: not JSON: %.160s",
			broken.line, broken.column, broken.text);
		return -1;
	}
	for (size_t i = 0; (i < entries || i < n) && !result; i++) {
		const json_t *entry = json_is_array(root) ? json_array_get(root, i)
				      : i                 ? NULL
							  : root;

		c.part = i + 1;
		result = compare_entry(&c, entry, i < n ? &found[i] : NULL, ret_why);
	}
	json_decref(root);
	return result;
}

static bool says_nothing(const json_t *value)
{
	return json_is_null(value) ||
	       (json_is_array(value) && !json_array_size(value)) ||
	       (json_is_object(value) && !json_object_size(value));
}

static void strip(json_t *value)
{
	const char *key;
	json_t *inner;
	void *next;

	if (json_is_array(value))
		for (size_t i = 0; i < json_array_size(value); i++)
			strip(json_array_get(value, i));
	json_object_foreach_safe(value, next, key, inner)
	{
		strip(inner);
		if (says_nothing(inner))
			json_object_del(value, key);
	}
}

void expected_write(const struct sample_found *found, size_t n, struct buf *out)
{
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, found_json(&found[i]));
	strip(list);
	char *text =
		json_dumps(n == 1 ? json_array_get(list, 0) : list, JSON_INDENT(2));

	if (text)
		buf_printf(out, "%s\n", text);
	free(text);
	json_decref(list);
}
