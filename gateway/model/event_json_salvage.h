/*
 * X1: a secrecy mark read before a syntax error counts. This reads what stands before
 * the error in a broken JSON event (or in a list of events, or around one) and must be
 * known to tell a secret one: `secrecy` at any depth (of several the highest),
 * `subject`, the attachments' names, and `document_id` and `source` to name it by.
 */
#pragma once

#include <stddef.h>

#include "gateway/model/event.h"

/* Never NULL; what was not found is absent. The caller owns it. */
struct event *event_json_salvage(const char *bytes, size_t n);
