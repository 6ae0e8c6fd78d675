/* The ledger's rows, read into values and written from them. Lists are read whole
 * before anything else runs, so no statement is ever open twice. */
#include "gateway/ledger/internal.h"

#include <jansson.h>
#include <string.h>

#include "gateway/base/mem.h"
#include "gateway/model/event_json.h"

enum {
	BODY_USUAL = 4000, /* so long an event's JSON mostly is */
	KEPT_BYTES = 2 * 1024 * 1024
};

static void read_also(struct arena *arena, struct stored *s, const char *json)
{
	json_t *list = json ? json_loads(json, 0, NULL) : NULL, *item;
	size_t i, n = json_array_size(list);
	const char **also = arena_alloc(arena, (n + 1) * sizeof(*also));

	json_array_foreach(list, i, item) also[i] =
		arena_dup(arena, json_string_value(item));
	s->also = also;
	s->also_n = n;
	json_decref(list);
}

#define EVENT_COLUMNS                                                                  \
	"e.id, e.outcome, e.arrived_at, e.adapter, e.first, e.quarantine, e.kind, "    \
	"e.stage, "                                                                    \
	"e.business, o.organ_id, e.issued_on, e.policy, e.document_id, e.code, "       \
	"e.subject, "                                                                  \
	"e.content, e.thread, e.also, e.traceparent"

static void read_stored(struct arena *arena, struct sqlite3_stmt *row, struct stored *s)
{
	s->id = db_int(row, 0);
	s->outcome = (enum outcome)db_int(row, 1);
	s->arrived_at = db_int(row, 2);
	s->arrived_on = day_of(s->arrived_at);
	s->adapter = db_text(arena, row, 3);
	s->first = db_int(row, 4);
	s->quarantine = db_int(row, 5);
	s->kind = (enum event_kind)db_int(row, 6);
	s->stage = (enum event_stage)db_int(row, 7);
	s->business = (enum event_business)db_int(row, 8);
	s->issuer = db_text(arena, row, 9);
	s->issued_on = db_day(row, 10);
	s->policy = (unsigned)db_int(row, 11);
	s->document_id = db_text(arena, row, 12);
	s->code = db_text(arena, row, 13);
	s->subject = db_text(arena, row, 14);
	s->content = db_text(arena, row, 15);
	s->thread = db_text(arena, row, 16);
	read_also(arena, s, db_text(arena, row, 17));
	s->traceparent = db_text(arena, row, 18);
}

void store_remember(struct ledger *l, struct stored *s)
{
	id_list_add(&l->arena, &l->seen.event_ids, s->id);
	*LIST_ADD(&l->arena, &l->seen.events) = s;
}

struct stored *store_load(struct ledger *l, int64_t id, struct err *e)
{
	ptrdiff_t place = id_list_find(&l->seen.event_ids, id);

	if (place >= 0)
		return l->seen.events.at[place];
	struct sqlite3_stmt *row = db_query(&l->db, Q_EVENT_GET,
		"SELECT " EVENT_COLUMNS
		" FROM event e LEFT JOIN organ o ON o.id = e.issuer "
		"WHERE e.id = ?",
		e, "i", id);

	if (!row)
		return NULL;
	enum db_step step = db_next(&l->db, row, e);

	if (step == DB_DONE)
		err_set(e, ERR_BUG, "the ledger has no event %lld", (long long)id);
	if (step != DB_ROW)
		return NULL;
	struct stored *s = arena_alloc(&l->arena, sizeof(*s));

	read_stored(&l->arena, row, s);
	db_reset(row);
	s->issuer_main = organ_main_id(l->options.organs, s->issuer, s->issued_on);
	store_remember(l, s);
	return s;
}

