/*
 * A parcel: a delivery of several documents. Each travels as a job of its own; the
 * delivery is settled once, when the last of them is committed, by the weightiest of
 * their settlements (adapter.h has the order). A parcel belongs to the feeder's thread:
 * the writer only carries the pointer.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "adapters/adapter.h"
#include "gateway/base/arena.h"

struct parcel;

/* All that are under way; a zeroed one is empty. */
struct parcels {
	struct parcel *first;
};

struct parcel *parcel_new(struct parcels *all);
void parcels_deinit(struct parcels *all);

/* One more of its jobs is on its way. */
void parcel_add(struct parcel *p);

/* It will not be whole: whatever comes back, it is not settled. */
void parcel_break(struct parcel *p);

/* A job of it is committed. NULL: others are not yet; else how the delivery is settled,
 * until the last job is dropped. */
const struct settled *parcel_settle(struct parcel *p, const struct settled *one);

/* A job of it is done with; after the last one the parcel is gone. */
void parcel_drop(struct parcel *p);
