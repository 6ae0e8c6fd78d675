/* What subjects and contents cite, as people write it (M1). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "gateway/base/buf.h"
#include "gateway/rules/citation.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

struct row {
	const char *text;
	const char
		*want; /* `role code [day][*] [organ]`, one a line; * is a shared day */
};

/* The citations of @text, one a line. */
static const char *cited(struct arena *arena, const char *text, const char *own)
{
	struct citations list;
	const char *all = "";

	citation_read(arena, text, own, &list);
	for (size_t i = 0; i < list.n; i++) {
		const struct citation *c = &list.at[i];
		char day[DAY_TEXT];
		bool dated = day_text(c->on, day);

		all = arena_printf(arena, "%s%s%s %s%s%s%s%s%s", all, i ? "\n" : "",
			citation_role_words[c->role], c->code, dated ? " " : "",
			dated ? day : "", c->shared_date ? "*" : "",
			c->organ ? " " : "", c->organ ? c->organ : "");
	}
	return all;
}

/* The rows are subjects of 88/SYT-VP. */
static void assert_rows(const struct row *rows, size_t n)
{
	struct arena arena = {0};

	for (size_t i = 0; i < n; i++) {
		const char *got = cited(&arena, rows[i].text, "88/SYT-VP");

		if (strcmp(got, rows[i].want) != 0)
			fail_msg("%s\ncites\n%s\nnot\n%s", rows[i].text, got,
				rows[i].want);
		arena_reset(&arena);
	}
	arena_deinit(&arena);
}

static const struct row spellings[] = {
	{"Trả lời Công văn số 123/SNNMT-VPĐK", "answered 123/snnmt-vpđk"},
	{"V/v trả lời CV số 533/ UBND - VHXH", "answered 533/ubnd-vhxh"},
	{"V/v trả lời công văn 6795/UBND-PVHCC", "answered 6795/ubnd-pvhcc"},
	{"Báo cáo kết quả đôn đốc thực hiện Công văn số 15/UBND-VX",
		"answered 15/ubnd-vx"},
	{"V/v đề nghị gia hạn thời gian thực hiện Công văn số 15/UBND-VX",
		"answered 15/ubnd-vx"},
	{"V/v xin ý kiến về nội dung tại Công văn số 15/UBND-VX",
		"answered 15/ubnd-vx"},
	{"V/v điền Mẫu số 01/ĐKKD theo Công văn số 15/UBND-VX", "answered 15/ubnd-vx"},
	{"V/v trả lời Công văn số 0012/UBND-VX", "answered 12/ubnd-vx"},
	{"V/v trả lời Công văn số 12a/UBND-VX", "answered 12a/ubnd-vx"},
	{"V/v trả lời CV12/UBND-VX", "answered 12/ubnd-vx"},
	{"Trả lời Công văn số 12/VPCP-TTDT", "answered 12/vpcp-ttdt"},
	{"Trả lời Công văn số 12/VPCP-TTĐT", "answered 12/vpcp-ttđt"},
	{"V/v góp ý dự thảo theo Giấy mời số 22/GM-UBND", "answered 22/gm-ubnd"},
	{"Báo cáo kết quả thực hiện Công văn số 15/UBND-VX.", "answered 15/ubnd-vx"},
	{"Trả lời Công văn số 15/UBND-VX ngày 20/11 về việc rà soát",
		"answered 15/ubnd-vx"},
	{"Trả lời Công văn số 15/UBND-VX ngày 30/02/2026", "answered 15/ubnd-vx"},
	{"V/v tiếp nhận 12/15 hồ sơ theo Công văn số 15/UBND-VX",
		"answered 15/ubnd-vx"},
	{"Kết quả thực hiện nhiệm vụ UBND tỉnh giao tại Công văn số 15/UBND-VX",
		"answered 15/ubnd-vx"},
	{"Trả lời Công văn số15/UBND-VX", "answered 15/ubnd-vx"},
	{"Trả lời Công văn số.15/UBND-VX", "answered 15/ubnd-vx"},
	{"Trả lời Công văn số 15 / UBND-VX", "answered 15/ubnd-vx"},
	{"Trả lời Công văn số 15/UBND -VX", "answered 15/ubnd-vx"},
	{"Trả lời Công văn số 15/UBND- VX", "answered 15/ubnd-vx"},
	{"Trả lời Công văn số 15/UBND-VX - Sở Y tế", "answered 15/ubnd-vx"},
	{"Trả lời Công văn số 15/SYT - UBND tỉnh", "answered 15/syt"},
	{"Trả lời Công văn số 15/UBND−VX", "answered 15/ubnd-vx"},
	{"Trả lời Công văn số 15∕UBND-VX", "answered 15/ubnd-vx"},
	{"Trả lời Công văn số 15/UBND.VX", "answered 15/ubnd.vx"},
	{"Trả lời Công văn số 15/UBND-VX1", "answered 15/ubnd-vx1"},
	{"Trả lời “Công văn số 15/UBND-VX”", "answered 15/ubnd-vx"},
	{"Trả lời [15/UBND-VX]", "answered 15/ubnd-vx"},
	{"V/v phối hợp theo GM số 3/GM-VPUBND", "answered 3/gm-vpubnd"},
	{"Trả lời Công văn số 12 ngày 1/2/2026 và số 16/UBND-VX",
		"answered 16/ubnd-vx"},
	{"V/v báo cáo tình hình sử dụng 3/4 kinh phí theo CV 15/UBND-VX",
		"answered 15/ubnd-vx"},
	{"Trả lời Công văn số 15/ubnd-vx", "answered 15/ubnd-vx"},
	{"Thực hiện Hướng dẫn liên ngành số 01/HDLN-SYT-STC",
		"answered 1/hdln-syt-stc"},
	{"Trả lời Công văn số 2022/UBND-VX", "answered 2022/ubnd-vx"},
	{"Trả lời Công văn số 15/2026/UBND-VX", "answered 15/2026/ubnd-vx"},
	{"Phúc đáp văn bản số 20/VP-TH ngày mùng 3", "answered 20/vp-th"},
};

