/* M1 to M9: what a reply answers. The candidates are looked up here, judged by
 * gateway/rules/link.h, and the difference to what was linked before is written. */
#include "gateway/ledger/reply.h"

#include <string.h>

#include "gateway/base/text.h"
#include "gateway/rules/names.h"

enum { STATUS_ARRIVED = 1, STATUS_ACCEPTED = 3 };

bool reply_applies(struct ledger *l, struct stored *s)
{
	const struct event *ev = s->event;

	if (s->kind != EVENT_DOCUMENT)
		return true;
	store_citations(l, s);
	return (s->business == BUSINESS_NEW || s->business == BUSINESS_REPLACE) &&
	       s->stage != STAGE_WITHDRAWN &&
	       (s->thread || ev->response_for.n || ev->response_for_tasks.n ||
		       s->citations_n);
}

static int has_tasks(struct ledger *l, int64_t document, bool *ret_has, struct err *e)
{
	struct sqlite3_stmt *row = db_query(&l->db, Q_EVENT_TASKS,
		"SELECT 1 FROM task WHERE origin = ? AND state <> 6 LIMIT 1", e, "i",
		document);

	if (!row)
		return -1;
	enum db_step step = db_next(&l->db, row, e);

	*ret_has = step == DB_ROW;
	db_reset(row);
	return step == DB_FAULT ? -1 : 0;
}

bool reply_is_by_sender(
	struct ledger *l, const struct name_row *row, const struct stored *s)
{
	return organ_same(l->options.organs, row->issuer,
		row->issued_on ? row->issued_on : DAY_NONE, s->issuer, s->issued_on);
}

int reply_on_thread(struct ledger *l, struct stored *s, const id_list *except,
	id_list *ret_documents, struct err *e)
{
	name_list mates = {0};

	if (store_thread_mates(l, s, &mates, e) != 0)
		return -1;
	for (size_t i = 0; i < mates.n; i++) {
		const struct name_row *row = &mates.at[i];
		bool assigned = false, before = false;

		/* From the indexes alone, before any event is read. */
		if (row->event == s->id || !row->issuer ||
			reply_is_by_sender(l, row, s) ||
			(except && id_list_has(except, row->event)))
			continue;
		if (has_tasks(l, row->event, &assigned, e) != 0)
			return -1;
		if (!assigned)
			continue;
		struct stored *mate = store_load(l, row->event, e);

		if (!mate)
			return -1;
		if (mate->stage != STAGE_ISSUED ||
			organ_same(l->options.organs, mate->issuer, mate->issued_on,
				s->issuer, s->issued_on))
			continue;
		if (place_before(l, mate, s, &before, e) != 0)
			return -1;
		if (before)
			id_list_add(&l->arena, ret_documents, mate->id);
	}
	return 0;
}

/* ---- Status and read events (B4) */

/* T7: an opinion event answers an opinion asked, an acknowledgement an urgent notice;
 * everything else is a status, which closes nothing (B4). */
static struct link report_link(
	const struct stored *s, const struct link_task *task, int code)
{
	bool opinion = s->kind == EVENT_OPINION && task->kind == OWED_OPINION;
	bool notice =
		task->kind == OWED_NOTICE &&
		(s->kind == EVENT_READ ||
			(s->kind == EVENT_STATUS &&
				(code == STATUS_ARRIVED || code == STATUS_ACCEPTED)));

	return (struct link){.document = task->document,
		.task = task->id,
		.role = opinion || notice ? LINK_ANSWER : LINK_STATUS,
		.rung = opinion || notice ? RUNG_DOCUMENT_ID : (enum rung)code};
}

/* M8: a weaker fit counts only where nothing fits exactly and one document does so. */
static bool fits_alone(struct gathering *g, const struct event_target *t)
{
	size_t exact = 0, loose = 0;

	for (size_t i = 0; i < g->candidates.n; i++) {
		enum name_fit fit = target_fit_reported(&g->l->arena,
			g->l->options.organs, t, &g->candidates.at[i].known);

		exact += fit == NAME_EXACT;
		loose += fit == NAME_LOOSE;
	}
	return !exact && loose == 1;
}

