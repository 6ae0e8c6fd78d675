/*
 * The organ table (O1, O2), and who may answer, receive and amend by it
 * (M3, B5). One table serves all rows; the refusals build their own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>
#include <string.h>

#include "gateway/base/day.h"
#include "gateway/model/organ.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))
#define TEXTS(...)                                                                     \
	(const char *const[])                                                          \
	{                                                                              \
		__VA_ARGS__                                                            \
	}
#define ALIASES(...)                                                                   \
	(const struct organ_alias[])                                                   \
	{                                                                              \
		__VA_ARGS__                                                            \
	}

static day_t on(const char *text)
{
	day_t day = day_parse(text);

	assert_true(!text || day != DAY_NONE);
	return day;
}

static void must_add(struct organ_table *table, const struct organ *organ)
{
	struct err e = {0};

	if (organ_table_add(table, organ, &e) < 0)
		fail_msg("%s", e.text);
}

/*
 * A made-up province H99: the province, its office, departments, communes. 60 became 30
 * in July 2025 and 30 became 31 in 2026; 05 took the id 000.00.05.H99 over from 04.
 */
static void add_old_organs(struct organ_table *table)
{
	struct organ_alias old_60 = {
		"000.00.60.H99", day_from(2020, 1, 1), day_from(2025, 6, 30)};
	const struct organ old = {.id = "H99.60",
		.names = TEXTS("UBND xã Cũ 60"),
		.names_n = 1,
		.parent = "H99",
		.aliases = &old_60,
		.aliases_n = 1,
		.successor = "H99.30",
		.successor_from = day_from(2025, 7, 1),
		.uses_eoffice = true,
		.answered_by = TEXTS("000.00.09.H99"),
		.answered_by_n = 1,
		.receives_for = TEXTS("H99.04"),
		.receives_for_n = 1};

	must_add(table, &old);
}

static void add_organs(struct organ_table *table)
{
	struct organ_alias old_04 = {"000.00.05.H99", DAY_NONE, day_from(2022, 12, 31)};
	struct organ_alias old_05 = {"000.00.05.H99", day_from(2023, 1, 1), DAY_NONE};
	struct organ_alias any_09 = {"000.00.09.H99", DAY_NONE, DAY_NONE};
	const struct organ organs[] = {
		{.id = "H99", .names = TEXTS("UBND tỉnh Mẫu"), .names_n = 1},
		{.id = "H99.01",
			.parent = "H99",
			.receives_for = TEXTS("H99"),
			.receives_for_n = 1,
			.issues_for = TEXTS("h99"),
			.issues_for_n = 1},
		{.id = "H99.04", .parent = "H99", .aliases = &old_04, .aliases_n = 1},
		{.id = "H99.05", .parent = "H99", .aliases = &old_05, .aliases_n = 1},
		{.id = "H99.09",
			.parent = "000.00.00.H98",
			.aliases = &any_09,
			.aliases_n = 1,
			.issues_for = TEXTS("H99.30"),
			.issues_for_n = 1},
		{.id = "H99.09.01", .parent = "000.00.09.H99"},
		{.id = "H99.09.01.02", .parent = "H99.09.01"},
		{.id = "H99.30",
			.parent = "H99",
			.successor = "H99.31",
			.successor_from = day_from(2026, 1, 1),
			.answered_by = TEXTS("H99.70"),
			.answered_by_n = 1},
		{.id = "H99.31",
			.parent = "H99",
			.answered_by = TEXTS("G77.unlisted"),
			.answered_by_n = 1},
		{.id = "H99.80",
			.successor = "G88.elsewhere",
			.successor_from = DAY_NONE},
	};

	for (size_t i = 0; i < COUNT(organs); i++)
		must_add(table, &organs[i]);
}

static int build_province(void **state)
{
	struct organ_table *table = organ_table_new();
	struct err e = {0};

	add_old_organs(table);
	add_organs(table);
	if (organ_table_finish(table, &e) < 0)
		fail_msg("%s", e.text);
	*state = table;
	return 0;
}

