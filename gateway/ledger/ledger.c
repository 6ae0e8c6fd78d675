/*
 * Taking one event in: its outcome (INV-2), its row, its names, and then what the rules
 * make of it. The invariants are listed in ledger.h.
 */
#include "gateway/ledger/ledger.h"

#include <stdlib.h>
#include <string.h>

#include "gateway/base/mem.h"
#include "gateway/base/text.h"
#include "gateway/ledger/internal.h"

const char *const outcome_words[6] = {
	"applied", "duplicate", "conflict", "parked", "quarantined", "restricted"};

/* M1: one thread is one source system's. */
static const char *thread_of(
	struct ledger *l, const struct event *ev, const char *adapter)
{
	if (!ev->thread_id)
		return NULL;
	return ARENA_JOIN(&l->arena,
		text_fold(&l->arena, ev->source ? ev->source : adapter), "\n",
		ev->thread_id);
}

static const char *code_of(struct ledger *l, const struct event *ev)
{
	if (ev->code.number && ev->code.notation)
		return ARENA_JOIN(&l->arena, ev->code.number, "/", ev->code.notation);
	return ev->code.number ? ev->code.number : ev->code.notation;
}

/* An arrival that leaves no document: a duplicate, a conflict, a restricted one, bytes
 * that could not be read. */
static int add_small(struct ledger *l, const struct arrival *a, enum outcome outcome,
	const char *document_id, int64_t first, int64_t *ret_id, struct err *e)
{
	*ret_id = l->next_event;
	if (db_run(&l->db, Q_EVENT_ADD_SMALL,
		    "INSERT INTO event (id, outcome, arrived_at, adapter, first, "
		    "document_id) "
		    "VALUES (?, ?, ?, ?, ?, ?)",
		    e, "iiitnt", *ret_id, (int64_t)outcome, a->at, a->adapter,
		    first ? first : INT64_MIN, document_id) != 0)
		return -1;
	l->next_event++;
	return 0;
}

/* NULL and @e on a fault. */
static struct stored *stored_from(struct ledger *l, const struct arrival *a,
	const char *code, const char *thread, struct err *e)
{
	const struct event *ev = a->event;
	struct stored *s = arena_alloc(&l->arena, sizeof(*s));
	unsigned policy;

	if (policy_keep(l, a->policy, ev, &policy, e) != 0)
		return NULL;
	*s = (struct stored){.id = l->next_event,
		.outcome = OUTCOME_APPLIED,
		.arrived_at = a->at,
		.arrived_on = day_of(a->at),
		.adapter = a->adapter,
		.kind = ev->kind,
		.stage = ev->stage,
		.business = ev->business,
		.issuer = ev->from.organ_id,
		.issuer_main = organ_main_id(
			l->options.organs, ev->from.organ_id, ev->issued_on),
		.issued_on = ev->issued_on,
		.policy = policy,
		.document_id = ev->document_id,
		.code = code,
		.subject = ev->subject,
		.content = ev->content,
		.thread = thread,
		.traceparent = a->traceparent,
		.event = ev};
	store_remember(l, s);
	return s;
}