static bool is_reported(struct gathering *g, const struct link_candidate *c)
{
	const struct event *ev = g->reply->event;

	for (size_t t = 0; t < ev->targets.n; t++) {
		enum name_fit fit = target_fit_reported(&g->l->arena,
			g->l->options.organs, &ev->targets.at[t], &c->known);

		if (fit == NAME_EXACT ||
			(fit == NAME_LOOSE && fits_alone(g, &ev->targets.at[t])))
			return true;
	}
	return false;
}

static void judge_report(struct gathering *g, struct link_verdict *v)
{
	struct ledger *l = g->l;
	const struct stored *s = g->reply;
	const struct event *ev = s->event;
	int code = s->kind == EVENT_STATUS ? ev->status.code : 0;
	day_t day = order_issue_day(s->issued_on, s->arrived_on);

	*v = (struct link_verdict){.refers = ev->targets.n > 0};
	for (size_t i = 0; i < g->candidates.n; i++) {
		struct link_candidate *c = &g->candidates.at[i];
		size_t linked = 0;

		if (!is_reported(g, c))
			continue;
		v->known = true;
		for (size_t k = 0; k < c->tasks_n; k++) {
			if (!s->issuer ||
				!organ_may_answer(l->options.organs, s->issuer, day,
					c->tasks[k].lead, c->tasks[k].assigned_on))
				continue;
			*LIST_ADD(&l->arena, &v->links) =
				report_link(s, &c->tasks[k], code);
			linked++;
		}
		if (!linked)
			*LIST_ADD(&l->arena, &v->links) =
				(struct link){.document = c->known.id,
					.role = LINK_STATUS,
					.rung = (enum rung)code,
					.why = "the sender leads none of its tasks"};
	}
}

/* ---- Writing what changed */

static bool same_link(const struct link_row *row, const struct link *link)
{
	return row->document == link->document && row->task == link->task &&
	       row->role == link->role && row->rung == (int)link->rung;
}

/*
 * M6's one exception: number_organ was judged unique when it was linked. A rival
 * that comes later does not undo that; the closing stays, is flagged, and both are
 * listed.
 */
static void keep_number_organ(
	struct ledger *l, const link_list *old, struct link_verdict *v)
{
	if (!v->suggestion_reason || strcmp(v->suggestion_reason, "number_organ") != 0)
		return;
	for (size_t i = 0; i < old->n; i++) {
		const struct link_row *row = &old->at[i];

		if (row->role != LINK_ANSWER || row->rung != RUNG_NUMBER_ORGAN)
			continue;
		*LIST_ADD(&l->arena, &v->links) = (struct link){
			row->document, row->task, LINK_ANSWER, RUNG_NUMBER_ORGAN, NULL};
		*LIST_ADD(&l->arena, &v->links) =
			(struct link){row->document, row->task, LINK_RIVAL,
				RUNG_NUMBER_ORGAN, "another document fits as well"};
	}
}

static bool has_task(const struct link_verdict *v, int64_t task)
{
	for (size_t i = 0; i < v->links.n; i++)
		if (v->links.at[i].task == task)
			return true;
	return false;
}

static int save_links(struct ledger *l, struct work *w, const struct stored *s,
	struct link_verdict *v, bool *ret_changed, struct err *e)
{
	link_list old = {0};

	if (store_links_of_event(l, s->id, &old, e) != 0)
		return -1;
	keep_number_organ(l, &old, v);
	for (size_t i = 0; i < old.n; i++) {
		bool kept =
			amend_is_role(old.at[i].role) ||
			(w->by_table && old.at[i].task && !has_task(v, old.at[i].task));

		for (size_t k = 0; k < v->links.n && !kept; k++)
			kept = same_link(&old.at[i], &v->links.at[k]);
		if (kept)
			continue;
		*ret_changed = true;
		if (store_link_drop(l, &old.at[i], e) != 0)
			return -1;
		if (old.at[i].task)
			id_list_add(&l->arena, &w->tasks, old.at[i].task);
	}
	for (size_t k = 0; k < v->links.n; k++) {
		const struct link *link = &v->links.at[k];
		bool there = false;

		for (size_t i = 0; i < old.n && !there; i++)
			there = same_link(&old.at[i], link);
		if (link->task)
			id_list_add(&l->arena, &w->tasks, link->task);
		if (there)
			continue;
		*ret_changed = true;
		if (store_link_add(l,
			    &(struct link_row){link->document, link->task, s->id,
				    link->role, (int)link->rung},
			    e) != 0)
			return -1;
	}
	return 0;
}

