#include "gateway/cli/bench_flow.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "adapters/queue_sink.h"
#include "gateway/cli/output.h"
#include "gateway/flow/flow.h"

int bench_flow_declare(const struct queue_options *out, const char *name, struct err *e)
{
	struct queue *queue;

	if (queue_open(out, &queue, e))
		return -1;
	int result = queue_declare(queue, name, e) || queue_bind(queue, name, "#", e);

	queue_close(queue);
	return result ? -1 : 0;
}

int bench_flow_run(const struct bench *b, const struct bench_flow *f, struct err *e)
{
	struct queue_sink_options sink = {.queue = f->out};
	struct flow_source source = {
		.name = "bench",
		.ops = f->ops,
		.options = f->source,
		.codec = {.format = CODEC_EDXML},
		.policy = &policy_default,
	};
	struct flow_sink out = {
		.name = "queue", .ops = &queue_sink_ops, .options = &sink};
	struct flow_options options = {
		.ledger = bench_ledger_options(b, f->folder),
		.sources = &source,
		.sources_n = 1,
		.sinks = &out,
		.sinks_n = 1,
		.meter = f->meter,
		.companion = f->companion,
		.once = f->once,
	};

	return flow_run(&options, e) == FLOW_FAULT ? -1 : 0;
}

int bench_child(int (*body)(void *context, struct err *e), void *context,
	pid_t *ret_child, struct err *e)
{
	struct err fault = {0};

	out_flush();
	pid_t child = fork();

	if (child < 0)
		return err_errno(e, "fork");
	if (child == 0) {
		int result = body(context, &fault);

		if (result)
			fprintf(stderr, "congvan: bench: %s\n", fault.text);
		_exit(result ? 1 : 0);
	}
	*ret_child = child;
	return 0;
}

int bench_child_end(pid_t child, int signal, struct err *e)
{
	int status;

	if (signal)
		kill(child, signal);
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return err_errno(e, "waitpid");
	return WIFEXITED(status) && WEXITSTATUS(status) == 0
		       ? 0
		       : err_set(e, ERR_UNAVAILABLE, "a process of the bench failed");
}

struct running {
	const struct bench *bench;
	const struct bench_flow *flow;
};

static int run(void *context, struct err *e)
{
	struct running *r = context;

	return bench_flow_run(r->bench, r->flow, e);
}

int bench_flow_start(
	struct bench *b, const struct bench_flow *f, pid_t *ret_child, struct err *e)
{
	struct running r = {b, f};

	return bench_child(run, &r, ret_child, e);
}
