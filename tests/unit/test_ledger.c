/*
 * The ledger's own promises: opening, INV-3, batches, two processes on one file, the
 * outbox (INV-5), reading what is not there.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/lib/story.h"

#define FROM_PROVINCE "'from':{'organ_id':'H99'},"
#define ASSIGNS       FROM_PROVINCE "'to':[{'organ_id':'H99.01'}],'steering':'directive',"

static const char directive[] =
	"{'document_id':'A'," ASSIGNS
	"'code':{'number':'1','notation':'UB'},'subject':'V/v a',"
	"'issued_on':'2026-03-02','due_on':'2026-03-20'}";
static const char reply[] =
	"{'document_id':'R','from':{'organ_id':'H99.01'},'to':[{'organ_id':'H99'}],"
	"'code':{'number':'7','notation':'SO'},'issued_on':'2026-03-04','subject':'V/v "
	"r',"
	"'response_for':[{'document_id':'A'}]}";

static struct story *fresh(void **state)
{
	return *state;
}

/* ---- Opening */

static enum err_code open_fault(struct story *s, struct err *e)
{
	story_close(s);
	*e = (struct err){0};
	assert_int_equal(ledger_open(&s->options, &s->ledger, e), -1);
	s->ledger = NULL;
	return e->code;
}

static void test_a_reader_of_an_older_schema_is_told_to_bring_it_forward(void **state)
{
	struct story *s = fresh(state);
	struct ledger_view *view = NULL;
	struct err e = {0};

	story_close(s);
	story_tamper(s, "PRAGMA user_version = 1");
	assert_int_equal(ledger_view_open(&s->options, &view, &e), -1);
	assert_int_equal(e.code, ERR_CONFIG);
	assert_non_null(strstr(e.text, "older version"));
}

static void test_a_newer_schema_is_refused_and_left_alone(void **state)
{
	struct story *s = fresh(state);
	struct err e;

	story_close(s);
	story_tamper(s, "PRAGMA user_version = 999");
	assert_int_equal(open_fault(s, &e), ERR_CONFIG);
	assert_non_null(strstr(e.text, "newer version"));
	assert_int_equal(
		story_count(s, "SELECT user_version FROM pragma_user_version"), 999);
}

static void test_a_file_that_is_no_ledger_is_refused(void **state)
{
	struct story *s = fresh(state);
	struct err e;
	FILE *file;

	story_close(s);
	story_tamper(s, "PRAGMA application_id = 7");
	assert_int_equal(open_fault(s, &e), ERR_CONFIG);
	assert_non_null(strstr(e.text, "not a ledger"));
	file = fopen(story_path(s, "ledger.db"), "w");
	for (int i = 0; i < 200; i++)
		fputs("this is a letter and no database\n", file);
	fclose(file);
	unlink(story_path(s, "ledger.db-wal"));
	unlink(story_path(s, "ledger.db-shm"));
	assert_int_equal(open_fault(s, &e), ERR_CONFIG);
}

static void test_opened_again_it_is_what_it_was(void **state)
{
	struct story *s = fresh(state);

	story_tell(s, "2026-03-02", directive);
	story_tell(s, "2026-03-04", reply);
	const char *before = story_tasks(s);
	int64_t journal = story_count(s, "SELECT count(*) FROM journal");

	story_open(s);
	assert_string_equal(story_tasks(s), before);
	assert_int_equal(story_count(s, "SELECT count(*) FROM journal"), journal);
	assert_int_equal(story_verify(s, NULL), 0);
}

/* ---- INV-3 */

static void test_inv3_the_same_event_twice_is_answered_like_the_first_time(void **state)
{
	struct story *s = fresh(state);
	struct ledger_answer first = story_tell(s, "2026-03-02", directive);
	int64_t journal = story_count(s, "SELECT count(*) FROM journal");
	struct ledger_answer again = story_tell(s, "2026-03-09", directive);

	assert_int_equal(first.outcome, OUTCOME_APPLIED);
	assert_int_equal(again.outcome, OUTCOME_DUPLICATE);
	assert_int_equal(again.document, first.document);
	assert_int_equal(again.tasks_n, 1);
	assert_int_equal(again.tasks[0], 1);
	assert_int_equal(story_count(s, "SELECT count(*) FROM journal"), journal);
}

