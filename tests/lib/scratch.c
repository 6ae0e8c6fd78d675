#include "tests/lib/scratch.h"

#include <dirent.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "gateway/base/mem.h"

int scratch_setup(void **state)
{
	struct scratch *s = mem_alloc(sizeof(*s));

	snprintf(s->path, sizeof(s->path), "/tmp/congvan-test-XXXXXX");
	*state = s;
	return mkdtemp(s->path) ? 0 : -1;
}

static int remove_one(
	const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st, (void)kind, (void)ftw;
	return remove(path);
}

int scratch_teardown(void **state)
{
	struct scratch *s = *state;
	int result = nftw(s->path, remove_one, 16, FTW_DEPTH | FTW_PHYS);

	arena_deinit(&s->arena);
	free(s);
	return result;
}

const char *scratch_path(struct scratch *s, const char *name)
{
	return arena_printf(&s->arena, "%s/%s", s->path, name);
}

void scratch_write(struct scratch *s, const char *name, const char *text)
{
	FILE *f = fopen(scratch_path(s, name), "we");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

bool scratch_has(struct scratch *s, const char *name)
{
	return access(scratch_path(s, name), F_OK) == 0;
}

const char *scratch_read(struct scratch *s, const char *name)
{
	static char text[64 * 1024];
	FILE *f = fopen(scratch_path(s, name), "re");

	assert_non_null(f);
	size_t n = fread(text, 1, sizeof(text) - 1, f);

	text[n] = '\0';
	assert_int_equal(fclose(f), 0);
	return text;
}

size_t scratch_count(struct scratch *s, const char *name)
{
	DIR *dir = opendir(scratch_path(s, name));
	size_t n = 0;

	assert_non_null(dir);
	for (struct dirent *d; (d = readdir(dir));)
		n += d->d_type != DT_DIR;
	closedir(dir);
	return n;
}
