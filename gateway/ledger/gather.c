/* What a reply may answer: every document known under a name it mentions, and the tasks
 * of it that the verdict may need. */
#include "gateway/ledger/reply.h"

#include <stdlib.h>
#include <string.h>

#include "gateway/base/text.h"
#include "gateway/rules/names.h"

/* Codes repeat every year and in every organ: above this many, only the named organ's.
 */
enum { NAMESAKES_MOST = 20 };

static int add_by_key(
	struct gathering *g, int64_t key, const char *organ, struct err *e)
{
	struct ledger *l = g->l;
	name_list names = {0};

	if (!key)
		return 0;
	if (store_names(l, key, NAME_IS, &names, e) != 0)
		return -1;
	for (size_t i = 0; i < names.n; i++) {
		const struct name_row *name = &names.at[i];

		if (name->event == g->reply->id)
			continue;
		if (names.n > NAMESAKES_MOST && organ && name->issuer &&
			!organ_same(l->options.organs, organ, name->issued_on,
				name->issuer, name->issued_on) &&
			!organ_same(l->options.organs, organ, DAY_NONE, name->issuer,
				DAY_NONE) &&
			!organ_issues_for(l->options.organs, name->issuer,
				name->issued_on, organ))
			continue;
		id_list_add(&l->arena, &g->documents, name->event);
	}
	return 0;
}

static int add_keys(
	struct gathering *g, const key_list *keys, const char *organ, struct err *e)
{
	for (size_t i = 0; i < keys->n; i++)
		if (add_by_key(g, keys->at[i], organ, e) != 0)
			return -1;
	return 0;
}

static int add_task_code(struct gathering *g, const char *code, struct err *e)
{
	struct ledger *l = g->l;
	int64_t number = link_task_number(&l->arena, l->options.organs, code,
		l->options.site, g->reply->event->source);

	if (number && number < l->next_task) {
		struct task_row *row = store_task(l, number, e);

		if (!row)
			return -1;
		id_list_add(&l->arena, &g->documents, row->origin);
	}
	return add_by_key(g, key_task_code(&l->arena, code), NULL, e);
}

static int add_references(struct gathering *g, struct err *e)
{
	const struct event *ev = g->reply->event;
	struct arena *arena = &g->l->arena;

	for (size_t i = 0; i < ev->response_for.n; i++) {
		const struct event_reference *r = &ev->response_for.at[i];
		key_list keys = {0};

		keys_of_id(arena, r->document_id, &keys);
		if (add_keys(g, &keys, NULL, e) != 0 ||
			add_by_key(g, key_code(arena, r->code), r->organ_id, e) != 0)
			return -1;
	}
	for (size_t i = 0; i < ev->response_for_tasks.n; i++)
		if (add_task_code(g, ev->response_for_tasks.at[i], e) != 0)
			return -1;
	store_citations(g->l, g->reply);
	for (size_t i = 0; i < g->reply->citations_n; i++)
		if (add_by_key(g,
			    key_code(arena, g->reply->citations[i].citation->code),
			    NULL, e) != 0)
			return -1;
	for (size_t i = 0; i < ev->targets.n && g->reply->kind != EVENT_DOCUMENT; i++) {
		key_list keys = {0};

		keys_of_target(arena, &ev->targets.at[i], &keys);
		if (add_keys(g, &keys, ev->targets.at[i].organ_id, e) != 0)
			return -1;
	}
	return 0;
}

/* T8: a sub-unit may name the directive whose part it was given. */
static int read_parts(
	struct gathering *g, int64_t document, task_list *rows, struct err *e)
{
	struct ledger *l = g->l;
	id_list parts = {0};
	enum db_step step;
	struct sqlite3_stmt *row = db_query(&l->db, Q_TASK_CHILDREN,
		"SELECT c.id FROM task t JOIN task c ON c.parent = t.id "
		"WHERE t.origin = ? AND c.lead = ? COLLATE NOCASE",
		e, "it", document, g->sender);

	if (!row)
		return -1;
	while ((step = db_next(&l->db, row, e)) == DB_ROW)
		id_list_add(&l->arena, &parts, db_int(row, 0));
	for (size_t i = 0; step == DB_DONE && i < parts.n; i++) {
		struct task_row *part = store_task(l, parts.at[i], e);

		if (!part)
			return -1;
		*LIST_ADD(&l->arena, rows) = *part;
	}
	return step == DB_DONE ? 0 : -1;
}

