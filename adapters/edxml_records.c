#include "adapters/edxml_records.h"

#include <stdio.h>
#include <string.h>

#include "gateway/base/text.h"
#include "gateway/model/event_date.h"

/* A hop without an organ, or with the word null, is common enough to name. */
void edxml_take_hop_organ(struct edxml_reader *r, const char *text)
{
	(void)text;
	r->p.hop_organ =
		r->text.n ? arena_dup_n(&r->ev->arena, r->text.data, r->text.n) : NULL;
}

void edxml_take_hop_at(struct edxml_reader *r, const char *text)
{
	if (r->has_hop || !text)
		return;
	struct event_date date = event_date_read(text);

	r->has_hop = true;
	r->ev->first_hop_on = date.day;
	if (r->ev->quirks.n < EDXML_MAX_QUIRKS)
		event_date_quirks(r->ev, date.odd & ~(unsigned)EVENT_DATE_WITH_TIME,
			edxml_path(r, NULL), text);
}

void edxml_end_hop(struct edxml_reader *r)
{
	const char *organ = r->p.hop_organ ? text_clean(&r->ev->arena, r->p.hop_organ,
						     strlen(r->p.hop_organ), NULL)
					   : "";

	if (!*organ)
		edxml_quirk(r, "trace.organ-missing", NULL, NULL);
	else if (text_is_filler(organ))
		edxml_quirk(r, "trace.organ-null", "OrganId", organ);
	r->p.hop_organ = NULL;
}

void edxml_begin_business(struct edxml_reader *r)
{
	r->has_business = true;
}

void edxml_take_business_id(struct edxml_reader *r, const char *text)
{
	edxml_put_text(r, &r->business_id, text);
}

/* The number, or, where an emitter wrote the reason instead, its leading words. */
void edxml_take_business_type(struct edxml_reader *r, const char *text)
{
	static const struct {
		const char *words;
		enum event_business business;
	} reasons[] = {
		{"thu hoi", BUSINESS_RECALL},
		{"cap nhat", BUSINESS_UPDATE},
		{"thay the", BUSINESS_REPLACE},
	};
	int value = edxml_number(text);

	if (!text)
		return;
	if (value >= 0 && value <= BUSINESS_REPLACE) {
		r->ev->business = (enum event_business)value;
		return;
	}
	edxml_quirk(r, value >= 0 ? "type.number-unknown" : "type.holds-reason", NULL,
		text);
	const char *folded = text_fold_ascii(&r->ev->arena, text);

	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (strstr(folded, reasons[i].words))
			r->ev->business = reasons[i].business;
}

static void check_organ(struct edxml_reader *r, const struct event_organ *organ)
{
	if (!organ->organ_id)
		edxml_quirk(r, "organ.missing", NULL, organ->name);
}

void edxml_end_from(struct edxml_reader *r)
{
	check_organ(r, &r->ev->from);
}

void edxml_end_to(struct edxml_reader *r)
{
	check_organ(r, &r->p.organ);
	if (r->p.organ.organ_id || r->p.organ.name)
		*LIST_ADD(&r->ev->arena, &r->ev->to) = r->p.organ;
	r->p.organ = (struct event_organ){0};
}

void edxml_begin_response(struct edxml_reader *r)
{
	r->p.response = (struct event_reference){.issued_on = DAY_NONE};
	r->p.response_code = (struct event_code){0};
}

