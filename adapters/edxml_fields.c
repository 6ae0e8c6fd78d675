/* Where the text of each element goes, and what is odd about it there and then. */
#include <stdio.h>
#include <string.h>

#include "adapters/edxml_reader.h"
#include "adapters/edxml_records.h"
#include "gateway/base/text.h"
#include "gateway/model/event_date.h"

enum field_kind {
	FIELD_NONE,
	FIELD_TEXT,
	FIELD_ORGAN,
	FIELD_DATE,
	FIELD_TAKE, /* by a function of its own */
	FIELD_RAW,  /* the same, before cleaning */
	FIELD_BYTES
};

struct field {
	enum field_kind kind;
	bool pending;      /* @at is in struct edxml_pending, else in struct event */
	bool empty_is_odd; /* of a date */
	uint16_t at;
	uint16_t raw; /* of a date: its text, in the event */
	void (*take)(struct edxml_reader *r, const char *text); /* text may be NULL */
	void (*begin)(struct edxml_reader *r);
	void (*end)(struct edxml_reader *r);
};

const char *edxml_path(struct edxml_reader *r, const char *child)
{
	buf_reset(&r->path);
	for (int i = 1; i <= r->depth; i++) {
		if (r->stack[i].state <= EDXML_ENVELOPE)
			continue;
		if (r->path.n)
			buf_add_char(&r->path, '/');
		buf_add_text(&r->path, r->stack[i].name);
	}
	if (child && r->path.n)
		buf_add_char(&r->path, '/');
	if (child)
		buf_add_text(&r->path, child);
	return buf_text(&r->path);
}

void edxml_quirk(
	struct edxml_reader *r, const char *code, const char *child, const char *value)
{
	if (r->ev->quirks.n >= EDXML_MAX_QUIRKS)
		return;
	const char *path = edxml_path(r, child);

	event_add_quirk(r->ev, code, *path ? path : NULL, value);
}

/* E3: clean, and a filler is NULL. @filler is the quirk that a filler is here. */
static const char *clean_text(struct edxml_reader *r, const char *filler)
{
	bool changed;

	if (r->text.n == 0)
		return NULL;
	const char *text = text_clean(&r->ev->arena, r->text.data, r->text.n, &changed);

	if (changed)
		edxml_quirk(r, "text.not-nfc", NULL, text);
	if (!*text)
		return NULL;
	if (text_is_filler(text)) {
		edxml_quirk(r, filler, NULL, text);
		return NULL;
	}
	return text;
}

/* O1; an id of another shape is kept. */
static bool is_organ_id(const char *text)
{
	size_t n = strspn(text,
		"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz._:-");

	return !text[n] && n >= 2 && n <= 64 && !strchr("._:-", text[0]);
}

void edxml_put_text(struct edxml_reader *r, const char **place, const char *text)
{
	if (!text)
		return;
	if (*place && strcmp(*place, text) != 0)
		edxml_quirk(r, "element.repeated", NULL, text);
	else
		*place = text;
}

static void put_date(struct edxml_reader *r, const struct field *f, day_t *place)
{
	const char *text = clean_text(r, "text.filler");

	if (!text) {
		if (f->empty_is_odd)
			edxml_quirk(r, "date.empty", NULL, NULL);
		return;
	}
	struct event_date date = event_date_read(text);

	*place = date.day;
	if (f->raw)
		*(const char **)(void *)((char *)r->ev + f->raw) = text;
	if (date.odd && r->ev->quirks.n < EDXML_MAX_QUIRKS)
		event_date_quirks(r->ev, date.odd, edxml_path(r, NULL), text);
}

int edxml_number(const char *text)
{
	int64_t value;

	return text && text_parse_int(text, 0, 99999, &value) ? (int)value : -1;
}

