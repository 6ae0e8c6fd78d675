#include "gateway/rules/names.h"

#include <ctype.h>
#include <string.h>

#include "gateway/base/text.h"

/* "số: 12/UBND" is written where 12/UBND is meant. */
static const char *skip_so(const char *text)
{
	static const char *const words[] = {"s\xe1\xbb\x91", "so"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		size_t n = strlen(words[i]);

		if (strncmp(text, words[i], n) != 0)
			continue;
		const char *p = text + n;

		if (*p != ' ' && *p != ':' && *p != '.' && !isdigit((unsigned char)*p))
			continue;
		p += strspn(p, " :.");
		if (isdigit((unsigned char)*p))
			return p;
	}
	return text;
}

const char *name_fold_code(struct arena *arena, const char *code)
{
	const char *folded = skip_so(text_fold(arena, code));

	while (folded[0] == '0' && isdigit((unsigned char)folded[1]))
		folded++;
	return *folded ? folded : NULL;
}

const char *name_loose_code(struct arena *arena, const char *folded_code)
{
	if (!folded_code || !strstr(folded_code, "\xc4\x91"))
		return folded_code;
	char *loose = arena_dup(arena, folded_code), *to = loose;

	for (const char *p = folded_code; *p;) {
		if (p[0] == '\xc4' && p[1] == '\x91') {
			*to++ = 'd';
			p += 2;
		} else {
			*to++ = *p++;
		}
	}
	*to = '\0';
	return loose;
}

enum name_fit name_fit_codes(const char *folded_a, const char *folded_b)
{
	const char *a = folded_a, *b = folded_b;
	enum name_fit fit = NAME_EXACT;

	if (!a || !b)
		return NAME_DIFFERENT;
	while (*a && *b) {
		if (*a == *b) {
			a++;
			b++;
			continue;
		}
		bool a_lost = a[0] == 'd' && b[0] == '\xc4' && b[1] == '\x91';
		bool b_lost = b[0] == 'd' && a[0] == '\xc4' && a[1] == '\x91';

		if (!a_lost && !b_lost)
			return NAME_DIFFERENT;
		fit = NAME_LOOSE;
		a += b_lost ? 2 : 1;
		b += a_lost ? 2 : 1;
	}
	return *a || *b ? NAME_DIFFERENT : fit;
}

/* A number of one to @most digits. */
static bool read_digits(const char **p, int most, int *ret_value)
{
	int value = 0, n = 0;

	for (; n < most && isdigit((unsigned char)**p); n++)
		value = value * 10 + (*(*p)++ - '0');
	*ret_value = value;
	return n > 0;
}

/* A day written yyyy/MM/dd, dd/MM/yyyy or yyyy-MM-dd. */
static day_t read_day(const char *text)
{
	int a, b, c;
	const char *p = text;

	if (!read_digits(&p, 4, &a) || (*p != '/' && *p != '-'))
		return DAY_NONE;
	char dash = *p++;

	if (!read_digits(&p, 2, &b) || *p++ != dash || !read_digits(&p, 4, &c) || *p)
		return DAY_NONE;
	return a > 31 ? day_from(a, b, c) : c > 31 ? day_from(c, b, a) : DAY_NONE;
}

/* `notation/number` where `number/notation` is the rule (quirk id.swapped). */
static const char *unswap(struct arena *arena, const char *code)
{
	const char *slash = strchr(code, '/');

	if (!slash || !isdigit((unsigned char)slash[1]) || strchr(slash + 1, '/'))
		return code;
	for (const char *p = code; p < slash; p++)
		if (isdigit((unsigned char)*p))
			return code;
	return arena_printf(arena, "%s/%.*s", slash + 1, (int)(slash - code), code);
}

struct name_id name_read_id(struct arena *arena, const char *document_id)
{
	struct name_id id = {.day = DAY_NONE};

	if (!document_id || !*document_id)
		return id;
	id.folded = text_fold(arena, document_id);
	const char *first = strchr(id.folded, ','), *second;

	if (!first || first == id.folded || !(second = strchr(first + 1, ',')))
		return id;
	const char *organ =
		text_clean(arena, id.folded, (size_t)(first - id.folded), NULL);
	const char *date =
		text_clean(arena, first + 1, (size_t)(second - first - 1), NULL);
	const char *code = second + 1 + strspn(second + 1, " ");

