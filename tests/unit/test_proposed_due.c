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
	size_t wrong = 0;

	for (size_t i = 0; i < n; i++) {
		struct proposed_due due = {.on = DAY_NONE};
		enum proposed_due_outcome outcome =
			read_text(&arena, rows[i].text, &due);
		char day[DAY_TEXT] = "";
		const char *got = outcome == PROPOSED_DUE_FOUND ? day_text(due.on, day)
								: outcomes[outcome];

		if (strcmp(got, rows[i].want) != 0) {
			print_error(
				"%s: %s, not %s\n", rows[i].text, got, rows[i].want);
			wrong++;
		}
		arena_reset(&arena);
	}
	arena_deinit(&arena);
	assert_int_equal(wrong, 0);
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

/* What offices write besides. */
static const struct row besides[] = {
	{"2025-12-10", "Thời gian thực hiện đến hết ngày 10/12/2025"},
	{"2025-12-10", "Thời gian thực hiện: đến hết ngày 10/12/2025"},
	{"2025-12-10", "Thời gian hoàn thành đến hết ngày 10/12/2025"},
	{"2025-12-09", "Thời gian hoàn thành: trước ngày 10/12/2025"},
	{"2025-12-09", "Thời gian gửi báo cáo: Trước ngày 10/12/2025"},
	{"2025-12-10", "Thời gian gửi báo cáo: 10/12/2025"},
	{"2025-12-10", "Thời gian gửi về Sở Nội vụ: chậm nhất ngày 10/12/2025"},
	{"2025-12-10", "Thời gian nhận góp ý: đến hết ngày 10/12/2025"},
	{"2025-12-09", "Hoàn thành trước 10.12.2025"},
	{"2025-12-10", "Hoàn thành trước 15 giờ 10/12/2025"},
	{"2025-12-31", "Hoàn thành trước năm 2026"},
	{"2025-12-31", "Hoàn thành trước quý I/2026"},
	{"2025-12-30", "Bảo đảm hoàn thành 100% chỉ tiêu trước ngày 31/12/2025"},
	{"2025-12-30", "Phấn đấu hoàn thành xong trước ngày 31/12"},
	{"2025-12-31", "Hoàn thành chậm nhất trong tháng 12/2025"},
	{"2025-12-31", "Thời hạn hoàn thành: Tháng 12/2025"},
	{"2025-12-31", "Thời hạn hoàn thành: Quý IV/2025"},
	{"2025-12-10", "Thời hạn: 10/12/2025"},
	{"2025-12-10", "Thời hạn: ngày 10/12/2025"},
	{"2025-12-10", "Thời hạn hoàn thành 10/12/2025"},
	{"2025-12-09", "Báo cáo UBND tỉnh (qua Sở Tài chính) trước ngày 10/12/2025"},
	{"2025-12-09", "Gửi về Sở Y tế (qua Văn phòng Sở, email: vp@soyte.h99.gov.vn) "
		       "trước ngày 10/12/2025"},
	{"2025-12-09",
		"Ý kiến tham gia đề nghị gửi về Sở Tư pháp trước ngày 10/12/2025, quá "
		"thời hạn trên nếu không có ý kiến thì xem như thống nhất"},
	{"2025-12-10", "Gửi báo cáo trước 17 giờ 00 ngày 10/12/2025 (thứ Tư)"},
	{"2025-12-11", "Gửi báo cáo trước thứ Sáu ngày 12/12/2025"},
	{"2025-12-11", "Gửi báo cáo trước ngày thứ Sáu, 12/12/2025"},
	{"2025-12-10", "Gửi báo cáo chậm nhất thứ Tư, ngày 10/12/2025"},
	{"2025-12-10", "Gửi báo cáo chậm nhất 16h30 thứ 4 ngày 10/12/2025"},
	{"2025-12-10", "Gửi báo cáo trước cuối giờ chiều ngày 10/12/2025"},
	{"2025-12-10", "Gửi báo cáo chậm nhất cuối giờ làm việc ngày 10/12/2025"},
	{"2025-12-10", "Gửi báo cáo trước cuối ngày 10/12/2025"},
	{"2025-12-10", "Gửi báo cáo chậm nhất đến hết giờ hành chính ngày 10/12/2025"},
	{"2025-12-31", "Hoàn thành trước cuối tháng 12/2025"},
	{"2025-12-04", "Gửi báo cáo trước ngày mùng 5/12/2025"},
	{"2025-12-10", "Báo cáo trước 24 giờ ngày 10/12/2025"},
	{"2025-12-10", "Hạn cuối nhận báo cáo: 10/12/2025"},
	{"2025-12-10", "Hạn gửi báo cáo 10/12/2025"},
	{"2025-12-10", "Gia hạn thời hạn báo cáo đến hết ngày 10/12/2025"},
	{"2025-12-09", "Gửi báo cáo năm 2025 trước ngày 10/12/2025; báo cáo quý trước "
		       "ngày 15 của tháng cuối quý"},
	{"2025-12-07", "Đăng ký tham dự trước ngày 08/12/2025. Hội nghị diễn ra ngày "
		       "10/12/2025"},
	{"2025-12-09", "Tài liệu họp gửi về Văn phòng UBND tỉnh trước ngày 10/12/2025"},
	{"2025-12-09",
		"UBND xã tổ chức kiểm điểm, báo cáo kết quả trước ngày 10/12/2025"},
	{"2026-02-27", "Báo cáo tổng kết trước ngày 28/02/2026"},
	{"2025-12-10", "Đề nghị gửi dự thảo chậm nhất ngày 10.12.2025 để Sở tổng hợp"},
	{"2025-12-10", "Yêu cầu báo cáo ngay trong ngày 10/12/2025"},
	{"2025-12-22", "Thời hạn thực hiện 30 ngày kể từ ngày ban hành Quyết định này"},
	{"2025-12-22", "Thời hạn thực hiện: 30 ngày kể từ ngày ký"},
	{"2025-12-08",
		"Thời hạn 15 ngày kể từ ngày nhận được văn bản, Sở Y tế phải báo cáo"},
	{"2025-12-08", "Thời hạn báo cáo 15 ngày kể từ ngày nhận được văn bản"},
	{"2025-11-22", "Báo cáo trong 24 giờ"},
	{"2025-11-22", "Báo cáo UBND tỉnh trong vòng 24 giờ kể từ khi nhận được Công "
		       "điện này"},
	{"2025-11-23",
		"Gửi ý kiến trong vòng 48 giờ kể từ thời điểm nhận được văn bản"},
	{"2025-11-23", "Trả lời trong thời hạn 48h kể từ khi nhận được văn bản"},
	{"2025-11-24", "Báo cáo không quá 72 giờ kể từ khi nhận được văn bản này"},
	{"2025-11-28", "Có ý kiến trong thời hạn 05 ngày làm việc kể từ ngày nhận được "
		       "Phiếu lấy ý kiến"},
	{"2025-11-28", "Tham gia ý kiến trong thời hạn 05 ngày làm việc kể từ ngày "
		       "nhận được văn bản lấy ý kiến"},
	{"2025-11-26",
		"Báo cáo trong 03 ngày làm việc, kể từ ngày nhận được Thông báo này"},
	{"2025-11-26", "Báo cáo trong thời gian 03 ngày làm việc"},
	{"2025-11-28", "Trả lời trong thời hạn tối đa 05 ngày làm việc kể từ ngày nhận "
		       "văn bản"},
	{"2025-11-28", "Trả lời trong thời hạn chậm nhất 05 ngày làm việc kể từ ngày "
		       "nhận văn bản"},
	{"2025-12-01", "Hoàn thành trong 10 ngày tới"},
	{"2025-11-28", "Báo cáo trong thời hạn 01 tuần kể từ ngày nhận được văn bản"},
};

