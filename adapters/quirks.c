/* Every oddity a codec can find (E5); docs/quirks.md is this table for people. */
#include <string.h>

#include "adapters/codec.h"

#define INFO    QUIRK_INFO
#define WARNING QUIRK_WARNING
#define ERROR   QUIRK_ERROR

const struct quirk_row quirk_rows[] = {
	{"attachment.cid-missing", INFO,
		"A ContentId is absent or does not begin with `cid:`."},
	{"attachment.not-base64", WARNING,
		"The content of an attachment is not base64; its size is not known."},
	{"attachment.type-differs", INFO,
		"Reference and Attachment declare different types; the Attachment's "
		"counts."},
	{"bussiness.foreign-id", INFO,
		"Bussiness of a new document names another document; it is ignored."},
	{"bussiness.missing", INFO,
		"There is no Bussiness element; the document is taken as new."},
	{"code.missing", WARNING,
		"The document's code lacks its number or its notation."},
	{"code.not-numeric", INFO,
		"The number of the code holds more than digits; it is kept as a text."},
	{"code.timestamp", INFO,
		"The number of the code has 14 digits, as a program's time stamp has."},
	{"comment.present", INFO, "The file holds XML comments; they are passed over."},
	{"date.ambiguous", WARNING,
		"A text fits two of the mapping's date forms as different days; it is "
		"read "
		"as none."},
	{"date.day-first", INFO, "A date is written dd/MM/yyyy instead of yyyy/MM/dd."},
	{"date.empty", INFO, "A date element is there and empty."},
	{"date.invalid", WARNING,
		"A text is no date, or names a day that does not exist; it is read as "
		"none."},
	{"date.two-digit-century", WARNING,
		"A year has two digits, or begins with 00; no century is guessed."},
	{"date.with-time", INFO,
		"A date carries a time of day; the day counts as it is written."},
	{"due.before-issue", WARNING, "The deadline lies before the issue date."},
	{"due.constant-offset", INFO,
		"The deadline is two days after the first hop, as one emitter always "
		"fills in."},
	{"due.implausible", WARNING,
		"The deadline is before the year 2000 or more than five years out."},
	{"due.same-day", INFO, "The deadline is the issue date itself."},
	{"element.repeated", WARNING,
		"An element that stands once is repeated with another text; the first "
		"counts."},
	{"element.unknown", INFO,
		"An edXML element that the standard and its dialects do not have "
		"here."},
	{"encoding.undeclared", INFO,
		"The XML declaration or its encoding is missing; UTF-8 is assumed."},
	{"entry.empty", INFO,
		"An entry of a mapping's list says nothing; it is ignored."},
	{"id.date-differs", INFO,
		"The date inside the document id is not the date of issue."},
	{"id.date-invalid", WARNING,
		"The date inside a document id is no day of the calendar."},
	{"id.free-form", INFO,
		"The document id is neither `organ,yyyy/MM/dd,number/notation` nor a "
		"UUID."},
	{"id.missing", WARNING,
		"There is no document id; one is made of issuer, issue date and code."},
	{"id.opaque", INFO,
		"The document id is a UUID and says nothing about the document."},
	{"id.swapped", INFO,
		"The document id has notation and number the other way round than the "
		"code."},
	{"ns.default-children", INFO,
		"Elements below the root have no prefix, only a default namespace."},
	{"ns.old", INFO, "The namespace is the one before QCVN 102:2016."},
	{"ns.undeclared-prefix", WARNING,
		"A prefix is used where no declaration of it holds."},
	{"ns.wrong", WARNING,
		"The namespace is a known wrong one; the document is read as edXML."},
	{"order.unusual", INFO,
		"Elements do not stand in the order of QCVN 102:2016; order means "
		"nothing."},
	{"organ.filler", WARNING,
		"An organ id holds a filler such as `null` or `-`; it is read as "
		"none."},
	{"organ.missing", WARNING, "An organ has no id."},
	{"organ.odd-id", WARNING,
		"An organ id has a shape no known form has; it is kept as it is."},
	{"priority.unknown", WARNING,
		"Priority is no number from 0 to 4; normal is assumed."},
	{"receiver.type-unknown", WARNING,
		"A ReceiverType is neither 0 (drop) nor 1 (add); the receiver is "
		"ignored."},
	{"replacement.repeated", INFO,
		"The same document is replaced twice; the receivers are put together."},
	{"response.date-differs", INFO,
		"A reference's date is not the date inside its document id."},
	{"response.empty", INFO, "A ResponseFor says nothing; it is ignored."},
	{"response.organ-differs", INFO,
		"A reference's organ is not the organ inside its document id."},
	{"root.foreign-child", INFO,
		"The root has children beside envelope and attachments; they are "
		"ignored."},
	{"secrecy.unknown", ERROR,
		"Secret holds a word that is no class of secrecy; none is assumed."},
	{"signature.unverifiable", INFO,
		"The signature is not an XML signature (any more) and cannot be "
		"verified."},
	{"status.before-document", INFO,
		"The status is stamped before the date of the document it is about."},
	{"status.code-unknown", WARNING,
		"The status code is absent, unreadable or not one of the known codes."},
	{"status.in-status-element", INFO,
		"The status stands in an element Status instead of MessageHeader."},
	{"steering.ambiguous", WARNING,
		"SteeringType 1 or 2 means two things; set `steering:` for this "
		"partner."},
	{"steering.unknown", WARNING,
		"SteeringType is none of the numbers its coding has; it is read as "
		"null."},
	{"text.filler", INFO,
		"An element holds a filler such as `N/A`, `null` or `-`; it is read as "
		"null."},
	{"text.not-kept", WARNING,
		"A text of more than 64 kB that looks like base64 is taken for a "
		"file's "
		"content and not kept."},
	{"text.not-nfc", INFO, "A text was not in Unicode normal form C; it is now."},
	{"to.alias-twice", INFO,
		"Two addressees have one name and different ids: perhaps old and new "
		"id."},
	{"to.duplicate", INFO, "An addressee is listed more than once."},
	{"trace.organ-missing", INFO, "A hop of the trace has no organ id."},
	{"trace.organ-null", INFO,
		"A hop of the trace has the word null as its organ id."},
	{"type.holds-reason", WARNING,
		"BussinessDocType holds words instead of a number; they are read if "
		"plain."},
	{"type.number-unknown", INFO,
		"A type is given only as a number whose meaning differs by emitter."},
	{"value.not-a-number", WARNING,
		"What stands where a mapping looks for a number is none; it is read as "
		"none."},
	{"value.not-a-text", WARNING,
		"What stands where a mapping looks for a text is a list or an object; "
		"it is "
		"read as none."},
	{"value.unknown", WARNING,
		"A code stands in no value table of the mapping; a text is kept as it "
		"is, "
		"anything else is read as none."},
};
const size_t quirk_rows_n = sizeof(quirk_rows) / sizeof(quirk_rows[0]);

const struct quirk_row *quirk_find(const char *code)
{
	for (size_t i = 0; code && i < quirk_rows_n; i++)
		if (strcmp(quirk_rows[i].code, code) == 0)
			return &quirk_rows[i];
	return NULL;
}
