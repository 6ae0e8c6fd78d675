/*
 * Fold tasks and write the difference: the task row, its journal row, what is to be
 * told. Nothing is written where nothing changed.
 */
#include "gateway/ledger/internal.h"

#include <string.h>

#include "gateway/base/text.h"
#include "gateway/rules/names.h"

enum { STATUS_REFUSED = 2, STATUS_ASSIGNED = 4, STATUS_HANDLING = 5, STATUS_DONE = 6 };

int settle_outcome(struct ledger *l, struct stored *s, enum outcome outcome,
	const char *judgement, struct err *e)
{
	if (s->outcome == outcome && !judgement)
		return 0;
	s->outcome = outcome;
	if (s == l->unwritten.event) {
		l->unwritten.judgement = judgement ? judgement : l->unwritten.judgement;
		return 0;
	}
	return db_run(&l->db, Q_EVENT_OUTCOME,
		"UPDATE event SET outcome = ?, judgement = coalesce(?, judgement) "
		"WHERE id = ?",
		e, "iti", (int64_t)outcome, judgement, s->id);
}

/* A JSON list of organ ids; NULL for an empty one. */
static const char *coordinating_json(struct ledger *l, const text_list *organs)
{
	cleanup_buf struct buf text = {0};
	struct json j = {.out = &text};

	if (!organs || !organs->n)
		return NULL;
	json_open(&j, '[');
	for (size_t i = 0; i < organs->n; i++)
		json_text(
			&j, organ_main_id(l->options.organs, organs->at[i], DAY_NONE));
	json_close(&j, ']');
	return arena_dup(&l->arena, buf_text(&text));
}

const char *settle_own_content(const char *content, const struct stored *origin)
{
	return content && (!origin->content || strcmp(content, origin->content) != 0)
		       ? content
		       : NULL;
}

/* B3: what @row asks for, as its chain says: by the replacement it follows (@moved), or
 * as it was assigned. False: the chain is not known, and it is what stands there. */
static bool asks_for(struct ledger *l, const struct plan_slot *slot,
	const struct plan_step *moved, const char **ret_content,
	const char **ret_coordinating)
{
	if (!slot->coordinating)
		return false;
	*ret_content = moved ? moved->content : slot->content;
	*ret_coordinating =
		coordinating_json(l, moved ? moved->coordinating : slot->coordinating);
	return true;
}

/* Bring what @row asks for into line; *@ret_changed when it was something else. */
static int settle_words(struct ledger *l, const struct task_row *row,
	const struct plan_slot *slot, const struct plan_step *moved, struct task *after,
	bool *ret_changed, struct err *e)
{
	const char *content, *coordinating;

	*ret_changed = false;
	if (!asks_for(l, slot, moved, &content, &coordinating) ||
		(text_same(row->task.content, content) &&
			text_same(row->task.coordinating, coordinating)))
		return 0;
	struct stored *origin = store_load(l, row->origin, e);

	if (!origin)
		return -1;
	*ret_changed = true;
	after->content = content;
	after->content_json = NULL;
	after->coordinating = coordinating;
	store_task_changed(l, row->task.id);
	return db_run(&l->db, Q_TASK_WORDS,
		"UPDATE task SET coordinating = ?, content = ? WHERE id = ?", e, "tti",
		coordinating, settle_own_content(content, origin), row->task.id);
}

