#include "gateway/rules/proposed_due.h"

#include "gateway/rules/proposed_due_alone.h"
#include "gateway/rules/proposed_due_when.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* The families of words that set a limit. */
enum {
	BEFORE = 1, /* trước: the day named is too late */
	BY = 2,     /* chậm nhất: the day named is the last */
	UNTIL = 4,  /* đến hết: also said of what is counted up to a day */
	WITHIN = 8, /* trong ngày, trong quý: also said of what happens then */
	FOR = 16,   /* trong thời hạn: days are counted */
};

/* Longer rows first, where one begins like another. */
static const struct limit {
	unsigned families;
	const char *words;
} limits[] = {
	{BEFORE, "trước"},
	{BY | FOR, "chậm nhất"},
	{BY | FOR, "muộn nhất"},
	{BY, "hạn cuối cùng"},
	{BY, "hạn cuối"},
	{BY, "hạn chót"},
	{BY, "không quá ngày"},
	{BY, "không muộn hơn"},
	{BY, "không chậm hơn"},
	{UNTIL, "đến hết"},
	{UNTIL, "cho đến hết"},
	{UNTIL, "hết ngày"},
	{FOR, "trong thời hạn"},
	{FOR, "trong thời gian"},
	{FOR, "trong vòng"},
	{FOR, "không quá"},
	{FOR, "tối đa"},
	{WITHIN | FOR, "trong"},
	{BY | FOR, "thời hạn"},
	{BY | FOR, "hạn báo cáo"},
	{BY | FOR, "hạn gửi"},
	{BY | FOR, "hạn nộp"},
	{BY | FOR, "hạn trả lời"},
	{BY | FOR, "hạn hoàn thành"},
	{BY | FOR, "hạn thực hiện"},
	{BY, "thời gian gửi"},
	{BY, "thời gian nộp"},
	{BY, "thời gian báo cáo"},
};

enum {
	OURS = 0,
	BESIDE = 1,  /* only right before the limit */
	PASSIVE = 2, /* only behind "được": what was done to a thing */
};

