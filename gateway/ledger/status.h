/* What status.c and status_signs.c share; nobody else includes this. */
#pragma once

#include "gateway/ledger/internal.h"
#include "gateway/rules/upstream.h"

/* One organ a document is reported on for, and what is known of it there. */
struct status_organ {
	const char *id;      /* main id on the document's day */
	const char *written; /* as the document called it; @id where it did not */
	const char *name;    /* NULL: none known */
	struct upstream_facts facts;
	const char *refusal; /* the reason given; NULL: none */
	unsigned heard;      /* codes the issuer had from the organ by the same way */
};
typedef LIST_OF(struct status_organ) status_organs;

/* Everyone @route speaks for whom @s concerns, with the facts as they stand. */
int status_signs(struct ledger *l, struct stored *s,
	const struct ledger_status_route *route, status_organs *ret_organs,
	struct err *e);
