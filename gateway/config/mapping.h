/*
 * A mapping file (`mapping: FILE` of an adapter) read into struct mapping: as strictly
 * as adapters.yaml, every mistake at once.
 */
#pragma once

#include "adapters/mapping.h"
#include "gateway/config/complain.h"
#include "gateway/config/config.h"
#include "gateway/config/schema.h"

/* The mapping at @path, which the reading shows as its file; paths in it start from
 * r->folder. In the reading's arena; NULL after a complaint. */
const struct mapping *mapping_read(struct reading *r, const char *path);

/* The keys a mapping file has, and those of a value: for the test that compares the
 * manual. */
extern const struct table mapping_table;
extern const struct table *const mapping_value_tables[];
extern const size_t mapping_value_tables_n;
