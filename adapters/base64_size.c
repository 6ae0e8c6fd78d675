#include "adapters/base64_size.h"

#include <string.h>

enum { BLOCK = 64 };

void base64_size_init(struct base64_size *b)
{
	static const char alphabet[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	memset(b->class, BASE64_BAD, sizeof(b->class));
	for (int i = 0; i < BASE64_SIX; i++)
		b->class[(unsigned char)alphabet[i]] = (uint8_t)i;
	b->class['='] = BASE64_PAD;
	b->class[' '] = b->class['\n'] = b->class['\r'] = b->class['\t'] = BASE64_SPACE;
	base64_size_begin(b);
}

void base64_size_begin(struct base64_size *b)
{
	b->characters = 0;
	b->padding = 0;
	b->bad = false;
}

/*
 * How many bytes at the beginning of @p are base64 characters, in whole blocks: written
 * so that the compiler compares a block at a time.
 */
static size_t plain_blocks(const unsigned char *p, size_t n)
{
	size_t done = 0;

	for (; done + BLOCK <= n; done += BLOCK) {
		unsigned char other = 0;

		for (size_t i = 0; i < BLOCK; i++) {
			unsigned char c = p[done + i];
			unsigned char letter = (unsigned char)((c | 0x20) - 'a') < 26;
			unsigned char digit = (unsigned char)(c - '/') < 11;

			other |= (unsigned char)!(letter | digit | (c == '+'));
		}
		if (other)
			break;
	}
	return done;
}

static void add_one(struct base64_size *b, uint8_t class)
{
	if (class < BASE64_SIX) {
		b->characters++;
		b->bad |= b->padding > 0;
	} else if (class == BASE64_PAD) {
		b->padding++;
	} else if (class == BASE64_BAD) {
		b->bad = true;
	}
}

/* Blocks, then what is left of the line: behind its end there may be blocks again. */
void base64_size_add(struct base64_size *b, const char *bytes, size_t n)
{
	const unsigned char *p = (const unsigned char *)bytes;

	for (size_t i = 0; i < n;) {
		uint8_t class = BASE64_BAD;
		size_t plain = b->padding ? 0 : plain_blocks(p + i, n - i);

		b->characters += (int64_t)plain;
		for (i += plain; i < n && class != BASE64_SPACE; i++)
			add_one(b, class = b->class[p[i]]);
	}
}

int64_t base64_size_end(struct base64_size *b)
{
	/* One character more than whole groups is no byte; padding may be left out. */
	b->bad |= b->characters % 4 == 1 || b->padding > 2;
	return b->bad ? -1 : b->characters * 6 / 8;
}
