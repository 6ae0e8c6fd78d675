/* A folder of its own for each test, and files in it. Any failure ends the test. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct scratch {
	char path[64];
};

int scratch_setup(void **state); /* cmocka: *state is a struct scratch */
int scratch_teardown(void **state);

/* `<folder>/name`, in one of a few buffers used in turn. */
const char *scratch_path(const struct scratch *s, const char *name);
void scratch_write(const struct scratch *s, const char *name, const char *text);
bool scratch_has(const struct scratch *s, const char *name);
/* The whole file, in a buffer used again by the next call. */
const char *scratch_read(const struct scratch *s, const char *name);
/* How many files (not folders) are in @name; names with a dot in front count too. */
size_t scratch_count(const struct scratch *s, const char *name);
