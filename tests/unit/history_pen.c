#include "tests/unit/history_pen.h"

#include <stdarg.h>
#include <stdio.h>

uint32_t history_random(uint64_t *state, uint32_t below)
{
	uint64_t x = *state;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	*state = x;
	return (uint32_t)((x * UINT64_C(0x2545f4914f6cdd1d)) >> 33) % below;
}

void pen_take(struct pen *pen, struct happening *happening)
{
	pen->writes = happening;
	pen->used = 0;
}

uint32_t pen_pick(struct pen *pen, uint32_t below)
{
	return history_random(&pen->random, below);
}

bool pen_chance(struct pen *pen, uint32_t percent)
{
	return pen_pick(pen, 100) < percent;
}

void pen_put(struct pen *pen, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	pen->used += (size_t)vsnprintf(pen->writes->json + pen->used,
		HAPPENING_MOST - pen->used, format, args);
	va_end(args);
}

void pen_put_day(struct pen *pen, const char *key, day_t day)
{
	char text[DAY_TEXT];

	if (day != DAY_NONE)
		pen_put(pen, ",'%s':'%s'", key, day_text(day, text));
}
