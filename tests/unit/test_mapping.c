/*
 * A vendor's XML or JSON made into events: what each kind of member takes from its
 * path, and what it makes of what stands there. Each row is some keys of a mapping, a
 * document, and what must stand in the answer.
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
#include "gateway/config/file.h"
#include "gateway/config/mapping.h"
#include "tests/lib/mapped.h"

#define XML_HEAD                                                                       \
	"syntax: xml\n"                                                                \
	"namespaces: {v: \"urn:v\"}\n"                                                 \
	"document: /v:m/v:d\n"                                                         \
	"tables: {organs: {A: H99.05, B: H99.07, C: null}}\n"                          \
	"event:\n"                                                                     \
	"  document_id: v:id\n"
#define JSON_HEAD                                                                      \
	"syntax: json\n"                                                               \
	"document: /d\n"                                                               \
	"event:\n"                                                                     \
	"  document_id: /id\n"

struct row {
	const char *keys, *body;
	const char *wanted[3];
};

static void check_rows(const char *head, const char *open, const char *close,
	const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct arena arena = {0};
		cleanup_buf struct buf mapping = {0}, message = {0}, said = {0};

		buf_printf(&mapping, "%s  %s\n", head, rows[i].keys);
		buf_printf(&message, "%s%s%s", open, rows[i].body, close);
		mapped_read(mapped_load(&arena, buf_text(&mapping)), NULL,
			(struct slice){message.data, message.n}, &said);
		for (size_t k = 0; k < 3 && rows[i].wanted[k]; k++)
			if (!strstr(buf_text(&said), rows[i].wanted[k]))
				fail_msg("%s\n%s\ngives\n%snot\n%s", rows[i].keys,
					rows[i].body, buf_text(&said),
					rows[i].wanted[k]);
		arena_deinit(&arena);
	}
}

#define QUIRK(code, path, value)                                                       \
	"{\"code\":\"" code "\",\"path\":\"" path "\",\"value\":" value "}"

/* Texts (E3). */
static const struct row text_rows[] = {
	{"subject: v:s", "<s>  V/v \n giao  việc </s>",
		{"\"subject\":\"V/v giao việc\"", "\"quirks\":[]"}},
	{"subject: v:s", "<s><![CDATA[a < b]]> &amp; c</s>",
		{"\"subject\":\"a < b & c\""}},
	{"subject: v:s", "<s>a<b>b</b><!-- x -->c</s>", {"\"subject\":\"abc\""}},
	{"subject: v:s", "<s>N/A</s>",
		{"\"subject\":null", QUIRK("text.filler", "v:s", "\"N/A\"")}},
	{"subject: v:s", "<s>Co\xcc\x82ng</s>",
		{"\"subject\":\"C\xc3\xb4ng\"", "text.not-nfc"}},
	{"subject: v:s", "", {"\"subject\":null", "\"quirks\":[]"}},
	{"subject: v:s", "<s/><s>a</s><s>a</s>",
		{"\"subject\":\"a\"", "\"quirks\":[]"}},
	{"subject: v:s", "<s>a</s><s>b</s>",
		{"\"subject\":\"a\"", QUIRK("element.repeated", "v:s", "\"b\"")}},
	{"subject: v:s", "<s xmlns='urn:other'>a</s>", {"\"subject\":null"}},
	{"subject: v:s | v:t", "<t>b</t><s/>", {"\"subject\":\"b\""}},
	{"subject: \"concat(v:a, '-', v:b)\"", "<a>1</a><b>2</b>",
		{"\"subject\":\"1-2\""}},
	{"subject: ../@about", "", {"\"subject\":\"all\""}},
	{"subject: {constant: \"như cũ\"}", "", {"\"subject\":\"như cũ\""}},
	{"subject: {path: v:s, default: x}", "<s>-</s>", {"\"subject\":\"x\""}},
	{"type_name: {path: v:t, values: {1: Công văn}}", "<t>1</t>",
		{"\"type_name\":\"Công văn\"", "\"quirks\":[]"}},
	{"type_name: {path: v:t, values: {1: Công văn}}", "<t>2</t>",
		{"\"type_name\":\"2\"", QUIRK("value.unknown", "v:t", "\"2\"")}},
	{"type_name: {path: v:t, values: {1: x}, otherwise: khác}", "<t>2</t>",
		{"\"type_name\":\"khác\"", "\"quirks\":[]"}},
	{"type_name: {path: v:t, values: {1: null}}", "<t>1</t>",
		{"\"type_name\":null", "\"quirks\":[]"}},
};

