/*
 * Bytes that wait on disk because they are many. They are not judged yet and may be
 * secret (X1), so the file has no name: whatever ends the process, nothing is left.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* An empty file in @folder, to write and read; the caller closes it. -1: there is none
 * to be had. */
int spill_open(const char *folder);

bool spill_write(int fd, const char *bytes, size_t n);

/* The path that opens @fd's file anew, from its start, for as long as @fd is open, and
 * only within this process. */
enum { SPILL_PATH = 32 };
const char *spill_path(int fd, char out[SPILL_PATH]);
