#include "gateway/flow/ring.h"

#include <pthread.h>
#include <stdlib.h>

#include "gateway/base/mem.h"

struct slot {
	void *thing;
	size_t bytes;
};

struct ring {
	pthread_mutex_t lock;
	pthread_cond_t room, news;
	struct slot *slots;
	size_t first, n, max_n;
	size_t bytes, max_bytes;
	bool poked, closed;
};

struct ring *ring_new(size_t max_n, size_t max_bytes)
{
	struct ring *r = mem_alloc(sizeof(*r));

	r->slots = mem_alloc(max_n * sizeof(*r->slots));
	r->max_n = max_n;
	r->max_bytes = max_bytes;
	pthread_mutex_init(&r->lock, NULL);
	pthread_cond_init(&r->room, NULL);
	pthread_cond_init(&r->news, NULL);
	return r;
}

void ring_free(struct ring *r)
{
	if (!r)
		return;
	pthread_cond_destroy(&r->news);
	pthread_cond_destroy(&r->room);
	pthread_mutex_destroy(&r->lock);
	free(r->slots);
	free(r);
}

static bool is_full(const struct ring *r)
{
	return r->n == r->max_n || r->bytes >= r->max_bytes;
}

bool ring_put(struct ring *r, void *thing, size_t bytes)
{
	pthread_mutex_lock(&r->lock);
	while (!r->closed && is_full(r))
		pthread_cond_wait(&r->room, &r->lock);
	bool let_in = !r->closed;

	if (let_in) {
		r->slots[(r->first + r->n++) % r->max_n] = (struct slot){thing, bytes};
		r->bytes += bytes;
		pthread_cond_signal(&r->news);
	}
	pthread_mutex_unlock(&r->lock);
	return let_in;
}

size_t ring_take(struct ring *r, void **ret_things, size_t max_n, size_t max_bytes)
{
	size_t taken = 0, bytes = 0;

	pthread_mutex_lock(&r->lock);
	while (!r->n && !r->poked && !r->closed)
		pthread_cond_wait(&r->news, &r->lock);
	while (r->n && taken < max_n && (taken == 0 || bytes < max_bytes)) {
		ret_things[taken++] = r->slots[r->first].thing;
		bytes += r->slots[r->first].bytes;
		r->first = (r->first + 1) % r->max_n;
		r->n--;
	}
	r->bytes -= bytes;
	r->poked = false;
	if (taken)
		pthread_cond_broadcast(&r->room);
	pthread_mutex_unlock(&r->lock);
	return taken;
}

void ring_poke(struct ring *r)
{
	pthread_mutex_lock(&r->lock);
	r->poked = true;
	pthread_cond_signal(&r->news);
	pthread_mutex_unlock(&r->lock);
}

void ring_close(struct ring *r)
{
	pthread_mutex_lock(&r->lock);
	r->closed = true;
	pthread_cond_broadcast(&r->room);
	pthread_cond_broadcast(&r->news);
	pthread_mutex_unlock(&r->lock);
}