static void codes_are_read_however_they_are_spelt(void **state)
{
	(void)state;
	assert_rows(spellings, COUNT(spellings));
}

static const struct row dates_and_organs[] = {
	{"Trả lời Công văn số 6795/UBND-PVHCC ngày 20/11/2025",
		"answered 6795/ubnd-pvhcc 2025-11-20"},
	{"Phúc đáp Công văn số 45/STC-NS ngày 02/03/2026 của Sở Tài chính về "
	 "việc quyết toán kinh phí",
		"answered 45/stc-ns 2026-03-02 Sở Tài chính"},
	{"Thực hiện Công văn số 15/UBND-VX ngày 20 tháng 11 năm 2025 của UBND "
	 "tỉnh H99 về rà soát nhà ở",
		"answered 15/ubnd-vx 2025-11-20 UBND tỉnh H99"},
	{"V/v báo cáo kết quả theo Công văn số: 533 /UBND-VHXH ngày 5 tháng 6 "
	 "năm 2026",
		"answered 533/ubnd-vhxh 2026-06-05"},
	{"V/v trả lời Công văn số 15/UBND-VX ngày 20-11-2025",
		"answered 15/ubnd-vx 2025-11-20"},
	{"V/v trả lời Công văn số 15/UBND-VX ngày 20.11.2025.",
		"answered 15/ubnd-vx 2025-11-20"},
	{"V/v trả lời Công văn số 15/UBND–VX ngày 20–11–2025",
		"answered 15/ubnd-vx 2025-11-20"},
	{"Báo cáo kết quả thực hiện Chỉ thị số 16/CT-TTg ngày 01/02/2026 của "
	 "Thủ tướng Chính phủ",
		"answered 16/ct-ttg 2026-02-01 Thủ tướng Chính phủ"},
	{"Sở Y tế nhận được Công văn số 15/UBND-VX ngày 20/11/2025 của UBND "
	 "tỉnh về việc rà soát. Sau khi nghiên cứu, Sở Y tế có ý kiến như sau",
		"answered 15/ubnd-vx 2025-11-20 UBND tỉnh"},
	{"Báo cáo kết quả rà soát trang thiết bị (Công văn số 15/UBND-VX ngày "
	 "20/11/2025)",
		"answered 15/ubnd-vx 2025-11-20"},
	{"V/v giải quyết kiến nghị theo Phiếu chuyển số 05/PC-VP ngày 4/5/2026",
		"answered 5/pc-vp 2026-05-04"},
	{"V/v triển khai Kế hoạch số 120/KH-UBND ngày 12/12/2025 của UBND tỉnh",
		"answered 120/kh-ubnd 2025-12-12 UBND tỉnh"},
	{"Thực hiện ý kiến chỉ đạo của UBND tỉnh tại Công văn số 12/UBND-VX "
	 "ngày 1/2/2026",
		"answered 12/ubnd-vx 2026-02-01 UBND tỉnh"},
	{"TRẢ LỜI CÔNG VĂN SỐ 15/UBND-VX NGÀY 20/11/2025 CỦA UBND TỈNH VỀ "
	 "VIỆC RÀ SOÁT NHÀ Ở",
		"answered 15/ubnd-vx 2025-11-20 UBND TỈNH"},
	{"Tra loi Cong van so 15/UBND-VX ngay 20/11/2025 cua UBND tinh ve "
	 "viec ra soat nha o",
		"answered 15/ubnd-vx 2025-11-20 UBND tinh"},
	{"tra loi cong van so 15/ubnd-vx ngay 20 thang 11 nam 2025",
		"answered 15/ubnd-vx 2025-11-20"},
	{"V/v trả lời Công văn số 12/UBND-VX của UBND tỉnh ngày 20/11/2025",
		"answered 12/ubnd-vx 2025-11-20 UBND tỉnh"},
	{"Trả lời Công văn số 7816/BTNMT-ĐĐ&BĐ ngày 01/7/2025",
		"answered 7816/btnmt-đđ&bđ 2025-07-01"},
	{"Thực hiện Công điện số 03/CĐ-UBND ngày 09/9/2025 của Chủ tịch UBND "
	 "tỉnh",
		"answered 3/cđ-ubnd 2025-09-09 Chủ tịch UBND tỉnh"},
	{"V/v góp ý dự thảo Nghị quyết theo Công văn số 220/STP-XDVB ngày "
	 "20/11/2025 của Sở Tư pháp",
		"answered 220/stp-xdvb 2025-11-20 Sở Tư pháp"},
	{"Báo cáo tình hình thực hiện Nghị quyết số 12/2025/NQ-HĐND ngày "
	 "10/7/2025 của HĐND tỉnh H99",
		"answered 12/2025/nq-hđnd 2025-07-10 HĐND tỉnh H99"},
	{"Báo cáo (theo Công văn số 15/UBND-VX, ngày 20/11/2025)",
		"answered 15/ubnd-vx 2025-11-20"},
	{"Trả lời Công văn số 15/UBND-VX, ngày 20/11/2025, của UBND tỉnh, về "
	 "việc rà soát",
		"answered 15/ubnd-vx 2025-11-20 UBND tỉnh"},
	{"Trả lời Công văn số 15/UBND-VX đề ngày 20/11/2025",
		"answered 15/ubnd-vx 2025-11-20"},
	{"Trả lời Công văn số 15/UBND-VX 20/11/2025", "answered 15/ubnd-vx 2025-11-20"},
	{"Trả lời Công văn số 15/UBND-VX ngày 20/11/25",
		"answered 15/ubnd-vx 2025-11-20"},
	{"Trả lời Công văn số 15/UBND-VX ngày 05/6 năm 2026",
		"answered 15/ubnd-vx 2026-06-05"},
	{"Trả lời Công văn số 15/UBND-VX ngày năm tháng sáu năm 2026",
		"answered 15/ubnd-vx 2026-06-05"},
	{"Theo đề nghị tại Công văn số 70/SXD-QH ngày 3/3/2026 của Sở Xây "
	 "dựng, UBND tỉnh có ý kiến như sau",
		"answered 70/sxd-qh 2026-03-03 Sở Xây dựng"},
	{"Xét đề nghị của Sở Xây dựng tại Tờ trình số 70/TTr-SXD ngày 3/3/2026",
		"answered 70/ttr-sxd 2026-03-03 Sở Xây dựng"},
	{"Thực hiện chỉ đạo của Thủ tướng Chính phủ tại Công điện số "
	 "95/CĐ-TTg ngày 07/9/2025",
		"answered 95/cđ-ttg 2025-09-07 Thủ tướng Chính phủ"},
	{"Phản hồi Thông báo số 210/TB-UBND ngày 11/11/2025 về Kết luận của "
	 "Chủ tịch UBND tỉnh",
		"answered 210/tb-ubnd 2025-11-11"},
	{"Báo cáo kết quả thực hiện Thông báo kết luận số 210/TB-VPUBND ngày "
	 "11/11/2025",
		"answered 210/tb-vpubnd 2025-11-11"},
	{"Trả lời Phiếu chuyển số 5/PC-VPUBND ngày 4/5/2026 của Văn phòng "
	 "UBND tỉnh về đơn của công dân",
		"answered 5/pc-vpubnd 2026-05-04 Văn phòng UBND tỉnh"},
	{"Thực hiện Quyết định số 12/QĐ-UBND ngày 2/2/2026 của Chủ tịch UBND "
	 "tỉnh, Sở Y tế báo cáo",
		"answered 12/qđ-ubnd 2026-02-02 Chủ tịch UBND tỉnh"},
	{"Thực hiện Công văn số 15/UBND-VX ngày 20/11/2025 của UBND TP. H99 "
	 "về việc rà soát",
		"answered 15/ubnd-vx 2025-11-20 UBND TP. H99"},
	{"Thực hiện Công văn số 15/UBND-VX ngày 20/11/2025 của UBND tỉnh giao "
	 "Sở Y tế rà soát",
		"answered 15/ubnd-vx 2025-11-20 UBND tỉnh"},
	{"Thực hiện Công văn số 15/UBND-VX ngày 20/11/2025 UBND tỉnh H99 về "
	 "rà soát",
		"answered 15/ubnd-vx 2025-11-20 UBND tỉnh H99"},
	{"Tiếp thu ý kiến của Sở Tư pháp tại Báo cáo thẩm định số 300/BC-STP "
	 "ngày 1/11/2025",
		"answered 300/bc-stp 2025-11-01"},
	{"Trả lời Công văn số 15/UBND-VX và Công văn số 15/UBND-VX ngày "
	 "20/11/2025",
		"answered 15/ubnd-vx 2025-11-20"},
	{"V/v trả lời công văn số 15/UBND-VX ngày 20/11/2025 (lần 2)",
		"answered 15/ubnd-vx 2025-11-20"},
	{"Trả lời Công văn số 200/KTNN-TH của Kiểm toán nhà nước",
		"answered 200/ktnn-th Kiểm toán nhà nước"},
	{"Phúc đáp Công văn số 8/UBND-VX ngày 2026-03-05",
		"answered 8/ubnd-vx 2026-03-05"},
	{"Thực hiện KH số 20/KH-UBND ngày 03 tháng 01 năm 2026",
		"answered 20/kh-ubnd 2026-01-03"},
	{"Thực hiện BB số 4/BB-VPUBND ngày 7/7/2026",
		"answered 4/bb-vpubnd 2026-07-07"},
	{"Trả lời Công văn số 15/UBND-ĐT ngày 20/11/2025 của UBND "
	 "tỉnh về việc rà soát",
		"answered 15/ubnd-đt 2025-11-20 UBND tỉnh"},
};

