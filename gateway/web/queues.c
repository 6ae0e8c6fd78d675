/* POST /queues/<name>/pull, ack, reject: who may, and what is asked; desk.c does it. */
#include <string.h>

#include "gateway/base/text.h"
#include "gateway/web/desk.h"
#include "gateway/web/exchange.h"
#include "gateway/web/message.h"

enum { REQUEST_MAX = BODY_MEMORY, ANSWER_MS = 10000 };

/* Whose queue may be read with @token; the number of readers for nobody's. */
static size_t reader_of(const struct config_http *http, const char *token)
{
	size_t found = http->readers_n;

	for (size_t i = 0; i < http->readers_n; i++)
		if (tokens_have(&http->readers[i].tokens, token))
			found = i;
	return found;
}

void queues_begin(struct exchange *x)
{
	const struct config_http *http = x->web->options.http;
	size_t reader = reader_of(http, exchange_token(x));

	if (!x->web->desk)
		reply_problem(&x->reply, PROBLEM_USE_BROKER,
			"the queue is a broker's (`queue: type: amqp`); read it there");
	else if (reader == http->readers_n)
		exchange_unauthorized(x);
	else if (!text_same_id(http->readers[reader].queue, x->name))
		reply_problem(&x->reply, PROBLEM_FORBIDDEN,
			"this token reads the queue %s", http->readers[reader].queue);
	x->reading.reader = reader;
	body_expect(&x->body, 0, REQUEST_MAX);
}

static void ask(struct exchange *x, enum message_read read, const char *why)
{
	if (x->body.over)
		reply_problem(&x->reply, PROBLEM_TOO_LARGE,
			"at most %d bytes are taken here", (int)REQUEST_MAX);
	else if (read != MESSAGE_READ_OK)
		reply_problem(&x->reply, PROBLEM_BAD_REQUEST, "%s", why);
	else if (exchange_wait(x, x->reading.wait_ms + ANSWER_MS, false))
		desk_put(x->web->desk, x);
}

static struct slice body_of(const struct exchange *x)
{
	return (struct slice){buf_text(&x->body.bytes), x->body.bytes.n};
}

void queues_act_pull(struct exchange *x)
{
	char why[MESSAGE_WHY] = "";

	x->reading.what = READING_PULL;
	enum message_read read = message_read_pull(body_of(x), &x->reading, why);

	ask(x, read, why);
}

static void act_settling(struct exchange *x)
{
	char why[MESSAGE_WHY] = "";
	enum message_read read = message_read_settling(body_of(x), &x->reading, why);

	ask(x, read, why);
}

void queues_act_ack(struct exchange *x)
{
	x->reading.what = READING_ACK;
	act_settling(x);
}

void queues_act_reject(struct exchange *x)
{
	x->reading.what = READING_REJECT;
	act_settling(x);
}
