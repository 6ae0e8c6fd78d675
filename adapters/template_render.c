/* Filling a template from an event: values, filters, and escaping by place. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/template_parts.h"
#include "adapters/url_path.h"
#include "gateway/base/day.h"
#include "gateway/base/json.h"
#include "gateway/base/mem.h"

struct template_values {
	json_t *event;
	const char *name, *known_as;
};

int template_values_open(struct slice body, const char *name, const char *known_as,
	struct template_values **ret_values, struct err *e)
{
	json_t *event = json_loadb(body.at, body.n, 0, NULL);

	if (!event)
		return err_set(e, ERR_BUG, "the event is no JSON");
	struct template_values *v = mem_alloc(sizeof(*v));

	v->event = event;
	v->name = name;
	v->known_as = known_as;
	*ret_values = v;
	return 0;
}

void template_values_close(struct template_values *v)
{
	if (!v)
		return;
	json_decref(v->event);
	free(v);
}

static void decref_cleanup(json_t **value)
{
	json_decref(*value);
}
#define cleanup_json __attribute__((__cleanup__(decref_cleanup)))

/* --- the value ----------------------------------------------------------------------
 */

static json_t *step_into(const json_t *value, const char *step)
{
	if (json_is_array(value))
		return json_array_get(value, (size_t)strtoul(step, NULL, 10));
	return json_object_get(value, step);
}

/* Owned; JSON's null if there is none, or it is no text that JSON could hold. */
static json_t *own_text(const char *text)
{
	json_t *value = text ? json_string(text) : NULL;

	return value ? value : json_null();
}

/* Owned; JSON's null if it is not there. */
static json_t *look_up(const struct template_values *v, const struct template_piece *p)
{
	json_t *value = v->event;

	if (p->steps_n == 1 && !strcmp(p->steps[0], "known_as"))
		return own_text(v->known_as);
	if (p->steps_n == 1 && !strcmp(p->steps[0], "name"))
		return own_text(v->name);
	for (size_t i = 0; i < p->steps_n && value; i++)
		value = step_into(value, p->steps[i]);
	return value ? json_incref(value) : json_null();
}

static bool is_scalar(const json_t *value)
{
	return !json_is_object(value) && !json_is_array(value) && !json_is_null(value);
}

/* As it stands in a text, unescaped. */
static void add_scalar(struct buf *out, const json_t *value)
{
	if (json_is_string(value)) {
		buf_add(out, json_string_value(value), json_string_length(value));
		return;
	}
	cleanup_free char *text = json_dumps(value, JSON_ENCODE_ANY);

	buf_add_text(out, text);
}

static json_t *text_value(const struct buf *text)
{
	return json_stringn(buf_text(text), text->n);
}

/* --- filters: a new value from one, NULL and @e if that cannot be --------------------
 */

typedef json_t *filter_apply(
	const struct template_filter *f, json_t *value, struct err *e);

static json_t *refuse(struct err *e, const char *words)
{
	err_set(e, ERR_INPUT, "%s", words);
	return NULL;
}

/* @seconds of the day's begin; -1: no hour is known. */
static void add_date(struct buf *out, const char *pattern, day_t day, int seconds)
{
	int year, month, mday;

	day_split(day, &year, &month, &mday);
	for (const char *at = pattern; *at;) {
		size_t n = template_date_token(at);
		const struct {
			char letter;
			int number;
		} parts[] = {{'d', mday}, {'M', month},
			{'y', n == 2 ? year % 100 : year}, {'H', seconds / 3600},
			{'m', seconds / 60 % 60}, {'s', seconds % 60}};

		if (!n)
			buf_add_char(out, *at);
		for (size_t i = 0; n && i < sizeof(parts) / sizeof(*parts); i++)
			if (parts[i].letter == *at)
				buf_printf(out, "%0*d", (int)n, parts[i].number);
		at += n ? n : 1;
	}
}

static json_t *apply_date(const struct template_filter *f, json_t *value, struct err *e)
{
	const char *text = json_string_value(value);
	day_t day = day_parse(text);
	cleanup_buf struct buf out = {0};
	msec_t at;
	int seconds = 0;

	if (json_is_null(value))
		return json_incref(value);
	if (day == DAY_NONE && text && instant_parse(text, &at)) {
		day = day_of(at);
		seconds = (int)((at - day_start(day)) / 1000);
	}
	if (day == DAY_NONE)
		return refuse(e, "is no date");
	add_date(&out, f->argument, day, seconds);
	return text_value(&out);
}