static void test_inv3_other_content_is_a_conflict_and_the_first_stands(void **state)
{
	struct story *s = fresh(state);
	struct ledger_answer other;

	story_tell(s, "2026-03-02", directive);
	const char *before = story_tasks(s);

	other = story_tell(s, "2026-03-03",
		"{'document_id':'A'," ASSIGNS
		"'code':{'number':'1','notation':'UB'},'subject':'V/v a',"
		"'issued_on':'2026-03-02','due_on':'2026-03-25'}");
	assert_int_equal(other.outcome, OUTCOME_CONFLICT);
	assert_string_equal(other.error_code, "event.conflict");
	assert_int_equal(other.document, 1);
	assert_true(other.quarantine > 0);
	assert_string_equal(story_tasks(s), before);
	assert_int_equal(story_verify(s, NULL), 0);
}

static void test_one_paper_by_two_carriers_has_the_members_and_names_of_both(
	void **state)
{
	struct story *s = fresh(state);
	struct ledger_answer other;

	story_tell(s, "2026-03-02",
		"{'document_id':'A'," ASSIGNS "'code':{'number':'1','notation':'UB'},"
		"'subject':'V/v a','issued_on':'2026-03-02'}");
	other = story_tell(s, "2026-03-03",
		"{'document_id':'axis-A'," ASSIGNS
		"'code':{'number':'1','notation':'UB'},"
		"'subject':'V/v a','issued_on':'2026-03-02','due_on':'2026-03-20',"
		"'thread_id':'T'}");
	assert_int_equal(other.outcome, OUTCOME_DUPLICATE);
	assert_non_null(strstr(story_tasks(s), "\"due_on\":\"2026-03-20\""));
	story_tell(s, "2026-03-04",
		"{'document_id':'R','from':{'organ_id':'H99.01'},'to':[{'organ_id':'"
		"H99'}],"
		"'issued_on':'2026-03-04','response_for':[{'document_id':'axis-A'}]}");
	assert_non_null(strstr(story_tasks(s), "\"state\":\"completed\""));
	assert_int_equal(story_verify(s, NULL), 0);
}

/* ---- Batches */

static void test_many_events_share_one_commit(void **state)
{
	struct story *s = fresh(state);
	char json[512];

	story_begin(s);
	for (int i = 0; i < 50; i++) {
		snprintf(json, sizeof(json),
			"{'document_id':'d-%d'," ASSIGNS
			"'issued_on':'2026-03-02','subject':'V/v %d'}",
			i, i);
		struct ledger_answer answer = story_apply(s, "2026-03-02", json);

		assert_int_equal(answer.tasks[0], i + 1);
	}
	assert_int_equal(story_count(s, "SELECT count(*) FROM event"), 0);
	story_commit(s);
	assert_int_equal(story_count(s, "SELECT count(*) FROM event"), 50);
	assert_int_equal(story_verify(s, NULL), 0);
}

static void test_a_rollback_leaves_nothing_behind_and_numbers_go_on(void **state)
{
	struct story *s = fresh(state);

	story_tell(s, "2026-03-02", directive);
	int64_t journal = story_count(s, "SELECT max(seq) FROM journal");

	story_begin(s);
	story_apply(s, "2026-03-04", reply);
	story_apply(s, "2026-03-04",
		"{'document_id':'B'," ASSIGNS "'issued_on':'2026-03-03'}");
	ledger_rollback(s->ledger);
	assert_int_equal(story_count(s, "SELECT count(*) FROM event"), 1);
	assert_int_equal(story_count(s, "SELECT count(*) FROM task"), 1);
	struct ledger_answer next = story_tell(s, "2026-03-05",
		"{'document_id':'C'," ASSIGNS "'issued_on':'2026-03-05'}");

	assert_int_equal(next.document, 2);
	assert_int_equal(next.tasks[0], 2);
	assert_int_equal(story_count(s, "SELECT min(seq) FROM journal WHERE event = 2"),
		journal + 1);
	assert_int_equal(story_verify(s, NULL), 0);
}