static void take_code(struct edxml_reader *r, const char *text)
{
	struct event_code *code = &r->ev->code;

	if (!text || code->number || code->notation)
		return;
	/* `01/2020/QĐ-UBND`: all parts that are digits only are the number. */
	size_t n = strcspn(text, "/");

	for (size_t next = n; text[next] == '/';) {
		size_t digits = strspn(text + next + 1, "0123456789");

		if (!digits || text[next + 1 + digits] != '/')
			break;
		n = next = next + 1 + digits;
	}
	code->number = arena_dup_n(&r->ev->arena, text, n);
	if (text[n] && text[n + 1])
		code->notation = text + n + 1;
}

static void take_priority(struct edxml_reader *r, const char *text)
{
	int value = edxml_number(text);

	if (value >= 0 && value <= PRIORITY_EXPRESS_TIMED)
		r->ev->priority = (enum event_priority)value;
	else if (text)
		edxml_quirk(r, "priority.unknown", NULL, text);
}

static void take_steering(struct edxml_reader *r, const char *text)
{
	static const enum event_steering values[3][4] = {
		[CODEC_STEERING_UNKNOWN] = {STEERING_NONE, STEERING_UNKNOWN,
			STEERING_UNKNOWN, STEERING_REPORT},
		[CODEC_STEERING_012] = {STEERING_NONE, STEERING_DIRECTIVE,
			STEERING_REPORT, STEERING_UNKNOWN},
		[CODEC_STEERING_123] = {STEERING_NONE, STEERING_NONE,
			STEERING_DIRECTIVE, STEERING_REPORT},
	};
	int value = edxml_number(text);

	if (!text)
		return;
	if (value >= 0 && value <= 3)
		r->ev->steering = values[r->options->steering][value];
	if (r->ev->steering == STEERING_UNKNOWN)
		edxml_quirk(r,
			value == 1 || value == 2 ? "steering.ambiguous"
						 : "steering.unknown",
			NULL, text);
}

static void take_secrecy(struct edxml_reader *r, const char *text)
{
	static const struct {
		const char *word;
		enum event_secrecy secrecy;
	} words[] = {
		{"0", SECRECY_NONE},
		{"thuong", SECRECY_NONE},
		{"khong", SECRECY_NONE},
		{"khong mat", SECRECY_NONE},
		{"false", SECRECY_NONE},
		{"1", SECRECY_CONFIDENTIAL},
		{"mat", SECRECY_CONFIDENTIAL},
		{"2", SECRECY_SECRET},
		{"toi mat", SECRECY_SECRET},
		{"3", SECRECY_TOP_SECRET},
		{"tuyet mat", SECRECY_TOP_SECRET},
	};
	const char *folded = text_fold_ascii(&r->ev->arena, text);

	if (!text)
		return;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(folded, words[i].word) == 0) {
			r->ev->secrecy = words[i].secrecy;
			return;
		}
	edxml_quirk(r, "secrecy.unknown", NULL, text);
}

static void take_task_code(struct edxml_reader *r, const char *text)
{
	if (text)
		*LIST_ADD(&r->ev->arena, &r->ev->response_for_tasks) = text;
}

static void take_type_number(struct edxml_reader *r, const char *text)
{
	edxml_put_text(r, &r->type_number, text);
}

static void take_status_code(struct edxml_reader *r, const char *text)
{
	static const int known[] = {1, 2, 3, 4, 5, 6, 13, 15, 16, 999};
	int value = edxml_number(text);

	r->has_status_code = true;
	r->ev->kind = EVENT_STATUS;
	r->ev->status.code = value;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (known[i] == value)
			return;
	edxml_quirk(r, "status.code-unknown", NULL, text);
}

static void take_status_at(struct edxml_reader *r, const char *text)
{
	struct event_date date;

	if (!text)
		return;
	date = event_date_read(text);
	r->ev->status.at = date.at;
	if (r->ev->quirks.n < EDXML_MAX_QUIRKS)
		event_date_quirks(r->ev, date.odd & ~(unsigned)EVENT_DATE_WITH_TIME,
			edxml_path(r, NULL), text);
}

#define IN_EVENT(k, member)                                                            \
	{                                                                              \
		.kind = (k), .at = offsetof(struct event, member)                      \
	}
