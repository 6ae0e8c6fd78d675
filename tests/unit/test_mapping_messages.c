/*
 * Whole messages read by a mapping: several documents in one, each with its own bytes;
 * what is refused whole; the limits of E3; and X1 in all of it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "gateway/base/mem.h"
#include "tests/lib/mapped.h"

static const char xml[] =
	"syntax: xml\n"
	"document: /m/d\n"
	"event:\n"
	"  document_id: \"@id\"\n"
	"  stage: {path: \"@s\", values: {1: issued}, default: issued}\n"
	"  subject: s\n"
	"  type_name: ../h\n"
	"  secrecy: {path: k, default: none, values: {m: secret}}\n"
	"  attachments: {each: f, name: \"@n\", bytes: {path: ., base64: true}}\n";
static const char json[] =
	"syntax: json\n"
	"document: /m\n"
	"event:\n"
	"  document_id: /id\n"
	"  stage: {path: /s, values: {1: issued}, default: issued}\n"
	"  subject: /t\n"
	"  secrecy: {path: /k, default: none, values: {m: secret}}\n";

static void read_by(const char *mapping, const struct codec_options *limits,
	struct slice message, struct buf *out)
{
	struct arena arena = {0};

	mapped_read(mapped_load(&arena, mapping), limits, message, out);
	arena_deinit(&arena);
}

static struct slice slice_of(const char *text)
{
	return (struct slice){text, strlen(text)};
}

/* The answer of document @number, from 1, up to the end of its line; NULL: none. */
static const char *line_of(const char *said, size_t number)
{
	while (--number && said)
		if ((said = strchr(said, '\n')))
			said++;
	return said && *said ? said : NULL;
}

static bool begins(const char *line, const char *with)
{
	return line && !strncmp(line, with, strlen(with));
}

static size_t count_lines(const char *text)
{
	size_t n = 0;

	for (; (text = strchr(text, '\n')); text++)
		n++;
	return n;
}

static void test_each_document_of_a_message_is_answered_by_itself(void **state)
{
	static const struct {
		const char *mapping, *message;
		const char *wanted[3], *own[3];
	} rows[] = {
		{xml,
			"<m><h>T</h><d id='1'/> <x/> <d id='2' s='9'/><d "
			"id='3'/><y/></m>",
			{"ok {", "refused mapping.unknown-value 1:29 ", "ok {"},
			{" | <m><h>T</h><d id='1'/> <x/> <y/></m>\n",
				" | <m><h>T</h> <x/> <d id='2' s='9'/><y/></m>\n",
				" | <m><h>T</h> <x/> <d id='3'/><y/></m>\n"}},
		{json,
			"{\"m\": [{\"id\":1} , {\"id\":2,\"s\":9}, {\"id\":3}], "
			"\"n\":0}",
			{"ok {", "refused mapping.unknown-value 1:19 ", "ok {"},
			{" | {\"m\": [{\"id\":1}], \"n\":0}\n",
				" | {\"m\": [{\"id\":2,\"s\":9}], \"n\":0}\n",
				" | {\"m\": [{\"id\":3}], \"n\":0}\n"}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		cleanup_buf struct buf said = {0};

		read_by(rows[i].mapping, NULL, slice_of(rows[i].message), &said);
		assert_int_equal(count_lines(buf_text(&said)), 3);
		for (size_t k = 0; k < 3; k++) {
			const char *line = line_of(buf_text(&said), k + 1);
			const char *own = line ? strstr(line, rows[i].own[k]) : NULL;

			if (!begins(line, rows[i].wanted[k]) || !own ||
				own > strchr(line, '\n'))
				fail_msg("%s", buf_text(&said));
		}
	}
}

static void test_what_is_set_aside_of_a_document_reads_to_the_same_event(void **state)
{
	static const char message[] =
		"<?xml version='1.0'?>\n<m><h>Loại</h>\n<d id='1'><s>một</s></d>"
		"\n<d id='2'><s>hai</s></d></m>";
	cleanup_buf struct buf said = {0}, again = {0};

	(void)state;
	read_by(xml, NULL, slice_of(message), &said);
	const char *second = line_of(buf_text(&said), 1);
	const char *own = strstr(second, " | ") + 3;
	const char *end = strstr(own, "\nok ");

	read_by(xml, NULL, (struct slice){own, (size_t)(end - own)}, &again);
	assert_int_equal(
		strncmp(buf_text(&again), second, (size_t)(own - 3 - second)), 0);
	assert_non_null(strstr(buf_text(&again), "\"type_name\":\"Loại\""));
}

struct refusal {
	const char *mapping, *message, *wanted;
};

static void check_refusals(const struct refusal *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		cleanup_buf struct buf said = {0};

		read_by(rows[i].mapping, NULL, slice_of(rows[i].message), &said);
		if (!begins(buf_text(&said), rows[i].wanted) ||
			count_lines(buf_text(&said)) != 1)
			fail_msg("%s\ngives\n%s", rows[i].message, buf_text(&said));
	}
}

