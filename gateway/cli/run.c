/* `run`: the gateway itself. All of it is gateway/flow; here it is told what to do, and
 * on SIGHUP what to do next: the whole new configuration, or none of it. */
#include <assert.h>
#include <stdlib.h>

#include "gateway/base/log.h"
#include "gateway/base/mem.h"
#include "gateway/cli/commands.h"
#include "gateway/cli/output.h"
#include "gateway/cli/setup.h"
#include "gateway/web/web.h"

/* A configuration and what was made of it for the flow. */
struct course {
	struct config *config;
	struct arena arena;
	struct flow_options flow;
	struct meter *meter;
	struct web *web; /* NULL: there is no `http:` */
	struct flow_companion companion;
};

struct runner {
	struct cli cli;
	struct course *now, *next; /* next: read on SIGHUP, goes on after this one */
	bool was_ready;            /* the flow of `now` came to work */
};

static void course_free(struct course *p)
{
	if (!p)
		return;
	web_free(p->web);
	meter_free(p->meter);
	config_free(p->config);
	arena_deinit(&p->arena);
	free(p);
}
MEM_CLEANUP(course, struct course, course_free)

/* --now stops the clock: a day's work can be played again as of that day. */
static msec_t fixed_now(void *context)
{
	const struct cli *cli = context;

	return cli->now;
}

/* What is counted, and who shows it and takes documents over HTTP. */
static void course_watch(struct course *p)
{
	struct flow_options *flow = &p->flow;

	p->meter = flow->meter = meter_new(flow->sources_n, flow->sinks_n);
	for (size_t i = 0; i < flow->sources_n; i++)
		p->meter->sources[i].name = flow->sources[i].name;
	for (size_t i = 0; i < flow->sinks_n; i++)
		p->meter->sinks[i].name = flow->sinks[i].name;
	if (!p->config->http)
		return;
	p->web = web_new(&(struct web_options){
		.http = p->config->http,
		.adapters = p->config->adapters,
		.adapters_n = p->config->adapters_n,
		.queue = &p->config->queue,
		.meter = p->meter,
		.ledger = &flow->ledger,
		.version = CONGVAN_VERSION,
	});
	p->companion = web_companion(p->web);
	flow->companion = &p->companion;
}

/* 0 and a course, or the exit code with nothing left to say. */
static int course_make(struct runner *r, struct course **ret_course)
{
	cleanup(course) struct course *p = mem_alloc(sizeof(*p));
	struct err e;
	int code = setup_config(&r->cli, true, &p->config);

	if (code)
		return code;
	if (setup_flow(p->config, &p->arena, &p->flow, &e))
		return out_complain_err(&r->cli, &e);
	p->flow.once = cli_value(&r->cli, "--once");
	course_watch(p);
	if (r->cli.now_given) {
		p->flow.now = fixed_now;
		p->flow.now_context = &r->cli;
	}
	*ret_course = STEAL(p);
	return 0;
}

/* SIGHUP. What is wrong was said on stderr, line by line, as `check` does. */
static bool reload(void *context)
{
	struct runner *r = context;

	course_free(r->next);
	r->next = NULL;
	if (!course_make(r, &r->next))
		return true;
	log_event(LOG_LEVEL_ERROR, "reload-refused", "file", setup_config_file(&r->cli),
		NULL);
	return false;
}

static void ready(void *context)
{
	struct runner *r = context;

	/* The old configuration can be gone back to no more, and need not. */
	course_free(r->next);
	r->next = NULL;
	r->was_ready = true;
}

static enum flow_end run_once_through(struct runner *r, struct err *e)
{
	assert(r->now);
	r->was_ready = false;
	if (!r->now->flow.once)
		r->now->flow.reload = reload;
	r->now->flow.ready = ready;
	r->now->flow.context = r;
	return flow_run(&r->now->flow, e);
}

static void change_courses(struct runner *r)
{
	struct course *old = r->now;

	assert(r->next);
	r->now = r->next;
	r->next = old;
	if (old->web && r->now->web)
		web_hand_on(old->web, r->now->web);
}

/* A new configuration that cannot even be begun with gives way to the one before. */
static int run(struct runner *r)
{
	struct err e;

	for (;;) {
		switch (run_once_through(r, &e)) {
		case FLOW_ENDED:
			return 0;
		case FLOW_RELOADED:
			change_courses(r);
			continue;
		case FLOW_FAULT:
			break;
		}
		if (r->was_ready || !r->next)
			return out_complain_err(&r->cli, &e);
		log_event(LOG_LEVEL_ERROR, "reload-failed", "reason", e.text, NULL);
		change_courses(r);
		course_free(r->next);
		r->next = NULL;
	}
}

int command_run(const struct cli *cli)
{
	static struct runner r;

	r = (struct runner){.cli = *cli};
	int code = course_make(&r, &r.now);

	if (!code)
		code = run(&r);
	if (flow_left_threads())
		return code; /* they may still read it */
	course_free(r.next);
	course_free(r.now);
	return code;
}
