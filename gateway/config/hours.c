#include "gateway/config/hours.h"

#include <string.h>

/* `hh:mm`, then moves on; -1 if it is none. */
static int take_minutes(const char **text)
{
	const char *t = *text;

	if (strspn(t, "0123456789") != 2 || t[2] != ':' ||
		strspn(t + 3, "0123456789") != 2)
		return -1;
	int hour = (t[0] - '0') * 10 + t[1] - '0',
	    minute = (t[3] - '0') * 10 + t[4] - '0';

	*text += 5;
	return minute > 59 || hour * 60 + minute > 24 * 60 ? -1 : hour * 60 + minute;
}

static bool take_sign(const char **text, char sign)
{
	*text += strspn(*text, " ");
	if (**text != sign)
		return false;
	*text += 1;
	*text += strspn(*text, " ");
	return true;
}

bool hours_parse(const char *text, int minutes[8])
{
	int last = -1, n = 0;

	for (int i = 0; i < 8; i++)
		minutes[i] = -1;
	do {
		int from = n < 6 ? take_minutes(&text) : -1;

		if (from < last || from < 0 || !take_sign(&text, '-'))
			return false;
		last = take_minutes(&text);
		if (last <= from)
			return false;
		minutes[n++] = from;
		minutes[n++] = last;
	} while (take_sign(&text, ','));
	return *text == '\0';
}
