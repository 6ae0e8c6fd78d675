/*
 * The words of libcurl name what it did, not what is wrong. The causes an operator
 * meets have sentences of their own here; libcurl's words follow only where they hold
 * nothing but TLS or socket errors.
 */
#include "adapters/http_trouble.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <curl/curl.h>
#include <openssl/x509.h>

static const struct certificate_fault {
	long code;
	const char *text;
} certificate_faults[] = {
	{X509_V_ERR_CERT_HAS_EXPIRED, "the certificate has expired"},
	{X509_V_ERR_CERT_NOT_YET_VALID, "the certificate is not valid yet"},
	/* The name is compared by libcurl itself, which then says one of these two. */
	{X509_V_OK, "the certificate is for another host"},
	{X509_V_ERR_UNSPECIFIED, "the certificate is for another host"},
	{X509_V_ERR_HOSTNAME_MISMATCH, "the certificate is for another host"},
	{X509_V_ERR_IP_ADDRESS_MISMATCH, "the certificate is for another host"},
	{X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
		"the certificate is of an authority that is not trusted (ca_file)"},
	{X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT,
		"the certificate is signed by itself and not trusted (ca_file)"},
	{X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,
		"the certificate is of an authority that is not trusted (ca_file)"},
};

static int tell_certificate(
	const struct http_trouble *t, const char *where, struct err *e)
{
	for (size_t i = 0; i < sizeof(certificate_faults) / sizeof(*certificate_faults);
		i++)
		if (certificate_faults[i].code == t->verify)
			return err_set(e, ERR_CONFIG, "%s: %s", where,
				certificate_faults[i].text);
	return err_set(e, ERR_CONFIG, "%s: the certificate is not accepted: %s", where,
		X509_verify_cert_error_string(t->verify));
}

/* A length of time as people say it. */
static const char *time_text(int64_t ms, char out[32])
{
	if (ms % 1000)
		snprintf(out, 32, "%" PRId64 " ms", ms);
	else
		snprintf(out, 32, "%" PRId64 " s", ms / 1000);
	return out;
}

static int tell_cut(const struct http_trouble *t, const char *where, struct err *e)
{
	if (!t->has_head)
		return err_set(e, ERR_UNAVAILABLE,
			"%s: the connection was closed without an answer", where);
	if (t->promised < 0)
		return err_set(e, ERR_UNAVAILABLE,
			"%s: the connection was cut after %" PRId64 " bytes", where,
			t->got);
	return err_set(e, ERR_UNAVAILABLE,
		"%s: the connection was cut after %" PRId64 " of %" PRId64 " bytes",
		where, t->got, t->promised);
}

static int tell_late(const struct http_trouble *t,
	const struct http_client_options *limits, const char *where, struct err *e)
{
	char span[32];

	if (!t->connected)
		return err_set(e, ERR_UNAVAILABLE, "%s: no connection within %s", where,
			time_text(limits->connect_timeout_ms, span));
	/* The whole time is measured in other steps than it is set. */
	if (limits->low_speed_s && t->took_ms + 100 < limits->total_timeout_ms)
		return err_set(e, ERR_UNAVAILABLE,
			"%s: slower than %d bytes a second for %d s", where,
			limits->low_speed_bytes, limits->low_speed_s);
	time_text(limits->total_timeout_ms, span);
	if (!t->has_head)
		return err_set(
			e, ERR_UNAVAILABLE, "%s: no answer within %s", where, span);
	return err_set(e, ERR_UNAVAILABLE,
		"%s: no whole answer within %s, %" PRId64 " bytes came", where, span,
		t->got);
}

static int tell_unreached(
	const struct http_trouble *t, const char *where, struct err *e)
{
	char words[96];

	return err_set(e, ERR_UNAVAILABLE, "%s: cannot connect: %s", where,
		t->system ? strerror_r((int)t->system, words, sizeof(words))
			  : "nobody answers there");
}

static int tell_other(const struct http_trouble *t, const char *where, struct err *e)
{
	if (t->code == CURLE_UNSUPPORTED_PROTOCOL ||
		t->code == CURLE_WEIRD_SERVER_REPLY)
		return err_set(e, ERR_UNAVAILABLE, "%s: the answer is not HTTP", where);
	return err_set(e, ERR_UNAVAILABLE, "%s: %s", where,
		curl_easy_strerror((CURLcode)t->code));
}

/* TLS that failed for no certificate of theirs. OpenSSL's own words begin with
 * "error:", also where the peer's alert comes only with the first read; else the
 * handshake broke. */
static enum http_outcome tell_tls(
	const struct http_trouble *t, const char *where, struct err *e)
{
	const char *words = strstr(t->words, "error:");

	if (!words) {
		err_set(e, ERR_UNAVAILABLE,
			"%s: the connection was closed during the TLS handshake",
			where);
		return HTTP_UNAVAILABLE;
	}
	err_set(e, ERR_CONFIG, "%s: no TLS: %s", where, words);
	return HTTP_REFUSED;
}

static bool is_alert(const struct http_trouble *t)
{
	return strstr(t->words, " alert ") != NULL;
}

/* What a file of ours, or the URL, is wrong with. */
static const struct {
	int code;
	const char *text;
} own_faults[] = {
	{CURLE_UNSUPPORTED_PROTOCOL, "only http and https are spoken"},
	{CURLE_URL_MALFORMAT, "the URL is not one"},
	{CURLE_LOGIN_DENIED, "a URL with a user name in it is not taken"},
	{CURLE_SSL_CERTPROBLEM,
		"the client certificate, its key or the key's password is wrong"},
	{CURLE_SSL_CACERT_BADFILE, "the ca_file holds no certificates"},
	{CURLE_SSL_CIPHER, "the ciphers cannot be used"},
	{CURLE_COULDNT_RESOLVE_PROXY, "the proxy's name is not known"},
};

static int tell_own(const struct http_trouble *t, const char *where, struct err *e)
{
	for (size_t i = 0; i < sizeof(own_faults) / sizeof(*own_faults); i++)
		if (own_faults[i].code == t->code)
			return err_set(
				e, ERR_CONFIG, "%s: %s", where, own_faults[i].text);
	return 0;
}

enum http_outcome http_trouble_tell(const struct http_trouble *t,
	const struct http_client_options *limits, const char *where, struct err *e)
{
	/* Once connected, an unknown protocol is that of the answer. */
	if (!t->connected && tell_own(t, where, e) < 0)
		return HTTP_REFUSED;
	if (t->code == CURLE_PEER_FAILED_VERIFICATION) {
		tell_certificate(t, where, e);
		return HTTP_REFUSED;
	}
	if (t->code == CURLE_SSL_CONNECT_ERROR || is_alert(t))
		return tell_tls(t, where, e);
	if (t->code == CURLE_OPERATION_TIMEDOUT)
		tell_late(t, limits, where, e);
	else if (t->code == CURLE_COULDNT_RESOLVE_HOST)
		err_set(e, ERR_UNAVAILABLE, "%s: the host's name is not known", where);
	else if (t->code == CURLE_COULDNT_CONNECT)
		tell_unreached(t, where, e);
	else if (t->code == CURLE_PARTIAL_FILE || t->code == CURLE_GOT_NOTHING ||
		 t->code == CURLE_RECV_ERROR || t->code == CURLE_SEND_ERROR)
		tell_cut(t, where, e);
	else
		tell_other(t, where, e);
	return HTTP_UNAVAILABLE;
}
