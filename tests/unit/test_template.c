/*
 * Templates: what a place becomes where it stands, and every way a template can be
 * wrong, found before an event comes. One table of rows each.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "adapters/template.h"

static const char event[] =
	"{\"specversion\":\"1.0\",\"id\":\"H99-7\",\"source\":\"/congvan/H99\","
	"\"type\":\"vn.congvan.task.assigned.v1\",\"subject\":\"NV-1\","
	"\"time\":\"2025-11-20T18:30:05Z\",\"data\":{\"id\":\"NV-1\",\"revision\":3,"
	"\"lead\":\"H99.05\",\"state\":\"completed\",\"due_on\":\"2025-12-09\","
	"\"completed_on\":null,\"content\":\"Rà soát & báo cáo \\\"gấp\\\" "
	"<1/2>\\n?x=1\","
	"\"coordinating\":[\"H99.07\",\"H99.08\"],\"parent\":\"..\",\"kind\":\"\","
	"\"document\":{\"id\":12,\"code\":\"12/"
	"UBND-VX\",\"subject\":\"a\\u0001b\\uffff\"}}}";

static const struct template_row state_rows[] = {{"assigned", "1"},
	{"in_progress", "1"}, {"reported", "2"}, {"completed", "\"HT & xong\""},
	{"handed_back", "8"}, {"cancelled", "9"}, {"withdrawn", "true"}};
static const struct template_row kind_rows[] = {{"task", "1"}};
static const struct template_table table_rows[] = {
	{"states", state_rows, 7}, {"kinds", kind_rows, 1}};
static const struct template_tables tables = {table_rows, 2};

static const struct template *parse(
	struct arena *arena, const char *text, enum template_place place)
{
	struct template_fault fault = {0};
	const struct template *t = template_parse(arena, text, place, &tables, &fault);

	if (!t)
		fail_msg("%s: at %zu: %s", text, fault.at, fault.text);
	return t;
}

static int render(const char *text, enum template_place place, const char *known_as,
	struct buf *out, struct err *e)
{
	struct arena arena = {0};
	struct template_values *values;
	const struct template *t = parse(&arena, text, place);
	const struct template_json body = {.kind = TEMPLATE_JSON_TEXT, .text = t};

	assert_int_equal(template_values_open((struct slice){event, sizeof(event) - 1},
				 "task.assigned", known_as, &values, e),
		0);
	int result = place == TEMPLATE_JSON
			     ? template_render_json(&body, values, out, e)
			     : template_render(t, values, out, e);

	template_values_close(values);
	arena_deinit(&arena);
	return result;
}

static void test_a_place_is_written_as_what_it_stands_in_wants_it(void **state)
{
	static const struct {
		enum template_place place;
		const char *text, *becomes;
	} rows[] = {
		{TEMPLATE_URL, "/tasks/{subject}", "/tasks/NV-1"},
		{TEMPLATE_URL, "/a/{data.content}",
			"/a/"
			"R%C3%A0%20so%C3%A1t%20%26%20b%C3%A1o%20c%C3%A1o%20%22g%E1%BA%"
			"A5p%22%20%3C1%2F2%3E%0A%3Fx%3D1"},
		{TEMPLATE_URL, "/a?b={data.kind}&c={data.lead}", "/a?b=&c=H99.05"},
		{TEMPLATE_URL, "?only={data.revision}", "?only=3"},
		{TEMPLATE_URL, "/a/{data.parent}x/{data.lead}", "/a/..x/H99.05"},
		{TEMPLATE_URL, "/a?up={data.parent}", "/a?up=.."},
		{TEMPLATE_URL, "/{{x}}/{known_as}", "/{x}/77%2F..%0D%0A"},
		{TEMPLATE_HEADER, "v {name} {data.revision}", "v task.assigned 3"},
		{TEMPLATE_HEADER, "{known_as}", "77/..  "},
		{TEMPLATE_HEADER, "{data.content}",
			"Rà soát & báo cáo \"gấp\" <1/2> ?x=1"},
		{TEMPLATE_XML, "<a b='{data.content}'>{data.content}</a>",
			"<a b='Rà soát &#38; báo cáo &#34;gấp&#34; "
			"&#60;1/2&#62;&#10;?x=1'>"
			"Rà soát &#38; báo cáo &#34;gấp&#34; "
			"&#60;1/2&#62;&#10;?x=1</a>"},
		{TEMPLATE_XML, "<a>{data.document.subject}{{}}</a>",
			"<a>a\xef\xbf\xbd"
			"b\xef\xbf\xbd{}</a>"},
		{TEMPLATE_JSON, "{data.revision}", "3"},
		{TEMPLATE_JSON, "{data.revision | text}", "\"3\""},
		{TEMPLATE_JSON, " {data.revision}", "\" 3\""},
		{TEMPLATE_JSON, "{data.completed_on}", "null"},
		{TEMPLATE_JSON, "{data.coordinating}", "[\"H99.07\",\"H99.08\"]"},
		{TEMPLATE_JSON, "{data.document}",
			"{\"id\":12,\"code\":\"12/"
			"UBND-VX\",\"subject\":\"a\\u0001b\xef\xbf\xbf\"}"},
		{TEMPLATE_JSON, "{data.coordinating.1}", "\"H99.08\""},
		{TEMPLATE_JSON, "{data.coordinating.7}", "null"},
		{TEMPLATE_JSON, "\"{data.document.subject}\\",
			"\"\\\"a\\u0001b\xef\xbf\xbf\\\\\""},
		{TEMPLATE_JSON, "", "\"\""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		cleanup_buf struct buf out = {0};
		struct err e = {0};

		if (render(rows[i].text, rows[i].place, "77/..\r\n", &out, &e) < 0)
			fail_msg("%s: %s", rows[i].text, e.text);
		assert_string_equal(buf_text(&out), rows[i].becomes);
	}
}

static void test_filters_change_what_is_put_in(void **state)
{
	static const struct {
		const char *text, *becomes;
	} rows[] = {
		{"{data.due_on | date dd/MM/yyyy}", "\"09/12/2025\""},
		{"{data.due_on|date yy-MM-ddTHH:mm:ss}", "\"25-12-09T00:00:00\""},
		{"{time | date dd/MM/yyyy HH:mm:ss}", "\"21/11/2025 01:30:05\""},
		{"{data.completed_on | date dd/MM/yyyy}", "null"},
		{"{data.completed_on | date dd/MM/yyyy | default \"-\"}", "\"-\""},
		{"{data.completed_on | default ''}", "\"\""},
		{"{data.completed_on | default 0}", "0"},
		{"{data.completed_on | default \"0\"}", "\"0\""},
		{"{data.completed_on | default false}", "false"},
		{"{data.completed_on | default chưa có}", "\"chưa có\""},
		{"{data.completed_on | default '{|}\"'}", "\"{|}\\\"\""},
		{"{data.lead | default 'x'}", "\"H99.05\""},
		{"{data.state | table states}", "\"HT & xong\""},
		{"{data.lead | table states | default 5}", "5"},
		{"{data.completed_on | table states | default 6}", "6"},
		{"{data.coordinating | join '; '}", "\"H99.07; H99.08\""},
		{"{data.content | max 7}", "\"Rà soát\""},
		{"{data.content | max 1000 | max 2}", "\"Rà\""},
		{"{data.revision | max 5}", "\"3\""},
		{"{ data.lead|text }", "\"H99.05\""},
		{"{data.completed_on | text}", "null"},
		{"{known_as | default none}", "\"none\""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		cleanup_buf struct buf out = {0};
		struct err e = {0};

		if (render(rows[i].text, TEMPLATE_JSON, NULL, &out, &e) < 0)
			fail_msg("%s: %s", rows[i].text, e.text);
		assert_string_equal(buf_text(&out), rows[i].becomes);
	}
}

static void test_an_event_that_cannot_be_written_so_is_refused_by_the_path(void **state)
{
	static const struct {
		enum template_place place;
		const char *text, *says;
	} rows[] = {
		{TEMPLATE_URL, "/t/{known_as}",
			"known_as: is not known, and has no `default`"},
		{TEMPLATE_URL, "/t/{data.kind}",
			"data.kind: is empty, and part of a path"},
		{TEMPLATE_URL, "/t/{data.parent}/x",
			"a part of the path would be `.` or `..`"},
		{TEMPLATE_URL, "/t/{data.parent}?x",
			"a part of the path would be `.` or `..`"},
		{TEMPLATE_HEADER, "{data.completed_on}",
			"data.completed_on: is not known, and has no `default`"},
		{TEMPLATE_HEADER, "{data.coordinating}",
			"data.coordinating: is no text but holds several values"},
		{TEMPLATE_XML, "<a>{data.document}</a>",
			"data.document: is no text but holds several values"},
		{TEMPLATE_JSON, "{data.lead | table kinds | required}",
			"data.lead: is not known, and required"},
		{TEMPLATE_JSON, "{data.lead | date dd}", "data.lead: is no date"},
		{TEMPLATE_JSON, "{data.lead | join ','}", "data.lead: is no list"},
		{TEMPLATE_JSON, "x{data.lead | table states}",
			"data.lead: is not known, and has no `default`"},
		{TEMPLATE_JSON, "{data.document | text}",
			"data.document: is no text but holds several values"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		cleanup_buf struct buf out = {0};
		struct err e = {0};
		const char *before = "the template cannot be filled: ";

		assert_int_equal(
			render(rows[i].text, rows[i].place, NULL, &out, &e), -1);
		assert_int_equal(e.code, ERR_INPUT);
		assert_memory_equal(e.text, before, strlen(before));
		assert_string_equal(e.text + strlen(before), rows[i].says);
	}
}

static void test_a_body_is_always_well_formed_and_leaves_out_what_is_optional(
	void **state)
{
	struct arena arena = {0};
	cleanup_buf struct buf out = {0};
	struct err e = {0};
	struct template_values *values;
	const struct template_json members[] = {
		{TEMPLATE_JSON_TEXT, "gone", NULL,
			parse(&arena, "{data.completed_on | optional}", TEMPLATE_JSON),
			NULL, &members[1]},
		{TEMPLATE_JSON_TEXT, "kept \"1\"", NULL,
			parse(&arena, "{data.due_on | optional | date dd.MM.}",
				TEMPLATE_JSON),
			NULL, &members[2]},
		{TEMPLATE_JSON_LIST, "list", NULL, NULL, &members[3], &members[4]},
		{TEMPLATE_JSON_LITERAL, NULL, "1.5", NULL, NULL, NULL},
		{TEMPLATE_JSON_OBJECT, "empty", NULL, NULL, NULL, NULL},
	};
	const struct template_json body = {
		.kind = TEMPLATE_JSON_OBJECT, .first = members};

	(void)state;
	assert_int_equal(template_values_open((struct slice){event, sizeof(event) - 1},
				 "task.assigned", NULL, &values, &e),
		0);
	assert_int_equal(template_render_json(&body, values, &out, &e), 0);
	assert_string_equal(buf_text(&out),
		"{\"kept \\\"1\\\"\":\"09.12.\",\"list\":[1.5],\"empty\":{}}");
	template_values_close(values);
	arena_deinit(&arena);
}

static const struct {
	enum template_place place;
	const char *text;
	size_t at;
	const char *says;
} wrong[] = {
	{TEMPLATE_JSON, "ab{data.lead", 2,
		"the `{` here is not closed; for a brace write `{{`"},
	{TEMPLATE_JSON, "ab}", 2, "a `}` without its `{`; for a brace write `}}`"},
	{TEMPLATE_JSON, "{}", 1,
		"a path is names with dots between them, as `data.lead`"},
	{TEMPLATE_JSON, "{data..lead}", 6,
		"a path is names with dots between them, as `data.lead`"},
	{TEMPLATE_JSON, "{data.lead!}", 10, "here `|` or `}` should stand"},
	{TEMPLATE_JSON, "{a{b}}", 2, "here `|` or `}` should stand"},
	{TEMPLATE_JSON, "{a | upper}", 5,
		"after `|` stands one of date, default, join, max, optional, "
		"required, table, text"},
	{TEMPLATE_JSON, "{a | }", 5,
		"after `|` stands one of date, default, join, max, optional, "
		"required, table, text"},
	{TEMPLATE_JSON, "{a | default}", 5,
		"`default` needs a value, in quotes if it is empty: default "
		"\"\""},
	{TEMPLATE_JSON, "{a | default 'x}", 13, "the quote here is not closed"},
	{TEMPLATE_JSON, "{a | text x}", 5, "`text` stands alone"},
	{TEMPLATE_JSON, "{a | max x}", 5,
		"`max` needs a number of letters from 1 to 100000"},
	{TEMPLATE_JSON, "{a | max 0}", 5,
		"`max` needs a number of letters from 1 to 100000"},
	{TEMPLATE_JSON, "{a | table nowhere}", 5,
		"there is no table of that name under `tables`"},
	{TEMPLATE_JSON, "{a | date dd/mmm}", 5,
		"`date` knows dd, MM, yyyy, yy, HH, mm, ss, and T as itself"},
	{TEMPLATE_JSON, "{a | date //}", 5,
		"`date` needs a pattern, as `date dd/MM/yyyy`"},
	{TEMPLATE_JSON, "x{a | optional}", 6,
		"`optional` goes with a place that stands alone; here use "
		"`default`"},
	{TEMPLATE_URL, "/{a | optional}", 6,
		"`optional` leaves out a member of a JSON body; here use "
		"`default`"},
	{TEMPLATE_JSON, "{a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a}", 33,
		"a path of more than 16 names"},
	{TEMPLATE_URL, "tasks", 0, "begins with `/` or `?` and goes on after `url`"},
	{TEMPLATE_URL, "/a b", 2, "this cannot stand in a URL; write it as %20"},
	{TEMPLATE_URL, "/a#b", 2, "this cannot stand in a URL; write it as %23"},
	{TEMPLATE_URL, "/đ", 1, "this cannot stand in a URL; write it as %C4"},
	{TEMPLATE_URL, "/a/../b", 0, "a path has no `.` or `..` in it"},
	{TEMPLATE_HEADER, "a\nb: c", 0,
		"a header is one line without control characters"},
	{TEMPLATE_XML, "<a>{x}</b>", 10,
		"not well-formed XML: Opening and ending tag mismatch: a line "
		"1 "
		"and b"},
	{TEMPLATE_XML, "<{x}/>", 1,
		"a place stands in an element's text or in a quoted attribute, "
		"nowhere else"},
	{TEMPLATE_XML, "<a b={x}/>", 5,
		"a place stands in an element's text or in a quoted attribute, "
		"nowhere else"},
	{TEMPLATE_XML, "<a><!--'{x}--></a>", 8,
		"a place stands in an element's text or in a quoted attribute, "
		"nowhere else"},
	{TEMPLATE_XML, "<a><![CDATA[{x}]]></a>", 12,
		"a place stands in an element's text or in a quoted attribute, "
		"nowhere else"},
	{TEMPLATE_XML, "<a><?p {x}?></a>", 7,
		"a place stands in an element's text or in a quoted attribute, "
		"nowhere else"},
	{TEMPLATE_XML, "<!DOCTYPE a><a/>", 0, "a document type is not allowed"},
	{TEMPLATE_XML, "", 0, "not well-formed XML: Document is empty"},
};

static void test_what_is_wrong_is_found_where_it_stands(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		struct arena arena = {0};
		struct template_fault fault = {0};

		if (template_parse(
			    &arena, wrong[i].text, wrong[i].place, &tables, &fault))
			fail_msg("%s is not wrong", wrong[i].text);
		assert_string_equal(fault.text, wrong[i].says);
		assert_int_equal(fault.at, wrong[i].at);
		arena_deinit(&arena);
	}
}

static void test_a_place_of_xml_may_stand_in_text_and_in_attributes(void **state)
{
	static const char *const rows[] = {
		"<?xml version=\"1.0\"?><a><!-- ' < --><b c=\"{name}\" "
		"d='{name}'/>{name}"
		"<![CDATA[<]]>{name}</a>",
		"<a x=\">\">{name}</a>",
		"<a xmlns:b='urn:x'>\n <b:c>{name}</b:c>\n</a>\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct arena arena = {0};

		parse(&arena, rows[i], TEMPLATE_XML);
		arena_deinit(&arena);
	}
}

static const struct {
	enum template_place place;
	const char *name, *text, *says; /* NULL: nothing is wrong */
} asked[] = {
	{TEMPLATE_URL, "task.assigned", "/{subject}/{data.revision}/{id}", NULL},
	{TEMPLATE_URL, "document.received", "/{subject}",
		"document.received: `subject` may be null; add `| default \"\"`, or `| "
		"required` to refuse such an event"},
	{TEMPLATE_URL, "task.assigned", "/{data.leed}",
		"task.assigned has no `data.leed`; there is: id, kind, parent, "
		"document, lead, coordinating, content, due_on, due_source, due_flags, "
		"proposed_due_on, state, revision, timeliness, flags, completed_on, "
		"closed_by"},
	{TEMPLATE_URL, "task.assigned", "/{data.lead.x}",
		"task.assigned has no `data.lead.x`; there is: nothing below it"},
	{TEMPLATE_URL, "reply.issued", "/{data.state}",
		"reply.issued has no `data.state`; there is: reply, reply_kind, "
		"answers, closed, suggestion, reason"},
	{TEMPLATE_URL, "task.completed", "/{data.closed_by.code}",
		"task.completed: `data.closed_by.code` may be null; add `| default "
		"\"\"`, or `| required` to refuse such an event"},
	{TEMPLATE_URL, "task.completed", "/{data.closed_by.code | default x}", NULL},
	{TEMPLATE_JSON, "task.completed", "{data.closed_by.code}", NULL},
	{TEMPLATE_JSON, "task.completed", "{data.closed_by}", NULL},
	{TEMPLATE_JSON, "task.completed", "{data.document}", NULL},
	{TEMPLATE_JSON, "task.completed", "x {data.document}",
		"task.completed: `data.document` holds several values; name one, as "
		"`data.document.…`"},
	{TEMPLATE_JSON, "task.completed", "{data.coordinating}", NULL},
	{TEMPLATE_JSON, "task.completed", "x{data.coordinating}",
		"task.completed: `data.coordinating` is a list; add `| join \", \"`"},
	{TEMPLATE_HEADER, "task.completed", "{data.flags | join ','}", NULL},
	{TEMPLATE_HEADER, "task.completed", "{data.lead | join ','}",
		"task.completed: `data.lead` is no list"},
	{TEMPLATE_HEADER, "task.completed", "{data.coordinating.0}",
		"task.completed: `data.coordinating.0` may be null; add `| default "
		"\"\"`, or `| required` to refuse such an event"},
	{TEMPLATE_JSON, "task.completed", "{data.state | date dd}",
		"task.completed: `data.state` is no date"},
	{TEMPLATE_JSON, "task.completed",
		"{time | date dd/MM/yyyy}{data.completed_on | date dd | default ''}",
		NULL},
	{TEMPLATE_JSON, "task.completed", "{data.state | table states}", NULL},
	{TEMPLATE_JSON, "task.completed", "{data.kind | table kinds}",
		"task.completed: `data.kind` may be `proposal`, and the table kinds "
		"has no row for it; add `| default \"\"`, or `| required` to refuse "
		"such an event"},
	{TEMPLATE_JSON, "task.completed", "{data.kind | table kinds | default 0}",
		NULL},
	{TEMPLATE_JSON, "task.completed", "{data.kind | table kinds | required}", NULL},
	{TEMPLATE_URL, "task.completed", "/{data.closed_by.code | required}", NULL},
	{TEMPLATE_JSON, "task.completed", "{data.lead | table kinds}",
		"task.completed: `data.lead` may be any text, and the table kinds has "
		"rows for some; add `| default \"\"`, or `| required` to refuse such "
		"an event"},
	{TEMPLATE_JSON, "task.completed", "{data.flags | table kinds}",
		"task.completed: `table` is for a word, not for a list"},
	{TEMPLATE_JSON, "task.completed", "{data.flags | max 3}",
		"task.completed: `data.flags` is no text; a list takes `join`"},
	{TEMPLATE_JSON, "task.completed", "{data.due_on | optional}", NULL},
	{TEMPLATE_URL, "task.completed", "/{known_as}/{name}", NULL},
};

