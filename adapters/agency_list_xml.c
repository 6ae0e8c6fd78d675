/*
 * The older XML: GetOrganizationsResponse / Organizations / Organization*, in any of
 * edXML's namespaces, bare or in a SOAP body. Read by events, so that it is never a
 * tree in memory; no DOCTYPE, no entities of its own, nothing fetched (E3).
 */
#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/agency_list_parts.h"
#include "adapters/edxml_table.h"
#include "gateway/base/buf.h"

enum { DEPTH_MAX = 100, TEXT_MAX = 64 * 1024, CHUNK = 64 * 1024 };

/* An Organization's children that are read; the rest (address, telephones, …) is not.
 */
static const struct {
	const char *name;
	size_t at; /* in struct agency */
} fields[] = {
	{"domain_new", offsetof(struct agency, id)},
	{"OrganId", offsetof(struct agency, old_id)},
	{"OrganName", offsetof(struct agency, name)},
	{"OrganizationInCharge", offsetof(struct agency, parent_key)},
};
enum { FIELDS = sizeof(fields) / sizeof(fields[0]) };

struct xml_list {
	struct agency_list *list;
	xmlParserCtxtPtr parser;
	struct err *e;
	bool refused;
	int depth;    /* open elements */
	int response; /* the depth of GetOrganizationsResponse, 0: none yet */
	int organ;    /* the depth of the open Organization, 0: none */
	int field;    /* which is open, FIELDS: none */
	struct agency agency;
	struct buf text;
};

/* Where the parser stands; with @tag the '<' that opened what was just read. */
static void find_place(
	const struct xml_list *x, bool tag, int *ret_line, int *ret_column)
{
	xmlParserInputPtr in = x->parser->input;

	*ret_line = in ? in->line : 1;
	*ret_column = in && in->col > 0 ? in->col : 1;
	if (!tag || !in || !in->base)
		return;
	const xmlChar *p = in->cur;

	while (p > in->base && *p != '<' && *p != '\n' && *ret_column > 1) {
		p--;
		*ret_column -= (*p & 0xc0) != 0x80;
	}
}

__attribute__((format(printf, 3, 4))) static void refuse(
	struct xml_list *x, bool tag, const char *format, ...)
{
	char text[300];
	int line, column;
	va_list args;

	if (x->refused)
		return;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	x->refused = true;
	find_place(x, tag, &line, &column);
	agency_list_refuse(x->list, line, column, x->e, "%s", text);
	xmlStopParser(x->parser);
}

static bool is_known(const xmlChar *prefix, const xmlChar *uri)
{
	if (!uri)
		return prefix != NULL; /* undeclared: the document's own (E3) */
	for (unsigned i = 0; i < edxml_namespaces_n; i++)
		if (!strcmp((const char *)uri, edxml_namespaces[i].uri))
			return true;
	return false;
}

static bool is_soap(const xmlChar *uri)
{
	for (unsigned i = 0; i < 2; i++)
		if (uri && !strcmp((const char *)uri, edxml_soap_namespaces[i]))
			return true;
	return false;
}

static int field_of(const char *name)
{
	int i = 0;

	while (i < FIELDS && strcmp(fields[i].name, name) != 0)
		i++;
	return i;
}

static void enter(struct xml_list *x, const char *name)
{
	bool inside = x->response && x->depth > x->response;

	if (!x->response && !strcmp(name, "GetOrganizationsResponse")) {
		x->response = x->depth;
	} else if (inside && !x->organ && !strcmp(name, "Organization")) {
		x->organ = x->depth;
		x->agency = (struct agency){0};
		find_place(x, true, &x->agency.line, &x->agency.column);
	} else if (x->organ && x->depth == x->organ + 1) {
		x->field = field_of(name);
		buf_reset(&x->text);
	}
}

