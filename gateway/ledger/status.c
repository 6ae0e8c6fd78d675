/*
 * Telling whoever sent a document how far it has come (docs/axis.md): which documents
 * are reported on and where to, what was told already, and the journal and outbox rows
 * of what follows. It is written in the transaction of the change it follows from
 * (INV-5); what follows is decided by gateway/rules/upstream.h.
 */
#include "gateway/ledger/status.h"

#include <string.h>

#include "gateway/base/mem.h"

/* The sinks' numbers, once a run. */
int status_open(struct ledger *l, struct err *e)
{
	size_t n = l->options.status_routes_n;

	l->status_sinks = mem_alloc((n + 1) * sizeof(*l->status_sinks));
	for (size_t i = 0; i < n; i++)
		if (store_sink(l, l->options.status_routes[i].sink, &l->status_sinks[i],
			    e) != 0)
			return -1;
	return 0;
}

static bool is_reported_on(const struct stored *s)
{
	return judge_bears_names(s) && s->stage == STAGE_ISSUED;
}

int status_came(
	struct ledger *l, const struct stored *s, const char *adapter, struct err *e)
{
	for (size_t i = 0; i < l->options.status_routes_n; i++) {
		if (strcmp(l->options.status_routes[i].adapter, adapter) != 0 ||
			!is_reported_on(s))
			continue;
		status_touch(l, s->id);
		if (db_run(&l->db, Q_STATUS_ROUTE_ADD,
			    "INSERT OR IGNORE INTO status_route (document, sink) "
			    "VALUES (?, ?)",
			    e, "ii", s->id, l->status_sinks[i]) != 0)
			return -1;
	}
	return 0;
}

void status_touch(struct ledger *l, int64_t document)
{
	if (l->options.status_routes_n)
		*LIST_ADD(&l->arena, &l->status_documents) = document;
}

void status_touch_task(struct ledger *l, const struct task *task)
{
	status_touch(l, task->document.id);
	if (l->options.status_routes_n && task->parent)
		*LIST_ADD(&l->arena, &l->status_parents) = task->parent;
}

/* ---- Telling */

static int read_told(struct ledger *l, int64_t document, int64_t sink,
	const char *organ, unsigned *ret_told, struct err *e)
{
	enum db_step step;
	struct sqlite3_stmt *row = db_query(&l->db, Q_STATUS_TOLD,
		"SELECT code FROM status_told WHERE document = ? AND sink = ? AND "
		"organ = ?",
		e, "iit", document, sink, organ);

	*ret_told = 0;
	if (!row)
		return -1;
	while ((step = db_next(&l->db, row, e)) == DB_ROW)
		*ret_told |= 1u << db_int(row, 0);
	return step == DB_DONE ? 0 : -1;
}

/* @journal 0: the issuer heard it from the organ itself. */
static int note_told(struct ledger *l, int64_t document, int64_t sink,
	const char *organ, int code, int64_t journal, struct err *e)
{
	return db_run(&l->db, Q_STATUS_TOLD_ADD,
		"INSERT INTO status_told (document, sink, organ, code, journal) "
		"VALUES (?, ?, ?, ?, ?)",
		e, "iitin", document, sink, organ, (int64_t)code,
		journal ? journal : INT64_MIN);
}

static void put_organ(
	struct json *j, const char *name, const char *organ_id, const char *organ_name)
{
	json_key(j, name);
	json_open(j, '{');
	json_put_text(j, "organ_id", organ_id);
	json_put_text(j, "name", organ_name);
	json_close(j, '}');
}

static void put_status(struct ledger *l, struct json *j, struct stored *s,
	const struct status_organ *organ, enum upstream_code code)
{
	char at[INSTANT_TEXT];
	const char *words = upstream_words(code);

	if (code == UPSTREAM_REFUSED && organ->refusal)
		words = arena_printf(&l->arena, "%s: %s", words, organ->refusal);
	json_open(j, '{');
	json_key(j, "document");
	journal_put_document(l, j, s);
	/* Both organs as the document called them: its issuer knows them so. */
	put_organ(j, "from", organ->written, organ->name);
	put_organ(j, "to", s->issuer, NULL);
	json_put_int(j, "status", code);
	json_put_text(j, "description", words);
	json_put_text(j, "at", instant_text(l->now, at));
	json_close(j, '}');
}

