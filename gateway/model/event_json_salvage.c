#include "gateway/model/event_json_salvage.h"

#include <jansson.h>
#include <string.h>

#include "gateway/base/buf.h"
#include "gateway/base/text.h"

/* The escape or character cut off at the end is at most this long. */
enum { TAIL_BYTES = 12 };

struct scan {
	struct event *ev;
	const char *p, *end;
	int depth, root; /* @root: the depth of the event's own members */
	struct slice top,
		key; /* the member at depth 1 we are in, and the last one named */
};

/* The cleaned text of the JSON string inside the quotes; NULL if it is none. */
static const char *decode(struct arena *arena, struct slice inside)
{
	for (size_t cut = 0; cut <= TAIL_BYTES && cut <= inside.n; cut++) {
		cleanup_buf struct buf quoted = {.wipe = true};
		size_t n = inside.n - cut;

		buf_add_char(&quoted, '"');
		buf_add(&quoted, inside.at, n);
		buf_add_char(&quoted, '"');
		json_t *value =
			json_loadb(quoted.data, quoted.n, JSON_DECODE_ANY, NULL);

		if (!value)
			continue;
		const char *text = text_clean(arena, json_string_value(value),
			json_string_length(value), NULL);

		json_decref(value);
		return text_is_filler(text) ? NULL : text;
	}
	return NULL;
}

static bool is_named(struct slice key, const char *name)
{
	return key.n == strlen(name) && memcmp(key.at, name, key.n) == 0;
}

static void add_name(struct scan *s, const char *name)
{
	struct event_attachment *a = LIST_ADD(&s->ev->arena, &s->ev->attachments);

	a->name = name;
	a->bytes = -1;
}

/* The highest counts, wherever it stands; NULL says nothing. */
static void take_secrecy(struct scan *s, const char *text)
{
	enum event_secrecy secrecy = SECRECY_NONE;

	if (text && !event_secrecy_read(&s->ev->arena, text, &secrecy))
		secrecy = SECRECY_TOP_SECRET;
	if (secrecy > s->ev->secrecy)
		s->ev->secrecy = secrecy;
}

static void take_value(struct scan *s, struct slice inside)
{
	struct event *ev = s->ev;

	if (is_named(s->key, "secrecy")) {
		take_secrecy(s, decode(&ev->arena, inside));
	} else if (s->depth == s->root && is_named(s->key, "subject")) {
		/* Of a second one (a name twice, a list) a mark counts, too. */
		if (ev->subject)
			add_name(s, ev->subject);
		ev->subject = decode(&ev->arena, inside);
	} else if (s->depth == s->root && is_named(s->key, "document_id")) {
		ev->document_id = decode(&ev->arena, inside);
	} else if (s->depth == s->root && is_named(s->key, "source")) {
		ev->source = decode(&ev->arena, inside);
	} else if (s->depth == s->root + 2 && is_named(s->top, "attachments") &&
		   is_named(s->key, "name")) {
		add_name(s, decode(&ev->arena, inside));
	}
}

/* RFC 8259, section 2. */
static bool is_white(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void skip_white(struct scan *s)
{
	while (s->p < s->end && is_white(*s->p))
		s->p++;
}

/* A member's name, with the colon behind it ahead. */
static void take_name(struct scan *s, struct slice name)
{
	if (memchr(name.at, '\\', name.n)) {
		const char *plain = decode(&s->ev->arena, name);

		name = plain ? (struct slice){plain, strlen(plain)} : name;
	}
	s->key = name;
	if (s->depth == s->root)
		s->top = name;
	s->p++;
	skip_white(s);
	/* A class is a text, or null; anything else is one we do not know. */
	if (is_named(name, "secrecy") && s->p < s->end && !strchr("\"n", *s->p))
		s->ev->secrecy = SECRECY_TOP_SECRET;
}

/* A string from its opening quote on; a name when a colon follows, else a value. */
static void take_string(struct scan *s)
{
	struct slice inside = {++s->p, 0};

	while (s->p < s->end && *s->p != '"')
		s->p += *s->p == '\\' ? 2 : 1;
	if (s->p > s->end)
		s->p = s->end;
	inside.n = (size_t)(s->p - inside.at);
	if (s->p < s->end)
		s->p++;
	skip_white(s);
	if (s->p < s->end && *s->p == ':')
		take_name(s, inside);
	else
		take_value(s, inside);
}

struct event *event_json_salvage(const char *bytes, size_t n)
{
	struct scan s = {.ev = event_new(),
		.p = bytes,
		.end = bytes + n,
		.top = {"", 0},
		.key = {"", 0}};

	while (s.p < s.end) {
		if (*s.p == '"') {
			take_string(&s);
			continue;
		}
		if (*s.p == '{' || *s.p == '[')
			s.depth++;
		if (*s.p == '{' && !s.root)
			s.root = s.depth;
		if (*s.p == '}' || *s.p == ']')
			s.depth--;
		s.p++;
	}
	return s.ev;
}
