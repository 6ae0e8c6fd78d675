#include "gateway/config/http_routes.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "gateway/base/text.h"
#include "gateway/config/template_read.h"
#include "gateway/config/values.h"
#include "queue/topic.h"

enum { MOST_NAMES = 64, MOST_RANGES = 16 };

struct route_keys {
	int method;
	const char *path, *xml, *known_as;
	struct http_condition_keys success, already, later;
};

static const char *const methods[] = {"POST", "PUT", "PATCH", "DELETE"};
static const struct word method_words[] = {
	{.name = "POST", .value = 0},
	{.name = "PUT", .value = 1},
	{.name = "PATCH", .value = 2},
	{.name = "DELETE", .value = 3},
	{0},
};

static const struct field condition_fields[] = {
	{"status", FIELD_TEXT, AT(http_condition_keys, status)},
	{"at", FIELD_TEXT, AT(http_condition_keys, at)},
	{"equals", FIELD_TEXTS, LIST_AT(http_condition_keys, equals)},
};
const struct table http_condition_table = {
	TABLE(condition_fields, http_condition_keys)};

static const struct field route_fields[] = {
	{"method", FIELD_WORD, AT(route_keys, method), .words = method_words},
	{"path", FIELD_TEXT, .required = true, AT(route_keys, path)},
	{"headers", FIELD_OWN_MAP, .required = false},
	{"json", FIELD_OWN_MAP, .required = false},
	{"xml", FIELD_TEXT, AT(route_keys, xml)},
	{"success", FIELD_MAP, AT(route_keys, success), .table = &http_condition_table},
	{"already", FIELD_MAP, AT(route_keys, already), .table = &http_condition_table},
	{"later", FIELD_MAP, AT(route_keys, later), .table = &http_condition_table},
	{"known_as", FIELD_TEXT, AT(route_keys, known_as)},
};
const struct table http_route_table = {TABLE(route_fields, route_keys)};

/* The reading of one sink's routes. */
struct route_reading {
	struct reading *r;
	const struct node *map; /* the adapter's */
	const struct http_routes_keys *keys;
	struct http_verdict_rules shared;
	struct template_tables tables;
	struct event_shapes *shapes;
	const struct node *taken[MOST_NAMES]; /* by which route each name is */
	const struct node *asks;
	bool tells; /* some route learns what the subject is called */
};

/* --- conditions ---------------------------------------------------------------------
 */

static bool take_status(const char **at, int *ret_status)
{
	char digits[4] = "";
	int64_t status;

	*at += strspn(*at, " ");
	size_t n = strspn(*at, "0123456789");

	if (n != 3)
		return false;
	memcpy(digits, *at, n);
	*at += n;
	*at += strspn(*at, " ");
	if (!text_parse_int(digits, 100, 599, &status))
		return false;
	*ret_status = (int)status;
	return true;
}

/* `200-299, 409` */
static bool read_ranges(
	const char *text, struct http_status_range *ranges, size_t *ret_n)
{
	for (*ret_n = 0; *ret_n < MOST_RANGES; text++) {
		struct http_status_range *range = &ranges[(*ret_n)++];

		if (!take_status(&text, &range->low))
			return false;
		range->high = range->low;
		if (*text == '-' && (text++, !take_status(&text, &range->high)))
			return false;
		if (range->high < range->low)
			return false;
		if (*text != ',')
			break;
	}
	return *text == '\0';
}

static void read_condition(struct route_reading *o, const struct node *map,
	const struct http_condition_keys *keys, struct http_condition *c)
{
	struct arena *arena = o->r->arena;
	struct http_status_range *ranges =
		arena_alloc(arena, MOST_RANGES * sizeof(*ranges));
	const char *wrong =
		keys->at ? http_verdict_judge_place(
				   (enum http_body_kind)o->keys->answer, keys->at)
			 : NULL;

	if (keys->status && !read_ranges(keys->status, ranges, &c->statuses_n))
		complain(o->r, node_find(map, "status"),
			"must be statuses of HTTP, as \"200-299, 409\"");
	if (wrong)
		complain(o->r, node_find(map, "at"), "%s (`answer: %s`)", wrong,
			o->keys->answer == HTTP_BODY_JSON ? "json" : "xml");
	if (keys->equals_n && !keys->at)
		complain_missing(o->r, map, "at",
			"is missing: where in the answer `equals` is looked for");
	c->statuses = ranges;
	c->at = keys->at;
	c->equals = keys->equals;
	c->equals_n = keys->equals_n;
}

