/*
 * What the ledger's own files share; nobody else includes this. The rows of
 * schemas/ledger as values, and the work of one apply.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "gateway/base/arena.h"
#include "gateway/base/buf.h"
#include "gateway/ledger/db.h"
#include "gateway/ledger/id_list.h"
#include "gateway/ledger/ledger.h"
#include "gateway/ledger/organ_ids.h"
#include "gateway/rules/fold.h"
#include "gateway/rules/link.h"
#include "gateway/rules/plan.h"
#include "gateway/rules/timeliness.h"

/* Each kept statement's slot; the SQL stands beside its only use. */
enum statement {
	Q_META_GET,
	Q_META_SET,
	Q_CURSOR_SET,
	Q_CURSOR_GET,
	Q_ORGAN_FIND,
	Q_ORGAN_ADD,
	Q_ORGAN_TEXT,
	Q_EVENT_ADD,
	Q_EVENT_ADD_SMALL,
	Q_EVENT_GET,
	Q_EVENT_OUTCOME,
	Q_EVENT_JUDGED,
	Q_EVENT_MERGE,
	Q_EVENT_SAVE_BODY,
	Q_EVENT_QUARANTINE,
	Q_EVENT_BODY,
	Q_EVENT_WAITING,
	Q_EVENT_UNLINKED,
	Q_EVENT_TASKS,
	Q_POLICY_ADD,
	Q_POLICY_FIND,
	Q_POLICY_GET,
	Q_POLICY_ADAPTER,
	Q_NAME_ADD,
	Q_NAME_FIND,
	Q_NAME_FIND_ISSUER,
	Q_NAME_DROP,
	Q_LINK_ADD,
	Q_LINK_DROP,
	Q_LINK_OF_EVENT,
	Q_LINK_OF_DOCUMENT,
	Q_LINK_OF_TASK,
	Q_TASK_ADD,
	Q_TASK_GET,
	Q_TASK_SAVE,
	Q_TASK_OF_ORIGIN,
	Q_TASK_EXTRAS,
	Q_TASK_MOVED_TO,
	Q_TASK_MOVED_ADD,
	Q_TASK_MOVED_DROP,
	Q_TASK_MOVED_OF,
	Q_TASK_ADOPT,
	Q_TASK_WORDS,
	Q_TASK_REVIVE,
	Q_TASK_NEXT,
	Q_TASK_CHILDREN,
	Q_TASK_LEADS,
	Q_TASK_REMIND,
	Q_TASK_REMINDED,
	Q_REMINDER_DROP,
	Q_ACT_ADD,
	Q_ACT_OF,
	Q_ACT_TO,
	Q_ACT_DAY,
	Q_SUGGESTION_GET,
	Q_SUGGESTION_ADD,
	Q_SUGGESTION_SAVE,
	Q_SUGGESTION_READ,
	Q_SUGGESTION_DECIDE,
	Q_SUGGESTION_DECIDED,
	Q_TASK_OVERDUE,
	Q_TASK_DUE_SOON,
	Q_TASK_PROJECTED,
	Q_JOURNAL_LAST,
	Q_JOURNAL_ADD,
	Q_SINK_FIND,
	Q_SINK_ADD,
	Q_OUTBOX_ADD,
	Q_OUTBOX_DROP,
	Q_OUTBOX_FAILED,
	Q_STATUS_ROUTE_ADD,
	Q_STATUS_ROUTES,
	Q_STATUS_TOLD,
	Q_STATUS_TOLD_ADD,
	Q_STATUS_PARTS,
	Q_STATUS_REPORTS,
	Q_STATUS_OUTBOX,
	Q_OUTBOX_DIED,
	Q_SINK_STATE,
	Q_SINK_RESUME,
	Q_KNOWN_AS,
	Q_DEAD_BACK,
	Q_DEAD_SETTLE,
	Q_QUARANTINE_FIND,
	Q_QUARANTINE_ADD,
	Q_QUARANTINE_GET,
	Q_QUARANTINE_SAVE,
	Q_QUARANTINE_SETTLE,
	STATEMENTS
};

