/* W3C trace context (Level 1): the one header that is carried through the gateway. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum { TRACE_PARENT_SIZE = 56 }; /* with its NUL */

/* What of @text, a stranger's, is passed on: a traceparent of version 00. One of a
 * version we do not know becomes that, if it begins as version 00 does; what else it
 * says is left behind. False: @text is none (NULL neither), and @ret_parent is empty.
 */
bool trace_take(const char *text, char ret_parent[TRACE_PARENT_SIZE]);
