#include "gateway/config/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int fault(struct err *e, int system)
{
	char words[96];

	return err_set(e, ERR_CONFIG, "%s", strerror_r(system, words, sizeof(words)));
}

static int read_all(int fd, size_t max, struct buf *out, struct err *e)
{
	char piece[16 * 1024];
	ssize_t n;

	out->max = max;
	for (;;) {
		n = read(fd, piece, sizeof(piece));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fault(e, errno);
		if (n == 0)
			return 0;
		buf_add(out, piece, (size_t)n);
		if (out->full)
			return err_set(
			        e, ERR_CONFIG, "it is larger than %zu bytes", max);
	}
}

int file_read(const char *path, size_t max, struct buf *ret_bytes, struct err *e)
{
	struct stat what;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (fd < 0)
		return fault(e, errno);
	int result = fstat(fd, &what) ? fault(e, errno)
	             : S_ISDIR(what.st_mode)
	                     ? err_set(e, ERR_CONFIG, "it is a folder, not a file")
	                     : read_all(fd, max, ret_bytes, e);

	close(fd);
	return result;
}
