/* `agencies:`: who has a queue of its own, and how it lets itself be known there. */
#include "gateway/base/day.h"
#include "gateway/base/text.h"
#include "gateway/config/parts.h"
#include "gateway/config/secret.h"
#include "gateway/config/tables.h"

static bool is_listed(const struct config_agency *rows, size_t n, const char *organ)
{
	for (size_t i = 0; i < n; i++)
		if (text_same_id(rows[i].organ, organ))
			return true;
	return false;
}

/* The row at @map; false after a complaint that leaves nothing of it. */
static bool read_agency(struct reading *r, const struct node *map,
	const struct config *c, struct config_agency *ret_agency)
{
	struct agency_keys keys = {0};
	const char *main_id;

	schema_read(r, &agency_table, map, &keys);
	if (!keys.agency.organ)
		return false;
	main_id = organ_main_id(c->organs, keys.agency.organ, DAY_NONE);
	if (!organ_find(c->organs, keys.agency.organ, DAY_NONE))
		complain_warn(r, node_find(map, "organ"),
			"no organ of the table has this id; it gets what is sent to "
			"the id itself");
	*ret_agency = (struct config_agency){
		.organ = main_id ? main_id : keys.agency.organ,
		.password = secret_read(
			r, map, "password", keys.password_file, keys.password_env),
	};
	return true;
}

void config_read_agencies(struct reading *r, const struct node *root, struct config *c)
{
	const struct node *list = node_find(root, "agencies");

	if (!list || !schema_is_list(r, list))
		return;
	struct config_agency *rows =
		arena_alloc(&c->arena, (list->n + 1) * sizeof(*rows));

	for (const struct node *map = list->first; map; map = map->next) {
		struct config_agency agency;

		if (!read_agency(r, map, c, &agency))
			continue;
		if (is_listed(rows, c->agencies_n, agency.organ))
			complain(r, node_find(map, "organ"),
				"this organ is in the list already");
		rows[c->agencies_n++] = agency;
	}
	c->agencies = rows;
}
