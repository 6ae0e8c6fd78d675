/* `type: amqp`: a broker of its own, or the one of `queue:`. */
#include "adapters/amqp_source.h"
#include "adapters/queue_sink.h"
#include "gateway/config/kinds.h"
#include "gateway/config/parts.h"
#include "gateway/config/secret.h"

enum { DEFAULT_PREFETCH = 2000 };

struct amqp_keys {
	const char *url, *password_file, *password_env;
	const char *queue, *exchange;
	int prefetch;
};

#define BROKER_FIELDS                                                                  \
	{"url", FIELD_URL, AT(amqp_keys, url)},                                        \
		{"password_file", FIELD_PATH, AT(amqp_keys, password_file)},           \
	{                                                                              \
		"password_env", FIELD_VARIABLE, AT(amqp_keys, password_env)            \
	}

static const struct field source_fields[] = {
	BROKER_FIELDS,
	{"queue", FIELD_TEXT, AT(amqp_keys, queue)},
	{"prefetch", FIELD_INT, AT(amqp_keys, prefetch), .low = 1, .high = 65535},
};
static const struct table source_table = {TABLE(source_fields, amqp_keys)};

static const struct field sink_fields[] = {
	BROKER_FIELDS,
	{"exchange", FIELD_TEXT, AT(amqp_keys, exchange)},
};
static const struct table sink_table = {TABLE(sink_fields, amqp_keys)};

static struct queue_options peer_of(struct reading *r, const struct node *map,
	const struct config *c, const struct amqp_keys *keys)
{
	const char *password = secret_read_broker(
		r, map, keys->url, keys->password_file, keys->password_env);
	bool own = node_find(map, "url") != NULL;

	if (!own && !c->queue.is_amqp)
		complain_missing(r, map, "url",
			"is missing: amqp://user@host/vhost here, or under `queue:` "
			"with `type: amqp`");
	return (struct queue_options){
		.type = QUEUE_AMQP,
		.url = own ? keys->url : c->queue.url,
		.password = own ? password : c->queue.password,
		.exchange = keys->exchange ? keys->exchange : "congvan.events",
	};
}

static const void *make_source(
	struct reading *r, const struct node *map, const struct config *c, void *read)
{
	const struct amqp_keys *keys = read;
	struct amqp_source_options *options = arena_alloc(r->arena, sizeof(*options));

	options->queue = peer_of(r, map, c, keys);
	options->name = keys->queue ? keys->queue : "congvan.in";
	options->prefetch = keys->prefetch ? keys->prefetch : DEFAULT_PREFETCH;
	return options;
}

static const void *make_sink(
	struct reading *r, const struct node *map, const struct config *c, void *read)
{
	struct queue_options peer = peer_of(r, map, c, read);

	return config_queue_sink(c, r->arena, &peer);
}

const struct adapter_kind kind_amqp_source = {
	.type = ADAPTER_AMQP,
	.direction = DIRECTION_IN,
	.title = "amqp sources",
	.table = &source_table,
	.source = &amqp_source_ops,
	.make = make_source,
};

const struct adapter_kind kind_amqp_sink = {
	.type = ADAPTER_AMQP,
	.direction = DIRECTION_OUT,
	.title = "amqp sinks",
	.table = &sink_table,
	.sink = &queue_sink_ops,
	.make = make_sink,
};
