#include "adapters/mapping_reader.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/mapping_fill.h"
#include "gateway/base/mem.h"

struct mapping_reader {
	const struct codec_options *options;
	const struct mapping *m;
	const struct mapping_tree_ops *ops;
	void *tree;

	struct slice message;
	mapping_parts parts; /* in the tree's arena */
	size_t given, answers;
	bool broken;
	struct codec_error error; /* broken: why */
	size_t error_at;
	struct event **restricted; /* broken: what answers are made of */
	size_t restricted_n;
	bool rest; /* broken: the last answer is what is left of the message */

	bool secret;    /* X1: one of its documents is */
	struct buf own; /* the bytes of the document given last */
	struct arena scratch, kept;
	size_t line_at; /* a place already looked up: its offset, line and column */
	int line, column;
};

struct mapping_reader *mapping_reader_new(const struct codec_options *options)
{
	struct mapping_reader *r = mem_alloc(sizeof(*r));

	r->options = options;
	r->m = options->mapping;
	r->ops = r->m->syntax == MAPPING_XML ? &mapping_xml_ops : &mapping_json_ops;
	r->tree = r->ops->open(r->m, options);
	return r;
}

static void forget(struct mapping_reader *r)
{
	r->parts = (mapping_parts){0};
	r->message = (struct slice){0};
	r->ops->forget(r->tree, r->secret);
	r->secret = false;
}

void mapping_reader_wipe(struct mapping_reader *r)
{
	r->secret = true;
	buf_deinit(&r->own);
	r->own = (struct buf){.max = MAPPING_MAX_BYTES, .wipe = true};
	if (!mapping_reader_left(r))
		forget(r);
}

void mapping_reader_end(struct mapping_reader *r)
{
	for (size_t i = 0; i < r->restricted_n; i++)
		event_free(r->restricted[i]);
	r->restricted = NULL;
	r->restricted_n = 0;
	r->given = r->answers = 0;
	r->broken = r->rest = false;
	buf_deinit(&r->own);
	r->own = (struct buf){.max = MAPPING_MAX_BYTES, .wipe = true};
	arena_deinit(&r->kept);
	forget(r);
}

void mapping_reader_free(struct mapping_reader *r)
{
	if (!r)
		return;
	mapping_reader_end(r);
	r->ops->close(r->tree);
	buf_deinit(&r->own);
	arena_deinit(&r->scratch);
	free(r);
}

/* Line and column of the byte at @at; they mostly rise from call to call. */
static void find_line(struct mapping_reader *r, size_t at, struct codec_error *error)
{
	const char *bytes = r->message.at;

	if (at < r->line_at || !r->line) {
		r->line_at = 0;
		r->line = r->column = 1;
	}
	for (; r->line_at < at && r->line_at < r->message.n; r->line_at++) {
		if (bytes[r->line_at] == '\n') {
			r->line++;
			r->column = 1;
		} else if (((unsigned char)bytes[r->line_at] & 0xc0) != 0x80) {
			r->column++;
		}
	}
	error->line = r->line;
	error->column = r->column;
}

/* X1: where one document is secret, nothing stays of any longer than it must. */
static bool is_restricted(struct mapping_reader *r, const struct event *ev)
{
	bool secret = r->options->is_restricted && r->options->is_restricted(ev);

	r->secret |= secret;
	return secret;
}

static int fill_part(struct mapping_reader *r, const struct mapping_part *part,
	struct event *ev, struct codec_error *error)
{
	const void *at = part->node;

	if (!part->node)
		return 0;
	int result = mapping_fill(r->m, r->ops, r->tree, r->options->max_text,
		part->node, &r->scratch, ev, &at, error);

	if (result) {
		size_t place = r->ops->place(r->tree, at);

		find_line(r, place > part->start ? place : part->start, error);
	}
	if (is_restricted(r, ev))
		arena_wipe(&r->scratch);
	arena_reset(&r->scratch);
	return result;
}

/*
 * X1 in a broken message: its documents are read as far as they are there. Those that
 * are secret are answered one by one; what is set aside is then the rest without them,
 * and nothing of what nobody could read.
 */
static void judge_broken(struct mapping_reader *r)
{
	struct codec_error ignored;

	r->restricted =
		arena_alloc(&r->kept, (r->parts.n + 1) * sizeof(struct event *));
	for (size_t i = 0; i < r->parts.n; i++) {
		cleanup_event struct event *ev = event_new();

		fill_part(r, &r->parts.at[i], ev, &ignored);
		if (!is_restricted(r, ev))
			continue;
		/* Its place is kept as one that is cut out. */
		r->parts.at[i].node = NULL;
		r->restricted[r->restricted_n++] = STEAL(ev);
	}
	r->rest = r->restricted_n < r->parts.n || !r->restricted_n;
	r->answers = r->restricted_n + r->rest;
}