void reply_put_task(struct json *j, const char *key, int64_t task)
{
	char id[TASK_ID_TEXT];

	json_put_text(j, key, task ? task_id_text(task, id) : NULL);
}

void reply_put_rung(struct json *j, enum rung rung)
{
	json_put_text(j, "rung", rung && rung <= RUNG_MANUAL ? rung_words[rung] : NULL);
}

static void put_link(struct json *j, const struct stored *s, const struct link *link)
{
	json_open(j, '{');
	json_put_int(j, "document", link->document);
	reply_put_task(j, "task", link->task);
	json_put_text(j, "role", link_role_words[link->role]);
	if (s->kind == EVENT_DOCUMENT)
		reply_put_rung(j, link->rung);
	json_put_text(j, "why", link->why);
	json_close(j, '}');
}

/* M9: the decision as it is kept and as `explain` shows it. */
static const char *judgement_of(
	struct ledger *l, const struct stored *s, const struct link_verdict *v)
{
	cleanup_buf struct buf text = {0};
	struct json j = {.out = &text};

	json_open(&j, '{');
	json_put_text(&j, "reply_kind", v->kind ? reply_kind_words[v->kind] : NULL);
	json_key(&j, "known");
	json_bool(&j, v->known);
	json_put_text(&j, "suggested", v->suggestion_reason);
	json_key(&j, "links");
	json_open(&j, '[');
	for (size_t i = 0; i < v->links.n; i++)
		put_link(&j, s, &v->links.at[i]);
	json_close(&j, ']');
	json_key(&j, "tried");
	json_open(&j, '[');
	for (size_t i = 0; i < v->trace.n; i++) {
		const struct link_trace *t = &v->trace.at[i];

		json_open(&j, '{');
		json_put_int(&j, "document", t->document);
		reply_put_rung(&j, t->rung);
		json_key(&j, "fits");
		json_bool(&j, t->fits);
		json_put_text(&j, "finding", t->finding);
		json_close(&j, '}');
	}
	json_close(&j, ']');
	json_close(&j, '}');
	return arena_dup(&l->arena, buf_text(&text));
}

static int put_candidate(struct ledger *l, struct json *j,
	const struct link_suggestion *s, struct err *e)
{
	struct stored *document = store_load(l, s->document, e);

	if (!document)
		return -1;
	json_open(j, '{');
	reply_put_task(j, "task", s->task);
	json_put_text(j, "document_id", document->document_id);
	json_put_text(j, "code", document->code);
	json_key(j, "rungs");
	json_open(j, '[');
	for (int rung = RUNG_TASK_CODE; rung <= RUNG_MANUAL; rung++)
		if (s->rungs & 1u << rung)
			json_text(j, rung_words[rung]);
	json_close(j, ']');
	json_close(j, '}');
	return 0;
}

