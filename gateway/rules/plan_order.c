#include "gateway/rules/plan_order.h"

#include <stdlib.h>

#include "gateway/rules/names.h"

day_t plan_day_of_issue(const struct plan_document *d)
{
	return order_issue_day(d->event->issued_on, d->arrived_on);
}

bool plan_is_target(const struct plan_document *d, int64_t document)
{
	for (size_t i = 0; i < d->targets_n; i++)
		if (d->targets[i] == document)
			return true;
	return false;
}

static enum act_rank rank_of(const struct plan_document *d)
{
	static const enum act_rank ranks[] = {[BUSINESS_NEW] = RANK_ASSIGNMENT,
		[BUSINESS_RECALL] = RANK_RECALL,
		[BUSINESS_UPDATE] = RANK_UPDATE,
		[BUSINESS_REPLACE] = RANK_REPLACEMENT};

	return ranks[d->event->business];
}

/* The latest day of @d's targets among the documents whose key is known. */
static day_t target_day(
	const struct plan_document *d, const struct plan_document *documents, size_t n)
{
	day_t latest = DAY_NONE;

	for (size_t i = 0; i < n; i++)
		if (documents[i].key.identity && plan_is_target(d, documents[i].id) &&
			documents[i].key.day > latest)
			latest = documents[i].key.day;
	return latest;
}

/*
 * Give every document its key. A document that amends others needs theirs first, so
 * this goes round until nothing moves; a chain of n needs at most n rounds.
 */
static void fill_keys(struct arena *arena, struct plan_document *documents, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct plan_document *d = &documents[i];
		const char *code = name_fold_code(
			arena, d->event->code.number ? d->event->code.number : "");

		d->key = (struct act_key){.day = plan_day_of_issue(d),
			.rank = rank_of(d),
			.number = name_number(code),
			.identity = ARENA_JOIN(arena, d->event->from.organ_id, " ",
				d->event->document_id, " ", d->event->code.notation)};
	}
	for (size_t round = 0; round < n; round++) {
		bool moved = false;

		for (size_t i = 0; i < n; i++) {
			struct plan_document *d = &documents[i];
			day_t target =
				d->targets_n ? target_day(d, documents, n) : DAY_NONE;

			if (target == DAY_NONE)
				continue;
			day_t day = order_amend_day(d->event->issued_on,
				d->event->first_hop_on, d->arrived_on, target);

			moved |= day != d->key.day;
			d->key.day = day;
		}
		if (!moved)
			return;
	}
}

static int compare_documents(const void *a, const void *b)
{
	const struct plan_document *x = a, *y = b;

	return act_key_compare(&x->key, &y->key);
}

void plan_order(struct arena *arena, struct plan_document *documents, size_t n)
{
	fill_keys(arena, documents, n);
	qsort(documents, n, sizeof(*documents), compare_documents);
}
