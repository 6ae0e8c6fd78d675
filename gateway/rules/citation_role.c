#include "gateway/rules/citation_role.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

const char *const citation_role_words[4] = {"other", "basis", "answered", "own"};

/* Longer names first: "thông tư liên tịch" before "thông tư". */
static const struct {
	const char *name;
	enum citation_paper paper;
} papers[] = {
	{"công văn", PAPER_LETTER},
	{"cv", PAPER_LETTER},
	{"văn bản", PAPER_LETTER},
	{"vb", PAPER_LETTER},
	{"công điện", PAPER_LETTER},
	{"cđ", PAPER_LETTER},
	{"ct", PAPER_LETTER},
	{"kh", PAPER_LETTER},
	{"tb", PAPER_LETTER},
	{"hd", PAPER_LETTER},
	{"nq", PAPER_LETTER},
	{"gm", PAPER_LETTER},
	{"ttr", PAPER_LETTER},
	{"ctr", PAPER_LETTER},
	{"bc", PAPER_LETTER},
	{"bb", PAPER_LETTER},
	{"pc", PAPER_LETTER},
	{"pg", PAPER_LETTER},
	{"pb", PAPER_LETTER},
	{"pa", PAPER_LETTER},
	{"đa", PAPER_LETTER},
	{"da", PAPER_LETTER},
	{"qc", PAPER_LETTER},
	{"qyđ", PAPER_LETTER},
	{"tc", PAPER_LETTER},
	{"hđ", PAPER_LETTER},
	{"bgn", PAPER_LETTER},
	{"btt", PAPER_LETTER},
	{"guq", PAPER_LETTER},
	{"ggt", PAPER_LETTER},
	{"gnp", PAPER_LETTER},
	{"kế hoạch", PAPER_LETTER},
	{"chỉ thị", PAPER_LETTER},
	{"thông báo", PAPER_LETTER},
	{"thông báo kết luận", PAPER_LETTER},
	{"kết luận", PAPER_LETTER},
	{"tờ trình", PAPER_LETTER},
	{"báo cáo", PAPER_LETTER},
	{"giấy mời", PAPER_LETTER},
	{"giấy giới thiệu", PAPER_LETTER},
	{"phiếu chuyển", PAPER_LETTER},
	{"phiếu gửi", PAPER_LETTER},
	{"phiếu báo", PAPER_LETTER},
	{"phiếu giao việc", PAPER_LETTER},
	{"phiếu lấy ý kiến", PAPER_LETTER},
	{"phiếu trình", PAPER_LETTER},
	{"thư công", PAPER_LETTER},
	{"nghị quyết", PAPER_LETTER},
	{"chương trình", PAPER_LETTER},
	{"chương trình hành động", PAPER_LETTER},
	{"phương án", PAPER_LETTER},
	{"đề án", PAPER_LETTER},
	{"dự án", PAPER_LETTER},
	{"hướng dẫn", PAPER_LETTER},
	{"biên bản", PAPER_LETTER},
	{"hợp đồng", PAPER_LETTER},
	{"thông cáo", PAPER_LETTER},
	{"bản ghi nhớ", PAPER_LETTER},
	{"bản thỏa thuận", PAPER_LETTER},
	{"giấy ủy quyền", PAPER_LETTER},
	{"giấy nghỉ phép", PAPER_LETTER},
	{"quy chế", PAPER_LETTER},
	{"quy định", PAPER_DECISION},
	{"quyết định", PAPER_DECISION},
	{"qđ", PAPER_DECISION},
	{"luật", PAPER_LAW},
	{"bộ luật", PAPER_LAW},
	{"pháp lệnh", PAPER_LAW},
	{"nghị định", PAPER_LAW},
	{"nđ", PAPER_LAW},
	{"tt", PAPER_LAW},
	{"thông tư", PAPER_LAW},
	{"thông tư liên tịch", PAPER_LAW},
	{"mẫu", PAPER_FORM},
	{"mẫu biểu", PAPER_FORM},
	{"biểu mẫu", PAPER_FORM},
	{"biểu", PAPER_FORM},
	{"phụ lục", PAPER_FORM},
	{"thửa", PAPER_FORM},
	{"thửa đất", PAPER_FORM},
	{"nhà", PAPER_FORM},
	{"đường", PAPER_FORM},
	{"biển", PAPER_FORM},
	{"biển kiểm soát", PAPER_FORM},
	{"gói thầu", PAPER_FORM},
	{"qcvn", PAPER_FORM},
	{"tcvn", PAPER_FORM},
	{"tcxdvn", PAPER_FORM},
	{"iso", PAPER_FORM},
	{"km", PAPER_FORM},
};

