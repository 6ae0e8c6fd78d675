/*
 * The organ table: an index of names, and the relations read off it.
 *
 * Every id, main or alias, is one `struct name` with the days on which it is valid; the
 * names that share an id hang off one slot of an open hash, the youngest first, so that
 * a look-up without a day finds whoever uses the id now. A main id is valid on every
 * day: it may never be lent to another organ, not even for the years before it existed.
 * An alias beyond its days is nobody the table knows, hence an organ of its own.
 *
 * organ_table_finish() turns the ids in parents, successors and lists into pointers, so
 * that the relations at the end of the file neither hash nor allocate on their way.
 */
#include "gateway/model/organ.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/base/arena.h"
#include "gateway/base/mem.h"
#include "gateway/base/text.h"

/* An organ the table knows, or an id it does not (node is NULL). */
struct ref {
	const char *id;
	struct node *node;
};

struct refs {
	struct ref *at;
	size_t n;
};

enum { PARENT, SUCCESSOR, LINKS };
enum { ANSWERED_BY, RECEIVES_FOR, ISSUES_FOR, LISTS };

static const char *const link_names[LINKS] = {"parent", "successor"};
static const char *const list_names[LISTS] = {
	"answered_by", "receives_for", "issues_for"};

struct node {
	struct organ organ;
	struct ref links[LINKS]; /* id NULL: none */
	struct refs lists[LISTS];
	size_t mark; /* of the last walk that came by; only while finishing */
};

struct name {
	const char *id;
	uint64_t hash;
	day_t from, to; /* inclusive; open sides are INT32_MIN and INT32_MAX */
	struct node *node;
	struct name *older;
};

struct organ_table {
	struct arena arena;
	LIST_OF(struct node *) nodes;
	struct name **slots;
	size_t slots_n, used; /* a power of two, at most half used */
};

enum { FIRST_SLOTS = 64, ID_MIN = 2, ID_MAX = 64 };

#define LAST_DAY INT32_MAX

struct organ_table *organ_table_new(void)
{
	struct organ_table *table = mem_alloc(sizeof(*table));

	table->slots_n = FIRST_SLOTS;
	table->slots = mem_alloc(table->slots_n * sizeof(*table->slots));
	return table;
}

void organ_table_free(struct organ_table *table)
{
	if (!table)
		return;
	arena_deinit(&table->arena);
	free(table->slots);
	free(table);
}

static uint64_t id_hash(const char *id)
{
	uint64_t hash = TEXT_HASH_SEED;

	for (; *id; id++) {
		char lower = *id >= 'A' && *id <= 'Z' ? (char)(*id + 32) : *id;

		hash = text_hash(hash, &lower, 1);
	}
	return hash;
}

/* Where the names with @id hang, or the free slot where they would. */
static struct name **slot_of(
	const struct organ_table *table, const char *id, uint64_t hash)
{
	size_t at = hash & (table->slots_n - 1);

	while (table->slots[at] && (table->slots[at]->hash != hash ||
					   !text_same_id(table->slots[at]->id, id)))
		at = (at + 1) & (table->slots_n - 1);
	return &table->slots[at];
}

static void make_room(struct organ_table *table)
{
	if (table->used * 2 < table->slots_n)
		return;
	struct name **before = table->slots;
	size_t before_n = table->slots_n;

	table->slots_n *= 2;
	table->slots = mem_alloc(table->slots_n * sizeof(*table->slots));
	for (size_t i = 0; i < before_n; i++)
		if (before[i])
			*slot_of(table, before[i]->id, before[i]->hash) = before[i];
	free(before);
}

static void add_name(struct organ_table *table, const char *id, day_t from, day_t to,
	struct node *node)
{
	make_room(table);
	uint64_t hash = id_hash(id);
	struct name **at = slot_of(table, id, hash);
	struct name *name = arena_alloc(&table->arena, sizeof(*name));

