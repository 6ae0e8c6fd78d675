/*
 * Months begin on the civil day (UTC+7) of the new moon. The month holding the winter
 * solstice is the eleventh. Where thirteen months lie between two eleventh months, the
 * first in which the sun enters no new twelfth of its path repeats the number before
 * it.
 *
 * New moons: the mean lunation and its periodic terms, after J. Meeus, Astronomical
 * Algorithms, chapter 49 (some seconds of error in our years). Sun: the largest terms
 * of VSOP87's longitude of the Earth, with aberration and nutation (about a second of
 * arc, half a minute of time). From 1990 to 2060 no new moon is nearer than 46 s to
 * midnight (2054-05-08), and no turn of the sun as near as that decides a month.
 */
#include "gateway/rules/lunar.h"

#include <math.h>
#include <stddef.h>

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))
#define RAD         (3.14159265358979323846 / 180)

/* 1970-01-01 00:00 UTC and 2000-01-01 12:00 as Julian days; a mean month's length. */
#define JULIAN_1970 2440587.5
#define JULIAN_2000 2451545.0
#define MONTH_DAYS  29.530588861

static const double VIET_NAM_DAY = 7.0 / 24;

/* Terrestrial time runs ahead of UTC by this many seconds; a table read in between. */
static double clock_lead(double julian)
{
	static const struct {
		double year, seconds;
	} rows[] = {
		{1900, -2.7},
		{1920, 21.2},
		{1940, 24.3},
		{1960, 33.2},
		{1970, 40.2},
		{1980, 50.5},
		{1990, 56.9},
		{2000, 63.8},
		{2010, 66.1},
		{2020, 69.4},
		{2060, 80.0},
	};
	double year = 2000 + (julian - JULIAN_2000) / 365.25;

	if (year <= rows[0].year)
		return rows[0].seconds;
	for (size_t i = 1; i < COUNT(rows); i++)
		if (year <= rows[i].year)
			return rows[i - 1].seconds +
			       (rows[i].seconds - rows[i - 1].seconds) *
				       (year - rows[i - 1].year) /
				       (rows[i].year - rows[i - 1].year);
	return rows[COUNT(rows) - 1].seconds;
}

/* Periodic terms of a new moon, in days: of E to a power, the sine of a sum of angles.
 */
static const struct {
	double days;
	signed char e, sun, moon, node, ascending;
} moon_terms[] = {
	{-0.40720, 0, 0, 1, 0, 0},
	{0.17241, 1, 1, 0, 0, 0},
	{0.01608, 0, 0, 2, 0, 0},
	{0.01039, 0, 0, 0, 2, 0},
	{0.00739, 1, -1, 1, 0, 0},
	{-0.00514, 1, 1, 1, 0, 0},
	{0.00208, 2, 2, 0, 0, 0},
	{-0.00111, 0, 0, 1, -2, 0},
	{-0.00057, 0, 0, 1, 2, 0},
	{0.00056, 1, 1, 2, 0, 0},
	{-0.00042, 0, 0, 3, 0, 0},
	{0.00042, 1, 1, 0, 2, 0},
	{0.00038, 1, 1, 0, -2, 0},
	{-0.00024, 1, -1, 2, 0, 0},
	{-0.00017, 0, 0, 0, 0, 1},
	{-0.00007, 0, 2, 1, 0, 0},
	{0.00004, 0, 0, 2, -2, 0},
	{0.00004, 0, 3, 0, 0, 0},
	{0.00003, 0, 1, 1, -2, 0},
	{0.00003, 0, 0, 2, 2, 0},
	{-0.00003, 0, 1, 1, 2, 0},
	{0.00003, 0, -1, 1, 2, 0},
	{-0.00002, 0, -1, 1, -2, 0},
	{-0.00002, 0, 1, 3, 0, 0},
	{0.00002, 0, 0, 4, 0, 0},
};

