#include "gateway/rules/proposed_due_when.h"

#include "gateway/rules/written.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static size_t one_of(
	const struct words *w, size_t i, const char *const *list, size_t list_n)
{
	for (size_t k = 0; k < list_n; k++) {
		size_t n = words_match(w, i, list[k]);

		if (n)
			return n;
	}
	return 0;
}
#define ONE_OF(w, i, list) one_of(w, i, list, COUNT(list))

/* "17 giờ 30 phút", "17h00", "17g", "17:00": its words. @ret_midnight: 0 giờ. */
static size_t hour_at(const struct words *w, size_t i, bool *ret_midnight)
{
	static const char *const hours[] = {"giờ", "h", "g"};
	static const char *const parts[] = {"phút", "sáng", "chiều", "tối", "'"};
	struct written_day day;
	int hour, minute = 0;
	size_t n;

	if (w->at[i].kind != WORD_DIGITS || written_number_at(w, i, &hour) != 1 ||
		hour > 24)
		return 0;
	if (words_sign(w, i + 1, ':') && w->at[i + 2].kind == WORD_DIGITS) {
		n = 3;
	} else if ((n = ONE_OF(w, i + 1, hours))) {
		n++;
		if (w->at[i + n].kind == WORD_DIGITS && !written_day_at(w, i + n, &day))
			n += written_number_at(w, i + n, &minute);
	} else {
		return 0;
	}
	for (size_t k; (k = ONE_OF(w, i + n, parts));)
		n += k;
	*ret_midnight = hour == 0 && minute == 0;
	return n;
}

static void set_months(struct due_span *span, int year, int month, int months)
{
	span->first = day_from(year, month, 1);
	span->last = day_add_months(span->first, months) - 1;
}

/* The year of a month or quarter at @i: "/2026", "năm 2026", or the next from @from. */
static size_t year_behind(
	const struct words *w, size_t i, day_t from, int month, int *ret_year)
{
	int year, now_month, mday;

	if (words_sign_of(w, i, "/-") && written_year_at(w, i + 1, ret_year))
		return 2;
	if (words_match(w, i, "năm") && written_year_at(w, i + 1, ret_year))
		return 2;
	if (from == DAY_NONE || words_sign(w, i, '/')) {
		*ret_year = 0;
		return 0;
	}
	day_split(from, &year, &now_month, &mday);
	*ret_year = month < now_month ? year + 1 : year;
	return 0;
}

static size_t month_at(
	const struct words *w, size_t i, day_t from, struct due_span *span)
{
	int month, year;
	size_t n = words_match(w, i, "tháng"), k;

	if (!n || !(k = written_number_at(w, i + n, &month)) || month < 1 || month > 12)
		return 0;
	n += k;
	n += year_behind(w, i + n, from, month, &year);
	if (!year)
		return 0;
	set_months(span, year, month, 1);
	return n;
}

static size_t quarter_at(
	const struct words *w, size_t i, day_t from, struct due_span *span)
{
	static const char *const romans[] = {"i", "ii", "iii", "iv"};
	int quarter = 0, year;
	size_t n = words_match(w, i, "quý") + words_match(w, i, "quí");

	if (!n)
		return 0;
	for (size_t k = 0; k < COUNT(romans); k++)
		if (words_match(w, i + n, romans[k]))
			quarter = (int)k + 1;
	if (!quarter && !written_number_at(w, i + n, &quarter))
		return 0;
	if (quarter < 1 || quarter > 4)
		return 0;
	n++;
	n += year_behind(w, i + n, from, 3 * quarter, &year);
	if (!year)
		return 0;
	set_months(span, year, 3 * quarter - 2, 3);
	return n;
}

static size_t day_at(const struct words *w, size_t i, day_t from, struct due_span *span)
{
	struct written_day day;
	size_t n = words_match(w, i, "ngày"), k = 0;
	int year, month, mday;

	if (words_sign(w, i + n, ':'))
		n++;
	if (words_match(w, i + n, "mùng") || words_match(w, i + n, "mồng"))
		n++;
	if (!(k = written_day_at(w, i + n, &day)))
		return 0;
	if (day.yearless && from != DAY_NONE) {
		day_split(from, &year, &month, &mday);
		day.day = day_from(year, day.month, day.mday);
		if (day.day == DAY_NONE || day.day < from)
			day.day = day_from(year + 1, day.month, day.mday);
	}
	if (day.day == DAY_NONE)
		return 0;
	span->first = span->last = day.day;
	return n + k;
}

