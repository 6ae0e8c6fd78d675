/* T1 to T5, B2, B3: the chain of a document as the ledger knows it, planned by
 * gateway/rules/plan.h, and its tasks brought into line with the plan. */
#include "gateway/ledger/internal.h"

#include "gateway/base/text.h"

int chain_members(struct ledger *l, int64_t document, id_list *members, struct err *e)
{
	id_list_add(&l->arena, members, document);
	for (size_t i = 0; i < members->n; i++) {
		link_list to = {0}, from = {0};
		int64_t member = members->at[i];

		if (store_links(l, member, 0, &to, e) != 0 ||
			store_links_of_event(l, member, &from, e) != 0)
			return -1;
		for (size_t k = 0; k < to.n; k++)
			if (amend_is_role(to.at[k].role))
				id_list_add(&l->arena, members, to.at[k].event);
		for (size_t k = 0; k < from.n; k++)
			if (amend_is_role(from.at[k].role))
				id_list_add(&l->arena, members, from.at[k].document);
	}
	return 0;
}

static int read_targets(
	struct ledger *l, int64_t event, struct plan_document *d, struct err *e)
{
	link_list links = {0};
	id_list targets = {0};

	if (store_links_of_event(l, event, &links, e) != 0)
		return -1;
	for (size_t i = 0; i < links.n; i++)
		if (amend_is_role(links.at[i].role))
			id_list_add(&l->arena, &targets, links.at[i].document);
	d->targets = targets.at;
	d->targets_n = targets.n;
	return 0;
}

/* Those a person gave a handed-back task of @document to. */
static int read_extras(
	struct ledger *l, int64_t document, struct plan_document *d, struct err *e)
{
	LIST_OF(struct plan_extra) extras = {0};
	enum db_step step;

	if (document == l->fresh)
		return 0;
	struct sqlite3_stmt *row = db_query(&l->db, Q_TASK_EXTRAS,
		"SELECT t.via, t.lead, t.ordinal, t.kind, a.at, a.due_on, b.lead "
		"FROM task t JOIN act a ON a.id = -t.via JOIN task b ON b.id = a.task "
		"WHERE t.origin = ? AND t.via < 0 ORDER BY t.id",
		e, "i", document);

	if (!row)
		return -1;
	while ((step = db_next(&l->db, row, e)) == DB_ROW)
		*LIST_ADD(&l->arena, &extras) =
			(struct plan_extra){.via = db_int(row, 0),
				.lead = db_text(&l->arena, row, 1),
				.instead_of = db_text(&l->arena, row, 6),
				.ordinal = (int)db_int(row, 2),
				.kind = (enum owed_kind)db_int(row, 3),
				.given_on = day_of(db_int(row, 4)),
				.due_on = db_day(row, 5)};
	d->extras = extras.at;
	d->extras_n = extras.n;
	return step == DB_DONE ? 0 : -1;
}

/* One of @members as the planner takes it; *@ret_counts is false for what was refused.
 * Whether it is a reply (T4) other chains say: this one's tasks are what is planned. */
static int read_member(struct ledger *l, const id_list *members, int64_t id,
	struct plan_document *d, bool *ret_counts, struct err *e)
{
	struct stored *s = store_load(l, id, e);
	id_list before = {0};

	if (!s)
		return -1;
	*ret_counts = s->outcome != OUTCOME_QUARANTINED && s->stage != STAGE_WITHDRAWN;
	if (!*ret_counts)
		return 0;
	*d = (struct plan_document){.id = id, .event = store_event(l, s, e)};
	if (!d->event || reply_on_thread(l, s, members, &before, e) != 0 ||
		read_targets(l, id, d, e) != 0)
		return -1;
	if (read_extras(l, id, d, e) != 0 ||
		reply_forwards(l, s, &d->forward_of, e) != 0)
		return -1;
	if (policy_read(l, s, &d->policy, &d->lists, e) != 0)
		return -1;
	d->arrived_on = s->arrived_on;
	d->is_reply = plan_refers(d->event) || before.n > 0;
	return 0;
}

static int plan_members(
	struct ledger *l, const id_list *members, struct plan *plan, struct err *e)
{
	struct plan_document *documents =
		arena_alloc(&l->arena, (members->n + 1) * sizeof(*documents));
	size_t n = 0;

	for (size_t i = 0; i < members->n; i++) {
		bool counts;

		if (read_member(
			    l, members, members->at[i], &documents[n], &counts, e) != 0)
			return -1;
		n += counts;
	}
	struct plan_context context = {l->options.organs, l->options.calendar};

	plan_chain(&l->arena, &context, documents, n, plan);
	return 0;
}