enum name_role { NAME_IS, NAME_MENTIONS, NAME_THREAD, NAME_IDENTITY, NAME_ROLES };

typedef LIST_OF(int64_t) key_list; /* lookup keys, see keys.c */

/* An event as the ledger knows it; texts live in the apply's arena. */
struct stored {
	int64_t id;
	enum outcome outcome;
	msec_t arrived_at;
	day_t arrived_on;
	const char *adapter;
	int64_t first, quarantine;
	enum event_kind kind;
	enum event_stage stage;
	enum event_business business;
	const char *issuer;      /* organ id as it came, NULL: none */
	const char *issuer_main; /* its main id on that day */
	day_t issued_on;
	unsigned policy; /* enum plan_policy, and policy.c's lists */
	const char *document_id, *code, *subject, *content, *traceparent;
	/* Two lines a thread, source and thread id: each carrier has its own. */
	const char *thread;
	const char *const *also;
	size_t also_n;
	const struct event *event; /* parsed on demand: store_event() */
	key_list names;            /* found on demand: keys_of_stored() */
	bool named;
	/* Found on demand: place.c. */
	struct {
		struct act_key stands; /* where what it replaces stands, or itself */
		struct act_key counts; /* among the documents it replaces */
		struct act_key acts;
		const struct stored *behind; /* that it replaces; NULL: none */
		bool counted, replaces, found;
	} place;
	/* What its words cite, read on demand: store_citations(). */
	const struct link_citation *citations;
	size_t citations_n;
	bool cited;
	const char *json, *content_json; /* journal_document_json */
};

struct name_row {
	int64_t key;
	enum name_role role;
	const char *issuer; /* NULL: none named */
	int64_t issuer_id;  /* its row; filled when read or added */
	day_t issued_on;
	int64_t event;
};
typedef LIST_OF(struct name_row) name_list;

/* A task row with what the printed task does not show. */
struct task_row {
	struct task task;
	int64_t origin, via;
	int ordinal;
};
typedef LIST_OF(struct task_row) task_list;

/* The rows of one name, by role, each list in the table's order. */
struct seen_name {
	name_list rows[NAME_ROLES];
};

/* What the running apply has read: it is read once. Each list stands beside its ids. */
struct seen {
	id_list event_ids, task_ids, keys;
	LIST_OF(struct stored *) events;
	LIST_OF(struct task_row *) tasks; /* NULL: changed since */
	LIST_OF(struct seen_name) names;
};

/*
 * Events parsed from their bodies, kept from one apply to the next: a long chain is
 * planned again with every update. Dropped when they grow too many, and whenever the
 * rows may be others: after a rollback, or when another process has written.
 */
struct kept {
	struct arena arena;
	id_list ids;
	LIST_OF(struct event *) events; /* beside @ids; NULL: changed since */
	LIST_OF(struct event *) stale;  /* the running apply may still look at them */
	size_t bytes;                   /* of their bodies */
};

struct journal_head {
	int64_t seq;
	unsigned char hash[32];
};

struct ledger {
	struct db db;
	struct ledger_options options;
	struct arena arena; /* of one apply */
	struct journal_head head;
	struct {
		int64_t from, to; /* 0: none */
	} untold; /* journal rows of this transaction without their outbox rows yet */
	struct evp_md_ctx_st *digest; /* of the journal */
	int64_t next_event, next_task;
	int64_t sink_ids[256];
	char *identity; /* of this ledger, in event ids */
	int64_t data_version;
	bool in_transaction;
	bool rows_added; /* the running or last transaction put something into the
			  * outbox
			  */
	const struct arrival *arrival; /* of the running apply; NULL outside */
	msec_t now;
	msec_t replayed_at; /* a replay's own time; its arrival stays the first one's */
	int64_t event;      /* the running apply's event */
	int64_t fresh;      /* the same while nothing can refer to it yet, else 0 */
	bool fresh_linked;  /* there is a link from or to it */
	/* Its row waits until it is judged, so that it is written once. */
	struct {
		const struct stored *event; /* NULL: written */
		const char *judgement;
	} unwritten;
	struct organ_ids organ_ids;
	int64_t *status_sinks; /* of options.status_routes */
	/* Documents and tasks whose statuses may have changed in this apply. */
	LIST_OF(int64_t) status_documents, status_parents;
	struct seen seen;
	struct kept kept;
};

