#include "adapters/mapping_fill.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "gateway/base/text.h"
#include "gateway/model/event_date.h"
#include "gateway/model/event_identity.h"

enum { QUIRKS_MAX = 1000 };

struct filler {
	const struct mapping *m;
	const struct mapping_tree_ops *ops;
	void *tree;
	size_t max_text;
	struct arena *scratch;
	struct event *ev;
	const void *at; /* the node being read */
	bool failed;
	const void **ret_at;
	struct codec_error *error;
	char path[160]; /* of what is being read, for quirks */
	size_t path_n;
};

/* The first mistake is the one told. */
__attribute__((format(printf, 3, 4))) static void fail(
	struct filler *f, const char *code, const char *format, ...)
{
	char what[200];
	va_list args;

	if (f->failed)
		return;
	f->failed = true;
	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	*f->error = (struct codec_error){.code = code};
	*f->ret_at = f->at;
	snprintf(f->error->message, sizeof(f->error->message), "%s", what);
}

static void quirk(struct filler *f, const char *code, const char *value)
{
	if (f->ev->quirks.n < QUIRKS_MAX)
		event_add_quirk(f->ev, code, f->path_n ? f->path : NULL, value);
}

/* The path of what is read: of the mapping, with the numbers of list entries. What does
 * not fit any more is left out. */
static size_t enter(struct filler *f, const struct mapping_path *path, size_t index)
{
	size_t before = f->path_n, room = sizeof(f->path) - before;
	bool xml = f->m->syntax == MAPPING_XML;
	const char *text = path->text && strcmp(path->text, ".") != 0 ? path->text : "";
	const char *slash = before && *text && *text != '/' ? "/" : "";
	int n = index ? snprintf(f->path + before, room, xml ? "%s%s[%zu]" : "%s%s/%zu",
				slash, text, xml ? index : index - 1)
		      : snprintf(f->path + before, room, "%s%s", slash, text);

	if (n > 0 && (size_t)n < room)
		f->path_n = before + (size_t)n;
	f->path[f->path_n] = '\0';
	return before;
}

static void leave(struct filler *f, size_t before)
{
	f->path_n = before;
	f->path[before] = '\0';
}

/* ---- Texts. */

/* E3; a filler is NULL. What cleaning changed beyond spaces becomes a quirk. */
static const char *clean(struct filler *f, struct slice came)
{
	bool changed;

	if (came.n > f->max_text) {
		fail(f, "xml.too-large", "%.100s: a text longer than %zu bytes",
			f->path, f->max_text);
		return NULL;
	}
	const char *text = text_clean(&f->ev->arena, came.at, came.n, &changed);

	if (text_is_filler(text)) {
		if (*text)
			quirk(f, "text.filler", text);
		return NULL;
	}
	if (changed)
		quirk(f, "text.not-nfc", text);
	return text;
}

static const char *spot_text(struct filler *f, const struct mapping_spot *spot)
{
	struct slice text = {0};

	if (!spot->node)
		return clean(f, (struct slice){spot->text, strlen(spot->text)});
	f->at = spot->node;
	switch (f->ops->text(f->tree, spot->node, f->scratch, &text)) {
	case MAPPING_TEXT:
		return clean(f, text);
	case MAPPING_TEXT_ABSENT:
		break;
	case MAPPING_TEXT_NONE:
		quirk(f, "value.not-a-text", NULL);
		break;
	case MAPPING_TEXT_DROPPED:
		quirk(f, "text.not-kept", NULL);
		break;
	}
	return NULL;
}

static mapping_spots find(struct filler *f, const struct mapping_path *path,
	const struct mapping_spot *from)
{
	mapping_spots spots = {0};

	if (!from->node) {
		/* A text that was split off: `.` is all there is to it. */
		*LIST_ADD(f->scratch, &spots) = *from;
		return spots;
	}
	f->at = from->node;
	if (f->ops->find(f->tree, path, from->node, f->scratch, &spots))
		fail(f, "mapping.path-failed",
			"%.120s costs too much here, or cannot be followed",
			path->text);
	return spots;
}

