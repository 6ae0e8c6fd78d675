/*
 * Events on their way to a peer over HTTP: what the http and the webhook sink have in
 * common. So many requests are out at a time, the others wait in line; each is asked
 * once, and what is known of it is kept for the next report. An answer's meaning is the
 * sink's; that there was none (not reached, cut, too slow, a bad certificate) defers.
 */
#pragma once

#include "adapters/adapter.h"
#include "adapters/http_auth.h"
#include "adapters/http_client.h"

enum { HTTP_FLIGHT_WINDOW = 64, HTTP_FLIGHT_DEFAULT = 4, HTTP_ANSWER_MAX = 1 << 20 };

/* Borrowed; outlives the flight. */
struct http_flight_options {
	struct http_client_options client;
	struct http_auth_options auth;
	int in_flight; /* requests out at a time [HTTP_FLIGHT_DEFAULT] */
};

/* Say what @response means for the event, in @news (its number is filled in). @what was
 * given with the request. */
typedef void http_flight_judge(
	const void *what, const struct http_response *response, struct sink_news *news);

struct http_flight;

int http_flight_open(const struct http_flight_options *options,
	http_flight_judge *judge, struct http_flight **ret_flight, struct err *e);
void http_flight_close(struct http_flight *f);

/* Take one event's request; it is copied, @what is borrowed until there is news. */
uint64_t http_flight_send(
	struct http_flight *f, const struct http_request *request, const void *what);

/* Take an event of which all is known without asking: @news but for its number. */
uint64_t http_flight_tell(struct http_flight *f, const struct sink_news *news);

/* As sink_ops.collect. */
int http_flight_collect(struct http_flight *f, int timeout_ms,
	struct sink_report *ret_report, struct err *e);

/* Is anybody there? As sink_ops.probe: asks for the head of the address's root. */
int http_flight_probe(const struct http_flight_options *options, const char *origin,
	char ret_note[PROBE_NOTE], struct err *e);
