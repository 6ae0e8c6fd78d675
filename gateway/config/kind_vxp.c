/* `type: vxp`: the national axis. */
#include <string.h>

#include "adapters/vxp_sink.h"
#include "adapters/vxp_source.h"
#include "gateway/config/http_keys.h"
#include "gateway/config/kinds.h"
#include "gateway/config/secret.h"

enum { DAY_S = 24 * 60 * 60 };

struct vxp_keys {
	const char *url, *system_id, *secret_file, *secret_env;
	struct http_peer_keys peer;
	const char *const *to;
	size_t to_n;
	int interval_s, page_size, since_days, fetch, agency_list;
	size_t max_bytes;
};

static const struct vxp_keys initial = {
	.peer = {.timeout_s = 30},
	.interval_s = 60,
	.page_size = 100,
	.max_bytes = 64 * 1024 * 1024,
};

static const struct word fetch_words[] = {
	{.name = "getEdoc", .value = 0},
	{.name = "downloadEdoc", .value = 1},
	{0},
};
static const char *const agency_calls[] = {"getAgenciesList", "getAgenciesListQD20"};
static const struct word agency_words[] = {
	{.name = "getAgenciesList", .value = 0},
	{.name = "getAgenciesListQD20", .value = 1},
	{0},
};

#define AXIS_FIELDS                                                                    \
	{"url", FIELD_HTTP, .required = true, AT(vxp_keys, url)},                      \
		{"system_id", FIELD_TEXT, .required = true, AT(vxp_keys, system_id)},  \
		{"secret_file", FIELD_PATH, AT(vxp_keys, secret_file)},                \
		{"secret_env", FIELD_VARIABLE, AT(vxp_keys, secret_env)},              \
		HTTP_PEER_FIELDS(vxp_keys)

static const struct field source_fields[] = {
	AXIS_FIELDS,
	{"to", FIELD_ORGANS, LIST_AT(vxp_keys, to)},
	{"interval_s", FIELD_INT, AT(vxp_keys, interval_s), .low = 1, .high = DAY_S},
	{"page_size", FIELD_INT, AT(vxp_keys, page_size), .low = 1, .high = 1000},
	{"since_days", FIELD_INT, AT(vxp_keys, since_days), .low = 0, .high = 3650},
	{"fetch", FIELD_WORD, AT(vxp_keys, fetch), .words = fetch_words},
	{"max_bytes", FIELD_SIZE, AT(vxp_keys, max_bytes), .low = 1024,
		.high = 1024LL * 1024 * 1024},
	{"agency_list", FIELD_WORD, AT(vxp_keys, agency_list), .words = agency_words},
};
static const struct table source_table = {
	TABLE(source_fields, vxp_keys), .initial = &initial};

static const struct field sink_fields[] = {AXIS_FIELDS};
static const struct table sink_table = {
	TABLE(sink_fields, vxp_keys), .initial = &initial};

static const char *without_slash(struct reading *r, const char *url)
{
	size_t n = strlen(url);

	while (n && url[n - 1] == '/')
		n--;
	return arena_dup_n(r->arena, url, n);
}

static const char *read_secret(
	struct reading *r, const struct node *map, const struct vxp_keys *keys)
{
	const char *secret =
		secret_read(r, map, "secret", keys->secret_file, keys->secret_env);

	if (!secret_key(r, map, "secret"))
		complain_missing(r, map, "secret_file",
			"is missing: the axis's shared secret comes from secret_file "
			"or secret_env");
	return secret;
}

static struct vxp_peer peer_of(
	struct reading *r, const struct node *map, const struct vxp_keys *keys)
{
	struct vxp_peer peer = {
		.url = keys->url ? without_slash(r, keys->url) : NULL,
		.system_id = keys->system_id,
		.secret = read_secret(r, map, keys),
		.http = http_keys_client(r, map, &keys->peer),
	};

	if (keys->url && strpbrk(keys->url, "?#"))
		complain(r, node_find(map, "url"),
			"the calls' names are put behind it, so it has no ? and no #");
	if (keys->system_id && !vxp_is_plain(keys->system_id))
		complain(r, node_find(map, "system_id"),
			"must be letters, digits and signs without spaces: it is a "
			"header");
	peer.http.max_body = keys->max_bytes;
	return peer;
}

static const void *make_source(
	struct reading *r, const struct node *map, const struct config *c, void *read)
{
	const struct vxp_keys *keys = read;
	struct vxp_source_options *options = arena_alloc(r->arena, sizeof(*options));

	(void)c;
	*options = (struct vxp_source_options){
		.peer = peer_of(r, map, keys),
		.to = keys->to,
		.to_n = keys->to_n,
		.interval_ms = keys->interval_s * 1000,
		.page_size = keys->page_size,
		.since_days = keys->since_days,
		.download = keys->fetch == 1,
		.agencies_call = agency_calls[keys->agency_list == 1],
	};
	return options;
}

static const void *make_sink(
	struct reading *r, const struct node *map, const struct config *c, void *read)
{
	struct vxp_sink_options *options = arena_alloc(r->arena, sizeof(*options));

	(void)c;
	options->peer = peer_of(r, map, read);
	return options;
}

const struct adapter_kind kind_vxp_source = {
	.type = ADAPTER_VXP,
	.direction = DIRECTION_IN,
	.title = "vxp sources",
	.table = &source_table,
	.source = &vxp_source_ops,
	.make = make_source,
};

const struct adapter_kind kind_vxp_sink = {
	.type = ADAPTER_VXP,
	.direction = DIRECTION_OUT,
	.title = "vxp sinks",
	.table = &sink_table,
	.sink = &vxp_sink_ops,
	.make = make_sink,
};