static void test_a_broken_message_is_refused_whole_with_its_place(void **state)
{
	static const struct refusal rows[] = {
		{xml, "<m><d id='1'/>\n<d id='2'></m>", "refused xml.malformed 2:15 "},
		{xml, "<m><d id='1'/>\n<d id='2'>",
			"refused xml.malformed 2:11 the file ends"},
		{xml, "<m><d id='1'/></m>x", "refused xml.malformed 1:19 "},
		{xml, "hello", "refused xml.malformed 1:1 "},
		{xml, "<m><d id='1'>&lol;</d></m>", "refused xml.malformed 1:"},
		{xml, "<m><d id='1'>\xff</d></m>", "refused xml.encoding 1:"},
		{xml, "<?xml version='1.0' encoding='utf-16'?><m><d id='1'/></m>",
			"refused xml.encoding 1:"},
		{xml, "<?xml version='1.0' encoding='windows-1258'?><m><d id='1'/></m>",
			"refused xml.encoding 1:"},
		{xml,
			"<!DOCTYPE m [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"
			"<m><d id='&x;'/></m>",
			"refused xml.doctype 1:1 "},
		{xml, "<m><d id='1'/><e/></m2>", "refused xml.malformed 1:"},
		{xml, "<n/>",
			"refused mapping.no-document 1:1 document: nothing stands at "
			"/m/d"},
		{json, "{\"m\":[{\"id\":1},\n{\"id\":2]}",
			"refused json.malformed 2:8 "},
		{json, "{\"m\":[{\"id\":1}", "refused json.malformed 1:"},
		{json, "{\"m\":[{\"id\":1,\"id\":2}]}", "refused json.malformed 1:"},
		{json, "{\"m\":[{\"id\":\"\xff\"}]}", "refused json.malformed 1:"},
		{json, "{\"m\":[{\"id\":1}]} x", "refused json.malformed 1:"},
		{json, "<m/>", "refused json.malformed 1:1 "},
		{json, "{\"m\":[]}", "refused mapping.no-document 1:1 "},
		{json, "{\"n\":[{}]}", "refused mapping.no-document 1:1 "},
		{json, "[]", "refused mapping.no-document 1:1 "},
		{json, "{\"\\u006d\":[{\"id\":1}]}",
			"refused mapping.no-document 1:1 "},
		{"syntax: xml\ndocument: //d\nevent: {document_id: \"@id\"}\n",
			"<m><d id='1'><d id='2'/></d></m>",
			"refused mapping.no-document 1:1 "},
		{"syntax: xml\ndocument: //d/@id\nevent: {document_id: .}\n",
			"<m><d id='1'/></m>", "refused mapping.no-document 1:1 "},
		{"syntax: xml\ndocument: \"'text'\"\nevent: {document_id: .}\n",
			"<m><d id='1'/></m>", "refused mapping.no-document 1:1 "},
	};

	(void)state;
	check_refusals(rows, sizeof(rows) / sizeof(rows[0]));
}

