/*
 * The documents of the last lists by id and version, each with the number of the list
 * that named it last: a list that ended whole forgets whatever it did not name, so this
 * never grows beyond what the peer lists. And the chain of those the peer is to be told
 * of, oldest first.
 */
#include "adapters/http_poll.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "gateway/base/mem.h"

struct poll_ack {
	struct poll_ack *next;
	char id[];
};

struct chain {
	struct poll_ack *first, *last;
};

struct poll_given {
	json_t *named; /* key -> number of the list */
	json_int_t list;
	struct chain given; /* not committed yet */
	struct chain acks;  /* the peer is to be told, and that is not under way */
	size_t unsettled, unacked;
};

static void chain_add(struct chain *c, struct poll_ack *ack)
{
	ack->next = NULL;
	if (c->first)
		c->last->next = ack;
	else
		c->first = ack;
	c->last = ack;
}

static struct poll_ack *chain_take(struct chain *c)
{
	struct poll_ack *ack = c->first;

	if (ack)
		c->first = ack->next;
	return ack;
}

static void chain_free(struct chain *c)
{
	for (struct poll_ack *ack; (ack = chain_take(c));)
		free(ack);
}

struct poll_given *poll_given_new(void)
{
	struct poll_given *g = mem_alloc(sizeof(*g));

	g->named = json_object();
	return g;
}

void poll_given_free(struct poll_given *g)
{
	if (!g)
		return;
	chain_free(&g->given);
	chain_free(&g->acks);
	json_decref(g->named);
	free(g);
}

void poll_given_begin(struct poll_given *g)
{
	g->list++;
}

void poll_given_end(struct poll_given *g)
{
	const char *key;
	json_t *list;
	void *next;

	json_object_foreach_safe(
		g->named, next, key, list) if (json_integer_value(list) != g->list)
		json_object_del(g->named, key);
}

/* An id has no line break in it that means anything. */
static void write_key(struct buf *key, const char *id, const char *version)
{
	buf_add_text(key, id);
	buf_add_char(key, '\n');
	buf_add_text(key, version ? version : "");
}

bool poll_given_is_new(struct poll_given *g, const char *id, const char *version)
{
	cleanup_buf struct buf key = {0};

	write_key(&key, id, version);
	json_t *known = json_object_get(g->named, buf_text(&key));

	json_integer_set(known, g->list); /* does nothing to what is not there */
	return !known;
}

uint64_t poll_given_add(struct poll_given *g, const char *id, const char *version)
{
	cleanup_buf struct buf key = {0};
	struct poll_ack *ack = mem_alloc(sizeof(*ack) + strlen(id) + 1);

	write_key(&key, id, version);
	json_object_set_new_nocheck(g->named, buf_text(&key), json_integer(g->list));
	memcpy(ack->id, id, strlen(id) + 1);
	chain_add(&g->given, ack);
	g->unsettled++;
	return (uint64_t)(uintptr_t)ack;
}

void poll_given_settle(struct poll_given *g, uint64_t handle, bool acks)
{
	struct poll_ack *ack = chain_take(&g->given);

	assert((uint64_t)(uintptr_t)ack == handle); /* they come in order */
	g->unsettled--;
	if (!acks) {
		free(ack);
		return;
	}
	g->unacked++;
	chain_add(&g->acks, ack);
}

size_t poll_given_unsettled(const struct poll_given *g)
{
	return g->unsettled;
}

struct poll_ack *poll_given_take_ack(struct poll_given *g)
{
	return chain_take(&g->acks);
}

const char *poll_ack_id(const struct poll_ack *ack)
{
	return ack->id;
}

void poll_given_acked(struct poll_given *g, struct poll_ack *ack)
{
	g->unacked--;
	free(ack);
}

void poll_given_put_back(struct poll_given *g, struct poll_ack *ack)
{
	chain_add(&g->acks, ack);
}

size_t poll_given_unacked(const struct poll_given *g)
{
	return g->unacked;
}
