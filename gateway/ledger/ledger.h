/*
 * The ledger: the facts, what the rules made of them, the journal and the outbox, in
 * one SQLite file. One event is all or nothing; many share a commit. The ledger stores
 * facts and writes differences; gateway/rules decides.
 *
 * INV-1  Commit, then acknowledge.
 * INV-2  Every accepted event has exactly one outcome.
 * INV-3  The same event twice changes nothing and is answered like the first time.
 * INV-4  The journal is append-only and hash-chained; tasks equal its changes.
 * INV-5  An outbox row leaves only after the receiver confirmed it; its event id never
 *        changes between attempts; rows of one task leave in order.
 * INV-6  What cannot be understood is set aside whole, with its reason and raw bytes.
 *
 * A struct ledger is one thread's. Other processes may write between our transactions
 * (the command line beside a running gateway): nothing is remembered across them that
 * is not checked again.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/base/arena.h"
#include "gateway/base/buf.h"
#include "gateway/base/err.h"
#include "gateway/model/event.h"
#include "gateway/model/organ.h"
#include "gateway/model/task.h"
#include "gateway/rules/calendar.h"
#include "gateway/rules/fold.h"
#include "gateway/rules/policy.h"

enum outcome {
	OUTCOME_APPLIED,
	OUTCOME_DUPLICATE,
	OUTCOME_CONFLICT,
	OUTCOME_PARKED,
	OUTCOME_QUARANTINED,
	OUTCOME_RESTRICTED
};
extern const char *const outcome_words[6];

struct ledger;

/* Documents that come by @adapter: how far each has come is told to @sink. */
struct ledger_status_route {
	const char *adapter, *sink;
	/* Who is spoken for: these organs and all below them; none: the site's. */
	const char *const *organs;
	size_t organs_n;
};

enum ledger_find { LEDGER_FIND_OK, LEDGER_FIND_NONE, LEDGER_FIND_FAULT };

/* Everything here must outlive the ledger; organs and calendar are only read. */
struct ledger_options {
	const char *folder; /* ledger.db and quarantine/ live here; made when missing */
	const char *site;
	const struct organ_table *organs;
	const struct calendar *calendar;
	const struct policy *policy; /* the site's, for re-judging */
	/* Sources with a warning window or working hours of their own (S2, S4). */
	const struct ledger_adapter {
		const char *name;
		const struct policy *policy;
	} * adapters;
	size_t adapters_n;
	const char *const *sinks; /* who each event is told to; names, unique */
	size_t sinks_n;
	/* Their sinks are told statuses only, and are none of @sinks. */
	const struct ledger_status_route *status_routes;
	size_t status_routes_n;
	msec_t now;          /* 0: the system's clock; for what opening itself writes */
	int busy_timeout_ms; /* how long to wait for another process's commit; 0: 5000
			      */
};

/* One event as it arrives. Everything is borrowed for the call. */
struct arrival {
	const char *adapter; /* the adapter's name; "file" for the command line's own */
	msec_t at;           /* D0: the gateway's clock */
	const struct policy *policy; /* the adapter's */
	const struct event *event;   /* NULL: the bytes could not be read */
	bool restricted; /* X1: judged by rules/secrecy.h; @event may be partial */
	const char
		*origin; /* file name or message id, for people; never a whole path */
	const char *traceparent; /* W3C trace context, NULL: none */
	/* When it could not be read: why (codec_error's members). */
	const char *error_code, *error_message;
	int error_line, error_column;
	/* The bytes, for the quarantine: in memory, or (raw_path not NULL) in a file.
	 */
	struct slice raw;
	const char *raw_path;
};

/* How it was answered; texts and lists live in the ledger until the next apply. */
struct ledger_answer {
	enum outcome outcome;
	int64_t document; /* 0: none */
	const int64_t
		*tasks; /* NV numbers it made or, for a duplicate, the first made */
	size_t tasks_n;
	int64_t quarantine;                     /* 0: none */
	const char *error_code, *error_message; /* NULL: none */
	int error_line, error_column;
};

/*
 * Open or make the ledger, bring its schema forward, and, when the organ table differs
 * from the one the ledger knew, record that and judge again what waits for it (M6). A
 * newer schema than ours, or a file that is no ledger, is ERR_CONFIG.
 */
