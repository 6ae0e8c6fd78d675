/*
 * Messages read by a mapping: one message, and then its documents one by one. What
 * codec.h says of several documents in a message is done here.
 */
#pragma once

#include "adapters/codec.h"

struct mapping_reader;

/* @options has no zero limits, and outlives the reader. */
struct mapping_reader *mapping_reader_new(const struct codec_options *options);
void mapping_reader_free(struct mapping_reader *r);

/* Take up @message, borrowed until mapping_reader_end. */
void mapping_reader_begin(struct mapping_reader *r, struct slice message);

/* Its answers that mapping_reader_next has not given yet. */
size_t mapping_reader_left(const struct mapping_reader *r);

/* As codec_read_bytes. Afterwards mapping_reader_bytes has the document's own bytes,
 * until the next call; of a secret one none. */
enum codec_result mapping_reader_next(struct mapping_reader *r,
	struct event **ret_event, struct codec_error *ret_error);
struct slice mapping_reader_bytes(const struct mapping_reader *r);

/* Which of the message's answers was given last, from 1; 0: it has only one. */
size_t mapping_reader_number(const struct mapping_reader *r);

/* X1: the document given last is secret. What is left of the message is overwritten as
 * soon as no further document of it is to be read. */
void mapping_reader_wipe(struct mapping_reader *r);

/* Let go of the message. */
void mapping_reader_end(struct mapping_reader *r);
