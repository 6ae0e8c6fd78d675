#include "gateway/rules/reply_kind.h"

#include <string.h>

#include "gateway/rules/citation_code.h"
#include "gateway/rules/words.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* What beside its words a phrase needs to count. */
enum need {
	PLAIN,   /* nothing */
	EXTENDS, /* "gia hạn": a request before it, or a time to extend behind it */
	MOVES_TIME, /* "điều chỉnh": a time behind it that is the task's own */
	HANDS_ON, /* "đề nghị chuyển": a document or a duty, not land or money */
	AT_HEAD,  /* only as the first words the sender says */
	STATE, /* "đang thực hiện": said of the task, not of the projects looked at */
	REQUEST, /* "hướng dẫn": somebody is asked for it right before */
};

/* Whom an opener of a matter silences: bits of enum reply_kind, and one for STATE. */
enum {
	E = 1 << REPLY_KIND_EXTENSION,
	H = 1 << REPLY_KIND_HAND_BACK,
	G = 1 << REPLY_KIND_GUIDANCE,
	I = 1 << REPLY_KIND_INTERIM,
	S = 1 << 7,
};

/* What senders say; of several the kind that stands first here counts. */
static const struct phrase {
	enum reply_kind kind;
	enum need need;
	const char *words;
} phrases[] = {
	{REPLY_KIND_EXTENSION, EXTENDS, "gia hạn"},
	{REPLY_KIND_EXTENSION, MOVES_TIME, "lùi"},
	{REPLY_KIND_EXTENSION, PLAIN, "xin lùi"},
	{REPLY_KIND_EXTENSION, PLAIN, "đề nghị lùi"},
	{REPLY_KIND_EXTENSION, MOVES_TIME, "kéo dài"},
	{REPLY_KIND_EXTENSION, MOVES_TIME, "điều chỉnh"},
	{REPLY_KIND_EXTENSION, MOVES_TIME, "thay đổi"},
	{REPLY_KIND_EXTENSION, MOVES_TIME, "dời"},
	{REPLY_KIND_EXTENSION, MOVES_TIME, "giãn"},
	{REPLY_KIND_EXTENSION, MOVES_TIME, "hoãn"},
	{REPLY_KIND_EXTENSION, PLAIN, "xin hoãn"},
	{REPLY_KIND_EXTENSION, PLAIN, "xin thêm thời gian"},
	{REPLY_KIND_EXTENSION, PLAIN, "cho thêm thời gian"},
	{REPLY_KIND_EXTENSION, PLAIN, "bổ sung thêm thời gian"},
	{REPLY_KIND_EXTENSION, PLAIN, "bổ sung thời gian"},
	{REPLY_KIND_EXTENSION, PLAIN, "thêm thời hạn"},
	{REPLY_KIND_EXTENSION, PLAIN, "xin chậm"},
	{REPLY_KIND_EXTENSION, PLAIN, "xin báo cáo chậm"},
	{REPLY_KIND_EXTENSION, PLAIN, "xin báo cáo sau"},
	{REPLY_KIND_EXTENSION, PLAIN, "xin nộp chậm"},
	{REPLY_KIND_EXTENSION, PLAIN, "xin nộp sau"},
	{REPLY_KIND_EXTENSION, PLAIN, "xin gửi sau"},
	{REPLY_KIND_EXTENSION, PLAIN, "xin gửi chậm"},
	{REPLY_KIND_EXTENSION, PLAIN, "không thể hoàn thành đúng"},
	{REPLY_KIND_EXTENSION, PLAIN, "không kịp thời hạn"},
	{REPLY_KIND_EXTENSION, PLAIN, "chưa thể hoàn thành đúng"},
	{REPLY_KIND_HAND_BACK, PLAIN, "không thuộc thẩm quyền"},
	{REPLY_KIND_HAND_BACK, PLAIN, "không thuộc chức năng"},
	{REPLY_KIND_HAND_BACK, PLAIN, "không thuộc phạm vi"},
	{REPLY_KIND_HAND_BACK, PLAIN, "không thuộc trách nhiệm"},
	{REPLY_KIND_HAND_BACK, PLAIN, "không thuộc nhiệm vụ"},
	{REPLY_KIND_HAND_BACK, PLAIN, "không thuộc lĩnh vực"},
	{REPLY_KIND_HAND_BACK, PLAIN, "không thuộc địa bàn"},
	{REPLY_KIND_HAND_BACK, PLAIN, "không đúng thẩm quyền"},
	{REPLY_KIND_HAND_BACK, PLAIN, "không đúng chức năng"},
	{REPLY_KIND_HAND_BACK, PLAIN, "không phải nhiệm vụ"},
	{REPLY_KIND_HAND_BACK, PLAIN, "không có thẩm quyền"},
	{REPLY_KIND_HAND_BACK, PLAIN, "ngoài thẩm quyền"},
	{REPLY_KIND_HAND_BACK, PLAIN, "vượt thẩm quyền"},
	{REPLY_KIND_HAND_BACK, PLAIN, "vượt quá thẩm quyền"},
	{REPLY_KIND_HAND_BACK, HANDS_ON, "chuyển trả"},
	{REPLY_KIND_HAND_BACK, HANDS_ON, "chuyển lại"},
	{REPLY_KIND_HAND_BACK, PLAIN, "trả lại văn bản"},
	{REPLY_KIND_HAND_BACK, PLAIN, "trả lại công văn"},
	{REPLY_KIND_HAND_BACK, PLAIN, "trả lại nhiệm vụ"},
	{REPLY_KIND_HAND_BACK, PLAIN, "hoàn trả văn bản"},
	{REPLY_KIND_HAND_BACK, PLAIN, "hoàn trả nhiệm vụ"},
	{REPLY_KIND_HAND_BACK, PLAIN, "từ chối tiếp nhận"},
	{REPLY_KIND_HAND_BACK, PLAIN, "chuyển nhầm"},
	{REPLY_KIND_HAND_BACK, PLAIN, "gửi nhầm"},
	{REPLY_KIND_HAND_BACK, PLAIN, "giao nhầm"},
	{REPLY_KIND_HAND_BACK, PLAIN, "đề nghị giao lại"},
	{REPLY_KIND_HAND_BACK, PLAIN, "đề nghị phân công lại"},
	{REPLY_KIND_HAND_BACK, PLAIN, "đề nghị không giao"},
	{REPLY_KIND_HAND_BACK, PLAIN, "xem xét lại việc giao"},
	{REPLY_KIND_HAND_BACK, PLAIN, "giao đơn vị khác"},
	{REPLY_KIND_HAND_BACK, PLAIN, "giao cơ quan khác"},
	{REPLY_KIND_HAND_BACK, PLAIN, "giao cho đơn vị khác"},
	{REPLY_KIND_HAND_BACK, PLAIN, "giao cho cơ quan khác"},
	{REPLY_KIND_HAND_BACK, HANDS_ON, "đề nghị chuyển"},
	{REPLY_KIND_HAND_BACK, HANDS_ON, "đề nghị được chuyển"},
	{REPLY_KIND_HAND_BACK, HANDS_ON, "đề nghị cho chuyển"},
	{REPLY_KIND_HAND_BACK, HANDS_ON, "xin chuyển"},
	{REPLY_KIND_HAND_BACK, PLAIN, "chuyển cơ quan có thẩm quyền"},
	{REPLY_KIND_HAND_BACK, PLAIN, "chuyển đến cơ quan có thẩm quyền"},
	{REPLY_KIND_HAND_BACK, PLAIN, "chuyển nhiệm vụ"},
	{REPLY_KIND_GUIDANCE, PLAIN, "xin ý kiến"},
	{REPLY_KIND_GUIDANCE, PLAIN, "xin được hướng dẫn"},
	{REPLY_KIND_GUIDANCE, PLAIN, "xin hướng dẫn"},
	{REPLY_KIND_GUIDANCE, PLAIN, "xin chỉ đạo"},
	{REPLY_KIND_GUIDANCE, PLAIN, "xin chủ trương"},
	{REPLY_KIND_GUIDANCE, PLAIN, "xin cho chủ trương"},
	{REPLY_KIND_GUIDANCE, PLAIN, "xin quan điểm"},
	{REPLY_KIND_GUIDANCE, REQUEST, "hướng dẫn"},
	{REPLY_KIND_GUIDANCE, REQUEST, "cho ý kiến"},
	{REPLY_KIND_GUIDANCE, REQUEST, "có ý kiến"},
	{REPLY_KIND_GUIDANCE, REQUEST, "tham gia ý kiến"},
	{REPLY_KIND_GUIDANCE, REQUEST, "góp ý"},
	{REPLY_KIND_GUIDANCE, REQUEST, "cho chủ trương"},
	{REPLY_KIND_GUIDANCE, REQUEST, "giải đáp"},
	{REPLY_KIND_GUIDANCE, REQUEST, "giải thích"},
	{REPLY_KIND_GUIDANCE, REQUEST, "làm rõ"},
	{REPLY_KIND_GUIDANCE, REQUEST, "tháo gỡ"},
	{REPLY_KIND_GUIDANCE, AT_HEAD, "lấy ý kiến"},
	{REPLY_KIND_INTERIM, PLAIN, "báo cáo tiến độ"},
	{REPLY_KIND_INTERIM, PLAIN, "tiến độ thực hiện"},
	{REPLY_KIND_INTERIM, PLAIN, "tiến độ triển khai"},
	{REPLY_KIND_INTERIM, PLAIN, "tiến độ xử lý"},
	{REPLY_KIND_INTERIM, PLAIN, "tiến độ giải quyết"},
	{REPLY_KIND_INTERIM, PLAIN, "tiến độ nhiệm vụ"},
	{REPLY_KIND_INTERIM, PLAIN, "cập nhật tiến độ"},
	{REPLY_KIND_INTERIM, PLAIN, "tình hình và tiến độ"},
	{REPLY_KIND_INTERIM, AT_HEAD, "tiến độ"},
	{REPLY_KIND_INTERIM, PLAIN, "kết quả bước đầu"},
	{REPLY_KIND_INTERIM, PLAIN, "kết quả ban đầu"},
	{REPLY_KIND_INTERIM, PLAIN, "kết quả tạm thời"},
	{REPLY_KIND_INTERIM, PLAIN, "kết quả sơ bộ"},
	{REPLY_KIND_INTERIM, PLAIN, "sơ bộ kết quả"},
	{REPLY_KIND_INTERIM, PLAIN, "sơ bộ tình hình"},
	{REPLY_KIND_INTERIM, PLAIN, "bước đầu kết quả"},
	{REPLY_KIND_INTERIM, PLAIN, "bước đầu triển khai"},
	{REPLY_KIND_INTERIM, PLAIN, "bước đầu thực hiện"},
	{REPLY_KIND_INTERIM, PLAIN, "đánh giá sơ bộ"},
	{REPLY_KIND_INTERIM, PLAIN, "đánh giá bước đầu"},
	{REPLY_KIND_INTERIM, PLAIN, "báo cáo bước đầu"},
	{REPLY_KIND_INTERIM, PLAIN, "báo cáo ban đầu"},
	{REPLY_KIND_INTERIM, PLAIN, "báo cáo sơ bộ"},
	{REPLY_KIND_INTERIM, PLAIN, "báo cáo tạm thời"},
	{REPLY_KIND_INTERIM, PLAIN, "báo cáo giữa kỳ"},
	{REPLY_KIND_INTERIM, PLAIN, "báo cáo lần 1"},
	{REPLY_KIND_INTERIM, PLAIN, "báo cáo lần thứ nhất"},
	{REPLY_KIND_INTERIM, PLAIN, "báo cáo lần đầu"},
	{REPLY_KIND_INTERIM, STATE, "đang triển khai"},
	{REPLY_KIND_INTERIM, STATE, "đang thực hiện"},
	{REPLY_KIND_INTERIM, STATE, "đang tổng hợp"},
	{REPLY_KIND_INTERIM, STATE, "đang rà soát"},
	{REPLY_KIND_INTERIM, STATE, "đang xử lý"},
	{REPLY_KIND_INTERIM, STATE, "đang giải quyết"},
	{REPLY_KIND_INTERIM, STATE, "đang xây dựng"},
	{REPLY_KIND_INTERIM, STATE, "đang hoàn thiện"},
	{REPLY_KIND_INTERIM, STATE, "chưa hoàn thành"},
	{REPLY_KIND_INTERIM, STATE, "chưa có kết quả"},
	{REPLY_KIND_INTERIM, STATE, "chưa thực hiện xong"},
};

