/* What kind of answer a subject says it is (M4). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "gateway/rules/reply_kind.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

struct subject {
	const char *text;
};

static void assert_kind(enum reply_kind want, const struct subject *subjects, size_t n)
{
	struct arena arena = {0};
	size_t wrong = 0;

	for (size_t i = 0; i < n; i++) {
		enum reply_kind got =
			reply_kind_of(&arena, REPLY_KIND_UNKNOWN, subjects[i].text);

		if (got != want) {
			print_error("%s: is %s, not %s\n", subjects[i].text,
				reply_kind_words[got], reply_kind_words[want]);
			wrong++;
		}
		arena_reset(&arena);
	}
	arena_deinit(&arena);
	assert_int_equal(wrong, 0);
}

static const struct subject extensions[] = {
	{"V/v xin lùi thời hạn hoàn thành nhiệm vụ"},
	{"V/v đề nghị gia hạn thời gian báo cáo"},
	{"V/v đề nghị điều chỉnh thời hạn báo cáo kết quả rà soát"},
	{"V/v xin gia hạn"},
	{"Xin gia hạn thời gian thực hiện nhiệm vụ"},
	{"V/v đề xuất gia hạn thời hạn báo cáo"},
	{"V/v gia hạn thời gian báo cáo kết quả rà soát"},
	{"V/v đề nghị UBND tỉnh cho gia hạn thời gian hoàn thành nhiệm vụ"},
	{"V/v xin được gia hạn thời gian gửi báo cáo"},
	{"V/v xin phép gia hạn thời gian trình Đề án"},
	{"V/v đề nghị cho lùi thời gian báo cáo"},
	{"V/v đề nghị lùi thời gian trình dự thảo Quyết định"},
	{"V/v kéo dài thời hạn hoàn thành nhiệm vụ được giao"},
	{"V/v xin kéo dài thời gian thực hiện nhiệm vụ"},
	{"V/v xin thêm thời gian rà soát"},
	{"V/v đề nghị cho thêm thời gian để hoàn thiện báo cáo"},
	{"V/v xin điều chỉnh thời gian thực hiện nhiệm vụ"},
	{"V/v đề nghị điều chỉnh tiến độ hoàn thành nhiệm vụ"},
	{"V/v thay đổi thời hạn gửi báo cáo"},
	{"V/v đề nghị giãn tiến độ thực hiện nhiệm vụ được giao"},
	{"V/v xin hoãn thời hạn báo cáo"},
	{"Tờ trình đề nghị gia hạn thời gian hoàn thành Đề án"},
	{"Công văn xin gia hạn thời gian báo cáo"},
	{"Sở Y tế xin gia hạn thời gian báo cáo kết quả rà soát"},
	{"UBND xã Hòa Sơn đề nghị lùi thời hạn báo cáo"},
	{"Báo cáo kết quả thực hiện và xin gia hạn thời gian hoàn thành"},
	{"Báo cáo tiến độ thực hiện, đề nghị gia hạn thời gian hoàn thành nhiệm vụ"},
	{"Trả lời Công văn số 15/UBND-VX, xin gia hạn thời gian báo cáo"},
	{"Trả lời Công văn số 15/UBND-VX ngày 20/11/2025 của UBND tỉnh về việc rà "
	 "soát trang thiết bị, xin gia hạn thời gian báo cáo"},
	{"Phúc đáp Công văn số 15/UBND-VX xin gia hạn thời gian báo cáo"},
	{"V/v xin gia hạn thời gian thực hiện Công văn số 15/UBND-VX ngày "
	 "20/11/2025 của UBND tỉnh về rà soát"},
	{"V/v chưa thể hoàn thành đúng thời hạn được giao"},
	{"V/v xin chậm nộp báo cáo"},
	{"xin gia han thoi gian bao cao"},
	{"V/v de nghi gia han thoi gian bao cao ket qua ra soat"},
	{"V/V ĐỀ NGHỊ GIA HẠN THỜI GIAN BÁO CÁO"},
	{"V/v Dề nghị gia hạn thời gian báo cáo"},
	{"Về việc xin gia hạn thời gian báo cáo"},
	{"V/v bổ sung thời gian hoàn thành nhiệm vụ"},
	{"V/v đề nghị gia hạn (lần 2) thời gian hoàn thành nhiệm vụ"},
	{"V/v xin gia hạn thêm thời gian xử lý đơn"},
	{"V/v xin gia hạn đến ngày 30/12/2025"},
	{"V/v đề nghị gia hạn giấy phép khai thác khoáng sản"},
	{"V/v đề nghị cho phép lùi thời gian báo cáo"},
	{"V/v xin lùi thời điểm trình Đề án"},
	{"V/v đề nghị được gia hạn"},
	{"V/v gia hạn thời gian xử lý văn bản"},
	{"V/v đề nghị lùi thời hạn nộp báo cáo sang ngày 20/12/2025"},
	{"V/v xin phép chậm báo cáo"},
	{"V/v xin phép nộp báo cáo muộn"},
	{"V/v xin được báo cáo muộn"},
	{"V/v đề nghị chuyển thời hạn báo cáo sang tháng 01/2026"},
	{"V/v kéo dài thời gian rà soát"},
	{"V/v chậm tiến độ thực hiện nhiệm vụ và đề nghị gia hạn"},
	{"V/v xin nới thời hạn báo cáo"},
	{"V/v đề nghị tăng thời gian thực hiện nhiệm vụ"},
	{"V/v đề nghị cho thêm 10 ngày để hoàn thành báo cáo"},
	{"V/v chưa kịp hoàn thành báo cáo, đề nghị cho thêm 05 ngày làm việc"},
	{"V/v xin điều chỉnh mốc thời gian hoàn thành nhiệm vụ"},
	{"V/v lùi thời gian trình dự thảo Nghị quyết"},
	{"Sở Y tế đề nghị UBND tỉnh cho phép gia hạn thời gian hoàn thành nhiệm vụ "
	 "giao tại Công văn số 15/UBND-VX"},
	{"V/v xin gia hạn thời gian trả lời Công văn số 15/UBND-VX ngày 20/11/2025"},
	{"V/v chưa thể báo cáo đúng hạn"},
};

static void who_asks_for_more_time_has_not_answered(void **state)
{
	(void)state;
	assert_kind(REPLY_KIND_EXTENSION, extensions, COUNT(extensions));
}

static const struct subject hand_backs[] = {
	{"V/v chuyển trả văn bản giao nhiệm vụ"},
	{"V/v nội dung rà soát không thuộc thẩm quyền của Sở Y tế"},
	{"V/v nhiệm vụ không thuộc thẩm quyền"},
	{"V/v không thuộc chức năng, nhiệm vụ của Sở Xây dựng"},
	{"V/v nội dung không thuộc phạm vi quản lý của Sở Y tế"},
	{"V/v vụ việc không thuộc trách nhiệm của UBND xã Hòa Sơn"},
	{"V/v nhiệm vụ không thuộc lĩnh vực quản lý"},
	{"V/v trả lại văn bản giao không đúng chức năng"},
	{"V/v đề nghị chuyển văn bản đến cơ quan có thẩm quyền"},
	{"V/v đề nghị chuyển nhiệm vụ cho Sở Nông nghiệp và Môi trường"},
	{"V/v đề nghị chuyển Sở Tài chính xử lý"},
	{"V/v chuyển trả nhiệm vụ"},
	{"V/v chuyển trả Công văn số 15/UBND-VX"},
	{"V/v trả lại nhiệm vụ giao tại Công văn số 15/UBND-VX"},
	{"V/v hoàn trả văn bản gửi nhầm"},
	{"V/v văn bản gửi nhầm địa chỉ"},
	{"V/v từ chối tiếp nhận nhiệm vụ"},
	{"V/v đề nghị giao lại nhiệm vụ cho đơn vị chủ trì"},
	{"V/v đề nghị xem xét lại việc giao nhiệm vụ"},
	{"Phúc đáp Công văn số 15/UBND-VX: nội dung không thuộc thẩm quyền của Sở"},
	{"Trả lời Công văn số 15/UBND-VX về việc xử lý đơn, Sở Y tế không có thẩm "
	 "quyền giải quyết"},
	{"V/v chuyen tra van ban giao nhiem vu"},
	{"V/v vượt thẩm quyền của UBND xã"},
	{"V/v xin chuyển nhiệm vụ sang Sở Nội vụ"},
	{"V/v đề nghị chuyển Công văn số 15/UBND-VX cho Sở Xây dựng chủ trì tham mưu"},
	{"V/v đề nghị giao Sở Xây dựng chủ trì thực hiện nhiệm vụ"},
	{"V/v đề nghị điều chuyển nhiệm vụ"},
	{"V/v xử lý xe quá tải không thuộc thẩm quyền giải quyết"},
	{"V/v công tác phòng cháy mùa khô không thuộc thẩm quyền giải quyết"},
	{"V/v kiểm tra cơ sở giết mổ không thuộc thẩm quyền"},
	{"V/v giải quyết tranh chấp không thuộc chức năng, nhiệm vụ"},
	{"V/v đề nghị thay đổi đơn vị chủ trì"},
	{"V/v đề nghị điều chỉnh cơ quan chủ trì thực hiện nhiệm vụ"},
	{"V/v trả lại hồ sơ, văn bản do không thuộc thẩm quyền"},
	{"V/v chuyển văn bản đến cơ quan có thẩm quyền giải quyết"},
	{"V/v nhiệm vụ giao không phù hợp chức năng, nhiệm vụ"},
	{"V/v không phù hợp với chức năng, nhiệm vụ của Sở"},
	{"V/v nội dung thuộc thẩm quyền của Sở Xây dựng"},
	{"V/v nội dung giao thuộc chức năng, nhiệm vụ của Sở Nội vụ"},
	{"V/v từ chối thực hiện nhiệm vụ"},
	{"V/v kiến nghị giao lại cho cơ quan khác"},
	{"V/v văn bản chuyển sai địa chỉ"},
	{"V/v văn bản gửi không đúng địa chỉ"},
	{"V/v chuyển trả văn bản không đúng thẩm quyền"},
};

static void who_says_it_is_not_theirs_hands_back(void **state)
{
	(void)state;
	assert_kind(REPLY_KIND_HAND_BACK, hand_backs, COUNT(hand_backs));
}

static const struct subject questions[] = {
	{"V/v xin chủ trương mua sắm thiết bị"},
	{"V/v xin hướng dẫn rà soát trang thiết bị y tế"},
	{"V/v xin ý kiến về phạm vi rà soát trang thiết bị y tế"},
	{"V/v xin ý kiến chỉ đạo"},
	{"V/v báo cáo, xin ý kiến chỉ đạo về việc rà soát"},
	{"V/v báo cáo và xin ý kiến"},
	{"Báo cáo xin ý kiến Chủ tịch UBND tỉnh"},
	{"V/v đề nghị hướng dẫn thực hiện"},
	{"V/v đề nghị UBND tỉnh hướng dẫn xử lý"},
	{"V/v đề nghị Sở Tài chính hướng dẫn thủ tục thanh quyết toán"},
	{"V/v đề nghị cho ý kiến về phương án"},
	{"V/v kiến nghị UBND tỉnh cho chủ trương"},
	{"V/v xin chỉ đạo của UBND tỉnh"},
	{"V/v đề nghị giải đáp vướng mắc"},
	{"V/v đề nghị làm rõ nội dung Công văn số 15/UBND-VX"},
	{"V/v đề nghị tháo gỡ khó khăn, vướng mắc trong rà soát"},
	{"V/v xin y kien chi dao"},
	{"Thực hiện Công văn số 15/UBND-VX về rà soát, Sở Y tế xin ý kiến một số "
	 "nội dung"},
	{"V/v lấy ý kiến dự thảo Kế hoạch"},
	{"V/v đề nghị góp ý dự thảo Kế hoạch"},
	{"V/v xin quan điểm chỉ đạo"},
	{"V/v đề nghị UBND tỉnh cho ý kiến chỉ đạo"},
	{"V/v xin ý kiến thống nhất phương án"},
	{"V/v đề nghị có văn bản hướng dẫn"},
	{"V/v đề nghị hướng dẫn nghiệp vụ"},
	{"V/v xin được chỉ đạo"},
	{"V/v xin ý kiến chuyên môn về nội dung rà soát"},
	{"V/v tham khảo ý kiến Sở Tư pháp"},
	{"V/v đề nghị hướng dẫn vướng mắc khi thực hiện Công văn số 15/UBND-VX"},
	{"V/v khó khăn, vướng mắc và xin ý kiến chỉ đạo"},
	{"V/v xin tham vấn ý kiến"},
};

static void who_asks_what_to_do_has_not_answered(void **state)
{
	(void)state;
	assert_kind(REPLY_KIND_GUIDANCE, questions, COUNT(questions));
}

static const struct subject interims[] = {
	{"Báo cáo sơ bộ tình hình trang thiết bị y tế tuyến xã"},
	{"Báo cáo tiến độ giải ngân vốn đầu tư công lĩnh vực y tế đến ngày "
	 "30/11/2025"},
	{"Báo cáo tiến độ rà soát trang thiết bị y tế tuyến xã"},
	{"Báo cáo đánh giá sơ bộ trang thiết bị y tế"},
	{"V/v kết quả bước đầu rà soát trang thiết bị y tế tuyến xã"},
	{"V/v báo cáo tiến độ thực hiện nhiệm vụ"},
	{"V/v tiến độ thực hiện Công văn số 15/UBND-VX"},
	{"V/v tiến độ xây dựng Đề án"},
	{"V/v cập nhật tiến độ thực hiện"},
	{"V/v báo cáo tình hình và tiến độ thực hiện"},
	{"V/v báo cáo kết quả sơ bộ"},
	{"V/v sơ bộ kết quả rà soát"},
	{"Báo cáo bước đầu kết quả rà soát"},
	{"Báo cáo kết quả ban đầu"},
	{"Báo cáo giữa kỳ thực hiện nhiệm vụ"},
	{"Báo cáo lần 1 kết quả rà soát"},
	{"V/v nhiệm vụ đang triển khai thực hiện"},
	{"Sở Y tế đang tổng hợp số liệu"},
	{"V/v chưa hoàn thành rà soát"},
	{"V/v chưa có kết quả rà soát"},
	{"Bao cao tien do thuc hien nhiem vu"},
	{"BÁO CÁO TIẾN ĐỘ THỰC HIỆN NHIỆM VỤ ĐƯỢC GIAO"},
	{"Trả lời Công văn số 15/UBND-VX báo cáo tiến độ thực hiện"},
	{"Báo cáo tiến độ thực hiện Công văn số 15/UBND-VX về việc rà soát"},
	{"V/v báo cáo tạm thời số liệu rà soát"},
	{"V/v báo cáo nhanh, kết quả bước đầu phòng chống bão"},
	{"V/v báo cáo tiến độ (lần 2) thực hiện nhiệm vụ"},
	{"V/v báo cáo tiến độ tuần 48"},
	{"Báo cáo kết quả đợt 1 rà soát trang thiết bị"},
	{"V/v nhiệm vụ đang trong quá trình thực hiện"},
	{"V/v đã tiếp nhận và đang xử lý Công văn số 15/UBND-VX"},
	{"V/v nhiệm vụ đang được triển khai"},
	{"Báo cáo một số kết quả bước đầu thực hiện nhiệm vụ"},
	{"Báo cáo tiến độ, kết quả thực hiện nhiệm vụ được giao"},
	{"V/v báo cáo tiến độ và kết quả bước đầu"},
	{"V/v báo cáo sơ bộ kết quả kiểm tra"},
};

static void a_progress_report_is_not_the_end(void **state)
{
	(void)state;
	assert_kind(REPLY_KIND_INTERIM, interims, COUNT(interims));
}

static const struct subject finals[] = {
	{"Báo cáo kết quả giải quyết hồ sơ xin gia hạn giấy phép hoạt động khám "
	 "bệnh, chữa bệnh"},
	{"Báo cáo kết quả rà soát trang thiết bị y tế"},
	{"Trả lời Công văn số 15/UBND-VX ngày 20/11/2025 của UBND tỉnh về việc xử "
	 "lý đề nghị gia hạn giấy phép hoạt động"},
	{"V/v kết quả rà soát theo Công văn số 16/UBND-VX ngày 21/11/2025 của UBND "
	 "tỉnh"},
	{"V/v trả lời Công văn số 15/UBND-VX ngày 20/11/2025 và Công văn số "
	 "16/UBND-VX ngày 21/11/2025 của UBND tỉnh"},
	{"V/v xử lý đề nghị gia hạn giấy phép hoạt động"},
	{"V/v đề nghị bổ sung biên chế"},
	{"V/v đề nghị bổ sung kinh phí"},
	{"V/v đề nghị phê duyệt kế hoạch"},
	{"V/v trả lời đề nghị gia hạn giấy phép của Công ty Cổ phần H99"},
	{"Trả lời Công văn số 12/SKH-VP về việc đề nghị gia hạn thời gian thực hiện "
	 "dự án"},
	{"Trả lời Công văn số 12/UBND-VX ngày 20/11/2025 v/v xin gia hạn thời gian "
	 "báo cáo"},
	{"Phúc đáp Công văn số 12/UBND-VX ngày 20/11/2025 về xin ý kiến dự thảo "
	 "Nghị quyết"},
	{"Trả lời văn bản của UBND xã Hòa Sơn về việc xin gia hạn thời gian"},
	{"V/v đồng ý gia hạn thời gian báo cáo"},
	{"V/v chấp thuận gia hạn thời hạn hoàn thành"},
	{"V/v không đồng ý gia hạn thời gian thực hiện nhiệm vụ"},
	{"V/v thống nhất điều chỉnh thời hạn báo cáo"},
	{"Báo cáo kết quả gia hạn chứng chỉ hành nghề"},
	{"Báo cáo kết quả thẩm định hồ sơ đề nghị gia hạn thời gian sử dụng đất"},
	{"V/v kết quả rà soát các dự án xin gia hạn tiến độ"},
	{"Báo cáo danh sách doanh nghiệp xin gia hạn nộp thuế"},
	{"Báo cáo kết quả xử lý việc kéo dài thời gian thi công"},
	{"V/v kéo dài thời gian bố trí vốn dự án đường tránh"},
	{"V/v điều chỉnh thời gian làm việc mùa hè"},
	{"V/v điều chỉnh tiến độ thực hiện dự án khu dân cư"},
	{"Báo cáo trường hợp công dân đề nghị gia hạn thời gian thuê đất"},
	{"Trả lời đơn của ông Bùi Văn Mẫu về việc xin gia hạn thời gian nộp tiền sử "
	 "dụng đất"},
	{"V/v giải quyết đề nghị lùi thời gian khởi công của nhà đầu tư"},
	{"Báo cáo không xin gia hạn, đã hoàn thành nhiệm vụ"},
	{"Báo cáo kết quả thực hiện Công văn số 15/UBND-VX về việc gia hạn thời "
	 "gian đóng thầu"},
	{"V/v hướng dẫn gia hạn thời gian nộp hồ sơ"},
	{"Báo cáo kết quả xử lý đơn thư không thuộc thẩm quyền"},
	{"V/v trả lời đơn không thuộc thẩm quyền giải quyết"},
	{"V/v đề nghị chuyển đổi mục đích sử dụng đất"},
	{"V/v đề nghị chuyển mục đích sử dụng rừng"},
	{"V/v đề nghị chuyển kinh phí sang năm 2026"},
	{"V/v chuyển trả kết quả giải quyết thủ tục hành chính"},
	{"Báo cáo kết quả kiểm tra lại văn bản quy phạm pháp luật"},
	{"Báo cáo kết quả chuyển đổi số"},
	{"Trả lời Công văn số 15/UBND-VX về việc chuyển trả hồ sơ"},
	{"Báo cáo kết quả rà soát thủ tục hành chính không thuộc thẩm quyền cấp xã"},
	{"V/v điều động, đề nghị chuyển công tác đối với viên chức"},
	{"V/v kết quả lấy ý kiến dự thảo Nghị quyết"},
	{"Báo cáo tổng hợp kết quả xin ý kiến nhân dân"},
	{"V/v góp ý dự thảo Kế hoạch"},
	{"V/v tham gia ý kiến dự thảo Nghị định"},
	{"V/v tham gia ý kiến đối với hồ sơ xin ý kiến thành viên UBND tỉnh"},
	{"Trả lời Công văn số 20/STP-XD về việc xin ý kiến dự thảo Quyết định"},
	{"Trả lời Công văn số 20/STP-XD xin ý kiến dự thảo Quyết định"},
	{"Báo cáo việc đã xin ý kiến Thường trực Tỉnh ủy"},
	{"V/v hướng dẫn thực hiện chế độ báo cáo"},
	{"Báo cáo công tác xin ý kiến cộng đồng dân cư"},
	{"V/v quy trình xin ý kiến cấp ủy"},
	{"Báo cáo kết quả thực hiện các giải pháp đẩy nhanh tiến độ thực hiện dự án"},
	{"V/v kết quả kiểm tra tiến độ thực hiện dự án"},
	{"V/v đôn đốc tiến độ thực hiện"},
	{"Báo cáo kết quả rà soát các dự án đang triển khai"},
	{"Báo cáo danh sách hộ dân đang xây dựng nhà ở"},
	{"Trả lời Công văn số 15/UBND-VX về việc báo cáo tiến độ giải ngân"},
	{"Báo cáo kết quả khắc phục chậm tiến độ thực hiện dự án"},
	{"V/v kết quả giám sát báo cáo tiến độ của nhà thầu"},
	{"V/v bảo đảm tiến độ thực hiện công trình"},
	{"Kế hoạch kiểm tra năm 2026"},
	{"V/v trả lời kiến nghị của cử tri"},
	{"Báo cáo kết quả thực hiện Chỉ thị số 16/CT-TTg"},
	{"V/v gia hạn giấy phép khai thác khoáng sản"},
	{"V/v cử cán bộ tham gia đoàn công tác"},
	{"V/v giải trình chậm báo cáo"},
	{""},
	{"Báo cáo kết quả thực hiện nhiệm vụ năm 2025 và phương hướng, nhiệm vụ năm "
	 "2026"},
	{"Báo cáo tình hình thực hiện Kế hoạch số 20/KH-UBND"},
	{"V/v cung cấp thông tin, số liệu phục vụ báo cáo"},
	{"Quyết định gia hạn thời gian thực hiện dự án"},
	{"Thông báo gia hạn thời gian nhận hồ sơ"},
	{"V/v đồng ý đề nghị gia hạn thời gian báo cáo của Sở Y tế"},
	{"Báo cáo sơ kết 06 tháng thực hiện Nghị quyết"},
	{"V/v kết quả thẩm định đề nghị gia hạn chứng chỉ"},
	{"Báo cáo kết quả xử lý văn bản gửi nhầm"},
	{"V/v báo cáo hoàn thành nhiệm vụ đúng tiến độ"},
	{"Báo cáo hoàn thành nhiệm vụ trước tiến độ"},
	{"Báo cáo kết quả thực hiện nhiệm vụ, bảo đảm tiến độ thực hiện"},
	{"Báo cáo việc chậm tiến độ giải ngân"},
	{"V/v đề nghị cấp thẻ hướng dẫn viên du lịch"},
	{"V/v trả lời ý kiến, kiến nghị của cử tri đề nghị gia hạn thời gian nộp thuế"},
	{"V/v tiếp thu, giải trình ý kiến tham gia"},
	{"V/v ban hành Hướng dẫn thực hiện chế độ báo cáo"},
	{"V/v lùi thời gian tổ chức Hội nghị tổng kết"},
	{"V/v điều chỉnh thời gian tổ chức Hội nghị"},
	{"V/v thay đổi thời gian họp"},
	{"Báo cáo đã hoàn thành nhiệm vụ, không đề nghị gia hạn"},
	{"V/v trả lời đề nghị hướng dẫn của Công ty H99"},
	{"Báo cáo kết quả tiếp nhận ý kiến góp ý"},
	{"V/v kết quả chuyển giao nhiệm vụ giữa các phòng"},
	{"Báo cáo thẩm quyền giải quyết thủ tục hành chính"},
	{"V/v phân cấp nội dung thuộc thẩm quyền của UBND tỉnh"},
	{"Báo cáo rà soát nội dung thuộc thẩm quyền của UBND cấp xã"},
	{"V/v phúc đáp đề nghị tham gia ý kiến"},
	{"Báo cáo kết quả giải quyết kiến nghị tháo gỡ khó khăn"},
	{"V/v cung cấp thông tin tiến độ cấp phép"},
	{"V/v báo cáo kết quả khắc phục tồn tại, hạn chế"},
	{"Báo cáo kết quả đợt 2 và tổng hợp toàn bộ rà soát"},
	{"V/v đề nghị giao đất"},
	{"V/v đề nghị gửi báo cáo giao ban tuần"},
	{"V/v đề nghị giao kinh phí thực hiện nhiệm vụ"},
};

static void words_of_the_matter_or_of_a_quoted_subject_do_not_count(void **state)
{
	(void)state;
	assert_kind(REPLY_KIND_FINAL, finals, COUNT(finals));
}

/* "kind<TAB>subject" of tests/fixtures/reply/subjects.txt: is it that kind? */
static bool is_as_told(struct arena *arena, char *line)
{
	char *subject = strchr(line, '\t');

	assert_non_null(subject);
	*subject++ = '\0';
	subject[strcspn(subject, "\n")] = '\0';
	const char *got =
		reply_kind_words[reply_kind_of(arena, REPLY_KIND_UNKNOWN, subject)];

	if (strcmp(got, line) == 0)
		return true;
	print_error("%s: is %s, not %s\n", subject, got, line);
	return false;
}

