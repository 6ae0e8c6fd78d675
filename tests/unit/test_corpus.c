/*
 * Messages from the wild give the right event and every quirk that is in them. They are
 * no part of the project: this test is built only where their folder, CONGVAN_CORPUS,
 * is.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/codec.h"
#include "gateway/model/event_json.h"

enum { QUIRKS = 22 };

struct row {
	const char *file, *document_id, *code, *issued_on, *from;
	size_t to;
	enum event_business business;
	const char *target, *due_on;
	int64_t bytes[3]; /* of the attachments; 0: no more */
	const char *quirks[QUIRKS];
};

#define VPCP "000.00.00.G22,2015/09/30,7816/VPCP-TTĐT"

static const struct row documents[] = {
	{"new-large", VPCP, "74fass22/VPCP-TTĐT", "2019-01-16", "000.00.00.A80", 1,
		BUSINESS_NEW, NULL, "2018-09-28", {270178},
		{"steering.ambiguous", "order.unusual", "signature.unverifiable",
			"id.date-invalid", "bussiness.foreign-id", "id.date-differs",
			"code.not-numeric", "due.before-issue", "ns.default-children"}},
	{"new-minimal", "test-123", "123/TEST", NULL, "vxp.saas.03", 1, BUSINESS_NEW,
		NULL, NULL, {298},
		{"attachment.type-differs", "id.free-form", "bussiness.missing",
			"ns.default-children"}},
	{"new-three-attachments", "1f881896-6e3a-4a5f-87f1-c380878e148e",
		"20251016110432/GW-AUTO", "2025-10-16", "vxp.saas.03", 1, BUSINESS_NEW,
		NULL, NULL, {298, 298, 298},
		{"steering.ambiguous", "trace.organ-missing", "attachment.type-differs",
			"id.opaque", "code.timestamp", "bussiness.missing",
			"ns.default-children"}},
	{"new-undeclared-prefix-sent", "9fbfbad2-f1f8-4256-a2eb-50fb1061cddb",
		"1223412/PRO-TEST-CASE1", "2019-01-17", "000.00.15.H51", 1,
		BUSINESS_NEW, NULL, "2018-06-25", {-1},
		{"comment.present", "response.empty", "steering.ambiguous",
			"order.unusual", "ns.undeclared-prefix",
			"attachment.not-base64", "id.opaque", "due.before-issue",
			"bussiness.missing"}},
	{"new-undeclared-prefix-received", "9fbfbad2-f1f8-4256-a2eb-50fb1061cddb",
		"1223412/PRO-TEST-CASE1", "2019-01-17", "000.00.15.H51", 1,
		BUSINESS_NEW, NULL, "2018-06-25", {298},
		{"response.empty", "steering.ambiguous", "order.unusual",
			"signature.unverifiable", "attachment.type-differs",
			"id.opaque", "due.before-issue", "bussiness.missing",
			"ns.default-children"}},
	{"recall", VPCP, "7816/VPCP-TTĐT", "2018-09-28", "000.00.00.G22", 3,
		BUSINESS_RECALL, "000.00.04.G14,2012/08/06,267/VPCP-TTĐT", "2018-09-28",
		{298},
		{"response.organ-differs", "response.date-differs",
			"steering.ambiguous", "order.unusual", "signature.unverifiable",
			"id.date-differs", "due.same-day", "ns.default-children"}},
	{"update", VPCP, "7816/VPCP-TTĐT", "2018-09-28", "000.00.00.G22", 3,
		BUSINESS_UPDATE, "000.00.00.G22,2014/02/30,7806/VPCP-TTĐT",
		"2018-09-28", {298},
		{"steering.ambiguous", "order.unusual", "signature.unverifiable",
			"id.date-invalid", "id.date-differs", "due.same-day",
			"ns.default-children"}},
	{"replace", VPCP, "7816/VPCP-TTĐT", "2018-09-28", "000.00.00.G22", 3,
		BUSINESS_REPLACE, "000.00.00.G22,2014/01/30,7806/VPCP-TTĐT",
		"2018-09-28", {298},
		{"steering.ambiguous", "order.unusual", "signature.unverifiable",
			"replacement.repeated", "id.date-differs", "due.same-day",
			"ns.default-children"}},
	{"annotated-template",
		"000.00.14.H56,2020/06/02,808/VNPTTEST(mã đơn vị gửi, ngày tháng năm "
		"gửi, "
		"số hiệu VB gửi)",
		"15,01/2020,... (Số hiệu VB gửi đi)/NQ-CP,CT-TTg,...(Ký hiệu VB gửi "
		"đi)",
		NULL, "Mã định danh điện tử theo QCVN 102 BTTTT", 1, BUSINESS_UPDATE,
		"000.00.14.H56,2020/06/02,808/VNPTTEST", NULL, {-1},
		{"root.foreign-child", "comment.present", "organ.odd-id",
			"date.invalid", "priority.unknown", "response.organ-differs",
			"steering.unknown", "order.unusual", "signature.unverifiable",
			"attachment.not-base64", "attachment.cid-missing",
			"code.not-numeric", "ns.default-children"}},
};

