/*
 * A bundle: a delivery of several documents. Each travels as a job of its own; the
 * delivery is settled once, when the last of them is committed, by the weightiest of
 * their settlements (adapter.h has the order). A bundle belongs to the feeder's thread:
 * the writer only carries the pointer.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "adapters/adapter.h"
#include "gateway/base/arena.h"

struct bundle;

/* All that are under way; a zeroed one is empty. */
struct bundles {
	struct bundle *first;
};

struct bundle *bundle_new(struct bundles *all);
void bundles_deinit(struct bundles *all);

/* One more of its jobs is on its way. */
void bundle_add(struct bundle *p);

/* It will not be whole: whatever comes back, it is not settled. */
void bundle_break(struct bundle *p);

/* A job of it is committed. NULL: others are not yet; else how the delivery is settled,
 * until the last job is dropped. */
const struct settled *bundle_settle(struct bundle *p, const struct settled *one);

/* A job of it is done with; after the last one the bundle is gone. */
void bundle_drop(struct bundle *p);