/* open.c: is the schema the one a reader knows? A newer one is ERR_CONFIG, and so is an
 * older one, which only who writes brings forward. An empty file is fine. */
int ledger_schema_known(struct db *db, struct err *e);
/* open.c: read the chain's end and the next numbers again. */
int ledger_recount(struct ledger *l, struct err *e);

/* ---- store.c: rows */

/* The event's row, NULL and @e on a fault; one struct an apply for one id. */
struct stored *store_load(struct ledger *l, int64_t id, struct err *e);
/* Its body, parsed; NULL and @e on a fault. */
const struct event *store_event(struct ledger *l, struct stored *s, struct err *e);
/* What its subject and content cite and may answer; @s->event must be there. */
void store_citations(struct ledger *l, struct stored *s);
/* The row of what has just arrived, if it waits: before anything looks for it. */
int store_write_event(struct ledger *l, struct err *e);
void store_remember(struct ledger *l, struct stored *s);
void store_unsee(struct ledger *l); /* all of it is to be read again */
/* The body of @id was written anew. */
void store_event_changed(struct ledger *l, int64_t id);
/* The rows may be others than those read; not while an apply runs. */
void store_drop_kept(struct ledger *l);
void store_forget(struct ledger *l); /* what an apply has seen, and its arena */

int store_organ(struct ledger *l, const char *organ_id, int64_t *ret_id, struct err *e);

/* The rows of @key and @role, as the apply has them: to be read only. */
int store_names(struct ledger *l, int64_t key, enum name_role role, name_list *ret_list,
	struct err *e);
/* Who is on a thread that @s is on; @s itself too. */
int store_thread_mates(
	struct ledger *l, const struct stored *s, name_list *mates, struct err *e);
int store_name_add(struct ledger *l, const struct name_row *row, struct err *e);

struct link_row {
	int64_t document, task, event;
	enum link_role role;
	int rung; /* enum rung; of a status its code */
};
typedef LIST_OF(struct link_row) link_list;
int store_links_of_event(
	struct ledger *l, int64_t event, link_list *list, struct err *e);
/* Links to @document for @task (0: the document as a whole). */
int store_links(struct ledger *l, int64_t document, int64_t task, link_list *list,
	struct err *e);
int store_link_add(struct ledger *l, const struct link_row *row, struct err *e);
int store_link_drop(struct ledger *l, const struct link_row *row, struct err *e);

extern const char store_task_select[]; /* reads what store_task_read takes */
void store_task_read(struct arena *arena, const struct organ_table *organs,
	struct sqlite3_stmt *row, struct task_row *t);
/* A copy of its own for each caller. */
struct task_row *store_task(struct ledger *l, int64_t id, struct err *e);
/* Its row was changed otherwise than by store_task_save. */
void store_task_changed(struct ledger *l, int64_t id);
/* `task.room`: the bytes the row of an open task will need when it closes. */
#define TASK_ROOM "zeroblob(10)"
int store_task_save(struct ledger *l, const struct task *task, struct err *e);
int store_tasks_of_origin(
	struct ledger *l, int64_t origin, task_list *list, struct err *e);
int store_tasks_moved_to(
	struct ledger *l, int64_t document, id_list *list, struct err *e);

/* ---- open.c: the number of the sink called @name, given now if it has none */

int store_sink(struct ledger *l, const char *name, int64_t *ret_id, struct err *e);

/* ---- keys.c: what an event is called and what it mentions, as lookup keys */

int64_t key_code(struct arena *arena, const char *code); /* 0: none */
int64_t key_task_code(struct arena *arena, const char *code);
int64_t key_thread(const char *thread);
/* Of each of the threads in struct stored. */
void keys_of_threads(struct arena *arena, const char *threads, key_list *keys);
int64_t key_identity(const unsigned char hash[32]);
/* The keys under which @document_id is found (its own, and its code's when
 * conventional). */
