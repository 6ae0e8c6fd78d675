/* calendar.yaml (D4): the decreed years into the working calendar. */
#include "gateway/base/text.h"
#include "gateway/config/parts.h"
#include "gateway/config/tables.h"
#include "gateway/rules/lunar.h"

enum { FIRST_YEAR = 1990, LAST_YEAR = 2200, SATURDAY = 5 };

struct year {
	struct reading *reading;
	const struct calendar *computed; /* this year as the law alone gives it */
	int number;
	struct year_keys keys;
	const struct node *off, *work;
};

static bool is_weekend(day_t day)
{
	return day_weekday(day) >= SATURDAY;
}

static bool is_among(day_t day, const day_t *days, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (days[i] == day)
			return true;
	return false;
}

/* Is @day of the year, and new in its list? */
static bool judge_day(
	struct year *y, const struct node *at, const day_t *days, size_t i)
{
	int year = 0, month = 0, mday = 0;

	if (days[i] == DAY_NONE)
		return false;
	day_split(days[i], &year, &month, &mday);
	if (year != y->number)
		complain(y->reading, at, "is no day of %d; put it under its own year",
			y->number);
	else if (is_among(days[i], days, i))
		complain(y->reading, at, "is in this list already; write it once");
	else
		return true;
	return false;
}

static void judge_off(struct year *y)
{
	const struct node *at = y->off ? y->off->first : NULL;

	for (size_t i = 0; at && i < y->keys.off_n; i++, at = at->next)
		if (judge_day(y, at, y->keys.off, i) && is_weekend(y->keys.off[i]))
			complain_warn(y->reading, at,
				"is a %s, off anyway; list only working days taken off",
				day_weekday(y->keys.off[i]) == SATURDAY ? "Saturday"
									: "Sunday");
}

static void judge_work(struct year *y)
{
	const struct node *at = y->work ? y->work->first : NULL;

	for (size_t i = 0; at && i < y->keys.work_n; i++, at = at->next) {
		day_t day = y->keys.work[i];

		if (!judge_day(y, at, y->keys.work, i))
			continue;
		if (is_among(day, y->keys.off, y->keys.off_n))
			complain(y->reading, at,
				"is in `off` as well; a day is off or worked, not "
				"both");
		else if (!is_weekend(day) && !calendar_holiday_name(y->computed, day))
			complain_warn(y->reading, at,
				"is neither a weekend nor a holiday, so it is worked "
				"anyway");
	}
}

static void judge_hole(struct year *y, day_t day, const char *name)
{
	char text[DAY_TEXT];

	if (day != DAY_NONE && !is_weekend(day) &&
		!is_among(day, y->keys.off, y->keys.off_n) &&
		!is_among(day, y->keys.work, y->keys.work_n))
		complain_warn(y->reading, y->off,
			"lacks %s (%s): a year listed is complete, so that day is "
			"worked",
			day_text(day, text), name);
}

/* A listed year is complete: what the law fixes, to a day of the year or of the lunar
 * year, and the list lacks is a hole. The other days of Tết and of the National Day are
 * the decree's to choose. */
static void judge_holes(struct year *y)
{
	static const struct {
		bool lunar;
		int month, mday;
		const char *name;
	} fixed[] = {{false, 1, 1, "New Year"}, {true, 1, 1, "Tết"},
		{true, 1, 2, "Tết"}, {true, 1, 3, "Tết"},
		{true, 3, 10, "the Hùng Kings' day"},
		{false, 4, 30, "Reunification Day"}, {false, 5, 1, "Labour Day"},
		{false, 9, 2, "National Day"}};

	for (size_t i = 0; y->off && i < sizeof(fixed) / sizeof(fixed[0]); i++)
		judge_hole(y,
			fixed[i].lunar
				? lunar_to_day(y->number, fixed[i].month, fixed[i].mday,
					  false)
				: day_from(y->number, fixed[i].month, fixed[i].mday),
			fixed[i].name);
}

static void read_year(
	struct reading *r, const struct node *at, struct calendar *calendar)
{
	struct year y = {.reading = r,
		.computed = calendar,
		.off = node_find(at, "off"),
		.work = node_find(at, "work")};
	int64_t number;

	if (!text_parse_int(at->key, FIRST_YEAR, LAST_YEAR, &number)) {
		complain_key(
			r, at, "must be a year from %d to %d", FIRST_YEAR, LAST_YEAR);
		return;
	}
	y.number = (int)number;
	schema_read(r, &year_table, at, &y.keys);
	judge_off(&y);
	judge_work(&y);
	if (!r->failed)
		judge_holes(&y);
	if (!r->failed)
		calendar_decree(calendar, y.number, y.keys.off, y.keys.off_n,
			y.keys.work, y.keys.work_n);
}

/* A year left out between others is mostly forgotten. */
static void judge_gaps(
	struct reading *r, const struct node *years, const struct calendar *calendar)
{
	int first = LAST_YEAR, last = FIRST_YEAR;

	for (int year = FIRST_YEAR; year <= LAST_YEAR; year++)
		if (calendar_is_decreed(calendar, year)) {
			first = year < first ? year : first;
			last = year;
		}
	for (int year = first; year < last; year++)
		if (!calendar_is_decreed(calendar, year))
			complain_warn(r, years,
				"lacks %d, between years that are listed; it is "
				"computed "
				"from the law",
				year);
}

void config_read_calendar(
	struct reading *r, const char *path, struct calendar *calendar)
{
	const struct node *root = node_read_file(r, path);
	const struct node *years = node_find(root, "years");
	struct year_keys nothing;

	if (!root)
		return;
	schema_read(r, &calendar_table, root, &nothing);
	if (!years || years->kind == NODE_BROKEN)
		return;
	if (years->kind != NODE_MAP) {
		complain(r, years,
			"must be years with their days, as 2025: {off: [2025-05-02]}");
		return;
	}
	for (const struct node *at = years->first; at; at = at->next)
		read_year(r, at, calendar);
	judge_gaps(r, years, calendar);
}
