#include "gateway/rules/reply_kind.h"

#include <string.h>

#include "gateway/rules/citation_code.h"
#include "gateway/rules/reply_phrases.h"
#include "gateway/rules/words.h"
#include "gateway/rules/written.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static const char *const requests[] = {
	"xin", "đề nghị", "kiến nghị", "đề xuất", "mong"};
static const char *const quotes[] = {"về việc", "v/v", "vv", "về"};
static const char *const papers[] = {"công văn", "cv", "văn bản", "tờ trình", "đơn",
	"phiếu chuyển", "công điện", "chỉ thị", "kế hoạch", "thông báo", "giấy mời"};
static const char *const follows[] = {"thực hiện", "theo", "triển khai"};
static const char *const goes_on[] = {"xem xét", "quan tâm", "nghiên cứu", "trao đổi",
	"các sở", "sở", "ban", "ngành", "các ngành"};
static const char *const organs[] = {"sở", "ubnd", "ủy ban", "văn phòng", "ban",
	"chi cục", "phòng", "trung tâm", "đơn vị", "cơ quan", "thanh tra", "công an",
	"hđnd", "bộ", "cục"};
static const char *const times[] = {"thời gian", "thời hạn", "hạn", "thời điểm", "tg",
	"tiến độ", "ngày", "lịch", "mốc thời gian", "kỳ hạn", "hạn chót"};

/* A time that is a project's or a licence's and not the task's. */
static const char *const foreign_times[] = {"sử dụng", "thuê", "giấy phép", "hợp đồng",
	"dự án", "thực hiện dự án", "thực hiện hợp đồng", "thực hiện các dự án",
	"thực hiện công trình", "thi công", "bố trí vốn", "bố trí", "giải ngân",
	"thực hiện và giải ngân", "đầu tư", "hoạt động", "nộp thuế", "nộp tiền",
	"bảo hành", "vay", "trả nợ", "lưu trú", "khai thác", "hiệu lực", "nghỉ",
	"tập sự", "tuyển sinh", "đào tạo", "công tác", "bổ nhiệm", "giữ chức", "học",
	"làm việc", "tiếp công dân", "đóng", "mở", "vận hành", "họp", "kiểm tra",
	"tổ chức hội", "tổ chức ngày hội", "tổ chức giải", "tổ chức lễ",
	"tổ chức cuộc họp", "tổ chức kỳ họp", "tổ chức đại hội", "tổ chức thi",
	"tổ chức kỳ thi", "tổ chức lớp", "tổ chức tập huấn", "tổ chức đấu giá",
	"khai mạc", "khởi công"};

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

/* A phrase of the table in the words. */
struct find {
	const struct reply_phrase *phrase;
	size_t at, end;
};

/* How many words of the subject answered make a quotation of it: all of it, or a part;
 * and how far we look. */
enum { RUN_WHOLE = 5, RUN_PART = 8, RUN_MOST = 200 };

/* Who writes more words into a subject says what he wants among the first. */
enum { SUBJECT_MOST = 512 };

/* Nearly all words say no here: another letter begins, or stands second. */
static inline bool may_begin(const struct words *w, size_t i, const char *phrase)
{
	const struct word *word = &w->at[i];
	unsigned char c = (unsigned char)phrase[0], d;

	if (c < 0x80 && c != (unsigned char)word->letters[0])
		return false; /* the empty phrase too */
	d = (unsigned char)phrase[1];
	if (c >= 0x80) /* đ, or a vowel with marks */
		return !(c == 0xc4 && d == 0x91) || word->letters[0] == 'd';
	return d < 'a' || d > 'z' ||
	       (word->n > 1 && (unsigned char)word->letters[1] == d);
}

/* Of several words, a single one may have lost its marks. */
static size_t match(const struct words *w, size_t i, const char *phrase)
{
	if (i >= w->n || !may_begin(w, i, phrase))
		return 0;
	return strchr(phrase, ' ') ? words_match_loose(w, i, phrase)
				   : words_match(w, i, phrase);
}

static size_t any_at(
	const struct words *w, size_t i, const char *const *list, size_t list_n)
{
	size_t longest = 0;

	for (size_t k = 0; k < list_n && i < w->n; k++) {
		size_t n = may_begin(w, i, list[k]) ? match(w, i, list[k]) : 0;

		longest = n > longest ? n : longest;
	}
	return longest;
}
#define ANY_AT(w, i, list) any_at(w, i, list, COUNT(list))

