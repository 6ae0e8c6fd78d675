/*
 * Agency lists: what is read from the axis' JSON and the older XML, what is complained
 * of, and what is refused whole, each at its line and column.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "adapters/agency_list.h"
#include "gateway/base/buf.h"

struct row {
	const char *what, *text, *gives;
};

static const char *shown(const char *text)
{
	return text ? text : "-";
}

/* A line an agency, then one a complaint; or the one fault. */
static void print(struct buf *out, const struct agency_list *list, int failed,
	const struct err *e)
{
	if (failed) {
		buf_printf(out, "%d:%d: %s\n", list->line, list->column, e->text);
		return;
	}
	for (size_t i = 0; i < list->agencies.n; i++) {
		const struct agency *a = &list->agencies.at[i];

		buf_printf(out, "%d:%d %s %s \"%s\" %s<%s\n", a->line, a->column,
			shown(a->id), shown(a->old_id), shown(a->name), shown(a->key),
			shown(a->parent_key));
	}
	for (size_t i = 0; i < list->complaints.n; i++)
		buf_printf(out, "%d:%d: %s\n", list->complaints.at[i].line,
			list->complaints.at[i].column, list->complaints.at[i].text);
}

static void check_text(const char *what, const char *text, size_t n, const char *gives)
{
	struct agency_list list = {0};
	cleanup_buf struct buf out = {0};
	struct err e = {0};

	int failed = agency_list_read(&list, text, n, &e);

	print(&out, &list, failed, &e);
	if (failed)
		assert_int_equal(e.code, ERR_INPUT);
	agency_list_deinit(&list);
	if (strcmp(buf_text(&out), gives) != 0)
		fail_msg("%s:\n%s\ninstead of:\n%s", what, buf_text(&out), gives);
}

static void check_rows(const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++)
		check_text(rows[i].what, rows[i].text, strlen(rows[i].text),
			rows[i].gives);
}

#define CHECK_ROWS(rows) check_rows(rows, sizeof(rows) / sizeof((rows)[0]))

static void the_json_of_the_axis_gives_its_agencies(void **state)
{
	static const struct row rows[] = {
		{"a reply",
			"{\"data\": [\n"
			"  "
			"{\"id\":\"1\",\"pid\":null,\"code\":\"H99\",\"oldCode\":\"000."
			"00.00.H99\","
			"\"name\":\"UBND tỉnh Mẫu\",\"mail\":\"a@mau.example\"},\n"
			"  "
			"{\"id\":\"2\",\"pid\":\"1\",\"code\":\"H99.05\",\"name\":\"Sở "
			"Y tế\"}\n"
			"], \"status\":\"OK\", \"ErrorCode\":\"0\", "
			"\"ErrorDesc\":\"\"}",
			"2:3 H99 000.00.00.H99 \"UBND tỉnh Mẫu\" 1<-\n"
			"3:3 H99.05 - \"Sở Y tế\" 2<1\n"},
		{"status before the data, the other list's name of the old id",
			"{\"status\":\"OK\",\"data\":[{\"code\":\"H99\",\"code102\":"
			"\"000.00.00.H99\"}]}",
			"1:24 H99 000.00.00.H99 \"-\" -<-\n"},
		{"a bare array, numbers as keys",
			"[{\"id\":7,\"pid\":0,\"code\":\"H99\"},{\"id\":8,\"pid\":7,"
			"\"code\":\"H99.1\"}]",
			"1:2 H99 - \"-\" 7<0\n1:32 H99.1 - \"-\" 8<7\n"},
		{"a byte order mark, decomposed and padded names, members nobody knows",
			"\xef\xbb\xbf[{\"code\":\" H99 \",\"name\":\" "
			"So\xcc\x9b\xcc\x89  Y te\xcc\x82\xcc\x81 \","
			"\"x\":{\"y\":[1]}}]",
			"1:2 H99 - \"Sở Y tế\" -<-\n"},
		{"columns are characters",
			"[{\"code\":\"H99\",\"name\":\"Sở\"},{\"code\":\"H98\"}]",
			"1:2 H99 - \"Sở\" -<-\n1:29 H98 - \"-\" -<-\n"},
	};

	(void)state;
	CHECK_ROWS(rows);
}

