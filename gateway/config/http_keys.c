#include "gateway/config/http_keys.h"

#include <string.h>

#include "adapters/fill.h"
#include "gateway/config/secret.h"

static const struct word auth_words[] = {
	{.name = "bearer", .value = HTTP_AUTH_BEARER},
	{.name = "basic", .value = HTTP_AUTH_BASIC},
	{.name = "header", .value = HTTP_AUTH_HEADER},
	{.name = "client_credentials", .value = HTTP_AUTH_CLIENT_CREDENTIALS},
	{0},
};

static const struct field auth_fields[] = {
	{"type", FIELD_WORD, .required = true, AT(http_auth_keys, type),
		.words = auth_words},
	{"secret_file", FIELD_PATH, AT(http_auth_keys, secret_file)},
	{"secret_env", FIELD_VARIABLE, AT(http_auth_keys, secret_env)},
	{"user", FIELD_TEXT, AT(http_auth_keys, user)},
	{"header", FIELD_TEXT, AT(http_auth_keys, header)},
	{"token_url", FIELD_HTTP, AT(http_auth_keys, token_url)},
	{"scope", FIELD_TEXT, AT(http_auth_keys, scope)},
	{"secret_in_body", FIELD_BOOL, AT(http_auth_keys, secret_in_body)},
};
const struct table http_auth_table = {TABLE(auth_fields, http_auth_keys)};

struct http_client_options http_keys_client(
	struct reading *r, const struct node *map, const struct http_peer_keys *keys)
{
	const struct node *key = node_find(map, "client_key_file");
	const struct node *password = secret_key(r, map, "client_key_password");

	if (key && !keys->client_cert_file)
		complain(r, key, "needs the client_cert_file it belongs to");
	if (password && !keys->client_cert_file)
		complain_key(r, password, "needs the client_cert_file it belongs to");
	return (struct http_client_options){
		.ca_file = keys->ca_file,
		.client_cert_file = keys->client_cert_file,
		.client_key_file = keys->client_key_file,
		.key_password = secret_read(r, map, "client_key_password",
			keys->client_key_password_file, keys->client_key_password_env),
		.connect_timeout_ms = keys->connect_timeout_s * 1000,
		.total_timeout_ms = keys->timeout_s * 1000,
	};
}

/* Which keys a way to show who we are wants (`!`), takes (`?`) or does not know. */
static const struct {
	const char *key, *why;
	char wanted[HTTP_AUTH_CLIENT_CREDENTIALS + 1];
} auth_wants[] = {
	{"user", "the user's name, or the client's id", "  ! !"},
	{"header", "the header's name, as X-Api-Key", "   ! "},
	{"token_url", "where the token is fetched, as https://host/token", "    !"},
	{"scope", "", "    ?"},
	{"secret_in_body", "", "    ?"},
};

static void judge_auth(
	struct reading *r, const struct node *map, const struct http_auth_keys *keys)
{
	const char *word = node_find(map, "type")->text;

	for (size_t i = 0; i < sizeof(auth_wants) / sizeof(*auth_wants); i++) {
		const struct node *at = node_find(map, auth_wants[i].key);
		char wanted = auth_wants[i].wanted[keys->type];

		if (at && wanted == ' ')
			complain_key(r, at,
				"`type: %s` has no such key; delete it here", word);
		if (!at && wanted == '!')
			complain_missing(r, map, auth_wants[i].key, "is missing: %s",
				auth_wants[i].why);
	}
	if (!secret_key(r, map, "secret"))
		complain_missing(r, map, "secret_file",
			"is missing: the token, password or secret stands in a file "
			"named here, or in a variable named by secret_env");
}

static bool is_near(const char *url)
{
	static const char *const near[] = {
		"http://127.0.0.1", "http://localhost", "http://[::1]"};

	for (size_t i = 0; i < sizeof(near) / sizeof(*near); i++) {
		size_t n = strlen(near[i]);

		if (!strncmp(url, near[i], n) && strchr(":/?", url[n]))
			return true;
	}
	return false;
}

struct http_auth_options http_keys_auth(struct reading *r, const struct node *map,
	const struct http_auth_keys *keys, const char *url)
{
	const struct node *auth = node_find(map, "auth");

	if (!auth || auth->kind != NODE_MAP || keys->type == HTTP_AUTH_NONE)
		return (struct http_auth_options){0};
	judge_auth(r, auth, keys);
	if (url && !strncmp(url, "http:", 5) && !is_near(url))
		complain_warn(r, node_find(map, "url"),
			"who listens on the way reads the secret of `auth`; use "
			"https://");
	return (struct http_auth_options){
		.kind = (enum http_auth_kind)keys->type,
		.user = keys->user,
		.secret = secret_read(
			r, auth, "secret", keys->secret_file, keys->secret_env),
		.header = keys->header,
		.token_url = keys->token_url,
		.scope = keys->scope,
		.secret_in_body = keys->secret_in_body,
	};
}

/* What is wrong with @url as a template of an address; NULL: nothing. */
static const char *judge(const char *url)
{
	const char *wrong = secret_judge_http(url), *host;

	if (wrong)
		return wrong;
	host = strstr(url, "://") + 3;
	if (memchr(host, '{', strcspn(host, "/?#")))
		return "the host stands as it is, without {…}";
	return strchr(url, '#') ? "an address to be asked has no #" : NULL;
}

bool http_keys_judge_url(struct reading *r, const struct node *at, const char *url,
	const char *const *names)
{
	char name[FILL_NAME];

	if (!url || !at)
		return true;
	const char *wrong = judge(url);

	if (wrong)
		complain(r, at, "%s", wrong);
	else if (!fill_judge(url, names, name))
		complain(r, at, "knows no {%s} here", name);
	else
		return true;
	return false;
}

const char *http_keys_origin(struct reading *r, const char *url)
{
	const char *host = url ? strstr(url, "://") : NULL;

	if (!host)
		return NULL;
	return arena_dup_n(
		r->arena, url, (size_t)(host + 3 - url) + strcspn(host + 3, "/?#"));
}
