/*
 * What the events hold, read from the very schemas that are shipped (schemas/): the
 * names of events, and of each path into one whether it is there, may be null, and what
 * kind of value it has. For checking a configuration before any event comes.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct event_shapes;

struct event_shapes *event_shapes_open(void);
void event_shapes_close(struct event_shapes *s);

/* The names: `task.assigned` and its like; NULL after the last. */
const char *event_shapes_name(const struct event_shapes *s, size_t at);

enum shape_kind { SHAPE_TEXT, SHAPE_LIST, SHAPE_OBJECT };

struct shape {
	enum shape_kind kind; /* SHAPE_TEXT: a number or truth value too */
	bool nullable;        /* null, or not there */
	bool is_date;         /* a day or an instant */
	const void *words;    /* for event_shape_word; NULL: any value */
};

/* The @at-th of a value's possible words, NULL after the last. */
const char *event_shape_word(const struct shape *shape, size_t at);

/* What @steps (`data`, `lead`) lead to in events called @name. False if they lead
 * nowhere; *@ret_known is then how many of them are right. */
bool event_shape_find(const struct event_shapes *s, const char *name,
	const char *const *steps, size_t steps_n, struct shape *ret_shape,
	size_t *ret_known);

/* The @at-th name of what stands where @steps lead to; NULL after the last. */
const char *event_shape_member(const struct event_shapes *s, const char *name,
	const char *const *steps, size_t steps_n, size_t at);
