/*
 * A codec turns a message into document events. Formats: `edxml` (E1 to E5) and `event`
 * (E6, gateway/model/event_json.h) hold one document, `mapping` (adapters/mapping.h)
 * one or several. A codec is one thread's: it keeps a parser context and its dictionary
 * from message to message.
 *
 * Bytes come from memory or from a descriptor, in pushes of 64 kB; attachments pass by
 * and are never held (E4), though a mapping's message is. Nothing is ever fetched.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/base/buf.h"
#include "gateway/base/err.h"
#include "gateway/model/event.h"

enum codec_format { CODEC_AUTO, CODEC_EDXML, CODEC_EVENT, CODEC_MAPPING };
enum codec_steering { CODEC_STEERING_UNKNOWN, CODEC_STEERING_012, CODEC_STEERING_123 };

struct mapping;

/* E3's limits; 0 means the default in brackets. */
struct codec_options {
	enum codec_format format;      /* auto: first byte '{' is event, else edxml */
	enum codec_steering steering;  /* T2: how the partner's SteeringType is meant */
	bool stop_after_header;        /* E4: do not judge what follows the manifest */
	bool hash_attachments;         /* E4: fill event_attachment.sha256 */
	int max_depth;                 /* 100 */
	int max_attributes;            /* 100, also namespaces, on one element */
	size_t max_text;               /* 1 MB, one text outside attachments */
	int64_t max_bytes;             /* 512 MB in all; by a mapping at most 64 MB */
	const struct mapping *mapping; /* CODEC_MAPPING; outlives the codec */
	/* X1: is this document one whose bytes must not stand in what is set aside of
	 * its message? NULL: none is. */
	bool (*is_restricted)(const struct event *ev);
};

/* What a refusal says; the codes are in docs/diagnostics.md. */
struct codec_error {
	const char *code;
	int line, column; /* from 1; 0 where there is none */
	char message[256];
};

enum codec_result {
	CODEC_OK,      /* *ret_event is whole */
	CODEC_REFUSED, /* *ret_error says why; *ret_event is what was read before, or
			  NULL */
	CODEC_FAULT,   /* reading failed (disk): nothing is known about the document */
};

struct codec;

struct codec *codec_new(const struct codec_options *options);
void codec_free(struct codec *c);

/* X1: overwrite whatever the codec still holds of the last document it read. */
void codec_forget(struct codec *c);

/*
 * The caller owns *@ret_event (event_free), also when refused: a secrecy mark read
 * before a syntax error counts (X1). Texts live in the event's own arena.
 */
enum codec_result codec_read_bytes(struct codec *c, struct slice bytes,
	struct event **ret_event, struct codec_error *ret_error, struct err *e);

/* From @fd's current offset to its end. A file that cannot be read is CODEC_REFUSED
 * with `file.unreadable`, an empty one `file.empty`. */
enum codec_result codec_read_fd(struct codec *c, int fd, struct event **ret_event,
	struct codec_error *ret_error, struct err *e);

enum codec_result codec_read_file(struct codec *c, const char *path,
	struct event **ret_event, struct codec_error *ret_error, struct err *e);

/*
 * A message may hold several documents. codec_read_* answers for the first, codec_next
 * for each further one, in their order, as often as codec_left says: each is read or
 * refused by itself. Until then the bytes that codec_read_bytes was given are borrowed.
 *
 * A message that is broken anywhere is refused whole (E3), in one answer without an
 * event; but a document of it that is_restricted gets a refusal of its own, with its
 * event, and its bytes are in no other's.
 */
size_t codec_left(const struct codec *c);
enum codec_result codec_next(struct codec *c, struct event **ret_event,
	struct codec_error *ret_error, struct err *e);

/*
 * Of the answer given last, in a message that has several: its number, from 1, and the
 * message as it would be with this document alone, which reads to the same event. Until
 * the next call. 0 and no bytes: the whole message is the document's.
 * Of one that is_restricted there are none either.
 */
size_t codec_number(const struct codec *c);
struct slice codec_bytes(const struct codec *c);

enum quirk_severity { QUIRK_INFO, QUIRK_WARNING, QUIRK_ERROR };

/* E5: one row a quirk code, the source of docs/quirks.md's table. */
struct quirk_row {
	const char *code;
	enum quirk_severity severity;
	const char *meaning; /* one English sentence */
};
extern const struct quirk_row quirk_rows[];
extern const size_t quirk_rows_n;
const struct quirk_row *quirk_find(const char *code);
