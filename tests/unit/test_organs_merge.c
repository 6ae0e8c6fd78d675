/*
 * An agency list and a table made into one table: what is taken over, what stays as it
 * was written, and what is complained of because it is not clear.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "gateway/base/buf.h"
#include "gateway/base/mem.h"
#include "gateway/config/organs_merge.h"
#include "gateway/config/organs_write.h"

MEM_CLEANUP(table, struct organ_table, organ_table_free)

struct row {
	const char *what, *list, *under, *gives;
};

/* The table without its opening words, then the complaints; or the one fault. */
static void merge(
	const struct row *row, const struct organ_table *table, struct buf *out)
{
	struct agency_list list = {0};
	struct organs_merged merged;
	cleanup_buf struct buf yaml = {0};
	struct err e = {0};

	if (agency_list_read(&list, row->list, strlen(row->list), &e) ||
		organs_merge(&list, table, row->under, &merged, &e)) {
		buf_printf(out, "%s\n", e.text);
	} else {
		assert_int_equal(organs_write(merged.organs, merged.n, &yaml, &e), 0);
		buf_add_text(out, strstr(buf_text(&yaml), "organs:\n") + 8);
		for (size_t i = 0; i < list.complaints.n; i++)
			buf_printf(out, "%d:%d: %s\n", list.complaints.at[i].line,
				list.complaints.at[i].column,
				list.complaints.at[i].text);
	}
	agency_list_deinit(&list);
}

static void check_rows(
	const struct row *rows, size_t n, const struct organ_table *table)
{
	for (size_t i = 0; i < n; i++) {
		cleanup_buf struct buf out = {0};

		merge(&rows[i], table, &out);
		if (strcmp(buf_text(&out), rows[i].gives) != 0)
			fail_msg("%s:\n%s\ninstead of:\n%s", rows[i].what,
				buf_text(&out), rows[i].gives);
	}
}

#define CHECK_ROWS(rows, table)                                                        \
	check_rows(rows, sizeof(rows) / sizeof((rows)[0]), table)

