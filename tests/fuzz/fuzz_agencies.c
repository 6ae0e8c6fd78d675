/*
 * One door: bytes that claim to be an agency list. What is read makes a good table, on
 * top of itself too, and every complaint has its place; what is not is refused with
 * one.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/config/organs_merge.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct organ_table *table_of(const struct organs_merged *merged)
{
	struct organ_table *table = organ_table_new();

	for (size_t i = 0; i < merged->n; i++)
		assert(!organ_table_add(table, &merged->organs[i], NULL));
	assert(!organ_table_finish(table, NULL));
	return table;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct agency_list list = {0};
	struct organs_merged once, again;
	struct err e = {0};

	if (agency_list_read(&list, (const char *)data, size, &e)) {
		assert(e.code == ERR_INPUT && e.text[0]);
		assert(list.line > 0 && list.column > 0);
	} else {
		assert(!organs_merge(&list, NULL, NULL, &once, &e));
		struct organ_table *table = table_of(&once);

		assert(!organs_merge(&list, table, NULL, &again, &e));
		assert(again.n == once.n && !again.added);
		for (size_t i = 0; i < list.complaints.n; i++)
			assert(list.complaints.at[i].line > 0 &&
				list.complaints.at[i].column > 0);
		organ_table_free(table);
	}
	agency_list_deinit(&list);
	return 0;
}
