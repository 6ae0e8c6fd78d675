/*
 * Our own edXML: always with the prefix edXML, in the namespace of QCVN 102:2016, in
 * its order. What is written is read back as the same event by our own codec
 * and passes schemas/edxml.xsd. Nothing is written that the value does not hold.
 */
#pragma once

#include "gateway/base/buf.h"
#include "gateway/base/day.h"
#include "gateway/base/err.h"

/* A status message (docs/axis.md has the codes). Texts are UTF-8; NULL is absent. */
struct edxml_status {
	const char *from_id, *from_name; /* who reports; the id is required */
	/* The document reported on, as its issuer calls it; the id is required. */
	const char *issuer_id, *document_id, *code;
	day_t issued_on;
	int status; /* 1 to 99 */
	const char *description;
	msec_t at;
};

/* Into @out, behind what it holds. The same value gives the same bytes. */
int edxml_write_status(
	struct buf *out, const struct edxml_status *status, struct err *e);
