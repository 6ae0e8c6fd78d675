/*
 * Attachments pass by (E4): of their base64 only the decoded size, and when asked for
 * the SHA-256, is kept. References of the manifest and Attachments are one list, joined
 * by ContentId with or without `cid:`.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "gateway/model/event.h"

struct edxml_files;

struct edxml_files *edxml_files_new(bool hash);
void edxml_files_free(struct edxml_files *f);
void edxml_files_reset(struct edxml_files *f);

/* A Reference. Texts live in @ev's arena, as all do. */
void edxml_files_refer(struct edxml_files *f, struct event *ev, const char *content_id,
	const struct event_attachment *file);

/* An Attachment: begin, its base64 as it comes, end; false when that was no base64. */
void edxml_files_begin(struct edxml_files *f);
void edxml_files_add(struct edxml_files *f, const char *bytes, size_t n);
bool edxml_files_end(struct edxml_files *f, struct event *ev);

/* What the Attachment says of itself, after its bytes; false: another type than the
 * Reference's. */
bool edxml_files_attach(struct edxml_files *f, struct event *ev, const char *content_id,
	const struct event_attachment *file);

/* Put the joined list into @ev. */
void edxml_files_finish(struct edxml_files *f, struct event *ev);
