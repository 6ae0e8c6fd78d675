/*
 * Our own edXML: strictly prefixed, valid by schemas/edxml.xsd, and read back by our
 * own reader as the event it was written from.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <libxml/xmlschemas.h>

#include "adapters/codec.h"
#include "adapters/edxml_writer.h"

static const struct edxml_status usual = {
	.from_id = "H99.01",
	.from_name = "Sở Ví Dụ & <Con>",
	.issuer_id = "000.00.00.G22",
	.document_id = "000.00.00.G22,2015/09/30,7816/VPCP-TTĐT",
	.code = "7816/VPCP-TTĐT",
	.issued_on = 16708, /* 2015-09-30 */
	.status = 3,
	.description = "Đã tiếp nhận: \"vào sổ\" ]]>",
	.at = 1767225600123, /* 2026-01-01T07:00:00.123+07:00 */
};

static void write(struct buf *out, const struct edxml_status *status)
{
	struct err e = {0};

	if (edxml_write_status(out, status, &e) != 0)
		fail_msg("%s", e.text);
}

static struct event *read_back(const struct buf *text)
{
	const struct codec_options options = {.format = CODEC_EDXML};
	struct codec *codec = codec_new(&options);
	struct codec_error wrong;
	struct event *ev = NULL;
	struct err e = {0};

	if (codec_read_bytes(codec, (struct slice){text->data, text->n}, &ev, &wrong,
		    &e) != CODEC_OK)
		fail_msg("%s: %s", wrong.message, text->data);
	codec_free(codec);
	return ev;
}

static void test_it_is_read_back_as_the_same_event(void **state)
{
	cleanup_buf struct buf text = {0};

	(void)state;
	write(&text, &usual);
	struct event *ev = read_back(&text);

	assert_int_equal(ev->kind, EVENT_STATUS);
	assert_string_equal(ev->from.organ_id, usual.from_id);
	assert_string_equal(ev->from.name, usual.from_name);
	assert_int_equal(ev->status.code, 3);
	assert_string_equal(ev->status.description, usual.description);
	assert_int_equal(ev->status.at, usual.at / 1000 * 1000);
	assert_int_equal(ev->targets.n, 1);
	assert_string_equal(ev->targets.at[0].document_id, usual.document_id);
	assert_string_equal(ev->targets.at[0].code, usual.code);
	assert_string_equal(ev->targets.at[0].organ_id, usual.issuer_id);
	assert_int_equal(ev->targets.at[0].issued_on, usual.issued_on);
	for (size_t i = 0; i < ev->quirks.n; i++)
		fail_msg("quirk %s", ev->quirks.at[i].code);
	event_free(ev);
}

static void test_the_least_there_can_be_is_read_back(void **state)
{
	cleanup_buf struct buf text = {0};
	const struct edxml_status least = {.from_id = "H99",
		.document_id = "D",
		.issued_on = DAY_NONE,
		.status = 6,
		.at = 0};

	(void)state;
	write(&text, &least);
	struct event *ev = read_back(&text);

	assert_string_equal(ev->targets.at[0].document_id, "D");
	assert_int_equal(ev->targets.at[0].issued_on, DAY_NONE);
	assert_int_equal(ev->status.code, 6);
	assert_null(ev->status.description);
	event_free(ev);
}

static void test_every_element_bears_the_prefix(void **state)
{
	cleanup_buf struct buf text = {0};

	(void)state;
	write(&text, &usual);
	for (const char *at = text.data; (at = strchr(at, '<')); at++)
		if (strncmp(at, "<edXML:", 7) != 0 && strncmp(at, "</edXML:", 8) != 0 &&
			strncmp(at, "<?xml ", 6) != 0)
			fail_msg("%.40s", at);
	assert_non_null(
		strstr(text.data, "<edXML:edXML xmlns:edXML="
				  "\"http://www.mic.gov.vn/TBT/QCVN_102_2016\">"));
}

static int judge(const struct buf *text)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/schemas/edxml.xsd", getenv("CONGVAN_SOURCE"));
	xmlSchemaParserCtxtPtr parser = xmlSchemaNewParserCtxt(path);
	xmlSchemaPtr schema = xmlSchemaParse(parser);
	xmlSchemaValidCtxtPtr valid = xmlSchemaNewValidCtxt(schema);
	xmlDocPtr doc = xmlReadMemory(text->data, (int)text->n, "status", NULL, 0);
	int result = doc ? xmlSchemaValidateDoc(valid, doc) : -1;

	assert_non_null(schema);
	xmlFreeDoc(doc);
	xmlSchemaFreeValidCtxt(valid);
	xmlSchemaFree(schema);
	xmlSchemaFreeParserCtxt(parser);
	return result;
}

static void test_it_is_valid_by_our_schema(void **state)
{
	(void)state;
	for (int code = 1; code <= 6; code++) {
		cleanup_buf struct buf text = {0};
		struct edxml_status status = usual;

		status.status = code;
		status.from_name = code % 2 ? usual.from_name : NULL;
		status.issued_on = code % 3 ? usual.issued_on : DAY_NONE;
		write(&text, &status);
		assert_int_equal(judge(&text), 0);
	}
}

static void test_the_schema_is_strict(void **state)
{
	static const char *const wrong[][2] = {
		{"StatusCode>03<", "StatusCode>3<"},
		{"StatusCode>03<", "StatusCode>13<"},
		{"PromulgationDate>2015/09/30<", "PromulgationDate>30/09/2015<"},
		{"Timestamp>2026/01/01 07", "Timestamp>2026-01-01T07"},
		{"<edXML:StatusCode>03</edXML:StatusCode>", ""},
		{"OrganId>H99.01<", "OrganId> H99.01<"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		cleanup_buf struct buf text = {0}, bad = {0};

		write(&text, &usual);
		const char *at = strstr(text.data, wrong[i][0]);

		assert_non_null(at);
		buf_add(&bad, text.data, (size_t)(at - text.data));
		buf_add_text(&bad, wrong[i][1]);
		buf_add_text(&bad, at + strlen(wrong[i][0]));
		assert_int_not_equal(judge(&bad), 0);
	}
}

static void test_what_xml_cannot_hold_is_left_out(void **state)
{
	cleanup_buf struct buf text = {0};
	struct edxml_status status = usual;

	(void)state;
	status.description = "a\x01"
			     "b\n \xef\xbf\xbf"
			     "c\xff";
	write(&text, &status);
	struct event *ev = read_back(&text);

	assert_string_equal(ev->status.description, "ab c\xef\xbf\xbd");
	assert_int_equal(judge(&text), 0);
	event_free(ev);
}

static void test_without_a_document_there_is_no_status(void **state)
{
	cleanup_buf struct buf text = {0};
	struct edxml_status status = usual;
	struct err e = {0};

	(void)state;
	status.document_id = NULL;
	assert_int_equal(edxml_write_status(&text, &status, &e), -1);
	assert_int_equal(text.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_it_is_read_back_as_the_same_event),
		cmocka_unit_test(test_the_least_there_can_be_is_read_back),
		cmocka_unit_test(test_every_element_bears_the_prefix),
		cmocka_unit_test(test_it_is_valid_by_our_schema),
		cmocka_unit_test(test_the_schema_is_strict),
		cmocka_unit_test(test_what_xml_cannot_hold_is_left_out),
		cmocka_unit_test(test_without_a_document_there_is_no_status),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
