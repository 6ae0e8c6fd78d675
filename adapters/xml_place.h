/*
 * Where libxml2's parser stands, and what its complaints are called
 * (docs/diagnostics.md): shared by those who read XML.
 */
#pragma once

#include <stdbool.h>

struct _xmlParserCtxt;
struct _xmlError;

/* Line and column of where @parser stands; with @tag of the '<' that opened it. */
void xml_place(struct _xmlParserCtxt *parser, bool tag, int *ret_line, int *ret_column);

/* The code of @error, a literal: `xml.malformed` unless it is something better known.
 */
const char *xml_error_code(
	struct _xmlParserCtxt *parser, const struct _xmlError *error);
