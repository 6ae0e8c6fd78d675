#include "adapters/http_source.h"

#include <stdint.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <unistd.h>

static void parcels_add(struct http_parcels *list, struct http_parcel *p)
{
	p->next = NULL;
	p->previous = list->last;
	if (list->last)
		list->last->next = p;
	else
		list->first = p;
	list->last = p;
	list->n++;
}

static void parcels_remove(struct http_parcels *list, struct http_parcel *p)
{
	if (p->previous)
		p->previous->next = p->next;
	else
		list->first = p->next;
	if (p->next)
		p->next->previous = p->previous;
	else
		list->last = p->previous;
	list->n--;
}

struct http_door *http_door_make(struct arena *arena)
{
	static const pthread_mutex_t unlocked = PTHREAD_MUTEX_INITIALIZER;
	struct http_door *door = arena_alloc(arena, sizeof(*door));

	door->lock = unlocked;
	door->fd = -1;
	return door;
}

enum http_put http_door_put(struct http_door *door, struct http_parcel *parcel)
{
	enum http_put answer = HTTP_PUT_OK;

	pthread_mutex_lock(&door->lock);
	if (!door->open)
		answer = HTTP_PUT_CLOSED;
	else if (door->waiting.n >= HTTP_WAITING_MAX)
		answer = HTTP_PUT_FULL;
	else
		parcels_add(&door->waiting, parcel);
	if (answer == HTTP_PUT_OK && door->waiting.n == 1)
		eventfd_write(door->fd, 1);
	pthread_mutex_unlock(&door->lock);
	return answer;
}

static const char *source_peer(const void *options)
{
	(void)options;
	return "POST /in/";
}

static int source_probe(const void *options, char ret_note[PROBE_NOTE], struct err *e)
{
	const struct http_source_options *o = options;

	(void)e;
	snprintf(ret_note, PROBE_NOTE, "comes to us: /in/%s", o->name);
	return 0;
}

static int source_open(const void *options, void **ret_source, struct err *e)
{
	const struct http_source_options *o = options;
	struct http_door *door = o->door;
	int fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);

	if (fd < 0)
		return err_errno(e, "eventfd");
	pthread_mutex_lock(&door->lock);
	door->fd = fd;
	door->open = true;
	pthread_mutex_unlock(&door->lock);
	*ret_source = door;
	return 0;
}

static void let_go(struct http_parcel *first)
{
	struct http_parcel *next;

	for (struct http_parcel *p = first; p; p = next) {
		next = p->next;
		p->done(p, NULL);
	}
}

static void source_close(void *source)
{
	struct http_door *door = source;

	if (!door)
		return;
	pthread_mutex_lock(&door->lock);
	struct http_parcel *waiting = door->waiting.first, *taken = door->taken.first;
	int fd = door->fd;

	door->waiting = door->taken = (struct http_parcels){0};
	door->open = false;
	door->fd = -1;
	pthread_mutex_unlock(&door->lock);
	close(fd);
	let_go(taken);
	let_go(waiting);
}

static enum source_next source_next(
	void *source, struct delivery *ret_delivery, struct err *e)
{
	struct http_door *door = source;
	eventfd_t count;

	(void)e;
	pthread_mutex_lock(&door->lock);
	struct http_parcel *p = door->waiting.first;

	if (p) {
		parcels_remove(&door->waiting, p);
		parcels_add(&door->taken, p);
	} else {
		eventfd_read(door->fd, &count);
	}
	pthread_mutex_unlock(&door->lock);
	if (!p)
		return SOURCE_NEXT_NONE;
	*ret_delivery = (struct delivery){
		.handle = (uintptr_t)p,
		.bytes = p->bytes,
		.path = p->path,
		.fd = p->path ? p->fd : -1,
		.origin = p->origin,
		.traceparent = p->traceparent,
	};
	return SOURCE_NEXT_OK;
}

static int source_fd(void *source)
{
	return ((struct http_door *)source)->fd;
}

static struct http_parcel *taken_at(const struct http_door *door, uint64_t handle)
{
	struct http_parcel *p = door->taken.first;

	while (p && (uintptr_t)p != handle)
		p = p->next;
	return p;
}

/* They come in the order they were given, so each is found at the front. */
static int source_settle(
	void *source, const struct settled *at, size_t n, struct err *e)
{
	struct http_door *door = source;

	for (size_t i = 0; i < n; i++) {
		pthread_mutex_lock(&door->lock);
		struct http_parcel *p = taken_at(door, at[i].handle);

		if (p)
			parcels_remove(&door->taken, p);
		pthread_mutex_unlock(&door->lock);
		if (!p)
			return err_set(e, ERR_BUG, "settled what was not taken");
		p->done(p, &at[i]);
	}
	return 0;
}

static int source_drained(void *source, bool *ret_drained, struct err *e)
{
	struct http_door *door = source;

	(void)e;
	pthread_mutex_lock(&door->lock);
	*ret_drained = !door->waiting.n;
	pthread_mutex_unlock(&door->lock);
	return 0;
}

const struct source_ops http_source_ops = {
	.type = "http",
	.peer = source_peer,
	.probe = source_probe,
	.open = source_open,
	.close = source_close,
	.next = source_next,
	.fd = source_fd,
	.settle = source_settle,
	.drained = source_drained,
};