static void subjects_as_offices_write_them_are_understood(void **state)
{
	char path[512], line[1024];
	size_t right = 0, all = 0;
	struct arena arena = {0};

	(void)state;
	snprintf(path, sizeof(path), "%s/tests/fixtures/reply/subjects.txt",
		getenv("CONGVAN_SOURCE"));
	FILE *file = fopen(path, "r");

	assert_non_null(file);
	while (fgets(line, sizeof(line), file)) {
		if (line[0] == '#' || line[0] == '\n')
			continue;
		all++;
		right += is_as_told(&arena, line);
		arena_reset(&arena);
	}
	fclose(file);
	arena_deinit(&arena);
	assert_true(all >= 450);
	assert_int_equal(right, all);
}

static void what_the_source_says_is_believed(void **state)
{
	struct arena arena = {0};

	(void)state;
	assert_int_equal(reply_kind_of(&arena, REPLY_KIND_FINAL, "V/v xin gia hạn"),
		REPLY_KIND_FINAL);
	assert_int_equal(
		reply_kind_of(&arena, REPLY_KIND_INTERIM, "V/v kết quả rà soát"),
		REPLY_KIND_INTERIM);
	assert_int_equal(
		reply_kind_of(&arena, REPLY_KIND_UNKNOWN, NULL), REPLY_KIND_FINAL);
	arena_deinit(&arena);
}

