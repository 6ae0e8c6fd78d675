#include "gateway/rules/reply_phrases.h"

#define LIST   static const char *const
#define W(...) ((const char *const[]){__VA_ARGS__, NULL})

/* --- classes of words: a row of the table below takes one of each --- */

LIST ask[] = {"xin", "đề nghị", "kiến nghị", "đề xuất", NULL};
LIST let[] = {"", "được", "phép", "cho", "cho phép", "được cho", "phép được",
	"phép cho", "được phép", NULL};
LIST moves[] = {"lùi", "lùi lại", "lui", "lui lại", "đẩy lùi", "dời", "rời", "giãn",
	"dãn", "hoãn", "tạm hoãn", "trì hoãn", "kéo dài", "điều chỉnh", "thay đổi",
	"đổi", "chuyển", "dịch", "dịch chuyển", "nới", "nới rộng", "tăng", "tăng thêm",
	"khất", "gia thêm", "thêm", "bổ sung", "bổ sung thêm", "xác định lại", NULL};
LIST puts_off[] = {"lùi", "lui", "khất", "hoãn", "tạm hoãn", "trì hoãn", NULL};
LIST lets_wait[] = {"lùi", "lui", "khất", "hoãn", "chậm", "dời", "trễ", "muộn", NULL};
LIST late[] = {
	"chậm", "chậm hơn", "muộn", "muộn hơn", "trễ", "trễ hơn", "trễ hạn", NULL};
LIST days_more[] = {"thêm", "kéo dài", "kéo dài thêm", "lùi", "lùi lại", "lùi thêm",
	"lui", "giãn", "gia hạn thêm", NULL};
LIST cannot[] = {"chưa thể", "không thể", "khó có thể", "chưa", "không", "chưa kịp",
	"không kịp", "khó", NULL};
LIST handed_in[] = {"", "nhiệm vụ", "báo cáo", "công việc", "kết quả", "hồ sơ", NULL};
const char *const reply_delivers[] = {"báo cáo", "nộp", "gửi", "trình", "hoàn thành",
	"trả lời", "cung cấp", "tham mưu", "thực hiện", "góp ý", "xây dựng", "tổng hợp",
	NULL};

LIST is_not[] = {"không thuộc", "chưa thuộc", "không phải", "không phải là",
	"không phải thuộc", "không nằm trong", "nằm ngoài", "không đúng", "chưa đúng",
	"không đúng với", "không phù hợp", "không phù hợp với", "chưa phù hợp",
	"chưa phù hợp với", "trái", NULL};
LIST duty[] = {"thẩm quyền", "chức năng", "phạm vi", "trách nhiệm", "nhiệm vụ",
	"lĩnh vực", "địa bàn", NULL};
LIST beyond[] = {"ngoài", "vượt", "vượt quá", "quá", "không có", "chưa có", "không đủ",
	"chưa đủ", "không được giao", "chưa được giao", NULL};
LIST power[] = {"thẩm quyền", "chức năng", NULL};
LIST office[] = {"đơn vị", "cơ quan", "sở", "ngành", "đầu mối", NULL};
LIST lead[] = {"đơn vị chủ trì", "cơ quan chủ trì", "chủ trì", "đơn vị đầu mối",
	"cơ quan đầu mối", "đơn vị thực hiện", "cơ quan thực hiện", "đơn vị tham mưu",
	"cơ quan tham mưu", "đơn vị phụ trách", NULL};
LIST changes[] = {"thay đổi", "điều chỉnh", "đổi", "thay", "phân công lại",
	"xác định lại", "xem xét lại", "giao lại", "chuyển", NULL};
LIST given[] = {"công văn", "cv", "văn bản", "tờ trình", "phiếu chuyển",
	"phiếu giao việc", "công điện", "chỉ thị", "nhiệm vụ", "nội dung", "vụ việc",
	"việc", "công việc", NULL};
LIST letters[] = {
	"công văn", "cv", "văn bản", "công điện", "phiếu chuyển", "nhiệm vụ", NULL};
