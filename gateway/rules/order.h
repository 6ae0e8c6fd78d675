/*
 * The order in which events count (M6, the key): the day they act, what they are,
 * their number, who they are. Never the order in which they came.
 */
#pragma once

#include "gateway/base/day.h"
#include "gateway/model/event.h"

enum act_rank {
	RANK_ASSIGNMENT,
	RANK_UPDATE,
	RANK_REPLACEMENT,
	RANK_ANSWER,
	RANK_RECALL,
	RANK_ACT
};

struct act_key {
	day_t day;
	enum act_rank rank;
	int64_t number;
	const char *identity; /* never NULL */
};

/* Negative when @a counts before @b, 0 only for one and the same. */
int act_key_compare(const struct act_key *a, const struct act_key *b);

/* The day a new document acts: its issue date, else its day of arrival. */
day_t order_issue_day(day_t issued_on, day_t arrived_on);

/*
 * The day a recall, update or replacement acts: its issue date if later than its
 * target's, else the day of its first hop if later, else its day of arrival (emitters
 * repeat the original's date); never before @target_day.
 */
day_t order_amend_day(
	day_t issued_on, day_t first_hop_on, day_t arrived_on, day_t target_day);
