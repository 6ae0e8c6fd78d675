/* A thread that answers requests one after another: what the monitor and the desk are
 * made of. */
#pragma once

#include <pthread.h>
#include <stdbool.h>

#include "gateway/base/err.h"
#include "gateway/flow/bell.h"

struct exchange;

struct worker {
	struct bell bell;
	pthread_t thread;
	pthread_mutex_t lock;
	struct exchange *first, **last;
	bool runs, ending;
};

/* @body runs until worker_is_ending(). */
int worker_start(struct worker *w, const char *name, void *(*body)(void *context),
	void *context, struct err *e);
/* Tell it to end and wait a little; false: it is still somewhere. */
bool worker_stop(struct worker *w);
void worker_deinit(struct worker *w);
bool worker_is_ending(struct worker *w);

/* A waiting exchange, which the worker holds from now on. */
void worker_put(struct worker *w, struct exchange *x);
/* The next one, NULL for none. */
struct exchange *worker_take(struct worker *w);
