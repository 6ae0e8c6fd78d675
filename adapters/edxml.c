#include "adapters/edxml.h"

#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "adapters/edxml_parser.h"
#include "gateway/base/mem.h"

enum {
	DICTIONARY_MAX = 1 << 20, /* names strangers made us keep: then begin anew */
	METADATA_MAX = 64 << 20,
};

static void note_namespace(struct edxml *x, const xmlChar *local, const xmlChar *uri)
{
	const char *quirk = edxml_lookup_namespace_quirk(&x->lookup, uri);

	x->found = true;
	if (quirk)
		edxml_quirk(&x->r, quirk, (const char *)local, (const char *)uri);
}

static bool is_tree(enum edxml_state parent)
{
	return parent != EDXML_START && parent != EDXML_SOAP &&
	       parent != EDXML_SOAP_PART;
}

/* The state of a child of the document itself, of SOAP, or of what SOAP wraps. */
static enum edxml_state find_outer(struct edxml *x, enum edxml_state parent,
	const xmlChar *local, const xmlChar *uri)
{
	enum edxml_state state =
		x->lookup.next[parent][edxml_lookup_name(&x->lookup, local)];

	if (parent == EDXML_SOAP)
		return edxml_lookup_is_soap(&x->lookup, uri) &&
				       (local == x->lookup.soap_header ||
					       local == x->lookup.soap_body)
			       ? EDXML_SOAP_PART
			       : EDXML_KNOWN;
	if (edxml_lookup_knows(&x->lookup, uri) && state != EDXML_UNKNOWN) {
		note_namespace(x, local, uri);
		return state;
	}
	if (parent == EDXML_START && edxml_lookup_is_soap(&x->lookup, uri) &&
		local == x->lookup.soap_envelope)
		return EDXML_SOAP;
	if (parent == EDXML_SOAP_PART && state == EDXML_UNKNOWN)
		return EDXML_SOAP_PART;
	edxml_refuse_tag(x, "edxml.unknown-root",
		"the root %.60s in namespace %.100s is no edXML", (const char *)local,
		uri ? (const char *)uri : "(none)");
	return EDXML_UNKNOWN;
}

/* Elements of the tree are known by name; what is foreign is passed over (E1). */
static enum edxml_state find_inner(struct edxml *x, const struct edxml_frame *parent,
	const xmlChar *local, const xmlChar *prefix, const xmlChar *uri)
{
	struct edxml_reader *r = &x->r;
	bool own = edxml_lookup_knows(&x->lookup, uri) || (!uri && prefix);
	enum edxml_state state = own ? x->lookup.next[parent->state][edxml_lookup_name(
					       &x->lookup, local)]
				     : EDXML_UNKNOWN;

	if (state != EDXML_UNKNOWN)
		return state;
	if (parent->state == EDXML_ROOT)
		edxml_quirk(r, "root.foreign-child", (const char *)local, NULL);
	else if (own)
		edxml_quirk(r, "element.unknown", (const char *)local, NULL);
	return EDXML_KNOWN;
}

static void once(struct edxml_reader *r, enum edxml_once which, const char *code,
	const char *child)
{
	if (r->once & which)
		return;
	r->once |= which;
	edxml_quirk(r, code, child, NULL);
}

/* Quirks of a child as such: its place among its siblings, and its prefix. */
static void judge_child(struct edxml *x, struct edxml_frame *parent,
	enum edxml_state state, const xmlChar *local, const xmlChar *prefix)
{
	struct edxml_reader *r = &x->r;
	uint8_t rank =
		x->lookup.ranks[parent->state][edxml_lookup_name(&x->lookup, local)];

	if (rank && rank < parent->rank)
		once(r, EDXML_ONCE_ORDER, "order.unusual", (const char *)local);
	else if (rank)
		parent->rank = rank;
	if (!prefix && state >= EDXML_ENVELOPE)
		once(r, EDXML_ONCE_DEFAULT_CHILDREN, "ns.default-children",
			(const char *)local);
}

static bool is_within_limits(
	struct edxml *x, int namespaces_n, int attributes_n, const xmlChar **attributes)
{
	const struct codec_options *options = x->r.options;

	if (x->open > options->max_depth) {
		edxml_refuse_tag(x, "xml.too-deep",
			"more than %d elements inside each other", options->max_depth);
		return false;
	}
	if (namespaces_n > options->max_attributes ||
		attributes_n > options->max_attributes) {
		edxml_refuse_tag(x, "xml.too-large",
			"more than %d attributes or namespaces on one element",
			options->max_attributes);
		return false;
	}
	for (int i = 0; i < attributes_n; i++)
		if ((size_t)(attributes[5 * i + 4] - attributes[5 * i + 3]) >
			options->max_text) {
			edxml_refuse_tag(x, "xml.too-large",
				"an attribute longer than %zu bytes",
				options->max_text);
			return false;
		}
	if (x->r.ev->arena.used > METADATA_MAX) {
		edxml_refuse_tag(x, "xml.too-large", "more than %d bytes of metadata",
			METADATA_MAX);
		return false;
	}
	return true;
}

