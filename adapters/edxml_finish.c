/*
 * What only the whole document tells: what its references are for, who it is, and which
 * of its parts disagree.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "adapters/edxml_reader.h"
#include "gateway/base/text.h"
#include "gateway/model/event_date.h"
#include "gateway/model/event_identity.h"

#define MESSAGE  "edXMLHeader/MessageHeader"
#define BUSINESS "edXMLHeader/TraceHeaderList/Bussiness"

enum {
	COMPARED =
		256, /* beyond so many entries repetitions are no longer looked for */
	DAYS_5_YEARS = 5 * 366
};

static void add_quirk(
	struct edxml_reader *r, const char *code, const char *path, const char *value)
{
	if (r->ev->quirks.n < EDXML_MAX_QUIRKS)
		event_add_quirk(r->ev, code, path, value);
}

/* `organ,yyyy/MM/dd,number/notation` taken apart; false for any other id. */
struct conventional {
	day_t day; /* DAY_NONE: the date in it is none */
	const char *code;
};

static bool split_id(const char *id, struct conventional *ret)
{
	const char *first = strchr(id, ',');
	const char *second = first ? strchr(first + 1, ',') : NULL;
	char date[32];

	if (!second || !strchr(second, '/'))
		return false;
	snprintf(date, sizeof(date), "%.*s", (int)(second - first - 1), first + 1);
	ret->day = event_date_read(date).day;
	ret->code = second + 1;
	return true;
}

