/*
 * Telling a system that has an interface of its own, as a province's task system: for
 * each name of event a route, with templates for what is asked and rules for what the
 * answer means. An event without a route is passed over and counts as delivered.
 */
#pragma once

#include "adapters/adapter.h"
#include "adapters/http_flight.h"
#include "adapters/http_verdict.h"
#include "adapters/template.h"

struct http_sink_header {
	const char *name;
	const struct template *value;
};

struct http_sink_route {
	const char *const *patterns; /* of events' names, as `task.#` */
	size_t patterns_n;
	const char *method;
	const struct template *path;
	const struct http_sink_header *headers;
	size_t headers_n;
	const struct template_json *json; /* at most one of the two */
	const struct template *xml;
	struct http_verdict_rules rules;
};

struct http_sink_options {
	struct http_flight_options flight;
	const char *url;       /* what every route's path is put behind */
	const char *origin;    /* of the URL, for people and for probe() */
	const char *id_header; /* bears the event's id, the same on every attempt */
	const struct http_sink_route *routes; /* the first that fits counts */
	size_t routes_n;
};

extern const struct sink_ops http_sink_ops;
