#include "adapters/http_url.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <curl/curl.h>

static void cleanup_url(CURLU **url)
{
	curl_url_cleanup(*url);
}

static void cleanup_part(char **part)
{
	curl_free(*part);
}

#define URL_HANDLE __attribute__((__cleanup__(cleanup_url)))
#define URL_PART   __attribute__((__cleanup__(cleanup_part)))

int http_url_peer(const char *url, char ret_peer[HTTP_URL_PEER], struct err *e)
{
	URL_HANDLE CURLU *parts = curl_url();
	URL_PART char *host = NULL;
	URL_PART char *port = NULL;
	CURLUcode code = curl_url_set(parts, CURLUPART_URL, url, 0);

	if (!code)
		code = curl_url_get(parts, CURLUPART_HOST, &host, 0);
	if (!code)
		code = curl_url_get(parts, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT);
	if (code)
		return err_set(e, ERR_CONFIG, "the URL is not one: %s",
			curl_url_strerror(code));
	snprintf(ret_peer, HTTP_URL_PEER, "%s:%s", host, port);
	return 0;
}

static bool same_part(CURLU *a, CURLU *b, CURLUPart part)
{
	URL_PART char *one = NULL;
	URL_PART char *other = NULL;

	return !curl_url_get(a, part, &one, CURLU_DEFAULT_PORT) &&
	       !curl_url_get(b, part, &other, CURLU_DEFAULT_PORT) &&
	       !strcasecmp(one, other);
}

bool http_url_same_origin(const char *one, const char *other)
{
	URL_HANDLE CURLU *a = curl_url();
	URL_HANDLE CURLU *b = curl_url();

	return !curl_url_set(a, CURLUPART_URL, one, 0) &&
	       !curl_url_set(b, CURLUPART_URL, other, 0) &&
	       same_part(a, b, CURLUPART_SCHEME) && same_part(a, b, CURLUPART_HOST) &&
	       same_part(a, b, CURLUPART_PORT);
}

bool http_url_resolve(const char *base, const char *reference, struct buf *ret_url)
{
	URL_HANDLE CURLU *parts = curl_url();
	URL_PART char *whole = NULL;

	if (curl_url_set(parts, CURLUPART_URL, base, 0) ||
		curl_url_set(parts, CURLUPART_URL, reference, 0) ||
		curl_url_get(parts, CURLUPART_URL, &whole, 0))
		return false;
	buf_add_text(ret_url, whole);
	return true;
}

void http_url_escape(const char *text, struct buf *out)
{
	for (const unsigned char *at = (const unsigned char *)text; *at; at++) {
		if ((*at < 0x80 && isalnum(*at)) || strchr("-._~", *at))
			buf_add_char(out, (char)*at);
		else
			buf_printf(out, "%%%02X", *at);
	}
}