/* The confirm list holds one case a reply: opened, brought up to date, settled. */
static int save_suggestion(struct ledger *l, const struct stored *s,
	const struct link_verdict *v, int64_t *ret_opened, struct err *e)
{
	cleanup_buf struct buf text = {0};
	struct json j = {.out = &text};

	json_open(&j, '[');
	for (size_t i = 0; i < v->suggestions.n; i++)
		if (put_candidate(l, &j, &v->suggestions.at[i], e) != 0)
			return -1;
	json_close(&j, ']');
	struct sqlite3_stmt *row = db_query(&l->db, Q_SUGGESTION_GET,
		"SELECT id, state FROM suggestion WHERE event = ?", e, "i", s->id);

	if (!row)
		return -1;
	enum db_step step = db_next(&l->db, row, e);
	int64_t id = step == DB_ROW ? db_int(row, 0) : 0;
	bool open = step == DB_ROW && strcmp(db_text(&l->arena, row, 1), "open") == 0;

	db_reset(row);
	if (step == DB_FAULT)
		return -1;
	if (!v->suggestions.n)
		return open ? db_run(&l->db, Q_SUGGESTION_SAVE,
				      "UPDATE suggestion SET state = ?, reason = "
				      "coalesce(?, "
				      "reason), candidates = coalesce(?, candidates) "
				      "WHERE id = ?",
				      e, "ttti", "settled", NULL, NULL, id)
			    : 0;
	*ret_opened = open ? 0 : -1;
	if (id)
		return db_run(&l->db, Q_SUGGESTION_SAVE,
			"UPDATE suggestion SET state = ?, reason = coalesce(?, "
			"reason), "
			"candidates = coalesce(?, candidates) WHERE id = ?",
			e, "ttti", "open", v->suggestion_reason, buf_text(&text), id);
	if (db_run(&l->db, Q_SUGGESTION_ADD,
		    "INSERT INTO suggestion (event, state, reason, candidates) "
		    "VALUES (?, 'open', ?, ?)",
		    e, "itt", s->id, v->suggestion_reason, buf_text(&text)) != 0)
		return -1;
	*ret_opened = db_last_id(&l->db);
	return 0;
}

static enum outcome outcome_of(const struct stored *s, const struct link_verdict *v)
{
	if (!v->refers || v->known || s->business == BUSINESS_REPLACE ||
		s->event->assignments.n)
		return OUTCOME_APPLIED;
	return OUTCOME_PARKED;
}

static struct link_input input_of(struct ledger *l, struct gathering *g)
{
	struct stored *s = g->reply;

	return (struct link_input){.document = s->id,
		.event = s->event,
		.sent_on = order_issue_day(s->issued_on, s->arrived_on),
		.arrived_on = s->arrived_on,
		.site = l->options.site,
		.organs = l->options.organs,
		.close_on_drafted = s->policy & PLAN_CLOSE_ON_DRAFTED,
		.citation_closes = s->policy & PLAN_CITATION_CLOSES,
		.citations = s->citations,
		.citations_n = s->citations_n,
		.candidates = g->candidates.at,
		.candidates_n = g->candidates.n};
}

static bool receives(struct ledger *l, const struct stored *s, const char *organ_id,
	const struct link_task *task)
{
	day_t day = order_issue_day(s->issued_on, s->arrived_on);

	return organ_id && organ_receives(l->options.organs, organ_id, day,
				   task->assigner, task->assigned_on);
}

/* Does a document that goes up as well as down speak of giving the work out? */
static bool gives_out(struct ledger *l, const struct stored *s)
{
	static const char *const words[] = {
		"trien khai", "giao ", "phan cong", "chuyen "};
	const char *subject = text_fold_ascii(&l->arena, s->subject);

	if (plan_is_assignment(s->event, s->policy))
		return true;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strstr(subject, words[i]))
			return true;
	return false;
}

/*
 * T8: is @s what @task's lead sends on? It goes, or gives a part by name, to a sub-unit
 * that is not the assigner itself; when it also goes to the assigner it is the answer,
 * with copies, unless it speaks of giving the work out.
 */
static bool sends_on(
	struct ledger *l, const struct stored *s, const struct link_task *task)
{
	const struct event *ev = s->event;
	bool down = false, up = false;

	for (size_t i = 0; i < ev->to.n; i++) {
		const char *to = ev->to.at[i].organ_id;

		if (receives(l, s, to, task))
			up = true;
		else
			down |= organ_is_ancestor(l->options.organs, s->issuer, to);
	}
	for (size_t i = 0; i < ev->assignments.n; i++) {
		const char *lead = ev->assignments.at[i].lead;

		down |= organ_is_ancestor(l->options.organs, s->issuer, lead) &&
			!receives(l, s, lead, task);
	}
	return down && (!up || gives_out(l, s));
}

/* Does @s go, or give work, to someone below its own sender? */
static bool goes_down(struct ledger *l, const struct stored *s)
{
	const struct organ_table *organs = l->options.organs;
	const struct event *ev = s->event;

	for (size_t i = 0; i < ev->to.n; i++)
		if (organ_is_ancestor(organs, s->issuer, ev->to.at[i].organ_id))
			return true;
	for (size_t i = 0; i < ev->assignments.n; i++)
		if (organ_is_ancestor(organs, s->issuer, ev->assignments.at[i].lead))
			return true;
	return false;
}

