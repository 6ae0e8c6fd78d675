/*
 * Status messages to the national axis: what the ledger addresses to this sink is
 * written as edXML and sent with sendEdoc. It takes nothing else. The axis knows no
 * event ids: after a crash a message may be sent once more, and is then the same to the
 * byte (its receivers know a status by sender, document, code and time).
 */
#pragma once

#include "adapters/adapter.h"
#include "adapters/vxp_client.h"

struct vxp_sink_options {
	struct vxp_peer peer;
};

extern const struct sink_ops vxp_sink_ops;

/* What a sink is given, as it goes out. */
struct vxp_message {
	struct buf edxml;
	const char *to; /* the document's issuer; in the arena */
};

/* Write the status that the CloudEvent @body tells of. False: it tells of none, or of
 * one that cannot be sent; @why says so. Texts live in @arena. */
bool vxp_message_write(struct arena *arena, struct slice body,
	struct vxp_message *ret_message, char why[SINK_REASON]);
