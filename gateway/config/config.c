#include "gateway/config/config.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gateway/base/mem.h"
#include "gateway/config/parts.h"
#include "gateway/config/tables.h"

MEM_CLEANUP(config, struct config, config_free)

struct config *config_none(void)
{
	struct config *c = mem_alloc(sizeof(*c));
	cleanup_free char *here = getcwd(NULL, 0);

	c->site = "";
	c->data = schema_absolute(&c->arena, here ? here : "/", "var");
	c->organs = organ_table_new();
	c->calendar = calendar_new();
	c->policy = policy_default;
	c->delivery = delivery_policy_default;
	c->queue.path = schema_absolute(&c->arena, c->data, "queue.db");
	return c;
}

void config_free(struct config *c)
{
	if (!c)
		return;
	organ_table_free(c->organs);
	calendar_free(c->calendar);
	arena_deinit(&c->arena);
	free(c);
}

void config_complaints_deinit(struct config_complaints *c)
{
	if (!c)
		return;
	arena_deinit(&c->arena);
	*c = (struct config_complaints){0};
}

const struct config_adapter *config_find_adapter(
	const struct config *c, const char *name)
{
	for (size_t i = 0; i < c->adapters_n; i++)
		if (strcmp(c->adapters[i].name, name) == 0)
			return &c->adapters[i];
	return NULL;
}

const char *config_folder_of(struct arena *arena, const char *file)
{
	const char *slash = strrchr(file, '/');
	cleanup_free char *here = getcwd(NULL, 0);
	const char *folder =
		slash ? arena_dup_n(arena, file, (size_t)(slash - file) + 1) : ".";

	return schema_absolute(arena, here ? here : "/", folder);
}

bool config_open_named(struct reading *r, const struct node *root, const char *key,
	const char *path, struct reading *ret_named)
{
	if (!path)
		return false;
	if (access(path, R_OK) != 0) {
		complain(r, node_find(root, key),
			"the file it names cannot be read; its path starts from the "
			"folder "
			"of this file");
		return false;
	}
	const char *shown = node_find(root, key)->text;
	const char *slash = strrchr(r->file, '/');
	bool beside = *shown != '/' && slash;

	*ret_named = *r;
	ret_named->failed = false;
	ret_named->file = beside ? arena_printf(r->arena, "%.*s%s",
					   (int)(slash - r->file) + 1, r->file, shown)
				 : shown;
	return true;
}

static void read_main(struct reading *r, const struct node *root, const char *data,
	struct config *c, struct main_keys *keys)
{
	cleanup_free char *here = getcwd(NULL, 0);

	schema_read(r, &main_table, root, keys);
	c->site = keys->site;
	c->policy = keys->policy;
	c->delivery = delivery_of(&keys->delivery);
	c->limits = keys->limits;
	c->data = data         ? schema_absolute(&c->arena, here ? here : "/", data)
		  : keys->data ? keys->data
			       : schema_absolute(&c->arena, r->folder, "var");
}

static bool read_everything(struct reading *r, const char *data, struct config *c)
{
	struct main_keys keys = {.policy = policy_default,
		.delivery = delivery_keys_of(&delivery_policy_default)};
	const struct node *root = node_read_file(r, r->file);
	struct reading named;
	bool failed = false;

	if (!root)
		return false;
	read_main(r, root, data, c, &keys);
	if (config_open_named(r, root, "organs", keys.organs, &named)) {
		config_read_organs(&named, keys.organs, c->organs);
		failed |= named.failed;
	}
	if (config_open_named(r, root, "calendar", keys.calendar, &named)) {
		config_read_calendar(&named, keys.calendar, c->calendar);
		failed |= named.failed;
	}
	/* Last: adapters are made from all of the rest. */
	config_read_agencies(r, root, c);
	config_read_queue(r, root, c);
	config_read_http(r, root, c);
	config_read_adapters(r, root, c);
	return !failed && !r->failed;
}

int config_load(const char *file, const char *data, struct config **ret_config,
	struct config_complaints *complaints)
{
	cleanup(config) struct config *c = config_none();
	struct reading r = {.file = file, .arena = &c->arena, .complaints = complaints};

	c->file = arena_dup(&c->arena, file);
	r.folder = config_folder_of(&c->arena, file);
	bool good = read_everything(&r, data, c);

	complain_sort(complaints, file);
	if (!good)
		return -1;
	*ret_config = STEAL(c);
	return 0;
}
