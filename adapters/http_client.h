/*
 * Asking other programs over HTTP: a thin layer over libcurl, one for every adapter
 * that speaks it. HTTP/1.1 over TCP or TLS, connections kept alive and used again.
 *
 * Certificates are always verified. No other scheme than http and https is spoken, no
 * user name is taken from a URL, no proxy from the environment, no cookie is kept and
 * no .netrc read; nothing is decompressed, so an answer is never longer than max_body.
 *
 * What goes wrong is told by host, port and cause ("HOST:PORT: the certificate has
 * expired"), never with a path, a query, a header or a body: those hold secrets and
 * people's letters.
 *
 * libcurl sends a request once more by itself if a connection it had kept turns out to
 * be closed before one byte of an answer came: what is not idempotent needs an id that
 * the receiver knows it by.
 *
 * A client belongs to one thread. The process must ignore SIGPIPE.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/base/buf.h"
#include "gateway/base/err.h"

struct http_client;

/* Texts are borrowed and outlive the client. 0 and NULL mean what stands in brackets.
 */
struct http_client_options {
	const char *ca_file; /* PEM, and nothing else is trusted [the system's] */
	const char *client_cert_file, *client_key_file; /* PEM [none] */
	const char *key_password;                       /* [none] */
	const char *proxy;                              /* its URL [none at all] */
	int connect_timeout_ms;                         /* with TLS [5000] */
	int total_timeout_ms;                           /* a request in all [30000] */
	int low_speed_bytes, low_speed_s; /* slower for so long is a fault [not] */
	size_t max_body;                  /* of an answer [64 MB] */
	int max_connections;              /* to one host [no limit] */
	bool follow_redirects; /* of a GET, to the same scheme, host and port */
};

struct http_header {
	const char *name, *value;
};

/* All borrowed for the call only. */
struct http_request {
	const char *method; /* NULL: GET */
	const char *url;
	const struct http_header *headers; /* a value without line breaks */
	size_t headers_n;
	struct slice body; /* at NULL: none */
};

/* Borrowed until the next http_client_do, http_client_wait or http_client_close. */
struct http_response {
	int status;
	const char *where;                               /* "HOST:PORT" */
	const char *content_type, *etag, *last_modified; /* NULL: not there */
	int64_t retry_after_ms; /* from now, whichever way it was said; -1: not there */
	struct slice body;
	bool truncated; /* it was longer than max_body; the rest was not waited for */
	void *transfer; /* for http_response_header */
};

enum http_outcome {
	HTTP_ANSWERED,    /* with whatever status */
	HTTP_UNAVAILABLE, /* not reached, cut, too slow: later it may work */
	HTTP_REFUSED      /* TLS or configuration: a person must act */
};

/* A file that cannot be read is ERR_CONFIG. */
int http_client_open(const struct http_client_options *options,
	struct http_client **ret_client, struct err *e);
void http_client_close(struct http_client *client); /* drops what is in flight */

/* One request, waited for. *ret_response is filled with HTTP_ANSWERED only, @e with the
 * other two: ERR_UNAVAILABLE and ERR_CONFIG (ERR_INPUT: a header that cannot be sent).
 * Others may be in flight meanwhile; they go on. */
enum http_outcome http_client_do(struct http_client *client,
	const struct http_request *request, struct http_response *ret_response,
	struct err *e);

/* One that has ended. */
struct http_done {
	uint64_t tag;
	enum http_outcome outcome;
	struct http_response response; /* HTTP_ANSWERED */
	struct err why;                /* the other two */
};

enum http_wait {
	HTTP_WAIT_DONE,
	HTTP_WAIT_NONE, /* none has ended in that time, or none is in flight */
	HTTP_WAIT_FAULT
};

/* Send one off; http_client_wait gives it back by its @tag, in the order they end.
 * -1: it was not sent, and is not in flight. */
int http_client_start(struct http_client *client, const struct http_request *request,
	uint64_t tag, struct err *e);
enum http_wait http_client_wait(struct http_client *client, int timeout_ms,
	struct http_done *ret_done, struct err *e);
size_t http_client_in_flight(const struct http_client *client);

/* The last answer is no longer needed: nothing of it stays (X1). Every other request
 * does the same, whenever it comes. */
void http_client_release(struct http_client *client);

/* The @at-th header of that name (any case); NULL: there are not so many. */
const char *http_response_header(
	const struct http_response *response, const char *name, size_t at);

/* Tell a status that is not wanted, "HOST:PORT: HTTP 503", and return -1. The code is
 * ERR_CONFIG where asking again cannot help (401, 403, 404 and the like). */
int http_response_fault(const struct http_response *response, struct err *e);
