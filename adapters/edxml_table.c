#include "adapters/edxml_table.h"

const struct edxml_namespace edxml_namespaces[] = {
	{"http://www.mic.gov.vn/TBT/QCVN_102_2016", 0},
	{"http://www.e-doc.vn/Schema/", "ns.old"},
	{"http://www.inetcloud.vn/ns/edxml", 0},
	{"http://www.go.vn/eDoc", "ns.wrong"},
	{"http://edxml.gov.vn/schema", "ns.wrong"},
};
const unsigned edxml_namespaces_n =
	sizeof(edxml_namespaces) / sizeof(edxml_namespaces[0]);

const char *const edxml_soap_namespaces[2] = {
	"http://schemas.xmlsoap.org/soap/envelope/",
	"http://www.w3.org/2003/05/soap-envelope",
};

#define ORGAN_REST(parent)                                                             \
	{parent, "OrganizationInCharge", EDXML_KNOWN, 0},                              \
		{parent, "OrganAdd", EDXML_KNOWN, 0},                                  \
		{parent, "Email", EDXML_KNOWN, 0},                                     \
		{parent, "Telephone", EDXML_KNOWN, 0},                                 \
		{parent, "Fax", EDXML_KNOWN, 0},                                       \
	{                                                                              \
		parent, "Website", EDXML_KNOWN, 0                                      \
	}

/* What a SOAP body, a SOAP header or the root itself may hold. */
#define TREE(parent)                                                                   \
	{parent, "edXMLEnvelope", EDXML_ENVELOPE, 0},                                  \
		{parent, "edXMLHeader", EDXML_HEADER, 0},                              \
		{parent, "MessageHeader", EDXML_MESSAGE, 0},                           \
		{parent, "TraceHeaderList", EDXML_TRACE, 0},                           \
		{parent, "edXMLBody", EDXML_BODY, 0},                                  \
		{parent, "edXMLManifest", EDXML_MANIFEST, 0},                          \
	{                                                                              \
		parent, "AttachmentEncoded", EDXML_ATTACHMENTS, 0                      \
	}

/* A status stands in MessageHeader, or, from one hub, in an element of its own. */
#define STATUS_PARTS(parent)                                                           \
	{parent, "StatusCode", EDXML_STATUS_CODE, 31},                                 \
		{parent, "Description", EDXML_STATUS_DESCRIPTION, 32},                 \
		{parent, "Timestamp", EDXML_STATUS_AT, 33},                            \
		{parent, "StaffInfo", EDXML_KNOWN, 30},                                \
		{parent, "From", EDXML_FROM, 1},                                       \
	{                                                                              \
		parent, "ResponseFor", EDXML_RESPONSE, 13                              \
	}

