/*
 * Ids, compared without case (O2), and the number each stands for. The ids are
 * borrowed; an index is as large as it is made and is never full.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "gateway/base/arena.h"

#define INDEX_NONE SIZE_MAX

struct organs_index_slot {
	const char *id;
	uint64_t hash;
	size_t number;
};

struct organs_index {
	struct organs_index_slot *slots;
	size_t slots_n; /* a power of two */
};

/* Room for @most ids, in @arena. */
void organs_index_init(struct organs_index *index, struct arena *arena, size_t most);

/* The number of @id, to be set: INDEX_NONE when it was not there. */
size_t *organs_index_at(struct organs_index *index, const char *id);

/* The same without adding it; NULL is never there. */
size_t organs_index_find(const struct organs_index *index, const char *id);
