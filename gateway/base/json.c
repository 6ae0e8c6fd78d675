#include "gateway/base/json.h"

#include <stdio.h>
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

void json_key(struct json *j, const char *name)
{
	json_text(j, name);
	buf_add_char(j->out, ':');
	j->comma = false;
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

void json_text_n(struct json *j, const char *text, size_t n)
{
	const unsigned char *p = (const unsigned char *)text;
	size_t from = 0, i = 0;

	json_separate(j);
	buf_add_char(j->out, '"');
	while (i < n) {
		if (p[i] >= 0x80) {
			size_t length = utf8_sequence(p + i, n - i);

			if (length) {
				i += length;
				continue;
			}
			buf_add(j->out, text + from, i - from);
			buf_add(j->out, "\xef\xbf\xbd", 3);
		} else if (p[i] >= 0x20 && p[i] != '"' && p[i] != '\\' &&
		           p[i] != 0x7f) {
			i++;
			continue;
		} else {
			buf_add(j->out, text + from, i - from);
			json_escape(j->out, p[i]);
		}
		from = ++i;
	}
	buf_add(j->out, text + from, n - from);
	buf_add_char(j->out, '"');
}

void json_text(struct json *j, const char *text)
{
	if (text)
		json_text_n(j, text, strlen(text));
	else
		json_absent(j);
}

void json_raw(struct json *j, const char *json, size_t n)
{
	json_separate(j);
	buf_add(j->out, json, n);
}

void json_int(struct json *j, int64_t value)
{
	char digits[24];
	int n = snprintf(digits, sizeof(digits), "%lld", (long long)value);

	json_raw(j, digits, (size_t)n);
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

void json_put_text(struct json *j, const char *name, const char *text)
{
	json_key(j, name);
	json_text(j, text);
}

void json_put_int(struct json *j, const char *name, int64_t value)
{
	json_key(j, name);
	json_int(j, value);
}
