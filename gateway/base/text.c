#include "gateway/base/text.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <utf8proc.h>

#include "gateway/base/mem.h"

bool text_is_utf8(const char *bytes, size_t n)
{
	const utf8proc_uint8_t *p = (const utf8proc_uint8_t *)bytes;
	utf8proc_int32_t c;

	for (size_t i = 0; i < n;) {
		if (p[i] && p[i] < 0x80) {
			i++;
			continue;
		}
		utf8proc_ssize_t step =
			utf8proc_iterate(p + i, (utf8proc_ssize_t)(n - i), &c);

		if (step <= 0 || c == 0)
			return false;
		i += (size_t)step;
	}
	return true;
}

static bool is_space(utf8proc_int32_t c)
{
	return c == ' ' || (c >= 0x09 && c <= 0x0d) || c == 0x85 || c == 0xa0 ||
	       c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x2028 ||
	       c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000;
}

/* Zero-width spaces and joiners, direction marks, variation selectors,
 * byte order marks: nobody sees them. */
static bool is_invisible(utf8proc_int32_t c)
{
	return c == 0x034f || c == 0x061c || (c >= 0x180b && c <= 0x180e) ||
	       (c >= 0xfe00 && c <= 0xfe0f) || (c >= 0x200b && c <= 0x200f) ||
	       (c >= 0x202a && c <= 0x202e) || (c >= 0x2060 && c <= 0x2069) ||
	       c == 0xfeff;
}

/*
 * Decode the whole of @bytes, fold spaces, trim, drop what is invisible; returns the
 * number of code points.
 */
static size_t decode_folding_space(
	const char *bytes, size_t n, utf8proc_int32_t *out, size_t room)
{
	const utf8proc_uint8_t *p = (const utf8proc_uint8_t *)bytes;
	size_t count = 0;
	bool pending = false;

	for (size_t i = 0; i < n && count + 1 < room;) {
		utf8proc_int32_t c;
		utf8proc_ssize_t step =
			utf8proc_iterate(p + i, (utf8proc_ssize_t)(n - i), &c);

		if (step <= 0 || c == 0)
			c = 0xfffd;
		i += step > 0 ? (size_t)step : 1;
		if (is_invisible(c))
			continue;
		if (is_space(c)) {
			pending = count > 0;
			continue;
		}
		if (pending)
			out[count++] = ' ';
		pending = false;
		out[count++] = c;
	}
	return count;
}

/* ASCII without NUL? */
static bool is_ascii(const char *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)(bytes[i] - 1) >= 0x7f)
			return false;
	return true;
}

static const char *clean_ascii(struct arena *arena, const char *bytes, size_t n)
{
	char *out = arena_dup_n(arena, bytes, n);
	size_t count = 0;
	bool pending = false;

	for (size_t i = 0; i < n; i++) {
		if (is_space((unsigned char)bytes[i])) {
			pending = count > 0;
			continue;
		}
		if (pending)
			out[count++] = ' ';
		pending = false;
		out[count++] = bytes[i];
	}
	out[count] = '\0';
	return out;
}

/*
 * Are all characters of @bytes such that NFC leaves them alone? True when every code
 * point is below U+0300 or in Latin Extended Additional (U+1E00..U+1EF9), where
 * composed Vietnamese lives; neither block holds marks or singletons we meet.
 */
static bool is_plainly_nfc(const char *bytes, size_t n)
{
	const unsigned char *p = (const unsigned char *)bytes;

	for (size_t i = 0; i < n;) {
		if (p[i] && p[i] < 0x80)
			i++;
		else if (p[i] >= 0xc2 && p[i] < 0xcc && i + 1 < n &&
			 (p[i + 1] & 0xc0) == 0x80)
			i += 2;
		else if (p[i] == 0xe1 && i + 2 < n && p[i + 1] >= 0xb8 &&
			 p[i + 1] <= 0xbb && (p[i + 2] & 0xc0) == 0x80)
			i += 3;
		else
			return false;
	}
	return true;
}

/* White space beyond ASCII in plainly-NFC text: only NEL and the no-break space. */
static const char *clean_plain(struct arena *arena, const char *bytes, size_t n)
{
	const unsigned char *p = (const unsigned char *)bytes;
	char *out = arena_dup_n(arena, bytes, n);
	size_t count = 0;
	bool pending = false;

	for (size_t i = 0; i < n; i++) {
		if (p[i] == 0xc2 && (p[i + 1] == 0xa0 || p[i + 1] == 0x85)) {
			pending = count > 0;
			i++;
			continue;
		}
		if (p[i] < 0x80 && is_space(p[i])) {
			pending = count > 0;
			continue;
		}
		if (pending)
			out[count++] = ' ';
		pending = false;
		out[count++] = bytes[i];
	}
	out[count] = '\0';
	return out;
}

/*
 * Most texts come clean: plainly NFC, and no white space but single spaces between
 * words. One look tells, and the copy is all there is to do.
 */
