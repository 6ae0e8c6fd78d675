/* M4: only a final answer closes; the source says which kind it is, or the subject. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "gateway/rules/reply_kind.h"

static const struct {
	const char *subject;
	enum reply_kind kind;
} rows[] = {
	{"V/v trả lời Công văn số 15/UBND-VX", REPLY_KIND_FINAL},
	{"Báo cáo kết quả rà soát", REPLY_KIND_FINAL},
	{NULL, REPLY_KIND_FINAL},
	{"Báo cáo tiến độ thực hiện nhiệm vụ", REPLY_KIND_INTERIM},
	{"BÁO CÁO TIẾN ĐỘ", REPLY_KIND_INTERIM},
	{"bao cao tien do", REPLY_KIND_INTERIM},
	{"Kết quả bước đầu rà soát", REPLY_KIND_INTERIM},
	{"Báo cáo sơ bộ", REPLY_KIND_INTERIM},
	{"V/v xin gia hạn thời gian báo cáo", REPLY_KIND_EXTENSION},
	{"V/v đề nghị gia hạn", REPLY_KIND_EXTENSION},
	{"Đề nghị lùi thời hạn báo cáo", REPLY_KIND_EXTENSION},
	{"V/v kéo dài thời gian thực hiện", REPLY_KIND_EXTENSION},
	{"Đề nghị điều chỉnh thời hạn", REPLY_KIND_EXTENSION},
	{"V/v xin thêm thời gian", REPLY_KIND_EXTENSION},
	{"V/v nhiệm vụ không thuộc thẩm quyền", REPLY_KIND_HAND_BACK},
	{"V/v nội dung không thuộc chức năng của Sở", REPLY_KIND_HAND_BACK},
	{"V/v chuyển trả văn bản", REPLY_KIND_HAND_BACK},
	{"V/v đề nghị chuyển Sở khác chủ trì", REPLY_KIND_HAND_BACK},
	{"V/v xin ý kiến về phương án", REPLY_KIND_GUIDANCE},
	{"V/v xin hướng dẫn thực hiện", REPLY_KIND_GUIDANCE},
	/* The answered document's own subject does not count. */
	{"Trả lời Công văn số 15/UBND-VX về việc xin ý kiến dự thảo", REPLY_KIND_FINAL},
	{"Phúc đáp văn bản 15/UBND-VX v/v báo cáo tiến độ", REPLY_KIND_FINAL},
	{"Báo cáo tiến độ thực hiện Công văn số 15/UBND-VX về việc rà soát",
		REPLY_KIND_INTERIM},
	/* Nor does the matter itself. */
	{"Kết quả giải quyết hồ sơ xin gia hạn giấy phép", REPLY_KIND_FINAL},
	{"V/v thủ tục xin gia hạn giấy phép", REPLY_KIND_FINAL},
	/* Whole words only. */
	{"V/v quảng cáo tiến độc đáo", REPLY_KIND_FINAL},
};

static void test_m4_the_subject_says_what_kind_of_answer_it_is(void **state)
{
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		enum reply_kind kind =
			reply_kind_of(&arena, REPLY_KIND_UNKNOWN, rows[i].subject);

		if (kind != rows[i].kind)
			fail_msg("%s: %s", rows[i].subject, reply_kind_words[kind]);
	}
	arena_deinit(&arena);
}

static void test_m4_the_source_wins_over_the_subject(void **state)
{
	struct arena arena = {0};

	(void)state;
	for (int said = REPLY_KIND_FINAL; said <= REPLY_KIND_GUIDANCE; said++)
		for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
			assert_int_equal(reply_kind_of(&arena, (enum reply_kind)said,
						 rows[i].subject),
				said);
	arena_deinit(&arena);
}

static void test_m4_an_assignment_may_itself_ask_for_a_progress_report(void **state)
{
	struct arena arena = {0};

	(void)state;
	assert_true(reply_kind_asks_progress(&arena, "V/v báo cáo tiến độ giải ngân"));
	assert_true(reply_kind_asks_progress(&arena, "BAO CAO TIEN DO"));
	assert_true(reply_kind_asks_progress(&arena, "gửi tiến độ thực hiện"));
	assert_false(reply_kind_asks_progress(&arena, "V/v báo cáo kết quả"));
	assert_false(reply_kind_asks_progress(&arena, NULL));
	arena_deinit(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_m4_the_subject_says_what_kind_of_answer_it_is),
		cmocka_unit_test(test_m4_the_source_wins_over_the_subject),
		cmocka_unit_test(
			test_m4_an_assignment_may_itself_ask_for_a_progress_report),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
