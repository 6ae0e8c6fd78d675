/* `explain` in sentences; part of gateway/ledger/explain.c. */
#pragma once

#include "gateway/ledger/view.h"

/* The member `in_words` of a task: begin, each document that left it open, end. */
void explain_task_begin(struct ledger_view *v, struct json *j, const struct task *task,
	enum timeliness timely);
void explain_open_fact(struct ledger_view *v, struct json *j, enum link_role role,
	const char *code, const char *document_id);
/* @told: there was such a document. */
void explain_task_end(struct ledger_view *v, struct json *j, const struct task *task,
	bool told, const act_list *acts);

struct explained_document {
	const char *code, *document_id, *from; /* @from: main id */
	day_t issued_on;
	msec_t arrived_at;
	enum outcome outcome;
	enum event_business business;
	const char *judgement; /* JSON, may be NULL */
};
void explain_document_words(
	struct ledger_view *v, struct json *j, const struct explained_document *d);