void keys_of_id(struct arena *arena, const char *document_id, key_list *keys);
/* All names of @s, whose event is known, with the ids other carriers gave it. */
const key_list *keys_of_stored(struct ledger *l, struct stored *s);
int keys_store(struct ledger *l, struct stored *s, struct err *e);
void keys_of_target(struct arena *arena, const struct event_target *t, key_list *keys);

/* ---- policy.c: what the policy said when an event came (docs/decisions/0008) */

/* @policy's bits for @ev, and beside them which of the kept lists are its own. */
int policy_keep(struct ledger *l, const struct policy *policy, const struct event *ev,
	unsigned *ret_policy, struct err *e);
/* What the row of @s says: its bits, and T7's lists (only these members are filled). */
int policy_read(struct ledger *l, const struct stored *s, unsigned *ret_bits,
	const struct policy **ret_lists, struct err *e);

/* What holds today for @task, by the adapter its document came through: what depends on
 * the day and not on the document. @slot is the connection's own. */
const struct policy *policy_of_adapter(
	const struct ledger_options *options, const char *adapter);
const struct policy *policy_today(
	struct db *db, int slot, const struct ledger_options *options, int64_t task);

/* ---- identity.c: INV-3 */

enum identity_result {
	IDENTITY_NEW,
	IDENTITY_DUPLICATE,
	IDENTITY_MERGED, /* one paper, two carriers: the first gained members */
	IDENTITY_CONFLICT,
	IDENTITY_FAULT
};
enum identity_result identity_find(struct ledger *l, const struct event *ev,
	const char *code, day_t arrived_on, const char *thread,
	struct stored **ret_first, struct err *e);
/* The hash by which an event that is no new document is known again. */
bool identity_hash(
	struct ledger *l, const struct event *ev, unsigned char ret_hash[32]);

/* ---- journal.c */

struct journal_entry {
	const char *name, *subject, *organ;
	int64_t event, task; /* 0: none */
	const struct buf *data;
	bool tell; /* also to the sinks */
};
int journal_open(struct ledger *l, struct err *e);
int journal_add(struct ledger *l, const struct journal_entry *entry, struct err *e);
/* INV-5: the outbox rows of what was added are written, at the latest before the
 * commit: those of many events in one statement. */
int journal_fill_outbox(struct ledger *l, struct err *e);
/* A document as events show it, written once an apply; the same of its content. */
const char *journal_document_json(struct ledger *l, struct stored *s);
const char *journal_content_json(struct ledger *l, struct stored *s);
void journal_put_document(struct ledger *l, struct json *j, struct stored *s);
/* The hash of a row, given the one before; @ctx is an EVP_MD_CTX to work with. */
struct evp_md_ctx_st;
void journal_hash(struct evp_md_ctx_st *ctx, const unsigned char before[32],
	int64_t seq, msec_t at, int64_t event, int64_t task, const char *name,
	const char *subject, const char *organ, const char *data, size_t data_n,
	unsigned char ret_hash[32]);
int journal_document(struct ledger *l, struct stored *s, struct err *e);
int journal_task(struct ledger *l, const char *name, const struct task *task,
	int64_t event, struct err *e);

/* ---- judge.c and its four steps: what an event touches is judged again */

/* A task whose place in its chain is known already. */
struct slotted {
	int64_t task;
	const struct plan_slot *slot; /* NULL: it was withdrawn */
};

/* A reply whose links changed; told about after the folds. */
struct reply_change {
	struct stored *reply;
	struct link_verdict *verdict;
	int64_t suggestion; /* 0: none */
};