/* What stands once: the first that says something. */
static const char *text_at(struct filler *f, const struct mapping_field *field,
	const struct mapping_spot *from)
{
	mapping_spots spots = find(f, &field->path, from);
	const char *first = NULL;

	for (size_t i = 0; i < spots.n; i++) {
		const char *text = spot_text(f, &spots.at[i]);

		if (first && text && strcmp(first, text) != 0) {
			quirk(f, "element.repeated", text);
			break;
		}
		first = first ? first : text;
	}
	return first;
}

static const struct mapping_value *find_value(
	const struct mapping_field *field, const char *code)
{
	for (size_t i = 0; i < field->values_n; i++)
		if (!strcmp(field->values[i].code, code))
			return &field->values[i];
	return NULL;
}

/* A word of the mapping: an event may outlive it. */
static const char *own(struct filler *f, const char *word)
{
	return arena_dup(&f->ev->arena, word);
}

/* Our word for the vendor's @code; NULL: the table says it means nothing. */
static const char *translate(
	struct filler *f, const struct mapping_field *field, const char *code)
{
	const struct mapping_value *value = find_value(field, code);

	if (!value && !field->values_n)
		return code;
	if (value || field->otherwise)
		return own(f, value ? value->word : field->otherwise);
	quirk(f, "value.unknown", code);
	return code;
}

/* ---- Values, by shape. */

static const char *read_text(struct filler *f, const struct mapping_field *field,
	const struct mapping_spot *from)
{
	const char *text = field->constant ? NULL : text_at(f, field, from);

	if (field->constant)
		return own(f, field->constant);
	return text ? translate(f, field, text) : own(f, field->fallback);
}

static void fill_text(struct filler *f, const struct mapping_field *field, void *place,
	const struct mapping_spot *from)
{
	*(const char **)place = read_text(f, field, from);
}

/* `6795/UBND-PVHCC` in one text. */
static void fill_code(struct filler *f, const struct mapping_field *field, void *place,
	const struct mapping_spot *from)
{
	struct event_code *code = place;
	const char *text = read_text(f, field, from);
	const char *slash = text ? strchr(text, '/') : NULL;

	code->number = text;
	if (!slash)
		return;
	code->number = slash == text ? NULL
				     : text_clean(&f->ev->arena, text,
					       (size_t)(slash - text), NULL);
	code->notation =
		slash[1] ? text_clean(&f->ev->arena, slash + 1, strlen(slash + 1), NULL)
			 : NULL;
}

/* These decide what is done with a document: they are never guessed. */
static bool decides(const struct event_json_member *m)
{
	return m->words == event_kind_words || m->words == event_stage_words ||
	       m->words == event_business_words;
}

static void fill_word(struct filler *f, const struct mapping_field *field, void *place,
	const struct mapping_spot *from)
{
	const struct event_json_member *m = field->member;
	const char *code = field->constant ? NULL : text_at(f, field, from);
	const struct mapping_value *value = code ? find_value(field, code) : NULL;
	const char *word = field->constant    ? field->constant
			   : !code            ? field->fallback
			   : value            ? value->word
			   : field->otherwise ? field->otherwise
			   : field->values_n  ? "?"
					      : code;
	int index = word ? event_word_index(m->words, m->words_n, word) : -1;

	if (index >= 0) {
		*(unsigned *)place = (unsigned)index;
		return;
	}
	if (value)
		return;
	if (decides(m))
		fail(f, "mapping.unknown-value",
			code ? "%s: `%.60s` stands in no value table of the mapping"
			     : "%s: nothing stands where the mapping looks for it%s",
			m->name, code ? code : "; add `default` if that is usual");
	else if (code)
		quirk(f,
			m->words == event_secrecy_words ? "secrecy.unknown"
							: "value.unknown",
			code);
}

/* E2: in the forms the mapping names, else in those everybody knows. A text that fits
 * two of them as different days is none. */