static void test_the_events_are_known_before_they_come(void **state)
{
	struct event_shapes *shapes = event_shapes_open();

	(void)state;
	for (size_t i = 0; i < sizeof(asked) / sizeof(*asked); i++) {
		struct arena arena = {0};
		struct template_fault fault = {0};
		const struct template *t = parse(&arena, asked[i].text, asked[i].place);
		int result = template_check(t, shapes, asked[i].name, &fault);

		assert_string_equal(fault.text, asked[i].says ? asked[i].says : "");
		assert_int_equal(result, asked[i].says ? -1 : 0);
		arena_deinit(&arena);
	}
	event_shapes_close(shapes);
}

static void test_the_names_of_events_come_from_the_schema(void **state)
{
	struct event_shapes *shapes = event_shapes_open();
	size_t n = 0, tasks = 0;

	(void)state;
	for (const char *name; (name = event_shapes_name(shapes, n)); n++)
		tasks += !strncmp(name, "task.", 5);
	assert_string_equal(event_shapes_name(shapes, 0), "document.received");
	assert_int_equal(n, 18);
	assert_int_equal(tasks, 13);
	event_shapes_close(shapes);
}

static void test_a_template_says_whether_it_asks_for_the_other_name(void **state)
{
	struct arena arena = {0};

	(void)state;
	assert_true(template_asks_known_as(
		parse(&arena, "/a/{known_as | default x}", TEMPLATE_URL)));
	assert_false(template_asks_known_as(
		parse(&arena, "/known_as/{{known_as}}/{data.lead}", TEMPLATE_URL)));
	arena_deinit(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_place_is_written_as_what_it_stands_in_wants_it),
		cmocka_unit_test(test_filters_change_what_is_put_in),
		cmocka_unit_test(
			test_an_event_that_cannot_be_written_so_is_refused_by_the_path),
		cmocka_unit_test(
			test_a_body_is_always_well_formed_and_leaves_out_what_is_optional),
		cmocka_unit_test(test_what_is_wrong_is_found_where_it_stands),
		cmocka_unit_test(
			test_a_place_of_xml_may_stand_in_text_and_in_attributes),
		cmocka_unit_test(test_the_events_are_known_before_they_come),
		cmocka_unit_test(test_the_names_of_events_come_from_the_schema),
		cmocka_unit_test(
			test_a_template_says_whether_it_asks_for_the_other_name),
	};

	return cmocka_run_group_tests_name("template", tests, NULL, NULL);
}
