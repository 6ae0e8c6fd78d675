/* What poll_list.c asks of the two syntaxes; nobody else's. */
#pragma once

#include "adapters/poll_list.h"

/* A node is whatever the tree makes of it. Texts live in @arena. */
struct poll_tree_ops {
	void *(*parse)(struct slice bytes, struct err *e); /* NULL: @e */
	void (*free)(void *tree);
	const void *(*root)(void *tree);

	/* The items at @path: how many, or -1 if there is no list. */
	int (*items)(void *tree, const char *path, struct arena *arena,
		const void ***ret_items);
	const char *(*text)(
		void *tree, const void *node, const char *path, struct arena *arena);
	struct slice (*part)(
		void *tree, const void *node, const char *path, struct arena *arena);
	struct slice (*whole)(void *tree, const void *node, struct arena *arena);
	const char *(*judge)(const char *path);
};

extern const struct poll_tree_ops poll_json_ops, poll_xml_ops;
