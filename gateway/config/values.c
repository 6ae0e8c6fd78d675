#include "gateway/config/values.h"

#include <ctype.h>
#include <string.h>

#include "gateway/base/buf.h"
#include "gateway/base/day.h"
#include "gateway/base/text.h"
#include "gateway/config/hours.h"
#include "gateway/config/secret.h"

enum { ORGAN_ID_MAX = 64, NAME_MAX_BYTES = 63 };

const char *value_name(const struct node *node)
{
	static const char *const scalars[] = {
		[SCALAR_TEXT] = "a text",
		[SCALAR_NULL] = "nothing",
		[SCALAR_TRUE] = "true",
		[SCALAR_FALSE] = "false",
		[SCALAR_NUMBER] = "a number",
	};

	if (node->kind == NODE_LIST)
		return "a list";
	if (node->kind == NODE_MAP)
		return "keys with values";
	return scalars[node_scalar(node)];
}

static const char *words_wanted(struct arena *arena, const struct word *words)
{
	cleanup_buf struct buf out = {0};

	for (; words->name; words++) {
		const char *quote = isdigit((unsigned char)*words->name) ? "\"" : "";

		buf_printf(&out, "%s%s%s%s", out.n ? " | " : "", quote, words->name,
			quote);
	}
	return arena_dup(arena, buf_text(&out));
}

const char *value_wanted(struct arena *arena, const struct field *field)
{
	static const char *const wanted[] = {
		[FIELD_TEXT] = "a text",
		[FIELD_NAME] = "a name of small letters, digits and `-`",
		[FIELD_ORGAN] = "an organ id, as H21 or \"000.00.17.H36\"",
		[FIELD_PATH] = "a path",
		[FIELD_URL] = "an address, as amqp://user@host/vhost",
		[FIELD_HTTP] = "an address, as https://host/path",
		[FIELD_VARIABLE] =
			"the name of an environment variable, as BROKER_PASSWORD",
		[FIELD_BOOL] = "true or false",
		[FIELD_DAY] = "a day, as 2025-07-01",
		[FIELD_HOURS] =
			"up to 3 spans of hours, as \"07:00-11:30,13:30-17:00\"",
		[FIELD_TEXTS] = "a list of texts, as [\"Tờ trình\"]",
		[FIELD_ORGANS] = "a list of organ ids, as [\"H21\"]",
		[FIELD_DAYS] = "a list of days, as [2025-05-02]",
		[FIELD_MAP] = "keys with values",
		[FIELD_ITEMS] = "a list",
		[FIELD_OWN_MAP] = "keys with values",
		[FIELD_OWN_ITEMS] = "a list",
		[FIELD_OWN_YEARS] = "years with their days",
		[FIELD_OWN_EVENTS] =
			"names of events, as task.assigned, each with keys",
	};

	if (field->type == FIELD_WORD)
		return words_wanted(arena, field->words);
	if (field->type == FIELD_INT || field->type == FIELD_SIZE ||
		field->type == FIELD_LONG)
		return arena_printf(arena, "a whole number from %lld to %lld",
			field->low, field->high);
	return wanted[field->type];
}

/* "must be …, not `abc`": only for values that are no secrets. */
static void complain_wrong(
	struct reading *r, const struct field *field, const struct node *node)
{
	bool shown = node->kind == NODE_TEXT && node_scalar(node) != SCALAR_NULL;
	bool bare = field->type >= FIELD_INT && field->type <= FIELD_BOOL;

	complain(r, node, "must be %s%s, not %s%s", value_wanted(r->arena, field),
		shown && bare && !node->plain ? " without quotes" : "",
		shown && !node->plain ? "the text " : "",
		shown ? complain_quote(r->arena, node->text) : value_name(node));
}

static bool is_word(const struct field *field, const char *text)
{
	for (const struct word *w = field->words; w && w->name; w++)
		if (strcmp(w->name, text) == 0)
			return true;
	return false;
}

