/* The XPaths of a mapping, compiled once and followed in document after document. */
#pragma once

#include "adapters/mapping_tree.h"

struct _xmlDoc;
struct mapping_xpath;

struct mapping_xpath *mapping_xpath_new(const struct mapping *m);
void mapping_xpath_free(struct mapping_xpath *x);

/* A message begins: what its paths may cost is counted anew. */
void mapping_xpath_begin(struct mapping_xpath *x);

/* What @path finds from @node (NULL: from @doc itself), in document order. -1: it could
 * not be followed, or the paths cost too much by now. */
int mapping_xpath_find(struct mapping_xpath *x, struct _xmlDoc *doc,
	const struct mapping_path *path, const void *node, struct arena *arena,
	mapping_spots *ret_spots);