int settle_task_adopt(struct ledger *l, struct work *w, const struct task_row *row,
	const struct plan_slot *slot, struct err *e)
{
	store_task_changed(l, row->task.id);
	/* At once: the replies that are linked next must see it. */
	if (row->task.state == TASK_WITHDRAWN) {
		id_list_add(&l->arena, &w->revived, row->task.id);
		if (db_run(&l->db, Q_TASK_REVIVE,
			    "UPDATE task SET state = 0 WHERE id = ?", e, "i",
			    row->task.id) != 0)
			return -1;
	}
	if (row->origin == slot->origin && row->via == slot->via &&
		row->ordinal == slot->ordinal && row->task.parent == slot->parent &&
		text_same(row->task.code, slot->code))
		return 0;
	struct stored *origin = store_load(l, slot->origin, e);

	if (!origin)
		return -1;
	/* What it asks for the fold says; until then that stays what it was. */
	const char *own = settle_own_content(row->task.content, origin);

	if (row->task.parent != slot->parent ||
		!text_same(row->task.content, own ? own : origin->content))
		id_list_add(&l->arena, &w->forced, row->task.id);
	return db_run(&l->db, Q_TASK_ADOPT,
		"UPDATE task SET origin = ?, via = ?, ordinal = ?, parent = ?, "
		"code = ?, content = ? WHERE id = ?",
		e, "iiintti", slot->origin, slot->via, (int64_t)slot->ordinal,
		slot->parent ? slot->parent : INT64_MIN, slot->code, own, row->task.id);
}

int settle_task_create(struct ledger *l, const struct plan_slot *slot, int64_t event,
	int64_t *ret_id, struct err *e)
{
	struct stored *origin = store_load(l, slot->origin, e);

	if (!origin)
		return -1;
	const char *own = settle_own_content(slot->content, origin);
	struct task task = {
		.id = l->next_task,
		.kind = slot->kind,
		.document = {.id = origin->id,
			.document_id = origin->document_id,
			.code = origin->code,
			.from = origin->issuer_main,
			.subject = origin->subject,
			.issued_on = origin->issued_on,
			.json = journal_document_json(l, origin)},
		.lead = slot->lead,
		.coordinating = coordinating_json(l, slot->coordinating),
		.content = slot->content,
		.content_json =
			slot->content && !own ? journal_content_json(l, origin) : NULL,
		.due_on = slot->due.on,
		.due_source = slot->due.source,
		.due_flags = slot->due.flags,
		.parent = slot->parent,
		.proposed_due_on = slot->proposed_due_on,
		.revision = 1,
		.completed_on = DAY_NONE,
	};

	if (db_run(&l->db, Q_TASK_ADD,
		    "INSERT INTO task (id, origin, via, ordinal, document, kind, "
		    "parent, lead, "
		    "coordinating, code, content, due_on, due_source, due_flags, "
		    "proposed_due_on, state, revision, flags, rung, room) "
		    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 1, 0, "
		    "0, " TASK_ROOM ")",
		    e, "iiiiiinttttdiid", task.id, slot->origin, slot->via,
		    (int64_t)slot->ordinal, slot->origin, (int64_t)slot->kind,
		    slot->parent ? slot->parent : INT64_MIN, slot->lead,
		    task.coordinating, slot->code, own, task.due_on,
		    (int64_t)task.due_source, (int64_t)task.due_flags,
		    task.proposed_due_on) != 0)
		return -1;
	l->next_task++;
	*ret_id = task.id;
	return journal_task(l, "task.assigned", &task, event, e);
}

int settle_task_withdraw(
	struct ledger *l, struct task_row *row, int64_t event, struct err *e)
{
	struct task *task = &row->task;

	task->state = TASK_WITHDRAWN;
	task->revision++;
	task->completed_on = DAY_NONE;
	memset(&task->closed_by, 0, sizeof(task->closed_by));
	return store_task_save(l, task, e) == 0
		       ? journal_task(l, "task.withdrawn", task, event, e)
		       : -1;
}

struct facts {
	LIST_OF(struct fold_fact) list;
	struct fold_marks marks;
	act_list acts;
};

static struct act_key answer_key(struct ledger *l, const struct stored *s, day_t day)
{
	const char *code = name_fold_code(&l->arena, s->code ? s->code : "");

	return (struct act_key){.day = day,
		.rank = RANK_ANSWER,
		.number = name_number(code),
		.identity = ARENA_JOIN(
			&l->arena, s->issuer, " ", s->document_id, " ", code)};
}

