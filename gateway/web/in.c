/* POST /in/<adapter>: one document, answered once it is committed (INV-1). */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "gateway/base/text.h"
#include "gateway/flow/meter.h"
#include "gateway/web/answer.h"
#include "gateway/web/exchange.h"

static const struct http_source_options *source_of(const struct web *w, size_t number)
{
	const struct config_adapter *a = &w->options.adapters[number];

	return a->source == &http_source_ops ? a->options : NULL;
}

static const struct config_adapter *find_adapter(const struct exchange *x)
{
	const struct web *w = x->web;

	for (size_t i = 0; i < w->options.adapters_n; i++)
		if (source_of(w, i) && !strcmp(w->options.adapters[i].name, x->name))
			return &w->options.adapters[i];
	return NULL;
}

/* Does @token belong to any of them? Strangers are not told which adapters there are.
 */
static bool is_anybodys(const struct web *w, const char *token)
{
	bool found = false;

	for (size_t i = 0; i < w->options.adapters_n; i++)
		if (source_of(w, i))
			found |= tokens_have(&source_of(w, i)->tokens, token);
	return found;
}

static bool is_allowed(struct exchange *x, const struct config_adapter *adapter)
{
	const char *token = exchange_token(x);
	const struct http_source_options *o = adapter ? adapter->options : NULL;

	if (o && tokens_have(&o->tokens, token))
		return true;
	if (!is_anybodys(x->web, token))
		exchange_unauthorized(x);
	else if (adapter)
		reply_problem(&x->reply, PROBLEM_FORBIDDEN,
			"this token belongs to another adapter");
	else
		reply_problem(&x->reply, PROBLEM_NOT_FOUND,
			"there is no http adapter of this name");
	return false;
}

static bool is_type(const char *given, const char *wanted)
{
	size_t n = strcspn(given, "; \t");

	return n == strlen(wanted) && !strncasecmp(given, wanted, n);
}

static bool ends_type(const char *given, const char *end)
{
	size_t n = strcspn(given, "; \t"), m = strlen(end);

	return n > m && !strncasecmp(given + n - m, end, m);
}

/* What is a document of its own kind; a form, a mail of many parts or the other kind of
 * text would only be quarantined. */
static bool is_readable_type(const char *given, enum adapter_format format)
{
	bool xml = is_type(given, "application/xml") || is_type(given, "text/xml") ||
		   ends_type(given, "+xml");
	bool json = is_type(given, "application/json") || ends_type(given, "+json");

	if (is_type(given, "application/octet-stream"))
		return true;
	return (xml && format != FORMAT_EVENT) || (json && format != FORMAT_EDXML);
}

static bool is_readable(struct exchange *x, const struct config_adapter *adapter)
{
	const char *type = exchange_header(x, "Content-Type");
	const char *encoding = exchange_header(x, "Content-Encoding");

	if (encoding && strcasecmp(encoding, "identity") != 0)
		reply_problem(&x->reply, PROBLEM_MEDIA_TYPE,
			"a body is read as it is; send it without Content-Encoding");
	else if (type && !is_readable_type(type, adapter->format))
		reply_problem(&x->reply, PROBLEM_MEDIA_TYPE, "this adapter reads %s",
			adapter->format == FORMAT_EDXML   ? "application/xml"
			: adapter->format == FORMAT_EVENT ? "application/json"
							  : "XML or JSON");
	return !x->reply.status;
}

static bool is_measured(struct exchange *x)
{
	const char *length = exchange_header(x, "Content-Length");
	size_t max = x->source->max_bytes;
	int64_t n = 0;

	if (!length && !exchange_header(x, "Transfer-Encoding"))
		reply_problem(&x->reply, PROBLEM_NO_LENGTH,
			"send Content-Length, or Transfer-Encoding: chunked");
	else if (length && !text_parse_int(length, 0, (int64_t)max, &n))
		reply_problem(&x->reply, PROBLEM_TOO_LARGE,
			"at most %zu bytes are taken here", max);
	else
		body_expect(&x->body, (size_t)n, max);
	return !x->reply.status;
}

/* There is no use in sending a body that cannot be committed. */
static bool is_possible(struct exchange *x)
{
	const struct meter *m = x->web->options.meter;

	if (m && atomic_load(&m->ledger_failing_since))
		reply_problem(&x->reply, PROBLEM_LEDGER,
			"the ledger cannot be written now; send it again later");
	return !x->reply.status;
}

void in_begin(struct exchange *x)
{
	const struct config_adapter *adapter = find_adapter(x);
	const char *parent = exchange_header(x, "traceparent");

	if (!is_allowed(x, adapter))
		return;
	x->source = adapter->options;
	if (!is_readable(x, adapter) || !is_measured(x) || !is_possible(x))
		return;
	trace_take(parent, x->traceparent);
}

static void done(struct http_parcel *parcel, const struct settled *at)
{
	struct exchange *x = parcel->context;

	/* The ledger has it, or nobody: before anybody is told, nothing is left of it.
	 */
	body_deinit(&x->body);
	if (exchange_claim(x)) {
		if (at)
			answer_settled(&x->reply, at);
		else
			reply_problem(&x->reply, PROBLEM_NOT_READY,
				"not known to be committed; send it again");
		exchange_resume(x);
	}
	exchange_release(x);
}

static void put_in(struct exchange *x)
{
	enum http_put put = http_door_put(x->source->door, &x->parcel);

	if (put == HTTP_PUT_OK)
		return;
	if (exchange_claim(x)) {
		if (put == HTTP_PUT_FULL)
			reply_problem(&x->reply, PROBLEM_BUSY,
				"%d documents wait already", HTTP_WAITING_MAX);
		else
			reply_problem(&x->reply, PROBLEM_NOT_READY,
				"the adapter is not open; send it again");
		exchange_resume(x);
	}
	exchange_release(x);
}

void in_act(struct exchange *x)
{
	x->parcel = (struct http_parcel){
		.origin = *x->origin ? x->origin : NULL,
		.traceparent = *x->traceparent ? x->traceparent : NULL,
		.done = done,
		.context = x,
	};
	if (x->body.over)
		reply_problem(&x->reply, PROBLEM_TOO_LARGE,
			"at most %zu bytes are taken here", x->body.max);
	else if (x->body.failed || body_finish(&x->body, &x->parcel) < 0)
		reply_problem(&x->reply, PROBLEM_LEDGER,
			"there is no room for the body; send it again later");
	else if (exchange_wait(x, x->web->options.http->timeout_seconds * 1000, true))
		put_in(x);
}
