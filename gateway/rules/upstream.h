/*
 * What the sender of a document is told about how far it has come with one organ
 * (docs/axis.md, codes 1 to 6). Pure: from what is known now and what was told before,
 * the codes that follow. Each is told once and never backwards, 1 < 3 < 4 < 5 < 6;
 * after a refusal (2), and after 6, nothing more is told, whatever happens to the
 * tasks.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "gateway/model/task.h"

enum upstream_code {
	UPSTREAM_ARRIVED = 1,
	UPSTREAM_REFUSED = 2,
	UPSTREAM_ACCEPTED = 3,
	UPSTREAM_PASSED_ON = 4,
	UPSTREAM_HANDLED = 5,
	UPSTREAM_DONE = 6,
};
enum { UPSTREAM_MOST = 6 };

/* What is known of one organ and one document. */
struct upstream_facts {
	bool addressed; /* the document went to it, not only a task of it */
	unsigned said;  /* codes it said itself, as bits 1 << code; a read event is 3 */
	bool passed_on; /* a task of it has parts given to its sub-units (T8) */
	int open, at_work, completed, handed_back; /* its tasks of the document */
};

/* Count a task in; what was withdrawn or cancelled is none. */
void upstream_count(struct upstream_facts *f, enum task_state state);

/* The codes to tell now, in order, given those told before (bits 1 << code). */
size_t upstream_due(const struct upstream_facts *f, unsigned told,
	enum upstream_code ret_codes[UPSTREAM_MOST]);

/* What a code says in words, Vietnamese. */
const char *upstream_words(enum upstream_code code);