static void on_start(void *context, const xmlChar *local, const xmlChar *prefix,
	const xmlChar *uri, int namespaces_n, const xmlChar **namespaces,
	int attributes_n, int defaulted_n, const xmlChar **attributes)
{
	struct xml_list *x = context;

	(void)namespaces_n;
	(void)namespaces;
	(void)attributes_n;
	(void)defaulted_n;
	(void)attributes;
	if (x->refused)
		return;
	x->depth++;
	if (x->depth > DEPTH_MAX)
		refuse(x, true, "more than %d elements inside each other", DEPTH_MAX);
	else if (is_known(prefix, uri))
		enter(x, (const char *)local);
	if (!x->response && !is_soap(uri))
		refuse(x, true,
			"the element %.60s in namespace %.100s is no list of "
			"organizations (GetOrganizationsResponse)",
			(const char *)local, uri ? (const char *)uri : "(none)");
}

static void leave_field(struct xml_list *x)
{
	const char *text = agency_list_text(x->list, buf_text(&x->text), x->text.n);

	memcpy((char *)&x->agency + fields[x->field].at, &text, sizeof(text));
	x->field = FIELDS;
}

static void leave_organ(struct xml_list *x)
{
	agency_list_add(x->list, x->agency);
	x->organ = 0;
}

static void on_end(
	void *context, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri)
{
	struct xml_list *x = context;

	(void)local;
	(void)prefix;
	(void)uri;
	if (x->refused)
		return;
	if (x->field < FIELDS && x->depth == x->organ + 1)
		leave_field(x);
	if (x->organ && x->depth == x->organ)
		leave_organ(x);
	x->depth--;
}

static void on_text(void *context, const xmlChar *bytes, int n)
{
	struct xml_list *x = context;

	if (x->refused || x->field == FIELDS)
		return;
	buf_add(&x->text, (const char *)bytes, (size_t)n);
	if (x->text.full)
		refuse(x, false, "a text longer than %d bytes", TEXT_MAX);
}

static void on_doctype(
	void *context, const xmlChar *name, const xmlChar *id, const xmlChar *system)
{
	(void)name;
	(void)id;
	(void)system;
	refuse(context, false, "a DOCTYPE is not read");
}

static void on_error(void *context, xmlErrorPtr error)
{
	struct xml_list *x = context;
	const char *text = error->message ? error->message : "it cannot be read";

	if (error->level == XML_ERR_WARNING ||
		(error->domain == XML_FROM_NAMESPACE &&
			error->code == XML_NS_ERR_UNDEFINED_NAMESPACE))
		return;
	if (error->code == XML_ERR_DOCUMENT_END && x->depth > 0)
		text = "the file ends before its elements do";
	refuse(x, false, "this is not XML: %.*s", (int)strcspn(text, "\n"), text);
}

static void open_parser(struct xml_list *x)
{
	xmlSAXHandler sax = {
		.initialized = XML_SAX2_MAGIC,
		.startElementNs = on_start,
		.endElementNs = on_end,
		.characters = on_text,
		.ignorableWhitespace = on_text,
		.cdataBlock = on_text,
		.internalSubset = on_doctype,
		.serror = (xmlStructuredErrorFunc)on_error,
	};

	x->parser = xmlCreatePushParserCtxt(&sax, x, NULL, 0, NULL);
	if (!x->parser)
		abort();
	xmlCtxtUseOptions(x->parser, XML_PARSE_NONET);
}

int agency_list_read_xml(
	struct agency_list *list, const char *bytes, size_t n, struct err *e)
{
	struct xml_list x = {
		.list = list, .e = e, .field = FIELDS, .text = {.max = TEXT_MAX}};

	list->parents_by_id = true;
	open_parser(&x);
	for (size_t at = 0; at < n && !x.refused; at += CHUNK)
		xmlParseChunk(x.parser, bytes + at,
			(int)(n - at < CHUNK ? n - at : CHUNK), 0);
	if (!x.refused)
		xmlParseChunk(x.parser, NULL, 0, 1);
	if (!x.refused && !x.response)
		refuse(&x, false, "there is no list of organizations in it");
	xmlFreeParserCtxt(x.parser);
	buf_deinit(&x.text);
	return x.refused ? -1 : 0;
}
