/*
 * Who gets what: AMQP topic patterns, and the list of bindings of the embedded queue
 * with a memory of keys seen. Words are parted by dots; `*` stands for one word, `#`
 * for any number, none included.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/base/arena.h"

bool topic_match(const char *pattern, const char *key);

struct route {
	const char *pattern;
	int64_t queue;
};

/* The queues one key goes to, each once. */
struct route_hit {
	const char *key;
	const int64_t *queues;
	size_t n;
};

enum { ROUTE_MEMORY = 4096 }; /* keys remembered; one per slot, the last one stays */

struct routes {
	struct arena arena; /* patterns */
	struct arena hits;  /* what was found, forgotten with the first change */
	LIST_OF(struct route) list;
	struct route_hit memory[ROUTE_MEMORY];
};

void routes_deinit(struct routes *r);
void routes_reset(struct routes *r); /* no bindings, nothing remembered */
void routes_add(struct routes *r, const char *pattern, int64_t queue);

/* Borrowed until the next call on @r. */
const struct route_hit *routes_find(struct routes *r, const char *key);