#define IN_PENDING(k, member)                                                          \
	{                                                                              \
		.kind = (k), .pending = true,                                          \
		.at = offsetof(struct edxml_pending, member)                           \
	}
#define TAKE(function)                                                                 \
	{                                                                              \
		.kind = FIELD_TAKE, .take = (function)                                 \
	}

static const struct field fields[EDXML_STATES] = {
	[EDXML_STATUS] = {.begin = edxml_begin_status},
	[EDXML_FROM] = {.end = edxml_end_from},
	[EDXML_FROM_ID] = IN_EVENT(FIELD_ORGAN, from.organ_id),
	[EDXML_FROM_NAME] = IN_EVENT(FIELD_TEXT, from.name),
	[EDXML_TO] = {.end = edxml_end_to},
	[EDXML_TO_ID] = IN_PENDING(FIELD_ORGAN, organ.organ_id),
	[EDXML_TO_NAME] = IN_PENDING(FIELD_TEXT, organ.name),
	[EDXML_DOCUMENT_ID] = IN_EVENT(FIELD_TEXT, document_id),
	[EDXML_CODE] = TAKE(take_code),
	[EDXML_CODE_NUMBER] = IN_EVENT(FIELD_TEXT, code.number),
	[EDXML_CODE_NOTATION] = IN_EVENT(FIELD_TEXT, code.notation),
	[EDXML_ISSUED_ON] = {.kind = FIELD_DATE,
		.empty_is_odd = true,
		.at = offsetof(struct event, issued_on)},
	[EDXML_TYPE_NUMBER] = TAKE(take_type_number),
	[EDXML_TYPE_NAME] = IN_EVENT(FIELD_TEXT, type_name),
	[EDXML_SUBJECT] = IN_EVENT(FIELD_TEXT, subject),
	[EDXML_CONTENT] = IN_EVENT(FIELD_TEXT, content),
	[EDXML_SIGNER_COMPETENCE] = IN_EVENT(FIELD_TEXT, signer.competence),
	[EDXML_SIGNER_POSITION] = IN_EVENT(FIELD_TEXT, signer.position),
	[EDXML_SIGNER_NAME] = IN_EVENT(FIELD_TEXT, signer.name),
	[EDXML_DUE_ON] = {.kind = FIELD_DATE,
		.empty_is_odd = true,
		.at = offsetof(struct event, due_on),
		.raw = offsetof(struct event, due_raw)},
	[EDXML_PRIORITY] = TAKE(take_priority),
	[EDXML_SECRET] = TAKE(take_secrecy),
	[EDXML_RESPONSE] = {.begin = edxml_begin_response, .end = edxml_end_response},
	[EDXML_RESPONSE_ORGAN] = IN_PENDING(FIELD_ORGAN, response.organ_id),
	[EDXML_RESPONSE_CODE] = IN_PENDING(FIELD_TEXT, response.code),
	[EDXML_RESPONSE_NUMBER] = IN_PENDING(FIELD_TEXT, response_code.number),
	[EDXML_RESPONSE_NOTATION] = IN_PENDING(FIELD_TEXT, response_code.notation),
	[EDXML_RESPONSE_ID] = IN_PENDING(FIELD_TEXT, response.document_id),
	[EDXML_RESPONSE_ISSUED_ON] = IN_PENDING(FIELD_DATE, response.issued_on),
	[EDXML_TASK_CODE] = TAKE(take_task_code),
	[EDXML_STEERING] = TAKE(take_steering),
	[EDXML_STATUS_CODE] = TAKE(take_status_code),
	[EDXML_STATUS_DESCRIPTION] = IN_EVENT(FIELD_TEXT, status.description),
	[EDXML_STATUS_AT] = TAKE(take_status_at),
	[EDXML_HOP] = {.end = edxml_end_hop},
	[EDXML_HOP_ORGAN] = {.kind = FIELD_RAW, .take = edxml_take_hop_organ},
	[EDXML_HOP_AT] = TAKE(edxml_take_hop_at),
	[EDXML_BUSINESS] = {.begin = edxml_begin_business},
	[EDXML_BUSINESS_ID] = TAKE(edxml_take_business_id),
	[EDXML_BUSINESS_TYPE] = TAKE(edxml_take_business_type),
	[EDXML_RECEIVER] = {.end = edxml_end_receiver},
	[EDXML_RECEIVER_ID] = IN_PENDING(FIELD_ORGAN, receiver),
	[EDXML_RECEIVER_TYPE] = IN_PENDING(FIELD_TEXT, receiver_type),
	[EDXML_REPLACEMENT] = {.end = edxml_end_replacement},
	[EDXML_REPLACED_ID] = IN_PENDING(FIELD_TEXT, replaced),
	[EDXML_REPLACED_ORGAN] = {.kind = FIELD_ORGAN,
		.pending = true,
		.at = offsetof(struct edxml_pending, receiver),
		.end = edxml_end_replaced_organ},
	[EDXML_REFERENCE] = {.begin = edxml_begin_file, .end = edxml_end_reference},
	[EDXML_REFERENCE_ID] = IN_PENDING(FIELD_TEXT, content_id),
	[EDXML_REFERENCE_TYPE] = IN_PENDING(FIELD_TEXT, file.declared_type),
	[EDXML_REFERENCE_NAME] = IN_PENDING(FIELD_TEXT, file.name),
	[EDXML_ATTACHMENT] = {.begin = edxml_begin_file, .end = edxml_end_attachment},
	[EDXML_ATTACHMENT_ID] = IN_PENDING(FIELD_TEXT, content_id),
	[EDXML_ATTACHMENT_TYPE] = IN_PENDING(FIELD_TEXT, file.declared_type),
	[EDXML_ATTACHMENT_NAME] = IN_PENDING(FIELD_TEXT, file.name),
	[EDXML_ATTACHMENT_BYTES] = {.kind = FIELD_BYTES,
		.begin = edxml_begin_bytes,
		.end = edxml_end_bytes},
};