/* The conventional id carries an organ and a date; do they fit those beside it? */
static void compare_response(struct edxml_reader *r, const struct event_reference *ref)
{
	const char *id = ref->document_id, *comma = id ? strchr(id, ',') : NULL;
	const char *second = comma ? strchr(comma + 1, ',') : NULL;
	char organ[80], date[32];

	if (!second)
		return;
	int organ_n = snprintf(organ, sizeof(organ), "%.*s", (int)(comma - id), id);

	snprintf(date, sizeof(date), "%.*s", (int)(second - comma - 1), comma + 1);
	if (ref->organ_id && (size_t)organ_n < sizeof(organ) &&
		!text_same_id(organ, ref->organ_id))
		edxml_quirk(r, "response.organ-differs", "OrganId", ref->organ_id);
	struct event_date inner = event_date_read(date);

	if (inner.day == DAY_NONE)
		edxml_quirk(r, "id.date-invalid", "DocumentId", id);
	else if (ref->issued_on != DAY_NONE && ref->issued_on != inner.day)
		edxml_quirk(r, "response.date-differs", "PromulgationDate", id);
}

void edxml_end_response(struct edxml_reader *r)
{
	struct event_reference *ref = &r->p.response;
	const struct event_code *code = &r->p.response_code;

	if (!ref->code && code->number && code->notation)
		ref->code = arena_printf(
			&r->ev->arena, "%s/%s", code->number, code->notation);
	else if (!ref->code)
		ref->code = code->number ? code->number : code->notation;
	if (!ref->organ_id && !ref->document_id && !ref->code &&
		ref->issued_on == DAY_NONE) {
		edxml_quirk(r, "response.empty", NULL, NULL);
		return;
	}
	compare_response(r, ref);
	*LIST_ADD(&r->ev->arena, &r->ev->response_for) = *ref;
}

void edxml_end_receiver(struct edxml_reader *r)
{
	struct edxml_pending *p = &r->p;
	int type = edxml_number(p->receiver_type);

	if (!p->receiver)
		edxml_quirk(r, "organ.missing", NULL, NULL);
	else if (type != 0 && type != 1)
		edxml_quirk(
			r, "receiver.type-unknown", "ReceiverType", p->receiver_type);
	else
		*LIST_ADD(&r->ev->arena, type ? &r->added : &r->removed) = p->receiver;
	p->receiver = p->receiver_type = NULL;
}

void edxml_end_replaced_organ(struct edxml_reader *r)
{
	if (r->p.receiver)
		*LIST_ADD(&r->ev->arena, &r->p.replaced_organs) = r->p.receiver;
	r->p.receiver = NULL;
}

void edxml_end_replacement(struct edxml_reader *r)
{
	if (r->p.replaced) {
		struct event_target *target = LIST_ADD(&r->ev->arena, &r->replaced);

		target->document_id = r->p.replaced;
		target->issued_on = DAY_NONE;
		target->organ_ids = r->p.replaced_organs;
	}
	r->p.replaced = NULL;
	memset(&r->p.replaced_organs, 0, sizeof(r->p.replaced_organs));
}

void edxml_begin_file(struct edxml_reader *r)
{
	r->p.file = (struct event_attachment){.bytes = -1};
	r->p.content_id = NULL;
}

static void check_content_id(struct edxml_reader *r)
{
	const char *id = r->p.content_id;

	if (!id || strncmp(id, "cid:", 4) != 0)
		edxml_quirk(r, "attachment.cid-missing", "ContentId", id);
}

void edxml_end_reference(struct edxml_reader *r)
{
	check_content_id(r);
	edxml_files_refer(r->files, r->ev, r->p.content_id, &r->p.file);
}

void edxml_begin_bytes(struct edxml_reader *r)
{
	edxml_files_begin(r->files);
}

void edxml_end_bytes(struct edxml_reader *r)
{
	if (!edxml_files_end(r->files, r->ev))
		edxml_quirk(r, "attachment.not-base64", NULL, NULL);
}

void edxml_end_attachment(struct edxml_reader *r)
{
	check_content_id(r);
	if (!edxml_files_attach(r->files, r->ev, r->p.content_id, &r->p.file))
		edxml_quirk(r, "attachment.type-differs", "ContentType",
			r->p.file.declared_type);
}

void edxml_begin_status(struct edxml_reader *r)
{
	r->ev->kind = EVENT_STATUS;
	edxml_quirk(r, "status.in-status-element", NULL, NULL);
}
