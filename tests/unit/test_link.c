/*
 * M1 to M5 and M8: the evidence ladder. Three documents are known; each row is a reply
 * and what it is about: `answer A.1 document_id` is task 1 of document A answered on
 * that rung, `suggest …` a case for the confirm list.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "gateway/rules/link.h"
#include "tests/lib/story.h"

enum { DOCUMENTS = 5 };

/* A and B are the province's own; C bears a code that only a lost Đ tells from B's; D
 * and E bear one code, a month apart. */
static const struct link_task tasks_a[] = {
	{1, "H99.01", "TA-1", "H99", 0, 0, OWED_TASK, DAY_NONE},
	{2, "H99.02", NULL, "H99", 0, 0, OWED_TASK, DAY_NONE},
	{3, "H99.01", NULL, "H99", 0, 0, OWED_TASK, DAY_NONE}};
static const struct link_task tasks_b[] = {
	{4, "H99.01", NULL, "H99", 0, 0, OWED_TASK, DAY_NONE}};
static const struct link_task tasks_c[] = {
	{5, "H99.03", NULL, "H99", 0, 0, OWED_TASK, DAY_NONE}};
static const struct link_task tasks_d[] = {
	{6, "H99.02", NULL, "H99", 0, 0, OWED_TASK, DAY_NONE}};
static const struct link_task tasks_e[] = {
	{7, "H99.02", NULL, "H99", 0, 0, OWED_TASK, DAY_NONE}};

static const struct {
	const char *document_id, *code, *issued_on, *subject;
	const struct link_task *tasks;
	size_t tasks_n;
} known[DOCUMENTS] = {
	{"uuid-a", "1/UB-VX", "2026-03-02", "V/v a", tasks_a, 3},
	{"H99,2026/03/03,2/UB-TTĐT", "2/UB-TTĐT", "2026-03-03", "V/v báo cáo tiến độ",
		tasks_b, 1},
	{"uuid-c", "2/UB-TTDT", "2026-03-03", "V/v c", tasks_c, 1},
	{"uuid-d", "9/UB", "2026-02-10", "V/v d", tasks_d, 1},
	{"uuid-e", "9/UB", "2026-03-01", "V/v e", tasks_e, 1},
};

#define FROM(organ) "{'from':{'organ_id':'" organ "'},"
#define UP          "'to':[{'organ_id':'H99'}],"

struct row {
	const char *says, *json, *thread; /* the documents on its thread: "AB" */
	const char *about;
};

