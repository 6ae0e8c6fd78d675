/*
 * What an e-office answers when asked for its documents: JSON with JSON Pointers
 * (RFC 6901), or XML with XPaths. A path of an item starts at the item, every other one
 * at the whole answer.
 *
 * An answer that is not of the documented shape is refused whole, and is never an empty
 * list: it does not parse, it does not say it is good (`ok`), the items are not where
 * they should be, an item has no id, or it counts more than none and lists none.
 */
#pragma once

#include <stddef.h>

#include "gateway/base/arena.h"
#include "gateway/base/buf.h"
#include "gateway/base/err.h"

enum poll_list_format { POLL_LIST_JSON, POLL_LIST_XML };

/* Paths; NULL: there is no such thing. */
struct poll_list_paths {
	enum poll_list_format format;
	const char *items;         /* the list; XPath: each item */
	const char *id;            /* of an item: never two the same */
	const char *version;       /* of an item: changes when the document does */
	const char *ok, *ok_value; /* where a good answer has what text */
	const char *count;         /* how many there are in all */
};

/* What is wrong with @path as one of that format; NULL: nothing. */
const char *poll_path_judge(enum poll_list_format format, const char *path);

struct poll_list;

/* Read @bytes, which are copied. -1: ERR_UNAVAILABLE and what is wrong, no contents. */
int poll_list_read(const struct poll_list_paths *paths, struct slice bytes,
	struct poll_list **ret_list, struct err *e);
void poll_list_free(struct poll_list *l);

size_t poll_list_size(const struct poll_list *l);

/* Of the whole answer, or of item @at: the text there, NULL for none. A number and a
 * truth value are texts. All results live as long as the list. */
const char *poll_list_text(struct poll_list *l, const char *path);
const char *poll_item_text(struct poll_list *l, size_t at, const char *path);

/* The same, but a part that is no text is given as it is written. at NULL: nothing. */
struct slice poll_item_part(struct poll_list *l, size_t at, const char *path);
struct slice poll_list_part(struct poll_list *l, const char *path);

/* The item itself, as it is written. */
struct slice poll_item_whole(struct poll_list *l, size_t at);

/* Read @bytes as the answer with one document in it: no list, no items. */
int poll_answer_read(enum poll_list_format format, struct slice bytes,
	struct poll_list **ret_list, struct err *e);