static void test_a_transaction_that_was_not_committed_is_gone_after_closing(
	void **state)
{
	struct story *s = fresh(state);

	story_begin(s);
	story_apply(s, "2026-03-02", directive);
	story_open(s);
	assert_int_equal(story_count(s, "SELECT count(*) FROM event"), 0);
	assert_int_equal(story_tell(s, "2026-03-02", directive).document, 1);
}

/* What the ledger has as the cursor of `poll`, "" for none. */
static const char *cursor(struct story *s, char out[32])
{
	cleanup_buf struct buf text = {0};
	struct err e = {0};

	if (ledger_cursor_get(s->ledger, "poll", &text, &e) < 0)
		fail_msg("%s", e.text);
	snprintf(out, 32, "%s", buf_text(&text));
	return out;
}

static void set_cursor(struct story *s, const char *text)
{
	struct err e = {0};

	if (ledger_cursor_set(s->ledger, "poll", text, 1000, &e) < 0)
		fail_msg("%s", e.text);
}

static void test_inv1_a_cursor_is_committed_with_its_event_or_not_at_all(void **state)
{
	struct story *s = fresh(state);
	char out[32];

	assert_string_equal(cursor(s, out), "");
	story_begin(s);
	story_apply(s, "2026-03-02", directive);
	set_cursor(s, "c-1");
	story_commit(s);
	story_begin(s);
	story_apply(s, "2026-03-04", reply);
	set_cursor(s, "c-2");
	story_open(s); /* as after a crash: nothing of that was committed */
	assert_string_equal(cursor(s, out), "c-1");
	assert_int_equal(story_count(s, "SELECT count(*) FROM event"), 1);
	story_begin(s);
	set_cursor(s, "c-3");
	story_commit(s);
	story_open(s);
	assert_string_equal(cursor(s, out), "c-3");
	assert_int_equal(story_verify(s, NULL), 0);
}

static void test_two_processes_write_in_turn_on_one_ledger(void **state)
{
	struct story *s = fresh(state), other = *s;
	struct err e = {0};

	other.ledger = NULL;
	story_open(&other);
	story_tell(s, "2026-03-02", directive);
	story_tell(&other, "2026-03-04", reply);
	struct ledger_answer third = story_tell(s, "2026-03-05",
		"{'document_id':'B'," ASSIGNS "'issued_on':'2026-03-05'}");
	struct ledger_answer fourth = story_tell(&other, "2026-03-06",
		"{'document_id':'C'," ASSIGNS "'issued_on':'2026-03-06'}");

	assert_int_equal(third.document, 3);
	assert_int_equal(third.tasks[0], 2);
	assert_int_equal(fourth.document, 4);
	assert_int_equal(fourth.tasks[0], 3);
	story_begin(s);
	assert_int_equal(ledger_begin(other.ledger, &e), -1);
	assert_int_equal(e.code, ERR_UNAVAILABLE);
	story_commit(s);
	story_close(&other);
	assert_int_equal(story_verify(s, NULL), 0);
}

/* ---- INV-5 */

struct seen {
	int64_t ids[64];
	char names[64][32], event_ids[64][64];
	int n, attempts;
	char last_error[64];
};

static int see(void *context, const struct outbox_row *row)
{
	struct seen *seen = context;

	seen->ids[seen->n] = row->id;
	snprintf(seen->names[seen->n], sizeof(seen->names[0]), "%s", row->name);
	snprintf(seen->event_ids[seen->n], sizeof(seen->event_ids[0]), "%s",
		row->event_id);
	seen->attempts += row->attempts;
	if (row->last_error)
		snprintf(seen->last_error, sizeof(seen->last_error), "%s",
			row->last_error);
	seen->n++;
	return 0;
}

