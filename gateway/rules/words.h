/*
 * The words of a Vietnamese text, for the rules that read sentences: what a reply says
 * it is (M4), what it cites, what deadline a letter names (D2). Case, Unicode form,
 * where a tone mark is put (hoà, hòa), dash variants and a lost Đ make no difference.
 * A text written without marks is read without them; in one written with marks "trả"
 * and "tra" stay two words. Of a very long text the beginning is read.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/base/arena.h"

enum { WORDS_BYTES_MAX = 256 * 1024 };

enum word_kind { WORD_END, WORD_LETTERS, WORD_DIGITS, WORD_SIGN };

struct word {
	const char *at; /* as written, in the text */
	size_t bytes;
	const char *letters;  /* plain, lower case; of a sign: itself, as ASCII */
	const uint8_t *marks; /* per letter: circumflex, breve or horn, stroke */
	uint16_t n;           /* letters */
	uint16_t capitals;
	uint8_t kind, tone;
	bool marked; /* bears a tone or a mark */
	bool spaced; /* white space stands before it */
};

/* @at[-1] and @at[n] are WORD_END, so a neighbour can always be looked at. */
struct words {
	const struct word *at;
	size_t n;
	bool plain; /* the text is written without marks */
};

/* @text must live as long as the result; NULL has no words. */
struct words words_split(struct arena *arena, const char *text);

/* How many words @phrase (small letters, with marks) takes at @i; 0: it is not there.
 */
size_t words_match(const struct words *w, size_t i, const char *phrase);

/* The same for a phrase whose last word is the one before @end. */
size_t words_match_before(const struct words *w, size_t end, const char *phrase);

/* words_match where single words have lost their marks ("de nghi gia hạn"). For phrases
 * of several words: one alone would be taken for its neighbours ("tra", "trả"). */
size_t words_match_loose(const struct words *w, size_t i, const char *phrase);

/* Are both the same word, or may they be, one of them written without marks? */
bool words_alike(const struct word *a, const struct word *b);

/* Is the word at @i this sign, or one of @signs? */
bool words_sign(const struct words *w, size_t i, char sign);
bool words_sign_of(const struct words *w, size_t i, const char *signs);

/* Does a sentence end with the word at @i? "TP. Hà" goes on. */
bool words_end_sentence(const struct words *w, size_t i);

/* The text from word @from up to, not including, @to, as written. */
const char *words_text(
	struct arena *arena, const struct words *w, size_t from, size_t to);
