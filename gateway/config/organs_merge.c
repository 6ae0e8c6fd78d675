#include "gateway/config/organs_merge.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "gateway/base/mem.h"
#include "gateway/base/text.h"
#include "gateway/config/organs_index.h"
#include "gateway/config/organs_tree.h"

/* Whose an id is, where it is no row's: several organs', one's that is left out. */
#define CONTESTED (SIZE_MAX - 1)
#define LEFT_OUT  (SIZE_MAX - 2)

MEM_CLEANUP(table, struct organ_table, organ_table_free)

/* An organ in the making. */
struct row {
	struct organ organ; /* names and aliases stand beside it until the end */
	LIST_OF(const char *) names;
	LIST_OF(struct organ_alias) aliases;
	const struct agency *first;     /* of the list that is this organ */
	const struct agency *parent_by; /* who says its parent; NULL: the table */
	bool parent_unclear;
};

struct merge {
	struct agency_list *list;
	struct arena *arena;             /* the list's */
	struct arena scratch;            /* for comparing */
	const struct organ_table *table; /* NULL: none */
	struct row *rows;
	size_t rows_n, written_n; /* the first of them are the table's */
	struct organs_index mains, others;
	size_t *parents; /* of the agencies */
	size_t *row_of;  /* each agency's, INDEX_NONE: none */
};

