/*
 * Who watches the gateway is answered here: /readyz (can it take documents in, commit
 * and tell, now) and /metrics (Prometheus' text format). On a thread of its own, for a
 * disk that hangs must not hold up a document; the clock answers then.
 */
#pragma once

#include <stdbool.h>

#include "gateway/base/err.h"

struct monitor;
struct web;

struct monitor *monitor_new(struct web *w, struct err *e);
/* NULL is fine. False: its thread did not end. */
bool monitor_stop(struct monitor *m);
void monitor_free(struct monitor *m);
