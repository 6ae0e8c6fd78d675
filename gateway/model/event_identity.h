/* How a document is known when its maker gave it no document id (E3). */
#pragma once

#include "gateway/model/event.h"

/*
 * True when @ev has a document id, or issuer, code and date to stand in for one: these
 * become the conventional id `organ,yyyy/MM/dd,number/notation`, with the quirk
 * `id.missing` at @path.
 */
bool event_ensure_document_id(struct event *ev, const char *path);
