/* Getting a settled file out of the spool folder's way, without ever taking along a
 * newer file that came under the same name. */
#pragma once

#include "adapters/adapter.h"
#include "adapters/spool_names.h"
#include "gateway/base/err.h"

/* The folder and its two sub-folders. */
struct spool_folders {
	int in, done, failed;
};

int spool_folders_open(struct spool_folders *f, const char *path, struct err *e);
void spool_folders_close(struct spool_folders *f);

/* How the names begin that restricted files have, in the folder itself, between being
 * moved and being deleted. Found at a start, such a file is to be judged again. */
#define SPOOL_DOOMED ".restricted"

/*
 * Do with the file called @name, given as @print, what @settled says. A file that is no
 * longer there, or that is another by now, is left alone.
 */
int spool_put_away(const struct spool_folders *f, const char *name,
	const struct spool_print *print, const struct settled *settled, struct err *e);
