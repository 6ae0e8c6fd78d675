/* Reading a template: text, places, paths and filters. */
#include "adapters/template.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "adapters/template_parts.h"
#include "gateway/base/text.h"

enum { MOST_STEPS = 16, LONGEST_MAX = 100000 };

const char *const template_filter_names[FILTERS] = {
	[FILTER_DATE] = "date",
	[FILTER_DEFAULT] = "default",
	[FILTER_JOIN] = "join",
	[FILTER_MAX] = "max",
	[FILTER_OPTIONAL] = "optional",
	[FILTER_REQUIRED] = "required",
	[FILTER_TABLE] = "table",
	[FILTER_TEXT] = "text",
};

struct parser {
	struct arena *arena;
	const char *text;
	size_t at;
	enum template_place place;
	const struct template_tables *tables;
	bool in_query;
	struct template_fault *fault;
};

int template_wrong(struct template_fault *fault, size_t at, const char *format, ...)
{
	va_list args;

	fault->at = at;
	va_start(args, format);
	vsnprintf(fault->text, sizeof(fault->text), format, args);
	va_end(args);
	return -1;
}

const char *template_path(struct arena *arena, const struct template_piece *p)
{
	const char *path = p->steps[0];

	for (size_t i = 1; i < p->steps_n; i++)
		path = arena_printf(arena, "%s.%s", path, p->steps[i]);
	return path;
}

static char peek(const struct parser *p)
{
	return p->text[p->at];
}

static void skip_spaces(struct parser *p)
{
	while (peek(p) == ' ')
		p->at++;
}

