#include "gateway/web/monitor.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gateway/base/day.h"
#include "gateway/base/mem.h"
#include "gateway/web/exchange.h"
#include "gateway/web/metrics.h"
#include "gateway/web/ready.h"
#include "gateway/web/worker.h"

enum {
	ANSWER_MS = 5000,       /* until it counts as hanging */
	DISK_EVERY_MS = 2000,   /* how long a look at the disk is good for */
	DISK_BYTES = 64 * 1024, /* what must find room */
};

struct monitor {
	struct web *web;
	struct worker worker;
	struct ledger_view *view; /* NULL: not open */
	int64_t looked_at;        /* ticks of the last look at the disk; 0: none */
	bool disk_works;
	struct err disk_fault;
};

/* ---- Is it ready? */

/* A commit needs room and a disk that answers: try both, beside the ledger. */
static int try_disk(const char *folder, struct err *e)
{
	static const char bytes[DISK_BYTES];
	cleanup_buf struct buf path = {0};

	buf_printf(&path, "%s/.readyz", folder);
	int fd = open(buf_text(&path), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd < 0)
		return err_errno(e, "the data folder");
	ssize_t n = write(fd, bytes, sizeof(bytes));

	/* That there was room for a part only is no fault of write(): errno is old. */
	if (n >= 0 && n < (ssize_t)sizeof(bytes))
		errno = ENOSPC;
	bool written = n == (ssize_t)sizeof(bytes) && fdatasync(fd) == 0;
	int result = written ? 0 : err_errno(e, "the data folder");

	close(fd);
	unlink(buf_text(&path));
	return result;
}

static void look_at_disk(struct monitor *m)
{
	int64_t now = clock_ticks();

	if (m->looked_at && now - m->looked_at < DISK_EVERY_MS * INT64_C(1000000))
		return;
	m->disk_fault = (struct err){0};
	m->disk_works = try_disk(m->web->options.ledger->folder, &m->disk_fault) == 0;
	m->looked_at = now;
}

/* One line of the list of checks; @why NULL: it holds. */
static void put_check(struct json *j, const char *name, const char *why)
{
	json_open(j, '{');
	json_put_text(j, "name", name);
	json_key(j, "ok");
	json_bool(j, !why);
	json_put_text(j, "reason", why);
	json_close(j, '}');
}

static void put_adapter(struct json *j, const char *name, bool good, const char *state)
{
	json_open(j, '{');
	json_put_text(j, "name", name);
	json_key(j, "ok");
	json_bool(j, good);
	json_put_text(j, "state", state);
	json_close(j, '}');
}

static void put_source(struct json *j, const struct meter_source *source)
{
	bool open = atomic_load(&source->works);

	put_adapter(j, source->name, open, open ? "open" : "unavailable");
}

static void put_sink(struct json *j, const struct meter_sink *sink)
{
	put_adapter(j, sink->name, ready_sink_works(sink),
		ledger_sink_words[atomic_load(&sink->state)]);
}

static void put_adapters(struct json *j, const struct meter *meter)
{
	json_key(j, "sources");
	json_open(j, '[');
	for (size_t i = 0; i < meter->sources_n; i++)
		put_source(j, &meter->sources[i]);
	json_close(j, ']');
	json_key(j, "sinks");
	json_open(j, '[');
	for (size_t i = 0; i < meter->sinks_n; i++)
		put_sink(j, &meter->sinks[i]);
	json_close(j, ']');
}

static void answer_ready(struct monitor *m, struct exchange *x)
{
	const struct meter *meter = m->web->options.meter;
	struct json j;

	look_at_disk(m);
	const char *disk = m->disk_works ? NULL : m->disk_fault.text;
	struct ready why =
		ready_judge(meter, atomic_load(&m->web->stopping), disk, clock_ticks());

	reply_json(&x->reply, ready_is(&why) ? 200 : 503, &j);
	json_open(&j, '{');
	json_put_text(&j, "status", ready_is(&why) ? "ready" : "not-ready");
	json_key(&j, "checks");
	json_open(&j, '[');
	put_check(&j, "running", why.running);
	put_check(&j, "take", why.take);
	put_check(&j, "commit", why.commit);
	put_check(&j, "tell", why.tell);
	json_close(&j, ']');
	put_adapters(&j, meter);
	json_close(&j, '}');
}

/* ---- The numbers. */

static void answer_metrics(struct monitor *m, struct exchange *x)
{
	x->reply.status = 200;
	x->reply.content_type = "text/plain; version=0.0.4; charset=utf-8";
	metrics_write(&x->reply.body, m->web, m->view);
}

/* ---- The thread. */

static void open_view(struct monitor *m)
{
	if (!m->view && ledger_view_open(m->web->options.ledger, &m->view, NULL) < 0)
		m->view = NULL;
}

static void answer(struct monitor *m, struct exchange *x)
{
	struct exchange work = {.web = x->web};

	/* Into a reply of its own: meanwhile the clock may have answered. */
	if (!strcmp(web_routes[x->route].path, "/metrics"))
		answer_metrics(m, &work);
	else
		answer_ready(m, &work);
	if (exchange_claim(x)) {
		x->reply = work.reply;
		exchange_resume(x);
	} else {
		reply_deinit(&work.reply);
	}
	exchange_release(x);
}

static void *run(void *context)
{
	struct monitor *m = context;

	while (!worker_is_ending(&m->worker)) {
		struct exchange *x = worker_take(&m->worker);

		if (!x) {
			bell_wait(&m->worker.bell, -1, -1);
			continue;
		}
		open_view(m);
		answer(m, x);
	}
	return NULL;
}

struct monitor *monitor_new(struct web *w, struct err *e)
{
	struct monitor *m = mem_alloc(sizeof(*m));

	m->web = w;
	if (worker_start(&m->worker, "http-monitor", run, m, e) == 0)
		return m;
	monitor_free(m);
	return NULL;
}

bool monitor_stop(struct monitor *m)
{
	return !m || worker_stop(&m->worker);
}

void monitor_free(struct monitor *m)
{
	if (!m)
		return;
	worker_deinit(&m->worker);
	ledger_view_close(m->view);
	free(m);
}

/* ---- The routes. */

/* That the process answers is the whole answer. */
void live_act(struct exchange *x)
{
	struct json j;

	reply_json(&x->reply, 200, &j);
	json_open(&j, '{');
	json_put_text(&j, "status", "alive");
	json_close(&j, '}');
}

/* Without a token of its own only this machine may look; with one, who has it. */
void monitor_begin(struct exchange *x)
{
	const struct tokens *tokens = &x->web->options.http->monitor;

	if (tokens->n ? tokens_have(tokens, exchange_token(x)) : x->from_here)
		return;
	exchange_unauthorized(x);
}

void monitor_act(struct exchange *x)
{
	if (exchange_wait(x, ANSWER_MS, false))
		worker_put(&x->web->monitor->worker, x);
}
