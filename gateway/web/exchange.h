/*
 * A request and its answer, and the server they belong to; the inside of gateway/web.
 *
 * A request is read on one of libmicrohttpd's threads. Most cannot be answered there:
 * the exchange then waits, its connection suspended, until another thread has the
 * answer. Whoever claims a waiting exchange, and nobody else, writes its reply and
 * resumes it; the clock claims those that waited too long. Two hold an exchange that
 * waits, the connection and whoever works on it; the last one to let go frees it.
 */
#pragma once

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "adapters/http_source.h"
#include "gateway/base/trace.h"
#include "gateway/flow/bell.h"
#include "gateway/web/body.h"
#include "gateway/web/reply.h"
#include "gateway/web/web.h"

struct MHD_Connection;
struct MHD_Daemon;
struct desk;
struct exchange;
struct monitor;

enum { WEB_NAME_MAX = 256 };

/* What one method does at one path. `{name}` in a path is one segment of it. */
struct route {
	const char *method, *path;
	/* At the head of the request: may it go on? If not, x->reply is the answer. */
	void (*begin)(struct exchange *x);
	/* The whole request is here. Answer it in x->reply, or let it wait. */
	void (*act)(struct exchange *x);
};
extern const struct route web_routes[];
extern const size_t web_routes_n;
enum { WEB_ROUTES_MAX = 16 };

/* What a queue's reader asks for (desk.h). */
struct reading_request {
	enum { READING_PULL, READING_ACK, READING_REJECT } what;
	size_t reader;
	int max, wait_ms;
	char **tags; /* one block; NULL: none */
	size_t tags_n;
	char *upto, *reason; /* NULL: none */
	int64_t until;       /* pull: ticks when it is answered with nothing */
	int64_t look_at;     /* pull: ticks of the next look */
	int pause_ms;
};

struct exchange {
	struct web *web;
	struct MHD_Connection *connection;
	size_t route;                        /* SIZE_MAX: none */
	char name[WEB_NAME_MAX];             /* what stands for `{name}` */
	char origin[64];                     /* the client's address */
	char traceparent[TRACE_PARENT_SIZE]; /* empty: none */
	bool from_here;                      /* it comes from this machine */
	bool read;                           /* the whole request is here */
	struct body body;
	struct reply reply;

	const struct http_source_options *source; /* POST /in/ */
	struct http_parcel parcel;
	struct reading_request reading; /* POST /queues/ */

	/* Under the server's lock. */
	bool waits, waits_for_ledger, owed;
	int holders;
	int64_t deadline;                 /* ticks */
	struct exchange *next, *previous; /* of those that wait */
	struct exchange *next_work;       /* of a worker's list */
};

/* A connection, and since when it owes us something (ticks; 0: it does not). */
struct client {
	int fd;
	_Atomic int64_t since;
	struct client *next, *previous;
};

struct web {
	struct web_options options;
	struct MHD_Daemon *daemon;
	int listen_fd; /* outlives the daemon; -1: none */
	char address[80];
	pthread_mutex_t lock; /* of all that wait and of the clients */
	struct exchange *waiting;
	struct client *clients;
	size_t owed; /* exchanges that wait, or are answered and not yet sent */
	struct bell clock_bell, sent_bell;
	pthread_t clock_thread;
	bool has_bells, clock_runs;
	atomic_bool stopping, closing, left_behind;
	struct web *next_left; /* while left_behind: of those that were freed so */
	struct desk *desk;     /* NULL: no embedded queue */
	struct monitor *monitor;
	_Atomic uint64_t answered[WEB_ROUTES_MAX][6]; /* by the status's first digit */
};

/* ---- exchange.c */

struct exchange *exchange_new(struct web *w, struct MHD_Connection *connection);
/* On libmicrohttpd's thread: from now on somebody else answers, within @ms. False: the
 * server is closing and x->reply says so. @for_ledger: it is a commit that it waits
 * for. A holder is counted for that somebody. */
bool exchange_wait(struct exchange *x, int ms, bool for_ledger);
/* Is the answer mine to give? */
bool exchange_claim(struct exchange *x);
void exchange_resume(struct exchange *x); /* claimed and answered: send it */
void exchange_release(struct exchange *x);
/* The value of a header of the request, NULL if there is none. */
const char *exchange_header(const struct exchange *x, const char *name);
/* The bearer token that was presented, NULL if none. */
const char *exchange_token(const struct exchange *x);
void exchange_unauthorized(struct exchange *x);

/* ---- routes.c: which route it is, in x->route and x->name, or the refusal. */
void route_find(struct exchange *x, const char *method, const char *path);

/* ---- The routes' functions. */

void in_begin(struct exchange *x); /* in.c */
void in_act(struct exchange *x);
void queues_begin(struct exchange *x); /* queues.c */
void queues_act_pull(struct exchange *x);
void queues_act_ack(struct exchange *x);
void queues_act_reject(struct exchange *x);
void live_act(struct exchange *x); /* monitor.c */
void monitor_begin(struct exchange *x);
void monitor_act(struct exchange *x);

/* ---- clock.c: answers those that waited too long, ends connections that dawdle. */
int clock_start(struct web *w, struct err *e);
void clock_stop(struct web *w);
