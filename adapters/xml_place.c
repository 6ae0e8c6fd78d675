#include "adapters/xml_place.h"

#include <libxml/parser.h>
#include <libxml/xmlerror.h>

#include "gateway/base/text.h"

void xml_place(struct _xmlParserCtxt *parser, bool tag, int *ret_line, int *ret_column)
{
	xmlParserInputPtr in = parser->input;

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

/* libxml2 has one code for a character XML forbids and for bytes that are none. */
static bool is_not_utf8(xmlParserInputPtr in, const xmlError *error)
{
	if (error->code != XML_ERR_INVALID_CHAR || !in || in->cur >= in->end ||
		*in->cur < 0x80)
		return false;
	for (size_t n = 2; n <= 4 && n <= (size_t)(in->end - in->cur); n++)
		if (text_is_utf8((const char *)in->cur, n))
			return false;
	return true;
}

const char *xml_error_code(struct _xmlParserCtxt *parser, const struct _xmlError *error)
{
	if (is_not_utf8(parser->input, error))
		return "xml.encoding";
	for (size_t i = 0; i < sizeof(error_codes) / sizeof(error_codes[0]); i++)
		if (error_codes[i].error == error->code)
			return error_codes[i].code;
	return "xml.malformed";
}
