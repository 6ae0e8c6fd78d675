/*
 * Without a fuzzer: hand each file of each folder named on the command line to the
 * target, whole, cut short at several places, and with one byte changed.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/base/mem.h"

enum { CUTS = 16 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void play(const char *bytes, size_t n)
{
	/* A copy of the exact size, so that a sanitizer sees a read past its end. */
	cleanup_free char *copy = mem_resize(NULL, n ? n : 1);

	memcpy(copy, bytes, n);
	LLVMFuzzerTestOneInput((const uint8_t *)copy, n);
}

static void play_variants(char *bytes, size_t n)
{
	play(bytes, n);
	for (size_t i = 1; i < CUTS; i++) {
		size_t at = n * i / CUTS;
		char was = bytes[at];

		play(bytes, at);
		bytes[at] = (char)(was ^ (1 << i % 8));
		play(bytes, n);
		bytes[at] = was;
	}
}

static int play_file(const char *path)
{
	FILE *f = fopen(path, "re");

	if (!f || fseek(f, 0, SEEK_END) != 0)
		return -1;
	long size = ftell(f);
	cleanup_free char *bytes = mem_alloc((size_t)size + 1);

	rewind(f);
	size_t n = fread(bytes, 1, (size_t)size, f);

	fclose(f);
	play_variants(bytes, n);
	return 0;
}

int main(int argc, char **argv)
{
	int played = 0;

	for (int i = 1; i < argc; i++) {
		DIR *dir = opendir(argv[i]);

		for (const struct dirent *entry; dir && (entry = readdir(dir));) {
			char path[4096];

			snprintf(path, sizeof(path), "%s/%s", argv[i], entry->d_name);
			if (entry->d_name[0] != '.' && play_file(path) == 0)
				played++;
		}
		if (dir)
			closedir(dir);
	}
	fprintf(stderr, "%d files\n", played);
	return played ? 0 : 1;
}
