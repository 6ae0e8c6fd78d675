/*
 * edXML becomes the document event (E1 to E5). Every file of tests/fixtures/edxml is a
 * test: NAME.json beside NAME.edxml holds the event, or the refusal, it must give.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <jansson.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "adapters/codec.h"
#include "gateway/base/buf.h"
#include "gateway/base/mem.h"
#include "gateway/model/event_json.h"

#define NS   "http://www.mic.gov.vn/TBT/QCVN_102_2016"
#define HEAD "<edXML xmlns=\"" NS "\"><edXMLEnvelope><edXMLHeader><MessageHeader>"
#define TAIL                                                                           \
	"</MessageHeader></edXMLHeader><edXMLBody><edXMLManifest/></edXMLBody>"        \
	"</edXMLEnvelope></edXML>"
#define ID "<From><OrganId>H99</OrganId></From><DocumentId>VB-1</DocumentId>"

static struct codec *codec;

static int open_codec(void **state)
{
	(void)state;
	codec = codec_new(&(struct codec_options){0});
	return 0;
}

static int close_codec(void **state)
{
	(void)state;
	codec_free(codec);
	return 0;
}

/* The last reading; owned by the test that asks. */
struct reading {
	enum codec_result result;
	struct event *ev;
	struct codec_error error;
};

static struct reading read_with(struct codec *c, const char *bytes, size_t n)
{
	struct reading r = {0};
	struct err e;

	r.result = codec_read_bytes(c, (struct slice){bytes, n}, &r.ev, &r.error, &e);
	return r;
}

static struct reading read_text(const char *text)
{
	return read_with(codec, text, strlen(text));
}

static bool has_quirk(const struct event *ev, const char *code)
{
	for (size_t i = 0; i < ev->quirks.n; i++)
		if (strcmp(ev->quirks.at[i].code, code) == 0)
			return true;
	return false;
}

static void assert_next_document_is_unharmed(void)
{
	struct reading r = read_text(HEAD ID TAIL);

	assert_int_equal(r.result, CODEC_OK);
	assert_string_equal(r.ev->document_id, "VB-1");
	event_free(r.ev);
}

static json_t *event_as_json(const struct event *ev)
{
	cleanup_buf struct buf out = {0};
	struct json j = {.out = &out};

	event_json_write(&j, ev, 1);
	json_t *value = json_loadb(out.data, out.n, 0, NULL);

	assert_non_null(value);
	json_object_del(value, "source");
	json_object_del(value, "at");
	return value;
}

static void check_event(
	const char *name, const struct reading *r, const json_t *expected)
{
	if (r->result != CODEC_OK)
		fail_msg("%s: refused: %s %s", name, r->error.code, r->error.message);
	json_t *got = event_as_json(r->ev);

	if (!json_equal(got, expected)) {
		char *text = json_dumps(got, JSON_INDENT(1));

		fail_msg("%s gives %s", name, text);
	}
	json_decref(got);
}

static void check_refusal(
	const char *name, const struct reading *r, const json_t *expected)
{
	const char *code = json_string_value(json_object_get(expected, "code"));
	int line = (int)json_integer_value(json_object_get(expected, "line"));
	int column = (int)json_integer_value(json_object_get(expected, "column"));

	if (r->result != CODEC_REFUSED)
		fail_msg("%s was not refused", name);
	if (strcmp(r->error.code, code) != 0 || r->error.line != line ||
		r->error.column != column)
		fail_msg("%s: %s %d:%d %s, not %s %d:%d", name, r->error.code,
			r->error.line, r->error.column, r->error.message, code, line,
			column);
}

/* What is written can be read again to the same event. */
static void check_round_trip(const char *name, const struct event *ev)
{
	cleanup_buf struct buf once = {0}, twice = {0};
	struct json j = {.out = &once}, k = {.out = &twice};
	struct event_json_error wrong;
	cleanup_event struct event *again = NULL;

	event_json_write(&j, ev, 1);
	if (event_json_read(once.data, once.n, &again, &wrong) != 0)
		fail_msg("%s cannot be read again: %s", name, wrong.message);
	event_json_write(&k, again, 1);
	assert_string_equal(once.data, twice.data);
}

