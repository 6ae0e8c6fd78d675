/*
 * What nearly answered a task (M9): replies that name one of its documents and were
 * linked to none of it, as their own judgements have it; part of
 * gateway/ledger/explain.c. They are found by the names of those documents, never by
 * reading all events.
 */
#pragma once

#include "gateway/ledger/view.h"

struct near_miss {
	int64_t event;
	const char *document_id, *code, *from; /* as it came */
	day_t issued_on;
	const char *tried; /* JSON: what its judgement tried of the task's documents */
	const char *finding; /* the first that is told in words; may be NULL */
	int64_t suggestion;  /* it waits for a person to confirm it; 0: it does not */
};
typedef LIST_OF(struct near_miss) near_list;

/* @known: the events that are linked to the task anyway. */
int explain_near_read(struct ledger_view *v, const struct task_row *task,
	const id_list *known, near_list *ret_list, struct err *e);

/* The member `near_misses`; then a sentence of each for `open_because`, and for
 * `in_words`. */
void explain_near_put(struct ledger_view *v, struct json *j, const near_list *list);
const char *explain_near_because(struct ledger_view *v, const struct near_miss *near);
const char *explain_near_words(struct ledger_view *v, const struct near_miss *near);