bool reply_may_forward(struct ledger *l, const struct stored *s)
{
	return s->kind == EVENT_DOCUMENT && s->stage == STAGE_ISSUED && s->issuer &&
	       (s->business == BUSINESS_NEW || s->business == BUSINESS_REPLACE) &&
	       goes_down(l, s);
}

/*
 * The task of @c that @s sends on, 0: none. Like @c itself, the document that made it
 * stands before @s and in another chain.
 */
static int find_sent_on(struct ledger *l, struct stored *s,
	const struct link_candidate *c, const id_list *chain, int64_t *ret_task,
	struct err *e)
{
	struct stored *known = store_load(l, c->known.id, e);
	bool before;

	*ret_task = 0;
	if (!known || place_before(l, known, s, &before, e) != 0)
		return -1;
	if (!before || id_list_has(chain, known->id))
		return 0;
	for (size_t i = 0; i < c->mine_n && !*ret_task; i++) {
		struct stored *origin = store_load(l, c->mine[i]->document, e);

		if (!origin || (origin != known &&
				       place_before(l, origin, s, &before, e) != 0))
			return -1;
		if (before && !id_list_has(chain, origin->id) &&
			sends_on(l, s, c->mine[i]))
			*ret_task = c->mine[i]->id;
	}
	return 0;
}

/* Where @s may send on the tasks of several documents: what it refers to before what is
 * only on its thread, then what stands first. */
static int choose_sent_on(struct ledger *l, struct stored *s, const struct gathering *g,
	int64_t *ret_task, struct err *e)
{
	id_list chain = {0};
	bool referred = false;

	if (chain_members(l, s->id, &chain, e) != 0)
		return -1;
	for (size_t i = 0; i < g->candidates.n; i++) {
		const struct link_candidate *c = &g->candidates.at[i];
		int64_t task;

		if ((!c->on_thread && !c->referred) || !c->mine_n ||
			(*ret_task && referred >= c->referred))
			continue;
		if (find_sent_on(l, s, c, &chain, &task, e) != 0)
			return -1;
		if (!task)
			continue;
		*ret_task = task;
		referred = c->referred;
	}
	return 0;
}

int reply_forwards(struct ledger *l, struct stored *s, int64_t *ret_task, struct err *e)
{
	struct gathering g = {.l = l, .reply = s};
	struct link_verdict v;

	*ret_task = 0;
	if (!store_event(l, s, e))
		return -1;
	if (!reply_may_forward(l, s) || !reply_applies(l, s))
		return 0;
	g.sender = organ_main_id(l->options.organs, s->issuer,
		order_issue_day(s->issued_on, s->arrived_on));
	if (gather_candidates(&g, e) != 0)
		return -1;
	struct link_input in = input_of(l, &g);

	link_judge(&l->arena, &in, &v);
	return choose_sent_on(l, s, &g, ret_task, e);
}

/* B3: a replaced answer still answers through its replacement; what the first one is
 * linked to needs nobody's confirmation. */
static int drop_inherited(
	struct ledger *l, const struct stored *s, struct link_verdict *v, struct err *e)
{
	link_list own = {0};
	id_list answered = {0};
	size_t kept = 0;

	if (s->business != BUSINESS_REPLACE || !v->suggestions.n)
		return 0;
	if (store_links_of_event(l, s->id, &own, e) != 0)
		return -1;
	for (size_t i = 0; i < own.n; i++) {
		link_list first = {0};

		if (own.at[i].role != LINK_REPLACE)
			continue;
		if (store_links_of_event(l, own.at[i].document, &first, e) != 0)
			return -1;
		for (size_t k = 0; k < first.n; k++)
			if (first.at[k].task)
				id_list_add(&l->arena, &answered, first.at[k].task);
	}
	for (size_t i = 0; i < v->suggestions.n; i++)
		if (!id_list_has(&answered, v->suggestions.at[i].task))
			v->suggestions.at[kept++] = v->suggestions.at[i];
	v->suggestions.n = kept;
	if (!kept)
		v->suggestion_reason = NULL;
	return 0;
}

