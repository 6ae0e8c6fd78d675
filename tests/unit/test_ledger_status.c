/*
 * Statuses upstream: which changes of the ledger are told to whoever sent a document,
 * from whom, and that each is told once.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/lib/story.h"

/* From outside the province; `inbox` is the way it came, `office` an e-office. */
#define ABOUT  "'from':{'organ_id':'G22','name':'VPCP'},"
#define TO(id) "'to':[{'organ_id':'" id "'}],"
#define DIRECTIVE(id, to)                                                              \
	"{'document_id':'" id "'," ABOUT "'to':[" to "],'steering':'directive',"       \
	"'code':{'number':'1','notation':'VPCP'},'subject':'V/v a',"                   \
	"'issued_on':'2026-03-02','due_on':'2026-03-20'}"
#define ONE "{'organ_id':'H99.01','name':'Sở Một'}"
#define STATUS(organ, code)                                                            \
	"{'kind':'status','from':{'organ_id':'" organ "'},"                            \
	"'targets':[{'document_id':'A'}],'status':{'code':" code ","                   \
	"'description':'không thuộc thẩm quyền',"                               \
	"'at':'2026-03-03T08:00:00+07:00'}}"
#define REPLY(id, organ, more)                                                         \
	"{'document_id':'" id "','from':{'organ_id':'" organ "'},'to':[{'organ_id':"   \
	"'G22'}],'code':{'number':'8" id "','notation':'S'},'issued_on':'2026-03-09'," \
	"'subject':'V/v b','response_for':[{'document_id':'A'}]" more "}"

static int setup(void **state)
{
	static const struct ledger_status_route routes[] = {
		{.adapter = "inbox", .sink = "axis"}};
	struct story *s;

	story_setup(state);
	s = *state;
	s->options.status_routes = routes;
	s->options.status_routes_n = 1;
	story_open(s);
	return 0;
}

static struct ledger_answer tell_by(
	struct story *s, const char *adapter, const char *day, const char *json)
{
	struct event *ev = story_event(json);
	struct arrival a = story_arrival(s, day, ev);
	struct ledger_answer answer;
	struct err e = {0};

	a.adapter = adapter;
	story_begin(s);
	if (ledger_apply(s->ledger, &a, &answer, &e) != 0)
		fail_msg("%s", e.text);
	story_commit(s);
	event_free(ev);
	return answer;
}

static void act(struct story *s, enum act_kind kind, int64_t task, const char *reason)
{
	struct ledger_act what = {.task = task,
		.kind = kind,
		.due_on = DAY_NONE,
		.done_on = DAY_NONE,
		.by = "office",
		.reason = reason,
		.at = story_at("2026-03-10")};
	struct ledger_answer answer;
	char why[LEDGER_WHY] = "";
	struct err e = {0};

	story_begin(s);
	if (ledger_act(s->ledger, &what, &answer, why, &e) != LEDGER_ACT_OK)
		fail_msg("%s%s", why, e.text);
	story_commit(s);
}

static const char *after(const char *text, const char *mark)
{
	const char *at = strstr(text, mark);

	assert_non_null(at);
	return at + strlen(mark);
}

static int add_row(void *context, const struct outbox_row *row)
{
	const char *from = after(row->data.at, "\"from\":{\"organ_id\":\"");

	buf_printf(context, "%s %.*s %c, ", row->subject, (int)strcspn(from, "\""),
		from, *after(row->data.at, "\"status\":"));
	return 0;
}

/* What waits for @sink: `document organ code, `. */
static const char *told_to(struct story *s, const char *sink, outbox_visit visit)
{
	static struct buf text;
	struct ledger_view *v;
	struct err e = {0};

	buf_reset(&text);
	if (ledger_view_open(&s->options, &v, &e) != 0 ||
		ledger_view_outbox(v, sink, 0, 100, visit, &text, &e) != 0)
		fail_msg("%s", e.text);
	ledger_view_close(v);
	return buf_text(&text);
}

#define assert_told(s, expected)                                                       \
	assert_string_equal(told_to((s), "axis", add_row), (expected))

