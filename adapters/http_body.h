/* An answer's body, asked for what stands at a place. */
#pragma once

#include "adapters/http_verdict.h"

struct http_body;

/* NULL: it is not such a body. */
struct http_body *http_body_open(enum http_body_kind kind, struct slice bytes);
void http_body_close(struct http_body *b);

/* The text, number or truth value at @at, as text in @arena; NULL: there is none. */
const char *http_body_find(struct http_body *b, const char *at, struct arena *arena);

/* Is @at a place in such a body? */
bool http_body_is_place(enum http_body_kind kind, const char *at);
