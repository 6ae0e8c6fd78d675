#include "gateway/rules/link.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "gateway/base/text.h"
#include "gateway/rules/link_judge.h"
#include "gateway/rules/names.h"
#include "gateway/rules/order.h"
#include "gateway/rules/reply_kind.h"

const char *const link_role_words[13] = {"", "answer", "interim", "extension",
	"hand_back", "guidance", "draft", "mention", "status", "update", "replace",
	"recall", "rival"};

day_t link_sent_on(day_t sent_on, day_t arrived_on, day_t assigned_on)
{
	return sent_on < assigned_on ? arrived_on : sent_on;
}

int64_t link_task_number(struct arena *arena, const struct organ_table *organs,
	const char *code, const char *site, const char *source)
{
	const char *folded = text_fold(arena, code), *slash = strrchr(folded, '/');

	if (slash) {
		const char *named =
			arena_printf(arena, "%.*s", (int)(slash - folded), folded);

		return organ_same(organs, named, DAY_NONE, site, DAY_NONE)
			       ? task_id_parse(slash + 1)
			       : 0;
	}
	if (source && !text_same_id(source, site))
		return 0;
	return task_id_parse(folded);
}

day_t judge_issued_on(const struct link_candidate *c)
{
	return order_issue_day(c->known.issued_on, c->known.arrived_on);
}

void judge_trace(struct judge *j, const struct link_candidate *c, enum rung rung,
	bool fits, const char *finding)
{
	*LIST_ADD(j->arena, &j->v->trace) =
		(struct link_trace){c ? c->known.id : 0, rung, fits, finding};
}

/* S3: a reply dated before the assignment counts on the day it came. */
static day_t day_for(const struct link_input *in, const struct link_task *t)
{
	return link_sent_on(in->sent_on, in->arrived_on, t->assigned_on);
}

/* Its own task, or one it took over with a dissolved organ (M3). */
static bool is_own(const struct judge *j, const struct link_task *t)
{
	const struct link_input *in = j->in;

	return text_same_id(organ_successor(in->organs, t->lead, day_for(in, t)),
		organ_successor(in->organs, in->event->from.organ_id, day_for(in, t)));
}

/* M3: the tasks of @c its sender may answer; its own ones before those of others. */
static void find_mine(struct judge *j, struct link_candidate *c)
{
	const struct link_input *in = j->in;
	const char *sender = in->event->from.organ_id;
	bool own = false;

	c->mine = arena_alloc(j->arena, (c->tasks_n + 1) * sizeof(*c->mine));
	c->mine_n = 0;
	for (size_t i = 0; i < c->tasks_n && sender; i++)
		own |= is_own(j, &c->tasks[i]);
	for (size_t i = 0; i < c->tasks_n && sender; i++) {
		const struct link_task *t = &c->tasks[i];

		if (in->sent_on < t->given_on)
			continue;
		if (own ? is_own(j, t)
			: organ_may_answer(in->organs, sender, day_for(in, t), t->lead,
				  t->assigned_on))
			c->mine[c->mine_n++] = t;
	}
}

bool judge_is_sender(struct judge *j, const char *organ_id, day_t day)
{
	const struct link_input *in = j->in;

	return organ_id && in->event->from.organ_id &&
	       organ_same(in->organs, in->event->from.organ_id, in->sent_on, organ_id,
		       day);
}

/* Is @name a name of the organ @id in the table? */
static bool is_called(struct judge *j, const char *name, const char *id, day_t day)
{
	const struct organ *organ = organ_find(j->in->organs, id, day);

	for (size_t i = 0; organ && name && i < organ->names_n; i++)
		if (strcmp(text_fold_ascii(j->arena, name),
			    text_fold_ascii(j->arena, organ->names[i])) == 0)
			return true;
	return false;
}

enum judge_addressed judge_is_addressed(struct judge *j, const struct link_task *t)
{
	const struct link_input *in = j->in;
	bool untold = true;

	for (size_t i = 0; i < in->event->to.n; i++) {
		const struct event_organ *to = &in->event->to.at[i];

		if (to->organ_id ? organ_receives(in->organs, to->organ_id, in->sent_on,
					   t->assigner, t->assigned_on)
				 : is_called(j, to->name, t->assigner, t->assigned_on))
			return JUDGE_ADDRESSED;
		untold &= !to->organ_id;
	}
	return in->event->to.n == 0 ? JUDGE_ADDRESSED
	       : untold             ? JUDGE_UNTOLD
				    : JUDGE_ELSEWHERE;
}

