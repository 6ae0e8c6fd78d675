#include "gateway/rules/citation_code.h"

#include "gateway/rules/written.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

enum { NUMBER_DIGITS = 20, NOTATION_WORDS = 12 };

/* Kinds of decree 30/2020 written with more small letters than capitals. */
static bool is_mixed_kind(const struct words *w, size_t i)
{
	static const char *const kinds[] = {
		"ttr", "ctr", "qyđ", "ttg", "ctn", "đa", "gn"};

	for (size_t k = 0; k < COUNT(kinds); k++)
		if (words_match(w, i, kinds[k]))
			return true;
	return false;
}

/* A word of a notation: capitals (UBND, QyĐ), or @small where no capitals are written.
 */
static bool is_part(const struct words *w, size_t i, bool small)
{
	const struct word *word = &w->at[i];

	if (word->kind != WORD_LETTERS || word->tone || word->n > 20)
		return false;
	if (word->capitals)
		return word->capitals * 2 >= word->n || is_mixed_kind(w, i);
	return small && word->n <= 8;
}

static bool is_unit(const struct words *w, size_t i)
{
	static const char *const units[] = {"ha", "km", "kg", "kw", "kwh", "mw", "mwh",
		"kv", "kva", "vnd", "vnđ", "usd", "tp", "tx", "tt"};

	for (size_t k = 0; k < COUNT(units); k++)
		if (words_match(w, i, units[k]))
			return true;
	return false;
}

/* "12/UBND - VX" goes on; "12/SYT - UBND tỉnh" does not. */
static bool spaced_dash_goes_on(const struct words *w, size_t dash)
{
	static const char *const places[] = {
		"tỉnh", "thành", "huyện", "xã", "phường", "thị", "các"};
	const struct word *next = &w->at[dash + 1];

	if (next->kind != WORD_LETTERS || next->capitals != next->n || next->n > 10)
		return false;
	for (size_t k = 0; k < COUNT(places); k++)
		if (words_match(w, dash + 2, places[k]))
			return false;
	return true;
}

/* Does the notation go on behind the sign at @i? */
static bool goes_on(const struct words *w, size_t i, bool dashed, bool small)
{
	const struct word *next = &w->at[i + 1];
	struct written_day day;

	if (!words_sign_of(w, i, "-/.&_+"))
		return false;
	if (w->at[i].spaced || next->spaced) {
		if (words_sign(w, i, '-'))
			return !dashed &&
			       (spaced_dash_goes_on(w, i) ||
				       (!w->at[i].spaced && is_part(w, i + 1, false)));
		return words_sign(w, i, '/') && is_part(w, i + 1, false);
	}
	if (next->kind == WORD_DIGITS)
		return words_sign_of(w, i, "-/") && next->n <= 4 &&
		       !written_day_at(w, i + 1, &day);
	return is_part(w, i + 1, small && !words_sign(w, i, '.'));
}

/* The notation at @i: where it ends, or @i when there is none. */
static size_t notation_end(const struct words *w, size_t i, bool small)
{
	size_t at = i, capitals = 0, parts = 0;
	bool dashed = false;

	while (parts++ < NOTATION_WORDS) {
		capitals += w->at[at].capitals;
		at++;
		while (w->at[at].kind != WORD_SIGN && w->at[at].kind != WORD_END &&
			!w->at[at].spaced)
			capitals += w->at[at++].capitals; /* QH14 */
		if (!goes_on(w, at, dashed, small))
			break;
		dashed |= words_sign(w, at, '-');
		at++;
	}
	if (parts == 1 && is_unit(w, i))
		return i;
	return capitals >= 2 || (small && !capitals && parts > 1) ? at : i;
}

bool citation_stands_free(const struct words *w, size_t i)
{
	const struct word *before = &w->at[i] - 1;

	if (w->at[i].spaced || i == 0)
		return true;
	if (before->kind == WORD_LETTERS) /* "số12/", "CV12/" */
		return words_match(w, i - 1, "số") || words_match(w, i - 1, "cv");
	if (!words_sign_of(w, i - 1, "([\"',;:.-") || i == 1)
		return words_sign_of(w, i - 1, "([\"'");
	return before[-1].kind != WORD_DIGITS || words_sign_of(w, i - 1, ",;");
}

/* A number's words at @i: 1, 2 for "12a", 0 for none. */
static size_t number_words(const struct words *w, size_t i)
{
	const struct word *letter = &w->at[i + 1];

	if (w->at[i].kind != WORD_DIGITS || w->at[i].n > NUMBER_DIGITS)
		return 0;
	if (letter->kind == WORD_LETTERS && letter->n == 1 && !letter->spaced)
		return 2;
	return 1;
}

bool citation_code_may_begin(const struct words *w, size_t i)
{
	size_t n = number_words(w, i);

	return n && words_sign_of(w, i + n, "/-");
}

bool citation_code_at(
	const struct words *w, size_t i, bool small, struct citation_code *ret_code)
{
	size_t at = i + number_words(w, i), end;
	int year;

	if (at == i || !citation_stands_free(w, i))
		return false;
	*ret_code = (struct citation_code){.from = i, .slash = at};
	if (words_sign(w, at, '-') && !w->at[at].spaced && !w->at[at + 1].spaced) {
		/* "15-CT/TW": a Party document has its slash later. */
		if (!is_part(w, at + 1, false) || !words_sign(w, at + 2, '/') ||
			!is_part(w, at + 3, false))
			return false;
		ret_code->to = notation_end(w, at + 1, false);
		return ret_code->to > at + 1;
	}
	if (!words_sign(w, at, '/'))
		return false;
	if (written_year_at(w, at + 1, &year) && words_sign(w, at + 2, '/'))
		at += 2;
	if (!is_part(w, at + 1, small))
		return false;
	end = notation_end(w, at + 1, small);
	ret_code->to = end;
	return end > at + 1 && !(words_sign(w, end, '/') && !w->at[end].spaced &&
				       w->at[end + 1].kind != WORD_END);
}
