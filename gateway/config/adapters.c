/* `queue:` and `adapters:`: what their keys mean together. */
#include <string.h>

#include "gateway/config/parts.h"
#include "gateway/config/secret.h"
#include "gateway/config/tables.h"

enum { DEFAULT_PREFETCH = 2000 };

/* The password of the @url at @map, with what is missing or too much complained of. */
static const char *read_password(struct reading *r, const struct node *map,
	const char *url, const char *file, const char *variable)
{
	const char *password = secret_read(r, map, file, variable);
	const struct node *given = node_find(map, "password_file");

	given = given ? given : node_find(map, "password_env");
	if (!url) {
		if (given && !node_find(map, "url"))
			complain_key(r, given, "a password needs the `url` it is for");
		return NULL;
	}
	if (secret_url_has_user(url) && !given)
		complain(r, node_find(map, "url"),
			"names a user but no password is given; add password_file or "
			"password_env");
	if (!secret_url_has_user(url) && given)
		complain(r, node_find(map, "url"),
			"names no user for the password; write it as "
			"amqp://user@host/vhost");
	return password;
}

/* Keys that only make sense beside another one. */
static void refuse_key(struct reading *r, const struct node *map, const char *key,
	const char *belongs_to)
{
	const struct node *at = node_find(map, key);

	if (at)
		complain_key(r, at, "belongs to %s; delete it here", belongs_to);
}

void config_read_queue(struct reading *r, const struct node *root, struct config *c)
{
	static const char *const amqp_keys[] = {"url", "password_file", "password_env"};
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
		c->queue.path = NULL;
		c->queue.url = keys.url;
		c->queue.password = read_password(
			r, map, keys.url, keys.password_file, keys.password_env);
		refuse_key(r, map, "path", "`type: embedded`");
		if (!node_find(map, "url"))
			complain_missing(r, map, "url",
				"is missing: an amqp queue needs "
				"amqp://user@host/vhost");
		return;
	}
	c->queue.path =
		keys.path ? keys.path : schema_absolute(&c->arena, c->data, "queue.db");
	for (size_t i = 0; map && i < 3; i++)
		refuse_key(r, map, amqp_keys[i], "`type: amqp`");
}

/* For whom a key is: a type and a direction, -1 for any. */
static const struct {
	const char *key;
	int type, direction;
	const char *belongs_to;
} key_rows[] = {
	{"path", ADAPTER_SPOOL, -1, "spool adapters"},
	{"url", ADAPTER_AMQP, -1, "amqp adapters"},
	{"password_file", ADAPTER_AMQP, -1, "amqp adapters"},
	{"password_env", ADAPTER_AMQP, -1, "amqp adapters"},
	{"queue", ADAPTER_AMQP, DIRECTION_IN, "amqp sources (direction: in)"},
	{"prefetch", ADAPTER_AMQP, DIRECTION_IN, "amqp sources (direction: in)"},
	{"exchange", ADAPTER_AMQP, DIRECTION_OUT, "amqp sinks (direction: out)"},
	{"stop_after", -1, DIRECTION_IN, "sources (direction: in)"},
	{"policy", -1, DIRECTION_IN, "sources (direction: in)"},
	{"delivery", -1, DIRECTION_OUT, "sinks (direction: out)"},
};

static void judge_keys(
	struct reading *r, const struct node *map, const struct config_adapter *a)
{
	bool available = a->type == ADAPTER_SPOOL || a->type == ADAPTER_AMQP;

	for (size_t i = 0; available && i < sizeof(key_rows) / sizeof(*key_rows); i++) {
		bool type_fits =
			key_rows[i].type < 0 || key_rows[i].type == (int)a->type;
		bool direction_fits = key_rows[i].direction < 0 ||
				      key_rows[i].direction == (int)a->direction;

		if (!type_fits || !direction_fits)
			refuse_key(r, map, key_rows[i].key, key_rows[i].belongs_to);
	}
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
	if (out && a->format == FORMAT_EDXML)
		complain(r, node_find(map, "format"),
			"a sink writes events; write event, or delete the line");
}