LIST goods[] = {"đơn", "đơn thư", "hồ sơ", "kiến nghị", "ý kiến", "phản ánh",
	"tờ trình", "thông báo", "kế hoạch", "quyết định", "nội dung", "vụ việc",
	"báo cáo", NULL};
LIST item[] = {"nội dung", "nội dung giao", "nội dung được giao", "nội dung trên",
	"nội dung này", "nhiệm vụ", "nhiệm vụ giao", "nhiệm vụ được giao", "vụ việc",
	"việc", "vấn đề", "văn bản", NULL};
LIST returns[] = {"trả lại", "hoàn trả", "gửi trả", "hoàn lại", "giao trả",
	"chuyển hoàn", "trả", NULL};
LIST passes_on[] = {"chuyển", "chuyển tiếp", "điều chuyển", "luân chuyển", NULL};
LIST sends[] = {"gửi", "chuyển", "giao", "phân", "phân công", "phát hành", NULL};
LIST address[] = {"địa chỉ", "nơi nhận", "đơn vị", "cơ quan", "đối tượng", "chức năng",
	"thẩm quyền", NULL};
LIST gives[] = {"giao", "giao cho", "phân công", "phân công cho", "chỉ định",
	"giao nhiệm vụ cho", "giao việc cho", "chuyển", "chuyển cho", "chuyển sang",
	NULL};
LIST gives_to[] = {"giao", "giao cho", "chuyển", "chuyển cho", "chuyển đến", NULL};
LIST somebody_else[] = {"đơn vị khác", "cơ quan khác", "sở khác", "ngành khác",
	"cơ quan có thẩm quyền", "đơn vị có thẩm quyền", NULL};
LIST takes_back[] = {"giao lại", "phân công lại", "điều chuyển", "thôi giao", "rút",
	"thu hồi", "bãi bỏ", "hủy", "hủy bỏ", "chuyển", NULL};

LIST advice[] = {"ý kiến", "hướng dẫn", "chỉ đạo", "chủ trương", "quan điểm",
	"tham vấn", "tư vấn", "định hướng", "góp ý", "sự chỉ đạo", "sự hướng dẫn",
	"tham gia ý kiến", "có ý kiến", "giải đáp", NULL};
LIST advises[] = {"hướng dẫn", "chỉ đạo", "cho ý kiến", "có ý kiến", "biết ý kiến",
	"ý kiến chỉ đạo", "tham gia ý kiến", "góp ý", "cho chủ trương", "có chủ trương",
	"giải đáp", "giải thích", "làm rõ", "tháo gỡ", "gỡ vướng", "định hướng",
	"tư vấn", "cho biết", "có quan điểm", "thống nhất chủ trương", "xác định rõ",
	"chỉ rõ", "nêu rõ", NULL};
LIST resolves[] = {"giải quyết", "trả lời", "xử lý", "gỡ", NULL};
LIST trouble[] = {"vướng mắc", "khó khăn", "khó khăn, vướng mắc", "một số vướng mắc",
	"một số khó khăn", "một số khó khăn, vướng mắc", NULL};
LIST consults[] = {"lấy", "tham vấn", "tham khảo", "hỏi", NULL};
LIST supplies[] = {"cung cấp", "cung cấp thêm", "cung cấp bổ sung", "bổ sung",
	"bổ sung thêm", "gửi", "gửi bổ sung", "gửi thêm", NULL};
LIST material[] = {
	"thông tin", "văn bản", "hồ sơ", "tài liệu", "số liệu", "dữ liệu", NULL};

LIST report[] = {"báo cáo", "bc", "b/c", "cập nhật", "thông báo", "tình hình", NULL};
LIST on[] = {"", "nhanh", "tình hình", "về", "và", ",", "sơ lược", "tóm tắt",
	"đánh giá", NULL};
LIST progress[] = {"tiến độ", "tiến trình", NULL};
LIST work[] = {"thực hiện", "triển khai", "xử lý", "giải quyết", "nhiệm vụ", NULL};
LIST outcome[] = {"kết quả", "báo cáo", "tình hình", "số liệu", "đánh giá", NULL};
LIST counted[] = {"báo cáo", "kết quả", "báo cáo kết quả", "số liệu", NULL};
LIST preliminary[] = {"bước đầu", "ban đầu", "sơ bộ", "tạm thời", "tạm tính",
	"một phần", "giữa kỳ", NULL};
