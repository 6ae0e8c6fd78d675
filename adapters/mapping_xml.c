/*
 * A vendor's XML: libxml2's own tree, built through handlers of ours that keep E3 (no
 * DOCTYPE, no entities, nothing fetched; depth, attributes, texts, bytes) and note
 * where each element begins and ends in the message. A file's content in base64 is
 * counted as it passes and not kept.
 */
#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "adapters/base64_size.h"
#include "adapters/mapping_tree.h"
#include "adapters/mapping_xpath.h"
#include "adapters/xml_place.h"
#include "gateway/base/mem.h"

enum {
	PUSH_BYTES = 64 * 1024,
	DICTIONARY_MAX = 1 << 20, /* names strangers made us keep: then begin anew */
};

/* What an element's _private points to. */
struct element {
	size_t start, end; /* end 0: still open */
	bool dropped;
	int64_t bytes; /* dropped: of the file; -1: it was no base64 */
};

struct xml_tree {
	const struct codec_options *options;
	struct mapping_xpath *xpath;
	xmlParserCtxtPtr parser;
	xmlDocPtr doc;
	struct arena elements;
	struct mapping_path document;

	struct slice bytes;
	size_t shift; /* of the parser's offsets: a byte order mark */
	int depth, nodes;
	size_t run; /* bytes of the text being read */
	bool dropping, refused;
	struct base64_size base64;
	size_t error_at;
	struct codec_error *error;
};

static size_t offset_of(const struct xml_tree *t)
{
	long consumed = xmlByteConsumed(t->parser);
	size_t at = (consumed > 0 ? (size_t)consumed : 0) + t->shift;

	return at < t->bytes.n ? at : t->bytes.n;
}

/* The first refusal is the one told. */
__attribute__((format(printf, 4, 5))) static void refuse(
	struct xml_tree *t, bool tag, const char *code, const char *format, ...)
{
	va_list args;

	if (t->refused)
		return;
	t->refused = true;
	*t->error = (struct codec_error){.code = code};
	xml_place(t->parser, tag, &t->error->line, &t->error->column);
	va_start(args, format);
	vsnprintf(t->error->message, sizeof(t->error->message), format, args);
	va_end(args);
	t->error_at = offset_of(t);
	xmlStopParser(t->parser);
}

static bool is_within_limits(struct xml_tree *t, int namespaces_n, int attributes_n,
	const xmlChar **attributes)
{
	const struct codec_options *options = t->options;

	t->nodes += 1 + namespaces_n + attributes_n;
	if (t->depth > options->max_depth)
		refuse(t, true, "xml.too-deep",
			"more than %d elements inside each other", options->max_depth);
	else if (namespaces_n > options->max_attributes ||
		 attributes_n > options->max_attributes)
		refuse(t, true, "xml.too-large",
			"more than %d attributes or namespaces on one element",
			options->max_attributes);
	else if (t->nodes > MAPPING_MAX_NODES)
		refuse(t, true, "xml.too-large", "more than %d elements and attributes",
			MAPPING_MAX_NODES);
	for (int i = 0; i < attributes_n && !t->refused; i++)
		if ((size_t)(attributes[5 * i + 4] - attributes[5 * i + 3]) >
			options->max_text)
			refuse(t, true, "xml.too-large",
				"an attribute longer than %zu bytes",
				options->max_text);
	return !t->refused;
}

/* A text ends where a tag stands. */
static void end_text(struct xml_tree *t)
{
	struct element *open = t->parser->node ? t->parser->node->_private : NULL;

	if (t->dropping && open) {
		open->dropped = true;
		open->bytes = base64_size_end(&t->base64);
	}
	t->dropping = false;
	t->run = 0;
	base64_size_begin(&t->base64);
}

/* The offset of the '<' that opened the tag the parser has just read. */
static size_t find_start(const struct xml_tree *t)
{
	size_t at = offset_of(t);

	while (at > 0)
		if (t->bytes.at[--at] == '<')
			break;
	return at;
}

