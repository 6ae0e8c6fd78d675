#include "gateway/rules/citation.h"

#include <string.h>

#include "gateway/rules/citation_code.h"
#include "gateway/rules/citation_role.h"
#include "gateway/rules/names.h"
#include "gateway/rules/words.h"
#include "gateway/rules/written.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

enum { ORGAN_WORDS = 24, DATES_MAX = 16 };

struct reader {
	struct arena *arena;
	struct words w;
	const char *own;
	struct citations *list;
	struct citation_state state;
	size_t read;      /* words the state has seen */
	size_t tail_end;  /* where the last citation, with date and organ, ends */
	size_t run_from;  /* in the list: the first of a run of citations */
	size_t head_from; /* … the first under one "Công văn số" */
};

/* --- what stands around a code --- */

/* "số" and a paper's name before @i: the first word of them. */
static size_t intro_before(
	const struct words *w, size_t i, enum citation_paper *ret_paper, bool *ret_so)
{
	size_t from = i;

	while (from > 0 && words_sign_of(w, from - 1, ":."))
		from--;
	*ret_so =
		words_match_before(w, from, "số") || words_match_before(w, from, "sô");
	if (*ret_so)
		from--;
	else
		from = i;
	*ret_paper = citation_paper_before(w, from, &from);
	return from;
}

static bool is_and(const struct words *w, size_t i)
{
	return words_sign_of(w, i, ",;&+") || words_match(w, i, "và") ||
	       words_match(w, i, "cùng");
}

/* "các", "hai", "02", "những" before a paper's name. */
static size_t skip_plural(const struct words *w, size_t from)
{
	static const char *const words[] = {
		"các", "những", "hai", "ba", "bốn", "02", "03"};

	for (size_t i = 0; i < COUNT(words); i++)
		if (words_match_before(w, from, words[i]))
			return from - 1;
	return from;
}

/* Words at which an organ's name is over. */
static bool ends_organ(const struct words *w, size_t i)
{
	static const char *const over[] = {"về", "v/v", "giao", "yêu cầu", "đề nghị",
		"chỉ đạo", "hướng dẫn", "thông báo", "ban hành", "quy định", "gửi",
		"trong", "tại", "theo", "để", "nhằm", "đối với", "kèm", "xin", "lấy",
		"triển khai", "thực hiện", "báo cáo", "phê duyệt", "sửa đổi", "trả lời",
		"phúc đáp", "là", "có", "do", "ký", "số", "được", "đã"};

	if (w->at[i].kind == WORD_END || words_end_sentence(w, i) ||
		words_sign_of(w, i, ",;:()\"[]") ||
		(words_sign(w, i, '-') && w->at[i].spaced))
		return true;
	if (words_sign(w, i, '.'))
		return w->at[i + 1].kind == WORD_END;
	if (words_match(w, i, "ngày") && w->at[i + 1].kind == WORD_DIGITS)
		return true;
	for (size_t k = 0; k < COUNT(over); k++)
		if (words_match(w, i, over[k]))
			return true;
	return false;
}

/* "và Công văn", "và số", "và 12": a name does not go on like this. */
static bool and_begins_another(const struct words *w, size_t i)
{
	enum citation_paper paper = PAPER_UNSAID;
	size_t from;

	if (!words_match(w, i, "và"))
		return false;
	for (size_t k = 2; k <= 5 && paper == PAPER_UNSAID; k++)
		paper = i + k <= w->n ? citation_paper_before(w, i + k, &from)
				      : PAPER_UNSAID;
	return paper != PAPER_UNSAID || words_match(w, i + 1, "số") ||
	       words_match(w, i + 1, "các") || w->at[i + 1].kind == WORD_DIGITS;
}

static size_t organ_end(const struct words *w, size_t i)
{
	size_t end = i;

	while (end < i + ORGAN_WORDS && !ends_organ(w, end) &&
		!and_begins_another(w, end))
		end++;
	return end;
}

/* An organ named without "của": "… ngày 20/11/2025 UBND tỉnh". */
static bool begins_organ(const struct words *w, size_t i)
{
	static const char *const firsts[] = {"ubnd", "hđnd", "sở", "bộ", "văn phòng",
		"vpcp", "thủ tướng", "chủ tịch", "chính phủ", "công an", "ban", "cục",
		"thanh tra", "ủy ban", "ubmttq", "kho bạc", "bảo hiểm"};

	for (size_t k = 0; w->at[i].capitals && k < COUNT(firsts); k++)
		if (words_match(w, i, firsts[k]))
			return true;
	return false;
}

struct tail {
	day_t on[DATES_MAX];
	size_t dates_n;
	bool same_day; /* "cùng ngày" */
	const char *organ;
	size_t end;
};

