#include "gateway/cli/bench_documents.h"

#include <stdlib.h>

#include "gateway/base/day.h"
#include "gateway/base/mem.h"

enum { ORGANS = 160, ADDRESSEES = 3, ATTACHED = 900, FILL_BATCH = 1000 };

static void put_organ(struct buf *out, const char *element, int64_t organ)
{
	buf_printf(out, "<edXML:%s><edXML:OrganId>H99", element);
	if (organ)
		buf_printf(out, ".%03d", (int)organ);
	buf_printf(out,
		"</edXML:OrganId>\n<edXML:OrganName>Cơ quan mẫu số "
		"%d</edXML:OrganName>\n"
		"<edXML:OrganAdd>Số %d đường Trung Tâm, tỉnh Mẫu</edXML:OrganAdd>\n"
		"<edXML:Email>vanthu@h99-%03d.example</edXML:Email></edXML:%s>\n",
		(int)organ, (int)organ, (int)organ, element);
}

static int64_t addressee(int64_t i, int64_t which)
{
	return 1 + (i * 7 + which * 53) % ORGANS;
}

static void put_head(struct buf *out)
{
	buf_add_text(out,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<edXML xmlns:edXML=\"http://www.mic.gov.vn/TBT/QCVN_102_2016\" "
		"xmlns=\"http://www.mic.gov.vn/TBT/QCVN_102_2016\" "
		"xmlns:xlink=\"http://www.w3.org/1999/xlink\">\n"
		"<edXML:edXMLEnvelope><edXML:edXMLHeader><edXML:MessageHeader>\n");
}

static void put_body(struct buf *out, bool is_reply, int64_t number)
{
	buf_printf(out,
		"<edXML:Code><edXML:CodeNumber>%lld</edXML:CodeNumber>"
		"<edXML:CodeNotation>%s</edXML:CodeNotation></edXML:Code>\n"
		"<edXML:PromulgationInfo><edXML:Place>Tỉnh Mẫu</edXML:Place>"
		"<edXML:PromulgationDate>2025/11/20</edXML:PromulgationDate>"
		"</edXML:PromulgationInfo>\n"
		"<edXML:DocumentType><edXML:Type>2</edXML:Type>"
		"<edXML:TypeName>Công văn</edXML:TypeName></edXML:DocumentType>\n"
		"<edXML:Subject>V/v %s danh mục trạm y tế cần sửa chữa trước mùa mưa "
		"bão, "
		"đợt %lld</edXML:Subject>\n"
		"<edXML:Content>Rà soát, lập danh mục trạm y tế cần sửa chữa trước mùa "
		"mưa bão, gửi về UBND tỉnh để tổng hợp; chi tiết tại tệp kèm theo."
		"</edXML:Content>\n"
		"<edXML:SignerInfo><edXML:Competence>TM. ỦY BAN NHÂN DÂN"
		"</edXML:Competence><edXML:Position>Chủ tịch</edXML:Position>"
		"<edXML:FullName>Người Ký Mẫu</edXML:FullName></edXML:SignerInfo>\n",
		(long long)number, is_reply ? "SYT-VP" : "UBND-VX",
		is_reply ? "gửi" : "rà soát, lập", (long long)number);
}

static void put_reference(struct buf *out, int64_t number)
{
	buf_printf(out,
		"<edXML:ResponseFor><edXML:OrganId>H99</edXML:OrganId>"
		"<edXML:Code>%lld/UBND-VX</edXML:Code>"
		"<edXML:DocumentId>" BENCH_NUMBER "%lld/UBND-VX</edXML:DocumentId>"
		"<edXML:PromulgationDate>2025/11/20</edXML:PromulgationDate>"
		"</edXML:ResponseFor>\n",
		(long long)number, (long long)number);
}

static void put_end_of_header(struct buf *out, enum bench_kind kind, int64_t i)
{
	int64_t number = BENCH_FIRST + i;

	if (kind == BENCH_DIRECTIVE)
		buf_add_text(out, "<edXML:DueDate>2025/12/10</edXML:DueDate>\n");
	buf_add_text(out, "<edXML:ToPlaces><edXML:Place>Như trên</edXML:Place>"
			  "<edXML:Place>Lưu: VT, VX</edXML:Place></edXML:ToPlaces>\n"
			  "<edXML:OtherInfo><edXML:Priority>0</edXML:Priority>"
			  "<edXML:PromulgationAmount>2</edXML:PromulgationAmount>"
			  "<edXML:PageAmount>1</edXML:PageAmount></edXML:OtherInfo>\n");
	if (kind == BENCH_REPLY)
		put_reference(out, number);
	buf_add_text(out, "<edXML:SteeringType>0</edXML:SteeringType>\n");
	if (kind == BENCH_REPLY)
		buf_printf(out,
			"<edXML:DocumentId>H99.%03d,2025/11/20,%lld/SYT-VP"
			"</edXML:DocumentId>",
			(int)addressee(i, 0), (long long)number);
	else
		buf_printf(out,
			"<edXML:DocumentId>" BENCH_NUMBER
			"%lld/UBND-VX</edXML:DocumentId>",
			(long long)number);
	buf_add_text(out,
		"</edXML:MessageHeader>\n<edXML:TraceHeaderList>"
		"<edXML:TraceHeader><edXML:OrganId>H99</edXML:OrganId>"
		"<edXML:Timestamp>2025/11/20 08:30:00</edXML:Timestamp>"
		"</edXML:TraceHeader><edXML:Bussiness><edXML:BussinessDocType>0"
		"</edXML:BussinessDocType></edXML:Bussiness></edXML:TraceHeaderList>\n"
		"</edXML:edXMLHeader>\n");
}

