#include "queue/takings.h"

#include <stdlib.h>
#include <string.h>

#include "gateway/base/mem.h"

enum { CAP_FIRST = 64 };

void takings_deinit(struct takings *t)
{
	free(t->at);
	*t = (struct takings){0};
}

size_t takings_n(const struct takings *t)
{
	return t->n - t->head;
}

void takings_add(struct takings *t, const struct taking *one)
{
	if (t->n == t->cap && t->head > t->cap / 2) {
		t->n -= t->head;
		memmove(t->at, t->at + t->head, t->n * sizeof(*t->at));
		t->head = 0;
	}
	if (t->n == t->cap) {
		t->cap = t->cap ? t->cap * 2 : CAP_FIRST;
		t->at = mem_resize(t->at, t->cap * sizeof(*t->at));
	}
	t->at[t->n++] = *one;
}

struct taking *takings_find(struct takings *t, uint64_t tag)
{
	size_t low = t->head, high = t->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (t->at[mid].tag < tag)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == t->n || t->at[low].tag != tag || t->at[low].done)
		return NULL;
	return &t->at[low];
}

void takings_trim(struct takings *t, size_t open)
{
	size_t kept = 0;

	while (t->head < t->n && t->at[t->head].done)
		t->head++;
	if (takings_n(t) < CAP_FIRST || takings_n(t) < 2 * open)
		return;
	for (size_t i = t->head; i < t->n; i++)
		if (!t->at[i].done)
			t->at[kept++] = t->at[i];
	t->head = 0;
	t->n = kept;
}