/* Whose leads the sender may answer for: from the index alone, before any row is read.
 */
static int read_answerable(struct gathering *g, const struct stored *document,
	task_list *rows, struct err *e)
{
	struct ledger *l = g->l;
	const struct stored *s = g->reply;
	day_t assigned_on = order_issue_day(document->issued_on, document->arrived_on);
	day_t sent_on = link_sent_on(order_issue_day(s->issued_on, s->arrived_on),
		s->arrived_on, assigned_on);
	id_list ids = {0};
	enum db_step step;
	struct sqlite3_stmt *row = db_query(&l->db, Q_TASK_LEADS,
		"SELECT id, lead FROM task WHERE origin = ? ORDER BY id", e, "i",
		document->id);

	if (!row)
		return -1;
	while ((step = db_next(&l->db, row, e)) == DB_ROW)
		if (s->issuer && organ_may_answer(l->options.organs, s->issuer, sent_on,
					 db_peek(row, 1), assigned_on))
			*LIST_ADD(&l->arena, &ids) = db_int(row, 0);
	for (size_t i = 0; step == DB_DONE && i < ids.n; i++) {
		struct task_row *task = store_task(l, ids.at[i], e);

		if (!task)
			return -1;
		*LIST_ADD(&l->arena, rows) = *task;
	}
	return step == DB_DONE ? 0 : -1;
}

/* Withdrawn ones are owed by nobody. The rest in an order of its own: their numbers
 * count arrivals. */
static int compare_rows(const void *a, const void *b)
{
	const struct task_row *x = a, *y = b;

	if (x->ordinal != y->ordinal)
		return x->ordinal < y->ordinal ? -1 : 1;
	if ((x->via != 0) != (y->via != 0))
		return x->via ? 1 : -1;
	int by_lead = strcmp(x->task.lead, y->task.lead);

	return by_lead ? by_lead
		       : strcmp(x->task.content ? x->task.content : "",
				 y->task.content ? y->task.content : "");
}

static void tidy(task_list *rows)
{
	size_t kept = 0;

	for (size_t i = 0; i < rows->n; i++)
		if (rows->at[i].task.state != TASK_WITHDRAWN)
			rows->at[kept++] = rows->at[i];
	rows->n = kept;
	if (kept > 1)
		qsort(rows->at, kept, sizeof(*rows->at), compare_rows);
}

/* The tasks of one document the verdict may need: those the sender may answer, also
 * where they have moved, or its part of one; all of them when a task code may name any.
 */
static int read_tasks(struct gathering *g, const struct stored *document,
	task_list *rows, struct err *e)
{
	struct ledger *l = g->l;
	id_list moved = {0};

	if (g->all_tasks ? store_tasks_of_origin(l, document->id, rows, e) != 0
			 : read_answerable(g, document, rows, e) != 0)
		return -1;
	if (store_tasks_moved_to(l, document->id, &moved, e) != 0)
		return -1;
	for (size_t i = 0; i < moved.n; i++) {
		struct task_row *row = store_task(l, moved.at[i], e);

		if (!row)
			return -1;
		*LIST_ADD(&l->arena, rows) = *row;
	}
	tidy(rows);
	if (rows->n || !g->sender)
		return 0;
	if (read_parts(g, document->id, rows, e) != 0)
		return -1;
	tidy(rows);
	return 0;
}

/* The day a person gave the task of @row to its lead, DAY_NONE when nobody did. */
static int day_given(
	struct ledger *l, const struct task_row *row, day_t *ret_day, struct err *e)
{
	*ret_day = DAY_NONE;
	if (row->via >= 0)
		return 0;
	struct sqlite3_stmt *act = db_query(&l->db, Q_ACT_DAY,
		"SELECT at FROM act WHERE id = ?", e, "i", -row->via);

	if (!act)
		return -1;
	enum db_step step = db_next(&l->db, act, e);

	if (step == DB_ROW)
		*ret_day = day_of(db_int(act, 0));
	db_reset(act);
	return step == DB_FAULT ? -1 : 0;
}

