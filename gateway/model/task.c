#include "gateway/model/task.h"

#include <string.h>
#include <strings.h>

#include "gateway/base/text.h"

const char *const task_state_words[7] = {"assigned", "in_progress", "reported",
	"completed", "handed_back", "cancelled", "withdrawn"};
const char *const due_source_words[7] = {
	"", "metadata", "assignment", "text", "rule", "extension", "operator"};
const char *const rung_words[8] = {"", "task_code", "thread", "document_id",
	"number_date_organ", "number_organ", "citation", "manual"};
const char *const timeliness_words[7] = {"none", "pending", "due_soon", "overdue",
	"no_deadline", "on_time", "late"};

/* In the order of the bits. */
static const char *const due_flag_words[] = {
	"before_issue", "same_day", "before_2000", "too_far", "unreadable"};
static const char *const task_flag_words[] = {"refused", "claimed_done",
	"replaced_after_answer", "updates_disagree", "answer_date", "extension_requested",
	"hand_back_requested", "rival", "act_overtaken", "guidance_requested"};

static void put_flags(
	struct json *j, const char *name, unsigned flags, const char *const *words, size_t n)
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
	json_open(j, '{');
	json_put_int(j, "id", task->document.id);
	json_put_text(j, "document_id", task->document.document_id);
	json_put_text(j, "code", task->document.code);
	put_day(j, "issued_on", task->document.issued_on);
	json_put_text(j, "from", task->document.from);
	json_put_text(j, "subject", task->document.subject);
	json_close(j, '}');
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

void task_json_write(struct json *j, const struct task *task, enum timeliness timeliness)
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
	json_put_text(j, "content", task->content);
	put_day(j, "due_on", task->due_on);
	put_word(j, "due_source", due_source_words[task->due_source]);
	put_flags(j, "due_flags", task->due_flags, due_flag_words,
		sizeof(due_flag_words) / sizeof(due_flag_words[0]));
	put_day(j, "proposed_due_on", task->proposed_due_on);
	json_put_text(j, "state", task_state_words[task->state]);
	json_put_int(j, "revision", task->revision);
	json_put_text(j, "timeliness", timeliness_words[timeliness]);
	put_flags(j, "flags", task->flags, task_flag_words,
		sizeof(task_flag_words) / sizeof(task_flag_words[0]));
	put_day(j, "completed_on", task->completed_on);
	put_closed_by(j, task);
	json_close(j, '}');
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
