/*
 * One door: a template, and a value that came from elsewhere (here: the template's own
 * text). What is refused is refused at a place in the text; what is taken and filled
 * never leaves its place, whatever the value holds.
 */
#include <jansson.h>
#include <libxml/parser.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/template.h"
#include "gateway/base/mem.h"
#include "gateway/base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static const char event[] =
	"{\"id\":\"H99-7\",\"subject\":\"NV-1\",\"time\":\"2025-11-20T18:30:05Z\","
	"\"data\":{\"id\":\"NV-1\",\"lead\":\"..\",\"state\":\"completed\","
	"\"revision\":3,\"due_on\":\"2025-12-09\",\"completed_on\":null,"
	"\"content\":\"]]>--&<\\u0001\\\"'\\r\\n\",\"coordinating\":[\"a\",\"b\"]}}";

static const struct template_row rows[] = {{"completed", "3"}, {"assigned", "null"}};
static const struct template_table table = {"states", rows, 2};
static const struct template_tables tables = {&table, 1};

static void must(bool holds)
{
	if (!holds)
		abort();
}

static bool is_url(const char *url)
{
	for (; *url; url++)
		if ((unsigned char)*url <= ' ' || (unsigned char)*url >= 0x7f ||
			strchr("\"<>\\^`#", *url))
			return false;
	return true;
}

static bool is_header(const char *value)
{
	for (; *value; value++)
		if ((unsigned char)*value < ' ' || *value == 0x7f)
			return false;
	return true;
}

static bool is_xml(const struct buf *text)
{
	xmlDocPtr doc = xmlReadMemory(buf_text(text), (int)text->n, NULL, "UTF-8",
		XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);

	xmlFreeDoc(doc);
	return doc != NULL;
}

static bool is_json(const struct buf *text)
{
	json_t *json = json_loadb(buf_text(text), text->n, JSON_DECODE_ANY, NULL);

	json_decref(json);
	return json != NULL;
}

static void fill(const struct template *t, enum template_place place, const char *value)
{
	const struct template_json body = {.kind = TEMPLATE_JSON_TEXT, .text = t};
	struct template_values *values;
	cleanup_buf struct buf out = {0};
	struct err e = {0};

	must(template_values_open((struct slice){event, sizeof(event) - 1},
		     "task.assigned", value, &values, &e) == 0);
	int result = place == TEMPLATE_JSON
			     ? template_render_json(&body, values, &out, &e)
			     : template_render(t, values, &out, &e);

	template_values_close(values);
	if (result < 0)
		must(e.code == ERR_INPUT && e.text[0]);
	else if (place == TEMPLATE_JSON)
		must(is_json(&out));
	else if (place == TEMPLATE_URL)
		must(is_url(buf_text(&out)));
	else if (place == TEMPLATE_XML)
		must(is_xml(&out));
	else
		must(is_header(buf_text(&out)));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static struct event_shapes *shapes;
	struct arena arena = {0};
	const char *text = arena_dup_n(&arena, (const char *)bytes, n);

	if (!shapes)
		shapes = event_shapes_open();
	for (int place = TEMPLATE_URL;
		place <= TEMPLATE_JSON && text_is_utf8(text, strlen(text)); place++) {
		struct template_fault fault = {0};
		const struct template *t = template_parse(
			&arena, text, (enum template_place)place, &tables, &fault);

		if (t) {
			template_check(t, shapes, "task.assigned", &fault);
			fill(t, (enum template_place)place, text);
		} else {
			must(fault.text[0] != '\0');
		}
		must(fault.at <= strlen(text));
	}
	arena_deinit(&arena);
	return 0;
}
