/*
 * Writing JSON straight into a buffer, one pass, no tree: what the ledger, the events
 * and the command line print. (Reading JSON is jansson's work.) Commas are placed by
 * the writer; the caller opens, closes and names. Text must be UTF-8; a byte that is
 * not is written as U+FFFD, so what comes out always parses.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/base/buf.h"

struct json {
	struct buf *out;
	bool comma; /* the next value needs one before it */
};

void json_open(struct json *j, char bracket);  /* '{' or '[' */
void json_close(struct json *j, char bracket); /* '}' or ']' */
void json_key(struct json *j, const char *name);
void json_text(struct json *j, const char *text); /* NULL gives null */
void json_text_n(struct json *j, const char *text, size_t n);
void json_int(struct json *j, int64_t value);
void json_bool(struct json *j, bool value);
void json_absent(struct json *j); /* null (jansson has json_null) */
void json_raw(struct json *j, const char *json, size_t n); /* already JSON */

/* A named member: json_key and the value. */
void json_put_text(struct json *j, const char *name, const char *text);
void json_put_int(struct json *j, const char *name, int64_t value);
