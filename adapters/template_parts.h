/* What a template is made of; shared by its parser, its check and its renderer. */
#pragma once

#include "adapters/template.h"

enum template_filter_kind {
	FILTER_DATE,
	FILTER_DEFAULT,
	FILTER_JOIN,
	FILTER_MAX,
	FILTER_OPTIONAL,
	FILTER_REQUIRED,
	FILTER_TABLE,
	FILTER_TEXT,
	FILTERS
};

struct template_filter {
	enum template_filter_kind kind;
	size_t at;            /* byte of the template's text */
	const char *argument; /* "": none */
	bool quoted;
	int number;                         /* MAX */
	const struct template_table *table; /* TABLE */
	struct template_filter *next;
};

/* A stretch of plain text, or (steps_n > 0) a place. */
struct template_piece {
	size_t at, n; /* where in the template's text it stands, braces included */
	const char *literal;
	size_t literal_n;
	const char **steps; /* `data.lead`: data, lead */
	size_t steps_n;
	struct template_filter *filters;
	bool in_query; /* TEMPLATE_URL: after the `?` */
	struct template_piece *next;
};

struct template
{
	enum template_place place;
	const char *text;
	struct template_piece *first;
	bool exact; /* one place and nothing else */
};

extern const char *const template_filter_names[FILTERS];

__attribute__((format(printf, 3, 4))) int template_wrong(
	struct template_fault *fault, size_t at, const char *format, ...);

/* `data.lead`, for people. */
const char *template_path(struct arena *arena, const struct template_piece *p);

/* What only concerns a URL, a header, or XML. -1 and *@fault if something is wrong. */
int template_judge_url(const struct template *t, struct template_fault *fault);
int template_judge_header(const struct template *t, struct template_fault *fault);
int template_judge_xml(
	struct arena *arena, const struct template *t, struct template_fault *fault);

/* The days and hours of a date's pattern: `dd`, `MM`, `yyyy`, `yy`, `HH`, `mm`, `ss`;
 * how long the one at @pattern is, 0: there stands none. */
size_t template_date_token(const char *pattern);
