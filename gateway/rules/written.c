#include "gateway/rules/written.h"

static const struct {
	const char *word;
	int value;
} units[] = {
	{"một", 1},
	{"mốt", 1},
	{"hai", 2},
	{"ba", 3},
	{"bốn", 4},
	{"tư", 4},
	{"năm", 5},
	{"lăm", 5},
	{"sáu", 6},
	{"bảy", 7},
	{"bẩy", 7},
	{"tám", 8},
	{"chín", 9},
};

static int figures(const struct word *word, size_t digits_max)
{
	int value = 0;

	if (word->kind != WORD_DIGITS || word->n > digits_max)
		return -1;
	for (size_t i = 0; i < word->n; i++)
		value = value * 10 + (word->letters[i] - '0');
	return value;
}

static size_t unit_at(const struct words *w, size_t i, int *ret_value)
{
	for (size_t k = 0; k < sizeof(units) / sizeof(units[0]); k++)
		if (words_match(w, i, units[k].word)) {
			*ret_value = units[k].value;
			return 1;
		}
	*ret_value = 0;
	return 0;
}

size_t written_number_at(const struct words *w, size_t i, int *ret_number)
{
	int value = figures(&w->at[i], 4), unit = 0;
	size_t n = 1;

	if (value >= 0) {
		*ret_number = value;
		return 1;
	}
	if (w->at[i].kind != WORD_LETTERS)
		return 0;
	if (words_match(w, i, "mười")) {
		value = 10;
	} else {
		if (!unit_at(w, i, &value))
			return 0;
		if (!words_match(w, i + 1, "mươi")) {
			*ret_number = value;
			return 1;
		}
		value *= 10;
		n = 2;
	}
	/* "mười năm" is ten years; five after ten is "lăm". */
	if (!words_match(w, i + n, "năm"))
		n += unit_at(w, i + n, &unit);
	*ret_number = value + unit;
	return n;
}

size_t written_year_at(const struct words *w, size_t i, int *ret_year)
{
	int year = w->at[i].n == 4 ? figures(&w->at[i], 4) : -1;

	if (year < 1900 || year > 2199)
		return 0;
	*ret_year = year;
	return 1;
}

/* A year behind a day and month: four figures, or two of this century. */
static size_t short_year_at(const struct words *w, size_t i, int *ret_year)
{
	if (written_year_at(w, i, ret_year))
		return 1;
	if (w->at[i].n != 2 || figures(&w->at[i], 2) < 0)
		return 0;
	*ret_year = 2000 + figures(&w->at[i], 2);
	return 1;
}

static bool fill(struct written_day *day, int mday, int month, int year)
{
	if (mday < 1 || mday > 31 || month < 1 || month > 12)
		return false;
	*day = (struct written_day){
		year ? day_from(year, month, mday) : DAY_NONE, mday, month, !year};
	return true;
}

/* "năm 2026", ", năm 2026" */
static size_t year_phrase_at(const struct words *w, size_t i, int *ret_year)
{
	size_t n = words_sign(w, i, ',') ? 1 : 0;

	if (!words_match(w, i + n, "năm") || !written_year_at(w, i + n + 1, ret_year))
		return 0;
	return n + 2;
}

static size_t day_in_words_at(const struct words *w, size_t i, struct written_day *ret)
{
	int mday, month, year = 0;
	size_t n = written_number_at(w, i, &mday), k;

	if (!n || !words_match(w, i + n, "tháng"))
		return 0;
	n++;
	if (!(k = written_number_at(w, i + n, &month)))
		return 0;
	n += k;
	if (words_sign_of(w, i + n, "/-.") && written_year_at(w, i + n + 1, &year))
		n += 2;
	else
		n += year_phrase_at(w, i + n, &year);
	return fill(ret, mday, month, year) ? n : 0;
}

/* A sign between two figures; a full stop only where nothing is spaced. */
static bool joins(const struct words *w, size_t i)
{
	if (!words_sign_of(w, i, "/-.") || w->at[i + 1].kind != WORD_DIGITS)
		return false;
	return !words_sign(w, i, '.') || (!w->at[i].spaced && !w->at[i + 1].spaced);
}

size_t written_day_at(const struct words *w, size_t i, struct written_day *ret_day)
{
	int first, second, year = 0;
	size_t n;

	if (i >= w->n)
		return 0;
	if (w->at[i].kind != WORD_DIGITS || !joins(w, i + 1))
		return day_in_words_at(w, i, ret_day);
	if (joins(w, i + 3) && written_year_at(w, i, &year)) {
		second = figures(&w->at[i + 4], 2);
		return fill(ret_day, second, figures(&w->at[i + 2], 2), year) ? 5 : 0;
	}
	first = figures(&w->at[i], 2);
	second = figures(&w->at[i + 2], 2);
	if (joins(w, i + 3) && short_year_at(w, i + 4, &year))
		return fill(ret_day, first, second, year) ? 5 : 0;
	n = 3 + year_phrase_at(w, i + 3, &year);
	if (n == 3 && (joins(w, i + 3) || !words_sign(w, i + 1, '/')))
		return 0;
	return fill(ret_day, first, second, year) ? n : 0;
}
