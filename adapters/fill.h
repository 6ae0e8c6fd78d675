/*
 * Requests by template: a text with names in braces (`/documents/{id}?since={cursor}`),
 * each replaced by its value, escaped for where it stands. A brace that opens no name
 * of small letters is only a brace, so a body may be JSON.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "gateway/base/buf.h"

struct fill_value {
	const char *name, *value;
};

enum fill_escape {
	FILL_URL,  /* a part of a path or query */
	FILL_JSON, /* within a JSON text's quotes */
	FILL_XML,  /* a text or an attribute's value */
	FILL_PLAIN
};

enum { FILL_NAME = 32 };

/* False, and which, if @template has a name that is none of @names (ended by NULL). */
bool fill_judge(
	const char *template, const char *const *names, char ret_name[FILL_NAME]);

/* Does @template ask for @name? */
bool fill_asks(const char *template, const char *name);

/* Append @template, filled, to @out. A name without a value is left as it is. */
void fill_template(const char *template, const struct fill_value *values,
	size_t values_n, enum fill_escape escape, struct buf *out);
