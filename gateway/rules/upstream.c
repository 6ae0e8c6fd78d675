#include "gateway/rules/upstream.h"

#define BIT(code) (1u << (code))

/* In the order in which they may follow each other. */
static const enum upstream_code ladder[] = {UPSTREAM_ARRIVED, UPSTREAM_ACCEPTED,
	UPSTREAM_PASSED_ON, UPSTREAM_HANDLED, UPSTREAM_DONE};
enum { LADDER = sizeof(ladder) / sizeof(ladder[0]) };

void upstream_count(struct upstream_facts *f, enum task_state state)
{
	switch (state) {
	case TASK_ASSIGNED:
		f->open++;
		return;
	case TASK_IN_PROGRESS:
	case TASK_REPORTED: /* the assigner has not confirmed it yet */
		f->open++;
		f->at_work++;
		return;
	case TASK_COMPLETED:
		f->completed++;
		return;
	case TASK_HANDED_BACK:
		f->handed_back++;
		return;
	case TASK_CANCELLED:
	case TASK_WITHDRAWN:
		return;
	}
}

/* What holds now, as bits. Its own 6 is a claim (B4) and shows nothing. */
static unsigned holds(const struct upstream_facts *f)
{
	unsigned now = f->addressed ? BIT(UPSTREAM_ARRIVED) : 0;

	now |= f->said & (BIT(UPSTREAM_REFUSED) | BIT(UPSTREAM_ACCEPTED) |
				 BIT(UPSTREAM_PASSED_ON) | BIT(UPSTREAM_HANDLED));
	if (f->handed_back && !f->open && !f->completed)
		now |= BIT(UPSTREAM_REFUSED);
	if (f->passed_on)
		now |= BIT(UPSTREAM_PASSED_ON);
	if (f->at_work)
		now |= BIT(UPSTREAM_HANDLED);
	if (f->completed && !f->open)
		now |= BIT(UPSTREAM_DONE);
	return now;
}

size_t upstream_due(const struct upstream_facts *f, unsigned told,
	enum upstream_code ret_codes[UPSTREAM_MOST])
{
	unsigned now = holds(f);
	size_t n = 0;
	int reached = -1; /* the highest rung told */

	if (told & (BIT(UPSTREAM_REFUSED) | BIT(UPSTREAM_DONE)))
		return 0;
	/* A refusal stands in place of all that would come after the arrival. */
	if (now & BIT(UPSTREAM_REFUSED))
		now &= BIT(UPSTREAM_ARRIVED) | BIT(UPSTREAM_REFUSED);
	for (int i = 0; i < LADDER; i++)
		if (told & BIT(ladder[i]))
			reached = i;
	for (int i = reached + 1; i < LADDER; i++)
		if (now & BIT(ladder[i]))
			ret_codes[n++] = ladder[i];
	if (now & BIT(UPSTREAM_REFUSED))
		ret_codes[n++] = UPSTREAM_REFUSED;
	return n;
}

const char *upstream_words(enum upstream_code code)
{
	static const char *const words[] = {[UPSTREAM_ARRIVED] = "Đã đến",
		[UPSTREAM_REFUSED] = "Từ chối tiếp nhận",
		[UPSTREAM_ACCEPTED] = "Đã tiếp nhận",
		[UPSTREAM_PASSED_ON] = "Đã phân công xử lý",
		[UPSTREAM_HANDLED] = "Đang xử lý",
		[UPSTREAM_DONE] = "Đã hoàn thành"};

	return words[code];
}
