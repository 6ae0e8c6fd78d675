#include "gateway/model/task.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "gateway/base/text.h"

const char *const task_state_words[7] = {"assigned", "in_progress", "reported",
	"completed", "handed_back", "cancelled", "withdrawn"};
const char *const due_source_words[7] = {
	"", "metadata", "assignment", "text", "rule", "extension", "operator"};
const char *const rung_words[8] = {"", "task_code", "thread", "document_id",
	"number_date_organ", "number_organ", "citation", "manual"};
const char *const timeliness_words[7] = {
	"none", "pending", "due_soon", "overdue", "no_deadline", "on_time", "late"};

/* In the order of the bits. */
static const char *const due_flag_words[] = {
	"before_issue", "same_day", "before_2000", "too_far", "unreadable"};
static const char *const task_flag_words[] = {"refused", "claimed_done",
	"replaced_after_answer", "updates_disagree", "answer_date",
	"extension_requested", "hand_back_requested", "rival", "act_overtaken",
	"guidance_requested", "no_opinion_given"};

static void put_flags(struct json *j, const char *name, unsigned flags,
	const char *const *words, size_t n)
{
	json_key(j, name);
	json_open(j, '[');
	for (size_t i = 0; i < n; i++)
		if (flags & 1u << i)
			json_text(j, words[i]);
	json_close(j, ']');
}

static void put_day(struct json *j, const char *name, day_t day)
{
	char text[DAY_TEXT];

	json_put_text(j, name, day_text(day, text));
}

static void put_task_id(struct json *j, const char *name, int64_t id)
{
	char text[TASK_ID_TEXT];

	json_put_text(j, name, id ? task_id_text(id, text) : NULL);
}

static void put_word(struct json *j, const char *name, const char *word)
{
	json_put_text(j, name, *word ? word : NULL);
}

static void put_document(struct json *j, const struct task *task)
{
	json_key(j, "document");
	if (task->document.json) {
		json_raw(j, task->document.json, strlen(task->document.json));
		return;
	}
	json_open(j, '{');
	json_put_int(j, "id", task->document.id);
	json_put_text(j, "document_id", task->document.document_id);
	json_put_text(j, "code", task->document.code);
	put_day(j, "issued_on", task->document.issued_on);
	json_put_text(j, "from", task->document.from);
	json_put_text(j, "subject", task->document.subject);
	json_close(j, '}');
}

static void put_content(struct json *j, const struct task *task)
{
	json_key(j, "content");
	if (task->content_json)
		json_raw(j, task->content_json, strlen(task->content_json));
	else
		json_text(j, task->content);
}

static void put_closed_by(struct json *j, const struct task *task)
{
	json_key(j, "closed_by");
	if (!task->closed_by.document) {
		json_absent(j);
		return;
	}
	json_open(j, '{');
	json_put_int(j, "document", task->closed_by.document);
	json_put_text(j, "document_id", task->closed_by.document_id);
	json_put_text(j, "code", task->closed_by.code);
	put_word(j, "rung", rung_words[task->closed_by.rung]);
	json_close(j, '}');
}

/* T7: an opinion nobody gave in time is shown as such; it stays open. */
static unsigned shown_flags(const struct task *task, enum timeliness timeliness)
{
	return task->kind == OWED_OPINION && timeliness == TIMELINESS_OVERDUE
		       ? task->flags | TASK_FLAG_NO_OPINION_GIVEN
		       : task->flags;
}

void task_flags_text(
	const struct task *task, enum timeliness timeliness, struct buf *out)
{
	unsigned flags = shown_flags(task, timeliness);

	for (size_t i = 0; i < sizeof(task_flag_words) / sizeof(task_flag_words[0]);
		i++)
		if (flags & 1u << i)
			buf_printf(out, "%s%s", out->n ? ", " : "", task_flag_words[i]);
}

void task_json_write(
	struct json *j, const struct task *task, enum timeliness timeliness)
{
	const char *coordinating = task->coordinating ? task->coordinating : "[]";

