#include "gateway/rules/secrecy.h"

#include <string.h>

#include "gateway/base/text.h"

struct mark {
	const char *text;
	enum event_secrecy secrecy;
};

/* Longest first: TỐI MẬT and TUYỆT MẬT end in MẬT. Upper case, NFC (E3). */
static const struct mark marks[] = {
	{"TUY\xe1\xbb\x86T M\xe1\xba\xacT", SECRECY_TOP_SECRET},
	{"T\xe1\xbb\x90I M\xe1\xba\xacT", SECRECY_SECRET},
	{"M\xe1\xba\xacT", SECRECY_CONFIDENTIAL},
};

/* A soft hyphen shows only where a line breaks (in a code it stands for a dash, so E3
 * leaves it): it does not hide a mark. */
static const char *skip_soft_hyphens(const char *p)
{
	while (strncmp(p, "\xc2\xad", 2) == 0)
		p += 2;
	return p;
}

/* What stands behind @mark in @text; NULL: it does not begin so. */
static const char *behind(const char *text, const char *mark)
{
	for (; *mark; mark++, text++) {
		text = skip_soft_hyphens(text);
		if (*text != *mark)
			return NULL;
	}
	return skip_soft_hyphens(text);
}

/*
 * What may follow a mark: the end, punctuation or a symbol of any script, or a dash
 * with spaces around it. "MẬT ĐỘ" and "MẬT-MÃ" are words that begin alike.
 */
static bool mark_ends(const char *after)
{
	bool dash = false;
	const char *p = after + strspn(after, " ");

	if (!*p)
		return true;
	size_t n = text_punctuation(p, &dash);

	return dash ? p > after && (p[n] == ' ' || !p[n]) : n > 0;
}

/* Brackets, quotation marks, bullets and their like before a mark. */
static const char *skip_opening(const char *text)
{
	text = skip_soft_hyphens(text);
	for (size_t n = 1; n; text = skip_soft_hyphens(text + n))
		n = *text == ' ' ? 1 : text_punctuation(text, NULL);
	return text;
}

static enum event_secrecy leading_mark(const char *text)
{
	if (!text)
		return SECRECY_NONE;
	text = skip_opening(text);
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		const char *after = behind(text, marks[i].text);

		if (after && mark_ends(after))
			return marks[i].secrecy;
	}
	return SECRECY_NONE;
}

/* A file may be named with the folders it came from, of any system: the name and its
 * last part each may lead with a mark. */
static enum event_secrecy file_mark(const char *name)
{
	enum event_secrecy whole = leading_mark(name), last = SECRECY_NONE;

	for (const char *p = name; p && (p = strpbrk(p, "/\\"));)
		last = leading_mark(++p);
	return last > whole ? last : whole;
}

enum event_secrecy secrecy_of(const struct event *ev)
{
	enum event_secrecy highest = ev->secrecy, found = leading_mark(ev->subject);

	if (found > highest)
		highest = found;
	for (size_t i = 0; i < ev->attachments.n; i++) {
		found = file_mark(ev->attachments.at[i].name);
		if (found > highest)
			highest = found;
		found = file_mark(ev->attachments.at[i].other_name);
		if (found > highest)
			highest = found;
	}
	return highest;
}

bool secrecy_restricts(const struct event *ev)
{
	return secrecy_of(ev) != SECRECY_NONE;
}