static const struct row lists_alone[] = {
	{"old and new id are one organ, the parent is the one pid names, ids "
	 "are "
	 "in order",
		"[{\"id\":2,\"pid\":1,\"code\":\"H99.05\",\"oldCode\":\"000.00."
		"05.H99\","
		"\"name\":\"Sở Y tế\"},\n"
		"{\"id\":1,\"pid\":0,\"code\":\"H99\",\"name\":\"UBND tỉnh "
		"Mẫu\"}]",
		NULL,
		"- id: \"H99\"\n  names: [\"UBND tỉnh Mẫu\"]\n"
		"- id: \"H99.05\"\n  names: [\"Sở Y tế\"]\n  parent: \"H99\"\n"
		"  aliases:\n  - {id: \"000.00.05.H99\"}\n"},
	{"a parent without an id is passed over, to the one above it",
		"[{\"id\":1,\"code\":\"H99\"},{\"id\":2,\"pid\":1,\"name\":"
		"\"Các sở\"},"
		"{\"id\":3,\"pid\":2,\"code\":\"H99.05\"}]",
		NULL,
		"- id: \"H99\"\n- id: \"H99.05\"\n  parent: \"H99\"\n"
		"1:24: \"Các sở\" has no organ id and is passed over\n"},
	{"a parent that is not there", "[{\"id\":3,\"pid\":2,\"code\":\"H99.05\"}]",
		NULL,
		"- id: \"H99.05\"\n"
		"1:2: H99.05: its parent 2 is not in the list; it gets none\n"},
	{"a key that is two agencies'",
		"[{\"id\":1,\"code\":\"H99\"},{\"id\":1,\"code\":\"H98\"},"
		"{\"id\":3,\"pid\":1,\"code\":\"H99.05\"}]",
		NULL,
		"- id: \"H98\"\n- id: \"H99\"\n- id: \"H99.05\"\n"
		"1:24: the key 1 is also that of the agency in line 1; nobody "
		"gets it as "
		"parent\n"},
	{"a circle of parents, and one below it",
		"[{\"id\":1,\"pid\":2,\"code\":\"H99.1\"},{\"id\":2,\"pid\":1,"
		"\"code\":"
		"\"H99.2\"},\n{\"id\":3,\"pid\":1,\"code\":\"H99.3\"}]",
		NULL,
		"- id: \"H99.1\"\n- id: \"H99.2\"\n- id: \"H99.3\"\n  parent: "
		"\"H99.1\"\n"
		"1:2: H99.1: following each parent leads back to it; it gets "
		"none\n"
		"1:34: H99.2: following each parent leads back to it; it gets "
		"none\n"},
	{"its own parent", "[{\"id\":1,\"pid\":1,\"code\":\"H99\"}]", NULL,
		"- id: \"H99\"\n"
		"1:2: H99: following each parent leads back to it; it gets "
		"none\n"},
	{"the same agency twice: names and old ids of both",
		"[{\"code\":\"H99.05\",\"oldCode\":\"000.00.05.H99\",\"name\":"
		"\"Sở Y "
		"tế\"},\n"
		"{\"code\":\"h99.05\",\"oldCode\":\"000.00.06.H99\",\"name\":"
		"\"SỞ Y TẾ\"},\n"
		"{\"code\":\"H99.05\",\"oldCode\":\"000.00.05.H99\",\"name\":"
		"\"Sở Y tế "
		"Mẫu\"}]",
		NULL,
		"- id: \"H99.05\"\n  names: [\"Sở Y tế\", \"Sở Y tế Mẫu\"]\n  "
		"aliases:\n"
		"  - {id: \"000.00.05.H99\"}\n  - {id: \"000.00.06.H99\"}\n"
		"2:1: organ h99.05: it is listed before, in line 1\n"
		"3:1: organ H99.05: it is listed before, in line 1\n"},
	{"the same agency under two parents",
		"[{\"id\":1,\"code\":\"H98\"},{\"id\":2,\"code\":\"H99\"},\n"
		"{\"id\":3,\"pid\":1,\"code\":\"H99.05\"},\n"
		"{\"id\":4,\"pid\":2,\"code\":\"H99.05\"}]",
		NULL,
		"- id: \"H98\"\n- id: \"H99\"\n- id: \"H99.05\"\n"
		"3:1: organ H99.05: it is listed before, in line 2\n"
		"3:1: organ H99.05: its parent is H99 here and H98 in line 2; "
		"it gets "
		"none\n"},
	{"a circle that only two entries of one organ make",
		"[{\"id\":1,\"pid\":2,\"code\":\"H99.1\"},{\"id\":2,\"code\":"
		"\"H99.2\"},\n"
		"{\"id\":3,\"pid\":4,\"code\":\"H99.2\"},{\"id\":4,\"code\":"
		"\"H99.1\"}]",
		NULL,
		"- id: \"H99.1\"\n- id: \"H99.2\"\n"
		"1:2: organ H99.1: following each parent leads back to it; it "
		"does not "
		"get H99.2\n"
		"2:1: organ H99.2: following each parent leads back to it; it "
		"does not "
		"get H99.1\n"
		"2:1: organ H99.2: it is listed before, in line 1\n"
		"2:33: organ H99.1: it is listed before, in line 1\n"},
	{"an old id of two organs is nobody's",
		"[{\"code\":\"H99.05\",\"oldCode\":\"000.00.05.H99\"},\n"
		"{\"code\":\"H99.06\",\"oldCode\":\"000.00.05.h99\"}]",
		NULL,
		"- id: \"H99.05\"\n- id: \"H99.06\"\n"
		"1:2: organ H99.05: its id 000.00.05.H99 is also another "
		"organ's; it "
		"becomes no alias\n"
		"2:1: organ H99.06: its id 000.00.05.h99 is also another "
		"organ's; it "
		"becomes no alias\n"},
	{"an old id that is another's new one",
		"[{\"code\":\"H99.05\",\"oldCode\":\"H99.06\"},\n{\"code\":"
		"\"H99.06\"}]",
		NULL,
		"- id: \"H99.05\"\n- id: \"H99.06\"\n"
		"1:2: organ H99.05: its id H99.06 is also the main id of an "
		"organ, in line "
		"2; it becomes no alias\n"},
};

static void a_list_alone_becomes_a_table(void **state)
{
	(void)state;
	CHECK_ROWS(lists_alone, NULL);
}

#define TREE                                                                           \
	"[{\"id\":1,\"code\":\"H99\",\"oldCode\":\"000.00.00.H99\"},\n"                \
	"{\"id\":2,\"pid\":1,\"name\":\"Các sở\"},\n"                               \
	"{\"id\":3,\"pid\":2,\"code\":\"H99.05\",\"oldCode\":\"000.00.05.H99\"},\n"    \
	"{\"id\":4,\"pid\":3,\"code\":\"H99.05.1\"},\n"                                \
	"{\"id\":5,\"code\":\"H98\",\"oldCode\":\"000.00.05.H99\"},\n"                 \
	"{\"id\":6,\"pid\":77,\"code\":\"H98.1\"}]"

