#include "adapters/mapping_xpath.h"

#include <ctype.h>
#include <libxml/tree.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/base/mem.h"

/* Steps all paths together may take in one message: a second or so. A path that looks
 * at its document's neighbours takes as many as there are, document by document. */
enum { STEPS_MAX = 30 * 1000 * 1000 };

struct mapping_xpath {
	xmlXPathContextPtr context;
	xmlXPathCompExprPtr *compiled;
	size_t n;
};

/* libxml2's complaint of a path, in words for the one who wrote it. */
static void on_error(void *context, xmlErrorPtr error)
{
	char *why = context;

	if (!why || *why)
		return;
	if (error->code == XML_XPATH_UNDEF_VARIABLE_ERROR)
		snprintf(why, MAPPING_WHY, "there are no variables");
	else if (error->code == XML_XPATH_UNCLOSED_ERROR)
		snprintf(why, MAPPING_WHY, "a quotation mark is not closed");
	else
		snprintf(why, MAPPING_WHY, "it is not understood from character %d on",
			error->int1 + 1);
}

static void unknown_function(xmlXPathParserContextPtr parser, int arguments_n)
{
	(void)arguments_n;
	xmlXPathErr(parser, XPATH_UNKNOWN_FUNC_ERROR);
}

/* Asked first for every function. What nobody knows gets one that fails: libxml2 itself
 * would print a line. */
static xmlXPathFunction find_function(
	void *lookup, const xmlChar *name, const xmlChar *uri)
{
	xmlXPathContextPtr context = lookup;
	char *why = context->userData;

	if (xmlHashLookup2(context->funcHash, name, uri))
		return NULL;
	if (why && !*why)
		snprintf(why, MAPPING_WHY, "there is no function %.60s()",
			(const char *)name);
	return unknown_function;
}

static xmlXPathContextPtr context_new(const struct mapping *m, xmlDocPtr doc, char *why)
{
	xmlXPathContextPtr context = xmlXPathNewContext(doc);

	if (!context)
		abort();
	context->error = (xmlStructuredErrorFunc)on_error;
	context->userData = why;
	xmlXPathRegisterFuncLookup(context, find_function, context);
	for (size_t i = 0; i < m->namespaces_n; i++)
		xmlXPathRegisterNs(context, (const xmlChar *)m->namespaces[i].prefix,
			(const xmlChar *)m->namespaces[i].uri);
	return context;
}

struct mapping_xpath *mapping_xpath_new(const struct mapping *m)
{
	struct mapping_xpath *x = mem_alloc(sizeof(*x));

	x->context = context_new(m, NULL, NULL);
	xmlXPathContextSetCache(x->context, 1, -1, 0);
	x->context->opLimit = STEPS_MAX;
	x->n = m->paths_n;
	x->compiled = mem_alloc((x->n + 1) * sizeof(*x->compiled));
	for (size_t i = 0; i < x->n; i++)
		x->compiled[i] =
			xmlXPathCtxtCompile(x->context, (const xmlChar *)m->paths[i]);
	return x;
}

void mapping_xpath_free(struct mapping_xpath *x)
{
	if (!x)
		return;
	for (size_t i = 0; i < x->n; i++)
		xmlXPathFreeCompExpr(x->compiled[i]);
	xmlXPathFreeContext(x->context);
	free(x->compiled);
	free(x);
}

void mapping_xpath_begin(struct mapping_xpath *x)
{
	x->context->opCount = 0;
}

static void take_nodes(xmlNodeSetPtr set, struct arena *arena, mapping_spots *ret_spots)
{
	xmlXPathNodeSetSort(set);
	for (int i = 0; set && i < set->nodeNr; i++)
		/* A namespace's node lives no longer than the set. */
		if (set->nodeTab[i]->type != XML_NAMESPACE_DECL)
			LIST_ADD(arena, ret_spots)->node = set->nodeTab[i];
}

static void take_result(
	xmlXPathObjectPtr result, struct arena *arena, mapping_spots *ret_spots)
{
	if (result->type == XPATH_NODESET) {
		take_nodes(result->nodesetval, arena, ret_spots);
		return;
	}
	xmlChar *text = xmlXPathCastToString(result);

	LIST_ADD(arena, ret_spots)->text = arena_dup(arena, (const char *)text);
	xmlFree(text);
}

int mapping_xpath_find(struct mapping_xpath *x, struct _xmlDoc *doc,
	const struct mapping_path *path, const void *node, struct arena *arena,
	mapping_spots *ret_spots)
{
	xmlXPathContextPtr context = x->context;
	/* libxml2 follows paths only in what it might change. */
	xmlNodePtr from = node ? (xmlNodePtr)(uintptr_t)node : (xmlNodePtr)doc;

	/* Spent: libxml2 would begin all the same, and print a line. */
	if (context->opCount >= context->opLimit)
		return -1;
	context->doc = doc;
	context->node = from;
	xmlXPathObjectPtr result =
		x->compiled[path->number]
			? xmlXPathCompiledEval(x->compiled[path->number], context)
			: NULL;

	if (!result)
		return -1;
	take_result(result, arena, ret_spots);
	xmlXPathFreeObject(result);
	return 0;
}

static bool is_name(char c)
{
	return isalnum((unsigned char)c) || (unsigned char)c >= 0x80 ||
	       strchr("-_.", c) != NULL;
}

static bool is_declared(const struct mapping *m, const char *prefix, size_t n)
{
	for (size_t i = 0; i < m->namespaces_n; i++)
		if (strlen(m->namespaces[i].prefix) == n &&
			!strncmp(m->namespaces[i].prefix, prefix, n))
			return true;
	return n == 3 && !strncmp(prefix, "xml", 3);
}

/* Inside a condition libxml2 looks for a prefix only when a document is there. */
static int judge_prefixes(
	const struct mapping *m, const char *path, char ret_why[MAPPING_WHY])
{
	for (const char *p = path; *p;) {
		size_t n = 0;

		while (p[n] && is_name(p[n]))
			n++;
		if (n && p[n] == ':' && p[n + 1] != ':' && !is_declared(m, p, n)) {
			snprintf(ret_why, MAPPING_WHY,
				"`namespaces` declares no prefix `%.*s`", (int)n, p);
			return -1;
		}
		if (!n && (*p == '"' || *p == '\'')) {
			const char *end = strchr(p + 1, *p);

			p = end ? end : p;
		}
		/* Past `::` too, so that what follows an axis is looked at. */
		p += n ? n : 1;
	}
	return 0;
}

int mapping_xml_judge_path(
	const struct mapping *m, const char *path, char ret_why[MAPPING_WHY])
{
	xmlDocPtr empty = xmlNewDoc(NULL);
	xmlDocSetRootElement(empty, xmlNewNode(NULL, (const xmlChar *)"empty"));
	xmlXPathContextPtr context = context_new(m, empty, ret_why);

	*ret_why = '\0';
	xmlXPathCompExprPtr compiled =
		xmlXPathCtxtCompile(context, (const xmlChar *)path);
	int result = compiled ? judge_prefixes(m, path, ret_why) : -1;

	if (compiled && !result) {
		/* A function or variable nobody knows is met only when followed. */
		context->node = xmlDocGetRootElement(empty);
		xmlXPathObjectPtr found = xmlXPathCompiledEval(compiled, context);

		result = found ? 0 : -1;
		xmlXPathFreeObject(found);
	}
	xmlXPathFreeCompExpr(compiled);
	xmlXPathFreeContext(context);
	xmlFreeDoc(empty);
	return result;
}
