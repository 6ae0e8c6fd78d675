/* What people did with a task (S1, M10), as `explain` shows it: who, when, what and
 * why. */
#include "gateway/ledger/view.h"

int view_acts(struct ledger_view *v, int64_t task, act_list *ret_acts, struct err *e)
{
	enum db_step step;
	struct sqlite3_stmt *row = db_query(&v->db, V_ACTS,
		"SELECT id, at, kind, due_on, day, event, organ, by, reason, "
		"from_state FROM act "
		"WHERE task = ? ORDER BY id",
		e, "i", task);

	if (!row)
		return -1;
	while ((step = db_next(&v->db, row, e)) == DB_ROW)
		*LIST_ADD(&v->arena, ret_acts) = (struct act_row){.id = db_int(row, 0),
			.at = db_int(row, 1),
			.kind = (enum act_kind)db_int(row, 2),
			.due_on = db_day(row, 3),
			.done_on = db_day(row, 4),
			.event = db_int(row, 5),
			.organ = db_text(&v->arena, row, 6),
			.by = db_text(&v->arena, row, 7),
			.reason = db_text(&v->arena, row, 8),
			.from = db_int_or(row, 9, -1)};
	return step == DB_DONE ? 0 : -1;
}

void view_put_acts(struct ledger_view *v, struct json *j, const act_list *acts)
{
	char at[INSTANT_TEXT], day[DAY_TEXT];

	json_key(j, "acts");
	json_open(j, '[');
	for (size_t i = 0; i < acts->n; i++) {
		const struct act_row *act = &acts->at[i];

		json_open(j, '{');
		json_put_text(j, "act", act_kind_words[act->kind]);
		json_put_text(j, "from_state",
			act->from < 0 ? NULL : task_state_words[act->from]);
		json_put_text(j, "by", act->by);
		json_put_text(j, "at", instant_text(act->at, at));
		json_put_text(j, "reason", act->reason);
		json_put_text(j, "due_on", day_text(act->due_on, day));
		json_put_text(j, "done_on", day_text(act->done_on, day));
		json_put_text(j, "to",
			act->organ ? organ_main_id(v->options.organs, act->organ,
					     day_of(act->at))
				   : NULL);
		json_key(j, "document");
		if (act->event)
			json_int(j, act->event);
		else
			json_absent(j);
		json_close(j, '}');
	}
	json_close(j, ']');
}
