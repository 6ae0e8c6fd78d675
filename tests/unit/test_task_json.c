/* A task in JSON (docs/cli.md) has every member, null when absent. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "gateway/model/task.h"

static json_t *written(const struct task *task, enum timeliness timeliness)
{
	cleanup_buf struct buf text = {0};
	struct json j = {.out = &text};

	task_json_write(&j, task, timeliness);
	json_t *read = json_loads(buf_text(&text), JSON_REJECT_DUPLICATES, NULL);

	assert_non_null(read);
	return read;
}

static void check(const struct task *task, enum timeliness timeliness, const char *want)
{
	json_t *is = written(task, timeliness), *should = json_loads(want, 0, NULL);

	assert_non_null(should);
	if (!json_equal(is, should)) {
		char *text = json_dumps(is, 0);

		fail_msg("%s", text);
	}
	json_decref(is);
	json_decref(should);
}

static void test_a_completed_task_is_written_as_the_manual_shows(void **state)
{
	const struct task task = {.id = 1,
		.kind = OWED_TASK,
		.document = {.id = 7,
			.document_id = "A",
			.code = "6795/UBND",
			.from = "H99",
			.subject = "V/v \"a\"",
			.issued_on = day_from(2026, 3, 2)},
		.lead = "H99.05",
		.coordinating = "[\"H99.06\"]",
		.content = "Rà soát",
		.due_on = day_from(2026, 3, 20),
		.due_source = DUE_FROM_METADATA,
		.proposed_due_on = DAY_NONE,
		.state = TASK_COMPLETED,
		.revision = 3,
		.completed_on = day_from(2026, 3, 18),
		.closed_by = {.document = 12,
			.document_id = "R",
			.code = "88/SYT",
			.rung = RUNG_DOCUMENT_ID}};

	(void)state;
	check(&task, TIMELINESS_ON_TIME,
		"{\"id\":\"NV-1\",\"kind\":\"task\",\"parent\":null,\"document\":{"
		"\"id\":7,"
		"\"document_id\":\"A\",\"code\":\"6795/"
		"UBND\",\"issued_on\":\"2026-03-02\","
		"\"from\":\"H99\",\"subject\":\"V/v \\\"a\\\"\"},\"lead\":\"H99.05\","
		"\"coordinating\":[\"H99.06\"],\"content\":\"Rà soát\","
		"\"due_on\":\"2026-03-20\",\"due_source\":\"metadata\",\"due_flags\":[]"
		","
		"\"proposed_due_on\":null,\"state\":\"completed\",\"revision\":3,"
		"\"timeliness\":\"on_time\",\"flags\":[],\"completed_on\":\"2026-03-"
		"18\","
		"\"closed_by\":{\"document\":12,\"document_id\":\"R\",\"code\":\"88/"
		"SYT\","
		"\"rung\":\"document_id\"}}");
}

static void test_what_a_task_does_not_have_is_null_and_lists_are_empty(void **state)
{
	const struct task task = {.id = 2,
		.parent = 1,
		.kind = OWED_NOTICE,
		.document = {.id = 7, .issued_on = DAY_NONE},
		.lead = "H99.05",
		.due_on = DAY_NONE,
		.proposed_due_on = DAY_NONE,
		.revision = 1,
		.completed_on = DAY_NONE};

	(void)state;
	check(&task, TIMELINESS_NO_DEADLINE,
		"{\"id\":\"NV-2\",\"kind\":\"notice\",\"parent\":\"NV-1\",\"document\":"
		"{\"id\":7,"
		"\"document_id\":null,\"code\":null,\"issued_on\":null,\"from\":null,"
		"\"subject\":null},\"lead\":\"H99.05\",\"coordinating\":[],\"content\":"
		"null,"
		"\"due_on\":null,\"due_source\":null,\"due_flags\":[],\"proposed_due_"
		"on\":null,"
		"\"state\":\"assigned\",\"revision\":1,\"timeliness\":\"no_deadline\","
		"\"flags\":[],\"completed_on\":null,\"closed_by\":null}");
}

static void test_every_flag_has_its_word(void **state)
{
	static const char *const due_flags[] = {
		"before_issue", "same_day", "before_2000", "too_far", "unreadable"};
	static const char *const flags[] = {"refused", "claimed_done",
		"replaced_after_answer", "updates_disagree", "answer_date",
		"extension_requested", "hand_back_requested", "rival", "act_overtaken",
		"guidance_requested"};
	const unsigned bits[] = {TASK_FLAG_REFUSED, TASK_FLAG_CLAIMED_DONE,
		TASK_FLAG_REPLACED_AFTER_ANSWER, TASK_FLAG_UPDATES_DISAGREE,
		TASK_FLAG_ANSWER_DATE, TASK_FLAG_EXTENSION_REQUESTED,
		TASK_FLAG_HAND_BACK_REQUESTED, TASK_FLAG_RIVAL, TASK_FLAG_ACT_OVERTAKEN,
		TASK_FLAG_GUIDANCE_REQUESTED};

	(void)state;
	for (size_t i = 0; i < 10; i++) {
		struct task task = {.flags = bits[i], .due_flags = i < 5 ? 1u << i : 0};
		json_t *is = written(&task, TIMELINESS_NONE);
		json_t *list = json_object_get(is, "flags");

		assert_int_equal(json_array_size(list), 1);
		assert_string_equal(
			json_string_value(json_array_get(list, 0)), flags[i]);
		list = json_object_get(is, "due_flags");
		assert_int_equal(json_array_size(list), i < 5);
		if (i < 5)
			assert_string_equal(json_string_value(json_array_get(list, 0)),
				due_flags[i]);
		json_decref(is);
	}
}

static void test_a_task_id_is_nv_and_a_number(void **state)
{
	static const struct {
		const char *text;
		int64_t id;
	} ids[] = {{"NV-1", 1}, {"nv-42", 42}, {"NV-0", 0}, {"NV--1", 0}, {"NV-", 0},
		{"NV-1x", 0}, {"NV 1", 0}, {"1", 0}, {"GY-1", 0}, {"", 0}, {NULL, 0},
		{"NV-9223372036854775807", INT64_MAX}, {"NV-9223372036854775808", 0}};

	(void)state;
	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++)
		if (task_id_parse(ids[i].text) != ids[i].id)
			fail_msg("%s", ids[i].text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_completed_task_is_written_as_the_manual_shows),
		cmocka_unit_test(
			test_what_a_task_does_not_have_is_null_and_lists_are_empty),
		cmocka_unit_test(test_every_flag_has_its_word),
		cmocka_unit_test(test_a_task_id_is_nv_and_a_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