/* 8-4-4-4-12 hexadecimal digits. */
static bool is_uuid(const char *id)
{
	static const char shape[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

	if (strlen(id) != sizeof(shape) - 1)
		return false;
	for (size_t i = 0; shape[i]; i++)
		if (shape[i] == 'x' ? !isxdigit((unsigned char)id[i]) : id[i] != '-')
			return false;
	return true;
}

static bool is_swapped(const struct event *ev, const char *code)
{
	const char *number = ev->code.number, *notation = ev->code.notation;
	size_t n = notation ? strlen(notation) : 0;

	return number && n && strncmp(code, notation, n) == 0 && code[n] == '/' &&
	       strcmp(code + n + 1, number) == 0;
}

static void check_document_id(struct edxml_reader *r)
{
	const struct event *ev = r->ev;
	const char *id = ev->document_id, *path = MESSAGE "/DocumentId";
	struct conventional parts;

	if (!id)
		return;
	if (!split_id(id, &parts)) {
		add_quirk(r, is_uuid(id) ? "id.opaque" : "id.free-form", path, id);
		return;
	}
	if (parts.day == DAY_NONE)
		add_quirk(r, "id.date-invalid", path, id);
	else if (ev->issued_on != DAY_NONE && ev->issued_on != parts.day)
		add_quirk(r, "id.date-differs", path, id);
	if (is_swapped(ev, parts.code))
		add_quirk(r, "id.swapped", path, id);
}

/* Ids elsewhere in the header: only an impossible date in them is worth telling. */
static void check_other_id(struct edxml_reader *r, const char *id, const char *path)
{
	struct conventional parts;

	if (id && split_id(id, &parts) && parts.day == DAY_NONE)
		add_quirk(r, "id.date-invalid", path, id);
}

static void check_code(struct edxml_reader *r)
{
	const struct event_code *code = &r->ev->code;
	const char *number = code->number;

	if (!number || !code->notation) {
		add_quirk(r, "code.missing", MESSAGE "/Code", event_code_text(r->ev));
		return;
	}
	size_t digits = strspn(number, "0123456789");

	if (number[digits])
		add_quirk(r, "code.not-numeric", MESSAGE "/Code/CodeNumber", number);
	else if (digits == 14)
		add_quirk(r, "code.timestamp", MESSAGE "/Code/CodeNumber", number);
}

static void check_due(struct edxml_reader *r)
{
	const struct event *ev = r->ev;
	const char *path = MESSAGE "/DueDate";
	day_t due = ev->due_on, issued = ev->issued_on;

	if (due == DAY_NONE)
		return;
	if (due < day_from(2000, 1, 1) ||
		(issued != DAY_NONE && due > issued && due - issued > DAYS_5_YEARS))
		add_quirk(r, "due.implausible", path, ev->due_raw);
	else if (issued != DAY_NONE && due < issued)
		add_quirk(r, "due.before-issue", path, ev->due_raw);
	else if (due == issued)
		add_quirk(r, "due.same-day", path, ev->due_raw);
	if (ev->first_hop_on != DAY_NONE && due == ev->first_hop_on + 2)
		add_quirk(r, "due.constant-offset", path, ev->due_raw);
}

static void check_addressees(struct edxml_reader *r)
{
	const struct event *ev = r->ev;
	size_t n = ev->to.n < COMPARED ? ev->to.n : COMPARED;

	for (size_t i = 1; i < n; i++)
		for (size_t k = 0; k < i; k++) {
			const struct event_organ *a = &ev->to.at[k], *b = &ev->to.at[i];

			if (text_same_id(a->organ_id, b->organ_id))
				add_quirk(r, "to.duplicate", MESSAGE "/To/OrganId",
					b->organ_id);
			else if (a->name && b->name && strcmp(a->name, b->name) == 0)
				add_quirk(r, "to.alias-twice", MESSAGE "/To/OrganId",
					b->organ_id);
			else
				continue;
			break;
		}
}

static void target_from(struct event *ev, const struct event_reference *ref)
{
	struct event_target *target = LIST_ADD(&ev->arena, &ev->targets);

	target->document_id = ref->document_id;
	target->code = ref->code;
	target->organ_id = ref->organ_id;
	target->issued_on = ref->issued_on;
}

/* B1, B4: in a recall and in a status ResponseFor names what it is about. */
static void move_references(struct event *ev)
{
	for (size_t i = 0; i < ev->response_for.n; i++)
		target_from(ev, &ev->response_for.at[i]);
	memset(&ev->response_for, 0, sizeof(ev->response_for));
}

static struct event_target *find_target(struct event *ev, const char *document_id)
{
	size_t n = ev->targets.n < COMPARED ? ev->targets.n : COMPARED;

	for (size_t i = 0; i < n; i++)
		if (text_same_id(ev->targets.at[i].document_id, document_id))
			return &ev->targets.at[i];
	return NULL;
}

static bool list_has(const text_list *list, const char *text)
{
	for (size_t i = 0; i < list->n && i < COMPARED; i++)
		if (text_same_id(list->at[i], text))
			return true;
	return false;
}

/* The same replaced document listed again: its receivers together; none named: all. */
static void merge_receivers(
	struct event *ev, struct event_target *target, const text_list *more)
{
	if (target->organ_ids.n == 0 || more->n == 0) {
		memset(&target->organ_ids, 0, sizeof(target->organ_ids));
		return;
	}
	for (size_t i = 0; i < more->n; i++)
		if (!list_has(&target->organ_ids, more->at[i]))
			*LIST_ADD(&ev->arena, &target->organ_ids) = more->at[i];
}

static void take_replacements(struct edxml_reader *r)
{
	struct event *ev = r->ev;

	for (size_t i = 0; i < r->replaced.n; i++) {
		const struct event_target *replaced = &r->replaced.at[i];
		struct event_target *known = find_target(ev, replaced->document_id);

		check_other_id(r, replaced->document_id,
			BUSINESS "/ReplacementInfoList/ReplacementInfo/DocumentId");
		if (!known) {
			*LIST_ADD(&ev->arena, &ev->targets) = *replaced;
			continue;
		}
		add_quirk(r, "replacement.repeated",
			BUSINESS "/ReplacementInfoList/ReplacementInfo",
			replaced->document_id);
		merge_receivers(ev, known, &replaced->organ_ids);
	}
}

/*
 * Bussiness/DocumentId names the target of an update, and of a recall or a replacement
 * that names none elsewhere; beside a ResponseFor the message's own id says nothing.
 */
static void take_business_id(struct edxml_reader *r)
{
	struct event *ev = r->ev;
	bool own = text_same_id(r->business_id, ev->document_id);

	if (!r->business_id)
		return;
	check_other_id(r, r->business_id, BUSINESS "/DocumentId");
	if (ev->business == BUSINESS_NEW) {
		if (!own)
			add_quirk(r, "bussiness.foreign-id", BUSINESS "/DocumentId",
				r->business_id);
		return;
	}
	if ((own && ev->targets.n > 0) || find_target(ev, r->business_id) ||
		(ev->business == BUSINESS_REPLACE && ev->targets.n > 0))
		return;
	target_from(ev, &(struct event_reference){
				.document_id = r->business_id, .issued_on = DAY_NONE});
}

static void take_business(struct edxml_reader *r)
{
	struct event *ev = r->ev;

	switch (ev->business) {
	case BUSINESS_NEW:
		break;
	case BUSINESS_RECALL:
		move_references(ev);
		break;
	case BUSINESS_UPDATE:
		memcpy(&ev->receivers_added, &r->added, sizeof(r->added));
		memcpy(&ev->receivers_removed, &r->removed, sizeof(r->removed));
		break;
	case BUSINESS_REPLACE:
		take_replacements(r);
		break;
	}
	take_business_id(r);
}

static void check_status(struct edxml_reader *r)
{
	const struct event *ev = r->ev;

	for (size_t i = 0; i < ev->targets.n; i++)
		if (ev->status.at != MSEC_NONE &&
			ev->targets.at[i].issued_on != DAY_NONE &&
			day_of(ev->status.at) < ev->targets.at[i].issued_on) {
			char at[INSTANT_TEXT];

			add_quirk(r, "status.before-document", MESSAGE "/Timestamp",
				instant_text(ev->status.at, at));
			return;
		}
}

static bool finish_status(struct edxml_reader *r, const char **ret_lacks)
{
	move_references(r->ev);
	if (r->ev->targets.n == 0) {
		*ret_lacks = "a status message that names no document (ResponseFor)";
		return false;
	}
	if (!r->has_status_code)
		add_quirk(r, "status.code-unknown", MESSAGE "/StatusCode", NULL);
	check_status(r);
	return true;
}

static bool finish_document(struct edxml_reader *r, const char **ret_lacks)
{
	take_business(r);
	if (!event_ensure_document_id(r->ev, MESSAGE "/DocumentId")) {
		*ret_lacks = "no DocumentId, and no OrganId, Code and PromulgationDate "
			     "to stand in for it";
		return false;
	}
	check_document_id(r);
	check_code(r);
	check_due(r);
	check_addressees(r);
	if (r->type_number && !r->ev->type_name)
		add_quirk(r, "type.number-unknown", MESSAGE "/DocumentType/Type",
			r->type_number);
	if (!r->has_business)
		add_quirk(r, "bussiness.missing", "edXMLHeader/TraceHeaderList", NULL);
	return true;
}

bool edxml_finish(struct edxml_reader *r, bool broken, const char **ret_lacks)
{
	if (broken)
		edxml_keep_unfinished(r);
	edxml_files_finish(r->files, r->ev);
	if (broken)
		return true;
	return r->ev->kind == EVENT_STATUS ? finish_status(r, ret_lacks)
					   : finish_document(r, ret_lacks);
}