/* The nearest of these before a limit says whose it is. */
static const struct verb {
	unsigned good, bad; /* families */
	unsigned how;
	const char *words;
} verbs[] = {
	{BEFORE | BY | UNTIL | WITHIN | FOR, 0, OURS, "gửi"},
	{BEFORE | BY | UNTIL | WITHIN | FOR, 0, OURS, "nộp"},
	{BEFORE | BY | UNTIL | WITHIN | FOR, 0, OURS, "hoàn thành"},
	{BEFORE | BY | UNTIL | WITHIN | FOR, 0, OURS, "hoàn tất"},
	{BEFORE | BY | UNTIL | WITHIN | FOR, 0, OURS, "hoàn thiện"},
	{BEFORE | BY | UNTIL | WITHIN | FOR, 0, OURS, "xong"},
	{BEFORE | BY | UNTIL | WITHIN | FOR, 0, OURS, "trả lời"},
	{BEFORE | BY | UNTIL | WITHIN | FOR, 0, OURS, "phúc đáp"},
	{BEFORE | BY | UNTIL | WITHIN | FOR, 0, OURS, "trình"},
	{BEFORE | BY | UNTIL | WITHIN | FOR, 0, OURS, "báo cáo"},
	{BEFORE | BY | UNTIL | WITHIN | FOR, 0, OURS, "cung cấp"},
	{BEFORE | BY | UNTIL | WITHIN | FOR, 0, OURS, "góp ý"},
	{BEFORE | BY | UNTIL | WITHIN | FOR, 0, OURS, "ý kiến"},
	{BEFORE | BY | UNTIL | WITHIN | FOR, 0, OURS, "đăng ký"},
	{BEFORE | BY | UNTIL | WITHIN | FOR, 0, OURS, "tham mưu"},
	{BEFORE | BY | UNTIL | WITHIN | FOR, 0, OURS, "đề xuất"},
	{BEFORE | BY | UNTIL | WITHIN | FOR, 0, OURS, "xác nhận"},
	{BEFORE | BY | UNTIL | WITHIN | FOR, 0, OURS, "thời hạn"},
	{BEFORE | BY | UNTIL | WITHIN | FOR, 0, OURS, "chậm nhất"},
	{BEFORE | BY | UNTIL | WITHIN | FOR, 0, OURS, "thời gian thực hiện"},
	{BEFORE | BY | UNTIL | WITHIN | FOR, 0, OURS, "thời gian hoàn thành"},
	{BEFORE | BY | WITHIN | FOR, 0, OURS, "thực hiện"},
	{BEFORE | BY | WITHIN | FOR, 0, OURS, "triển khai"},
	{BEFORE | BY | WITHIN | FOR, 0, OURS, "rà soát"},
	{BEFORE | BY | WITHIN | FOR, 0, OURS, "giải quyết"},
	{BEFORE | BY | WITHIN | FOR, 0, OURS, "xử lý"},
	{BEFORE | BY | WITHIN | FOR, 0, OURS, "khắc phục"},
	{BEFORE | BY | WITHIN | FOR, 0, OURS, "cập nhật"},
	{BEFORE | BY | WITHIN | FOR, 0, OURS, "tổng hợp"},
	{BEFORE | BY | WITHIN | FOR, 0, OURS, "kiểm tra"},
	{BEFORE | BY | WITHIN | FOR, 0, OURS, "xây dựng"},
	{BEFORE | BY | WITHIN | FOR, 0, OURS, "ban hành"},
	{BEFORE | BY | WITHIN | FOR, 0, OURS, "phê duyệt"},
	{BEFORE | BY | WITHIN | FOR, 0, OURS, "chuyển"},
	{BEFORE | BY | WITHIN | FOR, 0, OURS, "thẩm định"},
	{BEFORE | BY | WITHIN | FOR, 0, OURS, "xác minh"},
	{BEFORE | BY | WITHIN | FOR, 0, OURS, "làm rõ"},
	{BEFORE | BY | WITHIN | FOR, 0, OURS, "phản hồi"},
	{BEFORE | BY | WITHIN | FOR, 0, OURS, "thống kê"},
	{BEFORE | BY | WITHIN | FOR, 0, OURS, "kê khai"},
	{BEFORE | BY | FOR, 0, OURS, "thông báo"},
	{BEFORE | BY | FOR, 0, OURS, "đề nghị"},
	{BEFORE | BY | FOR, 0, OURS, "yêu cầu"},
	{0, UNTIL | WITHIN, OURS, "số liệu"},
	{0, UNTIL | WITHIN, OURS, "lũy kế"},
	{0, UNTIL | WITHIN, OURS, "kết quả"},
	{0, UNTIL | WITHIN, OURS, "tình hình"},
	{0, UNTIL | WITHIN, OURS, "tiến độ"},
	{0, UNTIL | WITHIN, OURS, "giải ngân"},
	{0, UNTIL, BESIDE, "tính"},
	{0, UNTIL | WITHIN | BEFORE, BESIDE, "chốt"},
	{0, WITHIN | FOR, OURS, "họp"},
	{0, WITHIN | FOR, OURS, "hội nghị"},
	{0, WITHIN | FOR, OURS, "tập huấn"},
	{0, WITHIN | FOR, OURS, "diễn ra"},
	{0, WITHIN | FOR, BESIDE, "tổ chức"},
	{0, UNTIL | WITHIN | BY, OURS, "hiệu lực"},
	{0, UNTIL | WITHIN, OURS, "áp dụng"},
	{0, UNTIL | WITHIN | FOR, OURS, "nghỉ"},
	{0, UNTIL | WITHIN | FOR, OURS, "thí điểm"},
	{0, WITHIN | FOR, OURS, "niêm yết"},
	{0, WITHIN | FOR, OURS, "công khai"},
	{0, FOR, OURS, "khiếu nại"},
	{0, FOR, OURS, "khởi kiện"},
	{0, FOR, OURS, "hợp đồng"},
	{0, FOR, OURS, "giấy phép"},
	{0, FOR, OURS, "biệt phái"},
	{0, FOR, OURS, "bảo hành"},
	{0, FOR, OURS, "rút ngắn"},
	{0, FOR, OURS, "cắt giảm"},
	{0, FOR, OURS, "hồ sơ"},
	{0, FOR, OURS, "thủ tục hành chính"},
	{0, BEFORE | UNTIL | WITHIN, BESIDE, "ban hành"},
	{0, BEFORE | UNTIL | WITHIN, PASSIVE, "phê duyệt"},
	{0, BEFORE | UNTIL | WITHIN, PASSIVE, "thẩm định"},
	{0, BEFORE | UNTIL | WITHIN, PASSIVE, "thông báo"},
	{0, BEFORE | UNTIL | WITHIN, PASSIVE, "cấp"},
	{0, BEFORE | UNTIL | WITHIN, PASSIVE, "giao"},
	{0, BEFORE | UNTIL | WITHIN, PASSIVE, "ký"},
	{0, BEFORE | UNTIL | WITHIN, BESIDE, "cấp"},
	{0, BEFORE | UNTIL | WITHIN, BESIDE, "ký"},
	{0, BEFORE | UNTIL | WITHIN, BESIDE, "sinh"},
	{0, BEFORE | UNTIL | WITHIN, BESIDE, "tuyển dụng"},
	{0, BEFORE | UNTIL | WITHIN, BESIDE, "bổ nhiệm"},
	{0, BEFORE | UNTIL | WITHIN, BESIDE, "thành lập"},
	{0, BEFORE | UNTIL | WITHIN, BESIDE, "xảy ra"},
	{0, BEFORE | UNTIL | WITHIN, BESIDE, "phát sinh"},
	{0, BEFORE | UNTIL | WITHIN, BESIDE, "tồn tại"},
	{0, BEFORE | UNTIL | WITHIN, BESIDE, "khởi công"},
	{0, BEFORE | UNTIL | WITHIN, BESIDE, "sử dụng"},
	{0, BEFORE | UNTIL | WITHIN, BESIDE, "hiệu lực"},
	{0, BEFORE | UNTIL | WITHIN, BESIDE, "tiếp nhận"},
	{0, BEFORE | UNTIL | WITHIN, BESIDE, "vi phạm"},
	{0, BEFORE | UNTIL | WITHIN, BESIDE, "công nhận"},
	{0, BEFORE | UNTIL | WITHIN, BESIDE, "cư trú"},
	{0, BEFORE | UNTIL | WITHIN, BESIDE, "công bố"},
	{0, BEFORE | UNTIL | WITHIN, BESIDE, "xây dựng"},
	{0, BEFORE | UNTIL | WITHIN, BESIDE, "tổ chức"},
	{0, BEFORE | UNTIL | WITHIN, BESIDE, "diễn ra"},
	{0, BEFORE | UNTIL | WITHIN, BESIDE, "kết thúc"},
	{0, BEFORE | UNTIL | WITHIN, BESIDE, "lần đầu"},
	{0, BEFORE | UNTIL | WITHIN, BESIDE, "nghỉ hưu"},
	{0, BEFORE | UNTIL | WITHIN, BESIDE, "nghỉ việc"},
	{0, BEFORE | UNTIL | WITHIN, BESIDE, "thôi việc"},
	{0, BEFORE | UNTIL | WITHIN, BESIDE, "hết hạn"},
	{0, BEFORE | UNTIL | WITHIN, BESIDE, "đến hạn"},
	{0, BEFORE | UNTIL | WITHIN, BESIDE, "có mặt"},
	{0, BEFORE | UNTIL | WITHIN, BESIDE, "công tác"},
	{0, BEFORE | UNTIL | WITHIN, BESIDE, "hoạt động"},
	{0, BEFORE | UNTIL | WITHIN, BESIDE, "tốt nghiệp"},
	{0, BEFORE | UNTIL | WITHIN, BESIDE, "như"},
	{0, BEFORE | UNTIL | WITHIN, BESIDE, "thu hồi"},
	{0, BEFORE | UNTIL | WITHIN, BESIDE, "đưa vào vận hành"},
	{0, BEFORE | UNTIL | WITHIN, BESIDE, "nhập ngũ"},
	{0, BEFORE | UNTIL | WITHIN, BESIDE, "ra quân"},
	{0, BEFORE | UNTIL | WITHIN, BESIDE, "đầu tư"},
	{0, BEFORE | UNTIL | WITHIN, BESIDE, "nhập khẩu"},
	{0, BEFORE | UNTIL | WITHIN, BESIDE, "ký kết"},
};

