/*
 * A request's body while it comes: in memory up to BODY_MEMORY, beyond that in a file
 * in the data folder, which has no name and is gone with the body (spill.h).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "adapters/http_source.h"
#include "gateway/base/buf.h"

enum { BODY_MEMORY = 128 * 1024 };

struct body {
	const char *folder; /* for the file */
	size_t max;
	size_t n; /* came so far, kept or not */
	struct buf bytes;
	char *path; /* NULL: in memory */
	int fd;
	bool over;   /* more than @max came */
	bool failed; /* there is no room for it */
};

void body_init(struct body *b, const char *folder, size_t max);
/* @n bytes are announced (0: it is not known), at most @max may come. */
void body_expect(struct body *b, size_t n, size_t max);

/* Take the next part; once it is over or has failed nothing is kept any more. */
void body_add(struct body *b, const char *bytes, size_t n);

/* It is whole: let @parcel name it. -1: it cannot be read again. */
int body_finish(struct body *b, struct http_parcel *parcel);

/* Nothing is left of it, neither in memory (X1: nobody knows here what it holds) nor in
 * the file. */
void body_deinit(struct body *b);
