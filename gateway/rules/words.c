#include "gateway/rules/words.h"

#include <ctype.h>
#include <string.h>

enum { FLAT, FALLING, RISING, ASKING, TUMBLING, HEAVY }; /* the six tones */
enum { BARE, CIRCUMFLEX, HORN, STROKE, BREVE = HORN };   /* marks that make a letter */
enum { LATIN_END = 0x1b1, VIET = 0x1ea0, VIET_END = 0x1efa, PHRASE_WORD = 16 };

struct letter {
	char plain; /* 0: none of ours */
	uint8_t mark, tone;
	bool capital;
};

/* U+00C0..U+01B0; where case is one bit, only one row stands for both. */
#define BOTH(code, l, m, t) [code] = {l, m, t, true}, [(code) + 0x20] = {l, m, t, false}
#define PAIR(code, l, m, t) [code] = {l, m, t, true}, [(code) + 1] = {l, m, t, false}
static const struct letter latin[LATIN_END] = {
	BOTH(0xc0, 'a', BARE, FALLING),
	BOTH(0xc1, 'a', BARE, RISING),
	BOTH(0xc2, 'a', CIRCUMFLEX, FLAT),
	BOTH(0xc3, 'a', BARE, TUMBLING),
	BOTH(0xc8, 'e', BARE, FALLING),
	BOTH(0xc9, 'e', BARE, RISING),
	BOTH(0xca, 'e', CIRCUMFLEX, FLAT),
	BOTH(0xcc, 'i', BARE, FALLING),
	BOTH(0xcd, 'i', BARE, RISING),
	BOTH(0xd0, 'd', STROKE, FLAT),
	BOTH(0xd2, 'o', BARE, FALLING),
	BOTH(0xd3, 'o', BARE, RISING),
	BOTH(0xd4, 'o', CIRCUMFLEX, FLAT),
	BOTH(0xd5, 'o', BARE, TUMBLING),
	BOTH(0xd9, 'u', BARE, FALLING),
	BOTH(0xda, 'u', BARE, RISING),
	BOTH(0xdd, 'y', BARE, RISING),
	PAIR(0x102, 'a', BREVE, FLAT),
	PAIR(0x110, 'd', STROKE, FLAT),
	PAIR(0x128, 'i', BARE, TUMBLING),
	PAIR(0x168, 'u', BARE, TUMBLING),
	PAIR(0x1a0, 'o', HORN, FLAT),
	PAIR(0x1af, 'u', HORN, FLAT),
};
#undef BOTH
#undef PAIR

/* U+1EA0..U+1EF9, one column for each capital and its small letter. */
static const char viet_plain[] = "aaaaaaaaaaaaeeeeeeeeiioooooooooooouuuuuuuyyyy";
static const char viet_marks[] = "001111122222000111110000111112222200222220000";
static const char viet_tones[] = "532134521345534213453553213452134553213451534";

/* What stands alone in decomposed text and belongs to the letter before it. */
static const struct {
	uint32_t code;
	uint8_t mark, tone;
} combining[] = {
	{0x300, BARE, FALLING},
	{0x301, BARE, RISING},
	{0x302, CIRCUMFLEX, FLAT},
	{0x303, BARE, TUMBLING},
	{0x306, BREVE, FLAT},
	{0x309, BARE, ASKING},
	{0x31b, HORN, FLAT},
	{0x323, BARE, HEAVY},
};

/* Signs that are written in several ways. */
static const struct {
	uint32_t from, to;
	char sign;
} signs[] = {
	{0xad, 0xad, '-'},
	{0x2010, 0x2015, '-'},
	{0x2212, 0x2212, '-'},
	{0xfe58, 0xfe58, '-'},
	{0xfe63, 0xfe63, '-'},
	{0xff0d, 0xff0d, '-'},
	{0x2044, 0x2044, '/'},
	{0x2215, 0x2215, '/'},
	{0xff0f, 0xff0f, '/'},
	{0xab, 0xab, '"'},
	{0xbb, 0xbb, '"'},
	{0x201c, 0x201f, '"'},
	{0x2026, 0x2026, '.'},
};