static const struct {
	const char *answered, *subject;
	enum reply_kind kind;
} repeated[] = {
	{"V/v xin gia hạn giấy phép của Công ty A",
		"V/v xin gia hạn giấy phép của Công ty A", REPLY_KIND_FINAL},
	{"V/v xin gia hạn giấy phép của Công ty A",
		"V/V XIN GIA HẠN GIẤY PHÉP CỦA CÔNG TY A", REPLY_KIND_FINAL},
	{"V/v xin gia hạn giấy phép của Công ty A",
		"Về việc xin gia han giay phép của Công ty A", REPLY_KIND_FINAL},
	{"V/v xin ý kiến dự thảo Nghị quyết", "V/v xin ý kiến dự thảo Nghị quyết",
		REPLY_KIND_FINAL},
	{"V/v xin ý kiến dự thảo Nghị quyết của HĐND tỉnh về chính sách hỗ trợ",
		"V/v xin ý kiến dự thảo Nghị quyết của HĐND tỉnh", REPLY_KIND_FINAL},
	{"V/v xin gia hạn giấy phép của Công ty A",
		"V/v xin gia hạn giấy phép của Công ty A, đề nghị lùi thời hạn báo cáo",
		REPLY_KIND_EXTENSION},
	{"V/v gia hạn thời gian hoàn thành nhiệm vụ",
		"V/v đề nghị gia hạn thời gian hoàn thành nhiệm vụ",
		REPLY_KIND_EXTENSION},
	{"V/v xin ý kiến dự thảo Nghị quyết", "V/v xin ý kiến", REPLY_KIND_GUIDANCE},
	{"V/v rà soát thủ tục hành chính lĩnh vực y tế",
		"V/v xin gia hạn thời gian rà soát thủ tục hành chính lĩnh vực y tế",
		REPLY_KIND_EXTENSION},
	{"V/v đẩy nhanh tiến độ thực hiện dự án A", "V/v tiến độ thực hiện dự án A",
		REPLY_KIND_INTERIM},
	{"V/v triển khai bước đầu Đề án 06", "V/v báo cáo kết quả bước đầu",
		REPLY_KIND_INTERIM},
	{"V/v xử lý các hộ đang xây dựng trái phép trên đất rừng",
		"V/v hộ đang xây dựng trái phép trên đất rừng", REPLY_KIND_FINAL},
	{NULL, "V/v xin gia hạn", REPLY_KIND_EXTENSION},
	{"V/v xin gia hạn", NULL, REPLY_KIND_FINAL},
};