void judge_link(struct judge *j, int64_t document, int64_t task, enum link_role role,
	enum rung rung, const char *why)
{
	for (size_t i = 0; i < j->v->links.n; i++) {
		struct link *l = &j->v->links.at[i];

		if (l->task != task || (!task && l->document != document))
			continue;
		if (rung < l->rung) {
			l->rung = rung;
			l->document = document;
		}
		return;
	}
	*LIST_ADD(j->arena, &j->v->links) =
		(struct link){document, task, role, rung, why};
}

static int64_t document_of(const struct link_candidate *c, const struct link_task *t)
{
	return t->document ? t->document : c->known.id;
}

static void suggest(struct judge *j, const struct link_suggestion *one, enum rung rung,
	const char *reason)
{
	struct link_suggestion *s = NULL;

	for (size_t k = 0; k < j->v->suggestions.n && !s; k++)
		if (j->v->suggestions.at[k].task == one->task)
			s = &j->v->suggestions.at[k];
	if (!s) {
		s = LIST_ADD(j->arena, &j->v->suggestions);
		*s = *one;
	}
	s->rungs |= 1u << rung;
	if (!j->v->suggestion_reason)
		j->v->suggestion_reason = reason;
}

static void suggest_task(struct judge *j, const struct link_candidate *c,
	const struct link_task *t, enum rung rung, const char *reason)
{
	suggest(j,
		&(struct link_suggestion){.document = document_of(c, t),
			.task = t->id,
			.role = judge_role(j, c, t)},
		rung, reason);
}

void judge_suggest(struct judge *j, const struct link_candidate *c, enum rung rung,
	const char *reason)
{
	for (size_t i = 0; i < c->mine_n; i++)
		suggest_task(j, c, c->mine[i], rung, reason);
}

void judge_withdraw(struct judge *j)
{
	for (size_t i = 0; i < j->v->links.n; i++) {
		const struct link *l = &j->v->links.at[i];

		if (l->task)
			suggest(j,
				&(struct link_suggestion){.document = l->document,
					.task = l->task,
					.role = l->role},
				l->rung, "different_documents");
	}
	j->v->links.n = 0;
	j->v->suggestion_reason = "different_documents";
	j->contradicted = true;
}

/* @c is answered on @rung: every task of the sender there, or a mention. Where nobody
 * can tell whether it went to the assigner, a person says. */
void judge_answer(struct judge *j, const struct link_candidate *c, enum rung rung,
	const struct link_task *only)
{
	size_t linked = 0;
	const char *why = "the sender leads none of its tasks";

	for (size_t i = 0; i < c->mine_n; i++) {
		const struct link_task *t = c->mine[i];

		if (only && t != only)
			continue;
		if (judge_is_sender(j, t->assigner, t->assigned_on)) {
			why = "the assigner's own document";
			continue;
		}
		enum judge_addressed addressed = judge_is_addressed(j, t);

		if (addressed == JUDGE_ELSEWHERE) {
			why = "not sent to the assigner";
			continue;
		}
		if (addressed == JUDGE_UNTOLD)
			suggest_task(j, c, t, rung, "addressee");
		else
			judge_link(j, document_of(c, t), t->id, judge_role(j, c, t),
				rung, NULL);
		linked++;
	}
	if (!linked)
		judge_link(j, c->known.id, 0, LINK_MENTION, rung, why);
}

/* ---- Task codes */

static bool code_names(struct judge *j, const char *code, const struct link_task *t)
{
	const struct link_input *in = j->in;

	return link_task_number(j->arena, in->organs, code, in->site,
		       in->event->source) == t->id ||
	       name_has_task_code(j->arena, t->code, code);
}

static bool task_is_named(struct judge *j, const struct link_task *t)
{
	const struct event *ev = j->in->event;

	for (size_t i = 0; i < ev->response_for_tasks.n; i++)
		if (code_names(j, ev->response_for_tasks.at[i], t))
			return true;
	return false;
}

static bool any_is_named(struct judge *j, const struct link_candidate *c)
{
	for (size_t k = 0; k < c->tasks_n; k++)
		if (task_is_named(j, &c->tasks[k]))
			return true;
	return false;
}

static bool is_mine(const struct link_candidate *c, const struct link_task *t)
{
	for (size_t k = 0; k < c->mine_n; k++)
		if (c->mine[k] == t)
			return true;
	return false;
}

