#include "gateway/model/event_date.h"

#include <ctype.h>
#include <stddef.h>

/* A run of digits at **@p, at most @most of them; -1 if there is none or too many. */
static int take_number(const char **p, int least, int most, int *ret_digits)
{
	int value = 0, n = 0;

	while (isdigit((unsigned char)**p) && n <= most) {
		value = value * 10 + (**p - '0');
		(*p)++;
		n++;
	}
	if (n < least || n > most)
		return -1;
	*ret_digits = n;
	return value;
}

/*
 * Three numbers with one kind of mark between them. The place of the four-digit number
 * decides which way round they stand; a two-digit year is no year.
 */
static day_t take_day(const char **p, unsigned *odd)
{
	int digits[3] = {0}, part[3];

	part[0] = take_number(p, 1, 4, &digits[0]);
	char mark = **p;

	if (part[0] < 0 || (mark != '/' && mark != '-'))
		return DAY_NONE;
	(*p)++;
	part[1] = take_number(p, mark == '-' ? 2 : 1, 2, &digits[1]);
	if (part[1] < 0 || **p != mark)
		return DAY_NONE;
	(*p)++;
	part[2] = take_number(p, mark == '-' ? 2 : 1, 4, &digits[2]);
	if (part[2] < 0)
		return DAY_NONE;
	if (digits[0] == 4 && digits[2] <= 2) {
		*odd |= part[0] < 100 ? (unsigned)EVENT_DATE_SHORT_YEAR : 0;
		return day_from(part[0], part[1], part[2]);
	}
	if (mark != '/' || digits[0] > 2)
		return DAY_NONE;
	*odd |= EVENT_DATE_DAY_FIRST;
	if (digits[2] != 4) {
		*odd |= digits[2] == 2 ? (unsigned)EVENT_DATE_SHORT_YEAR : 0;
		return DAY_NONE;
	}
	*odd |= part[2] < 100 ? (unsigned)EVENT_DATE_SHORT_YEAR : 0;
	return day_from(part[2], part[1], part[0]);
}

/* `Z`, `+07:00` or `+0700` as seconds east of UTC; Viet Nam's when nothing is there. */
static bool take_offset(const char **p, int *ret_s)
{
	int digits;

	*ret_s = 7 * 3600;
	if (!**p)
		return true;
	if (**p == 'Z' || **p == 'z') {
		(*p)++;
		*ret_s = 0;
		return true;
	}
	if (**p != '+' && **p != '-')
		return false;
	int sign = *(*p)++ == '-' ? -1 : 1;
	int hours = take_number(p, 2, 4, &digits), minutes = 0;

	if (digits == 4) {
		minutes = hours % 100;
		hours /= 100;
	} else if (digits == 2 && **p == ':') {
		(*p)++;
		minutes = take_number(p, 2, 2, &digits);
	} else {
		return false;
	}
	if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59)
		return false;
	*ret_s = sign * (hours * 3600 + minutes * 60);
	return true;
}

/* `hh:mm[:ss[.fff]]` and an offset, to the end of the text; seconds of the UTC day. */
static bool take_time(const char *p, int *ret_s)
{
	int digits, second = 0, offset_s;
	int hour = take_number(&p, 1, 2, &digits);

	if (hour < 0 || hour > 23 || *p++ != ':')
		return false;
	int minute = take_number(&p, 2, 2, &digits);

	if (minute < 0 || minute > 59)
		return false;
	if (*p == ':') {
		p++;
		second = take_number(&p, 2, 2, &digits);
		if (second < 0 || second > 60)
			return false;
		if (*p == '.' && isdigit((unsigned char)p[1]))
			for (p++; isdigit((unsigned char)*p);)
				p++;
	}
	if (*p == ' ')
		p++;
	if (!take_offset(&p, &offset_s) || *p)
		return false;
	*ret_s = hour * 3600 + minute * 60 + second - offset_s;
	return true;
}

struct event_date event_date_read(const char *text)
{
	struct event_date date = {.day = DAY_NONE, .at = MSEC_NONE};
	const char *p = text;
	int time_s = -7 * 3600;

	date.day = take_day(&p, &date.odd);
	if (date.day != DAY_NONE && (*p == ' ' || *p == 'T')) {
		date.odd |= EVENT_DATE_WITH_TIME;
		if (!take_time(p + 1, &time_s))
			date.day = DAY_NONE;
	} else if (*p) {
		date.day = DAY_NONE;
	}
	if (date.day == DAY_NONE) {
		/* Of what is no date only the short year says why. */
		date.odd = EVENT_DATE_INVALID | (date.odd & EVENT_DATE_SHORT_YEAR);
		return date;
	}
	date.at = ((msec_t)date.day * 86400 + time_s) * 1000;
	return date;
}

void event_date_quirks(
	struct event *ev, unsigned odd, const char *path, const char *text)
{
	static const struct {
		unsigned odd;
		const char *code;
	} rows[] = {
		{EVENT_DATE_DAY_FIRST, "date.day-first"},
		{EVENT_DATE_WITH_TIME, "date.with-time"},
		{EVENT_DATE_SHORT_YEAR, "date.two-digit-century"},
		{EVENT_DATE_INVALID, "date.invalid"},
	};

	for (size_t i = 0; odd && i < sizeof(rows) / sizeof(rows[0]); i++)
		if (odd & rows[i].odd)
			event_add_quirk(ev, rows[i].code, path, text);
}