enum {
	MATTER = 0,
	ANSWERS = 1, /* a letter, behind whose code the sender may speak */
	YIELDS = 2,  /* not after the sender's own request: "đề nghị xem xét" */
};

/* Words whose object is a matter: whoever asks behind them is not the sender. */
static const struct opener {
	unsigned how, silences;
	const char *words;
} openers[] = {
	{MATTER, E | H | G, "hồ sơ"},
	{MATTER, E | H | G, "thủ tục"},
	{MATTER, E | H | G | S, "trường hợp"},
	{MATTER, E | H | G, "đơn thư"},
	{MATTER, E | H | G, "đơn"},
	{YIELDS, E | H | G, "giải quyết"},
	{YIELDS, E | H | G, "xử lý"},
	{YIELDS, E | G, "xem xét"},
	{MATTER, E | H | G, "thẩm định"},
	{MATTER, E | H | G, "thẩm tra"},
	{MATTER, E | H | G | I | S, "kiểm tra"},
	{MATTER, E | H | G | I | S, "thanh tra"},
	{MATTER, E | H | G | I | S, "giám sát"},
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
	{YIELDS, E, "hướng dẫn"},
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
	{MATTER, E, "quyết định"},
	{MATTER, E, "thông báo"},
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
	{MATTER, S, "các"},
	{MATTER, S, "những"},
};