static bool is_clean(const char *bytes, size_t n)
{
	const unsigned char *p = (const unsigned char *)bytes;

	if (n == 0 || p[0] == ' ' || p[n - 1] == ' ')
		return false;
	for (size_t i = 0; i < n;) {
		if ((p[i] > ' ' && p[i] < 0x80) || (p[i] == ' ' && p[i + 1] != ' '))
			i++;
		else if (p[i] >= 0xc3 && p[i] < 0xcc && i + 1 < n &&
			 (p[i + 1] & 0xc0) == 0x80)
			i += 2;
		else if (p[i] == 0xe1 && i + 2 < n && p[i + 1] >= 0xb8 &&
			 p[i + 1] <= 0xbb && (p[i + 2] & 0xc0) == 0x80)
			i += 3;
		else
			return false;
	}
	return true;
}

/*
 * NFC of @text, NULL where it cannot be had. In the arena's own memory: what
 * utf8proc_NFC frees on its way nobody could overwrite (X1).
 */
static const char *compose(struct arena *arena, const utf8proc_uint8_t *text, size_t n)
{
	const utf8proc_option_t options = UTF8PROC_STABLE | UTF8PROC_COMPOSE;
	utf8proc_ssize_t length = (utf8proc_ssize_t)n,
			 count = utf8proc_decompose(text, length, NULL, 0, options);

	if (count < 0)
		return NULL;
	utf8proc_int32_t *points =
		arena_alloc(arena, ((size_t)count + 1) * sizeof(*points));

	count = utf8proc_decompose(text, length, points, count, options);
	if (count < 0 || utf8proc_reencode(points, count, options) < 0)
		return NULL;
	return (const char *)points; /* written over in place, and terminated */
}

const char *text_clean(
	struct arena *arena, const char *bytes, size_t n, bool *ret_changed)
{
	if (ret_changed)
		*ret_changed = false;
	if (is_clean(bytes, n))
		return arena_dup_n(arena, bytes, n);
	if (is_ascii(bytes, n))
		return clean_ascii(arena, bytes, n);
	if (is_plainly_nfc(bytes, n))
		return clean_plain(arena, bytes, n);

	/* Each byte gives at most one code point; the spare room is the terminator. */
	utf8proc_int32_t *points = arena_alloc(arena, (n + 2) * sizeof(*points));
	size_t count = decode_folding_space(bytes, n, points, n + 2);
	utf8proc_uint8_t *before = arena_alloc(arena, 4 * count + 1);
	size_t length = 0;

	for (size_t i = 0; i < count; i++)
		length += (size_t)utf8proc_encode_char(points[i], before + length);
	const char *composed = compose(arena, before, length);

	if (!composed)
		return (const char *)before;
	if (ret_changed)
		*ret_changed = strcmp(composed, (char *)before) != 0;
	return composed;
}

/* Hangul fillers and the empty Braille cell: letters and symbols by their category, and
 * blank. */
static bool is_filler_letter(utf8proc_int32_t c)
{
	return c == 0x115f || c == 0x1160 || c == 0x3164 || c == 0xffa0 || c == 0x2800;
}

static bool is_seen(utf8proc_int32_t c)
{
	static const unsigned unseen =
		1u << UTF8PROC_CATEGORY_CC | 1u << UTF8PROC_CATEGORY_CF |
		1u << UTF8PROC_CATEGORY_ZS | 1u << UTF8PROC_CATEGORY_ZL |
		1u << UTF8PROC_CATEGORY_ZP | 1u << UTF8PROC_CATEGORY_MN;

	return !(unseen & 1u << utf8proc_category(c)) && !is_filler_letter(c);
}

/* The character @text starts with, and its bytes; 0 at the end or where it is no UTF-8.
 */
static size_t first_character(const char *text, utf8proc_int32_t *ret_c)
{
	utf8proc_ssize_t step =
		utf8proc_iterate((const utf8proc_uint8_t *)text, -1, ret_c);

	return *text && step > 0 ? (size_t)step : 0;
}

bool text_is_blank(const char *text)
{
	utf8proc_int32_t c;

	for (size_t step; text && *text; text += step) {
		step = first_character(text, &c);
		if (!step || is_seen(c))
			return false;
	}
	return true;
}

size_t text_punctuation(const char *text, bool *ret_dash)
{
	utf8proc_int32_t c;
	size_t n = first_character(text, &c);

	if (!n)
		return 0;
	utf8proc_category_t kind = utf8proc_category(c);
	bool minus = c == 0x2212,
	     punctuation = kind >= UTF8PROC_CATEGORY_PC && kind <= UTF8PROC_CATEGORY_SO;

	if (ret_dash)
		*ret_dash = minus || kind == UTF8PROC_CATEGORY_PD;
	return punctuation ? n : 0;
}