int store_write_event(struct ledger *l, struct err *e)
{
	const struct stored *s = l->unwritten.event;
	cleanup_buf struct buf body = {0};
	struct json j = {.out = &body};
	int64_t issuer;

	if (!s)
		return 0;
	if (store_organ(l, s->issuer, &issuer, e) != 0)
		return -1;
	buf_reserve(&body, BODY_USUAL);
	event_json_write(&j, s->event, 1);
	l->unwritten.event = NULL;
	return db_run(&l->db, Q_EVENT_ADD,
		"INSERT INTO event (id, outcome, arrived_at, adapter, kind, stage, "
		"business, issuer, issued_on, policy, document_id, code, subject, "
		"content, thread, traceparent, body, judgement) "
		"VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		e,
		"iiitiiindittttttt"
		"t",
		s->id, (int64_t)s->outcome, s->arrived_at, s->adapter, (int64_t)s->kind,
		(int64_t)s->stage, (int64_t)s->business, issuer ? issuer : INT64_MIN,
		s->issued_on, (int64_t)s->policy, s->document_id, s->code, s->subject,
		s->content, s->thread, s->traceparent, buf_text(&body),
		l->unwritten.judgement);
}

static const struct event *parse_body(struct ledger *l, int64_t id, struct err *e)
{
	struct event_json_error wrong;
	struct event *ev = NULL;
	struct sqlite3_stmt *row = db_query(&l->db, Q_EVENT_BODY,
		"SELECT body FROM event WHERE id = ?", e, "i", id);

	if (!row || db_next(&l->db, row, e) != DB_ROW)
		return NULL;
	const char *body = db_text(&l->arena, row, 0);

	db_reset(row);
	if (!body || event_json_read(body, strlen(body), &ev, &wrong) != 0) {
		err_set(e, ERR_BUG, "event %lld: its body cannot be read: %s",
			(long long)id, body ? wrong.message : "there is none");
		event_free(ev);
		return NULL;
	}
	size_t place = id_list_add(&l->kept.arena, &l->kept.ids, id);

	if (place == l->kept.events.n)
		LIST_ADD(&l->kept.arena, &l->kept.events);
	l->kept.events.at[place] = ev;
	l->kept.bytes += strlen(body);
	return ev;
}

const struct event *store_event(struct ledger *l, struct stored *s, struct err *e)
{
	ptrdiff_t place = id_list_find(&l->kept.ids, s->id);

	if (!s->event && place >= 0)
		s->event = l->kept.events.at[place];
	if (!s->event)
		s->event = parse_body(l, s->id, e);
	return s->event;
}

void store_event_changed(struct ledger *l, int64_t id)
{
	ptrdiff_t place = id_list_find(&l->kept.ids, id);

	if (place < 0 || !l->kept.events.at[place])
		return;
	*LIST_ADD(&l->kept.arena, &l->kept.stale) = l->kept.events.at[place];
	l->kept.events.at[place] = NULL;
}

void store_drop_kept(struct ledger *l)
{
	struct kept *kept = &l->kept;

	for (size_t i = 0; i < kept->events.n; i++)
		event_free(kept->events.at[i]);
	for (size_t i = 0; i < kept->stale.n; i++)
		event_free(kept->stale.at[i]);
	arena_deinit(&kept->arena);
	*kept = (struct kept){0};
}

static void add_citations(
	struct ledger *l, struct stored *s, const char *text, bool subject)
{
	LIST_OF(struct link_citation) list = {.at = NULL, .n = 0, .cap = 0};
	struct citations cited = {0};

	if (!text || !strchr(text, '/'))
		return;
	citation_read(&l->arena, text, s->code, &cited);
	for (size_t i = 0; i < s->citations_n; i++)
		*LIST_ADD(&l->arena, &list) = s->citations[i];
	for (size_t i = 0; i < cited.n; i++)
		if (cited.at[i].role == CITATION_ANSWERED ||
			cited.at[i].role == CITATION_OTHER)
			*LIST_ADD(&l->arena, &list) =
				(struct link_citation){&cited.at[i], subject};
	s->citations = list.at;
	s->citations_n = list.n;
}

