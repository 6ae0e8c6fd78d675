/* One document of a message made into its event, member by member as the mapping says.
 */
#pragma once

#include "adapters/mapping_tree.h"

/*
 * Everything is read even after the first mistake, so that a refused document still
 * shows its secrecy (X1). -1: @ret_error says why (no line), and *@ret_at which node;
 * @ev holds what could be read. @scratch is for the call.
 */
int mapping_fill(const struct mapping *m, const struct mapping_tree_ops *ops,
	void *tree, size_t max_text, const void *node, struct arena *scratch,
	struct event *ev, const void **ret_at, struct codec_error *ret_error);
