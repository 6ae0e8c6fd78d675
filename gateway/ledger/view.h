/* What the ledger's reading files share. A view is a connection of its own. */
#pragma once

#include "gateway/ledger/internal.h"

enum view_statement {
	V_META,
	V_EVENT_ID,
	V_EVENT_BY_DOCUMENT_ID,
	V_EVENT_LINE,
	V_TASKS_OF_EVENT,
	V_LINKS_TO,
	V_LINKS_OF,
	V_SUGGESTION_OF,
	V_SUGGESTION_EVENT,
	V_OUTBOX,
	V_OUTBOX_ALL,
	V_OUTBOX_ROW,
	V_OUTBOX_COUNT,
	V_OUTBOX_MARKS,
	V_OUTBOX_EVENT,
	V_OUTBOX_LAST,
	V_OUTBOX_AGAIN,
	V_KNOWN_AS,
	V_SINK_STATE,
	V_DEAD_COUNT,
	V_DEAD,
	V_TASK_ROW,
	V_MOVED_OF,
	V_QUARANTINED,
	V_VERSION,
	V_JOURNAL_ROW,
	V_NAME_ROWS,
	V_BODY,
	V_SINKS,
	V_STATUSES,
	V_ACTS,
	V_ADAPTER,
	V_SET_ASIDE,
	V_NEAR_DOCUMENTS,
	V_NEAR
};

struct ledger_view {
	struct db db;
	struct ledger_options options;
	struct arena arena; /* of one call */
	bool none;          /* there is no ledger yet */
	char *identity;
};

/* A statement prepared for one use; the caller finalizes it with view_finish. */
struct sqlite3_stmt *view_prepare(
	struct ledger_view *v, const char *sql, struct err *e);
int view_bind_int(struct sqlite3_stmt *stmt, int at, int64_t value);
void view_finish(struct sqlite3_stmt *stmt);

struct task_row *view_task(struct ledger_view *v, int64_t id, struct err *e);
enum timeliness view_timeliness(
	struct ledger_view *v, const struct task *task, msec_t now);
/* The CloudEvent's id of a journal row: the same for all sinks and attempts. */
const char *view_event_id(struct ledger_view *v, int64_t journal);
/* The event called @id (its number, or a document id in any spelling): 0 when none. */
int view_find_event(
	struct ledger_view *v, const char *id, int64_t *ret_event, struct err *e);
/* What people did with a task, oldest first; then as the member `acts` of `explain`. */
int view_acts(struct ledger_view *v, int64_t task, act_list *ret_acts, struct err *e);
void view_put_acts(struct ledger_view *v, struct json *j, const act_list *acts);
/* What a document's issuer was told of it: the member `statuses` of `explain`. */
int view_put_statuses(
	struct ledger_view *v, struct json *j, int64_t document, struct err *e);