	table->used += !*at;
	while (*at && (*at)->from > from)
		at = &(*at)->older;
	*name = (struct name){id, hash, from, to, node, *at};
	*at = name;
}

static day_t open_end(day_t to)
{
	return to == DAY_NONE ? LAST_DAY : to;
}

/* O1: what may be an organ's id. */
static bool is_well_shaped(const char *id)
{
	size_t n = id ? strlen(id) : 0;

	if (n < ID_MIN || n > ID_MAX || !isalnum((unsigned char)id[0]))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!isalnum((unsigned char)id[i]) && !strchr("._:-", id[i]))
			return false;
	return true;
}

static int check_shape(
	const char *organ, const char *what, const char *id, struct err *e)
{
	if (is_well_shaped(id))
		return 0;
	return err_set(e, ERR_CONFIG,
		"organ %.64s: %s \"%.80s\" is not an organ id: 2 to 64 letters, "
		"digits, '.', "
		"'_', ':' or '-'",
		organ ? organ : "?", what, id ? id : "");
}

/* @organ claims @id from @from to @to. */
static int check_free(const struct organ_table *table, const char *organ,
	const char *id, day_t from, day_t to, struct err *e)
{
	for (struct name *name = *slot_of(table, id, id_hash(id)); name;
		name = name->older)
		if (name->from <= to && from <= name->to)
			return err_set(e, ERR_CONFIG,
				"organ %.64s: id %.64s already belongs to organ %.64s "
				"at that time; "
				"an id names one organ on any day, and a main id "
				"always the same",
				organ, id, name->node->organ.id);
	return 0;
}

static int check_organ(
	const struct organ_table *table, const struct organ *organ, struct err *e)
{
	if (check_shape(organ->id, "id", organ->id, e) < 0)
		return -1;
	if (check_free(table, organ->id, organ->id, DAY_NONE, LAST_DAY, e) < 0)
		return -1;
	for (size_t i = 0; i < organ->aliases_n; i++) {
		const struct organ_alias *alias = &organ->aliases[i];

		if (check_shape(organ->id, "alias", alias->id, e) < 0)
			return -1;
		if (alias->from > open_end(alias->to))
			return err_set(e, ERR_CONFIG,
				"organ %.64s: alias %.64s ends before it begins",
				organ->id, alias->id);
		if (check_free(table, organ->id, alias->id, alias->from,
			    open_end(alias->to), e) < 0)
			return -1;
	}
	return 0;
}

static const char *const *copy_texts(
	struct arena *arena, const char *const *from, size_t n)
{
	const char **to = arena_alloc(arena, n * sizeof(*to));

	for (size_t i = 0; i < n; i++)
		to[i] = arena_dup(arena, from[i]);
	return to;
}

static void copy_organ(struct arena *arena, struct organ *to, const struct organ *from)
{
	struct organ_alias *aliases =
		arena_alloc(arena, from->aliases_n * sizeof(*aliases));

	*to = *from;
	to->id = arena_dup(arena, from->id);
	to->parent = arena_dup(arena, from->parent);
	to->successor = arena_dup(arena, from->successor);
	to->names = copy_texts(arena, from->names, from->names_n);
	to->answered_by = copy_texts(arena, from->answered_by, from->answered_by_n);
	to->receives_for = copy_texts(arena, from->receives_for, from->receives_for_n);
	to->issues_for = copy_texts(arena, from->issues_for, from->issues_for_n);
	for (size_t i = 0; i < from->aliases_n; i++) {
		aliases[i] = from->aliases[i];
		aliases[i].id = arena_dup(arena, from->aliases[i].id);
	}
	to->aliases = aliases;
}

int organ_table_add(struct organ_table *table, const struct organ *organ, struct err *e)
{
	if (check_organ(table, organ, e) < 0)
		return -1;
	struct node *node = arena_alloc(&table->arena, sizeof(*node));

	copy_organ(&table->arena, &node->organ, organ);
	*LIST_ADD(&table->arena, &table->nodes) = node;
	add_name(table, node->organ.id, DAY_NONE, LAST_DAY, node);
	for (size_t i = 0; i < node->organ.aliases_n; i++) {
		const struct organ_alias *alias = &node->organ.aliases[i];

		add_name(table, alias->id, alias->from, open_end(alias->to), node);
	}
	return 0;
}

