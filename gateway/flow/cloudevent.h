/* An outbox row as the world gets it: CloudEvents 1.0, structured JSON
 * (schemas/cloudevent.schema.json). */
#pragma once

#include "gateway/base/buf.h"
#include "gateway/ledger/ledger.h"

/* Append the event of @row, told by @site, to @out. */
void cloudevent_write(struct buf *out, const char *site, const struct outbox_row *row);

enum { CLOUDEVENT_KEY_MAX = 255 }; /* bytes: an AMQP short string */

/* Append the routing key, `<name>.<organ id>`; an event of no organ has `-` there. Cut,
 * between characters, where it would be longer than CLOUDEVENT_KEY_MAX. */
void cloudevent_write_key(struct buf *out, const struct outbox_row *row);
