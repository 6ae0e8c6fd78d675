#include "adapters/http_body.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>
#include <libxml/parser.h>
#include <libxml/xpath.h>

#include "gateway/base/mem.h"
#include "gateway/base/text.h"

struct http_body {
	json_t *json;
	xmlDocPtr xml;
};

/* Entities would make a short answer long: one with a document type is not read. */
static xmlDocPtr read_xml(struct slice bytes)
{
	xmlDocPtr doc = xmlReadMemory(bytes.at, (int)bytes.n, NULL, NULL,
		XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);

	if (!doc || !doc->intSubset)
		return doc;
	xmlFreeDoc(doc);
	return NULL;
}

struct http_body *http_body_open(enum http_body_kind kind, struct slice bytes)
{
	struct http_body *b = mem_alloc(sizeof(*b));

	if (kind == HTTP_BODY_JSON)
		b->json = json_loadb(bytes.at, bytes.n,
			JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, NULL);
	else
		b->xml = read_xml(bytes);
	if (b->json || b->xml)
		return b;
	free(b);
	return NULL;
}

void http_body_close(struct http_body *b)
{
	if (!b)
		return;
	json_decref(b->json);
	xmlFreeDoc(b->xml);
	free(b);
}

/* --- JSON Pointer (RFC 6901)
 * ----------------------------------------------------------- */

/* The next name of the pointer at @at, unescaped into @arena; ends where it ends. */
static const char *take_name(struct arena *arena, const char **at)
{
	size_t n = strcspn(++*at, "/");
	char *name = arena_dup_n(arena, *at, n), *out = name;

	for (const char *in = name; *in; in++) {
		bool escaped = *in == '~' && (in[1] == '0' || in[1] == '1');

		*out++ = !escaped ? *in : *++in == '0' ? '~' : '/';
	}
	*out = '\0';
	*at += n;
	return name;
}

static const json_t *find_json(const json_t *json, const char *at, struct arena *arena)
{
	while (json && *at == '/') {
		const char *name = take_name(arena, &at);
		int64_t index;

		if (!json_is_array(json))
			json = json_object_get(json, name);
		else if (text_parse_int(name, 0, INT32_MAX, &index))
			json = json_array_get(json, (size_t)index);
		else
			json = NULL;
	}
	return json;
}

static const char *text_of(const json_t *value, struct arena *arena)
{
	if (json_is_string(value))
		return arena_dup(arena, json_string_value(value));
	if (!value || json_is_null(value) || json_is_object(value) ||
		json_is_array(value))
		return NULL;
	cleanup_free char *text = json_dumps(value, JSON_ENCODE_ANY);

	return arena_dup(arena, text);
}

/* --- XPath ---------------------------------------------------------------------- */

/* libxml2 would write to stderr. */
static void say_nothing(void *context, xmlErrorPtr error)
{
	(void)context;
	(void)error;
}

static xmlXPathContextPtr context_new(xmlDocPtr doc)
{
	xmlXPathContextPtr context = xmlXPathNewContext(doc);

	context->error = say_nothing;
	return context;
}

static const char *find_xml(xmlDocPtr doc, const char *at, struct arena *arena)
{
	xmlXPathContextPtr context = context_new(doc);
	xmlXPathObjectPtr found = xmlXPathEvalExpression((const xmlChar *)at, context);
	const char *text = NULL;

	if (found && !(found->type == XPATH_NODESET &&
			     xmlXPathNodeSetIsEmpty(found->nodesetval))) {
		xmlChar *bytes = xmlXPathCastToString(found);

		text = text_clean(
			arena, (const char *)bytes, strlen((const char *)bytes), NULL);
		xmlFree(bytes);
	}
	xmlXPathFreeObject(found);
	xmlXPathFreeContext(context);
	return text;
}

const char *http_body_find(struct http_body *b, const char *at, struct arena *arena)
{
	return b->json ? text_of(find_json(b->json, at, arena), arena)
		       : find_xml(b->xml, at, arena);
}

bool http_body_is_place(enum http_body_kind kind, const char *at)
{
	if (kind == HTTP_BODY_JSON)
		return *at == '/';
	xmlXPathContextPtr context = context_new(NULL);
	xmlXPathCompExprPtr compiled =
		xmlXPathCtxtCompile(context, (const xmlChar *)at);
	bool is = compiled != NULL;

	xmlXPathFreeCompExpr(compiled);
	xmlXPathFreeContext(context);
	return is;
}
