/*
 * Texts from outside as people are shown them, in tables and on terminals: nothing in
 * them drives the terminal or turns the line around, and their width is known.
 */
#pragma once

#include <stddef.h>

#include "gateway/base/arena.h"

/* How many columns of a terminal @text takes as shown. */
size_t shown_columns(const char *text);

/*
 * @text with control characters, marks of direction and bytes that are not UTF-8
 * replaced by U+FFFD, cut with an ellipsis to at most @columns columns (0: not cut).
 * NULL is "-".
 */
const char *shown_text(struct arena *arena, const char *text, size_t columns);