/* The code: in two texts, or in one. */
static const struct row code_rows[] = {
	{"code: {number: v:n, notation: v:k}", "<n>12</n><k>UBND-VP</k>",
		{"\"code\":{\"number\":\"12\",\"notation\":\"UBND-VP\"}"}},
	{"code: v:c", "<c> 12 / UBND-VP </c>",
		{"\"code\":{\"number\":\"12\",\"notation\":\"UBND-VP\"}"}},
	{"code: v:c", "<c>12/2025/QĐ-UBND</c>",
		{"\"code\":{\"number\":\"12\",\"notation\":\"2025/QĐ-UBND\"}"}},
	{"code: v:c", "<c>12</c>", {"\"code\":{\"number\":\"12\",\"notation\":null}"}},
	{"code: v:c", "<c>/UBND</c>",
		{"\"code\":{\"number\":null,\"notation\":\"UBND\"}"}},
	{"code: {}", "", {"\"code\":null"}},
};

/* Words. */
static const struct row word_rows[] = {
	{"stage: {path: v:s, values: {1: draft, 2: issued, 3: withdrawn}}", "<s>3</s>",
		{"\"stage\":\"withdrawn\""}},
	{"stage: v:s", "<s>draft</s>", {"\"stage\":\"draft\""}},
	{"stage: {path: v:s, values: {1: draft}}", "\n<s>4</s>",
		{"refused mapping.unknown-value 2:1 stage: `4` stands in no "
		 "value"}},
	{"stage: {path: v:s, values: {1: draft}}", "",
		{"refused mapping.unknown-value 1:30 stage: nothing stands"}},
	{"stage: {path: v:s, values: {1: draft}, default: issued}", "",
		{"\"stage\":\"issued\""}},
	{"stage: {path: v:s, values: {1: draft}, otherwise: issued}", "<s>9</s>",
		{"\"stage\":\"issued\""}},
	{"business: {path: v:b, values: {x: recall}}", "<b>y</b>",
		{"refused mapping.unknown-value"}},
	{"kind: {path: v:k, values: {x: status}}", "<k>y</k>",
		{"refused mapping.unknown-value"}},
	{"priority: {path: v:p, values: {1: urgent}}", "<p>2</p>",
		{"\"priority\":\"normal\"", QUIRK("value.unknown", "v:p", "\"2\"")}},
	{"steering: {path: v:p, values: {0: null, 1: directive}}", "<p>0</p>",
		{"\"steering\":null", "\"quirks\":[]"}},
	{"secrecy: {path: v:p, values: {0: none}}", "<p>kín</p>",
		{"\"secrecy\":\"none\"", QUIRK("secrecy.unknown", "v:p", "\"kín\"")}},
	{"secrecy: {path: v:p, values: {0: none}, otherwise: top_secret}", "<p>kín</p>",
		{"restricted 1"}},
	{"reply_kind: {path: v:p, values: {1: interim}}", "<p>1</p>",
		{"\"reply_kind\":\"interim\""}},
};

/* Days (E2). */
static const struct row day_rows[] = {
	{"issued_on: v:d", "<d>08/12/2025</d>",
		{"\"issued_on\":\"2025-12-08\"", "date.day-first"}},
	{"issued_on: {path: v:d, dates: [dd/MM/yyyy]}", "<d>08/12/2025</d>",
		{"\"issued_on\":\"2025-12-08\"", "\"quirks\":[]"}},
	{"issued_on: {path: v:d, dates: [dd/MM/yyyy]}", "<d>2025-12-08</d>",
		{"\"issued_on\":null", QUIRK("date.invalid", "v:d", "\"2025-12-08\"")}},
	{"issued_on: {path: v:d, dates: [dd/MM/yyyy, MM/dd/yyyy]}", "<d>08/12/2025</d>",
		{"\"issued_on\":null", "date.ambiguous"}},
	{"issued_on: {path: v:d, dates: [dd/MM/yyyy, MM/dd/yyyy]}", "<d>08/08/2025</d>",
		{"\"issued_on\":\"2025-08-08\"", "\"quirks\":[]"}},
	{"due_on: {path: v:d, dates: [dd/MM/yyyy]}", "<d>08/12/2025</d>",
		{"\"due_on\":\"2025-12-08\",\"due_raw\":\"08/12/2025\""}},
	{"due_on: {path: v:d, dates: [dd/MM/yyyy]}", "<d>sớm</d>",
		{"\"due_on\":null,\"due_raw\":\"sớm\""}},
};