static void test_it_came_for_each_organ_spoken_for(void **state)
{
	struct story *s = *state;

	tell_by(s, "inbox", "2026-03-03",
		DIRECTIVE("A", ONE ",{'organ_id':'H98.01'},{'organ_id':'H99.03'}"));
	assert_told(s, "A H99.01 1, A H99.03 1, ");
	assert_int_equal(story_verify(s, NULL), 0);
}

static void test_what_came_another_way_is_told_to_nobody(void **state)
{
	struct story *s = *state;

	tell_by(s, "office", "2026-03-03", DIRECTIVE("A", ONE));
	assert_told(s, "");
	/* ... until it comes that way as well. */
	tell_by(s, "inbox", "2026-03-04", DIRECTIVE("A", ONE));
	assert_told(s, "A H99.01 1, ");
	tell_by(s, "inbox", "2026-03-05", DIRECTIVE("A", ONE));
	assert_told(s, "A H99.01 1, ");
}

static void test_the_organ_is_called_as_the_document_calls_it(void **state)
{
	struct story *s = *state;

	tell_by(s, "inbox", "2026-03-03",
		DIRECTIVE("A", "{'organ_id':'000.00.01.H99'},{'organ_id':'H99.01'}"));
	assert_told(s, "A 000.00.01.H99 1, ");
}

static void test_the_way_of_a_document_from_arrival_to_completion(void **state)
{
	struct story *s = *state;

	tell_by(s, "inbox", "2026-03-03", DIRECTIVE("A", ONE));
	tell_by(s, "office", "2026-03-03", STATUS("H99.01", "3"));
	tell_by(s, "office", "2026-03-03", STATUS("H99.01", "4"));
	tell_by(s, "office", "2026-03-09", REPLY("B", "H99.01", ""));
	assert_told(s, "A H99.01 1, A H99.01 3, A H99.01 4, A H99.01 5, A H99.01 6, ");
	/* Re-opened and closed again: nothing more. */
	tell_by(s, "office", "2026-03-10",
		"{'business':'recall','document_id':'C','from':{'organ_id':'H99.01'},"
		"'targets':[{'document_id':'B'}],'issued_on':'2026-03-10'}");
	tell_by(s, "office", "2026-03-11", REPLY("D", "H99.01", ""));
	assert_told(s, "A H99.01 1, A H99.01 3, A H99.01 4, A H99.01 5, A H99.01 6, ");
	assert_int_equal(story_verify(s, NULL), 0);
}

static void test_a_reply_that_only_claims_to_be_done_is_at_work(void **state)
{
	struct story *s = *state;

	tell_by(s, "inbox", "2026-03-03", DIRECTIVE("A", ONE));
	tell_by(s, "office", "2026-03-03", STATUS("H99.01", "6"));
	assert_told(s, "A H99.01 1, ");
	tell_by(s, "office", "2026-03-09",
		REPLY("B", "H99.01", ",'reply_kind':'interim'"));
	assert_told(s, "A H99.01 1, A H99.01 5, ");
}

static void test_done_only_when_all_its_tasks_of_the_document_are(void **state)
{
	struct story *s = *state;

	tell_by(s, "inbox", "2026-03-03",
		"{'document_id':'A'," ABOUT TO(
			"H99.01") "'issued_on':'2026-03-02',"
				  "'assignments':[{'code':'T1','content':'x','lead':'"
				  "H99.01'},"
				  "{'code':'T2','content':'y','lead':'H99.01'}]}");
	tell_by(s, "office", "2026-03-09",
		REPLY("B", "H99.01", ",'response_for_tasks':['T1']"));
	assert_told(s, "A H99.01 1, ");
	tell_by(s, "office", "2026-03-10",
		REPLY("C", "H99.01", ",'response_for_tasks':['T2']"));
	assert_told(s, "A H99.01 1, A H99.01 6, ");
}

static void test_nothing_is_told_of_a_recalled_document(void **state)
{
	struct story *s = *state;

	tell_by(s, "inbox", "2026-03-03", DIRECTIVE("A", ONE));
	tell_by(s, "inbox", "2026-03-04",
		"{'business':'recall','document_id':'R'," ABOUT
		"'targets':[{'document_id':'A'}],'issued_on':'2026-03-04'}");
	tell_by(s, "office", "2026-03-05", STATUS("H99.01", "3"));
	tell_by(s, "office", "2026-03-09", REPLY("B", "H99.01", ""));
	assert_told(s, "A H99.01 1, ");
}