static struct seen waiting(struct story *s, const char *sink, int64_t after, int limit)
{
	struct seen seen = {0};
	struct ledger_view *v;
	struct err e = {0};

	assert_int_equal(ledger_view_open(&s->options, &v, &e), 0);
	assert_int_equal(ledger_view_outbox(v, sink, after, limit, see, &seen, &e), 0);
	ledger_view_close(v);
	return seen;
}

static void test_inv5_what_is_to_be_told_waits_in_order_for_each_sink(void **state)
{
	struct story *s = fresh(state);

	story_tell(s, "2026-03-02", directive);
	story_tell(s, "2026-03-04", reply);
	struct seen east = waiting(s, "east", 0, 100),
		    west = waiting(s, "west", 0, 100);
	static const char *const names[] = {"document.received", "task.assigned",
		"document.received", "task.completed", "reply.issued"};

	assert_int_equal(east.n, 5);
	assert_int_equal(west.n, 5);
	for (int i = 0; i < 5; i++) {
		assert_string_equal(east.names[i], names[i]);
		assert_string_equal(east.event_ids[i], west.event_ids[i]);
		assert_true(i == 0 || east.ids[i] > east.ids[i - 1]);
	}
	assert_int_equal(waiting(s, "east", east.ids[2], 100).n, 2);
	assert_int_equal(waiting(s, "east", 0, 3).n, 3);
	assert_int_equal(waiting(s, "nobody", 0, 100).n, 0);
	assert_int_equal(waiting(s, NULL, 0, 100).n, 10);
}

static void test_inv5_a_row_leaves_only_when_it_was_told(void **state)
{
	struct story *s = fresh(state);
	struct err e = {0};

	story_tell(s, "2026-03-02", directive);
	struct seen before = waiting(s, "east", 0, 100);

	story_begin(s);
	assert_int_equal(ledger_told(s->ledger, before.ids, 1, &e), 0);
	ledger_rollback(s->ledger);
	assert_int_equal(waiting(s, "east", 0, 100).n, 2);
	story_begin(s);
	assert_int_equal(ledger_told(s->ledger, before.ids, 1, &e), 0);
	assert_int_equal(ledger_not_told(s->ledger,
				 &(struct ledger_attempt){.outbox_id = before.ids[1],
					 .at = story_at("2026-03-03"),
					 .next_at = story_at("2026-03-04"),
					 .error = "no room"},
				 &e),
		0);
	story_commit(s);
	struct seen after = waiting(s, "east", 0, 100);

	assert_int_equal(after.n, 1);
	assert_int_equal(after.attempts, 1);
	assert_string_equal(after.last_error, "no room");
	assert_string_equal(after.event_ids[0], before.event_ids[1]);
	assert_int_equal(waiting(s, "west", 0, 100).n, 2);
	assert_int_equal(story_verify(s, NULL), 0);
}

static int never(void *context, const struct task *task, enum timeliness timeliness)
{
	(void)context, (void)task, (void)timeliness;
	fail_msg("a ledger that does not exist has no tasks");
	return -1;
}

static void test_a_ledger_that_does_not_exist_yet_is_an_empty_one(void **state)
{
	struct story *s = fresh(state);
	struct task_filter filter = {.now = s->options.now};
	cleanup_buf struct buf json = {0};
	struct ledger_view *v;
	struct err e = {0};
	int failures;
	int64_t version;

	s->options.folder = "/nonexistent/congvan";
	assert_int_equal(ledger_view_open(&s->options, &v, &e), 0);
	assert_int_equal(ledger_view_tasks(v, &filter, never, NULL, &e), 0);
	assert_int_equal(ledger_view_outbox(v, NULL, 0, 10, see, NULL, &e), 0);
	assert_int_equal(ledger_view_version(v, &version, &e), 0);
	assert_int_equal(ledger_view_verify(v, &json, &failures, &e), 0);
	assert_int_equal(failures, 0);
	assert_int_equal(ledger_view_explain(v, "NV-1", s->options.now, &json, &e),
		LEDGER_FIND_NONE);
	assert_int_equal(ledger_view_backup(v, "/nonexistent/copy", &e), -1);
	ledger_view_close(v);
	s->options.folder = s->folder;
}