static const struct row rows[] = {
	/* M1, rung by rung */
	{"task_code by the assignment's own code",
		FROM("H99.01") UP "'response_for_tasks':['ta-1']}", "",
		"answer A.1 task_code\n"},
	{"task_code by number at this site",
		FROM("H99.02") UP "'response_for_tasks':['H99/NV-2']}", "",
		"answer A.2 task_code\n"},
	{"task_code of another site names nothing here",
		FROM("H99.02") UP "'response_for_tasks':['H21/NV-2']}", "", ""},
	{"a bare number from another system names nothing",
		FROM("H99.02") "'source':'other'," UP "'response_for_tasks':['NV-2']}",
		"", ""},
	{"thread", FROM("H99.02") UP "'thread_id':'t'}", "A", "answer A.2 thread\n"},
	{"document_id", FROM("H99.02") UP "'response_for':[{'document_id':'uuid-a'}]}",
		"", "answer A.2 document_id\n"},
	{"document_id in the conventional form of an opaque one",
		FROM("H99.02") UP
		"'response_for':[{'document_id':'H99,2026/03/02,1/UB-VX'}]}",
		"", "answer A.2 document_id\n"},
	{"an opaque id counts only with its issuer",
		FROM("H99.02") UP
		"'response_for':[{'document_id':'uuid-a','organ_id':'H99.06'}]}",
		"", ""},
	{"a right id closes whatever unknown code stands beside it",
		FROM("H99.02") UP
		"'response_for':[{'document_id':'uuid-a','code':'77/XX'}]}",
		"", "answer A.2 document_id\n"},
	{"number_date_organ",
		FROM("H99.02") UP "'response_for':[{'organ_id':'H99','code':'01/"
				  "ub-vx','issued_on':'2026-03-02'}]}",
		"", "answer A.2 number_date_organ\n"},
	{"number_organ without a date",
		FROM("H99.02") UP
		"'response_for':[{'organ_id':'H99','code':'1/UB-VX'}]}",
		"", "answer A.2 number_organ\n"},
	{"number_organ 31 days off",
		FROM("H99.02") UP "'response_for':[{'organ_id':'H99','code':'1/"
				  "UB-VX','issued_on':'2026-04-02'}]}",
		"", "answer A.2 number_organ\n"},
	{"32 days off is a near miss",
		FROM("H99.02") UP "'response_for':[{'organ_id':'H99','code':'1/"
				  "UB-VX','issued_on':'2026-04-03'}]}",
		"", ""},
	{"number_organ by code and date without an organ",
		FROM("H99.02") UP
		"'response_for':[{'code':'1/UB-VX','issued_on':'2026-03-02'}]}",
		"", "answer A.2 number_organ\n"},
	{"code and date of another organ is a near miss",
		FROM("H99.02") UP "'response_for':[{'organ_id':'H99.06','code':'1/"
				  "UB-VX','issued_on':'2026-03-02'}]}",
		"", ""},
	{"a bare code is a near miss",
		FROM("H99.02") UP "'response_for':[{'code':'1/UB-VX'}]}", "", ""},
	{"two that fit by number_organ are suggested",
		FROM("H99.02") UP "'response_for':[{'organ_id':'H99','code':'9/UB'}]}",
		"",
		"suggest number_organ D.6 number_organ\n"
		"suggest number_organ E.7 number_organ\n"},
	{"the date tells them apart",
		FROM("H99.02") UP "'response_for':[{'organ_id':'H99','code':'9/"
				  "UB','issued_on':'2026-03-01'}]}",
		"", "answer E.7 number_date_organ\n"},
	/* M2 */
	{"M2: the id names one, the code another",
		FROM("H99.01") UP
		"'response_for':[{'document_id':'uuid-a','organ_id':'H99',"
		"'code':'2/UB-TTĐT','issued_on':'2026-03-03'}]}",
		"",
		"suggest different_documents A.1 document_id\n"
		"suggest different_documents A.3 document_id\n"
		"suggest different_documents B.4 number_date_organ\n"},
	{"M2: a task code of one beside a reference to another alone",
		FROM("H99.01") UP
		"'response_for_tasks':['TA-1'],"
		"'response_for':[{'document_id':'H99,2026/03/03,2/UB-TTĐT'}]}",
		"",
		"suggest different_documents A.1 task_code\n"
		"suggest different_documents A.3 task_code\n"
		"suggest different_documents B.4 document_id\n"},
	{"M2: the thread of one, a reference to another",
		FROM("H99.01") UP
		"'thread_id':'t','response_for':[{'document_id':'uuid-a'}]}",
		"B",
		"suggest different_documents A.1 document_id\n"
		"suggest different_documents A.3 document_id\n"
		"suggest different_documents B.4 thread\n"},
	{"not M2: several entries",
		FROM("H99.01") UP
		"'response_for':[{'document_id':'uuid-a'},"
		"{'organ_id':'H99','code':'2/UB-TTĐT','issued_on':'2026-03-03'}]}",
		"",
		"answer A.1 document_id\nanswer A.3 document_id\n"
		"answer B.4 number_date_organ\n"},
	{"not M2: thread and reference agree; the stronger rung is kept",
		FROM("H99.02") UP
		"'thread_id':'t','response_for':[{'document_id':'uuid-a'}]}",
		"A", "answer A.2 thread\n"},
	/* M3 */
	{"M3: who leads nothing there mentions it",
		FROM("H99.04") UP
		"'response_for':[{'document_id':'H99,2026/03/03,2/UB-TTĐT'}]}",
		"", "mention B document_id\n"},
	{"M3: the lead under another of its ids",
		FROM("000.00.01.H99") UP
		"'response_for':[{'document_id':'H99,2026/03/03,2/UB-TTĐT'}]}",
		"", "answer B.4 document_id\n"},
	{"M3: a body that may answer for it",
		FROM("H99.05") UP "'response_for':[{'document_id':'uuid-c'}]}", "",
		"answer C.5 document_id\n"},
	{"M3: sent to one who receives for the assigner",
		FROM("H99.02") "'to':[{'organ_id':'H99.06'}],"
			       "'response_for':[{'document_id':'uuid-a'}]}",
		"", "answer A.2 document_id\n"},
	{"M3: sent to nobody at all",
		FROM("H99.02") "'response_for':[{'document_id':'uuid-a'}]}", "",
		"answer A.2 document_id\n"},
	{"M3: sent only elsewhere",
		FROM("H99.02") "'to':[{'organ_id':'H99.03'}],"
			       "'response_for':[{'document_id':'uuid-a'}]}",
		"", "mention A document_id\n"},
	{"M3: the assigner citing itself",
		FROM("H99") UP "'response_for':[{'document_id':'uuid-a'}]}", "",
		"mention A document_id\n"},
	/* M4 */
	{"M4: an interim reply is none",
		FROM("H99.02") UP
		"'reply_kind':'interim','response_for':[{'document_id':'uuid-a'}]}",
		"", "interim A.2 document_id\n"},
	{"M4: where progress was asked for it is the answer",
		FROM("H99.01") UP
		"'reply_kind':'interim',"
		"'response_for':[{'document_id':'H99,2026/03/03,2/UB-TTĐT'}]}",
		"", "answer B.4 document_id\n"},
	{"M4: a request for more time",
		FROM("H99.02") UP "'subject':'V/v xin gia hạn',"
				  "'response_for':[{'document_id':'uuid-a'}]}",
		"", "extension A.2 document_id\n"},
	{"M4: a hand-back",
		FROM("H99.02") UP
		"'reply_kind':'hand_back','response_for':[{'document_id':'uuid-a'}]}",
		"", "hand_back A.2 document_id\n"},
	{"M7: a draft", FROM("H99.02") UP "'stage':'draft','thread_id':'t'}", "A",
		"draft A.2 thread\n"},
	/* M5 */
	{"M5: every task its sender leads",
		FROM("H99.01") UP "'response_for':[{'document_id':'uuid-a'}]}", "",
		"answer A.1 document_id\nanswer A.3 document_id\n"},
	{"M5: a task code restricts it to the named",
		FROM("H99.01") UP "'response_for_tasks':['TA-1'],'response_for':[{'"
				  "document_id':'uuid-a'}]}",
		"", "answer A.1 task_code\n"},
	/* M8 */
	{"M8: an exact fit before a loose one",
		FROM("H99.03") UP "'response_for':[{'organ_id':'H99','code':'2/"
				  "UB-TTDT','issued_on':'2026-03-03'}]}",
		"", "answer C.5 number_date_organ\n"},
};