static void on_start(void *context, const xmlChar *local, const xmlChar *prefix,
	const xmlChar *uri, int namespaces_n, const xmlChar **namespaces,
	int attributes_n, int defaulted_n, const xmlChar **attributes)
{
	xmlParserCtxtPtr parser = context;
	struct xml_tree *t = parser->_private;

	if (t->refused)
		return;
	end_text(t);
	t->depth++;
	if (!is_within_limits(t, namespaces_n, attributes_n, attributes))
		return;
	xmlSAX2StartElementNs(parser, local, prefix, uri, namespaces_n, namespaces,
		attributes_n, defaulted_n, attributes);
	struct element *element = arena_alloc(&t->elements, sizeof(*element));

	element->start = find_start(t);
	if (parser->node)
		parser->node->_private = element;
}

static void on_end(
	void *context, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri)
{
	xmlParserCtxtPtr parser = context;
	struct xml_tree *t = parser->_private;

	if (t->refused)
		return;
	end_text(t);
	t->depth--;
	if (parser->node && parser->node->_private)
		((struct element *)parser->node->_private)->end = offset_of(t);
	xmlSAX2EndElementNs(parser, local, prefix, uri);
}

static void drop_text(xmlNodePtr node)
{
	xmlNodePtr last = node ? node->last : NULL;

	if (last && last->type == XML_TEXT_NODE) {
		xmlUnlinkNode(last);
		xmlFreeNode(last);
	}
}

static void on_text(void *context, const xmlChar *bytes, int n)
{
	xmlParserCtxtPtr parser = context;
	struct xml_tree *t = parser->_private;

	if (t->refused)
		return;
	t->run += (size_t)n;
	base64_size_add(&t->base64, (const char *)bytes, (size_t)n);
	if (!t->dropping && !t->base64.bad && t->run > MAPPING_KEEP_BYTES) {
		t->dropping = true;
		drop_text(parser->node);
	}
	if (t->dropping)
		return;
	if (t->run > t->options->max_text)
		refuse(t, false, "xml.too-large", "a text longer than %zu bytes",
			t->options->max_text);
	else
		xmlSAX2Characters(parser, bytes, n);
}

static void on_doctype(
	void *context, const xmlChar *name, const xmlChar *id, const xmlChar *system)
{
	xmlParserCtxtPtr parser = context;

	(void)name;
	(void)id;
	(void)system;
	refuse(parser->_private, true, "xml.doctype", "a DOCTYPE is not read");
}

static void on_document(void *context)
{
	xmlParserCtxtPtr parser = context;
	const xmlChar *encoding =
		parser->encoding ? parser->encoding : parser->input->encoding;

	xmlSAX2StartDocument(parser);
	if (encoding && strcasecmp((const char *)encoding, "UTF-8") != 0)
		refuse(parser->_private, true, "xml.encoding",
			"encoding %.40s is declared, only UTF-8 is read",
			(const char *)encoding);
	/* By its first bytes it is something else: what is parsed is a translation. */
	else if (parser->input->buf && parser->input->buf->encoder)
		refuse(parser->_private, true, "xml.encoding", "only UTF-8 is read");
}

static void on_error(void *context, xmlErrorPtr error)
{
	xmlParserCtxtPtr parser = context;
	struct xml_tree *t = parser->_private;
	const char *text = error->message ? error->message : "";

	/* E1: a prefix nobody declared is no failure; no path finds it. */
	if (error->level == XML_ERR_WARNING ||
		(error->domain == XML_FROM_NAMESPACE &&
			error->code == XML_NS_ERR_UNDEFINED_NAMESPACE))
		return;
	if (error->code == XML_ERR_DOCUMENT_END && t->depth > 0)
		text = "the file ends before its elements do";
	refuse(t, false, xml_error_code(parser, error), "%.*s",
		(int)strcspn(text, "\n"), text);
}

