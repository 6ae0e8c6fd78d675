/*
 * One line an event on stderr: `level event key=value …`. Values from outside are
 * quoted and escaped. Bodies, subjects and secrets never go in. Only programs log;
 * libraries return. Safe from any thread.
 */
#pragma once

#include <stdint.h>

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARNING, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };

/* Lines above @level are dropped; info at the start. */
void log_set_level(enum log_level level);

/*
 * @event is a fixed word. Then pairs: a key and a text (NULL is left out), ended by
 * NULL: log_event(LOG_LEVEL_INFO, "taken", "document", id, "adapter", name, NULL).
 */
void log_event(enum log_level level, const char *event, ...) __attribute__((sentinel));
