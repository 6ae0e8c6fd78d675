/*
 * How much the memory of a running gateway grows by one document with 20 MB attached:
 * taken from a file, and over AMQP. It first takes a small one; its peak before and
 * after the large one is the kernel's (VmHWM).
 */
#include <malloc.h>
#include <signal.h>
#include <stdio.h>

#include "adapters/amqp_source.h"
#include "adapters/spool_source.h"
#include "gateway/base/mem.h"
#include "gateway/cli/bench.h"
#include "gateway/cli/bench_documents.h"
#include "gateway/cli/bench_flow.h"

enum { ATTACHED = 20 * 1000 * 1000, FILE_MB = 8, MESSAGE_MB = 28, WAIT_MS = 60000 };

struct growing {
	struct bench_flow flow;
	/* Put document @i where the source takes it. */
	int (*put)(const struct growing *g, int64_t i, const struct buf *bytes,
		struct err *e);
	const char *place;
	const char *events; /* the queue of events */
};

/* The peak of @process's memory. */
static int read_peak(pid_t process, int64_t *ret_kb, struct err *e)
{
	char path[64], line[256];
	long long kb = 0;

	snprintf(path, sizeof(path), "/proc/%ld/status", (long)process);
	FILE *status = fopen(path, "re");

	while (status && fgets(line, sizeof(line), status))
		if (sscanf(line, "VmHWM: %lld kB", &kb) == 1)
			break;
	if (status)
		fclose(status);
	*ret_kb = kb;
	return kb ? 0 : err_set(e, ERR_UNAVAILABLE, "%s says no VmHWM", path);
}

/* From now on it counts anew. */
static int reset_peak(pid_t process, struct err *e)
{
	cleanup_buf struct buf five = {0};
	char path[64];

	buf_add_char(&five, '5');
	snprintf(path, sizeof(path), "/proc/%ld/clear_refs", (long)process);
	return bench_write_file(path, &five, e);
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

/* Put it, and wait until its event was published. */
static int pass_one(const struct growing *g, struct queue *events, int64_t i,
	size_t attached, struct err *e)
{
	cleanup_buf struct buf bytes = {0};
	struct queue_delivery d;

	if (attached)
		bench_document_large(&bytes, i, attached);
	else
		bench_document(&bytes, BENCH_LETTER, i);
	if (g->put(g, i, &bytes, e))
		return -1;
	if (queue_next(events, WAIT_MS, &d, e) != QUEUE_NEXT_OK)
		return err_set(e, ERR_BUG, "the event of document %lld is missing",
			(long long)i);
	return queue_ack(events, d.tag, e);
}

static int grow(const struct growing *g, pid_t child, int64_t *ret_kb, struct err *e)
{
	struct queue *events = NULL;
	int64_t before, after;
	int result = -1;

	if (queue_open(&g->flow.out, &events, e) == 0 &&
		queue_consume(events, g->events, 10, e) == 0 &&
		pass_one(g, events, 0, 0, e) == 0 && reset_peak(child, e) == 0 &&
		read_peak(child, &before, e) == 0 &&
		pass_one(g, events, 1, ATTACHED, e) == 0 &&
		read_peak(child, &after, e) == 0)
		result = 0;
	queue_close(events);
	if (result == 0)
		*ret_kb = after - before;
	return result;
}

static int measure(struct bench *b, const struct growing *g, const char *work,
	double most, struct err *e)
{
	int64_t kb = 0;
	pid_t child;

	malloc_trim(0); /* the child begins with what we have */
	if (bench_flow_declare(&g->flow.out, g->events, e) ||
		bench_flow_start(b, &g->flow, &child, e))
		return -1;
	int result = grow(g, child, &kb, e);

	if (bench_child_end(child, SIGTERM, result ? NULL : e) || result)
		return -1;
	bench_report(b, &(struct bench_row){.stage = "memory",
				.work = work,
				.ours = (double)kb / 1024,
				.unit = "MB",
				.target = most,
				.target_is = BENCH_OURS_AT_MOST});
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
					&b->arena, "%s/memory/queue.db", b->folder)}},
		.put = put_file,
		.place = spool.path,
		.events = BENCH_OUT,
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
			.out = source.queue},
		.put = put_message,
		.place = source.name,
		.events = arena_printf(&b->arena, "%s.memory.out", exchange),
	};

	return folder ? measure(b, &g, "20 MB attached, over AMQP", MESSAGE_MB, e) : -1;
}

int bench_memory(struct bench *b, struct err *e)
{
	if (from_file(b, e))
		return -1;
	return b->amqp_url ? over_amqp(b, e) : 0;
}
