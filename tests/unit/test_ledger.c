/*
 * The ledger's own promises: opening, INV-2 to INV-6, batches, two processes on one
 * file, the quarantine's acts, and that verify sees what somebody changed behind our
 * back.
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
	assert_int_equal(ledger_not_told(s->ledger, before.ids[1],
				 story_at("2026-03-03"), "no room", &e),
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

/* ---- INV-6 */

static void test_inv6_raw_bytes_are_on_disk_before_the_commit_and_kept_once(
	void **state)
{
	struct story *s = fresh(state);
	struct arrival a = story_arrival(s, "2026-03-02", NULL);
	struct ledger_answer first;
	struct err e = {0};
	struct stat raw;
	/* SHA-256 of "<bad" */
	static const char name[] =
		"quarantine/"
		"2f2b51747bb803479f6b11158b610a1591d1b10fa6e84dcd69bc2de0e5a3392a";

	a.raw = (struct slice){"<bad", 4};
	a.error_code = "xml.malformed";
	a.error_message = "no XML";
	story_begin(s);
	assert_int_equal(ledger_apply(s->ledger, &a, &first, &e), 0);
	assert_int_equal(first.outcome, OUTCOME_QUARANTINED);
	assert_int_equal(stat(story_path(s, name), &raw), 0);
	assert_int_equal(raw.st_size, 4);
	story_commit(s);
	struct ledger_answer again = story_tell_bytes(s, "2026-03-03", "<bad");

	assert_int_equal(again.outcome, OUTCOME_DUPLICATE);
	assert_int_equal(again.quarantine, first.quarantine);
	assert_int_equal(story_count(s, "SELECT count(*) FROM quarantine"), 1);
}

static struct ledger_answer replay(struct story *s, int64_t id, const char *json)
{
	struct event *ev = json ? story_event(json) : NULL;
	struct arrival a = story_arrival(s, "2026-03-05", ev);
	struct ledger_answer answer;
	struct err e = {0};

	if (!ev)
		a.error_code = a.error_message = "xml.malformed";
	story_begin(s);
	assert_int_equal(ledger_replay(s->ledger, id, &a, &answer, &e), 0);
	story_commit(s);
	event_free(ev);
	return answer;
}

static void test_inv6_a_mended_event_is_applied_in_its_place(void **state)
{
	struct story *s = fresh(state);
	int64_t id = story_tell_bytes(s, "2026-03-02", "<bad").quarantine;
	struct ledger_answer still = replay(s, id, NULL), mended;

	assert_int_equal(still.outcome, OUTCOME_QUARANTINED);
	assert_int_equal(still.quarantine, id);
	mended = replay(s, id, directive);
	assert_int_equal(mended.outcome, OUTCOME_APPLIED);
	assert_int_equal(mended.tasks_n, 1);
	assert_int_equal(story_verify(s, NULL), 0);
}

static void test_inv6_what_was_replayed_is_not_replayed_again(void **state)
{
	struct story *s = fresh(state);
	int64_t id = story_tell_bytes(s, "2026-03-02", "<bad").quarantine;
	struct event *ev = story_event(directive);
	struct arrival a = story_arrival(s, "2026-03-05", ev);
	struct ledger_answer answer;
	struct err e = {0};

	replay(s, id, directive);
	story_begin(s);
	assert_int_equal(ledger_replay(s->ledger, id, &a, &answer, &e), -1);
	assert_int_equal(e.code, ERR_INPUT);
	ledger_rollback(s->ledger);
	event_free(ev);
	assert_int_equal(story_count(s, "SELECT count(*) FROM task"), 1);
}

static void test_b5_a_refused_recall_replayed_stays_refused(void **state)
{
	static const char recall[] =
		"{'business':'recall','document_id':'X','issued_on':'2026-03-03',"
		"'from':{'organ_id':'H99.02'},'targets':[{'document_id':'A'}]}";
	struct story *s = fresh(state);

	story_tell(s, "2026-03-02", directive);
	struct ledger_answer refused = story_tell(s, "2026-03-03", recall);

	assert_int_equal(refused.outcome, OUTCOME_QUARANTINED);
	assert_string_equal(refused.error_code, "business.not-issuer");
	struct ledger_answer again = replay(s, refused.quarantine, recall);

	assert_int_equal(again.outcome, OUTCOME_QUARANTINED);
	assert_int_equal(again.quarantine, refused.quarantine);
	assert_int_equal(
		story_tell(s, "2026-03-04", recall).outcome, OUTCOME_DUPLICATE);
	assert_int_equal(story_verify(s, NULL), 0);
}

