/* Reading and writing a small file whole. */
#pragma once

#include "gateway/base/buf.h"
#include "gateway/base/err.h"

/*
 * The bytes of @path, at most @max of them, into @ret_bytes (the caller deinits it,
 * also after a fault). A folder, a missing and a too large file are faults
 * (ERR_CONFIG), and the fault's text does not repeat the path.
 */
int file_read(const char *path, size_t max, struct buf *ret_bytes, struct err *e);

/*
 * @bytes as the file at @path, in place of what may be there: whole or, after -1
 * (ERR_IO), not at all, also after a power cut. The fault's text names the path.
 */
int file_write(const char *path, const struct buf *bytes, struct err *e);
