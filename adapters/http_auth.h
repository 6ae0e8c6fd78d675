/*
 * How we show who we are over HTTP: a bearer token, a user and password (Basic), a
 * header of the peer's own, or a token of OAuth 2 that is fetched with our client
 * credentials (RFC 6749, 4.4), kept until shortly before it ends, and renewed once when
 * the peer does not take it any more.
 */
#pragma once

#include <stdbool.h>

#include "adapters/http_client.h"

enum http_auth_kind {
	HTTP_AUTH_NONE,
	HTTP_AUTH_BEARER,
	HTTP_AUTH_BASIC,
	HTTP_AUTH_HEADER,
	HTTP_AUTH_CLIENT_CREDENTIALS
};

/* Borrowed; outlives what is made of it. */
struct http_auth_options {
	enum http_auth_kind kind;
	const char *user;   /* basic: the user; client credentials: the client's id */
	const char *secret; /* the token, password, header's value, client's secret */
	const char *header; /* header: its name */
	const char *token_url; /* client credentials */
	const char *scope;     /* client credentials; NULL: none */
	bool secret_in_body;   /* client credentials: not as Basic but in the form */
};

struct http_auth;

struct http_auth *http_auth_new(const struct http_auth_options *options);
void http_auth_free(struct http_auth *a);

/* The header to send; its name is NULL if none is needed. Borrowed until the next call.
 * May fetch a token with @client, waiting for it; then @client's last answer is gone.
 * Not HTTP_ANSWERED: there is none, @e says why. */
enum http_outcome http_auth_header(struct http_auth *a, struct http_client *client,
	struct http_header *ret_header, struct err *e);

/* The peer answered 401: is it worth asking once more, with a new token? */
bool http_auth_renew(struct http_auth *a);

/* The peer answered anything else: it takes what we show. */
void http_auth_worked(struct http_auth *a);