/* M4: what the task asks for. Where its content is not its document's, an explicit
 * assignment says it. */
static void add_wording(
	struct link_task *task, const char *content, const struct stored *origin)
{
	task->content = content;
	task->subject = settle_own_content(content, origin) ? NULL : origin->subject;
}

static int add_candidate(struct gathering *g, int64_t document, struct err *e)
{
	struct ledger *l = g->l;
	struct stored *s = store_load(l, document, e);
	task_list rows = {0};

	if (!s)
		return -1;
	if (s->kind != EVENT_DOCUMENT || s->stage != STAGE_ISSUED ||
		(s->outcome != OUTCOME_APPLIED && s->outcome != OUTCOME_PARKED))
		return 0;
	if (read_tasks(g, s, &rows, e) != 0)
		return -1;
	struct link_task *tasks = arena_alloc(&l->arena, (rows.n + 1) * sizeof(*tasks));
	struct link_candidate *c = LIST_ADD(&l->arena, &g->candidates);

	for (size_t i = 0; i < rows.n; i++) {
		const struct task *task = &rows.at[i].task;

		struct stored *origin = store_load(l, rows.at[i].origin, e);

		day_t given_on;

		if (!origin || day_given(l, &rows.at[i], &given_on, e) != 0)
			return -1;
		bool part = task->parent && origin->id != document;
		struct stored *assigner = part ? origin : s;

		tasks[c->tasks_n++] = (struct link_task){.id = task->id,
			.kind = task->kind,
			.given_on = given_on,
			.document = part ? origin->id : document,
			.lead = task->lead,
			.code = task->code,
			.assigner = assigner->issuer,
			.assigned_on = order_issue_day(
				assigner->issued_on, assigner->arrived_on)};
		add_wording(&tasks[c->tasks_n - 1], task->content, origin);
	}
	c->tasks = tasks;
	c->subject = s->subject;
	c->on_thread = id_list_has(&g->threaded, document);
	c->known = (struct known_document){.id = s->id,
		.issuer = s->issuer,
		.document_id = s->document_id,
		.code = s->code,
		.also = s->also,
		.also_n = s->also_n,
		.issued_on = s->issued_on,
		.arrived_on = s->arrived_on,
		.stage = s->stage};
	return 0;
}

struct ordered {
	int64_t id;
	struct act_key key;
};

static int compare_ordered(const void *a, const void *b)
{
	const struct ordered *x = a, *y = b;

	return act_key_compare(&x->key, &y->key);
}

/* They were found in the order of their rows; told and chosen from they are in one that
 * does not count arrivals. From the columns alone: there may be many. */
static int sort_documents(struct gathering *g, struct err *e)
{
	struct ledger *l = g->l;
	size_t n = g->documents.n;
	struct ordered *order = arena_alloc(&l->arena, (n + 1) * sizeof(*order));

	if (n < 2)
		return 0;
	for (size_t i = 0; i < n; i++) {
		struct stored *s = store_load(l, g->documents.at[i], e);

		if (!s)
			return -1;
		order[i].id = s->id;
		order[i].key = (struct act_key){
			.day = order_issue_day(s->issued_on, s->arrived_on),
			.depth = organ_depth(l->options.organs, s->issuer),
			.identity = ARENA_JOIN(&l->arena, s->issuer_main, " ", s->code,
				" ", s->document_id)};
	}
	qsort(order, n, sizeof(*order), compare_ordered);
	g->documents = (id_list){0};
	for (size_t i = 0; i < n; i++)
		id_list_add(&l->arena, &g->documents, order[i].id);
	return 0;
}

int gather_candidates(struct gathering *g, struct err *e)
{
	struct ledger *l = g->l;

	if (g->reply->kind == EVENT_DOCUMENT &&
		reply_on_thread(l, g->reply, NULL, &g->threaded, e) != 0)
		return -1;
	for (size_t i = 0; i < g->threaded.n; i++)
		id_list_add(&l->arena, &g->documents, g->threaded.at[i]);
	if (add_references(g, e) != 0 || sort_documents(g, e) != 0)
		return -1;
	for (size_t i = 0; i < g->documents.n; i++)
		if (add_candidate(g, g->documents.at[i], e) != 0)
			return -1;
	return 0;
}
