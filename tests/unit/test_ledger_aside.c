/*
 * What is set aside and what waits: the quarantine and its acts (INV-6, B5, X1), and
 * what a changed organ table wakes (M6).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
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
static struct story *fresh(void **state)
{
	return *state;
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
		TEST(test_inv6_raw_bytes_are_on_disk_before_the_commit_and_kept_once),
		TEST(test_inv6_a_mended_event_is_applied_in_its_place),
		TEST(test_inv6_what_was_replayed_is_not_replayed_again),
		TEST(test_b5_a_refused_recall_replayed_stays_refused),
		TEST(test_inv6_what_was_discarded_stays_away_and_keeps_its_bytes),
		TEST(test_x1_a_restricted_document_leaves_only_its_id),
		TEST(test_m6_a_mention_becomes_an_answer_when_the_table_says_so),
		TEST(test_m6_a_parked_reply_finds_its_original_when_the_table_says_so),
		TEST(test_m6_a_changed_table_never_unmakes_a_closing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
