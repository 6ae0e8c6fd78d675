/*
 * Requests of the http-poll source, and what a status means: 2xx is good; 404, 410 and
 * 451 say that there is no such thing; another 4xx that the peer does not like what is
 * said; everything else may pass. An acknowledgement that is not liked is not repeated;
 * a list or a document is asked for again all the same, until a person has mended it.
 */
#include "adapters/http_poll.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

enum { MOST_HEADERS = 40, MOST_PAUSE_MS = 3600 * 1000 };

struct headers {
	struct http_header at[MOST_HEADERS];
	size_t n;
};

static void add(struct headers *h, const char *name, const char *value)
{
	if (name && value && h->n < MOST_HEADERS)
		h->at[h->n++] = (struct http_header){name, value};
}

int poll_ask_start(struct poll_ask *a, const struct poll_request *request, uint64_t tag,
	struct err *e)
{
	struct headers headers = {0};
	struct http_header auth;

	if (http_auth_header(a->auth, a->client, &auth, e) != HTTP_ANSWERED)
		return -1;
	add(&headers, auth.name, auth.value);
	add(&headers, "If-None-Match", request->etag);
	add(&headers, "If-Modified-Since", request->last_modified);
	if (request->body)
		add(&headers, "Content-Type", request->body_type);
	for (size_t i = 0; i < a->options->headers_n; i++)
		add(&headers, a->options->headers[i].name,
			a->options->headers[i].value);
	const struct http_request http = {
		.method = request->method,
		.url = request->url,
		.headers = headers.at,
		.headers_n = headers.n,
		.body = {request->body, request->body ? strlen(request->body) : 0},
	};

	return http_client_start(a->client, &http, tag, e);
}

/* What a person mends at the peer, or time does. */
static bool may_pass(int status)
{
	static const int statuses[] = {401, 403, 407, 408, 423, 425, 429};
	size_t i = 0, n = sizeof(statuses) / sizeof(*statuses);

	while (i < n && statuses[i] != status)
		i++;
	return i < n;
}

static enum poll_answer judge_status(
	struct poll_ask *a, const struct http_response *r, struct err *e)
{
	if (r->status == 401 && http_auth_renew(a->auth))
		return POLL_ANSWER_AGAIN;
	if (r->status != 401)
		http_auth_worked(a->auth);
	if (r->status == 304)
		return POLL_ANSWER_SAME;
	if (r->status >= 200 && r->status < 300)
		return POLL_ANSWER_GOOD;
	http_response_fault(r, e);
	if (r->status == 404 || r->status == 410 || r->status == 451)
		return POLL_ANSWER_GONE;
	if (r->status >= 400 && r->status < 500 && !may_pass(r->status))
		return POLL_ANSWER_REFUSED;
	if (r->retry_after_ms > 0)
		a->pause_ms = r->retry_after_ms < MOST_PAUSE_MS ? (int)r->retry_after_ms
								: MOST_PAUSE_MS;
	return POLL_ANSWER_TROUBLE;
}

enum poll_answer poll_ask_judge(
	struct poll_ask *a, const struct http_done *done, struct err *e)
{
	a->pause_ms = 0;
	if (done->outcome == HTTP_ANSWERED)
		return judge_status(a, &done->response, e);
	*e = done->why;
	return POLL_ANSWER_TROUBLE;
}

/* Is `rel` of these parameters (`; rel="next"; title="x"`) next? */
static bool is_next(const char *at, size_t n)
{
	for (size_t i = 0; i + 3 < n; i++) {
		if (strncasecmp(at + i, "rel=", 4) != 0 ||
			isalpha((unsigned char)at[i - 1]))
			continue;
		const char *value = at + i + 4;

		value += *value == '"';
		if (!strncasecmp(value, "next", 4) && !isalnum((unsigned char)value[4]))
			return true;
	}
	return false;
}

bool poll_ask_link(const struct http_response *response, struct buf *ret_url)
{
	const char *line;

	for (size_t i = 0; (line = http_response_header(response, "Link", i)); i++) {
		for (const char *at = line; (at = strchr(at, '<'));) {
			size_t n = strcspn(at + 1, ">");
			const char *rest = at + 1 + n;
			size_t parameters = strcspn(rest, "<");

			if (*rest &&
				is_next(rest + 1, parameters ? parameters - 1 : 0)) {
				buf_add(ret_url, at + 1, n);
				return true;
			}
			at = rest;
		}
	}
	return false;
}
