#include "gateway/base/json.h"

#include <string.h>

static void json_separate(struct json *j)
{
	if (j->comma)
		buf_add_char(j->out, ',');
	j->comma = true;
}

void json_open(struct json *j, char bracket)
{
	json_separate(j);
	buf_add_char(j->out, bracket);
	j->comma = false;
}

void json_close(struct json *j, char bracket)
{
	buf_add_char(j->out, bracket);
	j->comma = true;
}

/* Length of the valid UTF-8 sequence at @p (at most @n bytes), 0 if there is none. */
static size_t utf8_sequence(const unsigned char *p, size_t n)
{
	static const struct {
		unsigned char first, last, low, high;
		size_t length;
	} rows[] = {
		{0xc2, 0xdf, 0x80, 0xbf, 2},
		{0xe0, 0xe0, 0xa0, 0xbf, 3},
		{0xe1, 0xec, 0x80, 0xbf, 3},
		{0xed, 0xed, 0x80, 0x9f, 3},
		{0xee, 0xef, 0x80, 0xbf, 3},
		{0xf0, 0xf0, 0x90, 0xbf, 4},
		{0xf1, 0xf3, 0x80, 0xbf, 4},
		{0xf4, 0xf4, 0x80, 0x8f, 4},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (p[0] < rows[i].first || p[0] > rows[i].last)
			continue;
		if (n < rows[i].length || p[1] < rows[i].low || p[1] > rows[i].high)
			return 0;
		for (size_t k = 2; k < rows[i].length; k++)
			if ((p[k] & 0xc0) != 0x80)
				return 0;
		return rows[i].length;
	}
	return 0;
}

static void json_escape(struct buf *out, unsigned char c)
{
	switch (c) {
	case '"':
		buf_add(out, "\\\"", 2);
		return;
	case '\\':
		buf_add(out, "\\\\", 2);
		return;
	case '\n':
		buf_add(out, "\\n", 2);
		return;
	case '\r':
		buf_add(out, "\\r", 2);
		return;
	case '\t':
		buf_add(out, "\\t", 2);
		return;
	default:
		buf_printf(out, "\\u%04x", c);
	}
}

enum { STOP, PLAIN, TWO, THREE, RARE };
#define NOT_PLAIN ((size_t)-1)

/* What a byte is that begins a character: Vietnamese is plain, or of two or three. */
static const unsigned char kinds[256] = {
	[0x20 ... 0x21] = PLAIN, /* not the quote, not the backslash */
	[0x23 ... 0x5b] = PLAIN,
	[0x5d ... 0x7e] = PLAIN,
	[0xc2 ... 0xdf] = TWO,
	[0xe1 ... 0xec] = THREE,
	[0xe0] = RARE,
	[0xed ... 0xf4] = RARE,
};

static bool is_tail(unsigned char c)
{
	return (c & 0xc0) == 0x80;
}

/* How many bytes from @i on can stand in a JSON text as they are. */
static size_t plain_run(const unsigned char *p, size_t i, size_t n)
{
	size_t from = i;

	for (;;) {
		while (i < n && kinds[p[i]] == PLAIN)
			i++;
		if (i == n || kinds[p[i]] == STOP)
			break;
		size_t length = kinds[p[i]];

		if (length == RARE)
			length = utf8_sequence(p + i, n - i);
		else if (n - i < length || !is_tail(p[i + 1]) ||
			 !is_tail(p[i + length - 1]))
			break;
		if (!length)
			break;
		i += length;
	}
	return i - from;
}

/* The length of @text when all of it can stand as it is, else NOT_PLAIN. What is rare
 * is left to plain_run: almost every text is judged, and measured, by one look. */
static size_t plain_length(const char *text)
{
	const unsigned char *p = (const unsigned char *)text;

	for (size_t i = 0;;) {
		while (kinds[p[i]] == PLAIN)
			i++;
		size_t length = kinds[p[i]];

		if (length == STOP)
			return p[i] ? NOT_PLAIN : i;
		if (length == RARE || !is_tail(p[i + 1]) || !is_tail(p[i + length - 1]))
			return NOT_PLAIN;
		i += length;
	}
}

static char *copy_quoted(char *to, const char *text, size_t n)
{
	*to++ = '"';
	memcpy(to, text, n);
	to += n;
	*to++ = '"';
	return to;
}

static void copied(struct json *j, char *to, bool comma)
{
	*to = '\0';
	j->out->n = (size_t)(to - j->out->data);
	j->comma = comma;
}

/* Where what comes next is written: behind its comma. */
static char *place(struct json *j)
{
	char *to = j->out->data + j->out->n;

	if (j->comma)
		*to++ = ',';
	return to;
}

void json_text_n(struct json *j, const char *text, size_t n)
{
	const unsigned char *p = (const unsigned char *)text;

	json_separate(j);
	buf_add_char(j->out, '"');
	for (size_t i = 0; i < n; i++) {
		size_t run = plain_run(p, i, n);

		buf_add(j->out, text + i, run);
		i += run;
		if (i < n && p[i] >= 0x80)
			buf_add(j->out, "\xef\xbf\xbd", 3);
		else if (i < n)
			json_escape(j->out, p[i]);
	}
	buf_add_char(j->out, '"');
}

void json_text(struct json *j, const char *text)
{
	size_t n = text ? plain_length(text) : 0;

	if (!text)
		json_absent(j);
	else if (n != NOT_PLAIN && buf_reserve(j->out, n + 4))
		copied(j, copy_quoted(place(j), text, n), true);
	else
		json_text_n(j, text, strlen(text));
}

void json_key(struct json *j, const char *name)
{
	size_t n = plain_length(name);

	if (n != NOT_PLAIN && buf_reserve(j->out, n + 4)) {
		char *to = copy_quoted(place(j), name, n);

		*to++ = ':';
		copied(j, to, false);
		return;
	}
	json_text(j, name);
	buf_add_char(j->out, ':');
	j->comma = false;
}

void json_raw(struct json *j, const char *json, size_t n)
{
	json_separate(j);
	buf_add(j->out, json, n);
}

void json_int(struct json *j, int64_t value)
{
	char digits[24], *at = digits + sizeof(digits);
	uint64_t left = value < 0 ? -(uint64_t)value : (uint64_t)value;

	do
		*--at = (char)('0' + left % 10);
	while (left /= 10);
	if (value < 0)
		*--at = '-';
	json_raw(j, at, (size_t)(digits + sizeof(digits) - at));
}

void json_bool(struct json *j, bool value)
{
	if (value)
		json_raw(j, "true", 4);
	else
		json_raw(j, "false", 5);
}

void json_absent(struct json *j)
{
	json_raw(j, "null", 4);
}

/* Room is asked for once, as most of what is written is such a member. */
void json_put_text(struct json *j, const char *name, const char *text)
{
	size_t name_n = plain_length(name), n = text ? plain_length(text) : 4;

	if (name_n == NOT_PLAIN || n == NOT_PLAIN ||
		!buf_reserve(j->out, name_n + n + 8)) {
		json_key(j, name);
		json_text(j, text);
		return;
	}
	char *to = copy_quoted(place(j), name, name_n);

	*to++ = ':';
	copied(j, text ? copy_quoted(to, text, n) : (char *)mempcpy(to, "null", 4),
		true);
}

void json_put_int(struct json *j, const char *name, int64_t value)
{
	json_key(j, name);
	json_int(j, value);
}
