/*
 * How much work an event makes, counted: SQLite's steps and statements, chains planned,
 * bodies parsed, names compared. What a long history must not make dearer is told
 * twice, after a short and after a long one, and must count the same.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "gateway/base/buf.h"
#include "gateway/model/event_json.h"
#include "gateway/rules/plan.h"
#include "gateway/rules/target.h"
#include "tests/lib/story.h"

static struct {
	int64_t steps, statements, planned, parsed, compared;
} count;

void __real_plan_chain(struct arena *arena, const struct plan_context *context,
	struct plan_document *documents, size_t n, struct plan *ret_plan);
void __wrap_plan_chain(struct arena *arena, const struct plan_context *context,
	struct plan_document *documents, size_t n, struct plan *ret_plan);
int __real_event_json_read(const char *bytes, size_t n, struct event **ret_event,
	struct event_json_error *ret_error);
int __wrap_event_json_read(const char *bytes, size_t n, struct event **ret_event,
	struct event_json_error *ret_error);
enum name_fit __real_target_id_names(struct arena *arena,
	const struct organ_table *organs, const char *document_id,
	const struct known_document *known);
enum name_fit __wrap_target_id_names(struct arena *arena,
	const struct organ_table *organs, const char *document_id,
	const struct known_document *known);

void __wrap_plan_chain(struct arena *arena, const struct plan_context *context,
	struct plan_document *documents, size_t n, struct plan *ret_plan)
{
	count.planned++;
	__real_plan_chain(arena, context, documents, n, ret_plan);
}

int __wrap_event_json_read(const char *bytes, size_t n, struct event **ret_event,
	struct event_json_error *ret_error)
{
	count.parsed++;
	return __real_event_json_read(bytes, n, ret_event, ret_error);
}

enum name_fit __wrap_target_id_names(struct arena *arena,
	const struct organ_table *organs, const char *document_id,
	const struct known_document *known)
{
	count.compared++;
	return __real_target_id_names(arena, organs, document_id, known);
}

static int on_step(void *context)
{
	(void)context;
	count.steps++;
	return 0;
}

static int on_statement(unsigned kind, void *context, void *statement, void *sql)
{
	(void)kind, (void)context, (void)statement, (void)sql;
	count.statements++;
	return 0;
}

/* Every connection counts, the ledger's and its views'. */
static int on_open(sqlite3 *db, char **ret_message, const void *api)
{
	(void)ret_message, (void)api;
	sqlite3_progress_handler(db, 1, on_step, NULL);
	return sqlite3_trace_v2(db, SQLITE_TRACE_STMT, on_statement, NULL);
}

typedef void (*put_one)(struct buf *out, int i);

static void put_head(struct buf *out, const char *from, int number)
{
	buf_printf(out,
		"{'kind':'document','issued_on':'2026-03-02','document_id':'%s,"
		"2026/03/02,%d/UBND','code':{'number':'%d','notation':'UBND'},"
		"'from':{'organ_id':'%s'}",
		from, number, number, from);
}

static void put_directive(struct buf *out, int i)
{
	put_head(out, "H99", i);
	buf_add_text(out, ",'due_on':'2026-03-20','to':[{'organ_id':'H99.01'}]}");
}

static void put_on_thread(struct buf *out, int i)
{
	put_head(out, "H99", i);
	buf_add_text(out, ",'thread_id':'L','due_on':'2026-03-20','to':[{'organ_id':"
			  "'H99.01'}]}");
}

/* The first is a directive, the others are letters on its thread. */
static void put_letter(struct buf *out, int i)
{
	if (i == 1) {
		put_on_thread(out, i);
		return;
	}
	put_head(out, "H99.02", i);
	buf_add_text(out, ",'thread_id':'L','to':[{'organ_id':'H99.05'}]}");
}

/* The first is a directive, the others change its deadline. */
static void put_update(struct buf *out, int i)
{
	if (i == 1) {
		put_directive(out, i);
		return;
	}
	buf_printf(out,
		"{'kind':'document','business':'update','document_id':'U%d','issued_on'"
		":'2026-03-03','from':{'organ_id':'H99'},'content':'%d','due_on':"
		"'2026-04-10','targets':[{'document_id':'H99,2026/03/02,1/UBND'}]}",
		i, i);
}

