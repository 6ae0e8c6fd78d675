/* Deadlines written only in the text (D2, D3). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "gateway/rules/proposed_due.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

struct row {
	const char *want; /* a day, "none" or "ambiguous" */
	const char *text;
};

/* The letters are issued on Thursday 2025-11-20 and come on the Friday. */
static enum proposed_due_outcome read_text(
	struct arena *arena, const char *text, struct proposed_due *due)
{
	struct calendar *calendar = calendar_new();
	enum proposed_due_outcome outcome = proposed_due_read(arena, text,
		day_from(2025, 11, 20), day_from(2025, 11, 21), calendar, due);

	calendar_free(calendar);
	return outcome;
}

static void assert_rows(const struct row *rows, size_t n)
{
	static const char *const outcomes[] = {"none", "found", "ambiguous"};
	struct arena arena = {0};

	for (size_t i = 0; i < n; i++) {
		struct proposed_due due = {.on = DAY_NONE};
		enum proposed_due_outcome outcome =
			read_text(&arena, rows[i].text, &due);
		char day[DAY_TEXT] = "";
		const char *got = outcome == PROPOSED_DUE_FOUND ? day_text(due.on, day)
								: outcomes[outcome];

		if (strcmp(got, rows[i].want) != 0)
			fail_msg("%s: %s, not %s", rows[i].text, got, rows[i].want);
		arena_reset(&arena);
	}
	arena_deinit(&arena);
}

