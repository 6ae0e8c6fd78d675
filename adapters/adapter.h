/*
 * What an adapter is: one file and one table. A source gives deliveries and is told
 * what became of them; a sink takes CloudEvents and says what became of them. An
 * adapter neither waits longer than it is told to, nor tries twice, nor logs: retry,
 * backoff and logging are the core's (gateway/flow). On any fault the core closes it
 * and opens it anew: a source then gives again whatever was not settled.
 *
 * An opened adapter belongs to one thread.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/base/buf.h"
#include "gateway/base/day.h"
#include "gateway/base/err.h"

/* One thing a source gives: bytes in memory, or (path not NULL) an open file.
 * Everything is borrowed until the next call of next() or close(). */
struct delivery {
	uint64_t handle; /* names it when it is settled */
	struct slice bytes;
	const char *path; /* the file @fd is open on; stays there until it is settled */
	int fd;
	const char *origin;      /* file name or message id, for people; may be NULL */
	const char *traceparent; /* W3C trace context, NULL: none */

	/* How far its source has come with this delivery: the ledger keeps it in the
	 * transaction that takes the delivery, and source_ops.resume gets it back.
	 * Whatever it covers was given before, or is this. NULL: no news. */
	const char *cursor;

	/* Not NULL: the peer has this one and refuses to give it (why, in words);
	 * @bytes is what the peer said of it. It is set aside. */
	const char *refused;

	int pause_ms; /* SOURCE_NEXT_LATER: no sooner than that; 0: as the core likes */
};

enum source_next {
	SOURCE_NEXT_OK,
	SOURCE_NEXT_NONE, /* nothing now */
	/* Not known yet: the peer was asked and has time to answer. Next() has waited a
	 * blink for that; it is called again at once. */
	SOURCE_NEXT_ASKED,
	/* The peer is in trouble, @e says which. The source stays as it is; the core
	 * tells of it, and asks again after a pause. */
	SOURCE_NEXT_LATER,
	SOURCE_NEXT_FAULT
};

/* What became of a delivery once the ledger has committed it. Of a delivery of several
 * documents: of the weightiest among them, in this order. */
enum settlement {
	SETTLEMENT_ACCEPTED,
	SETTLEMENT_SET_ASIDE, /* the ledger keeps the bytes in its quarantine */
	SETTLEMENT_RESTRICTED /* X1: nothing of it may stay anywhere */
};

struct settled {
	uint64_t handle;
	enum settlement how;
	const char *outcome;                    /* the ledger's word */
	const char *error_code, *error_message; /* NULL: none */
	int error_line, error_column;           /* 0: none */
	int64_t quarantine;                     /* 0: none */
	msec_t at;                              /* when it was taken */
	int64_t document;                       /* 0: none, or restricted */
	const int64_t *tasks;                   /* NV numbers; none if restricted */
	size_t tasks_n;
};

/* The longest word of a peer on being asked whether it is there. */
enum { PROBE_NOTE = 256 };

struct source_ops {
	const char *type; /* as in `type:` of the configuration */

	/* Where @options point to, for people: a folder, an address; no secrets. */
	const char *(*peer)(const void *options);

	/* `check --connect`: can open() be expected to work? Changes nothing at the
	 * peer. 0: yes, with a word for people in @ret_note ("" for none); -1: no. */
	int (*probe)(const void *options, char ret_note[PROBE_NOTE], struct err *e);

	/* @options is the type's own struct and outlives what is opened. A peer that is
	 * not there is ERR_UNAVAILABLE. */
	int (*open)(const void *options, void **ret_source, struct err *e);
	void (*close)(void *source); /* bounded in time; NULL is fine */

	/* Once after open(): the cursor of the last delivery that was committed, NULL
	 * if there is none. NULL here: a source without cursors. */
	void (*resume)(void *source, const char *cursor);

	/* What is there now; waits for nothing longer than a blink. */
	enum source_next (*next)(
		void *source, struct delivery *ret_delivery, struct err *e);

	/* Readable when next() may have something; -1: ask from time to time. */
	int (*fd)(void *source);

	/* Committed: get them out of the way. They come in the order they were given.
	 */
	int (*settle)(void *source, const struct settled *at, size_t n, struct err *e);

	/* What stops nothing and a person should know all the same (one document that
	 * cannot be had, say), each time once; NULL: nothing new. May be absent; the
	 * text is borrowed until the next call of anything. */
	const char *(*remark)(void *source);

	/* The national axis's list of agencies, as agency_list.h reads it; absent where
	 * there is none. */
	int (*agencies)(const void *options, struct buf *ret_list, struct err *e);

	/* After next() said NONE and everything was settled: is there really nothing
	 * left? */
	int (*drained)(void *source, bool *ret_drained, struct err *e);
};

/* One CloudEvent on its way out. Borrowed for the call. */
struct sink_event {
	const char *id;      /* the same on every attempt: receivers know it by it */
	const char *name;    /* `task.assigned` */
	const char *subject; /* `NV-1` or a document id; NULL: none */
	const char *key;     /* routing key */
	const char *traceparent; /* NULL: none */
	/* What this receiver called the subject when it took an earlier event of it
	 * (sink_news.known_as); NULL: nothing yet. */
	const char *known_as;
	struct slice body; /* structured JSON */
};

/* What became of one event. That a whole sink is at fault is send's and collect's -1.
 */
enum sink_verdict {
	SINK_DELIVERED,
	SINK_DEFERRED, /* not now; later it may work */
	SINK_REJECTED, /* never as it is: a dead letter, a person must act */
	SINK_STOPPED   /* the receiver wants nothing any more: told again after a resume
			*/
};

enum { SINK_REASON = 256, SINK_KNOWN_AS = 128 };

/* News of one event. */
struct sink_news {
	uint64_t number;
	enum sink_verdict verdict;
	int retry_after_ms; /* deferred: what the receiver asked for; 0: nothing */
	char reason[SINK_REASON];     /* unless delivered: why; no contents */
	char known_as[SINK_KNOWN_AS]; /* delivered: its id of the subject; "": none */
};

/*
 * What is known of the events handed over. A number is said once: singly in @news, in
 * any order, or by @upto, which means delivered for all up to it that were not said
 * singly before or now. A sink that knows only single numbers leaves @upto 0.
 */
struct sink_report {
	uint64_t upto;                /* never falls; 0: nothing said */
	const struct sink_news *news; /* the sink's, until the next collect or close */
	size_t news_n;
};

struct sink_ops {
	const char *type;

	/* True: it takes only what is addressed to it, the statuses of documents
	 * (document.status), and none of the events that all are told. */
	bool statuses_only;

	/* As a source's. */
	const char *(*peer)(const void *options);
	int (*probe)(const void *options, char ret_note[PROBE_NOTE], struct err *e);
	/* True: what is sent arrives in the order of sending, so that many events of
	 * one subject may be under way. False: of one subject only one is, and the next
	 * one is sent when there is news of it. */
	bool ordered;
	/* How many events may be under way at a time; 0: 2000. */
	int window;

	int (*open)(const void *options, void **ret_sink, struct err *e);
	void (*close)(void *sink); /* bounded in time; NULL is fine */

	/* Hand one over; they are numbered from 1 on by the opened sink. Not safe
	 * before a report covers its number. */
	int (*send)(void *sink, const struct sink_event *event, uint64_t *ret_number,
		struct err *e);

	/* Wait up to @timeout_ms for news of those handed over. Called again and again
	 * while any is under way: what must go on meanwhile goes on in here. */
	int (*collect)(void *sink, int timeout_ms, struct sink_report *ret_report,
		struct err *e);
};