/* B3: did a replacement that came first make @row in the place of what @slot is? */
static bool stood_in(const struct task_row *row, const struct plan_slot *slot)
{
	for (size_t i = 0; i < slot->steps.n; i++) {
		const struct plan_step *step = &slot->steps.at[i];

		if (step->act == PLAN_MOVED && step->document == row->origin &&
			step->ordinal == row->ordinal)
			return true;
	}
	return false;
}

enum { EXACTLY = 4 };

/* How well @row is the task of @slot: 0 not at all. */
static int likeness(const struct task_row *row, const struct plan_slot *slot)
{
	if (!text_same_id(row->task.lead, slot->lead) || row->task.kind != slot->kind)
		return 0;
	if (row->origin == slot->origin && row->via == slot->via &&
		row->ordinal == slot->ordinal)
		return EXACTLY;
	if (stood_in(row, slot))
		return 3;
	return row->ordinal == slot->ordinal ? 2 : 1;
}

/* Give each slot the existing task that is it: first the exact ones, then those a
 * document that came late or early had made in its stead. */
static void match(const struct plan *plan, task_list *rows, struct task_row **match_of,
	bool *taken)
{
	for (int least = EXACTLY; least >= 1; least--)
		for (size_t s = 0; s < plan->slots.n; s++)
			for (size_t r = 0; r < rows->n && !match_of[s]; r++)
				if (!taken[r] && likeness(&rows->at[r],
							 &plan->slots.at[s]) >= least) {
					match_of[s] = &rows->at[r];
					taken[r] = true;
				}
}

static int read_moves(struct ledger *l, int64_t task, id_list *moves, struct err *e)
{
	enum db_step step;
	struct sqlite3_stmt *row = db_query(&l->db, Q_TASK_MOVED_OF,
		"SELECT document FROM task_document WHERE task = ?", e, "i", task);

	if (!row)
		return -1;
	while ((step = db_next(&l->db, row, e)) == DB_ROW)
		id_list_add(&l->arena, moves, db_int(row, 0));
	return step == DB_DONE ? 0 : -1;
}

/* B3: the documents a task moved to, so that a reply to any of them finds it. */
static int save_moves(struct ledger *l, int64_t task, bool existed,
	const struct plan_slot *slot, bool *ret_changed, struct err *e)
{
	id_list old = {0}, moves = {0};
	bool same = true;

	if (existed && read_moves(l, task, &old, e) != 0)
		return -1;
	for (size_t i = 0; i < slot->steps.n; i++)
		if (slot->steps.at[i].act == PLAN_MOVED)
			id_list_add(&l->arena, &moves, slot->steps.at[i].document);
	for (size_t i = 0; i < moves.n; i++)
		same &= id_list_has(&old, moves.at[i]);
	if (same && moves.n == old.n)
		return 0;
	*ret_changed = true;
	if (old.n &&
		db_run(&l->db, Q_TASK_MOVED_DROP,
			"DELETE FROM task_document WHERE task = ?", e, "i", task) != 0)
		return -1;
	for (size_t i = 0; i < moves.n; i++)
		if (db_run(&l->db, Q_TASK_MOVED_ADD,
			    "INSERT OR IGNORE INTO task_document (document, task) "
			    "VALUES (?, ?)",
			    e, "ii", moves.at[i], task) != 0)
			return -1;
	return 0;
}

/* What a plan changed in who owes what to whom: whoever reads that is judged again. */
struct changes {
	bool any;
	id_list parents; /* T8: tasks that gained or lost a part */
};

static void note_change(
	struct ledger *l, struct changes *c, const struct task_row *row, int64_t parent)
{
	c->any = true;
	if (parent)
		id_list_add(&l->arena, &c->parents, parent);
	if (row && row->task.parent)
		id_list_add(&l->arena, &c->parents, row->task.parent);
}

static int settle_slot(struct ledger *l, struct work *w, const struct plan_slot *slot,
	struct task_row *row, struct changes *changes, struct err *e)
{
	bool changed = !row || row->task.state == TASK_WITHDRAWN ||
		       row->origin != slot->origin || row->via != slot->via ||
		       row->ordinal != slot->ordinal ||
		       row->task.parent != slot->parent ||
		       !text_same(row->task.code, slot->code);
	int64_t task = row ? row->task.id : 0;

	if (row && settle_task_adopt(l, w, row, slot, e) != 0)
		return -1;
	if (!row) {
		if (settle_task_create(l, slot, l->event, &task, e) != 0)
			return -1;
		id_list_add(&l->arena, &w->made, task);
	}
	w->fresh_owes |= slot->origin == l->fresh;
	if (row || slot->steps.n)
		id_list_add(&l->arena, &w->tasks, task);
	*LIST_ADD(&l->arena, &w->slots) = (struct slotted){task, slot};
	if (save_moves(l, task, row != NULL, slot, &changed, e) != 0)
		return -1;
	if (changed)
		note_change(l, changes, row, slot->parent);
	return 0;
}

