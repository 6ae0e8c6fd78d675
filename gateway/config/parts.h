/* What config_load is put together from, one function a file or section. */
#pragma once

#include "gateway/config/complain.h"
#include "gateway/config/config.h"
#include "queue/queue.h"

/* The `agencies:` of @root into @c, whose organ table stands. */
void config_read_agencies(struct reading *r, const struct node *root, struct config *c);

/* The `queue:`, `http:` and `adapters:` of @root into @c, of which all the rest stands.
 */
void config_read_queue(struct reading *r, const struct node *root, struct config *c);
void config_read_http(struct reading *r, const struct node *root, struct config *c);
void config_read_adapters(struct reading *r, const struct node *root, struct config *c);

/* What queue_sink_ops.open wants for @peer: a queue for each organ of @c's table. */
const void *config_queue_sink(
	const struct config *c, struct arena *arena, const struct queue_options *peer);

/* organs.yaml at @path into @table; calendar.yaml into @calendar. */
void config_read_organs(struct reading *r, const char *path, struct organ_table *table);
void config_read_calendar(
	struct reading *r, const char *path, struct calendar *calendar);

/* The folder that relative paths in @file start from, absolute. */
const char *config_folder_of(struct arena *arena, const char *file);

/* The file at @path, which @key of @root names, as a reading of its own; false: there
 * is none, or a complaint says why not. */
bool config_open_named(struct reading *r, const struct node *root, const char *key,
	const char *path, struct reading *ret_named);
