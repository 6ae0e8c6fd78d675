/* The document event as JSON (E6): written whole, read strictly. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "gateway/base/mem.h"
#include "gateway/model/event_date.h"
#include "gateway/model/event_json.h"

static const char bare[] =
	"{\"kind\":\"document\",\"stage\":\"issued\",\"business\":\"new\","
	"\"document_id\":null,\"thread_id\":null,\"code\":null,\"issued_on\":null,"
	"\"from\":null,\"to\":[],\"type_name\":null,\"subject\":null,\"content\":null,"
	"\"signer\":null,\"due_on\":null,\"due_raw\":null,\"priority\":\"normal\","
	"\"steering\":null,\"secrecy\":\"none\",\"assignments\":[],\"response_for\":[],"
	"\"response_for_tasks\":[],\"reply_kind\":null,\"targets\":[],"
	"\"receivers_added\":[],\"receivers_removed\":[],\"attachments\":[],"
	"\"status\":null,\"quirks\":[]}";

/* Every member of the document event, none of them absent. */
static const char whole[] =
	"{\"kind\":\"document\",\"stage\":\"draft\",\"business\":\"replace\","
	"\"document_id\":\"H99,2026/03/02,1/UBND\",\"thread_id\":\"L-7\","
	"\"code\":{\"number\":\"1\",\"notation\":\"UBND\"},\"issued_on\":\"2026-03-"
	"02\","
	"\"from\":{\"organ_id\":\"H99\",\"name\":\"UBND tỉnh Hư Cấu\"},"
	"\"to\":[{\"organ_id\":\"H99.05\",\"name\":null}],\"type_name\":\"Công văn\","
	"\"subject\":\"V/v \\\"thử\\\"\",\"content\":\"Nội dung\","
	"\"signer\":{\"competence\":\"KT.\",\"position\":null,\"name\":\"Người Ký "
	"Bịa\"},"
	"\"due_on\":\"2026-03-20\",\"due_raw\":\"20/03/2026\","
	"\"priority\":\"express_timed\",\"steering\":\"directive\","
	"\"secrecy\":\"top_secret\",\"assignments\":[{\"kind\":\"opinion\","
	"\"code\":\"A1\",\"content\":\"việc\",\"lead\":\"H99.05\","
	"\"coordinating\":[\"H99.07\",\"H99.08\"],\"due_on\":\"2026-03-10\"},"
	"{\"kind\":\"task\",\"code\":null,\"content\":null,\"lead\":\"H99.07\","
	"\"coordinating\":[],\"due_on\":null,\"due_raw\":\"mai\"}],"
	"\"response_for\":[{\"organ_id\":\"H99\",\"document_id\":\"VB-1\","
	"\"code\":\"1/UBND\",\"issued_on\":\"2026-02-01\"}],"
	"\"response_for_tasks\":[\"H99/NV-1\"],\"reply_kind\":\"hand_back\","
	"\"targets\":[{\"document_id\":\"VB-2\",\"code\":\"2/"
	"UBND\",\"organ_id\":\"H99\","
	"\"issued_on\":\"2026-02-02\",\"organ_ids\":[\"H99.05\"]}],"
	"\"receivers_added\":[\"H99.08\"],\"receivers_removed\":[\"H99.05\"],"
	"\"attachments\":[{\"name\":\"a.pdf\",\"declared_type\":\"application/pdf\","
	"\"bytes\":0,\"sha256\":\"00ff\"},{\"name\":null,\"declared_type\":null,"
	"\"bytes\":null}],\"status\":null,"
	"\"at\":\"2026-03-02T08:00:00+07:00\",\"quirks\":[{\"code\":\"text.filler\","
	"\"path\":\"edXMLHeader\",\"value\":\"N/A\"}],\"source\":\"h99-idesk\","
	"\"first_hop_on\":\"2026-03-01\"}";

static char *written(const struct event *ev, int stored)
{
	struct buf out = {0};
	struct json j = {.out = &out};

	event_json_write(&j, ev, stored);
	return out.data;
}

/* The event of @text, which must be read. */
static struct event *read_whole(const char *text)
{
	struct event_json_error wrong = {0};
	struct event *ev = NULL;