/* M10: a person said that this document's link is wrong. */
static bool is_undone(const struct facts *facts, int64_t event, int64_t stands_for)
{
	for (size_t i = 0; i < facts->acts.n; i++)
		if (facts->acts.at[i].kind == ACT_KIND_UNDO &&
			(facts->acts.at[i].event == event ||
				facts->acts.at[i].event == stands_for))
			return true;
	return false;
}

static void add_acts(struct ledger *l, struct facts *facts)
{
	for (size_t i = 0; i < facts->acts.n; i++) {
		const struct act_row *act = &facts->acts.at[i];

		if (act->kind == ACT_KIND_UNDO)
			continue;
		*LIST_ADD(&l->arena, &facts->list) = (struct fold_fact){
			.kind = FOLD_ACT,
			.key = {.day = day_of(act->at),
				.rank = RANK_ACT,
				.number = act->at,
				.identity = arena_printf(
					&l->arena, "act %lld", (long long)act->id)},
			.act = act->kind,
			.due_on = act->kind == ACT_KIND_ACCEPT_HAND_BACK ? DAY_NONE
									 : act->due_on,
			.done_on = act->done_on};
	}
}

/* The day a document was issued, a status or an opinion given. */
static int day_said(struct ledger *l, struct stored *s, day_t *ret_day, struct err *e)
{
	*ret_day = s->issued_on;
	if (s->kind == EVENT_DOCUMENT)
		return 0;
	const struct event *ev = store_event(l, s, e);

	if (!ev)
		return -1;
	msec_t at = s->kind == EVENT_STATUS ? ev->status.at : ev->at;

	*ret_day = at == MSEC_NONE ? DAY_NONE : day_of(at);
	return 0;
}

/* The first day on which @s was recalled. */
static int recall_day(
	struct ledger *l, const struct stored *s, day_t *ret_day, struct err *e)
{
	link_list links = {0};

	*ret_day = DAY_NONE;
	if (store_links(l, s->id, 0, &links, e) != 0)
		return -1;
	for (size_t i = 0; i < links.n; i++) {
		if (links.at[i].role != LINK_RECALL)
			continue;
		struct stored *recall = store_load(l, links.at[i].event, e);
		const struct event *ev = recall ? store_event(l, recall, e) : NULL;

		if (!ev)
			return -1;
		day_t day = order_amend_day(recall->issued_on, ev->first_hop_on,
			recall->arrived_on,
			order_issue_day(s->issued_on, s->arrived_on));

		if (*ret_day == DAY_NONE || day < *ret_day)
			*ret_day = day;
	}
	return 0;
}

/* An answer that came after a person had acted that day was not what they acted on: it
 * counts after the act, though the key's ranks would put it before. */
static void after_acts_of_its_day(
	const struct facts *facts, const struct stored *s, struct act_key *key)
{
	for (size_t i = 0; i < facts->acts.n; i++) {
		msec_t acted_at = facts->acts.at[i].at;

		if (day_of(acted_at) != key->day || acted_at > s->arrived_at)
			continue;
		key->rank = RANK_ACT;
		key->number = s->arrived_at;
	}
}