static const struct row named[] = {
	{"2025-12-09", "Báo cáo UBND tỉnh trước ngày 10/12/2025"},
	{"2025-12-09",
		"Đề nghị các đơn vị gửi báo cáo về Sở Y tế trước ngày 10/12/2025 "
		"để tổng hợp"},
	{"2025-12-09",
		"V/v rà soát trang thiết bị y tế, báo cáo trước ngày 10/12/2025"},
	{"2025-12-09", "Hoàn thành xong trước ngày 10 tháng 12 năm 2025."},
	{"2025-12-09", "gửi kết quả trước 10/12/2025"},
	{"2025-12-09", "Gửi kết quả về Văn phòng UBND tỉnh trước ngày 10-12-2025"},
	{"2025-12-09", "Gửi kết quả về Văn phòng UBND tỉnh trước ngày 10.12.2025."},
	{"2025-12-09", "Báo cáo kết quả thực hiện trước ngày 10/12"},
	{"2026-01-09", "Báo cáo kết quả thực hiện trước ngày 10/01"},
	{"2026-01-09", "Báo cáo trước ngày 10 tháng 01"},
	{"2025-12-10", "Báo cáo trước 17 giờ ngày 10/12/2025"},
	{"2025-12-10", "Báo cáo trước 17 giờ 00 phút ngày 10/12/2025"},
	{"2025-12-10", "Báo cáo trước 17h00 ngày 10/12/2025"},
	{"2025-12-10", "Báo cáo trước 17h ngày 10/12/2025"},
	{"2025-12-10", "Báo cáo trước 16g30 ngày 10/12/2025"},
	{"2025-12-10", "Báo cáo trước 17:00 ngày 10/12/2025"},
	{"2025-12-10", "Báo cáo trước 10 giờ sáng ngày 10/12/2025"},
	{"2025-12-10", "Báo cáo trước 17h00, ngày 10/12/2025"},
	{"2025-12-09", "Báo cáo trước 0 giờ ngày 10/12/2025"},
	{"2025-12-10", "Báo cáo trước 11 giờ 30 ngày 10/12"},
	{"2025-12-10", "Gửi báo cáo chậm nhất ngày 10/12/2025"},
	{"2025-12-10", "Gửi báo cáo chậm nhất là ngày 10/12/2025"},
	{"2025-12-10", "Gửi báo cáo chậm nhất vào ngày 10/12/2025"},
	{"2025-12-10", "Chậm nhất đến ngày 10/12/2025, các đơn vị phải gửi báo cáo"},
	{"2025-12-09", "Gửi báo cáo chậm nhất trước ngày 10/12/2025"},
	{"2025-12-10", "Gửi báo cáo chậm nhất 17 giờ ngày 10/12/2025"},
	{"2025-12-10", "Gửi báo cáo muộn nhất ngày 10/12/2025"},
	{"2025-12-10", "Hoàn thành việc rà soát đến hết ngày 10/12/2025"},
	{"2025-12-10", "Nhận ý kiến góp ý đến hết ngày 10/12/2025"},
	{"2025-12-10", "Gửi báo cáo trong ngày 10/12/2025"},
	{"2025-12-10", "Hoàn thành trong ngày 10/12"},
	{"2025-12-10", "Hạn cuối gửi báo cáo: ngày 10/12/2025"},
	{"2025-12-10", "Hạn cuối ngày 10/12/2025"},
	{"2025-12-10", "Hạn chót là 10/12/2025"},
	{"2025-12-10", "Thời hạn gửi báo cáo: 10/12/2025"},
	{"2025-12-09", "Thời hạn hoàn thành: trước ngày 10/12/2025"},
	{"2025-12-10", "Thời hạn báo cáo là ngày 10/12/2025"},
	{"2025-12-10", "Hạn báo cáo: 17h00 ngày 10/12/2025"},
	{"2025-12-10", "Gửi ý kiến không quá ngày 10/12/2025"},
	{"2025-12-31", "Hoàn thành trong tháng 12/2025"},
	{"2025-12-31", "Hoàn thành việc rà soát trong tháng 12 năm 2025"},
	{"2025-12-31", "Hoàn thành trong tháng 12"},
	{"2026-01-31", "Báo cáo UBND tỉnh trong tháng 01/2026"},
	{"2026-03-31", "Hoàn thành trong quý I/2026"},
	{"2026-03-31", "Trình UBND tỉnh trong quý I năm 2026"},
	{"2025-12-31", "Hoàn thành trong quý IV/2025"},
	{"2026-06-30", "Hoàn thành trong quý 2/2026"},
	{"2025-12-31", "Hoàn thành trong năm 2025"},
	{"2025-12-31", "Hoàn thành trước tháng 01/2026"},
	{"2025-12-31", "Hoàn thành đến hết tháng 12/2025"},
	{"2025-12-31", "Gửi báo cáo chậm nhất cuối tháng 12/2025"},
	{"2025-12-09", "bao cao UBND tinh truoc ngay 10/12/2025"},
	{"2025-12-10", "gui bao cao cham nhat ngay 10/12/2025"},
	{"2025-12-09", "BÁO CÁO TRƯỚC NGÀY 10/12/2025"},
	{"2025-12-09", "Trước ngày 10/12/2025, các đơn vị gửi báo cáo về Sở Y tế"},
	{"2025-12-09", "Sở Y tế chủ trì rà soát (báo cáo trước ngày 10/12/2025)"},
	{"2025-12-09", "Báo cáo kết quả (trước ngày 10/12/2025)"},
	{"2025-12-09",
		"Gửi báo cáo trước ngày 10/12/2025 để tổng hợp báo cáo Chính phủ "
		"trước ngày 15/12/2025"},
	{"2025-12-04",
		"Gửi báo cáo sơ bộ trước ngày 05/12/2025, báo cáo chính thức trước "
		"ngày 20/12/2025"},
	{"2025-12-09", "Sở Y tế gửi dự thảo trước ngày 10/12/2025 và hoàn thiện, trình "
		       "UBND tỉnh trước ngày 20/12/2025"},
	{"2025-12-09", "Theo Công văn số 12/BYT-KH ngày 15/11/2025, báo cáo trước ngày "
		       "10/12/2025"},
	{"2025-12-09", "Cuộc họp ngày 05/12/2025; các đơn vị gửi tài liệu trước ngày "
		       "10/12/2025"},
	{"2025-12-09", "Sở Y tế báo cáo trước ngày 10/12/2025; Sở Nội vụ báo cáo trước "
		       "ngày 10/12/2025"},
	{"2025-12-09",
		"Báo cáo số liệu tính đến hết ngày 30/11/2025, gửi về Sở Tài chính "
		"trước ngày 10/12/2025"},
	{"2025-12-31", "Trong tháng 12/2025, Sở Y tế hoàn thành việc rà soát"},
	{"2025-12-31", "Triển khai thực hiện trong tháng 12/2025"},
	{"2025-12-09",
		"Thực hiện Công văn số 15/BYT-KH, UBND tỉnh giao Sở Y tế rà soát, "
		"báo cáo UBND tỉnh trước ngày 10/12/2025"},
	{"2025-12-09",
		"Giao Sở Y tế chủ trì, phối hợp với UBND các xã rà soát, báo cáo "
		"kết quả trước ngày 10/12/2025"},
	{"2025-12-14", "Báo cáo trước ngày 15 tháng 12 năm 2025 (qua Sở Y tế)"},
	{"2025-12-15",
		"Có ý kiến bằng văn bản chậm nhất 11h30 ngày 15 tháng 12 năm 2025"},
	{"2025-12-09", "Đề nghị quý cơ quan có ý kiến trước ngày 10/12/25"},
	{"2025-11-20", "Báo cáo trong ngày 20/11/2025"},
	{"2025-12-25", "Gửi hồ sơ dự án trước ngày 26/12/2025"},
};

static void a_day_named_in_the_text_is_proposed_as_the_last_day_on_time(void **state)
{
	(void)state;
	assert_rows(named, COUNT(named));
}

