#include "gateway/model/event_json_members.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define TEXT(s, m)                                                                     \
	{                                                                              \
		.name = #m, .shape = SHAPE_TEXT, .at = offsetof(struct s, m)           \
	}
#define VERBATIM(s, m)                                                                 \
	{                                                                              \
		.name = #m, .shape = SHAPE_VERBATIM, .at = offsetof(struct s, m)       \
	}
#define DAY(s, m)                                                                      \
	{                                                                              \
		.name = #m, .shape = SHAPE_DAY, .at = offsetof(struct s, m)            \
	}
#define DAY_RAW(s, m, r)                                                               \
	{                                                                              \
		.name = #m, .shape = SHAPE_DAY, .at = offsetof(struct s, m),           \
		.raw = offsetof(struct s, r)                                           \
	}
#define INSTANT(s, m)                                                                  \
	{                                                                              \
		.name = #m, .shape = SHAPE_INSTANT, .at = offsetof(struct s, m)        \
	}
#define TEXTS(s, m)                                                                    \
	{                                                                              \
		.name = #m, .shape = SHAPE_TEXTS, .at = offsetof(struct s, m)          \
	}
#define WORD(s, m, w)                                                                  \
	{                                                                              \
		.name = #m, .shape = SHAPE_WORD, .at = offsetof(struct s, m),          \
		.words = (w), .words_n = COUNT(w)                                      \
	}
#define OBJECT(s, m, i)                                                                \
	{                                                                              \
		.name = #m, .shape = SHAPE_OBJECT, .at = offsetof(struct s, m),        \
		.inner = (i), .inner_n = COUNT(i)                                      \
	}
#define LIST(s, m, i, element)                                                         \
	{                                                                              \
		.name = #m, .shape = SHAPE_LIST, .at = offsetof(struct s, m),          \
		.inner = (i), .inner_n = COUNT(i), .size = sizeof(struct element)      \
	}

static const struct event_json_member organ_members[] = {
	TEXT(event_organ, organ_id),
	TEXT(event_organ, name),
};
static const struct event_json_member code_members[] = {
	TEXT(event_code, number),
	TEXT(event_code, notation),
};
static const struct event_json_member signer_members[] = {
	TEXT(event_signer, competence),
	TEXT(event_signer, position),
	TEXT(event_signer, name),
};
static const struct event_json_member assignment_members[] = {
	WORD(event_assignment, kind, owed_kind_words),
	TEXT(event_assignment, code),
	TEXT(event_assignment, content),
	TEXT(event_assignment, lead),
	TEXTS(event_assignment, coordinating),
	DAY_RAW(event_assignment, due_on, due_raw),
	TEXT(event_assignment, due_raw),
};
static const struct event_json_member reference_members[] = {
	TEXT(event_reference, organ_id),
	TEXT(event_reference, document_id),
	TEXT(event_reference, code),
	DAY(event_reference, issued_on),
};
static const struct event_json_member target_members[] = {
	TEXT(event_target, document_id),
	TEXT(event_target, code),
	TEXT(event_target, organ_id),
	DAY(event_target, issued_on),
	TEXTS(event_target, organ_ids),
};
static const struct event_json_member attachment_members[] = {
	TEXT(event_attachment, name),
	TEXT(event_attachment, declared_type),
	{.name = "bytes",
		.shape = SHAPE_SIZE,
		.at = offsetof(struct event_attachment, bytes)},
	TEXT(event_attachment, sha256),
};
static const struct event_json_member status_members[] = {
	{.name = "code", .shape = SHAPE_INT, .at = offsetof(struct event_status, code)},
	TEXT(event_status, description),
	INSTANT(event_status, at),
};
static const struct event_json_member quirk_members[] = {
	VERBATIM(event_quirk, code),
	VERBATIM(event_quirk, path),
	VERBATIM(event_quirk, value),
};
const struct event_json_member event_json_members[] = {
	WORD(event, kind, event_kind_words),
	WORD(event, stage, event_stage_words),
	WORD(event, business, event_business_words),
	TEXT(event, document_id),
	TEXT(event, thread_id),
	OBJECT(event, code, code_members),
	DAY(event, issued_on),
	OBJECT(event, from, organ_members),
	LIST(event, to, organ_members, event_organ),
	TEXT(event, type_name),
	TEXT(event, subject),
	TEXT(event, content),
	OBJECT(event, signer, signer_members),
	DAY_RAW(event, due_on, due_raw),
	TEXT(event, due_raw),
	WORD(event, priority, event_priority_words),
	WORD(event, steering, event_steering_words),
	WORD(event, secrecy, event_secrecy_words),
	LIST(event, assignments, assignment_members, event_assignment),
	LIST(event, response_for, reference_members, event_reference),
	TEXTS(event, response_for_tasks),
	WORD(event, reply_kind, reply_kind_words),
	LIST(event, targets, target_members, event_target),
	TEXTS(event, receivers_added),
	TEXTS(event, receivers_removed),
	LIST(event, attachments, attachment_members, event_attachment),
	OBJECT(event, status, status_members),
	LIST(event, quirks, quirk_members, event_quirk),
	TEXT(event, source),
	INSTANT(event, at),
	DAY(event, first_hop_on),
};
const size_t event_json_members_n = COUNT(event_json_members);

void event_json_set_absent(
	const struct event_json_member *members, size_t n, void *object)
{
	for (size_t i = 0; i < n; i++) {
		void *place = (char *)object + members[i].at;

		if (members[i].shape == SHAPE_DAY)
			*(day_t *)place = DAY_NONE;
		else if (members[i].shape == SHAPE_INSTANT)
			*(msec_t *)place = MSEC_NONE;
		else if (members[i].shape == SHAPE_INT)
			*(int *)place = -1;
		else if (members[i].shape == SHAPE_SIZE)
			*(int64_t *)place = -1;
	}
}

/* Any LIST_OF has this shape. */
struct list {
	void *at;
	size_t n, cap;
};

void event_json_append(struct arena *arena, const struct event_json_member *m,
	void *place, const void *element)
{
	struct list list;

	memcpy(&list, place, sizeof(list));
	list.at = arena_grow(arena, list.at, list.n, &list.cap, m->size);
	memcpy((char *)list.at + list.n++ * m->size, element, m->size);
	memcpy(place, &list, sizeof(list));
}