void store_citations(struct ledger *l, struct stored *s)
{
	bool may_cite =
		s->kind == EVENT_DOCUMENT && s->stage == STAGE_ISSUED &&
		(s->business == BUSINESS_NEW || s->business == BUSINESS_REPLACE);

	if (s->cited)
		return;
	s->cited = true;
	if (!may_cite)
		return;
	add_citations(l, s, s->subject, true);
	if (!s->subject || !s->content || strcmp(s->subject, s->content) != 0)
		add_citations(l, s, s->content, false);
}

void store_unsee(struct ledger *l)
{
	l->seen = (struct seen){0};
}

void store_forget(struct ledger *l)
{
	if (l->kept.bytes > KEPT_BYTES || l->kept.stale.n)
		store_drop_kept(l);
	l->seen = (struct seen){0};
	memset(&l->status_documents, 0, sizeof(l->status_documents));
	memset(&l->status_parents, 0, sizeof(l->status_parents));
	arena_reset(&l->arena);
}

static int find_organ(
	struct ledger *l, const char *organ_id, int64_t *ret_id, struct err *e)
{
	struct sqlite3_stmt *row = db_query(&l->db, Q_ORGAN_FIND,
		"SELECT id FROM organ WHERE organ_id = ?", e, "t", organ_id);

	if (!row)
		return -1;
	enum db_step step = db_next(&l->db, row, e);

	*ret_id = step == DB_ROW ? db_int(row, 0) : 0;
	db_reset(row);
	return step == DB_FAULT ? -1 : 0;
}

int store_organ(struct ledger *l, const char *organ_id, int64_t *ret_id, struct err *e)
{
	*ret_id = organ_id ? organ_ids_find(&l->organ_ids, organ_id) : 0;
	if (!organ_id || *ret_id)
		return 0;
	if (find_organ(l, organ_id, ret_id, e) != 0)
		return -1;
	if (!*ret_id) {
		if (db_run(&l->db, Q_ORGAN_ADD,
			    "INSERT INTO organ (organ_id) VALUES (?)", e, "t",
			    organ_id) != 0)
			return -1;
		*ret_id = db_last_id(&l->db);
	}
	organ_ids_add(&l->organ_ids, organ_id, *ret_id);
	return 0;
}

static int read_names(
	struct ledger *l, int64_t key, struct seen_name *name, struct err *e)
{
	struct sqlite3_stmt *row = db_query(&l->db, Q_NAME_FIND,
		"SELECT n.role, o.organ_id, n.issuer, n.issued_on, n.event FROM name n "
		"LEFT JOIN organ o ON o.id = n.issuer WHERE n.key = ?",
		e, "i", key);
	enum db_step step;

	if (!row)
		return -1;
	while ((step = db_next(&l->db, row, e)) == DB_ROW) {
		int64_t role = db_int(row, 0);

		if (role < 0 || role >= NAME_ROLES)
			continue;
		*LIST_ADD(&l->arena, &name->rows[role]) = (struct name_row){.key = key,
			.role = (enum name_role)role,
			.issuer = db_text(&l->arena, row, 1),
			.issuer_id = db_int(row, 2),
			.issued_on = (day_t)db_int(row, 3),
			.event = db_int(row, 4)};
	}
	return step == DB_DONE ? 0 : -1;
}

int store_names(struct ledger *l, int64_t key, enum name_role role, name_list *ret_list,
	struct err *e)
{
	ptrdiff_t place = id_list_find(&l->seen.keys, key);

	if (place < 0) {
		struct seen_name name = {0};

		if (read_names(l, key, &name, e) != 0)
			return -1;
		place = (ptrdiff_t)id_list_add(&l->arena, &l->seen.keys, key);
		*LIST_ADD(&l->arena, &l->seen.names) = name;
	}
	*ret_list = l->seen.names.at[place].rows[role];
	return 0;
}

/* The order of the table's key, within one key and role. */
static int compare_names(const struct name_row *a, const struct name_row *b)
{
	if (a->issuer_id != b->issuer_id)
		return a->issuer_id < b->issuer_id ? -1 : 1;
	if (a->issued_on != b->issued_on)
		return a->issued_on < b->issued_on ? -1 : 1;
	return a->event < b->event ? -1 : a->event > b->event;
}