/* What the planets add: days, and an angle in degrees with its step a lunation. */
static const struct {
	double days, angle, step;
} planet_terms[] = {
	{0.000325, 299.77, 0.107408},
	{0.000165, 251.88, 0.016321},
	{0.000164, 251.83, 26.651886},
	{0.000126, 349.42, 36.412478},
	{0.000110, 84.66, 18.206239},
	{0.000062, 141.74, 53.303771},
	{0.000060, 207.14, 2.453732},
	{0.000056, 154.84, 7.306860},
	{0.000047, 34.52, 27.261239},
	{0.000042, 207.19, 0.121824},
	{0.000040, 291.34, 1.844379},
	{0.000037, 161.72, 24.198154},
	{0.000035, 239.56, 25.513099},
	{0.000023, 331.55, 3.592518},
};

/* The Julian day, in UTC, of new moon @k; 0 is that of 2000-01-06. */
static double new_moon(int k)
{
	double t = k / 1236.85, t2 = t * t;
	double e = 1 - 0.002516 * t - 0.0000074 * t2;
	double sun = 2.5534 + 29.10535670 * k - 0.0000014 * t2;
	double moon = 201.5643 + 385.81693528 * k + 0.0107582 * t2;
	double node = 160.7108 + 390.67050284 * k - 0.0016118 * t2;
	double ascending = 124.7746 - 1.56375588 * k + 0.0020672 * t2;
	double at = 2451550.09766 + MONTH_DAYS * k + 0.00015437 * t2;

	for (size_t i = 0; i < COUNT(moon_terms); i++) {
		double angle = moon_terms[i].sun * sun + moon_terms[i].moon * moon +
			       moon_terms[i].node * node +
			       moon_terms[i].ascending * ascending;
		double scale = moon_terms[i].e == 2 ? e * e : moon_terms[i].e ? e : 1;

		at += moon_terms[i].days * scale * sin(angle * RAD);
	}
	for (size_t i = 0; i < COUNT(planet_terms); i++)
		at += planet_terms[i].days *
		      sin((planet_terms[i].angle + planet_terms[i].step * k) * RAD);
	return at - clock_lead(at) / 86400;
}

static day_t new_moon_day(int k)
{
	return (day_t)floor(new_moon(k) - JULIAN_1970 + VIET_NAM_DAY);
}

/* The Earth's longitude: amplitude in 1e-8 radian, phase, radians a millennium. */
static const struct {
	double size, phase, rate;
} earth_terms[] = {
	{3341656, 4.6692568, 6283.0758500},
	{34894, 4.62610, 12566.15170},
	{3497, 2.7441, 5753.3849},
	{3418, 2.8289, 3.5231},
	{3136, 3.6277, 77713.7715},
	{2676, 4.4181, 7860.4194},
	{2343, 6.1352, 3930.2097},
	{1324, 0.7425, 11506.7698},
	{1273, 2.0371, 529.6910},
	{1199, 1.1096, 1577.3435},
	{990, 5.233, 5884.927},
	{902, 2.045, 26.298},
	{857, 3.508, 398.149},
	{780, 1.179, 5223.694},
	{753, 2.533, 5507.553},
	{505, 4.583, 18849.228},
	{492, 4.205, 775.523},
	{357, 2.920, 0.067},
	{317, 5.849, 11790.629},
	{284, 1.899, 796.298},
	{271, 0.315, 10977.079},
	{243, 0.345, 5486.778},
	{206, 4.806, 2544.314},
	{205, 1.869, 5573.143},
	{202, 2.458, 6069.777},
	{156, 0.833, 213.299},
	{132, 3.411, 2942.463},
	{126, 1.083, 20.775},
	{115, 0.645, 0.980},
	{103, 0.636, 4694.003},
	{102, 0.976, 15720.839},
	{102, 4.267, 7.114},
};

