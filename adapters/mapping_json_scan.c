#include "adapters/mapping_json_scan.h"

#include <stdlib.h>
#include <string.h>

#include "adapters/base64_size.h"
#include "gateway/base/mem.h"
#include "gateway/base/text.h"

enum { NO_MATCH = -1, NO_PART = -1 };

struct json_pointer json_pointer_split(struct arena *arena, const char *text)
{
	LIST_OF(const char *) steps = {0};

	for (const char *p = text; *p == '/';) {
		size_t n = strcspn(++p, "/");
		char *step = arena_dup_n(arena, p, n), *out = step;

		p += n;
		for (const char *in = step; *in; in++) {
			bool escape = *in == '~' && (in[1] == '0' || in[1] == '1');

			*out++ = !escape ? *in : in[1] == '0' ? '~' : '/';
			in += escape;
		}
		*out = '\0';
		*LIST_ADD(arena, &steps) = step;
	}
	return (struct json_pointer){steps.at, steps.n};
}

/* An open bracket. */
struct frame {
	char closer;
	int match;    /* how many steps of the pointer lead here; NO_MATCH: none do */
	long part;    /* the part this bracket is, NO_PART: none */
	size_t index; /* of the entry that comes next */
	struct slice key; /* of the member whose value comes next */
	bool wants_key;
};

struct walk {
	struct json_scan *s;
	const char *bytes;
	size_t n, i;
	struct frame *stack;
	int depth;
	long values;
	struct base64_size base64;
};

static bool is_step(const struct frame *f, const char *step)
{
	int64_t index;

	if (f->closer == ']')
		return text_parse_int(step, 0, INT64_MAX, &index) &&
		       (size_t)index == f->index;
	/* Names with escapes in them lead nowhere. */
	return f->key.at && f->key.n == strlen(step) &&
	       !memcmp(f->key.at, step, f->key.n);
}

/* How far the value that comes next in @f follows the pointer. */
static int match_of(const struct walk *w, const struct frame *f)
{
	const struct json_pointer *pointer = w->s->document;

	if (!f)
		return 0;
	if (f->match < 0 || (size_t)f->match >= pointer->steps_n)
		return NO_MATCH;
	return is_step(f, pointer->steps[f->match]) ? f->match + 1 : NO_MATCH;
}

/* A value begins: is it a document? The list at the pointer's end holds documents; what
 * else stands there is one itself. */
static long part_begin(struct walk *w, const struct frame *f, int match, bool is_list)
{
	bool entry = f && f->closer == ']' && f->part == NO_PART &&
		     f->match == (int)w->s->document->steps_n;
	bool alone = match == (int)w->s->document->steps_n && !is_list;

	if (++w->values > MAPPING_MAX_NODES)
		w->s->met = JSON_LIMIT_VALUES;
	if (!entry && !alone)
		return NO_PART;
	*LIST_ADD(w->s->arena, &w->s->parts) =
		(struct mapping_part){.start = w->i, .end = w->n};
	return (long)w->s->parts.n - 1;
}

static void part_end(struct walk *w, long part, size_t end)
{
	if (part == NO_PART)
		return;
	w->s->parts.at[part].end = end;
	w->s->parts.at[part].whole = true;
}

static struct frame *top(struct walk *w)
{
	return w->depth ? &w->stack[w->depth - 1] : NULL;
}

static void open_bracket(struct walk *w, char c)
{
	struct frame *f = top(w);
	int match = match_of(w, f);
	long part = part_begin(w, f, match, c == '[');

	if (w->depth == w->s->options->max_depth) {
		w->s->met = JSON_LIMIT_DEPTH;
		return;
	}
	w->stack[w->depth++] = (struct frame){.closer = c == '{' ? '}' : ']',
		.match = match,
		.part = part,
		.wants_key = c == '{'};
	w->s->safe = ++w->i;
}

/* False: this is no JSON, and jansson will say so. */
static bool close_bracket(struct walk *w, char c)
{
	struct frame *f = top(w);

	if (!f || f->closer != c)
		return false;
	w->depth--;
	part_end(w, f->part, ++w->i);
	w->s->safe = w->i;
	return true;
}

