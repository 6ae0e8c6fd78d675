/*
 * A YAML file as a small tree in which every value knows its line and column. Strict
 * where YAML is generous: one document, UTF-8, no anchors, aliases or tags, no key
 * twice, nothing nested deeper than 50. Plain values mean what YAML 1.2's core schema
 * says, so `yes`, `no`, `on` and `off` are texts.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	NODE_MAX_DEPTH = 50,
	NODE_MAX_KEYS = 1000,              /* in one map */
	NODE_MAX_BYTES = 64 * 1024 * 1024, /* the whole country's organs need 25 MB */
};

enum node_kind {
	NODE_TEXT,
	NODE_LIST,
	NODE_MAP,
	NODE_BROKEN, /* complained of already; says nothing */
};

/* How a text is written, for saying where in it something stands. */
enum node_quote {
	QUOTE_PLAIN,
	QUOTE_SINGLE,
	QUOTE_DOUBLE,
	QUOTE_LITERAL, /* `|`: line by line from the next line on */
	QUOTE_FOLDED   /* `>` */
};

struct node {
	enum node_kind kind;
	int line, column; /* from 1 */
	const char *text; /* NODE_TEXT */
	bool plain;       /* NODE_TEXT: without quotes */
	enum node_quote quote;
	int indent; /* QUOTE_LITERAL: spaces before each of its lines */

	const struct node *parent;
	const char *key; /* in a map */
	int key_line, key_column;
	size_t index; /* in a list */

	struct node *first, *last,
		*next; /* what it holds, in order; its next sibling */
	size_t n;
};

/* What a NODE_TEXT is in the core schema. */
enum node_scalar { SCALAR_TEXT, SCALAR_NULL, SCALAR_TRUE, SCALAR_FALSE, SCALAR_NUMBER };
enum node_scalar node_scalar(const struct node *node);

struct reading;

/*
 * The tree of @bytes in the reading's arena; NULL when it ends in a complaint after
 * which nothing sensible can be said. Milder complaints leave a tree with NODE_BROKEN
 * in it.
 */
const struct node *node_read(struct reading *r, const char *bytes, size_t n);

/* The same of the file at @path (shown as the reading's `file`). */
const struct node *node_read_file(struct reading *r, const char *path);

/* @node moved to where the byte @at of its text stands in the file: exactly for texts
 * of one line and for `|`, else where the text begins. */
struct node node_inside(const struct node *node, size_t at);

/* What it says, whatever it looks like: of two that differ the hashes do too. */
uint64_t node_hash(const struct node *node);

/* The value of @key in @map, NULL if there is none or @map is no map. */
const struct node *node_find(const struct node *map, const char *key);