static void add_many(struct buf *out, const char *piece, size_t n)
{
	while (n--)
		buf_add_text(out, piece);
}

static void test_a_nul_is_no_end(void **state)
{
	static const char with_nul[] = "<m><d id='1'/></m>\0<m/>";
	static const char json_nul[] = "{\"m\":[{\"id\":1}]}\0";
	cleanup_buf struct buf said = {0}, of_json = {0};

	(void)state;
	read_by(xml, NULL, (struct slice){with_nul, sizeof(with_nul) - 1}, &said);
	assert_true(begins(buf_text(&said), "refused xml.encoding 1:19 "));
	read_by(json, NULL, (struct slice){json_nul, sizeof(json_nul)}, &of_json);
	assert_true(begins(buf_text(&of_json), "refused json.malformed 1:"));
}

/* A message of @head, @n times @piece, and @tail. */
static void check_limit(const char *mapping, const struct codec_options *limits,
	const char *head, const char *piece, size_t n, const char *tail,
	const char *wanted)
{
	cleanup_buf struct buf message = {0}, said = {0};

	buf_add_text(&message, head);
	add_many(&message, piece, n);
	buf_add_text(&message, tail);
	read_by(mapping, limits, (struct slice){message.data, message.n}, &said);
	if (!begins(buf_text(&said), wanted))
		fail_msg("%s…%s gives %.300s, not %s", head, tail, buf_text(&said),
			wanted);
}

static void test_the_limits_hold_here_too(void **state)
{
	static const struct codec_options small = {.max_depth = 5,
		.max_attributes = 2,
		.max_text = 1000,
		.max_bytes = 100 * 1000};

	(void)state;
	check_limit(xml, &small, "<m><d id='1'>", "<x>", 4, "",
		"refused xml.too-deep 1:23 ");
	check_limit(xml, NULL, "<m><d id='1'>", "<x>", 10000, "",
		"refused xml.too-deep 1:");
	check_limit(xml, &small, "<m><d id='1' a='' b=''/>", "", 0, "</m>",
		"refused xml.too-large 1:4 more than 2 attributes");
	check_limit(xml, &small, "<m><d id='1'><s>", "không ", 200, "</s></d></m>",
		"refused xml.too-large 1:");
	check_limit(xml, &small, "<m><d id='1", "x", 1001, "'/></m>",
		"refused xml.too-large 1:4 an attribute");
	check_limit(xml, &small, "<m>", "<x></x>", 100000 / 7, "</m>",
		"refused xml.too-large 0:0 a message of more than");
	check_limit(xml, NULL, "<m><d id='1'/>", "<x/>", 1000 * 1000, "</m>",
		"refused xml.too-large 1:");
	check_limit(xml, NULL, "<m>", "<d id='1'/>", 10001, "</m>",
		"refused xml.too-large 1:1 more than 10000 documents");
	check_limit(xml, NULL, "<m><!--", "<", 2 * 1024 * 1024, "--><d id='1'/></m>",
		"refused xml.too-large 1:");
	check_limit(json, &small, "{\"m\":", "[", 6, "", "refused json.too-deep 1:10 ");
	check_limit(json, NULL, "{\"m\":", "[", 100000, "", "refused json.too-deep 1:");
	check_limit(json, &small, "{\"m\":[{\"id\":1,\"t\":\"", "không ", 200, "\"}]}",
		"refused json.too-large 1:");
	check_limit(json, NULL, "{\"m\":[{\"id\":1}],\"x\":[0", ",0", 1000 * 1000, "]}",
		"refused json.too-large 1:");
}

static void test_what_stands_around_many_documents_is_not_copied_without_end(
	void **state)
{
	static const struct codec_options small = {.max_bytes = 1000 * 1000};
	cleanup_buf struct buf head = {0};

	(void)state;
	buf_add_text(&head, "<m><h>");
	add_many(&head, "x y ", 10000);
	buf_add_text(&head, "</h>");
	check_limit(xml, &small, buf_text(&head), "<d id='1'/>", 20, "</m>", "ok ");
	check_limit(xml, &small, buf_text(&head), "<d id='1'/>", 30, "</m>",
		"refused xml.too-large 1:1 too much stands around the 30 documents");
}

