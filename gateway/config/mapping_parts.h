/* What reading a mapping is put together from. */
#pragma once

#include "gateway/config/mapping.h"

/* A mapping being read. */
struct mapping_builder {
	struct reading *r;
	struct mapping *m;
	const struct node *tables; /* the value tables with names; may be NULL */
	bool syntax_known;         /* else no path can be judged */
	LIST_OF(const char *) paths;
};

/* What one value says, whichever of these its kind knows. */
struct mapping_value_keys {
	const char *path, *each, *constant, *fallback, *otherwise, *split;
	const char *const *dates;
	size_t dates_n;
	bool base64;
};

/* The keys of a value of @shape; NULL: it is no value. */
const struct table *mapping_value_table(enum event_json_shape shape);

/* @text as a path, judged; @at is complained of. */
struct mapping_path mapping_add_path(
	struct mapping_builder *b, const struct node *at, const char *text);

/* The separators at `split` of @node as they are written, blanks too; NULL: none. */
const char *mapping_separators(const struct node *node);

/* Complain of what is no date pattern among the texts of @list. */
void mapping_judge_dates(struct mapping_builder *b, const struct node *list);

/* The value at @node into @field, whose member stands. */
void mapping_read_value(struct mapping_builder *b, const struct node *node,
	struct mapping_field *field);
