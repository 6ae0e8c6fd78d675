/* Whether an assignment asks for a progress report (M4), so that such a report ends it.
 * Data first; in doubt it asks for none, and the task stays open. */
#include "gateway/rules/reply_kind.h"

#include "gateway/rules/words.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static const char *const plainly[] = {"báo cáo tiến độ", "báo cáo tiến trình",
	"cập nhật tiến độ", "kết quả bước đầu", "kết quả ban đầu", "kết quả sơ bộ",
	"sơ bộ kết quả", "báo cáo sơ bộ", "báo cáo bước đầu", "báo cáo ban đầu",
	"báo cáo giữa kỳ", "báo cáo nhanh tiến độ", "sơ bộ tình hình"};

/* Before "tiến độ": who does this with it asks for it. Who does the other does not. */
static const char *const tells[] = {
	"báo cáo", "cập nhật", "cung cấp", "gửi", "thông tin", "báo"};
static const char *const other[] = {"đẩy nhanh", "bảo đảm", "đảm bảo", "đúng", "chậm",
	"tăng", "kiểm soát", "đôn đốc", "giám sát", "thúc đẩy", "kết quả"};

/* A report that is there already, right before it; one that is overdue, or none. */
static const char *const existing[] = {"căn cứ", "theo", "xét", "tại", "qua", "đã",
	"các", "những", "mẫu", "chế độ", "công tác", "chất lượng", "nội dung",
	"nhận được", "xem xét", "kèm theo", "thay", "góp ý"};
static const char *const blamed[] = {"chậm", "chấn chỉnh", "phê bình", "nhắc nhở",
	"kiểm điểm", "không", "chưa", "sau khi", "muộn", "trễ"};

/* Reports of every week, beside work that is to be finished, do not finish it. */
static const char *const periods[] = {"định kỳ", "hằng ngày", "hàng ngày", "hằng tuần",
	"hàng tuần", "hằng tháng", "hàng tháng", "hằng quý", "hàng quý"};
enum { AROUND = 40 }; /* words on either side */
static const char *const work[] = {"hoàn thành", "báo cáo kết quả"};

static size_t any_at(
	const struct words *w, size_t i, const char *const *list, size_t list_n)
{
	size_t n = 0;

	for (size_t k = 0; k < list_n && !n; k++)
		n = words_match(w, i, list[k]);
	return n;
}
#define ANY_AT(w, i, list) any_at(w, i, list, COUNT(list))

static bool asks_before(const struct words *w, size_t i)
{
	for (size_t at = i, low = i > 10 ? i - 10 : 0; at-- > low;) {
		if (words_end_sentence(w, at) || words_sign(w, at, ';') ||
			ANY_AT(w, at, other))
			return false;
		if (ANY_AT(w, at, tells))
			return true;
	}
	return false;
}

/* "chấn chỉnh việc chậm báo cáo tiến độ", "căn cứ Báo cáo tiến độ số 12/BC-SYT" */
static bool is_spoken_of(const struct words *w, size_t i)
{
	for (size_t k = 0; k < COUNT(existing); k++)
		if (words_match_before(w, i, existing[k]))
			return true;
	for (size_t at = i, low = i > 8 ? i - 8 : 0; at-- > low;) {
		if (words_end_sentence(w, at) || words_sign_of(w, at, ",;:"))
			return false;
		if (ANY_AT(w, at, blamed))
			return true;
	}
	return false;
}

static bool parts(const struct words *w, size_t i)
{
	return words_end_sentence(w, i) || words_sign(w, i, ';');
}

/* Of the sentence around @i: "định kỳ hằng tuần …". */
static bool is_periodic(const struct words *w, size_t i)
{
	size_t at = i, low = i > AROUND ? i - AROUND : 0;

	while (at > low && !parts(w, at - 1))
		at--;
	for (; at < w->n && at < i + AROUND && !parts(w, at); at++)
		if (ANY_AT(w, at, periods))
			return true;
	return false;
}

static bool has_work(const struct words *w)
{
	for (size_t i = 0; i < w->n; i++)
		if (ANY_AT(w, i, work) && !words_match_before(w, i, "tiến độ"))
			return true;
	return false;
}

/* "báo cáo … tiến độ" at @i: its words, as far as they stand there; 0: nothing. */
static size_t progress_at(const struct words *w, size_t i)
{
	size_t n = ANY_AT(w, i, plainly);

	return n ? n : (words_match(w, i, "tiến độ") && asks_before(w, i));
}

bool reply_kind_asks_progress(struct arena *arena, const char *text)
{
	struct words w = words_split(arena, text);
	bool periodic = false;

	for (size_t i = 0, n; i < w.n; i += n ? n : 1) {
		n = progress_at(&w, i);
		if (!n || is_spoken_of(&w, i))
			continue;
		if (!is_periodic(&w, i))
			return true;
		periodic = true;
	}
	return periodic && !has_work(&w);
}
