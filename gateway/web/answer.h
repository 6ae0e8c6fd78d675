/* How a document's fate is told: as `ingest` prints it (docs/cli.md), with the status
 * that tells the sender whether to send it again. */
#pragma once

#include "adapters/adapter.h"
#include "gateway/web/reply.h"

/*
 * 202: it is the ledger's, whatever it was (applied, parked, restricted, a duplicate of
 * any of these). 409, 422: it was set aside and sending it again will not help; a
 * duplicate of such a one is answered like the first (INV-3).
 */
void answer_settled(struct reply *r, const struct settled *at);