static void check_fixture(const char *folder, const char *name)
{
	char path[1024];
	struct reading r = {0};
	struct err e;

	snprintf(path, sizeof(path), "%s/%s.edxml", folder, name);
	r.result = codec_read_file(codec, path, &r.ev, &r.error, &e);
	snprintf(path, sizeof(path), "%s/%s.json", folder, name);
	json_t *expected = json_load_file(path, 0, NULL);

	if (!expected)
		fail_msg("%s is missing or no JSON", path);
	if (json_object_get(expected, "event")) {
		check_event(name, &r, json_object_get(expected, "event"));
		check_round_trip(name, r.ev);
	} else {
		check_refusal(name, &r, json_object_get(expected, "error"));
	}
	json_decref(expected);
	event_free(r.ev);
}

static void test_each_fixture_gives_the_event_beside_it(void **state)
{
	char folder[512];
	int n = 0;

	(void)state;
	snprintf(folder, sizeof(folder), "%s/tests/fixtures/edxml",
		getenv("CONGVAN_SOURCE"));
	DIR *dir = opendir(folder);

	assert_non_null(dir);
	for (const struct dirent *entry; (entry = readdir(dir));) {
		char name[256];
		const char *end = strstr(entry->d_name, ".edxml");

		if (!end)
			continue;
		snprintf(name, sizeof(name), "%.*s", (int)(end - entry->d_name),
			entry->d_name);
		check_fixture(folder, name);
		n++;
	}
	closedir(dir);
	assert_true(n >= 70);
}

/* A document of @before, @n times @unit, and @after; the caller frees it. */
static char *repeated(const char *before, const char *unit, size_t n, const char *after,
	size_t *ret_n)
{
	struct buf b = {.max = 64 << 20};

	buf_add_text(&b, before);
	for (size_t i = 0; i < n; i++)
		buf_add_text(&b, unit);
	buf_add_text(&b, after);
	*ret_n = b.n;
	return b.data;
}

static const struct {
	const char *bytes;
	size_t n; /* 0: a text */
	const char *code;
	int line;
} hostile[] = {
	{"", 0, "file.empty", 0},
	{" \n ", 0, "xml.malformed", 2},
	{"hello", 0, "xml.malformed", 1},
	{"<", 0, "xml.malformed", 1},
	{"<edXML xmlns=\"" NS "\"", 0, "xml.malformed", 1},
	{"<html><body/></html>", 0, "edxml.unknown-root", 1},
	{"<?xml version=\"1.0\"?>\n<!DOCTYPE a [<!ENTITY b SYSTEM "
	 "\"file:///etc/"
	 "hostname\">]>\n<a>&b;</a>",
		0, "xml.doctype", 2},
	{"<!DOCTYPE a SYSTEM \"http://h99.example/a.dtd\"><a/>", 0, "xml.doctype", 1},
	{"<!DOCTYPE z [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">"
	 "<!ENTITY c \"&b;&b;\">]><z>&c;</z>",
		0, "xml.doctype", 1},
	{"<!DOCTYPE z [", 0, "xml.doctype", 1},
	{HEAD ID "<Subject>&x;</Subject>" TAIL, 0, "xml.malformed", 1},
	{HEAD ID "\n<Subject>a\0b</Subject>" TAIL,
		sizeof(HEAD ID "\n<Subject>a\0b</Subject>" TAIL) - 1, "xml.encoding",
		2},
	/* A mistake stands before the NUL, and is the one told. */
	{HEAD ID "</x>\0" TAIL, sizeof(HEAD ID "</x>\0" TAIL) - 1, "xml.malformed", 1},
	{"\xff\xfe<\0a\0/\0>\0", 10, "xml.encoding", 1},
	{"<\0a\0/\0>\0", 8, "xml.encoding", 1},
	{HEAD ID "<Subject>V\xe9</Subject>" TAIL, 0, "xml.encoding", 1},
	{"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>" HEAD ID
	 "<Subject>V\xe9</Subject>" TAIL,
		0, "xml.encoding", 1},
	{"<?xml version=\"1.0\" encoding=\"no-such\"?><a/>", 0, "xml.encoding", 1},
	{HEAD ID "<Subject>\x01</Subject>" TAIL, 0, "xml.malformed", 1},
	{HEAD ID TAIL "<more/>", 0, "xml.malformed", 1},
	{HEAD ID TAIL "\ntext", 0, "xml.malformed", 2},
	{HEAD ID "<Subject a=\"1\" a=\"2\"/>" TAIL, 0, "xml.malformed", 1},
	{HEAD "<From><OrganId>H99</OrganId></From>" TAIL, 0, "edxml.no-identity", 1},
};

