/*
 * What an answer means for the event it answers: by its status, and by what stands at a
 * place in its body (a JSON Pointer or an XPath). Words for people name the peer, the
 * status and the place, never a text of the answer.
 */
#pragma once

#include "adapters/adapter.h"
#include "adapters/http_client.h"
#include "gateway/base/arena.h"

struct http_status_range {
	int low, high;
};

enum http_body_kind { HTTP_BODY_JSON, HTTP_BODY_XML };

/* Both must hold, as far as they are given. Nothing given: it holds never. */
struct http_condition {
	const struct http_status_range *statuses;
	size_t statuses_n;
	const char *at;            /* place in the body; NULL: it is not looked at */
	const char *const *equals; /* any of these; none: something must stand there */
	size_t equals_n;
};

/* In this order; what none of them says is said by the status. */
struct http_verdict_rules {
	enum http_body_kind body;
	struct http_condition already; /* it has the event: delivered */
	struct http_condition later;   /* deferred, whatever the status */
	struct http_condition success;
	const char *known_as; /* where the answer says what it calls the subject */
};

/* 2xx delivered; 3xx, 401, 407, 408, 425, 429 and 5xx deferred, as long as Retry-After
 * wants; all others rejected. */
void http_verdict_by_status(
	const struct http_response *response, struct sink_news *news);

void http_verdict(const struct http_verdict_rules *rules,
	const struct http_response *response, struct sink_news *news);

/* Is @at a place in such a body? NULL, or what is wrong. */
const char *http_verdict_judge_place(enum http_body_kind body, const char *at);
