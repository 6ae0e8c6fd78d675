#include "gateway/base/day.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { VIET_NAM_OFFSET_S = 7 * 3600, DAY_S = 86400 };

static int month_days(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return month == 2 && leap ? 29 : days[month - 1];
}

/* Days of the proleptic Gregorian calendar, in 400-year eras beginning on 1 March. */
static day_t civil_to_day(int year, int month, int mday)
{
	year -= month <= 2;
	int era = (year >= 0 ? year : year - 399) / 400;
	int of_era = year - era * 400;
	int of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + mday - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year -
	       719468;
}

day_t day_from(int year, int month, int mday)
{
	if (year < 1 || year > 9999 || month < 1 || month > 12 || mday < 1 ||
		mday > month_days(year, month))
		return DAY_NONE;
	return civil_to_day(year, month, mday);
}

void day_split(day_t day, int *ret_year, int *ret_month, int *ret_mday)
{
	int shifted = day + 719468;
	int era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
	int of_era = shifted - era * 146097;
	int year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int of_year = of_era - (365 * year + year / 4 - year / 100);
	int month = (5 * of_year + 2) / 153;

	*ret_mday = of_year - (153 * month + 2) / 5 + 1;
	*ret_month = month + (month < 10 ? 3 : -9);
	*ret_year = year + era * 400 + (*ret_month <= 2);
}

int day_weekday(day_t day)
{
	/* 1970-01-01 was a Thursday. */
	return ((day + 3) % 7 + 7) % 7;
}

day_t day_add_months(day_t day, int months)
{
	int year, month, mday;

	if (day == DAY_NONE)
		return DAY_NONE;
	day_split(day, &year, &month, &mday);
	int from_zero = year * 12 + month - 1 + months;

	year = from_zero / 12;
	month = from_zero % 12 + 1;
	if (year < 1 || year > 9999)
		return DAY_NONE;
	if (mday > month_days(year, month))
		mday = month_days(year, month);
	return day_from(year, month, mday);
}

/* Exactly @n digits at @p as a number, -1 otherwise. */
static int digits(const char *p, int n)
{
	int value = 0;

	for (int i = 0; i < n; i++) {
		if (p[i] < '0' || p[i] > '9')
			return -1;
		value = value * 10 + (p[i] - '0');
	}
	return value;
}

static day_t day_prefix(const char *text)
{
	int year = digits(text, 4);

	if (year < 0 || text[4] != '-')
		return DAY_NONE;
	int month = digits(text + 5, 2);

	if (month < 0 || text[7] != '-')
		return DAY_NONE;
	return day_from(year, month, digits(text + 8, 2));
}

day_t day_parse(const char *text)
{
	if (!text || strlen(text) != 10)
		return DAY_NONE;
	return day_prefix(text);
}

static void put_digits(char *to, int n, int value)
{
	while (n--) {
		to[n] = (char)('0' + value % 10);
		value /= 10;
	}
}

const char *day_text(day_t day, char out[DAY_TEXT])
{
	int year, month, mday;

	if (day == DAY_NONE)
		return NULL;
	day_split(day, &year, &month, &mday);
	put_digits(out, 4, year);
	out[4] = out[7] = '-';
	put_digits(out + 5, 2, month);
	put_digits(out + 8, 2, mday);
	out[10] = '\0';
	return out;
}

day_t day_of(msec_t at)
{
	int64_t local_s = at / 1000 - (at % 1000 < 0) + VIET_NAM_OFFSET_S;

	return (day_t)(local_s / DAY_S - (local_s % DAY_S < 0));
}

msec_t day_start(day_t day)
{
	return ((msec_t)day * DAY_S - VIET_NAM_OFFSET_S) * 1000;
}

bool instant_parse(const char *text, msec_t *ret_at)
{
	if (!text || strlen(text) < 20)
		return false;
	day_t day = day_prefix(text);
	int hour = digits(text + 11, 2), minute = digits(text + 14, 2);
	int second = digits(text + 17, 2);

	if (day == DAY_NONE ||
		(text[10] != 'T' && text[10] != 't' && text[10] != ' ') ||
		text[13] != ':' || text[16] != ':' || hour < 0 || hour > 23 ||
		minute < 0 || minute > 59 || second < 0 || second > 60)
		return false;
	const char *p = text + 19;
	int64_t fraction = 0, scale = 1000;

	if (*p == '.') {
		if (p[1] < '0' || p[1] > '9')
			return false;
		for (p++; *p >= '0' && *p <= '9'; p++) {
			scale /= 10;
			fraction += (*p - '0') * scale;
		}
	}
	int64_t offset_s = 0;

	if (*p == 'Z' || *p == 'z') {
		p++;
	} else if ((*p == '+' || *p == '-') && strlen(p) == 6 && p[3] == ':') {
		int hours = digits(p + 1, 2), minutes = digits(p + 4, 2);

		if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59)
			return false;
		offset_s = (hours * 3600 + minutes * 60) * (*p == '-' ? -1 : 1);
		p += 6;
	} else {
		return false;
	}
	if (*p)
		return false;
	*ret_at =
		((int64_t)day * DAY_S + hour * 3600 + minute * 60 + second - offset_s) *
			1000 +
		fraction;
	return true;
}

const char *instant_text(msec_t at, char out[INSTANT_TEXT])
{
	char date[DAY_TEXT];

	if (at == MSEC_NONE)
		return NULL;
	day_t day = day_of(at);
	int64_t second = (at - day_start(day)) / 1000;

	snprintf(out, INSTANT_TEXT, "%sT%02d:%02d:%02d+07:00", day_text(day, date),
		(int)(second / 3600), (int)(second / 60 % 60), (int)(second % 60));
	return out;
}

msec_t clock_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (msec_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t clock_ticks(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}
