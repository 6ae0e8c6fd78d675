/*
 * Small made-up histories for the tests of order: a few documents of a few organs, and
 * what befalls them, each event with the day it arrives. The same seed gives the same
 * history, for ever.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { HISTORY_MOST = 12, HAPPENING_MOST = 1600 };

struct happening {
	char day[16]; /* it arrives */
	/* The event; or what a person does that day to what @lead owes by a document:
	 * `act <kind> <lead> <day or -> <document id>`. */
	char json[HAPPENING_MOST];
};

struct history {
	struct happening at[HISTORY_MOST];
	size_t n;
};

/* A random number below @below; *@state is never 0. */
uint32_t history_random(uint64_t *state, uint32_t below);

/* Three to eight events over four or five organs. */
void history_make(uint64_t seed, struct history *ret_history);

/*
 * The same without good sense: papers about each other in any direction, dated in any
 * order. What comes by a second carrier is called `e-…` there, `d-…` at the first.
 */
void history_make_wild(uint64_t seed, struct history *ret_history);
