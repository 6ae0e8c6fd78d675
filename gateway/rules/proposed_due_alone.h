/*
 * Deadlines beside which no verb says what is to be done by then: "Thời gian: trước
 * ngày 10/12/2025", "Trước ngày 10/12/2025, Sở Y tế …". Part of
 * gateway/rules/proposed_due.c.
 */
#pragma once

#include "gateway/rules/words.h"

/* Words @at up to @end that name a time. */
struct due_phrase {
	size_t at, end;
	bool before;   /* "trước": the day named is too late */
	bool within;   /* "trong ngày": also said of what happens then */
	bool counted;  /* a number of days */
	bool anchored; /* counted from a day that is told */
};

/* Is it a deadline by where it stands? */
bool due_stands_alone(const struct words *w, const struct due_phrase *phrase);

/* Words at @i that name who may be told to do something: how many, or 0. */
size_t due_body_at(const struct words *w, size_t i);