/* Each but the first replaces the one before. */
static void put_replacement(struct buf *out, int i)
{
	put_head(out, "H99", i);
	buf_add_text(out, ",'due_on':'2026-03-20','to':[{'organ_id':'H99.01'}]");
	if (i > 1)
		buf_printf(out,
			",'business':'replace','targets':[{'document_id':"
			"'H99,2026/03/02,%d/UBND'}]",
			i - 1);
	buf_add_text(out, "}");
}

/* Tell what @put writes from @from up to @to; the counts are the last one's. */
static void tell(struct story *s, put_one put, int from, int to)
{
	cleanup_buf struct buf json = {0};

	story_begin(s);
	for (int i = from; i <= to; i++) {
		buf_reset(&json);
		put(&json, i);
		struct event *ev = story_event(buf_text(&json));
		struct arrival a = story_arrival(s, "2026-03-04", ev);
		struct ledger_answer answer;
		struct err e = {0};

		memset(&count, 0, sizeof(count));
		assert_int_equal(ledger_apply(s->ledger, &a, &answer, &e), 0);
		assert_int_equal(answer.outcome, OUTCOME_APPLIED);
		event_free(ev);
	}
	story_commit(s);
}

static void test_one_more_directive_runs_the_same_statements_in_a_longer_ledger(
	void **state)
{
	struct story *s = *state;

	tell(s, put_directive, 1, 20);
	int64_t statements = count.statements;

	tell(s, put_directive, 21, 200);
	assert_int_equal(count.statements, statements);
	assert_int_equal(count.planned, 1);
	assert_int_equal(count.parsed, 0);
}

static void test_one_more_directive_on_a_thread_plans_nobody_else(void **state)
{
	struct story *s = *state;

	tell(s, put_on_thread, 1, 20);
	int64_t statements = count.statements;

	tell(s, put_on_thread, 21, 100);
	assert_int_equal(count.statements, statements);
	assert_int_equal(count.planned, 1);
	assert_int_equal(count.parsed, 0);
}

static void test_a_letter_on_a_thread_reads_only_the_assignments_there(void **state)
{
	struct story *s = *state;

	tell(s, put_letter, 1, 20);
	int64_t statements = count.statements;

	tell(s, put_letter, 21, 100);
	assert_int_equal(count.statements, statements);
	assert_int_equal(count.planned, 1);
	assert_true(count.parsed <= 1);
}

/* The chain is planned as a whole, and its length is part of that; its members'
 * bodies are not read again. */
static void test_one_more_update_parses_no_old_one_again(void **state)
{
	struct story *s = *state;

	tell(s, put_update, 1, 10);
	int64_t parsed = count.parsed, statements = count.statements;

	tell(s, put_update, 11, 40);
	assert_int_equal(count.parsed, parsed);
	assert_true(count.statements <= 4 * statements);
	assert_int_equal(count.planned, 1);
}

/* The row behind it is gone through once, not once for each of its documents. */
static void test_one_more_replacement_in_a_row_costs_its_length(void **state)
{
	struct story *s = *state;

	tell(s, put_replacement, 1, 20);
	int64_t statements = count.statements;

	tell(s, put_replacement, 21, 80);
	assert_true(count.statements <= 5 * statements);
}

/* A letter that answers @n directives by id and code: each is compared with its own. */
static void test_an_entry_is_compared_only_with_what_it_may_name(void **state)
{
	struct story *s = *state;
	cleanup_buf struct buf json = {0};
	enum { ENTRIES = 30 };

	tell(s, put_directive, 1, ENTRIES);
	put_head(&json, "H99.01", 999);
	buf_add_text(&json, ",'to':[{'organ_id':'H99'}],'response_for':[");
	for (int i = 1; i <= ENTRIES; i++)
		buf_printf(&json,
			"%s{'document_id':'H99,2026/03/02,%d/UBND','code':'%d/UBND',"
			"'organ_id':'H99'}",
			i > 1 ? "," : "", i, i);
	buf_add_text(&json, "]}");
	memset(&count, 0, sizeof(count));
	story_tell(s, "2026-03-05", buf_text(&json));
	assert_int_equal(count.compared, ENTRIES);
	assert_int_equal(
		story_count(s, "SELECT count(*) FROM task WHERE state = 3"), ENTRIES);
}