static int free_province(void **state)
{
	organ_table_free(*state);
	return 0;
}

static void an_id_is_known_without_case_and_an_alias_only_on_its_days(void **state)
{
	static const struct {
		const char *id, *day, *main_id;
		bool known;
	} rows[] = {
		{"H99.60", "2021-05-05", "H99.60", true},
		{"h99.60", "2021-05-05", "H99.60", true},
		{"H99.60", "1990-01-01", "H99.60", true},
		{"H99.60", "2030-01-01", "H99.60", true},
		{"H99.60", NULL, "H99.60", true},
		{"000.00.60.H99", "2019-12-31", "000.00.60.H99", false},
		{"000.00.60.H99", "2020-01-01", "H99.60", true},
		{"000.00.60.h99", "2025-06-30", "H99.60", true},
		{"000.00.60.H99", "2025-07-01", "000.00.60.H99", false},
		{"000.00.60.H99", NULL, "H99.60", true},
		{"000.00.05.H99", "2022-12-31", "H99.04", true},
		{"000.00.05.H99", "2023-01-01", "H99.05", true},
		{"000.00.05.H99", NULL, "H99.05", true},
		{"000.00.09.H99", "2001-02-03", "H99.09", true},
		{"60.H99", "2021-05-05", "60.H99", false},
		{"H99.6", "2021-05-05", "H99.6", false},
		{"", "2021-05-05", "", false},
		{"Mã định danh", NULL, "Mã định danh", false},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct organ *found =
			organ_find(*state, rows[i].id, on(rows[i].day));

		assert_int_equal(found != NULL, rows[i].known);
		assert_string_equal(organ_main_id(*state, rows[i].id, on(rows[i].day)),
			rows[i].main_id);
		if (found)
			assert_string_equal(found->id, rows[i].main_id);
	}
	assert_null(organ_find(*state, NULL, DAY_NONE));
	assert_null(organ_main_id(*state, NULL, DAY_NONE));
}

