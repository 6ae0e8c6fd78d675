/*
 * How much the codec costs beside libxml2 alone: a bare SAX2 pass (context and
 * dictionary re-used, elements known by interned name, texts of 29 fields copied,
 * nothing judged) and codec_read_bytes over the same bytes, turn by turn. Prints
 * microseconds a document (the median turn) and the ratio bare / codec.
 */
#include <libxml/parser.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/codec.h"
#include "gateway/base/day.h"
#include "gateway/base/mem.h"

enum { TURNS = 41, FIELDS = 29, FIELD_BYTES = 4096, SLOTS = 256 };

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

static void codec_pass(struct codec *c, struct slice bytes)
{
	struct event *ev = NULL;
	struct codec_error error;

	if (codec_read_bytes(c, bytes, &ev, &error, NULL) != CODEC_OK)
		abort();
	event_free(ev);
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static struct slice read_whole(const char *path)
{
	FILE *f = fopen(path, "rb");
	struct slice bytes = {0};

	if (!f || fseek(f, 0, SEEK_END) != 0)
		return bytes;
	long n = ftell(f);
	char *data = mem_alloc((size_t)n + 1);

	rewind(f);
	bytes.n = fread(data, 1, (size_t)n, f);
	bytes.at = data;
	fclose(f);
	return bytes;
}

int main(int argc, char **argv)
{
	struct codec_options options = {.format = CODEC_EDXML};
	double bare_us[TURNS], codec_us[TURNS];

	if (argc != 2)
		return 64;
	struct slice bytes = read_whole(argv[1]);

	if (!bytes.at)
		return 66;
	int documents = bytes.n > 200000 ? 20 : 500;
	struct bare *b = bare_new();
	struct codec *c = codec_new(&options);

	for (int turn = 0; turn < TURNS; turn++) {
		int64_t start = clock_ticks();

		for (int i = 0; i < documents; i++)
			bare_pass(b, bytes);
		int64_t middle = clock_ticks();

		for (int i = 0; i < documents; i++)
			codec_pass(c, bytes);
		int64_t end = clock_ticks();

		bare_us[turn] = (double)(middle - start) / 1000 / documents;
		codec_us[turn] = (double)(end - middle) / 1000 / documents;
	}
	qsort(bare_us, TURNS, sizeof(double), by_value);
	qsort(codec_us, TURNS, sizeof(double), by_value);
	printf("bytes %zu bare %.1f us codec %.1f us ratio %.2f\n", bytes.n,
		bare_us[TURNS / 2], codec_us[TURNS / 2],
		bare_us[TURNS / 2] / codec_us[TURNS / 2]);
	codec_free(c);
	bare_free(b);
	free((void *)(uintptr_t)bytes.at);
	return 0;
}