static void open_parser(struct xml_tree *t)
{
	xmlSAXHandler sax = {.initialized = XML_SAX2_MAGIC};

	xmlSAXVersion(&sax, 2);
	sax.startDocument = on_document;
	sax.startElementNs = on_start;
	sax.endElementNs = on_end;
	sax.characters = sax.ignorableWhitespace = sax.cdataBlock = on_text;
	sax.internalSubset = on_doctype;
	sax.comment = NULL;
	sax.processingInstruction = NULL;
	sax.serror = (xmlStructuredErrorFunc)on_error;
	t->parser = xmlCreatePushParserCtxt(&sax, NULL, NULL, 0, NULL);
	if (!t->parser)
		abort();
	t->parser->_private = t;
	xmlCtxtUseOptions(t->parser, XML_PARSE_NONET | XML_PARSE_COMPACT);
	/* The options put their own handlers for texts. */
	t->parser->sax->characters = t->parser->sax->ignorableWhitespace =
		t->parser->sax->cdataBlock = on_text;
}

static void *xml_open(const struct mapping *m, const struct codec_options *options)
{
	struct xml_tree *t = mem_alloc(sizeof(*t));

	t->options = options;
	t->document = m->document;
	t->xpath = mapping_xpath_new(m);
	base64_size_init(&t->base64);
	open_parser(t);
	return t;
}

static void xml_forget(void *tree, bool wipe)
{
	struct xml_tree *t = tree;

	if (t->doc)
		xmlFreeDoc(t->doc);
	t->doc = NULL;
	t->bytes = (struct slice){0};
	arena_reset(&t->elements); /* it holds no texts */
	if (!wipe)
		return;
	xmlFreeParserCtxt(t->parser);
	open_parser(t);
}

static void xml_close(void *tree)
{
	struct xml_tree *t = tree;

	if (!t)
		return;
	xml_forget(t, false);
	mapping_xpath_free(t->xpath);
	xmlFreeParserCtxt(t->parser);
	arena_deinit(&t->elements);
	free(t);
}

static void begin(struct xml_tree *t, struct slice bytes, struct codec_error *error)
{
	if (xmlDictGetUsage(t->parser->dict) > DICTIONARY_MAX) {
		xmlFreeParserCtxt(t->parser);
		open_parser(t);
	}
	xmlCtxtResetPush(t->parser, NULL, 0, NULL, NULL);
	mapping_xpath_begin(t->xpath);
	t->bytes = bytes;
	t->shift = 0;
	t->depth = t->nodes = 0;
	t->run = 0;
	t->dropping = t->refused = false;
	base64_size_begin(&t->base64);
	t->error = error;
	t->error_at = 0;
}

/* The parser waits for the end of a tag, comment or instruction: not for ever. */
static void check_waiting(struct xml_tree *t)
{
	xmlParserInputPtr in = t->parser->input;

	if (!t->refused && in && (size_t)(in->end - in->cur) > t->options->max_text)
		refuse(t, false, "xml.too-large",
			"a tag or comment longer than %zu bytes", t->options->max_text);
}

static void push_all(struct xml_tree *t, struct slice bytes)
{
	const char *nul = memchr(bytes.at, '\0', bytes.n);
	size_t n = nul ? (size_t)(nul - bytes.at) : bytes.n;

	if (n >= 3 && !memcmp(bytes.at, "\xef\xbb\xbf", 3))
		t->shift = 3;
	for (size_t at = t->shift; at < n && !t->refused; at += PUSH_BYTES) {
		size_t piece = n - at < PUSH_BYTES ? n - at : PUSH_BYTES;

		xmlParseChunk(t->parser, bytes.at + at, (int)piece, 0);
		check_waiting(t);
	}
	if (nul)
		refuse(t, false, "xml.encoding", "a NUL byte, or not UTF-8");
	else if (!t->refused)
		xmlParseChunk(t->parser, NULL, 0, 1);
	t->doc = t->parser->myDoc;
	t->parser->myDoc = NULL;
}

static int refuse_parts(struct codec_error *ret_error, const char *code,
	const char *path, const char *what)
{
	*ret_error = (struct codec_error){.code = code, .line = 1, .column = 1};
	snprintf(ret_error->message, sizeof(ret_error->message), "document: %.150s %s",
		path, what);
	return -1;
}