static void a_part_of_the_list_is_an_organ_and_all_below_it(void **state)
{
	static const struct row rows[] = {
		{"a department; its old id is also another organ's, outside", TREE,
			"h99.05",
			"- id: \"H99.05\"\n  parent: \"H99\"\n"
			"- id: \"H99.05.1\"\n  parent: \"H99.05\"\n"
			"3:1: organ H99.05: its id 000.00.05.H99 is also another "
			"organ's; it "
			"becomes no alias\n"},
		{"by its old id, with an entry between that has none", TREE,
			"000.00.00.H99",
			"- id: \"H99\"\n  aliases:\n  - {id: \"000.00.00.H99\"}\n"
			"- id: \"H99.05\"\n  parent: \"H99\"\n"
			"- id: \"H99.05.1\"\n  parent: \"H99.05\"\n"
			"2:1: \"Các sở\" has no organ id and is passed over\n"
			"3:1: organ H99.05: its id 000.00.05.H99 is also another "
			"organ's; it "
			"becomes no alias\n"},
		{"nobody", TREE, "H97", "there is no organ H97 in the list\n"},
	};

	(void)state;
	CHECK_ROWS(rows, NULL);
}

#define OLD "<GetOrganizationsResponse xmlns=\"http://www.e-doc.vn/Schema/\">\n"
#define ORGAN(old, new, above)                                                         \
	"<Organization><OrganId>" old                                                  \
	"</OrganId><domain_new>" new "</domain_new><OrganizationInCharge>" above       \
				     "</OrganizationInCharge></Organization>\n"
#define END "</GetOrganizationsResponse>"

static void in_the_old_xml_only_an_organ_id_is_a_parent(void **state)
{
	static const struct row rows[] = {
		{"a name, an old id, a new id, a well-shaped word",
			OLD ORGAN("000.00.00.H99", "H99", "Mẫu")
				ORGAN("000.00.05.H99", "H99.05", "000.00.00.h99") ORGAN(
					"000.01.05.H99", "H99.05.1", "H99.05")
					ORGAN("000.02.05.H99", "H99.05.2", "Mau") END,
			NULL,
			"- id: \"H99\"\n  aliases:\n  - {id: \"000.00.00.H99\"}\n"
			"- id: \"H99.05\"\n  parent: \"H99\"\n  aliases:\n"
			"  - {id: \"000.00.05.H99\"}\n"
			"- id: \"H99.05.1\"\n  parent: \"H99.05\"\n  aliases:\n"
			"  - {id: \"000.01.05.H99\"}\n"
			"- id: \"H99.05.2\"\n  aliases:\n  - {id: "
			"\"000.02.05.H99\"}\n"},
	};

	(void)state;
	CHECK_ROWS(rows, NULL);
}

/* A table as somebody wrote it. */
static struct organ_table *written(void)
{
	static const char *const names[] = {"Sở Y tế"};
	static const char *const answers[] = {"H99.05.01"};
	const struct organ_alias aliases[] = {
		{"000.00.05.H99", DAY_NONE, day_from(2025, 6, 30)}};
	const struct organ organs[] = {
		{.id = "H99.05",
			.names = names,
			.names_n = 1,
			.parent = "H99",
			.aliases = aliases,
			.aliases_n = 1,
			.successor = "H99.07",
			.successor_from = day_from(2025, 7, 1),
			.answered_by = answers,
			.answered_by_n = 1},
		{.id = "000.00.07.H99",
			.uses_eoffice = true,
			.successor_from = DAY_NONE},
	};
	struct organ_table *table = organ_table_new();

	for (size_t i = 0; i < 2; i++)
		assert_int_equal(organ_table_add(table, &organs[i], NULL), 0);
	assert_int_equal(organ_table_finish(table, NULL), 0);
	return table;
}

#define SEVEN "- id: \"000.00.07.H99\"\n"
#define FIVE(names, aliases)                                                           \
	"- id: \"H99.05\"\n  names: [\"Sở Y tế\"" names                                \
	"]\n  parent: \"H99\"\n  aliases:\n"                                           \
	"  - {id: \"000.00.05.H99\", to: \"2025-06-30\"}\n" aliases                    \
	"  successor: {id: \"H99.07\", from: \"2025-07-01\"}\n"                        \
	"  uses_eoffice: false\n  answered_by: [\"H99.05.01\"]\n"