static void test_a_path_that_costs_too_much_is_given_up(void **state)
{
	(void)state;
	check_limit("syntax: xml\ndocument: /m/d\n"
		    "event: {document_id: \"@id\", subject: \"count(//*[count(//*) > "
		    "1])\"}\n",
		NULL, "<m><d id='1'/>", "<x/>", 20000, "</m>",
		"refused mapping.path-failed 1:4 ");
}

static void test_a_byte_order_mark_before_json_is_passed_over(void **state)
{
	cleanup_buf struct buf plain = {0}, marked = {0}, broken = {0};
	const char *mark = "\xef\xbb\xbf";
	const char *message = "{\"m\":[{\"id\":1,\"t\":\"x\"}]}";
	char text[64];

	(void)state;
	snprintf(text, sizeof(text), "%s%s", mark, message);
	read_by(json, NULL, slice_of(message), &plain);
	read_by(json, NULL, slice_of(text), &marked);
	assert_true(begins(buf_text(&plain), "ok "));
	assert_string_equal(buf_text(&marked), buf_text(&plain));
	/* Once; and the place of what is wrong is that in the message. */
	snprintf(text, sizeof(text), "%s{\n\"m\":?", mark);
	read_by(json, NULL, slice_of(text), &broken);
	assert_true(begins(buf_text(&broken), "refused json.malformed 2:5 "));
	buf_reset(&broken);
	snprintf(text, sizeof(text), "%s%s%s", mark, mark, message);
	read_by(json, NULL, slice_of(text), &broken);
	assert_true(begins(buf_text(&broken), "refused json.malformed 1:"));
}

static void test_too_many_json_documents_are_called_json(void **state)
{
	(void)state;
	check_limit(json, NULL, "{\"m\":[{\"id\":1}", ",{\"id\":1}", 10000, "]}",
		"refused json.too-large 1:1 more than 10000 documents");
	check_limit(xml, NULL, "<m><d id='1'/>", "<d id='1'/>", 10000, "</m>",
		"refused xml.too-large 1:1 more than 10000 documents");
}

static void test_what_all_documents_cost_together_is_bounded(void **state)
{
	cleanup_buf struct buf message = {.max = 64 << 20}, said = {.max = 128 << 20};
	static const char *const paths =
		"syntax: xml\ndocument: /m/d\n"
		"event: {document_id: \"@id\", subject: ../h}\n";
	int refused = 0;

	(void)state;
	/* 9,000 documents that look at 9,000 neighbours each: 81 million steps. */
	buf_add_text(&message, "<m>");
	add_many(&message, "<d id='1'/>", 9000);
	buf_add_text(&message, "</m>");
	read_by(paths, NULL, (struct slice){message.data, message.n}, &said);
	assert_true(begins(buf_text(&said), "ok "));
	for (const char *at = buf_text(&said);
		(at = strstr(at, "\nrefused mapping.path-failed ")); at++)
		refused++;
	assert_in_range(refused, 4000, 8000);
	/* The next message is counted anew. */
	check_limit(paths, NULL, "<m>", "<d id='1'/>", 100, "</m>", "ok ");
	/* Where so much stands around them that the message is refused, what may be
	 * secret in it is looked for within the same bound. */
	buf_reset(&message);
	buf_reset(&said);
	buf_add_text(&message, "<m>");
	add_many(&message, "<d id='1'/>", 9000);
	add_many(&message, "<q/>", 900 * 1000);
	buf_add_text(&message, "</m>");
	read_by(paths, NULL, (struct slice){message.data, message.n}, &said);
	assert_true(begins(buf_text(&said), "refused xml.too-large 1:1 too much "));
}