/* What these things do, or is done to them, is theirs: "dự án hoàn thành trước ngày".
 */
static const struct thing {
	unsigned families;
	const char *noun, *verb;
} things[] = {
	{BEFORE | UNTIL | WITHIN, "dự án", "hoàn thành"},
	{BEFORE | UNTIL | WITHIN, "công trình", "hoàn thành"},
	{BEFORE | UNTIL | WITHIN, "gói thầu", "hoàn thành"},
	{BEFORE | UNTIL | WITHIN, "hồ sơ", "nộp"},
	{BEFORE | UNTIL | WITHIN, "đơn", "nộp"},
	{BEFORE | UNTIL | WITHIN, "dự án", "thẩm định"},
	{BEFORE | UNTIL | WITHIN, "hồ sơ", "thẩm định"},
	{FOR, "thời gian", "giải quyết"},
	{FOR, "lấy", "ý kiến"},
	{WITHIN, "kế hoạch", "thực hiện"},
	{WITHIN, "kế hoạch", "triển khai"},
	{WITHIN, "chương trình", "thực hiện"},
};

/* Behind these a body is a receiver, and not who shall do it. */
static const char *const receiving[] = {"gửi", "báo cáo", "về", "cho", "đến", "của",
	"tại", "trình", "với", "qua", "giúp", "tới", "đốc", "theo", "trả lời", "và",
	"mưu", "chủ tịch", "lãnh đạo", "kiến"};