static void check_xml(const struct row *rows, size_t n)
{
	check_rows(XML_HEAD, "<m xmlns='urn:v' about='all'><d><id>1</id>", "</d></m>",
		rows, n);
}
#define CHECK_XML(rows) check_xml(rows, sizeof(rows) / sizeof((rows)[0]))

static void test_xml_texts_are_cleaned_and_translated(void **state)
{
	(void)state;
	CHECK_XML(text_rows);
}

static void test_xml_codes_come_in_two_texts_or_in_one(void **state)
{
	(void)state;
	CHECK_XML(code_rows);
}

static void test_xml_words_are_never_guessed(void **state)
{
	(void)state;
	CHECK_XML(word_rows);
}

static void test_xml_days_are_those_of_the_named_forms(void **state)
{
	(void)state;
	CHECK_XML(day_rows);
}

/* Lists; files are counted, not kept (E4). */
static const struct row list_rows[] = {
	{"to: {each: v:t, organ_id: \"@id\", name: .}",
		"<t id='H1'>Một</t><t id='H2'/>",
		{"\"to\":[{\"organ_id\":\"H1\",\"name\":\"Một\"},"
		 "{\"organ_id\":\"H2\",\"name\":null}]"}},
	{"to: {each: v:t, organ_id: {path: \"@id\", values: organs}}",
		"<t id='A'/><t id='C'/><t id='D'/>",
		{"\"to\":[{\"organ_id\":\"H99.05\",\"name\":null},"
		 "{\"organ_id\":\"D\",\"name\":null}]",
			QUIRK("entry.empty", "v:t[2]", "null"),
			QUIRK("value.unknown", "v:t[3]/@id", "\"D\"")}},
	{"to: {each: v:t, split: \";,\", organ_id: {path: ., values: organs}}",
		"<t> A ; B,</t>",
		{"\"to\":[{\"organ_id\":\"H99.05\",\"name\":null},"
		 "{\"organ_id\":\"H99.07\",\"name\":null}]"}},
	{"receivers_added: v:t", "<t>H1</t><t>-</t><t>H2</t>",
		{"\"receivers_added\":[\"H1\",\"H2\"]",
			QUIRK("text.filler", "v:t[2]", "\"-\"")}},
	{"receivers_added: {path: v:t, split: \";\"}", "<t>H1; H2 ;;</t><t>H3</t>",
		{"\"receivers_added\":[\"H1\",\"H2\",\"H3\"]"}},
	{"receivers_added: {each: v:t, path: v:id, values: organs}",
		"<t><id>A</id></t><t/><t><id>B</id></t>",
		{"\"receivers_added\":[\"H99.05\",\"H99.07\"]"}},
	{"assignments: {each: v:w, kind: {path: \"@k\", values: {y: opinion}},"
	 " lead: \"v:o[@r='c']\", coordinating: \"v:o[@r='p']\", due_on: v:h}",
		"<w k='y'><o r='p'>H2</o><o r='c'>H1</o><o r='p'>H3</o>"
		"<h>2025-12-08</h></w><w><o r='c'>H4</o><h>mai</h></w>",
		{"{\"kind\":\"opinion\",\"code\":null,\"content\":null,"
		 "\"lead\":\"H1\","
		 "\"coordinating\":[\"H2\",\"H3\"],\"due_on\":\"2025-12-08\"}",
			"\"lead\":\"H4\",\"coordinating\":[],\"due_on\":null",
			QUIRK("date.invalid", "v:w[2]/v:h", "\"mai\"")}},
	{"response_for: {each: v:r, document_id: \"@id\", code: v:c, "
	 "issued_on: v:n}",
		"<r id='x'><c>1/A</c><n>2025-01-02</n></r>",
		{"\"response_for\":[{\"organ_id\":null,\"document_id\":\"x\","
		 "\"code\":\"1/A\",\"issued_on\":\"2025-01-02\"}]"}},
	{"targets: {each: v:g, document_id: ., organ_ids: ../v:o}",
		"<g>x</g><o>H1</o><o>H2</o>",
		{"\"document_id\":\"x\",\"code\":null,\"organ_id\":null,"
		 "\"issued_on\":null,\"organ_ids\":[\"H1\",\"H2\"]"}},
	/* Files: counted, not kept (E4). */
	{"attachments: {each: v:f, name: \"@n\", bytes: {path: ., base64: "
	 "true}}",
		"<f n='a.pdf'>JVBE\n Ri0=</f><f n='b'>không</f>",
		{"{\"name\":\"a.pdf\",\"declared_type\":null,\"bytes\":5}",
			"{\"name\":\"b\",\"declared_type\":null,\"bytes\":"
			"null}",
			QUIRK("attachment.not-base64", "v:f[2]", "null")}},
	{"attachments: {each: v:f, name: \"@n\", bytes: \"@size\"}",
		"<f n='a.pdf' size='17'/><f n='b' size='17 kB'/>",
		{"\"bytes\":17}", "\"bytes\":null}",
			QUIRK("value.not-a-number", "v:f[2]/@size", "\"17 kB\"")}},
};