static void an_odd_entry_is_complained_of_and_the_rest_is_read(void **state)
{
	static const struct row rows[] = {
		{"no new id",
			"[{\"code\":null,\"oldCode\":\"000.00.05.H99\",\"name\":\"Sở Y "
			"tế\"}]",
			"1:2 000.00.05.H99 - \"Sở Y tế\" -<-\n"
			"1:2: organ 000.00.05.H99 has no new id; its old one is taken "
			"as its id\n"},
		{"no id at all: kept without one, for those below it",
			"[{\"id\":1,\"code\":\"\",\"oldCode\":\"N/A\",\"name\":\"Các "
			"sở\"},"
			"{\"id\":2,\"pid\":1,\"code\":\"H99\"}]",
			"1:2 - - \"Các sở\" 1<-\n1:53 H99 - \"-\" 2<1\n"
			"1:2: \"Các sở\" has no organ id and is passed over\n"},
		{"both ids are one", "[{\"code\":\"H99.05\",\"oldCode\":\"h99.05\"}]",
			"1:2 H99.05 - \"-\" -<-\n"
			"1:2: organ H99.05: its old id is its new one\n"},
		{"ids that are none",
			"[{\"code\":\"H99 05\",\"oldCode\":\"000.00.05.H99\"},\n"
			" {\"code\":\"H99.06\",\"oldCode\":\"?\"}]",
			"1:2 000.00.05.H99 - \"-\" -<-\n2:2 H99.06 - \"-\" -<-\n"
			"1:2: the id \"H99 05\" is no organ id and is not taken over: "
			"2 to 64 "
			"letters, digits, '.', '_', ':' or '-'\n"
			"1:2: organ 000.00.05.H99 has no new id; its old one is taken "
			"as its id\n"
			"2:2: the old id \"?\" is no organ id and is not taken over: 2 "
			"to 64 "
			"letters, digits, '.', '_', ':' or '-'\n"},
		{"two old ids",
			"[{\"code\":\"H99.05\",\"oldCode\":\"000.00.05.H99\","
			"\"code102\":\"000.00.06.H99\"}]",
			"1:2 H99.05 - \"-\" -<-\n"
			"1:2: oldCode 000.00.05.H99 and code102 000.00.06.H99 differ; "
			"neither is "
			"taken over\n"},
		{"values of a wrong type, entries that are none",
			"[7,{\"code\":true},{\"code\":\"H99\",\"name\":[]}]",
			"1:4 - - \"-\" -<-\n1:18 H99 - \"-\" -<-\n"
			"1:2: this is no agency (an object) and is passed over\n"
			"1:4: `code` is neither text nor number and is not taken over\n"
			"1:4: \"\" has no organ id and is passed over\n"
			"1:18: `name` is neither text nor number and is not taken "
			"over\n"},
	};

	(void)state;
	CHECK_ROWS(rows);
}

static void a_json_list_that_is_no_success_is_a_failure(void **state)
{
	static const struct row rows[] = {
		{"it failed",
			"{\"data\":[],\"status\":\"FAIL\",\"ErrorCode\":\"12\","
			"\"ErrorDesc\":\"khong "
			"co quyen\"}",
			"1:21: this list is a failure: status is \"FAIL\" (khong co "
			"quyen)\n"},
		{"it failed, with data all the same",
			"{\"ErrorDesc\":\"x\",\"status\":\"FAIL\",\"data\":[{\"code\":"
			"\"H99\"}]}",
			"1:27: this list is a failure: status is \"FAIL\" (x)\n"},
		{"OK with an error",
			"{\"status\":\"OK\",\"ErrorCode\":\"-1\",\"data\":[]}",
			"1:28: this list is a failure: ErrorCode is \"-1\"\n"},
		{"a status of no kind",
			"{\"status\":null,\"data\":[{\"code\":\"H99\"}]}",
			"1:11: this list is a failure: status is null\n"},
		{"no data", "{\"status\":\"OK\"}",
			"1:1: there is no list in it: `data` must be a list of "
			"agencies\n"},
		{"an empty object", "{}",
			"1:1: there is no list in it: `data` must be a list of "
			"agencies\n"},
		{"data of no kind", "{\"status\":\"OK\",\"data\":null}",
			"1:1: there is no list in it: `data` must be a list of "
			"agencies\n"},
		{"data twice", "{\"data\":[{\"code\":\"H99\"}],\"data\":[]}",
			"1:33: `data` stands twice\n"},
		{"empty", "{\"status\":\"OK\",\"data\":[]}",
			"1:1: the list is empty\n"},
		{"an empty array", "[]", "1:1: the list is empty\n"},
		{"nobody in it", "[{\"name\":\"a\"},{\"name\":\"b\"}]",
			"1:1: none of the list's 2 entries has an organ id\n"},
		{"nothing", "", "1:1: the file is empty\n"},
		{"only white space", " \r\n\t", "1:1: the file is empty\n"},
		{"something else", "id,code\n1,H99\n",
			"1:1: this is neither JSON nor XML: an agency list begins with "
			"'{', '[' "
			"or '<'\n"},
	};

	(void)state;
	CHECK_ROWS(rows);
}