/* The sun's apparent longitude in degrees, 0 to 360, at Julian day @julian in UTC. */
static double sun_longitude(double julian)
{
	double t = (julian + clock_lead(julian) / 86400 - JULIAN_2000) / 365250;
	double moving = 628331966747.0 + 206059 * cos(2.678235 + 6283.075850 * t) +
			4303 * cos(2.6351 + 12566.1517 * t);
	double sum = 175347046 +
		     t * (moving + t * (52919 + 8720 * cos(1.0721 + 6283.0758 * t)));

	for (size_t i = 0; i < COUNT(earth_terms); i++)
		sum += earth_terms[i].size *
		       cos(earth_terms[i].phase + earth_terms[i].rate * t);

	double node = (125.04452 - 19341.36261 * t) * RAD;
	double mean = (280.4665 + 360007.698 * t) * RAD;
	double nutation =
		-17.20 * sin(node) - 1.32 * sin(2 * mean) + 0.21 * sin(2 * node);
	double distance = 1 - 0.016708 * cos((357.5291 + 359990.503 * t) * RAD);
	double longitude = sum * 1e-8 / RAD + 180 +
			   (nutation - 0.0903 - 20.4898 / distance) / 3600;

	return longitude - 360 * floor(longitude / 360);
}

/* In which twelfth of its path is the sun as @day begins? 9 begins at the solstice. */
static int twelfth(day_t day)
{
	return (int)(sun_longitude(day + JULIAN_1970 - VIET_NAM_DAY) / 30);
}

/* The new moon that begins the eleventh month in December or November of @year. */
static int eleventh_moon(int year)
{
	/* The last of December give or take a day, also of year 0 and year 10000. */
	day_t last = 364 + (day_t)floor((year - 1970) * 365.2425);
	int k = (int)floor((last + JULIAN_1970 - 2451550.1) / MONTH_DAYS) + 1;

	while (new_moon_day(k) > last)
		k--;
	return twelfth(new_moon_day(k)) == 9 ? k - 1 : k;
}

/* The months from the eleventh of the year before to the tenth of @year. */
struct round {
	int year, months; /* 12 or 13 */
	int leap;         /* which repeats a number, 0: none */
	day_t start[14];  /* the last is the next eleventh month's */
};

static void make_round(struct round *r, int year)
{
	int k = eleventh_moon(year - 1);

	*r = (struct round){.year = year, .months = eleventh_moon(year) - k};
	for (int i = 0; i <= r->months; i++)
		r->start[i] = new_moon_day(k + i);
	for (int i = 1; r->months == 13 && i < 13 && !r->leap; i++)
		if (twelfth(r->start[i]) == twelfth(r->start[i + 1]))
			r->leap = i;
}

/* How many numbered months after the eleventh begins the month at @i? */
static int steps_to(const struct round *r, int i)
{
	return r->leap && i >= r->leap ? i - 1 : i;
}

void lunar_from_day(day_t day, struct lunar *ret_lunar)
{
	struct round r;
	int year, month, mday, i = 0;

	day_split(day, &year, &month, &mday);
	make_round(&r, year);
	if (day >= r.start[r.months])
		make_round(&r, year + 1);
	while (day >= r.start[i + 1])
		i++;
	int steps = steps_to(&r, i);

	*ret_lunar = (struct lunar){
		.year = steps < 2 ? r.year - 1 : r.year,
		.month = (steps + 10) % 12 + 1,
		.day = day - r.start[i] + 1,
		.leap = r.leap && i == r.leap,
	};
}

day_t lunar_to_day(int year, int month, int mday, bool leap)
{
	struct round r;

	if (year < 1 || year > 9998 || month < 1 || month > 12 || mday < 1)
		return DAY_NONE;
	make_round(&r, month > 10 ? year + 1 : year);
	for (int i = 0; i < r.months; i++) {
		if ((steps_to(&r, i) + 10) % 12 + 1 != month ||
			leap != (r.leap && i == r.leap))
			continue;
		day_t day = r.start[i] + mday - 1;

		return day < r.start[i + 1] ? day : DAY_NONE;
	}
	return DAY_NONE;
}
