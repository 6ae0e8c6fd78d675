#include "queue/backend.h"
int amqp_open(
        const struct queue_options *options, struct queue **ret_queue, struct err *e)
{
	(void)options;
	(void)ret_queue;
	return err_set(e, ERR_BUG, "amqp");
}
