/*
 * What the policy of its adapter said when an event came (docs/decisions/0008). What is
 * yes or no is a bit of the event's own number; the lists of T7 stand in a table, once
 * each, and the number says which. Rows older than that table follow the site in these,
 * as they always did.
 */
#include "gateway/ledger/internal.h"

#include <jansson.h>
#include <string.h>

enum {
	POLICY_KEPT = 1 << 15, /* the lists of its day are known; else the site's */
	LISTS_SHIFT = 16,      /* above: their row, 0: there were none */
	LISTS_MOST = 0xffff,
};

static const char *lists_text(struct ledger *l, const struct policy *policy)
{
	cleanup_buf struct buf text = {0};
	struct json j = {.out = &text};

	json_open(&j, '{');
	json_key(&j, "answers_proposals");
	json_open(&j, '[');
	for (size_t i = 0; i < policy->answers_proposals_n; i++)
		json_text(&j, policy->answers_proposals[i]);
	json_close(&j, ']');
	json_key(&j, "rules");
	json_open(&j, '[');
	for (size_t i = 0; i < policy->rules_n; i++) {
		json_open(&j, '{');
		json_put_text(&j, "type", policy->rules[i].type);
		json_put_int(&j, "working_days", policy->rules[i].working_days);
		json_close(&j, '}');
	}
	json_close(&j, ']');
	json_close(&j, '}');
	return arena_dup(&l->arena, buf_text(&text));
}

/* The row of @lists, made when it is new. */
static int find_lists(
	struct ledger *l, const char *lists, int64_t *ret_id, struct err *e)
{
	struct sqlite3_stmt *row = db_query(&l->db, Q_POLICY_FIND,
		"SELECT id FROM policy WHERE lists = ?", e, "t", lists);

	if (!row)
		return -1;
	enum db_step step = db_next(&l->db, row, e);

	if (step == DB_FAULT)
		return -1;
	if (step == DB_ROW) {
		*ret_id = db_int(row, 0);
		db_reset(row);
		return 0;
	}
	if (db_run(&l->db, Q_POLICY_ADD, "INSERT INTO policy (lists) VALUES (?)", e,
		    "t", lists) != 0)
		return -1;
	*ret_id = db_last_id(&l->db);
	return *ret_id <= LISTS_MOST
		       ? 0
		       : err_set(e, ERR_BUG, "the ledger knows too many policies");
}

int policy_keep(struct ledger *l, const struct policy *policy, const struct event *ev,
	unsigned *ret_policy, struct err *e)
{
	int64_t lists = 0;

	if ((policy->answers_proposals_n || policy->rules_n) &&
		find_lists(l, lists_text(l, policy), &lists, e) != 0)
		return -1;
	*ret_policy = plan_policy_bits(policy, l->options.organs, ev) | POLICY_KEPT |
		      (unsigned)lists << LISTS_SHIFT;
	return 0;
}

static const struct policy *read_lists(struct ledger *l, const char *text)
{
	json_t *lists = json_loads(text, 0, NULL);
	const json_t *answers = json_object_get(lists, "answers_proposals"),
		     *rules = json_object_get(lists, "rules");
	size_t answers_n = json_array_size(answers), rules_n = json_array_size(rules);
	struct arena *arena = &l->arena;
	const char **organs = arena_alloc(arena, (answers_n + 1) * sizeof(*organs));
	struct policy_rule *days = arena_alloc(arena, (rules_n + 1) * sizeof(*days));
	struct policy *policy = arena_alloc(arena, sizeof(*policy));

	for (size_t i = 0; i < answers_n; i++)
		organs[i] =
			arena_dup(arena, json_string_value(json_array_get(answers, i)));
	for (size_t i = 0; i < rules_n; i++) {
		const json_t *rule = json_array_get(rules, i);

		days[i].type = arena_dup(
			arena, json_string_value(json_object_get(rule, "type")));
		days[i].working_days =
			(int)json_integer_value(json_object_get(rule, "working_days"));
	}
	*policy = (struct policy){.answers_proposals = organs,
		.answers_proposals_n = answers_n,
		.rules = days,
		.rules_n = rules_n};
	json_decref(lists);
	return policy;
}

int policy_read(struct ledger *l, const struct stored *s, unsigned *ret_bits,
	const struct policy **ret_lists, struct err *e)
{
	const struct policy *site = l->options.policy;
	int64_t id = s->policy >> LISTS_SHIFT;
	bool kept = s->policy & POLICY_KEPT;

	*ret_bits = s->policy;
	if (!kept && site->accept_proposed_due)
		*ret_bits |= PLAN_ACCEPT_PROPOSED_DUE;
	*ret_lists = kept ? &policy_default : site;
	if (!id)
		return 0;
	struct sqlite3_stmt *row = db_query(&l->db, Q_POLICY_GET,
		"SELECT lists FROM policy WHERE id = ?", e, "i", id);

	if (!row)
		return -1;
	switch (db_next(&l->db, row, e)) {
	case DB_FAULT:
		return -1;
	case DB_DONE:
		return err_set(
			e, ERR_BUG, "the ledger has no policy %lld", (long long)id);
	case DB_ROW:
		break;
	}
	const char *text = db_text(&l->arena, row, 0);

	db_reset(row);
	*ret_lists = read_lists(l, text);
	return 0;
}

const struct policy *policy_of_adapter(
	const struct ledger_options *options, const char *adapter)
{
	for (size_t i = 0; i < options->adapters_n; i++)
		if (strcmp(options->adapters[i].name, adapter) == 0)
			return options->adapters[i].policy;
	return options->policy;
}

const struct policy *policy_today(
	struct db *db, int slot, const struct ledger_options *options, int64_t task)
{
	const struct policy *found = options->policy;
	struct err ignored;

	if (!options->adapters_n)
		return found;
	struct sqlite3_stmt *row = db_query(db, slot,
		"SELECT e.adapter FROM task t JOIN event e ON e.id = t.origin WHERE "
		"t.id = ?",
		&ignored, "i", task);

	if (!row || db_next(db, row, &ignored) != DB_ROW)
		return found;
	found = policy_of_adapter(options, db_peek(row, 0));
	db_reset(row);
	return found;
}
