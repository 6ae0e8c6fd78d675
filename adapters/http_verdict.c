#include "adapters/http_verdict.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "adapters/http_body.h"

/* One answer under judgement. */
struct answer {
	const struct http_verdict_rules *rules;
	const struct http_response *response;
	struct http_body *body; /* NULL: cannot be read, or nobody looks at it */
	struct arena arena;
};

__attribute__((format(printf, 4, 5))) static void say(struct sink_news *news,
	enum sink_verdict verdict, const struct http_response *r, const char *format,
	...)
{
	va_list args;
	int n = snprintf(
		news->reason, sizeof(news->reason), "%s: HTTP %d", r->where, r->status);

	news->verdict = verdict;
	if (n < 0 || n >= SINK_REASON)
		return;
	va_start(args, format);
	vsnprintf(news->reason + n, sizeof(news->reason) - (size_t)n, format, args);
	va_end(args);
}

static bool may_pass(int status)
{
	static const int passing[] = {401, 407, 408, 425, 429};

	for (size_t i = 0; i < sizeof(passing) / sizeof(*passing); i++)
		if (status == passing[i])
			return true;
	return status >= 500 || (status >= 300 && status < 400);
}

static void take_retry_after(const struct http_response *r, struct sink_news *news)
{
	if (r->retry_after_ms > 0)
		news->retry_after_ms =
			r->retry_after_ms > INT_MAX ? INT_MAX : (int)r->retry_after_ms;
}

void http_verdict_by_status(const struct http_response *r, struct sink_news *news)
{
	if (r->status >= 200 && r->status < 300) {
		news->verdict = SINK_DELIVERED;
		return;
	}
	say(news, may_pass(r->status) ? SINK_DEFERRED : SINK_REJECTED, r, "%s",
		r->status >= 300 && r->status < 400 ? ": redirects are not followed"
						    : "");
	if (news->verdict == SINK_DEFERRED)
		take_retry_after(r, news);
}

static bool has_status(const struct http_condition *c, int status)
{
	for (size_t i = 0; i < c->statuses_n; i++)
		if (status >= c->statuses[i].low && status <= c->statuses[i].high)
			return true;
	return c->statuses_n == 0;
}

static bool has_value(const struct http_condition *c, struct answer *a)
{
	const char *text = a->body ? http_body_find(a->body, c->at, &a->arena) : NULL;

	for (size_t i = 0; text && i < c->equals_n; i++)
		if (!strcmp(c->equals[i], text))
			return true;
	return text && c->equals_n == 0;
}

static bool holds(const struct http_condition *c, struct answer *a)
{
	if (!c->statuses_n && !c->at)
		return false;
	return has_status(c, a->response->status) && (!c->at || has_value(c, a));
}

/* The status is one of success; what the body should have said it did not. */
static void miss_value(struct answer *a, struct sink_news *news)
{
	const struct http_condition *c = &a->rules->success;
	const char *text = a->body ? http_body_find(a->body, c->at, &a->arena) : NULL;

	if (a->response->truncated || !a->body)
		say(news, SINK_DEFERRED, a->response,
			", but the answer cannot be read as %s",
			a->rules->body == HTTP_BODY_JSON ? "JSON" : "XML");
	else
		say(news, SINK_REJECTED, a->response, ", but %s %s", c->at,
			text ? "has not the value of a success" : "is not there");
}

static bool is_id(const char *text)
{
	for (const char *at = text; *at; at++)
		if ((unsigned char)*at < ' ' || *at == 0x7f)
			return false;
	return *text && strlen(text) < SINK_KNOWN_AS;
}

/* It is done; what does the receiver call it? Who has it already need not say. */
static void take_known_as(struct answer *a, bool must, struct sink_news *news)
{
	const char *at = a->rules->known_as;
	const char *id = at && a->body ? http_body_find(a->body, at, &a->arena) : NULL;

	news->verdict = SINK_DELIVERED;
	if (id && is_id(id))
		memcpy(news->known_as, id, strlen(id) + 1);
	else if (at && must && !a->body)
		say(news, SINK_DEFERRED, a->response,
			", but the answer cannot be read as %s",
			a->rules->body == HTTP_BODY_JSON ? "JSON" : "XML");
	else if (at && must)
		say(news, SINK_REJECTED, a->response,
			", but its id for this is not at %s (known_as)", at);
}

static bool looks_at_body(const struct http_verdict_rules *rules)
{
	return rules->known_as || rules->already.at || rules->later.at ||
	       rules->success.at;
}

static void judge(struct answer *a, struct sink_news *news)
{
	const struct http_verdict_rules *rules = a->rules;
	const struct http_response *r = a->response;
	bool own = rules->success.statuses_n || rules->success.at;

	if (holds(&rules->already, a)) {
		take_known_as(a, false, news);
	} else if (holds(&rules->later, a)) {
		say(news, SINK_DEFERRED, r, ": to be tried later");
		take_retry_after(r, news);
	} else if (own ? holds(&rules->success, a) : r->status / 100 == 2) {
		take_known_as(a, true, news);
	} else if (rules->success.at && has_status(&rules->success, r->status) &&
		   r->status / 100 == 2) {
		miss_value(a, news);
	} else if (r->status / 100 == 2) {
		say(news, SINK_REJECTED, r, " is no success here");
	} else {
		http_verdict_by_status(r, news);
	}
}

void http_verdict(const struct http_verdict_rules *rules,
	const struct http_response *response, struct sink_news *news)
{
	struct answer a = {.rules = rules, .response = response};

	if (looks_at_body(rules) && !response->truncated)
		a.body = http_body_open(rules->body, response->body);
	judge(&a, news);
	http_body_close(a.body);
	arena_deinit(&a.arena);
}

const char *http_verdict_judge_place(enum http_body_kind body, const char *at)
{
	if (http_body_is_place(body, at))
		return NULL;
	return body == HTTP_BODY_JSON ? "must be a JSON Pointer, as /data/id"
				      : "must be an XPath, as /answer/code or "
					"//*[local-name()='code']";
}
