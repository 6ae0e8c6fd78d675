/* S4: due_soon and overdue are told once each for a deadline, within working hours. */
#include "gateway/ledger/internal.h"

enum { REMIND_MOST = 500, MINUTE_MS = 60 * 1000 };

static bool is_working_time(
	const struct ledger *l, const struct policy *policy, msec_t now)
{
	const int *minutes = policy->working_minutes;
	day_t today = day_of(now);
	int minute = (int)((now - day_start(today)) / MINUTE_MS);

	if (!calendar_is_working(l->options.calendar, today))
		return false;
	for (int i = 0; i + 1 < 8 && minutes[i] >= 0; i += 2)
		if (minute >= minutes[i] && minute < minutes[i + 1])
			return true;
	return false;
}

/* Is anybody told now, and how far ahead at most? */
static bool is_time_for_any(const struct ledger *l, msec_t now, int *ret_days)
{
	bool any = is_working_time(l, l->options.policy, now);

	*ret_days = l->options.policy->due_soon_days;
	for (size_t i = 0; i < l->options.adapters_n; i++) {
		const struct policy *policy = l->options.adapters[i].policy;

		any |= is_working_time(l, policy, now);
		if (policy->due_soon_days > *ret_days)
			*ret_days = policy->due_soon_days;
	}
	return any;
}

/* Deadlines up to @last of which nothing is left to tell. */
static int drop_settled(struct ledger *l, day_t last, struct err *e)
{
	return db_run(&l->db, Q_REMINDER_DROP,
		"DELETE FROM reminder WHERE due_on <= ? AND NOT EXISTS (SELECT 1 FROM "
		"task t WHERE t.id = reminder.task AND t.due_on = reminder.due_on AND "
		"t.state < 2 AND t.due_flags = 0 AND t.overdue_for IS NOT t.due_on)",
		e, "d", last);
}

/* Open tasks whose reminder for the present deadline is not yet out, from behind the
 * task @after with its deadline; and where this page ends. */
struct page {
	day_t due_on;
	int64_t task;
	id_list due;
};
static int find_due(
	struct ledger *l, day_t today, day_t last, struct page *page, struct err *e)
{
	enum db_step step;
	struct sqlite3_stmt *row = db_query(&l->db, Q_TASK_REMIND,
		"SELECT r.task, r.due_on FROM reminder r JOIN task t ON t.id = r.task "
		"WHERE r.due_on <= ?1 AND (r.due_on < ?2 OR t.due_soon_for IS NOT "
		"r.due_on) AND (r.due_on, r.task) > (?4, ?5) "
		"ORDER BY r.due_on, r.task LIMIT ?3",
		e, "ddiii", last, today, (int64_t)REMIND_MOST, (int64_t)page->due_on,
		page->task);

	if (!row)
		return -1;
	page->due.n = 0;
	while ((step = db_next(&l->db, row, e)) == DB_ROW) {
		*LIST_ADD(&l->arena, &page->due) = page->task = db_int(row, 0);
		page->due_on = db_day(row, 1);
	}
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

/* Tell of @id's deadline, if by its own policy it is the time for that. */
static int remind_of(struct ledger *l, int64_t id, msec_t now, int *told, struct err *e)
{
	struct task_row *row = store_task(l, id, e);

	if (!row)
		return -1;
	const struct policy *policy =
		policy_today(&l->db, Q_POLICY_ADAPTER, &l->options, id);
	enum timeliness timely = timeliness_of(
		&row->task, now, l->options.calendar, policy->due_soon_days);

	if (!is_working_time(l, policy, now) ||
		(timely != TIMELINESS_OVERDUE && timely != TIMELINESS_DUE_SOON))
		return 0;
	++*told;
	return remind(l, &row->task, timely == TIMELINESS_OVERDUE, e);
}

int ledger_remind(struct ledger *l, msec_t now, int *ret_told, struct err *e)
{
	struct page page = {.due_on = DAY_NONE};
	int told = 0, days;
	day_t today = day_of(now);

	store_forget(l);
	l->now = now;
	bool more = is_time_for_any(l, now, &days);
	day_t last =
		more ? calendar_add_working(l->options.calendar, today, days) : today;

	if (more && drop_settled(l, last, e) != 0)
		return -1;
	while (more && told < REMIND_MOST) {
		if (find_due(l, today, last, &page, e) != 0)
			return -1;
		for (size_t i = 0; i < page.due.n; i++)
			if (remind_of(l, page.due.at[i], now, &told, e) != 0)
				return -1;
		more = page.due.n == REMIND_MOST;
	}
	if (ret_told)
		*ret_told = told;
	return 0;
}