bool text_is_filler(const char *text)
{
	static const char *const fillers[] = {
		"",
		"n/a",
		"na",
		"null",
		"(null)",
		"none",
		"nil",
		"undefined",
		"-",
		"--",
		"---",
		".",
		"\xe2\x80\x93",
		"\xe2\x80\x94",
	};

	if (text[0] && !strchr("NnUu(-.\xe2", text[0]))
		return false;
	for (size_t i = 0; i < sizeof(fillers) / sizeof(fillers[0]); i++)
		if (strcasecmp(text, fillers[i]) == 0)
			return true;
	return false;
}

static bool is_dash(utf8proc_int32_t c)
{
	return c == '-' || (c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0xad ||
	       c == 0xfe58 || c == 0xfe63 || c == 0xff0d;
}

/* Spaces at joints carry no meaning: "533 /UBND" is "533/UBND". In place. */
static void drop_spaces_at_joints(char *text)
{
	char *to = text;

	for (const char *p = text; *p; p++) {
		bool before_joint = p[0] == ' ' && (p[1] == '/' || p[1] == '-');
		bool after_joint =
			p[0] == ' ' && to > text && (to[-1] == '/' || to[-1] == '-');

		if (!before_joint && !after_joint)
			*to++ = *p;
	}
	*to = '\0';
}

/* Ð (eth) and Ɖ look like Đ, and keyboards and old fonts give them for it. */
static utf8proc_int32_t as_vietnamese(utf8proc_int32_t c)
{
	return c == 0xf0 || c == 0x256 ? 0x111 : c;
}

static const char *fold(struct arena *arena, const char *text, bool strip_marks)
{
	if (!text_is_utf8(text, strlen(text)))
		text = text_clean(arena, text, strlen(text), NULL);
	const utf8proc_uint8_t *p = (const utf8proc_uint8_t *)text;
	utf8proc_option_t options =
		UTF8PROC_STABLE | UTF8PROC_CASEFOLD |
		(strip_marks ? UTF8PROC_DECOMPOSE | UTF8PROC_STRIPMARK
			     : UTF8PROC_COMPOSE);
	utf8proc_uint8_t *mapped = NULL;
	utf8proc_ssize_t n =
		utf8proc_map(p, (utf8proc_ssize_t)strlen(text), &mapped, options);

	if (n < 0)
		return text;
	utf8proc_int32_t *points =
		arena_alloc(arena, ((size_t)n + 2) * sizeof(*points));
	size_t count =
		decode_folding_space((char *)mapped, (size_t)n, points, (size_t)n + 2);
	utf8proc_uint8_t *out = arena_alloc(arena, 4 * count + 1);
	size_t length = 0;

	mem_wipe(mapped);
	for (size_t i = 0; i < count; i++) {
		utf8proc_int32_t c =
			is_dash(points[i]) ? '-' : as_vietnamese(points[i]);

		if (strip_marks && c == 0x111)
			c = 'd';
		length += (size_t)utf8proc_encode_char(c, out + length);
	}
	drop_spaces_at_joints((char *)out);
	return (const char *)out;
}

static bool is_joint(char c)
{
	return c == '/' || c == '-';
}

/* Organ ids and codes are ASCII, nearly always, and folded many times: spaces, joints
 * and capitals in one pass. NULL when @text is not ASCII. */
static const char *fold_ascii_only(struct arena *arena, const char *text)
{
	char *out = arena_dup(arena, text), *to = out;
	bool pending = false;

	for (const char *p = out; *p; p++) {
		char c = *p;

		if ((unsigned char)c >= 0x80)
			return NULL;
		if (c == ' ' || (c >= '\t' && c <= '\r')) {
			pending = to > out;
			continue;
		}
		if (pending && !is_joint(c) && !is_joint(to[-1]))
			*to++ = ' ';
		pending = false;
		*to++ = c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
	}
	*to = '\0';
	return out;
}

const char *text_fold(struct arena *arena, const char *text)
{
	const char *folded = text ? fold_ascii_only(arena, text) : "";

	return folded ? folded : fold(arena, text, false);
}

const char *text_fold_ascii(struct arena *arena, const char *text)
{
	const char *folded = text ? fold_ascii_only(arena, text) : "";

	return folded ? folded : fold(arena, text, true);
}

bool text_same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

bool text_same_id(const char *a, const char *b)
{
	return a && b && strcasecmp(a, b) == 0;
}

bool text_parse_int(const char *text, int64_t low, int64_t high, int64_t *ret_value)
{
	char *end;

	if (!text || (!isdigit((unsigned char)text[0]) && text[0] != '-'))
		return false;
	errno = 0;
	long long value = strtoll(text, &end, 10);

	if (errno || end == text || *end || value < low || value > high)
		return false;
	*ret_value = value;
	return true;
}

uint64_t text_hash(uint64_t seed, const void *bytes, size_t n)
{
	const unsigned char *p = bytes;

	for (size_t i = 0; i < n; i++)
		seed = (seed ^ p[i]) * UINT64_C(0x100000001b3);
	return seed;
}