static enum codec_result read_corpus(
	const char *file, struct event **ret_event, struct codec_error *error)
{
	struct codec *c = codec_new(&(struct codec_options){0});
	char path[1024];
	struct err e;

	snprintf(path, sizeof(path), "%s/%s", getenv("CONGVAN_CORPUS"), file);
	enum codec_result result = codec_read_file(c, path, ret_event, error, &e);

	codec_free(c);
	return result;
}

static bool is_among(const char *const *codes, const char *code)
{
	for (size_t i = 0; i < QUIRKS && codes[i]; i++)
		if (strcmp(codes[i], code) == 0)
			return true;
	return false;
}

static bool has_quirk(const struct event *ev, const char *code)
{
	for (size_t i = 0; i < ev->quirks.n; i++)
		if (strcmp(ev->quirks.at[i].code, code) == 0)
			return true;
	return false;
}

/* Exactly the quirks of the row, each of them in the table. */
static void check_quirks(const struct row *row, const struct event *ev)
{
	for (size_t i = 0; i < QUIRKS && row->quirks[i]; i++)
		if (!has_quirk(ev, row->quirks[i]))
			fail_msg("%s lacks %s", row->file, row->quirks[i]);
	for (size_t i = 0; i < ev->quirks.n; i++) {
		assert_non_null(quirk_find(ev->quirks.at[i].code));
		if (!is_among(row->quirks, ev->quirks.at[i].code))
			fail_msg("%s: unexpected %s", row->file, ev->quirks.at[i].code);
	}
}

static void check_day(day_t day, const char *expected)
{
	char text[DAY_TEXT];

	if (expected)
		assert_string_equal(day_text(day, text), expected);
	else
		assert_int_equal(day, DAY_NONE);
}

static void test_each_document_of_the_corpus_gives_its_event(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(documents) / sizeof(documents[0]); i++) {
		const struct row *row = &documents[i];
		cleanup_event struct event *ev = NULL;
		struct codec_error error;
		char file[64];

		snprintf(file, sizeof(file), "%s.edxml", row->file);
		if (read_corpus(file, &ev, &error) != CODEC_OK)
			fail_msg("%s: %s %s", row->file, error.code, error.message);
		assert_string_equal(ev->document_id, row->document_id);
		assert_string_equal(event_code_text(ev), row->code);
		assert_string_equal(ev->from.organ_id, row->from);
		assert_int_equal(ev->to.n, row->to);
		assert_int_equal(ev->business, row->business);
		check_day(ev->issued_on, row->issued_on);
		check_day(ev->due_on, row->due_on);
		assert_int_equal(ev->targets.n, row->target ? 1 : 0);
		if (row->target)
			assert_string_equal(ev->targets.at[0].document_id, row->target);
		for (size_t k = 0; k < 3 && row->bytes[k]; k++)
			assert_int_equal(ev->attachments.at[k].bytes, row->bytes[k]);
		check_quirks(row, ev);
	}
}

