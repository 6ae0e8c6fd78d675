/* Can a template be filled from every event of a name? Asked of the events' schemas, by
 * following each place's value through its filters. */
#include <stdio.h>
#include <string.h>

#include "adapters/template_parts.h"
#include "gateway/base/buf.h"

struct check {
	const struct template *t;
	const struct template_piece *piece;
	const struct event_shapes *shapes;
	const char *name;
	struct arena *arena;
	struct template_fault *fault;
	const char *why_null; /* when it is not the event's doing */
};

static bool is_own(const struct template_piece *p, const char *word)
{
	return p->steps_n == 1 && !strcmp(p->steps[0], word);
}

static int tell_unknown(const struct check *c, size_t known)
{
	const struct template_piece *p = c->piece;
	cleanup_buf struct buf names = {.max = 200};
	const char *name;

	for (size_t i = 0;
		(name = event_shape_member(c->shapes, c->name, p->steps, known, i));
		i++)
		buf_printf(&names, "%s%s", i ? ", " : "", name);
	return template_wrong(c->fault, p->at, "%s has no `%s`; there is: %s", c->name,
		template_path(c->arena, p),
		names.n ? buf_text(&names) : "nothing below it");
}

/* The first word that no row of the table is for. */
static const char *find_missing(
	const struct template_table *table, const struct shape *shape)
{
	const char *word;

	for (size_t i = 0; (word = event_shape_word(shape, i)); i++) {
		size_t row = 0;

		while (row < table->rows_n && strcmp(table->rows[row].from, word) != 0)
			row++;
		if (row == table->rows_n)
			return word;
	}
	return NULL;
}

static int pass_table(
	struct check *c, const struct template_filter *f, struct shape *shape)
{
	const char *missing = find_missing(f->table, shape);

	if (shape->kind != SHAPE_TEXT)
		return template_wrong(c->fault, f->at,
			"%s: `table` is for a word, not for a list", c->name);
	if (!shape->words)
		c->why_null = arena_printf(c->arena,
			"may be any text, and the table %s has rows for some",
			f->table->name);
	else if (missing)
		c->why_null = arena_printf(c->arena,
			"may be `%s`, and the table %s has no row for it", missing,
			f->table->name);
	*shape = (struct shape){.nullable = shape->nullable || c->why_null};
	return 0;
}

static int pass_date(
	struct check *c, const struct template_filter *f, struct shape *shape)
{
	if (!shape->is_date)
		return template_wrong(c->fault, f->at, "%s: `%s` is no date", c->name,
			template_path(c->arena, c->piece));
	*shape = (struct shape){.nullable = shape->nullable};
	return 0;
}

static int pass_join(
	struct check *c, const struct template_filter *f, struct shape *shape)
{
	if (shape->kind != SHAPE_LIST)
		return template_wrong(c->fault, f->at, "%s: `%s` is no list", c->name,
			template_path(c->arena, c->piece));
	*shape = (struct shape){.nullable = shape->nullable};
	return 0;
}

static int pass_text(
	struct check *c, const struct template_filter *f, struct shape *shape)
{
	if (shape->kind == SHAPE_TEXT)
		return 0;
	return template_wrong(c->fault, f->at,
		"%s: `%s` is no text; a list takes `join`", c->name,
		template_path(c->arena, c->piece));
}

static int pass_default(
	struct check *c, const struct template_filter *f, struct shape *shape)
{
	(void)f;
	shape->nullable = false;
	c->why_null = NULL;
	return 0;
}

static int (*const passes[FILTERS])(
	struct check *, const struct template_filter *, struct shape *) = {
	[FILTER_DATE] = pass_date,
	[FILTER_DEFAULT] = pass_default,
	[FILTER_JOIN] = pass_join,
	[FILTER_MAX] = pass_text,
	[FILTER_OPTIONAL] = pass_default,
	[FILTER_REQUIRED] = pass_default,
	[FILTER_TABLE] = pass_table,
	[FILTER_TEXT] = pass_text,
};

/* Is what comes out of the filters fit to stand there? */
static int judge_result(const struct check *c, const struct shape *shape)
{
	const struct template_piece *p = c->piece;
	bool typed = c->t->place == TEMPLATE_JSON && c->t->exact;
	const char *path = template_path(c->arena, p);

	if (!typed && shape->kind == SHAPE_LIST)
		return template_wrong(c->fault, p->at,
			"%s: `%s` is a list; add `| join \", \"`", c->name, path);
	if (!typed && shape->kind == SHAPE_OBJECT)
		return template_wrong(c->fault, p->at,
			"%s: `%s` holds several values; name one, as `%s.…`", c->name,
			path, path);
	if (shape->nullable && (!typed || c->why_null))
		return template_wrong(c->fault, p->at,
			"%s: `%s` %s; add `| default \"\"`, or "
			"`| required` to refuse such an event",
			c->name, path, c->why_null ? c->why_null : "may be null");
	return 0;
}

static int check_place(struct check *c)
{
	const struct template_piece *p = c->piece;
	struct shape shape = {0};
	size_t known;

	/* What it is called there is known once the receiver has said so; a template
	 * that asks for it earlier is refused when it is filled. */
	if (!is_own(p, "known_as") && !is_own(p, "name") &&
		!event_shape_find(
			c->shapes, c->name, p->steps, p->steps_n, &shape, &known))
		return tell_unknown(c, known);
	for (const struct template_filter *f = p->filters; f; f = f->next)
		if (passes[f->kind](c, f, &shape) < 0)
			return -1;
	return judge_result(c, &shape);
}

int template_check(const struct template *t, const struct event_shapes *shapes,
	const char *name, struct template_fault *ret_fault)
{
	struct arena arena = {0};
	int result = 0;

	for (const struct template_piece *p = t->first; p && !result; p = p->next) {
		struct check c = {t, p, shapes, name, &arena, ret_fault, NULL};

		if (p->steps_n)
			result = check_place(&c);
	}
	arena_deinit(&arena);
	return result;
}