static const char *const requests[] = {
	"xin", "đề nghị", "kiến nghị", "đề xuất", "mong"};
static const char *const quotes[] = {"về việc", "v/v", "về"};
static const char *const papers[] = {"công văn", "cv", "văn bản", "tờ trình", "đơn",
	"phiếu chuyển", "công điện", "chỉ thị", "kế hoạch", "thông báo", "giấy mời"};
static const char *const follows[] = {"thực hiện", "theo", "triển khai"};
static const char *const times[] = {"thời gian", "thời hạn", "hạn", "thời điểm",
	"tiến độ", "ngày", "lịch", "mốc thời gian", "kỳ hạn"};

/* A time that is a project's or a licence's and not the task's. */
static const char *const foreign_times[] = {"sử dụng", "thuê", "giấy phép", "hợp đồng",
	"dự án", "thực hiện dự án", "thực hiện hợp đồng", "thực hiện các dự án",
	"thực hiện công trình", "thi công", "bố trí vốn", "bố trí", "giải ngân",
	"thực hiện và giải ngân", "đầu tư", "hoạt động", "nộp thuế", "nộp tiền",
	"bảo hành", "vay", "trả nợ", "lưu trú", "khai thác", "hiệu lực", "nghỉ",
	"tập sự", "tuyển sinh", "đào tạo", "công tác", "bổ nhiệm", "giữ chức", "học",
	"làm việc", "tiếp công dân", "đóng", "mở", "vận hành", "họp", "kiểm tra"};