enum edxml_text edxml_text_of(enum edxml_state state)
{
	enum field_kind kind = fields[state].kind;

	if (kind == FIELD_NONE)
		return EDXML_TEXT_NONE;
	return kind == FIELD_BYTES ? EDXML_TEXT_BYTES : EDXML_TEXT_WHOLE;
}

void edxml_enter(struct edxml_reader *r, enum edxml_state state)
{
	buf_reset(&r->text);
	if (fields[state].begin)
		fields[state].begin(r);
}

static void take_field(struct edxml_reader *r, const struct field *f)
{
	char *base = f->pending ? (char *)&r->p : (char *)r->ev;
	void *place = base + f->at;
	const char *text;

	switch (f->kind) {
	case FIELD_NONE:
	case FIELD_BYTES:
		return;
	case FIELD_TEXT:
		edxml_put_text(r, place, clean_text(r, "text.filler"));
		return;
	case FIELD_ORGAN:
		text = clean_text(r, "organ.filler");
		if (text && !is_organ_id(text))
			edxml_quirk(r, "organ.odd-id", NULL, text);
		edxml_put_text(r, place, text);
		return;
	case FIELD_DATE:
		put_date(r, f, place);
		return;
	case FIELD_TAKE:
		f->take(r, clean_text(r, "text.filler"));
		return;
	case FIELD_RAW:
		f->take(r, NULL);
		return;
	}
}

void edxml_leave(struct edxml_reader *r, enum edxml_state state)
{
	const struct field *f = &fields[state];

	take_field(r, f);
	if (f->end)
		f->end(r);
	buf_reset(&r->text);
}

void edxml_keep_unfinished(struct edxml_reader *r)
{
	const struct field *f = &fields[r->stack[r->depth].state];

	if (f->kind == FIELD_TEXT || f->kind == FIELD_TAKE)
		take_field(r, f);
	for (int i = r->depth; i > 0; i--) {
		enum edxml_state state = r->stack[i].state;

		if ((state == EDXML_REFERENCE || state == EDXML_ATTACHMENT) &&
			r->p.file.name)
			edxml_files_refer(r->files, r->ev, NULL, &r->p.file);
	}
}
