/* Consuming: deliveries were put together by rabbit_pump.c, each in memory of its own.
 */
#include <errno.h>
#include <stdlib.h>

#include "gateway/base/day.h"
#include "gateway/base/mem.h"
#include "queue/rabbit.h"

#include <amqp.h>
static int begin(struct rabbit *m, const char *name, int prefetch, struct err *e)
{
	amqp_basic_qos(m->connection, CHANNEL_CONSUME, 0, (uint16_t)prefetch, 0);
	if (rabbit_check_reply(m, "set the prefetch", e) < 0)
		return -1;
	amqp_basic_consume(m->connection, CHANNEL_CONSUME, amqp_cstring_bytes(name),
		amqp_empty_bytes, 0, 0, 0, amqp_empty_table);
	return rabbit_check_reply(m, name, e);
}

int rabbit_consume(struct queue *q, const char *name, int prefetch, struct err *e)
{
	return rabbit_retry((struct rabbit *)q, begin, name, prefetch, e);
}

enum queue_next_result rabbit_next(struct queue *q, int timeout_ms,
	struct queue_delivery *ret_delivery, struct err *e)
{
	struct rabbit *m = (struct rabbit *)q;
	int64_t end = clock_ticks() + timeout_ms * INT64_C(1000000), left = timeout_ms;

	if (rabbit_usable(m, e) < 0)
		return QUEUE_NEXT_FAULT;
	if (!m->first)
		rabbit_cork(m, false);
	while (!m->first) {
		int got = rabbit_pump(m, left > 0 ? (int)left : 0, e);

		if (got < 0)
			return QUEUE_NEXT_FAULT;
		if (got == 0 && left <= 0)
			return QUEUE_NEXT_NONE;
		left = (end - clock_ticks() + 999999) / 1000000;
	}
	mem_wipe(m->current); /* X1: nobody knows yet what a message holds */
	m->current = m->first;
	m->first = m->current->next;
	*ret_delivery = m->current->delivery;
	return QUEUE_NEXT_OK;
}

static int sent(struct rabbit *m, int status, struct err *e)
{
	return status == AMQP_STATUS_OK
		       ? 0
		       : rabbit_library_fault(m, "answer a delivery", status, e);
}

int rabbit_ack(struct queue *q, uint64_t tag, bool up_to, struct err *e)
{
	struct rabbit *m = (struct rabbit *)q;

	if (rabbit_usable(m, e) < 0)
		return -1;
	errno = 0;
	return sent(m, amqp_basic_ack(m->connection, CHANNEL_CONSUME, tag, up_to), e);
}

static int give_back(struct queue *q, uint64_t tag, bool again, struct err *e)
{
	struct rabbit *m = (struct rabbit *)q;

	if (rabbit_usable(m, e) < 0)
		return -1;
	errno = 0;
	return sent(
		m, amqp_basic_reject(m->connection, CHANNEL_CONSUME, tag, again), e);
}

/* AMQP has no room for the reason; the caller has it in its own records. */
int rabbit_reject(struct queue *q, uint64_t tag, const char *reason, struct err *e)
{
	(void)reason;
	return give_back(q, tag, false, e);
}

int rabbit_requeue(struct queue *q, uint64_t tag, struct err *e)
{
	return give_back(q, tag, true, e);
}
