#include "gateway/config/file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gateway/base/mem.h"

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

static int write_all(int fd, const struct buf *bytes)
{
	for (size_t at = 0; at < bytes->n;) {
		ssize_t n = write(fd, bytes->data + at, bytes->n - at);

		if (n < 0 && errno != EINTR)
			return -1;
		at += n > 0 ? (size_t)n : 0;
	}
	return fsync(fd);
}

/* The new file beside the old one, with its rights. */
static int write_part(
	const char *part, const char *path, const struct buf *bytes, struct err *e)
{
	struct stat before;
	int fd =
		open(part, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0666);

	if (fd < 0)
		return err_errno(e, "cannot write %s", part);
	int result = write_all(fd, bytes);

	if (!result && !stat(path, &before))
		result = fchmod(fd, before.st_mode & 07777);
	if (result)
		err_errno(e, "cannot write %s", part);
	close(fd);
	return result;
}

static int flush_folder(const char *path, struct err *e)
{
	cleanup_free char *copy = mem_dup(path);
	int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int result = fd < 0 || fsync(fd)
			     ? err_errno(e, "cannot flush the folder of %s", path)
			     : 0;

	if (fd >= 0)
		close(fd);
	return result;
}

int file_write(const char *path, const struct buf *bytes, struct err *e)
{
	/* What a link points to is replaced, not the link. */
	cleanup_free char *real = realpath(path, NULL);
	const char *target = real ? real : path;
	char part[PATH_MAX];

	if (snprintf(part, sizeof(part), "%s.%ld.part", target, (long)getpid()) >=
		(int)sizeof(part))
		return err_set(e, ERR_IO, "%.200s: the path is too long", path);
	if (write_part(part, target, bytes, e)) {
		unlink(part);
		return -1;
	}
	if (rename(part, target)) {
		err_errno(e, "cannot replace %s", path);
		unlink(part);
		return -1;
	}
	return flush_folder(target, e);
}
