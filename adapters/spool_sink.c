/*
 * One CloudEvent a file: written under a name that begins with a dot, flushed to disk,
 * renamed to `<event id>.json`. The same event again finds its file there and leaves it
 * alone. Files are flushed and renamed when news of them is asked for, many at once:
 * one flush of the file system costs less than hundreds of files'. Nothing is reported
 * delivered before the folder itself is flushed.
 */
#include "adapters/spool_sink.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "adapters/spool_folder.h"
#include "gateway/base/arena.h"
#include "gateway/base/mem.h"

enum { FLUSH_EACH = 4 }; /* so few files are flushed one by one */

struct spool_out {
	int folder;
	struct arena arena;
	LIST_OF(const char *) written; /* under their hidden names, in order */
	uint64_t sent;
	struct arena news;
	LIST_OF(struct sink_news) refused; /* whose id makes no file name */
	bool told;                         /* all of them were reported */
};

static int out_open(const void *options, void **ret_sink, struct err *e)
{
	const struct spool_sink_options *o = options;

	if (spool_folder_make(o->path, e) < 0)
		return -1;
	int folder = open(o->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (folder < 0)
		return err_errno(e, "cannot open %s", o->path);
	struct spool_out *s = mem_alloc(sizeof(*s));

	s->folder = folder;
	*ret_sink = s;
	return 0;
}

static void out_close(void *sink)
{
	struct spool_out *s = sink;

	if (!s)
		return;
	close(s->folder);
	arena_deinit(&s->arena);
	arena_deinit(&s->news);
	free(s);
}

/* Is @name there already, with these very bytes? */
static bool is_there(const struct spool_out *s, const char *name, struct slice body)
{
	char piece[16 * 1024];
	int fd = openat(s->folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	ssize_t n = 0;

	if (fd < 0)
		return false;
	while (body.n && (n = read(fd, piece, sizeof(piece))) > 0) {
		if ((size_t)n > body.n || memcmp(piece, body.at, (size_t)n) != 0)
			break;
		body.at += n;
		body.n -= (size_t)n;
	}
	bool same = !body.n && read(fd, piece, 1) == 0;

	close(fd);
	return same;
}

static int write_whole(int fd, struct slice body)
{
	while (body.n) {
		ssize_t n = write(fd, body.at, body.n);

		if (n < 0)
			return -1;
		body.at += n;
		body.n -= (size_t)n;
	}
	return 0;
}

static int hidden_write(
	struct spool_out *s, const char *hidden, struct slice body, struct err *e)
{
	int fd = openat(s->folder, hidden,
		O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0660);

	if (fd < 0)
		return err_errno(e, "cannot write %s", hidden);
	int result =
		write_whole(fd, body) < 0 ? err_errno(e, "cannot write %s", hidden) : 0;

	close(fd);
	if (result < 0)
		unlinkat(s->folder, hidden, 0);
	else
		*LIST_ADD(&s->arena, &s->written) = hidden;
	return result;
}

static int flush_one(const struct spool_out *s, const char *hidden, struct err *e)
{
	int fd = openat(s->folder, hidden, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return err_errno(e, "cannot flush %s", hidden);
	int result = fsync(fd) < 0 ? err_errno(e, "cannot flush %s", hidden) : 0;

	close(fd);
	return result;
}

/* All that was written is safe on disk, then there under its name. */
static int publish(struct spool_out *s, struct err *e)
{
	bool few = s->written.n <= FLUSH_EACH;

	if (!few && syncfs(s->folder) < 0)
		return err_errno(e, "cannot flush the files");
	for (size_t i = 0; i < s->written.n; i++) {
		const char *hidden = s->written.at[i];

		if (few && flush_one(s, hidden, e) < 0)
			return -1;
		if (renameat(s->folder, hidden, s->folder, hidden + 1) < 0)
			return err_errno(e, "cannot rename %s", hidden);
	}
	bool some = s->written.n > 0;

	s->written.at = NULL;
	s->written.n = s->written.cap = 0;
	arena_reset(&s->arena);
	return some && fsync(s->folder) < 0 ? err_errno(e, "cannot flush the folder")
					    : 0;
}

static void forget_told(struct spool_out *s)
{
	if (!s->told)
		return;
	arena_reset(&s->news);
	s->refused.at = NULL;
	s->refused.n = s->refused.cap = 0;
	s->told = false;
}

static void refuse(struct spool_out *s, uint64_t number)
{
	struct sink_news *news = LIST_ADD(&s->news, &s->refused);

	news->number = number;
	news->verdict = SINK_REJECTED;
	snprintf(news->reason, sizeof(news->reason), "the event id makes no file name");
}

static int out_send(
	void *sink, const struct sink_event *event, uint64_t *ret_number, struct err *e)
{
	struct spool_out *s = sink;
	const char *hidden = arena_printf(&s->arena, ".%s.json", event->id);
	bool fits = strlen(hidden) <= NAME_MAX && event->id[0] != '.' &&
		    !strchr(event->id, '/');

	forget_told(s);
	if (!fits)
		refuse(s, s->sent + 1);
	else if (!is_there(s, hidden + 1, event->body) &&
		 hidden_write(s, hidden, event->body, e) < 0)
		return -1;
	*ret_number = ++s->sent;
	return 0;
}

static int out_collect(
	void *sink, int timeout_ms, struct sink_report *ret_report, struct err *e)
{
	struct spool_out *s = sink;

	(void)timeout_ms;
	forget_told(s);
	if (publish(s, e) < 0)
		return -1;
	s->told = true;
	*ret_report = (struct sink_report){
		.upto = s->sent, .news = s->refused.at, .news_n = s->refused.n};
	return 0;
}

static const char *out_peer(const void *options)
{
	return ((const struct spool_sink_options *)options)->path;
}

static int out_probe(const void *options, char ret_note[PROBE_NOTE], struct err *e)
{
	return spool_folder_probe(out_peer(options), ret_note, e);
}

const struct sink_ops spool_sink_ops = {
	.type = "spool",
	.peer = out_peer,
	.probe = out_probe,
	.ordered = true,
	.open = out_open,
	.close = out_close,
	.send = out_send,
	.collect = out_collect,
};