static int compare_ids(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static void answer_tasks(struct ledger_answer *answer, id_list *made)
{
	if (made->n)
		qsort(made->at, made->n, sizeof(*made->at), compare_ids);
	answer->tasks = made->at;
	answer->tasks_n = made->n;
}

static int add_identity_name(struct ledger *l, const struct stored *s, struct err *e)
{
	unsigned char hash[32];

	if (!identity_hash(l, s->event, hash))
		return 0;
	return store_name_add(l,
		&(struct name_row){.key = key_identity(hash),
			.role = NAME_IDENTITY,
			.issued_on = DAY_NONE,
			.event = s->id},
		e);
}

static int refuse(struct ledger *l, const struct arrival *a, const struct stored *s,
	struct ledger_answer *answer, struct err *e)
{
	answer->outcome = OUTCOME_QUARANTINED;
	answer->error_code = quarantine_not_issuer;
	answer->error_message = quarantine_not_issuer_says;
	return quarantine_add_refused(l, s, a, &answer->quarantine, e);
}

static int apply_new(struct ledger *l, const struct arrival *a, const char *code,
	const char *thread, struct ledger_answer *answer, struct err *e)
{
	struct stored *s = stored_from(l, a, code, thread, e);
	id_list made = {0};
	bool refused;

	if (!s)
		return -1;
	l->event = l->fresh = s->id;
	l->next_event++;
	l->unwritten.event = s;
	if (keys_store(l, s, e) != 0 || add_identity_name(l, s, e) != 0 ||
		judge_arrival(l, s, &made, &refused, e) != 0 ||
		store_write_event(l, e) != 0)
		return -1;
	answer->document = s->id;
	if (status_came(l, s, a->adapter, e) != 0)
		return -1;
	if (refused)
		return refuse(l, a, s, answer, e);
	answer->outcome = s->outcome;
	answer_tasks(answer, &made);
	return 0;
}

/* INV-3: a duplicate is answered like the first time. */
static int answer_like_first(struct ledger *l, const struct stored *first,
	struct ledger_answer *answer, struct err *e)
{
	task_list rows = {0};
	id_list made = {0};

	answer->document = first->id;
	answer->quarantine = first->quarantine;
	if (first->outcome == OUTCOME_QUARANTINED) {
		answer->error_code = quarantine_not_issuer;
		answer->error_message = quarantine_not_issuer_says;
	}
	if (store_tasks_of_origin(l, first->id, &rows, e) != 0)
		return -1;
	for (size_t i = 0; i < rows.n; i++)
		id_list_add(&l->arena, &made, rows.at[i].task.id);
	answer_tasks(answer, &made);
	return 0;
}

/* One paper, two carriers: what the first gained is judged like an arrival. */
static int apply_merged(struct ledger *l, int64_t first, struct err *e)
{
	id_list made = {0};
	bool refused;

	store_unsee(l);
	struct stored *s = store_load(l, first, e);

	if (!s || !store_event(l, s, e))
		return -1;
	l->event = first;
	return keys_store(l, s, e) == 0 ? judge_arrival(l, s, &made, &refused, e) : -1;
}

static int apply_known(struct ledger *l, const struct arrival *a, struct stored *first,
	enum identity_result found, struct ledger_answer *answer, struct err *e)
{
	int64_t id, first_id = first->id;

	answer->outcome =
		found == IDENTITY_CONFLICT ? OUTCOME_CONFLICT : OUTCOME_DUPLICATE;
	if (add_small(l, a, answer->outcome, a->event->document_id, first_id, &id, e) !=
		0)
		return -1;
	if (found == IDENTITY_CONFLICT) {
		answer->document = first_id;
		answer->error_code = "event.conflict";
		answer->error_message = "a document of the same identity with other "
					"content stands; this one is kept aside";
		return quarantine_keep_conflict(l, id, a, &answer->quarantine, e);
	}
	if (found == IDENTITY_MERGED && apply_merged(l, first_id, e) != 0)
		return -1;
	first = store_load(l, first_id, e);
	return first && status_came(l, first, a->adapter, e) == 0
		       ? answer_like_first(l, first, answer, e)
		       : -1;
}

static int apply_event(struct ledger *l, const struct arrival *a,
	struct ledger_answer *answer, struct err *e)
{
	const char *code = code_of(l, a->event);
	const char *thread = thread_of(l, a->event, a->adapter);
	struct stored *first = NULL;
	enum identity_result found =
		identity_find(l, a->event, code, day_of(a->at), thread, &first, e);

	switch (found) {
	case IDENTITY_FAULT:
		return -1;
	case IDENTITY_NEW:
		return apply_new(l, a, code, thread, answer, e);
	case IDENTITY_DUPLICATE:
	case IDENTITY_MERGED:
	case IDENTITY_CONFLICT:
		break;
	}
	return apply_known(l, a, first, found, answer, e);
}

static int apply_unreadable(struct ledger *l, const struct arrival *a,
	struct ledger_answer *answer, struct err *e)
{
	unsigned char hash[32];
	int64_t first, id;

	answer->error_code = a->error_code;
	answer->error_message = a->error_message;
	answer->error_line = a->error_line;
	answer->error_column = a->error_column;
	if (quarantine_raw_hash(a, hash, e) != 0 ||
		quarantine_find(l, hash, &answer->quarantine, &first, e) != 0)
		return -1;
	if (answer->quarantine) {
		answer->outcome = OUTCOME_DUPLICATE;
		return add_small(l, a, OUTCOME_DUPLICATE, NULL, first, &id, e);
	}
	answer->outcome = OUTCOME_QUARANTINED;
	if (add_small(l, a, OUTCOME_QUARANTINED, NULL, 0, &id, e) != 0)
		return -1;
	struct quarantined q = {
		.event = id, .code = a->error_code, .message = a->error_message};

	return quarantine_add(l, &q, a, &answer->quarantine, e);
}

/* X1: only where from, which id, when, and that it was refused. */
static int apply_restricted(struct ledger *l, const struct arrival *a,
	struct ledger_answer *answer, struct err *e)
{
	int64_t id;

	answer->outcome = OUTCOME_RESTRICTED;
	return add_small(l, a, OUTCOME_RESTRICTED,
		a->event ? a->event->document_id : NULL, 0, &id, e);
}

int ledger_apply(struct ledger *l, const struct arrival *a,
	struct ledger_answer *ret_answer, struct err *e)
{
	struct ledger_answer answer = {0};
	int result;

	store_forget(l);
	l->now = l->replayed_at ? l->replayed_at : a->at;
	l->event = l->fresh = 0;
	l->fresh_linked = false;
	l->unwritten.event = NULL;
	l->unwritten.judgement = NULL;
	if (a->restricted)
		result = apply_restricted(l, a, &answer, e);
	else if (a->event && !a->error_code)
		result = apply_event(l, a, &answer, e);
	else
		result = apply_unreadable(l, a, &answer, e);
	if (result != 0 || status_settle(l, e) != 0)
		return err_wrap(e, "ledger");
	*ret_answer = answer;
	return 0;
}
