/*
 * The edXML codec: a push parser over a table of element states. One is one thread's;
 * it keeps its parser context, dictionary and buffers from document to document.
 */
#pragma once

#include "adapters/codec.h"

struct edxml;

/* @options must outlive it; its limits are all set. */
struct edxml *edxml_new(const struct codec_options *options);
void edxml_free(struct edxml *x);

/* X1: overwrite what the parser and the buffers still hold of the last document. */
void edxml_forget(struct edxml *x);

void edxml_begin(struct edxml *x);

/* False: nothing more needs to be pushed. No push ends inside a UTF-8 character. */
bool edxml_push(struct edxml *x, const char *bytes, size_t n, bool last);

/* CODEC_OK or CODEC_REFUSED; see codec_read_bytes. */
enum codec_result edxml_end(
	struct edxml *x, struct event **ret_event, struct codec_error *ret_error);