/* One code point of @p, which is not at its end; *@ret_n are its bytes. */
static uint32_t decode(const unsigned char *p, size_t *ret_n)
{
	static const uint32_t lowest[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t n = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : p[0] >= 0xc0 ? 2 : 1;
	uint32_t code = n == 1 ? p[0] : p[0] & (0x7fu >> n);

	*ret_n = 1;
	for (size_t i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0xfffd;
		code = code << 6 | (p[i] & 0x3fu);
	}
	*ret_n = n;
	return (n == 1 && p[0] >= 0x80) || code < lowest[n] ? 0xfffd : code;
}

static struct letter letter_of(uint32_t code)
{
	if (code < 0x80) {
		bool capital = code >= 'A' && code <= 'Z';

		if (!capital && !(code >= 'a' && code <= 'z'))
			return (struct letter){0};
		return (struct letter){(char)(code | 0x20), BARE, FLAT, capital};
	}
	if (code < LATIN_END)
		return latin[code];
	if (code < VIET || code >= VIET_END)
		return (struct letter){0};
	size_t i = (code - VIET) / 2;

	return (struct letter){viet_plain[i], (uint8_t)(viet_marks[i] - '0'),
		(uint8_t)(viet_tones[i] - '0'), code % 2 == 0};
}

static bool is_white(uint32_t c)
{
	return c <= ' ' || c == 0x85 || c == 0xa0 || (c >= 0x2000 && c <= 0x200a) ||
	       c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x3000;
}

static bool is_invisible(uint32_t c)
{
	return (c >= 0x200b && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) ||
	       (c >= 0x2060 && c <= 0x2069) || c == 0xfeff;
}

static char sign_of(uint32_t c)
{
	for (size_t i = 0; c >= 0x80 && i < sizeof(signs) / sizeof(signs[0]); i++)
		if (c >= signs[i].from && c <= signs[i].to)
			return signs[i].sign;
	return c < 0x80 ? (char)c : '\x1a';
}

struct splitter {
	struct arena *arena;
	LIST_OF(struct word) list;
	char *letters;
	uint8_t *marks;
	size_t used;
	bool spaced;
};

/* The word that goes on, or a new one of @kind at @at. */
static struct word *word_for(struct splitter *s, enum word_kind kind, const char *at)
{
	struct word *last = &s->list.at[s->list.n - 1];

	if (!s->spaced && last->kind == kind && kind != WORD_SIGN &&
		last->n < UINT16_MAX)
		return last;
	struct word *word = LIST_ADD(s->arena, &s->list);

	word->at = at;
	word->letters = s->letters + s->used;
	word->marks = s->marks + s->used;
	word->kind = (uint8_t)kind;
	word->spaced = s->spaced;
	s->spaced = false;
	return word;
}

static void combine(struct splitter *s, uint32_t code)
{
	struct word *last = &s->list.at[s->list.n - 1];

	if (last->kind != WORD_LETTERS || s->spaced)
		return;
	for (size_t i = 0; i < sizeof(combining) / sizeof(combining[0]); i++)
		if (combining[i].code == code) {
			s->marks[s->used - 1] |= combining[i].mark;
			last->tone = combining[i].tone ? combining[i].tone : last->tone;
			last->marked = true;
		}
}

static void take(struct splitter *s, uint32_t code, const char *at, size_t bytes)
{
	struct letter letter = letter_of(code);
	enum word_kind kind = letter.plain                 ? WORD_LETTERS
			      : code >= '0' && code <= '9' ? WORD_DIGITS
							   : WORD_SIGN;
	struct word *word = word_for(s, kind, at);

	s->letters[s->used] = letter.plain ? letter.plain : sign_of(code);
	s->marks[s->used++] = letter.mark;
	word->n++;
	word->bytes = (size_t)(at - word->at) + bytes;
	word->capitals = (uint16_t)(word->capitals + letter.capital);
	word->tone = letter.tone ? letter.tone : word->tone;
	word->marked |= letter.mark || letter.tone;
}

struct words words_split(struct arena *arena, const char *text)
{
	size_t length = text ? strnlen(text, WORDS_BYTES_MAX) : 0, n;
	size_t lettered = 0, marked = 0;
	struct splitter s = {.arena = arena};

	s.letters = arena_alloc(arena, length + 1);
	s.marks = arena_alloc(arena, length + 1);
	s.list.cap = length / 3 + 4;
	s.list.at = arena_alloc(arena, s.list.cap * sizeof(*s.list.at));
	s.list.n = 1;
	for (size_t i = 0; i < length; i += n) {
		const char *at = text + i;
		uint32_t code = decode((const unsigned char *)at, &n);

		if (is_white(code))
			s.spaced = true;
		else if (code >= 0x300 && code < 0x370)
			combine(&s, code);
		else if (!is_invisible(code))
			take(&s, code, at, n);
	}
	for (size_t i = 1; i < s.list.n; i++) {
		lettered += s.list.at[i].kind == WORD_LETTERS;
		marked += s.list.at[i].marked;
	}
	LIST_ADD(arena, &s.list);
	return (struct words){s.list.at + 1, s.list.n - 2, marked * 4 < lettered};
}

/* Does @word say the letters at *@phrase? Moves *@phrase behind them. @bare: a word
 * without marks says whatever its letters may. */
static bool says(bool bare, const struct word *word, const char **phrase)
{
	const char *p = *phrase;
	uint8_t tone = FLAT;
	bool same = true;
	size_t i = 0, n;

	for (; *p && *p != ' '; p += n, i++) {
		struct letter l = letter_of(decode((const unsigned char *)p, &n));

		if (!l.plain && !isdigit((unsigned char)*p))
			break;
		if (i >= word->n || word->letters[i] != (l.plain ? l.plain : *p))
			return false;
		tone = l.tone ? l.tone : tone;
		same &= l.mark == word->marks[i] || l.plain == 'd';
	}
	*phrase = p;
	if (i != word->n)
		return false;
	return (bare && !word->marked) || (same && tone == word->tone);
}

static size_t match(const struct words *w, size_t i, const char *phrase, bool bare)
{
	size_t from = i;
	unsigned char first = (unsigned char)phrase[0],
		      second = (unsigned char)phrase[1];

	/* Nearly all calls end here: another letter begins, or stands second. */
	if (i >= w->n ||
		(first < 0x80 && first != (unsigned char)w->at[i].letters[0]) ||
		(first == 0xc4 && second == 0x91 && w->at[i].letters[0] != 'd') ||
		(first > ' ' && first < 0x80 && second >= 'a' && second <= 'z' &&
			(w->at[i].n < 2 ||
				second != (unsigned char)w->at[i].letters[1])))
		return 0;

	for (const char *p = phrase; *p; i++) {
		if (*p == ' ')
			p++;
		if (i >= w->n)
			return 0;
		if (w->at[i].kind == WORD_SIGN) {
			if (*p++ != w->at[i].letters[0])
				return 0;
		} else if (!says(bare, &w->at[i], &p)) {
			return 0;
		}
	}
	return i - from;
}

size_t words_match(const struct words *w, size_t i, const char *phrase)
{
	return match(w, i, phrase, w->plain);
}

size_t words_match_loose(const struct words *w, size_t i, const char *phrase)
{
	return match(w, i, phrase, true);
}

bool words_alike(const struct word *a, const struct word *b)
{
	if (a->kind != b->kind || a->n != b->n ||
		memcmp(a->letters, b->letters, a->n) != 0)
		return false;
	if (!a->marked || !b->marked)
		return true;
	for (size_t i = 0; i < a->n; i++)
		if (a->marks[i] != b->marks[i] && a->letters[i] != 'd')
			return false;
	return a->tone == b->tone;
}

size_t words_match_before(const struct words *w, size_t end, const char *phrase)
{
	size_t n = 1;

	for (const char *p = phrase; *p; p++)
		n += *p == ' ';
	return n <= end && words_match(w, end - n, phrase) == n ? n : 0;
}

bool words_sign(const struct words *w, size_t i, char sign)
{
	return w->at[i].kind == WORD_SIGN && w->at[i].letters[0] == sign;
}

bool words_sign_of(const struct words *w, size_t i, const char *of)
{
	return w->at[i].kind == WORD_SIGN && strchr(of, w->at[i].letters[0]);
}

bool words_end_sentence(const struct words *w, size_t i)
{
	const struct word *before = &w->at[i] - 1, *next = &w->at[i] + 1;

	if (words_sign_of(w, i, "?!"))
		return true;
	if (!words_sign(w, i, '.') || (next->kind != WORD_END && !next->spaced))
		return false;
	return !(before->kind == WORD_LETTERS && before->n <= 2 && before->capitals &&
		 before->capitals == before->n && before->spaced && next->capitals);
}

const char *words_text(
	struct arena *arena, const struct words *w, size_t from, size_t to)
{
	if (from >= to)
		return arena_dup_n(arena, "", 0);
	const struct word *last = &w->at[to - 1];

	return arena_dup_n(arena, w->at[from].at,
		(size_t)(last->at + last->bytes - w->at[from].at));
}
