/* Why (M9): the decision as it was stored, and for a task why it is still open. */
#include "gateway/ledger/explain_words.h"

#include <ctype.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "gateway/base/text.h"
#include "gateway/rules/lifecycle.h"
#include "gateway/rules/names.h"

int view_find_event(
	struct ledger_view *v, const char *id, int64_t *ret_event, struct err *e)
{
	key_list keys = {0};
	struct known_document known = {0};
	int64_t number;

	*ret_event = 0;
	if (text_parse_int(id, 1, INT64_MAX, &number)) {
		struct sqlite3_stmt *row = db_query(&v->db, V_EVENT_ID,
			"SELECT id FROM event WHERE id = ?", e, "i", number);

		if (!row)
			return -1;
		if (db_next(&v->db, row, e) == DB_ROW) {
			*ret_event = db_int(row, 0);
			db_reset(row);
			return 0;
		}
	}
	keys_of_id(&v->arena, id, &keys);
	for (size_t i = 0; i < keys.n && !*ret_event; i++) {
		struct sqlite3_stmt *row = db_query(&v->db, V_NAME_ROWS,
			"SELECT e.id, e.document_id, o.organ_id, e.issued_on, e.code "
			"FROM name n "
			"JOIN event e ON e.id = n.event LEFT JOIN organ o ON o.id = "
			"e.issuer "
			"WHERE n.key = ? AND n.role = 0 ORDER BY e.id",
			e, "i", keys.at[i]);

		if (!row)
			return -1;
		while (db_next(&v->db, row, e) == DB_ROW) {
			known.document_id = db_text(&v->arena, row, 1);
			known.issuer = db_text(&v->arena, row, 2);
			known.issued_on = db_day(row, 3);
			known.code = db_text(&v->arena, row, 4);
			if (!*ret_event &&
				(!name_read_id(&v->arena, id).conventional ||
					target_id_names(&v->arena, v->options.organs,
						id, &known) != NAME_DIFFERENT))
				*ret_event = db_int(row, 0);
		}
	}
	if (*ret_event)
		return 0;
	struct sqlite3_stmt *row = db_query(&v->db, V_EVENT_BY_DOCUMENT_ID,
		"SELECT id FROM event WHERE document_id = ? AND document_id IS NOT "
		"NULL AND (business IN (1, 2) OR kind <> 0 OR body IS NULL) "
		"ORDER BY id LIMIT 1",
		e, "t", id);

	if (!row)
		return -1;
	if (db_next(&v->db, row, e) == DB_ROW) {
		*ret_event = db_int(row, 0);
		db_reset(row);
	}
	return 0;
}

static void put_raw(struct json *j, const char *key, const char *json)
{
	json_key(j, key);
	if (json)
		json_raw(j, json, strlen(json));
	else
		json_absent(j);
}

static const char event_sql[] =
	"SELECT e.id, e.document_id, e.code, e.issued_on, o.organ_id, e.subject, "
	"e.outcome, "
	"e.arrived_at, e.adapter, e.kind, e.stage, e.business, e.first, e.quarantine, "
	"e.thread, e.also, e.judgement FROM event e LEFT JOIN organ o ON o.id = "
	"e.issuer "
	"WHERE e.id = ?";

static void put_normalised(struct ledger_view *v, struct json *j,
	const char *document_id, const char *code)
{
	struct name_id id = name_read_id(&v->arena, document_id);

	json_key(j, "normalised");
	json_open(j, '{');
	json_put_text(j, "document_id", id.folded);
	json_put_text(j, "code", name_fold_code(&v->arena, code));
	json_close(j, '}');
}

/* The thread id that the first carrier gave: the second line of @threads. */
static const char *first_thread(struct ledger_view *v, const char *threads)
{
	const char *id = threads ? strchr(threads, '\n') + 1 : NULL;

	return id ? arena_dup_n(&v->arena, id, strcspn(id, "\n")) : NULL;
}

static void put_event_members(
	struct ledger_view *v, struct json *j, struct sqlite3_stmt *row)
{
	char text[INSTANT_TEXT], day[DAY_TEXT];
	const char *document_id = db_text(&v->arena, row, 1);
	const char *code = db_text(&v->arena, row, 2),
		   *from = db_text(&v->arena, row, 4);
	const char *thread = db_text(&v->arena, row, 14);
	int64_t first = db_int_or(row, 12, 0), quarantine = db_int_or(row, 13, 0);

