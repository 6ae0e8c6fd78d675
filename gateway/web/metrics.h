/* The numbers of /metrics, in Prometheus' text format (version 0.0.4). */
#pragma once

#include "gateway/base/buf.h"
#include "gateway/ledger/ledger.h"

struct web;

/* Append all of them; those of the ledger are read through @view, and are left out
 * (but congvan_ledger_readable says so) when it is NULL or cannot be read. */
void metrics_write(struct buf *out, const struct web *w, struct ledger_view *view);
