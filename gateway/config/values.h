/* Reading one value of a known type, and the words for what it should have been. */
#pragma once

#include "gateway/config/schema.h"

/* Read @node as @field's type into @at (lists: and their length into @count). */
void value_read(struct reading *r, const struct field *field, const struct node *node,
	void *at, size_t *count);

/* What @field's value must be: "a whole number from 0 to 60". */
const char *value_wanted(struct arena *arena, const struct field *field);

/* What @node is: "a list", "a number", "nothing". */
const char *value_name(const struct node *node);

/* Does @text look like an organ id: letters, digits, `.`, `-`, `_` and `:`? */
bool value_is_organ_id(const char *text);