/* What was read of @row's key goes on telling the truth. */
static void see_name(struct ledger *l, const struct name_row *row)
{
	ptrdiff_t place = id_list_find(&l->seen.keys, row->key);

	if (place < 0)
		return;
	name_list *list = &l->seen.names.at[place].rows[row->role];
	size_t at = list->n;

	while (at > 0 && compare_names(&list->at[at - 1], row) > 0)
		at--;
	if (at > 0 && compare_names(&list->at[at - 1], row) == 0)
		return;
	LIST_ADD(&l->arena, list);
	memmove(&list->at[at + 1], &list->at[at],
		(list->n - 1 - at) * sizeof(*list->at));
	list->at[at] = *row;
}

int store_thread_mates(
	struct ledger *l, const struct stored *s, name_list *mates, struct err *e)
{
	key_list keys = {0};

	keys_of_threads(&l->arena, s->thread, &keys);
	if (keys.n == 1)
		return store_names(l, keys.at[0], NAME_THREAD, mates, e);
	for (size_t i = 0; i < keys.n; i++) {
		name_list some = {0};

		if (store_names(l, keys.at[i], NAME_THREAD, &some, e) != 0)
			return -1;
		for (size_t k = 0; k < some.n; k++)
			*LIST_ADD(&l->arena, mates) = some.at[k];
	}
	return 0;
}

int store_name_add(struct ledger *l, const struct name_row *row, struct err *e)
{
	struct name_row added = *row;

	if (store_organ(l, row->issuer, &added.issuer_id, e) != 0 ||
		db_run(&l->db, Q_NAME_ADD,
			"INSERT OR IGNORE INTO name (key, role, issuer, issued_on, "
			"event) VALUES (?, ?, ?, ?, ?)",
			e, "iiiii", row->key, (int64_t)row->role, added.issuer_id,
			(int64_t)row->issued_on, row->event) != 0)
		return -1;
	see_name(l, &added);
	return 0;
}

static int read_links(
	struct ledger *l, struct sqlite3_stmt *row, link_list *list, struct err *e)
{
	enum db_step step;

	if (!row)
		return -1;
	while ((step = db_next(&l->db, row, e)) == DB_ROW) {
		struct link_row *link = LIST_ADD(&l->arena, list);

		link->document = db_int(row, 0);
		link->task = db_int(row, 1);
		link->event = db_int(row, 2);
		link->role = (enum link_role)db_int(row, 3);
		link->rung = (int)db_int(row, 4);
	}
	return step == DB_DONE ? 0 : -1;
}

/* What has just arrived has no links but those made since. */
static bool has_no_links(const struct ledger *l, int64_t event)
{
	return event == l->fresh && event && !l->fresh_linked;
}

int store_links_of_event(
	struct ledger *l, int64_t event, link_list *list, struct err *e)
{
	if (has_no_links(l, event))
		return 0;
	return read_links(l,
		db_query(&l->db, Q_LINK_OF_EVENT,
			"SELECT document, task, event, role, rung FROM link WHERE "
			"event = ?",
			e, "i", event),
		list, e);
}

int store_links(struct ledger *l, int64_t document, int64_t task, link_list *list,
	struct err *e)
{
	if (has_no_links(l, document))
		return 0;
	return read_links(l,
		db_query(&l->db, Q_LINK_OF_TASK,
			"SELECT document, task, event, role, rung FROM link "
			"WHERE document = ? AND task = ?",
			e, "ii", document, task),
		list, e);
}

int store_link_add(struct ledger *l, const struct link_row *row, struct err *e)
{
	if (row->role == LINK_STATUS || row->role == LINK_ANSWER)
		status_touch(l, row->document);
	l->fresh_linked |= row->event == l->fresh || row->document == l->fresh;
	return db_run(&l->db, Q_LINK_ADD,
		"INSERT OR REPLACE INTO link (document, task, event, role, rung) "
		"VALUES (?, ?, ?, ?, ?)",
		e, "iiiii", row->document, row->task, row->event, (int64_t)row->role,
		(int64_t)row->rung);
}