static void other_words_for_a_deadline_are_read(void **state)
{
	(void)state;
	assert_rows(besides, COUNT(besides));
}

/* What looks like one and is none. */
static const struct row traps[] = {
	{"none", "Cuộc họp được tổ chức lúc 8 giờ 00 ngày 10/12/2025 tại Hội trường "
		 "UBND tỉnh"},
	{"none", "Mời dự họp vào lúc 14h00 ngày 10/12/2025"},
	{"none", "Thời gian: 08 giờ 00, ngày 10/12/2025 (thứ Tư)"},
	{"none", "Thời gian: 01 ngày, ngày 10/12/2025"},
	{"none", "Thời gian thực hiện: Từ ngày 01/12/2025 đến hết ngày 10/12/2025"},
	{"none", "Thời gian tổ chức trong 02 ngày, từ ngày 10/12/2025 đến hết ngày "
		 "11/12/2025"},
	{"none", "Kỳ báo cáo từ ngày 15/11/2025 đến ngày 14/12/2025"},
	{"none", "Số liệu tính từ ngày 01/01/2025 đến hết ngày 14/12/2025"},
	{"none",
		"Luật có hiệu lực từ ngày 01/01/2026, các đơn vị triển khai thực hiện"},
	{"none", "Nghị định có hiệu lực thi hành kể từ ngày 01/01/2026"},
	{"none", "Thực hiện Thông tư số 12/2025/TT-BYT ngày 10/12/2025 của Bộ Y tế"},
	{"none", "Trong năm 2025, Sở đã thực hiện 12 cuộc thanh tra"},
	{"none", "Trong năm 2025, tình hình thực hiện nhiệm vụ có chuyển biến"},
	{"none", "Xây dựng kế hoạch thực hiện trong năm 2026"},
	{"none", "Báo cáo danh mục dự án hoàn thành trước ngày 31/12/2025"},
	{"none", "Báo cáo số người lao động nghỉ việc trước ngày 01/01/2026"},
	{"none", "Rà soát giấy phép hết hạn trước ngày 31/12/2025"},
	{"none", "Rà soát cán bộ có mặt trước thời điểm ngày 01/01/2026"},
	{"none", "Hồ sơ nộp trước ngày 01/12/2025 được giải quyết theo quy định cũ"},
	{"none", "Gửi tài liệu chậm nhất 02 ngày làm việc trước ngày họp"},
	{"none", "Gửi tài liệu chậm nhất 03 ngày trước khi tổ chức hội nghị"},
	{"none", "Báo cáo chậm nhất 05 ngày sau khi kết thúc hội nghị"},
	{"none", "Báo cáo trong 05 ngày đầu của quý"},
	{"none", "Giải quyết tối đa 03 ngày làm việc/hồ sơ"},
	{"none", "Giải quyết không quá 05 ngày làm việc đối với hồ sơ phức tạp"},
	{"none", "Rút ngắn thời gian giải quyết xuống còn tối đa 03 ngày làm việc"},
	{"none", "Niêm yết công khai trong thời hạn 15 ngày"},
	{"none", "Khiếu nại trong thời hạn 90 ngày kể từ ngày nhận được quyết định"},
	{"none", "Giấy phép có thời hạn 06 tháng"},
	{"none", "Ký hợp đồng lao động thời hạn 12 tháng"},
	{"none", "Báo cáo tình hình mưa lũ trong 24 giờ qua"},
	{"none", "Theo dõi dự báo thời tiết trong 24 giờ tới để chủ động ứng phó"},
	{"none", "Tổ chức trực ban 24/24 giờ, báo cáo kịp thời"},
	{"none", "Báo cáo trong vòng 24 giờ kể từ khi xảy ra sự cố"},
	{"none", "Báo cáo trong vòng 12 giờ"},
	{"none", "Báo cáo trước Tết Nguyên đán"},
	{"none", "Hoàn thành trước kỳ họp thứ mười, Hội đồng nhân dân tỉnh"},
	{"none", "Gửi báo cáo trước ngày 05 của tháng tiếp theo"},
	{"none", "Gửi báo cáo trước ngày 15 tháng cuối quý"},
	{"none", "Gửi báo cáo trước ngày 31/11/2025"},
	{"none", "Giai đoạn 2026 - 2030, phấn đấu hoàn thành các chỉ tiêu"},
	{"none", "Báo cáo kết quả 6 tháng đầu năm 2026"},
	{"none", "Nhiệm vụ 06 tháng cuối năm 2025"},
	{"none", "Thực hiện trong 06 tháng đầu năm 2026"},
	{"none", "Nghỉ Tết trong thời gian 05 ngày"},
	{"none", "Thí điểm đến hết ngày 31/12/2026"},
};