	if (event_json_read(text, strlen(text), &ev, &wrong) != 0)
		fail_msg("%s: %s", text, wrong.message);
	return ev;
}

static void test_every_member_is_there_and_absent_ones_are_null_or_empty(void **state)
{
	cleanup_event struct event *ev = event_new();
	cleanup_free char *text = written(ev, 0);

	(void)state;
	assert_string_equal(text, bare);
}

static void test_what_is_written_is_read_again_to_the_same(void **state)
{
	cleanup_event struct event *ev = read_whole(whole);
	cleanup_free char *text = written(ev, 1);

	(void)state;
	assert_string_equal(text, whole);
	assert_int_equal(ev->targets.at[0].issued_on, day_from(2026, 2, 2));
	assert_int_equal(ev->attachments.at[1].bytes, -1);
	assert_string_equal(ev->source, "h99-idesk");
}

static void test_people_are_not_shown_the_stored_members(void **state)
{
	cleanup_event struct event *ev = read_whole(whole);
	cleanup_free char *text = written(ev, 0);

	(void)state;
	assert_null(strstr(text, "h99-idesk"));
	assert_null(strstr(text, "first_hop_on"));
}

static void test_status_read_and_opinion_events_are_read_again_to_the_same(void **state)
{
	static const char *const texts[] = {
		"{\"kind\":\"status\",\"from\":{\"organ_id\":\"H99.05\"},"
		"\"targets\":[{\"document_id\":\"VB-1\"}],"
		"\"status\":{\"code\":6,\"description\":\"xong\","
		"\"at\":\"2026-03-02T01:00:00.750Z\"}}",
		"{\"kind\":\"status\",\"targets\":[{\"code\":\"1/UBND\"}],"
		"\"status\":{\"code\":null}}",
		"{\"kind\":\"read\",\"from\":{\"organ_id\":\"H99.05\"},"
		"\"targets\":[{\"document_id\":\"VB-1\"}],"
		"\"at\":\"2026-03-02T08:00:00+07:00\"}",
		"{\"kind\":\"opinion\",\"from\":{\"organ_id\":\"H99.05\"},"
		"\"content\":\"Đồng ý\",\"targets\":[{\"document_id\":\"VB-1\"}]}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		cleanup_event struct event *ev = read_whole(texts[i]);
		cleanup_free char *once = written(ev, 0);
		cleanup_event struct event *again = read_whole(once);
		cleanup_free char *twice = written(again, 0);

		assert_string_equal(once, twice);
		assert_int_equal(ev->at, again->at);
		assert_int_equal(
			ev->at != MSEC_NONE, strstr(texts[i], "],\"at\"") != NULL);
	}
}

static const struct {
	const char *text, *message; /* a part of it */
	int line;
} mistakes[] = {
	{"[]", "must be an object", 0},
	{"\"x\"", "JSON", 1},
	{"{\"document_id\":\"a\"", "JSON", 1},
	{"{\"document_id\":\"a\",\n \"x\" 1}", "JSON", 2},
	{"{\"document_id\":\"a\",\"document_id\":\"b\"}", "JSON", 1},
	{"{\"document_id\":\"a\\u0000b\"}", "JSON", 1},
	{"{\"document_id\":\"\xff\"}", "JSON", 1},
	{"{\"document_id\":\"a\",\"foo\":1}", "/foo: no such member", 0},
	{"{\"document_id\":\"a\",\"to\":[{},{\"id\":\"x\"}]}",
		"/to/1/id: no such member", 0},
	{"{\"document_id\":7}", "/document_id: must be a text or null", 0},
	{"{\"document_id\":\"a\",\"to\":{}}", "/to: must be a list of objects", 0},
	{"{\"document_id\":\"a\",\"to\":[\"H99\"]}", "/to/0: must be an object", 0},
	{"{\"document_id\":\"a\",\"receivers_added\":\"H99\"}",
		"/receivers_added: must be a list of texts", 0},
	{"{\"document_id\":\"a\",\"receivers_added\":[1]}",
		"/receivers_added/0: must be a text", 0},
	{"{\"document_id\":\"a\",\"code\":\"1/A\"}", "/code: must be an object", 0},
	{"{\"document_id\":\"a\",\"priority\":\"high\"}",
		"/priority: must be one of normal, urgent, very_urgent, "
		"express, "
		"express_timed",
		0},
	{"{\"document_id\":\"a\",\"steering\":\"\"}",
		"/steering: must be one of none, directive, report", 0},
	{"{\"document_id\":\"a\",\"kind\":1}", "/kind: must be one of", 0},
	{"{\"document_id\":\"a\",\"issued_on\":20260302}", "/issued_on: must be a text",
		0},
	{"{\"document_id\":\"a\",\"attachments\":[{\"bytes\":-1}]}",
		"/attachments/0/bytes: must be a whole number", 0},
	{"{\"document_id\":\"a\",\"attachments\":[{\"bytes\":1.5}]}",
		"/attachments/0/bytes: must be a whole number", 0},
	{"{}", "/document_id: a document needs one", 0},
	{"{\"from\":{\"organ_id\":\"H99\"},\"code\":{\"number\":\"1\"}}",
		"/document_id: a document needs one", 0},
	{"{\"kind\":\"status\",\"targets\":[{\"code\":\"1/A\"}]}",
		"/status: a status event needs one", 0},
	{"{\"kind\":\"read\"}", "/targets: must name the document", 0},
	{"{\"kind\":\"opinion\",\"targets\":[{\"code\":\"1/A\"}]}",
		"/content: an opinion needs one", 0},
};