static size_t any_in(const struct words *w, size_t i, const char *const *list)
{
	size_t n = 0;

	while (list[n])
		n++;
	return any_at(w, i, list, n);
}

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

		if (!may_begin(w, i, o->words) || !match(w, i, o->words) ||
			((o->how & YIELDS) && p->requested))
			continue;
		p->silenced |= o->silences;
		p->answers |= (o->how & ANSWERS) != 0;
		p->cited |= p->answers;
	}
}

/* "đề nghị xem xét, cho ý kiến", "các sở, ngành": the request goes on behind it. */
static bool goes_on_behind(const struct words *w, size_t i)
{
	for (size_t k = 0; k < COUNT(goes_on); k++)
		if (words_match_before(w, i, goes_on[k]))
			return true;
	return false;
}

/* "không đề nghị", "theo đề nghị" ask for nothing. */
static bool is_asked_for(const struct words *w, size_t i)
{
	return !words_match_before(w, i, "không") && !words_match_before(w, i, "theo");
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
		if (!goes_on_behind(w, i))
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
		p->requested |= !p->silenced && is_asked_for(w, i);
		open_matter(p, w, i);
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
	return to > from && to - from <= 10 && ANY_AT(w, from, organs);
}

/* Where somebody is asked before @i, "đề nghị UBND tỉnh hướng dẫn", or @i. */
static size_t request_before(const struct words *w, const struct place *p, size_t i)
{
	size_t low = i > p->head + 12 ? i - 12 : p->head;

	for (size_t at = i; at-- > low;)
		if (ANY_AT(w, at, requests) && is_asked_for(w, at))
			return at;
	return i;
}

static bool is_requested(const struct words *w, const struct place *p, size_t i)
{
	return request_before(w, p, i) < i;
}

/* ", xin gia hạn thời gian" behind a quoted subject is the sender's; without saying
 * whose time, or who asks, it may be that subject's. */