static void test_a_large_file_is_counted_and_not_kept(void **state)
{
	cleanup_buf struct buf message = {.max = 64 << 20}, said = {.max = 128 << 20};

	(void)state;
	buf_add_text(&message, "<m><d id='1'><f n='a.pdf'>");
	add_many(&message, "QUJDREVGR0hJSktMTU5PUFFSU1RVVldY\r\n", 100 * 1000);
	buf_add_text(&message, "QQ==</f><s>");
	add_many(&message, "chữ ", 20 * 1000);
	buf_add_text(&message, "</s><k>");
	add_many(&message, "QUJD", 20 * 1000);
	buf_add_text(&message, "</k></d></m>");
	read_by(xml, NULL, (struct slice){message.data, message.n}, &said);
	assert_true(begins(buf_text(&said), "ok "));
	assert_non_null(strstr(buf_text(&said), "\"bytes\":2400001}"));
	/* A text is not cut at 64 kB; what looks like a file's content is no text. */
	assert_true(said.n > 100 * 1000);
	assert_non_null(strstr(buf_text(&said), "text.not-kept"));
}

static void test_x1_a_secret_document_leaves_nothing_among_its_neighbours(void **state)
{
	static const struct {
		const char *mapping, *message;
	} rows[] = {
		{xml, "<m><d id='1'><s>mở</s></d><d id='2'><s>KÍN</s><k>m</k></d>"
		      "<d id='3'><s>MẬT: KÍN</s></d><d id='4' s='9'/></m>"},
		{json, "{\"m\":[{\"id\":1,\"t\":\"mở\"},{\"id\":2,\"t\":\"KÍN\",\"k\":"
		       "\"m\"},"
		       "{\"id\":3,\"t\":\"MẬT: KÍN\"},{\"id\":4,\"s\":9}]}"},
	};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		cleanup_buf struct buf said = {0};

		read_by(rows[i].mapping, NULL, slice_of(rows[i].message), &said);
		assert_true(begins(line_of(buf_text(&said), 1), "ok "));
		assert_true(begins(line_of(buf_text(&said), 2), "restricted 2 | \n"));
		assert_true(begins(line_of(buf_text(&said), 3), "restricted 3 | \n"));
		assert_true(begins(
			line_of(buf_text(&said), 4), "refused mapping.unknown-value "));
		assert_null(strstr(buf_text(&said), "KÍN"));
	}
}