/* What an introducing word says. */
enum cue { ANSWERS, BY, RELIES, ELSE, ASKS, REPORTS, QUOTES, WHAT_IS_NO_CUE };

/* The longest row that stands at a word counts. */
static const struct {
	const char *words;
	enum cue cue;
} cues[] = {
	{"trả lời", ANSWERS},
	{"phúc đáp", ANSWERS},
	{"phản hồi", ANSWERS},
	{"hồi đáp", ANSWERS},
	{"phúc trình", ANSWERS},
	{"hồi âm", ANSWERS},
	{"thực hiện", ANSWERS},
	{"triển khai", ANSWERS},
	{"thi hành", ANSWERS},
	{"chấp hành", ANSWERS},
	{"nhận được", ANSWERS},
	{"tiếp nhận", ANSWERS},
	{"tiếp thu", ANSWERS},
	{"giải trình", ANSWERS},
	{"góp ý", ANSWERS},
	{"ý kiến", ANSWERS},
	{"xét đề nghị", ANSWERS},
	{"tại", ANSWERS},
	{"theo", BY},
	{"theo dõi", ELSE},
	{"tiếp theo", ELSE},
	{"kèm theo", ELSE},
	{"gửi kèm", ELSE},
	{"đính kèm", ELSE},
	{"thay thế", ELSE},
	{"thay cho", ELSE},
	{"thu hồi", ELSE},
	{"hủy", ELSE},
	{"hủy bỏ", ELSE},
	{"bãi bỏ", ELSE},
	{"đính chính", ELSE},
	{"sửa đổi", ELSE},
	{"điều chỉnh", ELSE},
	{"bổ sung", ELSE},
	{"ban hành", ELSE},
	{"dự thảo", ELSE},
	{"gửi", ELSE},
	{"trình", ELSE},
	{"chương trình", WHAT_IS_NO_CUE},
	{"quy trình", WHAT_IS_NO_CUE},
	{"tờ trình", WHAT_IS_NO_CUE},
	{"công trình", WHAT_IS_NO_CUE},
	{"căn cứ", RELIES},
	{"chiếu theo", RELIES},
	{"quy định tại", RELIES},
	{"theo quy định", RELIES},
	{"theo quy định tại", RELIES},
	{"đôn đốc", ASKS},
	{"nhắc", ASKS},
	{"yêu cầu", ASKS},
	{"đề nghị các", ASKS},
	{"tiếp tục thực hiện", ASKS},
	{"tiếp tục triển khai", ASKS},
	{"nghiêm túc thực hiện", ASKS},
	{"khẩn trương thực hiện", ASKS},
	{"tăng cường thực hiện", ASKS},
	{"tổ chức thực hiện", ASKS},
	{"hướng dẫn thực hiện", ASKS},
	{"phân công thực hiện", ASKS},
	{"báo cáo", REPORTS},
	{"kết quả", REPORTS},
	{"tình hình", REPORTS},
	{"về việc", QUOTES},
	{"về", QUOTES},
	{"v/v", QUOTES},
};

enum citation_paper citation_paper_before(
	const struct words *w, size_t end, size_t *ret_from)
{
	enum citation_paper paper = PAPER_UNSAID;
	size_t longest = 0;

	for (size_t i = 0; i < COUNT(papers); i++) {
		size_t n = words_match_before(w, end, papers[i].name);

		if (n > longest) {
			longest = n;
			paper = papers[i].paper;
		}
	}
	*ret_from = end - longest;
	return paper;
}