static void on_start(void *context, const xmlChar *local, const xmlChar *prefix,
	const xmlChar *uri, int namespaces_n, const xmlChar **namespaces,
	int attributes_n, int defaulted_n, const xmlChar **attributes)
{
	struct edxml *x = context;
	struct edxml_reader *r = &x->r;

	(void)namespaces;
	(void)defaulted_n;
	if (x->refused || x->done)
		return;
	x->run = 0;
	x->open++;
	if (!is_within_limits(x, namespaces_n, attributes_n, attributes))
		return;
	if (x->skip) {
		x->skip++;
		return;
	}
	struct edxml_frame *parent = &r->stack[r->depth];
	enum edxml_state state = is_tree(parent->state)
					 ? find_inner(x, parent, local, prefix, uri)
					 : find_outer(x, parent->state, local, uri);

	if (x->refused)
		return;
	if (is_tree(parent->state))
		judge_child(x, parent, state, local, prefix);
	if (state == EDXML_SIGNATURE)
		edxml_quirk(r, "signature.unverifiable", (const char *)local, NULL);
	if (state <= EDXML_SIGNATURE) {
		x->skip = 1;
		return;
	}
	r->stack[++r->depth] =
		(struct edxml_frame){.name = (const char *)local, .state = state};
	x->wanted = edxml_text_of(state);
	if (state == EDXML_ROOT || state == EDXML_ENVELOPE || state == EDXML_MESSAGE)
		edxml_find_position(x, true, &x->line, &x->column);
	edxml_enter(r, state);
}

static void on_end(
	void *context, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri)
{
	struct edxml *x = context;
	struct edxml_reader *r = &x->r;

	(void)local;
	(void)prefix;
	(void)uri;
	if (x->refused || x->done)
		return;
	x->run = 0;
	x->open--;
	if (x->skip) {
		x->skip--;
		return;
	}
	enum edxml_state state = r->stack[r->depth].state;

	edxml_leave(r, state);
	r->depth--;
	x->wanted = edxml_text_of(r->stack[r->depth].state);
	if (state == EDXML_MANIFEST && r->options->stop_after_header) {
		x->done = true;
		xmlStopParser(x->parser);
	}
}

static void on_text(void *context, const xmlChar *bytes, int n)
{
	struct edxml *x = context;

	if (x->refused || x->done)
		return;
	if (x->wanted == EDXML_TEXT_BYTES && !x->skip) {
		edxml_files_add(x->r.files, (const char *)bytes, (size_t)n);
		return;
	}
	x->run += (size_t)n;
	if (x->run > x->r.options->max_text) {
		edxml_refuse_here(x, "xml.too-large", "a text longer than %zu bytes",
			x->r.options->max_text);
		return;
	}
	if (x->wanted == EDXML_TEXT_WHOLE && !x->skip)
		buf_add(&x->r.text, (const char *)bytes, (size_t)n);
}

static void on_comment(void *context, const xmlChar *text)
{
	struct edxml *x = context;

	(void)text;
	if (!x->refused && !x->done)
		once(&x->r, EDXML_ONCE_COMMENT, "comment.present", NULL);
}

static void on_doctype(
	void *context, const xmlChar *name, const xmlChar *id, const xmlChar *system)
{
	struct edxml *x = context;

	(void)name;
	(void)id;
	(void)system;
	edxml_refuse_tag(x, "xml.doctype", "a DOCTYPE is not read");
}

static void on_document(void *context)
{
	struct edxml *x = context;
	xmlParserCtxtPtr parser = x->parser;
	const xmlChar *encoding =
		parser->encoding ? parser->encoding : parser->input->encoding;

	if (!encoding)
		edxml_quirk(&x->r, "encoding.undeclared", NULL, NULL);
	else if (strcasecmp((const char *)encoding, "UTF-8") != 0 &&
		 strcasecmp((const char *)encoding, "US-ASCII") != 0 &&
		 strcasecmp((const char *)encoding, "ASCII") != 0)
		edxml_refuse_tag(x, "xml.encoding",
			"encoding %.40s is declared, only UTF-8 is read",
			(const char *)encoding);
}

/*
 * X1: libxml2 cannot be asked where it put a text, so all it frees is overwritten
 * first. Before main, for nothing may be allocated while its functions change, and
 * because libxml2 sets itself up without a lock when two threads are the first to ask.
 */
__attribute__((constructor)) static void leave_nothing(void)
{
	xmlMemSetup(mem_wipe, malloc, mem_resize_wiping, strdup);
	xmlInitParser();
}

static const xmlChar *intern(void *dictionary, const char *text)
{
	return xmlDictLookup(dictionary, (const xmlChar *)text, -1);
}

