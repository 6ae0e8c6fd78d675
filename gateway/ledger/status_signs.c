/* Whom a document concerns, and what each of them has done about it so far. */
#include "gateway/ledger/status.h"

#include <string.h>

#include "gateway/base/text.h"

static bool is_below(const struct organ_table *organs, const char *top, const char *id)
{
	const char *main_id = organ_main_id(organs, top, DAY_NONE);

	return text_same_id(main_id, id) || organ_is_ancestor(organs, main_id, id);
}

static bool speaks_for(
	const struct ledger *l, const struct ledger_status_route *route, const char *id)
{
	for (size_t i = 0; i < route->organs_n; i++)
		if (is_below(l->options.organs, route->organs[i], id))
			return true;
	return !route->organs_n && is_below(l->options.organs, l->options.site, id);
}

static struct status_organ *find_organ(status_organs *list, const char *id)
{
	for (size_t i = 0; i < list->n; i++)
		if (text_same_id(list->at[i].id, id))
			return &list->at[i];
	return NULL;
}

/* @written as @s calls it. NULL: not spoken for, or the issuer itself. */
static struct status_organ *take_organ(struct ledger *l, const struct stored *s,
	const struct ledger_status_route *route, status_organs *list,
	const char *written, const char *name)
{
	const char *id = organ_main_id(l->options.organs, written, s->issued_on);
	struct status_organ *known = id ? find_organ(list, id) : NULL;

	if (!id || known || text_same_id(id, s->issuer_main) ||
		!speaks_for(l, route, id))
		return known;
	const struct organ *organ = organ_find(l->options.organs, id, s->issued_on);

	known = LIST_ADD(&l->arena, list);
	known->id = id;
	known->written = written;
	known->name = name || !organ || !organ->names_n ? name : organ->names[0];
	return known;
}

static int read_addressees(struct ledger *l, struct stored *s,
	const struct ledger_status_route *route, status_organs *list, struct err *e)
{
	const struct event *ev = store_event(l, s, e);

	if (!ev)
		return -1;
	for (size_t i = 0; i < ev->to.n; i++) {
		struct status_organ *organ = take_organ(
			l, s, route, list, ev->to.at[i].organ_id, ev->to.at[i].name);

		if (organ)
			organ->facts.addressed = true;
	}
	return 0;
}

/* T8: has some sub-unit been given a part of @task? */
static int has_parts(struct ledger *l, int64_t task, bool *ret_has, struct err *e)
{
	struct sqlite3_stmt *row = db_query(&l->db, Q_STATUS_PARTS,
		"SELECT 1 FROM task WHERE parent = ? AND state <> ? LIMIT 1", e, "ii",
		task, (int64_t)TASK_WITHDRAWN);

	if (!row)
		return -1;
	enum db_step step = db_next(&l->db, row, e);

	*ret_has = step == DB_ROW;
	db_reset(row);
	return step == DB_FAULT ? -1 : 0;
}

/* The office's words on taking @task back. */
static int read_hand_back(
	struct ledger *l, int64_t task, struct status_organ *organ, struct err *e)
{
	act_list acts = {0};

	if (act_list_of(l, task, &acts, e) != 0)
		return -1;
	for (size_t i = 0; i < acts.n; i++)
		if (acts.at[i].kind == ACT_KIND_ACCEPT_HAND_BACK && acts.at[i].reason)
			organ->refusal = acts.at[i].reason;
	return 0;
}

static int read_task(struct ledger *l, struct stored *s,
	const struct ledger_status_route *route, status_organs *list,
	const struct task *task, struct err *e)
{
	bool parts = false;

	/* What has moved on (B3) is told of where it stands. */
	if (task->document.id != s->id)
		return 0;
	struct status_organ *organ = take_organ(l, s, route, list, task->lead, NULL);

	if (!organ)
		return 0;
	upstream_count(&organ->facts, task->state);
	if (has_parts(l, task->id, &parts, e) != 0)
		return -1;
	organ->facts.passed_on |= parts;
	return task->state == TASK_HANDED_BACK ? read_hand_back(l, task->id, organ, e)
					       : 0;
}

static int read_tasks(struct ledger *l, struct stored *s,
	const struct ledger_status_route *route, status_organs *list, struct err *e)
{
	task_list rows = {0};
	id_list moved = {0};

	if (store_tasks_of_origin(l, s->id, &rows, e) != 0 ||
		store_tasks_moved_to(l, s->id, &moved, e) != 0)
		return -1;
	for (size_t i = 0; i < moved.n; i++) {
		struct task_row *row = store_task(l, moved.at[i], e);

		if (!row)
			return -1;
		if (row->origin != s->id)
			*LIST_ADD(&l->arena, &rows) = *row;
	}
	for (size_t i = 0; i < rows.n; i++)
		if (read_task(l, s, route, list, &rows.at[i].task, e) != 0)
			return -1;
	return 0;
}

/* Did @adapter's statuses pass by @sink's own issuer already? */
static bool is_same_way(const struct ledger *l, const char *adapter, const char *sink)
{
	for (size_t i = 0; i < l->options.status_routes_n; i++) {
		const struct ledger_status_route *route = &l->options.status_routes[i];

		if (strcmp(route->adapter, adapter) == 0 &&
			strcmp(route->sink, sink) == 0)
			return true;
	}
	return false;
}

/* A status or read event of an organ about the document. */
static int read_report(struct ledger *l, const struct ledger_status_route *route,
	status_organs *list, int64_t event, struct err *e)
{
	struct stored *s = store_load(l, event, e);
	const struct event *ev = s ? store_event(l, s, e) : NULL;

	if (!ev)
		return -1;
	if (s->kind != EVENT_STATUS && s->kind != EVENT_READ)
		return 0;
	int code = s->kind == EVENT_READ ? UPSTREAM_ACCEPTED : ev->status.code;
	day_t day = order_issue_day(s->issued_on, s->arrived_on);
	const char *id = organ_main_id(l->options.organs, s->issuer, day);
	struct status_organ *organ = id ? find_organ(list, id) : NULL;

	if (!organ || code < UPSTREAM_ARRIVED || code > UPSTREAM_DONE)
		return 0;
	organ->facts.said |= 1u << code;
	if (is_same_way(l, s->adapter, route->sink))
		organ->heard |= 1u << code;
	if (code == UPSTREAM_REFUSED && ev->status.description)
		organ->refusal = ev->status.description;
	return 0;
}

static int read_reports(struct ledger *l, struct stored *s,
	const struct ledger_status_route *route, status_organs *list, struct err *e)
{
	id_list events = {0};
	enum db_step step;
	struct sqlite3_stmt *row = db_query(&l->db, Q_STATUS_REPORTS,
		"SELECT DISTINCT event FROM link WHERE document = ? AND role IN (?, ?) "
		"ORDER BY event",
		e, "iii", s->id, (int64_t)LINK_STATUS, (int64_t)LINK_ANSWER);

	if (!row)
		return -1;
	while ((step = db_next(&l->db, row, e)) == DB_ROW)
		id_list_add(&l->arena, &events, db_int(row, 0));
	if (step != DB_DONE)
		return -1;
	for (size_t i = 0; i < events.n; i++)
		if (read_report(l, route, list, events.at[i], e) != 0)
			return -1;
	return 0;
}

int status_signs(struct ledger *l, struct stored *s,
	const struct ledger_status_route *route, status_organs *ret_organs,
	struct err *e)
{
	return read_addressees(l, s, route, ret_organs, e) == 0 &&
			       read_tasks(l, s, route, ret_organs, e) == 0
		       ? read_reports(l, s, route, ret_organs, e)
		       : -1;
}
