/* What the makers of histories write with: chance, and the happening it is written to.
 */
#pragma once

#include <stdbool.h>

#include "gateway/base/day.h"
#include "tests/unit/history.h"

struct pen {
	uint64_t random; /* never 0 */
	struct happening *writes;
	size_t used;
};

/* Begin the text of @happening. */
void pen_take(struct pen *pen, struct happening *happening);

/* A random number below @below. */
uint32_t pen_pick(struct pen *pen, uint32_t below);

/* True in @percent of all cases. */
bool pen_chance(struct pen *pen, uint32_t percent);

__attribute__((format(printf, 2, 3))) void pen_put(
	struct pen *pen, const char *format, ...);

/* A member `,'KEY':'DAY'`; nothing for DAY_NONE. */
void pen_put_day(struct pen *pen, const char *key, day_t day);
