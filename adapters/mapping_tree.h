/*
 * A message as a tree, XML or JSON: what reading by a mapping needs to know of it. Each
 * syntax is one table. A tree belongs to one thread and is used again for message after
 * message; the paths of the mapping are compiled once.
 */
#pragma once

#include "adapters/codec.h"
#include "adapters/mapping.h"
#include "gateway/base/arena.h"

/* A document of the message: its node, and its bytes in the message. */
struct mapping_part {
	const void *node; /* NULL: nothing of it could be made sense of */
	size_t start, end;
	bool whole; /* false: the message broke inside it */
};
typedef LIST_OF(struct mapping_part) mapping_parts;

/* What a path found: a node, or (node NULL) a text that was computed. */
struct mapping_spot {
	const void *node;
	const char *text;
};
typedef LIST_OF(struct mapping_spot) mapping_spots;

enum mapping_text {
	MAPPING_TEXT,         /* there is one */
	MAPPING_TEXT_ABSENT,  /* null */
	MAPPING_TEXT_NONE,    /* a list or an object: no text */
	MAPPING_TEXT_DROPPED, /* a file's content, counted and not kept */
};

struct mapping_tree_ops {
	void *(*open)(const struct mapping *m, const struct codec_options *options);
	void (*close)(void *tree); /* NULL is fine */

	/*
	 * Read @bytes (borrowed until forget()) and find its documents. -1: refused,
	 * @ret_error says why and *@ret_error_at how far it was read; @ret_parts then
	 * has what was met before. They live until forget().
	 */
	int (*parse)(void *tree, struct slice bytes, mapping_parts *ret_parts,
		size_t *ret_error_at, struct codec_error *ret_error);

	/* What @path finds from @node, in @arena. -1: it could not be followed. */
	int (*find)(void *tree, const struct mapping_path *path, const void *node,
		struct arena *arena, mapping_spots *ret_spots);

	/* The text of @node; borrowed from the tree or in @arena. */
	enum mapping_text (*text)(void *tree, const void *node, struct arena *arena,
		struct slice *ret_text);

	/* The decoded size of the base64 that @node holds; -1: it is none. */
	int64_t (*file_bytes)(void *tree, const void *node, struct arena *arena);

	/* Where @node begins in the message. */
	size_t (*place)(void *tree, const void *node);

	/* Let go of the message; with @wipe (X1) nothing of it stays in the parser.
	 * (What the libraries free is overwritten: edxml.c, event_json_read.c.) */
	void (*forget)(void *tree, bool wipe);

	/* Between the documents is nothing but what keeps them apart. */
	bool contiguous;
	const char *root; /* the path of the whole message */
};

extern const struct mapping_tree_ops mapping_xml_ops, mapping_json_ops;

/* mapping_judge_path for each syntax. */
int mapping_xml_judge_path(
	const struct mapping *m, const char *path, char ret_why[MAPPING_WHY]);
int mapping_json_judge_path(const char *path, char ret_why[MAPPING_WHY]);

/* How much one message may hold, beside codec_options: nodes of a tree cost memory, and
 * each document set aside takes the rest of its message along. */
enum {
	MAPPING_MAX_BYTES = 64 * 1024 * 1024,
	MAPPING_MAX_NODES = 1000 * 1000,
	MAPPING_MAX_PARTS = 10 * 1000,
	/* Longer texts that look like base64 are a file's content. */
	MAPPING_KEEP_BYTES = 64 * 1024,
};
