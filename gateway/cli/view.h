/* A command that reads the ledger: its configuration, its options and the open view. */
#pragma once

#include "gateway/base/arena.h"
#include "gateway/cli/command.h"
#include "gateway/config/config.h"
#include "gateway/ledger/ledger.h"

struct reader {
	struct config *config;
	struct arena arena;
	struct ledger_options options;
	struct ledger_view *view;
};

/* 0, or the exit code with nothing left to say. Close it in both cases. */
int reader_open(const struct cli *cli, struct reader *r);
void reader_close(struct reader *r);
#define cleanup_reader __attribute__((__cleanup__(reader_close)))

/* The exit code of an ID that the ledger does not have, or of the fault that kept it
 * from looking; 0 for LEDGER_FIND_OK. */
int reader_find_code(const struct cli *cli, enum ledger_find find, const char *id,
	const struct err *e);