int ledger_open(const struct ledger_options *options, struct ledger **ret_ledger,
	struct err *e);
void ledger_close(struct ledger *l);

/* A transaction holds any number of applies and confirms. On a fault roll back, then
 * try again (the whole batch when room is back, or event by event to find the one at
 * fault). After ledger_commit returns 0 all of it survives power loss: acknowledge now.
 */
int ledger_begin(struct ledger *l, struct err *e);
int ledger_commit(struct ledger *l, struct err *e);
void ledger_rollback(struct ledger *l);

/* Take one event in. Every outcome is an answer; -1 is a fault of the ledger. */
int ledger_apply(struct ledger *l, const struct arrival *a,
	struct ledger_answer *ret_answer, struct err *e);

/* INV-5: these outbox rows were confirmed by their receiver; they leave on commit. */
int ledger_told(struct ledger *l, const int64_t *outbox_ids, size_t n, struct err *e);

/* ---- What receivers put off, refuse and answer (docs/decisions/0011), within a
 * transaction. */

/* The receiver put an outbox row off: it stays. */
struct ledger_attempt {
	int64_t outbox_id;
	msec_t at;
	msec_t next_at; /* not before */
	const char *error;
};
int ledger_not_told(struct ledger *l, const struct ledger_attempt *a, struct err *e);

/* The receiver will never take it as it is: it leaves the outbox as a dead letter. */
int ledger_dead(struct ledger *l, int64_t outbox_id, msec_t at, const char *cause,
	struct err *e);

/* What @sink's receiver calls @subject; handed to it with every later event. */
int ledger_known_as(struct ledger *l, const char *sink, const char *subject,
	const char *known_as, struct err *e);

enum ledger_sink_state {
	LEDGER_SINK_WORKING,
	LEDGER_SINK_FAILING,   /* in trouble, tried again every now and then */
	LEDGER_SINK_SUSPENDED, /* the breaker is open: one event at next_at */
	LEDGER_SINK_STOPPED    /* the receiver wants nothing any more */
};
extern const char *const ledger_sink_words[4];

/* How a sink fares, for whoever looks from outside. */
struct ledger_sink {
	int64_t id; /* as read; 0: the ledger does not know it */
	enum ledger_sink_state state;
	msec_t since;       /* MSEC_NONE: always */
	msec_t next_at;     /* suspended: the next probe; else MSEC_NONE */
	const char *error;  /* the last; NULL: none */
	const char *config; /* stopped: the section it stopped under; else NULL */
};
int ledger_sink_is(struct ledger *l, const char *sink, const struct ledger_sink *now,
	struct err *e);
/* Let a stopped sink go on; LEDGER_FIND_NONE: there is no stopped one of that name. */
enum ledger_find ledger_sink_resume(struct ledger *l, const char *sink, struct err *e);

/* Which dead letters: 0 and NULL are no filter. */
struct dead_filter {
	int64_t id;
	const char *sink, *cause;
	bool all; /* for lists: also those that are dealt with */
};
/* Open ones go back into the outbox, in their order, behind what waits there / are
 * closed for good. *@ret_n counts them. */
int ledger_dead_replay(struct ledger *l, const struct dead_filter *filter,
	int64_t *ret_n, struct err *e);
int ledger_dead_discard(struct ledger *l, const struct dead_filter *filter,
	const char *by, const char *reason, int64_t *ret_n, struct err *e);

/* Did the last transaction leave something new to be told? */
bool ledger_has_rows(const struct ledger *l);

/* ---- Cursors: how far each source has come, kept with the events it gave (INV-1). */

/* Within a transaction. @cursor is the source's own text. */
int ledger_cursor_set(struct ledger *l, const char *adapter, const char *cursor,
	msec_t at, struct err *e);

/* Appended to @ret_cursor, whose data stays NULL if there is none. */
int ledger_cursor_get(
	struct ledger *l, const char *adapter, struct buf *ret_cursor, struct err *e);

/* ---- People's acts (S1), within a transaction. */

struct ledger_act {
	int64_t task;
	enum act_kind kind;
	day_t due_on;      /* refuse (DAY_NONE: as it was), extend */
	day_t done_on;     /* report; DAY_NONE: the day of the act */
	const char *organ; /* hand-back accepted: who owes it now; NULL: nobody */
	const char *by, *reason;
	msec_t at;
};