/* The condition @name of @map: a route's or the adapter's. */
static void read_named(struct route_reading *o, const struct node *map,
	const char *name, const struct http_condition_keys *keys,
	struct http_condition *c)
{
	const struct node *at = node_find(map, name);

	if (!at || at->kind != NODE_MAP)
		return;
	*c = (struct http_condition){0};
	read_condition(o, at, keys, c);
}

/* What all routes share. */
static void read_shared(struct route_reading *o)
{
	const struct http_routes_keys *keys = o->keys;
	struct http_verdict_rules *rules = &o->shared;

	rules->body = (enum http_body_kind)keys->answer;
	read_named(o, o->map, "success", &keys->success, &rules->success);
	read_named(o, o->map, "already", &keys->already, &rules->already);
	read_named(o, o->map, "later", &keys->later, &rules->later);
}

static void read_rules(struct route_reading *o, const struct node *route,
	const struct route_keys *keys, struct http_verdict_rules *rules)
{
	static const struct http_status_range good[] = {{200, 299}};
	const char *wrong = keys->known_as ? http_verdict_judge_place(
						     o->shared.body, keys->known_as)
					   : NULL;

	*rules = o->shared;
	rules->known_as = keys->known_as;
	read_named(o, route, "success", &keys->success, &rules->success);
	read_named(o, route, "already", &keys->already, &rules->already);
	read_named(o, route, "later", &keys->later, &rules->later);
	if (!rules->success.statuses_n) {
		rules->success.statuses = good;
		rules->success.statuses_n = 1;
	}
	if (wrong)
		complain(o->r, node_find(route, "known_as"), "%s (`answer: %s`)", wrong,
			o->keys->answer == HTTP_BODY_JSON ? "json" : "xml");
	o->tells |= keys->known_as != NULL;
}

/* --- headers -------------------------------------------------------------------------
 */

static const char *judge_header(const char *name)
{
	static const char *const ours[] = {"Host", "Content-Length",
		"Transfer-Encoding", "Connection", "Expect", "TE", "Upgrade"};

	for (const char *at = name; *at; at++)
		if (!isalnum((unsigned char)*at) && !strchr("!#$%&'*+-.^_`|~", *at))
			return "a header's name is letters, digits and `-`";
	if (!strcasecmp(name, "Authorization"))
		return "who we are stands under `auth`, never in a header here";
	for (size_t i = 0; i < sizeof(ours) / sizeof(*ours); i++)
		if (!strcasecmp(name, ours[i]))
			return "this header is written by the gateway itself";
	return *name ? NULL : "a header has a name";
}

static void read_headers(struct template_reading *t, const struct node *map,
	struct http_sink_route *route)
{
	if (!map || map->kind == NODE_BROKEN)
		return;
	if (map->kind != NODE_MAP) {
		complain(t->r, map, "must be names with values, not %s",
			value_name(map));
		return;
	}
	struct http_sink_header *rows =
		arena_alloc(t->r->arena, (map->n + 1) * sizeof(*rows));

	for (const struct node *at = map->first; at; at = at->next) {
		const char *wrong = judge_header(at->key);
		struct http_sink_header row = {
			at->key, template_read(t, at, TEMPLATE_HEADER)};

		if (wrong)
			complain_key(t->r, at, "%s", wrong);
		else if (row.value)
			rows[route->headers_n++] = row;
	}
	route->headers = rows;
}

/* --- names ---------------------------------------------------------------------------
 */

static void tell_names(
	struct reading *r, const struct node *at, const struct event_shapes *shapes)
{
	cleanup_buf struct buf names = {.max = 600};
	const char *name;

	for (size_t i = 0; (name = event_shapes_name(shapes, i)); i++)
		buf_printf(&names, "%s%s", i ? ", " : "", name);
	complain_key(r, at,
		"no event is called so; there are: %s, and patterns of them, "
		"as task.#",
		buf_text(&names));
}

/* The patterns that the key @at lists: `task.completed, task.reported`. */
static void split_patterns(
	struct reading *r, const struct node *at, struct http_sink_route *route)
{
	const char **patterns =
		arena_alloc(r->arena, (strlen(at->key) + 1) * sizeof(*patterns));

	for (const char *from = at->key; *from;) {
		size_t n = strcspn(from, ", ");

		if (n)
			patterns[route->patterns_n++] = arena_dup_n(r->arena, from, n);
		from += n + (from[n] != '\0');
	}
	route->patterns = patterns;
}

