/*
 * Lists of takings (E-3): what is read ahead, given back, or in somebody's hands. One
 * leaves at the front or is marked done; new ones come at the end.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One delivery row, as its taker knows it. */
struct taking {
	uint64_t tag; /* 0 while nobody has it */
	int64_t position, message;
	bool shared;      /* other queues may hold the message too */
	bool redelivered; /* it was taken before */
	bool done;
};

/* Those before `head` are gone. */
struct takings {
	struct taking *at;
	size_t head, n, cap;
};

void takings_deinit(struct takings *t);
size_t takings_n(const struct takings *t);
void takings_add(struct takings *t, const struct taking *one);

/* The one with @tag, if it is not done; tags must rise along the list. */
struct taking *takings_find(struct takings *t, uint64_t tag);

/* Forget the done ones at the front, and all of them when @open, the number of the
 * others, is the smaller part of the list. */
void takings_trim(struct takings *t, size_t open);