static void test_xml_lists_have_an_entry_for_each_node(void **state)
{
	(void)state;
	CHECK_XML(list_rows);
}

static const struct row json_rows[] = {
	{"subject: /s", "\"s\":\" a  b \"", {"\"subject\":\"a b\"", "\"quirks\":[]"}},
	{"subject: /s", "\"s\":null", {"\"subject\":null", "\"quirks\":[]"}},
	{"subject: /s", "\"t\":1", {"\"subject\":null", "\"quirks\":[]"}},
	{"subject: /s/t", "\"s\":{\"t\":12345678901234}",
		{"\"subject\":\"12345678901234\""}},
	{"subject: /s", "\"s\":{\"t\":1}",
		{"\"subject\":null", QUIRK("value.not-a-text", "/s", "null")}},
	{"subject: /s/1", "\"s\":[\"a\",\"b\"]", {"\"subject\":\"b\""}},
	{"subject: /s/t", "\"s\":\"a\"", {"\"subject\":null"}},
	{"subject: /a~1b~0c", "\"a/b~c\":\"x\"", {"\"subject\":\"x\""}},
	{"subject: /a\\u0301", "\"a\\\\u0301\":\"x\"", {"\"subject\":\"x\""}},
	{"subject: /s", "\"s\":\"a\\u0000b\"",
		{"\"subject\":\"a\xef\xbf\xbd"
		 "b\""}},
	{"secrecy: {path: /s, values: {\"true\": secret}}", "\"s\":true",
		{"restricted 1"}},
	{"stage: {path: /s, values: {1: draft}}", "\n\"s\":2",
		{"refused mapping.unknown-value 1:6 stage: `2` stands"}},
	{"issued_on: {path: /s, dates: [unix-ms]}", "\"s\":1765126800000",
		{"\"issued_on\":\"2025-12-08\""}},
	{"code: /s", "\"s\":\"12/UBND\"",
		{"\"code\":{\"number\":\"12\",\"notation\":\"UBND\"}"}},
	{"to: {each: /s, organ_id: /o/id, name: /n}",
		"\"s\":[{\"o\":{\"id\":1},\"n\":\"Một\"},null,{\"n\":\"Hai\"}]",
		{"\"to\":[{\"organ_id\":\"1\",\"name\":\"Một\"},"
		 "{\"organ_id\":null,\"name\":\"Hai\"}]"}},
	{"to: {each: /s, organ_id: .}", "\"s\":[\"H1\",\"H2\"]",
		{"\"to\":[{\"organ_id\":\"H1\",\"name\":null},"
		 "{\"organ_id\":\"H2\",\"name\":null}]"}},
	{"to: {each: /s, organ_id: /id}", "\"s\":{\"id\":\"H1\"}",
		{"\"to\":[{\"organ_id\":\"H1\",\"name\":null}]"}},
	{"receivers_added: {each: /s, path: /id}",
		"\"s\":[{\"id\":\"H1\"},{\"id\":\"H2\"}]",
		{"\"receivers_added\":[\"H1\",\"H2\"]"}},
	{"receivers_added: \"/s/[role=P]/id\"",
		"\"s\":[{\"role\":\"L\",\"id\":1},{\"role\":\"P\",\"id\":2},7,"
		"{\"role\":\"P\",\"id\":3},{\"id\":4},{\"role\":\"P\"}]",
		{"\"receivers_added\":[\"2\",\"3\"]"}},
	{"subject: \"/s/[main=true]/0\"", "\"s\":[{\"main\":false},{\"main\":true}]",
		{"\"subject\":null"}},
	{"assignments: {each: /s, lead: \"/u/[r=1]/id\", coordinating: "
	 "\"/u/[r=2]/id\"}",
		"\"s\":[{\"u\":[{\"r\":2,\"id\":\"H2\"},{\"r\":1,\"id\":\"H1\"}"
		"]}]",
		{"\"lead\":\"H1\",\"coordinating\":[\"H2\"]"}},
	{"subject: \"/[x]\"", "\"[x]\":\"a\"", {"\"subject\":\"a\""}},
	{"receivers_added: {path: /s, split: \" \"}", "\"s\":\"H1 H2\"",
		{"\"receivers_added\":[\"H1\",\"H2\"]"}},
	{"receivers_added: {path: /s, values: {x: H1}}", "\"s\":[\"x\",\"y\"]",
		{"\"receivers_added\":[\"H1\",\"y\"]",
			QUIRK("value.unknown", "/s/1", "\"y\"")}},
	{"attachments: {each: /s, name: /n, bytes: {path: /b, base64: true}}",
		"\"s\":[{\"n\":\"a\",\"b\":\"JVBE\\/"
		"i0=\"},{\"n\":\"b\",\"b\":7.5}]",
		{"\"bytes\":5}", "\"bytes\":null}", "attachment.not-base64"}},
};

