/* `type: http`, `direction: out`: a system with an interface of its own. */
#include <string.h>

#include "gateway/config/http_keys.h"
#include "gateway/config/http_routes.h"
#include "gateway/config/kinds.h"

struct http_sink_keys {
	const char *url, *id_header;
	struct http_peer_keys peer;
	struct http_auth_keys auth;
	int in_flight;
	struct http_routes_keys routes;
};

static const struct http_sink_keys initial = {
	.id_header = "Idempotency-Key",
	.peer = {.connect_timeout_s = 5, .timeout_s = 30},
	.in_flight = HTTP_FLIGHT_DEFAULT,
};

static const struct word answer_words[] = {
	{.name = "json", .value = HTTP_BODY_JSON},
	{.name = "xml", .value = HTTP_BODY_XML},
	{0},
};

static const struct field fields[] = {
	{"url", FIELD_HTTP, .required = true, AT(http_sink_keys, url)},
	{"auth", FIELD_MAP, AT(http_sink_keys, auth), .table = &http_auth_table},
	HTTP_PEER_FIELDS(http_sink_keys),
	{"in_flight", FIELD_INT, AT(http_sink_keys, in_flight), .low = 1,
		.high = HTTP_FLIGHT_WINDOW},
	{"id_header", FIELD_TEXT, AT(http_sink_keys, id_header)},
	{"answer", FIELD_WORD, AT(http_sink_keys, routes.answer),
		.words = answer_words},
	{"success", FIELD_MAP, AT(http_sink_keys, routes.success),
		.table = &http_condition_table},
	{"already", FIELD_MAP, AT(http_sink_keys, routes.already),
		.table = &http_condition_table},
	{"later", FIELD_MAP, AT(http_sink_keys, routes.later),
		.table = &http_condition_table},
	{"tables", FIELD_OWN_MAP, .required = false},
	{"events", FIELD_OWN_EVENTS, .required = true, .table = &http_route_table},
};
static const struct table table = {TABLE(fields, http_sink_keys), .initial = &initial};

static void judge_url(struct reading *r, const struct node *map, const char *url)
{
	size_t n = url ? strlen(url) : 0;

	if (n && (strpbrk(url, "?#") || url[n - 1] == '/'))
		complain(r, node_find(map, "url"),
			"ends before the paths of `events` begin: without `/` at its "
			"end, without `?` and `#`");
}

static const void *make(
	struct reading *r, const struct node *map, const struct config *c, void *read)
{
	const struct http_sink_keys *keys = read;
	struct http_sink_options *sink = arena_alloc(r->arena, sizeof(*sink));

	(void)c;
	judge_url(r, map, keys->url);
	sink->url = keys->url;
	sink->origin = http_keys_origin(r, keys->url);
	sink->id_header = keys->id_header;
	sink->flight.client = http_keys_client(r, map, &keys->peer);
	sink->flight.auth = http_keys_auth(r, map, &keys->auth, keys->url);
	sink->flight.in_flight = keys->in_flight;
	http_routes_read(r, map, &keys->routes, sink);
	return sink;
}

const struct adapter_kind kind_http_sink = {
	.type = ADAPTER_HTTP,
	.direction = DIRECTION_OUT,
	.title = "http sinks",
	.table = &table,
	.sink = &http_sink_ops,
	.make = make,
};
