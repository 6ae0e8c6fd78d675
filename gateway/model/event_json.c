/* Writing the document event; event_json_read.c reads it back. */
#include "gateway/model/event_json.h"

static void put_word(
	struct json *j, const char *name, const char *const *words, unsigned value)
{
	json_put_text(j, name, words[value][0] ? words[value] : NULL);
}

static void put_day(struct json *j, const char *name, day_t day)
{
	char text[DAY_TEXT];

	json_put_text(j, name, day_text(day, text));
}

static void put_instant(struct json *j, const char *name, msec_t at)
{
	char text[INSTANT_TEXT];

	json_put_text(j, name, instant_text(at, text));
}

static void put_texts(struct json *j, const char *name, const text_list *list)
{
	json_key(j, name);
	json_open(j, '[');
	for (size_t i = 0; i < list->n; i++)
		json_text(j, list->at[i]);
	json_close(j, ']');
}

static void put_organ(struct json *j, const struct event_organ *organ)
{
	json_open(j, '{');
	json_put_text(j, "organ_id", organ->organ_id);
	json_put_text(j, "name", organ->name);
	json_close(j, '}');
}

static void put_people(struct json *j, const struct event *ev)
{
	json_key(j, "from");
	if (ev->from.organ_id || ev->from.name)
		put_organ(j, &ev->from);
	else
		json_absent(j);
	json_key(j, "to");
	json_open(j, '[');
	for (size_t i = 0; i < ev->to.n; i++)
		put_organ(j, &ev->to.at[i]);
	json_close(j, ']');
}

static void put_code(struct json *j, const struct event_code *code)
{
	json_key(j, "code");
	if (!code->number && !code->notation) {
		json_absent(j);
		return;
	}
	json_open(j, '{');
	json_put_text(j, "number", code->number);
	json_put_text(j, "notation", code->notation);
	json_close(j, '}');
}

static void put_signer(struct json *j, const struct event_signer *signer)
{
	json_key(j, "signer");
	if (!signer->competence && !signer->position && !signer->name) {
		json_absent(j);
		return;
	}
	json_open(j, '{');
	json_put_text(j, "competence", signer->competence);
	json_put_text(j, "position", signer->position);
	json_put_text(j, "name", signer->name);
	json_close(j, '}');
}

static void put_assignments(struct json *j, const struct event *ev)
{
	json_key(j, "assignments");
	json_open(j, '[');
	for (size_t i = 0; i < ev->assignments.n; i++) {
		const struct event_assignment *a = &ev->assignments.at[i];

		json_open(j, '{');
		put_word(j, "kind", owed_kind_words, a->kind);
		json_put_text(j, "code", a->code);
		json_put_text(j, "content", a->content);
		json_put_text(j, "lead", a->lead);
		put_texts(j, "coordinating", &a->coordinating);
		put_day(j, "due_on", a->due_on);
		if (a->due_raw)
			json_put_text(j, "due_raw", a->due_raw);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void put_references(struct json *j, const struct event *ev)
{
	json_key(j, "response_for");
	json_open(j, '[');
	for (size_t i = 0; i < ev->response_for.n; i++) {
		const struct event_reference *r = &ev->response_for.at[i];

		json_open(j, '{');
		json_put_text(j, "organ_id", r->organ_id);
		json_put_text(j, "document_id", r->document_id);
		json_put_text(j, "code", r->code);
		put_day(j, "issued_on", r->issued_on);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void put_targets(struct json *j, const struct event *ev)
{
	json_key(j, "targets");
	json_open(j, '[');
	for (size_t i = 0; i < ev->targets.n; i++) {
		const struct event_target *t = &ev->targets.at[i];

		json_open(j, '{');
		json_put_text(j, "document_id", t->document_id);
		json_put_text(j, "code", t->code);
		json_put_text(j, "organ_id", t->organ_id);
		put_day(j, "issued_on", t->issued_on);
		put_texts(j, "organ_ids", &t->organ_ids);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void put_attachments(struct json *j, const struct event *ev)
{
	json_key(j, "attachments");
	json_open(j, '[');
	for (size_t i = 0; i < ev->attachments.n; i++) {
		const struct event_attachment *a = &ev->attachments.at[i];

		json_open(j, '{');
		json_put_text(j, "name", a->name);
		json_put_text(j, "declared_type", a->declared_type);
		json_key(j, "bytes");
		if (a->bytes < 0)
			json_absent(j);
		else
			json_int(j, a->bytes);
		if (a->sha256)
			json_put_text(j, "sha256", a->sha256);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void put_status(struct json *j, const struct event *ev)
{
	json_key(j, "status");
	if (ev->kind != EVENT_STATUS) {
		json_absent(j);
		return;
	}
	json_open(j, '{');
	json_key(j, "code");
	if (ev->status.code < 0)
		json_absent(j);
	else
		json_int(j, ev->status.code);
	json_put_text(j, "description", ev->status.description);
	put_instant(j, "at", ev->status.at);
	json_close(j, '}');
}

static void put_quirks(struct json *j, const struct event *ev)
{
	json_key(j, "quirks");
	json_open(j, '[');
	for (size_t i = 0; i < ev->quirks.n; i++) {
		const struct event_quirk *q = &ev->quirks.at[i];

		json_open(j, '{');
		json_put_text(j, "code", q->code);
		json_put_text(j, "path", q->path);
		json_put_text(j, "value", q->value);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void put_head(struct json *j, const struct event *ev)
{
	put_word(j, "kind", event_kind_words, ev->kind);
	put_word(j, "stage", event_stage_words, ev->stage);
	put_word(j, "business", event_business_words, ev->business);
	json_put_text(j, "document_id", ev->document_id);
	json_put_text(j, "thread_id", ev->thread_id);
	put_code(j, &ev->code);
	put_day(j, "issued_on", ev->issued_on);
	put_people(j, ev);
	json_put_text(j, "type_name", ev->type_name);
	json_put_text(j, "subject", ev->subject);
	json_put_text(j, "content", ev->content);
	put_signer(j, &ev->signer);
	put_day(j, "due_on", ev->due_on);
	json_put_text(j, "due_raw", ev->due_raw);
	put_word(j, "priority", event_priority_words, ev->priority);
	put_word(j, "steering", event_steering_words, ev->steering);
	put_word(j, "secrecy", event_secrecy_words, ev->secrecy);
}

void event_json_write(struct json *j, const struct event *ev, int stored)
{
	json_open(j, '{');
	put_head(j, ev);
	put_assignments(j, ev);
	put_references(j, ev);
	put_texts(j, "response_for_tasks", &ev->response_for_tasks);
	put_word(j, "reply_kind", reply_kind_words, ev->reply_kind);
	put_targets(j, ev);
	put_texts(j, "receivers_added", &ev->receivers_added);
	put_texts(j, "receivers_removed", &ev->receivers_removed);
	put_attachments(j, ev);
	put_status(j, ev);
	if (stored || ev->kind == EVENT_READ || ev->kind == EVENT_OPINION)
		put_instant(j, "at", ev->at);
	put_quirks(j, ev);
	if (stored) {
		json_put_text(j, "source", ev->source);
		put_day(j, "first_hop_on", ev->first_hop_on);
	}
	json_close(j, '}');
}