__attribute__((format(printf, 3, 4))) static void refuse(
	struct mapping_reader *r, const char *code, const char *format, ...)
{
	va_list args;

	r->broken = true;
	r->error = (struct codec_error){.code = code, .line = 1, .column = 1};
	va_start(args, format);
	vsnprintf(r->error.message, sizeof(r->error.message), format, args);
	va_end(args);
	r->error_at = r->message.n;
}

/* Each document set aside takes along what stands around them: how much is that? */
static bool is_too_much(const struct mapping_reader *r)
{
	size_t own = 0;

	for (size_t i = 0; i < r->parts.n; i++)
		own += r->parts.at[i].end - r->parts.at[i].start;
	return (r->message.n - own) * r->parts.n > (size_t)r->options->max_bytes;
}

static void judge_parts(struct mapping_reader *r)
{
	const char *too_large =
		r->m->syntax == MAPPING_XML ? "xml.too-large" : "json.too-large";

	if (r->parts.n == 0)
		refuse(r, "mapping.no-document", "document: nothing stands at %.150s",
			r->m->document.text);
	else if (r->parts.n > MAPPING_MAX_PARTS)
		refuse(r, too_large, "more than %d documents", MAPPING_MAX_PARTS);
	else if (r->parts.n > 1 && is_too_much(r))
		refuse(r, too_large,
			"too much stands around the %zu documents of the message",
			r->parts.n);
}

void mapping_reader_begin(struct mapping_reader *r, struct slice message)
{
	mapping_reader_end(r);
	r->message = message;
	r->line = 0;
	r->broken = r->ops->parse(
			    r->tree, message, &r->parts, &r->error_at, &r->error) != 0;
	if (!r->broken)
		judge_parts(r);
	if (r->broken)
		judge_broken(r);
	else
		r->answers = r->parts.n;
}

size_t mapping_reader_left(const struct mapping_reader *r)
{
	return r->answers - r->given;
}

size_t mapping_reader_number(const struct mapping_reader *r)
{
	return r->answers > 1 ? r->given : 0;
}

static void add_between(struct mapping_reader *r, size_t from, size_t to)
{
	if (to > from)
		buf_add(&r->own, r->message.at + from, to - from);
}

/* The message with no other document than the one numbered @only. */
static void cut_others(struct mapping_reader *r, size_t only)
{
	size_t at = 0, end = r->parts.at[r->parts.n - 1].end;

	for (size_t i = 0; i < r->parts.n; i++) {
		const struct mapping_part *part = &r->parts.at[i];

		if (!r->ops->contiguous || i == 0)
			add_between(r, at, part->start);
		if (i == only)
			add_between(r, part->start, part->end);
		at = part->end;
	}
	add_between(r, end, r->message.n);
}

/* A broken message without what is secret in it. */
static void cut_restricted(struct mapping_reader *r)
{
	size_t at = 0;

	for (size_t i = 0; i < r->parts.n; i++) {
		if (r->parts.at[i].node)
			continue;
		add_between(r, at, r->parts.at[i].start);
		at = r->parts.at[i].end;
	}
	add_between(r, at, r->error_at);
}

static enum codec_result next_broken(struct mapping_reader *r, struct event **ret_event,
	struct codec_error *ret_error)
{
	size_t i = r->given++;

	*ret_error = r->error;
	if (i < r->restricted_n) {
		*ret_event = STEAL(r->restricted[i]);
		return CODEC_REFUSED;
	}
	*ret_event = NULL;
	if (!r->restricted_n)
		return CODEC_REFUSED;
	cut_restricted(r);
	/* The parser's words may quote what it stopped at. */
	snprintf(ret_error->message, sizeof(ret_error->message),
		"it breaks here; what of it is secret is not kept, nor what follows");
	return CODEC_REFUSED;
}

static enum codec_result next_part(struct mapping_reader *r, struct event **ret_event,
	struct codec_error *ret_error)
{
	size_t i = r->given++;
	struct event *ev = event_new();

	*ret_event = ev;
	int result = fill_part(r, &r->parts.at[i], ev, ret_error);

	/* X1: of a secret one there is nothing to set aside. */
	if (r->parts.n > 1 && !is_restricted(r, ev))
		cut_others(r, i);
	return result ? CODEC_REFUSED : CODEC_OK;
}

enum codec_result mapping_reader_next(struct mapping_reader *r,
	struct event **ret_event, struct codec_error *ret_error)
{
	buf_reset(&r->own);
	enum codec_result result = r->broken ? next_broken(r, ret_event, ret_error)
					     : next_part(r, ret_event, ret_error);

	if (r->given == r->answers)
		forget(r);
	return result;
}

struct slice mapping_reader_bytes(const struct mapping_reader *r)
{
	return (struct slice){r->own.data, r->own.n};
}