/* The work of one apply: each step fills what the next ones do. */
struct work {
	id_list mentioners; /* events that mention a name which gained a document */
	bool fresh_judged;  /* what has just arrived was linked already */
	bool by_table; /* M6: the organ table changed; that unmakes no link to a task */
	id_list mates; /* of what has just arrived, on its thread: they are linked */
	size_t mates_at; /* … before the mentioners from this one on */
	id_list chains;  /* documents whose chain is to be planned (again) */
	id_list moved;   /* documents whose chain stands otherwise than before */
	id_list due;     /* of these, the ones this round plans, in key order */
	id_list planned; /* documents whose chain this round has planned */
	id_list tasks;   /* tasks to fold */
	LIST_OF(int64_t) inheritors; /* what replaces a reply whose links changed */
	id_list made;                /* tasks made */
	bool fresh_owes; /* what has just arrived has tasks: made of it, or another's */
	id_list unmade;  /* of these, the ones a later round has withdrawn */
	id_list forced;  /* tasks to write though the fold finds them the same */
	id_list revived; /* tasks that were withdrawn and are owed again */
	const char
		*named; /* what a change is called, where an act says so; else NULL */
	LIST_OF(struct slotted) slots;
	LIST_OF(struct reply_change) replies;
};

/* Judge @s, which has just arrived, and everything that changes by it. Its outcome is
 * stored; a refusal (B5) gives *@ret_refused, and nothing of it counts. */
int judge_arrival(struct ledger *l, struct stored *s, id_list *ret_made,
	bool *ret_refused, struct err *e);
/* Can others call it by name? */
bool judge_bears_names(const struct stored *s);
/* Judge @events again, as if they had just come (M6: a changed organ table). */
int judge_again(struct ledger *l, const id_list *events, struct err *e);
/* The tasks of @s are others than before: whoever mentions @s, or stands after it on
 * its thread, is to be judged in @w (again). */
int judge_wake(struct ledger *l, struct work *w, struct stored *s, struct err *e);

/* The four steps over what @w names already. */
int judge_work(struct ledger *l, struct work *w, struct err *e);

/* amend.c (B1, B5): what recalls, updates, replacements and withdrawals are about. */
bool amend_applies(const struct stored *s); /* is it one of these? */
int amend_link(struct ledger *l, struct work *w, struct stored *s, bool *ret_refused,
	struct err *e);
bool amend_is_role(enum link_role role);
/* The document that stands for @s: itself or its last replacement; *@ret_recalled when
 * that one was recalled or withdrawn. */
int amend_end(struct ledger *l, struct stored *s, struct stored **ret_end,
	bool *ret_recalled, struct err *e);

/* chain.c (T1-T5, B2, B3): plan a chain and bring its tasks into line. */
int chain_plan(struct ledger *l, struct work *w, int64_t document, struct err *e);
/* The documents connected with @document by updates, replacements and recalls, itself
 * among them. */
int chain_members(struct ledger *l, int64_t document, id_list *members, struct err *e);
/* The slot of @row in its chain as the ledger stands; @whole: planned, not read back
 * from the row, whose deadline may be an act's. NULL when the plan has none for it:
 * then the chain is to be planned again. */
int chain_slot(struct ledger *l, const struct task_row *row, bool whole,
	const struct plan_slot **ret_slot, struct err *e);

/* act.c: what people did to a task. */
struct act_row {
	int64_t id;
	msec_t at;
	enum act_kind kind;
	day_t due_on, done_on;
	int64_t event; /* undo: the document whose link is void */
	int64_t from;  /* enum task_state it was done from; -1: not known */
	const char *organ, *by, *reason;
};
typedef LIST_OF(struct act_row) act_list;
int act_list_of(struct ledger *l, int64_t task, act_list *list, struct err *e);

/* reply.c (M1-M9): link a reply, draft, status, read event or opinion. */
bool reply_applies(struct ledger *l, struct stored *s);
int reply_link(struct ledger *l, struct work *w, struct stored *s, struct err *e);
int reply_tell(struct ledger *l, struct work *w, struct err *e);
/* B5: @s was refused after all; its links and its case on the confirm list go. */
int reply_unlink(struct ledger *l, struct work *w, struct stored *s, struct err *e);
/* Is the thread mate of @row by the one that @s is from? */
bool reply_is_by_sender(
	struct ledger *l, const struct name_row *row, const struct stored *s);
/* T4: the thread holds an assignment by someone else that stands before @s; those of
 * @except (NULL: none) are not looked at. */
int reply_on_thread(struct ledger *l, struct stored *s, const id_list *except,
	id_list *ret_documents, struct err *e);