	json_open(j, '{');
	put_task_id(j, "id", task->id);
	json_put_text(j, "kind", owed_kind_words[task->kind]);
	put_task_id(j, "parent", task->parent);
	put_document(j, task);
	json_put_text(j, "lead", task->lead);
	json_key(j, "coordinating");
	json_raw(j, coordinating, strlen(coordinating));
	put_content(j, task);
	put_day(j, "due_on", task->due_on);
	put_word(j, "due_source", due_source_words[task->due_source]);
	put_flags(j, "due_flags", task->due_flags, due_flag_words,
		sizeof(due_flag_words) / sizeof(due_flag_words[0]));
	put_day(j, "proposed_due_on", task->proposed_due_on);
	json_put_text(j, "state", task_state_words[task->state]);
	json_put_int(j, "revision", task->revision);
	json_put_text(j, "timeliness", timeliness_words[timeliness]);
	put_flags(j, "flags", shown_flags(task, timeliness), task_flag_words,
		sizeof(task_flag_words) / sizeof(task_flag_words[0]));
	put_day(j, "completed_on", task->completed_on);
	put_closed_by(j, task);
	json_close(j, '}');
}

static const char *get_text(struct arena *arena, const json_t *object, const char *key)
{
	return arena_dup(arena, json_string_value(json_object_get(object, key)));
}

static day_t get_day(const json_t *object, const char *key)
{
	return day_parse(json_string_value(json_object_get(object, key)));
}

static int get_word(
	const json_t *object, const char *key, const char *const *words, size_t n)
{
	int index = event_word_index(
		words, n, json_string_value(json_object_get(object, key)));

	return index < 0 ? 0 : index;
}

static unsigned get_flags(
	const json_t *object, const char *key, const char *const *words, size_t n)
{
	const json_t *list = json_object_get(object, key), *item;
	unsigned flags = 0;
	size_t i;

	json_array_foreach(list, i, item)
	{
		int bit = event_word_index(words, n, json_string_value(item));

		if (bit >= 0)
			flags |= 1u << bit;
	}
	return flags;
}

static void read_documents(struct arena *arena, const json_t *object, struct task *task)
{
	const json_t *document = json_object_get(object, "document");
	const json_t *closed = json_object_get(object, "closed_by");

	task->document.id = json_integer_value(json_object_get(document, "id"));
	task->document.document_id = get_text(arena, document, "document_id");
	task->document.code = get_text(arena, document, "code");
	task->document.issued_on = get_day(document, "issued_on");
	task->document.from = get_text(arena, document, "from");
	task->document.subject = get_text(arena, document, "subject");
	task->closed_by.document =
		json_integer_value(json_object_get(closed, "document"));
	task->closed_by.document_id = get_text(arena, closed, "document_id");
	task->closed_by.code = get_text(arena, closed, "code");
	task->closed_by.rung = (enum rung)get_word(closed, "rung", rung_words, 8);
}

bool task_json_read(struct arena *arena, const char *json, struct task *ret_task)
{
	json_t *object = json_loads(json, 0, NULL);
	char *coordinating;

	if (!object)
		return false;
	*ret_task = (struct task){
		.id = task_id_parse(json_string_value(json_object_get(object, "id"))),
		.kind = (enum owed_kind)get_word(object, "kind", owed_kind_words, 4),
		.parent = task_id_parse(
			json_string_value(json_object_get(object, "parent"))),
		.lead = get_text(arena, object, "lead"),
		.content = get_text(arena, object, "content"),
		.due_on = get_day(object, "due_on"),
		.due_source = (enum due_source)get_word(
			object, "due_source", due_source_words, 7),
		.due_flags = get_flags(object, "due_flags", due_flag_words,
			sizeof(due_flag_words) / sizeof(due_flag_words[0])),
		.proposed_due_on = get_day(object, "proposed_due_on"),
		.state =
			(enum task_state)get_word(object, "state", task_state_words, 7),
		.revision = json_integer_value(json_object_get(object, "revision")),
		.flags = get_flags(object, "flags", task_flag_words,
				 sizeof(task_flag_words) / sizeof(task_flag_words[0])) &
			 ~(unsigned)TASK_FLAG_NO_OPINION_GIVEN,
		.completed_on = get_day(object, "completed_on"),
	};
	coordinating =
		json_dumps(json_object_get(object, "coordinating"), JSON_COMPACT);
	ret_task->coordinating = arena_dup(arena, coordinating);
	free(coordinating);
	read_documents(arena, object, ret_task);
	json_decref(object);
	return ret_task->id > 0;
}

const char *task_id_text(int64_t id, char out[TASK_ID_TEXT])
{
	char *at = out + TASK_ID_TEXT;

	*--at = '\0';
	do
		*--at = (char)('0' + id % 10);
	while (id /= 10);
	*--at = '-';
	*--at = 'V';
	*--at = 'N';
	return at;
}

int64_t task_id_parse(const char *text)
{
	int64_t id;

	if (!text || strncasecmp(text, "NV-", 3) != 0 ||
		!text_parse_int(text + 3, 1, INT64_MAX, &id))
		return 0;
	return id;
}