/* "ngày 20/11/2025 và (ngày) 21/11/2025" at @i. */
static size_t read_dates(const struct words *w, size_t i, struct tail *tail)
{
	static const char *const before[] = {
		"cùng ngày", "ban hành ngày", "ký ngày", "đề ngày", "ra ngày", "ngày"};
	size_t at = i, end = i, n;
	struct written_day day;

	if (words_sign_of(w, at, ",(-"))
		at++;
	while (tail->dates_n < DATES_MAX) {
		for (size_t k = 0; k < COUNT(before); k++)
			if ((n = words_match(w, at, before[k]))) {
				tail->same_day |= k == 0;
				at += n + (words_sign(w, at + n, ':') ? 1 : 0);
				break;
			}
		if (!(n = written_day_at(w, at, &day)))
			break;
		tail->on[tail->dates_n++] = day.day;
		end = at + n;
		if (words_sign(w, end, ')'))
			end++;
		if (!is_and(w, end))
			break;
		at = end + 1;
	}
	return end;
}

static struct tail read_tail(struct reader *r, size_t i)
{
	const struct words *w = &r->w;
	struct tail tail = {0};
	size_t at = tail.end = read_dates(w, i, &tail);

	if (words_sign_of(w, at, ",("))
		at++;
	if (words_match(w, at, "của") || words_match(w, at, "do"))
		at++;
	else if (!begins_organ(w, at) || at > tail.end)
		return tail;
	size_t end = organ_end(w, at);

	if (end == at)
		return tail;
	tail.organ = words_text(r->arena, w, at, end);
	tail.end = end;
	if (words_match(w, end, "ban hành"))
		end += 2;
	if (!tail.dates_n && (end = read_dates(w, end, &tail)) > tail.end)
		tail.end = end;
	return tail;
}

/* --- gathering ---------------------------------------------------------------------
 */

static bool is_law(const char *code)
{
	static const char *const notations[] = {
		"/nđ-cp", "/nd-cp", "/tt-", "/ttlt", "/qh", "/ubtvqh", "/l-ctn"};

	for (size_t i = 0; i < COUNT(notations); i++)
		if (strstr(code, notations[i]))
			return true;
	return false;
}

/* The words from @from up to @to without spaces, every dash and slash the plain one. */
static const char *joined(struct reader *r, size_t from, size_t to)
{
	const struct words *w = &r->w;
	const char *all = "";

	for (size_t i = from; i < to; i++)
		all = arena_printf(r->arena, "%s%s", all,
			w->at[i].kind == WORD_SIGN
				? (const char[]){w->at[i].letters[0], '\0'}
				: words_text(r->arena, w, i, i + 1));
	return all;
}

static void add(
	struct reader *r, const char *code, const char *organ, enum citation_role role)
{
	code = name_fold_code(r->arena, code);

	if (!code || r->list->n >= CITATIONS_MAX)
		return;
	if (name_fit_codes(code, r->own) != NAME_DIFFERENT) {
		role = CITATION_OWN;
		r->state = (struct citation_state){
			0}; /* what follows is not its subject */
	}
	*LIST_ADD(r->arena, r->list) = (struct citation){
		.code = code, .on = DAY_NONE, .organ = organ, .role = role};
}

/* "số 12, 15 và 18/UBND-VX": the first of the numbers that lack a notation, or @from.
 */
static size_t bare_numbers_before(const struct words *w, size_t from, size_t not_before)
{
	enum citation_paper paper;
	size_t first = from, at = from;
	bool so;

	while (at >= not_before + 2) {
		size_t number = at;

		if (words_match_before(w, number, "số"))
			number--;
		if (number < not_before + 2 || !is_and(w, number - 1) ||
			w->at[number - 2].kind != WORD_DIGITS ||
			!citation_stands_free(w, number - 2) ||
			(number > 2 && words_sign_of(w, number - 3, "/-")))
			break;
		at = number - 2;
		intro_before(w, at, &paper, &so);
		if (so || (paper != PAPER_UNSAID && paper != PAPER_FORM))
			first = at;
	}
	return first;
}

/* The organ of "… của Sở Y tế tại Tờ trình số" and "Công văn của UBND tỉnh số": @intro
 * moves to the paper's name. */
static const char *organ_before(
	struct reader *r, size_t *intro, enum citation_paper *paper, bool so)
{
	const struct words *w = &r->w;
	bool place = words_match_before(w, *intro, "tại");
	size_t end = place ? *intro - 1 : *intro, low = end > 14 ? end - 14 : 0;

	if (!place && !(so && *paper == PAPER_UNSAID))
		return NULL;
	for (size_t at = end; at-- > low && w->at[at].kind != WORD_SIGN;) {
		if (!words_match(w, at, "của") || organ_end(w, at + 1) < end)
			continue;
		if (!place)
			*paper = citation_paper_before(w, at, intro);
		return !place && *paper == PAPER_UNSAID
			       ? NULL
			       : words_text(r->arena, w, at + 1, end);
	}
	return NULL;
}

