#include "gateway/rules/reply_kind.h"

#include <string.h>

#include "gateway/rules/citation_code.h"
#include "gateway/rules/reply_phrases.h"
#include "gateway/rules/words.h"
#include "gateway/rules/written.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

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
	"làm việc", "tiếp công dân", "đóng", "mở", "vận hành", "họp", "kiểm tra",
	"tổ chức hội nghị", "tổ chức hội thảo", "tổ chức lễ", "tổ chức cuộc họp",
	"tổ chức kỳ họp", "tổ chức đại hội", "tổ chức thi", "tổ chức kỳ thi",
	"tổ chức lớp", "tổ chức tập huấn", "tổ chức đấu giá", "khai mạc", "khởi công"};

/* What is handed on without handing back a task. */
static const char *const foreign_goods[] = {"đổi", "mục đích", "nhượng", "trường",
	"công tác", "giao công nghệ", "giao tài sản", "giao quyền", "kinh phí", "nguồn",
	"vốn", "tuyến", "biến", "khẩu", "ngạch", "hạng", "xếp", "hóa", "tiền", "số",
	"phát", "loại", "trại", "kết quả", "lương", "tài khoản", "mặt bằng",
	"sinh hoạt", "đất", "rừng", "hồ sơ cho người dân", "bệnh"};

/* What is in force before a word of the subject. */
struct place {
	size_t head;            /* where the sender's present words begin */
	unsigned silenced;      /* by openers since then */
	unsigned matter_before; /* by openers further left in the sentence */
	bool requested;         /* the sender asks for something */
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
		next.matter_before = p->matter_before | p->silenced;
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
	for (size_t k = 0; k < reply_openers_n; k++) {
		const struct reply_opener *o = &reply_openers[k];

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
			p->matter_before = ~0u;
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

/* Does an organ's name fill the words from @from to @to: "Sở Y tế (xin …)"? */
static bool names_organ(const struct words *w, size_t from, size_t to)
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
static bool speaks_after_quote(const struct words *w, const struct place *p,
	const struct reply_phrase *f, size_t i)
{
	size_t from = p->head;

	if (names_organ(w, from, i) || words_match(w, from, "xin"))
		return true;
	if (f->kind == REPLY_KIND_EXTENSION)
		return p->requested && time_behind(w, i + 2) > 0;
	return false;
}

/* "10 ngày", "hai tuần" at @i. */
static bool counts_days(const struct words *w, size_t i)
{
	static const char *const units[] = {"ngày", "tuần", "tháng"};
	int number;
	size_t n = written_number_at(w, i, &number);

	return n && ANY_AT(w, i + n, units);
}

static bool needs_are_met(const struct words *w, const struct place *p,
	const struct reply_phrase *f, size_t i)
{
	size_t end = i + words_match(w, i, f->words);
	int time = time_behind(w, end);

	switch (f->need) {
	case SAYS_PLAIN:
	case SAYS_STATE:
		return true;
	case SAYS_EXTENDS:
		return time > 0 || (p->requested && !(p->matter_before & E));
	case SAYS_MOVES_TIME:
		return time > 0;
	case SAYS_HANDS_ON:
		return !ANY_AT(w, end, foreign_goods);
	case SAYS_OURSELVES:
		return true;
	case SAYS_AT_HEAD:
		return i == p->head;
	case SAYS_DAYS:
		return is_requested(w, p, i) && counts_days(w, end);
	case SAYS_GIVES_ON:
		return is_requested(w, p, i) && !(p->matter_before & H) &&
		       w->at[end].capitals && /* "giao ban" is a meeting */
		       names_organ(w, end, end + 1);
	case SAYS_REQUEST:
		return is_requested(w, p, i) && !words_match(w, end, "viên");
	}
	return false;
}

static bool is_own(const struct words *w, const struct place *p,
	const struct reply_phrase *f, size_t i)
{
	unsigned bit = f->need == SAYS_STATE ? S | I : 1u << f->kind;

	if ((f->need != SAYS_OURSELVES && (p->silenced & bit)) ||
		words_match_before(w, i, "không") || words_match_before(w, i, "đã") ||
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
	const struct reply_phrase *phrase;
	size_t at;
};
struct finds {
	struct find *at;
	size_t n, cap;
};

/* Every place where one of the phrases stands, whoever says it. */
static void find_phrases(
	struct arena *arena, const struct words *w, struct finds *finds, bool *found_at)
{
	struct beginnings by;

	note_beginnings(arena, w, &by);
	for (size_t k = 0; k < reply_phrases_n; k++) {
		unsigned char c = (unsigned char)reply_phrases[k].words[0];
		size_t i =
			by.first[c < 0x80 ? c : 'd']; /* only đ is more than a byte */

		for (; i; i = by.next[i - 1])
			if (words_match(w, i - 1, reply_phrases[k].words)) {
				*LIST_ADD(arena, finds) =
					(struct find){&reply_phrases[k], i - 1};
				found_at[i - 1] = true;
			}
	}
}

enum reply_kind reply_kind_of(
	struct arena *arena, enum reply_kind said, const char *subject)
{
	const struct reply_phrase *best = NULL;
	struct finds finds = {0};

	if (said != REPLY_KIND_UNKNOWN)
		return said;
	struct words w = words_split(arena, subject);

	bool *found_at = arena_alloc(arena, w.n + 1);

	find_phrases(arena, &w, &finds, found_at);
	if (!finds.n)
		return REPLY_KIND_FINAL;
	struct place place = {0};

	for (size_t i = 0, n; i < w.n; i += n) {
		for (size_t k = 0; k < finds.n && found_at[i]; k++)
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
