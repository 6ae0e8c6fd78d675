#include "queue/topology.h"

#include <string.h>

#include <openssl/evp.h>

#include "gateway/base/arena.h"
#include "gateway/base/base64.h"
#include "gateway/base/json.h"
#include "queue/amqp_url.h"
#include "queue/backend.h"
#include "queue/rabbit_arguments.h"

enum { SALT_BYTES = 4, SHA256_BYTES = 32 };

void topology_agency_queue(struct buf *out, const char *organ)
{
	buf_printf(out, "congvan.agency.%s", organ);
}

/* An event's name is two words, `task.assigned`. A `#` in their place would also let in
 * the events of an organ whose id ends in this one's: 28.22.H17 and H17. */
void topology_agency_pattern(struct buf *out, const char *organ)
{
	buf_printf(out, "*.*.%s", organ);
}

void topology_agency_user(struct buf *out, const char *organ)
{
	buf_printf(out, "agency.%s", organ);
}

/* One writing: everything of one virtual host. */
struct draft {
	const struct topology *t;
	struct amqp_url url;
	const char *exchange;
	struct arena arena;
	struct json j;
};

static void sha256(const void *bytes, size_t n, unsigned char out[SHA256_BYTES])
{
	EVP_Digest(bytes, n, out, NULL, EVP_sha256(), NULL);
}

/* RabbitMQ's rabbit_password_hashing_sha256: base64 of the salt and SHA-256 of salt and
 * password. */
static void put_password(struct draft *d, const char *user, const char *password)
{
	unsigned char hash[SALT_BYTES + SHA256_BYTES], seed[SHA256_BYTES];
	cleanup_buf struct buf bytes = {0}, text = {0};

	buf_printf(&bytes, "%s\n%s", user, password);
	sha256(bytes.data, bytes.n, seed);
	memcpy(hash, seed, SALT_BYTES);
	buf_reset(&bytes);
	buf_add(&bytes, (const char *)hash, SALT_BYTES);
	buf_add_text(&bytes, password);
	sha256(bytes.data, bytes.n, hash + SALT_BYTES);
	explicit_bzero(bytes.data, bytes.n);
	base64_add(&text, hash, sizeof(hash));
	json_put_text(&d->j, "password_hash", buf_text(&text));
	json_put_text(&d->j, "hashing_algorithm", "rabbit_password_hashing_sha256");
}

static void put_user(struct draft *d, const char *name, const char *password)
{
	json_open(&d->j, '{');
	json_put_text(&d->j, "name", name);
	put_password(d, name, password);
	json_put_text(&d->j, "tags", "");
	json_close(&d->j, '}');
}

static void put_permission(struct draft *d, const char *user, const char *configure,
	const char *write, const char *read)
{
	json_open(&d->j, '{');
	json_put_text(&d->j, "user", user);
	json_put_text(&d->j, "vhost", d->url.vhost);
	json_put_text(&d->j, "configure", configure);
	json_put_text(&d->j, "write", write);
	json_put_text(&d->j, "read", read);
	json_close(&d->j, '}');
}

/* One of the three names above, for the @i-th agency. */
static const char *named(
	struct draft *d, void (*name)(struct buf *out, const char *organ), size_t i)
{
	cleanup_buf struct buf out = {0};

	name(&out, d->t->agencies[i].organ);
	return arena_dup(&d->arena, buf_text(&out));
}

/* A regular expression that fits @name and nothing else. */
static const char *only(struct draft *d, const char *name)
{
	cleanup_buf struct buf out = {0};

	buf_add_char(&out, '^');
	for (; *name; name++)
		buf_printf(&out, *name == '.' ? "\\%c" : "%c", *name);
	buf_add_char(&out, '$');
	return arena_dup(&d->arena, buf_text(&out));
}

/* guest is RabbitMQ's own; a user without a password is somebody else's care. */
static bool has_own_user(const struct draft *d)
{
	return d->t->queue->password && strcmp(d->url.user, "guest") != 0;
}

static void put_users(struct draft *d)
{
	json_key(&d->j, "users");
	json_open(&d->j, '[');
	if (has_own_user(d))
		put_user(d, d->url.user, d->t->queue->password);
	for (size_t i = 0; i < d->t->agencies_n; i++)
		if (d->t->agencies[i].password)
			put_user(d, named(d, topology_agency_user, i),
				d->t->agencies[i].password);
	json_close(&d->j, ']');
}