enum { LEDGER_WHY = 256 };
enum ledger_act_result {
	LEDGER_ACT_OK, /* ret_answer->tasks: the task, and the one it was handed to */
	LEDGER_ACT_NO_TASK, /* there is no such task */
	LEDGER_ACT_REFUSED, /* S1: @ret_why says what would have to be so; no change */
	LEDGER_ACT_FAULT,
};
enum ledger_act_result ledger_act(struct ledger *l, const struct ledger_act *act,
	struct ledger_answer *ret_answer, char ret_why[LEDGER_WHY], struct err *e);

/* A case of the confirm list. @tasks: which of its candidates are accepted (several
 * candidates need at least one named). */
struct ledger_decision {
	int64_t suggestion;
	bool accept;
	const int64_t *tasks;
	size_t tasks_n;
	const char *by, *reason;
	msec_t at;
};
enum ledger_act_result ledger_decide(struct ledger *l, const struct ledger_decision *d,
	struct ledger_answer *ret_answer, char ret_why[LEDGER_WHY], struct err *e);

/*
 * S4: tell of deadlines that have come near or passed by @now, once for each deadline,
 * within working hours; within a transaction. *@ret_told (may be NULL) counts them.
 */
int ledger_remind(struct ledger *l, msec_t now, int *ret_told, struct err *e);

/* ---- Reading beside the writer: a connection of its own, any thread, one at a time.
 */

struct ledger_view;

/* @site's ledger in @folder, read only. A ledger that does not exist yet is an empty
 * one: returns 0 and a view on nothing. */
int ledger_view_open(const struct ledger_options *options,
	struct ledger_view **ret_view, struct err *e);
void ledger_view_close(struct ledger_view *v);

/* What is still to be told to @sink, in order, from after @after on; at most @limit. */
struct outbox_row {
	int64_t id; /* rises; of the outbox row */
	const char *sink;
	const char
		*event_id; /* of the CloudEvent: the same for all sinks and attempts */
	const char *name;  /* `task.assigned` */
	const char *subject; /* `NV-1` or a document id */
	const char *organ;   /* routing key's organ; may be NULL */
	msec_t at;
	struct slice data; /* the CloudEvent's data, JSON */
	const char *traceparent;
	const char *known_as; /* what the receiver calls the subject; NULL: not known */
	int attempts;         /* that failed */
	const char *last_error;                   /* NULL: none */
	msec_t first_attempt_at, last_attempt_at; /* MSEC_NONE: none */
	msec_t next_attempt_at; /* put off: not before; else MSEC_NONE */
	bool again;             /* it was a dead letter and was put back */
};
/* Called for each row; texts are borrowed for the call. Non-zero stops the walk. */
typedef int (*outbox_visit)(void *context, const struct outbox_row *row);
int ledger_view_outbox(struct ledger_view *v, const char *sink, int64_t after,
	int limit, outbox_visit visit, void *context, struct err *e);
/* Of @sink those that were dead letters and were put back. */
int ledger_view_outbox_again(struct ledger_view *v, const char *sink, int64_t after,
	int limit, outbox_visit visit, void *context, struct err *e);
/* How far the outbox reaches now: its last row, and the last that was put back. */
struct outbox_ends {
	int64_t last, again; /* 0: there is none */
};
int ledger_view_outbox_ends(
	struct ledger_view *v, struct outbox_ends *ret_ends, struct err *e);
/* The rows behind @after, up to and with @upto, for all sinks at once and without those
 * that were put back: event by event in order, each with its rows and which sink each
 * is for (struct ledger_sink). Of @row's members those of one sink say nothing. */
struct outbox_mark {
	int64_t id, sink;
};
typedef int (*outbox_event_visit)(void *context, const struct outbox_row *row,
	const struct outbox_mark *marks, size_t n);
int ledger_view_outbox_events(struct ledger_view *v, int64_t after, int64_t upto,
	outbox_event_visit visit, void *context, struct err *e);
/* What @sink's receiver calls @subject, until the next call on @v; NULL: not known. */
int ledger_view_known_as(struct ledger_view *v, int64_t sink, const char *subject,
	const char **ret_known_as, struct err *e);
/* One row, if it is still there. */
int ledger_view_outbox_row(struct ledger_view *v, int64_t id, outbox_visit visit,
	void *context, struct err *e);

