/* `queue:` and `adapters:`: what their keys mean together. */
#include <string.h>

#include "adapters/queue_sink.h"
#include "gateway/config/kinds.h"
#include "gateway/config/mapping.h"
#include "gateway/config/parts.h"
#include "gateway/config/secret.h"
#include "gateway/config/tables.h"

/* A key that only makes sense beside another one. */
static void refuse_key(struct reading *r, const struct node *map, const char *key,
	const char *belongs_to)
{
	const struct node *at = node_find(map, key);

	if (at)
		complain_key(r, at, "belongs to %s; delete it here", belongs_to);
}

const void *config_queue_sink(
	const struct config *c, struct arena *arena, const struct queue_options *peer)
{
	struct queue_sink_options *sink = arena_alloc(arena, sizeof(*sink));
	size_t n = c->agencies_n ? c->agencies_n : organ_table_size(c->organs);
	const char **ids = arena_alloc(arena, (n + 1) * sizeof(*ids));

	for (size_t i = 0; i < n; i++)
		ids[i] = c->agencies_n ? c->agencies[i].organ
				       : organ_table_at(c->organs, i)->id;
	sink->queue = *peer;
	sink->organs = ids;
	sink->organs_n = n;
	return sink;
}

/* The broker's own HTTP interface: all of it or nothing. */
static void read_management(struct reading *r, const struct node *map,
	const struct queue_keys *keys, struct config *c)
{
	static const char what[] = "management_password";
	const struct node *secret = secret_key(r, map, what);

	c->queue.management_url = keys->management_url;
	c->queue.management_ca = keys->management_ca_file;
	c->queue.management_user = keys->management_user;
	c->queue.management_password = secret_read(r, map, what,
		keys->management_password_file, keys->management_password_env);
	if (node_find(map, "management_url") && (!keys->management_user || !secret))
		complain(r, node_find(map, "management_url"),
			"needs management_user, and management_password_file or "
			"management_password_env");
	if (!node_find(map, "management_url") && secret)
		complain_key(r, secret, "needs the `management_url` it is for");
}

static void read_broker(struct reading *r, const struct node *map,
	const struct queue_keys *keys, struct config *c)
{
	c->queue.path = NULL;
	c->queue.url = keys->url;
	c->queue.password = secret_read_broker(
		r, map, keys->url, keys->password_file, keys->password_env);
	refuse_key(r, map, "path", "`type: embedded`");
	if (!node_find(map, "url"))
		complain_missing(r, map, "url",
			"is missing: an amqp queue needs amqp://user@host/vhost");
	read_management(r, map, keys, c);
}

void config_read_queue(struct reading *r, const struct node *root, struct config *c)
{
	static const char *const amqp_keys[] = {"url", "password_file", "password_env",
		"management_url", "management_user", "management_password_file",
		"management_password_env", "management_ca_file"};
	const struct node *map = node_find(root, "queue");
	struct queue_keys keys = {.type = node_find(map, "type") ? -1 : 0};

	if (map)
		schema_read(r, &queue_table, map, &keys);
	/* A type that was not understood brings no complaints about what goes with it.
	 */
	c->queue.is_amqp = keys.type != 0;
	if (keys.type < 0)
		return;
	if (c->queue.is_amqp) {
		read_broker(r, map, &keys, c);
	} else {
		c->queue.path =
			keys.path ? keys.path
				  : schema_absolute(&c->arena, c->data, "queue.db");
		for (size_t i = 0; map && i < sizeof(amqp_keys) / sizeof(*amqp_keys);
			i++)
			refuse_key(r, map, amqp_keys[i], "`type: amqp`");
	}
	struct queue_options peer = {
		.type = c->queue.is_amqp ? QUEUE_AMQP : QUEUE_EMBEDDED,
		.path = c->queue.path,
		.url = c->queue.url,
		.password = c->queue.password,
	};

	c->queue.sink = config_queue_sink(c, r->arena, &peer);
}

static const struct adapter_kind *find_kind(int type, int direction)
{
	for (size_t i = 0; i < adapter_kinds_n; i++)
		if ((int)adapter_kinds[i]->type == type &&
			(int)adapter_kinds[i]->direction == direction)
			return adapter_kinds[i];
	return NULL;
}

static bool is_any_kinds(const char *key)
{
	size_t i = 0;

	while (i < adapter_kinds_n && !schema_has(adapter_kinds[i]->table, key))
		i++;
	return i < adapter_kinds_n;
}