struct bench {
	struct story *story;
	struct arena arena;
	struct link_candidate candidates[DOCUMENTS];
	struct link_task tasks[DOCUMENTS][3];
};

static void fill_candidates(struct bench *b, const char *thread)
{
	for (int i = 0; i < DOCUMENTS; i++) {
		struct link_candidate *c = &b->candidates[i];

		*c = (struct link_candidate){.subject = known[i].subject,
			.on_thread = strchr(thread, 'A' + i) != NULL,
			.tasks = b->tasks[i],
			.tasks_n = known[i].tasks_n,
			.known = {.id = i + 1,
				.issuer = "H99",
				.document_id = known[i].document_id,
				.code = known[i].code,
				.issued_on = day_parse(known[i].issued_on)}};
		for (size_t k = 0; k < known[i].tasks_n; k++) {
			b->tasks[i][k] = known[i].tasks[k];
			b->tasks[i][k].assigned_on = c->known.issued_on;
		}
	}
}

static struct link_verdict judge(struct bench *b, struct event *ev, const char *sent_on)
{
	struct link_input in = {.document = 99,
		.event = ev,
		.sent_on = day_parse(sent_on),
		.arrived_on = day_parse(sent_on),
		.site = "H99",
		.organs = b->story->organs,
		.candidates = b->candidates,
		.candidates_n = DOCUMENTS};
	struct link_verdict v;

	link_judge(&b->arena, &in, &v);
	return v;
}

static void put_about(struct buf *out, const struct link_verdict *v)
{
	for (size_t i = 0; i < v->links.n; i++) {
		const struct link *l = &v->links.at[i];

		buf_printf(out, "%s %c", link_role_words[l->role],
			(char)('@' + l->document));
		if (l->task)
			buf_printf(out, ".%d", (int)l->task);
		buf_printf(out, " %s\n", rung_words[l->rung]);
	}
	for (size_t i = 0; i < v->suggestions.n; i++) {
		const struct link_suggestion *s = &v->suggestions.at[i];

		buf_printf(out, "suggest %s %c.%d", v->suggestion_reason,
			(char)('@' + s->document), (int)s->task);
		for (int rung = RUNG_TASK_CODE; rung <= RUNG_MANUAL; rung++)
			if (s->rungs & 1u << rung)
				buf_printf(out, " %s", rung_words[rung]);
		buf_add_char(out, '\n');
	}
}

