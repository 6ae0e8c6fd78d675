/* Messages read by a mapping written in a test: what they give, as one text. */
#pragma once

#include "adapters/codec.h"
#include "gateway/base/arena.h"
#include "gateway/base/buf.h"

/* The mapping in the YAML @text, in @arena. A complaint ends the test. */
const struct mapping *mapped_load(struct arena *arena, const char *text);

/*
 * All answers for @message, one a line:
 *   ok {the event as JSON}          refused CODE LINE:COLUMN MESSAGE
 *   restricted DOCUMENT-ID          (X1: the event says it is secret)
 * each followed by the document's own bytes, ` | BYTES`, where the message has several.
 */
void mapped_read(const struct mapping *m, const struct codec_options *limits,
	struct slice message, struct buf *out);
