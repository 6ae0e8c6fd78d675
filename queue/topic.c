#include "queue/topic.h"

#include <string.h>

#include "gateway/base/text.h"

enum { HITS_MAX = 16 * 1024 * 1024 }; /* bytes remembered before starting afresh */

/* The word at @at; its length, and the next word or NULL after the last one. */
static size_t word(const char *at, const char **ret_next)
{
	size_t n = strcspn(at, ".");

	*ret_next = at[n] ? at + n + 1 : NULL;
	return n;
}

static bool word_is(const char *at, size_t n, char wild)
{
	return n == 1 && *at == wild;
}

/*
 * The usual walk for wildcards: on a mismatch let the last `#` swallow one word more.
 * Later `#`s make earlier ones final, so it never takes longer than pattern times key.
 */
bool topic_match(const char *pattern, const char *key)
{
	const char *p = pattern, *k = key; /* NULL: past the last word */
	const char *after_hash = NULL, *swallow = NULL;
	bool have_hash = false;

	while (k) {
		const char *p_next = NULL, *k_next;
		size_t k_n = word(k, &k_next), p_n = p ? word(p, &p_next) : 0;

		if (p && word_is(p, p_n, '#')) {
			have_hash = true;
			after_hash = p = p_next;
			swallow = k;
		} else if (p && (word_is(p, p_n, '*') ||
					(p_n == k_n && memcmp(p, k, k_n) == 0))) {
			p = p_next;
			k = k_next;
		} else if (have_hash) {
			word(swallow, &swallow);
			p = after_hash;
			k = swallow;
		} else {
			return false;
		}
	}
	while (p && word_is(p, word(p, &k), '#'))
		p = k;
	return !p;
}

void routes_deinit(struct routes *r)
{
	arena_deinit(&r->arena);
	arena_deinit(&r->hits);
}

static void forget(struct routes *r)
{
	arena_reset(&r->hits);
	memset(r->memory, 0, sizeof(r->memory));
}

void routes_reset(struct routes *r)
{
	forget(r);
	arena_reset(&r->arena);
	r->list.at = NULL;
	r->list.n = r->list.cap = 0;
}

void routes_add(struct routes *r, const char *pattern, int64_t queue)
{
	const char *copy = arena_dup(&r->arena, pattern);

	*LIST_ADD(&r->arena, &r->list) = (struct route){copy, queue};
	forget(r);
}

static bool has(const int64_t *queues, size_t n, int64_t queue)
{
	for (size_t i = 0; i < n; i++)
		if (queues[i] == queue)
			return true;
	return false;
}

const struct route_hit *routes_find(struct routes *r, const char *key)
{
	uint64_t slot = text_hash(TEXT_HASH_SEED, key, strlen(key)) % ROUTE_MEMORY;
	struct route_hit *hit = &r->memory[slot];
	LIST_OF(int64_t) found = {0};

	if (hit->key && strcmp(hit->key, key) == 0)
		return hit;
	if (r->hits.used > HITS_MAX)
		forget(r);
	for (size_t i = 0; i < r->list.n; i++) {
		const struct route *route = &r->list.at[i];

		if (!has(found.at, found.n, route->queue) &&
			topic_match(route->pattern, key))
			*LIST_ADD(&r->hits, &found) = route->queue;
	}
	*hit = (struct route_hit){arena_dup(&r->hits, key), found.at, found.n};
	return hit;
}
