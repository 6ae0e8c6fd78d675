#include "gateway/web/worker.h"

#include <string.h>
#include <time.h>

#include "gateway/base/day.h"
#include "gateway/web/exchange.h"

enum { LAST_MS = 300 };

int worker_start(struct worker *w, const char *name, void *(*body)(void *context),
	void *context, struct err *e)
{
	*w = (struct worker){.last = &w->first};
	pthread_mutex_init(&w->lock, NULL);
	if (bell_init(&w->bell, e) < 0)
		return -1;
	int code = pthread_create(&w->thread, NULL, body, context);

	if (code)
		return err_set(e, ERR_IO, "cannot start a thread: %s", strerror(code));
	pthread_setname_np(w->thread, name);
	w->runs = true;
	return 0;
}

bool worker_stop(struct worker *w)
{
	int64_t until = clock_ticks() + (int64_t)LAST_MS * 1000000;
	struct timespec at = {until / 1000000000, until % 1000000000};

	if (!w->runs)
		return true;
	pthread_mutex_lock(&w->lock);
	w->ending = true;
	pthread_mutex_unlock(&w->lock);
	bell_ring(&w->bell);
	w->runs = pthread_clockjoin_np(w->thread, NULL, CLOCK_MONOTONIC, &at) != 0;
	return !w->runs;
}

/* What is still in the list was answered by the clock. */
void worker_deinit(struct worker *w)
{
	struct exchange *x;

	while ((x = worker_take(w)))
		exchange_release(x);
	if (w->bell.fd >= 0)
		bell_deinit(&w->bell);
	pthread_mutex_destroy(&w->lock);
}

bool worker_is_ending(struct worker *w)
{
	pthread_mutex_lock(&w->lock);
	bool ending = w->ending;

	pthread_mutex_unlock(&w->lock);
	return ending;
}

void worker_put(struct worker *w, struct exchange *x)
{
	x->next_work = NULL;
	pthread_mutex_lock(&w->lock);
	*w->last = x;
	w->last = &x->next_work;
	pthread_mutex_unlock(&w->lock);
	bell_ring(&w->bell);
}

struct exchange *worker_take(struct worker *w)
{
	pthread_mutex_lock(&w->lock);
	struct exchange *x = w->first;

	if (x) {
		w->first = x->next_work;
		if (!w->first)
			w->last = &w->first;
	}
	pthread_mutex_unlock(&w->lock);
	return x;
}
