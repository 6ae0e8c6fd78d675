#include "gateway/web/body.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gateway/base/mem.h"
#include "gateway/flow/intake.h"

void body_init(struct body *b, const char *folder, size_t max)
{
	*b = (struct body){.folder = folder, .max = max, .fd = -1};
	b->bytes.max = BODY_MEMORY;
	b->bytes.wipe = true;
}

void body_expect(struct body *b, size_t n, size_t max)
{
	b->max = max;
	if (n && n <= BODY_MEMORY)
		buf_reserve(&b->bytes, n);
}

static bool write_all(int fd, const char *bytes, size_t n)
{
	while (n) {
		ssize_t written = write(fd, bytes, n);

		if (written <= 0)
			return false;
		bytes += written;
		n -= (size_t)written;
	}
	return true;
}

static bool spill(struct body *b)
{
	struct buf path = {0};

	buf_printf(&path, "%s/" INTAKE_SPILL_NAME "XXXXXX", b->folder);
	b->fd = mkostemp(path.data, O_CLOEXEC);
	if (b->fd < 0) {
		buf_deinit(&path);
		return false;
	}
	b->path = path.data;
	bool whole = write_all(b->fd, buf_text(&b->bytes), b->bytes.n);

	buf_deinit(&b->bytes);
	return whole;
}

void body_add(struct body *b, const char *bytes, size_t n)
{
	b->n += n;
	b->over |= b->n > b->max;
	if (b->over || b->failed)
		return;
	if (!b->path && b->n > BODY_MEMORY)
		b->failed = !spill(b);
	if (b->failed)
		return;
	if (b->path)
		b->failed = !write_all(b->fd, bytes, n);
	else
		buf_add(&b->bytes, bytes, n);
}

int body_finish(struct body *b, struct http_parcel *parcel)
{
	parcel->bytes = (struct slice){buf_text(&b->bytes), b->bytes.n};
	parcel->path = b->path;
	parcel->fd = b->fd;
	return b->path && lseek(b->fd, 0, SEEK_SET) != 0 ? -1 : 0;
}

void body_deinit(struct body *b)
{
	buf_deinit(&b->bytes);
	if (b->fd >= 0)
		close(b->fd);
	if (b->path)
		unlink(b->path);
	mem_cleanup(&b->path);
	b->path = NULL;
	b->fd = -1;
}