/* Keys of other kinds, and those nobody knows. Of an adapter whose kind was not
 * understood (@kind NULL) only the latter. */
static void judge_keys(
	struct reading *r, const struct node *map, const struct adapter_kind *kind)
{
	static const char *const of_sources[] = {
		"mapping", "stop_after", "policy", "statuses_to", "statuses_for"};
	const struct table *tables[1 + KINDS_MAX] = {&adapter_table};
	size_t n = 1;

	if (kind)
		tables[n++] = kind->table;
	for (size_t i = 0; i < adapter_kinds_n && !kind; i++)
		tables[n++] = adapter_kinds[i]->table;
	for (const struct node *at = map->first; at; at = at->next) {
		bool known = schema_has(&adapter_table, at->key) ||
			     (kind && schema_has(kind->table, at->key));

		if (!known && kind && is_any_kinds(at->key))
			complain_key(r, at, "%s have no such key; delete it here",
				kind->title);
		else
			schema_refuse_unknown(r, tables, n, at);
	}
	bool out = kind && kind->direction == DIRECTION_OUT;

	for (size_t i = 0; out && i < sizeof(of_sources) / sizeof(*of_sources); i++)
		refuse_key(r, map, of_sources[i], "sources (direction: in)");
	if (kind && kind->direction == DIRECTION_IN)
		refuse_key(r, map, "delivery", "sinks (direction: out)");
}

/* A source reads edXML unless it says otherwise; a sink always writes events. */
static void judge_format(
	struct reading *r, const struct node *map, struct adapter_keys *keys)
{
	struct config_adapter *a = &keys->adapter;
	bool out = a->direction == DIRECTION_OUT;

	a->format = keys->format >= 0 ? (enum adapter_format)keys->format
		    : out             ? FORMAT_EVENT
				      : FORMAT_EDXML;
	if (out && a->format != FORMAT_EVENT)
		complain(r, node_find(map, "format"),
			"a sink writes events; write event, or delete the line");
}

/* Adapters may share a mapping; it is read once. */
static bool find_mapping(const struct config *c, struct config_adapter *a)
{
	for (size_t i = 0; i + 1 < c->adapters_n; i++) {
		const struct config_adapter *other = &c->adapters[i];

		if (other->mapping_file &&
			!strcmp(other->mapping_file, a->mapping_file)) {
			a->mapping = other->mapping;
			return true;
		}
	}
	return false;
}

static void read_mapping(struct reading *r, const struct node *map,
	const struct config *c, struct config_adapter *a)
{
	struct reading named;

	if (a->direction == DIRECTION_OUT)
		return;
	if (a->format != FORMAT_MAPPING) {
		refuse_key(r, map, "mapping", "`format: mapping`");
		return;
	}
	if (!node_find(map, "mapping"))
		complain_missing(r, map, "mapping",
			"is missing: the file that describes the vendor's documents, "
			"as "
			"idesk/idesk.yaml");
	if (!a->mapping_file || find_mapping(c, a) ||
		!config_open_named(r, map, "mapping", a->mapping_file, &named))
		return;
	named.folder = config_folder_of(r->arena, a->mapping_file);
	a->mapping = mapping_read(&named, a->mapping_file);
	r->failed |= named.failed;
}

/* The value of the word at @key, -1 if it is not there or was not understood. */
static int word_at(const struct node *map, const char *key, int value)
{
	return node_find(map, key) ? value : -1;
}

static void make_adapter(struct reading *r, const struct node *map,
	const struct config *c, const struct adapter_kind *kind,
	struct adapter_keys *keys)
{
	void *own = arena_alloc(r->arena, kind->table->size);

	if (kind->table->initial)
		memcpy(own, kind->table->initial, kind->table->size);
	schema_read_known(r, kind->table, map, own);
	judge_format(r, map, keys);
	read_mapping(r, map, c, &keys->adapter);
	keys->adapter.source = kind->source;
	keys->adapter.sink = kind->sink;
	keys->adapter.options = kind->make(r, map, c, own);
}

