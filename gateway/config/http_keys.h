/*
 * What every adapter that speaks HTTP may be told: whom to trust, how long to wait, and
 * how we show who we are. Kinds put HTTP_PEER_FIELDS(struct) into their table, with a
 * `struct http_peer_keys peer` in their own keys.
 */
#pragma once

#include "adapters/http_auth.h"
#include "adapters/http_client.h"
#include "gateway/config/complain.h"
#include "gateway/config/schema.h"

struct http_auth_keys {
	int type; /* enum http_auth_kind */
	const char *user, *header, *token_url, *scope;
	const char *secret_file, *secret_env;
	bool secret_in_body;
};

struct http_peer_keys {
	const char *ca_file, *client_cert_file, *client_key_file;
	const char *client_key_password_file, *client_key_password_env;
	int connect_timeout_s, timeout_s;
};

extern const struct table http_auth_table; /* struct http_auth_keys */

#define HTTP_PEER_FIELDS(type)                                                         \
	{"ca_file", FIELD_PATH, AT(type, peer.ca_file)},                               \
		{"client_cert_file", FIELD_PATH, AT(type, peer.client_cert_file)},     \
		{"client_key_file", FIELD_PATH, AT(type, peer.client_key_file)},       \
		{"client_key_password_file", FIELD_PATH,                               \
			AT(type, peer.client_key_password_file)},                      \
		{"client_key_password_env", FIELD_VARIABLE,                            \
			AT(type, peer.client_key_password_env)},                       \
		{"connect_timeout_s", FIELD_INT, AT(type, peer.connect_timeout_s),     \
			.low = 1, .high = 120},                                        \
	{                                                                              \
		"timeout_s", FIELD_INT, AT(type, peer.timeout_s), .low = 1,            \
								  .high = 600          \
	}

/* What the keys at @map mean together; complains of what is missing or too much. */
struct http_client_options http_keys_client(
	struct reading *r, const struct node *map, const struct http_peer_keys *keys);

/* The same of `auth` in @map. @url is whom we show it to. */
struct http_auth_options http_keys_auth(struct reading *r, const struct node *map,
	const struct http_auth_keys *keys, const char *url);

/*
 * Complain of @url (NULL: fine), the value at @at, unless it is an address to be asked:
 * http or https, a host, no user, no spaces, no #. With @names (ended by NULL) it is a
 * template of those names, which stand behind the host. False: a complaint was made.
 */
bool http_keys_judge_url(struct reading *r, const struct node *at, const char *url,
	const char *const *names);

/* Scheme, host and port of the well-formed @url, for people. */
const char *http_keys_origin(struct reading *r, const char *url);
