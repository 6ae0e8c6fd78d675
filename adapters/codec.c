#include "adapters/codec.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "adapters/edxml.h"
#include "adapters/mapping_reader.h"
#include "adapters/mapping_tree.h"
#include "gateway/base/mem.h"
#include "gateway/model/event_json.h"

enum {
	PUSH_BYTES = 64 * 1024,
	EVENT_MAX = 64 * 1024 * 1024, /* a JSON event is held whole */
};

struct codec {
	struct codec_options options;
	struct edxml *edxml;
	struct mapping_reader *mapping; /* NULL: not this format */
	struct buf whole;               /* a message that is held */
	char *window; /* PUSH_BYTES of what is read from a descriptor */
};

/* Where bytes come from: memory, or a descriptor through the codec's window. */
struct source {
	struct slice left; /* not yet handed out */
	int fd;            /* -1: memory only */
	bool end;          /* nothing more than @left will come */
	char *window;
};

struct codec *codec_new(const struct codec_options *options)
{
	struct codec *c = mem_alloc(sizeof(*c));
	struct codec_options *o = &c->options;

	*o = *options;
	o->max_depth = o->max_depth > 0 ? o->max_depth : 100;
	o->max_attributes = o->max_attributes > 0 ? o->max_attributes : 100;
	o->max_text = o->max_text ? o->max_text : 1024 * 1024;
	o->max_bytes = o->max_bytes > 0 ? o->max_bytes : 512LL * 1024 * 1024;
	if (o->format == CODEC_MAPPING)
		c->mapping = mapping_reader_new(o);
	else
		c->edxml = edxml_new(o);
	c->window = mem_alloc(PUSH_BYTES);
	return c;
}

void codec_free(struct codec *c)
{
	if (!c)
		return;
	edxml_free(c->edxml);
	mapping_reader_free(c->mapping);
	buf_deinit(&c->whole);
	free(c->window);
	free(c);
}

void codec_forget(struct codec *c)
{
	if (c->mapping)
		mapping_reader_wipe(c->mapping);
	else
		edxml_forget(c->edxml);
	explicit_bzero(c->window, PUSH_BYTES);
	mem_wipe_stack();
}

__attribute__((format(printf, 3, 4))) static enum codec_result refuse(
	struct codec_error *ret_error, const char *code, const char *format, ...)
{
	va_list args;

	*ret_error = (struct codec_error){.code = code};
	va_start(args, format);
	vsnprintf(ret_error->message, sizeof(ret_error->message), format, args);
	va_end(args);
	return CODEC_REFUSED;
}