static void test_a_recall_that_came_first_leaves_nothing_to_tell(void **state)
{
	struct story *s = *state;

	tell_by(s, "inbox", "2026-03-03",
		"{'business':'recall','document_id':'R'," ABOUT
		"'targets':[{'document_id':'A'}],'issued_on':'2026-03-04'}");
	tell_by(s, "inbox", "2026-03-04", DIRECTIVE("A", ONE));
	assert_told(s, "");
}

static void test_a_refusal_gives_its_reason_and_ends_it(void **state)
{
	struct story *s = *state;

	tell_by(s, "inbox", "2026-03-03", DIRECTIVE("A", ONE));
	tell_by(s, "office", "2026-03-03", STATUS("H99.01", "2"));
	tell_by(s, "office", "2026-03-04", STATUS("H99.01", "5"));
	tell_by(s, "office", "2026-03-09", REPLY("B", "H99.01", ""));
	assert_told(s, "A H99.01 1, A H99.01 2, ");
	assert_int_equal(
		story_count(s, "SELECT count(*) FROM journal WHERE name = "
			       "'document.status' AND data LIKE "
			       "'%Từ chối tiếp nhận: không thuộc thẩm quyền%'"),
		1);
}

static void test_a_hand_back_that_was_accepted_is_a_refusal(void **state)
{
	struct story *s = *state;

	tell_by(s, "inbox", "2026-03-03", DIRECTIVE("A", ONE));
	act(s, ACT_KIND_ACCEPT_HAND_BACK, 1, "giao nhầm");
	assert_told(s, "A H99.01 1, A H99.01 2, ");
}

static void test_what_people_confirm_is_done(void **state)
{
	struct story *s = *state;

	s->policy.confirmation = CONFIRMATION_REQUIRED;
	tell_by(s, "inbox", "2026-03-03", DIRECTIVE("A", ONE));
	tell_by(s, "office", "2026-03-09", REPLY("B", "H99.01", ""));
	assert_told(s, "A H99.01 1, A H99.01 5, ");
	act(s, ACT_KIND_CONFIRM, 1, NULL);
	assert_told(s, "A H99.01 1, A H99.01 5, A H99.01 6, ");
}

static void test_what_the_organ_said_by_the_same_way_is_not_said_again(void **state)
{
	struct story *s = *state;

	tell_by(s, "inbox", "2026-03-03", DIRECTIVE("A", ONE));
	tell_by(s, "inbox", "2026-03-03", STATUS("H99.01", "3"));
	assert_told(s, "A H99.01 1, ");
	tell_by(s, "office", "2026-03-04",
		"{'kind':'read','from':{'organ_id':'H99.01'},"
		"'targets':[{'document_id':'A'}],'at':'2026-03-04T08:00:00+07:00'}");
	assert_told(s, "A H99.01 1, ");
}

static void test_the_parts_it_gave_to_its_sub_units_are_told(void **state)
{
	struct story *s = *state;

	tell_by(s, "inbox", "2026-03-03", DIRECTIVE("A", "{'organ_id':'H99.03'}"));
	tell_by(s, "office", "2026-03-04",
		"{'document_id':'F','from':{'organ_id':'H99.03'},"
		"'to':[{'organ_id':'H99.05'}],'steering':'directive',"
		"'code':{'number':'9','notation':'S'},'issued_on':'2026-03-04',"
		"'response_for':[{'document_id':'A'}]}");
	assert_told(s, "A H99.03 1, A H99.03 4, ");
}

static void test_a_replacement_takes_the_statuses_over(void **state)
{
	struct story *s = *state;

	tell_by(s, "inbox", "2026-03-03", DIRECTIVE("A", ONE));
	tell_by(s, "inbox", "2026-03-05",
		"{'business':'replace','document_id':'E'," ABOUT "'to':[" ONE "],"
		"'code':{'number':'2','notation':'VPCP'},'steering':'directive',"
		"'targets':[{'document_id':'A'}],'issued_on':'2026-03-05',"
		"'due_on':'2026-03-25'}");
	tell_by(s, "office", "2026-03-09", REPLY("B", "H99.01", ""));
	assert_told(s, "A H99.01 1, E H99.01 1, E H99.01 6, ");
}

