/* What must be known of a URL beside asking it. Nothing here ever shows one whole. */
#pragma once

#include <stdbool.h>

#include "gateway/base/buf.h"
#include "gateway/base/err.h"

enum { HTTP_URL_PEER = 300 };

/* "HOST:PORT" of @url. -1: ERR_CONFIG, it is no URL. */
int http_url_peer(const char *url, char ret_peer[HTTP_URL_PEER], struct err *e);

/* The same scheme, host and port? What is not a URL is of no origin. */
bool http_url_same_origin(const char *one, const char *other);

/* The URL that @reference means on the page @base, appended to @ret_url. False: none.
 */
bool http_url_resolve(const char *base, const char *reference, struct buf *ret_url);

/* @text with everything escaped that is not plain in a part of a path or query. */
void http_url_escape(const char *text, struct buf *out);