static void test_hostile_input_is_refused_by_name_and_the_next_document_is_read(
	void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(hostile) / sizeof(hostile[0]); i++) {
		size_t n = hostile[i].n ? hostile[i].n : strlen(hostile[i].bytes);
		struct reading r = read_with(codec, hostile[i].bytes, n);

		if (r.result != CODEC_REFUSED ||
			strcmp(r.error.code, hostile[i].code) != 0 ||
			r.error.line != hostile[i].line)
			fail_msg("row %zu: result %d %s %d:%d %s", i, r.result,
				r.error.code ? r.error.code : "-", r.error.line,
				r.error.column, r.error.message);
		event_free(r.ev);
		assert_next_document_is_unharmed();
	}
}

static void test_every_limit_is_kept_to_the_last_and_not_one_more(void **state)
{
	static const struct {
		const char *before, *unit;
		size_t n;
		const char *after, *code; /* NULL: it is read */
	} rows[] = {
		{HEAD ID "<x>", "<a>", 10000, "", "xml.too-deep"},
		/* Of 100 elements five stand around these. */
		{HEAD ID, "<a>", 96, "", "xml.malformed"},
		{HEAD ID, "<a>", 97, "", "xml.too-deep"},
		{HEAD ID "<Subject>", "x", 1024 * 1024, "</Subject>" TAIL, NULL},
		{HEAD ID "<Subject>", "x", 1024 * 1024 + 1, "</Subject>" TAIL,
			"xml.too-large"},
		{HEAD ID "<Other>", "x", 1024 * 1024 + 1, "</Other>" TAIL,
			"xml.too-large"},
		{HEAD ID "<Subject>", "<!--c-->x", 1024 * 1024 + 1, "</Subject>" TAIL,
			"xml.too-large"},
		{HEAD ID "<Subject><![CDATA[", "x", 1024 * 1024 + 1,
			"]]></Subject>" TAIL, "xml.too-large"},
		{HEAD ID "<!--", "x", 2 * 1024 * 1024, "-->" TAIL, "xml.too-large"},
		{HEAD ID "<Subject a=\"", "x", 2 * 1024 * 1024, "\"/>" TAIL,
			"xml.too-large"},
		{HEAD ID "<", "x", 2 * 1024 * 1024, "/>" TAIL, "xml.too-large"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t n;
		cleanup_free char *bytes = repeated(
			rows[i].before, rows[i].unit, rows[i].n, rows[i].after, &n);
		struct reading r = read_with(codec, bytes, n);

		if (rows[i].code ? r.result != CODEC_REFUSED ||
					   strcmp(r.error.code, rows[i].code) != 0
				 : r.result != CODEC_OK)
			fail_msg("row %zu: %s %s", i,
				r.error.code ? r.error.code : "read", r.error.message);
		event_free(r.ev);
		assert_next_document_is_unharmed();
	}
}

static void test_a_hundred_attributes_or_namespaces_are_read_and_one_more_is_not(
	void **state)
{
	static const char *const units[] = {" a", " xmlns:n"};

	(void)state;
	for (size_t u = 0; u < 2; u++)
		for (size_t more = 0; more < 2; more++) {
			cleanup_buf struct buf b = {0};
			buf_add_text(&b, HEAD ID "<Subject");
			for (size_t i = 0; i < 100 + more; i++) {
				buf_printf(&b, "%s%zu=\"urn:h99\"", units[u], i);
			}
			buf_add_text(&b, ">x</Subject>" TAIL);
			struct reading r = read_with(codec, b.data, b.n);

			assert_int_equal(r.result, more ? CODEC_REFUSED : CODEC_OK);
			if (more)
				assert_string_equal(r.error.code, "xml.too-large");
			event_free(r.ev);
		}
}

static void test_what_is_larger_than_all_allowed_is_refused(void **state)
{
	struct codec *small = codec_new(&(struct codec_options){.max_bytes = 100});
	struct reading r = read_with(small, HEAD ID TAIL, sizeof(HEAD ID TAIL) - 1);

	(void)state;
	assert_int_equal(r.result, CODEC_REFUSED);
	assert_string_equal(r.error.code, "xml.too-large");
	event_free(r.ev);
	codec_free(small);
}

static void test_names_of_strangers_do_not_stay(void **state)
{
	(void)state;
	for (int round = 0; round < 4; round++) {
		cleanup_buf struct buf b = {0};

		buf_add_text(&b, HEAD ID);
		for (int i = 0; i < 20000; i++)
			buf_printf(&b, "<a-name-nobody-knows-%d-%d/>", round, i);
		buf_add_text(&b, TAIL);
		struct reading r = read_with(codec, b.data, b.n);

		assert_int_equal(r.result, CODEC_OK);
		assert_true(r.ev->quirks.n <= 210);
		event_free(r.ev);
	}
	assert_next_document_is_unharmed();
}

static void test_what_stands_before_a_syntax_error_is_still_told(void **state)
{
	static const struct {
		const char *text, *subject;
		enum event_secrecy secrecy;
		const char *file;
	} rows[] = {
		{HEAD ID "<Subject>MẬT: một việc</Subject><Broken", "MẬT: một việc",
			SECRECY_NONE, NULL},
		{HEAD ID "<Subject>TỐI MẬT: một vi", "TỐI MẬT: một vi", SECRECY_NONE,
			NULL},
		{HEAD ID "<Subject>MẬT. x</Subjekt>" TAIL, "MẬT. x", SECRECY_NONE,
			NULL},
		{HEAD ID "<OtherInfo><Secret>Tuyệt mật</Secret></Other>", NULL,
			SECRECY_TOP_SECRET, NULL},
		{HEAD ID "<OtherInfo><Secret>mật", NULL, SECRECY_CONFIDENTIAL, NULL},
		{HEAD ID "</MessageHeader></edXMLHeader><edXMLBody><edXMLManifest>"
			 "<Reference><AttachmentName>MẬT - a.pdf</AttachmentName><oops",
			NULL, SECRECY_NONE, "MẬT - a.pdf"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct reading r = read_text(rows[i].text);

		assert_int_equal(r.result, CODEC_REFUSED);
		assert_non_null(r.ev);
		assert_string_equal(r.ev->document_id, "VB-1");
		assert_int_equal(r.ev->secrecy, rows[i].secrecy);
		if (rows[i].subject)
			assert_string_equal(r.ev->subject, rows[i].subject);
		if (rows[i].file)
			assert_string_equal(r.ev->attachments.at[0].name, rows[i].file);
		event_free(r.ev);
	}
}

static void test_steering_means_what_the_partner_means_by_it(void **state)
{
	static const struct {
		enum codec_steering coding;
		char digit;
		enum event_steering steering;
	} rows[] = {
		{CODEC_STEERING_UNKNOWN, '0', STEERING_NONE},
		{CODEC_STEERING_UNKNOWN, '1', STEERING_UNKNOWN},
		{CODEC_STEERING_UNKNOWN, '2', STEERING_UNKNOWN},
		{CODEC_STEERING_UNKNOWN, '3', STEERING_REPORT},
		{CODEC_STEERING_012, '0', STEERING_NONE},
		{CODEC_STEERING_012, '1', STEERING_DIRECTIVE},
		{CODEC_STEERING_012, '2', STEERING_REPORT},
		{CODEC_STEERING_012, '3', STEERING_UNKNOWN},
		{CODEC_STEERING_123, '1', STEERING_NONE},
		{CODEC_STEERING_123, '2', STEERING_DIRECTIVE},
		{CODEC_STEERING_123, '3', STEERING_REPORT},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct codec *c =
			codec_new(&(struct codec_options){.steering = rows[i].coding});
		char text[] = HEAD ID "<SteeringType>?</SteeringType>" TAIL;

		*strchr(text, '?') = rows[i].digit;
		struct reading r = read_with(c, text, sizeof(text) - 1);

		assert_int_equal(r.ev->steering, rows[i].steering);
		assert_int_equal(has_quirk(r.ev, "steering.ambiguous"),
			rows[i].coding == CODEC_STEERING_UNKNOWN &&
				(rows[i].digit == '1' || rows[i].digit == '2'));
		event_free(r.ev);
		codec_free(c);
	}
}

static void test_stopping_after_the_header_does_not_judge_the_rest(void **state)
{
	static const char text[] = HEAD ID
		"</MessageHeader></edXMLHeader><edXMLBody><edXMLManifest><Reference>"
		"<ContentId>cid:1</ContentId><AttachmentName>a.pdf</AttachmentName>"
		"</Reference></edXMLManifest></edXMLBody></oops>";
	struct codec *c = codec_new(&(struct codec_options){.stop_after_header = true});
	struct reading whole = read_text(text);
	struct reading header = read_with(c, text, sizeof(text) - 1);

	(void)state;
	assert_int_equal(whole.result, CODEC_REFUSED);
	assert_int_equal(header.result, CODEC_OK);
	assert_string_equal(header.ev->attachments.at[0].name, "a.pdf");
	assert_int_equal(header.ev->attachments.at[0].bytes, -1);
	event_free(whole.ev);
	event_free(header.ev);
	codec_free(c);
}

static void test_a_hash_is_filled_only_when_asked_for(void **state)
{
	static const char text[] = HEAD ID
		"</MessageHeader></edXMLHeader></"
		"edXMLEnvelope><AttachmentEncoded><Attachment>"
		"<ContentTransferEncoded>Y8\nO0bmcg "
		"dsSD\r\nbg==</ContentTransferEncoded>"
		"</Attachment><Attachment><ContentTransferEncoded>????"
		"</ContentTransferEncoded></Attachment></AttachmentEncoded></edXML>";
	struct codec *c = codec_new(&(struct codec_options){.hash_attachments = true});
	struct reading plain = read_text(text),
		       hashed = read_with(c, text, strlen(text));

	(void)state;
	assert_int_equal(hashed.result, CODEC_OK);
	assert_int_equal(hashed.ev->attachments.at[0].bytes, 10);
	assert_string_equal(hashed.ev->attachments.at[0].sha256,
		"7bf3d8519b2a93a632fe0efbca5c817bb00f72c9829d79a7796f0b1465b4fe88");
	assert_null(hashed.ev->attachments.at[1].sha256);
	assert_null(plain.ev->attachments.at[0].sha256);
	event_free(plain.ev);
	event_free(hashed.ev);
	codec_free(c);
}

/* An unnamed file with @bytes in it, at its beginning. */
static int file_of(const char *bytes, size_t n)
{
	int fd = memfd_create("document", MFD_CLOEXEC);

	assert_int_equal(write(fd, bytes, n), n);
	lseek(fd, 0, SEEK_SET);
	return fd;
}

static void test_where_a_push_ends_makes_no_difference(void **state)
{
	(void)state;
	for (size_t shift = 0; shift < 24; shift++) {
		cleanup_buf struct buf b = {0};
		struct reading r = {0};
		struct err e;

		/* The first 64 kB end somewhere inside this subject. */
		buf_add_text(&b, HEAD ID "<Content>");
		while (b.n < 65536 - 9 - 32 - shift)
			buf_add_char(&b, 'x');
		buf_add_text(&b,
			"</Content><Subject>Ủy ban nhân dân \xf0\xa0\x80\x80 tỉnh\r\n"
			"<![CDATA[ề ]] > ]]></Subject>" TAIL);
		int fd = file_of(b.data, b.n);

		r.result = codec_read_fd(codec, fd, &r.ev, &r.error, &e);
		close(fd);
		if (r.result != CODEC_OK)
			fail_msg("shift %zu: %s", shift, r.error.message);
		assert_string_equal(
			r.ev->subject, "Ủy ban nhân dân \xf0\xa0\x80\x80 tỉnh ề ]] >");
		event_free(r.ev);
	}
}

static size_t resident(void)
{
	size_t total = 0, pages = 0;
	FILE *f = fopen("/proc/self/statm", "re");

	assert_non_null(f);
	assert_int_equal(fscanf(f, "%zu %zu", &total, &pages), 2);
	fclose(f);
	return pages * (size_t)sysconf(_SC_PAGESIZE);
}

/* A file on disk whose attachment has @decoded bytes, in lines or in one. */
static int large_file(size_t decoded, bool lines)
{
	char path[] = "/tmp/congvan-test-XXXXXX";
	int fd = mkstemp(path);
	char block[77];

	assert_true(fd >= 0);
	unlink(path);
	FILE *f = fdopen(dup(fd), "w");

	memset(block, 'A', 76);
	block[76] = '\n';
	fputs(HEAD ID
		"</MessageHeader></edXMLHeader></edXMLEnvelope><AttachmentEncoded>"
		"<Attachment><AttachmentName>a.zip</AttachmentName>"
		"<ContentTransferEncoded>",
		f);
	for (size_t n = 0; n < decoded; n += 57)
		fwrite(block, 1, lines ? 77 : 76, f);
	fputs("</ContentTransferEncoded></Attachment></AttachmentEncoded></edXML>", f);
	fclose(f);
	lseek(fd, 0, SEEK_SET);
	return fd;
}

static void test_an_attachment_of_20_mb_passes_by_and_is_not_held(void **state)
{
	(void)state;
	for (int lines = 0; lines < 2; lines++) {
		enum { BYTES = 57 * 370000 };
		int fd = large_file(BYTES, lines);
		struct reading r = {0};
		struct err e;

		assert_next_document_is_unharmed();
		size_t before = resident();

		r.result = codec_read_fd(codec, fd, &r.ev, &r.error, &e);
		size_t after = resident();

		close(fd);
		assert_int_equal(r.result, CODEC_OK);
		assert_int_equal(r.ev->attachments.at[0].bytes, BYTES);
		/* The sanitizers' own shadow is not ours to answer for. */
		if (!getenv("CONGVAN_SANITIZED"))
			assert_true(after < before + 8 * 1024 * 1024);
		event_free(r.ev);
	}
}

static void test_a_file_that_is_not_there_or_no_file_is_unreadable(void **state)
{
	static const char *const paths[] = {"/no/such/file", "/"};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct reading r = {0};
		struct err e;

		r.result = codec_read_file(codec, paths[i], &r.ev, &r.error, &e);
		assert_int_equal(r.result, CODEC_REFUSED);
		assert_string_equal(r.error.code, "file.unreadable");
		assert_null(r.ev);
	}
}

static void test_a_brace_at_the_beginning_makes_it_an_event(void **state)
{
	struct reading r =
		read_text("{\"document_id\":\"VB-1\",\"subject\":\" a  b \"}");

	(void)state;
	assert_int_equal(r.result, CODEC_OK);
	assert_string_equal(r.ev->subject, "a b");
	event_free(r.ev);
	r = read_text("{\"document_id\":\"VB-1\",\"secrecy\":\"secret\",\n\"x\":1");
	assert_int_equal(r.result, CODEC_REFUSED);
	assert_string_equal(r.error.code, "event.invalid");
	assert_int_equal(r.error.line, 2);
	assert_int_equal(r.ev->secrecy, SECRECY_SECRET);
	event_free(r.ev);
}

static void test_a_bom_shifts_nothing_and_a_nul_after_it_is_found(void **state)
{
	struct reading r = read_with(codec, "\xef\xbb\xbf<a>\0</a>", 11);

	(void)state;
	assert_int_equal(r.result, CODEC_REFUSED);
	event_free(r.ev);
	r = read_text("\xef\xbb\xbf" HEAD ID TAIL);
	assert_int_equal(r.result, CODEC_OK);
	event_free(r.ev);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_fixture_gives_the_event_beside_it),
		cmocka_unit_test(
			test_hostile_input_is_refused_by_name_and_the_next_document_is_read),
		cmocka_unit_test(test_every_limit_is_kept_to_the_last_and_not_one_more),
		cmocka_unit_test(
			test_a_hundred_attributes_or_namespaces_are_read_and_one_more_is_not),
		cmocka_unit_test(test_what_is_larger_than_all_allowed_is_refused),
		cmocka_unit_test(test_names_of_strangers_do_not_stay),
		cmocka_unit_test(test_what_stands_before_a_syntax_error_is_still_told),
		cmocka_unit_test(test_steering_means_what_the_partner_means_by_it),
		cmocka_unit_test(
			test_stopping_after_the_header_does_not_judge_the_rest),
		cmocka_unit_test(test_a_hash_is_filled_only_when_asked_for),
		cmocka_unit_test(test_where_a_push_ends_makes_no_difference),
		cmocka_unit_test(test_an_attachment_of_20_mb_passes_by_and_is_not_held),
		cmocka_unit_test(
			test_a_file_that_is_not_there_or_no_file_is_unreadable),
		cmocka_unit_test(test_a_brace_at_the_beginning_makes_it_an_event),
		cmocka_unit_test(test_a_bom_shifts_nothing_and_a_nul_after_it_is_found),
	};

	return cmocka_run_group_tests(tests, open_codec, close_codec);
}
