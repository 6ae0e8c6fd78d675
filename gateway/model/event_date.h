/*
 * Dates as the world writes them (E2): `yyyy/MM/dd`, `dd/MM/yyyy`, `yyyy-MM-dd`, each
 * optionally followed by a time and an offset. The day is the one written, whatever the
 * offset says: a date is never shifted and never guessed.
 */
#pragma once

#include "gateway/model/event.h"

enum event_date_odd {
	EVENT_DATE_DAY_FIRST = 1,
	EVENT_DATE_WITH_TIME = 2,
	EVENT_DATE_SHORT_YEAR = 4, /* `19` or `0019` where `2019` may be meant */
	EVENT_DATE_INVALID = 8,
};

struct event_date {
	day_t day; /* DAY_NONE when it cannot be one */
	msec_t at; /* the instant, +07:00 unless an offset is written; no time: 00:00 */
	unsigned odd; /* of enum event_date_odd */
};

/* @text is cleaned and not NULL. */
struct event_date event_date_read(const char *text);

/* Record as quirks what event_date_read found odd about @text. */
void event_date_quirks(
	struct event *ev, unsigned odd, const char *path, const char *text);