static void complain(struct merge *m, const struct agency *a, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void complain(struct merge *m, const struct agency *a, const char *format, ...)
{
	char text[400];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	agency_list_complain(
		m->list, a->line, a->column, "organ %.64s: %s", a->id, text);
}

static struct row *add_row(struct merge *m, const struct organ *organ)
{
	struct row *row = &m->rows[m->rows_n];

	row->organ = *organ;
	*organs_index_at(&m->mains, organ->id) = m->rows_n++;
	return row;
}

static void add_table(struct merge *m)
{
	for (size_t i = 0; i < organ_table_size(m->table); i++) {
		const struct organ *organ = organ_table_at(m->table, i);
		struct row *row = add_row(m, organ);

		for (size_t k = 0; k < organ->names_n; k++)
			*LIST_ADD(m->arena, &row->names) = organ->names[k];
		for (size_t k = 0; k < organ->aliases_n; k++)
			*LIST_ADD(m->arena, &row->aliases) = organ->aliases[k];
	}
	m->written_n = m->rows_n;
}

/* The table's row for @a: by any id under its new one, by the main id under its old. */
static size_t find_written(struct merge *m, const struct agency *a)
{
	const struct organ *organ = organ_find(m->table, a->id, DAY_NONE);

	if (!organ) {
		organ = organ_find(m->table, a->old_id, DAY_NONE);
		if (!organ || !text_same_id(organ->id, a->old_id))
			return INDEX_NONE;
	}
	if (!text_same_id(organ->id, a->id))
		complain(m, a, "the table calls it %.64s, which stays its main id",
			organ->id);
	return organs_index_find(&m->mains, organ->id);
}

static size_t find_or_add_row(struct merge *m, const struct agency *a)
{
	size_t number = find_written(m, a);

	if (number == INDEX_NONE)
		number = organs_index_find(&m->mains, a->id);
	if (number == INDEX_NONE) {
		struct organ organ = {
			.id = a->id, .successor_from = DAY_NONE, .uses_eoffice = true};

		add_row(m, &organ);
		number = m->rows_n - 1;
	}
	struct row *row = &m->rows[number];

	if (row->first)
		complain(m, a, "it is listed before, in line %d", row->first->line);
	else
		row->first = a;
	return number;
}

static void add_rows(struct merge *m, const bool *wanted)
{
	for (size_t i = 0; i < m->list->agencies.n; i++) {
		const struct agency *a = &m->list->agencies.at[i];

		m->row_of[i] = a->id && (!wanted || wanted[i]) ? find_or_add_row(m, a)
							       : INDEX_NONE;
	}
}

/* May @a's @id become an alias of the row @number? If not because of somebody else, it
 * is complained of. */
static bool is_free(
	struct merge *m, const struct agency *a, const char *id, size_t number)
{
	const struct organ *organ = organ_find(m->table, id, DAY_NONE);
	size_t main = organs_index_find(&m->mains, id);

	if (organ) {
		if (organs_index_find(&m->mains, organ->id) != number)
			complain(m, a,
				"its id %.64s is organ %.64s's in the table, and stays "
				"so",
				id, organ->id);
		return false;
	}
	if (main == INDEX_NONE)
		return true;
	if (main != number)
		complain(m, a,
			"its id %.64s is also the main id of an organ, in line "
			"%d; it becomes no alias",
			id, m->rows[main].first->line);
	return false;
}

static void claim(struct merge *m, const char *id, size_t owner)
{
	size_t *before = id ? organs_index_at(&m->others, id) : NULL;

	if (before && *before == INDEX_NONE)
		*before = owner;
	else if (before && *before != owner)
		*before = CONTESTED;
}

/* Which row each id of the list would belong to, also those of the agencies left out.
 */
static void claim_ids(struct merge *m)
{
	for (size_t i = 0; i < m->list->agencies.n; i++) {
		const struct agency *a = &m->list->agencies.at[i];
		size_t owner = m->row_of[i] == INDEX_NONE ? LEFT_OUT : m->row_of[i];

		claim(m, a->id, owner);
		claim(m, a->old_id, owner);
	}
}

static void add_alias(
	struct merge *m, const struct agency *a, const char *id, size_t number)
{
	struct row *row = &m->rows[number];

	if (!id || !is_free(m, a, id, number))
		return;
	if (organs_index_find(&m->others, id) == CONTESTED) {
		complain(m, a,
			"its id %.64s is also another organ's; it becomes no alias",
			id);
		return;
	}
	for (size_t i = 0; i < row->aliases.n; i++)
		if (text_same_id(row->aliases.at[i].id, id))
			return;
	*LIST_ADD(m->arena, &row->aliases) =
		(struct organ_alias){.id = id, .from = DAY_NONE, .to = DAY_NONE};
}

/* Names that differ only in case, spaces or dashes are one. */
static void add_name(struct merge *m, const struct agency *a, struct row *row)
{
	bool known = false;

	if (!a->name)
		return;
	arena_reset(&m->scratch);
	const char *folded = text_fold(&m->scratch, a->name);

	for (size_t i = 0; i < row->names.n && !known; i++)
		known = !strcmp(row->names.at[i], a->name) ||
			!strcmp(text_fold(&m->scratch, row->names.at[i]), folded);
	if (!known)
		*LIST_ADD(m->arena, &row->names) = a->name;
}

/* The main id of the nearest agency above that has one; NULL: none. */
static const char *parent_of(struct merge *m, size_t i)
{
	const struct agency *agencies = m->list->agencies.at;
	size_t at = m->parents[i];

	while (at != INDEX_NONE && !agencies[at].id)
		at = m->parents[at];
	if (at != INDEX_NONE && m->row_of[at] != INDEX_NONE)
		return m->rows[m->row_of[at]].organ.id;
	if (at != INDEX_NONE)
		return organ_main_id(m->table, agencies[at].id, DAY_NONE);

	const struct organ *organ =
		m->list->parents_by_id
			? organ_find(m->table, agencies[i].parent_key, DAY_NONE)
			: NULL;

	return organ ? organ->id : NULL;
}

static void add_parent(struct merge *m, size_t i)
{
	const struct agency *a = &m->list->agencies.at[i];
	struct row *row = &m->rows[m->row_of[i]];
	const char *parent = parent_of(m, i), *before = row->organ.parent;

	if (!parent || row->parent_unclear)
		return;
	if (text_same_id(parent, row->organ.id)) {
		complain(m, a, "it would be its own parent");
	} else if (!before) {
		row->organ.parent = parent;
		row->parent_by = a;
	} else if (organ_same(m->table, before, DAY_NONE, parent, DAY_NONE)) {
		return;
	} else if (!row->parent_by) {
		complain(m, a,
			"its parent is %.64s in the table, and stays so; the list "
			"says %.64s",
			before, parent);
	} else {
		complain(m, a,
			"its parent is %.64s here and %.64s in line %d; it gets "
			"none",
			parent, before, row->parent_by->line);
		row->organ.parent = NULL;
		row->parent_unclear = true;
	}
}

static void add_agencies(struct merge *m)
{
	claim_ids(m);
	for (size_t i = 0; i < m->list->agencies.n; i++) {
		const struct agency *a = &m->list->agencies.at[i];
		size_t number = m->row_of[i];

		if (number == INDEX_NONE)
			continue;
		add_alias(m, a, a->id, number);
		add_alias(m, a, a->old_id, number);
		add_name(m, a, &m->rows[number]);
		add_parent(m, i);
	}
}

/* The table alone and the list alone are free of circles; together they need not be. */
static void cut_row(void *context, size_t i)
{
	struct merge *m = context;
	struct row *row = &m->rows[i];

	if (!row->parent_by)
		return;
	complain(m, row->parent_by,
		"following each parent leads back to it; it does not get %.64s",
		row->organ.parent);
	row->organ.parent = NULL;
}

static void cut_circles(struct merge *m)
{
	size_t *parents = arena_alloc(m->arena, m->rows_n * sizeof(*parents));

	for (size_t i = 0; i < m->rows_n; i++) {
		const char *parent = m->rows[i].organ.parent;
		size_t main = organs_index_find(
			&m->mains, organ_main_id(m->table, parent, DAY_NONE));
		size_t other = organs_index_find(&m->others, parent);

		parents[i] = main != INDEX_NONE  ? main
			     : other < m->rows_n ? other
						 : INDEX_NONE;
	}
	organs_tree_circles(parents, m->rows_n, m->arena, cut_row, m);
}

static int by_id(const void *a, const void *b)
{
	const struct organ *left = a, *right = b;
	int order = strcasecmp(left->id, right->id);

	return order ? order : strcmp(left->id, right->id);
}

static int by_place(const void *a, const void *b)
{
	const struct agency_complaint *left = a, *right = b;

	if (left->line != right->line)
		return left->line < right->line ? -1 : 1;
	if (left->column != right->column)
		return left->column < right->column ? -1 : 1;
	return strcmp(left->text, right->text);
}

static int place_order(const struct agency_complaint *c, const struct agency *a)
{
	return c->line != a->line ? c->line - a->line : c->column - a->column;
}

/* Nobody asked about those that are left out. Agencies stand in the file's order. */
static void drop_complaints(struct agency_list *list, const bool *wanted)
{
	size_t kept = 0, at = 0;

	for (size_t i = 0; i < list->complaints.n; i++) {
		const struct agency_complaint *c = &list->complaints.at[i];

		while (at < list->agencies.n &&
			place_order(c, &list->agencies.at[at]) > 0)
			at++;
		if (at == list->agencies.n || wanted[at] ||
			place_order(c, &list->agencies.at[at]) != 0)
			list->complaints.at[kept++] = *c;
	}
	list->complaints.n = kept;
}

static void sort_complaints(struct agency_list *list, const bool *wanted)
{
	if (list->complaints.n)
		qsort(list->complaints.at, list->complaints.n,
			sizeof(*list->complaints.at), by_place);
	if (wanted)
		drop_complaints(list, wanted);
}

static void finish(struct merge *m, struct organs_merged *ret_merged)
{
	struct organ *organs = arena_alloc(m->arena, m->rows_n * sizeof(*organs));

	for (size_t i = 0; i < m->rows_n; i++) {
		const struct row *row = &m->rows[i];

		organs[i] = row->organ;
		organs[i].names = row->names.at;
		organs[i].names_n = row->names.n;
		organs[i].aliases = row->aliases.at;
		organs[i].aliases_n = row->aliases.n;
	}
	qsort(organs, m->rows_n, sizeof(*organs), by_id);
	*ret_merged = (struct organs_merged){
		.organs = organs, .n = m->rows_n, .added = m->rows_n - m->written_n};
}

/* What is handed out is taken by the table it is for. */
static int prove(const struct organs_merged *merged, struct err *e)
{
	cleanup(table) struct organ_table *table = organ_table_new();
	int failed = 0;

	for (size_t i = 0; i < merged->n && !failed; i++)
		failed = organ_table_add(table, &merged->organs[i], e);
	if (!failed)
		failed = organ_table_finish(table, e);
	if (!failed)
		return 0;
	e->code = ERR_BUG;
	return err_wrap(e, "the merged table is no good");
}

int organs_merge(struct agency_list *list, const struct organ_table *table,
	const char *under, struct organs_merged *ret_merged, struct err *e)
{
	size_t agencies_n = list->agencies.n,
	       rows_max = agencies_n + organ_table_size(table);
	struct merge m = {.list = list, .arena = &list->arena, .table = table};
	bool *wanted = NULL, any = true;

	m.parents = organs_tree_parents(list);
	if (under)
		wanted = organs_tree_below(list, m.parents, table, under, &any);
	if (!any)
		return err_set(
			e, ERR_INPUT, "there is no organ %.64s in the list", under);
	m.rows = arena_alloc(m.arena, rows_max * sizeof(*m.rows));
	m.row_of = arena_alloc(m.arena, agencies_n * sizeof(*m.row_of));
	organs_index_init(&m.mains, m.arena, rows_max);
	organs_index_init(&m.others, m.arena, agencies_n * 2);
	add_table(&m);
	add_rows(&m, wanted);
	add_agencies(&m);
	cut_circles(&m);
	sort_complaints(list, wanted);
	finish(&m, ret_merged);
	arena_deinit(&m.scratch);
	return prove(ret_merged, e);
}
