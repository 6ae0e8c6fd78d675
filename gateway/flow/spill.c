#include "gateway/flow/spill.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "gateway/base/buf.h"
#include "gateway/flow/intake.h"

/* Where the file system knows no unnamed files, the name is gone before the first byte
 * is written. */
static int open_unlinked(const char *folder)
{
	cleanup_buf struct buf path = {0};

	buf_printf(&path, "%s/" INTAKE_SPILL_NAME "XXXXXX", folder);
	int fd = mkostemp(path.data, O_CLOEXEC);

	if (fd >= 0 && unlink(path.data) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

int spill_open(const char *folder)
{
	char path[SPILL_PATH];
	int fd = open(folder, O_TMPFILE | O_RDWR | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0)
		fd = open_unlinked(folder);
	/* Without /proc nobody could open it anew: then memory must do. */
	if (fd >= 0 && access(spill_path(fd, path), R_OK) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

bool spill_write(int fd, const char *bytes, size_t n)
{
	while (n) {
		ssize_t written = write(fd, bytes, n);

		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return false;
		bytes += written;
		n -= (size_t)written;
	}
	return true;
}

const char *spill_path(int fd, char out[SPILL_PATH])
{
	snprintf(out, SPILL_PATH, "/proc/self/fd/%d", fd);
	return out;
}