/* What is handed on without handing back a task. */
static const char *const foreign_goods[] = {"đổi", "mục đích", "nhượng", "trường",
	"công tác", "giao công nghệ", "giao tài sản", "giao quyền", "kinh phí", "nguồn",
	"vốn", "tuyến", "biến", "khẩu", "ngạch", "hạng", "xếp", "hóa", "tiền", "số",
	"phát", "loại", "trại", "kết quả", "lương", "tài khoản", "mặt bằng",
	"sinh hoạt", "đất", "rừng", "hồ sơ cho người dân", "bệnh"};

/* What is in force before a word of the subject. */
struct place {
	size_t head;        /* where the sender's present words begin */
	unsigned silenced;  /* by openers since then */
	bool matter_before; /* an opener stood further left in the sentence */
	bool requested;     /* the sender asks for something */
	bool follows; /* "theo", "thực hiện": of a paper, if one is named next */
	bool answers; /* "trả lời": what is quoted may follow */
	bool cited, quoted, after_quote;
};

static size_t any_at(
	const struct words *w, size_t i, const char *const *list, size_t list_n)
{
	size_t longest = 0;

	for (size_t k = 0; k < list_n; k++) {
		size_t n = words_match(w, i, list[k]);

		longest = n > longest ? n : longest;
	}
	return longest;
}
#define ANY_AT(w, i, list) any_at(w, i, list, COUNT(list))

/* The sender speaks anew behind @i, of the same matter unless @afresh. */
static void speak_anew(struct place *p, size_t i, bool afresh)
{
	struct place next = {.head = i + 1};

	if (!afresh) {
		next.matter_before = p->matter_before || p->silenced;
		next.cited = p->cited;
		next.answers = p->answers;
		next.quoted = next.after_quote = p->quoted;
		next.requested = p->requested && !p->silenced;
	}
	*p = next;
}