static const struct row letters[] = {
	{"2025-12-09", "Các đơn vị rà soát, tổng hợp số liệu và gửi về Sở Tài chính "
		       "trước ngày 10/12/2025"},
	{"2025-12-09", "Đề nghị Quý Sở quan tâm phối hợp và có văn bản trả lời trước "
		       "ngày 10/12/2025"},
	{"2025-12-09", "Kết quả đề nghị gửi bằng văn bản về Sở Nông nghiệp và Môi "
		       "trường trước ngày 10/12/2025"},
	{"2025-12-09", "Kết quả thực hiện báo cáo về UBND tỉnh trước ngày 10/12/2025"},
	{"2025-12-09",
		"Báo cáo kết quả giải ngân về Sở Tài chính trước ngày 10/12/2025"},
	{"2025-12-09", "Tham mưu UBND tỉnh ban hành Kế hoạch trước ngày 10/12/2025"},
	{"2025-12-14",
		"Tham mưu, trình UBND tỉnh xem xét, quyết định trước ngày 15/12/2025"},
	{"2025-12-19", "Hoàn thành công tác kiểm kê trước ngày 20/12/2025"},
	{"2025-12-09", "Chủ trì, phối hợp với các đơn vị liên quan kiểm tra thực tế, "
		       "đề xuất UBND tỉnh trước ngày 10/12/2025"},
	{"2025-12-09", "Cử cán bộ tham gia Tổ công tác, gửi danh sách về Sở Nội vụ "
		       "trước ngày 10/12/2025"},
	{"2025-12-09", "Khẩn trương xây dựng phương án, trình Chủ tịch UBND tỉnh trước "
		       "ngày 10/12/2025."},
	{"2025-12-10", "Gửi Sở Tư pháp thẩm định chậm nhất ngày 10/12/2025"},
	{"2025-12-10", "Yêu cầu hoàn thành việc nhập liệu chậm nhất vào ngày 10 tháng "
		       "12 năm 2025"},
	{"2025-12-15", "Thời hạn gửi hồ sơ: trước 17 giờ 00 phút, ngày 15/12/2025"},
	{"2025-12-31", "Quyết toán dứt điểm, hoàn thành trong tháng 12 năm 2025"},
	{"2025-12-31", "UBND các xã hoàn thành việc chi trả trong năm 2025"},
	{"2025-11-28", "Đề nghị các cơ quan có ý kiến trong thời hạn 05 (năm) ngày làm "
		       "việc kể từ ngày nhận được Công văn này"},
	{"2025-11-28", "Trong thời hạn 05 ngày làm việc, kể từ ngày nhận được văn bản "
		       "này, các đơn vị gửi ý kiến về Sở Tư pháp"},
	{"2025-12-01", "Yêu cầu Sở Xây dựng kiểm tra, báo cáo kết quả trong thời hạn "
		       "10 ngày kể từ ngày nhận văn bản này"},
	{"2025-12-05", "Báo cáo Chủ tịch UBND tỉnh trong thời hạn 15 ngày kể từ ngày "
		       "ký văn bản này"},
	{"2025-12-09", "Nội dung báo cáo theo mẫu gửi kèm, gửi trước ngày 10/12/2025"},
	{"none", "Kế hoạch sử dụng đất đến hết ngày 31/12/2025"},
	{"none", "Nợ thuế đến hết ngày 30/11/2025"},
	{"none", "Kinh phí thực hiện đến hết ngày 31/12/2025"},
	{"none", "Số liệu giải ngân đến hết ngày 31/12/2025"},
	{"none", "Báo cáo tiến độ thực hiện đến hết tháng 12/2025"},
	{"none", "Sinh viên nhập học trước ngày 01/12/2025"},
	{"none", "Xe đăng ký lần đầu trước ngày 01/01/2026"},
	{"none", "Văn bản có hiệu lực trước ngày 01/01/2026"},
	{"none", "Rà soát các trường hợp đã được cấp giấy chứng nhận trước ngày "
		 "01/01/2026"},
	{"none", "Lễ kỷ niệm diễn ra trong ngày 10/12/2025"},
	{"none", "Nhiệm kỳ 2026 - 2031"},
	{"none", "Thời gian làm việc: 8 giờ 00, ngày 10/12/2025"},
	{"none", "Chủ tịch UBND tỉnh chủ trì họp vào 14 giờ 00 ngày 10/12/2025"},
	{"none", "Kể từ ngày 01/12/2025, các đơn vị thực hiện theo quy trình mới"},
	{"none", "Văn bản này thay thế Công văn số 12/UBND ngày 10/12/2025"},
	{"none", "Đợt kiểm tra từ ngày 01/12/2025 đến ngày 10/12/2025"},
	{"none", "Định kỳ trước ngày 20 hằng tháng báo cáo"},
	{"none", "Bảo đảm trực 24/7 trong thời gian nghỉ Tết từ ngày 14/02/2026 đến "
		 "hết ngày 22/02/2026"},
	{"none", "Không để hồ sơ quá hạn sau ngày 10/12/2025"},
	{"none", "Mức lương cơ sở áp dụng trước ngày 01/7/2026"},
	{"none", "Doanh nghiệp thành lập trước ngày 01/01/2026 nộp báo cáo"},
	{"none", "Thông báo nghỉ lễ trong 04 ngày"},
	{"none", "Tối đa 03 ngày làm việc"},
	{"none", "Lấy ý kiến nhân dân trong thời gian 30 ngày"},
};