static void open_parser(struct edxml *x)
{
	xmlSAXHandler sax = {
		.initialized = XML_SAX2_MAGIC,
		.startDocument = on_document,
		.startElementNs = on_start,
		.endElementNs = on_end,
		.characters = on_text,
		.ignorableWhitespace = on_text,
		.cdataBlock = on_text,
		.comment = on_comment,
		.internalSubset = on_doctype,
		.serror = (xmlStructuredErrorFunc)edxml_on_error,
	};

	x->parser = xmlCreatePushParserCtxt(&sax, x, NULL, 0, NULL);
	if (!x->parser)
		abort();
	xmlCtxtUseOptions(x->parser, XML_PARSE_NONET);
	edxml_lookup_fill(&x->lookup, intern, x->parser->dict);
}

struct edxml *edxml_new(const struct codec_options *options)
{
	struct edxml *x = mem_alloc(sizeof(*x));

	x->r.options = options;
	x->r.stack = mem_alloc(((size_t)options->max_depth + 2) * sizeof(*x->r.stack));
	x->r.text = (struct buf){.max = options->max_text, .wipe = true};
	x->r.files = edxml_files_new(options->hash_attachments);
	open_parser(x);
	return x;
}

void edxml_free(struct edxml *x)
{
	if (!x)
		return;
	event_free(x->r.ev);
	edxml_files_free(x->r.files);
	buf_deinit(&x->r.text);
	buf_deinit(&x->r.path);
	free(x->r.stack);
	xmlFreeParserCtxt(x->parser);
	free(x);
}

void edxml_forget(struct edxml *x)
{
	struct edxml_reader *r = &x->r;

	xmlFreeParserCtxt(x->parser);
	open_parser(x);
	buf_deinit(&r->text);
	buf_deinit(&r->path);
	explicit_bzero(&x->error, sizeof(x->error));
}

void edxml_begin(struct edxml *x)
{
	struct edxml_reader *r = &x->r;

	if (xmlDictGetUsage(x->parser->dict) > DICTIONARY_MAX) {
		xmlFreeParserCtxt(x->parser);
		open_parser(x);
	}
	xmlCtxtResetPush(x->parser, NULL, 0, NULL, NULL);
	event_free(r->ev);
	*r = (struct edxml_reader){.options = r->options,
		.ev = event_new(),
		.stack = r->stack,
		.text = r->text,
		.path = r->path,
		.files = r->files};
	r->stack[0] = (struct edxml_frame){.name = "", .state = EDXML_START};
	edxml_files_reset(r->files);
	x->skip = x->open = 0;
	x->run = 0;
	x->bytes = 0;
	x->wanted = EDXML_TEXT_NONE;
	x->refused = x->done = x->found = false;
	x->error = (struct codec_error){0};
}

/* The parser waits for the end of a tag, comment or instruction: not for ever. */
static void check_waiting(struct edxml *x)
{
	xmlParserInputPtr in = x->parser->input;

	/* A stopped parser's input is no longer to be looked at. */
	if (x->refused || x->done)
		return;
	if (in && (size_t)(in->end - in->cur) > x->r.options->max_text)
		edxml_refuse_here(x, "xml.too-large",
			"a tag or comment longer than %zu bytes",
			x->r.options->max_text);
}

/* The place of a NUL: what the parser has not yet taken lies before it. */
static void refuse_nul(struct edxml *x)
{
	xmlParserInputPtr in = x->parser->input;

	if (x->refused || x->done)
		return;
	for (; in && in->cur < in->end; in->cur++) {
		in->col++;
		if (*in->cur == '\n') {
			in->line++;
			in->col = 1;
		}
	}
	edxml_refuse_here(x, "xml.encoding", "a NUL byte, or not UTF-8");
}

bool edxml_push(struct edxml *x, const char *bytes, size_t n, bool last)
{
	const char *nul = n ? memchr(bytes, '\0', n) : NULL;

	if (x->bytes == 0 && n >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) {
		bytes += 3;
		n -= 3;
	}
	x->bytes += (int64_t)n;
	if (x->bytes > x->r.options->max_bytes)
		edxml_refuse_here(x, "xml.too-large", "more than %lld bytes",
			(long long)x->r.options->max_bytes);
	if (nul) {
		/* Among the first four bytes it is UTF-16 or UTF-32: nothing to parse.
		 */
		if (nul - bytes > 3)
			xmlParseChunk(x->parser, bytes, (int)(nul - bytes), 0);
		refuse_nul(x);
	} else if (!x->refused) {
		xmlParseChunk(x->parser, bytes, (int)n, last);
		if (!last)
			check_waiting(x);
	}
	return !x->refused && !x->done;
}

enum codec_result edxml_end(
	struct edxml *x, struct event **ret_event, struct codec_error *ret_error)
{
	const char *lacks = NULL;

	if (!x->refused && !x->found)
		edxml_refuse_here(x, "edxml.unknown-root", "no edXML inside");
	if (!edxml_finish(&x->r, x->refused, &lacks)) {
		x->refused = true;
		x->error.code = "edxml.no-identity";
		x->error.line = x->line;
		x->error.column = x->column;
		snprintf(x->error.message, sizeof(x->error.message), "%s", lacks);
	}
	*ret_event = STEAL(x->r.ev);
	if (!x->refused)
		return CODEC_OK;
	*ret_error = x->error;
	return CODEC_REFUSED;
}