	if (!strchr(code, '/') || strspn(date, "0123456789/-") != strlen(date) ||
		!*date)
		return id;
	id.conventional = true;
	id.organ = organ;
	id.date_text = date;
	id.day = read_day(date);
	id.code = name_fold_code(arena, unswap(arena, code));
	id.written_code = strchr(strchr(document_id, ',') + 1, ',') + 1;
	return id;
}

/* ---- How two spellings of one name differ (M9) */

/* A name taken apart into what folding forgets. */
struct spelling {
	bool so;
	size_t zeros;
	const char *dashes, *spaces; /* every dash; what stands before each space */
	const char *rest;            /* neither, in the letters it came in */
};

static size_t letter_size(const char *p)
{
	size_t n = 1;

	while ((p[n] & 0xc0) == 0x80)
		n++;
	return n;
}

static struct spelling spell(struct arena *arena, const char *name)
{
	const char *folded = text_fold(arena, name), *p = name;
	struct spelling s = {.dashes = "", .spaces = "", .rest = ""};

	s.so = skip_so(folded) != folded;
	if (s.so)
		p += strcspn(p, "0123456789");
	while (p[0] == '0' && isdigit((unsigned char)p[1])) {
		s.zeros++;
		p++;
	}
	for (size_t n, seen = 0; *p; p += n) {
		bool dash = false;

		n = letter_size(p);
		text_punctuation(p, &dash);
		if (*p == ' ')
			s.spaces = arena_printf(arena, "%s %zu", s.spaces, seen);
		else if (dash)
			s.dashes = arena_printf(arena, "%s%.*s", s.dashes, (int)n, p);
		else
			s.rest = arena_printf(arena, "%s%.*s", s.rest, (int)n, p);
		seen += *p != ' ';
	}
	return s;
}

/* Two rests of one name: do only capitals tell them apart, and is a Đ lost? */
static void compare_letters(struct arena *arena, const char *a, const char *b,
	bool *ret_case, bool *ret_lost)
{
	while (*a && *b) {
		size_t n = letter_size(a), m = letter_size(b);
		const char *x =
			text_fold(arena, arena_printf(arena, "%.*s", (int)n, a));
		const char *y =
			text_fold(arena, arena_printf(arena, "%.*s", (int)m, b));

		if (strcmp(x, y) != 0)
			*ret_lost = true;
		else if (n != m || memcmp(a, b, n) != 0)
			*ret_case = true;
		a += n;
		b += m;
	}
}

const char *name_differences(struct arena *arena, const char *a, const char *b)
{
	const char *list = NULL;
	bool letters = false, lost = false;

	if (!a || !b || strcmp(a, b) == 0 ||
		name_fit_codes(name_fold_code(arena, a), name_fold_code(arena, b)) ==
			NAME_DIFFERENT)
		return NULL;
	struct spelling x = spell(arena, a), y = spell(arena, b);

	compare_letters(arena, x.rest, y.rest, &letters, &lost);
	const struct {
		bool differs;
		const char *says;
	} ways[] = {{x.so != y.so, "số"}, {x.zeros != y.zeros, "leading zeros"},
		{strcmp(x.dashes, y.dashes) != 0, "dashes"},
		{strcmp(x.spaces, y.spaces) != 0, "spaces"}, {letters, "letter case"},
		{lost, "a lost Đ"}};

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		if (ways[i].differs)
			list = list ? arena_printf(arena, "%s, %s", list, ways[i].says)
				    : ways[i].says;
	return list;
}

int64_t name_number(const char *folded_code)
{
	int64_t number = 0;

	for (const char *p = folded_code; p && isdigit((unsigned char)*p); p++) {
		if (number > (INT64_MAX - 9) / 10)
			return INT64_MAX;
		number = number * 10 + (*p - '0');
	}
	return number;
}

bool name_has_task_code(struct arena *arena, const char *codes, const char *code)
{
	const char *wanted = text_fold(arena, code);

	while (codes && code) {
		const char *end = strchr(codes, '\n');
		const char *one =
			end ? arena_dup_n(arena, codes, (size_t)(end - codes)) : codes;

		if (strcmp(text_fold(arena, one), wanted) == 0)
			return true;
		codes = end ? end + 1 : NULL;
	}
	return false;
}