int store_link_drop(struct ledger *l, const struct link_row *row, struct err *e)
{
	return db_run(&l->db, Q_LINK_DROP,
		"DELETE FROM link WHERE document = ? AND task = ? AND event = ? AND "
		"role = ?",
		e, "iiii", row->document, row->task, row->event, (int64_t)row->role);
}

/* A task row's own columns; @content says what stands for its content. */
#define TASK_OWN(content)                                                              \
	"t.id, t.origin, t.via, t.ordinal, t.document, t.kind, t.parent, t.lead, "     \
	"t.coordinating, t.code, " content ", t.due_on, t.due_source, t.due_flags, "   \
	"t.proposed_due_on, t.state, t.revision, t.flags, t.completed_on, "            \
	"t.closed_by, t.rung"
#define TASK_COLUMNS                                                                   \
	TASK_OWN("coalesce(t.content, oe.content)")                                    \
	", d.document_id, d.code, d.subject, d.issued_on, o.organ_id, "                \
	"c.document_id, c.code"
#define TASK_TABLES                                                                    \
	"task t JOIN event d ON d.id = t.document JOIN event oe ON oe.id = t.origin "  \
	"LEFT JOIN organ o ON o.id = d.issuer LEFT JOIN event c ON c.id = "            \
	"t.closed_by "
const char store_task_select[] = "SELECT " TASK_COLUMNS " FROM " TASK_TABLES;

static void read_own(struct arena *arena, struct sqlite3_stmt *row, struct task_row *t)
{
	struct task *task = &t->task;

	task->id = db_int(row, 0);
	t->origin = db_int(row, 1);
	t->via = db_int(row, 2);
	t->ordinal = (int)db_int(row, 3);
	task->document.id = db_int(row, 4);
	task->kind = (enum owed_kind)db_int(row, 5);
	task->parent = db_int(row, 6);
	task->lead = db_text(arena, row, 7);
	task->coordinating = db_text(arena, row, 8);
	task->code = db_text(arena, row, 9);
	task->content = db_text(arena, row, 10);
	task->due_on = db_day(row, 11);
	task->due_source = (enum due_source)db_int(row, 12);
	task->due_flags = (unsigned)db_int(row, 13);
	task->proposed_due_on = db_day(row, 14);
	task->state = (enum task_state)db_int(row, 15);
	task->revision = db_int(row, 16);
	task->flags = (unsigned)db_int(row, 17);
	task->completed_on = db_day(row, 18);
	task->closed_by.document = db_int(row, 19);
	task->closed_by.rung = (enum rung)db_int(row, 20);
}

void store_task_read(struct arena *arena, const struct organ_table *organs,
	struct sqlite3_stmt *row, struct task_row *t)
{
	struct task *task = &t->task;

	read_own(arena, row, t);
	task->document.document_id = db_text(arena, row, 21);
	task->document.code = db_text(arena, row, 22);
	task->document.subject = db_text(arena, row, 23);
	task->document.issued_on = db_day(row, 24);
	task->document.from = organ_main_id(
		organs, db_text(arena, row, 25), task->document.issued_on);
	task->closed_by.document_id = db_text(arena, row, 26);
	task->closed_by.code = db_text(arena, row, 27);
}

/* What a task shows of its documents: the apply has mostly seen them. */
static int fill_texts(struct ledger *l, struct task_row *t, struct err *e)
{
	struct task *task = &t->task;
	struct stored *document = store_load(l, task->document.id, e), *other;

	if (!document)
		return -1;
	task->document.document_id = document->document_id;
	task->document.code = document->code;
	task->document.subject = document->subject;
	task->document.issued_on = document->issued_on;
	task->document.from = document->issuer_main;
	if (!task->content) {
		if (!(other = store_load(l, t->origin, e)))
			return -1;
		task->content = other->content;
	}
	if (task->closed_by.document) {
		if (!(other = store_load(l, task->closed_by.document, e)))
			return -1;
		task->closed_by.document_id = other->document_id;
		task->closed_by.code = other->code;
	}
	return 0;
}