static void sentences_of_whole_letters_are_read(void **state)
{
	(void)state;
	assert_rows(letters, COUNT(letters));
}

static void what_only_looks_like_a_deadline_is_none(void **state)
{
	(void)state;
	assert_rows(traps, COUNT(traps));
}

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

/* No verb we know says what is to be done by then; where the words stand does. */
static const struct row alone[] = {
	{"2025-12-09", "trước ngày 10/12/2025"},
	{"2025-12-09", "Trước ngày 10/12/2025."},
	{"2025-12-10", "trước 17 giờ ngày 10/12/2025"},
	{"2025-12-10", "Trước 17h00 ngày 10/12/2025"},
	{"2025-12-10", "chậm nhất ngày 10/12/2025"},
	{"2025-12-10", "chậm nhất 17 giờ ngày 10/12/2025"},
	{"2025-12-10", "đến hết ngày 10/12/2025"},
	{"2025-12-10", "trong ngày 10/12/2025"},
	{"2025-12-31", "Trong tháng 12/2025"},
	{"2025-12-31", "Trong quý IV năm 2025."},
	{"2025-11-28", "trong thời hạn 05 ngày làm việc kể từ ngày nhận"},
	{"2025-11-28",
		"Trong thời hạn 05 (năm) ngày làm việc kể từ ngày nhận được văn bản."},
	{"2025-12-01", "Trong vòng 10 ngày kể từ ngày ban hành"},
	{"2025-11-28", "Trong 05 ngày làm việc kể từ ngày nhận được văn bản này, Sở Y "
		       "tế báo cáo UBND tỉnh"},
	{"2025-11-28", "Trong 05 ngày làm việc kể từ ngày nhận được văn bản này, Sở Y "
		       "tế tiếp công dân"},
	{"2025-12-09", "Thời gian: trước ngày 10/12/2025"},
	{"2025-12-09", "Thời gian: Trước ngày 10/12/2025."},
	{"2025-12-10", "Thời gian: trước 17 giờ 00 ngày 10/12/2025"},
	{"2025-12-09", "Thời hạn: trước ngày 10/12/2025"},
	{"2025-12-09", "Hạn: trước ngày 10/12/2025"},
	{"2025-12-10", "Thời gian: đến hết ngày 10/12/2025"},
	{"2025-12-10", "Thời gian: chậm nhất ngày 10/12/2025"},
	{"2025-12-09", "Tiến độ: trước ngày 10/12/2025"},
	{"2025-12-09", "Thời gian cụ thể: trước ngày 10/12/2025"},
	{"2025-11-28", "Thời gian: trong thời hạn 05 ngày làm việc kể từ ngày nhận "
		       "được văn bản"},
	{"2025-12-09", "Nội dung như phụ lục. Thời gian: trước ngày 10/12/2025"},
	{"2025-12-09", "Thẩm định hồ sơ, trước ngày 10/12/2025"},
	{"2025-12-09", "Sở Tài chính thẩm định trước ngày 10/12/2025"},
	{"2025-12-09", "Thông báo kết quả cho công dân trước ngày 10/12/2025"},
	{"2025-12-09", "Xác minh nội dung đơn trước ngày 10/12/2025"},
	{"2025-12-09", "Đề nghị các sở cử người tham gia trước ngày 10/12/2025"},
	{"2025-12-09", "Yêu cầu các xã trồng xong cây xanh trước ngày 10/12/2025"},
	{"2025-12-09", "Trước ngày 10/12/2025, Sở Y tế cử người tham gia"},
	{"2025-12-09", "Trước ngày 10/12/2025, các địa phương tháo dỡ biển báo cũ"},
	{"2025-12-09", "Trước ngày 10/12/2025, đề nghị Quý Sở cử người tham gia"},
	{"2025-12-09", "Các xã đã có phương án. Trước ngày 10/12/2025, UBND các xã di "
		       "dời các hộ"},
};

