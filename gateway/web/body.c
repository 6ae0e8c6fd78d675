#include "gateway/web/body.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gateway/base/mem.h"
#include "gateway/flow/spill.h"

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

static bool spill(struct body *b)
{
	char path[SPILL_PATH];

	b->fd = spill_open(b->folder);
	if (b->fd < 0)
		return false;
	b->path = mem_dup(spill_path(b->fd, path));
	bool whole = spill_write(b->fd, buf_text(&b->bytes), b->bytes.n);

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
		b->failed = !spill_write(b->fd, bytes, n);
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
	mem_cleanup(&b->path);
	b->path = NULL;
	b->fd = -1;
}