static void dates_and_organs_beside_a_code_are_read(void **state)
{
	(void)state;
	assert_rows(dates_and_organs, COUNT(dates_and_organs));
}

static const struct row lists[] = {
	{"V/v báo cáo thực hiện các Công văn số 12/UBND-VX, 15/UBND-KT ngày "
	 "3/4/2026 và số 18/UBND-NC ngày 5/4/2026 của UBND tỉnh",
		"answered 12/ubnd-vx 2026-04-03* UBND tỉnh\n"
		"answered 15/ubnd-kt 2026-04-03* UBND tỉnh\n"
		"answered 18/ubnd-nc 2026-04-05 UBND tỉnh"},
	{"Trả lời các Công văn số 12, 15 và 18/UBND-VX của UBND tỉnh H99",
		"answered 12/ubnd-vx UBND tỉnh H99\n"
		"answered 15/ubnd-vx UBND tỉnh H99\n"
		"answered 18/ubnd-vx UBND tỉnh H99"},
	{"Trả lời Công văn số 12/UBND-VX ngày 20/11/2025 và Công văn số "
	 "16/UBND-VX ngày 21/11/2025 của UBND tỉnh",
		"answered 12/ubnd-vx 2025-11-20 UBND tỉnh\n"
		"answered 16/ubnd-vx 2025-11-21 UBND tỉnh"},
	{"Thực hiện QyĐ số 12/QyĐ-UBND và Chương trình số 07-CTr/TU ngày "
	 "10/10/2025 của Tỉnh ủy",
		"answered 12/qyđ-ubnd Tỉnh ủy\n"
		"answered 7-ctr/tu 2025-10-10 Tỉnh ủy"},
	{"Thực hiện Nghị quyết số 18-NQ/TW và Kết luận số 45-KL/TW",
		"answered 18-nq/tw\n"
		"answered 45-kl/tw"},
	{"Trả lời Công văn số 15/UBND-VX về việc mua thuốc và Công văn số "
	 "16/UBND-VX về việc mua vắc xin",
		"answered 15/ubnd-vx\n"
		"answered 16/ubnd-vx"},
	{"Trả lời Công văn số 15/UBND-VX về việc mua thuốc; Công văn số "
	 "16/UBND-VX về việc mua vắc xin",
		"answered 15/ubnd-vx\n"
		"answered 16/ubnd-vx"},
	{"V/v trả lời các Công văn số 12/UBND-VX, 15/UBND-VX ngày 20/11/2025 "
	 "và 21/11/2025 của UBND tỉnh",
		"answered 12/ubnd-vx 2025-11-20 UBND tỉnh\n"
		"answered 15/ubnd-vx 2025-11-21 UBND tỉnh"},
	{"V/v trả lời Công văn số 12/UBND-VX, Công văn số 15/UBND-VX cùng "
	 "ngày 20/11/2025",
		"answered 12/ubnd-vx 2025-11-20*\n"
		"answered 15/ubnd-vx 2025-11-20*"},
	{"V/v trả lời Công văn số 12/UBND-VX (ngày 20/11/2025) của Sở Văn hóa "
	 "và Thể thao và Công văn số 3/STC-NS",
		"answered 12/ubnd-vx 2025-11-20 Sở Văn hóa và Thể thao\n"
		"answered 3/stc-ns"},
	{"Thực hiện Quyết định 1234/QĐ-TTg, Quyết định số 567/QĐ-UBND ngày "
	 "3/3/2026",
		"answered 1234/qđ-ttg\n"
		"answered 567/qđ-ubnd 2026-03-03"},
	{"Trả lời Công văn số 15/UBND-VX, 16/UBND-KT, 17/UBND-NC của UBND tỉnh",
		"answered 15/ubnd-vx UBND tỉnh\n"
		"answered 16/ubnd-kt UBND tỉnh\n"
		"answered 17/ubnd-nc UBND tỉnh"},
	{"Trả lời Công văn số 15/UBND-VX;16/UBND-KT", "answered 15/ubnd-vx\n"
						      "answered 16/ubnd-kt"},
	{"Trả lời Công văn số 15/UBND-VX,16/UBND-KT", "answered 15/ubnd-vx\n"
						      "answered 16/ubnd-kt"},
	{"Trả lời văn bản số 15/UBND-VX và văn bản số 16/STC-NS",
		"answered 15/ubnd-vx\n"
		"answered 16/stc-ns"},
	{"Triển khai thực hiện Kế hoạch 99/KH-UBND, Kế hoạch 100/KH-UBND",
		"answered 99/kh-ubnd\n"
		"answered 100/kh-ubnd"},
	{"Thực hiện Chương trình hành động số 15-CTr/TU của Tỉnh ủy và Kế "
	 "hoạch số 20/KH-UBND",
		"answered 15-ctr/tu Tỉnh ủy\n"
		"answered 20/kh-ubnd"},
	{"Trả lời CV số 15/UBND-VX, CV số 20/STC-NS", "answered 15/ubnd-vx\n"
						      "answered 20/stc-ns"},
	{"Trả lời Công văn 15/UBND-VX (Sở Y tế) và 20/STC-NS", "answered 15/ubnd-vx\n"
							       "answered 20/stc-ns"},
	{"Trả lời Công văn số 15/UBND-VX; số 16/UBND-VX; số 17/UBND-VX cùng "
	 "ngày 20/11/2025",
		"answered 15/ubnd-vx 2025-11-20*\n"
		"answered 16/ubnd-vx 2025-11-20*\n"
		"answered 17/ubnd-vx 2025-11-20*"},
	{"Trả lời Công văn số 15 và số 16/UBND-VX", "answered 15/ubnd-vx\n"
						    "answered 16/ubnd-vx"},
	{"Trả lời các công văn: số 15/UBND-VX; số 16/UBND-KT", "answered 15/ubnd-vx\n"
							       "answered 16/ubnd-kt"},
	{"Báo cáo về tiến độ Dự án theo CT số 5/CT-UBND và HD số 7/HD-SNV, ĐA "
	 "số 8/ĐA-UBND",
		"answered 5/ct-ubnd\n"
		"answered 7/hd-snv\n"
		"answered 8/đa-ubnd"},
	{"Trả lời CT số 5/CT-UBND và HD số 7/HD-SNV", "answered 5/ct-ubnd\n"
						      "answered 7/hd-snv"},
	{"Thực hiện PA số 4/PA-BCH, BTT số 5/BTT-STP, BGN số 6/BGN-UBND",
		"answered 4/pa-bch\n"
		"answered 5/btt-stp\n"
		"answered 6/bgn-ubnd"},
	{"V/v trả lời GUQ số 2/GUQ-UBND, GGT số 3/GGT-SNV, GNP số 4/GNP-SYT",
		"answered 2/guq-ubnd\n"
		"answered 3/ggt-snv\n"
		"answered 4/gnp-syt"},
	{"V/v trả lời PG số 2/PG-VP, PB số 3/PB-UBND, TC số 1/TC-UBND",
		"answered 2/pg-vp\n"
		"answered 3/pb-ubnd\n"
		"answered 1/tc-ubnd"},
};

