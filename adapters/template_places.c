/* What only concerns templates of a URL, a header or XML: what may stand where. */
#include <libxml/parser.h>
#include <string.h>

#include "adapters/template_parts.h"

/* --- a URL --------------------------------------------------------------------------
 */

static int judge_url_text(const struct template_piece *p, struct template_fault *fault)
{
	for (size_t i = 0; i < p->literal_n; i++) {
		unsigned char c = (unsigned char)p->literal[i];

		if (c <= ' ' || c >= 0x7f || strchr("\"<>\\^`#", c))
			return template_wrong(fault, p->at + i,
				"this cannot stand in a URL; write it as %%%02X", c);
	}
	return 0;
}

int template_judge_url(const struct template *t, struct template_fault *fault)
{
	if (*t->text != '/' && *t->text != '?')
		return template_wrong(
			fault, 0, "begins with `/` or `?` and goes on after `url`");
	if (strstr(t->text, "/../") || strstr(t->text, "/./"))
		return template_wrong(fault, 0, "a path has no `.` or `..` in it");
	for (const struct template_piece *p = t->first; p; p = p->next)
		if (judge_url_text(p, fault) < 0)
			return -1;
	return 0;
}

int template_judge_header(const struct template *t, struct template_fault *fault)
{
	for (const struct template_piece *p = t->first; p; p = p->next)
		for (size_t i = 0; i < p->literal_n; i++)
			if ((unsigned char)p->literal[i] < ' ' || p->literal[i] == 0x7f)
				return template_wrong(fault, p->at,
					"a header is one line without control "
					"characters");
	return 0;
}

/* --- XML ----------------------------------------------------------------------------
 */

enum spot { IN_TEXT, IN_TAG, IN_SINGLE, IN_DOUBLE, IN_COMMENT, IN_CDATA, IN_PI };

/* What begins or ends something, seen from a spot. */
static const struct mark {
	const char *text;
	enum spot from, to;
} marks[] = {
	{"<!--", IN_TEXT, IN_COMMENT},
	{"<![CDATA[", IN_TEXT, IN_CDATA},
	{"<?", IN_TEXT, IN_PI},
	{"<", IN_TEXT, IN_TAG},
	{"'", IN_TAG, IN_SINGLE},
	{"\"", IN_TAG, IN_DOUBLE},
	{">", IN_TAG, IN_TEXT},
	{"'", IN_SINGLE, IN_TAG},
	{"\"", IN_DOUBLE, IN_TAG},
	{"-->", IN_COMMENT, IN_TEXT},
	{"]]>", IN_CDATA, IN_TEXT},
	{"?>", IN_PI, IN_TEXT},
};

static enum spot follow(enum spot spot, const char *text, size_t n)
{
	for (size_t i = 0; i < n;) {
		size_t step = 1;

		for (size_t m = 0; m < sizeof(marks) / sizeof(*marks); m++) {
			size_t length = strlen(marks[m].text);

			if (marks[m].from != spot || length > n - i ||
				memcmp(text + i, marks[m].text, length) != 0)
				continue;
			spot = marks[m].to;
			step = length;
			break;
		}
		i += step;
	}
	return spot;
}

static int judge_spots(const struct template *t, struct template_fault *fault)
{
	enum spot spot = IN_TEXT;

	for (const struct template_piece *p = t->first; p; p = p->next) {
		if (!p->steps_n)
			spot = follow(spot, p->literal, p->literal_n);
		else if (spot != IN_TEXT && spot != IN_SINGLE && spot != IN_DOUBLE)
			return template_wrong(fault, p->at,
				"a place stands in an element's text or in a quoted "
				"attribute, nowhere else");
	}
	return 0;
}

/* The template with each place as long as it is, but filled with letters: what is wrong
 * with it then is wrong at the same place. */
static char *fill_with_letters(
	struct arena *arena, const struct template *t, size_t *ret_n)
{
	char *out = arena_dup(arena, t->text);

	for (const struct template_piece *p = t->first; p; p = p->next) {
		/* A doubled brace is one brace; the spaces after keep the count. */
		memset(out + p->at, p->steps_n ? 'x' : ' ', p->n);
		if (!p->steps_n)
			memcpy(out + p->at, p->literal, p->literal_n);
	}
	*ret_n = strlen(out);
	return out;
}

static size_t offset_of(const char *text, int line, int column)
{
	const char *at = text;

	while (line-- > 1 && strchr(at, '\n'))
		at = strchr(at, '\n') + 1;
	size_t n = strcspn(at, "\n"), into = column > 1 ? (size_t)column - 1 : 0;

	return (size_t)(at - text) + (into < n ? into : n);
}

static int tell_xml(
	const xmlError *error, const char *text, struct template_fault *fault)
{
	const char *words =
		error && error->message ? error->message : "it does not end";

	return template_wrong(fault,
		offset_of(text, error ? error->line : 1, error ? error->int2 : 1),
		"not well-formed XML: %.*s", (int)strcspn(words, "\n"), words);
}

int template_judge_xml(
	struct arena *arena, const struct template *t, struct template_fault *fault)
{
	size_t n;

	if (judge_spots(t, fault) < 0)
		return -1;
	if (strstr(t->text, "<!DOCTYPE"))
		return template_wrong(fault,
			(size_t)(strstr(t->text, "<!DOCTYPE") - t->text),
			"a document type is not allowed");
	const char *sample = fill_with_letters(arena, t, &n);
	xmlParserCtxtPtr parser = xmlNewParserCtxt();
	xmlDocPtr doc = xmlCtxtReadMemory(parser, sample, (int)n, NULL, "UTF-8",
		XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	int result = doc ? 0 : tell_xml(xmlCtxtGetLastError(parser), sample, fault);

	xmlFreeDoc(doc);
	xmlFreeParserCtxt(parser);
	return result;
}
