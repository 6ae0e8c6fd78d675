/* How each sink fares, for `outbox`. */
#pragma once

#include "gateway/base/arena.h"
#include "gateway/cli/command.h"
#include "gateway/ledger/ledger.h"

/* The names of all sinks the ledger ever had. */
struct sinks {
	struct arena arena;
	const char **names;
	size_t n, cap;
};

/* The exit code; with --json a line a sink, else a table. */
int sinks_read(
	const struct cli *cli, struct ledger_view *view, struct sinks *ret_sinks);
int sinks_show(
	const struct cli *cli, struct ledger_view *view, const struct sinks *sinks);
void sinks_deinit(struct sinks *sinks);
