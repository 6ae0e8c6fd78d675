/*
 * The order in which events count (M6, the key): the day they act, what they are,
 * their number, who they are. Never the order in which they came.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "gateway/base/arena.h"
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
	/* How far down the organ table its issuer stands, where documents of several
	 * organs are put in order: of one day, what comes from above was given before
	 * what is made of it below, whatever their numbers. */
	int depth;
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

/* A document among those it updates, replaces or recalls. */
struct order_document {
	int64_t id;
	day_t issued_on, first_hop_on, arrived_on;
	const int64_t *targets; /* those that are not in the list do not count */
	size_t targets_n;
	struct act_key key; /* given as if it amended nothing */
};

/*
 * Give each of @documents, which are in any order, the key by which it counts: what
 * amends others counts after all of them, also when it is dated before them or on their
 * day. Two that each amend the other count in the order of the keys given.
 */
void order_documents(struct arena *arena, struct order_document *documents, size_t n);