	json_put_int(j, "id", db_int(row, 0));
	json_put_text(j, "document_id", document_id);
	json_put_text(j, "code", code);
	json_put_text(j, "issued_on", day_text(db_day(row, 3), day));
	json_put_text(
		j, "from", organ_main_id(v->options.organs, from, db_day(row, 3)));
	json_put_text(j, "from_as_it_came", from);
	json_put_text(j, "subject", db_text(&v->arena, row, 5));
	json_put_text(j, "outcome", outcome_words[db_int(row, 6)]);
	json_put_text(j, "arrived_at", instant_text(db_int(row, 7), text));
	json_put_text(j, "adapter", db_text(&v->arena, row, 8));
	json_put_text(j, "kind", event_kind_words[db_int(row, 9)]);
	json_put_text(j, "stage", event_stage_words[db_int(row, 10)]);
	json_put_text(j, "business", event_business_words[db_int(row, 11)]);
	json_key(j, "stands");
	first ? json_int(j, first) : json_absent(j);
	json_key(j, "quarantine");
	quarantine ? json_int(j, quarantine) : json_absent(j);
	json_put_text(j, "thread", first_thread(v, thread));
	put_raw(j, "also_known_as", db_text(&v->arena, row, 15));
	put_normalised(v, j, document_id, code);
	put_raw(j, "judgement", db_text(&v->arena, row, 16));
}

static int put_tasks_of(
	struct ledger_view *v, struct json *j, int64_t event, struct err *e)
{
	enum db_step step;
	struct sqlite3_stmt *row = db_query(&v->db, V_TASKS_OF_EVENT,
		"SELECT id, lead, state FROM task WHERE origin = ?1 UNION "
		"SELECT t.id, t.lead, t.state FROM task_document m JOIN task t ON t.id "
		"= m.task "
		"WHERE m.document = ?1 ORDER BY 1",
		e, "i", event);

	if (!row)
		return -1;
	json_key(j, "tasks");
	json_open(j, '[');
	while ((step = db_next(&v->db, row, e)) == DB_ROW) {
		json_open(j, '{');
		json_put_text(j, "id",
			arena_printf(&v->arena, "NV-%lld", (long long)db_int(row, 0)));
		json_put_text(j, "lead", db_text(&v->arena, row, 1));
		json_put_text(j, "state", task_state_words[db_int(row, 2)]);
		json_close(j, '}');
	}
	json_close(j, ']');
	return step == DB_DONE ? 0 : -1;
}

static int put_suggestion_of(
	struct ledger_view *v, struct json *j, int64_t event, struct err *e)
{
	struct sqlite3_stmt *row = db_query(&v->db, V_SUGGESTION_OF,
		"SELECT id, state, reason, candidates FROM suggestion WHERE event = ?",
		e, "i", event);

	if (!row)
		return -1;
	json_key(j, "suggestion");
	switch (db_next(&v->db, row, e)) {
	case DB_FAULT:
		return -1;
	case DB_DONE:
		json_absent(j);
		return 0;
	case DB_ROW:
		break;
	}
	json_open(j, '{');
	json_put_text(
		j, "id", arena_printf(&v->arena, "GY-%lld", (long long)db_int(row, 0)));
	json_put_text(j, "state", db_text(&v->arena, row, 1));
	json_put_text(j, "reason", db_text(&v->arena, row, 2));
	put_raw(j, "candidates", db_text(&v->arena, row, 3));
	json_close(j, '}');
	db_reset(row);
	return 0;
}

static enum ledger_find explain_event(
	struct ledger_view *v, int64_t event, struct buf *out, struct err *e)
{
	struct json j = {.out = out};
	struct sqlite3_stmt *row =
		db_query(&v->db, V_EVENT_LINE, event_sql, e, "i", event);

	if (!row)
		return LEDGER_FIND_FAULT;
	switch (db_next(&v->db, row, e)) {
	case DB_FAULT:
		return LEDGER_FIND_FAULT;
	case DB_DONE:
		return LEDGER_FIND_NONE;
	case DB_ROW:
		break;
	}
	json_open(&j, '{');
	explain_document_words(v, &j,
		&(struct explained_document){.code = db_text(&v->arena, row, 2),
			.document_id = db_text(&v->arena, row, 1),
			.from = organ_main_id(v->options.organs,
				db_text(&v->arena, row, 4), db_day(row, 3)),
			.issued_on = db_day(row, 3),
			.arrived_at = db_int(row, 7),
			.outcome = (enum outcome)db_int(row, 6),
			.business = (enum event_business)db_int(row, 11),
			.judgement = db_text(&v->arena, row, 16)});
	json_key(&j, "document");
	json_open(&j, '{');
	put_event_members(v, &j, row);
	json_close(&j, '}');
	db_reset(row);
	if (put_tasks_of(v, &j, event, e) != 0 ||
		put_suggestion_of(v, &j, event, e) != 0 ||
		view_put_statuses(v, &j, event, e) != 0)
		return LEDGER_FIND_FAULT;
	json_close(&j, '}');
	return LEDGER_FIND_OK;
}

