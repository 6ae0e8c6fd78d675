/*
 * What the office and the agency do by hand (S1, M10): each act is a
 * fact with who, when and why; the fold gives it its place. What S1 refuses changes
 * nothing.
 */
#include "gateway/ledger/internal.h"

#include <stdio.h>
#include <string.h>

#include "gateway/base/text.h"

int act_list_of(struct ledger *l, int64_t task, act_list *list, struct err *e)
{
	enum db_step step;
	struct sqlite3_stmt *row = db_query(&l->db, Q_ACT_OF,
		"SELECT id, at, kind, due_on, day, event, organ, by, reason FROM act "
		"WHERE task = ? ORDER BY id",
		e, "i", task);

	if (!row)
		return -1;
	while ((step = db_next(&l->db, row, e)) == DB_ROW)
		*LIST_ADD(&l->arena, list) = (struct act_row){.id = db_int(row, 0),
			.at = db_int(row, 1),
			.kind = (enum act_kind)db_int(row, 2),
			.due_on = db_day(row, 3),
			.done_on = db_day(row, 4),
			.event = db_int(row, 5),
			.organ = db_text(&l->arena, row, 6),
			.by = db_text(&l->arena, row, 7),
			.reason = db_text(&l->arena, row, 8)};
	return step == DB_DONE ? 0 : -1;
}

/* What else an act may bring; whatever is not its own would change the task unsaid (a
 * report with a deadline moves it without a reason), so it is refused. */
enum { PART_DUE = 1, PART_DONE = 2, PART_ORGAN = 4 };

static const unsigned takes[ACT_KINDS] = {
	[ACT_KIND_REFUSE] = PART_DUE,
	[ACT_KIND_EXTEND] = PART_DUE,
	[ACT_KIND_ACCEPT_HAND_BACK] = PART_ORGAN,
	[ACT_KIND_REPORT] = PART_DONE,
};

static bool brings_only_its_own(const struct ledger_act *act, char why[LEDGER_WHY])
{
	const struct {
		unsigned part;
		bool brought;
		const char *words;
	} parts[] = {
		{PART_DUE, act->due_on != DAY_NONE, "a new deadline (due)"},
		{PART_DONE, act->done_on != DAY_NONE, "a day it was done (on)"},
		{PART_ORGAN, act->organ != NULL, "another organ (to)"},
	};

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (!parts[i].brought || takes[act->kind] & parts[i].part)
			continue;
		snprintf(why, LEDGER_WHY, "%s does not take %s",
			act_kind_words[act->kind], parts[i].words);
		return false;
	}
	return true;
}

/* What the act itself must bring, whatever the task's state. */
static bool is_complete(
	const struct ledger_act *act, const struct task_row *row, char why[LEDGER_WHY])
{
	day_t today = day_of(act->at), assigned_on = row->task.document.issued_on;
	const char *missing = NULL;

	if (text_is_blank(act->by))
		missing = "who did it (by)";
	else if ((act->kind == ACT_KIND_REFUSE || act->kind == ACT_KIND_EXTEND) &&
		 text_is_blank(act->reason))
		missing = "a reason";
	else if (act->kind == ACT_KIND_EXTEND && act->due_on == DAY_NONE)
		missing = "the new deadline (due)";
	if (missing) {
		snprintf(why, LEDGER_WHY, "%s needs %s", act_kind_words[act->kind],
			missing);
		return false;
	}
	if (act->due_on != DAY_NONE && row->task.due_on != DAY_NONE &&
		!row->task.due_flags && act->due_on <= row->task.due_on) {
		snprintf(why, LEDGER_WHY,
			"the new deadline is not later than the present one");
		return false;
	}
	if (act->due_on != DAY_NONE && assigned_on != DAY_NONE &&
		act->due_on < assigned_on) {
		snprintf(why, LEDGER_WHY, "the new deadline is before the assignment");
		return false;
	}
	if (act->kind == ACT_KIND_REPORT && act->done_on != DAY_NONE &&
		(act->done_on > today ||
			(assigned_on != DAY_NONE && act->done_on < assigned_on))) {
		snprintf(why, LEDGER_WHY,
			"the day it was done is in the future or before the "
			"assignment");
		return false;
	}
	return true;
}

