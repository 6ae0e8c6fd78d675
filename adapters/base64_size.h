/*
 * How large a file is whose base64 passes by in pieces: counted, never held (E4).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a character is: below BASE64_SIX its six bits. */
enum { BASE64_SIX = 64, BASE64_PAD, BASE64_SPACE, BASE64_BAD };

struct base64_size {
	uint8_t class[256];
	int64_t characters; /* of those that carry bits */
	int padding;
	bool bad; /* this is no base64 */
};

void base64_size_init(struct base64_size *b);
void base64_size_begin(struct base64_size *b);
void base64_size_add(struct base64_size *b, const char *bytes, size_t n);

/* The decoded size of all that was added; -1: it was no base64. */
int64_t base64_size_end(struct base64_size *b);