/* In a broken message: the restricted ones first, then what is left, if anything is. */
static void test_x1_in_a_broken_message_what_is_set_aside_is_without_it(void **state)
{
	static const struct {
		const char *mapping, *message;
		const char *wanted[3]; /* the answers; the rest ends with its bytes */
	} rows[] = {
		/* Whole ones before the break are read, and one that it broke in. */
		{xml, "<m><d id='1'/><d id='2'><k>m</k></d><d id='3'>< </m>",
			{"restricted 2 | \n", "refused xml.malformed 1:48 it breaks "
					      "here; what of it is "
					      "secret is not kept, nor what follows | "
					      "<m><d id='1'/><d id='3'><"}},
		{xml, "<m><d id='1'/><d id='2'><k>m</k><s>KÍN",
			{"restricted 2 | \n", "refused xml.malformed 1:39 it breaks "
					      "here; what of it is "
					      "secret is not kept, nor what follows | "
					      "<m><d id='1'/>\n"}},
		{xml, "<m><d id='1'><s>MẬT: KÍN</s></m>", {"restricted 1\n"}},
		{xml, "<m><d id='1'/><d id='2'></m>", {"refused xml.malformed 1:29 "}},
		{json, "{\"m\":[{\"id\":1},{\"id\":2,\"k\":\"m\"},{\"id\":3,}]}",
			{"restricted 2 | \n", "refused json.malformed 1:41 it breaks "
					      "here; what of it is "
					      "secret is not kept, nor what follows | "
					      "{\"m\":[{\"id\":1},,{\"id\":3,\n"}},
		{json, "{\"m\":[{\"id\":1},{\"id\":2,\"k\":\"m\",}]}",
			{"restricted 2 | \n", "refused json.malformed 1:32 "}},
		{json, "{\"m\":[{\"id\":1},{\"k\":\"m\",\"id\":2,\"t\":\"KÍN",
			{"restricted 2 | \n", "refused json.malformed 1:"}},
		{json, "{\"m\":[{\"id\":1,\"t\":\"MẬT: KÍN", {"restricted 1\n"}},
		{json, "{\"m\":[{\"id\":1,\"t\":\"MẬT: KÍN \\u00", {"restricted 1\n"}},
		{json, "{\"m\":[{\"t\":\"MẬT: KÍN\",\"id\":1,\"x\"",
			{"restricted 1\n"}},
		{json, "{\"m\":{\"k\":\"m\",\"id\":1,\"x\":[{\"y\":tru",
			{"restricted 1\n"}},
		{json, "{\"m\":[{\"id\":1},{\"id\":2", {"refused json.malformed 1:"}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		cleanup_buf struct buf said = {0};

		read_by(rows[i].mapping, NULL, slice_of(rows[i].message), &said);
		size_t n = 0;

		for (; n < 3 && rows[i].wanted[n]; n++)
			if (!begins(line_of(buf_text(&said), n + 1), rows[i].wanted[n]))
				fail_msg("%s\ngives\n%snot\n%s", rows[i].message,
					buf_text(&said), rows[i].wanted[n]);
		assert_int_equal(count_lines(buf_text(&said)), n);
		if (begins(rows[i].wanted[0], "restricted"))
			assert_null(strstr(buf_text(&said), "KÍN"));
	}
}

static void test_a_codec_reads_message_after_message(void **state)
{
	struct arena arena = {0};
	struct codec_options options = {
		.format = CODEC_MAPPING, .mapping = mapped_load(&arena, xml)};
	struct codec *c = codec_new(&options);
	static const char *const messages[] = {
		"<m><d id='1'/><d id='2'/><d id='3'/></m>", "<m><d id='4'/>", "",
		"<m><d id='5'/></m>"};
	static const enum codec_result results[] = {
		CODEC_OK, CODEC_REFUSED, CODEC_REFUSED, CODEC_OK};
	static const size_t left[] = {2, 0, 0, 0};

	(void)state;
	/* The first is left after one document: the others are let go of. */
	for (int turn = 0; turn < 8; turn++) {
		struct event *ev = NULL;
		struct codec_error error;
		struct err e;

		assert_int_equal(codec_read_bytes(c, slice_of(messages[turn % 4]), &ev,
					 &error, &e),
			results[turn % 4]);
		assert_int_equal(codec_left(c), left[turn % 4]);
		assert_int_equal(codec_number(c), turn % 4 ? 0 : 1);
		event_free(ev);
	}
	codec_free(c);
	arena_deinit(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_document_of_a_message_is_answered_by_itself),
		cmocka_unit_test(
			test_what_is_set_aside_of_a_document_reads_to_the_same_event),
		cmocka_unit_test(test_a_broken_message_is_refused_whole_with_its_place),
		cmocka_unit_test(test_a_nul_is_no_end),
		cmocka_unit_test(test_the_limits_hold_here_too),
		cmocka_unit_test(
			test_what_stands_around_many_documents_is_not_copied_without_end),
		cmocka_unit_test(test_a_path_that_costs_too_much_is_given_up),
		cmocka_unit_test(test_what_all_documents_cost_together_is_bounded),
		cmocka_unit_test(test_a_byte_order_mark_before_json_is_passed_over),
		cmocka_unit_test(test_too_many_json_documents_are_called_json),
		cmocka_unit_test(test_a_large_file_is_counted_and_not_kept),
		cmocka_unit_test(
			test_x1_a_secret_document_leaves_nothing_among_its_neighbours),
		cmocka_unit_test(
			test_x1_in_a_broken_message_what_is_set_aside_is_without_it),
		cmocka_unit_test(test_a_codec_reads_message_after_message),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
