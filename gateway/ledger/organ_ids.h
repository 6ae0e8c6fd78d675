/*
 * Organ ids as the ledger numbers them, remembered: nearly every row names one of a few
 * hundred. A number is never given to another organ, so what is remembered stays true,
 * whatever other processes write; only a rollback may take back what was just added.
 */
#pragma once

#include <stdint.h>

#include "gateway/base/arena.h"

struct organ_ids_entry;

struct organ_ids {
	struct arena arena;
	struct organ_ids_entry **slots;
	size_t n;
};

void organ_ids_forget(struct organ_ids *ids);

/* 0: not known here. Ids are compared as O2 says. */
int64_t organ_ids_find(const struct organ_ids *ids, const char *organ_id);
void organ_ids_add(struct organ_ids *ids, const char *organ_id, int64_t id);
