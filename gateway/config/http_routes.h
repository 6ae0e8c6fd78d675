/* `events:` of an http sink: for each pattern of names what is asked, and what the
 * answer means. */
#pragma once

#include "adapters/http_sink.h"
#include "gateway/config/complain.h"
#include "gateway/config/schema.h"

struct http_condition_keys {
	const char *status, *at;
	const char *const *equals;
	size_t equals_n;
};
extern const struct table http_condition_table;

/* What all routes of a sink share. */
struct http_routes_keys {
	int answer; /* enum http_body_kind */
	struct http_condition_keys success, already, later;
};

extern const struct table http_route_table;

/* Read @map's `events:` and `tables:` into @sink. */
void http_routes_read(struct reading *r, const struct node *map,
	const struct http_routes_keys *keys, struct http_sink_options *sink);

/* Patterns of events' names at @list: is there an event for each? */
void http_routes_judge_patterns(struct reading *r, const struct node *list);