/* Whoever mentions one of @members, or is on its thread, may answer tasks that were not
 * there before; and who mentions what a part is of may answer the part (T8). */
static int wake(struct ledger *l, struct work *w, const id_list *members,
	const id_list *parents, struct err *e)
{
	for (size_t i = 0; i < parents->n; i++) {
		struct task_row *row = store_task(l, parents->at[i], e);
		struct stored *s = row ? store_load(l, row->origin, e) : NULL;

		if (!s || judge_wake(l, w, s, e) != 0)
			return -1;
	}
	for (size_t i = 0; i < members->n; i++) {
		struct stored *s = store_load(l, members->at[i], e);

		if (!s || judge_wake(l, w, s, e) != 0)
			return -1;
	}
	return 0;
}

static int withdraw_unmatched(struct ledger *l, struct work *w, task_list *rows,
	const bool *taken, struct changes *changes, struct err *e)
{
	for (size_t i = 0; i < rows->n; i++) {
		if (taken[i] || rows->at[i].task.state == TASK_WITHDRAWN)
			continue;
		note_change(l, changes, &rows->at[i], 0);
		/* An earlier round may have made it, or given it a slot. */
		if (id_list_has(&w->made, rows->at[i].task.id))
			id_list_add(&l->arena, &w->unmade, rows->at[i].task.id);
		*LIST_ADD(&l->arena, &w->slots) =
			(struct slotted){rows->at[i].task.id, NULL};
		if (settle_task_withdraw(l, &rows->at[i], l->event, e) != 0)
			return -1;
	}
	return 0;
}

int chain_plan(struct ledger *l, struct work *w, int64_t document, struct err *e)
{
	id_list members = {0};
	struct plan plan;
	task_list rows = {0};
	struct changes changes = {0};

	if (id_list_has(&w->planned, document))
		return 0;
	if (chain_members(l, document, &members, e) != 0 ||
		plan_members(l, &members, &plan, e) != 0)
		return -1;
	for (size_t i = 0; i < members.n; i++) {
		id_list_add(&l->arena, &w->planned, members.at[i]);
		/* What has just arrived has no tasks yet, unless a round before made
		 * some of it, or gave it those of its replacement. */
		if ((members.at[i] != l->fresh || w->fresh_owes) &&
			store_tasks_of_origin(l, members.at[i], &rows, e) != 0)
			return -1;
	}
	struct task_row **match_of =
		arena_alloc(&l->arena, (plan.slots.n + 1) * sizeof(*match_of));

	bool *taken = arena_alloc(&l->arena, rows.n + 1);

	match(&plan, &rows, match_of, taken);
	for (size_t i = 0; i < plan.slots.n; i++)
		if (settle_slot(l, w, &plan.slots.at[i], match_of[i], &changes, e) != 0)
			return -1;
	if (withdraw_unmatched(l, w, &rows, taken, &changes, e) != 0)
		return -1;
	return changes.any ? wake(l, w, &members, &changes.parents, e) : 0;
}

/* A task nothing in its chain ever touched: its slot is what the row says. */
static const struct plan_slot *slot_of_row(struct ledger *l, const struct task_row *row)
{
	struct plan_slot *slot = arena_alloc(&l->arena, sizeof(*slot));

	slot->origin = slot->document = row->origin;
	slot->via = row->via;
	slot->ordinal = row->ordinal;
	slot->kind = row->task.kind;
	slot->lead = row->task.lead;
	slot->live = true;
	slot->parent = row->task.parent;
	slot->proposed_due_on = row->task.proposed_due_on;
	slot->due = (struct deadline){
		row->task.due_on, row->task.due_source, row->task.due_flags};
	return slot;
}

int chain_slot(struct ledger *l, const struct task_row *row, bool whole,
	const struct plan_slot **ret_slot, struct err *e)
{
	id_list members = {0};
	struct plan plan;

	*ret_slot = NULL;
	if (chain_members(l, row->origin, &members, e) != 0)
		return -1;
	if (members.n == 1 && !whole) {
		*ret_slot = slot_of_row(l, row);
		return 0;
	}
	if (plan_members(l, &members, &plan, e) != 0)
		return -1;
	for (int least = EXACTLY; least >= 1; least--)
		for (size_t i = 0; i < plan.slots.n; i++)
			if (likeness(row, &plan.slots.at[i]) >= least) {
				*ret_slot = &plan.slots.at[i];
				return 0;
			}
	return 0;
}
