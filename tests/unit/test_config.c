/*
 * The configuration: every file under tests/fixtures/config is a test, with the
 * complaints it must give in the .txt beside it (none: it loads in silence).
 */
#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "adapters/amqp_source.h"
#include "adapters/queue_sink.h"
#include "gateway/base/buf.h"
#include "gateway/base/mem.h"
#include "gateway/config/config.h"
#include "gateway/config/file.h"
#include "gateway/config/kinds.h"
#include "gateway/config/tables.h"

#define SECRET "do-not-show"

struct loaded {
	int result;
	struct config *config;
	struct config_complaints complaints;
	struct buf text; /* the complaints as the command line prints them */
};

static void loaded_deinit(struct loaded *l)
{
	config_free(l->config);
	config_complaints_deinit(&l->complaints);
	buf_deinit(&l->text);
}

static struct loaded load(const char *file, const char *data)
{
	struct loaded l = {0};

	l.result = config_load(file, data, &l.config, &l.complaints);
	for (size_t i = 0; i < l.complaints.list.n; i++) {
		const struct config_complaint *c = &l.complaints.list.at[i];

		buf_printf(&l.text, "%s:%d:%d: %s: %s%s\n", c->file, c->line, c->column,
			c->key, c->warning ? "warning: " : "", c->message);
	}
	return l;
}

static struct loaded load_good(const char *file)
{
	struct loaded l = load(file, NULL);

	assert_string_equal(buf_text(&l.text), "");
	assert_int_equal(l.result, 0);
	return l;
}

static bool has_errors(const struct loaded *l)
{
	for (size_t i = 0; i < l->complaints.list.n; i++)
		if (!l->complaints.list.at[i].warning)
			return true;
	return false;
}

static void read_whole(const char *path, struct buf *out)
{
	struct err e = {0};

	if (file_read(path, 1 << 20, out, &e))
		fail_msg("%s: %s", path, e.text);
}

static void enter(const char *folder)
{
	cleanup_buf struct buf path = {0};

	buf_printf(&path, "%s/%s", getenv("CONGVAN_SOURCE"), folder);
	if (chdir(buf_text(&path)))
		fail_msg("there is no %s", buf_text(&path));
}

static int enter_fixtures(void **state)
{
	(void)state;
	setenv("CONGVAN_TEST_PASSWORD", SECRET, 1);
	setenv("CONGVAN_TEST_EMPTY", "", 1);
	unsetenv("CONGVAN_TEST_NOT_SET");
	enter("tests/fixtures/config");
	return 0;
}

static void each_file_gives_the_complaints_beside_it(void **state)
{
	glob_t files = {0};

	(void)state;
	assert_int_equal(glob("*.yaml", 0, NULL, &files), 0);
	assert_true(files.gl_pathc > 40);
	for (size_t i = 0; i < files.gl_pathc; i++) {
		const char *file = files.gl_pathv[i];
		cleanup_buf struct buf path = {0}, wanted = {0};
		struct loaded l = load(file, NULL);

		buf_printf(&path, "%.*s.txt", (int)strlen(file) - 5, file);
		read_whole(buf_text(&path), &wanted);
		if (strcmp(buf_text(&l.text), buf_text(&wanted)) != 0)
			fail_msg("%s says\n%sand not\n%s", file, buf_text(&l.text),
				buf_text(&wanted));
		assert_int_equal(l.result, has_errors(&l) ? -1 : 0);
		assert_true((l.config != NULL) == (l.result == 0));
		loaded_deinit(&l);
	}
	globfree(&files);
}

static void a_secret_is_in_no_complaint(void **state)
{
	glob_t files = {0};
	size_t with_secret = 0;

	(void)state;
	assert_int_equal(glob("*.yaml", 0, NULL, &files), 0);
	for (size_t i = 0; i < files.gl_pathc; i++) {
		cleanup_buf struct buf bytes = {0};
		struct loaded l = load(files.gl_pathv[i], NULL);

		read_whole(files.gl_pathv[i], &bytes);
		with_secret += strstr(buf_text(&bytes), SECRET) != NULL;
		assert_null(strstr(buf_text(&l.text), SECRET));
		loaded_deinit(&l);
	}
	assert_true(with_secret >= 4);
	globfree(&files);
}

