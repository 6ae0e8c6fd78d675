/* Where a document went wrong, and what that is called (SPEC section 14). */
#include <libxml/parser.h>
#include <libxml/xmlerror.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "adapters/edxml_parser.h"
#include "gateway/base/text.h"

void edxml_find_position(struct edxml *x, bool tag, int *ret_line, int *ret_column)
{
	xmlParserInputPtr in = x->parser->input;

	*ret_line = in ? in->line : 1;
	*ret_column = in && in->col > 0 ? in->col : 1;
	if (!tag || !in || !in->base)
		return;
	const xmlChar *p = in->cur, *from = in->cur;
	int lines = 0;

	while (p > in->base && *p != '<') {
		p--;
		lines += *p == '\n';
	}
	if (*p != '<')
		return;
	*ret_line -= lines;
	if (!lines) {
		*ret_column -= (int)(from - p);
	} else {
		const xmlChar *start = p;

		while (start > in->base && start[-1] != '\n')
			start--;
		*ret_column = (int)(p - start) + 1;
	}
	if (*ret_column < 1)
		*ret_column = 1;
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

/* What libxml2 calls it, where that is not simply malformed. */
static const struct {
	int error;
	const char *code;
} error_codes[] = {
	{XML_ERR_INVALID_ENCODING, "xml.encoding"},
	{XML_ERR_UNKNOWN_ENCODING, "xml.encoding"},
	{XML_ERR_UNSUPPORTED_ENCODING, "xml.encoding"},
	{XML_ERR_ENCODING_NAME, "xml.encoding"},
	{XML_I18N_NO_NAME, "xml.encoding"},
	{XML_I18N_NO_HANDLER, "xml.encoding"},
	{XML_I18N_CONV_FAILED, "xml.encoding"},
	{XML_I18N_NO_OUTPUT, "xml.encoding"},
	{XML_ERR_NAME_TOO_LONG, "xml.too-large"},
	{XML_ERR_NO_MEMORY, "xml.too-large"},
	{XML_ERR_INTERNAL_ERROR, "xml.too-large"},
	{XML_ERR_DOCTYPE_NOT_FINISHED, "xml.doctype"},
};

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

/* libxml2 has one code for a character XML forbids and for bytes that are none. */
static bool is_not_utf8(const struct edxml *x, const xmlError *error)
{
	xmlParserInputPtr in = x->parser->input;

	if (error->code != XML_ERR_INVALID_CHAR || !in || in->cur >= in->end ||
		*in->cur < 0x80)
		return false;
	for (size_t n = 2; n <= 4 && n <= (size_t)(in->end - in->cur); n++)
		if (text_is_utf8((const char *)in->cur, n))
			return false;
	return true;
}

void edxml_on_error(void *context, xmlErrorPtr error)
{
	struct edxml *x = context;
	const char *code = "xml.malformed",
		   *text = error->message ? error->message : "";

	if (x->refused || x->done || error->level == XML_ERR_WARNING)
		return;
	if (error->domain == XML_FROM_NAMESPACE &&
		error->code == XML_NS_ERR_UNDEFINED_NAMESPACE) {
		note_prefix(x, error);
		return;
	}
	if (error->code == XML_ERR_DOCUMENT_END && x->open > 0)
		text = "the file ends before its elements do";
	for (size_t i = 0; i < sizeof(error_codes) / sizeof(error_codes[0]); i++)
		if (error_codes[i].error == error->code)
			code = error_codes[i].code;
	if (is_not_utf8(x, error))
		code = "xml.encoding";
	edxml_refuse_here(x, code, "%.*s", (int)strcspn(text, "\n"), text);
}