static void test_m1_to_m8_what_a_reply_is_about(void **state)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bench b = {.story = *state};
		cleanup_buf struct buf about = {0};
		struct event *ev = story_part(rows[i].json);

		fill_candidates(&b, rows[i].thread);
		struct link_verdict v = judge(&b, ev, "2026-03-04");

		put_about(&about, &v);
		if (strcmp(buf_text(&about), rows[i].about) != 0)
			fail_msg("%s:\n%s", rows[i].says, buf_text(&about));
		event_free(ev);
		arena_deinit(&b.arena);
	}
}

static void test_m1_number_organ_reaches_twelve_months_back(void **state)
{
	static const struct {
		const char *sent_on, *about;
	} days[] = {
		{"2026-03-01", "suggest number_organ A.2 number_organ\n"},
		{"2026-03-02", "answer A.2 number_organ\n"},
		{"2027-03-02", "answer A.2 number_organ\n"},
		{"2027-03-03", "suggest number_organ A.2 number_organ\n"},
	};

	for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++) {
		struct bench b = {.story = *state};
		cleanup_buf struct buf about = {0};
		/* H99.04 is H99.02's successor from 2026-03-05. */
		struct event *ev = story_part(
			i < 2 ? FROM("H99.02") UP
				"'response_for':[{'organ_id':'H99','code':'1/UB-VX'}]}"
			      : FROM("H99.04") UP "'response_for':[{'organ_id':'H99','"
						  "code':'1/UB-VX'}]}");

		fill_candidates(&b, "");
		struct link_verdict v = judge(&b, ev, days[i].sent_on);

		put_about(&about, &v);
		if (strcmp(buf_text(&about), days[i].about) != 0)
			fail_msg("%s:\n%s", days[i].sent_on, buf_text(&about));
		event_free(ev);
		arena_deinit(&b.arena);
	}
}

static void test_m6_what_refers_to_nothing_known_says_so(void **state)
{
	static const struct {
		const char *json;
		bool refers, is_known;
	} replies[] = {
		{FROM("H99.01") UP "'response_for':[{'document_id':'never'}]}", true,
			false},
		{FROM("H99.01") UP "'response_for':[{'document_id':'never'},"
				   "{'document_id':'uuid-a'}]}",
			true, true},
		{FROM("H99.01") UP "'subject':'V/v'}", false, false},
		{FROM("H99.01") UP "'response_for_tasks':['H99/NV-77']}", true, false},
	};

	for (size_t i = 0; i < sizeof(replies) / sizeof(replies[0]); i++) {
		struct bench b = {.story = *state};
		struct event *ev = story_part(replies[i].json);

		fill_candidates(&b, "");
		struct link_verdict v = judge(&b, ev, "2026-03-04");

		assert_int_equal(v.refers, replies[i].refers);
		assert_int_equal(v.known, replies[i].is_known);
		event_free(ev);
		arena_deinit(&b.arena);
	}
}

static void test_task_codes_name_tasks_of_this_site_only(void **state)
{
	static const struct {
		const char *code, *source;
		int64_t number;
	} codes[] = {{"H99/NV-7", NULL, 7}, {"h99/nv-7", "other", 7},
		{"H21/NV-7", NULL, 0}, {"NV-7", NULL, 7}, {"NV-7", "H99", 7},
		{"NV-7", "other", 0}, {"H99/7", NULL, 0}, {"NV-x", NULL, 0},
		{"/NV-7", NULL, 0}};

	(void)state;
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (link_task_number(codes[i].code, "H99", codes[i].source) !=
			codes[i].number)
			fail_msg("%s of %s", codes[i].code, codes[i].source);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, story_setup, story_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_m1_to_m8_what_a_reply_is_about),
		TEST(test_m1_number_organ_reaches_twelve_months_back),
		TEST(test_m6_what_refers_to_nothing_known_says_so),
		TEST(test_task_codes_name_tasks_of_this_site_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