struct found {
	struct proposed_due due;
	size_t at, end;
	bool anchored;       /* days counted from a day that is told */
	size_t body, body_n; /* words naming who shall do it; 0: nobody is named */
};

struct reader {
	struct arena *arena;
	struct words w;
	day_t issued_on, arrived_on;
	const struct calendar *calendar;
	LIST_OF(struct found) found;
};

static bool ends_clause(const struct words *w, size_t i)
{
	return words_end_sentence(w, i) || words_sign(w, i, ';');
}

static size_t clause_start(const struct words *w, size_t i)
{
	while (i > 0 && !ends_clause(w, i - 1))
		i--;
	return i;
}

/* Does @v stand at @at, and count for a limit of @family at @limit? Its words, or 0. */
static size_t verb_at(const struct words *w, const struct verb *v, size_t at,
	size_t limit, unsigned family)
{
	size_t n = (v->good | v->bad) & family ? words_match(w, at, v->words) : 0;

	if (!n || at + n > limit || (v->how == BESIDE && at + n != limit) ||
		(v->how == PASSIVE && !words_match_before(w, at, "được")))
		return 0;
	return n;
}

/* The verb at @at that counts for a limit of @family at @limit, the longest; or NULL.
 */
static const struct verb *find_verb(
	const struct words *w, size_t at, size_t limit, unsigned family)
{
	const struct verb *said = NULL;
	size_t longest = 0;

	for (size_t k = 0; k < COUNT(verbs); k++) {
		size_t n = verb_at(w, &verbs[k], at, limit, family);

		if (n && n >= longest) {
			longest = n;
			said = &verbs[k];
		}
	}
	return said;
}

/* Is the verb at @at what a thing does, or over already? */
static bool is_a_things(const struct words *w, size_t at, unsigned family)
{
	for (size_t k = 0; k < COUNT(things); k++)
		if ((things[k].families & family) &&
			words_match(w, at, things[k].verb) &&
			words_match_before(w, at, things[k].noun))
			return true;
	return words_match_before(w, at, "đã") > 0;
}

/* The word before @at; what stands in brackets is passed over. */
static size_t step_back(const struct words *w, size_t at)
{
	size_t i = at - 1;

	if (!words_sign(w, i, ')'))
		return i;
	while (i > 0 && !words_sign(w, i, '(') && !ends_clause(w, i))
		i--;
	return words_sign(w, i, '(') ? i : at - 1;
}

/*
 * 1: the task's, -1: of another thing, 0: nothing is said, by the words before @i. What
 * is done "within" a month may be done or reported on: "kết quả thực hiện trong tháng".
 */
static int said_before(const struct words *w, size_t i, unsigned family)
{
	int weakly = 0;
	size_t at = i;

	for (int steps = 0; at > 0 && steps < 16; steps++) {
		at = step_back(w, at);
		if (ends_clause(w, at))
			break;
		const struct verb *said = find_verb(w, at, i, family);

		if (!said)
			continue;
		if ((said->bad & family) || is_a_things(w, at, family))
			return -1;
		if (!(family & WITHIN) || (said->good & UNTIL))
			return 1;
		weakly = 1;
	}
	return weakly;
}

/* Is something to be done named behind @i: "Trước ngày …, các đơn vị gửi báo cáo"? */
static bool said_behind(const struct words *w, size_t i, unsigned family)
{
	for (size_t at = i; at < w->n && at < i + 16 && !ends_clause(w, at); at++) {
		const struct verb *said = find_verb(w, at, w->n, family | BEFORE);

		if (said && said->how == OURS)
			return !(said->bad & family) && (said->good & BEFORE) &&
			       !is_a_things(w, at, family);
	}
	return false;
}