static void test_inv6_what_was_discarded_stays_away_and_keeps_its_bytes(void **state)
{
	struct story *s = fresh(state);
	int64_t id = story_tell_bytes(s, "2026-03-02", "<bad").quarantine;
	struct err e = {0};

	story_begin(s);
	assert_int_equal(
		ledger_discard(s->ledger, id, "An", "spam", story_at("2026-03-03"), &e),
		LEDGER_FIND_OK);
	assert_int_equal(
		ledger_discard(s->ledger, id, "An", "spam", story_at("2026-03-03"), &e),
		LEDGER_FIND_NONE);
	assert_int_equal(
		ledger_discard(s->ledger, 99, "An", "spam", story_at("2026-03-03"), &e),
		LEDGER_FIND_NONE);
	story_commit(s);
	assert_int_equal(
		story_tell_bytes(s, "2026-03-04", "<bad").outcome, OUTCOME_DUPLICATE);
	assert_int_equal(story_count(s, "SELECT count(*) FROM quarantine"), 1);
	assert_int_equal(story_verify(s, NULL), 0);
}

static void test_x1_a_restricted_document_leaves_only_its_id(void **state)
{
	struct story *s = fresh(state);
	struct event *ev = story_event(directive);
	struct arrival a = story_arrival(s, "2026-03-02", ev);
	struct ledger_answer answer;
	struct err e = {0};

	a.restricted = true;
	for (int i = 0; i < 2; i++) {
		story_begin(s);
		assert_int_equal(ledger_apply(s->ledger, &a, &answer, &e), 0);
		story_commit(s);
		assert_int_equal(answer.outcome, OUTCOME_RESTRICTED);
	}
	event_free(ev);
	assert_int_equal(
		story_count(s, "SELECT count(*) FROM event WHERE outcome = 5 AND "
			       "document_id = 'A' AND body IS NULL"),
		2);
	assert_int_equal(story_count(s, "SELECT count(*) FROM journal"), 0);
	assert_int_equal(story_count(s, "SELECT count(*) FROM name"), 0);
	assert_int_not_equal(access(story_path(s, "quarantine"), F_OK), 0);
}

/* ---- verify */