/* An answer, interim reply or request; of a recalled one only that it once stood. */
static int add_reply(struct ledger *l, struct facts *facts, const struct link_row *link,
	const struct stored *origin, struct err *e)
{
	static const enum fold_fact_kind kinds[] = {[LINK_ANSWER] = FOLD_ANSWER,
		[LINK_INTERIM] = FOLD_INTERIM,
		[LINK_EXTENSION] = FOLD_EXTENSION,
		[LINK_HAND_BACK] = FOLD_HAND_BACK,
		[LINK_GUIDANCE] = FOLD_GUIDANCE};
	struct stored *s = store_load(l, link->event, e), *end;
	struct fold_fact fact = {
		.rung = (enum rung)link->rung, .document = link->event};
	bool recalled;

	if (!s || amend_end(l, s, &end, &recalled, e) != 0)
		return -1;
	if (s->outcome == OUTCOME_QUARANTINED || is_undone(facts, s->id, end->id))
		return 0;
	if (recalled && link->role != LINK_ANSWER)
		return 0;
	/* M7: a draft that was withdrawn leaves nothing of what it did. */
	facts->marks.lifted |= recalled && s->stage != STAGE_DRAFT;
	day_t said_on;

	if (day_said(l, s, &said_on, e) != 0 ||
		(recalled && recall_day(l, end, &fact.until, e) != 0))
		return -1;
	fact.kind = recalled ? FOLD_RECALLED : kinds[link->role];
	fact.closed_by = end->id;
	fact.key = answer_key(l, s,
		fold_answer_day(
			said_on, s->arrived_on, origin->issued_on, &fact.date_flagged));
	after_acts_of_its_day(facts, s, &fact.key);
	*LIST_ADD(&l->arena, &facts->list) = fact;
	return 0;
}

static int add_draft(struct ledger *l, struct facts *facts, const struct link_row *link,
	struct err *e)
{
	struct stored *s = store_load(l, link->event, e), *end;
	bool withdrawn;

	if (!s || amend_end(l, s, &end, &withdrawn, e) != 0)
		return -1;
	facts->marks.lifted |= !withdrawn;
	return 0;
}

static void add_status(struct facts *facts, int code)
{
	switch (code) {
	case STATUS_REFUSED:
		facts->marks.flags |= TASK_FLAG_REFUSED;
		return;
	case STATUS_ASSIGNED:
	case STATUS_HANDLING:
		facts->marks.lifted = true;
		return;
	case STATUS_DONE:
		facts->marks.flags |= TASK_FLAG_CLAIMED_DONE;
		return;
	default:
		return;
	}
}

static int add_links(struct ledger *l, struct facts *facts, int64_t document,
	const struct task_row *row, const struct stored *origin, struct err *e)
{
	link_list links = {0};

	if (store_links(l, document, row->task.id, &links, e) != 0)
		return -1;
	for (size_t i = 0; i < links.n; i++) {
		const struct link_row *link = &links.at[i];
		int result = 0;

		if (link->role >= LINK_ANSWER && link->role <= LINK_GUIDANCE)
			result = add_reply(l, facts, link, origin, e);
		else if (link->role == LINK_DRAFT)
			result = add_draft(l, facts, link, e);
		else if (link->role == LINK_STATUS)
			add_status(facts, link->rung);
		else if (link->role == LINK_RIVAL)
			facts->marks.flags |= TASK_FLAG_RIVAL;
		if (result != 0)
			return -1;
	}
	return 0;
}

/* Links may hang on the origin and on every document the task has moved to. */
static int gather_facts(struct ledger *l, struct facts *facts,
	const struct task_row *row, const struct plan_slot *slot, struct err *e)
{
	struct stored *origin = store_load(l, row->origin, e);

	if (!origin || add_links(l, facts, row->origin, row, origin, e) != 0)
		return -1;
	add_acts(l, facts);
	for (size_t i = 0; i < slot->steps.n; i++)
		if (slot->steps.at[i].act == PLAN_MOVED &&
			add_links(l, facts, slot->steps.at[i].document, row, origin,
				e) != 0)
			return -1;
	return 0;
}

/* The event's name for the step from @before to @after. */
static const char *name_of_change(const struct task *before, const struct task *after)
{
	static const char *const names[] = {[TASK_ASSIGNED] = "task.reopened",
		[TASK_IN_PROGRESS] = "task.in_progress",
		[TASK_REPORTED] = "task.reported",
		[TASK_COMPLETED] = "task.completed",
		[TASK_HANDED_BACK] = "task.handed_back",
		[TASK_CANCELLED] = "task.cancelled",
		[TASK_WITHDRAWN] = "task.withdrawn"};

	if (before->state == after->state)
		return "task.updated";
	if (after->state == TASK_IN_PROGRESS && before->state != TASK_ASSIGNED)
		return "task.reopened";
	return names[after->state];
}