size_t organ_table_size(const struct organ_table *table)
{
	return table ? table->nodes.n : 0;
}

const struct organ *organ_table_at(const struct organ_table *table, size_t index)
{
	return &table->nodes.at[index]->organ;
}

static struct ref resolve(const struct organ_table *table, const char *id, day_t day)
{
	if (!table || !id)
		return (struct ref){id, NULL};
	for (const struct name *name = *slot_of(table, id, id_hash(id)); name;
		name = name->older)
		if (day == DAY_NONE || (name->from <= day && day <= name->to))
			return (struct ref){name->node->organ.id, name->node};
	return (struct ref){id, NULL};
}

static bool same(struct ref a, struct ref b)
{
	return a.node || b.node ? a.node == b.node : text_same_id(a.id, b.id);
}

/*
 * An id written in the configuration: as of @day if it is valid then, else at any time,
 * so that an alias in a list goes on meaning its organ after its last day.
 */
static int resolve_member(const struct organ_table *table, const struct node *of,
	const char *what, const char *id, day_t day, struct ref *ret, struct err *e)
{
	if (check_shape(of->organ.id, what, id, e) < 0)
		return -1;
	*ret = resolve(table, id, day);
	if (!ret->node)
		*ret = resolve(table, id, DAY_NONE);
	return 0;
}

static int resolve_list(struct organ_table *table, struct node *of, int list,
	const char *const *ids, size_t n, struct err *e)
{
	struct refs *refs = &of->lists[list];

	refs->at = arena_alloc(&table->arena, n * sizeof(*refs->at));
	refs->n = n;
	for (size_t i = 0; i < n; i++)
		if (resolve_member(table, of, list_names[list], ids[i], DAY_NONE,
			    &refs->at[i], e) < 0)
			return -1;
	return 0;
}

static int resolve_link(const struct organ_table *table, struct node *of, int link,
	const char *id, day_t day, struct err *e)
{
	if (!id)
		return 0;
	return resolve_member(
		table, of, link_names[link], id, day, &of->links[link], e);
}

static int resolve_node(struct organ_table *table, struct node *node, struct err *e)
{
	const struct organ *o = &node->organ;

	if (resolve_link(table, node, PARENT, o->parent, DAY_NONE, e) < 0 ||
		resolve_link(
			table, node, SUCCESSOR, o->successor, o->successor_from, e) < 0)
		return -1;
	if (resolve_list(
		    table, node, ANSWERED_BY, o->answered_by, o->answered_by_n, e) < 0)
		return -1;
	if (resolve_list(table, node, RECEIVES_FOR, o->receives_for, o->receives_for_n,
		    e) < 0)
		return -1;
	return resolve_list(table, node, ISSUES_FOR, o->issues_for, o->issues_for_n, e);
}

/*
 * Follow @link from every node: a walk that meets its own mark has run in a circle, one
 * that meets an older mark is known to end.
 */
static int check_circles(struct organ_table *table, int link, struct err *e)
{
	for (size_t i = 0; i < table->nodes.n; i++)
		table->nodes.at[i]->mark = 0;
	for (size_t i = 0; i < table->nodes.n; i++) {
		struct node *node = table->nodes.at[i];

		for (; node && !node->mark; node = node->links[link].node)
			node->mark = i + 1;
		if (node && node->mark == i + 1)
			return err_set(e, ERR_CONFIG,
				"organ %.64s: following each %s leads back to it",
				node->organ.id, link_names[link]);
	}
	return 0;
}