static void a_deadline_by_where_it_stands_needs_no_verb(void **state)
{
	(void)state;
	assert_rows(alone, COUNT(alone));
}

/* The same words, of something else. */
static const struct row beside_the_point[] = {
	{"none", "Các hồ sơ tiếp nhận trước ngày 10/12/2025 theo quy định cũ"},
	{"none", "Số liệu phát sinh trước ngày 10/12/2025"},
	{"none", "Các dự án khởi công trước ngày 10/12/2025 có danh mục riêng"},
	{"none", "Đề nghị lập danh mục các dự án khởi công trước ngày 10/12/2025"},
	{"none", "Hợp đồng hết hạn trước ngày 10/12/2025"},
	{"none", "Đề nghị rà soát hợp đồng ký kết trước ngày 10/12/2025"},
	{"none", "Cán bộ tuyển dụng trước ngày 10/12/2025"},
	{"none", "Hồ sơ thẩm định trước ngày 10/12/2025 không phải bổ sung"},
	{"none", "Các phương án được thẩm định trước ngày 10/12/2025"},
	{"none", "Yêu cầu thống kê diện tích đất thu hồi trước ngày 10/12/2025"},
	{"none", "Các hộ đã được thông báo trước ngày 10/12/2025"},
	{"none", "Căn cứ Nghị định được ban hành trước ngày 10/12/2025"},
	{"none", "Căn cứ Luật có hiệu lực trước ngày 10/12/2025"},
	{"none", "Căn cứ Quyết định số 12/QĐ-UBND ngày 10/12/2025"},
	{"none", "Thời gian: 14 giờ 00 ngày 10/12/2025"},
	{"none", "Thời gian: trong ngày 10/12/2025"},
	{"none", "Thời gian: trong 02 ngày, 10 và 11/12/2025"},
	{"none", "Thời gian: ngày 10/12/2025"},
	{"none", "Thời gian: từ ngày 01/12/2025 đến hết ngày 10/12/2025"},
	{"none", "Địa điểm: trước ngày 10/12/2025 tại Hội trường A"},
	{"none", "Trước ngày 10/12/2025, mức hỗ trợ giữ như cũ"},
	{"none", "Trong ngày 10/12/2025, UBND tỉnh đón đoàn công tác"},
	{"none", "Trong tháng 12/2025, các xã có 12 lễ hội"},
	{"none", "Trong 05 ngày làm việc, Sở Y tế đã tiếp 40 lượt công dân"},
	{"none", "Trong 05 ngày"},
	{"none", "Trong thời hạn 05 ngày làm việc"},
	{"none", "Trong thời hạn 05 ngày kể từ ngày nhận đủ hồ sơ hợp lệ"},
	{"none", "Trong thời hạn 05 ngày kể từ ngày nhận đủ hồ sơ, Sở Y tế trả lời"},
	{"none", "Trước ngày khai giảng năm học"},
	{"none", "Trước ngày 30/02/2026"},
	{"none", "Trước ngày 10/11/2025"},
	{"none", "Đến hết ngày 10/12/2025, tỉnh có 12 xã nông thôn mới"},
	{"none", "Tính đến hết ngày 10/12/2025"},
	{"none", "Công trình đưa vào vận hành trước ngày 10/12/2025"},
	{"none", "Ngày 10/12/2025"},
	{"none", "Hàng hóa nhập khẩu trước ngày 10/12/2025"},
	{"none", "Định kỳ, trước ngày 10 hằng tháng"},
};

static void what_stands_elsewhere_is_no_deadline(void **state)
{
	(void)state;
	assert_rows(beside_the_point, COUNT(beside_the_point));
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
		cmocka_unit_test(other_words_for_a_deadline_are_read),
		cmocka_unit_test(what_only_looks_like_a_deadline_is_none),
		cmocka_unit_test(sentences_of_whole_letters_are_read),
		cmocka_unit_test(different_deadlines_of_different_bodies_are_ambiguous),
		cmocka_unit_test(days_of_other_things_are_no_deadlines),
		cmocka_unit_test(a_deadline_by_where_it_stands_needs_no_verb),
		cmocka_unit_test(what_stands_elsewhere_is_no_deadline),
		cmocka_unit_test(what_was_counted_and_the_words_themselves_are_told),
		cmocka_unit_test(without_one_of_its_days_a_letter_has_the_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
