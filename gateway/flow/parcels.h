/*
 * The outbox rows that a relay has read and not yet seen settled: those under way at
 * the sink, by the sink's number, and those that wait, in the order of the outbox. Of
 * what belongs to one subject nothing overtakes what was put off (INV-5). Holds so many
 * rows and no more; no texts but the subjects'.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/base/day.h"

struct subject;

struct parcel {
	int64_t row;     /* of the outbox */
	uint64_t number; /* it is under way as; 0: it waits */
	int64_t due;     /* ticks; not to be sent before */
	int attempts;    /* that failed */
	msec_t first_attempt_at;
	uint64_t counted;  /* the breaker's generation + 1 in which it failed; 0: never
			    */
	uint64_t known_as; /* hash of what the receiver was told it calls the subject */
	bool again; /* one before it was put off: what comes of this attempt is void */
	struct subject *subject;
	struct parcel *before, *after;  /* in the outbox's order */
	struct parcel *elder, *younger; /* of one subject */
};

struct parcels;

/* @window may be under way, and 2,000 wait. @ordered as in struct sink_ops. */
struct parcels *parcels_new(int window, bool ordered);
void parcels_free(struct parcels *p);

int parcels_count(const struct parcels *p);
int parcels_flying(const struct parcels *p);
int parcels_room(const struct parcels *p); /* so many more may be read */
/* May one more be under way, of @limit at most? */
bool parcels_can_send(const struct parcels *p, int limit);

/* Row @row of @subject (may be NULL), which stands behind all that were added. */
struct parcel *parcels_add(struct parcels *p, int64_t row, const char *subject);
/* It was put off in an earlier life. */
void parcels_recall(struct parcel *parcel, int attempts, int64_t due);
/* It was settled, or is no longer there. */
void parcels_remove(struct parcels *p, struct parcel *parcel);
const char *parcels_subject(const struct parcel *parcel); /* "": none */

/* May it be sent at @now? */
bool parcels_may_go(const struct parcels *p, const struct parcel *parcel, int64_t now);
/* The first that may, behind @after (NULL: from the start). *@due comes down to the
 * ticks at which one that was passed over may. */
struct parcel *parcels_next(
	const struct parcels *p, const struct parcel *after, int64_t now, int64_t *due);

/* It is handed over as @number: one more than the last of this opening. */
void parcels_sent(struct parcels *p, struct parcel *parcel, uint64_t number);
/* The one under way as @number, NULL: it was settled already, or there never was one.
 */
struct parcel *parcels_at(const struct parcels *p, uint64_t number);
/* The lowest number under way, 0: none; and the last that was given. */
uint64_t parcels_lowest(const struct parcels *p);
uint64_t parcels_last(const struct parcels *p);
/* It waits again, until @due. Younger ones of its subject that are under way go after
 * it once more. */
void parcels_put_off(struct parcels *p, struct parcel *parcel, int64_t due);
/* It waits again, as if never sent. */
void parcels_take_back(struct parcels *p, struct parcel *parcel);
/* The sink was closed: nothing is under way, numbers begin anew. */
void parcels_ground(struct parcels *p);
