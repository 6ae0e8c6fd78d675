/*
 * A ledger in memory that keeps the promises of gateway/ledger/ledger.h which flow
 * relies on (transactions, answers, the outbox) and fails where a test wants it to. One
 * a process; ledger_open gives it. Safe from several threads, as the real file is.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/ledger/ledger.h"

/* What one committed event left behind. */
struct fake_entry {
	char document[64];
	char error_code[64];
	char origin[64];
	enum outcome outcome;
	size_t raw; /* bytes that would have gone to the quarantine; a file counts 1 */
};

struct fake_ledger {
	/* What is to go wrong. */
	int commits_to_fail;    /* so many commits find the disk full */
	const char *poison;     /* the event with this document id is a fault, always */
	bool cannot_quarantine; /* unreadable ones are a fault too */

	/* What happened, as far as it is committed. */
	struct fake_entry entries[4096];
	size_t entries_n;
	int commits;
	size_t largest;  /* events in one transaction */
	int tail_reads;  /* ledger_view_outbox_events */
	int attempts;    /* ledger_not_told */
	char cursor[64]; /* the last one committed, whoever's; "": none */
	char last_error[128];
	struct {
		char event_id[32], cause[128];
	} dead[64];
	size_t dead_n;
	struct {
		char subject[64], known_as[64];
	} known[64];
	size_t known_n;
	enum ledger_sink_state sink; /* of the one sink there is */
	char sink_error[128], sink_config[64];
	int sink_changes;
};

extern struct fake_ledger fake_ledger;

/* As new. */
void fake_ledger_reset(void);
/* One more row for sink `out`: event id `e<n>`, subject `NV-1`. Returns its id. */
int64_t fake_ledger_add_row(void);
int64_t fake_ledger_add_row_of(const char *subject);
size_t fake_ledger_rows(void); /* that are still to be told */
