#include "gateway/flow/bundle.h"

#include <stdlib.h>
#include <string.h>

#include "gateway/base/mem.h"

struct bundle {
	struct bundle *next, **link; /* who points here */
	struct arena arena;          /* of the settlement's texts */
	size_t given, back, dropped;
	bool broken;
	struct settled whole;
};

struct bundle *bundle_new(struct bundles *all)
{
	struct bundle *p = mem_alloc(sizeof(*p));

	p->next = all->first;
	p->link = &all->first;
	if (p->next)
		p->next->link = &p->next;
	all->first = p;
	return p;
}

static void bundle_free(struct bundle *p)
{
	*p->link = p->next;
	if (p->next)
		p->next->link = p->link;
	arena_deinit(&p->arena);
	free(p);
}

void bundles_deinit(struct bundles *all)
{
	struct bundle *next;

	for (struct bundle *p = all->first; p; p = next) {
		next = p->next;
		bundle_free(p);
	}
}

void bundle_add(struct bundle *p)
{
	p->given++;
}

void bundle_break(struct bundle *p)
{
	p->broken = true;
}

static const int64_t *copy_tasks(struct arena *arena, const struct settled *one)
{
	size_t bytes = one->tasks_n * sizeof(*one->tasks);

	if (!bytes)
		return NULL;
	int64_t *tasks = arena_alloc(arena, bytes);

	memcpy(tasks, one->tasks, bytes);
	return tasks;
}

/* Of several as weighty the first stands. What is kept outlives the job it came with.
 */
static void weigh(struct bundle *p, const struct settled *one)
{
	if (p->back && one->how <= p->whole.how)
		return;
	p->whole = *one;
	p->whole.tasks = copy_tasks(&p->arena, one);
	p->whole.error_code = arena_dup(&p->arena, one->error_code);
	p->whole.error_message = one->error_message
					 ? arena_printf(&p->arena, "document %zu: %s",
						   p->back + 1, one->error_message)
					 : NULL;
}

const struct settled *bundle_settle(struct bundle *p, const struct settled *one)
{
	weigh(p, one);
	p->back++;
	return p->back == p->given && !p->broken ? &p->whole : NULL;
}

void bundle_drop(struct bundle *p)
{
	if (++p->dropped == p->given)
		bundle_free(p);
}
