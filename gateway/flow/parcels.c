#include "gateway/flow/parcels.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/base/mem.h"
#include "gateway/base/text.h"

struct subject {
	char *text;
	uint64_t hash;
	struct parcel *eldest, *youngest;
	int put_off; /* of its parcels */
	struct subject *next;
};

/* So many wait at most; and so far the numbers under way may lie apart, when one
 * stays away while others come and go. */
enum { WAITING = 2000, FLIGHTS = 4096 };

struct parcels {
	int window, room;
	bool ordered;
	int count, flying;
	struct parcel *first, *last;
	struct parcel **flights; /* number n at n % flights_n */
	uint64_t flights_n;
	uint64_t sent, settled; /* the last number; below this + 1 nothing flies */
	struct parcel *spare;   /* chained by after */
	struct subject **buckets;
	size_t buckets_n; /* a power of two */
};

struct parcels *parcels_new(int window, bool ordered)
{
	struct parcels *p = mem_alloc(sizeof(*p));

	p->window = window;
	p->room = window + WAITING;
	p->flights_n = window > FLIGHTS ? (uint64_t)window : FLIGHTS;
	p->ordered = ordered;
	p->flights = mem_alloc((size_t)p->flights_n * sizeof(*p->flights));
	for (p->buckets_n = 16; p->buckets_n < (size_t)window; p->buckets_n *= 2)
		;
	p->buckets = mem_alloc(p->buckets_n * sizeof(*p->buckets));
	return p;
}

void parcels_free(struct parcels *p)
{
	if (!p)
		return;
	while (p->first)
		parcels_remove(p, p->first);
	for (struct parcel *spare = p->spare, *next; spare; spare = next) {
		next = spare->after;
		free(spare);
	}
	free(p->flights);
	free(p->buckets);
	free(p);
}

int parcels_count(const struct parcels *p)
{
	return p->count;
}

int parcels_flying(const struct parcels *p)
{
	return p->flying;
}

bool parcels_can_send(const struct parcels *p, int limit)
{
	return p->flying < limit && p->sent - p->settled < p->flights_n;
}

int parcels_room(const struct parcels *p)
{
	return p->room - p->count;
}

const char *parcels_subject(const struct parcel *parcel)
{
	return parcel->subject->text;
}

/* ---- Subjects. */

static struct subject **subject_slot(
	const struct parcels *p, const char *text, uint64_t hash)
{
	struct subject **at = &p->buckets[hash & (p->buckets_n - 1)];

	while (*at && ((*at)->hash != hash || strcmp((*at)->text, text) != 0))
		at = &(*at)->next;
	return at;
}

static struct subject *subject_of(struct parcels *p, const char *text)
{
	uint64_t hash = text_hash(TEXT_HASH_SEED, text, strlen(text));
	struct subject **at = subject_slot(p, text, hash);

	if (!*at) {
		*at = mem_alloc(sizeof(**at));
		(*at)->text = mem_dup(text);
		(*at)->hash = hash;
	}
	return *at;
}

static void subject_drop(struct parcels *p, struct subject *s)
{
	struct subject **at = subject_slot(p, s->text, s->hash);

	*at = s->next;
	free(s->text);
	free(s);
}

/* ---- Coming and leaving. */

struct parcel *parcels_add(struct parcels *p, int64_t row, const char *subject)
{
	struct parcel *parcel = p->spare;
	struct subject *s = subject_of(p, subject ? subject : "");

	assert(p->count < p->room);
	if (parcel)
		p->spare = parcel->after;
	else
		parcel = mem_alloc(sizeof(*parcel));
	*parcel = (struct parcel){.row = row,
		.first_attempt_at = MSEC_NONE,
		.subject = s,
		.before = p->last,
		.elder = s->youngest};
	*(p->last ? &p->last->after : &p->first) = parcel;
	*(s->youngest ? &s->youngest->younger : &s->eldest) = parcel;
	p->last = s->youngest = parcel;
	p->count++;
	return parcel;
}

void parcels_recall(struct parcel *parcel, int attempts, int64_t due)
{
	parcel->attempts = attempts;
	parcel->due = due;
	parcel->subject->put_off += attempts > 0;
}

/* It is no longer under way. */
static void land(struct parcels *p, struct parcel *parcel)
{
	if (!parcel->number)
		return;
	p->flights[parcel->number % p->flights_n] = NULL;
	parcel->number = 0;
	parcel->again = false;
	p->flying--;
	while (p->settled < p->sent && !p->flights[(p->settled + 1) % p->flights_n])
		p->settled++;
}

void parcels_remove(struct parcels *p, struct parcel *parcel)
{
	struct subject *s = parcel->subject;

	land(p, parcel);
	*(parcel->before ? &parcel->before->after : &p->first) = parcel->after;
	*(parcel->after ? &parcel->after->before : &p->last) = parcel->before;
	*(parcel->elder ? &parcel->elder->younger : &s->eldest) = parcel->younger;
	*(parcel->younger ? &parcel->younger->elder : &s->youngest) = parcel->elder;
	s->put_off -= parcel->attempts > 0;
	if (!s->eldest)
		subject_drop(p, s);
	parcel->after = p->spare;
	p->spare = parcel;
	p->count--;
}

/* ---- Order. */

bool parcels_may_go(const struct parcels *p, const struct parcel *parcel, int64_t now)
{
	if (parcel->number || parcel->due > now)
		return false;
	if (!parcel->elder)
		return true;
	/* Behind one that was put off each waits for the one before. */
	return p->ordered && !parcel->subject->put_off && parcel->elder->number &&
	       !parcel->elder->again;
}

struct parcel *parcels_next(
	const struct parcels *p, const struct parcel *after, int64_t now, int64_t *due)
{
	for (struct parcel *at = after ? after->after : p->first; at; at = at->after) {
		if (parcels_may_go(p, at, now))
			return at;
		if (!at->number && !at->elder && at->due < *due)
			*due = at->due;
	}
	return NULL;
}

/* ---- Under way. */

void parcels_sent(struct parcels *p, struct parcel *parcel, uint64_t number)
{
	assert(number == p->sent + 1 && number - p->settled <= p->flights_n);
	p->sent = parcel->number = number;
	p->flights[number % p->flights_n] = parcel;
	p->flying++;
}

struct parcel *parcels_at(const struct parcels *p, uint64_t number)
{
	if (number <= p->settled || number > p->sent)
		return NULL;
	return p->flights[number % p->flights_n];
}

uint64_t parcels_lowest(const struct parcels *p)
{
	return p->flying ? p->settled + 1 : 0;
}

uint64_t parcels_last(const struct parcels *p)
{
	return p->sent;
}

void parcels_put_off(struct parcels *p, struct parcel *parcel, int64_t due)
{
	land(p, parcel);
	parcel->due = due;
	parcel->subject->put_off += parcel->attempts++ == 0;
	for (struct parcel *at = parcel->younger; at; at = at->younger)
		at->again = at->number != 0;
}

void parcels_take_back(struct parcels *p, struct parcel *parcel)
{
	land(p, parcel);
}

void parcels_ground(struct parcels *p)
{
	for (struct parcel *at = p->first; at; at = at->after)
		land(p, at);
	p->sent = p->settled = 0;
}