static void a_site_alone_is_a_configuration(void **state)
{
	struct loaded l = load_good("good-minimal.yaml");
	const struct config *c = l.config;
	cleanup_free char *here = getcwd(NULL, 0);
	cleanup_buf struct buf data = {0}, queue = {0};

	(void)state;
	buf_printf(&data, "%s/var", here);
	buf_printf(&queue, "%s/var/queue.db", here);
	assert_string_equal(c->site, "H99");
	assert_string_equal(c->data, buf_text(&data));
	assert_false(c->queue.is_amqp);
	assert_string_equal(c->queue.path, buf_text(&queue));
	assert_memory_equal(&c->policy, &policy_default, sizeof(c->policy));
	assert_memory_equal(
		&c->delivery, &delivery_policy_default, sizeof(c->delivery));
	assert_int_equal(c->limits.max_depth, 0);
	assert_int_equal(c->limits.max_bytes, 0);
	assert_int_equal(c->adapters_n, 0);
	assert_int_equal(organ_table_size(c->organs), 0);
	assert_false(calendar_is_decreed(c->calendar, 2025));
	loaded_deinit(&l);
}

static void the_data_folder_of_the_command_line_overrides_the_file(void **state)
{
	struct loaded l = load("good-full.yaml", "/srv//other/./place/");

	(void)state;
	assert_int_equal(l.result, 0);
	assert_string_equal(l.config->data, "/srv/other/place");
	loaded_deinit(&l);
	l = load("good-minimal.yaml", "/srv/x");
	assert_string_equal(l.config->queue.path, "/srv/x/queue.db");
	loaded_deinit(&l);
}

static void every_policy_key_is_read(void **state)
{
	static const int hours[] = {480, 720, 780, 1020, 1080, 1440, -1, -1};
	struct loaded l = load_good("good-full.yaml");
	const struct policy *p = &l.config->policy;

	(void)state;
	assert_int_equal(p->confirmation, CONFIRMATION_REQUIRED);
	assert_int_equal(p->close_on, CLOSE_ON_DRAFTED);
	assert_int_equal(p->tasks, POLICY_TASKS_EXPLICIT);
	assert_int_equal(p->assigners_n, 2);
	assert_string_equal(p->assigners[1], "H99.01");
	assert_int_equal(p->answers_proposals_n, 1);
	assert_int_equal(p->rules_n, 2);
	assert_string_equal(p->rules[0].type, "Tờ trình");
	assert_int_equal(p->rules[0].working_days, 7);
	assert_int_equal(p->steering, POLICY_STEERING_012);
	assert_true(p->citation_closes && p->accept_proposed_due);
	assert_int_equal(p->due_soon_days, 0);
	assert_memory_equal(p->working_minutes, hours, sizeof(hours));
	loaded_deinit(&l);
}

static void a_sinks_delivery_changes_only_what_it_names(void **state)
{
	struct loaded l = load("good-full.yaml", NULL);
	const struct config *c = l.config;
	const struct config_adapter *broker = config_find_adapter(c, "to-broker");
	const struct config_adapter *events = config_find_adapter(c, "events");

	(void)state;
	assert_int_equal(c->delivery.suspend_first_ms, 5000);
	assert_int_equal(broker->delivery.retry_first_ms, 1000);
	assert_int_equal(broker->delivery.suspend_first_ms, 10000);
	assert_memory_equal(&events->delivery, &c->delivery, sizeof(c->delivery));
	assert_string_not_equal(broker->fingerprint, events->fingerprint);
	loaded_deinit(&l);
}

