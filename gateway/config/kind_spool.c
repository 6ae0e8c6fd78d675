/* `type: spool`: a folder of files, either way. */
#include "adapters/spool_sink.h"
#include "adapters/spool_source.h"
#include "gateway/config/kinds.h"

struct spool_keys {
	const char *path;
};

static const struct field fields[] = {
	{"path", FIELD_PATH, .required = true, AT(spool_keys, path)},
};
static const struct table table = {TABLE(fields, spool_keys)};

static const void *make_source(
	struct reading *r, const struct node *map, const struct config *c, void *keys)
{
	struct spool_source_options *options = arena_alloc(r->arena, sizeof(*options));

	(void)map;
	(void)c;
	options->path = ((struct spool_keys *)keys)->path;
	return options;
}

static const void *make_sink(
	struct reading *r, const struct node *map, const struct config *c, void *keys)
{
	struct spool_sink_options *options = arena_alloc(r->arena, sizeof(*options));

	(void)map;
	(void)c;
	options->path = ((struct spool_keys *)keys)->path;
	return options;
}

const struct adapter_kind kind_spool_source = {
	.type = ADAPTER_SPOOL,
	.direction = DIRECTION_IN,
	.title = "spool sources",
	.table = &table,
	.source = &spool_source_ops,
	.make = make_source,
};

const struct adapter_kind kind_spool_sink = {
	.type = ADAPTER_SPOOL,
	.direction = DIRECTION_OUT,
	.title = "spool sinks",
	.table = &table,
	.sink = &spool_sink_ops,
	.make = make_sink,
};
