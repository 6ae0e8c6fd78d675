#include "gateway/base/trace.h"

#include <string.h>

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

bool trace_is_valid(const char *text)
{
	size_t n = text ? strlen(text) : 0;

	/* version-trace-parent-flags */
	if (n < TRACE_PARENT_LENGTH || text[2] != '-' || text[35] != '-' ||
		text[52] != '-')
		return false;
	if (!is_hex(text, 2, true) || !strncmp(text, "ff", 2) ||
		!is_hex(text + 3, 32, false) || !is_hex(text + 36, 16, false) ||
		!is_hex(text + 53, 2, true))
		return false;
	bool longer = n > TRACE_PARENT_LENGTH;

	return !longer || (strncmp(text, "00", 2) != 0 &&
				  text[TRACE_PARENT_LENGTH] == '-' && n <= 256);
}