/* A number, true or false where a text must be: would quotes mend it? */
static void complain_unquoted(
	struct reading *r, const struct field *field, const struct node *node)
{
	bool mends = field->type == FIELD_WORD
			     ? is_word(field, node->text)
			     : field->type != FIELD_DAY && field->type != FIELD_HOURS;

	complain(r, node, "must be %s, not %s%s", value_wanted(r->arena, field),
		value_name(node), mends ? ": put it into quotes" : "");
}

/* The text of @node; NULL after a complaint if it is none. */
static const char *text_of(
	struct reading *r, const struct field *field, const struct node *node)
{
	enum node_scalar scalar =
		node->kind == NODE_TEXT ? node_scalar(node) : SCALAR_NULL;

	if (scalar == SCALAR_TEXT && node->text[0])
		return node->text;
	if (scalar == SCALAR_TEXT)
		complain(r, node, "must be %s, not an empty text",
			value_wanted(r->arena, field));
	else if (scalar == SCALAR_NULL)
		complain(r, node, "must be %s, not %s", value_wanted(r->arena, field),
			value_name(node));
	else
		complain_unquoted(r, field, node);
	return NULL;
}

static bool is_made_of(const char *text, const char *also, bool capitals, size_t max)
{
	size_t n = 0;

	for (; text[n]; n++) {
		unsigned char c = (unsigned char)text[n];

		if (!(c < 0x80 &&
			    (isdigit(c) || islower(c) || (capitals && isupper(c)))) &&
			!strchr(also, c))
			return false;
	}
	return n > 0 && n <= max;
}

bool value_is_organ_id(const char *text)
{
	return is_made_of(text, ".-_:", true, ORGAN_ID_MAX);
}

typedef void value_reader(struct reading *r, const struct field *field,
	const struct node *node, void *at, size_t *count);

static void read_text(struct reading *r, const struct field *field,
	const struct node *node, void *at, size_t *count)
{
	const char *text = text_of(r, field, node);

	(void)count;
	if (text)
		*(const char **)at = text_clean(r->arena, text, strlen(text), NULL);
}

static void read_name(struct reading *r, const struct field *field,
	const struct node *node, void *at, size_t *count)
{
	const char *text = text_of(r, field, node);

	(void)count;
	if (text && !is_made_of(text, "-", false, NAME_MAX_BYTES))
		complain_wrong(r, field, node);
	else if (text)
		*(const char **)at = text;
}

static void read_organ(struct reading *r, const struct field *field,
	const struct node *node, void *at, size_t *count)
{
	const char *text = text_of(r, field, node);

	(void)count;
	if (text && !value_is_organ_id(text))
		complain_wrong(r, field, node);
	else if (text)
		*(const char **)at = text;
}

static void read_path(struct reading *r, const struct field *field,
	const struct node *node, void *at, size_t *count)
{
	const char *text = text_of(r, field, node);

	(void)count;
	if (text)
		*(const char **)at = schema_absolute(r->arena, r->folder, text);
}

static void keep_address(struct reading *r, const struct node *node, const char *text,
	const char *wrong, void *at)
{
	if (wrong)
		complain(r, node, "%s", wrong);
	else if (text)
		*(const char **)at = text;
}

static void read_url(struct reading *r, const struct field *field,
	const struct node *node, void *at, size_t *count)
{
	const char *text = text_of(r, field, node);

	(void)count;
	keep_address(r, node, text, text ? secret_judge_url(text) : NULL, at);
}

static void read_http(struct reading *r, const struct field *field,
	const struct node *node, void *at, size_t *count)
{
	const char *text = text_of(r, field, node);

	(void)count;
	keep_address(r, node, text, text ? secret_judge_http(text) : NULL, at);
}

static void read_variable(struct reading *r, const struct field *field,
	const struct node *node, void *at, size_t *count)
{
	const char *text = text_of(r, field, node);

	(void)count;
	/* What is written here may be the password itself: it is not shown. */
	if (text &&
		(!is_made_of(text, "_", true, 255) || isdigit((unsigned char)*text)))
		complain(r, node, "must be %s", value_wanted(r->arena, field));
	else if (text)
		*(const char **)at = text;
}