static bool is_word_char(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static const char *take_word(struct parser *p)
{
	size_t from = p->at;

	while (is_word_char(peek(p)))
		p->at++;
	return arena_dup_n(p->arena, p->text + from, p->at - from);
}

static int take_path(struct parser *p, struct template_piece *piece)
{
	piece->steps = arena_alloc(p->arena, MOST_STEPS * sizeof(*piece->steps));
	for (;;) {
		if (!is_word_char(peek(p)))
			return template_wrong(p->fault, p->at,
				"a path is names with dots between them, as "
				"`data.lead`");
		if (piece->steps_n == MOST_STEPS)
			return template_wrong(p->fault, p->at,
				"a path of more than %d names", MOST_STEPS);
		piece->steps[piece->steps_n++] = take_word(p);
		if (peek(p) != '.')
			return 0;
		p->at++;
	}
}

/* 'like this' or "like this"; there is no escape, the other quote does. */
static int take_quoted(struct parser *p, struct template_filter *f)
{
	const char *start = p->text + p->at + 1;
	const char *end = strchr(start, peek(p));

	if (!end)
		return template_wrong(p->fault, p->at, "the quote here is not closed");
	f->argument = arena_dup_n(p->arena, start, (size_t)(end - start));
	f->quoted = true;
	p->at += (size_t)(end - start) + 2;
	return 0;
}

static int take_argument(struct parser *p, struct template_filter *f)
{
	skip_spaces(p);
	if (peek(p) == '\'' || peek(p) == '"')
		return take_quoted(p, f);
	size_t n = strcspn(p->text + p->at, "|{}");
	const char *start = p->text + p->at;

	p->at += n;
	while (n && start[n - 1] == ' ')
		n--;
	f->argument = arena_dup_n(p->arena, start, n);
	return 0;
}

/* --- what each filter wants to be told ----------------------------------------------
 */

static int want_nothing(struct parser *p, struct template_filter *f)
{
	if (!*f->argument && !f->quoted)
		return 0;
	return template_wrong(
		p->fault, f->at, "`%s` stands alone", template_filter_names[f->kind]);
}

static int want_optional(struct parser *p, struct template_filter *f)
{
	if (p->place != TEMPLATE_JSON)
		return template_wrong(p->fault, f->at,
			"`optional` leaves out a member of a JSON body; here use "
			"`default`");
	return want_nothing(p, f);
}

static int want_value(struct parser *p, struct template_filter *f)
{
	if (*f->argument || f->quoted)
		return 0;
	return template_wrong(p->fault, f->at,
		"`%s` needs a value, in quotes if it is empty: %s \"\"",
		template_filter_names[f->kind], template_filter_names[f->kind]);
}

static int want_number(struct parser *p, struct template_filter *f)
{
	int64_t number;

	if (!text_parse_int(f->argument, 1, LONGEST_MAX, &number))
		return template_wrong(p->fault, f->at,
			"`max` needs a number of letters from 1 to %d", LONGEST_MAX);
	f->number = (int)number;
	return 0;
}

static int want_table(struct parser *p, struct template_filter *f)
{
	for (size_t i = 0; i < p->tables->n; i++)
		if (!strcmp(p->tables->at[i].name, f->argument))
			f->table = &p->tables->at[i];
	if (f->table)
		return 0;
	return template_wrong(
		p->fault, f->at, "there is no table of that name under `tables`");
}

size_t template_date_token(const char *pattern)
{
	static const char *const tokens[] = {
		"dd", "MM", "yyyy", "yy", "HH", "mm", "ss"};

	for (size_t i = 0; i < sizeof(tokens) / sizeof(*tokens); i++)
		if (!strncmp(pattern, tokens[i], strlen(tokens[i])))
			return strlen(tokens[i]);
	return 0;
}

static int want_pattern(struct parser *p, struct template_filter *f)
{
	bool some = false;

	for (const char *at = f->argument; *at;) {
		size_t n = template_date_token(at);

		if (!n && isalpha((unsigned char)*at) && *at != 'T')
			return template_wrong(p->fault, f->at,
				"`date` knows dd, MM, yyyy, yy, HH, mm, ss, and T as "
				"itself");
		some |= n > 0;
		at += n ? n : 1;
	}
	if (some)
		return 0;
	return template_wrong(
		p->fault, f->at, "`date` needs a pattern, as `date dd/MM/yyyy`");
}

static int take_filter(struct parser *p, struct template_filter *f)
{
	static int (*const want[FILTERS])(struct parser *, struct template_filter *) = {
		[FILTER_DATE] = want_pattern,
		[FILTER_DEFAULT] = want_value,
		[FILTER_JOIN] = want_value,
		[FILTER_MAX] = want_number,
		[FILTER_OPTIONAL] = want_optional,
		[FILTER_REQUIRED] = want_nothing,
		[FILTER_TABLE] = want_table,
		[FILTER_TEXT] = want_nothing,
	};
	int kind = 0;

	skip_spaces(p);
	f->at = p->at;
	const char *name = take_word(p);

	while (kind < FILTERS && strcmp(template_filter_names[kind], name) != 0)
		kind++;
	if (kind == FILTERS)
		return template_wrong(p->fault, f->at,
			"after `|` stands one of date, default, join, max, optional, "
			"required, table, text");
	f->kind = (enum template_filter_kind)kind;
	if (take_argument(p, f) < 0)
		return -1;
	skip_spaces(p);
	return want[kind](p, f);
}

/* --- text and places ----------------------------------------------------------------
 */

/* From the brace on. */
static int take_place(struct parser *p, struct template_piece *piece)
{
	struct template_filter **last = &piece->filters;

	piece->at = p->at++;
	piece->in_query = p->in_query;
	skip_spaces(p);
	if (take_path(p, piece) < 0)
		return -1;
	skip_spaces(p);
	while (peek(p) == '|') {
		p->at++;
		*last = arena_alloc(p->arena, sizeof(**last));
		if (take_filter(p, *last) < 0)
			return -1;
		last = &(*last)->next;
	}
	if (peek(p) != '}')
		return template_wrong(p->fault, peek(p) ? p->at : piece->at,
			peek(p) ? "here `|` or `}` should stand"
				: "the `{` here is not closed; for a brace write `{{`");
	p->at++;
	piece->n = p->at - piece->at;
	return 0;
}

/* Up to the next place, with `{{` and `}}` as braces. */
static int take_literal(struct parser *p, struct template_piece *piece)
{
	char *out = arena_alloc(p->arena, strlen(p->text + p->at) + 1);

	piece->at = p->at;
	piece->literal = out;
	for (char c; (c = peek(p)); p->at++) {
		bool twice = p->text[p->at + 1] == c;

		if (c == '{' && !twice)
			break;
		if (c == '}' && !twice)
			return template_wrong(p->fault, p->at,
				"a `}` without its `{`; for a brace write `}}`");
		p->at += c == '{' || c == '}';
		p->in_query |= c == '?';
		out[piece->literal_n++] = c;
	}
	piece->n = p->at - piece->at;
	return 0;
}

static int take_pieces(struct parser *p, struct template *t)
{
	struct template_piece **last = &t->first;
	size_t n = 0;

	while (peek(p)) {
		struct template_piece *piece = arena_alloc(p->arena, sizeof(*piece));
		bool is_place = peek(p) == '{' && p->text[p->at + 1] != '{';

		if ((is_place ? take_place : take_literal)(p, piece) < 0)
			return -1;
		*last = piece;
		last = &piece->next;
		n++;
	}
	t->exact = n == 1 && t->first->steps_n > 0;
	return 0;
}

/* `optional` concerns a whole member. */
static int judge_optional(const struct template *t, struct template_fault *fault)
{
	for (const struct template_piece *p = t->first; p; p = p->next)
		for (const struct template_filter *f = p->filters; f; f = f->next)
			if (f->kind == FILTER_OPTIONAL && !t->exact)
				return template_wrong(fault, f->at,
					"`optional` goes with a place that stands "
					"alone; here use `default`");
	return 0;
}

const struct template *template_parse(struct arena *arena, const char *text,
	enum template_place place, const struct template_tables *tables,
	struct template_fault *ret_fault)
{
	struct parser p = {arena, text, 0, place, tables, false, ret_fault};
	struct template *t = arena_alloc(arena, sizeof(*t));

	t->place = place;
	t->text = text;
	if (take_pieces(&p, t) < 0 || judge_optional(t, ret_fault) < 0)
		return NULL;
	if (place == TEMPLATE_URL && template_judge_url(t, ret_fault) < 0)
		return NULL;
	if (place == TEMPLATE_HEADER && template_judge_header(t, ret_fault) < 0)
		return NULL;
	if (place == TEMPLATE_XML && template_judge_xml(arena, t, ret_fault) < 0)
		return NULL;
	return t;
}

bool template_asks_known_as(const struct template *t)
{
	for (const struct template_piece *p = t->first; p; p = p->next)
		if (p->steps_n == 1 && !strcmp(p->steps[0], "known_as"))
			return true;
	return false;
}