static json_t *apply_default(
	const struct template_filter *f, json_t *value, struct err *e)
{
	(void)e;
	if (!json_is_null(value))
		return json_incref(value);
	json_t *plain =
		f->quoted ? NULL : json_loads(f->argument, JSON_DECODE_ANY, NULL);

	if (plain && is_scalar(plain))
		return plain;
	json_decref(plain);
	return json_string(f->argument);
}

static json_t *apply_join(const struct template_filter *f, json_t *value, struct err *e)
{
	cleanup_buf struct buf out = {0};
	const json_t *item;
	size_t i;

	if (json_is_null(value))
		return json_incref(value);
	if (!json_is_array(value))
		return refuse(e, "is no list");
	json_array_foreach(value, i, item)
	{
		if (!is_scalar(item))
			return refuse(e, "is a list of more than texts");
		if (i)
			buf_add_text(&out, f->argument);
		add_scalar(&out, item);
	}
	return text_value(&out);
}

static json_t *apply_text(const struct template_filter *f, json_t *value, struct err *e)
{
	cleanup_buf struct buf out = {0};

	(void)f;
	if (json_is_null(value))
		return json_incref(value);
	if (!is_scalar(value))
		return refuse(e, "is no text but holds several values");
	add_scalar(&out, value);
	return text_value(&out);
}

static json_t *apply_max(const struct template_filter *f, json_t *value, struct err *e)
{
	json_t *text = apply_text(f, value, e);
	const char *bytes = json_string_value(text);
	size_t n = 0;

	if (!bytes)
		return text;
	for (int letters = 0; bytes[n]; n++) {
		letters += (bytes[n] & 0xc0) != 0x80;
		if (letters > f->number)
			break;
	}
	json_t *cut = json_stringn(bytes, n);

	json_decref(text);
	return cut;
}

static json_t *apply_table(
	const struct template_filter *f, json_t *value, struct err *e)
{
	cleanup_json json_t *text = apply_text(f, value, e);
	const char *from = json_string_value(text);

	if (!from)
		return json_incref(text);
	for (size_t i = 0; i < f->table->rows_n; i++)
		if (!strcmp(f->table->rows[i].from, from))
			return json_loads(
				f->table->rows[i].json, JSON_DECODE_ANY, NULL);
	return json_null();
}

static json_t *apply_optional(
	const struct template_filter *f, json_t *value, struct err *e)
{
	(void)f;
	(void)e;
	return json_incref(value);
}

static json_t *apply_required(
	const struct template_filter *f, json_t *value, struct err *e)
{
	(void)f;
	return json_is_null(value) ? refuse(e, "is not known, and required")
				   : json_incref(value);
}

static filter_apply *const appliers[FILTERS] = {
	[FILTER_DATE] = apply_date,
	[FILTER_DEFAULT] = apply_default,
	[FILTER_JOIN] = apply_join,
	[FILTER_MAX] = apply_max,
	[FILTER_OPTIONAL] = apply_optional,
	[FILTER_REQUIRED] = apply_required,
	[FILTER_TABLE] = apply_table,
	[FILTER_TEXT] = apply_text,
};

/* `data.lead` in front of what is wrong with it. */
static int wrap_path(const struct template_piece *p, struct err *e)
{
	struct arena arena = {0};
	int result = err_wrap(
		e, "the template cannot be filled: %s", template_path(&arena, p));

	arena_deinit(&arena);
	return result;
}

/* The place's value, all filters applied; NULL after a fault. */
static json_t *value_of(
	const struct template_values *v, const struct template_piece *p, struct err *e)
{
	json_t *value = look_up(v, p);

	for (const struct template_filter *f = p->filters; f && value; f = f->next) {
		json_t *next = appliers[f->kind](f, value, e);

		json_decref(value);
		value = next;
	}
	if (!value)
		wrap_path(p, e);
	return value;
}

/* --- escaping -----------------------------------------------------------------------
 */

static void add_url(struct buf *out, const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)text[i];
		bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
			     (c >= 'a' && c <= 'z') || (c && strchr("-._~", c));

		if (plain)
			buf_add_char(out, (char)c);
		else
			buf_printf(out, "%%%02X", c);
	}
}

static void add_header(struct buf *out, const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)text[i];

		buf_add_char(out, c < ' ' || c == 0x7f ? ' ' : (char)c);
	}
}

/* Fit for an element's text and for an attribute between either quotes. What XML cannot
 * hold at all (control characters, U+FFFE, U+FFFF) becomes U+FFFD. */
