#include "gateway/flow/bell.h"

#include <poll.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

int bell_init(struct bell *b, struct err *e)
{
	b->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	return b->fd < 0 ? err_errno(e, "eventfd") : 0;
}

void bell_deinit(struct bell *b)
{
	close(b->fd);
	b->fd = -1;
}

void bell_ring(struct bell *b)
{
	uint64_t one = 1;
	/* It fails only when it has been rung 2^64 times unheard, and then it rings. */
	ssize_t written = write(b->fd, &one, sizeof(one));

	(void)written;
}

bool bell_wait(struct bell *b, int fd, int timeout_ms)
{
	struct pollfd waits[2] = {
		{.fd = b->fd, .events = POLLIN},
		{.fd = fd, .events = POLLIN},
	};
	uint64_t count;

	if (poll(waits, 2, timeout_ms) <= 0)
		return false;
	return read(b->fd, &count, sizeof(count)) == (ssize_t)sizeof(count);
}
