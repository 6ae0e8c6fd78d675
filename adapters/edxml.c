#include "adapters/edxml.h"

#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "adapters/edxml_reader.h"
#include "gateway/base/mem.h"
#include "gateway/base/text.h"

enum {
	NAMES = 128, /* more than edxml_rows has different names */
	SLOTS = 512, /* of the name hash; a power of two */
	NAMESPACES = 8,
	DICTIONARY_MAX = 1 << 20, /* names strangers made us keep: then begin anew */
	METADATA_MAX = 64 << 20,
};

struct name_slot {
	const xmlChar *name;
	uint8_t id;
};

struct edxml {
	struct edxml_reader r;
	xmlParserCtxtPtr parser;
	struct name_slot slots[SLOTS];
	uint8_t next[EDXML_STATES][NAMES]; /* state by parent and name */
	uint8_t ranks[EDXML_STATES][NAMES];
	uint8_t names_n;
	const xmlChar *namespaces[NAMESPACES];
	const xmlChar *soap[2], *soap_envelope, *soap_header, *soap_body;
	const xmlChar *last_known; /* the namespace most elements have */

	int skip;   /* open elements of a subtree that is passed over */
	int open;   /* all open elements */
	size_t run; /* bytes of the text being read, wherever it is */
	int64_t bytes;
	enum edxml_text wanted; /* of the top element */
	bool refused, done, found;
	int line, column; /* of the header, for what the whole document lacks */
	struct codec_error error;
};

/* Line and column of the '<' that opened what the parser stands in. */
static void find_position(struct edxml *x, bool tag, int *ret_line, int *ret_column)
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

/* Refuse the document because of the element that is just being opened. */
__attribute__((format(printf, 3, 4))) static void refuse_tag(
        struct edxml *x, const char *code, const char *format, ...)
{
	int line, column;
	va_list args;

	find_position(x, true, &line, &column);
	va_start(args, format);
	refuse_at(x, code, line, column, format, args);
	va_end(args);
}

/* Refuse it because of what stands where the parser is. */
__attribute__((format(printf, 3, 4))) static void refuse_here(
        struct edxml *x, const char *code, const char *format, ...)
{
	int line, column;
	va_list args;

	find_position(x, false, &line, &column);
	va_start(args, format);
	refuse_at(x, code, line, column, format, args);
	va_end(args);
}

static unsigned slot_of(const xmlChar *name)
{
	uintptr_t p = (uintptr_t)name;

	return (unsigned)((p >> 1) ^ (p >> 9)) % SLOTS;
}

/* The number of an interned name, 0 when no row has it. */
static unsigned name_id(const struct edxml *x, const xmlChar *name)
{
	for (unsigned i = slot_of(name);; i = (i + 1) % SLOTS) {
		if (x->slots[i].name == name)
			return x->slots[i].id;
		if (!x->slots[i].name)
			return 0;
	}
}

static unsigned add_name(struct edxml *x, const char *text)
{
	const xmlChar *name = xmlDictLookup(x->parser->dict, (const xmlChar *)text, -1);
	unsigned known = name_id(x, name), i = slot_of(name);

	if (known)
		return known;
	while (x->slots[i].name)
		i = (i + 1) % SLOTS;
	x->slots[i] = (struct name_slot){name, ++x->names_n};
	return x->names_n;
}

static bool is_known_namespace(struct edxml *x, const xmlChar *uri)
{
	if (uri == x->last_known)
		return uri != NULL;
	for (unsigned i = 0; uri && i < edxml_namespaces_n; i++)
		if (x->namespaces[i] == uri) {
			x->last_known = uri;
			return true;
		}
	return false;
}

static bool is_soap(const struct edxml *x, const xmlChar *uri)
{
	return uri && (uri == x->soap[0] || uri == x->soap[1]);
}

static void note_namespace(struct edxml *x, const xmlChar *local, const xmlChar *uri)
{
	x->found = true;
	for (unsigned i = 0; i < edxml_namespaces_n; i++)
		if (x->namespaces[i] == uri && edxml_namespaces[i].quirk)
			edxml_quirk(&x->r, edxml_namespaces[i].quirk,
			        (const char *)local, (const char *)uri);
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
	enum edxml_state state = x->next[parent][name_id(x, local)];

	if (parent == EDXML_SOAP)
		return is_soap(x, uri) && (local == x->soap_header ||
		                                  local == x->soap_body)
		               ? EDXML_SOAP_PART
		               : EDXML_KNOWN;
	if (is_known_namespace(x, uri) && state != EDXML_UNKNOWN) {
		note_namespace(x, local, uri);
		return state;
	}
	if (parent == EDXML_START && is_soap(x, uri) && local == x->soap_envelope)
		return EDXML_SOAP;
	if (parent == EDXML_SOAP_PART && state == EDXML_UNKNOWN)
		return EDXML_SOAP_PART;
	refuse_tag(x, "edxml.unknown-root",
	        "the root %.60s in namespace %.100s is no edXML", (const char *)local,
	        uri ? (const char *)uri : "(none)");
	return EDXML_UNKNOWN;
}

