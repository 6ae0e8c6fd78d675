/* What edxml.c and edxml_errors.c share: the parser and how far it is. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "adapters/codec.h"
#include "adapters/edxml_lookup.h"
#include "adapters/edxml_reader.h"

struct _xmlParserCtxt;
struct _xmlError;

struct edxml {
	struct edxml_reader r;
	struct edxml_lookup lookup;
	struct _xmlParserCtxt *parser;

	int skip;   /* open elements of a subtree that is passed over */
	int open;   /* all open elements */
	size_t run; /* bytes of the text being read, wherever it is */
	int64_t bytes;
	enum edxml_text wanted; /* of the top element */
	bool refused, done, found;
	int line, column; /* of the header, for what the whole document lacks */
	struct codec_error error;
};

/* Line and column of where the parser stands; with @tag of the '<' that opened it. */
void edxml_find_position(struct edxml *x, bool tag, int *ret_line, int *ret_column);

/* Refuse the document because of the element that is just being opened, or because of
 * what stands where the parser is. The first refusal is the one told. */
void edxml_refuse_tag(struct edxml *x, const char *code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void edxml_refuse_here(struct edxml *x, const char *code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* libxml2's complaints: a refusal, a quirk, or nothing. */
void edxml_on_error(void *context, struct _xmlError *error);
