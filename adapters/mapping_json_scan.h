/*
 * Where the documents of a JSON message begin and end, and whether it keeps the limits:
 * a walk over its bytes that needs no tree and judges only brackets. jansson reads it
 * afterwards and judges the rest.
 */
#pragma once

#include "adapters/mapping_tree.h"

/* A JSON Pointer taken apart. */
struct json_pointer {
	const char *const *steps;
	size_t steps_n;
};
struct json_pointer json_pointer_split(struct arena *arena, const char *text);

enum json_limit {
	JSON_LIMIT_NONE,
	JSON_LIMIT_DEPTH,
	JSON_LIMIT_VALUES,
	JSON_LIMIT_TEXT
};

struct json_scan {
	const struct codec_options *options;
	const struct json_pointer *document;
	struct arena *arena;
	mapping_parts parts; /* the nodes are the caller's to fill in */
	enum json_limit met;
	size_t at; /* how far it came */

	/* What would end the part that is still open, for making sense of what is there
	 * of it: cut at @safe, or inside the text that begins at @text. */
	size_t safe;
	size_t text; /* 0: none is open */
	struct buf *closers;
};

/* How long the byte order mark before the JSON is: passed over (RFC 8259, section 8.1).
 */
size_t json_scan_mark(struct slice bytes);

/* Walk over @bytes. The parts met stand in @scan whatever happens. */
void json_scan_run(struct json_scan *scan, struct slice bytes);
