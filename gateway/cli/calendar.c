/*
 * `calendar` and `calendar add`: the working calendar (D3, D4) of the configuration, or
 * without one the law's. A year that nobody decreed says so.
 */
#include <string.h>
#include <sysexits.h>

#include "gateway/base/json.h"
#include "gateway/base/text.h"
#include "gateway/cli/commands.h"
#include "gateway/cli/output.h"
#include "gateway/cli/setup.h"

enum { WORKING_DAYS_MAX = 10000 };

static const char *const weekday_words[] = {
	"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};

static int open_calendar(const struct cli *cli, struct config **ret_config)
{
	if (setup_config_file(cli))
		return setup_config(cli, false, ret_config);
	*ret_config = config_none();
	return 0;
}

static int year_of(day_t day)
{
	int year, month, mday;

	day_split(day, &year, &month, &mday);
	return year;
}

/* Is @day other than its weekday says, or a holiday with a name? */
static bool is_special(const struct calendar *calendar, day_t day)
{
	bool is_weekend = day_weekday(day) >= 5;

	return calendar_is_working(calendar, day) == is_weekend ||
	       calendar_holiday_name(calendar, day);
}

static void print_day(const struct calendar *calendar, day_t day, bool decreed)
{
	cleanup_buf struct buf line = {0};
	struct json j = {.out = &line};
	char text[DAY_TEXT];

	json_open(&j, '{');
	json_put_text(&j, "date", day_text(day, text));
	json_put_text(&j, "weekday", weekday_words[day_weekday(day)]);
	json_key(&j, "off");
	json_bool(&j, !calendar_is_working(calendar, day));
	json_put_text(&j, "name", calendar_holiday_name(calendar, day));
	json_key(&j, "decreed");
	json_bool(&j, decreed);
	json_close(&j, '}');
	out_line(&line);
}

static void add_day(struct table *table, const struct calendar *calendar, day_t day)
{
	bool working = calendar_is_working(calendar, day);
	const char *name = calendar_holiday_name(calendar, day);
	char text[DAY_TEXT];

	table_add(table, day_text(day, text), 0);
	table_add(table, weekday_words[day_weekday(day)], 0);
	table_add(table, working ? "working" : "off", 0);
	table_add(table, !name && working ? "make-up day" : name, 0);
}

int command_calendar(const struct cli *cli)
{
	cleanup_config struct config *config = NULL;
	cleanup_table struct table table = {
		.headings = {"date", "weekday", "day", "name"}};
	int64_t year = year_of(day_of(cli->now));

	if (cli->words_n && !text_parse_int(cli->words[0], 1, 9999, &year)) {
		out_complain(
			cli, "usage", "'%s' is no year, such as 2026", cli->words[0]);
		return EX_USAGE;
	}
	int code = open_calendar(cli, &config);

	if (code)
		return code;
	bool decreed = calendar_is_decreed(config->calendar, (int)year);
	day_t last = day_from((int)year, 12, 31);

	for (day_t day = day_from((int)year, 1, 1); day <= last; day++) {
		if (!is_special(config->calendar, day))
			continue;
		if (cli->json)
			print_day(config->calendar, day, decreed);
		else
			add_day(&table, config->calendar, day);
	}
	if (!cli->json) {
		out_text("%d: %s", (int)year,
			decreed ? "as decreed"
				: "computed from the law; no decree of it is "
				  "configured");
		table_print(&table);
	}
	return 0;
}

static void print_sum(
	const struct cli *cli, day_t from, int days, day_t to, bool decreed)
{
	cleanup_buf struct buf line = {0};
	struct json j = {.out = &line};
	char from_text[DAY_TEXT], to_text[DAY_TEXT];

	if (!cli->json) {
		out_text("%s (%s)%s", day_text(to, to_text),
			weekday_words[day_weekday(to)],
			decreed ? "" : ", computed: not every year of it is decreed");
		return;
	}
	json_open(&j, '{');
	json_put_text(&j, "from", day_text(from, from_text));
	json_put_int(&j, "working_days", days);
	json_put_text(&j, "date", day_text(to, to_text));
	json_key(&j, "decreed");
	json_bool(&j, decreed);
	json_close(&j, '}');
	out_line(&line);
}

int command_calendar_add(const struct cli *cli)
{
	cleanup_config struct config *config = NULL;
	day_t from = day_parse(cli->words[0]);
	bool decreed = true;
	int64_t days;

	if (from == DAY_NONE) {
		out_complain(cli, "usage", "'%s' is no date, such as 2026-02-13",
			cli->words[0]);
		return EX_USAGE;
	}
	if (!text_parse_int(cli->words[1], 0, WORKING_DAYS_MAX, &days)) {
		out_complain(cli, "usage", "'%s' is no number of days from 0 to %d",
			cli->words[1], WORKING_DAYS_MAX);
		return EX_USAGE;
	}
	int code = open_calendar(cli, &config);

	if (code)
		return code;
	day_t to = calendar_add_working(config->calendar, from, (int)days);

	if (to == DAY_NONE) {
		out_complain(cli, "usage",
			"%s and %d working days is beyond the year 9999", cli->words[0],
			(int)days);
		return EX_USAGE;
	}
	for (int year = year_of(from); year <= year_of(to); year++)
		decreed = decreed && calendar_is_decreed(config->calendar, year);
	print_sum(cli, from, (int)days, to, decreed);
	return 0;
}
