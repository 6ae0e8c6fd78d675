/*
 * Reading the document event, driven by tables of its members. All members are read
 * even after the first mistake, so that a refused event still shows its secrecy (X1);
 * the first mistake is the one told.
 */
#include "gateway/model/event_json.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/base/mem.h"
#include "gateway/base/text.h"
#include "gateway/model/event_date.h"
#include "gateway/model/event_identity.h"
#include "gateway/model/event_json_members.h"
#include "gateway/model/event_json_salvage.h"

/* X1: a document may prove secret after jansson has read it; what it frees is
 * overwritten. Before main, for nothing may be allocated while its functions change. */
__attribute__((constructor)) static void leave_nothing(void)
{
	json_set_alloc_funcs(malloc, mem_wipe);
}

enum { MAX_TEXT = 1024 * 1024 };

struct reader {
	struct event *ev;
	struct event_json_error *error;
	bool failed;
	char path[88]; /* JSON Pointer of what is being read */
	size_t path_n;
};

/* Note the first mistake, where it stands and what would be right. */
static void fail(struct reader *r, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
static void fail(struct reader *r, const char *format, ...)
{
	char what[160];
	va_list args;

	if (r->failed)
		return;
	r->failed = true;
	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	*r->error = (struct event_json_error){0};
	snprintf(r->error->message, sizeof(r->error->message), "%s%s%s", r->path,
		r->path_n ? ": " : "", what);
}

static size_t enter(struct reader *r, const char *name)
{
	size_t before = r->path_n;
	int n = snprintf(r->path + before, sizeof(r->path) - before, "/%.60s", name);

	if (n > 0 && before + (size_t)n < sizeof(r->path))
		r->path_n = before + (size_t)n;
	return before;
}

static size_t enter_index(struct reader *r, size_t index)
{
	char digits[24];

	snprintf(digits, sizeof(digits), "%zu", index);
	return enter(r, digits);
}

static void leave(struct reader *r, size_t before)
{
	r->path_n = before;
	r->path[before] = '\0';
}

/* E3; a filler is NULL. What cleaning changed beyond spaces becomes a quirk. */
static const char *read_text(struct reader *r, const json_t *value)
{
	bool changed;

	if (!json_is_string(value)) {
		fail(r, "must be a text or null");
		return NULL;
	}
	const char *came = json_string_value(value);
	size_t n = json_string_length(value);

	if (n > MAX_TEXT) {
		fail(r, "is longer than %d bytes", MAX_TEXT);
		return NULL;
	}
	const char *text = text_clean(&r->ev->arena, came, n, &changed);

	if (text_is_filler(text)) {
		if (*text)
			event_add_quirk(r->ev, "text.filler", r->path, text);
		return NULL;
	}
	if (changed)
		event_add_quirk(r->ev, "text.not-nfc", r->path, text);
	return text;
}

/* E2: what cannot be a date is absent, its text kept where there is a place for it. */
static void read_day(struct reader *r, const struct event_json_member *m, char *object,
	const json_t *value)
{
	const char *text = read_text(r, value);

	if (!text)
		return;
	struct event_date date = {.day = day_parse(text)};

	if (date.day == DAY_NONE)
		date = event_date_read(text);
	*(day_t *)(void *)(object + m->at) = date.day;
	event_date_quirks(r->ev, date.odd, r->path, text);
	if (m->raw && date.odd)
		*(const char **)(void *)(object + m->raw) = text;
}

/* E2, as for a day: the forms a date may have are read, a time behind them too. Whole
 * seconds: that is what is written again. */
static void read_instant(struct reader *r, msec_t *at, const json_t *value)
{
	const char *text = read_text(r, value);

	if (!text)
		return;
	if (!instant_parse(text, at)) {
		struct event_date date = event_date_read(text);

		*at = date.at;
		event_date_quirks(r->ev, date.odd & ~(unsigned)EVENT_DATE_WITH_TIME,
			r->path, text);
	}
	if (*at != MSEC_NONE)
		*at -= (*at % 1000 + 1000) % 1000;
}

/* X1: a class in words we do not know is the strictest: when in doubt it is secret. */
static void read_secrecy(struct reader *r, unsigned *word, const json_t *value)
{
	enum event_secrecy secrecy = SECRECY_TOP_SECRET;

	if (!json_is_string(value) ||
		!event_secrecy_read(&r->ev->arena, json_string_value(value), &secrecy))
		secrecy = SECRECY_TOP_SECRET;
	*word = secrecy;
}

static void read_word(struct reader *r, const struct event_json_member *m,
	unsigned *word, const json_t *value)
{
	const char *text = json_is_string(value) ? json_string_value(value) : NULL;
	int index = text && *text ? event_word_index(m->words, m->words_n, text) : -1;
	char known[128] = "";
	size_t n = 0;

	if (index >= 0) {
		*word = (unsigned)index;
		return;
	}
	for (size_t i = 0; i < m->words_n && n < sizeof(known); i++)
		if (m->words[i][0])
			n += (size_t)snprintf(known + n, sizeof(known) - n, "%s%s",
				n ? ", " : "", m->words[i]);
	fail(r, "must be one of %s", known);
}

static int64_t read_number(struct reader *r, int64_t most, const json_t *value)
{
	json_int_t number = json_is_integer(value) ? json_integer_value(value) : -1;

	if (number >= 0 && number <= most)
		return number;
	fail(r, "must be a whole number from 0 to %" PRId64, most);
	return -1;
}

static void read_texts(struct reader *r, text_list *list, const json_t *value)
{
	if (!json_is_array(value)) {
		fail(r, "must be a list of texts");
		return;
	}
	for (size_t i = 0; i < json_array_size(value); i++) {
		size_t before = enter_index(r, i);
		const char *text = read_text(r, json_array_get(value, i));

		if (text)
			*LIST_ADD(&r->ev->arena, list) = text;
		leave(r, before);
	}
}

static void read_object(struct reader *r, const struct event_json_member *members,
	size_t n, char *object, const json_t *value);

static void read_list(struct reader *r, const struct event_json_member *m, char *place,
	const json_t *value)
{
	if (!json_is_array(value)) {
		fail(r, "must be a list of objects");
		return;
	}
	for (size_t i = 0; i < json_array_size(value); i++) {
		size_t before = enter_index(r, i);
		char *element = arena_alloc(&r->ev->arena, m->size);

		read_object(r, m->inner, m->inner_n, element, json_array_get(value, i));
		event_json_append(&r->ev->arena, m, place, element);
		leave(r, before);
	}
}

static void read_member(struct reader *r, const struct event_json_member *m,
	char *object, const json_t *value)
{
	void *place = object + m->at;

	switch (m->shape) {
	case SHAPE_TEXT: {
		const char *text = read_text(r, value);

		if (text)
			*(const char **)place = text;
		return;
	}
	case SHAPE_VERBATIM:
		if (!json_is_string(value))
			fail(r, "must be a text or null");
		*(const char **)place =
			arena_dup(&r->ev->arena, json_string_value(value));
		return;
	case SHAPE_DAY:
		read_day(r, m, object, value);
		return;
	case SHAPE_INSTANT:
		read_instant(r, place, value);
		return;
	case SHAPE_WORD:
		if (m->words == event_secrecy_words)
			read_secrecy(r, place, value);
		else
			read_word(r, m, place, value);
		return;
	case SHAPE_INT:
		*(int *)place = (int)read_number(r, 99999, value);
		return;
	case SHAPE_SIZE:
		*(int64_t *)place = read_number(r, INT64_MAX, value);
		return;
	case SHAPE_TEXTS:
		read_texts(r, place, value);
		return;
	case SHAPE_OBJECT:
		read_object(r, m->inner, m->inner_n, place, value);
		return;
	case SHAPE_LIST:
		read_list(r, m, place, value);
		return;
	}
}

static const struct event_json_member *find_member(
	const struct event_json_member *members, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(members[i].name, name) == 0)
			return &members[i];
	return NULL;
}

