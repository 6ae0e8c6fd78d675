#include "gateway/web/reply.h"

#include <stdarg.h>
#include <stdio.h>

static const struct {
	unsigned status;
	const char *word, *title;
	int retry_after;
} problems[] = {
	[PROBLEM_BAD_REQUEST] = {400, "bad-request", "The request cannot be read", 0},
	[PROBLEM_UNAUTHORIZED] = {401, "unauthorized", "A valid token is needed", 0},
	[PROBLEM_FORBIDDEN] = {403, "forbidden", "This token may not do that", 0},
	[PROBLEM_NOT_FOUND] = {404, "not-found", "There is nothing here", 0},
	[PROBLEM_METHOD] = {405, "method-not-allowed", "This is not done with it", 0},
	[PROBLEM_CONFLICT] = {409, "document-conflict",
		"Another content stands under this identity", 0},
	[PROBLEM_UNKNOWN_TAG] = {409, "unknown-tag", "Not taken, or no longer", 0},
	[PROBLEM_NO_LENGTH] = {411, "length-required", "The body has no length", 0},
	[PROBLEM_TOO_LARGE] = {413, "too-large", "The body is too large", 0},
	[PROBLEM_MEDIA_TYPE] = {415, "media-type", "Not a type that is read here", 0},
	[PROBLEM_UNREADABLE] = {422, "unreadable", "The document cannot be read", 0},
	[PROBLEM_BUSY] = {429, "busy", "Too many documents wait", 1},
	[PROBLEM_USE_BROKER] = {501, "use-broker", "Agencies read from the broker", 0},
	[PROBLEM_LEDGER] = {503, "ledger-unavailable", "Nothing can be committed", 5},
	[PROBLEM_NOT_READY] = {503, "not-ready", "Not ready to take documents", 1},
	[PROBLEM_QUEUE] = {503, "queue-unavailable", "The queue cannot be read", 5},
	[PROBLEM_STOPPING] = {503, "stopping", "The gateway is being stopped", 5},
	[PROBLEM_TIMEOUT] = {503, "timeout", "It took too long", 5},
};

void reply_deinit(struct reply *r)
{
	buf_deinit(&r->body);
	*r = (struct reply){0};
}

void reply_problem_open(
	struct reply *r, enum problem which, struct json *j, const char *detail)
{
	char type[64];

	snprintf(type, sizeof(type), "urn:congvan:problem:%s", problems[which].word);
	reply_json(r, problems[which].status, j);
	r->content_type = "application/problem+json";
	r->retry_after = problems[which].retry_after;
	json_open(j, '{');
	json_put_text(j, "type", type);
	json_put_text(j, "title", problems[which].title);
	json_put_int(j, "status", problems[which].status);
	json_put_text(j, "detail", detail);
}

void reply_problem(struct reply *r, enum problem which, const char *detail, ...)
{
	struct json j;
	char text[512];
	va_list ap;

	va_start(ap, detail);
	vsnprintf(text, sizeof(text), detail, ap);
	va_end(ap);
	reply_problem_open(r, which, &j, text);
	json_close(&j, '}');
}

void reply_json(struct reply *r, unsigned status, struct json *j)
{
	buf_reset(&r->body);
	r->status = status;
	r->content_type = "application/json";
	*j = (struct json){.out = &r->body};
}
