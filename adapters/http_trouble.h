/* Why a request got no answer, in words for the log; http_client.c's own. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "adapters/http_client.h"

/* What libcurl knows of a transfer that failed. */
struct http_trouble {
	int code;          /* CURLcode */
	long system;       /* errno, 0: none */
	long verify;       /* X509_V_…, 0: nothing against the certificate */
	const char *words; /* libcurl's own */
	bool connected;    /* TLS included */
	int64_t took_ms;
	int64_t got, promised; /* bytes of the body; promised -1: it was not said */
	bool has_head;         /* the answer's first line has come */
};

/* @where is "HOST:PORT". Never HTTP_ANSWERED. */
enum http_outcome http_trouble_tell(const struct http_trouble *t,
	const struct http_client_options *limits, const char *where, struct err *e);
