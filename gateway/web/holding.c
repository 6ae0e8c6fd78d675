#include "gateway/web/holding.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/base/mem.h"
#include "gateway/base/text.h"

void holding_begin(struct holding *h, uint64_t opening)
{
	holding_reset(h);
	h->opening = opening;
}

void holding_reset(struct holding *h)
{
	h->n = h->open = 0;
	h->first = h->opening = 0;
}

void holding_deinit(struct holding *h)
{
	free(h->at);
	*h = (struct holding){0};
}

size_t holding_n(const struct holding *h)
{
	return h->open;
}

static void write_name(const struct holding *h, uint64_t tag, char name[HOLDING_TAG])
{
	snprintf(name, HOLDING_TAG, "%" PRIx64 "-%" PRIu64, h->opening, tag);
}

void holding_add(
	struct holding *h, uint64_t tag, int64_t expires, char ret_name[HOLDING_TAG])
{
	if (!h->n)
		h->first = tag;
	if (h->n == h->cap) {
		h->cap = h->cap ? h->cap * 2 : 64;
		h->at = mem_resize(h->at, h->cap * sizeof(*h->at));
	}
	h->at[h->n++] = (struct held){.expires = expires};
	h->open++;
	write_name(h, tag, ret_name);
}

static bool is_held(const struct holding *h, uint64_t tag)
{
	return tag >= h->first && tag - h->first < h->n && !h->at[tag - h->first].done;
}

bool holding_find(const struct holding *h, const char *name, uint64_t *ret_tag)
{
	const char *dash = strrchr(name, '-');
	char same[HOLDING_TAG];
	int64_t tag;

	if (!dash || !text_parse_int(dash + 1, 0, INT64_MAX, &tag) ||
		!is_held(h, (uint64_t)tag))
		return false;
	write_name(h, (uint64_t)tag, same);
	*ret_tag = (uint64_t)tag;
	return !strcmp(same, name);
}

/* Those done at the front are forgotten. */
static void trim(struct holding *h)
{
	size_t gone = 0;

	while (gone < h->n && h->at[gone].done)
		gone++;
	if (gone < h->n && gone < h->n / 2)
		return;
	memmove(h->at, h->at + gone, (h->n - gone) * sizeof(*h->at));
	h->first += gone;
	h->n -= gone;
}

void holding_done(struct holding *h, uint64_t tag)
{
	if (!is_held(h, tag))
		return;
	h->at[tag - h->first].done = true;
	h->open--;
	trim(h);
}

size_t holding_done_upto(struct holding *h, uint64_t tag)
{
	size_t before = h->open;

	for (size_t i = 0; i < h->n && h->first + i <= tag; i++)
		if (!h->at[i].done) {
			h->at[i].done = true;
			h->open--;
		}
	trim(h);
	return before - h->open;
}

uint64_t holding_take_last(struct holding *h)
{
	uint64_t tag = h->first + h->n - 1;

	holding_done(h, tag);
	return tag;
}

/* They were all added with the same patience, so the first open one is the next. */
static const struct held *first_open(const struct holding *h)
{
	const struct held *at = h->at;

	while (h->open && at->done)
		at++;
	return at;
}

bool holding_expired(struct holding *h, int64_t now, uint64_t *ret_tag)
{
	if (!h->open || first_open(h)->expires > now)
		return false;
	*ret_tag = h->first + (uint64_t)(first_open(h) - h->at);
	holding_done(h, *ret_tag);
	return true;
}

int64_t holding_next(const struct holding *h)
{
	return first_open(h)->expires;
}