struct fact {
	int64_t event;
	enum link_role role;
	int rung;
	const char *document_id, *code, *from, *judgement;
	day_t issued_on;
	int64_t task;
};
typedef LIST_OF(struct fact) fact_list;

/* Everything linked to the task or to one of its documents. */
static int read_facts(struct ledger_view *v, const struct task_row *t, fact_list *facts,
	struct err *e)
{
	enum db_step step;
	struct sqlite3_stmt *row = db_query(&v->db, V_LINKS_TO,
		"SELECT l.event, l.role, l.rung, e.document_id, e.code, o.organ_id, "
		"e.judgement, e.issued_on, l.task FROM link l JOIN event e ON e.id = "
		"l.event "
		"LEFT JOIN organ o ON o.id = e.issuer "
		"WHERE l.document IN (SELECT ?1 UNION SELECT document FROM "
		"task_document "
		"WHERE task = ?2) AND l.task IN (0, ?2) ORDER BY l.event",
		e, "ii", t->origin, t->task.id);

	if (!row)
		return -1;
	while ((step = db_next(&v->db, row, e)) == DB_ROW)
		*LIST_ADD(&v->arena, facts) = (struct fact){.event = db_int(row, 0),
			.role = (enum link_role)db_int(row, 1),
			.rung = (int)db_int(row, 2),
			.document_id = db_text(&v->arena, row, 3),
			.code = db_text(&v->arena, row, 4),
			.from = db_text(&v->arena, row, 5),
			.judgement = db_text(&v->arena, row, 6),
			.issued_on = db_day(row, 7),
			.task = db_int(row, 8)};
	return step == DB_DONE ? 0 : -1;
}

static void put_fact(struct ledger_view *v, struct json *j, const struct fact *f)
{
	char day[DAY_TEXT];

	json_open(j, '{');
	json_put_int(j, "document", f->event);
	json_put_text(j, "document_id", f->document_id);
	json_put_text(j, "code", f->code);
	json_put_text(
		j, "from", organ_main_id(v->options.organs, f->from, f->issued_on));
	json_put_text(j, "issued_on", day_text(f->issued_on, day));
	json_put_text(j, "is", link_role_words[f->role]);
	if (f->role == LINK_STATUS)
		json_put_int(j, "status", f->rung);
	else
		json_put_text(j, "rung",
			f->rung && f->rung <= RUNG_MANUAL ? rung_words[f->rung] : NULL);
	put_raw(j, "judgement", f->judgement);
	json_close(j, '}');
}

/* One plain sentence for each thing that might have closed it and did not. */
static void put_open_because(struct ledger_view *v, struct json *j,
	const struct task *task, const fact_list *facts, const act_list *acts)
{
	static const char *const says[] = {[LINK_INTERIM] = "is only an interim reply",
		[LINK_EXTENSION] = "asks for more time and waits for the assigner",
		[LINK_HAND_BACK] = "hands the task back and waits for the assigner",
		[LINK_GUIDANCE] = "asks for guidance",
		[LINK_DRAFT] = "is a draft, not issued",
		[LINK_MENTION] = "only mentions the assignment",
		[LINK_STATUS] = "reports a status, and a status closes nothing",
		[LINK_ANSWER] = "answered it, but no longer stands",
		[LINK_RECALL] = NULL};
	size_t told = 0;

	json_key(j, "open_because");
	if (!lifecycle_is_open(task->state)) {
		json_absent(j);
		return;
	}
	json_open(j, '[');
	for (size_t i = 0; i < facts->n; i++) {
		const struct fact *f = &facts->at[i];
		const char *say = (size_t)f->role < sizeof(says) / sizeof(says[0])
					  ? says[f->role]
					  : NULL;

		if (!say)
			continue;
		json_text(j, arena_printf(&v->arena, "document %lld (%s) %s",
				     (long long)f->event,
				     f->code          ? f->code
				     : f->document_id ? f->document_id
						      : "no code",
				     say));
		told++;
	}
	for (size_t i = 0; i < acts->n; i++) {
		const struct act_row *act = &acts->at[i];

		if (act->kind == ACT_KIND_REFUSE)
			json_text(j, arena_printf(&v->arena,
					     "%s refused what was reported: %s",
					     act->by, act->reason));
		else if (act->kind == ACT_KIND_UNDO)
			json_text(j, arena_printf(&v->arena,
					     "%s undid the link of document %lld%s%s",
					     act->by, (long long)act->event,
					     act->reason ? ": " : "",
					     act->reason ? act->reason : ""));
		else
			continue;
		told++;
	}
	if (!told)
		json_text(j, "no document that answers it has come");
	json_close(j, ']');
}