static const struct row lists_merged[] = {
	{"names and organs are added, dates and all else stay",
		"[{\"id\":1,\"code\":\"H99\"},{\"id\":2,\"pid\":1,\"code\":"
		"\"H99.05\","
		"\"oldCode\":\"000.00.05.H99\",\"name\":\"Sở Y tế tỉnh Mẫu\"}]",
		NULL, SEVEN "- id: \"H99\"\n" FIVE(", \"Sở Y tế tỉnh Mẫu\"", "")},
	{"another old id becomes another alias",
		"[{\"code\":\"H99.05\",\"oldCode\":\"000.05.00.H99\"}]", NULL,
		SEVEN FIVE("", "  - {id: \"000.05.00.H99\"}\n")},
	{"an alias that is over stays its organ's",
		"[{\"code\":\"H99.06\",\"oldCode\":\"000.00.05.H99\"}]", NULL,
		SEVEN FIVE("", "") "- id: \"H99.06\"\n"
				   "1:2: organ H99.06: its id 000.00.05.H99 is "
				   "organ H99.05's in the table, "
				   "and stays so\n"},
	{"another parent",
		"[{\"id\":1,\"code\":\"H98\"},{\"id\":2,\"pid\":1,\"code\":"
		"\"H99.05\"}]",
		NULL,
		SEVEN "- id: \"H98\"\n" FIVE(
			"", "") "1:24: organ H99.05: its parent is H99 in the "
				"table, and stays so; the "
				"list says H98\n"},
	{"an organ known by its old id keeps it as its main id",
		"[{\"code\":\"H99.07\",\"oldCode\":\"000.00.07.H99\",\"name\":"
		"\"Sở Tài "
		"chính\"}]",
		NULL,
		"- id: \"000.00.07.H99\"\n  names: [\"Sở Tài chính\"]\n  "
		"aliases:\n"
		"  - {id: \"H99.07\"}\n" FIVE(
			"", "") "1:2: organ H99.07: the table calls it "
				"000.00.07.H99, which stays its "
				"main id\n"},
	{"a new id that the table has as an alias",
		"[{\"code\":\"000.00.05.h99\",\"oldCode\":\"000.00.07.H99\"}]", NULL,
		SEVEN FIVE("", "") "1:2: organ 000.00.05.h99: its id "
				   "000.00.07.H99 is organ 000.00.07.H99's "
				   "in the table, and stays so\n"
				   "1:2: organ 000.00.05.h99: the table calls "
				   "it H99.05, which stays its "
				   "main id\n"},
	{"a circle that table and list make together",
		"[{\"id\":1,\"pid\":2,\"code\":\"H99\"},{\"id\":2,\"code\":"
		"\"H99.05\"}]",
		NULL,
		SEVEN "- id: \"H99\"\n" FIVE(
			"", "") "1:2: organ H99: following each parent leads "
				"back to it; it does not get "
				"H99.05\n"},
	{"a part of the list, by an alias; the table is kept whole",
		"[{\"id\":1,\"code\":\"H99.05\"},{\"id\":2,\"pid\":1,\"code\":"
		"\"H99.05.01\"},{\"code\":\"H98\"}]",
		"000.00.05.H99",
		SEVEN FIVE("", "") "- id: \"H99.05.01\"\n  parent: \"H99.05\"\n"},
};

static void what_is_written_in_the_table_stays(void **state)
{
	cleanup(table) struct organ_table *table = written();

	(void)state;
	CHECK_ROWS(lists_merged, table);
}

static void an_import_on_top_of_itself_changes_nothing(void **state)
{
	static const struct row row = {"", TREE, NULL, NULL};
	struct agency_list list = {0};
	struct organs_merged merged;
	cleanup(table) struct organ_table *table = organ_table_new();
	cleanup_buf struct buf once = {0}, twice = {0};
	struct err e = {0};

	(void)state;
	merge(&row, NULL, &once);
	assert_int_equal(agency_list_read(&list, row.list, strlen(row.list), &e), 0);
	assert_int_equal(organs_merge(&list, NULL, NULL, &merged, &e), 0);
	assert_int_equal(merged.added, 5);
	for (size_t i = 0; i < merged.n; i++)
		assert_int_equal(organ_table_add(table, &merged.organs[i], &e), 0);
	assert_int_equal(organ_table_finish(table, &e), 0);
	agency_list_deinit(&list);
	merge(&row, table, &twice);
	assert_string_equal(buf_text(&once), buf_text(&twice));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_list_alone_becomes_a_table),
		cmocka_unit_test(a_part_of_the_list_is_an_organ_and_all_below_it),
		cmocka_unit_test(in_the_old_xml_only_an_organ_id_is_a_parent),
		cmocka_unit_test(what_is_written_in_the_table_stays),
		cmocka_unit_test(an_import_on_top_of_itself_changes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