/* The names of all sinks the ledger ever had, also of those the configuration has lost:
 * their rows wait. Texts are borrowed for the call. */
int ledger_view_sinks(struct ledger_view *v,
	int (*visit)(void *context, const char *sink), void *context, struct err *e);

/* How many answers wait for their original, and how many quarantined documents nobody
 * has seen to. */
int ledger_view_set_aside(struct ledger_view *v, int64_t *ret_parked,
	int64_t *ret_quarantined, struct err *e);

/* How @sink fares, and what waits; texts are borrowed until the next call on @v. A name
 * the ledger does not know is a working sink with nothing to tell. */
struct ledger_sink_depth {
	int64_t waiting, dead;
	msec_t oldest; /* of those waiting; MSEC_NONE: nothing waits */
};
int ledger_view_sink(struct ledger_view *v, const char *sink,
	struct ledger_sink *ret_sink, struct err *e);
int ledger_view_sink_depth(struct ledger_view *v, const char *sink,
	struct ledger_sink_depth *ret_depth, struct err *e);

/* A number that changes whenever any process commits to the ledger. */
int ledger_view_version(struct ledger_view *v, int64_t *ret_version, struct err *e);

/* Tasks by number. NULL and false are no filter; withdrawn ones only when asked for. */
struct task_filter {
	const char *state; /* a task_state word */
	const char *organ; /* the lead, any of its ids */
	bool overdue;
	int64_t id;           /* this one only */
	const char *document; /* of this document: its number or its document id */
	msec_t now;
	bool as_of; /* as the journal knew them at @now */
};
typedef int (*task_visit)(
	void *context, const struct task *task, enum timeliness timeliness);
int ledger_view_tasks(struct ledger_view *v, const struct task_filter *filter,
	task_visit visit, void *context, struct err *e);

/* One JSON object a line (without line end), as docs/cli.md describes each. */
typedef int (*line_visit)(void *context, const struct buf *line);
int ledger_view_suggestions(struct ledger_view *v, bool all, line_visit visit,
	void *context, struct err *e);
int ledger_view_quarantine(struct ledger_view *v, bool all, line_visit visit,
	void *context, struct err *e);

/*
 * Why: for a task (`NV-1`), a suggestion (`GY-1`) or a document (its number or document
 * id), one JSON object: the facts, every rung tried, what was normalised, the near
 * misses, the rule that decided, and for a task why it is still open (M9).
 */
enum ledger_find ledger_view_explain(struct ledger_view *v, const char *id, msec_t now,
	struct buf *ret_json, struct err *e);

/* Is there a document called @id: its number, or its document id in any spelling? */
enum ledger_find ledger_view_knows_document(
	struct ledger_view *v, const char *id, struct err *e);

/* Dead letters, oldest first; @whole: with the event's data. */
int ledger_view_dead(struct ledger_view *v, const struct dead_filter *filter,
	bool whole, line_visit visit, void *context, struct err *e);

/* A quarantined event: its JSON line, and the file that holds its raw bytes. */
enum ledger_find ledger_view_quarantined(struct ledger_view *v, int64_t id,
	struct buf *ret_json, struct buf *ret_raw_path, struct err *e);

/* INV-2 to INV-5 over the whole ledger: one JSON object with counts and `failures`;
 * *ret_failures counts them. */
int ledger_view_verify(
	struct ledger_view *v, struct buf *ret_json, int *ret_failures, struct err *e);

/* ---- The quarantine's acts (INV-6). */

/* Apply @a (read from the set-aside bytes with a mended configuration) in the place of
 * the quarantined event @id: within a transaction. It stays quarantined if it still
 * cannot be understood. */
int ledger_replay(struct ledger *l, int64_t id, const struct arrival *a,
	struct ledger_answer *ret_answer, struct err *e);

/* Set @id aside for good, with who and why; the raw bytes stay. LEDGER_FIND_NONE: there
 * is no open one with that number. */
enum ledger_find ledger_discard(struct ledger *l, int64_t id, const char *by,
	const char *reason, msec_t at, struct err *e);

/* An online copy of the whole ledger into @file (SQLite's backup), which must not
 * exist. */
int ledger_view_backup(struct ledger_view *v, const char *file, struct err *e);