static void what_is_repeated_of_the_subject_answered_does_not_count(void **state)
{
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < COUNT(repeated); i++) {
		enum reply_kind got = reply_kind_to(
			&arena, repeated[i].subject, repeated[i].answered);

		if (got != repeated[i].kind)
			fail_msg("%s: is %s, not %s", repeated[i].subject,
				reply_kind_words[got],
				reply_kind_words[repeated[i].kind]);
	}
	arena_deinit(&arena);
}

static const struct {
	bool asks;
	const char *text;
} assignments[] = {
	{true, "V/v báo cáo tiến độ giải ngân vốn đầu tư công lĩnh vực y tế"},
	{true, "Báo cáo tiến độ thực hiện hằng tuần về UBND tỉnh"},
	{true, "Đề nghị báo cáo kết quả bước đầu trước ngày 10/12/2025"},
	{true, "Giao Sở Y tế báo cáo UBND tỉnh tiến độ thực hiện nhiệm vụ"},
	{true, "V/v cập nhật tiến độ các nhiệm vụ được giao"},
	{true, "Yêu cầu các đơn vị báo cáo sơ bộ tình hình thiệt hại"},
	{true, "Định kỳ hằng tháng báo cáo tình hình, tiến độ thực hiện"},
	{true, "bao cao tien do thuc hien hang tuan"},
	{true, "V/v cung cấp tiến độ các dự án trọng điểm"},
	{true, "Sở Xây dựng gửi tiến độ xử lý về Văn phòng"},
	{false, "V/v đẩy nhanh tiến độ thực hiện dự án, báo cáo kết quả trước ngày "
		"10/12/2025"},
	{false, "Báo cáo kết quả đẩy nhanh tiến độ thực hiện dự án"},
	{false, "V/v bảo đảm tiến độ thực hiện các công trình"},
	{false, "V/v khắc phục chậm tiến độ thực hiện dự án"},
	{false, "V/v rà soát trang thiết bị y tế tuyến xã"},
	{false, "Báo cáo kết quả rà soát. Tiến độ thực hiện do Sở Y tế theo dõi"},
	{false, "V/v báo cáo kết quả giải ngân vốn đầu tư công"},
	{true, "Yêu cầu Sở Y tế báo cáo tiến độ thực hiện dự án A trước ngày "
	       "10/12/2025"},
	{true, "V/v đôn đốc báo cáo tiến độ thực hiện nhiệm vụ"},
	{true, "Về việc báo cáo tiến độ"},
	{false, "V/v chấn chỉnh việc chậm báo cáo tiến độ"},
	{false, "V/v phê bình các đơn vị không gửi báo cáo tiến độ"},
	{false, "Căn cứ Báo cáo tiến độ số 12/BC-SYT, yêu cầu Sở Y tế rà soát"},
	{false, "V/v góp ý báo cáo tiến độ"},
	{false, "Hoàn thành quyết toán dự án A; định kỳ hằng tuần báo cáo tiến độ"},
	{false, "Hoàn thành quyết toán dự án A"},
	{false, ""},
	{false, NULL},
};

static void only_an_assignment_that_asks_for_progress_is_answered_by_it(void **state)
{
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < COUNT(assignments); i++)
		if (reply_kind_asks_progress(&arena, assignments[i].text) !=
			assignments[i].asks)
			fail_msg("%s", assignments[i].text);
	arena_deinit(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_asks_for_more_time_has_not_answered),
		cmocka_unit_test(who_says_it_is_not_theirs_hands_back),
		cmocka_unit_test(who_asks_what_to_do_has_not_answered),
		cmocka_unit_test(a_progress_report_is_not_the_end),
		cmocka_unit_test(
			words_of_the_matter_or_of_a_quoted_subject_do_not_count),
		cmocka_unit_test(subjects_as_offices_write_them_are_understood),
		cmocka_unit_test(
			what_is_repeated_of_the_subject_answered_does_not_count),
		cmocka_unit_test(what_the_source_says_is_believed),
		cmocka_unit_test(
			only_an_assignment_that_asks_for_progress_is_answered_by_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
