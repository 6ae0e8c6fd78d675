/*
 * Texts from outside: UTF-8 in, NFC out. Unicode itself is utf8proc's work; plain ASCII
 * takes a short way.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/base/arena.h"

/* Is @bytes well-formed UTF-8 without NUL? */
bool text_is_utf8(const char *bytes, size_t n);

/*
 * E3: NFC, trimmed, every run of white space one space. The result lives in @arena;
 * *@ret_changed (may be NULL) says that NFC changed it (not mere spaces). Bytes that
 * are not UTF-8, and NUL, become U+FFFD; zero-width and direction marks are dropped.
 */
const char *text_clean(
	struct arena *arena, const char *bytes, size_t n, bool *ret_changed);

/* Is there nothing to see in @text: NULL, empty, or only white space (of any script)
 * and characters without a shape of their own? */
bool text_is_blank(const char *text);

/*
 * How many bytes of @text, from its start, are one character of punctuation (any of
 * Unicode's kinds, fullwidth and typographic ones too) or a symbol; 0: it starts with
 * something else. Dashes are told apart by *@ret_dash (may be NULL).
 */
size_t text_punctuation(const char *text, bool *ret_dash);

/* E3: is @text (cleaned) only a filler: empty, `N/A`, `null`, `-` and their like? */
bool text_is_filler(const char *text);

/*
 * M8, for comparing: NFC, case-folded, dash variants to '-', Ð and Ɖ to đ, no spaces
 * around '-' and '/', other runs of space one. NULL gives "".
 */
const char *text_fold(struct arena *arena, const char *text);

/* The same without Vietnamese marks (a..z, đ is d): for looking up loosely. */
const char *text_fold_ascii(struct arena *arena, const char *text);

/* Equal, letter by letter; two that are absent are, too. */
bool text_same(const char *a, const char *b);

/* Equal for people who do not see case (ASCII only): organ ids (O2). */
bool text_same_id(const char *a, const char *b);

/* A whole number in @text and nothing else, within [@low, @high]. */
bool text_parse_int(const char *text, int64_t low, int64_t high, int64_t *ret_value);

/* FNV-1a over @n bytes, starting from @seed (TEXT_HASH_SEED for a fresh one). */
#define TEXT_HASH_SEED UINT64_C(0xcbf29ce484222325)
uint64_t text_hash(uint64_t seed, const void *bytes, size_t n);
