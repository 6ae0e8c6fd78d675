/* S4: due_soon and overdue are told once each for a deadline, within working hours. */
#include "gateway/ledger/internal.h"

enum { REMIND_MOST = 500, MINUTE_MS = 60 * 1000 };

static bool is_working_time(const struct ledger *l, msec_t now)
{
	const int *minutes = l->options.policy->working_minutes;
	day_t today = day_of(now);
	int minute = (int)((now - day_start(today)) / MINUTE_MS);

	if (!calendar_is_working(l->options.calendar, today))
		return false;
	for (int i = 0; i + 1 < 8 && minutes[i] >= 0; i += 2)
		if (minute >= minutes[i] && minute < minutes[i + 1])
			return true;
	return false;
}

/* Open tasks whose reminder for the present deadline is not yet out. */
static int find_due(struct ledger *l, day_t today, id_list *due, struct err *e)
{
	day_t last = calendar_add_working(
		l->options.calendar, today, l->options.policy->due_soon_days);
	enum db_step step;
	struct sqlite3_stmt *row = db_query(&l->db, Q_TASK_REMIND,
		"SELECT id FROM task WHERE state < 2 AND due_on IS NOT NULL AND "
		"due_flags = 0 "
		"AND due_on <= ?1 AND ((due_on < ?2 AND overdue_for IS NOT due_on) OR "
		"(due_on >= ?2 AND due_soon_for IS NOT due_on)) ORDER BY due_on, id "
		"LIMIT ?3",
		e, "ddi", last, today, (int64_t)REMIND_MOST);

	if (!row)
		return -1;
	while ((step = db_next(&l->db, row, e)) == DB_ROW)
		*LIST_ADD(&l->arena, due) = db_int(row, 0);
	return step == DB_DONE ? 0 : -1;
}

/* The task itself is as it was; its revision rises, so that a receiver that keeps only
 * the highest one hears of it. */
static int remind(struct ledger *l, struct task *task, bool overdue, struct err *e)
{
	task->revision++;
	store_task_changed(l, task->id);
	if (db_run(&l->db, overdue ? Q_TASK_OVERDUE : Q_TASK_DUE_SOON,
		    overdue ? "UPDATE task SET overdue_for = due_on, revision = ? "
			      "WHERE id = ?"
			    : "UPDATE task SET due_soon_for = due_on, revision = ? "
			      "WHERE id = ?",
		    e, "ii", task->revision, task->id) != 0)
		return -1;
	return journal_task(l, overdue ? "task.overdue" : "task.due_soon", task, 0, e);
}

int ledger_remind(struct ledger *l, msec_t now, int *ret_told, struct err *e)
{
	id_list due = {0};
	int told = 0;

	store_forget(l);
	l->now = now;
	if (is_working_time(l, now) && find_due(l, day_of(now), &due, e) != 0)
		return -1;
	for (size_t i = 0; i < due.n; i++) {
		struct task_row *row = store_task(l, due.at[i], e);

		if (!row)
			return -1;
		enum timeliness timely = timeliness_of(&row->task, now,
			l->options.calendar, l->options.policy->due_soon_days);

		if (timely != TIMELINESS_OVERDUE && timely != TIMELINESS_DUE_SOON)
			continue;
		if (remind(l, &row->task, timely == TIMELINESS_OVERDUE, e) != 0)
			return -1;
		told++;
	}
	if (ret_told)
		*ret_told = told;
	return 0;
}