static const struct row counted[] = {
	{"2025-11-28",
		"Báo cáo trong thời hạn 05 ngày làm việc kể từ ngày nhận được văn "
		"bản"},
	{"2025-11-28", "Báo cáo trong thời hạn 05 (năm) ngày làm việc, kể từ ngày nhận "
		       "được văn bản này"},
	{"2025-11-28", "Báo cáo trong thời hạn năm ngày làm việc kể từ ngày nhận được "
		       "Công văn này"},
	{"2025-11-28", "Trong thời hạn 5 ngày làm việc tính từ ngày nhận được văn bản "
		       "này, Sở Y tế báo cáo UBND tỉnh"},
	{"2025-11-27", "Báo cáo trong thời hạn 05 ngày làm việc kể từ ngày ký"},
	{"2025-11-27",
		"Báo cáo trong thời hạn 05 ngày làm việc kể từ ngày ban hành văn "
		"bản này"},
	{"2025-12-01", "Báo cáo trong vòng 10 ngày"},
	{"2025-12-01", "Báo cáo trong vòng mười ngày kể từ ngày nhận được văn bản"},
	{"2025-12-01", "Báo cáo trong vòng 10 ngày kể từ ngày ký ban hành"},
	{"2025-11-28",
		"Trả lời chậm nhất 05 ngày làm việc kể từ ngày nhận được văn bản"},
	{"2025-11-28", "Trả lời chậm nhất sau 05 ngày làm việc kể từ ngày nhận"},
	{"2025-11-28",
		"Trả lời không quá 05 ngày làm việc kể từ khi nhận được văn bản"},
	{"2025-11-28",
		"Thời hạn trả lời: 05 ngày làm việc kể từ ngày nhận được văn bản"},
	{"2025-12-12", "Báo cáo trong vòng 15 ngày làm việc kể từ ngày nhận văn bản"},
	{"2025-12-08", "Báo cáo trong thời hạn mười lăm ngày kể từ ngày nhận văn bản"},
	{"2025-12-22", "Báo cáo trong thời hạn 01 tháng kể từ ngày nhận được văn bản"},
	{"2025-12-05", "Báo cáo trong thời hạn 02 tuần kể từ ngày nhận được văn bản"},
	{"2025-12-08",
		"Hoàn thành trong thời hạn 05 ngày làm việc kể từ ngày 01/12/2025"},
	{"2025-11-28", "Yêu cầu UBND các xã trả lời trong 05 ngày làm việc"},
	{"2025-12-25", "Hoàn thành trong thời hạn 05 tuần kể từ ngày ban hành"},
};

static void days_are_counted_from_arrival_or_from_issue(void **state)
{
	(void)state;
	assert_rows(counted, COUNT(counted));
}

static const struct row several[] = {
	{"ambiguous",
		"Sở Y tế báo cáo trước ngày 10/12/2025; UBND các xã báo cáo trước "
		"ngày 05/12/2025"},
	{"ambiguous",
		"Các sở gửi báo cáo trước ngày 10/12/2025. UBND cấp xã gửi báo cáo "
		"chậm nhất ngày 05/12/2025"},
	{"ambiguous", "Các đơn vị gửi Sở Y tế trước ngày 10/12/2025. Sở Y tế tổng hợp, "
		      "báo cáo UBND tỉnh trước ngày 15/12/2025"},
	{"ambiguous", "Gửi báo cáo trước ngày 10/12/2025. Riêng Sở Y tế gửi báo cáo "
		      "trước ngày 05/12/2025"},
};

static void different_deadlines_of_different_bodies_are_ambiguous(void **state)
{
	(void)state;
	assert_rows(several, COUNT(several));
}

