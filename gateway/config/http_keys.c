#include "gateway/config/http_keys.h"

#include <string.h>

#include "adapters/fill.h"
#include "gateway/config/secret.h"

static const struct word auth_words[] = {
	{.name = "none", .value = HTTP_AUTH_NONE},
	{.name = "bearer", .value = HTTP_AUTH_BEARER},
	{.name = "basic", .value = HTTP_AUTH_BASIC},
	{.name = "header", .value = HTTP_AUTH_HEADER},
	{.name = "client-credentials", .value = HTTP_AUTH_CLIENT_CREDENTIALS},
	{0},
};
static const struct word secret_in_words[] = {
	{.name = "header", .value = 0},
	{.name = "body", .value = 1},
	{0},
};

static const struct field auth_fields[] = {
	{"type", FIELD_WORD, .required = true, AT(http_auth_keys, type),
		.words = auth_words},
	{"user", FIELD_TEXT, AT(http_auth_keys, user)},
	{"header", FIELD_TEXT, AT(http_auth_keys, header)},
	{"secret_file", FIELD_PATH, AT(http_auth_keys, secret_file)},
	{"secret_env", FIELD_VARIABLE, AT(http_auth_keys, secret_env)},
	{"token_url", FIELD_TEXT, AT(http_auth_keys, token_url)},
	{"scope", FIELD_TEXT, AT(http_auth_keys, scope)},
	{"secret_in", FIELD_WORD, AT(http_auth_keys, secret_in),
		.words = secret_in_words},
};
const struct table http_auth_table = {TABLE(auth_fields, http_auth_keys)};

static const struct field header_fields[] = {
	{"name", FIELD_TEXT, .required = true, AT(http_header, name)},
	{"value", FIELD_TEXT, .required = true, AT(http_header, value)},
};
const struct table http_header_table = {TABLE(header_fields, http_header)};

struct http_client_options http_read_client(
	struct reading *r, const struct node *map, const struct http_keys *keys)
{
	if (keys->client_key_file && !keys->client_cert_file)
		complain(r, node_find(map, "client_key_file"),
			"is the key of a certificate: give client_cert_file too");
	if (keys->headers_n > HTTP_MOST_HEADERS)
		complain(r, node_find(map, "headers"), "are more than %d",
			HTTP_MOST_HEADERS);
	return (struct http_client_options){
		.ca_file = keys->ca_file,
		.client_cert_file = keys->client_cert_file,
		.client_key_file = keys->client_key_file,
		.key_password = secret_read(r, map, "key_password",
			keys->key_password_file, keys->key_password_env),
		.connect_timeout_ms = keys->connect_timeout_s * 1000,
		.total_timeout_ms = keys->timeout_s * 1000,
		.max_body = keys->max_bytes,
	};
}

/* What each kind needs beside its secret, and what makes no sense with it. */
static const struct {
	const char *key, *what;
	bool needed[HTTP_AUTH_CLIENT_CREDENTIALS + 1];
	bool allowed[HTTP_AUTH_CLIENT_CREDENTIALS + 1];
} auth_keys[] = {
	{"user", "the user, or the client's id",
		.needed = {[HTTP_AUTH_BASIC] = true,
			[HTTP_AUTH_CLIENT_CREDENTIALS] = true}},
	{"header", "the header's name", .needed = {[HTTP_AUTH_HEADER] = true}},
	{"token_url", "where tokens are given out",
		.needed = {[HTTP_AUTH_CLIENT_CREDENTIALS] = true}},
	{"scope", "", .allowed = {[HTTP_AUTH_CLIENT_CREDENTIALS] = true}},
	{"secret_in", "", .allowed = {[HTTP_AUTH_CLIENT_CREDENTIALS] = true}},
};

static void judge_auth(
	struct reading *r, const struct node *map, const struct http_auth_keys *keys)
{
	for (size_t i = 0; i < sizeof(auth_keys) / sizeof(*auth_keys); i++) {
		const struct node *at = node_find(map, auth_keys[i].key);
		bool needed = auth_keys[i].needed[keys->type];

		if (needed && !at)
			complain_missing(r, map, auth_keys[i].key,
				"is missing: %s, for `type: %s`", auth_keys[i].what,
				auth_words[keys->type].name);
		if (at && !needed && !auth_keys[i].allowed[keys->type])
			complain_key(r, at,
				"`type: %s` has no such key; delete it here",
				auth_words[keys->type].name);
	}
}

struct http_auth_options http_read_auth(
	struct reading *r, const struct node *map, const struct http_keys *keys)
{
	const struct http_auth_keys *auth = &keys->auth;
	const struct node *at = node_find(map, "auth");

	if (!at || !node_find(at, "type"))
		return (struct http_auth_options){0};
	const struct node *secret = secret_key(r, at, "secret");

	judge_auth(r, at, auth);
	http_judge_url(r, node_find(at, "token_url"), auth->token_url, NULL);
	if (auth->type != HTTP_AUTH_NONE && !secret)
		complain_missing(r, at, "secret_file",
			"is missing: the secret comes from secret_file or secret_env");
	if (auth->type == HTTP_AUTH_NONE && secret)
		complain_key(r, secret, "there is nothing to prove; delete it here");
	return (struct http_auth_options){
		.kind = auth->type,
		.user = auth->user,
		.secret = secret_read(
			r, at, "secret", auth->secret_file, auth->secret_env),
		.header = auth->header,
		.token_url = auth->token_url,
		.scope = auth->scope,
		.secret_in_body = auth->secret_in == 1,
	};
}

/* What is wrong with @url as an address; NULL: nothing. Never repeats it. */
static const char *judge(const char *url)
{
	const char *host = strstr(url, "://");

	if (strncmp(url, "http://", 7) != 0 && strncmp(url, "https://", 8) != 0)
		return "must begin with http:// or https://, as "
		       "https://eoffice.example/api";
	host += 3;
	size_t n = strcspn(host, "/?#");

	if (memchr(host, '@', n))
		return "an address holds no user and no password; say it under `auth`";
	if (n == 0 || *host == ':')
		return "names no host";
	if (memchr(host, '{', n))
		return "the host stands as it is, without {…}";
	if (url[strcspn(url, " \t\r\n")])
		return "an address has no spaces; write %20 for one";
	return strchr(url, '#') ? "an address to be asked has no #" : NULL;
}

bool http_judge_url(struct reading *r, const struct node *at, const char *url,
	const char *const *names)
{
	static const char *const no_names[] = {NULL};
	char name[FILL_NAME];

	if (!url || !at)
		return true;
	const char *wrong = judge(url);

	if (wrong)
		complain(r, at, "%s", wrong);
	else if (!fill_judge(url, names ? names : no_names, name))
		complain(r, at, "knows no {%s} here", name);
	else
		return true;
	return false;
}

const char *http_shown_url(struct arena *arena, const char *url)
{
	return url ? arena_dup_n(arena, url, strcspn(url, "?")) : "";
}