static void test_a_mistake_is_refused_and_named_where_it_stands(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
		struct event_json_error wrong = {0};
		cleanup_event struct event *ev = NULL;

		if (event_json_read(mistakes[i].text, strlen(mistakes[i].text), &ev,
			    &wrong) == 0)
			fail_msg("%s was read", mistakes[i].text);
		if (!strstr(wrong.message, mistakes[i].message) ||
			wrong.line != mistakes[i].line)
			fail_msg("%s: line %d: %s", mistakes[i].text, wrong.line,
				wrong.message);
		assert_non_null(ev);
	}
}

static void test_a_date_that_is_none_is_null_with_a_quirk_and_its_text_kept(
	void **state)
{
	static const struct {
		const char *text, *day, *quirk; /* quirk NULL: none */
	} rows[] = {
		{"2026-02-28", "2026-02-28", NULL},
		{"2026-02-30", NULL, "date.invalid"},
		{"2026/02/28", "2026-02-28", NULL},
		{"28/02/2026", "2026-02-28", "date.day-first"},
		{"2026-02-28T23:59:59Z", "2026-02-28", "date.with-time"},
		{"2026-02-28 7:30", "2026-02-28", "date.with-time"},
		{"2026-02-28T07:30:00.123+0700", "2026-02-28", "date.with-time"},
		{"2026-02-28T25:00:00", NULL, "date.invalid"},
		{"2026-02-28 morning", NULL, "date.invalid"},
		{"02/28/2026", NULL, "date.invalid"},
		{"28/02/26", NULL, "date.two-digit-century"},
		{"0034/02/28", "0034-02-28", "date.two-digit-century"},
		{"28-02-2026", NULL, "date.invalid"},
		{"2026.02.28", NULL, "date.invalid"},
		{"20260228", NULL, "date.invalid"},
		{"2026-2-8", NULL, "date.invalid"},
		{"1/2/2026", "2026-02-01", "date.day-first"},
		{"soon", NULL, "date.invalid"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		cleanup_buf struct buf in = {0};
		char day[DAY_TEXT];

		buf_printf(
			&in, "{\"document_id\":\"a\",\"due_on\":\"%s\"}", rows[i].text);
		cleanup_event struct event *ev = read_whole(in.data);
		const char *got = day_text(ev->due_on, day);

		if (!got != !rows[i].day || (got && strcmp(got, rows[i].day) != 0))
			fail_msg("%s is %s", rows[i].text, got ? got : "none");
		assert_int_equal(ev->quirks.n != 0, rows[i].quirk != NULL);
		if (!rows[i].quirk)
			continue;
		assert_string_equal(ev->quirks.at[0].code, rows[i].quirk);
		assert_string_equal(ev->quirks.at[0].path, "/due_on");
		assert_string_equal(ev->quirks.at[0].value, rows[i].text);
		assert_string_equal(ev->due_raw, rows[i].text);
	}
}

/* E2 holds for the time of a read event, too. */
static void test_a_time_is_read_in_every_form_of_a_date_or_is_null_with_a_quirk(
	void **state)
{
	static const struct {
		const char *text, *at, *quirk; /* NULL: none */
	} rows[] = {
		{"2026-03-02T08:00:00+07:00", "2026-03-02T08:00:00+07:00", NULL},
		{"2026-03-02T01:00:00.750Z", "2026-03-02T08:00:00+07:00", NULL},
		{"2026/03/02 08:00", "2026-03-02T08:00:00+07:00", NULL},
		{"02/03/2026 08:00:00", "2026-03-02T08:00:00+07:00", "date.day-first"},
		{"2026-02-30T08:00:00+07:00", NULL, "date.invalid"},
		{"hôm qua", NULL, "date.invalid"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		cleanup_buf struct buf in = {0};
		char at[INSTANT_TEXT];

		buf_printf(&in,
			"{\"kind\":\"read\",\"targets\":[{\"document_id\":\"a\"}],"
			"\"at\":\"%s\"}",
			rows[i].text);
		cleanup_event struct event *ev = read_whole(in.data);
		const char *got = instant_text(ev->at, at);

		if (!got != !rows[i].at || (got && strcmp(got, rows[i].at) != 0))
			fail_msg("%s is %s", rows[i].text, got ? got : "none");
		assert_int_equal(ev->quirks.n, rows[i].quirk ? 1 : 0);
		if (!rows[i].quirk)
			continue;
		assert_string_equal(ev->quirks.at[0].code, rows[i].quirk);
		assert_string_equal(ev->quirks.at[0].path, "/at");
		assert_string_equal(ev->quirks.at[0].value, rows[i].text);
	}
}

static void test_an_instant_is_viet_nams_unless_an_offset_is_written(void **state)
{
	static const struct {
		const char *text, *instant;
	} rows[] = {
		{"2015/09/20 11:08:36", "2015-09-20T11:08:36+07:00"},
		{"20/09/2015 11:08", "2015-09-20T11:08:00+07:00"},
		{"2015-09-20T11:08:36Z", "2015-09-20T18:08:36+07:00"},
		{"2015-09-20T23:08:36+09:00", "2015-09-20T21:08:36+07:00"},
		{"2015-09-20", "2015-09-20T00:00:00+07:00"},
		{"2015-09-20T11:08:36+7", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char text[INSTANT_TEXT];
		const char *got = instant_text(event_date_read(rows[i].text).at, text);

		if (rows[i].instant)
			assert_string_equal(got, rows[i].instant);
		else
			assert_null(got);
	}
}

static void test_texts_are_cleaned_and_fillers_are_null(void **state)
{
	cleanup_event struct event *ev = read_whole(
		"{\"document_id\":\"a\",\"subject\":\"  V/v\\n  "
		"ki\\u0065\\u0302\\u0309m  "
		"tra "
		"\",\"content\":\"N/A\",\"type_name\":\"\",\"receivers_added\":[\"-\","
		"\"H99\"]}");

	(void)state;
	assert_string_equal(ev->subject, "V/v kiểm tra");
	assert_null(ev->content);
	assert_null(ev->type_name);
	assert_int_equal(ev->receivers_added.n, 1);
	assert_int_equal(ev->quirks.n, 3);
	assert_string_equal(ev->quirks.at[0].code, "text.not-nfc");
	assert_string_equal(ev->quirks.at[1].path, "/content");
	assert_string_equal(ev->quirks.at[2].path, "/receivers_added/0");
}

static void test_issuer_code_and_date_stand_in_for_a_missing_id(void **state)
{
	cleanup_event struct event *ev = read_whole(
		"{\"from\":{\"organ_id\":\"H99\"},\"issued_on\":\"2026-03-02\","
		"\"code\":{\"number\":\"1\",\"notation\":\"UBND\"}}");

	(void)state;
	assert_string_equal(ev->document_id, "H99,2026/03/02,1/UBND");
	assert_string_equal(ev->quirks.at[0].code, "id.missing");
}

static void test_a_secrecy_mark_in_a_broken_event_is_still_told(void **state)
{
	static const struct {
		const char *text;
		enum event_secrecy secrecy;
		const char *subject, *file;
	} rows[] = {
		{"{\"secrecy\":\"secret\",", SECRECY_SECRET, NULL, NULL},
		{"{\"secrecy\":\"secret\"}}", SECRECY_SECRET, NULL, NULL},
		{"{\"foo\":1,\"secrecy\":\"confidential\"}", SECRECY_CONFIDENTIAL, NULL,
			NULL},
		{"{\"a\":{\"secrecy\":\"secret\"},", SECRECY_SECRET, NULL, NULL},
		{"[{\"secrecy\":\"secret\"}]", SECRECY_SECRET, NULL, NULL},
		{"[{\"secrecy\":\"none\"},{\"secrecy\":\"m\\u1eadt\"}]",
			SECRECY_CONFIDENTIAL, NULL, NULL},
		{"{\"secrecy\":\"secret\",\"secrecy\":\"none\"}", SECRECY_SECRET, NULL,
			NULL},
		{"{\"\\u0073ecrecy\":\"Top Secret\",", SECRECY_TOP_SECRET, NULL, NULL},
		{"{\"secrecy\":\"?\",", SECRECY_TOP_SECRET, NULL, NULL},
		{"{\"secrecy\": 2,", SECRECY_TOP_SECRET, NULL, NULL},
		{"{\"secrecy\": null,", SECRECY_NONE, NULL, NULL},
		{"{\"document\":{\"secrecy\":\"secret\"}}", SECRECY_SECRET, NULL, NULL},
		{"{\"a\":\"\\\"secrecy\\\":\\\"secret\\\"\",", SECRECY_NONE, NULL,
			NULL},
		{"{\"subject\":\"M\\u1eacT: vi\xe1\xbb", SECRECY_NONE, "MẬT: vi", NULL},
		{"{\"to\":[{\"name\":\"x\"}],\"attachments\":[{\"name\":\"MẬT.pdf\"}],"
		 "!",
			SECRECY_NONE, NULL, "MẬT.pdf"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct event_json_error wrong;
		cleanup_event struct event *ev = NULL;

		assert_int_equal(event_json_read(rows[i].text, strlen(rows[i].text),
					 &ev, &wrong),
			-1);
		assert_int_equal(ev->secrecy, rows[i].secrecy);
		if (rows[i].subject)
			assert_string_equal(ev->subject, rows[i].subject);
		assert_int_equal(ev->attachments.n, rows[i].file ? 1 : 0);
		if (rows[i].file)
			assert_string_equal(ev->attachments.at[0].name, rows[i].file);
	}
}

static void test_depth_without_end_is_refused(void **state)
{
	cleanup_buf struct buf in = {0};
	struct event_json_error wrong;
	cleanup_event struct event *ev = NULL;

	(void)state;
	buf_add_text(&in, "{\"to\":");
	for (int i = 0; i < 100000; i++)
		buf_add_char(&in, '[');
	assert_int_equal(event_json_read(in.data, in.n, &ev, &wrong), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_every_member_is_there_and_absent_ones_are_null_or_empty),
		cmocka_unit_test(test_what_is_written_is_read_again_to_the_same),
		cmocka_unit_test(test_people_are_not_shown_the_stored_members),
		cmocka_unit_test(
			test_status_read_and_opinion_events_are_read_again_to_the_same),
		cmocka_unit_test(test_a_mistake_is_refused_and_named_where_it_stands),
		cmocka_unit_test(
			test_a_date_that_is_none_is_null_with_a_quirk_and_its_text_kept),
		cmocka_unit_test(
			test_a_time_is_read_in_every_form_of_a_date_or_is_null_with_a_quirk),
		cmocka_unit_test(
			test_an_instant_is_viet_nams_unless_an_offset_is_written),
		cmocka_unit_test(test_texts_are_cleaned_and_fillers_are_null),
		cmocka_unit_test(test_issuer_code_and_date_stand_in_for_a_missing_id),
		cmocka_unit_test(test_a_secrecy_mark_in_a_broken_event_is_still_told),
		cmocka_unit_test(test_depth_without_end_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
