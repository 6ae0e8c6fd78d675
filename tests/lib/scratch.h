/* A folder of its own for each test, and files in it. Any failure ends the test. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "gateway/base/arena.h"

struct scratch {
	char path[64];
	struct arena arena;
};

int scratch_setup(void **state); /* cmocka: *state is a struct scratch */
int scratch_teardown(void **state);

/* `<folder>/name`; lives as long as the scratch. */
const char *scratch_path(struct scratch *s, const char *name);
void scratch_write(struct scratch *s, const char *name, const char *text);
bool scratch_has(struct scratch *s, const char *name);
/* The whole file, in a buffer used again by the next call. */
const char *scratch_read(struct scratch *s, const char *name);
/* How many files (not folders) are in @name; names with a dot in front count too. */
size_t scratch_count(struct scratch *s, const char *name);