/* Which events of @pattern come to the route @at, that no earlier one has. */
static size_t claim_names(struct route_reading *o, const struct node *at,
	const char *pattern, const char **names)
{
	const struct node *earlier = NULL;
	const char *name;
	size_t n = 0;

	for (size_t i = 0; i < MOST_NAMES && (name = event_shapes_name(o->shapes, i));
		i++) {
		if (!topic_match(pattern, name))
			continue;
		if (o->taken[i])
			earlier = o->taken[i];
		else
			names[n++] = name;
		o->taken[i] = o->taken[i] ? o->taken[i] : at;
	}
	if (!n && earlier)
		complain_key(o->r, at,
			"no event comes here: those of that name go to line %d, which "
			"comes first",
			earlier->key_line);
	else if (!n)
		tell_names(o->r, at, o->shapes);
	return n;
}

void http_routes_judge_patterns(struct reading *r, const struct node *list)
{
	struct event_shapes *shapes = event_shapes_open();

	for (const struct node *at = list ? list->first : NULL; at; at = at->next) {
		bool some = false;
		const char *name;

		for (size_t i = 0;
			at->kind == NODE_TEXT && (name = event_shapes_name(shapes, i));
			i++)
			some |= topic_match(at->text, name);
		if (!some && at->kind == NODE_TEXT)
			complain(r, at,
				"no event is called so; write one as task.assigned, or "
				"a pattern as task.#");
	}
	event_shapes_close(shapes);
}

/* --- routes --------------------------------------------------------------------------
 */

static void read_body(struct template_reading *t, const struct node *map,
	const struct route_keys *keys, struct http_sink_route *route)
{
	const struct node *json = node_find(map, "json"), *xml = node_find(map, "xml");

	if (json && json->kind == NODE_MAP)
		route->json = template_read_json(t, json);
	else if (json && json->kind != NODE_BROKEN)
		complain(t->r, json, "must be the body's members, not %s",
			value_name(json));
	if (keys->xml)
		route->xml = template_read(t, xml, TEMPLATE_XML);
	if (xml && json)
		complain_key(t->r, xml, "give either json or xml, not both");
}

static void read_route(
	struct route_reading *o, const struct node *map, struct http_sink_route *route)
{
	const char *names[MOST_NAMES];
	struct route_keys keys = {0};
	struct template_reading t = {
		.r = o->r, .tables = &o->tables, .shapes = o->shapes, .names = names};

	split_patterns(o->r, map, route);
	for (size_t i = 0; i < route->patterns_n; i++)
		t.names_n += claim_names(o, map, route->patterns[i], names + t.names_n);
	schema_read(o->r, &http_route_table, map, &keys);
	if (map->kind != NODE_MAP)
		return;
	route->method = methods[keys.method];
	if (keys.path)
		route->path = template_read(&t, node_find(map, "path"), TEMPLATE_URL);
	read_headers(&t, node_find(map, "headers"), route);
	read_body(&t, map, &keys, route);
	read_rules(o, map, &keys, &route->rules);
	if (t.asks && !o->asks)
		o->asks = t.asks;
}

static void read_all(struct route_reading *o, const struct node *events,
	struct http_sink_options *sink)
{
	struct http_sink_route *rows =
		arena_alloc(o->r->arena, (events->n + 1) * sizeof(*rows));

	for (const struct node *at = events->first; at; at = at->next)
		read_route(o, at, &rows[sink->routes_n++]);
	sink->routes = rows;
	if (o->asks && !o->tells)
		complain(o->r, o->asks,
			"asks for {known_as}, and no route has `known_as`, which says "
			"where an answer holds it");
}

void http_routes_read(struct reading *r, const struct node *map,
	const struct http_routes_keys *keys, struct http_sink_options *sink)
{
	const struct node *events = node_find(map, "events");
	struct route_reading o = {.r = r, .map = map, .keys = keys};

	if (!events || events->kind == NODE_BROKEN)
		return;
	if (events->kind != NODE_MAP) {
		complain(r, events,
			"must be names of events, each with its keys, not %s",
			value_name(events));
		return;
	}
	o.tables = template_read_tables(r, node_find(map, "tables"));
	o.shapes = event_shapes_open();
	read_shared(&o);
	read_all(&o, events, sink);
	event_shapes_close(o.shapes);
}
