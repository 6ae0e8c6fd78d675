/*
 * Which elements an edXML document has, and which may stand where: a table of element
 * states (parent state, local name → state). Matching by (namespace, local name) only
 * (E1); the parser interns names, so that a lookup costs one pointer hash and one load.
 */
#pragma once

#include <stdint.h>

enum edxml_state {
	EDXML_UNKNOWN, /* not in the table: skipped, with a quirk */
	EDXML_KNOWN,   /* in the table, but nothing we keep: skipped */
	EDXML_SIGNATURE,
	EDXML_START,
	EDXML_SOAP,
	EDXML_SOAP_PART,
	EDXML_ROOT,
	EDXML_ENVELOPE,
	EDXML_HEADER,
	EDXML_MESSAGE,
	EDXML_STATUS,
	EDXML_FROM,
	EDXML_FROM_ID,
	EDXML_FROM_NAME,
	EDXML_TO,
	EDXML_TO_ID,
	EDXML_TO_NAME,
	EDXML_DOCUMENT_ID,
	EDXML_CODE,
	EDXML_CODE_NUMBER,
	EDXML_CODE_NOTATION,
	EDXML_PROMULGATION,
	EDXML_ISSUED_ON,
	EDXML_TYPE,
	EDXML_TYPE_NUMBER,
	EDXML_TYPE_NAME,
	EDXML_SUBJECT,
	EDXML_CONTENT,
	EDXML_SIGNER,
	EDXML_SIGNER_COMPETENCE,
	EDXML_SIGNER_POSITION,
	EDXML_SIGNER_NAME,
	EDXML_DUE_ON,
	EDXML_OTHER,
	EDXML_PRIORITY,
	EDXML_SECRET,
	EDXML_RESPONSE,
	EDXML_RESPONSE_ORGAN,
	EDXML_RESPONSE_CODE,
	EDXML_RESPONSE_NUMBER,
	EDXML_RESPONSE_NOTATION,
	EDXML_RESPONSE_ID,
	EDXML_RESPONSE_ISSUED_ON,
	EDXML_RESPONSE_TASK,
	EDXML_TASK_CODE,
	EDXML_STEERING,
	EDXML_STATUS_CODE,
	EDXML_STATUS_DESCRIPTION,
	EDXML_STATUS_AT,
	EDXML_TRACE,
	EDXML_HOP,
	EDXML_HOP_ORGAN,
	EDXML_HOP_AT,
	EDXML_BUSINESS,
	EDXML_BUSINESS_ID,
	EDXML_BUSINESS_TYPE,
	EDXML_BUSINESS_INFO,
	EDXML_RECEIVERS,
	EDXML_RECEIVER,
	EDXML_RECEIVER_ID,
	EDXML_RECEIVER_TYPE,
	EDXML_REPLACEMENTS,
	EDXML_REPLACEMENT,
	EDXML_REPLACED_ID,
	EDXML_REPLACED_ORGANS,
	EDXML_REPLACED_ORGAN,
	EDXML_BODY,
	EDXML_MANIFEST,
	EDXML_REFERENCE,
	EDXML_REFERENCE_ID,
	EDXML_REFERENCE_TYPE,
	EDXML_REFERENCE_NAME,
	EDXML_ATTACHMENTS,
	EDXML_ATTACHMENT,
	EDXML_ATTACHMENT_ID,
	EDXML_ATTACHMENT_TYPE,
	EDXML_ATTACHMENT_NAME,
	EDXML_ATTACHMENT_BYTES,
	EDXML_STATES
};

/* @rank: place among its siblings where the regulation fixes one, else 0. */
struct edxml_row {
	enum edxml_state parent;
	const char *name;
	enum edxml_state state;
	uint8_t rank;
};
extern const struct edxml_row edxml_rows[];
extern const unsigned edxml_rows_n;

/* Namespaces of the same structure; @quirk is NULL for those that are right. */
struct edxml_namespace {
	const char *uri, *quirk;
};
extern const struct edxml_namespace edxml_namespaces[];
extern const unsigned edxml_namespaces_n;
extern const char *const edxml_soap_namespaces[2];