/* The content from @at to the closing quote; @ret_open: it never comes. */
static struct slice take_text(struct walk *w, bool *ret_open)
{
	size_t start = ++w->i;

	base64_size_begin(&w->base64);
	while (w->i < w->n && w->bytes[w->i] != '"') {
		size_t piece = 0, left = w->n - w->i;

		while (piece < left && !strchr("\"\\", w->bytes[w->i + piece]))
			piece++;
		/* strchr finds the NUL too: it is none of the two. */
		if (!piece && w->bytes[w->i] == '\0')
			piece = 1;
		base64_size_add(&w->base64, w->bytes + w->i, piece);
		w->i += piece;
		if (w->i < w->n && w->bytes[w->i] == '\\') {
			/* `\/` and line ends are base64's too. */
			if (w->i + 1 < w->n && !strchr("/rnt", w->bytes[w->i + 1]))
				w->base64.bad = true;
			w->i += 2;
		}
	}
	*ret_open = w->i >= w->n;
	if (*ret_open)
		w->i = w->n;
	return (struct slice){w->bytes + start, w->i - start};
}

static void take_string(struct walk *w)
{
	struct frame *f = top(w);
	size_t start = w->i;
	bool is_key = f && f->wants_key, open;
	long part = is_key ? NO_PART : part_begin(w, f, match_of(w, f), false);
	struct slice text = take_text(w, &open);

	if (text.n > w->s->options->max_text && w->base64.bad)
		w->s->met = JSON_LIMIT_TEXT;
	if (open) {
		w->s->text = is_key ? 0 : start;
		return;
	}
	w->i++;
	if (is_key) {
		f->key = text;
		return;
	}
	part_end(w, part, w->i);
	w->s->safe = w->i;
}

/* A number, true, false, null, or what is none of them. */
static void take_word(struct walk *w)
{
	struct frame *f = top(w);
	long part = part_begin(w, f, match_of(w, f), false);

	while (w->i < w->n && w->bytes[w->i] &&
		!strchr(" \t\r\n,:[]{}\"", w->bytes[w->i]))
		w->i++;
	if (w->i < w->n && !w->bytes[w->i])
		w->i++;
	if (w->i == w->n)
		return; /* perhaps not whole */
	part_end(w, part, w->i);
	w->s->safe = w->i;
}

static void take_comma(struct walk *w)
{
	struct frame *f = top(w);

	if (f && f->closer == ']')
		f->index++;
	else if (f)
		f->wants_key = true;
	w->i++;
}

static void take_colon(struct walk *w)
{
	struct frame *f = top(w);

	if (f)
		f->wants_key = false;
	w->i++;
}

static bool take_one(struct walk *w)
{
	char c = w->bytes[w->i];

	if (c == ' ' || c == '\t' || c == '\r' || c == '\n')
		w->i++;
	else if (c == '{' || c == '[')
		open_bracket(w, c);
	else if (c == '}' || c == ']')
		return close_bracket(w, c);
	else if (c == '"')
		take_string(w);
	else if (c == ',')
		take_comma(w);
	else if (c == ':')
		take_colon(w);
	else
		take_word(w);
	return w->s->met == JSON_LIMIT_NONE;
}

/* What would close the part that is still open. */
static void note_closers(struct walk *w)
{
	for (int i = w->depth - 1; i >= 0; i--) {
		buf_add_char(w->s->closers, w->stack[i].closer);
		if (w->stack[i].part != NO_PART)
			break;
	}
}

size_t json_scan_mark(struct slice bytes)
{
	return bytes.n >= 3 && !memcmp(bytes.at, "\xef\xbb\xbf", 3) ? 3 : 0;
}

void json_scan_run(struct json_scan *scan, struct slice bytes)
{
	struct walk w = {.s = scan, .bytes = bytes.at, .n = bytes.n};
	cleanup_free struct frame *stack =
		mem_alloc(((size_t)scan->options->max_depth + 1) * sizeof(*stack));

	w.stack = stack;
	w.i = json_scan_mark(bytes);
	base64_size_init(&w.base64);
	while (w.i < w.n && take_one(&w))
		;
	scan->at = w.i;
	if (scan->closers)
		note_closers(&w);
}