static void read_adapter(struct reading *r, const struct node *map,
	const struct config *c, struct config_adapter *a)
{
	struct adapter_keys keys = {.adapter = {.policy = c->policy},
		.delivery = delivery_keys_of(&c->delivery),
		.format = -1};
	int type = -1, direction = -1;

	if (!schema_is_map(r, &adapter_table, map))
		return;
	memcpy(&keys.adapter.type, &type, sizeof(type));
	memcpy(&keys.adapter.direction, &direction, sizeof(direction));
	schema_read_known(r, &adapter_table, map, &keys);
	memcpy(&type, &keys.adapter.type, sizeof(type));
	memcpy(&direction, &keys.adapter.direction, sizeof(direction));
	keys.adapter.line = map->line;
	keys.adapter.delivery = delivery_of(&keys.delivery);
	keys.adapter.fingerprint =
		arena_printf(r->arena, "%016llx", (unsigned long long)node_hash(map));
	keys.adapter.stop_after_header = keys.stop_after == 1;
	type = word_at(map, "type", type);
	direction = word_at(map, "direction", direction);
	const struct adapter_kind *kind = find_kind(type, direction);

	judge_keys(r, map, kind);
	if (kind)
		make_adapter(r, map, c, kind, &keys);
	else if (direction >= 0 && find_kind(type, !direction))
		complain(r, node_find(map, "direction"), "%s adapters only go %s",
			node_find(map, "type")->text,
			direction == DIRECTION_IN ? "out" : "in");
	*a = keys.adapter;
}

static bool is_same_name(const struct config_adapter *a, const struct config_adapter *b)
{
	return a->name && b->name && strcmp(a->name, b->name) == 0;
}

static const char *folder_of(const struct config_adapter *a)
{
	if (a->type != ADAPTER_SPOOL || !a->options)
		return NULL;
	return a->source ? a->source->peer(a->options) : a->sink->peer(a->options);
}

static bool is_same_folder(
	const struct config_adapter *a, const struct config_adapter *b)
{
	const char *one = folder_of(a), *other = folder_of(b);

	return one && other && strcmp(one, other) == 0;
}

/* What no two adapters may share: @a against the @n before it. */
static void judge_sharing(struct reading *r, const struct node *map,
	const struct config_adapter *a, const struct config_adapter *rows, size_t n)
{
	size_t name = 0, folder = 0;

	while (name < n && !is_same_name(a, &rows[name]))
		name++;
	while (folder < n && !is_same_folder(a, &rows[folder]))
		folder++;
	if (name < n)
		complain(r, node_find(map, "name"),
			"the adapter in line %d has this name; each needs its own",
			rows[name].line);
	if (folder < n)
		complain(r, node_find(map, "path"),
			"the adapter in line %d uses this folder; each needs its own",
			rows[folder].line);
}

static bool is_told_statuses(const struct config *c, const char *name)
{
	const struct config_adapter *sink = config_find_adapter(c, name);

	return sink && sink->sink && sink->sink->statuses_only;
}

/* Statuses go to a sink that sends them. */
static void judge_statuses(struct reading *r, const struct node *map,
	const struct config *c, const struct config_adapter *a)
{
	const struct node *to = node_find(map, "statuses_to");

	if (a->statuses_to && !is_told_statuses(c, a->statuses_to))
		complain(r, to,
			"there is no sink of this name that sends statuses; it must be "
			"the name of a vxp sink (direction: out)");
	if (a->direction == DIRECTION_IN && !to && node_find(map, "statuses_for"))
		complain_key(r, node_find(map, "statuses_for"),
			"needs `statuses_to`: the sink that sends them");
}

/* A sink of statuses that no source names sends nothing. */
static void judge_use(struct reading *r, const struct node *map, const struct config *c,
	const struct config_adapter *a)
{
	if (!a->sink || !a->sink->statuses_only || !a->name)
		return;
	for (size_t i = 0; i < c->adapters_n; i++) {
		const char *to = c->adapters[i].statuses_to;

		if (to && strcmp(to, a->name) == 0)
			return;
	}
	complain_warn(r, node_find(map, "name"),
		"sends nothing: no source's `statuses_to` names it");
}

void config_read_adapters(struct reading *r, const struct node *root, struct config *c)
{
	const struct node *list = node_find(root, "adapters");

	if (!list || !schema_is_list(r, list))
		return;
	struct config_adapter *rows =
		arena_alloc(&c->arena, (list->n + 1) * sizeof(*rows));

	c->adapters = rows;
	for (const struct node *map = list->first; map; map = map->next) {
		size_t n = c->adapters_n++;

		read_adapter(r, map, c, &rows[n]);
		judge_sharing(r, map, &rows[n], rows, n);
	}
	size_t at = 0;

	for (const struct node *map = list->first; map; map = map->next, at++) {
		judge_statuses(r, map, c, &rows[at]);
		judge_use(r, map, c, &rows[at]);
	}
}
