/* The members that several commands' JSON lines share (docs/cli.md). */
#pragma once

#include <stdint.h>

#include "gateway/base/json.h"
#include "gateway/model/event.h"

/* `"error":{"code","line","column","message"}`; @code NULL: null. 0 is no place: null.
 */
void line_put_error(
	struct json *j, const char *code, int line, int column, const char *message);

/* `"part":2`: which document of its file; 0: the file has only one, and nothing is
 * said.
 */
void line_put_part(struct json *j, size_t part);

/* X1: `"restricted":{"document_id","secrecy"}` and nothing else of it. */
void line_put_restricted(
	struct json *j, const struct event *ev, enum event_secrecy secrecy);

/* A number, or null for 0: no document has it. */
void line_put_id(struct json *j, const char *name, int64_t id);
