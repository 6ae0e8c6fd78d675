/*
 * What a reader has pulled and not settled: the queue's tags, which rise one by one,
 * and when each is given back. Outside a tag is called `<opening>-<number>`.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HOLDING_TAG = 48 };

struct held {
	int64_t expires; /* ticks */
	bool done;
};

struct holding {
	uint64_t opening;
	uint64_t first; /* the tag of at[0] */
	struct held *at;
	size_t n, cap;
	size_t open; /* those not done */
};

void holding_begin(struct holding *h, uint64_t opening); /* empty, of this opening */
void holding_reset(struct holding *h);
void holding_deinit(struct holding *h);
size_t holding_n(const struct holding *h);

/* @tag, the next one, is held; its name outside goes to @ret_name. */
void holding_add(
	struct holding *h, uint64_t tag, int64_t expires, char ret_name[HOLDING_TAG]);
/* The tag called @name, if it is held. */
bool holding_find(const struct holding *h, const char *name, uint64_t *ret_tag);
void holding_done(struct holding *h, uint64_t tag);
/* All up to @tag; how many of them were held. */
size_t holding_done_upto(struct holding *h, uint64_t tag);
/* The last one added is held no more. */
uint64_t holding_take_last(struct holding *h);

/* One whose time is over at @now; it is held no more. */
bool holding_expired(struct holding *h, int64_t now, uint64_t *ret_tag);
/* When the first one's time is over; only while one is held. */
int64_t holding_next(const struct holding *h);
