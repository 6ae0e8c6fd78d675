/*
 * How much the memory of a running gateway grows by one document with 20 MB attached:
 * taken from a file, and over AMQP. A fresh process takes a small document, then the
 * large one; its peak before and after is the kernel's (VmHWM).
 */
#include <fcntl.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "adapters/amqp_source.h"
#include "adapters/spool_source.h"
#include "gateway/base/mem.h"
#include "gateway/cli/bench.h"
#include "gateway/cli/bench_documents.h"
#include "gateway/cli/bench_flow.h"

enum { ATTACHED = 20 * 1000 * 1000, FILE_MB = 8, MESSAGE_MB = 28 };

struct growing {
	const struct bench *bench;
	struct bench_flow flow;
	/* Put document @i where the source takes it. */
	int (*put)(const struct growing *g, int64_t i, const struct buf *bytes,
		struct err *e);
	const char *place;
	const char *result; /* a file for the figure */
};

/* The peak of this process's memory, in kB; 0 when the kernel does not say. */
static int64_t peak_kb(void)
{
	FILE *status = fopen("/proc/self/status", "re");
	char line[256];
	long long kb = 0;

	while (status && fgets(line, sizeof(line), status))
		if (sscanf(line, "VmHWM: %lld kB", &kb) == 1)
			break;
	if (status)
		fclose(status);
	return kb;
}

static void reset_peak(void)
{
	int fd = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC);

	malloc_trim(0);
	if (fd >= 0) {
		if (write(fd, "5", 1) != 1)
			fputs("congvan: bench: the peak cannot be reset\n", stderr);
		close(fd);
	}
}

static int put_file(
	const struct growing *g, int64_t i, const struct buf *bytes, struct err *e)
{
	cleanup_buf struct buf path = {0};

	buf_printf(&path, "%s/%lld.edxml", g->place, (long long)i);
	return bench_write_file(buf_text(&path), bytes, e);
}

static int put_message(
	const struct growing *g, int64_t i, const struct buf *bytes, struct err *e)
{
	struct queue *q;
	uint64_t number, upto = 0;
	char id[32];

	snprintf(id, sizeof(id), "bench-%lld", (long long)i);
	struct queue_message m = {
		.id = id, .key = g->place, .body = {buf_text(bytes), bytes->n}};

	if (queue_open(&g->flow.out, &q, e))
		return -1;
	int result = queue_declare(q, g->place, e) ||
		     queue_publish_to(q, g->place, &m, &number, e);

	while (!result && upto < number)
		result = queue_confirm(q, 60000, &upto, e) != QUEUE_CONFIRM_OK;
	queue_close(q);
	return result ? -1 : 0;
}

/* In the child. */
static int grow(void *context, struct err *e)
{
	const struct growing *g = context;
	cleanup_buf struct buf bytes = {0};

	bench_document(&bytes, BENCH_LETTER, 0);
	if (g->put(g, 0, &bytes, e) || bench_flow_run(g->bench, &g->flow, e))
		return -1;
	buf_deinit(&bytes);
	bench_document_large(&bytes, 1, ATTACHED);
	if (g->put(g, 1, &bytes, e))
		return -1;
	buf_deinit(&bytes);
	reset_peak();
	int64_t before = peak_kb();

	if (bench_flow_run(g->bench, &g->flow, e))
		return -1;
	buf_printf(&bytes, "%lld", (long long)(peak_kb() - before));
	return bench_write_file(g->result, &bytes, e);
}

static int measure(struct bench *b, struct growing *g, const char *work, double most,
	struct err *e)
{
	long long kb = 0;
	pid_t child;

	g->bench = b;
	if (bench_child(grow, g, &child, e) || bench_child_end(child, 0, e))
		return -1;
	FILE *file = fopen(g->result, "re");
	bool known = file && fscanf(file, "%lld", &kb) == 1;

	if (file)
		fclose(file);
	if (!known)
		return err_set(e, ERR_BUG, "no figure came back");
	bench_report(b, &(struct bench_row){.stage = "memory",
				.work = work,
				.ours = (double)kb / 1024,
				.unit = "MB",
				.target = most,
				.at_most = true});
	return 0;
}

static int from_file(struct bench *b, struct err *e)
{
	const char *folder = bench_folder(b, "memory", e);
	struct spool_source_options spool = {
		.path = folder ? bench_folder(b, "memory/in", e) : NULL};
	struct growing g = {
		.flow = {.folder = folder,
			.ops = &spool_source_ops,
			.source = &spool,
			.out = {.type = QUEUE_EMBEDDED,
				.path = arena_printf(
					&b->arena, "%s/memory/queue.db", b->folder)},
			.once = true},
		.put = put_file,
		.place = spool.path,
		.result = arena_printf(&b->arena, "%s/result", b->folder),
	};

	return spool.path ? measure(b, &g, "20 MB attached, from a file", FILE_MB, e)
			  : -1;
}

static int over_amqp(struct bench *b, struct err *e)
{
	const char *folder = bench_folder(b, "memory-amqp", e);
	const char *exchange = bench_exchange(b);
	struct amqp_source_options source = {
		.queue = {.type = QUEUE_AMQP,
			.url = b->amqp_url,
			.password = b->amqp_password,
			.exchange = exchange},
		.name = arena_printf(&b->arena, "%s.memory", exchange),
		.prefetch = 200,
	};
	struct growing g = {
		.flow = {.folder = folder,
			.ops = &amqp_source_ops,
			.source = &source,
			.out = source.queue,
			.once = true},
		.put = put_message,
		.place = source.name,
		.result = arena_printf(&b->arena, "%s/result", b->folder),
	};

	return folder ? measure(b, &g, "20 MB attached, over AMQP", MESSAGE_MB, e) : -1;
}

int bench_memory(struct bench *b, struct err *e)
{
	if (from_file(b, e))
		return -1;
	return b->amqp_url ? over_amqp(b, e) : 0;
}