static void a_list_is_read_whole_with_the_dates_that_cover_it(void **state)
{
	(void)state;
	assert_rows(lists, COUNT(lists));
}

static const struct row beside[] = {
	{"Trả lời Công văn số 15/UBND-VX ngày 20/11/2025 của UBND tỉnh về "
	 "việc thực hiện Quyết định số 01/2020/QĐ-UBND ngày 03/01/2020",
		"answered 15/ubnd-vx 2025-11-20 UBND tỉnh\n"
		"other 1/2020/qđ-ubnd 2020-01-03"},
	{"Căn cứ Luật Tổ chức chính quyền địa phương số 72/2025/QH15 ngày "
	 "16/6/2025; Căn cứ Nghị định số 30/2020/NĐ-CP ngày 05/3/2020 của "
	 "Chính phủ về công tác văn thư; Theo đề nghị của Giám đốc Sở Y tế "
	 "tại Tờ trình số 12/TTr-SYT ngày 01/12/2025",
		"basis 72/2025/qh15 2025-06-16\n"
		"basis 30/2020/nđ-cp 2020-03-05 Chính phủ\n"
		"answered 12/ttr-syt 2025-12-01 Giám đốc Sở Y tế"},
	{"Số: 88/SYT-VP V/v trả lời Công văn số 15/UBND-VX", "own 88/syt-vp\n"
							     "answered 15/ubnd-vx"},
	{"Trả lời Công văn số 15/UBND-VX về việc triển khai Quyết định số "
	 "7/QĐ-UBND và Công văn số 16/BYT-KH",
		"answered 15/ubnd-vx\n"
		"other 7/qđ-ubnd\n"
		"other 16/byt-kh"},
	{"Căn cứ Quyết định số 5/QĐ-UBND về việc giao chỉ tiêu, phúc đáp Công "
	 "văn số 16/UBND-VX",
		"basis 5/qđ-ubnd\n"
		"answered 16/ubnd-vx"},
	{"Trả lời Công văn số 15/UBND-VX, Sở Y tế gửi kèm Báo cáo số 20/BC-SYT",
		"answered 15/ubnd-vx\n"
		"other 20/bc-syt"},
	{"Trả lời Công văn số 15/UBND-VX ngày 20/11/2025, Sở Y tế đã có Báo "
	 "cáo số 20/BC-SYT",
		"answered 15/ubnd-vx 2025-11-20\n"
		"other 20/bc-syt"},
	{"Tiếp theo Công văn số 10/SYT-NVY ngày 1/10/2025, Sở Y tế báo cáo bổ "
	 "sung theo Công văn số 15/UBND-VX",
		"other 10/syt-nvy 2025-10-01\n"
		"answered 15/ubnd-vx"},
	{"Theo Quyết định số 567/QĐ-UBND ngày 3/3/2026 và Công văn số 9/SNV-TC",
		"basis 567/qđ-ubnd 2026-03-03\n"
		"answered 9/snv-tc"},
	{"Số: 88/SYT-VP V/v trả lời Công văn số 15/UBND-VX", "own 88/syt-vp\n"
							     "answered 15/ubnd-vx"},
	{"Thực hiện Luật Đầu tư công số 58/2024/QH15 và Công văn số 15/UBND-VX",
		"basis 58/2024/qh15\n"
		"answered 15/ubnd-vx"},
	{"Trả lời công văn số 15/UBND-VX ngày 20/11/2025 của UBND tỉnh H99 về "
	 "việc góp ý dự thảo Thông tư thay thế Thông tư số 01/2019/TT-BNV",
		"answered 15/ubnd-vx 2025-11-20 UBND tỉnh H99\n"
		"other 1/2019/tt-bnv"},
	{"Trả lời Công văn số 15/UBND-VX; căn cứ Quyết định số 12/QĐ-UBND, Sở "
	 "Y tế báo cáo",
		"answered 15/ubnd-vx\n"
		"basis 12/qđ-ubnd"},
	{"Trả lời Công văn số 15/UBND-VX về việc chấn chỉnh kỷ luật. Căn cứ "
	 "Nghị định số 112/2020/NĐ-CP, Sở Nội vụ báo cáo",
		"answered 15/ubnd-vx\n"
		"basis 112/2020/nđ-cp"},
	{"Theo Quy chế số 02-QC/TU và Quy định số 22-QĐ/TW", "answered 2-qc/tu\n"
							     "basis 22-qđ/tw"},
};