static int fill_documents(
	struct ledger *l, struct task *task, const struct fold_result *r, struct err *e)
{
	struct stored *document = store_load(l, r->document, e), *closer = NULL;

	if (!document || (r->closed_by && !(closer = store_load(l, r->closed_by, e))))
		return -1;
	task->document.id = document->id;
	task->document.document_id = document->document_id;
	task->document.code = document->code;
	task->document.subject = document->subject;
	task->document.issued_on = document->issued_on;
	task->document.from = document->issuer_main;
	task->document.json = journal_document_json(l, document);
	task->closed_by.document = r->closed_by;
	task->closed_by.document_id = closer ? closer->document_id : NULL;
	task->closed_by.code = closer ? closer->code : NULL;
	task->closed_by.rung = r->closed_by ? r->rung : RUNG_NONE;
	return 0;
}

static bool is_same(const struct task *a, const struct task *b)
{
	return a->document.id == b->document.id && a->due_on == b->due_on &&
	       a->due_source == b->due_source && a->due_flags == b->due_flags &&
	       a->proposed_due_on == b->proposed_due_on && a->state == b->state &&
	       a->flags == b->flags && a->completed_on == b->completed_on &&
	       a->closed_by.document == b->closed_by.document &&
	       a->closed_by.rung == b->closed_by.rung;
}

static int settle_task(struct ledger *l, struct work *w, int64_t id,
	const struct plan_slot *slot, int64_t event, struct err *e)
{
	struct task_row *row = store_task(l, id, e);
	struct facts facts = {0};
	struct fold_result r;

	if (row && id_list_has(&w->revived, id))
		row->task.state = TASK_WITHDRAWN;
	if (!row || (!slot && row->task.state == TASK_WITHDRAWN))
		return row ? 0 : -1;
	if (act_list_of(l, id, &facts.acts, e) != 0 ||
		(!slot && chain_slot(l, row, facts.acts.n > 0, &slot, e) != 0))
		return -1;
	/* Its chain is not what was planned last: first the plan, then the fold. */
	if (!slot) {
		id_list_add(&l->arena, &w->chains, row->origin);
		return 0;
	}
	if (gather_facts(l, &facts, row, slot, e) != 0)
		return -1;
	struct stored *origin = store_load(l, row->origin, e);

	if (!origin)
		return -1;
	fold_task(slot, facts.list.at, facts.list.n, &facts.marks,
		origin->policy & PLAN_CONFIRMATION_REQUIRED, &r);
	struct task after = row->task;

	after.due_on = r.due.on;
	after.due_source = r.due.source;
	after.due_flags = r.due.flags;
	after.proposed_due_on = r.proposed_due_on;
	after.state = r.state;
	after.flags = r.flags;
	after.completed_on = r.completed_on;
	bool reworded;

	if (fill_documents(l, &after, &r, e) != 0 ||
		settle_words(l, row, slot, r.moved, &after, &reworded, e) != 0)
		return -1;
	if (is_same(&row->task, &after) && !reworded && !id_list_has(&w->forced, id))
		return 0;
	after.revision++;
	if (store_task_save(l, &after, e) != 0)
		return -1;
	return journal_task(l, w->named ? w->named : name_of_change(&row->task, &after),
		&after, event, e);
}

int settle_tasks(struct ledger *l, struct work *w, int64_t event, struct err *e)
{
	if (store_write_event(l, e) != 0)
		return -1;
	for (size_t i = 0; i < w->tasks.n; i++) {
		const struct plan_slot *slot = NULL;

		for (size_t k = 0; k < w->slots.n; k++)
			if (w->slots.at[k].task == w->tasks.at[i])
				slot = w->slots.at[k].slot;
		if (settle_task(l, w, w->tasks.at[i], slot, event, e) != 0)
			return -1;
	}
	return 0;
}