const struct edxml_row edxml_rows[] = {
	{EDXML_START, "edXML", EDXML_ROOT, 0},
	{EDXML_START, "edXMLEnvelope", EDXML_ENVELOPE, 0},

	{EDXML_SOAP_PART, "edXML", EDXML_ROOT, 0},
	TREE(EDXML_SOAP_PART),
	TREE(EDXML_ROOT),

	{EDXML_ENVELOPE, "edXMLHeader", EDXML_HEADER, 1},
	{EDXML_ENVELOPE, "edXMLBody", EDXML_BODY, 2},
	{EDXML_ENVELOPE, "AttachmentEncoded", EDXML_ATTACHMENTS, 3},

	{EDXML_HEADER, "MessageHeader", EDXML_MESSAGE, 1},
	{EDXML_HEADER, "Status", EDXML_STATUS, 2},
	{EDXML_HEADER, "TraceHeaderList", EDXML_TRACE, 3},
	{EDXML_HEADER, "Signature", EDXML_SIGNATURE, 4},
	{EDXML_HEADER, "DigitalSignature", EDXML_SIGNATURE, 4},

	STATUS_PARTS(EDXML_MESSAGE),
	STATUS_PARTS(EDXML_STATUS),
	{EDXML_MESSAGE, "To", EDXML_TO, 2},
	{EDXML_MESSAGE, "DocumentId", EDXML_DOCUMENT_ID, 3},
	{EDXML_MESSAGE, "Code", EDXML_CODE, 4},
	{EDXML_MESSAGE, "PromulgationInfo", EDXML_PROMULGATION, 5},
	{EDXML_MESSAGE, "DocumentType", EDXML_TYPE, 6},
	{EDXML_MESSAGE, "Subject", EDXML_SUBJECT, 7},
	{EDXML_MESSAGE, "Content", EDXML_CONTENT, 8},
	{EDXML_MESSAGE, "SignerInfo", EDXML_SIGNER, 9},
	{EDXML_MESSAGE, "DueDate", EDXML_DUE_ON, 10},
	{EDXML_MESSAGE, "ToPlaces", EDXML_KNOWN, 11},
	{EDXML_MESSAGE, "OtherInfo", EDXML_OTHER, 12},
	{EDXML_MESSAGE, "ResponseForTask", EDXML_RESPONSE_TASK, 14},
	{EDXML_MESSAGE, "SteeringType", EDXML_STEERING, 15},
	{EDXML_MESSAGE, "TraceHeaderList", EDXML_TRACE, 40},

	{EDXML_FROM, "OrganId", EDXML_FROM_ID, 0},
	{EDXML_FROM, "OrganName", EDXML_FROM_NAME, 0},
	ORGAN_REST(EDXML_FROM),
	{EDXML_TO, "OrganId", EDXML_TO_ID, 0},
	{EDXML_TO, "OrganName", EDXML_TO_NAME, 0},
	ORGAN_REST(EDXML_TO),

	{EDXML_CODE, "CodeNumber", EDXML_CODE_NUMBER, 0},
	{EDXML_CODE, "CodeNotation", EDXML_CODE_NOTATION, 0},
	{EDXML_PROMULGATION, "Place", EDXML_KNOWN, 0},
	{EDXML_PROMULGATION, "PromulgationDate", EDXML_ISSUED_ON, 0},
	{EDXML_TYPE, "Type", EDXML_TYPE_NUMBER, 0},
	{EDXML_TYPE, "TypeDetail", EDXML_KNOWN, 0},
	{EDXML_TYPE, "TypeName", EDXML_TYPE_NAME, 0},
	{EDXML_SIGNER, "Competence", EDXML_SIGNER_COMPETENCE, 0},
	{EDXML_SIGNER, "Position", EDXML_SIGNER_POSITION, 0},
	{EDXML_SIGNER, "FullName", EDXML_SIGNER_NAME, 0},

	{EDXML_OTHER, "Priority", EDXML_PRIORITY, 0},
	{EDXML_OTHER, "Secret", EDXML_SECRET, 0},
	{EDXML_OTHER, "SphereOfPromulgation", EDXML_KNOWN, 0},
	{EDXML_OTHER, "TyperNotation", EDXML_KNOWN, 0},
	{EDXML_OTHER, "PromulgationAmount", EDXML_KNOWN, 0},
	{EDXML_OTHER, "PageAmount", EDXML_KNOWN, 0},
	{EDXML_OTHER, "Direction", EDXML_KNOWN, 0},
	{EDXML_OTHER, "Appendixes", EDXML_KNOWN, 0},

	{EDXML_RESPONSE, "OrganId", EDXML_RESPONSE_ORGAN, 0},
	{EDXML_RESPONSE, "Code", EDXML_RESPONSE_CODE, 0},
	{EDXML_RESPONSE, "DocumentId", EDXML_RESPONSE_ID, 0},
	{EDXML_RESPONSE, "PromulgationDate", EDXML_RESPONSE_ISSUED_ON, 0},
	{EDXML_RESPONSE_CODE, "CodeNumber", EDXML_RESPONSE_NUMBER, 0},
	{EDXML_RESPONSE_CODE, "CodeNotation", EDXML_RESPONSE_NOTATION, 0},
	{EDXML_RESPONSE_TASK, "TaskCode", EDXML_TASK_CODE, 0},

	{EDXML_TRACE, "TraceHeader", EDXML_HOP, 0},
	{EDXML_TRACE, "Bussiness", EDXML_BUSINESS, 0},
	{EDXML_HOP, "OrganId", EDXML_HOP_ORGAN, 0},
	{EDXML_HOP, "Timestamp", EDXML_HOP_AT, 0},

	{EDXML_BUSINESS, "DocumentId", EDXML_BUSINESS_ID, 0},
	{EDXML_BUSINESS, "BussinessDocType", EDXML_BUSINESS_TYPE, 0},
	{EDXML_BUSINESS, "BussinessDocReason", EDXML_KNOWN, 0},
	{EDXML_BUSINESS, "Paper", EDXML_KNOWN, 0},
	{EDXML_BUSINESS, "StaffInfo", EDXML_KNOWN, 0},
	{EDXML_BUSINESS, "BussinessDocumentInfo", EDXML_BUSINESS_INFO, 0},
	{EDXML_BUSINESS, "ReplacementInfoList", EDXML_REPLACEMENTS, 0},
	{EDXML_BUSINESS_INFO, "DocumentInfo", EDXML_KNOWN, 0},
	{EDXML_BUSINESS_INFO, "DocumentReceiver", EDXML_KNOWN, 0},
	{EDXML_BUSINESS_INFO, "ReceiverList", EDXML_RECEIVERS, 0},
	{EDXML_RECEIVERS, "Receiver", EDXML_RECEIVER, 0},
	{EDXML_RECEIVER, "OrganId", EDXML_RECEIVER_ID, 0},
	{EDXML_RECEIVER, "ReceiverType", EDXML_RECEIVER_TYPE, 0},
	{EDXML_REPLACEMENTS, "ReplacementInfo", EDXML_REPLACEMENT, 0},
	{EDXML_REPLACEMENT, "DocumentId", EDXML_REPLACED_ID, 0},
	{EDXML_REPLACEMENT, "OrganIdList", EDXML_REPLACED_ORGANS, 0},
	{EDXML_REPLACED_ORGANS, "OrganId", EDXML_REPLACED_ORGAN, 0},

	{EDXML_BODY, "edXMLManifest", EDXML_MANIFEST, 0},
	{EDXML_BODY, "AttachmentEncoded", EDXML_ATTACHMENTS, 0},
	{EDXML_MANIFEST, "Reference", EDXML_REFERENCE, 0},
	{EDXML_REFERENCE, "ContentId", EDXML_REFERENCE_ID, 0},
	{EDXML_REFERENCE, "ContentType", EDXML_REFERENCE_TYPE, 0},
	{EDXML_REFERENCE, "AttachmentName", EDXML_REFERENCE_NAME, 0},
	{EDXML_REFERENCE, "Description", EDXML_KNOWN, 0},

	{EDXML_ATTACHMENTS, "Attachment", EDXML_ATTACHMENT, 0},
	{EDXML_ATTACHMENT, "ContentId", EDXML_ATTACHMENT_ID, 0},
	{EDXML_ATTACHMENT, "ContentType", EDXML_ATTACHMENT_TYPE, 0},
	{EDXML_ATTACHMENT, "AttachmentName", EDXML_ATTACHMENT_NAME, 0},
	{EDXML_ATTACHMENT, "Description", EDXML_KNOWN, 0},
	{EDXML_ATTACHMENT, "ContentTransferEncoded", EDXML_ATTACHMENT_BYTES, 0},
};
const unsigned edxml_rows_n = sizeof(edxml_rows) / sizeof(edxml_rows[0]);