/* Does @code name a task of @c that the sender leads and the letter may answer? */
static bool names_mine(
	struct judge *j, const char *code, const struct link_candidate *c)
{
	for (size_t k = 0; k < c->mine_n; k++)
		if (code_names(j, code, c->mine[k]) &&
			judge_is_addressed(j, c->mine[k]) != JUDGE_ELSEWHERE)
			return true;
	return false;
}

/* Where one code names tasks of several documents, what else the reply says decides:
 * its references, else its thread. */
enum narrow { NARROW_NOT, NARROW_THREAD, NARROW_REFERENCE };

static bool is_within(const struct link_candidate *c, enum narrow narrow)
{
	return narrow == NARROW_REFERENCE ? c->referred
	       : narrow == NARROW_THREAD  ? c->on_thread
					  : true;
}

/* M2: does @code, within that, name tasks of several documents? None is picked. */
static bool names_several(struct judge *j, const char *code, enum narrow *ret_narrow)
{
	const struct link_input *in = j->in;
	const struct link_candidate *first = NULL;
	bool several = false;

	*ret_narrow = NARROW_NOT;
	for (size_t i = 0; i < in->candidates_n; i++) {
		const struct link_candidate *c = &in->candidates[i];

		if (!names_mine(j, code, c))
			continue;
		if (c->referred)
			*ret_narrow = NARROW_REFERENCE;
		else if (c->on_thread && *ret_narrow == NARROW_NOT)
			*ret_narrow = NARROW_THREAD;
	}
	for (size_t i = 0; i < in->candidates_n; i++) {
		const struct link_candidate *c = &in->candidates[i];

		if (!names_mine(j, code, c) || !is_within(c, *ret_narrow))
			continue;
		several |= first && !judge_share_task(first, c);
		first = first ? first : c;
	}
	return several;
}

static void answer_code(struct judge *j, const char *code, bool agrees)
{
	const struct link_input *in = j->in;
	enum narrow narrow;
	bool several = names_several(j, code, &narrow);

	for (size_t i = 0; i < in->candidates_n; i++) {
		struct link_candidate *c = &in->candidates[i];
		bool mine = names_mine(j, code, c);

		for (size_t k = 0; k < c->tasks_n; k++) {
			const struct link_task *t = &c->tasks[k];

			if (!code_names(j, code, t) || (mine && !is_within(c, narrow)))
				continue;
			judge_trace(j, c, RUNG_TASK_CODE, true,
				several && mine ? "tasks of several documents bear "
						  "this code"
						: "a task code names its task");
			if (agrees && !(several && mine))
				judge_answer(j, c, RUNG_TASK_CODE, t);
			else if (is_mine(c, t))
				suggest_task(j, c, t, RUNG_TASK_CODE,
					agrees ? "several_documents"
					       : "different_documents");
		}
	}
}

/* M2: the thread holds what the sender owes, and nothing of what the codes name. */
static void contradict_by_thread(struct judge *j)
{
	const struct link_input *in = j->in;
	bool owed = false, shared = false;

	for (size_t i = 0; i < in->candidates_n; i++) {
		const struct link_candidate *c = &in->candidates[i];

		owed |= c->on_thread && c->mine_n;
		shared |= c->on_thread && (c->referred || any_is_named(j, c));
	}
	if (!owed || shared)
		return;
	judge_withdraw(j);
	for (size_t i = 0; i < in->candidates_n; i++)
		if (in->candidates[i].on_thread && in->candidates[i].mine_n) {
			judge_trace(j, &in->candidates[i], RUNG_THREAD, true,
				"on the same thread");
			judge_suggest(j, &in->candidates[i], RUNG_THREAD,
				"different_documents");
		}
}

/* M5: only the tasks named. M2: unless a reference is about another document alone, or
 * contradicts itself, or the thread is another's. */
static bool answer_by_task_code(struct judge *j)
{
	const struct link_input *in = j->in;
	const struct event *ev = in->event;
	bool any = false, agrees = !j->references_known;

	for (size_t i = 0; i < in->candidates_n; i++)
		if (any_is_named(j, &in->candidates[i])) {
			any = true;
			agrees |= in->candidates[i].referred;
		}
	if (!any)
		return false;
	agrees &= !j->contradicted;
	j->contradicted |= !agrees;
	for (size_t i = 0; i < ev->response_for_tasks.n; i++)
		answer_code(j, ev->response_for_tasks.at[i], agrees);
	for (size_t i = 0; i < in->candidates_n && !agrees; i++)
		if (in->candidates[i].referred_on &&
			!any_is_named(j, &in->candidates[i]))
			judge_suggest(j, &in->candidates[i],
				in->candidates[i].referred_on, "different_documents");
	contradict_by_thread(j);
	j->v->known = true;
	return true;
}