static void two_ids_are_one_organ_only_if_the_table_says_so(void **state)
{
	static const struct {
		const char *a, *a_day, *b, *b_day;
		bool same;
	} rows[] = {
		{"000.00.60.H99", "2024-01-01", "H99.60", "2026-01-01", true},
		{"000.00.60.H99", "2026-01-01", "H99.60", "2026-01-01", false},
		{"000.00.60.H99", "2026-01-01", "000.00.60.h99", "2026-02-01", true},
		{"000.00.05.H99", "2020-01-01", "000.00.05.H99", "2024-01-01", false},
		{"000.00.17.H36", "2020-01-01", "H36.17", "2020-01-01", false},
		{"vxp.saas.03", NULL, "VXP.SAAS.03", NULL, true},
		{"H99.60", "2026-01-01", "H99.30", "2026-01-01", false},
		{NULL, NULL, NULL, NULL, false},
		{"H99", NULL, NULL, NULL, false},
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(organ_same(*state, rows[i].a, on(rows[i].a_day),
					 rows[i].b, on(rows[i].b_day)),
			rows[i].same);
}

static void a_dissolved_organ_is_followed_to_whoever_stands_in_its_place(void **state)
{
	static const struct {
		const char *id, *day, *place;
	} rows[] = {
		{"H99.60", "2025-06-30", "H99.60"},
		{"h99.60", "2025-07-01", "H99.30"},
		{"H99.60", "2025-12-31", "H99.30"},
		{"H99.60", "2026-01-01", "H99.31"},
		{"H99.60", NULL, "H99.31"},
		{"000.00.60.H99", "2025-06-30", "H99.60"},
		{"000.00.60.H99", "2025-07-01", "000.00.60.H99"},
		{"H99.80", "1990-01-01", "G88.elsewhere"},
		{"G77.unlisted", "2025-07-01", "G77.unlisted"},
		{NULL, "2025-07-01", NULL},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *place =
			organ_successor(*state, rows[i].id, on(rows[i].day));

		if (rows[i].place)
			assert_string_equal(place, rows[i].place);
		else
			assert_null(place);
	}
}

static void an_ancestor_is_a_parent_at_any_distance_and_never_oneself(void **state)
{
	static const struct {
		const char *ancestor, *id;
		bool is;
	} rows[] = {
		{"H99", "H99.05", true},
		{"h99", "000.00.60.H99", true},
		{"H99.09", "H99.09.01.02", true},
		{"000.00.09.h99", "H99.09.01.02", true},
		{"000.00.00.H98", "H99.09.01.02", true},
		{"H99", "H99.09.01.02", false},
		{"H99.09.01.02", "H99.09", false},
		{"H99", "H99", false},
		{"H99.09", "000.00.09.H99", false},
		{"H99", "H99.77", false},
		{"H77", "H77.01", false},
		{NULL, "H99.05", false},
		{"H99", NULL, false},
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(
			organ_is_ancestor(*state, rows[i].ancestor, rows[i].id),
			rows[i].is);
}

static void how_deep_an_organ_stands_is_how_many_are_above_it(void **state)
{
	static const struct {
		const char *id;
		int depth;
	} rows[] = {{"H99", 0}, {"H99.05", 1}, {"000.00.60.h99", 1}, {"H77.01", 0},
		{NULL, 0}};

	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(organ_depth(*state, rows[i].id), rows[i].depth);
	assert_int_equal(organ_depth(NULL, "H99.05"), 0);
}

static void the_lead_or_whoever_stands_or_answers_for_it_answers(void **state)
{
	static const struct {
		const char *sender, *sent_on, *lead, *assigned_on;
		bool may;
	} rows[] = {
		/* The lead under any of its names of the day. */
		{"H99.05", "2025-12-08", "H99.05", "2025-11-20", true},
		{"h99.05", "2025-12-08", "000.00.05.H99", "2025-11-20", true},
		{"000.00.05.H99", "2023-01-05", "000.00.05.H99", "2022-12-20", false},
		{"H99.04", "2023-01-05", "000.00.05.H99", "2022-12-20", true},
		{"H99.04", "2025-12-08", "H99.05", "2025-11-20", false},
		{"H99.77", "2025-12-08", "h99.77", "2025-11-20", true},
		/* A dissolved lead: its successor from that day, and its own late
		   paper. */
		{"H99.30", "2025-06-30", "H99.60", "2025-05-01", false},
		{"H99.30", "2025-07-01", "H99.60", "2025-05-01", true},
		{"H99.30", "2025-07-01", "000.00.60.H99", "2025-05-01", true},
		{"H99.60", "2025-07-15", "H99.60", "2025-05-01", true},
		{"000.00.60.H99", "2025-07-15", "H99.60", "2025-05-01", false},
		{"H99.60", "2025-07-15", "H99.30", "2025-07-10", true},
		{"H99.31", "2025-12-31", "H99.60", "2025-05-01", false},
		{"H99.31", "2026-01-01", "H99.60", "2025-05-01", true},
		{"H99.30", "2026-01-01", "H99.60", "2025-05-01", true},
		{"G88.Elsewhere", "2026-01-01", "H99.80", "2025-05-01", true},
		/* Bodies that answer for the lead, or for its successors. */
		{"H99.09", "2025-05-09", "H99.60", "2025-05-01", true},
		{"000.00.09.H99", "2025-08-09", "H99.60", "2025-05-01", true},
		{"H99.09.01", "2025-05-09", "H99.60", "2025-05-01", false},
		{"H99.70", "2025-06-30", "H99.60", "2025-05-01", false},
		{"H99.70", "2025-07-01", "H99.60", "2025-05-01", true},
		{"g77.UNLISTED", "2026-02-01", "H99.60", "2025-05-01", true},
		{"g77.UNLISTED", "2025-12-01", "H99.60", "2025-05-01", false},
		{"H99.60", "2025-05-09", "H99.09", "2025-05-01", false},
		/* Bodies that issue for the lead: H99.09 issues for H99.30. */
		{"H99.09", "2025-08-01", "H99.30", "2025-07-02", true},
		{"H99.09", "2026-08-01", "H99.31", "2026-07-02", true},
		{"H99.01", "2025-08-01", "H99", "2025-07-02", true},
		{"H99", "2025-08-01", "H99.01", "2025-07-02", false},
		/* A parent is not its child, nor a child its parent. */
		{"H99", "2025-12-08", "H99.05", "2025-11-20", false},
		{"H99.09.01", "2025-12-08", "H99.09", "2025-11-20", false},
		{NULL, "2025-12-08", "H99.05", "2025-11-20", false},
		{"H99.05", "2025-12-08", NULL, "2025-11-20", false},
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		if (organ_may_answer(*state, rows[i].sender, on(rows[i].sent_on),
			    rows[i].lead, on(rows[i].assigned_on)) != rows[i].may)
			fail_msg("row %zu: %s for %s", i, rows[i].sender, rows[i].lead);
}

static void a_letter_reaches_the_assigner_at_whoever_receives_for_it(void **state)
{
	static const struct {
		const char *addressee, *day, *assigner, *assigned_on;
		bool receives;
	} rows[] = {
		{"H99", "2025-12-08", "h99", "2025-11-20", true},
		{"H99.01", "2025-12-08", "H99", "2025-11-20", true},
		{"H99", "2025-12-08", "H99.01", "2025-11-20", true},
		{"H99.05", "2025-12-08", "H99", "2025-11-20", false},
		{"H99", "2025-12-08", "H99.05", "2025-11-20", false},
		{"H99.30", "2025-07-01", "H99.60", "2025-05-01", true},
		{"H99.30", "2025-06-30", "H99.60", "2025-05-01", false},
		{"H99.60", "2025-07-01", "000.00.60.H99", "2025-05-01", true},
		{"H99.60", "2025-05-05", "H99.04", "2025-05-01", true},
		{"H99.31", "2026-05-05", "H99.09", "2026-05-01", true},
		{"G77.x", "2026-05-05", "g77.X", "2026-05-01", true},
		{NULL, "2026-05-05", "H99", "2026-05-01", false},
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		if (organ_receives(*state, rows[i].addressee, on(rows[i].day),
			    rows[i].assigner,
			    on(rows[i].assigned_on)) != rows[i].receives)
			fail_msg("row %zu: %s", i, rows[i].addressee);
}

static void only_the_issuer_or_one_issuing_for_it_amends(void **state)
{
	static const struct {
		const char *actor, *acted_on, *issuer, *issued_on;
		bool may;
	} rows[] = {
		{"h99", "2025-12-08", "H99", "2025-11-20", true},
		{"H99.01", "2025-12-08", "H99", "2025-11-20", true},
		{"H99", "2025-12-08", "H99.01", "2025-11-20", false},
		{"H99.05", "2025-12-08", "H99", "2025-11-20", false},
		{"H99.30", "2025-07-01", "000.00.60.H99", "2025-05-01", true},
		{"H99.30", "2025-06-30", "000.00.60.H99", "2025-05-01", false},
		{"H99.09", "2025-07-01", "H99.60", "2025-05-01", true},
		{"H99.09", "2025-06-01", "H99.60", "2025-05-01", false},
		{"H99.09.01", "2025-07-01", "H99.09", "2025-05-01", false},
		{"G77.x", "2025-07-01", "g77.x", "2025-05-01", true},
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		if (organ_may_amend(*state, rows[i].actor, on(rows[i].acted_on),
			    rows[i].issuer, on(rows[i].issued_on)) != rows[i].may)
			fail_msg("row %zu: %s", i, rows[i].actor);
}

static void without_a_table_every_id_is_an_organ_of_its_own(void **state)
{
	(void)state;
	assert_null(organ_find(NULL, "H99", DAY_NONE));
	assert_string_equal(organ_main_id(NULL, "h99", DAY_NONE), "h99");
	assert_true(organ_same(NULL, "H99", 1, "h99", 2));
	assert_true(organ_may_answer(NULL, "H99", 1, "h99", 2));
	assert_false(organ_may_answer(NULL, "H99.01", 1, "H99", 2));
	assert_false(organ_is_ancestor(NULL, "H99", "H99.01"));
	assert_int_equal(organ_table_size(NULL), 0);
	organ_table_free(NULL);
}

static void what_would_make_an_id_two_organs_is_refused_and_leaves_no_trace(
	void **state)
{
	const day_t d1 = day_from(2020, 1, 1), d2 = day_from(2021, 1, 1);
	const struct {
		struct organ organ;
		const char *complaint; /* NULL: taken */
	} rows[] = {
		{{.id = "H99.01"}, "organ H99.01: id H99.01"},
		{{.id = "h99.01"}, "organ h99.01"},
		{{.id = "A.1"}, "id A.1 already"},
		{{.id = "H99.02",
			 .aliases = ALIASES({"h99.01", d1, d2}),
			 .aliases_n = 1},
			"id h99.01 already belongs to organ H99.01"},
		{{.id = "H99.02", .aliases = ALIASES({"A.1", d2, d2}), .aliases_n = 1},
			"id A.1 already belongs to organ H99.01"},
		{{.id = "H99.02",
			 .aliases = ALIASES({"a.1", DAY_NONE, d1}),
			 .aliases_n = 1},
			"id a.1 already"},
		{{.id = "H99.02", .aliases = ALIASES({"B.1", d2, d1}), .aliases_n = 1},
			"alias B.1 ends before it begins"},
		{{.id = "H99.02",
			 .aliases = ALIASES({"B.1", d1, d2}, {"a b", d1, d2}),
			 .aliases_n = 2},
			"alias \"a b\" is not an organ id"},
		{{.id = "-H99"}, "is not an organ id"},
		{{.id = "H"}, "is not an organ id"},
		{{.id = "task.#"}, "is not an organ id"},
		{{.id = NULL}, "is not an organ id"},
		{{.id = "H99.02",
			 .aliases = ALIASES({"A.1", d2 + 1, DAY_NONE}, {"B.1", d1, d2},
				 {"b.1", d2, DAY_NONE}, {"H99.02", d1, d1}),
			 .aliases_n = 4},
			NULL},
	};
	struct organ_table *table = organ_table_new();

	(void)state;
	must_add(table, &(struct organ){.id = "H99.01",
				.aliases = ALIASES({"A.1", d1, d2}),
				.aliases_n = 1});
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct err e = {0};
		int result = organ_table_add(table, &rows[i].organ, &e);

		assert_int_equal(result, rows[i].complaint ? -1 : 0);
		if (!rows[i].complaint)
			continue;
		assert_int_equal(e.code, ERR_CONFIG);
		if (!strstr(e.text, rows[i].complaint))
			fail_msg("row %zu: %s", i, e.text);
		assert_int_equal(organ_table_size(table), 1);
		assert_null(organ_find(table, "B.1", DAY_NONE));
	}
	assert_string_equal(organ_main_id(table, "A.1", d2), "H99.01");
	assert_string_equal(organ_main_id(table, "A.1", d2 + 1), "H99.02");
	organ_table_free(table);
}

static void circles_and_misshapen_members_are_refused_at_the_end(void **state)
{
	const struct {
		struct organ a, b, c;
		const char *complaint;
	} rows[] = {
		{{.id = "A1", .parent = "a1"}, {.id = "B1"}, {.id = "C1"},
			"each parent"},
		{{.id = "A1", .parent = "B1"}, {.id = "B1", .parent = "C1"},
			{.id = "C1", .parent = "A1"}, "each parent"},
		{{.id = "A1", .parent = "Old.B"},
			{.id = "B1",
				.parent = "A1",
				.aliases = ALIASES({"Old.B", DAY_NONE, 0}),
				.aliases_n = 1},
			{.id = "C1"}, "each parent"},
		{{.id = "A1", .successor = "A1"}, {.id = "B1"}, {.id = "C1"},
			"each successor"},
		{{.id = "A1"}, {.id = "B1", .successor = "C1", .successor_from = 0},
			{.id = "C1", .successor = "B1", .successor_from = 9},
			"each successor"},
		{{.id = "A1", .parent = "no id"}, {.id = "B1"}, {.id = "C1"},
			"parent \"no id\""},
		{{.id = "A1"},
			{.id = "B1", .issues_for = TEXTS("A1", ""), .issues_for_n = 2},
			{.id = "C1"}, "issues_for \"\""},
		{{.id = "A1"},
			{.id = "B1", .answered_by = TEXTS("*"), .answered_by_n = 1},
			{.id = "C1"}, "answered_by \"*\""},
		{{.id = "A1", .parent = "B1", .successor = "B1"},
			{.id = "B1", .parent = "C1", .successor = "C1"},
			{.id = "C1",
				.parent = "unknown.9",
				.successor = "unknown.8",
				.receives_for = TEXTS("unknown.7"),
				.receives_for_n = 1},
			NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct organ_table *table = organ_table_new();
		struct err e = {0};

		must_add(table, &rows[i].a);
		must_add(table, &rows[i].b);
		must_add(table, &rows[i].c);
		assert_int_equal(
			organ_table_finish(table, &e), rows[i].complaint ? -1 : 0);
		if (rows[i].complaint && !strstr(e.text, rows[i].complaint))
			fail_msg("row %zu: %s", i, e.text);
		organ_table_free(table);
	}
}

static void a_country_of_organs_is_found_one_by_one(void **state)
{
	enum { ORGANS = 20000 };
	struct organ_table *table = organ_table_new();
	struct err e = {0};
	char id[32], old[32], parent[32];

	(void)state;
	for (int i = 0; i < ORGANS; i++) {
		snprintf(id, sizeof(id), "H99.%d", i);
		snprintf(old, sizeof(old), "000.%d.H99", i);
		snprintf(parent, sizeof(parent), "H99.%d", i / 10);
		must_add(table, &(struct organ){.id = id,
					.parent = i ? parent : NULL,
					.aliases = ALIASES({old, 0, 10}),
					.aliases_n = 1});
	}
	assert_int_equal(organ_table_finish(table, &e), 0);
	assert_int_equal(organ_table_size(table), ORGANS);
	for (int i = 0; i < ORGANS; i++) {
		snprintf(id, sizeof(id), "h99.%d", i);
		snprintf(old, sizeof(old), "000.%d.h99", i);
		const struct organ *organ = organ_find(table, old, 10);

		assert_ptr_equal(organ, organ_table_at(table, (size_t)i));
		assert_ptr_equal(organ, organ_find(table, id, 11));
		assert_null(organ_find(table, old, 11));
	}
	assert_true(organ_is_ancestor(table, "H99.1", "000.19999.H99"));
	organ_table_free(table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			an_id_is_known_without_case_and_an_alias_only_on_its_days),
		cmocka_unit_test(two_ids_are_one_organ_only_if_the_table_says_so),
		cmocka_unit_test(
			a_dissolved_organ_is_followed_to_whoever_stands_in_its_place),
		cmocka_unit_test(
			an_ancestor_is_a_parent_at_any_distance_and_never_oneself),
		cmocka_unit_test(how_deep_an_organ_stands_is_how_many_are_above_it),
		cmocka_unit_test(the_lead_or_whoever_stands_or_answers_for_it_answers),
		cmocka_unit_test(
			a_letter_reaches_the_assigner_at_whoever_receives_for_it),
		cmocka_unit_test(only_the_issuer_or_one_issuing_for_it_amends),
		cmocka_unit_test(without_a_table_every_id_is_an_organ_of_its_own),
		cmocka_unit_test(
			what_would_make_an_id_two_organs_is_refused_and_leaves_no_trace),
		cmocka_unit_test(circles_and_misshapen_members_are_refused_at_the_end),
		cmocka_unit_test(a_country_of_organs_is_found_one_by_one),
	};

	return cmocka_run_group_tests(tests, build_province, free_province);
}
