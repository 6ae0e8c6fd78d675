/*
 * What a waiting thread is woken with, alone or beside a descriptor. A bell rung while
 * nobody waits is heard by the next who does.
 */
#pragma once

#include <stdbool.h>

#include "gateway/base/err.h"

struct bell {
	int fd;
};

int bell_init(struct bell *b, struct err *e);
void bell_deinit(struct bell *b);

void bell_ring(struct bell *b); /* from any thread */

/*
 * Wait until it rings, @fd (-1: none) is readable, or @timeout_ms (-1: for ever) are
 * over. True when it rang; it is silent again then.
 */
bool bell_wait(struct bell *b, int fd, int timeout_ms);