static void spread(struct reader *r, const struct tail *tail)
{
	struct citations *list = r->list;
	size_t from = tail->same_day ? r->run_from : r->head_from, undated = 0, k = 0;

	for (size_t i = from; i < list->n; i++)
		undated += list->at[i].on == DAY_NONE;
	for (size_t i = from; i < list->n && tail->dates_n; i++) {
		if (list->at[i].on != DAY_NONE)
			continue;
		if (tail->dates_n == 1) {
			list->at[i].on = tail->on[0];
			list->at[i].shared_date = undated > 1;
		} else if (tail->dates_n == undated) {
			list->at[i].on = tail->on[k++];
		}
	}
	for (size_t i = r->run_from; i < list->n && tail->organ; i++)
		if (!list->at[i].organ) {
			list->at[i].organ = tail->organ;
			list->at[i].shared_organ = i + 1 < list->n;
		}
}

/* Is there nothing but "," or "và" between the last citation and @intro? */
static bool is_in_list(const struct reader *r, size_t intro)
{
	const struct words *w = &r->w;
	size_t at = r->tail_end;

	if (!r->list->n || intro < at)
		return false;
	while (at < intro && (is_and(w, at) || words_match(w, at, "với")))
		at++;
	return at == intro && at > r->tail_end;
}

static void cite(struct reader *r, struct citation_code code)
{
	const struct words *w = &r->w;
	enum citation_paper paper;
	bool so;
	size_t first = bare_numbers_before(w, code.from, r->tail_end);
	size_t intro = intro_before(w, first, &paper, &so);

	if (paper == PAPER_FORM)
		return;
	const char *organ = organ_before(r, &intro, &paper, so);

	intro = skip_plural(w, intro);
	bool in_list = is_in_list(r, intro);
	const char *whole = joined(r, code.from, code.to);
	enum citation_paper law =
		is_law(name_fold_code(r->arena, whole)) ? PAPER_LAW : paper;

	if (intro > r->read)
		citation_state_read(&r->state, w, r->read, intro);
	enum citation_role role =
		citation_state_cite(&r->state, w, intro, law, in_list);

	r->run_from = in_list ? r->run_from : r->list->n;
	r->head_from = in_list && paper == PAPER_UNSAID ? r->head_from : r->list->n;
	for (size_t i = first; i < code.from; i++)
		if (w->at[i].kind == WORD_DIGITS)
			add(r,
				arena_printf(r->arena, "%s%s", joined(r, i, i + 1),
					joined(r, code.slash, code.to)),
				organ, role);
	add(r, whole, organ, role);
	struct tail tail = read_tail(r, code.to);

	spread(r, &tail);
	r->tail_end = r->read = tail.end > code.to ? tail.end : code.to;
}

/* Each code and day once: what a later mention adds is kept. */
static void merge(struct citations *list)
{
	size_t kept = 0;

	for (size_t i = 0; i < list->n; i++) {
		struct citation *c = &list->at[i], *same = NULL;

		for (size_t k = 0; k < kept && !same; k++)
			if (strcmp(list->at[k].code, c->code) == 0 &&
				(list->at[k].on == c->on || c->on == DAY_NONE ||
					list->at[k].on == DAY_NONE))
				same = &list->at[k];
		if (!same) {
			list->at[kept++] = *c;
			continue;
		}
		same->role = c->role > same->role ? c->role : same->role;
		if (!same->organ) {
			same->organ = c->organ;
			same->shared_organ = c->shared_organ;
		}
		if (same->on == DAY_NONE) {
			same->on = c->on;
			same->shared_date = c->shared_date;
		}
	}
	list->n = kept;
}

/* Most texts ("V/v …") cite nothing: a code has a slash, as words_split knows them,
 * behind a digit. */
static bool may_hold_code(const char *text)
{
	static const char *const slashes[] = {"/", "\u2044", "\u2215", "\uff0f"};
	const char *digit = text ? strpbrk(text, "0123456789") : NULL;

	for (size_t i = 0; digit && i < COUNT(slashes); i++)
		if (strstr(digit, slashes[i]))
			return true;
	return false;
}

void citation_read(struct arena *arena, const char *text, const char *own_code,
	struct citations *ret_list)
{
	struct reader r = {.arena = arena, .list = ret_list};
	enum citation_paper paper;
	struct citation_code code;
	bool so;

	*ret_list = (struct citations){0};
	if (!may_hold_code(text))
		return;
	r.w = words_split(arena, text);
	r.own = name_fold_code(arena, own_code);
	for (size_t i = 0; i < r.w.n && ret_list->n < CITATIONS_MAX; i++) {
		if (i < r.tail_end || !citation_code_may_begin(&r.w, i))
			continue;
		intro_before(&r.w, i, &paper, &so);
		if (!citation_code_at(&r.w, i, so || paper != PAPER_UNSAID, &code))
			continue;
		cite(&r, code);
		i = code.to - 1;
	}
	merge(ret_list);
}
