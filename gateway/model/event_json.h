/*
 * The document event as JSON (E6): written with every member always there,
 * read strictly. What is written can be read again to the same event. This is also the
 * built-in format `event`.
 */
#pragma once

#include <stddef.h>

#include "gateway/base/err.h"
#include "gateway/base/json.h"
#include "gateway/model/event.h"

/* One object. With @stored the ledger's two extra members are written too, `source` and
 * `first_hop_on`, which people are not shown. */
void event_json_write(struct json *j, const struct event *ev, int stored);

/* Where reading stopped. */
struct event_json_error {
	int line, column;  /* from 1; 0 where there is none */
	char message[256]; /* what, where (a JSON Pointer), what would be right */
};

/*
 * Read one object; absent members are null or empty. An unknown member, a wrong type or
 * an unknown word: -1 and @ret_error (code `event.invalid`, or `file.empty` for no
 * bytes at all is the caller's). A date is read as E2 says: what cannot be one is null
 * with a quirk. Texts are cleaned as E3 says; what that changed becomes a quirk. The
 * caller owns
 * *@ret_event, after -1 too: it then holds what could be read (X1), never NULL.
 */
int event_json_read(const char *bytes, size_t n, struct event **ret_event,
	struct event_json_error *ret_error);
