/* Lists of documents, JSON and XML: what is read out of them, and what is no list. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "adapters/poll_list.h"

static const struct poll_list_paths json = {
	.format = POLL_LIST_JSON,
	.items = "/data",
	.id = "/id",
	.ok = "/status",
	.ok_value = "OK",
	.count = "/total",
};
static const struct poll_list_paths xml = {
	.format = POLL_LIST_XML,
	.items = "/list/doc",
	.id = "@id",
};

static struct slice bytes(const char *text)
{
	return (struct slice){text, strlen(text)};
}

static struct poll_list *read_list(
	const struct poll_list_paths *paths, const char *text)
{
	struct poll_list *l;
	struct err e = {0};

	if (poll_list_read(paths, bytes(text), &l, &e) < 0)
		fail_msg("%s", e.text);
	return l;
}

static void assert_slice(struct slice slice, const char *text)
{
	assert_non_null(slice.at);
	assert_int_equal(slice.n, strlen(text));
	assert_memory_equal(slice.at, text, slice.n);
}

static void test_json_has_texts_numbers_and_parts(void **state)
{
	struct poll_list *l = read_list(&json,
		"{\"status\": \"OK\", \"total\": 2, \"next\": null, \"data\": ["
		"{\"id\": 12345678901234567, \"a/b~\": [\"x\", true, 1.5],"
		" \"body\": {\"kind\": \"document\"}},"
		"{\"id\": \"hai\", \"a/b~\": null, \"body\": \"văn bản\"}]}");

	(void)state;
	assert_int_equal(poll_list_size(l), 2);
	assert_string_equal(poll_item_text(l, 0, "/id"), "12345678901234567");
	assert_string_equal(poll_item_text(l, 1, "/id"), "hai");
	assert_string_equal(poll_item_text(l, 0, "/a~1b~0/0"), "x");
	assert_string_equal(poll_item_text(l, 0, "/a~1b~0/1"), "true");
	assert_string_equal(poll_item_text(l, 0, "/a~1b~0/2"), "1.5");
	assert_null(poll_item_text(l, 0, "/a~1b~0/3"));
	assert_null(poll_item_text(l, 0, "/a~1b~0"));
	assert_null(poll_item_text(l, 1, "/a~1b~0"));
	assert_null(poll_list_text(l, "/next"));
	assert_string_equal(poll_list_text(l, "/data/1/id"), "hai");
	assert_slice(poll_item_part(l, 0, "/body"), "{\"kind\":\"document\"}");
	assert_slice(poll_item_part(l, 1, "/body"), "văn bản");
	assert_null(poll_item_part(l, 1, "/nothing").at);
	assert_slice(poll_item_whole(l, 1),
		"{\"id\":\"hai\",\"a/b~\":null,\"body\":\"văn bản\"}");
	poll_list_free(l);
}

static void test_xml_has_texts_and_parts(void **state)
{
	struct poll_list *l = read_list(&xml,
		"<list xmlns:e='urn:e'><next>2</next><doc id='1'><name>một</name>"
		"<body><e:root e:a='b'>x</e:root></body></doc>"
		"<doc id='2'><body>PGE+</body></doc></list>");

	(void)state;
	assert_int_equal(poll_list_size(l), 2);
	assert_string_equal(poll_item_text(l, 0, "@id"), "1");
	assert_string_equal(poll_item_text(l, 0, "name"), "một");
	assert_null(poll_item_text(l, 1, "name"));
	assert_string_equal(poll_list_text(l, "/list/next"), "2");
	assert_string_equal(poll_item_text(l, 0, "concat(@id, '-', name)"), "1-một");
	assert_slice(poll_item_part(l, 0, "body"),
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<e:root xmlns:e=\"urn:e\" e:a=\"b\">x</e:root>\n");
	assert_slice(poll_item_part(l, 1, "body"), "PGE+");
	poll_list_free(l);
}

static void test_an_empty_list_is_a_list(void **state)
{
	struct poll_list *l =
		read_list(&json, "{\"status\": \"OK\", \"total\": 0, \"data\": []}");

	(void)state;
	assert_int_equal(poll_list_size(l), 0);
	poll_list_free(l);
	l = read_list(&xml, "<list/>");
	assert_int_equal(poll_list_size(l), 0);
	poll_list_free(l);
}

static void test_what_is_no_list_is_never_an_empty_one(void **state)
{
	static const struct {
		const struct poll_list_paths *paths;
		const char *text, *says;
	} rows[] = {
		{&json, "", "it is not JSON (line 1, column 0)"},
		{&json, "<html>Đăng nhập</html>", "it is not JSON (line 1, column 1)"},
		{&json, "{\"status\": \"OK\", \"total\": 0, \"data\": [}",
			"it is not JSON (line 1, column 39)"},
		{&json, "{\"status\": \"OK\", \"total\": 0, \"data\": []",
			"it is not JSON (line 1, column 39)"},
		{&json, "{\"status\": \"FAIL\", \"total\": 0, \"data\": []}",
			"/status is not \"OK\""},
		{&json, "{\"total\": 0, \"data\": []}", "/status is not \"OK\""},
		{&json, "{\"status\": \"OK\", \"total\": 0}",
			"there is no list at /data"},
		{&json, "{\"status\": \"OK\", \"total\": 0, \"data\": null}",
			"there is no list at /data"},
		{&json, "{\"status\": \"OK\", \"total\": 0, \"data\": {}}",
			"there is no list at /data"},
		{&json, "{\"status\": \"OK\", \"data\": []}",
			"there is no number at /total"},
		{&json, "{\"status\": \"OK\", \"total\": 3, \"data\": []}",
			"/total counts 3 documents and /data lists none"},
		{&json,
			"{\"status\": \"OK\", \"total\": 2, \"data\": [{\"id\": 1}, "
			"{}]}",
			"the 2. document has nothing at /id"},
		{&json,
			"{\"status\": \"OK\", \"total\": 1, \"data\": [{\"id\": "
			"\"\"}]}",
			"the 1. document has nothing at /id"},
		{&json, "{\"status\": \"OK\", \"total\": 1, \"data\": [\"x\"]}",
			"the 1. document has nothing at /id"},
		{&xml, "", "it is not XML"},
		{&xml, "<list><doc id='1'></list>", "it is not XML"},
		{&xml, "<!DOCTYPE list [<!ENTITY a 'b'>]><list/>",
			"it has a document type, which is refused"},
		{&xml, "<error/>", "there is no list at /list/doc"},
		{&xml, "<list><doc/></list>", "the 1. document has nothing at @id"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct poll_list *l = NULL;
		struct err e = {0};

		assert_int_equal(
			poll_list_read(rows[i].paths, bytes(rows[i].text), &l, &e), -1);
		assert_string_equal(e.text, rows[i].says);
		assert_int_equal(e.code, ERR_UNAVAILABLE);
		assert_null(l);
	}
}

static void test_entries_are_elements(void **state)
{
	struct poll_list_paths paths = {
		.format = POLL_LIST_XML, .items = "/list/@*", .id = "."};
	struct poll_list *l = NULL;
	struct err e = {0};

	(void)state;
	assert_int_equal(
		poll_list_read(&paths, bytes("<list a='1'><doc/></list>"), &l, &e), -1);
	assert_string_equal(e.text, "there is no list at /list/@*");
	paths.items = "count(/list)";
	assert_int_equal(
		poll_list_read(&paths, bytes("<list a='1'><doc/></list>"), &l, &e), -1);
}

static void test_a_path_that_is_none_is_told(void **state)
{
	(void)state;
	assert_null(poll_path_judge(POLL_LIST_JSON, ""));
	assert_null(poll_path_judge(POLL_LIST_JSON, "/a~1b/0"));
	assert_non_null(poll_path_judge(POLL_LIST_JSON, "a/b"));
	assert_non_null(poll_path_judge(POLL_LIST_JSON, "/a~2"));
	assert_null(poll_path_judge(POLL_LIST_XML, "/list/doc[@id]"));
	assert_non_null(poll_path_judge(POLL_LIST_XML, "/list/doc["));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_json_has_texts_numbers_and_parts),
		cmocka_unit_test(test_xml_has_texts_and_parts),
		cmocka_unit_test(test_an_empty_list_is_a_list),
		cmocka_unit_test(test_what_is_no_list_is_never_an_empty_one),
		cmocka_unit_test(test_entries_are_elements),
		cmocka_unit_test(test_a_path_that_is_none_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
