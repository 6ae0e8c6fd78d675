#include "gateway/rules/secrecy.h"

#include <ctype.h>
#include <string.h>

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

/*
 * What may follow a mark: the end, punctuation, or a dash with spaces around it. "MẬT
 * ĐỘ" and "MẬT-MÃ" are words that begin alike.
 */
static bool mark_ends(const char *after)
{
	static const char *const dashes[] = {"-", "\xe2\x80\x90", "\xe2\x80\x91",
		"\xe2\x80\x92", "\xe2\x80\x93", "\xe2\x80\x94", "\xe2\x88\x92"};
	const char *p = after + strspn(after, " ");

	if (!*p)
		return true;
	for (size_t i = 0; i < sizeof(dashes) / sizeof(dashes[0]); i++) {
		size_t n = strlen(dashes[i]);

		if (strncmp(p, dashes[i], n) == 0)
			return p > after && (p[n] == ' ' || !p[n]);
	}
	return strchr(".,:;!?)]}>/|_\"'*", *p) != NULL ||
	       strncmp(p, "\xe2\x80\x9d", 3) == 0 ||
	       strncmp(p, "\xe2\x80\x99", 3) == 0 || strncmp(p, "\xc2\xbb", 2) == 0;
}

/* Brackets and quotation marks before a mark, typographic ones too. */
static const char *skip_opening(const char *text)
{
	static const char *const quotes[] = {
		"\xe2\x80\x9c", "\xe2\x80\x98", "\xc2\xab"};
	const char *p = text + strspn(text, " ([{<\"'*_");

	for (size_t i = 0; i < sizeof(quotes) / sizeof(quotes[0]); i++)
		if (strncmp(p, quotes[i], strlen(quotes[i])) == 0)
			return skip_opening(p + strlen(quotes[i]));
	return p;
}

static enum event_secrecy leading_mark(const char *text)
{
	if (!text)
		return SECRECY_NONE;
	text = skip_opening(text);
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		size_t n = strlen(marks[i].text);

		if (strncmp(text, marks[i].text, n) == 0 && mark_ends(text + n))
			return marks[i].secrecy;
	}
	return SECRECY_NONE;
}

enum event_secrecy secrecy_of(const struct event *ev)
{
	enum event_secrecy highest = ev->secrecy, found = leading_mark(ev->subject);

	if (found > highest)
		highest = found;
	for (size_t i = 0; i < ev->attachments.n; i++) {
		found = leading_mark(ev->attachments.at[i].name);
		if (found > highest)
			highest = found;
	}
	return highest;
}

bool secrecy_restricts(const struct event *ev)
{
	return secrecy_of(ev) != SECRECY_NONE;
}