/* A task handed back is not given to the lead that does not want it. */
static bool is_for_another(const struct organ_table *organs,
	const struct ledger_act *act, const struct task_row *row, char why[LEDGER_WHY])
{
	day_t today = day_of(act->at);

	if (!act->organ ||
		!organ_same(organs, act->organ, today, row->task.lead, today))
		return true;
	snprintf(why, LEDGER_WHY,
		"NV-%lld: %s itself hands it back; name another organ (to), or decline "
		"the hand-back",
		(long long)row->task.id, row->task.lead);
	return false;
}

static bool is_allowed(const struct organ_table *organs, const struct ledger_act *act,
	const struct task_row *row, bool confirmation_required, char why[LEDGER_WHY])
{
	const struct task *task = &row->task;
	struct fold_result now = {.state = task->state,
		.due = {task->due_on, task->due_source, task->due_flags},
		.flags = task->flags,
		.closed_by = task->closed_by.document,
		.proposed_due_on = task->proposed_due_on};
	char reason[FOLD_WHY] = "";

	if (!brings_only_its_own(act, why) || !is_complete(act, row, why))
		return false;
	if (fold_act_allowed(act->kind, &now, confirmation_required, reason))
		return is_for_another(organs, act, row, why);
	snprintf(why, LEDGER_WHY, "NV-%lld: %s", (long long)task->id, reason);
	return false;
}

/* Kept for good, told to nobody: who, when, why, from which state. */
static int journal_act(struct ledger *l, const struct ledger_act *act,
	const struct task_row *row, struct err *e)
{
	cleanup_buf struct buf data = {0};
	struct json j = {.out = &data};
	char subject[32], at[INSTANT_TEXT], day[DAY_TEXT];

	snprintf(subject, sizeof(subject), "NV-%lld", (long long)row->task.id);
	json_open(&j, '{');
	json_put_text(&j, "task", subject);
	json_put_text(&j, "act", act_kind_words[act->kind]);
	json_put_text(&j, "from_state", task_state_words[row->task.state]);
	json_put_text(&j, "by", act->by);
	json_put_text(&j, "at", instant_text(act->at, at));
	json_put_text(&j, "reason", act->reason);
	json_put_text(&j, "due_on", day_text(act->due_on, day));
	json_put_text(&j, "done_on", day_text(act->done_on, day));
	json_put_text(&j, "organ", act->organ);
	json_close(&j, '}');
	return journal_add(l,
		&(struct journal_entry){
			.name = "task.act", .subject = subject, .data = &data},
		e);
}

/* The deadline the act brings, or, where a task is handed over, the extended one. */
static day_t due_of_act(const struct ledger_act *act, const struct task_row *row)
{
	return act->kind == ACT_KIND_ACCEPT_HAND_BACK &&
			       row->task.due_source == DUE_FROM_EXTENSION
		       ? row->task.due_on
		       : act->due_on;
}

static int add_row(struct ledger *l, const struct ledger_act *act,
	const struct task_row *row, const char *organ, int64_t *ret_id, struct err *e)
{
	bool undo = act->kind == ACT_KIND_UNDO;
	day_t done_on = act->kind == ACT_KIND_REPORT && act->done_on == DAY_NONE
				? day_of(act->at)
				: act->done_on;

	if (db_run(&l->db, Q_ACT_ADD,
		    "INSERT INTO act (at, task, kind, due_on, day, organ, event, by, "
		    "reason, from_state) "
		    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		    e, "iiiddtntti", act->at, row->task.id, (int64_t)act->kind,
		    due_of_act(act, row), done_on, organ,
		    undo ? row->task.closed_by.document : INT64_MIN, act->by,
		    act->reason, (int64_t)row->task.state) != 0)
		return -1;
	*ret_id = db_last_id(&l->db);
	return 0;
}

/* A hand-back accepted with a new organ: that one owes the same by the same deadline.
 */