static void an_adapters_policy_changes_only_what_it_names(void **state)
{
	struct loaded l = load_good("good-full.yaml");
	const struct config *c = l.config;
	const struct policy *p = &config_find_adapter(c, "inbox")->policy;

	(void)state;
	assert_int_equal(p->tasks, POLICY_TASKS_ALL);
	assert_int_equal(p->assigners_n, 0);
	assert_int_equal(p->confirmation, CONFIRMATION_REQUIRED);
	assert_int_equal(p->rules_n, 2);
	p = &config_find_adapter(c, "from-broker")->policy;
	assert_memory_equal(p, &c->policy, sizeof(*p));
	loaded_deinit(&l);
}

static void adapters_have_what_their_type_needs(void **state)
{
	struct loaded l = load_good("good-full.yaml");
	const struct config *c = l.config;
	const struct config_adapter *a = config_find_adapter(c, "inbox");

	(void)state;
	assert_int_equal(c->adapters_n, 4);
	assert_null(config_find_adapter(c, "nobody"));
	assert_string_equal(a->source->peer(a->options), "/srv/congvan/in");
	assert_int_equal(a->format, FORMAT_EVENT);
	assert_true(a->stop_after_header);
	assert_int_equal(a->line, 31);
	a = config_find_adapter(c, "from-broker");
	assert_int_equal(a->type, ADAPTER_AMQP);
	assert_int_equal(a->format, FORMAT_EDXML);
	const struct amqp_source_options *taken = a->options;

	assert_string_equal(taken->queue.url, c->queue.url);
	assert_string_equal(taken->name, "elsewhere");
	assert_int_equal(taken->prefetch, 10);
	a = config_find_adapter(c, "to-broker");
	assert_int_equal(a->direction, DIRECTION_OUT);
	assert_int_equal(a->format, FORMAT_EVENT);
	const struct queue_sink_options *told = a->options;

	assert_string_equal(told->queue.url, "amqp://other@second.example");
	assert_string_equal(told->queue.exchange, "elsewhere.events");
	assert_int_equal(told->organs_n, organ_table_size(c->organs));
	loaded_deinit(&l);
}

static void passwords_come_from_a_file_or_the_environment(void **state)
{
	struct loaded l = load_good("good-full.yaml");
	const struct config *c = l.config;

	(void)state;
	assert_string_equal(c->queue.password, SECRET);
	const struct queue_sink_options *told =
		config_find_adapter(c, "to-broker")->options;
	const struct amqp_source_options *taken =
		config_find_adapter(c, "from-broker")->options;

	assert_string_equal(told->queue.password, SECRET);
	/* Without a url of its own an adapter goes where the queue goes, and as it. */
	assert_string_equal(taken->queue.password, SECRET);
	loaded_deinit(&l);
}

static void the_organ_table_is_filled(void **state)
{
	struct loaded l = load_good("good-full.yaml");
	const struct organ_table *table = l.config->organs;
	day_t before = day_from(2025, 6, 30), after = day_from(2025, 7, 1);

	(void)state;
	assert_int_equal(organ_table_size(table), 3);
	assert_string_equal(organ_main_id(table, "000.00.60.h99", before), "H99.60");
	assert_null(organ_find(table, "000.00.60.H99", after));
	assert_string_equal(organ_successor(table, "H99.60", after), "H99.30");
	assert_true(organ_is_ancestor(table, "H99", "H99.30"));
	assert_false(organ_find(table, "H99.60", DAY_NONE)->uses_eoffice);
	assert_true(organ_find(table, "H99.30", DAY_NONE)->uses_eoffice);
	assert_string_equal(
		organ_find(table, "H99", DAY_NONE)->names[0], "UBND tỉnh Mẫu");
	loaded_deinit(&l);
}

static void decreed_years_are_in_the_calendar(void **state)
{
	struct loaded l = load_good("good-full.yaml");
	const struct calendar *calendar = l.config->calendar;

	(void)state;
	assert_true(calendar_is_decreed(calendar, 2026));
	assert_true(calendar_is_decreed(calendar, 2027));
	assert_false(calendar_is_decreed(calendar, 2025));
	assert_false(calendar_is_working(calendar, day_from(2026, 1, 2)));
	assert_true(calendar_is_working(calendar, day_from(2026, 1, 10)));
	loaded_deinit(&l);
}

