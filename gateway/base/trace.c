#include "gateway/base/trace.h"

#include <stdio.h>
#include <string.h>

enum { LENGTH = TRACE_PARENT_SIZE - 1 };

/* @n lower-case hexadecimal digits, not all of them 0 unless @may_be_zero. */
static bool is_hex(const char *at, size_t n, bool may_be_zero)
{
	bool zero = true;

	for (size_t i = 0; i < n; i++) {
		if (!at[i] || !strchr("0123456789abcdef", at[i]))
			return false;
		zero &= at[i] == '0';
	}
	return may_be_zero || !zero;
}

/* version-trace-parent-flags, and in a version of its own perhaps more. */
static bool is_parent(const char *text)
{
	size_t n = text ? strlen(text) : 0;

	if (n < LENGTH || text[2] != '-' || text[35] != '-' || text[52] != '-')
		return false;
	if (!is_hex(text, 2, true) || !strncmp(text, "ff", 2) ||
		!is_hex(text + 3, 32, false) || !is_hex(text + 36, 16, false) ||
		!is_hex(text + 53, 2, true))
		return false;
	return n == LENGTH || (strncmp(text, "00", 2) != 0 && text[LENGTH] == '-');
}

bool trace_take(const char *text, char ret_parent[TRACE_PARENT_SIZE])
{
	bool valid = is_parent(text);

	ret_parent[0] = '\0';
	if (valid)
		snprintf(ret_parent, TRACE_PARENT_SIZE, "00%.*s", LENGTH - 2, text + 2);
	return valid;
}
