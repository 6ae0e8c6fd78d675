/*
 * What the parts of the edXML codec share while one document is read. The parser
 * (edxml.c) says which element begins and ends; the fields (edxml_fields.c) know where
 * its text goes; the finish (edxml_finish.c) judges what only the whole document tells.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "adapters/codec.h"
#include "adapters/edxml_attachments.h"
#include "adapters/edxml_table.h"
#include "gateway/model/event.h"

/* A document with more oddities than this is not described any better by more. */
enum { EDXML_MAX_QUIRKS = 200 };

/* An open element; @rank is the highest among its children so far. */
struct edxml_frame {
	const char *name;
	enum edxml_state state;
	uint8_t rank;
};

/* Quirks that are told once a document, at their first place. */
enum edxml_once {
	EDXML_ONCE_ORDER = 1,
	EDXML_ONCE_DEFAULT_CHILDREN = 2,
	EDXML_ONCE_COMMENT = 4,
};

/* Parts of records that are put together when their element ends. */
struct edxml_pending {
	struct event_organ organ;
	struct event_reference response;
	struct event_code response_code;
	const char *hop_organ;
	struct event_attachment file; /* of a Reference or an Attachment */
	const char *content_id;
	const char *receiver, *receiver_type;
	const char *replaced;
	text_list replaced_organs;
};

struct edxml_reader {
	const struct codec_options *options;
	struct event *ev;
	struct edxml_frame *stack;
	int depth; /* of the top frame; 0 is the document itself */
	struct buf text;
	struct buf path;
	unsigned once;
	struct edxml_pending p;
	struct edxml_files *files;

	/* What the finish needs of the header beside the event. */
	const char *business_id, *type_number;
	bool has_business, has_hop, has_status_code;
	LIST_OF(struct event_target) replaced;
	text_list added, removed;
};

/* The text of these states is collected whole, passed by, or not wanted. */
enum edxml_text { EDXML_TEXT_NONE, EDXML_TEXT_WHOLE, EDXML_TEXT_BYTES };
enum edxml_text edxml_text_of(enum edxml_state state);

void edxml_enter(struct edxml_reader *r, enum edxml_state state);
void edxml_leave(struct edxml_reader *r, enum edxml_state state);

/* What a broken document had said before it broke: its last text counts (X1). */
void edxml_keep_unfinished(struct edxml_reader *r);

/*
 * The whole document has been read (or, when @broken, no more will be): put the parts
 * together. False: it has no identity (@ret_lacks says what is missing).
 */
bool edxml_finish(struct edxml_reader *r, bool broken, const char **ret_lacks);

/* Record a quirk at the open element, or at its child @child (may be NULL). */
void edxml_quirk(
	struct edxml_reader *r, const char *code, const char *child, const char *value);

/* The path of the open element and @child below the envelope; valid until the next. */
const char *edxml_path(struct edxml_reader *r, const char *child);