static void judge_spool(
	struct reading *r, const struct node *map, const struct config_adapter *a)
{
	if (!node_find(map, "path"))
		complain_missing(r, map, "path",
			"is missing: a spool adapter needs its folder, as spool/%s",
			a->direction == DIRECTION_OUT ? "out" : "in");
}

static void judge_amqp(struct reading *r, const struct node *map,
	struct adapter_keys *keys, const struct config *c)
{
	struct config_adapter *a = &keys->adapter;
	bool own = node_find(map, "url") != NULL;

	a->password =
		read_password(r, map, a->url, keys->password_file, keys->password_env);
	if (!own && !c->queue.is_amqp)
		complain_missing(r, map, "url",
			"is missing: amqp://user@host/vhost here, or under `queue:` "
			"with "
			"`type: amqp`");
	if (!own)
		a->password = c->queue.password;
	if (a->direction == DIRECTION_IN && !a->queue)
		a->queue = "congvan.in";
	if (a->direction == DIRECTION_OUT && !a->exchange)
		a->exchange = "congvan.events";
	if (a->direction == DIRECTION_IN && !a->prefetch)
		a->prefetch = DEFAULT_PREFETCH;
}

/* Is the word at @key one that was understood? Else what hangs on it is not judged. */
static bool is_known(const struct node *map, const char *key, int value)
{
	return node_find(map, key) && value >= 0;
}

static void read_adapter(struct reading *r, const struct node *map,
	const struct config *c, struct config_adapter *a)
{
	struct adapter_keys keys = {.adapter = {.policy = c->policy},
		.delivery = delivery_keys_of(&c->delivery),
		.format = -1};
	int type = -1, direction = -1;

	memcpy(&keys.adapter.type, &type, sizeof(type));
	memcpy(&keys.adapter.direction, &direction, sizeof(direction));
	schema_read(r, &adapter_table, map, &keys);
	memcpy(&type, &keys.adapter.type, sizeof(type));
	memcpy(&direction, &keys.adapter.direction, sizeof(direction));
	keys.adapter.line = map->line;
	keys.adapter.delivery = delivery_of(&keys.delivery);
	keys.adapter.fingerprint =
		arena_printf(r->arena, "%016llx", (unsigned long long)node_hash(map));
	keys.adapter.stop_after_header = keys.stop_after == 1;
	if (is_known(map, "type", type) && is_known(map, "direction", direction)) {
		judge_keys(r, map, &keys.adapter);
		judge_format(r, map, &keys);
		if (type == ADAPTER_SPOOL)
			judge_spool(r, map, &keys.adapter);
		if (type == ADAPTER_AMQP)
			judge_amqp(r, map, &keys, c);
	}
	*a = keys.adapter;
}

static bool is_same_name(const struct config_adapter *a, const struct config_adapter *b)
{
	return a->name && b->name && strcmp(a->name, b->name) == 0;
}

static bool is_same_folder(
	const struct config_adapter *a, const struct config_adapter *b)
{
	return a->type == ADAPTER_SPOOL && b->type == ADAPTER_SPOOL && a->path &&
	       b->path && strcmp(a->path, b->path) == 0;
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

void config_read_adapters(struct reading *r, const struct node *root, struct config *c)
{
	const struct node *list = node_find(root, "adapters");

	if (!list || !schema_is_list(r, list))
		return;
	struct config_adapter *rows =
		arena_alloc(&c->arena, (list->n + 1) * sizeof(*rows));

	for (const struct node *map = list->first; map; map = map->next) {
		size_t n = c->adapters_n++;

		read_adapter(r, map, c, &rows[n]);
		judge_sharing(r, map, &rows[n], rows, n);
	}
	c->adapters = rows;
}
