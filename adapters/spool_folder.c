#include "adapters/spool_folder.h"

#include <errno.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gateway/base/mem.h"

static int make_one(const char *path, struct err *e)
{
	if (mkdir(path, 0770) == 0 || errno == EEXIST)
		return 0;
	return err_errno(e, "cannot make %s", path);
}

int spool_folder_make(const char *path, struct err *e)
{
	cleanup_free char *above = mem_dup(path);

	if (!*path)
		return err_set(e, ERR_CONFIG, "a folder without a name");
	for (char *slash = strchr(above + 1, '/'); slash;
		slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (make_one(above, e) < 0)
			return -1;
		*slash = '/';
	}
	return make_one(path, e);
}

/* Can @path, which is not there, be made in the nearest folder above it that is? */
static bool can_be_made(const char *path)
{
	cleanup_free char *copy = mem_dup(path);
	const char *above = dirname(copy);

	while (access(above, F_OK) && errno == ENOENT)
		above = dirname(copy);
	return !access(above, W_OK | X_OK);
}

int spool_folder_probe(const char *path, char ret_note[PROBE_NOTE], struct err *e)
{
	struct stat st;

	*ret_note = '\0';
	if (!stat(path, &st) && !S_ISDIR(st.st_mode))
		return err_set(e, ERR_UNAVAILABLE, "it is no folder");
	if (!access(path, R_OK | W_OK | X_OK))
		return 0;
	if (errno != ENOENT)
		return err_set(e, ERR_UNAVAILABLE, "%s", strerror(errno));
	if (!can_be_made(path))
		return err_set(
			e, ERR_UNAVAILABLE, "it is not there and cannot be made");
	snprintf(ret_note, PROBE_NOTE, "not there yet; it is made when needed");
	return 0;
}