/* Elements of the tree are known by name; what is foreign is passed over (E1). */
static enum edxml_state find_inner(struct edxml *x, const struct edxml_frame *parent,
        const xmlChar *local, const xmlChar *prefix, const xmlChar *uri)
{
	struct edxml_reader *r = &x->r;
	bool own = is_known_namespace(x, uri) || (!uri && prefix);
	enum edxml_state state =
	        own ? x->next[parent->state][name_id(x, local)] : EDXML_UNKNOWN;

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
	uint8_t rank = x->ranks[parent->state][name_id(x, local)];

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
		refuse_tag(x, "xml.too-deep", "more than %d elements inside each other",
		        options->max_depth);
		return false;
	}
	if (namespaces_n > options->max_attributes ||
	        attributes_n > options->max_attributes) {
		refuse_tag(x, "xml.too-large",
		        "more than %d attributes or namespaces on one element",
		        options->max_attributes);
		return false;
	}
	for (int i = 0; i < attributes_n; i++)
		if ((size_t)(attributes[5 * i + 4] - attributes[5 * i + 3]) >
		        options->max_text) {
			refuse_tag(x, "xml.too-large",
			        "an attribute longer than %zu bytes",
			        options->max_text);
			return false;
		}
	if (x->r.ev->arena.used > METADATA_MAX) {
		refuse_tag(x, "xml.too-large", "more than %d bytes of metadata",
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
		find_position(x, true, &x->line, &x->column);
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
		refuse_here(x, "xml.too-large", "a text longer than %zu bytes",
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
	refuse_tag(x, "xml.doctype", "a DOCTYPE is not read");
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
		refuse_tag(x, "xml.encoding",
		        "encoding %.40s is declared, only UTF-8 is read",
		        (const char *)encoding);
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

static void on_error(void *context, xmlErrorPtr error)
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
	refuse_here(x, code, "%.*s", (int)strcspn(text, "\n"), text);
}

static void intern(struct edxml *x)
{
	xmlDictPtr dict = x->parser->dict;

	memset(x->slots, 0, sizeof(x->slots));
	x->names_n = 0;
	x->last_known = NULL;
	for (unsigned i = 0; i < edxml_rows_n; i++) {
		const struct edxml_row *row = &edxml_rows[i];
		unsigned id = add_name(x, row->name);

		x->next[row->parent][id] = (uint8_t)row->state;
		x->ranks[row->parent][id] = row->rank;
	}
	for (unsigned i = 0; i < edxml_namespaces_n; i++)
		x->namespaces[i] = xmlDictLookup(
		        dict, (const xmlChar *)edxml_namespaces[i].uri, -1);
	for (unsigned i = 0; i < 2; i++)
		x->soap[i] = xmlDictLookup(
		        dict, (const xmlChar *)edxml_soap_namespaces[i], -1);
	x->soap_envelope = xmlDictLookup(dict, (const xmlChar *)"Envelope", -1);
	x->soap_header = xmlDictLookup(dict, (const xmlChar *)"Header", -1);
	x->soap_body = xmlDictLookup(dict, (const xmlChar *)"Body", -1);
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
	        .serror = (xmlStructuredErrorFunc)on_error,
	};

	x->parser = xmlCreatePushParserCtxt(&sax, x, NULL, 0, NULL);
	if (!x->parser)
		abort();
	xmlCtxtUseOptions(x->parser, XML_PARSE_NONET);
	intern(x);
}

struct edxml *edxml_new(const struct codec_options *options)
{
	struct edxml *x = mem_alloc(sizeof(*x));

	x->r.options = options;
	x->r.stack = mem_alloc(((size_t)options->max_depth + 2) * sizeof(*x->r.stack));
	x->r.text.max = options->max_text;
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
		refuse_here(x, "xml.too-large",
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
	refuse_here(x, "xml.encoding", "a NUL byte, or not UTF-8");
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
		refuse_here(x, "xml.too-large", "more than %lld bytes",
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
		refuse_here(x, "edxml.unknown-root", "no edXML inside");
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