static int hand_over(struct ledger *l, const struct task_row *row, int64_t act,
	const char *organ, int64_t *ret_task, struct err *e)
{
	const struct task *task = &row->task;
	const struct plan_slot *now;

	if (chain_slot(l, row, true, &now, e) != 0)
		return -1;
	const struct plan_step *moved = now ? plan_last_move(now) : NULL;
	const text_list *coordinating = now ? now->coordinating : NULL;
	struct plan_slot slot = {.origin = row->origin,
		.via = -act,
		.ordinal = row->ordinal,
		.kind = task->kind,
		.lead = organ,
		.coordinating = moved ? moved->coordinating : coordinating,
		.code = task->code,
		.content = task->content,
		.due = {task->due_on, task->due_source, task->due_flags},
		.proposed_due_on = task->proposed_due_on,
		.parent = task->parent,
		.live = true};

	return settle_task_create(l, &slot, row->origin, ret_task, e);
}

/* Who is about @document, or on its thread, may answer what has just been given. */
static int wake_answers(struct ledger *l, int64_t document, struct err *e)
{
	struct work w = {0};
	id_list members = {0};

	if (chain_members(l, document, &members, e) != 0)
		return -1;
	id_list_add(&l->arena, &w.chains, document);
	for (size_t i = 0; i < members.n; i++) {
		struct stored *s = store_load(l, members.at[i], e);

		if (!s || judge_wake(l, &w, s, e) != 0)
			return -1;
	}
	return judge_work(l, &w, e);
}

static const char *name_of(enum act_kind kind)
{
	static const char *const names[ACT_KINDS] = {[ACT_KIND_REFUSE] = "task.refused",
		[ACT_KIND_EXTEND] = "task.extended"};

	return names[kind];
}

static int settle_act(struct ledger *l, const struct ledger_act *act,
	const struct task_row *row, struct ledger_answer *answer, struct err *e)
{
	struct work w = {.named = name_of(act->kind)};
	int64_t id, task = 0;
	const char *organ = act->organ ? organ_main_id(l->options.organs, act->organ,
						 day_of(act->at))
				       : NULL;

	if (journal_act(l, act, row, e) != 0 ||
		add_row(l, act, row, organ, &id, e) != 0)
		return -1;
	id_list_add(&l->arena, &w.tasks, row->task.id);
	id_list_add(&l->arena, &w.forced, row->task.id);
	if (settle_tasks(l, &w, 0, e) != 0)
		return -1;
	if (act->kind == ACT_KIND_ACCEPT_HAND_BACK && organ &&
		(hand_over(l, row, id, organ, &task, e) != 0 ||
			wake_answers(l, row->origin, e) != 0))
		return -1;
	if (status_settle(l, e) != 0)
		return -1;
	id_list_add(&l->arena, &w.made, row->task.id);
	if (task)
		id_list_add(&l->arena, &w.made, task);
	answer->tasks = w.made.at;
	answer->tasks_n = w.made.n;
	return 0;
}

enum ledger_act_result ledger_act(struct ledger *l, const struct ledger_act *act,
	struct ledger_answer *ret_answer, char ret_why[LEDGER_WHY], struct err *e)
{
	struct ledger_answer answer = {.outcome = OUTCOME_APPLIED};

	store_forget(l);
	l->now = act->at;
	l->event = l->fresh = 0;
	if (act->task < 1 || act->task >= l->next_task)
		return LEDGER_ACT_NO_TASK;
	struct task_row *row = store_task(l, act->task, e);
	struct stored *origin = row ? store_load(l, row->origin, e) : NULL;

	if (!origin)
		return LEDGER_ACT_FAULT;
	if (!is_allowed(l->options.organs, act, row,
		    origin->policy & PLAN_CONFIRMATION_REQUIRED, ret_why))
		return LEDGER_ACT_REFUSED;
	if (settle_act(l, act, row, &answer, e) != 0)
		return LEDGER_ACT_FAULT;
	*ret_answer = answer;
	return LEDGER_ACT_OK;
}