static size_t named_at(
	const struct words *w, size_t i, day_t from, struct due_span *span)
{
	int year;
	size_t n;

	if ((n = day_at(w, i, from, span)) || (n = month_at(w, i, from, span)) ||
		(n = quarter_at(w, i, from, span)))
		return n;
	if (words_match(w, i, "năm") && written_year_at(w, i + 1, &year)) {
		set_months(span, year, 1, 12);
		return 2;
	}
	return 0;
}

/* "hằng năm", "hàng tháng": one of many. */
static bool is_periodic(const struct words *w, size_t i)
{
	static const char *const every[] = {"hằng", "hàng", "mỗi", "của tháng sau"};

	return ONE_OF(w, i, every) > 0;
}

/* "thứ Sáu", "thứ 6", "ngày thứ Sáu", "Chủ nhật": only said beside a date. */
static size_t weekday_at(const struct words *w, size_t i)
{
	static const char *const days[] = {
		"hai", "ba", "tư", "năm", "sáu", "bảy", "2", "3", "4", "5", "6", "7"};
	size_t n = words_match(w, i, "ngày"), k;

	if ((k = words_match(w, i + n, "chủ nhật")))
		return n + k;
	if (!words_match(w, i + n, "thứ") || !(k = ONE_OF(w, i + n + 1, days)))
		return 0;
	return n + 1 + k;
}

/* "cuối ngày", "hết giờ hành chính": the end of what is named then. */
static size_t end_at(const struct words *w, size_t i)
{
	static const char *const ends[] = {"cuối giờ làm việc", "cuối giờ hành chính",
		"cuối giờ chiều", "cuối giờ", "cuối buổi chiều", "cuối ngày làm việc",
		"cuối ngày", "cuối", "hết giờ làm việc", "hết giờ hành chính",
		"hết giờ"};

	return ONE_OF(w, i, ends);
}

bool due_span_at(const struct words *w, size_t i, day_t from, struct due_span *ret_span)
{
	static const char *const fillers[] = {"là", "vào", "đến hết", "đến", "lúc",
		"hết", "thời điểm", "ngày làm việc", "giờ làm việc", "giờ hành chính",
		"trong"};
	struct due_span span = {0};
	bool midnight = false, before = false;
	size_t n;

	for (int k = 0; k < 6; k++) {
		if ((n = words_match(w, i, "trước")))
			before = true;
		else if ((n = hour_at(w, i, &midnight)))
			span.timed = !midnight;
		else if ((n = end_at(w, i)))
			span.late = true;
		else if ((n = weekday_at(w, i)))
			;
		else if (!(n = ONE_OF(w, i, fillers)))
			n = words_sign_of(w, i, ":,-") && k > 0 ? 1 : 0;
		if (!n)
			break;
		i += n;
	}
	if (words_sign(w, i, ':'))
		i++;
	if (!(n = named_at(w, i, from, &span)) || is_periodic(w, i + n))
		return false;
	span.before = before;
	span.end = i + n;
	*ret_span = span;
	return true;
}

/* --- counted days --- */

static size_t unit_at(const struct words *w, size_t i, struct due_count *count)
{
	static const struct {
		const char *words;
		enum proposed_due_unit unit;
		int times;
	} units[] = {
		{"ngày làm việc", PROPOSED_DUE_WORKING_DAYS, 1},
		{"ngày", PROPOSED_DUE_CALENDAR_DAYS, 1},
		{"tuần", PROPOSED_DUE_CALENDAR_DAYS, 7},
		{"tháng", PROPOSED_DUE_MONTHS, 1},
		{"giờ", PROPOSED_DUE_HOURS, 1},
		{"h", PROPOSED_DUE_HOURS, 1},
	};

	for (size_t k = 0; k < COUNT(units); k++) {
		size_t n = words_match(w, i, units[k].words);

		if (!n)
			continue;
		count->unit = units[k].unit;
		count->n *= units[k].times;
		return n;
	}
	return 0;
}

/* What the days are counted from, when "nhận" stands at @i: this letter, or a thing. */
static bool receives_a_thing(const struct words *w, size_t i)
{
	static const char *const things[] = {"hồ sơ", "đủ", "đầy đủ", "kết quả", "đơn",
		"báo cáo", "ý kiến", "đề nghị", "tiền", "bàn giao", "thông tin",
		"yêu cầu"};

	for (size_t k = 0; k < 4; k++)
		if (ONE_OF(w, i + k, things))
			return true;
	return false;
}