static bool speaks_after_quote(
	const struct words *w, const struct place *p, const struct find *f)
{
	size_t from = p->head;

	if (names_organ(w, from, f->at) || words_match(w, from, "xin"))
		return true;
	if (f->phrase->kind == REPLY_KIND_EXTENSION)
		return p->requested && time_behind(w, f->end) > 0;
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

/* "… quản lý nhà nước của Sở Y tế" behind @i: the sender speaks of itself. */
static bool is_of_ourselves(const struct words *w, size_t i)
{
	static const char *const us[] = {"của đơn vị", "của cơ quan", "của sở",
		"của địa phương", "của chúng tôi", "của phòng", "của chi cục",
		"của trung tâm", "của ban quản lý", "của mình"};

	for (size_t at = i; at < w->n && at < i + 8; at++)
		if (ANY_AT(w, at, us))
			return true;
	return false;
}

/* "đề nghị Sở Tài chính chủ trì": an organ is asked before @i, for no meeting behind
 * @end. */
static bool is_put_in_charge(
	const struct words *w, const struct place *p, const struct find *f)
{
	static const char *const meetings[] = {"hội nghị", "cuộc họp", "họp", "buổi",
		"hội thảo", "lễ", "phiên", "kỳ họp", "tiếp"};

	if (ANY_AT(w, f->end, meetings))
		return false;
	for (size_t at = request_before(w, p, f->at); at < f->at; at++)
		if (ANY_AT(w, at, organs))
			return true;
	return false;
}

/* "chậm nộp báo cáo", "nộp báo cáo chậm": somebody is asked to wait. */
static bool is_handed_in_late(
	const struct words *w, const struct place *p, const struct find *f)
{
	size_t from = request_before(w, p, f->at);

	if (from == f->at)
		return false;
	if (any_in(w, f->end, reply_delivers) || time_behind(w, f->end) > 0)
		return true;
	while (++from < f->at)
		if (any_in(w, from, reply_delivers))
			return true;
	return false;
}

/* "chưa thể trình Đề án đúng thời hạn" */
static bool misses_its_day(const struct words *w, const struct find *f)
{
	static const char *const in_time[] = {"đúng thời hạn", "đúng hạn",
		"đúng tiến độ", "đúng thời gian", "kịp", "theo đúng", "trong thời hạn",
		"đúng"};

	for (size_t at = f->end; at < w->n && at < f->end + 9; at++) {
		if (words_end_sentence(w, at) || words_sign_of(w, at, ",;"))
			return false;
		if (ANY_AT(w, at, in_time))
			return true;
	}
	return false;
}

/* Does what @f begins go to "cơ quan có thẩm quyền", in the same breath? */
static bool goes_elsewhere(const struct words *w, const struct find *f)
{
	for (size_t at = f->end; at < w->n && at < f->end + 30; at++) {
		if (words_end_sentence(w, at) || words_sign(w, at, ';'))
			return false;
		if (match(w, at, "thẩm quyền"))
			return true;
	}
	return false;
}

/* "Báo cáo kết quả rà soát bước 1", "… (lần 1)": the part stands where the words pause.
 */
static bool ends_a_report(const struct words *w, const struct find *f)
{
	static const char *const reports[] = {"báo cáo", "kết quả", "số liệu"};

	if (f->end < w->n && !words_sign_of(w, f->end, ",;().:-") &&
		!ANY_AT(w, f->end, follows) && !ANY_AT(w, f->end, quotes))
		return false;
	for (size_t at = 0; at < f->at; at++)
		if (ANY_AT(w, at, reports))
			return true;
	return false;
}

static bool is_requested_word(
	const struct words *w, const struct place *p, const struct find *f)
{
	return is_requested(w, p, f->at) && !words_match(w, f->end, "viên") &&
	       !words_match_before(w, f->at, "ban");
}

static bool needs_are_met(
	const struct words *w, const struct place *p, const struct find *f)
{
	switch (f->phrase->need) {
	case SAYS_PLAIN:
	case SAYS_STATE:
	case SAYS_NOT_OURS:
		return true;
	case SAYS_EXTENDS:
		return time_behind(w, f->end) > 0 ||
		       (p->requested && !(p->matter_before & E));
	case SAYS_MOVES_TIME:
		return time_behind(w, f->end) > 0;
	case SAYS_HANDS_ON:
		return !ANY_AT(w, f->end, foreign_goods);
	case SAYS_AT_HEAD:
		return f->at == p->head;
	case SAYS_DAYS:
		return is_requested(w, p, f->at) && counts_days(w, f->end);
	case SAYS_GIVES_ON:
		return is_requested(w, p, f->at) && !(p->matter_before & H) &&
		       w->at[f->end].capitals && /* "giao ban" is a meeting */
		       names_organ(w, f->end, f->end + 1);
	case SAYS_LEADS:
		return is_put_in_charge(w, p, f);
	case SAYS_LATE:
		return is_handed_in_late(w, p, f);
	case SAYS_NOT_IN_TIME:
		return misses_its_day(w, f);
	case SAYS_ELSEWHERE:
		return goes_elsewhere(w, f);
	case SAYS_PART:
		return ends_a_report(w, f);
	case SAYS_REQUEST:
		return is_requested_word(w, p, f);
	}
	return false;
}

/* "đã gia hạn", "sau khi được gia hạn" is over; a document already handed back is still
 * handed back. */
static bool is_over(const struct words *w, const struct find *f)
{
	static const char *const over[] = {
		"đã", "đã được", "sau khi", "sau khi được", "khi được", "từng được"};

	if (f->phrase->kind == REPLY_KIND_HAND_BACK)
		return false;
	for (size_t k = 0; k < COUNT(over); k++)
		if (words_match_before(w, f->at, over[k]))
			return true;
	return false;
}

static bool is_own(const struct words *w, const struct place *p, const struct find *f)
{
	const struct reply_phrase *phrase = f->phrase;
	unsigned bit = 1u << phrase->kind;

	if (phrase->need == SAYS_STATE || phrase->need == SAYS_NOT_IN_TIME)
		bit |= S;
	bit = phrase->need == SAYS_PART ? bit | P : bit;
	if ((p->silenced & bit) &&
		!(phrase->need == SAYS_NOT_OURS && is_of_ourselves(w, f->end)))
		return false;
	if (words_match_before(w, f->at, "không") || is_over(w, f) ||
		(words_match_before(w, f->at, "chưa") &&
			phrase->kind != REPLY_KIND_INTERIM))
		return false;
	if (p->quoted && !(p->after_quote && speaks_after_quote(w, p, f)))
		return false;
	return needs_are_met(w, p, f);
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

struct finds {
	struct find *at;
	size_t n, cap;
};

/* Where the parts of @phrase behind the first end, which ended at @end; 0: it is not
 * all there. */
static size_t match_rest(
	const struct words *w, const struct reply_phrase *phrase, size_t end)
{
	for (size_t k = 1; k < REPLY_PHRASE_PARTS && phrase->parts[k]; k++) {
		size_t n = any_in(w, end, phrase->parts[k]);

		if (!n && *phrase->parts[k][0])
			return 0;
		end += n;
	}
	return end;
}

/* A phrase of one word must bear its marks. */
static size_t match_first(const struct words *w, const struct reply_phrase *phrase,
	const char *first, size_t i)
{
	if (!phrase->parts[1])
		return match(w, i, first);
	return may_begin(w, i, first) ? words_match_loose(w, i, first) : 0;
}

/* Every place where @phrase stands, whoever says it. */
static void find_phrase(struct arena *arena, const struct words *w,
	const struct beginnings *by, const struct reply_phrase *phrase,
	struct finds *finds)
{
	for (const char *const *first = phrase->parts[0]; *first; first++) {
		unsigned char c = (unsigned char)(*first)[0];
		size_t i =
			by->first[c < 0x80 ? c
					   : 'd']; /* no vowel with marks begins one */

		for (; i; i = by->next[i - 1]) {
			size_t n = match_first(w, phrase, *first, i - 1);
			size_t end = n ? match_rest(w, phrase, i - 1 + n) : 0;

			if (end)
				*LIST_ADD(arena, finds) =
					(struct find){phrase, i - 1, end};
		}
	}
}

static bool is_quoted(const struct find *f, const bool *quoted)
{
	if (f->phrase->kind == REPLY_KIND_INTERIM && f->phrase->need != SAYS_STATE)
		return false;
	for (size_t i = f->at; i < f->end; i++)
		if (!quoted[i])
			return false;
	return true;
}

/* The kind of the best phrase of the sender's own, where @quoted does not hold it. */
static enum reply_kind best_kind(
	const struct words *w, const struct finds *finds, const bool *quoted)
{
	const struct reply_phrase *best = NULL;
	struct place place = {0};

	for (size_t i = 0, n; i < w->n; i += n) {
		for (size_t k = 0; k < finds->n; k++) {
			const struct find *f = &finds->at[k];

			if (f->at == i && (!best || f->phrase < best) &&
				!(quoted && is_quoted(f, quoted)) &&
				is_own(w, &place, f))
				best = f->phrase;
		}
		n = step(&place, w, i);
	}
	return best ? best->kind : REPLY_KIND_FINAL;
}

/* The words of @text, and what phrases stand in them. */
static struct words read_phrases(
	struct arena *arena, const char *text, struct finds *ret_finds)
{
	struct words w = words_split(arena, text);
	struct beginnings by;

	*ret_finds = (struct finds){0};
	w.n = w.n < SUBJECT_MOST ? w.n : SUBJECT_MOST;
	note_beginnings(arena, &w, &by);
	for (size_t k = 0; k < reply_phrases_n; k++)
		find_phrase(arena, &w, &by, &reply_phrases[k], ret_finds);
	return w;
}

enum reply_kind reply_kind_of(
	struct arena *arena, enum reply_kind said, const char *subject)
{
	struct finds finds;

	if (said != REPLY_KIND_UNKNOWN)
		return said;
	struct words w = read_phrases(arena, subject, &finds);

	return finds.n ? best_kind(&w, &finds, NULL) : REPLY_KIND_FINAL;
}

/* --- what is repeated of the subject answered --- */

static size_t common_run(
	const struct words *w, size_t i, const struct words *of, size_t at)
{
	size_t n = 0;

	while (i + n < w->n && at + n < of->n && n < RUN_MOST &&
		words_alike(&w->at[i + n], &of->at[at + n]))
		n++;
	return n;
}

/* The longest run at @i that counts as a quotation: all of @of, or much of it. What the
 * sender asks for in its own words, "đề nghị gia hạn …", it does not quote. */
static size_t quotation_at(
	const struct words *w, size_t i, const struct words *of, size_t of_from)
{
	static const struct place whole = {0};
	size_t longest = 0;

	for (size_t at = of_from; at < of->n && at < RUN_MOST; at++) {
		size_t n = common_run(w, i, of, at);
		bool all = at == of_from && at + n == of->n;

		if (n >= (all ? RUN_WHOLE : RUN_PART) && n > longest)
			longest = n;
	}
	return longest && is_requested(w, &whole, i) ? 0 : longest;
}

enum reply_kind reply_kind_to(
	struct arena *arena, const char *subject, const char *answered)
{
	struct finds finds;
	struct words w = read_phrases(arena, subject, &finds);

	if (!finds.n)
		return REPLY_KIND_FINAL;
	struct words of = words_split(arena, answered);
	bool *quoted = arena_alloc(arena, w.n + 1);

	for (size_t i = 0, n; i < w.n && i < RUN_MOST; i += n ? n : 1) {
		n = quotation_at(&w, i, &of, ANY_AT(&of, 0, quotes));
		for (size_t k = 0; k < n; k++)
			quoted[i + k] = true;
	}
	return best_kind(&w, &finds, quoted);
}
