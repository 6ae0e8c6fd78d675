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

/* What is about another often bears its names: what it says tells two of them apart. */
static const char *what_it_says(struct arena *arena, const struct event *ev)
{
	char due[DAY_TEXT];
	const char *text = ARENA_JOIN(
		arena, ev->subject, " ", ev->content, " ", day_text(ev->due_on, due));

	for (size_t i = 0; i < ev->to.n; i++)
		text = ARENA_JOIN(arena, text, " ", ev->to.at[i].organ_id);
	return text;
}

const char *plan_tail_of_key(struct arena *arena, const struct event *ev)
{
	if (ev->business == BUSINESS_NEW)
		return ev->document_id ? ev->document_id : "";
	return ARENA_JOIN(arena, ev->document_id, " ",
		event_business_words[ev->business], " ", what_it_says(arena, ev));
}

struct act_key plan_own_key(
	struct arena *arena, const struct event *ev, day_t arrived_on)
{
	static const enum act_rank ranks[] = {[BUSINESS_NEW] = RANK_ASSIGNMENT,
		[BUSINESS_RECALL] = RANK_RECALL,
		[BUSINESS_UPDATE] = RANK_UPDATE,
		[BUSINESS_REPLACE] = RANK_REPLACEMENT};
	const char *code =
		name_fold_code(arena, ev->code.number ? ev->code.number : "");

	return (struct act_key){.day = order_issue_day(ev->issued_on, arrived_on),
		.rank = ranks[ev->business],
		.number = name_number(code),
		.identity = ARENA_JOIN(arena, ev->from.organ_id, " ", ev->code.notation,
			" ", plan_tail_of_key(arena, ev))};
}

static void fill_keys(struct arena *arena, struct plan_document *documents, size_t n)
{
	struct order_document *order = arena_alloc(arena, (n + 1) * sizeof(*order));

	for (size_t i = 0; i < n; i++) {
		const struct plan_document *d = &documents[i];
		const struct event *ev = d->event;

		order[i] = (struct order_document){.id = d->id,
			.issued_on = ev->issued_on,
			.first_hop_on = ev->first_hop_on,
			.arrived_on = d->arrived_on,
			.targets = d->targets,
			.targets_n = d->targets_n,
			.key = plan_own_key(arena, ev, d->arrived_on)};
	}
	order_documents(arena, order, n);
	for (size_t i = 0; i < n; i++)
		documents[i].key = order[i].key;
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
