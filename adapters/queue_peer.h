/* The broker or file behind a queue adapter, for its table in adapter.h. */
#pragma once

#include "adapters/adapter.h"
#include "queue/queue.h"

/* The broker's url (it holds no password), or the embedded queue's file. */
const char *queue_peer_address(const struct queue_options *options);

/* A broker lets us in; the folder of the embedded queue's file can be written. */
int queue_peer_probe(
	const struct queue_options *options, char ret_note[PROBE_NOTE], struct err *e);
