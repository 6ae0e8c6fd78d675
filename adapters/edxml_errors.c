/* Where a document went wrong, and what that is called (docs/diagnostics.md). */
#include <libxml/parser.h>
#include <libxml/xmlerror.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "adapters/edxml_parser.h"
#include "adapters/xml_place.h"

void edxml_find_position(struct edxml *x, bool tag, int *ret_line, int *ret_column)
{
	xml_place(x->parser, tag, ret_line, ret_column);
}

__attribute__((format(printf, 5, 0))) static void refuse_at(struct edxml *x,
	const char *code, int line, int column, const char *format, va_list args)
{
	if (x->refused || x->done)
		return;
	x->refused = true;
	x->error.code = code;
	x->error.line = line;
	x->error.column = column;
	vsnprintf(x->error.message, sizeof(x->error.message), format, args);
	xmlStopParser(x->parser);
}

void edxml_refuse_tag(struct edxml *x, const char *code, const char *format, ...)
{
	int line, column;
	va_list args;

	edxml_find_position(x, true, &line, &column);
	va_start(args, format);
	refuse_at(x, code, line, column, format, args);
	va_end(args);
}

void edxml_refuse_here(struct edxml *x, const char *code, const char *format, ...)
{
	int line, column;
	va_list args;

	edxml_find_position(x, false, &line, &column);
	va_start(args, format);
	refuse_at(x, code, line, column, format, args);
	va_end(args);
}

/* E1: a prefix nobody declared is told once, where it first stands. */
static void note_prefix(struct edxml *x, const xmlError *error)
{
	struct event *ev = x->r.ev;
	const char *prefix = error->str1 ? error->str1 : "";
	char name[128];

	for (size_t i = 0; i < ev->quirks.n; i++)
		if (strcmp(ev->quirks.at[i].code, "ns.undeclared-prefix") == 0 &&
			strcmp(ev->quirks.at[i].value, prefix) == 0)
			return;
	if (error->str3)
		snprintf(name, sizeof(name), "%.50s/@%.10s:%.50s", error->str3, prefix,
			error->str2);
	else
		snprintf(name, sizeof(name), "%.100s", error->str2 ? error->str2 : "");
	edxml_quirk(&x->r, "ns.undeclared-prefix", name, prefix);
}

void edxml_on_error(void *context, xmlErrorPtr error)
{
	struct edxml *x = context;
	const char *text = error->message ? error->message : "";

	if (x->refused || x->done || error->level == XML_ERR_WARNING)
		return;
	if (error->domain == XML_FROM_NAMESPACE &&
		error->code == XML_NS_ERR_UNDEFINED_NAMESPACE) {
		note_prefix(x, error);
		return;
	}
	if (error->code == XML_ERR_DOCUMENT_END && x->open > 0)
		text = "the file ends before its elements do";
	edxml_refuse_here(x, xml_error_code(x->parser, error), "%.*s",
		(int)strcspn(text, "\n"), text);
}