/* ---- The thread */

/* References name what the sender owes here, the thread only what he owes there. */
static bool thread_differs(const struct judge *j, bool *ret_referred_owed)
{
	const struct link_input *in = j->in;
	bool both = false, thread_owed = false;

	*ret_referred_owed = false;
	for (size_t i = 0; i < in->candidates_n; i++) {
		const struct link_candidate *c = &in->candidates[i];

		*ret_referred_owed |= c->referred && c->mine_n;
		thread_owed |= c->on_thread && c->mine_n;
		both |= c->referred && c->on_thread && c->mine_n;
	}
	return *ret_referred_owed && thread_owed && !both;
}

/*
 * The thread: its tasks the sender leads. References decide when they name something
 * the sender owes; a thread that then says otherwise is M2's case.
 */
static void judge_thread(struct judge *j)
{
	const struct link_input *in = j->in;
	bool referred_owed, differ = thread_differs(j, &referred_owed);

	if (differ) {
		judge_withdraw(j);
		for (size_t i = 0; i < in->candidates_n; i++)
			if (in->candidates[i].referred)
				judge_suggest(j, &in->candidates[i],
					in->candidates[i].referred_on,
					"different_documents");
	}
	for (size_t i = 0; i < in->candidates_n; i++) {
		struct link_candidate *c = &in->candidates[i];

		if (!c->on_thread || (referred_owed && !differ && !c->referred))
			continue;
		judge_trace(j, c, RUNG_THREAD, true, "on the same thread");
		if (differ || c->contested)
			judge_suggest(j, c, RUNG_THREAD, "different_documents");
		else if (c->mine_n || !j->v->links.n)
			judge_answer(j, c, RUNG_THREAD, NULL);
		j->v->known = true;
	}
}

/* A mention says that nothing was answered; beside an answer of that document it is
 * noise. */
static void drop_void_mentions(struct link_verdict *v)
{
	size_t kept = 0;

	for (size_t i = 0; i < v->links.n; i++) {
		bool answered = false;

		for (size_t k = 0; k < v->links.n; k++)
			answered |= v->links.at[k].task &&
				    v->links.at[k].document == v->links.at[i].document;
		if (v->links.at[i].task || !answered)
			v->links.at[kept++] = v->links.at[i];
	}
	v->links.n = kept;
}

struct link link_accepted(const struct link_suggestion *suggestion)
{
	enum rung rung = RUNG_TASK_CODE;

	while (rung < RUNG_MANUAL && !(suggestion->rungs & 1u << rung))
		rung++;
	return (struct link){
		suggestion->document, suggestion->task, suggestion->role, rung, NULL};
}

static void begin(struct judge *j)
{
	const struct link_input *in = j->in;

	for (size_t i = 0; i < in->candidates_n; i++) {
		struct link_candidate *c = &in->candidates[i];

		find_mine(j, c);
		c->code = name_fold_code(j->arena, c->known.code);
		c->callings.n = 0;
		if (in->event->response_for.n > 1)
			judge_find_callings(j, c);
	}
}

static void judge_references(struct judge *j, bool answers)
{
	const struct event *ev = j->in->event;

	for (size_t i = 0; i < ev->response_for.n; i++)
		judge_entry(j, &ev->response_for.at[i], answers);
}

void link_judge(struct arena *arena, const struct link_input *in,
	struct link_verdict *ret_verdict)
{
	struct judge j = {.arena = arena, .in = in, .v = ret_verdict};
	const struct event *ev = in->event;
	bool by_code = false;

	*ret_verdict = (struct link_verdict){
		.kind = reply_kind_of(arena, ev->reply_kind, ev->subject),
		.refers = ev->response_for.n || ev->response_for_tasks.n,
	};
	begin(&j);
	if (ev->response_for_tasks.n) {
		judge_references(&j, false);
		ret_verdict->trace.n = 0;
		by_code = answer_by_task_code(&j);
	}
	if (!by_code) {
		judge_references(&j, true);
		ret_verdict->known |= j.references_known;
		judge_thread(&j);
	}
	judge_citations(&j);
	drop_void_mentions(ret_verdict);
}