/* Organ ids as the document that made the task bore them. */
static int put_as_it_came(
	struct ledger_view *v, struct json *j, int64_t event, struct err *e)
{
	struct sqlite3_stmt *row = db_query(&v->db, V_BODY,
		"SELECT body -> '$.from', body -> '$.to', body -> '$.assignments' "
		"FROM event WHERE id = ?",
		e, "i", event);

	if (!row || db_next(&v->db, row, e) != DB_ROW)
		return -1;
	json_key(j, "as_it_came");
	json_open(j, '{');
	put_raw(j, "from", db_text(&v->arena, row, 0));
	put_raw(j, "to", db_text(&v->arena, row, 1));
	put_raw(j, "assignments", db_text(&v->arena, row, 2));
	json_close(j, '}');
	db_reset(row);
	return 0;
}

static void put_task_words(struct ledger_view *v, struct json *j,
	const struct task *task, enum timeliness timely, const fact_list *facts,
	const act_list *acts)
{
	bool told = false;

	explain_task_begin(v, j, task, timely);
	for (size_t i = 0; lifecycle_is_open(task->state) && i < facts->n; i++) {
		const struct fact *f = &facts->at[i];

		explain_open_fact(v, j, f->role, f->code, f->document_id);
		told = true;
	}
	explain_task_end(v, j, task, told, acts);
}

static enum ledger_find explain_task(
	struct ledger_view *v, int64_t id, msec_t now, struct buf *out, struct err *e)
{
	struct json j = {.out = out};
	fact_list facts = {0};
	act_list acts = {0};
	struct err missing = {0};
	struct task_row *t = view_task(v, id, &missing);

	if (!t && missing.code == ERR_INPUT)
		return LEDGER_FIND_NONE;
	if (!t || read_facts(v, t, &facts, e) != 0 ||
		view_acts(v, t->task.id, &acts, e) != 0)
		return LEDGER_FIND_FAULT;
	json_open(&j, '{');
	put_task_words(
		v, &j, &t->task, view_timeliness(v, &t->task, now), &facts, &acts);
	json_key(&j, "task");
	task_json_write(&j, &t->task, view_timeliness(v, &t->task, now));
	json_put_int(&j, "made_by", t->origin);
	json_put_text(&j, "rule",
		t->via ? "B2: added by an update"
		: t->ordinal || t->task.code
			? "T1: an explicit assignment"
			: "T1 or T2: see the document that made it");
	put_open_because(v, &j, &t->task, &facts, &acts);
	if (put_as_it_came(v, &j, t->origin, e) != 0)
		return LEDGER_FIND_FAULT;
	json_key(&j, "facts");
	json_open(&j, '[');
	for (size_t i = 0; i < facts.n; i++)
		put_fact(v, &j, &facts.at[i]);
	json_close(&j, ']');
	view_put_acts(v, &j, &acts);
	json_close(&j, '}');
	return LEDGER_FIND_OK;
}

static enum ledger_find explain_suggestion(
	struct ledger_view *v, int64_t id, struct buf *out, struct err *e)
{
	struct sqlite3_stmt *row = db_query(&v->db, V_SUGGESTION_EVENT,
		"SELECT event FROM suggestion WHERE id = ?", e, "i", id);

	if (!row)
		return LEDGER_FIND_FAULT;
	switch (db_next(&v->db, row, e)) {
	case DB_FAULT:
		return LEDGER_FIND_FAULT;
	case DB_DONE:
		return LEDGER_FIND_NONE;
	case DB_ROW:
		break;
	}
	int64_t event = db_int(row, 0);

	db_reset(row);
	return explain_event(v, event, out, e);
}

enum ledger_find ledger_view_explain(struct ledger_view *v, const char *id, msec_t now,
	struct buf *ret_json, struct err *e)
{
	int64_t number, event;

	if (v->none)
		return LEDGER_FIND_NONE;
	arena_reset(&v->arena);
	if ((number = task_id_parse(id)))
		return explain_task(v, number, now, ret_json, e);
	if (strncasecmp(id, "GY-", 3) == 0 &&
		text_parse_int(id + 3, 1, INT64_MAX, &number))
		return explain_suggestion(v, number, ret_json, e);
	if (view_find_event(v, id, &event, e) != 0)
		return LEDGER_FIND_FAULT;
	return event ? explain_event(v, event, ret_json, e) : LEDGER_FIND_NONE;
}

enum ledger_find ledger_view_knows_document(
	struct ledger_view *v, const char *id, struct err *e)
{
	int64_t event;

	if (v->none)
		return LEDGER_FIND_NONE;
	arena_reset(&v->arena);
	if (view_find_event(v, id, &event, e) != 0)
		return LEDGER_FIND_FAULT;
	return event ? LEDGER_FIND_OK : LEDGER_FIND_NONE;
}