/* "từ ngày A đến hết ngày B" tells how long something lasts. */
static bool ends_a_range(const struct words *w, size_t at)
{
	for (size_t i = at, low = at > 9 ? at - 9 : 0; i-- > low;) {
		if (ends_clause(w, i))
			return false;
		if (words_match(w, i, "từ ngày") || words_match(w, i, "từ tháng"))
			return true;
	}
	return false;
}

static bool is_the_tasks(
	const struct words *w, const struct found *f, const struct limit *limit)
{
	struct due_phrase phrase = {.at = f->at,
		.end = f->end,
		.before = limit->families & BEFORE,
		.within = limit->families & WITHIN,
		.counted = f->due.unit != PROPOSED_DUE_DATE,
		.anchored = f->anchored};
	bool counted = phrase.counted;
	unsigned family = limit->families & BY ? BY : limit->families;
	int said = said_before(w, f->at, family);

	if (said < 0 || ((family & UNTIL) && ends_a_range(w, f->at)))
		return false;
	if (counted && (family & BY) && said_before(w, f->at, FOR) < 0)
		return false;
	if (said > 0 || (family & BY))
		return true;
	if (due_stands_alone(w, &phrase))
		return true;
	return !(counted && (family & WITHIN) && !f->anchored) &&
	       said_behind(w, f->end, family);
}

/* Who is told to, in the clause before @at; not those it shall be sent to. */
static void find_body(struct reader *r, struct found *f)
{
	const struct words *w = &r->w;
	size_t from = clause_start(w, f->at);

	if (r->found.n && r->found.at[r->found.n - 1].end > from)
		from = r->found.at[r->found.n - 1].end;
	for (size_t i = from; i < f->at; i++) {
		size_t body_n = due_body_at(w, i);
		bool receives = false;

		for (size_t k = 0; k < COUNT(receiving); k++)
			receives |= words_match_before(w, i, receiving[k]) > 0;
		if (!body_n || receives)
			continue;
		f->body = i;
		f->body_n = body_n + 2; /* "Sở Y tế", "UBND các xã" */
		return;
	}
}

static void keep(struct reader *r, struct found f, const struct limit *limit)
{
	const struct words *w = &r->w;

	if (f.due.on == DAY_NONE ||
		(r->issued_on != DAY_NONE && f.due.on < r->issued_on) ||
		!is_the_tasks(w, &f, limit))
		return;
	size_t from = clause_start(w, f.at);
	bool serves = false;

	/* "… để tổng hợp, báo cáo Chính phủ trước ngày": what the others then do. */
	for (size_t i = f.at; i-- > from && r->found.n &&
			      r->found.at[r->found.n - 1].end <= i && !serves;)
		serves = words_match(w, i, "để") > 0;
	if (serves)
		return;
	find_body(r, &f);
	f.due.quoted = words_text(r->arena, w, f.at, f.end);
	*LIST_ADD(r->arena, &r->found) = f;
}

static struct proposed_due count_days(
	const struct reader *r, const struct due_count *count)
{
	day_t from = count->anchor == ANCHOR_DAY     ? count->from
		     : count->anchor == ANCHOR_ISSUE ? r->issued_on
						     : r->arrived_on;
	struct proposed_due due = {.on = DAY_NONE,
		.unit = count->unit,
		.count = count->n,
		.counted_from = from};

	if (from == DAY_NONE)
		return due;
	if (count->unit == PROPOSED_DUE_WORKING_DAYS)
		due.on = calendar_add_working(r->calendar, from, count->n);
	else if (count->unit == PROPOSED_DUE_HOURS) /* they run on days off, too */
		due.on = from + count->n / 24;
	else if (count->unit == PROPOSED_DUE_CALENDAR_DAYS)
		due.on = calendar_add_calendar(r->calendar, from, count->n);
	else
		due.on = calendar_add_calendar(
			r->calendar, day_add_months(from, count->n) - 1, 1);
	return due;
}

/* "thời hạn gửi báo cáo: 10/12/2025": up to five words may stand between. */
static size_t skip_to_colon(const struct words *w, size_t i)
{
	for (size_t k = 0; k < 6 && w->at[i + k].kind != WORD_END; k++) {
		if (words_sign(w, i + k, ':') || words_match(w, i + k, "là"))
			return i + k + 1;
		if (w->at[i + k].kind != WORD_LETTERS)
			break;
	}
	return i;
}

