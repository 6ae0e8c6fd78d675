/* What a person decides about a case of the confirm list: kept with the case, so that
 * judging the reply again comes to the same. */
#include "gateway/ledger/internal.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/base/text.h"

struct suggestion_row {
	int64_t id, event;
	const char *state, *candidates;
};

static int read_suggestion(
	struct ledger *l, int64_t id, struct suggestion_row *ret_row, struct err *e)
{
	struct sqlite3_stmt *row = db_query(&l->db, Q_SUGGESTION_READ,
		"SELECT id, event, state, candidates FROM suggestion WHERE id = ?", e,
		"i", id);

	*ret_row = (struct suggestion_row){0};
	if (!row)
		return -1;
	enum db_step step = db_next(&l->db, row, e);

	if (step == DB_ROW) {
		*ret_row = (struct suggestion_row){db_int(row, 0), db_int(row, 1),
			db_text(&l->arena, row, 2), db_text(&l->arena, row, 3)};
		db_reset(row);
	}
	return step == DB_FAULT ? -1 : 0;
}

static bool is_candidate(const json_t *candidates, int64_t task)
{
	const json_t *candidate;
	size_t i;

	json_array_foreach(candidates, i, candidate) if (
		task_id_parse(json_string_value(json_object_get(candidate, "task"))) ==
		task) return true;
	return false;
}

/* The tasks the decision accepts as a JSON list, NULL and @why when they do not fit. */
static char *accepted_tasks(const struct ledger_decision *d,
	const struct suggestion_row *row, char why[LEDGER_WHY])
{
	json_t *candidates = json_loads(row->candidates, 0, NULL),
	       *accepted = json_array();
	char *text = NULL;

	*why = '\0';
	for (size_t i = 0; d->accept && i < d->tasks_n; i++) {
		if (!is_candidate(candidates, d->tasks[i]))
			snprintf(why, LEDGER_WHY, "NV-%lld is no candidate of GY-%lld",
				(long long)d->tasks[i], (long long)row->id);
		json_array_append_new(accepted, json_integer(d->tasks[i]));
	}
	if (d->accept && !d->tasks_n && json_array_size(candidates) > 1) {
		snprintf(why, LEDGER_WHY,
			"GY-%lld has several candidates; name the task (or tasks) it "
			"answers",
			(long long)row->id);
	} else if (d->accept && !d->tasks_n) {
		const json_t *only = json_array_get(candidates, 0);

		json_array_append_new(accepted,
			json_integer(task_id_parse(
				json_string_value(json_object_get(only, "task")))));
	}
	if (!*why)
		text = json_dumps(accepted, JSON_COMPACT);
	json_decref(candidates);
	json_decref(accepted);
	return text;
}

static int journal_decision(struct ledger *l, const struct ledger_decision *d,
	const struct suggestion_row *row, const char *tasks, struct err *e)
{
	cleanup_buf struct buf data = {0};
	struct json j = {.out = &data};
	char subject[32];

	snprintf(subject, sizeof(subject), "GY-%lld", (long long)row->id);
	json_open(&j, '{');
	json_put_text(&j, "suggestion", subject);
	json_put_text(&j, "decision", d->accept ? "accepted" : "declined");
	json_key(&j, "tasks");
	json_raw(&j, tasks, strlen(tasks));
	json_put_text(&j, "by", d->by);
	json_put_text(&j, "reason", d->reason);
	json_close(&j, '}');
	return journal_add(l,
		&(struct journal_entry){.name = "suggestion.decided",
			.subject = subject,
			.event = row->event,
			.data = &data},
		e);
}

static int save(struct ledger *l, const struct ledger_decision *d,
	const struct suggestion_row *row, const char *tasks, struct err *e)
{
	id_list events = {0};

	id_list_add(&l->arena, &events, row->event);
	if (journal_decision(l, d, row, tasks, e) != 0 ||
		db_run(&l->db, Q_SUGGESTION_DECIDE,
			"UPDATE suggestion SET state = ?, decided = ?, by = ?, note = "
			"? "
			"WHERE id = ?",
			e, "tttti", d->accept ? "accepted" : "declined", tasks, d->by,
			d->reason, row->id) != 0)
		return -1;
	l->event = row->event;
	return judge_again(l, &events, e) == 0 ? status_settle(l, e) : -1;
}

enum ledger_act_result ledger_decide(struct ledger *l, const struct ledger_decision *d,
	struct ledger_answer *ret_answer, char ret_why[LEDGER_WHY], struct err *e)
{
	struct suggestion_row row;

	store_forget(l);
	l->now = d->at;
	l->event = l->fresh = 0;
	if (read_suggestion(l, d->suggestion, &row, e) != 0)
		return LEDGER_ACT_FAULT;
	if (!row.id)
		return LEDGER_ACT_NO_TASK;
	if (strcmp(row.state, "open") != 0) {
		snprintf(ret_why, LEDGER_WHY, "GY-%lld is %s, not open",
			(long long)row.id, row.state);
		return LEDGER_ACT_REFUSED;
	}
	if (text_is_blank(d->by)) {
		snprintf(ret_why, LEDGER_WHY, "a decision needs who made it (by)");
		return LEDGER_ACT_REFUSED;
	}
	char *tasks = accepted_tasks(d, &row, ret_why);

	if (!tasks)
		return LEDGER_ACT_REFUSED;
	int result = save(l, d, &row, tasks, e);

	free(tasks);
	if (result != 0)
		return LEDGER_ACT_FAULT;
	*ret_answer = (struct ledger_answer){
		.outcome = OUTCOME_APPLIED, .document = row.event};
	return LEDGER_ACT_OK;
}

int decision_apply(
	struct ledger *l, const struct stored *s, struct link_verdict *v, struct err *e)
{
	struct sqlite3_stmt *row = db_query(&l->db, Q_SUGGESTION_DECIDED,
		"SELECT state, decided FROM suggestion WHERE event = ?", e, "i", s->id);

	if (!row)
		return -1;
	switch (db_next(&l->db, row, e)) {
	case DB_FAULT:
		return -1;
	case DB_DONE:
		return 0;
	case DB_ROW:
		break;
	}
	const char *state = db_text(&l->arena, row, 0);
	const char *decided = db_text(&l->arena, row, 1);

	db_reset(row);
	if (!decided)
		return 0;
	json_t *tasks = json_loads(decided, 0, NULL);

	for (size_t i = 0; strcmp(state, "accepted") == 0 && i < v->suggestions.n;
		i++) {
		const struct link_suggestion *suggestion = &v->suggestions.at[i];

		for (size_t k = 0; k < json_array_size(tasks); k++)
			if (json_integer_value(json_array_get(tasks, k)) ==
				suggestion->task)
				*LIST_ADD(&l->arena, &v->links) =
					link_accepted(suggestion);
	}
	json_decref(tasks);
	v->suggestions.n = 0;
	v->suggestion_reason = NULL;
	return 0;
}
