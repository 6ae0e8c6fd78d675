/* `type: webhook`: a receiver that is told as Standard Webhooks say. */
#include <string.h>

#include "adapters/webhook_sink.h"
#include "gateway/config/http_keys.h"
#include "gateway/config/http_routes.h"
#include "gateway/config/kinds.h"
#include "gateway/config/secret.h"

struct webhook_keys {
	const char *url;
	const char *secret_file, *secret_env;
	const char *previous_secret_file, *previous_secret_env;
	struct http_peer_keys peer;
	int in_flight;
	const char *const *events;
	size_t events_n;
};

static const struct webhook_keys initial = {
	.peer = {.connect_timeout_s = 5, .timeout_s = 15},
	.in_flight = HTTP_FLIGHT_DEFAULT,
};

static const struct field fields[] = {
	{"url", FIELD_HTTP, .required = true, AT(webhook_keys, url)},
	{"secret_file", FIELD_PATH, AT(webhook_keys, secret_file)},
	{"secret_env", FIELD_VARIABLE, AT(webhook_keys, secret_env)},
	{"previous_secret_file", FIELD_PATH, AT(webhook_keys, previous_secret_file)},
	{"previous_secret_env", FIELD_VARIABLE, AT(webhook_keys, previous_secret_env)},
	{"events", FIELD_TEXTS, LIST_AT(webhook_keys, events)},
	HTTP_PEER_FIELDS(webhook_keys),
	{"in_flight", FIELD_INT, AT(webhook_keys, in_flight), .low = 1,
		.high = HTTP_FLIGHT_WINDOW},
};
static const struct table table = {TABLE(fields, webhook_keys), .initial = &initial};

static void read_key(struct reading *r, const struct node *map, const char *what,
	const char *file, const char *variable, struct webhook_key *key)
{
	const char *secret = secret_read(r, map, what, file, variable);
	const char *wrong = secret ? webhook_key_read(secret, key) : NULL;

	if (wrong)
		complain(r, secret_key(r, map, what), "the secret %s", wrong);
}

static const void *make(
	struct reading *r, const struct node *map, const struct config *c, void *read)
{
	const struct webhook_keys *keys = read;
	struct webhook_sink_options *sink = arena_alloc(r->arena, sizeof(*sink));

	(void)c;
	if (!secret_key(r, map, "secret"))
		complain_missing(r, map, "secret_file",
			"is missing: the secret (whsec_…) stands in a file named here, "
			"or in a variable named by secret_env");
	if (keys->url && strchr(keys->url, '#'))
		complain(r, node_find(map, "url"), "has no `#` and nothing behind one");
	read_key(r, map, "secret", keys->secret_file, keys->secret_env, &sink->keys[0]);
	read_key(r, map, "previous_secret", keys->previous_secret_file,
		keys->previous_secret_env, &sink->keys[1]);
	http_routes_judge_patterns(r, node_find(map, "events"));
	sink->url = keys->url;
	sink->origin = http_keys_origin(r, keys->url);
	sink->events = keys->events;
	sink->events_n = keys->events_n;
	sink->flight.client = http_keys_client(r, map, &keys->peer);
	sink->flight.in_flight = keys->in_flight;
	return sink;
}

const struct adapter_kind kind_webhook_sink = {
	.type = ADAPTER_WEBHOOK,
	.direction = DIRECTION_OUT,
	.title = "webhook sinks",
	.table = &table,
	.sink = &webhook_sink_ops,
	.make = make,
};