/* T8: can @s send a task on? @s->event must be there. */
bool reply_may_forward(struct ledger *l, const struct stored *s);
/* T8: the sender's task that @s sends on to its own sub-units, 0: none. It stands
 * before @s, and in another chain: a plan does not read what it is about to write. */
int reply_forwards(
	struct ledger *l, struct stored *s, int64_t *ret_task, struct err *e);

/* place.c: which document stands before which. */

/* The key of @s by what it is and when it was issued, as if it replaced nothing. */
struct act_key place_issued(struct ledger *l, struct stored *s, struct err *e);
/* T4, T8: does @a stand before @b, and act before it? Then @b may look at its tasks. */
int place_before(struct ledger *l, struct stored *a, struct stored *b, bool *ret_before,
	struct err *e);
/* Of two replacements: does @a count before @b? */
int place_counts_before(struct ledger *l, struct stored *a, struct stored *b,
	bool *ret_before, struct err *e);
/* Bring @documents into the order in which they stand. */
int place_sort(struct ledger *l, id_list *documents, struct err *e);
/* What replaces what has changed. */
void place_forget(struct ledger *l);

/* decide.c: what a person decided about @s's case replaces the suggestions. */
int decision_apply(struct ledger *l, const struct stored *s, struct link_verdict *v,
	struct err *e);

/* settle.c: fold tasks and write the difference. */
int settle_tasks(struct ledger *l, struct work *w, int64_t event, struct err *e);
/* What is stored of a task's @content: NULL when it is its @origin's. */
const char *settle_own_content(const char *content, const struct stored *origin);
int settle_task_create(struct ledger *l, const struct plan_slot *slot, int64_t event,
	int64_t *ret_id, struct err *e);
/* The task of @row is @slot's now: whose it is, its code, content, coordinating organs.
 */
int settle_task_adopt(struct ledger *l, struct work *w, const struct task_row *row,
	const struct plan_slot *slot, struct err *e);
int settle_task_withdraw(
	struct ledger *l, struct task_row *row, int64_t event, struct err *e);
int settle_outcome(struct ledger *l, struct stored *s, enum outcome outcome,
	const char *judgement, struct err *e);

/* ---- status.c: how far a document has come, told to whoever sent it */

int status_open(struct ledger *l, struct err *e);
/* @s came by @adapter, first or again. */
int status_came(
	struct ledger *l, const struct stored *s, const char *adapter, struct err *e);
/* @task changed; @document was reported on. */
void status_touch_task(struct ledger *l, const struct task *task);
void status_touch(struct ledger *l, int64_t document);
/* At the end of whatever changed something: tell what follows from it. */
int status_settle(struct ledger *l, struct err *e);

/* ---- quarantine.c */

struct quarantined {
	int64_t event;
	const struct stored *document; /* NULL: it could not be read */
	const char *code, *message;    /* why */
};
int quarantine_add(struct ledger *l, const struct quarantined *q,
	const struct arrival *a, int64_t *ret_id, struct err *e);
/* B5: @s, which came as @a, was not its sender's to send. */
int quarantine_add_refused(struct ledger *l, const struct stored *s,
	const struct arrival *a, int64_t *ret_id, struct err *e);
int quarantine_raw_hash(
	const struct arrival *a, unsigned char ret_hash[32], struct err *e);
extern const char quarantine_not_issuer[], quarantine_not_issuer_says[];
/* INV-3: a conflict's bytes are kept aside; told to nobody. */
int quarantine_keep_conflict(struct ledger *l, int64_t event, const struct arrival *a,
	int64_t *ret_id, struct err *e);
/* B5, found out later: @s is set aside; its event form stands in for the bytes. */
int quarantine_refused(struct ledger *l, struct stored *s, struct err *e);
/* ... and that it is in order after all: its own document has come. */
int quarantine_settle(struct ledger *l, const struct stored *s, struct err *e);
/* The open or settled quarantine row with the same bytes; 0: none. */
int quarantine_find(struct ledger *l, const unsigned char hash[32], int64_t *ret_id,
	int64_t *ret_event, struct err *e);