static void put_attachment(struct buf *out, size_t bytes)
{
	static const char line[] = "JVBERi0xLjQKJSBQaHUgbHVjIG1hdSBjdWEgdmFuIGJhbiBn"
				   "aWEgZGluaCwga2hvbmcg\n";

	buf_add_text(out,
		"<edXML:edXMLBody><edXML:edXMLManifest version=\"1.0\">"
		"<edXML:Reference xlink:href=\"cid:phu-luc\">"
		"<edXML:ContentId>cid:phu-luc</edXML:ContentId>"
		"<edXML:ContentType>application/pdf</edXML:ContentType>"
		"<edXML:AttachmentName>phu-luc.pdf</edXML:AttachmentName>"
		"<edXML:Description>Biểu mẫu danh mục</edXML:Description>"
		"</edXML:Reference></edXML:edXMLManifest></edXML:edXMLBody>\n"
		"</edXML:edXMLEnvelope>\n<edXML:AttachmentEncoded><edXML:Attachment>"
		"<edXML:ContentId>cid:phu-luc</edXML:ContentId>"
		"<edXML:AttachmentName>phu-luc.pdf</edXML:AttachmentName>"
		"<edXML:ContentType>application/pdf</edXML:ContentType>\n"
		"<edXML:ContentTransferEncoded>\n");
	for (size_t n = 0; n < bytes; n += sizeof(line) - 1)
		buf_add(out, line, sizeof(line) - 1);
	buf_add_text(out, "</edXML:ContentTransferEncoded></edXML:Attachment>"
			  "</edXML:AttachmentEncoded>\n</edXML>\n");
}

static void put_document(
	struct buf *out, enum bench_kind kind, int64_t i, size_t attached)
{
	int to = kind == BENCH_REPLY ? 0 : ADDRESSEES;

	put_head(out);
	put_organ(out, "From", kind == BENCH_REPLY ? addressee(i, 0) : 0);
	if (kind == BENCH_REPLY)
		put_organ(out, "To", 0);
	for (int which = 0; which < to; which++)
		put_organ(out, "To", addressee(i, which));
	put_body(out, kind == BENCH_REPLY, BENCH_FIRST + i);
	put_end_of_header(out, kind, i);
	put_attachment(out, attached);
}

void bench_document(struct buf *out, enum bench_kind kind, int64_t i)
{
	put_document(out, kind, i, ATTACHED);
}

void bench_document_large(struct buf *out, int64_t i, size_t bytes)
{
	put_document(out, BENCH_LETTER, i, bytes);
}

void bench_stream(struct buf *out, int64_t i)
{
	bool is_reply = i % 4 == 3;

	bench_document(
		out, is_reply ? BENCH_REPLY : BENCH_DIRECTIVE, is_reply ? i - 3 : i);
}

struct intake_item *bench_items_of(
	bench_make make, const void *context, int64_t from, int64_t n, struct err *e)
{
	struct codec_options options = {.format = CODEC_EDXML};
	struct intake_context intake = {
		.adapter = "bench", .policy = &policy_default, .at = clock_now()};
	struct intake_item *items = mem_alloc((size_t)n * sizeof(*items));
	struct codec *codec = codec_new(&options);
	cleanup_buf struct buf bytes = {0};
	int result = 0;

	for (int64_t i = 0; i < n && result == 0; i++) {
		buf_reset(&bytes);
		make(context, &bytes, from + i);
		result = intake_read_bytes(codec,
			(struct slice){buf_text(&bytes), bytes.n}, &intake, &items[i],
			e);
		if (result == 0 && items[i].error.code)
			result = err_set(e, ERR_BUG, "document %lld: %s", (long long)i,
				items[i].error.message);
	}
	codec_free(codec);
	if (result == 0)
		return items;
	bench_items_free(items, n);
	return NULL;
}

static void make_stream(const void *context, struct buf *out, int64_t i)
{
	(void)context;
	bench_stream(out, i);
}

struct intake_item *bench_items(int64_t from, int64_t n, struct err *e)
{
	return bench_items_of(make_stream, NULL, from, n, e);
}

void bench_items_free(struct intake_item *items, int64_t n)
{
	for (int64_t i = 0; items && i < n; i++)
		intake_item_deinit(&items[i]);
	free(items);
}

int bench_apply(struct ledger *l, const struct intake_item *items, int64_t n,
	int64_t batch, struct err *e)
{
	for (int64_t i = 0; i < n;) {
		if (ledger_begin(l, e))
			return -1;
		for (int64_t k = 0; k < batch && i < n; k++, i++) {
			struct ledger_answer answer;

			if (ledger_apply(l, &items[i].arrival, &answer, e))
				return -1;
			if (answer.outcome != OUTCOME_APPLIED)
				return err_set(e, ERR_BUG,
					"document %lld was not taken", (long long)i);
		}
		if (ledger_commit(l, e))
			return -1;
	}
	return 0;
}

int bench_fill(struct ledger *l, int64_t size, struct err *e)
{
	for (int64_t i = 0; i < size; i += FILL_BATCH) {
		int64_t n = size - i < FILL_BATCH ? size - i : FILL_BATCH;
		struct intake_item *items = bench_items(i, n, e);
		int result = items ? bench_apply(l, items, n, n, e) : -1;

		bench_items_free(items, n);
		if (result)
			return -1;
	}
	return 0;
}
