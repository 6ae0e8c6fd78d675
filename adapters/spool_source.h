/*
 * A watched folder. Whole files are taken in the order of their names; once committed a
 * file goes to `done/`, a quarantined one to `failed/` with NAME.reason.json beside it,
 * a restricted one is deleted.
 */
#pragma once

#include <stdbool.h>

#include "adapters/adapter.h"

struct spool_source_options {
	const char *path; /* the folder; it, those above and its two sub-folders are
			     made when missing */
	int quiet_ms;     /* see below; 0: 1000 */
	bool no_lease;    /* as on a file system that knows no leases */
};

extern const struct source_ops spool_source_ops;
