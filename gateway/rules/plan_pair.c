#include "gateway/rules/plan_pair.h"

#include <string.h>

#include "gateway/base/text.h"
#include "gateway/rules/names.h"

/* What may make them the same, the surest first. */
enum sameness { SAME_CODE, SAME_WORDS, SAME_KIND, SAME_LEAD, SAMENESSES };

bool plan_same_words(struct arena *arena, const char *a, const char *b)
{
	return a && b && strcmp(text_fold(arena, a), text_fold(arena, b)) == 0;
}

const struct plan_step *plan_last_move(const struct plan_slot *slot)
{
	for (size_t i = slot->steps.n; i-- > 0;)
		if (slot->steps.at[i].act == PLAN_MOVED)
			return &slot->steps.at[i];
	return NULL;
}

const char *plan_content_now(const struct plan_slot *slot)
{
	const struct plan_step *moved = plan_last_move(slot);

	return moved ? moved->content : slot->content;
}

static bool is_same(struct planner *p, enum sameness how, const struct plan_slot *slot,
	const struct plan_candidate *c)
{
	const struct event_assignment *a = c->assignment;

	switch (how) {
	case SAME_CODE:
		return a && name_has_task_code(p->arena, slot->code, a->code);
	case SAME_WORDS:
		return a &&
		       plan_same_words(p->arena, plan_content_now(slot), a->content);
	case SAME_KIND:
		return c->kind == slot->kind;
	case SAME_LEAD:
	case SAMENESSES:
		break;
	}
	return true;
}

static struct plan_candidate *find(struct planner *p, day_t day, enum sameness how,
	const struct plan_slot *slot, const plan_candidate_list *candidates)
{
	for (size_t i = 0; i < candidates->n; i++) {
		struct plan_candidate *c = &candidates->at[i];

		if ((!c->taken || c->whole) && is_same(p, how, slot, c) &&
			plan_same_lead(p, slot->lead, c->lead, day))
			return c;
	}
	return NULL;
}

/* S1: which of the first @n slots @slot was given on for; @n: none of them. */
static size_t find_handed_back(
	struct plan_slot *const *slots, size_t n, const struct plan_slot *slot)
{
	for (size_t i = n; slot->extra && i-- > 0;)
		if (slots[i]->origin == slot->origin &&
			slots[i]->ordinal == slot->ordinal &&
			text_same_id(slots[i]->lead, slot->extra->instead_of))
			return i;
	return n;
}

void plan_pair(struct planner *p, day_t day, struct plan_slot *const *slots, size_t n,
	plan_candidate_list *candidates, const struct plan_candidate **ret_of)
{
	for (int how = SAME_CODE; how < SAMENESSES; how++)
		for (size_t i = 0; i < n; i++) {
			if (ret_of[i])
				continue;
			struct plan_candidate *c =
				find(p, day, (enum sameness)how, slots[i], candidates);

			ret_of[i] = c;
			if (c)
				c->taken = true;
		}
	/* What was given on is what is asked of whoever handed it back. */
	for (size_t i = 0; i < n; i++) {
		size_t from = find_handed_back(slots, i, slots[i]);

		if (!ret_of[i] && from < i)
			ret_of[i] = ret_of[from];
	}
}
