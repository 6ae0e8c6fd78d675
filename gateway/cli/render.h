/*
 * JSON objects made readable for people, and single members of them. What the ledger
 * says as JSON is the truth; this only lays it out, so a new member shows without new
 * code.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "gateway/base/buf.h"
#include "gateway/cli/output.h"

struct rendered;

/* Read one object; NULL when it is none. */
struct rendered *rendered_new(const struct buf *json);
void rendered_free(struct rendered *r);
void rendered_cleanup(struct rendered **r);
#define cleanup_rendered __attribute__((__cleanup__(rendered_cleanup)))

/* The member at @path (`reply.code`; `candidates.0.task`) as text, in the object's own
 * memory; NULL when it is absent or null. Lists are joined with ", ". */
const char *rendered_text(struct rendered *r, const char *path);
int64_t rendered_int(struct rendered *r, const char *path); /* 0: absent or no number */

/* One column of a table of objects; @columns as in table_add. A list of them stands
 * beside the table's headings. */
struct rendered_column {
	const char *path;
	size_t columns;
};
/* The whole object: a line a member, lists as bullets, what is absent left out. */
void rendered_print(struct rendered *r);

/* The command's result: @json as it is with --json, else laid out for people. */
void rendered_show(const struct cli *cli, const struct buf *json);

/* The command's result is JSON even for people: on one line with --json, else indented.
 */
void rendered_show_json(const struct cli *cli, const struct buf *json);

/* Objects one after the other: printed as they come with --json, else a table. */
struct listing {
	const struct cli *cli;
	struct table table; /* its headings set */
	const struct rendered_column *columns;
};
int listing_add(void *context, const struct buf *line); /* @context: the listing */
void listing_print(const struct listing *l, const char *none);
void listing_deinit(struct listing *l);
#define cleanup_listing __attribute__((__cleanup__(listing_deinit)))
