/*
 * The keys of whoever asks a peer over HTTP, the same for every kind: what is trusted,
 * how long is waited, how we show who we are. A kind puts HTTP_FIELDS into its table
 * and struct http_keys at the beginning of its own struct.
 */
#pragma once

#include "adapters/http_auth.h"
#include "adapters/http_client.h"
#include "gateway/config/complain.h"
#include "gateway/config/schema.h"

struct http_auth_keys {
	enum http_auth_kind type;
	const char *user, *header, *token_url, *scope, *secret_file, *secret_env;
	int secret_in; /* 1: the body */
};

struct http_keys {
	const char *ca_file, *client_cert_file, *client_key_file;
	const char *key_password_file, *key_password_env;
	int connect_timeout_s, timeout_s;
	size_t max_bytes;
	const struct http_header *headers;
	size_t headers_n;
	struct http_auth_keys auth;
};

extern const struct table http_auth_table, http_header_table;

/* What struct http_keys is before anything is read. */
#define HTTP_KEYS_INITIAL                                                              \
	{                                                                              \
		.connect_timeout_s = 5, .timeout_s = 30, .max_bytes = 64 * 1024 * 1024 \
	}

enum { HTTP_LONGEST_S = 600, HTTP_MOST_HEADERS = 32 };

#define HTTP_FIELDS                                                                    \
	{"ca_file", FIELD_PATH, AT(http_keys, ca_file)},                               \
		{"client_cert_file", FIELD_PATH, AT(http_keys, client_cert_file)},     \
		{"client_key_file", FIELD_PATH, AT(http_keys, client_key_file)},       \
		{"key_password_file", FIELD_PATH, AT(http_keys, key_password_file)},   \
		{"key_password_env", FIELD_VARIABLE, AT(http_keys, key_password_env)}, \
		{"connect_timeout_s", FIELD_INT, AT(http_keys, connect_timeout_s),     \
			.low = 1, .high = HTTP_LONGEST_S},                             \
		{"timeout_s", FIELD_INT, AT(http_keys, timeout_s), .low = 1,           \
			.high = HTTP_LONGEST_S},                                       \
		{"max_bytes", FIELD_SIZE, AT(http_keys, max_bytes), .low = 1024,       \
			.high = 1024LL * 1024 * 1024},                                 \
		{"headers", FIELD_ITEMS, LIST_AT(http_keys, headers),                  \
			.table = &http_header_table},                                  \
	{                                                                              \
		"auth", FIELD_MAP, AT(http_keys, auth), .table = &http_auth_table      \
	}

/* What the keys mean together, with complaints about what is missing or too much. */
struct http_client_options http_read_client(
	struct reading *r, const struct node *map, const struct http_keys *keys);
struct http_auth_options http_read_auth(
	struct reading *r, const struct node *map, const struct http_keys *keys);

/*
 * Complain of @url (NULL: fine), the value at @at, unless it is an address: http or
 * https, a host, no user, no spaces. With @names (ended by NULL) it is a template of
 * those names, which stand behind the host. False: a complaint was made.
 */
bool http_judge_url(struct reading *r, const struct node *at, const char *url,
	const char *const *names);

/* @url without what may hold a secret: for people. */
const char *http_shown_url(struct arena *arena, const char *url);