static void broken_json_is_refused_where_it_breaks(void **state)
{
	static const struct row rows[] = {
		{"cut short", "[{\"code\":\"H99\"},\n {\"co",
			"2:5: this is not JSON: premature end of input near '\"co'\n"},
		{"cut after an entry", "{\"data\":[{\"code\":\"H99\"}\n",
			"2:1: the file ends inside the list\n"},
		{"cut after the list", "{\"data\":[{\"code\":\"H99\"}]",
			"1:25: the file ends inside the list\n"},
		{"a comma too much", "[{\"code\":\"H99\"},]",
			"1:17: this is not JSON: unexpected token near ']'\n"},
		{"a comma too much in the reply", "{\"status\":\"OK\",}",
			"1:16: a member's name must stand here\n"},
		{"a comma too few", "[{\"code\":\"H99\"} {\"code\":\"H98\"}]",
			"1:17: ',' or ']' must stand here\n"},
		{"no colon", "{\"data\" []}", "1:9: ':' must stand here\n"},
		{"two lists", "[{\"code\":\"H99\"}]\n[]",
			"2:1: more follows after the end of the list\n"},
		{"a member twice in an entry",
			"[{\"code\":\"H99\",\n\"code\":\"H98\"}]",
			"2:6: this is not JSON: duplicate object key near "
			"'\"code\"'\n"},
	};
	static const char nul[] = "[{\"code\":\"H99\"}]\0 [";

	(void)state;
	CHECK_ROWS(rows);
	check_text("a NUL behind the list", nul, sizeof(nul) - 1,
		"1:17: more follows after the end of the list\n");
}

#define OLD "<e:GetOrganizationsResponse xmlns:e=\"http://www.e-doc.vn/Schema/\">"
#define END "</e:GetOrganizationsResponse>"

static void the_old_xml_gives_its_agencies(void **state)
{
	static const struct row rows[] = {
		{"as in the wild",
			OLD
			"<e:Organizations>\n <e:Organization>\n"
			"  <e:OrganId>000.00.05.H99</e:OrganId>\n"
			"  <e:OrganizationInCharge>Tỉnh Mẫu</e:OrganizationInCharge>\n"
			"  <e:OrganName> Sở Y tế &amp; Dân số</e:OrganName><e:Email "
			"/>\n"
			"  <e:domain_new>H99.05</e:domain_new>\n"
			" </e:Organization>\n"
			" <e:Organization><e:OrganId>000.00.00.H99</"
			"e:OrganId><e:domain_new/>"
			"</e:Organization></e:Organizations>" END,
			"2:2 H99.05 000.00.05.H99 \"Sở Y tế & Dân số\" -<Tỉnh Mẫu\n"
			"8:2 000.00.00.H99 - \"-\" -<-\n"
			"8:2: organ 000.00.00.H99 has no new id; its old one is taken "
			"as its id\n"},
		{"in a SOAP body, without prefixes",
			"<s:Envelope "
			"xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>"
			"<GetOrganizationsResponse "
			"xmlns=\"http://www.e-doc.vn/Schema/\">\n"
			"<Organizations><Organization><domain_new>H99</domain_new>"
			"</Organization></Organizations>"
			"</GetOrganizationsResponse></s:Body></s:Envelope>",
			"2:16 H99 - \"-\" -<-\n"},
		{"foreign elements, and an OrganId that is deeper",
			OLD
			"<e:Organization xmlns:f=\"urn:f\"><f:OrganId>H1</f:OrganId>"
			"<e:domain_new>H99</e:domain_new><e:x><e:OrganName>y</"
			"e:OrganName></e:x>"
			"</e:Organization>" END,
			"1:67 H99 - \"-\" -<-\n"},
	};

	(void)state;
	CHECK_ROWS(rows);
}

static void bad_xml_is_refused_where_it_breaks(void **state)
{
	static const struct row rows[] = {
		{"not well-formed", OLD "\n<e:Organization></e:Organisation>" END,
			"2:34: this is not XML: Opening and ending tag mismatch: "
			"Organization "
			"line 2 and Organisation\n"},
		{"cut short", OLD "<e:Organization>",
			"1:83: this is not XML: the file ends before its elements "
			"do\n"},
		{"a DOCTYPE", "<!DOCTYPE a [<!ENTITY b \"c\">]>" OLD END,
			"1:13: a DOCTYPE is not read\n"},
		{"another root", "<edXML xmlns=\"http://www.e-doc.vn/Schema/\"/>",
			"1:1: the element edXML in namespace "
			"http://www.e-doc.vn/Schema/ is no "
			"list of organizations (GetOrganizationsResponse)\n"},
		{"another namespace", "<GetOrganizationsResponse xmlns=\"urn:x\"/>",
			"1:1: the element GetOrganizationsResponse in namespace urn:x "
			"is no list "
			"of organizations (GetOrganizationsResponse)\n"},
		{"an empty SOAP body",
			"<s:Envelope "
			"xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"/>",
			"1:66: there is no list of organizations in it\n"},
		{"nobody in it", OLD END, "1:1: the list is empty\n"},
	};

	(void)state;
	CHECK_ROWS(rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_json_of_the_axis_gives_its_agencies),
		cmocka_unit_test(an_odd_entry_is_complained_of_and_the_rest_is_read),
		cmocka_unit_test(a_json_list_that_is_no_success_is_a_failure),
		cmocka_unit_test(broken_json_is_refused_where_it_breaks),
		cmocka_unit_test(the_old_xml_gives_its_agencies),
		cmocka_unit_test(bad_xml_is_refused_where_it_breaks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