static struct task_row *read_task(struct ledger *l, int64_t id, struct err *e)
{
	struct sqlite3_stmt *row = db_query(&l->db, Q_TASK_GET,
		"SELECT " TASK_OWN("t.content") " FROM task t WHERE t.id = ?", e, "i",
		id);

	if (!row)
		return NULL;
	enum db_step step = db_next(&l->db, row, e);

	if (step == DB_DONE)
		err_set(e, ERR_BUG, "the ledger has no task NV-%lld", (long long)id);
	if (step != DB_ROW)
		return NULL;
	struct task_row *t = arena_alloc(&l->arena, sizeof(*t));

	read_own(&l->arena, row, t);
	db_reset(row);
	return fill_texts(l, t, e) == 0 ? t : NULL;
}

struct task_row *store_task(struct ledger *l, int64_t id, struct err *e)
{
	size_t place = id_list_add(&l->arena, &l->seen.task_ids, id);

	if (place == l->seen.tasks.n)
		LIST_ADD(&l->arena, &l->seen.tasks);
	struct task_row *seen = l->seen.tasks.at[place];

	if (!seen && !(seen = read_task(l, id, e)))
		return NULL;
	l->seen.tasks.at[place] = seen;
	struct task_row *copy = arena_alloc(&l->arena, sizeof(*copy));

	*copy = *seen;
	return copy;
}

void store_task_changed(struct ledger *l, int64_t id)
{
	ptrdiff_t place = id_list_find(&l->seen.task_ids, id);

	if (place >= 0)
		l->seen.tasks.at[place] = NULL;
}

int store_task_save(struct ledger *l, const struct task *task, struct err *e)
{
	ptrdiff_t place = id_list_find(&l->seen.task_ids, task->id);

	if (place >= 0 && l->seen.tasks.at[place])
		l->seen.tasks.at[place]->task = *task;
	return db_run(&l->db, Q_TASK_SAVE,
		"UPDATE task SET document = ?, due_on = ?, due_source = ?, due_flags = "
		"?, "
		"proposed_due_on = ?, state = ?, revision = ?, flags = ?, completed_on "
		"= ?, closed_by = ?, "
		"rung = ?, room = iif(?6 < 2, " TASK_ROOM ", NULL) WHERE id = ?",
		e, "idiidiiidnii", task->document.id, task->due_on,
		(int64_t)task->due_source, (int64_t)task->due_flags,
		task->proposed_due_on, (int64_t)task->state, task->revision,
		(int64_t)task->flags, task->completed_on,
		task->closed_by.document ? task->closed_by.document : INT64_MIN,
		(int64_t)task->closed_by.rung, task->id);
}

int store_tasks_of_origin(
	struct ledger *l, int64_t origin, task_list *list, struct err *e)
{
	size_t from = list->n;
	enum db_step step;
	struct sqlite3_stmt *row = db_query(&l->db, Q_TASK_OF_ORIGIN,
		"SELECT " TASK_OWN("t.content") " FROM task t WHERE t.origin = ? "
						"ORDER BY t.id",
		e, "i", origin);

	if (!row)
		return -1;
	while ((step = db_next(&l->db, row, e)) == DB_ROW)
		read_own(&l->arena, row, LIST_ADD(&l->arena, list));
	for (size_t i = from; step == DB_DONE && i < list->n; i++)
		if (fill_texts(l, &list->at[i], e) != 0)
			return -1;
	return step == DB_DONE ? 0 : -1;
}

int store_tasks_moved_to(
	struct ledger *l, int64_t document, id_list *list, struct err *e)
{
	struct sqlite3_stmt *row = db_query(&l->db, Q_TASK_MOVED_TO,
		"SELECT task FROM task_document WHERE document = ?", e, "i", document);
	enum db_step step;

	if (!row)
		return -1;
	while ((step = db_next(&l->db, row, e)) == DB_ROW)
		id_list_add(&l->arena, list, db_int(row, 0));
	return step == DB_DONE ? 0 : -1;
}