static void test_json_members_take_what_stands_at_their_pointers(void **state)
{
	(void)state;
	check_rows(JSON_HEAD, "{\"d\":{\"id\":1,", "}}", json_rows,
		sizeof(json_rows) / sizeof(json_rows[0]));
}

static void test_each_kind_says_what_it_must(void **state)
{
	static const struct row rows[] = {
		{"kind: {constant: status}\n  status: {code: v:c, description: v:t, "
		 "at: v:w}\n"
		 "  targets: {each: v:g, document_id: .}",
			"<c>6</c><t>Xong</t><w>2025-12-08T09:00:00.5+07:00</w><g>x</g>",
			{"\"kind\":\"status\"",
				"\"status\":{\"code\":6,\"description\":\"Xong\","
				"\"at\":\"2025-12-08T09:00:00+07:00\"}"}},
		{"kind: {constant: status}\n  status: {code: {path: v:c, values: {x: "
		 "6}}}\n"
		 "  targets: {each: v:g, document_id: .}",
			"<c>y</c><g>x</g>",
			{"ok ", "status.code-unknown", "value.not-a-number"}},
		{"kind: {constant: status}", "",
			{"refused mapping.no-identity 1:18 targets:"}},
		{"kind: {constant: read}\n  at: v:w\n  targets: {each: v:g, "
		 "document_id: .}",
			"<w>2025-12-08</w><g>x</g>", {"\"kind\":\"read\""}},
		{"kind: {constant: opinion}\n  targets: {each: v:g, document_id: .}",
			"<g>x</g>", {"refused mapping.no-identity 1:18 content:"}},
	};

	(void)state;
	check_rows(XML_HEAD, "<m xmlns='urn:v'><d><id>1</id>", "</d></m>", rows,
		sizeof(rows) / sizeof(rows[0]));
}

static void test_a_document_without_an_id_is_known_by_issuer_day_and_code(void **state)
{
	static const char head[] = "syntax: json\ndocument: .\nevent:\n"
				   "  from: {organ_id: /f}\n  issued_on: /i\n";
	static const struct row rows[] = {
		{"code: /c", "\"f\":\"H99\",\"i\":\"2025-01-02\",\"c\":\"1/UBND\"",
			{"\"document_id\":\"H99,2025/01/02,1/UBND\"",
				QUIRK("id.missing", "document_id",
					"\"H99,2025/01/02,1/UBND\"")}},
		{"code: /c", "\"f\":\"H99\",\"c\":\"1/UBND\"",
			{"refused mapping.no-identity 1:1 no document_id"}},
	};

	(void)state;
	check_rows(head, "{", "}", rows, sizeof(rows) / sizeof(rows[0]));
}

static void test_the_source_names_whose_threads_they_are(void **state)
{
	struct arena arena = {0};
	const struct mapping *m =
		mapped_load(&arena, "syntax: json\ndocument: .\nsource: idesk\n"
				    "event: {document_id: /d, thread_id: /t}\n");
	struct codec_options options = {.format = CODEC_MAPPING, .mapping = m};
	struct codec *c = codec_new(&options);
	static const char message[] = "{\"d\":\"1\",\"t\":17}";
	struct event *ev = NULL;
	struct codec_error error;
	struct err e;

	(void)state;
	assert_int_equal(
		codec_read_bytes(c, (struct slice){message, sizeof(message) - 1}, &ev,
			&error, &e),
		CODEC_OK);
	assert_string_equal(ev->source, "idesk");
	assert_string_equal(ev->thread_id, "17");
	event_free(ev);
	codec_free(c);
	arena_deinit(&arena);
}