static void refuse_unknown(struct reader *r, const struct event_json_member *members,
	size_t n, const json_t *value)
{
	/* jansson iterates only over what it may change. */
	for (void *at = json_object_iter((json_t *)(uintptr_t)value); at;
		at = json_object_iter_next((json_t *)(uintptr_t)value, at)) {
		const char *name = json_object_iter_key(at);

		if (find_member(members, n, name))
			continue;
		size_t before = enter(r, name);

		fail(r, "no such member");
		leave(r, before);
	}
}

static void read_object(struct reader *r, const struct event_json_member *members,
	size_t n, char *object, const json_t *value)
{
	if (!json_is_object(value)) {
		fail(r, "must be an object");
		return;
	}
	event_json_set_absent(members, n, object);
	for (size_t i = 0; i < n; i++) {
		const json_t *inner = json_object_get(value, members[i].name);

		if (!inner || json_is_null(inner))
			continue;
		size_t before = enter(r, members[i].name);

		read_member(r, &members[i], object, inner);
		leave(r, before);
	}
	refuse_unknown(r, members, n, value);
}

/* What each kind must say to mean anything. */
static void check_meaning(struct reader *r, const json_t *root)
{
	struct event *ev = r->ev;

	if (ev->kind == EVENT_DOCUMENT && !event_ensure_document_id(ev, "/document_id"))
		fail(r, "/document_id: a document needs one, or from, code and "
			"issued_on");
	if (ev->kind == EVENT_STATUS &&
		!json_is_object(json_object_get(root, "status")))
		fail(r, "/status: a status event needs one");
	if (ev->kind != EVENT_DOCUMENT && ev->targets.n == 0)
		fail(r, "/targets: must name the document this is about");
	if (ev->kind == EVENT_OPINION && !ev->content)
		fail(r, "/content: an opinion needs one");
}

static int read_root(struct reader *r, const json_t *root)
{
	r->ev = event_new();
	read_object(r, event_json_members, event_json_members_n, (char *)r->ev, root);
	check_meaning(r, root);
	return r->failed ? -1 : 0;
}

/* X1: what is refused may still show a mark where no event has one, or be no event at
 * all (a list of events): @ev, or what was @shown if that is all there is. */
static struct event *show_secrecy(struct event *ev, struct event *shown, bool is_event)
{
	if (!is_event) {
		event_wipe(ev);
		return shown;
	}
	if (shown->secrecy > ev->secrecy)
		ev->secrecy = shown->secrecy;
	event_wipe(shown);
	return ev;
}

int event_json_read(const char *bytes, size_t n, struct event **ret_event,
	struct event_json_error *ret_error)
{
	struct reader r = {.error = ret_error};
	json_error_t broken;
	json_t *root = json_loadb(bytes, n, JSON_REJECT_DUPLICATES, &broken);

	if (!root) {
		ret_error->line = broken.line > 0 ? broken.line : 0;
		ret_error->column = broken.column > 0 ? broken.column : 0;
		snprintf(ret_error->message, sizeof(ret_error->message),
			"not a JSON object: %s", broken.text);
		*ret_event = event_json_salvage(bytes, n);
		return -1;
	}
	int result = read_root(&r, root);

	if (result)
		r.ev = show_secrecy(
			r.ev, event_json_salvage(bytes, n), json_is_object(root));
	json_decref(root);
	*ret_event = r.ev;
	return result;
}
