/* What the files about replies share: gather.c, reply.c, reply_tell.c. */
#pragma once

#include "gateway/ledger/internal.h"

/* The candidates of one reply. */
struct gathering {
	struct ledger *l;
	struct stored *reply;
	const char *sender; /* main id */
	bool all_tasks;     /* also those of other leads: a task code may name them */
	id_list documents;
	id_list threaded;
	LIST_OF(struct link_candidate) candidates;
};

int gather_candidates(struct gathering *g, struct err *e);

/* JSON members they all write: a task's id, a rung. */
void reply_put_task(struct json *j, const char *key, int64_t task);
void reply_put_rung(struct json *j, enum rung rung);