int organ_table_finish(struct organ_table *table, struct err *e)
{
	for (size_t i = 0; i < table->nodes.n; i++)
		if (resolve_node(table, table->nodes.at[i], e) < 0)
			return -1;
	if (check_circles(table, PARENT, e) < 0)
		return -1;
	return check_circles(table, SUCCESSOR, e);
}

const struct organ *organ_find(
	const struct organ_table *table, const char *id, day_t day)
{
	const struct node *node = resolve(table, id, day).node;

	return node ? &node->organ : NULL;
}

const char *organ_main_id(const struct organ_table *table, const char *id, day_t day)
{
	return resolve(table, id, day).id;
}

bool organ_same(const struct organ_table *table, const char *a, day_t a_day,
	const char *b, day_t b_day)
{
	return same(resolve(table, a, a_day), resolve(table, b, b_day));
}

/* One step along the successors, false where @ref still stands on @day. */
static bool succeed(struct ref *ref, day_t day)
{
	const struct node *node = ref->node;

	if (!node || !node->links[SUCCESSOR].id)
		return false;
	if (day != DAY_NONE && node->organ.successor_from > day)
		return false;
	*ref = node->links[SUCCESSOR];
	return true;
}

static struct ref standing(struct ref ref, day_t day)
{
	while (succeed(&ref, day))
		;
	return ref;
}

const char *organ_successor(const struct organ_table *table, const char *id, day_t day)
{
	return standing(resolve(table, id, day), day).id;
}

bool organ_is_ancestor(
	const struct organ_table *table, const char *ancestor, const char *id)
{
	struct ref wanted = resolve(table, ancestor, DAY_NONE);
	struct ref at = resolve(table, id, DAY_NONE);

	while (at.node && at.node->links[PARENT].id) {
		at = at.node->links[PARENT];
		if (same(at, wanted))
			return true;
	}
	return false;
}

int organ_depth(const struct organ_table *table, const char *id)
{
	struct ref at = resolve(table, id, DAY_NONE);
	int depth = 0;

	while (at.node && at.node->links[PARENT].id) {
		at = at.node->links[PARENT];
		depth++;
	}
	return depth;
}

/*
 * Does @list of @of, or of one that has taken its place by @day, name
 * @wanted, which stands on @day? Those listed are taken as whoever stands for them
 * then.
 */
static bool lists(struct ref of, int list, struct ref wanted, day_t day)
{
	do {
		if (!of.node)
			return false;
		const struct refs *refs = &of.node->lists[list];

		for (size_t i = 0; i < refs->n; i++)
			if (same(standing(refs->at[i], day), wanted))
				return true;
	} while (succeed(&of, day));
	return false;
}

bool organ_may_answer(const struct organ_table *table, const char *sender,
	day_t sent_on, const char *lead, day_t assigned_on)
{
	struct ref from = resolve(table, sender, sent_on);
	struct ref owing = resolve(table, lead, assigned_on);
	struct ref speaks = standing(from, sent_on), owes = standing(owing, sent_on);

	return same(speaks, owes) || lists(owing, ANSWERED_BY, speaks, sent_on) ||
	       lists(from, ISSUES_FOR, owes, sent_on);
}

bool organ_receives(const struct organ_table *table, const char *addressee, day_t day,
	const char *assigner, day_t assigned_on)
{
	struct ref to = resolve(table, addressee, day);
	struct ref by = resolve(table, assigner, assigned_on);
	struct ref reads = standing(to, day), waits = standing(by, day);

	return same(reads, waits) || lists(to, RECEIVES_FOR, waits, day) ||
	       lists(by, ISSUES_FOR, reads, day);
}

bool organ_may_amend(const struct organ_table *table, const char *actor, day_t acted_on,
	const char *issuer, day_t issued_on)
{
	struct ref acts = resolve(table, actor, acted_on);
	struct ref issued = standing(resolve(table, issuer, issued_on), acted_on);

	return same(standing(acts, acted_on), issued) ||
	       lists(acts, ISSUES_FOR, issued, acted_on);
}