static void what_is_answered_is_told_from_what_is_cited_beside_it(void **state)
{
	(void)state;
	assert_rows(beside, COUNT(beside));
}

static const struct row not_answered[] = {
	{"các Công văn số 12/UBND-VX, 15/UBND-KT ngày 3/4/2026 và số "
	 "18/UBND-NC",
		"other 12/ubnd-vx 2026-04-03*\n"
		"other 15/ubnd-kt 2026-04-03*\n"
		"other 18/ubnd-nc"},
	{"Thực hiện Thông tư số 01/2019/TT-BNV ngày 24/01/2019 của Bộ Nội vụ",
		"basis 1/2019/tt-bnv 2019-01-24 Bộ Nội vụ"},
	{"Căn cứ Công văn số 15/UBND-VX ngày 20/11/2025 của UBND tỉnh, Sở Y "
	 "tế báo cáo như sau",
		"basis 15/ubnd-vx 2025-11-20 UBND tỉnh"},
	{"V/v đôn đốc thực hiện Công văn số 15/UBND-VX", "other 15/ubnd-vx"},
	{"V/v tiếp tục thực hiện Công văn số 15/UBND-VX", "other 15/ubnd-vx"},
	{"V/v rà soát trang thiết bị y tế tuyến xã (thay thế Công văn số "
	 "15/UBND-VX)",
		"other 15/ubnd-vx"},
	{"Công văn của UBND tỉnh số 12/UBND-VX ngày 1/2/2026 về việc rà soát",
		"other 12/ubnd-vx 2026-02-01 UBND tỉnh"},
	{"Trả lời Công văn số 88/SYT-VP", "own 88/syt-vp"},
	{"(Kèm theo Công văn số 12/UBND-VX ngày 20/11/2025 của UBND tỉnh)",
		"other 12/ubnd-vx 2025-11-20 UBND tỉnh"},
	{"V/v hợp đồng số 05/2026/HĐ-XD", "other 5/2026/hđ-xd"},
	{"Căn cứ các Nghị định số 30/2020/NĐ-CP; số 61/2018/NĐ-CP; số "
	 "45/2020/NĐ-CP",
		"basis 30/2020/nđ-cp\n"
		"basis 61/2018/nđ-cp\n"
		"basis 45/2020/nđ-cp"},
	{"Quy định tại Quyết định số 12/QĐ-UBND", "basis 12/qđ-ubnd"},
	{"Báo cáo giám sát theo Nghị quyết số 95/2019/UBTVQH14",
		"basis 95/2019/ubtvqh14"},
	{"Góp ý dự thảo Thông tư thay thế Thông tư số 01/2019/TT-BNV",
		"other 1/2019/tt-bnv"},
	{"Bãi bỏ Quyết định số 12/2019/QĐ-UBND", "other 12/2019/qđ-ubnd"},
	{"Đính chính Công văn số 15/UBND-VX", "other 15/ubnd-vx"},
	{"Thu hồi Công văn số 15/UBND-VX ngày 20/11/2025",
		"other 15/ubnd-vx 2025-11-20"},
	{"Đề nghị các sở, ngành thực hiện Công văn số 15/UBND-VX", "other 15/ubnd-vx"},
	{"Yêu cầu UBND các xã trả lời Công văn số 15/UBND-VX", "other 15/ubnd-vx"},
	{"Ngày 20/11/2025, UBND tỉnh ban hành Công văn số 15/UBND-VX về việc "
	 "rà soát",
		"other 15/ubnd-vx"},
	{"Công văn số 15/UBND-VX do UBND tỉnh ban hành ngày 20/11/2025",
		"other 15/ubnd-vx 2025-11-20 UBND tỉnh"},
	{"V/v xử lý Thư công số 2/TC-SNgV", "other 2/tc-sngv"},
	{"Trong 12 tháng, 15 và 18/UBND-VX", "other 18/ubnd-vx"},
	{"Kế hoạch 5 năm 2021-2025, 12/UBND-VX", "other 12/ubnd-vx"},
	{"Báo cáo số 12/BC-SYT ngày 3/3/2026 về kết quả thực hiện Công văn số "
	 "15/UBND-VX",
		"other 12/bc-syt 2026-03-03\n"
		"other 15/ubnd-vx"},
	{"Thực hiện Thông tư liên tịch số 50/2014/TTLT-BTNMT-BNV",
		"basis 50/2014/ttlt-btnmt-bnv"},
};

