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
	return id;
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