static void test_receivers_are_dropped_added_and_named(void **state)
{
	cleanup_event struct event *update = NULL, *replace = NULL;
	struct codec_error error;

	(void)state;
	read_corpus("update.edxml", &update, &error);
	read_corpus("replace.edxml", &replace, &error);
	assert_int_equal(update->receivers_added.n, 1);
	assert_string_equal(update->receivers_added.at[0], "000.00.00.H14");
	assert_int_equal(update->receivers_removed.n, 1);
	assert_string_equal(update->receivers_removed.at[0], "000.00.00.H41");
	assert_int_equal(replace->targets.at[0].organ_ids.n, 2);
}

static void test_each_status_of_the_corpus_names_code_time_and_document(void **state)
{
	static const struct {
		const char *file;
		int code;
		const char *from, *at;
		const char *quirks[QUIRKS];
	} rows[] = {
		{"status", 1, "000.00.00.H41", "2018-09-28T17:25:11+07:00",
			{"response.date-differs"}},
		{"status-01", 1, "000.00.00.H41", NULL, {"status.before-document"}},
		{"status-02", 2, "000.00.00.H41", NULL, {"status.before-document"}},
		{"status-03", 3, "000.00.00.H41", NULL, {"status.before-document"}},
		{"status-04", 4, "000.00.00.H41", NULL, {"status.before-document"}},
		{"status-05", 5, "000.00.00.H41", NULL, {"status.before-document"}},
		{"status-06", 6, "000.00.00.H41", NULL, {"status.before-document"}},
		{"status-13", 13, "000.00.00.G22", NULL,
			{"status.before-document", "response.organ-differs"}},
		{"status-15", 15, "000.00.00.H41", NULL, {"status.before-document"}},
		{"status-16", 16, "000.00.00.H41", NULL, {"status.before-document"}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		cleanup_event struct event *ev = NULL;
		struct codec_error error;
		char file[64], at[INSTANT_TEXT];
		struct row row = {.file = rows[i].file};

		snprintf(file, sizeof(file), "%s.edxml", rows[i].file);
		assert_int_equal(read_corpus(file, &ev, &error), CODEC_OK);
		assert_int_equal(ev->kind, EVENT_STATUS);
		assert_int_equal(ev->status.code, rows[i].code);
		assert_non_null(ev->status.description);
		assert_string_equal(ev->from.organ_id, rows[i].from);
		assert_string_equal(instant_text(ev->status.at, at),
			rows[i].at ? rows[i].at : "2015-09-20T11:08:36+07:00");
		assert_int_equal(ev->targets.n, 1);
		assert_string_equal(ev->targets.at[0].document_id, VPCP);
		assert_string_equal(ev->targets.at[0].code, "7816/VPCP-TTĐT");
		memcpy(row.quirks, rows[i].quirks, sizeof(row.quirks));
		check_quirks(&row, ev);
	}
}

static void test_what_is_no_document_is_refused_with_its_place(void **state)
{
	static const struct {
		const char *file, *code;
	} rows[] = {
		{"malformed-prefix-junk.edxml", "xml.malformed"},
		{"agencies-old-namespace.xml", "edxml.unknown-root"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		cleanup_event struct event *ev = NULL;
		struct codec_error error;

		assert_int_equal(read_corpus(rows[i].file, &ev, &error), CODEC_REFUSED);
		assert_string_equal(error.code, rows[i].code);
		assert_int_equal(error.line, 1);
		assert_int_equal(error.column, 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_document_of_the_corpus_gives_its_event),
		cmocka_unit_test(test_receivers_are_dropped_added_and_named),
		cmocka_unit_test(
			test_each_status_of_the_corpus_names_code_time_and_document),
		cmocka_unit_test(test_what_is_no_document_is_refused_with_its_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
