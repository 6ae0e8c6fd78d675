/*
 * What a sample of a mapping is expected to give: one entry a document. An entry is an
 * event (absent members are null, empty, or as they usually are), `{"error": CODE}` for
 * one that is refused, or `{"restricted": CLASS}`. A file holds one entry, or a list.
 */
#pragma once

#include <stddef.h>

#include "gateway/base/arena.h"
#include "gateway/base/buf.h"
#include "gateway/model/event.h"

/* What one document gave. */
struct sample_found {
	const struct event *event; /* NULL: refused */
	const char *error_code;
	enum event_secrecy secrecy; /* X1: not SECRECY_NONE, and nothing else is said */
};

struct sample_difference {
	size_t part;                  /* which document, from 1 */
	const char *path;             /* JSON Pointer into the entry; "" is all of it */
	const char *expected, *found; /* JSON */
};
typedef LIST_OF(struct sample_difference) sample_differences;

/* Compare @found (@n of them) with the file's @bytes; texts live in @arena. -1: the
 * file is no such thing, @ret_why says what is wrong. */
int expected_compare(struct slice bytes, const struct sample_found *found, size_t n,
	struct arena *arena, sample_differences *ret_differences, char ret_why[256]);

/* @found as such a file, with what says nothing left out. */
void expected_write(const struct sample_found *found, size_t n, struct buf *out);