static void test_a_ledger_that_is_just_being_made_is_an_empty_one(void **state)
{
	struct story *s = fresh(state);
	struct task_filter filter = {.now = s->options.now};
	struct ledger_view *v;
	struct err e = {0};

	story_close(s);
	unlink(story_path(s, "ledger.db-wal"));
	unlink(story_path(s, "ledger.db-shm"));
	assert_int_equal(truncate(story_path(s, "ledger.db"), 0), 0);
	assert_int_equal(ledger_view_open(&s->options, &v, &e), 0);
	assert_int_equal(ledger_view_tasks(v, &filter, never, NULL, &e), 0);
	ledger_view_close(v);
	story_open(s);
	story_tell(s, "2026-03-02", directive);
}

/* INV-1: what is committed to a file that nobody can open again is not kept. */
static void test_inv1_nothing_is_committed_to_a_file_that_is_gone(void **state)
{
	struct story *s = fresh(state);
	char away[300];
	struct err e = {0};

	snprintf(away, sizeof(away), "%s", story_path(s, "away.db"));
	assert_int_equal(rename(story_path(s, "ledger.db"), away), 0);
	assert_int_equal(ledger_begin(s->ledger, &e), 0);
	assert_int_equal(ledger_commit(s->ledger, &e), -1);
	assert_int_equal(e.code, ERR_IO);
	assert_non_null(strstr(e.text, "moved"));
	assert_int_equal(rename(away, story_path(s, "ledger.db")), 0);
	assert_int_equal(ledger_begin(s->ledger, &e), 0);
	assert_int_equal(ledger_commit(s->ledger, &e), 0);
}

static void test_a_backup_is_a_whole_ledger(void **state)
{
	struct story *s = fresh(state), copy = *s;
	struct ledger_view *v;
	struct err e = {0};

	story_tell(s, "2026-03-02", directive);
	snprintf(copy.folder, sizeof(copy.folder), "%.50s/copy", s->folder);
	copy.options.folder = copy.folder;
	assert_int_equal(mkdir(copy.folder, 0700), 0);
	assert_int_equal(ledger_view_open(&s->options, &v, &e), 0);
	assert_int_equal(ledger_view_backup(v, story_path(&copy, "ledger.db"), &e), 0);
	assert_int_equal(ledger_view_backup(v, story_path(&copy, "ledger.db"), &e), -1);
	ledger_view_close(v);
	assert_int_equal(story_verify(&copy, NULL), 0);
	assert_string_equal(story_tasks(&copy), story_tasks(s));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, story_setup, story_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_a_newer_schema_is_refused_and_left_alone),
		TEST(test_a_reader_of_an_older_schema_is_told_to_bring_it_forward),
		TEST(test_a_file_that_is_no_ledger_is_refused),
		TEST(test_opened_again_it_is_what_it_was),
		TEST(test_inv3_the_same_event_twice_is_answered_like_the_first_time),
		TEST(test_inv3_other_content_is_a_conflict_and_the_first_stands),
		TEST(test_one_paper_by_two_carriers_has_the_members_and_names_of_both),
		TEST(test_many_events_share_one_commit),
		TEST(test_a_rollback_leaves_nothing_behind_and_numbers_go_on),
		TEST(test_a_transaction_that_was_not_committed_is_gone_after_closing),
		TEST(test_inv1_a_cursor_is_committed_with_its_event_or_not_at_all),
		TEST(test_two_processes_write_in_turn_on_one_ledger),
		TEST(test_inv5_what_is_to_be_told_waits_in_order_for_each_sink),
		TEST(test_inv5_a_row_leaves_only_when_it_was_told),
		TEST(test_a_ledger_that_does_not_exist_yet_is_an_empty_one),
		TEST(test_a_ledger_that_is_just_being_made_is_an_empty_one),
		TEST(test_inv1_nothing_is_committed_to_a_file_that_is_gone),
		TEST(test_a_backup_is_a_whole_ledger),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
