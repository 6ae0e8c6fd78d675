/*
 * The far side of the gateway's queues, for tests: whoever publishes to it, and the
 * agencies that take from it.
 *
 *   queue_tool PLACE… publish QUEUE FILE…   each file a message, its name the id
 *   queue_tool PLACE… take QUEUE…           all that waits, a line of JSON each
 *   queue_tool PLACE… depth QUEUE…          how many wait, a line each
 *
 * PLACE is `embedded FILE` or `amqp URL PASSWORD`. A queue that is not there is made.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/base/arena.h"
#include "gateway/base/json.h"
#include "queue/queue.h"

enum { AT_ONCE = 60000, PATIENCE_MS = 30000 };

static int make(struct queue *q, const char *name, struct err *e)
{
	static const char end[] = ".dead";
	struct arena arena = {0};
	size_t n = strlen(name), m = sizeof(end) - 1;

	/* A dead-letter queue is made with the one it belongs to. */
	if (n > m && !strcmp(name + n - m, end))
		n -= m;
	int result = queue_declare(q, arena_dup_n(&arena, name, n), e);

	arena_deinit(&arena);
	return result;
}

static int publish_file(
	struct queue *q, const char *queue, const char *path, struct err *e)
{
	struct arena arena = {0};
	FILE *file = fopen(path, "rb");
	uint64_t number;

	if (!file)
		return err_errno(e, "%s", path);
	fseek(file, 0, SEEK_END);
	size_t n = (size_t)ftell(file);
	char *bytes = arena_alloc(&arena, n + 1);

	rewind(file);
	int result = fread(bytes, 1, n, file) == n ? 0 : err_errno(e, "%s", path);
	const char *slash = strrchr(path, '/');
	struct queue_message message = {
		.id = slash ? slash + 1 : path,
		.key = queue,
		.content_type = "application/xml",
		.body = {bytes, n},
	};

	fclose(file);
	if (result == 0)
		result = queue_publish_to(q, queue, &message, &number, e);
	arena_deinit(&arena);
	return result;
}

static int publish(struct queue *q, char **words, struct err *e)
{
	uint64_t sent = 0, safe = 0;

	if (make(q, words[0], e) < 0)
		return -1;
	for (char **file = words + 1; *file; file++, sent++)
		if (publish_file(q, words[0], *file, e) < 0)
			return -1;
	while (safe < sent)
		if (queue_confirm(q, PATIENCE_MS, &safe, e) != QUEUE_CONFIRM_OK)
			return -1;
	return 0;
}

static void print_message(const char *queue, const struct queue_message *m)
{
	struct arena arena = {0};
	struct buf line = {0};
	struct json j = {.out = &line};

	json_open(&j, '{');
	json_put_text(&j, "queue", queue);
	json_put_text(&j, "id", m->id);
	json_put_text(&j, "key", m->key);
	json_put_text(&j, "traceparent", m->traceparent);
	json_put_text(&j, "body", arena_dup_n(&arena, m->body.at, m->body.n));
	json_close(&j, '}');
	printf("%s\n", buf_text(&line));
	buf_deinit(&line);
	arena_deinit(&arena);
}

/*
 * As many as waited when it was asked: once it is taken from, a broker no longer counts
 * what it is about to hand over. One acknowledgement for all: RabbitMQ drops some of
 * many that are still on their way inside it when their connection is closed.
 */
static int take_all(struct queue *q, const char *name, struct err *e)
{
	struct queue_delivery taken;
	uint64_t waiting, last = 0;

	if (make(q, name, e) < 0 || queue_depth(q, name, &waiting, e) < 0)
		return -1;
	if (waiting && queue_consume(q, name, AT_ONCE, e) < 0)
		return -1;
	for (; waiting; waiting--) {
		switch (queue_next(q, PATIENCE_MS, &taken, e)) {
		case QUEUE_NEXT_OK:
			print_message(name, &taken.message);
			break;
		case QUEUE_NEXT_NONE:
			return err_set(
				e, ERR_UNAVAILABLE, "%s: less than it said", name);
		case QUEUE_NEXT_FAULT:
			return -1;
		}
		last = taken.tag;
	}
	return last ? queue_ack(q, last, e) : 0;
}

static int take(const struct queue_options *options, const char *name, struct err *e)
{
	struct queue *q;

	if (queue_open(options, &q, e) < 0)
		return -1;
	int result = take_all(q, name, e);

	queue_close(q);
	return result;
}

static int depth(struct queue *q, char **names, struct err *e)
{
	uint64_t waiting;

	for (; *names; names++) {
		if (make(q, *names, e) < 0 || queue_depth(q, *names, &waiting, e) < 0)
			return -1;
		printf("%llu\n", (unsigned long long)waiting);
	}
	return 0;
}

/* Returns how many words the place is. */
static int read_place(char **words, struct queue_options *ret_options)
{
	if (words[0] && words[1] && !strcmp(words[0], "embedded")) {
		*ret_options = (struct queue_options){
			.type = QUEUE_EMBEDDED, .path = words[1]};
		return 2;
	}
	if (words[0] && words[1] && words[2] && !strcmp(words[0], "amqp")) {
		*ret_options = (struct queue_options){
			.type = QUEUE_AMQP, .url = words[1], .password = words[2]};
		return 3;
	}
	return 0;
}

static int run(
	const struct queue_options *options, char *command, char **words, struct err *e)
{
	struct queue *q;
	int result = 0;

	if (!strcmp(command, "take")) {
		for (; result == 0 && *words; words++)
			result = take(options, *words, e);
		return result;
	}
	if (queue_open(options, &q, e) < 0)
		return -1;
	if (!strcmp(command, "publish"))
		result = publish(q, words, e);
	else if (!strcmp(command, "depth"))
		result = depth(q, words, e);
	else
		result = err_set(e, ERR_USAGE, "there is no %s", command);
	queue_close(q);
	return result;
}

int main(int argc, char **argv)
{
	struct queue_options options;
	struct err e = {0};
	int used = 1 + read_place(argv + 1, &options);

	if (used == 1 || argc < used + 2) {
		fprintf(stderr, "usage: queue_tool PLACE… COMMAND QUEUE…\n");
		return 64;
	}
	if (run(&options, argv[used], argv + used + 1, &e) == 0)
		return 0;
	fprintf(stderr, "queue_tool: %s\n", e.text);
	return 1;
}