static void add_xml(struct buf *out, const char *text, size_t n)
{
	static const char special[] = "&<>\"'\t\n\r";
	static const char never[] = "\xef\xbf";

	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)text[i];
		bool is_none = n - i >= 3 && !memcmp(text + i, never, 2) &&
			       (unsigned char)text[i + 2] >= 0xbe;

		if (c && strchr(special, c))
			buf_printf(out, "&#%d;", c);
		else if (c < ' ' || is_none)
			buf_add_text(out, "\xef\xbf\xbd");
		else
			buf_add_char(out, (char)c);
		i += is_none ? 2 : 0;
	}
}

static void add_raw(struct buf *out, const char *text, size_t n)
{
	buf_add(out, text, n); /* the JSON writer escapes */
}

typedef void add_escaped(struct buf *out, const char *text, size_t n);
static add_escaped *const escapers[] = {
	[TEMPLATE_URL] = add_url,
	[TEMPLATE_HEADER] = add_header,
	[TEMPLATE_XML] = add_xml,
	[TEMPLATE_JSON] = add_raw,
};

/* --- writing ------------------------------------------------------------------------
 */

static int render_place(const struct template *t, const struct template_piece *p,
	const struct template_values *v, struct buf *out, struct err *e)
{
	cleanup_json json_t *value = value_of(v, p, e);
	cleanup_buf struct buf text = {0};

	if (!value)
		return -1;
	if (!is_scalar(value)) {
		err_set(e, ERR_INPUT, "%s",
			json_is_null(value) ? "is not known, and has no `default`"
					    : "is no text but holds several values");
		return wrap_path(p, e);
	}
	add_scalar(&text, value);
	if (!text.n && t->place == TEMPLATE_URL && !p->in_query) {
		err_set(e, ERR_INPUT, "is empty, and part of a path");
		return wrap_path(p, e);
	}
	escapers[t->place](out, buf_text(&text), text.n);
	return 0;
}

static int refuse_climbing(const char *path, struct err *e)
{
	if (!url_path_climbs(path))
		return 0;
	return err_set(e, ERR_INPUT,
		"the template cannot be filled: a part of the path would be `.` or "
		"`..`");
}

int template_render(const struct template *t, const struct template_values *v,
	struct buf *out, struct err *e)
{
	size_t from = out->n;

	for (const struct template_piece *p = t->first; p; p = p->next) {
		if (!p->steps_n)
			buf_add(out, p->literal, p->literal_n);
		else if (render_place(t, p, v, out, e) < 0)
			return -1;
	}
	return t->place == TEMPLATE_URL ? refuse_climbing(buf_text(out) + from, e) : 0;
}

static bool is_left_out(const struct template_json *t, const struct template_values *v)
{
	struct err e;

	if (t->kind != TEMPLATE_JSON_TEXT || !t->text->exact)
		return false;
	for (const struct template_filter *f = t->text->first->filters; f; f = f->next)
		if (f->kind == FILTER_OPTIONAL) {
			cleanup_json json_t *value = value_of(v, t->text->first, &e);

			return json_is_null(value);
		}
	return false;
}

static int render_text(const struct template *t, const struct template_values *v,
	struct json *j, struct err *e)
{
	cleanup_buf struct buf text = {0};

	if (t->exact) {
		cleanup_json json_t *value = value_of(v, t->first, e);
		cleanup_free char *json =
			value ? json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT)
			      : NULL;

		if (!json)
			return -1;
		json_raw(j, json, strlen(json));
		return 0;
	}
	if (template_render(t, v, &text, e) < 0)
		return -1;
	json_text_n(j, buf_text(&text), text.n);
	return 0;
}

static int render_json(const struct template_json *t, const struct template_values *v,
	struct json *j, struct err *e)
{
	bool object = t->kind == TEMPLATE_JSON_OBJECT;

	if (t->kind == TEMPLATE_JSON_TEXT)
		return render_text(t->text, v, j, e);
	if (t->kind == TEMPLATE_JSON_LITERAL) {
		json_raw(j, t->literal, strlen(t->literal));
		return 0;
	}
	json_open(j, object ? '{' : '[');
	for (const struct template_json *child = t->first; child; child = child->next) {
		if (object && is_left_out(child, v))
			continue;
		if (object)
			json_key(j, child->key);
		if (render_json(child, v, j, e) < 0)
			return -1;
	}
	json_close(j, object ? '}' : ']');
	return 0;
}

int template_render_json(const struct template_json *t, const struct template_values *v,
	struct buf *out, struct err *e)
{
	struct json j = {.out = out};

	return render_json(t, v, &j, e);
}