LIST stage[] = {"đợt", "lần", "bước", "giai đoạn", "kỳ", NULL};
LIST one[] = {"1", "01", "i", "một", "đầu", "đầu tiên", "thứ nhất", "thứ 1", NULL};
LIST is_at[] = {"đang", "đang được", "đang tiếp tục", "đang khẩn trương",
	"đang tích cực", "đang tập trung", "đang chủ động", "đang trong", NULL};
LIST doing[] = {"thực hiện", "triển khai", "tổng hợp", "rà soát", "xử lý", "giải quyết",
	"xây dựng", "hoàn thiện", "tham mưu", "nghiên cứu", "phối hợp", "tiến hành",
	"soạn thảo", "chuẩn bị", "chờ", "thu thập", "chỉ đạo", "khảo sát", "thống kê",
	"đối chiếu", "cập nhật", "trình", "xin ý kiến", "lấy ý kiến", "đôn đốc",
	"dự thảo", "xác minh", "thẩm định", "kiểm tra", "quá trình", NULL};
LIST not_yet[] = {"chưa", "chưa được", "chưa thể", NULL};
LIST done[] = {"hoàn thành", "hoàn tất", "hoàn thiện", "có kết quả", "thực hiện",
	"triển khai", "giải quyết", "xử lý", "xong", "kết thúc", "nhận được", NULL};
LIST receives[] = {"tiếp nhận", "đã tiếp nhận", "đã nhận", "đã nhận được",
	"xác nhận đã nhận", "xác nhận đã nhận được", "xác nhận đã tiếp nhận", NULL};

