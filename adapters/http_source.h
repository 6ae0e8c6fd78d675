/*
 * Documents that come over HTTP. The server (gateway/web) puts each body into the
 * adapter's door as a parcel; the source takes them from there, and tells what became
 * of each once it is committed. So one batch is shared by all connections that wait.
 */
#pragma once

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#include "adapters/adapter.h"
#include "gateway/base/arena.h"
#include "gateway/base/tokens.h"

/* A body on its way. Whoever puts it in owns it, and keeps it as it is until done(). */
struct http_parcel {
	struct slice bytes;
	const char *path; /* NULL: in memory; else the file @fd is open on */
	int fd;
	const char *origin, *traceparent; /* NULL: none */
	/* Once for each parcel that was let in, on the source's thread. @at NULL: it
	 * was not taken and may come again. */
	void (*done)(struct http_parcel *parcel, const struct settled *at);
	void *context; /* for done */

	/* The door's. */
	struct http_parcel *next, *previous;
};

struct http_parcels {
	struct http_parcel *first, *last;
	size_t n;
};

/* Lives as long as the configuration. */
struct http_door {
	pthread_mutex_t lock;
	struct http_parcels waiting; /* to be taken */
	struct http_parcels taken;   /* by the flow, not settled yet */
	bool open;
	int fd; /* readable while somebody may be waiting */
};

enum { HTTP_WAITING_MAX = 1024 };

struct http_door *http_door_make(struct arena *arena);

enum http_put { HTTP_PUT_OK, HTTP_PUT_CLOSED, HTTP_PUT_FULL };

/* From any thread. Let @parcel in; it is untouched unless the answer is OK. */
enum http_put http_door_put(struct http_door *door, struct http_parcel *parcel);

struct http_source_options {
	const char *name; /* the adapter's: POST /in/<name> */
	struct http_door *door;
	struct tokens tokens;
	size_t max_bytes; /* of one body */
};

extern const struct source_ops http_source_ops;