static void what_is_cited_and_not_answered_says_so(void **state)
{
	(void)state;
	assert_rows(not_answered, COUNT(not_answered));
}

static const struct row no_codes[] = {
	{"Báo cáo số liệu tháng 12/2025", ""},
	{"Tỷ lệ 3/4 số hộ, trực 24/7, điện thoại 0900/123456, 12/2025, khoản "
	 "2 Điều 5",
		""},
	{"Xem tại https://vb.h99.example/12/UBND-VX hoặc tra cứu", ""},
	{"Mức hỗ trợ 500.000 đồng/người, 5/NGƯỜI, công suất 110/22KV, diện "
	 "tích 12/HA",
		""},
	{"QCVN 40:2011/BTNMT và TCVN 5945:2005/BKHCN", ""},
	{"Trả lời Công văn số 15 ngày 20/11/2025 của UBND tỉnh", ""},
	{"Trả lời công văn 15 UBND-VX", ""},
	{"V/v cử cán bộ tham gia đoàn kiểm tra 2025/2026", ""},
	{"V/v nghiệm thu gói thầu số 12/XL", ""},
	{"Trả lời Công văn số 1.234/UBND-VX", ""},
	{"Kết quả xử lý đơn tại thửa đất số 12/TĐ, tờ bản đồ số 5", ""},
	{"Xe biển số 99A/12345, lô 5/B2, K5/12", ""},
	{"Dự án cải tạo đường 12/QL1A", ""},
	{"Hệ số 2/người, số 12/tháng", ""},
	{"email vp@syt.h99/12/UBND-VX", ""},
};

