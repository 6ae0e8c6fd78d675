/*
 * A real ledger in a folder of its own (in memory where the machine has /dev/shm), and
 * events told to it in one line each. Texts are JSON with ' for ", so that they can be
 * read in C. Anything that should not fail ends the test.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "gateway/base/buf.h"
#include "gateway/ledger/ledger.h"

struct story {
	char folder[64];
	struct organ_table *organs;
	struct calendar *calendar;
	struct policy policy;
	struct ledger_options options;
	struct ledger *ledger; /* NULL: closed */
};

/* The folder, the organ table (H99 and below it H99.01 to H99.06), the default policy,
 * site H99, sinks `east` and `west`; the ledger open. */
void story_init(struct story *s);
void story_deinit(struct story *s);

void story_open(struct story *s); /* closes it first when it is open */
void story_close(struct story *s);

/* cmocka fixtures: *state is a struct story. */
int story_setup(void **state);
int story_teardown(void **state);

/* `<folder>/name`, in one of a few buffers used in turn. */
const char *story_path(const struct story *s, const char *name);

/* Read an event from @json (' for "); the caller frees it. */
struct event *story_event(const char *json);

/* The same of which only some members matter: it is called D unless it begins with a
 * document id of its own. */
struct event *story_part(const char *json);

/* What arrives at nine o'clock on @day (yyyy-mm-dd). */
msec_t story_at(const char *day);
struct arrival story_arrival(
	const struct story *s, const char *day, const struct event *ev);

/* One event, one commit. */
struct ledger_answer story_tell(struct story *s, const char *day, const char *json);
/* The same within the test's own transaction. */
struct ledger_answer story_apply(struct story *s, const char *day, const char *json);
/* Bytes that could not be read, one commit. */
struct ledger_answer story_tell_bytes(
	struct story *s, const char *day, const char *bytes);

void story_begin(struct story *s);
void story_commit(struct story *s);

/*
 * The tasks as they stand, without what counts arrivals (ids, revisions, row numbers),
 * one JSON line each, sorted; withdrawn ones are left out. In one of a few buffers used
 * in turn.
 */
const char *story_tasks(struct story *s);

/* How many rows @sql counts; @sql runs on a connection of its own. */
int64_t story_count(struct story *s, const char *sql);
/* Change the file behind the ledger's back. */
void story_tamper(struct story *s, const char *sql);

/* How many failures verify finds; the JSON, when wanted, is in *@ret_json. */
int story_verify(struct story *s, struct buf *ret_json);
