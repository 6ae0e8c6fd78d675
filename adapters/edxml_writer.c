#include "adapters/edxml_writer.h"

#include <libxml/xmlwriter.h>
#include <stdio.h>
#include <string.h>

#include "gateway/base/text.h"

static const char prefix[] = "edXML";
static const char namespace[] = "http://www.mic.gov.vn/TBT/QCVN_102_2016";

enum { TIME_TEXT = 32 };

/* One pass over the writer; the first failure is kept. */
struct emitter {
	xmlTextWriterPtr writer;
	bool failed;
};

static void check(struct emitter *m, int result)
{
	m->failed |= result < 0;
}

/* libxml2's own type of text. */
static const xmlChar *of_xml(const char *text)
{
	return (const xmlChar *)text;
}

static void open_element(struct emitter *m, const char *name)
{
	check(m, xmlTextWriterStartElementNS(
			 m->writer, of_xml(prefix), of_xml(name), NULL));
}

static void close_element(struct emitter *m)
{
	check(m, xmlTextWriterEndElement(m->writer));
}

/* What XML cannot hold in any spelling is left out: control characters, U+FFFE. */
static const char *allowed(struct arena *arena, const char *text)
{
	const char *clean = text_clean(arena, text, strlen(text), NULL);
	char *out = arena_alloc(arena, strlen(clean) + 1), *to = out;

	for (const char *p = clean; *p; p++) {
		if (strncmp(p, "\xef\xbf\xbe", 3) == 0 ||
			strncmp(p, "\xef\xbf\xbf", 3) == 0)
			p += 2;
		else if ((unsigned char)*p >= ' ')
			*to++ = *p;
	}
	return out;
}

static void put(struct emitter *m, const char *name, const char *text)
{
	cleanup_arena struct arena arena = {0};
	const char *clean = text ? allowed(&arena, text) : "";

	if (!*clean)
		return;
	open_element(m, name);
	check(m, xmlTextWriterWriteString(m->writer, of_xml(clean)));
	close_element(m);
}

/* `yyyy/MM/dd` */
static const char *slashed(day_t day, char out[TIME_TEXT])
{
	int year, month, mday;

	if (day == DAY_NONE)
		return NULL;
	day_split(day, &year, &month, &mday);
	snprintf(out, TIME_TEXT, "%04d/%02d/%02d", year, month, mday);
	return out;
}

/* `yyyy/MM/dd HH:mm:ss` in Viet Nam */
static const char *slashed_time(msec_t at, char out[TIME_TEXT])
{
	day_t day = day_of(at);
	int second = (int)((at - day_start(day)) / 1000);
	char date[TIME_TEXT];

	snprintf(out, TIME_TEXT, "%.10s %02d:%02d:%02d", slashed(day, date),
		second / 3600, second / 60 % 60, second % 60);
	return out;
}

static void put_message(struct emitter *m, const struct edxml_status *status)
{
	char text[TIME_TEXT];

	open_element(m, "MessageHeader");
	open_element(m, "From");
	put(m, "OrganId", status->from_id);
	put(m, "OrganName", status->from_name);
	close_element(m);
	open_element(m, "ResponseFor");
	put(m, "OrganId", status->issuer_id);
	put(m, "Code", status->code);
	put(m, "PromulgationDate", slashed(status->issued_on, text));
	put(m, "DocumentId", status->document_id);
	close_element(m);
	if (status->from_name) {
		open_element(m, "StaffInfo");
		put(m, "Department", status->from_name);
		close_element(m);
	}
	snprintf(text, sizeof(text), "%02d", status->status);
	put(m, "StatusCode", text);
	put(m, "Description", status->description);
	put(m, "Timestamp", slashed_time(status->at, text));
	close_element(m);
}

static void put_document(struct emitter *m, const struct edxml_status *status)
{
	check(m, xmlTextWriterStartDocument(m->writer, NULL, "UTF-8", NULL));
	check(m, xmlTextWriterStartElementNS(m->writer, of_xml(prefix), of_xml("edXML"),
			 of_xml(namespace)));
	open_element(m, "edXMLEnvelope");
	open_element(m, "edXMLHeader");
	put_message(m, status);
	check(m, xmlTextWriterEndDocument(m->writer));
}

int edxml_write_status(
	struct buf *out, const struct edxml_status *status, struct err *e)
{
	if (!status->from_id || !status->document_id || status->at == MSEC_NONE ||
		status->status < 1 || status->status > 99)
		return err_set(e, ERR_BUG,
			"a status without its sender, document, code or time");
	xmlBufferPtr buffer = xmlBufferCreate();
	struct emitter m = {
		.writer = buffer ? xmlNewTextWriterMemory(buffer, 0) : NULL};

	if (m.writer) {
		put_document(&m, status);
		xmlFreeTextWriter(m.writer); /* what it still held goes out */
	}
	if (m.writer && !m.failed)
		buf_add(out, (const char *)xmlBufferContent(buffer),
			(size_t)xmlBufferLength(buffer));
	xmlBufferFree(buffer);
	return m.writer && !m.failed && !out->full
		       ? 0
		       : err_set(e, ERR_BUG, "a status could not be written as edXML");
}
