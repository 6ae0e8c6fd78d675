/*
 * One door: what an e-office answers when it is asked for its list. What is read has an
 * id for each entry and gives every entry again as it is written; what is not is
 * refused with words and never an empty list.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/poll_list.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static const struct poll_list_paths json = {.format = POLL_LIST_JSON,
	.items = "/data",
	.id = "/id",
	.ok = "/status",
	.ok_value = "OK",
	.count = "/total"};
static const struct poll_list_paths xml = {
	.format = POLL_LIST_XML, .items = "/list/doc", .id = "@id"};

/* Every way to ask for something, at places that are there and that are not. */
static void ask(struct poll_list *l, size_t at, const struct poll_list_paths *paths)
{
	static const char *const json_paths[] = {
		"", "/", "/id", "/body", "/a~1b~0c/0", "/x/y"};
	static const char *const xml_paths[] = {
		".", "@id", "body", "body/*", "count(*)", "../next"};
	const char *const *all =
		paths->format == POLL_LIST_JSON ? json_paths : xml_paths;
	const char *id = poll_item_text(l, at, paths->id);

	if (!id || !*id)
		abort();
	for (size_t i = 0; i < 6; i++) {
		const char *text = poll_item_text(l, at, all[i]);
		struct slice part = poll_item_part(l, at, all[i]);

		/* A text is a part of its own, however it is asked for. */
		if ((text && *text && !part.at) || (!part.at && part.n))
			abort();
	}
}

static void read_as(const struct poll_list_paths *paths, struct slice bytes)
{
	struct poll_list *l = NULL, *again = NULL;
	struct err e = {0};

	if (poll_list_read(paths, bytes, &l, &e) < 0) {
		if (!e.text[0] || e.code != ERR_UNAVAILABLE || l)
			abort();
		return;
	}
	for (size_t i = 0; i < poll_list_size(l); i++) {
		struct slice whole = poll_item_whole(l, i);

		ask(l, i, paths);
		if (poll_answer_read(paths->format, whole, &again, &e) < 0)
			abort();
		poll_list_free(again);
	}
	poll_list_free(l);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	const struct slice slice = {(const char *)bytes, n};

	read_as(&json, slice);
	read_as(&xml, slice);
	return 0;
}
