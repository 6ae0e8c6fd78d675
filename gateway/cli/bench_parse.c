/*
 * The codec beside libxml2 alone: a bare SAX2 pass (context and dictionary re-used,
 * elements known by interned name, the texts of 29 fields copied, nothing judged) and
 * codec_read_bytes over the same bytes, turn by turn.
 */
#include <libxml/parser.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/codec.h"
#include "gateway/base/mem.h"
#include "gateway/cli/bench.h"
#include "gateway/cli/bench_documents.h"

enum { FIELDS = 29, FIELD_BYTES = 4096, SLOTS = 256 };

static const char *const names[FIELDS] = {"OrganId", "OrganName",
	"OrganizationInCharge", "DocumentId", "CodeNumber", "CodeNotation", "Place",
	"PromulgationDate", "Type", "TypeName", "Subject", "Content", "Competence",
	"Position", "FullName", "DueDate", "Priority", "Secret", "Code", "SteeringType",
	"TaskCode", "Timestamp", "BussinessDocType", "BussinessDocReason",
	"ReceiverType", "ContentId", "ContentType", "AttachmentName", "StatusCode"};

struct bare {
	xmlParserCtxtPtr parser;
	struct {
		const xmlChar *name;
		int field;
	} slots[SLOTS];
	int field; /* of the open element, -1: none */
	size_t n[FIELDS];
	char text[FIELDS][FIELD_BYTES];
};

static unsigned slot_of(const xmlChar *name)
{
	uintptr_t p = (uintptr_t)name;

	return (unsigned)((p >> 1) ^ (p >> 9)) % SLOTS;
}

static void on_start(void *context, const xmlChar *local, const xmlChar *prefix,
	const xmlChar *uri, int namespaces_n, const xmlChar **namespaces,
	int attributes_n, int defaulted_n, const xmlChar **attributes)
{
	struct bare *b = context;
	unsigned i = slot_of(local);

	(void)prefix, (void)uri, (void)namespaces_n, (void)namespaces;
	(void)attributes_n, (void)defaulted_n, (void)attributes;
	while (b->slots[i].name && b->slots[i].name != local)
		i = (i + 1) % SLOTS;
	b->field = b->slots[i].name ? b->slots[i].field : -1;
	if (b->field >= 0)
		b->n[b->field] = 0;
}

static void on_end(
	void *context, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri)
{
	struct bare *b = context;

	(void)local, (void)prefix, (void)uri;
	b->field = -1;
}

static void on_text(void *context, const xmlChar *bytes, int n)
{
	struct bare *b = context;
	int f = b->field;

	if (f < 0 || b->n[f] + (size_t)n > FIELD_BYTES)
		return;
	memcpy(b->text[f] + b->n[f], bytes, (size_t)n);
	b->n[f] += (size_t)n;
}

static struct bare *bare_new(void)
{
	struct bare *b = mem_alloc(sizeof(*b));
	xmlSAXHandler sax = {
		.initialized = XML_SAX2_MAGIC,
		.startElementNs = on_start,
		.endElementNs = on_end,
		.characters = on_text,
		.ignorableWhitespace = on_text,
		.cdataBlock = on_text,
	};

	b->parser = xmlCreatePushParserCtxt(&sax, b, NULL, 0, NULL);
	xmlCtxtUseOptions(b->parser, XML_PARSE_NONET);
	for (int f = 0; f < FIELDS; f++) {
		const xmlChar *name =
			xmlDictLookup(b->parser->dict, (const xmlChar *)names[f], -1);
		unsigned i = slot_of(name);

		while (b->slots[i].name)
			i = (i + 1) % SLOTS;
		b->slots[i].name = name;
		b->slots[i].field = f;
	}
	return b;
}

static void bare_free(struct bare *b)
{
	xmlFreeParserCtxt(b->parser);
	free(b);
}

static void bare_pass(struct bare *b, struct slice bytes)
{
	b->field = -1;
	xmlCtxtResetPush(b->parser, NULL, 0, NULL, NULL);
	for (size_t at = 0; at < bytes.n;) {
		size_t n = bytes.n - at < 65536 ? bytes.n - at : 65536;

		xmlParseChunk(b->parser, bytes.at + at, (int)n, at + n == bytes.n);
		at += n;
	}
}

static int codec_pass(struct codec *c, struct slice bytes, struct err *e)
{
	struct event *ev = NULL;
	struct codec_error error;

	if (codec_read_bytes(c, bytes, &ev, &error, e) != CODEC_OK)
		return err_set(e, ERR_BUG, "%s", error.message);
	event_free(ev);
	return 0;
}

enum { PARSE_TURNS = 41, DOCUMENTS = 500, MEGABYTE = 1000000 };

/* Many short turns: a turn of parsing takes milliseconds and is easily disturbed. */
static int compare(struct bench *b, const struct codec_options *options,
	const char *work, struct slice bytes, int64_t documents, double target,
	struct err *e)
{
	double ours[PARSE_TURNS], theirs[PARSE_TURNS];
	struct bare *bare = bare_new();
	struct codec *c = codec_new(options);
	int result = 0;

	for (int turn = 0; turn < PARSE_TURNS && result == 0; turn++) {
		int64_t start = clock_ticks();

		for (int64_t i = 0; i < documents; i++)
			bare_pass(bare, bytes);
		theirs[turn] = (double)documents / bench_seconds(start);
		start = clock_ticks();
		for (int64_t i = 0; i < documents && result == 0; i++)
			result = codec_pass(c, bytes, e);
		ours[turn] = (double)documents / bench_seconds(start);
	}
	codec_free(c);
	bare_free(bare);
	if (result)
		return -1;
	bench_report(b, &(struct bench_row){.stage = "parse",
				.work = work,
				.ours = bench_median(ours, PARSE_TURNS),
				.bare = bench_median(theirs, PARSE_TURNS),
				.unit = "documents/s",
				.target = target});
	return 0;
}

int bench_parse(struct bench *b, struct err *e)
{
	cleanup_buf struct buf small = {0}, large = {0};
	struct codec_options edxml = {.format = CODEC_EDXML},
			     by_mapping = {.format = CODEC_MAPPING};
	char work[64];
	int64_t documents = bench_documents(b, DOCUMENTS);

	if (bench_mapping(b, &by_mapping.mapping, e))
		return -1;
	bench_document(&small, BENCH_DIRECTIVE, 0);
	bench_document_large(&large, 1, MEGABYTE);
	struct slice one = {buf_text(&small), small.n};

	snprintf(work, sizeof(work), "edXML of %zu bytes / a bare SAX2 pass", small.n);
	if (compare(b, &edxml, work, one, documents, 0.70, e) ||
		compare(b, &edxml, "with 1 MB attached / a bare SAX2 pass",
			(struct slice){buf_text(&large), large.n}, documents / 25 + 1,
			0, e))
		return -1;
	return compare(b, &by_mapping, "by a mapping, XPath / a bare SAX2 pass", one,
		documents / 5 + 1, 0, e);
}
