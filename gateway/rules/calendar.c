/*
 * A year of the calendar is a row of bits, set where offices work, and a short list of
 * named holidays. The years 1990 to 2060 are computed when the calendar is made (about
 * 3 ms) and replaced when decreed; a year beyond them, unless decreed, is computed
 * where it is asked for, on the asker's stack. So nothing changes after the set-up, and
 * threads need no lock. Counting working days goes by 64 bits at a time.
 *
 * Undecreed years follow today's law (D4) whatever the year.
 */
#include "gateway/rules/calendar.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/base/mem.h"
#include "gateway/rules/lunar.h"

enum {
	FIRST_YEAR = CALENDAR_FIRST_YEAR,
	LAST_YEAR = CALENDAR_LAST_YEAR,
	YEAR_WORDS = 6, /* of 64 days */
	HOLIDAYS_MAX = 24,
	DAYS_MAX = 10000,
};

struct holiday {
	day_t day;
	const char *name;
};

struct year {
	int year;
	bool decreed;
	day_t first, end; /* the next year's first day */
	uint64_t working[YEAR_WORDS];
	uint64_t off[YEAR_WORDS]; /* decreed years: what the decree lists */
	struct holiday holidays[HOLIDAYS_MAX]; /* what the law alone would give */
	size_t holidays_n;
};

struct calendar {
	struct year *cached; /* FIRST_YEAR to LAST_YEAR */
	struct year *others; /* decreed years beyond */
	size_t others_n;
};

static bool bit(const uint64_t *words, int at)
{
	return words[at / 64] >> (at % 64) & 1;
}

static void set_bit(uint64_t *words, int at, bool value)
{
	uint64_t mask = UINT64_C(1) << (at % 64);

	words[at / 64] = value ? words[at / 64] | mask : words[at / 64] & ~mask;
}

static bool is_weekend(day_t day)
{
	return day_weekday(day) >= 5;
}

static bool is_in(const struct year *y, day_t day)
{
	return day >= y->first && day < y->end;
}

/* Keep the list in order of days; of two on one day the first named goes first. */
static void add_holiday(struct year *y, day_t day, const char *name)
{
	size_t at = y->holidays_n;

	if (day == DAY_NONE || at == HOLIDAYS_MAX)
		return;
	for (; at > 0 && y->holidays[at - 1].day > day; at--)
		y->holidays[at] = y->holidays[at - 1];
	y->holidays[at] = (struct holiday){day, name};
	y->holidays_n++;
}

static void add_holidays_of_law(struct year *y)
{
	day_t new_year = lunar_to_day(y->year, 1, 1, false);
	day_t national = day_from(y->year, 9, 2);

	add_holiday(y, day_from(y->year, 1, 1), "Tết Dương lịch");
	for (int i = -1; new_year != DAY_NONE && i < 4; i++)
		add_holiday(y, new_year + i, "Tết Nguyên đán");
	add_holiday(y, lunar_to_day(y->year, 3, 10, false), "Giỗ Tổ Hùng Vương");
	add_holiday(y, day_from(y->year, 4, 30), "Ngày Chiến thắng");
	add_holiday(y, day_from(y->year, 5, 1), "Ngày Quốc tế lao động");
	add_holiday(y, national, "Quốc khánh");
	add_holiday(y, is_weekend(national - 1) ? national + 1 : national - 1,
		"Quốc khánh");
}

/*
 * Take the holidays off, then give back, in order, each that fell on a weekend or on
 * another: the next day that still is a working day.
 */
static void take_holidays_off(struct year *y)
{
	struct holiday lost[HOLIDAYS_MAX];
	size_t lost_n = 0;

	for (size_t i = 0; i < y->holidays_n; i++) {
		int at = y->holidays[i].day - y->first;

		if (!bit(y->working, at))
			lost[lost_n++] = y->holidays[i];
		set_bit(y->working, at, false);
	}
	for (size_t i = 0; i < lost_n; i++) {
		day_t day = lost[i].day;

		while (is_in(y, day) && !bit(y->working, day - y->first))
			day++;
		if (!is_in(y, day))
			continue;
		set_bit(y->working, day - y->first, false);
		add_holiday(y, day, "Nghỉ bù ngày lễ");
	}
}

static void take_weekends_off(struct year *y)
{
	for (day_t day = y->first; day < y->end; day++)
		set_bit(y->working, day - y->first, !is_weekend(day));
}

static void compute_year(struct year *y, int year)
{
	*y = (struct year){
		.year = year,
		.first = day_from(year, 1, 1),
		.end = day_from(year, 12, 31) + 1,
	};
	take_weekends_off(y);
	add_holidays_of_law(y);
	take_holidays_off(y);
}

struct calendar *calendar_new(void)
{
	struct calendar *c = mem_alloc(sizeof(*c));

	c->cached = mem_alloc((LAST_YEAR - FIRST_YEAR + 1) * sizeof(*c->cached));
	for (int year = FIRST_YEAR; year <= LAST_YEAR; year++)
		compute_year(&c->cached[year - FIRST_YEAR], year);
	return c;
}

void calendar_free(struct calendar *c)
{
	if (!c)
		return;
	free(c->cached);
	free(c->others);
	free(c);
}