/* B1: nobody need confirm what a document answers that was recalled since. What was
 * decided before stays: its recall opens again what it closed. */
static int drop_recalled(
	struct ledger *l, struct stored *s, struct link_verdict *v, struct err *e)
{
	struct stored *end;
	bool recalled;

	if (!v->suggestions.n)
		return 0;
	if (amend_end(l, s, &end, &recalled, e) != 0)
		return -1;
	if (recalled) {
		v->suggestions.n = 0;
		v->suggestion_reason = NULL;
	}
	return 0;
}

/* T8: what sends its task on to sub-units answers nothing, unless its source says that
 * it is final. */
static int drop_forward(
	struct ledger *l, struct stored *s, struct link_verdict *v, struct err *e)
{
	int64_t parent = 0;

	if (s->kind != EVENT_DOCUMENT || s->event->reply_kind == REPLY_KIND_FINAL)
		return 0;
	if (reply_forwards(l, s, &parent, e) != 0)
		return -1;
	for (size_t i = 0; parent && i < v->links.n; i++)
		if (v->links.at[i].role == LINK_ANSWER) {
			v->links.at[i].role = LINK_MENTION;
			v->links.at[i].task = 0;
			v->links.at[i].why = "it sends the task on to its sub-units";
		}
	if (parent) {
		v->suggestions.n = 0;
		v->suggestion_reason = NULL;
	}
	return 0;
}

/* B3: what replaces @s looks at what @s is linked to. */
static int wake_inheritors(
	struct ledger *l, struct work *w, const struct stored *s, struct err *e)
{
	link_list links = {0};

	if (store_links(l, s->id, 0, &links, e) != 0)
		return -1;
	for (size_t i = 0; i < links.n; i++)
		if (links.at[i].role == LINK_REPLACE)
			*LIST_ADD(&l->arena, &w->inheritors) = links.at[i].event;
	return 0;
}

int reply_link(struct ledger *l, struct work *w, struct stored *s, struct err *e)
{
	struct gathering g = {.l = l, .reply = s};
	struct link_verdict *v = arena_alloc(&l->arena, sizeof(*v));
	bool changed = false;
	bool first = s->id == l->fresh && !w->fresh_judged;
	int64_t opened = 0;

	w->fresh_judged |= first;
	if (!store_event(l, s, e))
		return -1;
	g.sender = organ_main_id(l->options.organs, s->issuer,
		order_issue_day(s->issued_on, s->arrived_on));
	g.all_tasks = s->event->response_for_tasks.n > 0;
	if (gather_candidates(&g, e) != 0)
		return -1;
	struct link_input in = input_of(l, &g);

	if (s->kind == EVENT_DOCUMENT)
		link_judge(&l->arena, &in, v);
	else
		judge_report(&g, v);
	if (drop_inherited(l, s, v, e) != 0 || drop_forward(l, s, v, e) != 0)
		return -1;
	if ((!first && decision_apply(l, s, v, e) != 0) ||
		drop_recalled(l, s, v, e) != 0)
		return -1;
	if (save_links(l, w, s, v, &changed, e) != 0 ||
		(changed && wake_inheritors(l, w, s, e) != 0))
		return -1;
	if ((v->suggestions.n || !first) && save_suggestion(l, s, v, &opened, e) != 0)
		return -1;
	if (s->kind == EVENT_DOCUMENT && s->stage == STAGE_ISSUED &&
		(changed || opened))
		*LIST_ADD(&l->arena, &w->replies) = (struct reply_change){s, v, opened};
	return settle_outcome(l, s, outcome_of(s, v), judgement_of(l, s, v), e);
}

int reply_unlink(struct ledger *l, struct work *w, struct stored *s, struct err *e)
{
	struct link_verdict nothing = {0};
	int64_t opened = 0;
	bool changed;

	if (save_links(l, w, s, &nothing, &changed, e) != 0)
		return -1;
	return save_suggestion(l, s, &nothing, &opened, e);
}
