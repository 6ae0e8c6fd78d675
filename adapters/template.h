/*
 * Templates: how an event is written for a system that has a form of its own. A text
 * with places in braces, each a path into the CloudEvent and what to do with the value:
 *
 *   /tasks/{known_as}/state?unit={data.lead}&due={data.due_on | date dd/MM/yyyy}
 *
 * There is no logic: no conditions, no loops, nothing that could run on. What is put in
 * is escaped for where it stands (the part of a URL, a header, XML, a JSON text), so no
 * value of an event can leave its place. The language is described in
 * docs/connect-task-system.md.
 *
 * What can be wrong with a template is found before any event comes: template_parse
 * knows its grammar, template_check what the events hold (schemas/).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "adapters/event_shape.h"
#include "gateway/base/arena.h"
#include "gateway/base/buf.h"
#include "gateway/base/err.h"

enum template_place {
	TEMPLATE_URL,    /* path and query, after the address */
	TEMPLATE_HEADER, /* a header's value */
	TEMPLATE_XML,    /* a whole document */
	TEMPLATE_JSON    /* a text in a JSON body; alone, `{x}` keeps x's type */
};

/* A table of values: what a word of ours is called there. */
struct template_row {
	const char *from; /* `completed` */
	const char *json; /* what it becomes, as JSON: `3`, `"HT"` */
};

struct template_table {
	const char *name;
	const struct template_row *rows;
	size_t rows_n;
};

struct template_tables {
	const struct template_table *at;
	size_t n;
};

enum { TEMPLATE_FAULT_TEXT = 256 };

/* What is wrong, and at which byte of the text. Shows nothing but the template. */
struct template_fault {
	size_t at;
	char text[TEMPLATE_FAULT_TEXT];
};

struct template;

/* Read @text (both it and @tables stay where they are). NULL and *@ret_fault if
 * something is wrong with it. */
const struct template *template_parse(struct arena *arena, const char *text,
	enum template_place place, const struct template_tables *tables,
	struct template_fault *ret_fault);

/* Can it be filled from every event called @name? -1 and *@ret_fault if not. */
int template_check(const struct template *t, const struct event_shapes *shapes,
	const char *name, struct template_fault *ret_fault);

/* Does it ask for what the receiver called the subject? */
bool template_asks_known_as(const struct template *t);

/* A JSON body: what the configuration's YAML looks like, with templates for texts. */
enum template_json_kind {
	TEMPLATE_JSON_LITERAL,
	TEMPLATE_JSON_TEXT,
	TEMPLATE_JSON_LIST,
	TEMPLATE_JSON_OBJECT
};

struct template_json {
	enum template_json_kind kind;
	const char *key;                          /* in an object */
	const char *literal;                      /* LITERAL: JSON */
	const struct template *text;              /* TEXT */
	const struct template_json *first, *next; /* its children; its next sibling */
};

/* One event, ready to be asked. */
struct template_values;

/* @body is the CloudEvent; @known_as may be NULL. All stay where they are. */
int template_values_open(struct slice body, const char *name, const char *known_as,
	struct template_values **ret_values, struct err *e);
void template_values_close(struct template_values *v);

/* Append the filled template to @out. -1 with words for a person, without any content,
 * if this event cannot be written so; what was appended then means nothing. */
int template_render(const struct template *t, const struct template_values *v,
	struct buf *out, struct err *e);
int template_render_json(const struct template_json *t, const struct template_values *v,
	struct buf *out, struct err *e);