static void put_permissions(struct draft *d)
{
	json_key(&d->j, "permissions");
	json_open(&d->j, '[');
	if (has_own_user(d))
		put_permission(d, d->url.user, "^congvan\\.",
			"^congvan\\.|^amq\\.default$", "^congvan\\.");
	for (size_t i = 0; i < d->t->agencies_n; i++)
		if (d->t->agencies[i].password)
			put_permission(d, named(d, topology_agency_user, i), "^$", "^$",
				only(d, named(d, topology_agency_queue, i)));
	json_close(&d->j, ']');
}

static void put_one_queue(struct draft *d, const char *name, const char *dead)
{
	json_open(&d->j, '{');
	json_put_text(&d->j, "name", name);
	json_put_text(&d->j, "vhost", d->url.vhost);
	json_key(&d->j, "durable");
	json_bool(&d->j, true);
	json_key(&d->j, "auto_delete");
	json_bool(&d->j, false);
	json_key(&d->j, "arguments");
	json_open(&d->j, '{');
	for (size_t i = 0; i < rabbit_arguments_n(dead); i++)
		json_put_text(&d->j, rabbit_arguments[i].name,
			rabbit_arguments[i].value ? rabbit_arguments[i].value : dead);
	json_close(&d->j, '}');
	json_close(&d->j, '}');
}

/* A queue and its dead-letter queue. */
static void put_queue(struct draft *d, const char *name)
{
	const char *dead = arena_printf(&d->arena, "%s" QUEUE_DEAD_END, name);

	put_one_queue(d, dead, NULL);
	put_one_queue(d, name, dead);
}

static void put_queues(struct draft *d)
{
	json_key(&d->j, "queues");
	json_open(&d->j, '[');
	for (size_t i = 0; i < d->t->inbound_n; i++)
		put_queue(d, d->t->inbound[i]);
	for (size_t i = 0; i < d->t->agencies_n; i++)
		put_queue(d, named(d, topology_agency_queue, i));
	json_close(&d->j, ']');
}

static void put_exchange(struct draft *d)
{
	json_key(&d->j, "exchanges");
	json_open(&d->j, '[');
	json_open(&d->j, '{');
	json_put_text(&d->j, "name", d->exchange);
	json_put_text(&d->j, "vhost", d->url.vhost);
	json_put_text(&d->j, "type", "topic");
	json_key(&d->j, "durable");
	json_bool(&d->j, true);
	json_key(&d->j, "auto_delete");
	json_bool(&d->j, false);
	json_key(&d->j, "internal");
	json_bool(&d->j, false);
	json_key(&d->j, "arguments");
	json_open(&d->j, '{');
	json_close(&d->j, '}');
	json_close(&d->j, '}');
	json_close(&d->j, ']');
}

static void put_bindings(struct draft *d)
{
	json_key(&d->j, "bindings");
	json_open(&d->j, '[');
	for (size_t i = 0; i < d->t->agencies_n; i++) {
		json_open(&d->j, '{');
		json_put_text(&d->j, "source", d->exchange);
		json_put_text(&d->j, "vhost", d->url.vhost);
		json_put_text(&d->j, "destination", named(d, topology_agency_queue, i));
		json_put_text(&d->j, "destination_type", "queue");
		json_put_text(
			&d->j, "routing_key", named(d, topology_agency_pattern, i));
		json_key(&d->j, "arguments");
		json_open(&d->j, '{');
		json_close(&d->j, '}');
		json_close(&d->j, '}');
	}
	json_close(&d->j, ']');
}

static void put_vhost(struct draft *d)
{
	json_key(&d->j, "vhosts");
	json_open(&d->j, '[');
	json_open(&d->j, '{');
	json_put_text(&d->j, "name", d->url.vhost);
	json_close(&d->j, '}');
	json_close(&d->j, ']');
}

int topology_write(const struct topology *t, struct buf *out, struct err *e)
{
	struct draft d = {.t = t,
		.exchange = t->queue->exchange ? t->queue->exchange : QUEUE_EXCHANGE,
		.j = {.out = out}};

	if (amqp_url_parse(t->queue->url, &d.url, e) < 0)
		return -1;
	json_open(&d.j, '{');
	put_vhost(&d);
	put_users(&d);
	put_permissions(&d);
	put_exchange(&d);
	put_queues(&d);
	put_bindings(&d);
	json_close(&d.j, '}');
	amqp_url_deinit(&d.url);
	arena_deinit(&d.arena);
	return 0;
}
