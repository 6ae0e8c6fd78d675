#include "gateway/web/message.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "gateway/base/mem.h"
#include "gateway/web/desk.h"
#include "gateway/web/exchange.h"

static bool is_json(struct slice body)
{
	json_t *root = json_loadb(body.at, body.n, JSON_DECODE_ANY, NULL);
	bool good = root;

	json_decref(root);
	return good;
}

void message_write(struct json *j, const char *tag, const struct queue_delivery *d)
{
	const struct queue_message *m = &d->message;

	json_open(j, '{');
	json_put_text(j, "tag", tag);
	json_put_text(j, "id", m->id);
	json_put_text(j, "key", m->key);
	json_key(j, "redelivered");
	json_bool(j, d->redelivered);
	json_put_text(j, "traceparent", m->traceparent);
	json_key(j, "event");
	if (is_json(m->body))
		json_raw(j, m->body.at, m->body.n);
	else
		json_text_n(j, m->body.at, m->body.n);
	json_close(j, '}');
}

/* ---- What a reader says. */

static enum message_read wrong(json_t *root, char why[MESSAGE_WHY], const char *text)
{
	json_decref(root);
	snprintf(why, MESSAGE_WHY, "%s", text);
	return MESSAGE_READ_WRONG;
}

/* The object of @body; an empty body is an empty object. */
static json_t *read_object(struct slice body, char why[MESSAGE_WHY])
{
	json_error_t error = {0};
	json_t *root =
		body.n ? json_loadb(body.at, body.n, JSON_REJECT_DUPLICATES, &error)
		       : json_object();

	if (!root)
		snprintf(why, MESSAGE_WHY, "not JSON: %s, at byte %d", error.text,
			error.position);
	if (!root || json_is_object(root))
		return root;
	wrong(root, why, "must be a JSON object");
	return NULL;
}

static bool read_number(
	const json_t *root, const char *name, int low, int high, int *ret)
{
	const json_t *value = json_object_get(root, name);

	if (!value)
		return true;
	json_int_t n = json_integer_value(value);

	*ret = (int)n;
	return json_is_integer(value) && n >= low && n <= high;
}

enum message_read message_read_pull(
	struct slice body, struct reading_request *ret, char why[MESSAGE_WHY])
{
	json_t *root = read_object(body, why);
	size_t known = 0;

	if (!root)
		return MESSAGE_READ_WRONG;
	ret->max = 100;
	ret->wait_ms = 0;
	if (!read_number(root, "max", 1, DESK_HELD_MAX, &ret->max))
		return wrong(root, why, "max: a number from 1 to 1000");
	if (!read_number(root, "wait_ms", 0, DESK_WAIT_MAX_MS, &ret->wait_ms))
		return wrong(root, why, "wait_ms: a number from 0 to 30000");
	known += json_object_get(root, "max") != NULL;
	known += json_object_get(root, "wait_ms") != NULL;
	if (known != json_object_size(root))
		return wrong(root, why, "only max and wait_ms are known here");
	json_decref(root);
	return MESSAGE_READ_OK;
}

static bool read_tags(const json_t *list, struct reading_request *ret)
{
	size_t n = json_array_size(list);

	if (!list)
		return true;
	if (!json_is_array(list) || n > DESK_HELD_MAX)
		return false;
	ret->tags = mem_alloc((n + 1) * sizeof(*ret->tags));
	for (size_t i = 0; i < n; i++) {
		const char *tag = json_string_value(json_array_get(list, i));

		if (!tag)
			return false;
		ret->tags[ret->tags_n++] = mem_dup(tag);
	}
	return true;
}

enum message_read message_read_settling(
	struct slice body, struct reading_request *ret, char why[MESSAGE_WHY])
{
	bool acks = ret->what == READING_ACK;
	const char *other = acks ? "upto" : "reason";
	json_t *root = read_object(body, why);

	if (!root)
		return MESSAGE_READ_WRONG;
	const json_t *tags = json_object_get(root, "tags");
	const json_t *text = json_object_get(root, other);

	if (!read_tags(tags, ret))
		return wrong(root, why, "tags: a list of at most 1000 tags");
	if (text && !json_is_string(text))
		return wrong(
			root, why, acks ? "upto: a tag" : "reason: a text, for people");
	if ((tags != NULL) + (text != NULL) != (int)json_object_size(root))
		return wrong(root, why,
			acks ? "only tags and upto are known here"
			     : "only tags and reason are known here");
	if (!tags && !(acks && text))
		return wrong(root, why, acks ? "give tags or upto" : "give tags");
	*(acks ? &ret->upto : &ret->reason) = mem_dup(json_string_value(text));
	json_decref(root);
	return MESSAGE_READ_OK;
}
