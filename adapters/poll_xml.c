/*
 * Lists in XML: a path is an XPath, for lists without namespaces or with names asked
 * for by local-name(). No DTD, no entities, nothing fetched (as everywhere, E3).
 */
#include "adapters/poll_tree.h"

#include <stdlib.h>
#include <string.h>

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <libxml/xpath.h>

#include "gateway/base/mem.h"

enum { MOST_STEPS = 10 * 1000 * 1000 }; /* of one XPath, before it fails */

struct xml_tree {
	xmlDoc *doc;
	xmlXPathContext *xpath;
};

static void xml_free(void *tree)
{
	struct xml_tree *x = tree;

	if (!x)
		return;
	xmlXPathFreeContext(x->xpath);
	xmlFreeDoc(x->doc);
	free(x);
}
MEM_CLEANUP(tree, struct xml_tree, xml_free)

/* libxml2 would write to stderr. */
static void be_quiet(void *context, xmlErrorPtr error)
{
	(void)context, (void)error;
}

static void *xml_parse(struct slice bytes, struct err *e)
{
	const int options = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING;
	cleanup(tree) struct xml_tree *x = mem_alloc(sizeof(*x));

	if (bytes.n > 0 && bytes.n <= INT32_MAX)
		x->doc = xmlReadMemory(bytes.at, (int)bytes.n, NULL, NULL, options);
	if (!x->doc || !xmlDocGetRootElement(x->doc)) {
		err_set(e, ERR_UNAVAILABLE, "it is not XML");
		return NULL;
	}
	if (x->doc->intSubset) {
		err_set(e, ERR_UNAVAILABLE, "it has a document type, which is refused");
		return NULL;
	}
	x->xpath = xmlXPathNewContext(x->doc);
	x->xpath->error = be_quiet;
	x->xpath->opLimit = MOST_STEPS;
	return STEAL(x);
}

static const void *xml_root(void *tree)
{
	return ((struct xml_tree *)tree)->doc;
}

static xmlXPathObject *find(struct xml_tree *x, const void *node, const char *path)
{
	/* libxml2 promises not to change what it evaluates on. */
	xmlXPathSetContextNode((xmlNode *)(uintptr_t)node, x->xpath);
	return xmlXPathEval((const xmlChar *)path, x->xpath);
}

static bool is_something(const xmlXPathObject *found)
{
	return found && !(found->type == XPATH_NODESET &&
				xmlXPathNodeSetIsEmpty(found->nodesetval));
}

/* Is there what the items would be in? `/list/doc` of another answer is as empty as
 * that of an empty list; the difference is `/list`. */
static bool has_place(struct xml_tree *x, const char *path)
{
	const char *step = strrchr(path, '/');

	if (!step || step == path || step[-1] == '/')
		return false;
	cleanup_free char *place = mem_dup_n(path, (size_t)(step - path));
	xmlXPathObject *found = find(x, x->doc, place);
	bool has = is_something(found);

	xmlXPathFreeObject(found);
	return has;
}

static int xml_items(
	void *tree, const char *path, struct arena *arena, const void ***ret_items)
{
	struct xml_tree *x = tree;
	xmlXPathObject *found = find(x, x->doc, path);
	int n = -1;

	if (found && found->type == XPATH_NODESET) {
		n = xmlXPathNodeSetGetLength(found->nodesetval);
		*ret_items = arena_alloc(arena, ((size_t)n + 1) * sizeof(**ret_items));
	}
	for (int i = 0; i < n; i++) {
		const xmlNode *node = xmlXPathNodeSetItem(found->nodesetval, i);

		(*ret_items)[i] = node;
		if (node->type != XML_ELEMENT_NODE)
			n = -1; /* attributes and texts are no entries */
	}
	xmlXPathFreeObject(found);
	return n == 0 && !has_place(x, path) ? -1 : n;
}

static const char *xml_text(
	void *tree, const void *node, const char *path, struct arena *arena)
{
	xmlXPathObject *found = find(tree, node, path);
	const char *text = NULL;

	if (is_something(found)) {
		xmlChar *value = xmlXPathCastToString(found);

		text = arena_dup(arena, (const char *)value);
		xmlFree(value);
	}
	xmlXPathFreeObject(found);
	return text;
}

/* A node with what it needs of the namespaces around it. */
static struct slice xml_whole(void *tree, const void *node, struct arena *arena)
{
	xmlDoc *alone = xmlNewDoc((const xmlChar *)"1.0");
	xmlNode *copy = xmlDocCopyNode((xmlNode *)(uintptr_t)node, alone, 1);
	xmlChar *text = NULL;
	int n = 0;

	(void)tree;
	if (copy)
		xmlDocSetRootElement(alone, copy);
	xmlDocDumpMemoryEnc(alone, &text, &n, "UTF-8");
	struct slice whole = {
		arena_dup_n(arena, (const char *)text, (size_t)n), (size_t)n};

	xmlFree(text);
	xmlFreeDoc(alone);
	return whole;
}

/* An element with elements in it is a document of its own; else its text is. */
static struct slice xml_part(
	void *tree, const void *node, const char *path, struct arena *arena)
{
	xmlXPathObject *found = find(tree, node, path);
	xmlNode *first = found && found->type == XPATH_NODESET
				 ? xmlXPathNodeSetItem(found->nodesetval, 0)
				 : NULL;
	xmlNode *inner = first && first->type == XML_ELEMENT_NODE
				 ? xmlFirstElementChild(first)
				 : NULL;

	xmlXPathFreeObject(found);
	if (inner)
		return xml_whole(tree,
			inner->next && xmlNextElementSibling(inner) ? first : inner,
			arena);
	const char *text = xml_text(tree, node, path, arena);

	return (struct slice){text, text ? strlen(text) : 0};
}

static const char *xml_judge(const char *path)
{
	xmlXPathContext *context = xmlXPathNewContext(NULL);

	context->error = be_quiet;
	xmlXPathCompExpr *compiled =
		xmlXPathCtxtCompile(context, (const xmlChar *)path);

	xmlXPathFreeCompExpr(compiled);
	xmlXPathFreeContext(context);
	return compiled ? NULL : "is no XPath";
}

const struct poll_tree_ops poll_xml_ops = {
	.parse = xml_parse,
	.free = xml_free,
	.root = xml_root,
	.items = xml_items,
	.text = xml_text,
	.part = xml_part,
	.whole = xml_whole,
	.judge = xml_judge,
};
