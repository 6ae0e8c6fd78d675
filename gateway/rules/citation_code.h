/*
 * What a document's code looks like in a sentence: a number, perhaps a year, and a
 * notation of capitals. Part of gateway/rules/citation.c.
 */
#pragma once

#include "gateway/rules/words.h"

struct citation_code {
	size_t from, to; /* words */
	size_t slash;    /* the first word behind the number */
};

/* Is there a code at word @i? @small: words before it say that a code comes, so one in
 * small letters is believed ("cong van so 12/ubnd-vx"). */
bool citation_code_at(
	const struct words *w, size_t i, bool small, struct citation_code *ret_code);

/* Do a number and a slash or dash stand at @i? There is a code only where they do. */
bool citation_code_may_begin(const struct words *w, size_t i);

/* May a number at @i begin a code, seen from its left? Not inside dates and addresses.
 */
bool citation_stands_free(const struct words *w, size_t i);
