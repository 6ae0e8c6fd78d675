#include "adapters/http_flight.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/base/arena.h"
#include "gateway/base/mem.h"

/* One event's request; used again. */
struct flyer {
	uint64_t number;
	const void *what;
	struct arena arena; /* the request's texts */
	struct http_request request;
	struct http_header *headers; /* the request's, and room for one more */
	struct flyer *next;          /* in line, or idle */
};

struct news_list {
	struct sink_news *at;
	size_t n, cap;
};

struct http_flight {
	const struct http_flight_options *options;
	http_flight_judge *judge;
	struct http_client *client;
	struct http_auth *auth;
	uint64_t last; /* number given out */
	size_t out, most;
	struct flyer *line, **line_end; /* wait for room */
	struct flyer *idle;
	struct flyer **all;
	size_t all_n;
	struct news_list fresh, told; /* to be reported next; reported last */
};

MEM_CLEANUP(flight, struct http_flight, http_flight_close)

int http_flight_open(const struct http_flight_options *options,
	http_flight_judge *judge, struct http_flight **ret_flight, struct err *e)
{
	cleanup(flight) struct http_flight *f = mem_alloc(sizeof(*f));
	struct http_client_options client = options->client;

	client.max_body = HTTP_ANSWER_MAX;
	f->options = options;
	f->judge = judge;
	f->most =
		(size_t)(options->in_flight ? options->in_flight : HTTP_FLIGHT_DEFAULT);
	f->line_end = &f->line;
	if (http_client_open(&client, &f->client, e) < 0)
		return -1;
	f->auth = http_auth_new(&options->auth);
	*ret_flight = STEAL(f);
	return 0;
}

void http_flight_close(struct http_flight *f)
{
	if (!f)
		return;
	http_client_close(f->client);
	http_auth_free(f->auth);
	for (size_t i = 0; i < f->all_n; i++) {
		arena_deinit(&f->all[i]->arena);
		free(f->all[i]);
	}
	free(f->all);
	free(f->fresh.at);
	free(f->told.at);
	free(f);
}

/* --- news ---------------------------------------------------------------------------
 */

static struct sink_news *news_add(struct http_flight *f, uint64_t number)
{
	struct news_list *list = &f->fresh;

	if (list->n == list->cap) {
		list->cap = list->cap ? 2 * list->cap : 16;
		list->at = mem_resize(list->at, list->cap * sizeof(*list->at));
	}
	list->at[list->n] = (struct sink_news){.number = number};
	return &list->at[list->n++];
}

static void news_defer(struct http_flight *f, uint64_t number, const struct err *why)
{
	struct sink_news *news = news_add(f, number);

	news->verdict = SINK_DEFERRED;
	snprintf(
		news->reason, sizeof(news->reason), "%.*s", SINK_REASON - 1, why->text);
}

uint64_t http_flight_tell(struct http_flight *f, const struct sink_news *news)
{
	struct sink_news *added = news_add(f, ++f->last);

	*added = *news;
	added->number = f->last;
	return f->last;
}

/* --- the line -----------------------------------------------------------------------
 */

static struct flyer *flyer_get(struct http_flight *f)
{
	struct flyer *flyer = f->idle;

	if (flyer) {
		f->idle = flyer->next;
		return flyer;
	}
	flyer = mem_alloc(sizeof(*flyer));
	f->all = mem_resize(f->all, (f->all_n + 1) * sizeof(struct flyer *));
	f->all[f->all_n++] = flyer;
	return flyer;
}

static void flyer_put(struct http_flight *f, struct flyer *flyer)
{
	arena_reset(&flyer->arena);
	flyer->next = f->idle;
	f->idle = flyer;
}

static void copy_request(struct flyer *flyer, const struct http_request *request)
{
	struct arena *arena = &flyer->arena;
	size_t n = request->headers_n;

	flyer->headers = arena_alloc(arena, (n + 1) * sizeof(*flyer->headers));
	for (size_t i = 0; i < n; i++)
		flyer->headers[i] =
			(struct http_header){arena_dup(arena, request->headers[i].name),
				arena_dup(arena, request->headers[i].value)};
	flyer->request = (struct http_request){
		.method = arena_dup(arena, request->method),
		.url = arena_dup(arena, request->url),
		.headers = flyer->headers,
		.headers_n = n,
		.body = request->body,
	};
	if (request->body.at)
		flyer->request.body.at =
			arena_dup_n(arena, request->body.at, request->body.n);
}

