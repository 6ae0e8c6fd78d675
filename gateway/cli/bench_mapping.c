/* The documents of `bench` read as a vendor's XML: the same members by XPath. */
#include "adapters/mapping.h"
#include "gateway/cli/bench_documents.h"
#include "gateway/config/config.h"

static const char text[] =
	"syntax: xml\n"
	"namespaces: {e: \"http://www.mic.gov.vn/TBT/QCVN_102_2016\"}\n"
	"document: /e:edXML/e:edXMLEnvelope/e:edXMLHeader/e:MessageHeader\n"
	"dates: [yyyy/MM/dd]\n"
	"event:\n"
	"  document_id: e:DocumentId\n"
	"  code: {number: e:Code/e:CodeNumber, notation: e:Code/e:CodeNotation}\n"
	"  issued_on: e:PromulgationInfo/e:PromulgationDate\n"
	"  from: {organ_id: e:From/e:OrganId, name: e:From/e:OrganName}\n"
	"  to: {each: e:To, organ_id: e:OrganId, name: e:OrganName}\n"
	"  type_name: e:DocumentType/e:TypeName\n"
	"  subject: e:Subject\n"
	"  content: e:Content\n"
	"  signer: {competence: e:SignerInfo/e:Competence,"
	" position: e:SignerInfo/e:Position, name: e:SignerInfo/e:FullName}\n"
	"  due_on: e:DueDate\n"
	"  priority: {path: e:OtherInfo/e:Priority, default: normal,"
	" values: {0: normal, 1: urgent, 2: very_urgent, 3: express}}\n"
	"  response_for: {each: e:ResponseFor, organ_id: e:OrganId, code: e:Code,"
	" document_id: e:DocumentId, issued_on: e:PromulgationDate}\n";

int bench_mapping(struct bench *b, const struct mapping **ret_mapping, struct err *e)
{
	struct config_complaints complaints = {0};
	struct buf yaml = {.data = (char *)(uintptr_t)text, .n = sizeof(text) - 1};
	const char *folder = bench_folder(b, "mapping", e);
	const char *file =
		folder ? arena_printf(&b->arena, "%s/bench.yaml", folder) : NULL;

	if (!file || bench_write_file(file, &yaml, e))
		return -1;
	int result = config_load_mapping(file, &b->arena, ret_mapping, &complaints);

	if (result)
		err_set(e, ERR_BUG, "%s: %s", complaints.list.at[0].key,
			complaints.list.at[0].message);
	config_complaints_deinit(&complaints);
	return result;
}
