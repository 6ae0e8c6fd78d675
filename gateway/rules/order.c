#include "gateway/rules/order.h"

#include <string.h>

int act_key_compare(const struct act_key *a, const struct act_key *b)
{
	if (a->day != b->day)
		return a->day < b->day ? -1 : 1;
	if (a->rank != b->rank)
		return a->rank < b->rank ? -1 : 1;
	if (a->number != b->number)
		return a->number < b->number ? -1 : 1;
	return strcmp(a->identity, b->identity);
}

day_t order_issue_day(day_t issued_on, day_t arrived_on)
{
	return issued_on != DAY_NONE ? issued_on : arrived_on;
}

day_t order_amend_day(
	day_t issued_on, day_t first_hop_on, day_t arrived_on, day_t target_day)
{
	/* DAY_NONE is smaller than every day, so an absent date never counts as later.
	 */
	if (issued_on > target_day)
		return issued_on;
	if (first_hop_on > target_day)
		return first_hop_on;
	return arrived_on > target_day ? arrived_on : target_day;
}