static void read_number(struct reading *r, const struct field *field,
	const struct node *node, void *at, size_t *count)
{
	int64_t value;

	(void)count;
	if (node->kind != NODE_TEXT || !node->plain ||
		!text_parse_int(node->text, field->low, field->high, &value))
		complain_wrong(r, field, node);
	else if (field->type == FIELD_INT)
		*(int *)at = (int)value;
	else if (field->type == FIELD_SIZE)
		*(size_t *)at = (size_t)value;
	else
		*(long long *)at = value;
}

static void read_bool(struct reading *r, const struct field *field,
	const struct node *node, void *at, size_t *count)
{
	enum node_scalar is = node->kind == NODE_TEXT ? node_scalar(node) : SCALAR_NULL;

	(void)count;
	if (is != SCALAR_TRUE && is != SCALAR_FALSE)
		complain_wrong(r, field, node);
	else
		*(bool *)at = is == SCALAR_TRUE;
}

static void read_word(struct reading *r, const struct field *field,
	const struct node *node, void *at, size_t *count)
{
	const char *text = text_of(r, field, node);

	(void)count;
	for (const struct word *w = field->words; text && w->name; w++) {
		if (strcmp(w->name, text) != 0)
			continue;
		*(int *)at = w->value;
		return;
	}
	if (text)
		complain_wrong(r, field, node);
}

static void read_day(struct reading *r, const struct field *field,
	const struct node *node, void *at, size_t *count)
{
	const char *text = text_of(r, field, node);
	day_t day = day_parse(text);

	(void)count;
	if (text && day == DAY_NONE)
		complain_wrong(r, field, node);
	else if (text)
		*(day_t *)at = day;
}

static void read_hours(struct reading *r, const struct field *field,
	const struct node *node, void *at, size_t *count)
{
	const char *text = text_of(r, field, node);
	int minutes[8];

	(void)count;
	if (text && !hours_parse(text, minutes))
		complain(r, node,
			"must be %s, each after the one before and ending after it "
			"begins",
			value_wanted(r->arena, field));
	else if (text)
		memcpy(at, minutes, sizeof(minutes));
}

static void read_list(struct reading *r, const struct field *field,
	const struct node *node, void *at, size_t *count)
{
	static const enum field_type element_types[] = {
		[FIELD_TEXTS] = FIELD_TEXT,
		[FIELD_ORGANS] = FIELD_ORGAN,
		[FIELD_DAYS] = FIELD_DAY,
	};
	struct field element = {
		.name = field->name, .type = element_types[field->type]};
	bool days = field->type == FIELD_DAYS;
	size_t size = days ? sizeof(day_t) : sizeof(char *);

	if (node->kind != NODE_LIST) {
		complain_wrong(r, field, node);
		return;
	}
	char *list = arena_alloc(r->arena, node->n * size + 1);

	for (const struct node *item = node->first; item; item = item->next) {
		if (days)
			*(day_t *)(list + item->index * size) = DAY_NONE;
		if (item->kind != NODE_BROKEN)
			value_read(r, &element, item, list + item->index * size, NULL);
	}
	memcpy(at, &list, sizeof(list));
	*count = node->n;
}

void value_read(struct reading *r, const struct field *field, const struct node *node,
	void *at, size_t *count)
{
	static value_reader *const readers[] = {
		[FIELD_TEXT] = read_text,
		[FIELD_NAME] = read_name,
		[FIELD_ORGAN] = read_organ,
		[FIELD_PATH] = read_path,
		[FIELD_URL] = read_url,
		[FIELD_HTTP] = read_http,
		[FIELD_VARIABLE] = read_variable,
		[FIELD_INT] = read_number,
		[FIELD_SIZE] = read_number,
		[FIELD_LONG] = read_number,
		[FIELD_BOOL] = read_bool,
		[FIELD_WORD] = read_word,
		[FIELD_DAY] = read_day,
		[FIELD_HOURS] = read_hours,
		[FIELD_TEXTS] = read_list,
		[FIELD_ORGANS] = read_list,
		[FIELD_DAYS] = read_list,
	};

	readers[field->type](r, field, node, at, count);
}
