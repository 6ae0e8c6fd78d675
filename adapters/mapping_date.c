/* Dates in the forms a mapping names. A text fits a pattern whole or not at all. */
#include <ctype.h>
#include <string.h>

#include "adapters/mapping.h"
#include "gateway/base/buf.h"
#include "gateway/base/text.h"

enum part { YEAR, MONTH, DAY, HOUR, MINUTE, SECOND, FRACTION, OFFSET, PARTS };

/* Longer before shorter: `MM` is not twice `M`. */
static const struct token {
	const char *text;
	enum part part;
	int least, most; /* digits */
	int low, high;
} tokens[] = {
	{"yyyy", YEAR, 4, 4, 1, 9999},
	{"MM", MONTH, 2, 2, 1, 12},
	{"M", MONTH, 1, 2, 1, 12},
	{"dd", DAY, 2, 2, 1, 31},
	{"d", DAY, 1, 2, 1, 31},
	{"HH", HOUR, 2, 2, 0, 23},
	{"H", HOUR, 1, 2, 0, 23},
	{"mm", MINUTE, 2, 2, 0, 59},
	{"ss", SECOND, 2, 2, 0, 60},
	{"SSS", FRACTION, 1, 9, 0, 999999999},
	{"zzz", OFFSET, 0, 0, 0, 0},
};

static const struct token *token_at(const char *pattern)
{
	for (size_t i = 0; i < sizeof(tokens) / sizeof(tokens[0]); i++)
		if (!strncmp(pattern, tokens[i].text, strlen(tokens[i].text)))
			return &tokens[i];
	return NULL;
}

/* The plain text at *@pattern, and past it; none: what stands there is no text. */
static struct slice take_plain(const char **pattern)
{
	struct slice plain = {*pattern, 1};

	if (**pattern == '\'') {
		const char *end = strchr(*pattern + 1, '\'');

		plain = (struct slice){
			*pattern + 1, end ? (size_t)(end - *pattern) - 1 : 0};
		*pattern = end ? end + 1 : *pattern + strlen(*pattern);
		return plain;
	}
	if (isalpha((unsigned char)**pattern) && **pattern != 'T')
		plain.n = 0;
	++*pattern;
	return plain;
}

static bool is_unix(const char *pattern)
{
	return !strcmp(pattern, "unix") || !strcmp(pattern, "unix-ms");
}

bool mapping_date_is_pattern(const char *pattern)
{
	unsigned seen = 0, needed = 1U << YEAR | 1U << MONTH | 1U << DAY;

	if (is_unix(pattern))
		return true;
	while (*pattern) {
		const struct token *token = token_at(pattern);

		if (!token) {
			if (!take_plain(&pattern).n)
				return false;
			continue;
		}
		if (seen & 1U << token->part)
			return false;
		seen |= 1U << token->part;
		pattern += strlen(token->text);
	}
	return (seen & needed) == needed;
}

/* A number of @token's digits at **@p; -1 if there is none. */
static int take_number(const struct token *token, const char **p)
{
	int value = 0, n = 0;

	while (n < token->most && isdigit((unsigned char)(*p)[n]))
		value = value * 10 + (*p)[n++] - '0';
	*p += n;
	return n >= token->least && value >= token->low && value <= token->high ? value
										: -1;
}

/* `Z`, `+07:00` or `+0700` as seconds east of UTC. */
static bool take_offset(const char **p, int *ret_s)
{
	static const struct token hour = {.least = 2, .most = 2, .high = 14};
	static const struct token minute = {.least = 2, .most = 2, .high = 59};

	if (**p == 'Z') {
		++*p;
		*ret_s = 0;
		return true;
	}
	if (**p != '+' && **p != '-')
		return false;
	int sign = *(*p)++ == '-' ? -1 : 1, hours = take_number(&hour, p);

	*p += **p == ':';
	int minutes = take_number(&minute, p);

	*ret_s = sign * (hours * 3600 + minutes * 60);
	return hours >= 0 && minutes >= 0;
}

static bool take_parts(const char *pattern, const char *p, int parts[PARTS])
{
	while (*pattern) {
		const struct token *token = token_at(pattern);

		if (!token) {
			struct slice plain = take_plain(&pattern);

			if (strncmp(p, plain.at, plain.n) != 0)
				return false;
			p += plain.n;
			continue;
		}
		pattern += strlen(token->text);
		if (token->part == OFFSET) {
			if (!take_offset(&p, &parts[OFFSET]))
				return false;
		} else {
			parts[token->part] = take_number(token, &p);
			if (parts[token->part] < 0)
				return false;
		}
	}
	return !*p;
}

static bool read_unix(const char *pattern, const char *text, struct mapping_date *ret)
{
	/* Up to the year 9999. */
	static const int64_t last_s = INT64_C(253402300799);
	int64_t ms = strcmp(pattern, "unix") != 0, n;

	if (!text_parse_int(text, 0, ms ? last_s * 1000 : last_s, &n))
		return false;
	ret->at = ms ? n : n * 1000;
	ret->day = day_of(ret->at);
	return true;
}

bool mapping_date_read(
	const char *pattern, const char *text, struct mapping_date *ret_date)
{
	int parts[PARTS] = {[OFFSET] = 7 * 3600};

	if (is_unix(pattern))
		return read_unix(pattern, text, ret_date);
	if (!take_parts(pattern, text, parts))
		return false;
	day_t day = day_from(parts[YEAR], parts[MONTH], parts[DAY]);

	if (day == DAY_NONE)
		return false;
	ret_date->day = day;
	ret_date->at = ((msec_t)day * 86400 + parts[HOUR] * 3600 + parts[MINUTE] * 60 +
			       parts[SECOND] - parts[OFFSET]) *
		       1000;
	return true;
}