/* The letter itself, as it calls itself: "nhận được Phiếu lấy ý kiến này". */
static size_t this_letter_at(const struct words *w, size_t i)
{
	static const char *const letters[] = {"văn bản lấy ý kiến",
		"văn bản xin ý kiến", "phiếu lấy ý kiến", "phiếu xin ý kiến",
		"phiếu này", "văn bản này", "văn bản", "công văn này", "công văn",
		"công điện này", "công điện", "chỉ thị này", "chỉ đạo", "thông báo này",
		"kế hoạch này", "quyết định này"};

	return ONE_OF(w, i, letters);
}

/* Of a letter that is not this one: "văn bản đề nghị", "công văn của". */
static bool is_of_another(const struct words *w, size_t i)
{
	static const char *const others[] = {"đề nghị", "yêu cầu", "trả lời", "của",
		"phản hồi", "báo cáo", "chấp thuận", "thẩm định", "góp ý"};

	return ONE_OF(w, i, others) > 0;
}

/* The anchor behind "từ": its words, 0 when it is one we do not know. */
static size_t anchor_at(const struct words *w, size_t i, struct due_count *count)
{
	static const char *const received[] = {
		"nhận được", "nhận", "tiếp nhận", "văn bản đến", "văn bản này đến"};
	static const char *const issued[] = {"ký", "ban hành", "phát hành",
		"ra văn bản", "có văn bản này", "có công văn này", "văn bản này",
		"công văn này", "ký ban hành"};
	static const char *const when[] = {"ngày", "khi", "thời điểm", "lúc"};
	struct written_day day;
	size_t n = 0, k;

	if ((k = written_day_at(w, i + words_match(w, i, "ngày"), &day))) {
		count->anchor = ANCHOR_DAY;
		count->from = day.day;
		return day.day == DAY_NONE ? 0 : k + words_match(w, i, "ngày");
	}
	while ((k = ONE_OF(w, i + n, when)))
		n += k;
	if ((k = ONE_OF(w, i + n, received))) {
		size_t letter = this_letter_at(w, i + n + k);

		count->anchor = ANCHOR_ARRIVAL;
		if (letter && !is_of_another(w, i + n + k + letter))
			return n + k;
		return receives_a_thing(w, i + n + k) ? 0 : n + k;
	}
	if ((k = ONE_OF(w, i + n, issued))) {
		count->anchor = ANCHOR_ISSUE;
		return n + k;
	}
	return 0;
}

/* What makes counted days no term: "02 ngày trước khi", "03 ngày/hồ sơ", "24 giờ qua".
 */
static bool is_no_term(const struct words *w, size_t i, const struct due_count *count)
{
	static const char *const not_terms[] = {"trước", "đầu", "cuối", "đối với hồ sơ",
		"đối với thủ tục", "đối với trường hợp", "một lần", "mỗi", "qua",
		"vừa qua", "liên tục", "liên tiếp"};

	if (words_sign(w, i, '/') || ONE_OF(w, i, not_terms))
		return true;
	return count->unit == PROPOSED_DUE_HOURS &&
	       (count->n % 24 || words_match(w, i, "tới"));
}

bool due_count_at(const struct words *w, size_t i, struct due_count *ret_count)
{
	static const char *const fillers[] = {
		"là", "sau", "không quá", "tối đa", "chậm nhất", "vòng"};
	static const char *const froms[] = {"kể từ", "tính từ", "từ", "sau", "kể"};
	struct due_count count = {.anchor = ANCHOR_ARRIVAL, .from = DAY_NONE};
	size_t n;
	int again;

	for (int k = 0; k < 3 && ((n = ONE_OF(w, i, fillers)) ||
					 (n = words_sign(w, i, ':') ? 1 : 0));
		k++)
		i += n;
	if (!(n = written_number_at(w, i, &count.n)) || count.n > 1000)
		return false;
	i += n;
	if (words_sign(w, i, '(') && (n = written_number_at(w, i + 1, &again)) &&
		words_sign(w, i + 1 + n, ')'))
		i += n + 2;
	if (!(n = unit_at(w, i, &count)))
		return false;
	i += n;
	if (is_no_term(w, i, &count))
		return false;
	size_t comma = words_sign(w, i, ',') ? 1 : 0;

	if ((n = ONE_OF(w, i + comma, froms))) {
		i += comma + n;
		count.anchored = true;
		if (!(n = anchor_at(w, i, &count)))
			return false;
		i += n;
		i += this_letter_at(w, i);
	}
	count.end = i;
	*ret_count = count;
	return true;
}