static void a_file_that_is_not_there_or_is_a_folder_is_complained_of(void **state)
{
	static const struct {
		const char *file, *says;
	} rows[] = {
		{"nowhere.yaml", "nowhere.yaml:1:1: (file): the file cannot be read: "
				 "No such file or directory\n"},
		{"parts", "parts:1:1: (file): the file cannot be read: it is a folder, "
			  "not a file\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct loaded l = load(rows[i].file, NULL);

		assert_int_equal(l.result, -1);
		assert_string_equal(buf_text(&l.text), rows[i].says);
		loaded_deinit(&l);
	}
}

static void a_file_elsewhere_has_its_paths_beside_it(void **state)
{
	struct loaded l;

	(void)state;
	enter("tests");
	l = load("fixtures/config/missing-files.yaml", NULL);
	assert_int_equal(l.result, -1);
	assert_int_equal(l.complaints.list.n, 2);
	loaded_deinit(&l);
	l = load_good("fixtures/config/good-full.yaml");
	assert_int_equal(organ_table_size(l.config->organs), 3);
	loaded_deinit(&l);
	l = load("fixtures/config/organs-circle.yaml", NULL);
	assert_string_equal(l.complaints.list.at[0].file,
		"fixtures/config/parts/organs-circle.yaml");
	loaded_deinit(&l);
	enter("tests/fixtures/config");
}

static void without_any_file_the_defaults_hold(void **state)
{
	struct config *c = config_none();

	(void)state;
	assert_memory_equal(&c->policy, &policy_default, sizeof(c->policy));
	assert_string_equal(organ_main_id(c->organs, "H21", DAY_NONE), "H21");
	assert_false(calendar_is_decreed(c->calendar, 2025));
	assert_null(config_find_adapter(c, "inbox"));
	assert_int_equal(c->data[0], '/');
	config_free(c);
}

static void the_shipped_configuration_is_right(void **state)
{
	struct loaded l;

	(void)state;
	enter(".");
	l = load_good("adapters.yaml");
	assert_string_equal(l.config->site, "H99");
	assert_int_equal(
		config_find_adapter(l.config, "inbox")->direction, DIRECTION_IN);
	assert_int_equal(
		config_find_adapter(l.config, "events")->direction, DIRECTION_OUT);
	for (int year = 2024; year <= 2026; year++)
		assert_true(calendar_is_decreed(l.config->calendar, year));
	assert_string_equal(organ_successor(l.config->organs, "000.00.60.H99",
				    day_from(2025, 6, 1)),
		"H99.60");
	assert_false(calendar_is_working(l.config->calendar, day_from(2025, 5, 2)));
	assert_true(calendar_is_working(l.config->calendar, day_from(2025, 4, 26)));
	loaded_deinit(&l);
	enter("tests/fixtures/config");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_file_gives_the_complaints_beside_it),
		cmocka_unit_test(a_secret_is_in_no_complaint),
		cmocka_unit_test(a_site_alone_is_a_configuration),
		cmocka_unit_test(
			the_data_folder_of_the_command_line_overrides_the_file),
		cmocka_unit_test(every_policy_key_is_read),
		cmocka_unit_test(an_adapters_policy_changes_only_what_it_names),
		cmocka_unit_test(a_sinks_delivery_changes_only_what_it_names),
		cmocka_unit_test(adapters_have_what_their_type_needs),
		cmocka_unit_test(passwords_come_from_a_file_or_the_environment),
		cmocka_unit_test(the_organ_table_is_filled),
		cmocka_unit_test(decreed_years_are_in_the_calendar),
		cmocka_unit_test(
			a_file_that_is_not_there_or_is_a_folder_is_complained_of),
		cmocka_unit_test(a_file_elsewhere_has_its_paths_beside_it),
		cmocka_unit_test(without_any_file_the_defaults_hold),
		cmocka_unit_test(the_shipped_configuration_is_right),
	};

	return cmocka_run_group_tests_name("config", tests, enter_fixtures, NULL);
}
