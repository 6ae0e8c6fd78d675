/* `http:`: where the gateway listens, and who may read a queue there. */
#include <arpa/inet.h>
#include <string.h>

#include "gateway/base/day.h"
#include "gateway/base/text.h"
#include "gateway/config/file.h"
#include "gateway/config/parts.h"
#include "gateway/config/secret.h"
#include "gateway/config/tables.h"
#include "queue/topology.h"

enum { PEM_MAX_BYTES = 256 * 1024 };

static void judge_address(struct reading *r, const struct node *map, const char *listen)
{
	unsigned char address[sizeof(struct in6_addr)];
	const struct node *at = node_find(map, "listen");

	if (at && listen && inet_pton(AF_INET, listen, address) != 1 &&
		inet_pton(AF_INET6, listen, address) != 1)
		complain(r, at,
			"must be an address of this machine, as 127.0.0.1, 0.0.0.0 or "
			"\"::1\"");
}

static const char *read_pem(
	struct reading *r, const struct node *map, const char *key, const char *path)
{
	cleanup_buf struct buf bytes = {0};
	struct err e = {0};

	if (!path)
		return NULL;
	if (file_read(path, PEM_MAX_BYTES, &bytes, &e)) {
		complain(r, node_find(map, key),
			"the file cannot be read: %s; its path starts from the folder "
			"of this file",
			e.text);
		return NULL;
	}
	const char *text = arena_dup_n(r->arena, buf_text(&bytes), bytes.n);

	explicit_bzero(bytes.data, bytes.n);
	if (!strstr(text, "-----BEGIN "))
		complain(r, node_find(map, key),
			"must be in PEM, with a line `-----BEGIN …`");
	return text;
}

static void read_certificate(struct reading *r, const struct node *map,
	const struct http_keys *keys, struct config_http *http)
{
	http->certificate = read_pem(r, map, "cert_file", keys->cert_file);
	http->key = read_pem(r, map, "key_file", keys->key_file);
	if (keys->cert_file && !node_find(map, "key_file"))
		complain_missing(r, map, "key_file",
			"is missing: the private key of `cert_file`");
	if (keys->key_file && !node_find(map, "cert_file"))
		complain_missing(r, map, "cert_file",
			"is missing: the certificate of `key_file`");
}

/* Has the organ a queue? Those of `agencies` have, or else all of the table. */
static bool has_queue(const struct config *c, const char *organ)
{
	for (size_t i = 0; i < c->agencies_n; i++)
		if (text_same_id(c->agencies[i].organ, organ))
			return true;
	return !c->agencies_n && organ_find(c->organs, organ, DAY_NONE);
}

static void name_queue(struct reading *r, const struct node *map,
	const struct config *c, const struct reader_keys *keys,
	struct config_reader *reader)
{
	if (node_find(map, "organ") && node_find(map, "queue"))
		complain_key(r, node_find(map, "queue"),
			"give either organ or queue, not both");
	else if (!node_find(map, "organ") && !node_find(map, "queue"))
		complain_missing(r, map, "organ",
			"is missing: whose queue this is (or `queue`, its name)");
	reader->organ = keys->organ;
	reader->queue = keys->queue;
	if (!keys->organ)
		return;
	const char *main_id = organ_main_id(c->organs, keys->organ, DAY_NONE);
	cleanup_buf struct buf queue = {0};

	topology_agency_queue(&queue, main_id ? main_id : keys->organ);
	reader->queue = arena_dup(r->arena, buf_text(&queue));
	if (!has_queue(c, main_id ? main_id : keys->organ))
		complain(r, node_find(map, "organ"), "has no queue: it is %s",
			c->agencies_n ? "not among the `agencies`"
				      : "no organ of the table `organs`");
}

static bool share_token(const struct tokens *a, const struct tokens *b)
{
	for (size_t i = 0; i < a->n; i++)
		if (tokens_have(b, a->at[i]))
			return true;
	return false;
}

/* Who holds a token reads: an agency must read only its own queue. */
static void judge_reader(struct reading *r, const struct node *map,
	const struct config_reader *reader, const struct config_reader *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (reader->queue && rows[i].queue &&
			!strcmp(reader->queue, rows[i].queue))
			complain(r, map, "another reader has this queue already");
		if (share_token(&reader->tokens, &rows[i].tokens))
			complain(r, secret_key(r, map, "token"),
				"another reader has the same token; each needs its "
				"own");
	}
}

static void read_readers(struct reading *r, const struct node *list, struct config *c,
	struct config_http *http)
{
	if (!list || !schema_is_list(r, list))
		return;
	struct config_reader *rows =
		arena_alloc(r->arena, (list->n + 1) * sizeof(*rows));

	for (const struct node *map = list->first; map; map = map->next) {
		struct config_reader *row = &rows[http->readers_n];
		struct reader_keys keys = {0};

		schema_read(r, &reader_table, map, &keys);
		if (map->kind != NODE_MAP)
			continue;
		name_queue(r, map, c, &keys, row);
		row->tokens = secret_read_tokens(
			r, map, "token", keys.token_file, keys.token_env);
		judge_reader(r, map, row, rows, http->readers_n++);
	}
	http->readers = rows;
	if (c->queue.is_amqp && list->n)
		complain_key(r, list,
			"belongs to an embedded queue; from a broker the agencies read "
			"themselves");
}

void config_read_http(struct reading *r, const struct node *root, struct config *c)
{
	const struct node *map = node_find(root, "http");
	struct http_keys keys;
	struct config_http *http = arena_alloc(&c->arena, sizeof(*http));

	if (!map)
		return;
	memcpy(&keys, http_table.initial, sizeof(keys));
	schema_read(r, &http_table, map, &keys);
	*http = keys.http;
	judge_address(r, map, http->listen);
	read_certificate(r, map, &keys, http);
	if (secret_key(r, map, "monitor_token"))
		http->monitor = secret_read_tokens(r, map, "monitor_token",
			keys.monitor_token_file, keys.monitor_token_env);
	read_readers(r, node_find(map, "readers"), c, http);
	c->http = http;
}
