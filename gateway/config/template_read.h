/*
 * Templates as they stand in a configuration: read from YAML, and all that is wrong
 * with them said at the place where it stands.
 */
#pragma once

#include "adapters/template.h"
#include "gateway/config/complain.h"

/* What the templates of one route are checked against. */
struct template_reading {
	struct reading *r;
	const struct template_tables *tables;
	const struct event_shapes *shapes;
	const char *const *names; /* of the events it is for */
	size_t names_n;
	const struct node *asks; /* the first that asks for {known_as}; NULL: none */
};

/* NULL after a complaint. */
const struct template *template_read(
	struct template_reading *t, const struct node *node, enum template_place place);
const struct template_json *template_read_json(
	struct template_reading *t, const struct node *node);

/* The `tables:` at @map (NULL: none). */
struct template_tables template_read_tables(struct reading *r, const struct node *map);
