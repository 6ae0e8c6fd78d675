/* Bytes as text (RFC 4648, section 4). */
#pragma once

#include "gateway/base/buf.h"

/* Append @n bytes as base64, padded, on one line. */
void base64_add(struct buf *out, const void *bytes, size_t n);
