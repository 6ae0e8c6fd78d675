#include "adapters/http_auth.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>
#include <openssl/evp.h>

#include "adapters/http_url.h"
#include "gateway/base/day.h"
#include "gateway/base/mem.h"

enum { EARLY_S = 30 }; /* a token is not used so shortly before its end */

struct http_auth {
	const struct http_auth_options *options;
	struct buf value; /* of the header; empty: there is no token */
	int64_t ends;     /* clock_ticks; 0: it is not known when */
	bool renewed;     /* since it last worked */
};

static void add_basic(struct buf *out, const char *user, const char *secret)
{
	cleanup_buf struct buf plain = {0};

	buf_printf(&plain, "%s:%s", user, secret);
	unsigned char *coded = mem_alloc(plain.n * 4 / 3 + 8);

	EVP_EncodeBlock(coded, (const unsigned char *)buf_text(&plain), (int)plain.n);
	buf_printf(out, "Basic %s", (const char *)coded);
	free(coded);
}

struct http_auth *http_auth_new(const struct http_auth_options *options)
{
	struct http_auth *a = mem_alloc(sizeof(*a));

	a->options = options;
	if (options->kind == HTTP_AUTH_BEARER)
		buf_printf(&a->value, "Bearer %s", options->secret);
	else if (options->kind == HTTP_AUTH_BASIC)
		add_basic(&a->value, options->user, options->secret);
	else if (options->kind == HTTP_AUTH_HEADER)
		buf_add_text(&a->value, options->secret);
	return a;
}

void http_auth_free(struct http_auth *a)
{
	if (!a)
		return;
	buf_deinit(&a->value);
	free(a);
}

static void add_form(struct buf *form, const char *name, const char *value)
{
	buf_printf(form, "%s%s=", form->n ? "&" : "", name);
	http_url_escape(value, form);
}

/* The client's id and secret are escaped before they are Basic (RFC 6749, 2.3.1). */
static void write_request(
	const struct http_auth_options *o, struct buf *form, struct buf *basic)
{
	add_form(form, "grant_type", "client_credentials");
	if (o->scope)
		add_form(form, "scope", o->scope);
	if (o->secret_in_body) {
		add_form(form, "client_id", o->user);
		add_form(form, "client_secret", o->secret);
	} else {
		cleanup_buf struct buf user = {0}, secret = {0};

		http_url_escape(o->user, &user);
		http_url_escape(o->secret, &secret);
		add_basic(basic, buf_text(&user), buf_text(&secret));
	}
}

static enum http_outcome read_token(
	struct http_auth *a, const struct http_response *r, struct err *e)
{
	json_t *answer = json_loadb(r->body.at, r->body.n, 0, NULL);
	const char *token = json_string_value(json_object_get(answer, "access_token"));
	json_int_t seconds = json_integer_value(json_object_get(answer, "expires_in"));

	buf_reset(&a->value);
	if (token)
		buf_printf(&a->value, "Bearer %s", token);
	if (seconds > INT32_MAX)
		seconds = INT32_MAX;
	/* One that ends at once is used for the one request it was fetched for. */
	a->ends = seconds > 0 ? clock_ticks() +
					(seconds > EARLY_S ? seconds - EARLY_S : 0) *
						INT64_C(1000000000)
			      : 0;
	json_decref(answer);
	if (a->value.n)
		return HTTP_ANSWERED;
	err_set(e, ERR_UNAVAILABLE, "%s: the answer for a token holds no access_token",
		r->where);
	return HTTP_UNAVAILABLE;
}

static enum http_outcome fetch_token(
	struct http_auth *a, struct http_client *client, struct err *e)
{
	cleanup_buf struct buf form = {0}, basic = {0};
	struct http_header headers[] = {
		{"Content-Type", "application/x-www-form-urlencoded"},
		{"Accept", "application/json"}, {"Authorization", NULL}};
	struct http_response r;

	write_request(a->options, &form, &basic);
	headers[2].value = buf_text(&basic);
	const struct http_request request = {
		.method = "POST",
		.url = a->options->token_url,
		.headers = headers,
		.headers_n = basic.n ? 3 : 2,
		.body = {buf_text(&form), form.n},
	};
	enum http_outcome outcome = http_client_do(client, &request, &r, e);

	if (outcome == HTTP_ANSWERED && r.status == 200)
		return read_token(a, &r, e);
	if (outcome == HTTP_ANSWERED) {
		http_response_fault(&r, e);
		outcome = r.status >= 500 || r.status == 429 ? HTTP_UNAVAILABLE
							     : HTTP_REFUSED;
	}
	err_wrap(e, "no token");
	return outcome;
}

enum http_outcome http_auth_header(struct http_auth *a, struct http_client *client,
	struct http_header *ret_header, struct err *e)
{
	enum http_auth_kind kind = a->options->kind;

	if (kind == HTTP_AUTH_CLIENT_CREDENTIALS &&
		(!a->value.n || (a->ends && clock_ticks() >= a->ends))) {
		enum http_outcome outcome = fetch_token(a, client, e);

		if (outcome != HTTP_ANSWERED)
			return outcome;
	}
	*ret_header = (struct http_header){0};
	if (kind != HTTP_AUTH_NONE)
		*ret_header = (struct http_header){
			kind == HTTP_AUTH_HEADER ? a->options->header : "Authorization",
			buf_text(&a->value)};
	return HTTP_ANSWERED;
}

bool http_auth_renew(struct http_auth *a)
{
	if (a->options->kind != HTTP_AUTH_CLIENT_CREDENTIALS || a->renewed)
		return false;
	a->renewed = true;
	buf_reset(&a->value);
	return true;
}

void http_auth_worked(struct http_auth *a)
{
	a->renewed = false;
}
