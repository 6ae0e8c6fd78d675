#include "gateway/base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/base/mem.h"

void buf_deinit(struct buf *b)
{
	if (!b)
		return;
	if (b->wipe)
		mem_wipe(b->data);
	else
		free(b->data);
	*b = (struct buf){.max = b->max, .wipe = b->wipe};
}

void buf_cleanup_(struct buf *b)
{
	buf_deinit(b);
}

void buf_reset(struct buf *b)
{
	b->n = 0;
	b->full = false;
	if (b->data)
		b->data[0] = '\0';
}

bool buf_reserve(struct buf *b, size_t more)
{
	size_t max = b->max ? b->max : BUF_DEFAULT_MAX;

	if (b->full || more > max || b->n > max - more) {
		b->full = true;
		return false;
	}
	size_t need = b->n + more + 1;

	if (need <= b->cap)
		return true;
	size_t cap = b->cap ? b->cap : 256;

	while (cap < need)
		cap *= 2;
	if (b->wipe) {
		char *moved = mem_resize(NULL, cap);

		if (b->data)
			memcpy(moved, b->data, b->n);
		mem_wipe(b->data);
		b->data = moved;
	} else {
		b->data = mem_resize(b->data, cap);
	}
	b->data[b->n] = '\0';
	b->cap = cap;
	return true;
}

void buf_add(struct buf *b, const char *bytes, size_t n)
{
	if (!buf_reserve(b, n))
		return;
	if (n)
		memcpy(b->data + b->n, bytes, n);
	b->n += n;
	b->data[b->n] = '\0';
}

void buf_add_text(struct buf *b, const char *text)
{
	buf_add(b, text, strlen(text));
}

void buf_add_char(struct buf *b, char c)
{
	/* Mostly there is room: n, and the terminator behind it. */
	if (b->n + 1 < b->cap && !b->full &&
		b->n < (b->max ? b->max : BUF_DEFAULT_MAX)) {
		b->data[b->n++] = c;
		b->data[b->n] = '\0';
		return;
	}
	buf_add(b, &c, 1);
}

void buf_printf(struct buf *b, const char *format, ...)
{
	char small[256];
	va_list args, again;

	va_start(args, format);
	va_copy(again, args);
	int n = vsnprintf(small, sizeof(small), format, args);

	va_end(args);
	if (n >= 0 && (size_t)n < sizeof(small)) {
		buf_add(b, small, (size_t)n);
	} else if (n > 0 && buf_reserve(b, (size_t)n)) {
		vsnprintf(b->data + b->n, (size_t)n + 1, format, again);
		b->n += (size_t)n;
	}
	va_end(again);
}

const char *buf_text(const struct buf *b)
{
	return b->data ? b->data : "";
}
