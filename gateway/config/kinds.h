/*
 * What each kind of adapter (a type in one direction) needs: its keys beside those that
 * every adapter has, and the adapter they make. A new kind is a file `kind_<type>.c`
 * here and a row in `adapter_kinds`; nothing else in the program asks for the type.
 */
#pragma once

#include "gateway/config/complain.h"
#include "gateway/config/config.h"
#include "gateway/config/schema.h"

struct adapter_kind {
	enum adapter_type type;
	enum adapter_direction direction;
	const char *title;         /* "amqp sources", for complaints */
	const struct table *table; /* its own keys, read into a struct of table->size */
	const struct source_ops *source; /* direction in */
	const struct sink_ops *sink;     /* direction out */

	/*
	 * What the keys at @map, read into @keys, mean together: complain of what is
	 * missing or does not fit, and return what ops->open wants (in the reading's
	 * arena, or part of @keys). Of @c everything stands but the adapters.
	 */
	const void *(*make)(struct reading *r, const struct node *map,
		const struct config *c, void *keys);
};

enum { KINDS_MAX = 32 };
extern const struct adapter_kind *const adapter_kinds[];
extern const size_t adapter_kinds_n;

/* The kinds' rows, one file a type. */
extern const struct adapter_kind kind_spool_source, kind_spool_sink;
extern const struct adapter_kind kind_amqp_source, kind_amqp_sink;
extern const struct adapter_kind kind_vxp_source, kind_vxp_sink;
extern const struct adapter_kind kind_http_sink, kind_webhook_sink;
extern const struct adapter_kind kind_http_poll_source;
extern const struct adapter_kind kind_http_source;
