#include "adapters/spool_folder.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

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