/* The year's row, NULL where it is neither cached nor decreed. */
static struct year *find_year(const struct calendar *c, int year)
{
	if (year >= FIRST_YEAR && year <= LAST_YEAR)
		return &c->cached[year - FIRST_YEAR];
	for (size_t i = 0; i < c->others_n; i++)
		if (c->others[i].year == year)
			return &c->others[i];
	return NULL;
}

/* The year's row, computed into @room if there is none yet; NULL beyond 1 to 9999. */
static const struct year *get_year(
	const struct calendar *c, int year, struct year *room)
{
	const struct year *y = find_year(c, year);

	if (y)
		return y;
	if (year < 1 || year > 9999)
		return NULL;
	compute_year(room, year);
	return room;
}

static const struct year *year_of(
	const struct calendar *c, day_t day, struct year *room)
{
	int year, month, mday;

	if (day < day_from(1, 1, 1) || day > day_from(9999, 12, 31))
		return NULL;
	day_split(day, &year, &month, &mday);
	return get_year(c, year, room);
}

void calendar_decree(struct calendar *c, int year, const day_t *off, size_t off_n,
	const day_t *work, size_t work_n)
{
	struct year *y = find_year(c, year);

	if (year < 1 || year > 9999)
		return;
	if (!y) {
		c->others = mem_resize(c->others, (c->others_n + 1) * sizeof(*y));
		y = &c->others[c->others_n++];
	}
	compute_year(y, year);
	y->decreed = true;
	take_weekends_off(y);
	for (size_t i = 0; i < work_n; i++)
		if (is_in(y, work[i]))
			set_bit(y->working, work[i] - y->first, true);
	for (size_t i = 0; i < off_n; i++) {
		if (!is_in(y, off[i]))
			continue;
		set_bit(y->working, off[i] - y->first, false);
		set_bit(y->off, off[i] - y->first, true);
	}
}

bool calendar_is_decreed(const struct calendar *c, int year)
{
	const struct year *y = find_year(c, year);

	return y && y->decreed;
}

bool calendar_is_working(const struct calendar *c, day_t day)
{
	struct year room;
	const struct year *y = year_of(c, day, &room);

	return y && bit(y->working, day - y->first);
}

const char *calendar_holiday_name(const struct calendar *c, day_t day)
{
	struct year room;
	const struct year *y = year_of(c, day, &room);

	if (!y || (y->decreed && !bit(y->off, day - y->first)))
		return NULL;
	for (size_t i = 0; i < y->holidays_n; i++)
		if (y->holidays[i].day == day)
			return y->holidays[i].name;
	return y->decreed ? "Nghỉ theo quyết định" : NULL;
}

/* Where the @n-th working day of @y from place @at on is; -1, and *@n less, if beyond.
 */
static int seek(const struct year *y, int at, int *n)
{
	for (int i = at / 64; i < YEAR_WORDS; i++, at = i * 64) {
		uint64_t left = y->working[i] >> (at % 64) << (at % 64);
		int found = __builtin_popcountll(left);

		if (found < *n) {
			*n -= found;
			continue;
		}
		for (; *n > 1; --*n)
			left &= left - 1;
		return i * 64 + __builtin_ctzll(left);
	}
	return -1;
}

static bool can_add(day_t day, int n)
{
	return day != DAY_NONE && day <= day_from(9999, 12, 31) && n >= 0 &&
	       n <= DAYS_MAX;
}

/* The @n-th working day from @day on, @n at least 1. */
static day_t seek_working(const struct calendar *c, day_t day, int n)
{
	struct year room;
	const struct year *y = year_of(c, day, &room);
	int at = y ? day - y->first : 0;

	for (; y; y = get_year(c, y->year + 1, &room), at = 0) {
		int found = seek(y, at, &n);

		if (found >= 0)
			return y->first + found;
	}
	return DAY_NONE;
}

day_t calendar_add_working(const struct calendar *c, day_t day, int n)
{
	if (!can_add(day, n))
		return DAY_NONE;
	return n ? seek_working(c, day + 1, n) : day;
}

day_t calendar_add_calendar(const struct calendar *c, day_t day, int n)
{
	if (!can_add(day, n))
		return DAY_NONE;
	return n ? seek_working(c, day + n, 1) : day;
}

/* Working days of @y before place @at. */
static int count_before(const struct year *y, int at)
{
	int count = 0;

	for (int i = 0; i < at / 64; i++)
		count += __builtin_popcountll(y->working[i]);
	if (at % 64)
		count += __builtin_popcountll(y->working[at / 64] << (64 - at % 64));
	return count;
}

int calendar_working_between(const struct calendar *c, day_t from, day_t to)
{
	struct year room;
	const struct year *y;
	int count = 0;

	if (from == DAY_NONE || to <= from)
		return 0;
	y = year_of(c, from + 1, &room);
	if (y)
		count -= count_before(y, from + 1 - y->first);
	for (; y && to >= y->end; y = get_year(c, y->year + 1, &room))
		count += count_before(y, y->end - y->first);
	return y ? count + count_before(y, to + 1 - y->first) : count;
}