const struct reply_phrase reply_phrases[] = {
	{REPLY_KIND_EXTENSION, SAYS_EXTENDS, {W("gia hạn", "ra hạn")}},
	{REPLY_KIND_EXTENSION, SAYS_MOVES_TIME, {moves}},
	{REPLY_KIND_EXTENSION, SAYS_PLAIN, {ask, let, lets_wait}},
	{REPLY_KIND_EXTENSION, SAYS_PLAIN,
		{W("xin", "đề nghị"), W("điều chỉnh thời hạn", "kéo dài thời hạn")}},
	{REPLY_KIND_EXTENSION, SAYS_PLAIN, {puts_off, reply_delivers}},
	{REPLY_KIND_EXTENSION, SAYS_PLAIN,
		{W("xin"), W("", "cho", "có", "một"), W("thời gian", "thời hạn")}},
	{REPLY_KIND_EXTENSION, SAYS_PLAIN,
		{W("xin", "cho", "có", "xin cho", "xin có"), W("thêm"),
			W("thời gian", "thời hạn", "hạn")}},
	{REPLY_KIND_EXTENSION, SAYS_LATE, {late}},
	{REPLY_KIND_EXTENSION, SAYS_REQUEST,
		{reply_delivers, handed_in,
			W("sau", "vào ngày", "vào tháng", "vào quý")}},
	{REPLY_KIND_EXTENSION, SAYS_DAYS, {days_more}},
	{REPLY_KIND_EXTENSION, SAYS_STATE,
		{W("chưa kịp", "không kịp"), reply_delivers}},
	{REPLY_KIND_EXTENSION, SAYS_STATE,
		{W("không kịp"), W("thời hạn", "tiến độ", "thời gian", "hạn")}},
	{REPLY_KIND_EXTENSION, SAYS_NOT_IN_TIME, {cannot, reply_delivers}},
	{REPLY_KIND_EXTENSION, SAYS_STATE,
		{W("không bảo đảm", "không đảm bảo", "không đáp ứng"),
			W("thời hạn", "tiến độ", "thời gian")}},

	{REPLY_KIND_HAND_BACK, SAYS_NOT_OURS, {is_not, duty}},
	{REPLY_KIND_HAND_BACK, SAYS_NOT_OURS, {beyond, power}},
	{REPLY_KIND_HAND_BACK, SAYS_NOT_OURS,
		{W("ngoài", "nằm ngoài", "vượt"),
			W("phạm vi quản lý", "phạm vi chức năng", "phạm vi thẩm quyền",
				"trách nhiệm", "nhiệm vụ")}},
	{REPLY_KIND_HAND_BACK, SAYS_NOT_OURS,
		{W("không được giao", "không được phân công", "chưa được giao"),
			W("quản lý", "chủ trì", "phụ trách", "theo dõi", "tham mưu",
				"nhiệm vụ", "lĩnh vực")}},
	{REPLY_KIND_HAND_BACK, SAYS_NOT_OURS,
		{W("không phải", "không phải là"), office,
			W("chủ trì", "có thẩm quyền", "chủ quản", "quản lý",
				"được giao", "đầu mối", "phụ trách")}},
	{REPLY_KIND_HAND_BACK, SAYS_PLAIN, {W("không phải của"), office}},
	{REPLY_KIND_HAND_BACK, SAYS_AT_HEAD, {item, W("thuộc"), duty}},
	{REPLY_KIND_HAND_BACK, SAYS_HANDS_ON, {W("chuyển trả", "chuyển lại")}},
	{REPLY_KIND_HAND_BACK, SAYS_PLAIN, {returns, given}},
	{REPLY_KIND_HAND_BACK, SAYS_PLAIN,
		{W("trả lại", "hoàn trả", "gửi trả"), W("hồ sơ")}},
	{REPLY_KIND_HAND_BACK, SAYS_PLAIN,
		{W("từ chối", "xin không", "đề nghị không", "xin miễn", "xin thôi",
			 "xin rút", "xin rút khỏi"),
			W("tiếp nhận", "nhận nhiệm vụ", "nhận văn bản", "nhiệm vụ",
				"thực hiện", "chủ trì", "tham mưu")}},
	{REPLY_KIND_HAND_BACK, SAYS_PLAIN,
		{W("không tiếp nhận", "không nhận"), letters}},
	{REPLY_KIND_HAND_BACK, SAYS_PLAIN, {sends, W("nhầm", "sai")}},
	{REPLY_KIND_HAND_BACK, SAYS_PLAIN,
		{sends, W("không đúng", "chưa đúng"), address}},
	{REPLY_KIND_HAND_BACK, SAYS_PLAIN, {sends, W("nhiệm vụ không đúng"), address}},
	{REPLY_KIND_HAND_BACK, SAYS_GIVES_ON, {gives}},
	{REPLY_KIND_HAND_BACK, SAYS_LEADS, {W("chủ trì")}},
	{REPLY_KIND_HAND_BACK, SAYS_PLAIN, {changes, lead}},
	{REPLY_KIND_HAND_BACK, SAYS_PLAIN, {passes_on, letters}},
	{REPLY_KIND_HAND_BACK, SAYS_ELSEWHERE, {passes_on, goods}},
	{REPLY_KIND_HAND_BACK, SAYS_PLAIN, {gives_to, somebody_else}},
	{REPLY_KIND_HAND_BACK, SAYS_REQUEST, {takes_back, given}},
	{REPLY_KIND_HAND_BACK, SAYS_REQUEST, {W("giao lại cho")}},
	{REPLY_KIND_HAND_BACK, SAYS_REQUEST, {W("đúng", "theo đúng"), power}},
	{REPLY_KIND_HAND_BACK, SAYS_PLAIN,
		{W("đề nghị"),
			W("giao lại", "phân công lại", "không giao", "thôi giao")}},
	{REPLY_KIND_HAND_BACK, SAYS_PLAIN,
		{W("xem xét lại"), W("", "việc"), W("giao", "phân công", "nhiệm vụ")}},
	{REPLY_KIND_HAND_BACK, SAYS_HANDS_ON, {W("xin", "đề nghị"), let, W("chuyển")}},

	{REPLY_KIND_GUIDANCE, SAYS_PLAIN, {W("xin", "thỉnh thị"), let, advice}},
	{REPLY_KIND_GUIDANCE, SAYS_AT_HEAD, {consults, W("ý kiến", "quan điểm")}},
	{REPLY_KIND_GUIDANCE, SAYS_REQUEST, {advises}},
	{REPLY_KIND_GUIDANCE, SAYS_REQUEST, {resolves, W("", "các", "những"), trouble}},
	{REPLY_KIND_GUIDANCE, SAYS_REQUEST, {supplies, W("", "các", "thêm"), material}},
	{REPLY_KIND_GUIDANCE, SAYS_AT_HEAD,
		{trouble, W("trong", "khi", "về", "liên quan", "thực hiện")}},

	{REPLY_KIND_INTERIM, SAYS_PLAIN, {report, on, progress}},
	{REPLY_KIND_INTERIM, SAYS_PLAIN, {progress, work}},
	{REPLY_KIND_INTERIM, SAYS_AT_HEAD, {progress}},
	{REPLY_KIND_INTERIM, SAYS_PLAIN, {outcome, preliminary}},
	{REPLY_KIND_INTERIM, SAYS_PLAIN,
		{W("báo cáo"), W("nhanh", "đánh giá", "tóm tắt", "về"), preliminary}},
	{REPLY_KIND_INTERIM, SAYS_PLAIN, {preliminary, outcome}},
	{REPLY_KIND_INTERIM, SAYS_PLAIN, {W("bước đầu"), W("triển khai", "thực hiện")}},
	{REPLY_KIND_INTERIM, SAYS_PLAIN, {W("triển khai", "thực hiện"), W("bước đầu")}},
	{REPLY_KIND_INTERIM, SAYS_PLAIN, {W("hoàn thành một phần")}},
	{REPLY_KIND_INTERIM, SAYS_PLAIN, {counted, stage, one}},
	{REPLY_KIND_INTERIM, SAYS_PART, {preliminary}},
	{REPLY_KIND_INTERIM, SAYS_PART, {stage, one}},
	{REPLY_KIND_INTERIM, SAYS_STATE, {is_at, doing}},
	{REPLY_KIND_INTERIM, SAYS_STATE, {not_yet, done}},
	{REPLY_KIND_INTERIM, SAYS_STATE, {not_yet, reply_delivers}},
	{REPLY_KIND_INTERIM, SAYS_STATE,
		{W("chưa đủ", "chưa có đủ"),
			W("số liệu", "cơ sở", "căn cứ", "thông tin", "điều kiện")}},
	{REPLY_KIND_INTERIM, SAYS_STATE, {W("sẽ"), reply_delivers}},
	{REPLY_KIND_INTERIM, SAYS_AT_HEAD, {receives, letters}},
};
const size_t reply_phrases_n = sizeof(reply_phrases) / sizeof(reply_phrases[0]);

