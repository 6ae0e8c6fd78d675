/* W3C trace context (Level 1): the one header that is carried through the gateway. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum { TRACE_PARENT_LENGTH = 55 };

/* Is @text a traceparent that may be passed on? One of a version we do not know is, if
 * it begins as version 00 does; NULL is none. */
bool trace_is_valid(const char *text);