/* What @limit says when its time stands at @behind; false: there is none. */
static bool read_time(
	struct reader *r, const struct limit *limit, size_t behind, struct found *f)
{
	struct due_count count;
	struct due_span span;

	if (words_match_before(
		    &r->w, behind, "ngày")) /* "hết ngày", "không quá ngày" */
		behind--;
	if ((limit->families & FOR) && due_count_at(&r->w, behind, &count)) {
		f->due = count_days(r, &count);
		f->end = count.end;
		f->anchored = count.anchored;
		return true;
	}
	if (!(limit->families & ~(unsigned)FOR) ||
		!due_span_at(&r->w, behind, r->issued_on, &span))
		return false;
	bool before = span.before || (limit->families & BEFORE);

	f->due = (struct proposed_due){.on = !before || span.late ? span.last
					     : span.timed         ? span.first
								  : span.first - 1,
		.unit = PROPOSED_DUE_DATE,
		.counted_from = DAY_NONE};
	f->end = span.end;
	return true;
}

/* "hạn gửi báo cáo 10/12/2025": what the limit is for may stand between. */
static size_t skip_verb(const struct words *w, size_t i)
{
	size_t longest = 0;

	for (size_t k = 0; k < COUNT(verbs); k++) {
		size_t n = verbs[k].good & BY ? words_match(w, i, verbs[k].words) : 0;

		longest = n > longest ? n : longest;
	}
	return longest;
}

/* What the limit at @i says; returns the word to go on with. */
static size_t read_limit(struct reader *r, size_t i, const struct limit *limit)
{
	size_t behind = i + words_match(&r->w, i, limit->words), verb;
	struct found f = {.at = i};

	if ((limit->families & BEFORE) && words_match(&r->w, behind, "thời điểm"))
		return i + 1; /* a cut-off of what is reported on */
	if (limit->families & BY)
		behind = skip_to_colon(&r->w, behind);
	if (!read_time(r, limit, behind, &f)) {
		verb = limit->families & BY ? skip_verb(&r->w, behind) : 0;
		if (!verb || !read_time(r, limit, behind + verb, &f))
			return i + 1;
	}
	keep(r, f, limit);
	return f.end;
}

static const struct limit *limit_at(const struct words *w, size_t i)
{
	const struct limit *best = NULL;
	size_t longest = 0;

	for (size_t k = 0; k < COUNT(limits); k++) {
		size_t n = words_match(w, i, limits[k].words);

		if (n > longest) {
			longest = n;
			best = &limits[k];
		}
	}
	return best;
}

/* Does @b address other people than @a? */
static bool is_for_others(
	const struct words *w, const struct found *a, const struct found *b)
{
	if (!b->body_n || !a->body_n)
		return b->body_n > 0;
	for (size_t k = 0; k < b->body_n; k++) {
		const struct word *x = &w->at[a->body + k], *y = &w->at[b->body + k];

		if (a->body + k >= a->at || b->body + k >= b->at)
			break;
		if (x->n != y->n)
			return true;
		for (size_t i = 0; i < x->n; i++)
			if (x->letters[i] != y->letters[i])
				return true;
	}
	return false;
}

enum proposed_due_outcome proposed_due_read(struct arena *arena, const char *text,
	day_t issued_on, day_t arrived_on, const struct calendar *calendar,
	struct proposed_due *ret_due)
{
	struct reader r = {.arena = arena,
		.w = words_split(arena, text),
		.issued_on = issued_on == DAY_NONE ? arrived_on : issued_on,
		.arrived_on = arrived_on == DAY_NONE ? issued_on : arrived_on,
		.calendar = calendar};

	for (size_t i = 0; i < r.w.n;) {
		const struct limit *limit =
			r.w.at[i].kind == WORD_LETTERS ? limit_at(&r.w, i) : NULL;

		i = limit ? read_limit(&r, i, limit) : i + 1;
	}
	if (!r.found.n)
		return PROPOSED_DUE_NONE;
	*ret_due = r.found.at[0].due;
	for (size_t i = 1; i < r.found.n; i++)
		if (r.found.at[i].due.on != ret_due->on &&
			is_for_others(&r.w, &r.found.at[0], &r.found.at[i]))
			return PROPOSED_DUE_AMBIGUOUS;
	return PROPOSED_DUE_FOUND;
}
