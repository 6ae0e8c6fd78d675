#include "adapters/queue_peer.h"

#include <libgen.h>

#include "adapters/spool_folder.h"
#include "gateway/base/mem.h"

MEM_CLEANUP(queue, struct queue, queue_close)

const char *queue_peer_address(const struct queue_options *options)
{
	return options->type == QUEUE_AMQP ? options->url : options->path;
}

int queue_peer_probe(
	const struct queue_options *options, char ret_note[PROBE_NOTE], struct err *e)
{
	cleanup(queue) struct queue *queue = NULL;

	if (options->type == QUEUE_EMBEDDED) {
		cleanup_free char *copy = mem_dup(options->path);

		return spool_folder_probe(dirname(copy), ret_note, e);
	}
	*ret_note = '\0';
	return queue_open(options, &queue, e);
}
