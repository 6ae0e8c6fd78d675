/* A message as its reader gets it: the JSON object of POST /queues/<name>/pull. */
#pragma once

#include "gateway/base/json.h"
#include "queue/queue.h"

/* {"tag","id","key","redelivered","traceparent","event"}; a body that is no JSON is the
 * text of `event`. */
void message_write(struct json *j, const char *tag, const struct queue_delivery *d);

enum { MESSAGE_WHY = 256 };
enum message_read { MESSAGE_READ_OK, MESSAGE_READ_WRONG };
struct reading_request;

/* What POST …/pull, ack and reject say, into @ret; or what is wrong, in @why. */
enum message_read message_read_pull(
	struct slice body, struct reading_request *ret, char why[MESSAGE_WHY]);
enum message_read message_read_settling(
	struct slice body, struct reading_request *ret, char why[MESSAGE_WHY]);