static bool read_date(struct filler *f, const struct mapping_field *field,
	const char *text, struct mapping_date *ret)
{
	const char *const *dates = field->dates_n ? field->dates : f->m->dates;
	size_t n = field->dates_n ? field->dates_n : f->m->dates_n, fits = 0;

	if (!n) {
		struct event_date date = event_date_read(text);

		*ret = (struct mapping_date){date.day, date.at};
		event_date_quirks(f->ev, date.odd, f->path, text);
		return date.day != DAY_NONE;
	}
	for (size_t i = 0; i < n; i++) {
		struct mapping_date date;

		if (!mapping_date_read(dates[i], text, &date))
			continue;
		if (fits++ && date.day != ret->day) {
			quirk(f, "date.ambiguous", text);
			return false;
		}
		if (fits == 1)
			*ret = date;
	}
	if (!fits)
		quirk(f, "date.invalid", text);
	return fits > 0;
}

static void fill_date(struct filler *f, const struct mapping_field *field, void *place,
	const struct mapping_spot *from)
{
	const struct event_json_member *m = field->member;
	const char *text = text_at(f, field, from);
	struct mapping_date date;
	bool good = text && read_date(f, field, text, &date);

	if (good && m->shape == SHAPE_DAY)
		*(day_t *)place = date.day;
	else if (good) /* whole seconds: that is what is written again */
		*(msec_t *)place = date.at - (date.at % 1000 + 1000) % 1000;
	/* The document's own is always kept, an assignment's when it was none. */
	if (m->raw && (place == (void *)&f->ev->due_on || !good))
		*(const char **)(void *)((char *)place - m->at + m->raw) = text;
}

static void fill_number(struct filler *f, const struct mapping_field *field,
	void *place, const struct mapping_spot *from)
{
	const char *text = read_text(f, field, from);
	bool is_size = field->member->shape == SHAPE_SIZE;
	int64_t number;

	if (!text)
		return;
	if (!text_parse_int(text, 0, is_size ? INT64_MAX : 99999, &number))
		quirk(f, "value.not-a-number", text);
	else if (is_size)
		*(int64_t *)place = number;
	else
		*(int *)place = (int)number;
}

/* A size: a number that is written there, or of the file that is. */
static void fill_size(struct filler *f, const struct mapping_field *field, void *place,
	const struct mapping_spot *from)
{
	if (!field->base64) {
		fill_number(f, field, place, from);
		return;
	}
	mapping_spots spots = find(f, &field->path, from);

	for (size_t i = 0; i < spots.n; i++) {
		int64_t bytes = spots.at[i].node ? f->ops->file_bytes(f->tree,
							   spots.at[i].node, f->scratch)
						 : -1;

		if (bytes < 0)
			quirk(f, "attachment.not-base64", NULL);
		*(int64_t *)place = bytes;
	}
}

/* ---- Lists and parts. */

/* What is between the separators in each of @spots. */
static mapping_spots split(
	struct filler *f, const mapping_spots *spots, const char *separators)
{
	mapping_spots pieces = {0};

	for (size_t i = 0; i < spots->n; i++) {
		const char *text = spot_text(f, &spots->at[i]);

		while (text && *text) {
			size_t n = strcspn(text, separators);
			const char *piece = text_clean(f->scratch, text, n, NULL);

			if (*piece)
				LIST_ADD(f->scratch, &pieces)->text = piece;
			text += n + (text[n] != '\0');
		}
	}
	return pieces;
}

static mapping_spots entries(struct filler *f, const struct mapping_field *field,
	const struct mapping_path *path, const struct mapping_spot *from)
{
	mapping_spots spots = find(f, path, from);

	return field->split ? split(f, &spots, field->split) : spots;
}

static void add_text(struct filler *f, const struct mapping_field *field,
	text_list *list, const char *text)
{
	const char *word = text ? translate(f, field, text) : NULL;

	if (word)
		*LIST_ADD(&f->ev->arena, list) = word;
}

static void fill_texts(struct filler *f, const struct mapping_field *field, void *place,
	const struct mapping_spot *from)
{
	bool each = field->each.text != NULL;
	mapping_spots spots =
		entries(f, field, each ? &field->each : &field->path, from);

	for (size_t i = 0; i < spots.n; i++) {
		size_t before = enter(f, each ? &field->each : &field->path, i + 1);

		add_text(f, field, place,
			each ? text_at(f, field, &spots.at[i])
			     : spot_text(f, &spots.at[i]));
		leave(f, before);
	}
}