static void line_append(struct http_flight *f, struct flyer *flyer)
{
	flyer->next = NULL;
	*f->line_end = flyer;
	f->line_end = &flyer->next;
}

static struct flyer *line_take(struct http_flight *f)
{
	struct flyer *flyer = f->line;

	f->line = flyer->next;
	if (!f->line)
		f->line_end = &f->line;
	return flyer;
}

/* Nobody in line can be sent now. */
static void defer_line(struct http_flight *f, const struct err *why)
{
	while (f->line) {
		struct flyer *flyer = line_take(f);

		news_defer(f, flyer->number, why);
		flyer_put(f, flyer);
	}
}

/* Send off who has room. */
static void start_line(struct http_flight *f)
{
	while (f->line && f->out < f->most) {
		struct http_header shown;
		struct err e = {0};

		if (http_auth_header(f->auth, f->client, &shown, &e) != HTTP_ANSWERED) {
			defer_line(f, &e);
			return;
		}
		struct flyer *flyer = line_take(f);
		struct http_request request = flyer->request;

		if (shown.name)
			flyer->headers[request.headers_n++] = shown;
		if (http_client_start(f->client, &request, (uintptr_t)flyer, &e) < 0) {
			news_defer(f, flyer->number, &e);
			flyer_put(f, flyer);
			continue;
		}
		f->out++;
	}
}

uint64_t http_flight_send(
	struct http_flight *f, const struct http_request *request, const void *what)
{
	struct flyer *flyer = flyer_get(f);

	flyer->number = ++f->last;
	flyer->what = what;
	copy_request(flyer, request);
	line_append(f, flyer);
	start_line(f);
	return flyer->number;
}

/* --- answers ------------------------------------------------------------------------
 */

static void land(struct http_flight *f, const struct http_done *done)
{
	struct flyer *flyer = (struct flyer *)(uintptr_t)done->tag;
	bool answered = done->outcome == HTTP_ANSWERED;

	f->out--;
	if (answered && done->response.status == 401 && http_auth_renew(f->auth)) {
		line_append(f, flyer);
		return;
	}
	if (answered && done->response.status != 401)
		http_auth_worked(f->auth);
	if (answered)
		f->judge(flyer->what, &done->response, news_add(f, flyer->number));
	else
		news_defer(f, flyer->number, &done->why);
	flyer_put(f, flyer);
}

int http_flight_collect(struct http_flight *f, int timeout_ms,
	struct sink_report *ret_report, struct err *e)
{
	struct http_done done;
	enum http_wait wait = HTTP_WAIT_DONE;

	while (wait == HTTP_WAIT_DONE) {
		start_line(f);
		wait = http_client_wait(
			f->client, f->fresh.n ? 0 : timeout_ms, &done, e);
		if (wait == HTTP_WAIT_FAULT)
			return -1;
		if (wait == HTTP_WAIT_DONE)
			land(f, &done);
	}
	struct news_list told = f->told;

	f->told = f->fresh;
	f->fresh = told;
	f->fresh.n = 0;
	*ret_report = (struct sink_report){.news = f->told.at, .news_n = f->told.n};
	return 0;
}

int http_flight_probe(const struct http_flight_options *options, const char *origin,
	char ret_note[PROBE_NOTE], struct err *e)
{
	struct http_client *client;
	struct http_response response;
	const struct http_request request = {.method = "HEAD", .url = origin};

	if (http_client_open(&options->client, &client, e) < 0)
		return -1;
	bool answered = http_client_do(client, &request, &response, e) == HTTP_ANSWERED;

	if (answered)
		snprintf(ret_note, PROBE_NOTE, "answers (HTTP %d)", response.status);
	http_client_close(client);
	return answered ? 0 : -1;
}
