#include "gateway/web/exchange.h"

#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "gateway/base/day.h"
#include "gateway/base/mem.h"

struct exchange *exchange_new(struct web *w, struct MHD_Connection *connection)
{
	struct exchange *x = mem_alloc(sizeof(*x));

	x->web = w;
	x->connection = connection;
	x->route = SIZE_MAX;
	x->holders = 1;
	body_init(&x->body, w->options.ledger->folder, 0);
	return x;
}

static void exchange_free(struct exchange *x)
{
	for (size_t i = 0; i < x->reading.tags_n; i++)
		free(x->reading.tags[i]);
	free(x->reading.tags);
	free(x->reading.upto);
	free(x->reading.reason);
	body_deinit(&x->body);
	reply_deinit(&x->reply);
	free(x);
}

static void list_add(struct web *w, struct exchange *x)
{
	x->previous = NULL;
	x->next = w->waiting;
	if (w->waiting)
		w->waiting->previous = x;
	w->waiting = x;
}

static void list_remove(struct web *w, struct exchange *x)
{
	if (x->previous)
		x->previous->next = x->next;
	else
		w->waiting = x->next;
	if (x->next)
		x->next->previous = x->previous;
}

bool exchange_wait(struct exchange *x, int ms, bool for_ledger)
{
	struct web *w = x->web;

	pthread_mutex_lock(&w->lock);
	bool closing = atomic_load(&w->closing);

	if (!closing) {
		/* First: once it is in the list it may be resumed. */
		MHD_suspend_connection(x->connection);
		x->waits = true;
		x->waits_for_ledger = for_ledger;
		x->holders++;
		x->deadline = clock_ticks() + (int64_t)ms * 1000000;
		list_add(w, x);
		x->owed = true;
		w->owed++;
	}
	pthread_mutex_unlock(&w->lock);
	if (closing)
		reply_problem(&x->reply, PROBLEM_STOPPING, "send it again later");
	return !closing;
}

bool exchange_claim(struct exchange *x)
{
	struct web *w = x->web;

	pthread_mutex_lock(&w->lock);
	bool mine = x->waits;

	if (mine) {
		x->waits = false;
		list_remove(w, x);
	}
	pthread_mutex_unlock(&w->lock);
	return mine;
}

void exchange_resume(struct exchange *x)
{
	MHD_resume_connection(x->connection);
}

void exchange_release(struct exchange *x)
{
	struct web *w = x->web;

	pthread_mutex_lock(&w->lock);
	bool last = --x->holders == 0;

	pthread_mutex_unlock(&w->lock);
	if (last)
		exchange_free(x);
}

const char *exchange_header(const struct exchange *x, const char *name)
{
	return MHD_lookup_connection_value(x->connection, MHD_HEADER_KIND, name);
}

const char *exchange_token(const struct exchange *x)
{
	const char *given = exchange_header(x, "Authorization");

	if (!given || strncasecmp(given, "Bearer", 6) != 0 || given[6] != ' ')
		return NULL;
	given += 6;
	return given + strspn(given, " ");
}

void exchange_unauthorized(struct exchange *x)
{
	bool wrong = exchange_token(x);

	reply_problem(&x->reply, PROBLEM_UNAUTHORIZED,
		wrong ? "the token is not known here"
		      : "send `Authorization: Bearer …` with the token you were given");
	x->reply.challenge = wrong ? "Bearer realm=\"congvan\", error=\"invalid_token\""
				   : "Bearer realm=\"congvan\"";
}
