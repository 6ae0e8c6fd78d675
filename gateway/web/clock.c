/* The server's clock: a look every CLOCK_MS at who waits, and for what. */
#include <string.h>
#include <sys/socket.h>

#include "gateway/base/day.h"
#include "gateway/web/exchange.h"

enum { CLOCK_MS = 100 };

/* What a waiting exchange is answered with now, if with anything. */
static bool is_over(const struct exchange *x, int64_t now, bool ledger_fails)
{
	return now >= x->deadline || (ledger_fails && x->waits_for_ledger) ||
	       atomic_load(&x->web->closing);
}

/* One that is over, claimed: NULL when there is none. */
static struct exchange *take_over(struct web *w, int64_t now, bool ledger_fails)
{
	pthread_mutex_lock(&w->lock);
	struct exchange *x = w->waiting;

	while (x && !is_over(x, now, ledger_fails))
		x = x->next;
	if (x)
		x->holders++;
	pthread_mutex_unlock(&w->lock);
	return x;
}

static void answer(struct exchange *x, int64_t now, bool ledger_fails)
{
	if (ledger_fails && x->waits_for_ledger)
		reply_problem(&x->reply, PROBLEM_LEDGER,
			"the ledger cannot be written now; send it again later");
	else if (now >= x->deadline)
		reply_problem(&x->reply, PROBLEM_TIMEOUT,
			"no answer within the time set here; send it again");
	else
		reply_problem(&x->reply, PROBLEM_STOPPING,
			"not known to be committed; send it again");
}

static void answer_those_over(struct web *w)
{
	const struct meter *m = w->options.meter;
	bool ledger_fails = m && atomic_load(&m->ledger_failing_since);
	int64_t now = clock_ticks();
	struct exchange *x;

	while ((x = take_over(w, now, ledger_fails))) {
		if (exchange_claim(x)) {
			answer(x, now, ledger_fails);
			exchange_resume(x);
		}
		exchange_release(x);
	}
}

/* Who takes too long to send a request, or to take its answer, is cut off. */
static void cut_off_dawdlers(struct web *w)
{
	int64_t limit = (int64_t)w->options.http->timeout_seconds * 1000000000;
	int64_t now = clock_ticks();

	pthread_mutex_lock(&w->lock);
	for (struct client *c = w->clients; c; c = c->next) {
		int64_t since = atomic_load(&c->since);

		if (since && now - since >= limit)
			shutdown(c->fd, SHUT_RDWR);
	}
	pthread_mutex_unlock(&w->lock);
}

static void *run(void *context)
{
	struct web *w = context;

	while (!atomic_load(&w->closing)) {
		bell_wait(&w->clock_bell, -1, CLOCK_MS);
		answer_those_over(w);
		cut_off_dawdlers(w);
	}
	answer_those_over(w);
	return NULL;
}

int clock_start(struct web *w, struct err *e)
{
	int code = pthread_create(&w->clock_thread, NULL, run, w);

	if (code)
		return err_set(e, ERR_IO, "cannot start a thread: %s", strerror(code));
	pthread_setname_np(w->clock_thread, "http-clock");
	w->clock_runs = true;
	return 0;
}

void clock_stop(struct web *w)
{
	if (!w->clock_runs)
		return;
	bell_ring(&w->clock_bell);
	pthread_join(w->clock_thread, NULL);
	w->clock_runs = false;
}
