/*
 * The document event (E1 to E6): the one value every adapter makes of its bytes.
 * Nothing behind the adapters knows edXML, a vendor or a transport.
 *
 * An event and all its texts live in one arena, its own. Texts are cleaned (E3: NFC,
 * trimmed, inner white space folded, fillers NULL). Absent is NULL, DAY_NONE, MSEC_NONE
 * or an empty list.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/base/arena.h"
#include "gateway/base/day.h"

enum event_kind { EVENT_DOCUMENT, EVENT_STATUS, EVENT_READ, EVENT_OPINION };
enum event_stage { STAGE_ISSUED, STAGE_DRAFT, STAGE_WITHDRAWN };
enum event_business {
	BUSINESS_NEW,
	BUSINESS_RECALL,
	BUSINESS_UPDATE,
	BUSINESS_REPLACE
};
enum event_priority {
	PRIORITY_NORMAL,
	PRIORITY_URGENT,
	PRIORITY_VERY_URGENT,
	PRIORITY_EXPRESS,
	PRIORITY_EXPRESS_TIMED
};
enum event_steering {
	STEERING_UNKNOWN, /* null */
	STEERING_NONE,
	STEERING_DIRECTIVE,
	STEERING_REPORT
};
enum event_secrecy {
	SECRECY_NONE,
	SECRECY_CONFIDENTIAL,
	SECRECY_SECRET,
	SECRECY_TOP_SECRET
};
enum reply_kind {
	REPLY_KIND_UNKNOWN, /* null */
	REPLY_KIND_FINAL,
	REPLY_KIND_INTERIM,
	REPLY_KIND_EXTENSION,
	REPLY_KIND_HAND_BACK,
	REPLY_KIND_GUIDANCE
};
enum owed_kind { OWED_TASK, OWED_PROPOSAL, OWED_OPINION, OWED_NOTICE };

/* The words of each enum in JSON, SQL and YAML, indexed by value; "" is null. */
extern const char *const event_kind_words[4];
extern const char *const event_stage_words[3];
extern const char *const event_business_words[4];
extern const char *const event_priority_words[5];
extern const char *const event_steering_words[4];
extern const char *const event_secrecy_words[4];
extern const char *const reply_kind_words[6];
extern const char *const owed_kind_words[4];

/* The index of @word in @words (@n of them), -1 if it is none. NULL matches "". */
int event_word_index(const char *const *words, size_t n, const char *word);

struct event_organ {
	const char *organ_id, *name;
};

struct event_code {
	const char *number, *notation; /* together `number/notation` */
};

struct event_signer {
	const char *competence, *position, *name;
};

typedef LIST_OF(const char *) text_list;

/* T1: who must do what; the lead owns it, coordinating organs are recorded only. */
struct event_assignment {
	enum owed_kind kind;
	const char *code, *content, *lead;
	text_list coordinating;
	day_t due_on;
	const char *due_raw; /* as it came when it could not be read, else NULL */
};

/* A document this one answers. `code` is the whole code in one text. */
struct event_reference {
	const char *organ_id, *document_id, *code;
	day_t issued_on;
};

/* A document that a recall, update, replacement, status or read event is about. */
struct event_target {
	const char *document_id, *code, *organ_id;
	day_t issued_on;
	text_list organ_ids; /* receivers a replacement names; empty: all */
};

struct event_attachment {
	const char *name, *declared_type;
	int64_t bytes;          /* decoded size, -1 when not known */
	const char *sha256;     /* lower-case hex when asked for, else NULL */
	const char *other_name; /* X1: what it is called elsewhere; judged, not shown */
};

struct event_status {
	int code; /* -1: no status */
	const char *description;
	msec_t at;
};

struct event_quirk {
	const char *code; /* docs/quirks.md */
	const char
		*path; /* elements from the edXML header or JSON Pointer; NULL: whole */
	const char *value; /* as it came, NULL where there is none */
};

struct event {
	struct arena arena;

	enum event_kind kind;
	enum event_stage stage;
	enum event_business business;
	const char *source; /* E6: the system it comes from, NULL: the adapter's name */
	const char *document_id, *thread_id;
	struct event_code code;
	day_t issued_on;
	struct event_organ from;
	LIST_OF(struct event_organ) to;
	const char *type_name, *subject, *content;
	struct event_signer signer;
	day_t due_on;
	const char *due_raw;
	enum event_priority priority;
	enum event_steering steering;
	enum event_secrecy secrecy;
	LIST_OF(struct event_assignment) assignments;
	LIST_OF(struct event_reference) response_for;
	text_list response_for_tasks;
	enum reply_kind reply_kind;
	LIST_OF(struct event_target) targets;
	text_list receivers_added, receivers_removed;
	LIST_OF(struct event_attachment) attachments;
	struct event_status status;
	msec_t at;          /* of a read event or an opinion */
	day_t first_hop_on; /* M6: a recall's day may be its first hop's; not printed
			     */
	LIST_OF(struct event_quirk) quirks;
};

/* A fresh event: a new document, issued, priority normal, everything else absent. */
struct event *event_new(void);
void event_free(struct event *ev);
/* The same, and nothing of it is left in memory (X1). */
void event_wipe(struct event *ev);
void event_cleanup_(struct event **ev);
#define cleanup_event __attribute__((__cleanup__(event_cleanup_)))

/* The class that @text names in Vietnamese or English, in any case, with or without
 * marks, spaces or underscores between the words; a filler names none. False: it is no
 * class we know. Scratch memory is taken from @arena. */
bool event_secrecy_read(
	struct arena *arena, const char *text, enum event_secrecy *ret_secrecy);

/* Record a quirk; @path and @value (may be NULL) are copied, @code must be a literal.
 */
void event_add_quirk(
	struct event *ev, const char *code, const char *path, const char *value);

/* `number/notation`, or whichever there is, in the event's arena; NULL for neither. */
const char *event_code_text(struct event *ev);
