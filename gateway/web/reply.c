#include "gateway/web/reply.h"

#include <stdarg.h>
#include <stdio.h>

static const struct {
	const char *word, *title;
	unsigned status;
	int retry_after;
} problems[] = {
	[PROBLEM_BAD_REQUEST] = {"bad-request", "The request cannot be read", 400, 0},
	[PROBLEM_UNAUTHORIZED] = {"unauthorized", "A valid token is needed", 401, 0},
	[PROBLEM_FORBIDDEN] = {"forbidden", "This token may not do that", 403, 0},
	[PROBLEM_NOT_FOUND] = {"not-found", "There is nothing here", 404, 0},
	[PROBLEM_METHOD] = {"method-not-allowed", "This is not done with it", 405, 0},
	[PROBLEM_CONFLICT] = {"document-conflict",
		"Another content stands under this identity", 409, 0},
	[PROBLEM_UNKNOWN_TAG] = {"unknown-tag", "Not taken, or no longer", 409, 0},
	[PROBLEM_NO_LENGTH] = {"length-required", "The body has no length", 411, 0},
	[PROBLEM_TOO_LARGE] = {"too-large", "The body is too large", 413, 0},
	[PROBLEM_MEDIA_TYPE] = {"media-type", "Not a type that is read here", 415, 0},
	[PROBLEM_UNREADABLE] = {"unreadable", "The document cannot be read", 422, 0},
	[PROBLEM_BUSY] = {"busy", "Too many documents wait", 429, 1},
	[PROBLEM_USE_BROKER] = {"use-broker", "Agencies read from the broker", 501, 0},
	[PROBLEM_LEDGER] = {"ledger-unavailable", "Nothing can be committed", 503, 5},
	[PROBLEM_NOT_READY] = {"not-ready", "Not ready to take documents", 503, 1},
	[PROBLEM_QUEUE] = {"queue-unavailable", "The queue cannot be read", 503, 5},
	[PROBLEM_STOPPING] = {"stopping", "The gateway is being stopped", 503, 5},
	[PROBLEM_TIMEOUT] = {"timeout", "It took too long", 503, 5},
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