/* ---- The manual, docs/mapping.md, beside the tables. */

static void load_manual(struct buf *out)
{
	cleanup_buf struct buf path = {0};
	struct err e = {0};

	buf_printf(&path, "%s/docs/mapping.md", getenv("CONGVAN_SOURCE"));
	if (file_read(buf_text(&path), 1 << 20, out, &e))
		fail_msg("%s: %s", buf_text(&path), e.text);
}

static void assert_row(const char *manual, const char *name, size_t *seen)
{
	cleanup_buf struct buf row = {0};

	buf_printf(&row, "\n| `%s` |", name);
	if (!strstr(manual, buf_text(&row)))
		fail_msg("docs/mapping.md has no row for %s", name);
	++*seen;
}

static size_t count_rows(const char *text)
{
	size_t n = 0;

	for (; (text = strstr(text, "\n| `")); text++)
		n++;
	return n;
}

static void test_the_manual_has_a_row_for_every_key_and_no_other(void **state)
{
	cleanup_buf struct buf text = {0};
	const char *seen[16];
	size_t rows = 0, seen_n = 0;

	(void)state;
	load_manual(&text);
	for (size_t i = 0; i < mapping_table.fields_n; i++)
		assert_row(buf_text(&text), mapping_table.fields[i].name, &rows);
	for (size_t i = 0; i < mapping_value_tables_n; i++)
		for (size_t k = 0; k < mapping_value_tables[i]->fields_n; k++) {
			const char *name = mapping_value_tables[i]->fields[k].name;
			size_t known = 0;

			while (known < seen_n && strcmp(seen[known], name) != 0)
				known++;
			if (known < seen_n)
				continue; /* several kinds of values have it */
			seen[seen_n++] = name;
			assert_row(buf_text(&text), name, &rows);
		}
	assert_int_equal(count_rows(buf_text(&text)), rows);
}

/* Is @name said in the section about the event, as a word of its own? */
static bool is_said(const char *section, const char *name)
{
	size_t n = strlen(name);

	for (const char *at = section; (at = strstr(at, name)); at++)
		if (strchr("` {", at[-1]) && strchr("`:,}", at[n]))
			return true;
	return false;
}

static void assert_members_said(
	const char *section, const struct event_json_member *members, size_t n)
{
	static const char *const made[] = {
		"quirks", "source", "first_hop_on", "due_raw"};

	for (size_t i = 0; i < n; i++) {
		bool is_made = false;

		for (size_t k = 0; k < sizeof(made) / sizeof(made[0]); k++)
			is_made |= !strcmp(made[k], members[i].name);
		if (is_made)
			continue;
		if (!is_said(section, members[i].name))
			fail_msg("docs/mapping.md does not say %s", members[i].name);
		assert_members_said(section, members[i].inner, members[i].inner_n);
		for (size_t k = 0; k < members[i].words_n; k++)
			if (members[i].words != owed_kind_words &&
				members[i].words[k][0] &&
				!is_said(section, members[i].words[k]))
				fail_msg("docs/mapping.md does not say %s",
					members[i].words[k]);
	}
}

static void test_the_manual_says_every_member_and_word(void **state)
{
	cleanup_buf struct buf text = {0};

	(void)state;
	load_manual(&text);
	assert_members_said(strstr(buf_text(&text), "\n### The event"),
		event_json_members, event_json_members_n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_xml_texts_are_cleaned_and_translated),
		cmocka_unit_test(test_xml_codes_come_in_two_texts_or_in_one),
		cmocka_unit_test(test_xml_words_are_never_guessed),
		cmocka_unit_test(test_xml_days_are_those_of_the_named_forms),
		cmocka_unit_test(test_xml_lists_have_an_entry_for_each_node),
		cmocka_unit_test(test_json_members_take_what_stands_at_their_pointers),
		cmocka_unit_test(test_each_kind_says_what_it_must),
		cmocka_unit_test(
			test_a_document_without_an_id_is_known_by_issuer_day_and_code),
		cmocka_unit_test(test_the_source_names_whose_threads_they_are),
		cmocka_unit_test(test_the_manual_has_a_row_for_every_key_and_no_other),
		cmocka_unit_test(test_the_manual_says_every_member_and_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