/* The opener at @i takes what follows for its own, and gives way to a request. */
static void open_matter(struct place *p, const struct words *w, size_t i)
{
	for (size_t k = 0; k < COUNT(openers); k++) {
		const struct opener *o = &openers[k];

		if (((o->how & YIELDS) && p->requested) || !words_match(w, i, o->words))
			continue;
		p->silenced |= o->silences;
		p->answers |= (o->how & ANSWERS) != 0;
		p->cited |= p->answers;
	}
}

/* Take the word at @i in; returns how many words that were. */
static size_t step(struct place *p, const struct words *w, size_t i)
{
	struct citation_code code;
	size_t n;

	if (words_end_sentence(w, i) || words_sign_of(w, i, ";()") ||
		(words_sign(w, i, '-') && w->at[i].spaced && w->at[i + 1].spaced)) {
		speak_anew(p, i, true);
	} else if (words_sign_of(w, i, ",:") ||
		   (!p->quoted && words_match(w, i, "và"))) {
		speak_anew(p, i, false);
	} else if (w->at[i].kind == WORD_DIGITS &&
		   citation_code_at(w, i, true, &code)) {
		p->cited = true;
		if (p->answers) { /* "Trả lời Công văn số 5/UBND báo cáo tiến độ" */
			p->silenced &= ~(unsigned)(I | E);
			p->matter_before = true;
		}
		return code.to - i;
	} else if ((n = ANY_AT(w, i, quotes))) {
		p->quoted |= p->cited;
		if (!p->cited && p->head + n >= i)
			p->head = i + n;
		return n;
	} else if (ANY_AT(w, i, requests)) {
		p->requested |= !p->silenced && !words_match_before(w, i, "không");
	} else {
		p->follows |= ANY_AT(w, i, follows) > 0;
		p->cited |= p->follows && ANY_AT(w, i, papers);
		open_matter(p, w, i);
	}
	return 1;
}

/* "thời hạn báo cáo" behind the word @i: 1 the task's, -1 another's, 0 no time. */
static int time_behind(const struct words *w, size_t i)
{
	size_t n;

	while (words_match(w, i, "thêm") || words_match(w, i, "về") ||
		words_match(w, i, "lại"))
		i++;
	if (!(n = ANY_AT(w, i, times)))
		return 0;
	return ANY_AT(w, i + n, foreign_times) ? -1 : 1;
}

/* "Sở Y tế xin …": who speaks at the head of words is the sender. */
static bool names_sender(const struct words *w, size_t from, size_t to)
{
	static const char *const organs[] = {"sở", "ubnd", "ủy ban", "văn phòng", "ban",
		"chi cục", "phòng", "trung tâm", "đơn vị", "cơ quan", "thanh tra",
		"công an", "hđnd", "bộ", "cục"};

	return to > from && to - from <= 10 && ANY_AT(w, from, organs);
}

/* Is somebody asked right before @i: "đề nghị UBND tỉnh hướng dẫn"? */
static bool is_requested(const struct words *w, const struct place *p, size_t i)
{
	size_t low = i > p->head + 7 ? i - 7 : p->head;

	for (size_t at = i; at-- > low;)
		if (ANY_AT(w, at, requests))
			return true;
	return false;
}

/* ", xin gia hạn thời gian" behind a quoted subject is the sender's; without saying
 * whose time, or who asks, it may be that subject's. */
static bool speaks_after_quote(
	const struct words *w, const struct place *p, const struct phrase *f, size_t i)
{
	size_t from = p->head;

	if (names_sender(w, from, i) || words_match(w, from, "xin"))
		return true;
	if (f->kind == REPLY_KIND_EXTENSION)
		return p->requested && time_behind(w, i + 2) > 0;
	return false;
}

static bool needs_are_met(
	const struct words *w, const struct place *p, const struct phrase *f, size_t i)
{
	size_t end = i + words_match(w, i, f->words);
	int time = time_behind(w, end);

	switch (f->need) {
	case PLAIN:
	case STATE:
		return true;
	case EXTENDS:
		return time > 0 || (p->requested && !p->matter_before);
	case MOVES_TIME:
		return time > 0;
	case HANDS_ON:
		return !ANY_AT(w, end, foreign_goods);
	case AT_HEAD:
		return i == p->head;
	case REQUEST:
		return is_requested(w, p, i);
	}
	return false;
}

