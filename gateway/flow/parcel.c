#include "gateway/flow/parcel.h"

#include <stdlib.h>

#include "gateway/base/mem.h"

struct parcel {
	struct parcel *next, **link; /* who points here */
	struct arena arena;          /* of the settlement's texts */
	size_t given, back, dropped;
	bool broken;
	struct settled whole;
};

struct parcel *parcel_new(struct parcels *all)
{
	struct parcel *p = mem_alloc(sizeof(*p));

	p->next = all->first;
	p->link = &all->first;
	if (p->next)
		p->next->link = &p->next;
	all->first = p;
	return p;
}

static void parcel_free(struct parcel *p)
{
	*p->link = p->next;
	if (p->next)
		p->next->link = p->link;
	arena_deinit(&p->arena);
	free(p);
}

void parcels_deinit(struct parcels *all)
{
	while (all->first)
		parcel_free(all->first);
}

void parcel_add(struct parcel *p)
{
	p->given++;
}

void parcel_break(struct parcel *p)
{
	p->broken = true;
}

/* Of several as weighty the first stands. */
static void weigh(struct parcel *p, const struct settled *one)
{
	if (p->back && one->how <= p->whole.how)
		return;
	p->whole = *one;
	p->whole.error_code = arena_dup(&p->arena, one->error_code);
	p->whole.error_message = one->error_message
					 ? arena_printf(&p->arena, "document %zu: %s",
						   p->back + 1, one->error_message)
					 : NULL;
}

const struct settled *parcel_settle(struct parcel *p, const struct settled *one)
{
	weigh(p, one);
	p->back++;
	return p->back == p->given && !p->broken ? &p->whole : NULL;
}

void parcel_drop(struct parcel *p)
{
	if (++p->dropped == p->given)
		parcel_free(p);
}
