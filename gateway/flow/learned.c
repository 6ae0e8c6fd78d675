#include "gateway/flow/learned.h"

#include <stdlib.h>
#include <string.h>

#include "gateway/base/mem.h"

struct one {
	char *subject, *known_as;
	uint64_t ticket;
};

struct learned {
	struct one *at;
	int n, room;
};

struct learned *learned_new(void)
{
	return mem_alloc(sizeof(struct learned));
}

void learned_free(struct learned *l)
{
	if (!l)
		return;
	learned_forget(l, UINT64_MAX);
	free(l->at);
	free(l);
}

int learned_count(const struct learned *l)
{
	return l->n;
}

void learned_add(
	struct learned *l, const char *subject, const char *known_as, uint64_t ticket)
{
	if (l->n == l->room) {
		l->room = l->room * 2 + 16;
		l->at = mem_resize(l->at, (size_t)l->room * sizeof(*l->at));
	}
	l->at[l->n++] = (struct one){mem_dup(subject), mem_dup(known_as), ticket};
}

void learned_forget(struct learned *l, uint64_t ticket)
{
	int n = 0;

	/* Tickets rise, so they leave from the front. */
	for (; n < l->n && l->at[n].ticket <= ticket; n++) {
		free(l->at[n].subject);
		free(l->at[n].known_as);
	}
	l->n -= n;
	if (n)
		memmove(l->at, l->at + n, (size_t)l->n * sizeof(l->at[0]));
}

const char *learned_find(const struct learned *l, const char *subject)
{
	for (int i = l->n - 1; i >= 0; i--)
		if (strcmp(l->at[i].subject, subject) == 0)
			return l->at[i].known_as;
	return NULL;
}