static void what_only_looks_like_a_code_is_not_read(void **state)
{
	(void)state;
	assert_rows(no_codes, COUNT(no_codes));
}

static void a_text_without_end_is_read_in_part_and_in_time(void **state)
{
	struct arena arena = {0};
	struct citations list;
	struct buf text = {0};

	(void)state;
	for (int i = 0; i < 20000; i++)
		buf_add_text(&text, "số 12, 15/UBND-VX và ");
	citation_read(&arena, buf_text(&text), NULL, &list);
	assert_true(list.n <= CITATIONS_MAX);
	assert_true(list.n > 0);
	buf_deinit(&text);
	arena_deinit(&arena);
}

static void no_text_cites_nothing(void **state)
{
	struct arena arena = {0};
	struct citations list;

	(void)state;
	citation_read(&arena, NULL, NULL, &list);
	assert_int_equal(list.n, 0);
	citation_read(&arena, "", "12/UBND-VX", &list);
	assert_int_equal(list.n, 0);
	citation_read(&arena, "12/\xff\xfeUB", "12/UBND-VX", &list);
	assert_int_equal(list.n, 0);
	arena_deinit(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(codes_are_read_however_they_are_spelt),
		cmocka_unit_test(dates_and_organs_beside_a_code_are_read),
		cmocka_unit_test(a_list_is_read_whole_with_the_dates_that_cover_it),
		cmocka_unit_test(what_is_answered_is_told_from_what_is_cited_beside_it),
		cmocka_unit_test(what_is_cited_and_not_answered_says_so),
		cmocka_unit_test(what_only_looks_like_a_code_is_not_read),
		cmocka_unit_test(a_text_without_end_is_read_in_part_and_in_time),
		cmocka_unit_test(no_text_cites_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