static bool is_own(
	const struct words *w, const struct place *p, const struct phrase *f, size_t i)
{
	unsigned bit = f->need == STATE ? S | I : 1u << f->kind;

	if ((p->silenced & bit) || words_match_before(w, i, "không") ||
		words_match_before(w, i, "đã") ||
		(words_match_before(w, i, "chưa") && f->kind != REPLY_KIND_INTERIM))
		return false;
	if (p->quoted && !(p->after_quote && speaks_after_quote(w, p, f, i)))
		return false;
	return needs_are_met(w, p, f, i);
}

/* The words by their first letter: most phrases have nowhere to begin. */
struct beginnings {
	size_t first['z' + 1]; /* a word's place and one; 0: no word */
	size_t *next;
};

static void note_beginnings(
	struct arena *arena, const struct words *w, struct beginnings *ret_by)
{
	*ret_by = (struct beginnings){
		.next = arena_alloc(arena, (w->n + 1) * sizeof(size_t))};
	for (size_t i = w->n; i-- > 0;) {
		size_t letter = (unsigned char)w->at[i].letters[0];

		if (w->at[i].kind != WORD_LETTERS)
			continue;
		ret_by->next[i] = ret_by->first[letter];
		ret_by->first[letter] = i + 1;
	}
}

struct find {
	const struct phrase *phrase;
	size_t at;
};
struct finds {
	struct find *at;
	size_t n, cap;
};

/* Every place where one of the phrases stands, whoever says it. */
static void find_phrases(
	struct arena *arena, const struct words *w, struct finds *finds)
{
	struct beginnings by;

	note_beginnings(arena, w, &by);
	for (size_t k = 0; k < COUNT(phrases); k++) {
		unsigned char c = (unsigned char)phrases[k].words[0];
		size_t i =
			by.first[c < 0x80 ? c : 'd']; /* only đ is more than a byte */

		for (; i; i = by.next[i - 1])
			if (words_match(w, i - 1, phrases[k].words))
				*LIST_ADD(arena, finds) =
					(struct find){&phrases[k], i - 1};
	}
}

enum reply_kind reply_kind_of(
	struct arena *arena, enum reply_kind said, const char *subject)
{
	const struct phrase *best = NULL;
	struct finds finds = {0};

	if (said != REPLY_KIND_UNKNOWN)
		return said;
	struct words w = words_split(arena, subject);

	find_phrases(arena, &w, &finds);
	if (!finds.n)
		return REPLY_KIND_FINAL;
	struct place place = {0};

	for (size_t i = 0, n; i < w.n; i += n) {
		for (size_t k = 0; k < finds.n; k++)
			if (finds.at[k].at == i &&
				(!best || finds.at[k].phrase < best) &&
				is_own(&w, &place, finds.at[k].phrase, i))
				best = finds.at[k].phrase;
		n = step(&place, &w, i);
	}
	return best ? best->kind : REPLY_KIND_FINAL;
}

/* --- what an assignment asks for --- */

static bool asks_before(const struct words *w, size_t i)
{
	static const char *const verbs[] = {
		"báo cáo", "cập nhật", "cung cấp", "gửi", "thông tin", "báo"};
	static const char *const other[] = {"đẩy nhanh", "bảo đảm", "đảm bảo", "đúng",
		"chậm", "tăng", "kiểm soát", "đôn đốc", "giám sát", "thúc đẩy",
		"kết quả"};

	for (size_t at = i, low = i > 10 ? i - 10 : 0; at-- > low;) {
		if (words_end_sentence(w, at) || words_sign(w, at, ';') ||
			ANY_AT(w, at, other))
			return false;
		if (ANY_AT(w, at, verbs))
			return true;
	}
	return false;
}

bool reply_kind_asks_progress(struct arena *arena, const char *text)
{
	static const char *const plainly[] = {"báo cáo tiến độ", "cập nhật tiến độ",
		"kết quả bước đầu", "kết quả ban đầu", "kết quả sơ bộ", "sơ bộ kết quả",
		"báo cáo sơ bộ", "báo cáo bước đầu", "báo cáo ban đầu",
		"báo cáo giữa kỳ", "báo cáo nhanh tiến độ", "sơ bộ tình hình"};
	struct words w = words_split(arena, text);

	for (size_t i = 0; i < w.n; i++) {
		if (w.at[i].kind != WORD_LETTERS)
			continue;
		if (ANY_AT(&w, i, plainly) ||
			(words_match(&w, i, "tiến độ") && asks_before(&w, i)))
			return true;
	}
	return false;
}
