/*
 * Growing bytes with a maximum, and borrowed slices of them. A buffer that was asked to
 * grow past its maximum keeps what it had, takes no more until it is reset, and says so
 * in `full`; check it once at the end. buf.data is NUL-terminated whenever it is not
 * NULL.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct slice {
	const char *at;
	size_t n;
};

struct buf {
	char *data;
	size_t n, cap;
	size_t max; /* 0: BUF_DEFAULT_MAX */
	bool full;
	bool wipe; /* X1: nothing of it stays behind where it grew, or ended */
};

enum { BUF_DEFAULT_MAX = 64 * 1024 * 1024 };

void buf_deinit(struct buf *b);
void buf_reset(struct buf *b); /* empty it, keep its memory */
bool buf_reserve(struct buf *b, size_t more);
void buf_add(struct buf *b, const char *bytes, size_t n);
void buf_add_text(struct buf *b, const char *text);
void buf_add_char(struct buf *b, char c);
void buf_printf(struct buf *b, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
const char *buf_text(const struct buf *b); /* never NULL */

void buf_cleanup_(struct buf *b);
#define cleanup_buf __attribute__((__cleanup__(buf_cleanup_)))
