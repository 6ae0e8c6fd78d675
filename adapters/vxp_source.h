/*
 * Documents and status messages from the national axis (docs/axis.md). Each stays on
 * the axis's list until it is told `done`, which it is only after the commit; so after
 * a crash it comes again and is a duplicate. What was set aside is kept by the ledger
 * and what is secret may not be kept: for both the axis is told `done` too, or it would
 * send them forever.
 */
#pragma once

#include "adapters/adapter.h"
#include "adapters/vxp_client.h"

struct vxp_source_options {
	struct vxp_peer peer;
	const char *const *to; /* organ ids asked for; none: all that is there */
	size_t to_n;
	int interval_ms;           /* from one look at the lists to the next */
	int page_size;             /* asked for at a time */
	int since_days;            /* how far back is looked; 0: all */
	bool download;             /* fetch with downloadEdoc, not getEdoc */
	const char *agencies_call; /* `getAgenciesList` */
};

extern const struct source_ops vxp_source_ops;