static size_t cue_at(const struct words *w, size_t i, enum cue *ret_cue)
{
	size_t longest = 0;

	for (size_t k = 0; k < COUNT(cues); k++) {
		unsigned char first = (unsigned char)cues[k].words[0];

		if (first < 0x80 && first != (unsigned char)w->at[i].letters[0])
			continue;
		size_t n = words_match(w, i, cues[k].words);

		if (n > longest) {
			longest = n;
			*ret_cue = cues[k].cue;
		}
	}
	return longest;
}

/* A cue changes what is in force; what stands before may weaken it. */
static void take_cue(struct citation_state *s, enum cue cue)
{
	switch (cue) {
	case ANSWERS:
	case BY:
		s->role = s->asking                                ? CITATION_OTHER
			  : s->role == CITATION_BASIS && cue == BY ? CITATION_BASIS
								   : CITATION_ANSWERED;
		s->by_theo = cue == BY;
		s->introduced = s->fresh = true;
		break;
	case RELIES:
	case ELSE:
		s->role = cue == RELIES ? CITATION_BASIS : CITATION_OTHER;
		s->by_theo = false;
		s->introduced = s->fresh = true;
		break;
	case ASKS:
		if (s->reporting || (s->introduced && s->role == CITATION_ANSWERED))
			break;
		s->asking = s->introduced = s->fresh = true;
		s->role = CITATION_OTHER;
		break;
	case REPORTS:
		s->reporting = true;
		break;
	case QUOTES:
		s->quoting |= s->cited;
		break;
	case WHAT_IS_NO_CUE:
		break;
	}
}

/* ", phúc đáp": the sentence's own voice again, after a quoted subject. */
static bool speaks_again(const struct words *w, size_t i)
{
	static const char *const voices[] = {
		"trả lời", "phúc đáp", "phản hồi", "căn cứ"};

	for (size_t k = 0; words_sign(w, i, ',') && k < COUNT(voices); k++)
		if (words_match(w, i + 1, voices[k]))
			return true;
	return false;
}

void citation_state_read(
	struct citation_state *state, const struct words *w, size_t from, size_t to)
{
	size_t n;

	for (size_t i = from; i < to; i += n) {
		enum cue cue = WHAT_IS_NO_CUE;

		n = 1;
		if (words_end_sentence(w, i) || (words_sign(w, i, ';') && i + 1 < to) ||
			(state->quoting && speaks_again(w, i))) {
			*state = (struct citation_state){0};
		} else if (w->at[i].kind == WORD_LETTERS) {
			n = cue_at(w, i, &cue);
			n = n ? n : 1;
			if (i + n <= to && !(state->quoting && cue != QUOTES))
				take_cue(state, cue);
		}
	}
}

static bool follows_and(const struct words *w, size_t intro)
{
	return words_sign_of(w, intro - 1, ",;&") ||
	       words_match_before(w, intro, "và") ||
	       words_match_before(w, intro, "cùng");
}

/* What the introducing words make of a document cited at @intro. */
static enum citation_role role_said(const struct citation_state *s,
	const struct words *w, size_t intro, bool beside)
{
	if (!s->introduced)
		return s->reporting && words_sign(w, intro - 1, '(') ? CITATION_ANSWERED
								     : CITATION_OTHER;
	if (s->fresh || beside || s->role == CITATION_BASIS)
		return s->role;
	return CITATION_OTHER;
}

enum citation_role citation_state_cite(struct citation_state *state,
	const struct words *w, size_t intro, enum citation_paper paper, bool in_list)
{
	bool beside = follows_and(w, intro);

	if (state->quoting && !in_list && !state->quote_cited && beside &&
		paper != PAPER_UNSAID)
		state->quoting = false; /* "A về việc X và Công văn B về việc Y" */
	enum citation_role role = role_said(state, w, intro, in_list || beside);

	if (paper == PAPER_LAW && (role == CITATION_ANSWERED || !state->introduced))
		role = CITATION_BASIS;
	if (paper == PAPER_DECISION && role == CITATION_ANSWERED && state->by_theo)
		role = CITATION_BASIS;
	if (state->quoting)
		role = CITATION_OTHER;
	state->quote_cited |= state->quoting;
	state->cited = true;
	state->fresh = false;
	return role;
}
