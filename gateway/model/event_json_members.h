/* The members of the document event's JSON and where each goes: a table for its reader.
 */
#pragma once

#include <stddef.h>

#include "gateway/model/event.h"

enum event_json_shape {
	SHAPE_TEXT,     /* const char *, cleaned */
	SHAPE_VERBATIM, /* const char *, as it came */
	SHAPE_DAY,      /* day_t; @raw keeps what could not be read */
	SHAPE_INSTANT,  /* msec_t */
	SHAPE_WORD,     /* an enum with its words */
	SHAPE_INT,      /* int, absent -1 */
	SHAPE_SIZE,     /* int64_t, absent -1 */
	SHAPE_TEXTS,    /* text_list */
	SHAPE_OBJECT,   /* a struct */
	SHAPE_LIST,     /* a LIST_OF structs of @size */
};

struct event_json_member {
	const char *name;
	enum event_json_shape shape;
	size_t at, raw;
	const char *const *words;
	size_t words_n;
	const struct event_json_member *inner;
	size_t inner_n, size;
};

/* What @object's members are before anything is read: absent. */
void event_json_set_absent(
	const struct event_json_member *members, size_t n, void *object);

/* Put the struct @element at the end of @m's list at @place. Only now: reading it may
 * have added to a list of the event itself, its quirks. */
void event_json_append(struct arena *arena, const struct event_json_member *m,
	void *place, const void *element);

extern const struct event_json_member event_json_members[];
extern const size_t event_json_members_n;
