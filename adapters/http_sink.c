#include "adapters/http_sink.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "gateway/base/mem.h"
#include "queue/topic.h"

enum { OWN_HEADERS = 4 };

struct http_sink {
	const struct http_sink_options *options;
	struct http_flight *flight;
};

/* One event's request while it is written. */
struct letter {
	struct arena arena;
	struct buf url, body;
	struct http_header *headers;
	size_t headers_n;
};

static void letter_deinit(struct letter *l)
{
	buf_deinit(&l->url);
	buf_deinit(&l->body);
	arena_deinit(&l->arena);
}

static void judge(
	const void *what, const struct http_response *response, struct sink_news *news)
{
	const struct http_sink_route *route = what;

	http_verdict(&route->rules, response, news);
}

static int out_open(const void *options, void **ret_sink, struct err *e)
{
	const struct http_sink_options *o = options;
	cleanup_free struct http_sink *s = mem_alloc(sizeof(*s));

	s->options = o;
	if (http_flight_open(&o->flight, judge, &s->flight, e) < 0)
		return -1;
	*ret_sink = STEAL(s);
	return 0;
}

static void out_close(void *sink)
{
	struct http_sink *s = sink;

	if (!s)
		return;
	http_flight_close(s->flight);
	free(s);
}

static const struct http_sink_route *find_route(
	const struct http_sink_options *o, const char *name)
{
	for (size_t i = 0; i < o->routes_n; i++)
		for (size_t k = 0; k < o->routes[i].patterns_n; k++)
			if (topic_match(o->routes[i].patterns[k], name))
				return &o->routes[i];
	return NULL;
}

/* A header of the route's own comes before the one it replaces. */
static void add_header(struct letter *l, const char *name, const char *value)
{
	for (size_t i = 0; i < l->headers_n; i++)
		if (!strcasecmp(l->headers[i].name, name))
			return;
	if (value)
		l->headers[l->headers_n++] = (struct http_header){name, value};
}

static int write_headers(struct letter *l, const struct http_sink_route *route,
	const struct template_values *values, struct err *e)
{
	l->headers = arena_alloc(
		&l->arena, (route->headers_n + OWN_HEADERS) * sizeof(*l->headers));
	for (size_t i = 0; i < route->headers_n; i++) {
		cleanup_buf struct buf value = {0};

		if (template_render(route->headers[i].value, values, &value, e) < 0)
			return -1;
		l->headers[l->headers_n++] = (struct http_header){
			route->headers[i].name, arena_dup(&l->arena, buf_text(&value))};
	}
	return 0;
}

static int write_body(struct letter *l, const struct http_sink_route *route,
	const struct template_values *values, struct err *e)
{
	if (route->json)
		return template_render_json(route->json, values, &l->body, e);
	if (route->xml)
		return template_render(route->xml, values, &l->body, e);
	return 0;
}

static int write_letter(struct letter *l, const struct http_sink *s,
	const struct http_sink_route *route, const struct sink_event *event,
	struct err *e)
{
	struct template_values *values;
	const char *type = route->json  ? "application/json"
			   : route->xml ? "application/xml"
					: NULL;

	if (template_values_open(
		    event->body, event->name, event->known_as, &values, e) < 0)
		return -1;
	buf_add_text(&l->url, s->options->url);
	int result = template_render(route->path, values, &l->url, e);

	if (!result)
		result = write_headers(l, route, values, e);
	if (!result)
		result = write_body(l, route, values, e);
	template_values_close(values);
	if (result < 0)
		return -1;
	add_header(l, "Content-Type", type);
	add_header(l, "Accept",
		route->rules.body == HTTP_BODY_JSON ? "application/json"
						    : "application/xml, text/xml");
	add_header(l, s->options->id_header, event->id);
	add_header(l, "traceparent", event->traceparent);
	return 0;
}

static int out_send(
	void *sink, const struct sink_event *event, uint64_t *ret_number, struct err *e)
{
	struct http_sink *s = sink;
	const struct http_sink_route *route = find_route(s->options, event->name);
	struct sink_news known = {.verdict = SINK_DELIVERED};
	struct letter letter = {0};
	struct err wrong = {0};

	(void)e;
	if (route && write_letter(&letter, s, route, event, &wrong) < 0) {
		known.verdict = SINK_REJECTED;
		snprintf(known.reason, sizeof(known.reason), "%.*s", SINK_REASON - 1,
			wrong.text);
		route = NULL;
	}
	if (!route)
		*ret_number = http_flight_tell(s->flight, &known);
	else
		*ret_number = http_flight_send(s->flight,
			&(struct http_request){
				.method = route->method,
				.url = buf_text(&letter.url),
				.headers = letter.headers,
				.headers_n = letter.headers_n,
				.body = {letter.body.data, letter.body.n},
			},
			route);
	letter_deinit(&letter);
	return 0;
}

static int out_collect(
	void *sink, int timeout_ms, struct sink_report *ret_report, struct err *e)
{
	struct http_sink *s = sink;

	return http_flight_collect(s->flight, timeout_ms, ret_report, e);
}

static const char *out_peer(const void *options)
{
	return ((const struct http_sink_options *)options)->origin;
}

static int out_probe(const void *options, char ret_note[PROBE_NOTE], struct err *e)
{
	const struct http_sink_options *o = options;

	return http_flight_probe(&o->flight, o->origin, ret_note, e);
}

const struct sink_ops http_sink_ops = {
	.type = "http",
	.peer = out_peer,
	.probe = out_probe,
	.window = HTTP_FLIGHT_WINDOW,
	.open = out_open,
	.close = out_close,
	.send = out_send,
	.collect = out_collect,
};
