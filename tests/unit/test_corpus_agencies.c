/*
 * The agency list from the wild is a good table: each organ under its new and its old
 * id. It is no part of the project: this test is built only where CONGVAN_CORPUS is.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "gateway/base/mem.h"
#include "gateway/config/file.h"
#include "gateway/config/organs_merge.h"

static void an_old_list_gives_each_organ_under_both_its_ids(void **state)
{
	struct agency_list list = {0};
	struct organs_merged merged;
	struct organ_table *table = organ_table_new();
	cleanup_buf struct buf bytes = {0};
	char path[4096];
	struct err e = {0};

	(void)state;
	snprintf(path, sizeof(path), "%s/agencies-old-namespace.xml",
		getenv("CONGVAN_CORPUS"));
	if (file_read(path, 1 << 20, &bytes, &e) ||
		agency_list_read(&list, buf_text(&bytes), bytes.n, &e) ||
		organs_merge(&list, NULL, NULL, &merged, &e))
		fail_msg("%s", e.text);
	assert_int_equal(merged.n, 16);
	assert_int_equal(list.complaints.n, 2); /* two have no new id */
	for (size_t i = 0; i < merged.n; i++) {
		assert_int_equal(organ_table_add(table, &merged.organs[i], &e), 0);
		assert_null(merged.organs[i].parent); /* in charge is "Lâm Đồng" */
	}
	assert_int_equal(organ_table_finish(table, &e), 0);
	assert_true(organ_same(table, "000.00.17.H36", DAY_NONE, "H36.17", DAY_NONE));
	assert_string_equal(organ_main_id(table, "000.00.17.H36", DAY_NONE), "H36.17");
	assert_string_equal(
		organ_main_id(table, "000.00.34.H36", DAY_NONE), "000.00.34.H36");
	organ_table_free(table);
	agency_list_deinit(&list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_old_list_gives_each_organ_under_both_its_ids),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
