/* Which plain texts are not texts: YAML 1.2's core schema. */
#include <ctype.h>
#include <string.h>

#include "gateway/config/node.h"

static size_t digits(const char *text)
{
	size_t n = 0;

	while (isdigit((unsigned char)text[n]))
		n++;
	return n;
}

/* [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )? */
static bool is_decimal(const char *text)
{
	text += *text == '-' || *text == '+';
	size_t whole = digits(text), rest = 0;

	text += whole;
	if (*text == '.') {
		rest = digits(++text);
		text += rest;
	}
	if (!whole && !rest)
		return false;
	if (*text == 'e' || *text == 'E') {
		text++;
		text += *text == '-' || *text == '+';
		size_t exponent = digits(text);

		if (!exponent)
			return false;
		text += exponent;
	}
	return *text == '\0';
}

static bool is_based(const char *text)
{
	const char *of = strncmp(text, "0x", 2) == 0   ? "0123456789abcdefABCDEF"
			 : strncmp(text, "0o", 2) == 0 ? "01234567"
						       : NULL;

	return of && text[2] && text[2 + strspn(text + 2, of)] == '\0';
}

static bool is_special(const char *text)
{
	static const char *const words[] = {".nan", ".NaN", ".NAN"};
	static const char *const signed_words[] = {".inf", ".Inf", ".INF"};
	const char *bare = text + (*text == '-' || *text == '+');

	for (size_t i = 0; i < 3; i++)
		if (!strcmp(text, words[i]) || !strcmp(bare, signed_words[i]))
			return true;
	return false;
}

enum node_scalar node_scalar(const struct node *node)
{
	static const struct {
		const char *word;
		enum node_scalar is;
	} words[] = {
		{"", SCALAR_NULL},
		{"~", SCALAR_NULL},
		{"null", SCALAR_NULL},
		{"Null", SCALAR_NULL},
		{"NULL", SCALAR_NULL},
		{"true", SCALAR_TRUE},
		{"True", SCALAR_TRUE},
		{"TRUE", SCALAR_TRUE},
		{"false", SCALAR_FALSE},
		{"False", SCALAR_FALSE},
		{"FALSE", SCALAR_FALSE},
	};

	if (!node->plain)
		return SCALAR_TEXT;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strcmp(node->text, words[i].word) == 0)
			return words[i].is;
	if (is_decimal(node->text) || is_based(node->text) || is_special(node->text))
		return SCALAR_NUMBER;
	return SCALAR_TEXT;
}
