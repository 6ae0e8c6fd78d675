/*
 * From the configuration to what the modules want to be told. Every command that writes
 * to the ledger and the running gateway go through here, so that both queue events for
 * the same sinks and read the same bytes the same way.
 */
#pragma once

#include "adapters/codec.h"
#include "gateway/base/arena.h"
#include "gateway/base/err.h"
#include "gateway/cli/command.h"
#include "gateway/config/config.h"
#include "gateway/flow/flow.h"
#include "gateway/ledger/ledger.h"

/* The sink every ledger has: the queue of `queue:`. */
#define SETUP_QUEUE_SINK "queue"

/* -c, else the first of the default places that exists, else NULL. */
const char *setup_config_file(const struct cli *cli);

/*
 * Read the configuration and say every error in it (@warnings: and every warning).
 * Returns 0, or the exit code with nothing left to say.
 */
int setup_config(const struct cli *cli, bool warnings, struct config **ret_config);
void setup_config_cleanup(struct config **config);
#define cleanup_config __attribute__((__cleanup__(setup_config_cleanup)))

/* The complaints as people or programs are told them. */
void setup_say(const struct cli *cli, const struct config_complaints *complaints,
	bool warnings);

/* How @adapter's bytes are read; NULL: those of no adapter, by the site's policy. */
int setup_codec(const struct config *config, const struct config_adapter *adapter,
	struct codec_options *ret_options, struct err *e);

/* The source called @name; NULL gives NULL. Unknown, or a sink: ERR_USAGE. */
int setup_source(const struct config *config, const char *name,
	const struct config_adapter **ret_adapter, struct err *e);

/* Lists live in @arena, the rest in @config. */
int setup_ledger(const struct config *config, struct arena *arena,
	struct ledger_options *ret_options, struct err *e);
int setup_flow(const struct config *config, struct arena *arena,
	struct flow_options *ret_options, struct err *e);
