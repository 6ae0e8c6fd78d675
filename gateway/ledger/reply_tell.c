/* Telling what became of a reply (schemas/asyncapi.yaml): reply.issued,
 * reply.suggested, reply.mention. */
#include "gateway/ledger/reply.h"

#include <stdio.h>
#include <string.h>

static int put_answers(
	struct ledger *l, struct json *j, const struct link_verdict *v, struct err *e)
{
	json_key(j, "answers");
	json_open(j, '[');
	for (size_t i = 0; i < v->links.n; i++) {
		const struct link *link = &v->links.at[i];
		struct stored *document = store_load(l, link->document, e);
		bool again = false;

		if (!document)
			return -1;
		for (size_t k = 0; k < i && !again; k++)
			again = v->links.at[k].document == link->document;
		if (again)
			continue;
		json_open(j, '{');
		json_put_text(j, "document_id", document->document_id);
		json_put_text(j, "code", document->code);
		reply_put_rung(j, link->rung);
		json_key(j, "tasks");
		json_open(j, '[');
		for (size_t k = i; k < v->links.n; k++) {
			char id[TASK_ID_TEXT];

			if (v->links.at[k].document != link->document ||
				!v->links.at[k].task)
				continue;
			json_text(j, task_id_text(v->links.at[k].task, id));
		}
		json_close(j, ']');
		json_close(j, '}');
	}
	json_close(j, ']');
	return 0;
}

static int put_closed(struct ledger *l, struct json *j,
	const struct reply_change *change, struct err *e)
{
	const struct link_verdict *v = change->verdict;

	json_key(j, "closed");
	json_open(j, '[');
	for (size_t i = 0; i < v->links.n; i++) {
		char id[TASK_ID_TEXT];

		if (!v->links.at[i].task || v->links.at[i].role != LINK_ANSWER)
			continue;
		struct task_row *row = store_task(l, v->links.at[i].task, e);

		if (!row)
			return -1;
		if (row->task.closed_by.document != change->reply->id)
			continue;
		json_text(j, task_id_text(row->task.id, id));
	}
	json_close(j, ']');
	return 0;
}

static const char *name_of(const struct reply_change *change)
{
	const struct link_verdict *v = change->verdict;
	bool answers = false;

	for (size_t i = 0; i < v->links.n; i++)
		answers |= v->links.at[i].task != 0;
	if (answers)
		return "reply.issued";
	if (change->suggestion)
		return "reply.suggested";
	return v->links.n ? "reply.mention" : NULL;
}

static int tell(struct ledger *l, const struct reply_change *change, const char *name,
	struct err *e)
{
	cleanup_buf struct buf data = {0};
	struct json j = {.out = &data};
	const struct link_verdict *v = change->verdict;
	char suggestion[32] = "";

	if (change->suggestion > 0)
		snprintf(suggestion, sizeof(suggestion), "GY-%lld",
			(long long)change->suggestion);
	json_open(&j, '{');
	json_key(&j, "reply");
	journal_put_document(l, &j, change->reply);
	json_put_text(&j, "reply_kind", reply_kind_words[v->kind]);
	if (put_answers(l, &j, v, e) != 0 || put_closed(l, &j, change, e) != 0)
		return -1;
	json_put_text(&j, "suggestion", *suggestion ? suggestion : NULL);
	json_put_text(&j, "reason", v->suggestion_reason);
	json_close(&j, '}');
	return journal_add(l,
		&(struct journal_entry){.name = name,
			.subject = change->reply->document_id,
			.organ = change->reply->issuer_main,
			.event = change->reply->id,
			.data = &data,
			.tell = true},
		e);
}

int reply_tell(struct ledger *l, struct work *w, struct err *e)
{
	for (size_t i = 0; i < w->replies.n; i++) {
		const struct reply_change *change = &w->replies.at[i];
		const char *name = name_of(change);

		if (name && tell(l, change, name, e) != 0)
			return -1;
		/* A case for the confirm list is told also when other tasks closed. */
		if (name && change->suggestion && strcmp(name, "reply.issued") == 0 &&
			tell(l, change, "reply.suggested", e) != 0)
			return -1;
	}
	return 0;
}
