/* `type: http`, `direction: in`: POST /in/<name>, at the address of `http:`. */
#include "adapters/http_source.h"
#include "gateway/config/kinds.h"
#include "gateway/config/secret.h"

struct http_in_keys {
	const char *token_file, *token_env;
	size_t max_bytes;
};

static const struct field fields[] = {
	{"token_file", FIELD_PATH, AT(http_in_keys, token_file)},
	{"token_env", FIELD_VARIABLE, AT(http_in_keys, token_env)},
	{"max_bytes", FIELD_SIZE, AT(http_in_keys, max_bytes), .low = 1,
		.high = 1LL << 30},
};
static const struct table table = {TABLE(fields, http_in_keys)};

static const void *make(
	struct reading *r, const struct node *map, const struct config *c, void *read)
{
	const struct http_in_keys *keys = read;
	struct http_source_options *options = arena_alloc(r->arena, sizeof(*options));
	const struct node *name = node_find(map, "name");

	if (!c->http)
		complain(r, node_find(map, "type"),
			"needs a section `http:` in this file, which says where to "
			"listen: `http: {listen: 127.0.0.1, port: 8080}`");
	options->name = name && name->kind == NODE_TEXT ? name->text : NULL;
	options->door = http_door_make(r->arena);
	options->tokens =
		secret_read_tokens(r, map, "token", keys->token_file, keys->token_env);
	options->max_bytes = keys->max_bytes;
	if (!options->max_bytes && c->http)
		options->max_bytes = c->http->max_bytes;
	return options;
}

const struct adapter_kind kind_http_source = {
	.type = ADAPTER_HTTP,
	.direction = DIRECTION_IN,
	.title = "http sources",
	.table = &table,
	.source = &http_source_ops,
	.make = make,
};