static int tell(struct ledger *l, struct stored *s, const struct status_organ *organ,
	int64_t sink, enum upstream_code code, struct err *e)
{
	cleanup_buf struct buf data = {0};
	struct json j = {.out = &data};

	put_status(l, &j, s, organ, code);
	if (journal_add(l,
		    &(struct journal_entry){.name = "document.status",
			    .subject = s->document_id,
			    .organ = organ->id,
			    .event = s->id,
			    .data = &data},
		    e) != 0 ||
		db_run(&l->db, Q_STATUS_OUTBOX,
			"INSERT INTO outbox (sink, journal) VALUES (?, ?)", e, "ii",
			sink, l->head.seq) != 0)
		return -1;
	return note_told(l, s->id, sink, organ->id, code, l->head.seq, e);
}

static int note_heard(struct ledger *l, int64_t document, int64_t sink,
	const struct status_organ *organ, unsigned *told, struct err *e)
{
	for (int code = UPSTREAM_ARRIVED; code <= UPSTREAM_DONE; code++) {
		if (!(organ->heard & ~*told & 1u << code))
			continue;
		if (note_told(l, document, sink, organ->id, code, 0, e) != 0)
			return -1;
		*told |= 1u << code;
	}
	return 0;
}

static int settle_organ(struct ledger *l, struct stored *s,
	const struct status_organ *organ, int64_t sink, struct err *e)
{
	enum upstream_code due[UPSTREAM_MOST];
	unsigned told;

	if (read_told(l, s->id, sink, organ->id, &told, e) != 0 ||
		note_heard(l, s->id, sink, organ, &told, e) != 0)
		return -1;
	size_t n = upstream_due(&organ->facts, told, due);

	for (size_t i = 0; i < n; i++)
		if (tell(l, s, organ, sink, due[i], e) != 0)
			return -1;
	return 0;
}

/* Nothing is told of what was recalled, of a replaced document only that it came, and
 * nothing where nobody is named to tell it to. */
static int may_tell(struct ledger *l, struct stored *s, bool *ret_may, struct err *e)
{
	struct stored *end = s;
	bool recalled = false;

	*ret_may = false;
	if (!is_reported_on(s) || !s->issuer || !s->document_id ||
		(s->outcome != OUTCOME_APPLIED && s->outcome != OUTCOME_PARKED))
		return 0;
	if (amend_end(l, s, &end, &recalled, e) != 0)
		return -1;
	*ret_may = !recalled;
	return 0;
}

/* The configured way to @sink; NULL: the configuration has it no more. */
static const struct ledger_status_route *find_route(
	const struct ledger *l, int64_t sink)
{
	for (size_t i = 0; i < l->options.status_routes_n; i++)
		if (l->status_sinks[i] == sink)
			return &l->options.status_routes[i];
	return NULL;
}

static int settle_route(struct ledger *l, struct stored *s, int64_t sink, struct err *e)
{
	const struct ledger_status_route *route = find_route(l, sink);
	status_organs organs = {0};

	if (!route)
		return 0;
	if (status_signs(l, s, route, &organs, e) != 0)
		return -1;
	for (size_t i = 0; i < organs.n; i++)
		if (settle_organ(l, s, &organs.at[i], sink, e) != 0)
			return -1;
	return 0;
}

static int settle_document(struct ledger *l, int64_t document, struct err *e)
{
	id_list sinks = {0};
	enum db_step step;
	bool may;
	struct sqlite3_stmt *row = db_query(&l->db, Q_STATUS_ROUTES,
		"SELECT sink FROM status_route WHERE document = ?", e, "i", document);

	if (!row)
		return -1;
	while ((step = db_next(&l->db, row, e)) == DB_ROW)
		id_list_add(&l->arena, &sinks, db_int(row, 0));
	if (step != DB_DONE)
		return -1;
	if (!sinks.n)
		return 0;
	struct stored *s = store_load(l, document, e);

	if (!s || may_tell(l, s, &may, e) != 0)
		return -1;
	for (size_t i = 0; may && i < sinks.n; i++)
		if (settle_route(l, s, sinks.at[i], e) != 0)
			return -1;
	return 0;
}

int status_settle(struct ledger *l, struct err *e)
{
	id_list documents = {0};

	for (size_t i = 0; i < l->status_documents.n; i++)
		id_list_add(&l->arena, &documents, l->status_documents.at[i]);
	for (size_t i = 0; i < l->status_parents.n; i++) {
		struct task_row *row = store_task(l, l->status_parents.at[i], e);

		if (!row)
			return -1;
		id_list_add(&l->arena, &documents, row->task.document.id);
	}
	memset(&l->status_documents, 0, sizeof(l->status_documents));
	memset(&l->status_parents, 0, sizeof(l->status_parents));
	for (size_t i = 0; i < documents.n; i++)
		if (settle_document(l, documents.at[i], e) != 0)
			return -1;
	return 0;
}