/* The documents among what was parsed, in their order. */
static int find_parts(struct xml_tree *t, struct slice bytes, mapping_parts *ret_parts,
	struct codec_error *ret_error)
{
	mapping_spots spots = {0};
	size_t last = 0;

	if (!t->doc || mapping_xpath_find(t->xpath, t->doc, &t->document, NULL,
			       &t->elements, &spots))
		return refuse_parts(ret_error, "mapping.path-failed", t->document.text,
			"cannot be followed here");
	for (size_t i = 0; i < spots.n; i++) {
		const xmlNode *node = spots.at[i].node;
		const struct element *element =
			node && node->type == XML_ELEMENT_NODE ? node->_private : NULL;

		if (!element || element->start < last)
			return refuse_parts(ret_error, "mapping.no-document",
				t->document.text,
				"must find elements that stand beside each other");
		last = element->end ? element->end : bytes.n;
		*LIST_ADD(&t->elements, ret_parts) = (struct mapping_part){.node = node,
			.start = element->start,
			.end = last,
			.whole = element->end != 0};
	}
	return 0;
}

static int xml_parse(void *tree, struct slice bytes, mapping_parts *ret_parts,
	size_t *ret_error_at, struct codec_error *ret_error)
{
	struct xml_tree *t = tree;
	struct codec_error of_parts;

	begin(t, bytes, ret_error);
	push_all(t, bytes);
	*ret_error_at = t->error_at < bytes.n ? t->error_at : bytes.n;
	int result = find_parts(t, bytes, ret_parts, &of_parts);

	if (t->refused)
		return -1;
	if (result)
		*ret_error = of_parts;
	return result;
}

static int xml_find(void *tree, const struct mapping_path *path, const void *node,
	struct arena *arena, mapping_spots *ret_spots)
{
	struct xml_tree *t = tree;

	return mapping_xpath_find(t->xpath, t->doc, path, node, arena, ret_spots);
}

static enum mapping_text xml_text(
	void *tree, const void *spot, struct arena *arena, struct slice *ret_text)
{
	const xmlNode *node = spot;
	const struct element *element = node->_private;

	(void)tree;
	if (node->type == XML_ELEMENT_NODE && element && element->dropped)
		return MAPPING_TEXT_DROPPED;
	if (node->children && !node->children->next && node->children->content &&
		node->children->type == XML_TEXT_NODE) {
		const char *only = (const char *)node->children->content;

		*ret_text = (struct slice){only, strlen(only)};
		return MAPPING_TEXT;
	}
	xmlChar *text = xmlNodeGetContent(node);
	size_t n = text ? strlen((const char *)text) : 0;

	*ret_text = (struct slice){
		arena_dup_n(arena, text ? (const char *)text : "", n), n};
	xmlFree(text);
	return MAPPING_TEXT;
}

static int64_t xml_file_bytes(void *tree, const void *spot, struct arena *arena)
{
	struct xml_tree *t = tree;
	const xmlNode *node = spot;
	const struct element *element = node->_private;
	struct slice text = {0};

	if (xml_text(t, node, arena, &text) == MAPPING_TEXT_DROPPED)
		return element->bytes;
	base64_size_begin(&t->base64);
	base64_size_add(&t->base64, text.at, text.n);
	return base64_size_end(&t->base64);
}

static size_t xml_place_of(void *tree, const void *spot)
{
	const xmlNode *node = spot;

	(void)tree;
	while (node && node->type != XML_ELEMENT_NODE)
		node = node->parent;
	return node && node->_private ? ((const struct element *)node->_private)->start
				      : 0;
}

const struct mapping_tree_ops mapping_xml_ops = {
	.open = xml_open,
	.close = xml_close,
	.parse = xml_parse,
	.find = xml_find,
	.text = xml_text,
	.file_bytes = xml_file_bytes,
	.place = xml_place_of,
	.forget = xml_forget,
	.root = "/*",
};