/* Fill the window behind what is left in it. -1: errno says why. */
static int source_fill(struct source *s)
{
	if (s->fd < 0 || s->end)
		return 0;
	memmove(s->window, s->left.at, s->left.n);
	s->left.at = s->window;
	while (s->left.n < PUSH_BYTES) {
		ssize_t n = read(s->fd, s->window + s->left.n, PUSH_BYTES - s->left.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (n == 0) {
			s->end = true;
			return 0;
		}
		s->left.n += (size_t)n;
	}
	return 0;
}

/* How many bytes at the end of @bytes begin a UTF-8 character that is not whole. */
static size_t cut_character(const char *bytes, size_t n)
{
	for (size_t back = 1; back <= 3 && back <= n; back++) {
		unsigned char c = (unsigned char)bytes[n - back];
		size_t length = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc0 ? 2 : 1;

		if ((c & 0xc0) == 0x80)
			continue;
		return length > back ? back : 0;
	}
	return 0;
}

/* The next push; *@ret_last when it is the end. */
static struct slice source_take(struct source *s, bool *ret_last)
{
	struct slice push = s->left;

	if (push.n > PUSH_BYTES)
		push.n = PUSH_BYTES;
	*ret_last = s->end && push.n == s->left.n;
	if (!*ret_last)
		push.n -= cut_character(push.at, push.n);
	s->left.at += push.n;
	s->left.n -= push.n;
	return push;
}

static enum codec_result read_edxml(struct codec *c, struct source *s,
	struct event **ret_event, struct codec_error *ret_error, struct err *e)
{
	bool last = false;

	edxml_begin(c->edxml);
	while (!last) {
		struct slice push = source_take(s, &last);

		if (!edxml_push(c->edxml, push.at, push.n, last))
			break;
		if (source_fill(s) < 0) {
			err_errno(e, "read");
			return CODEC_FAULT;
		}
	}
	return edxml_end(c->edxml, ret_event, ret_error);
}

static enum codec_result judge_event(
	struct slice bytes, struct event **ret_event, struct codec_error *ret_error)
{
	struct event_json_error wrong = {0};
	struct event *ev = NULL;
	int result = event_json_read(bytes.at, bytes.n, &ev, &wrong);

	*ret_event = ev;
	if (result == 0)
		return CODEC_OK;
	refuse(ret_error, "event.invalid", "%s", wrong.message);
	ret_error->line = wrong.line;
	ret_error->column = wrong.column;
	return CODEC_REFUSED;
}

/* All of it as one piece: borrowed where it is in memory already, else in c->whole. */
static enum codec_result read_whole(struct codec *c, struct source *s, size_t most,
	struct slice *ret_bytes, struct codec_error *ret_error, struct err *e)
{
	struct buf *whole = &c->whole;

	whole->wipe = true;
	whole->max = (int64_t)most > c->options.max_bytes ? (size_t)c->options.max_bytes
							  : most;
	if (s->fd < 0 && s->left.n <= whole->max) {
		*ret_bytes = s->left;
		return CODEC_OK;
	}
	for (bool last = false; !last && !whole->full;) {
		struct slice push = source_take(s, &last);

		buf_add(whole, push.at, push.n);
		if (source_fill(s) < 0) {
			err_errno(e, "read");
			return CODEC_FAULT;
		}
	}
	if (whole->full)
		return refuse(ret_error, "xml.too-large",
			"a message of more than %zu bytes", whole->max);
	*ret_bytes = (struct slice){whole->data, whole->n};
	return CODEC_OK;
}

/* Nothing of a message stays longer than it must (X1). */
static void forget_whole(struct codec *c)
{
	buf_deinit(&c->whole);
	c->whole = (struct buf){0};
}

static enum codec_result read_event(struct codec *c, struct source *s,
	struct event **ret_event, struct codec_error *ret_error, struct err *e)
{
	struct slice bytes = {0};
	enum codec_result result = read_whole(c, s, EVENT_MAX, &bytes, ret_error, e);

	if (result == CODEC_OK)
		result = judge_event(bytes, ret_event, ret_error);
	forget_whole(c);
	return result;
}

static enum codec_result read_mapped(struct codec *c, struct source *s,
	struct event **ret_event, struct codec_error *ret_error, struct err *e)
{
	struct slice bytes = {0};
	enum codec_result result =
		read_whole(c, s, MAPPING_MAX_BYTES, &bytes, ret_error, e);

	if (result != CODEC_OK)
		return result;
	mapping_reader_begin(c->mapping, bytes);
	return codec_next(c, ret_event, ret_error, e);
}

size_t codec_left(const struct codec *c)
{
	return c->mapping ? mapping_reader_left(c->mapping) : 0;
}

enum codec_result codec_next(struct codec *c, struct event **ret_event,
	struct codec_error *ret_error, struct err *e)
{
	(void)e; /* the message is in memory */
	*ret_event = NULL;
	enum codec_result result =
		mapping_reader_next(c->mapping, ret_event, ret_error);

	if (!codec_left(c))
		forget_whole(c);
	return result;
}

size_t codec_number(const struct codec *c)
{
	return c->mapping ? mapping_reader_number(c->mapping) : 0;
}

struct slice codec_bytes(const struct codec *c)
{
	return c->mapping ? mapping_reader_bytes(c->mapping) : (struct slice){0};
}

static bool is_event(const struct codec *c, struct slice bytes)
{
	if (c->options.format != CODEC_AUTO)
		return c->options.format == CODEC_EVENT;
	for (size_t i = 0; i < bytes.n; i++)
		if (!bytes.at[i] || !strchr(" \t\r\n", bytes.at[i]))
			return bytes.at[i] == '{' || bytes.at[i] == '[';
	return false;
}

static enum codec_result codec_read(struct codec *c, struct source *s,
	struct event **ret_event, struct codec_error *ret_error, struct err *e)
{
	*ret_event = NULL;
	if (c->mapping)
		mapping_reader_end(c->mapping);
	forget_whole(c);
	if (s->left.n == 0)
		return refuse(ret_error, "file.empty", "there is nothing in it");
	if (c->mapping)
		return read_mapped(c, s, ret_event, ret_error, e);
	return is_event(c, s->left) ? read_event(c, s, ret_event, ret_error, e)
				    : read_edxml(c, s, ret_event, ret_error, e);
}

enum codec_result codec_read_bytes(struct codec *c, struct slice bytes,
	struct event **ret_event, struct codec_error *ret_error, struct err *e)
{
	struct source s = {.left = bytes, .fd = -1, .end = true};

	return codec_read(c, &s, ret_event, ret_error, e);
}

static enum codec_result refuse_unreadable(struct codec_error *ret_error)
{
	char words[96];

	return refuse(ret_error, "file.unreadable", "%s",
		strerror_r(errno, words, sizeof(words)));
}

enum codec_result codec_read_fd(struct codec *c, int fd, struct event **ret_event,
	struct codec_error *ret_error, struct err *e)
{
	struct source s = {.left = {c->window, 0}, .fd = fd, .window = c->window};

	*ret_event = NULL;
	/* What cannot be read at all is the file's fault; a disk that fails midway
	 * ours. */
	if (source_fill(&s) < 0) {
		if (errno == EISDIR || errno == EBADF || errno == EACCES)
			return refuse_unreadable(ret_error);
		err_errno(e, "read");
		return CODEC_FAULT;
	}
	return codec_read(c, &s, ret_event, ret_error, e);
}

enum codec_result codec_read_file(struct codec *c, const char *path,
	struct event **ret_event, struct codec_error *ret_error, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	*ret_event = NULL;
	if (fd < 0)
		return refuse_unreadable(ret_error);
	enum codec_result result = codec_read_fd(c, fd, ret_event, ret_error, e);

	close(fd);
	return result;
}