static void test_verify_sees_each_tampering(void **state)
{
	static const struct {
		const char *sql, *invariant, *says;
	} rows[] = {
		{"UPDATE journal SET at = at + 1 WHERE seq = 2", "INV-4",
			"chain is broken"},
		{"UPDATE journal SET data = replace(data, 'assigned', 'completed') "
		 "WHERE seq = 2",
			"INV-4", "chain is broken"},
		{"UPDATE journal SET organ = 'H99.02' WHERE seq = 2", "INV-4",
			"chain is broken"},
		{"UPDATE journal SET name = 'task.updated' WHERE seq = 2", "INV-4",
			"chain is broken"},
		{"UPDATE journal SET event = NULL WHERE seq = 2", "INV-4",
			"chain is broken"},
		{"DELETE FROM journal WHERE seq = 2", "INV-4", "has a gap"},
		{"DELETE FROM journal WHERE seq = (SELECT max(seq) FROM journal WHERE "
		 "task "
		 "IS NOT NULL)",
			"INV-4", ""},
		{"UPDATE journal SET hash = x'00' WHERE seq = 1", "INV-4",
			"chain is broken"},
		{"UPDATE task SET state = 0", "INV-4", "differs from its last change"},
		{"UPDATE task SET due_on = due_on + 1", "INV-4",
			"differs from its last change"},
		{"UPDATE task SET lead = 'H99.02'", "INV-4",
			"differs from its last change"},
		{"UPDATE task SET revision = 9", "INV-4",
			"differs from its last change"},
		{"UPDATE task SET completed_on = completed_on - 1", "INV-4",
			"differs from its last change"},
		{"UPDATE task SET closed_by = 1", "INV-4",
			"differs from its last change"},
		{"UPDATE task SET flags = 1", "INV-4", "differs from its last change"},
		{"INSERT INTO task SELECT 77, origin, via, ordinal, document, kind, "
		 "parent, "
		 "lead, coordinating, code, content, due_on, due_source, due_flags, "
		 "proposed_due_on, state, revision, flags, completed_on, closed_by, "
		 "rung, NULL, NULL FROM task",
			"INV-4", "journal does not know"},
		{"DELETE FROM task", "INV-4", "that is gone"},
		{"UPDATE task SET document = 55", "INV-4", "stands on no document"},
		{"UPDATE outbox SET journal = 999 WHERE id = 1", "INV-5",
			"without its journal"},
		{"UPDATE outbox SET sink = 999 WHERE id = 1", "INV-5",
			"without its journal"},
		{"UPDATE outbox SET journal = 4 WHERE id = 1", "INV-5", "out of order"},
		{"UPDATE event SET outcome = 9 WHERE id = 1", "INV-2",
			"an outcome that is none"},
		{"UPDATE event SET outcome = 4 WHERE id = 1", "INV-2",
			"without its quarantine entry"},
		{"UPDATE event SET outcome = 1, first = 44 WHERE id = 2", "INV-2",
			"of nothing"},
		{"UPDATE event SET outcome = 5 WHERE id = 1", "INV-2",
			"left something"},
		{"INSERT INTO event (id, outcome, arrived_at, adapter, issuer, "
		 "document_id) "
		 "SELECT 50, 0, arrived_at, adapter, issuer, document_id FROM event "
		 "WHERE id = 1",
			"INV-3", "applied twice"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		cleanup_buf struct buf json = {0};
		struct story s;

		story_init(&s);
		story_tell(&s, "2026-03-02", directive);
		story_tell(&s, "2026-03-04", reply);
		story_close(&s);
		assert_int_equal(story_verify(&s, NULL), 0);
		story_tamper(&s, rows[i].sql);
		if (story_verify(&s, &json) == 0)
			fail_msg("verify saw nothing: %s", rows[i].sql);
		if (!strstr(buf_text(&json), rows[i].invariant) ||
			!strstr(buf_text(&json), rows[i].says))
			fail_msg("%s: %s", rows[i].sql, buf_text(&json));
		story_deinit(&s);
	}
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

/* ---- M6: the organ table is a fact too */

static void change_organs(struct story *s, const char *alias_of_lead)
{
	const struct organ_alias alias = {alias_of_lead, DAY_NONE, DAY_NONE};
	struct err e = {0};

	story_close(s);
	organ_table_free(s->organs);
	s->organs = organ_table_new();
	assert_int_equal(
		organ_table_add(s->organs, &(struct organ){.id = "H99"}, &e), 0);
	assert_int_equal(organ_table_add(s->organs,
				 &(struct organ){.id = "H99.01",
					 .parent = "H99",
					 .aliases = &alias,
					 .aliases_n = alias_of_lead ? 1 : 0},
				 &e),
		0);
	assert_int_equal(organ_table_finish(s->organs, &e), 0);
	s->options.organs = s->organs;
	story_open(s);
}

static void test_m6_a_mention_becomes_an_answer_when_the_table_says_so(void **state)
{
	struct story *s = fresh(state);

	story_tell(s, "2026-03-02", directive);
	story_tell(s, "2026-03-04",
		"{'document_id':'R','from':{'organ_id':'OLD.01'},'to':[{'organ_id':'"
		"H99'}],"
		"'issued_on':'2026-03-04','response_for':[{'document_id':'A'}]}");
	assert_non_null(strstr(story_tasks(s), "\"state\":\"assigned\""));
	change_organs(s, "OLD.01");
	assert_non_null(strstr(story_tasks(s), "\"state\":\"completed\""));
	assert_int_equal(story_count(s, "SELECT count(*) FROM journal WHERE name = "
					"'organs.changed'"),
		1);
	assert_int_equal(story_verify(s, NULL), 0);
}

static void test_m6_a_parked_reply_finds_its_original_when_the_table_says_so(
	void **state)
{
	struct story *s = fresh(state);

	story_tell(s, "2026-03-02",
		"{'document_id':'OLD,2026/03/02,1/UB','from':{'organ_id':'OLD'},"
		"'to':[{'organ_id':'H99.01'}],'steering':'directive',"
		"'code':{'number':'1','notation':'UB'},'issued_on':'2026-03-02'}");
	struct ledger_answer answer = story_tell(s, "2026-03-04",
		"{'document_id':'R','from':{'organ_id':'H99.01'},'to':[{'organ_id':'"
		"OLD'}],"
		"'issued_on':'2026-03-04',"
		"'response_for':[{'document_id':'OLD.99,2026/03/02,1/UB'}]}");

	assert_int_equal(answer.outcome, OUTCOME_PARKED);
	struct err e = {0};

	story_close(s);
	assert_int_equal(organ_table_add(s->organs,
				 &(struct organ){.id = "OLD",
					 .aliases = &(struct organ_alias){"OLD.99",
						 DAY_NONE, DAY_NONE},
					 .aliases_n = 1},
				 &e),
		0);
	assert_int_equal(organ_table_finish(s->organs, &e), 0);
	story_open(s);
	assert_non_null(strstr(story_tasks(s), "\"state\":\"completed\""));
	assert_int_equal(
		story_count(s, "SELECT count(*) FROM event WHERE outcome = 3"), 0);
	assert_int_equal(story_verify(s, NULL), 0);
}

static void test_m6_a_changed_table_never_unmakes_a_closing(void **state)
{
	struct story *s = fresh(state);

	story_tell(s, "2026-03-02", directive);
	story_tell(s, "2026-03-04",
		"{'document_id':'R','from':{'organ_id':'000.00.01.H99'},"
		"'to':[{'organ_id':'H99'}],'issued_on':'2026-03-04',"
		"'response_for':[{'document_id':'A'}]}");
	assert_non_null(strstr(story_tasks(s), "\"state\":\"completed\""));
	change_organs(s, NULL);
	assert_non_null(strstr(story_tasks(s), "\"state\":\"completed\""));
	assert_int_equal(story_verify(s, NULL), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, story_setup, story_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_a_newer_schema_is_refused_and_left_alone),
		TEST(test_a_file_that_is_no_ledger_is_refused),
		TEST(test_opened_again_it_is_what_it_was),
		TEST(test_inv3_the_same_event_twice_is_answered_like_the_first_time),
		TEST(test_inv3_other_content_is_a_conflict_and_the_first_stands),
		TEST(test_one_paper_by_two_carriers_has_the_members_and_names_of_both),
		TEST(test_many_events_share_one_commit),
		TEST(test_a_rollback_leaves_nothing_behind_and_numbers_go_on),
		TEST(test_a_transaction_that_was_not_committed_is_gone_after_closing),
		TEST(test_two_processes_write_in_turn_on_one_ledger),
		TEST(test_inv5_what_is_to_be_told_waits_in_order_for_each_sink),
		TEST(test_inv5_a_row_leaves_only_when_it_was_told),
		TEST(test_inv6_raw_bytes_are_on_disk_before_the_commit_and_kept_once),
		TEST(test_inv6_a_mended_event_is_applied_in_its_place),
		TEST(test_inv6_what_was_replayed_is_not_replayed_again),
		TEST(test_b5_a_refused_recall_replayed_stays_refused),
		TEST(test_inv6_what_was_discarded_stays_away_and_keeps_its_bytes),
		TEST(test_x1_a_restricted_document_leaves_only_its_id),
		cmocka_unit_test(test_verify_sees_each_tampering),
		TEST(test_a_ledger_that_does_not_exist_yet_is_an_empty_one),
		TEST(test_a_backup_is_a_whole_ledger),
		TEST(test_m6_a_mention_becomes_an_answer_when_the_table_says_so),
		TEST(test_m6_a_parked_reply_finds_its_original_when_the_table_says_so),
		TEST(test_m6_a_changed_table_never_unmakes_a_closing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