const struct reply_opener reply_openers[] = {
	{MATTER, E | H | G, "hồ sơ"},
	{MATTER, E | G, "thủ tục"},
	{MATTER, E | H | G | S, "trường hợp"},
	{MATTER, E | H | G, "đơn thư"},
	{MATTER, E | H | G, "đơn"},
	{YIELDS, E | G, "giải quyết"},
	{YIELDS, E | G, "xử lý"},
	{YIELDS, E | G, "xem xét"},
	{MATTER, E | G, "thẩm định"},
	{MATTER, E | G, "thẩm tra"},
	{MATTER, E | G | I | S, "kiểm tra"},
	{MATTER, E | G | I | S, "thanh tra"},
	{MATTER, E | G | I | S, "giám sát"},
	{MATTER, E | G | S, "rà soát"},
	{MATTER, E | H | G | S, "danh sách"},
	{MATTER, E | G | S, "danh mục"},
	{MATTER, E | G | S, "dự án"},
	{MATTER, E | G | S, "công trình"},
	{MATTER, E | H | G | S, "công ty"},
	{MATTER, E | H | G | S, "doanh nghiệp"},
	{MATTER, E | H | G | S, "cá nhân"},
	{MATTER, E | H | G | S, "công dân"},
	{MATTER, E | H | G | S, "người dân"},
	{MATTER, E | H | G | S, "hộ dân"},
	{MATTER, E | G | S, "cử tri"},
	{MATTER, E | G | S, "ông"},
	{MATTER, E | G | S, "bà"},
	{MATTER, E | G, "phản ánh"},
	{MATTER, E | G, "tổ chức"},
	{MATTER, E | G, "quy trình"},
	{MATTER, E | G | H, "quy định"},
	{MATTER, E | G, "tổng hợp"},
	{MATTER, E | H | G | S, "kết quả"},
	{MATTER, E | H | G | S, "tình hình"},
	{MATTER, E | G, "công tác"},
	{YIELDS, E | G, "hướng dẫn"},
	{ANSWERS | YIELDS, E | G | I, "trả lời"},
	{ANSWERS, E | G | I, "phúc đáp"},
	{ANSWERS, E | G | I, "phản hồi"},
	{ANSWERS, E | G | I, "hồi đáp"},
	{MATTER, E | G | H | I, "góp ý"},
	{MATTER, E | G | H | I, "tham gia ý kiến"},
	{YIELDS, E | G | H | I, "cho ý kiến"},
	{YIELDS, E | G | H, "đồng ý"},
	{YIELDS, E | G | H, "chấp thuận"},
	{YIELDS, E | G | H, "cho phép"},
	{YIELDS, E | G | H, "thống nhất"},
	{YIELDS, E, "quyết định"},
	{YIELDS, E, "thông báo"},
	{MATTER, I, "đẩy nhanh"},
	{MATTER, I, "điều chỉnh"},
	{MATTER, I, "giãn"},
	{MATTER, I, "bảo đảm"},
	{MATTER, I, "đảm bảo"},
	{MATTER, I, "đúng"},
	{MATTER, I, "chậm"},
	{MATTER, I, "tăng"},
	{MATTER, I, "đôn đốc"},
	{MATTER, I, "giải pháp"},
	{MATTER, I, "kiểm soát"},
	{MATTER, E | H, "xin ý kiến"},
	{MATTER, E | H, "xin hướng dẫn"},
	{MATTER, E | H, "xin chủ trương"},
	{YIELDS, E | G | H | I, "ý kiến về"},
	{YIELDS, E | G | H | I, "ý kiến đối với"},
	{MATTER, E | G | H, "các kiến nghị"},
	{MATTER, E | G | H, "những kiến nghị"},
	{MATTER, E | G | H, "các đề nghị"},
	{MATTER, E | G | H, "báo cáo công tác"},
	{MATTER, E | G | H, "báo cáo việc xử lý"},
	{MATTER, E | G | H, "báo cáo việc giải quyết"},
	{MATTER, E | G | H | I | S | P, "thay báo cáo"},
	{MATTER, E | G | H | I | S | P, "thay công văn"},
	{MATTER, E | G | H | I | S | P, "thay thế"},
	{MATTER, E | G | H | I | S | P, "thay cho"},
	{MATTER, P, "kỳ họp"},
	{MATTER, P, "phiên họp"},
	{MATTER, P, "hội nghị"},
	{MATTER, P, "đại hội"},
	{MATTER, P, "hội thi"},
	{MATTER, P, "hội thao"},
	{MATTER, P, "hội thảo"},
	{MATTER, P, "liên hoan"},
	{MATTER, P, "diễn đàn"},
	{MATTER, P, "lễ hội"},
	{MATTER, P, "kỳ thi"},
	{MATTER, P, "tín nhiệm"},
	{MATTER, P, "bầu cử"},
	{MATTER, S, "cán bộ"},
	{MATTER, S, "công chức"},
	{MATTER, S, "viên chức"},
	{MATTER, S, "học sinh"},
	{MATTER, S, "trẻ em"},
	{MATTER, S, "người"},
	{MATTER, S, "bệnh nhân"},
	{MATTER, S, "đối tượng"},
	{MATTER, P, "tuyển dụng"},
	{MATTER, P, "tuyển sinh"},
	{MATTER, P, "tiêm"},
	{MATTER, P, "vắc xin"},
	{MATTER, P, "vốn"},
	{MATTER, P, "kinh phí"},
	{MATTER, P, "dự án"},
	{MATTER, P, "chương trình"},
	{MATTER, P, "góp ý"},
	{MATTER, S, "các"},
	{MATTER, S, "những"},
};
const size_t reply_openers_n = sizeof(reply_openers) / sizeof(reply_openers[0]);