static const struct row others[] = {
	{"none", "V/v trả lời Công văn ngày 10/12/2025"},
	{"none", "Mời dự cuộc họp ngày 10/12/2025"},
	{"none", "Hội nghị tổ chức trong ngày 10/12/2025"},
	{"none", "Họp trong ngày 10/12/2025 tại Sở Y tế"},
	{"none", "Báo cáo trước ngày 10/11/2025"},
	{"none", "Báo cáo số liệu đến hết ngày 30/11/2025"},
	{"none", "Báo cáo kết quả giải ngân đến hết ngày 30/11/2025"},
	{"none", "Kết quả thực hiện lũy kế đến hết tháng 12/2025"},
	{"none", "Rà soát cán bộ tuyển dụng trước ngày 01/01/2026"},
	{"none", "Rà soát các văn bản ban hành trước ngày 01/01/2026"},
	{"none", "Thống kê người sinh trước ngày 01/01/2026"},
	{"none", "Các dự án được phê duyệt trước ngày 01/01/2026"},
	{"none", "Giấy phép có hiệu lực đến hết ngày 31/12/2025"},
	{"none", "Tuần lễ diễn ra từ ngày 01/12/2025 đến hết ngày 07/12/2025"},
	{"none", "Định kỳ gửi báo cáo trước ngày 25 hằng tháng"},
	{"none", "Gửi báo cáo trước ngày 15/12 hằng năm"},
	{"none", "Đã hoàn thành trước ngày 10/12/2025"},
	{"none", "Giải quyết hồ sơ trong thời hạn 05 ngày làm việc kể từ ngày nhận "
		 "đủ hồ sơ"},
	{"none", "Trong thời hạn 10 ngày kể từ ngày nhận được hồ sơ hợp lệ"},
	{"none", "Kết quả thực hiện nhiệm vụ trong tháng 11/2025"},
	{"none", "Tình hình kinh tế xã hội trong quý IV/2025"},
	{"none", "Báo cáo trước ngày 30/02/2026"},
	{"none", "V/v rà soát trang thiết bị y tế tuyến xã"},
	{"none", ""},
	{"none", "Khẩn trương thực hiện, báo cáo kịp thời"},
	{"none", "Trước mắt, các đơn vị rà soát; trước đây đã có 12 đơn vị"},
	{"none", "Công văn số 12/UBND-VX ngày 10/12/2025 trước khi ban hành"},
	{"none", "Áp dụng đến hết năm 2026"},
	{"none", "Hội nghị tập huấn diễn ra trong 02 ngày, các đơn vị cử cán bộ "
		 "tham dự"},
	{"none", "Công dân nộp đơn trước ngày 10/10/2025 đã được giải quyết"},
};

static void days_of_other_things_are_no_deadlines(void **state)
{
	(void)state;
	assert_rows(others, COUNT(others));
}

static void what_was_counted_and_the_words_themselves_are_told(void **state)
{
	struct arena arena = {0};
	struct proposed_due due;

	(void)state;
	assert_int_equal(
		read_text(&arena,
			"Sở Y tế báo cáo trong thời hạn 05 (năm) ngày làm việc kể từ "
			"ngày nhận được văn bản này.",
			&due),
		PROPOSED_DUE_FOUND);
	assert_int_equal(due.unit, PROPOSED_DUE_WORKING_DAYS);
	assert_int_equal(due.count, 5);
	assert_int_equal(due.counted_from, day_from(2025, 11, 21));
	assert_string_equal(due.quoted,
		"trong thời hạn 05 (năm) ngày làm việc kể từ ngày "
		"nhận được văn bản này");
	assert_int_equal(
		read_text(&arena, "Gửi báo cáo trước 17h00 ngày 10/12/2025.", &due),
		PROPOSED_DUE_FOUND);
	assert_int_equal(due.unit, PROPOSED_DUE_DATE);
	assert_int_equal(due.counted_from, DAY_NONE);
	assert_string_equal(due.quoted, "trước 17h00 ngày 10/12/2025");
	arena_deinit(&arena);
}

static void without_one_of_its_days_a_letter_has_the_other(void **state)
{
	struct calendar *calendar = calendar_new();
	struct arena arena = {0};
	struct proposed_due due;
	day_t friday = day_from(2025, 11, 21);

	(void)state;
	assert_int_equal(
		proposed_due_read(&arena, "Báo cáo trong vòng 03 ngày làm việc", friday,
			DAY_NONE, calendar, &due),
		PROPOSED_DUE_FOUND);
	assert_int_equal(due.on, day_from(2025, 11, 26));
	assert_int_equal(proposed_due_read(&arena, "Báo cáo trước ngày 10/01", DAY_NONE,
				 friday, calendar, &due),
		PROPOSED_DUE_FOUND);
	assert_int_equal(due.on, day_from(2026, 1, 9));
	assert_int_equal(proposed_due_read(&arena, "Báo cáo trước ngày 10/01", DAY_NONE,
				 DAY_NONE, calendar, &due),
		PROPOSED_DUE_NONE);
	assert_int_equal(
		proposed_due_read(&arena, NULL, friday, friday, calendar, &due),
		PROPOSED_DUE_NONE);
	arena_deinit(&arena);
	calendar_free(calendar);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_day_named_in_the_text_is_proposed_as_the_last_day_on_time),
		cmocka_unit_test(days_are_counted_from_arrival_or_from_issue),
		cmocka_unit_test(different_deadlines_of_different_bodies_are_ambiguous),
		cmocka_unit_test(days_of_other_things_are_no_deadlines),
		cmocka_unit_test(what_was_counted_and_the_words_themselves_are_told),
		cmocka_unit_test(without_one_of_its_days_a_letter_has_the_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