/* What one commit has to tell reaches the outbox whole, in order, for each sink. */
static void test_the_outbox_is_filled_by_one_statement_a_sink(void **state)
{
	struct story *s = *state;
	cleanup_buf struct buf json = {0};

	story_begin(s);
	for (int i = 1; i <= 20; i++) {
		buf_reset(&json);
		put_directive(&json, i);
		story_apply(s, "2026-03-04", buf_text(&json));
	}
	memset(&count, 0, sizeof(count));
	story_commit(s);
	assert_int_equal(count.statements, s->options.sinks_n + 1);
	assert_int_equal(story_count(s, "SELECT count(*) FROM outbox"), 2 * 20 * 2);
	assert_int_equal(story_verify(s, NULL), 0);
}

/* Its document's row waits to be written, yet what its adapter's policy says holds. */
static void test_a_new_task_is_told_by_its_adapters_policy(void **state)
{
	struct story *s = *state;
	struct policy patient = policy_default;
	const struct ledger_adapter adapters[] = {{"inbox", &patient}};

	patient.due_soon_days = 60;
	s->options.adapters = adapters;
	s->options.adapters_n = 1;
	story_open(s);
	tell(s, put_directive, 1, 1);
	assert_int_equal(story_count(s, "SELECT count(*) FROM journal WHERE name = "
					"'task.assigned' AND data ->> '$.timeliness' "
					"= 'due_soon'"),
		1);
	story_close(s);
}

static int64_t steps_of_explain(
	struct story *s, const char *id, enum ledger_find wanted)
{
	cleanup_buf struct buf json = {0};
	struct ledger_view *view = NULL;
	struct err e = {0};

	assert_int_equal(ledger_view_open(&s->options, &view, &e), 0);
	count.steps = 0;
	assert_int_equal(
		ledger_view_explain(view, id, s->options.now, &json, &e), wanted);
	ledger_view_close(view);
	return count.steps;
}

static void test_explain_looks_through_no_table(void **state)
{
	static const struct {
		const char *id;
		enum ledger_find found;
	} asked[] = {
		{"NV-1", LEDGER_FIND_OK},
		{"H99,2026/03/02,1/UBND", LEDGER_FIND_OK},
		{"U2", LEDGER_FIND_OK},
		{"nobody knows this", LEDGER_FIND_NONE},
	};
	int64_t steps[sizeof(asked) / sizeof(asked[0])];
	struct story *s = *state;

	tell(s, put_update, 1, 2);
	tell(s, put_directive, 10, 20);
	for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++)
		steps[i] = steps_of_explain(s, asked[i].id, asked[i].found);
	tell(s, put_directive, 21, 300);
	for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++)
		assert_int_equal(
			steps_of_explain(s, asked[i].id, asked[i].found), steps[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_one_more_directive_runs_the_same_statements_in_a_longer_ledger,
			story_setup, story_teardown),
		cmocka_unit_test_setup_teardown(
			test_one_more_directive_on_a_thread_plans_nobody_else,
			story_setup, story_teardown),
		cmocka_unit_test_setup_teardown(
			test_a_letter_on_a_thread_reads_only_the_assignments_there,
			story_setup, story_teardown),
		cmocka_unit_test_setup_teardown(
			test_one_more_update_parses_no_old_one_again, story_setup,
			story_teardown),
		cmocka_unit_test_setup_teardown(
			test_one_more_replacement_in_a_row_costs_its_length,
			story_setup, story_teardown),
		cmocka_unit_test_setup_teardown(
			test_an_entry_is_compared_only_with_what_it_may_name,
			story_setup, story_teardown),
		cmocka_unit_test_setup_teardown(
			test_the_outbox_is_filled_by_one_statement_a_sink, story_setup,
			story_teardown),
		cmocka_unit_test_setup_teardown(
			test_a_new_task_is_told_by_its_adapters_policy, story_setup,
			story_teardown),
		cmocka_unit_test_setup_teardown(test_explain_looks_through_no_table,
			story_setup, story_teardown),
	};

	sqlite3_auto_extension((void (*)(void))on_open);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