static void fill_fields(struct filler *f, const struct mapping_field *fields, size_t n,
	char *object, const struct mapping_spot *from);

static bool is_empty(const char *element, const char *blank, size_t n)
{
	return memcmp(element, blank, n) == 0;
}

static void fill_list(struct filler *f, const struct mapping_field *field, void *place,
	const struct mapping_spot *from)
{
	const struct event_json_member *m = field->member;
	mapping_spots spots = entries(f, field, &field->each, from);
	char *blank = arena_alloc(f->scratch, m->size);

	event_json_set_absent(m->inner, m->inner_n, blank);
	for (size_t i = 0; i < spots.n; i++) {
		size_t before = enter(f, &field->each, i + 1);
		char *element = arena_alloc(f->scratch, m->size);

		memcpy(element, blank, m->size);
		fill_fields(f, field->fields, field->fields_n, element, &spots.at[i]);
		if (is_empty(element, blank, m->size))
			quirk(f, "entry.empty", NULL);
		else
			event_json_append(&f->ev->arena, m, place, element);
		leave(f, before);
	}
}

static void fill_object(struct filler *f, const struct mapping_field *field,
	void *place, const struct mapping_spot *from)
{
	if (field->path.text || field->constant)
		fill_code(f, field, place, from);
	else
		fill_fields(f, field->fields, field->fields_n, place, from);
}

typedef void fill_value(struct filler *f, const struct mapping_field *field,
	void *place, const struct mapping_spot *from);

static void fill_fields(struct filler *f, const struct mapping_field *fields, size_t n,
	char *object, const struct mapping_spot *from)
{
	static fill_value *const by_shape[] = {
		[SHAPE_TEXT] = fill_text,
		[SHAPE_VERBATIM] = fill_text,
		[SHAPE_DAY] = fill_date,
		[SHAPE_INSTANT] = fill_date,
		[SHAPE_WORD] = fill_word,
		[SHAPE_INT] = fill_number,
		[SHAPE_SIZE] = fill_size,
		[SHAPE_TEXTS] = fill_texts,
		[SHAPE_OBJECT] = fill_object,
		[SHAPE_LIST] = fill_list,
	};

	for (size_t i = 0; i < n; i++) {
		bool leaf = fields[i].path.text && !fields[i].each.text &&
			    fields[i].member->shape != SHAPE_TEXTS;
		size_t before = f->path_n;

		if (leaf)
			enter(f, &fields[i].path, 0);
		by_shape[fields[i].member->shape](
			f, &fields[i], object + fields[i].member->at, from);
		leave(f, before);
	}
}

/* What each kind must say to mean anything. */
static void check_meaning(struct filler *f, const void *node)
{
	struct event *ev = f->ev;

	f->at = node;
	if (ev->kind == EVENT_DOCUMENT && !event_ensure_document_id(ev, "document_id"))
		fail(f, "mapping.no-identity",
			"no document_id, and no from.organ_id, code and issued_on to "
			"stand in for it");
	if (ev->kind == EVENT_STATUS && ev->status.code < 0)
		quirk(f, "status.code-unknown", NULL);
	if (ev->kind != EVENT_DOCUMENT && ev->targets.n == 0)
		fail(f, "mapping.no-identity",
			"targets: nothing says which document this is about");
	if (ev->kind == EVENT_OPINION && !ev->content)
		fail(f, "mapping.no-identity", "content: an opinion needs one");
}

int mapping_fill(const struct mapping *m, const struct mapping_tree_ops *ops,
	void *tree, size_t max_text, const void *node, struct arena *scratch,
	struct event *ev, const void **ret_at, struct codec_error *ret_error)
{
	struct filler f = {.m = m,
		.ops = ops,
		.tree = tree,
		.max_text = max_text,
		.scratch = scratch,
		.ev = ev,
		.ret_at = ret_at,
		.error = ret_error};

	ev->source = arena_dup(&ev->arena, m->source);
	fill_fields(&f, m->fields, m->fields_n, (char *)ev,
		&(struct mapping_spot){.node = node});
	check_meaning(&f, node);
	return f.failed ? -1 : 0;
}