static int add_name(void *context, const struct outbox_row *row)
{
	buf_printf(context, "%s, ", row->name);
	return 0;
}

static void test_other_sinks_are_told_no_status(void **state)
{
	struct story *s = *state;

	tell_by(s, "inbox", "2026-03-03", DIRECTIVE("A", ONE));
	assert_string_equal(
		told_to(s, "east", add_name), "document.received, task.assigned, ");
	assert_string_equal(told_to(s, "axis", add_name), "document.status, ");
}

static void test_a_batch_that_is_rolled_back_has_told_nothing(void **state)
{
	struct story *s = *state;

	story_begin(s);
	story_apply(s, "2026-03-03", DIRECTIVE("A", ONE));
	ledger_rollback(s->ledger);
	assert_told(s, "");
	tell_by(s, "inbox", "2026-03-03", DIRECTIVE("A", ONE));
	assert_told(s, "A H99.01 1, ");
}

static void test_only_the_organs_named_are_spoken_for(void **state)
{
	static const char *const organs[] = {"H99.03"};
	static const struct ledger_status_route routes[] = {
		{.adapter = "inbox", .sink = "axis", .organs = organs, .organs_n = 1}};
	struct story *s = *state;

	s->options.status_routes = routes;
	story_open(s);
	tell_by(s, "inbox", "2026-03-03",
		DIRECTIVE("A", ONE ",{'organ_id':'H99.05'},{'organ_id':'H99.03'}"));
	assert_told(s, "A H99.05 1, A H99.03 1, ");
}

static void test_verify_sees_a_status_that_was_tampered_with(void **state)
{
	struct story *s = *state;

	tell_by(s, "inbox", "2026-03-03", DIRECTIVE("A", ONE));
	assert_int_equal(story_verify(s, NULL), 0);
	story_tamper(s, "DELETE FROM status_told");
	assert_int_equal(story_verify(s, NULL), 1);
}

static void test_nothing_of_a_secret_document_is_told(void **state)
{
	struct story *s = *state;
	struct event *ev = story_event(DIRECTIVE("A", ONE));
	struct arrival a = story_arrival(s, "2026-03-03", ev);
	struct ledger_answer answer;
	struct err e = {0};

	a.restricted = true;
	story_begin(s);
	assert_int_equal(ledger_apply(s->ledger, &a, &answer, &e), 0);
	story_commit(s);
	event_free(ev);
	assert_told(s, "");
}

#define STORY(test) cmocka_unit_test_setup_teardown(test, setup, story_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORY(test_it_came_for_each_organ_spoken_for),
		STORY(test_what_came_another_way_is_told_to_nobody),
		STORY(test_the_organ_is_called_as_the_document_calls_it),
		STORY(test_the_way_of_a_document_from_arrival_to_completion),
		STORY(test_a_reply_that_only_claims_to_be_done_is_at_work),
		STORY(test_done_only_when_all_its_tasks_of_the_document_are),
		STORY(test_nothing_is_told_of_a_recalled_document),
		STORY(test_a_recall_that_came_first_leaves_nothing_to_tell),
		STORY(test_a_refusal_gives_its_reason_and_ends_it),
		STORY(test_a_hand_back_that_was_accepted_is_a_refusal),
		STORY(test_what_people_confirm_is_done),
		STORY(test_what_the_organ_said_by_the_same_way_is_not_said_again),
		STORY(test_the_parts_it_gave_to_its_sub_units_are_told),
		STORY(test_a_replacement_takes_the_statuses_over),
		STORY(test_other_sinks_are_told_no_status),
		STORY(test_a_batch_that_is_rolled_back_has_told_nothing),
		STORY(test_only_the_organs_named_are_spoken_for),
		STORY(test_verify_sees_a_status_that_was_tampered_with),
		STORY(test_nothing_of_a_secret_document_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
