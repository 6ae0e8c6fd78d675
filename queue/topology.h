/*
 * What there is at the broker: the exchange, the inbound queue, a queue for each
 * agency, who may do what. One description for whoever declares it: RabbitMQ's own
 * form, definitions (`rabbitmqctl import_definitions`, the management plugin's
 * /api/definitions). Importing it again changes nothing, and it takes nothing away.
 */
#pragma once

#include <stddef.h>

#include "gateway/base/buf.h"
#include "gateway/base/err.h"
#include "queue/queue.h"

/* The queue an organ's events wait in, and the binding that lets them in. */
void topology_agency_queue(struct buf *out, const char *organ);
void topology_agency_pattern(struct buf *out, const char *organ);
/* The broker's user that reads that queue. */
void topology_agency_user(struct buf *out, const char *organ);

struct topology_agency {
	const char *organ;    /* main id */
	const char *password; /* NULL: no user is made for it */
};

struct topology {
	const struct queue_options *queue; /* QUEUE_AMQP: the gateway's own user too */
	const char *const *inbound;        /* queues documents come in by */
	size_t inbound_n;
	const struct topology_agency *agencies;
	size_t agencies_n;
};

/*
 * Write @t as RabbitMQ definitions, one JSON object. An agency's user may read its
 * queue and nothing else; the gateway's (of the url, if that names one and it has a
 * password) may declare, write and read `congvan.*` and write to the default exchange,
 * which dead letters go through. Passwords are only there as RabbitMQ's salted SHA-256;
 * the salt comes from user and password, so that the same ones give the same text. A
 * url that is none is ERR_CONFIG.
 */
int topology_write(const struct topology *t, struct buf *out, struct err *e);
