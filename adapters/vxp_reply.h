/*
 * What the axis answers (docs/axis.md): every reply says of itself whether it is
 * good. What cannot be read, or is of another shape than asked for, is a failure and
 * never an empty list. Pure.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "gateway/base/arena.h"
#include "gateway/base/buf.h"
#include "gateway/base/err.h"

enum vxp_reply {
	VXP_REPLY_OK,
	VXP_REPLY_FAIL,      /* it says FAIL; @e tells its code and words */
	VXP_REPLY_UNREADABLE /* no such reply at all; @e tells why */
};

struct vxp_entry {
	const char *doc_id; /* NULL: it has none that could be asked for */
};
typedef LIST_OF(struct vxp_entry) vxp_entries;

/* A reply of which only its verdict is wanted. */
enum vxp_reply vxp_reply_read(struct slice body, struct err *e);

/* A list of what was received; entries live in @arena. */
enum vxp_reply vxp_reply_list(
	struct arena *arena, struct slice body, vxp_entries *ret_list, struct err *e);

/* The document in base64. *@ret_whole false: it says OK and holds no document; then
 * nothing is written. */
enum vxp_reply vxp_reply_file(
	struct slice body, struct buf *ret_bytes, bool *ret_whole, struct err *e);
