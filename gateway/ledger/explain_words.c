/*
 * `explain` in sentences a clerk reads without the manual (M9), in Vietnamese. They say
 * no more than the members beside them; those are for programs.
 */
#include "gateway/ledger/explain_words.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "gateway/rules/lifecycle.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static const char *const kinds[] = {[OWED_TASK] = "Nhiệm vụ",
	[OWED_PROPOSAL] = "Nội dung trình",
	[OWED_OPINION] = "Việc lấy ý kiến",
	[OWED_NOTICE] = "Thông báo khẩn"};
static const char *const states[] = {[TASK_ASSIGNED] = "đã giao, chưa xử lý",
	[TASK_IN_PROGRESS] = "đang xử lý",
	[TASK_REPORTED] = "đã báo cáo, chờ cơ quan giao xác nhận",
	[TASK_COMPLETED] = "đã hoàn thành",
	[TASK_HANDED_BACK] = "đã chuyển trả",
	[TASK_CANCELLED] =
		"đã hủy vì văn bản giao bị thu hồi hoặc không còn gửi cơ quan này",
	[TASK_WITHDRAWN] = "đã rút, vì văn bản này hóa ra là văn bản trả lời"};
static const char *const times[] = {[TIMELINESS_NONE] = NULL,
	[TIMELINESS_PENDING] = "còn hạn",
	[TIMELINESS_DUE_SOON] = "sắp đến hạn",
	[TIMELINESS_OVERDUE] = "quá hạn",
	[TIMELINESS_NO_DEADLINE] = "không có thời hạn",
	[TIMELINESS_ON_TIME] = "đúng hạn",
	[TIMELINESS_LATE] = "trễ hạn"};

/* Pairs of a word of ours and what a clerk would say; the last has no word. */
struct said {
	const char *word, *says;
};
static const struct said rungs[] = {{"task_code", "nêu mã nhiệm vụ"},
	{"thread", "cùng luồng văn bản"},
	{"document_id", "nêu mã định danh của văn bản"},
	{"number_date_organ", "nêu đúng số, ngày và cơ quan ban hành"},
	{"number_organ", "nêu số cùng cơ quan hoặc ngày ban hành"},
	{"citation", "trích dẫn số văn bản trong trích yếu hoặc nội dung"},
	{"manual", "có người xác nhận"}, {NULL, "có liên kết"}};
static const struct said whys[] = {
	{"the sender leads none of its tasks",
		"cơ quan gửi không chủ trì nhiệm vụ nào của văn bản đó"},
	{"the assigner's own document", "là văn bản của chính cơ quan giao"},
	{"not sent to the assigner", "không gửi đến cơ quan giao"},
	{"it sends the task on to its sub-units",
		"chuyển nhiệm vụ cho đơn vị trực thuộc, chưa phải trả lời"},
	{NULL, "không trả lời văn bản đó"}};
static const struct said reasons[] = {
	{"citation", "chỉ trích dẫn số văn bản, chưa đủ chắc chắn"},
	{"number_organ", "nhiều văn bản cùng phù hợp với số được nêu"},
	{"several_documents", "nhiều văn bản cùng mang mã được nêu"},
	{"different_documents", "các căn cứ chỉ tới những văn bản khác nhau"},
	{"addressee",
		"nơi nhận không có mã định danh, không rõ có gửi đến cơ quan giao "
		"hay không"},
	{NULL, "chưa đủ chắc chắn"}};
static const struct said roles[] = {{"answer", "trả lời"},
	{"interim", "báo cáo tiến độ hoặc kết quả bước đầu cho"},
	{"extension", "xin gia hạn cho"}, {"hand_back", "đề nghị chuyển trả"},
	{"guidance", "xin ý kiến, hướng dẫn về"}, {"draft", "là dự thảo trả lời"},
	{"status", "báo trạng thái của"}, {"rival", "cũng phù hợp với"},
	{NULL, "liên quan đến"}};

static const char *says(const struct said *list, const char *word)
{
	while (list->word && (!word || strcmp(list->word, word) != 0))
		list++;
	return list->says;
}

static const char *date(struct ledger_view *v, day_t day)
{
	int year, month, mday;

	if (day == DAY_NONE)
		return "(không rõ ngày)";
	day_split(day, &year, &month, &mday);
	return arena_printf(&v->arena, "%02d/%02d/%04d", mday, month, year);
}

static const char *name_of(const char *code, const char *document_id)
{
	return code ? code : document_id ? document_id : "(không số)";
}

static void say_task(struct ledger_view *v, struct json *j, const struct task *t,
	enum timeliness timely)
{
	const char *time = t->kind == OWED_OPINION && timely == TIMELINESS_OVERDUE
				   ? "quá hạn, chưa có ý kiến"
				   : times[timely];

	json_text(
		j, arena_printf(&v->arena,
			   "%s NV-%lld do %s giao %s tại văn bản %s ngày %s.",
			   kinds[t->kind], (long long)t->id,
			   t->document.from ? t->document.from : "(không rõ)", t->lead,
			   name_of(t->document.code, t->document.document_id),
			   date(v, t->document.issued_on)));
	json_text(j, arena_printf(&v->arena, "Hiện nay: %s%s%s.", states[t->state],
			     time ? ", " : "", time ? time : ""));
	if (t->parent)
		json_text(j, arena_printf(&v->arena,
				     "Đây là một phần của NV-%lld; xong phần này chưa "
				     "làm xong NV-%lld.",
				     (long long)t->parent, (long long)t->parent));
	if (t->due_on != DAY_NONE && t->due_flags)
		json_text(
			j, arena_printf(&v->arena,
				   "Thời hạn ghi là %s nhưng đáng ngờ, chưa được tính "
				   "cho đến khi có người chấp nhận.",
				   date(v, t->due_on)));
	else if (t->due_on != DAY_NONE)
		json_text(j, arena_printf(&v->arena, "Thời hạn: hết ngày %s.",
				     date(v, t->due_on)));
	if (t->proposed_due_on != DAY_NONE)
		json_text(j, arena_printf(&v->arena,
				     "Trong lời văn có thời hạn %s; chưa được tính cho "
				     "đến khi có người chấp nhận.",
				     date(v, t->proposed_due_on)));
}

static void say_closed(struct ledger_view *v, struct json *j, const struct task *t)
{
	const char *closer = name_of(t->closed_by.code, t->closed_by.document_id);

	if (t->closed_by.document)
		json_text(j,
			arena_printf(&v->arena,
				"Được trả lời bằng văn bản %s, tính cho ngày %s; căn "
				"cứ: %s.",
				closer, date(v, t->completed_on),
				says(rungs, rung_words[t->closed_by.rung])));
	else
		json_text(j, arena_printf(&v->arena,
				     "Kết quả được báo cáo bằng tay, tính cho ngày %s.",
				     date(v, t->completed_on)));
}

void explain_open_fact(struct ledger_view *v, struct json *j, enum link_role role,
	const char *code, const char *document_id)
{
	static const char *const open[] = {[LINK_INTERIM] = "chỉ là báo cáo tiến độ",
		[LINK_EXTENSION] = "xin gia hạn, chờ cơ quan giao quyết định",
		[LINK_HAND_BACK] = "đề nghị chuyển trả, chờ cơ quan giao quyết định",
		[LINK_GUIDANCE] = "xin ý kiến, hướng dẫn",
		[LINK_DRAFT] = "mới là dự thảo, chưa phát hành",
		[LINK_MENTION] = "chỉ nhắc tới văn bản giao",
		[LINK_STATUS] = "chỉ báo trạng thái, không phải trả lời",
		[LINK_ANSWER] = "đã trả lời nhưng không còn được tính"};

	if ((size_t)role < COUNT(open) && open[role])
		json_text(j, arena_printf(&v->arena, "Văn bản %s %s.",
				     name_of(code, document_id), open[role]));
}

void explain_task_begin(struct ledger_view *v, struct json *j, const struct task *task,
	enum timeliness timely)
{
	json_key(j, "in_words");
	json_open(j, '[');
	say_task(v, j, task, timely);
	if (task->state == TASK_COMPLETED || task->state == TASK_REPORTED)
		say_closed(v, j, task);
}

void explain_task_end(struct ledger_view *v, struct json *j, const struct task *task,
	bool told, const act_list *acts)
{
	static const char *const did[ACT_KINDS] = {
		[ACT_KIND_CONFIRM] = "xác nhận hoàn thành",
		[ACT_KIND_REFUSE] = "từ chối kết quả",
		[ACT_KIND_EXTEND] = "gia hạn",
		[ACT_KIND_ACCEPT_HAND_BACK] = "chấp nhận chuyển trả",
		[ACT_KIND_DECLINE_HAND_BACK] = "không chấp nhận chuyển trả",
		[ACT_KIND_REPORT] = "báo cáo kết quả",
		[ACT_KIND_ACCEPT_DEADLINE] = "chấp nhận thời hạn",
		[ACT_KIND_UNDO] = "bỏ liên kết trả lời sai"};

	if (lifecycle_is_open(task->state) && !told)
		json_text(j, "Chưa có văn bản nào trả lời.");
	for (size_t i = 0; i < acts->n; i++) {
		const struct act_row *act = &acts->at[i];

		json_text(j, arena_printf(&v->arena, "Ngày %s, %s %s%s%s.",
				     date(v, day_of(act->at)), act->by, did[act->kind],
				     act->reason ? "; lý do: " : "",
				     act->reason ? act->reason : ""));
	}
	json_close(j, ']');
}

static void say_outcome(struct ledger_view *v, struct json *j,
	const struct explained_document *d, bool itself)
{
	const char *name = name_of(d->code, d->document_id);

	json_text(j,
		arena_printf(&v->arena, "Văn bản %s ngày %s của %s, đến ngày %s.", name,
			date(v, d->issued_on), d->from ? d->from : "(không rõ)",
			date(v, day_of(d->arrived_at))));
	switch (d->outcome) {
	case OUTCOME_APPLIED:
		return;
	case OUTCOME_DUPLICATE:
		json_text(j, "Đã nhận trước đó; lần này không làm thay đổi gì.");
		return;
	case OUTCOME_CONFLICT:
		json_text(j,
			"Cùng mã với một văn bản đã nhận nhưng nội dung khác; văn bản "
			"nhận trước vẫn được tính, văn bản này để riêng.");
		return;
	case OUTCOME_PARKED:
		json_text(j,
			itself ? "Văn bản này chỉ nêu chính nó; không văn bản nào tự "
				 "trả lời mình."
			: d->business == BUSINESS_RECALL ||
					d->business == BUSINESS_UPDATE
				? "Đang chờ: văn bản cần thu hồi hoặc cập nhật chưa "
				  "đến. Nếu đó là một văn bản thu hồi thì không có "
				  "gì để thu hồi: cần phát hành lại văn bản."
				: "Đang chờ: chưa thấy văn bản nào mà nó trả lời. Khi "
				  "văn bản đó đến sẽ được xét lại.");
		return;
	case OUTCOME_QUARANTINED:
		json_text(
			j, "Được để riêng, không có hiệu lực; xem `quarantine list`.");
		return;
	case OUTCOME_RESTRICTED:
		json_text(j, "Là văn bản mật: không lưu, không chuyển tiếp.");
		return;
	}
}

static void say_link(struct ledger_view *v, struct json *j, const json_t *link)
{
	const char *role = json_string_value(json_object_get(link, "role"));
	const char *task = json_string_value(json_object_get(link, "task"));
	const char *rung = json_string_value(json_object_get(link, "rung"));
	const char *why = json_string_value(json_object_get(link, "why"));
	long long document = json_integer_value(json_object_get(link, "document"));

	if (role && strcmp(role, "mention") == 0)
		json_text(j, arena_printf(&v->arena,
				     "Chỉ nhắc tới văn bản số thứ tự %lld: %s.",
				     document, says(whys, why)));
	else if (task)
		json_text(j, arena_printf(&v->arena, "Văn bản này %s %s; căn cứ: %s.",
				     says(roles, role), task, says(rungs, rung)));
}

static bool names_itself(const json_t *tried)
{
	const json_t *one;
	size_t i;

	json_array_foreach(tried, i, one)
	{
		const char *finding =
			json_string_value(json_object_get(one, "finding"));

		if (finding && strncmp(finding, "it names itself", 15) == 0)
			return true;
	}
	return false;
}

/* Near misses and what fits, once each: "đã thử". */
static void say_tried(struct ledger_view *v, struct json *j, const json_t *tried)
{
	size_t misses = 0, i;
	const json_t *one;

	json_array_foreach(tried, i, one)
	{
		const char *finding =
			json_string_value(json_object_get(one, "finding"));

		misses += json_is_false(json_object_get(one, "fits")) && finding &&
			  strncmp(finding, "near miss", 9) == 0;
	}
	if (misses)
		json_text(j,
			arena_printf(&v->arena,
				"Có %zu văn bản suýt phù hợp; xem `tried`.", misses));
}

void explain_document_words(
	struct ledger_view *v, struct json *j, const struct explained_document *d)
{
	json_t *judgement = d->judgement ? json_loads(d->judgement, 0, NULL) : NULL;
	const json_t *tried = json_object_get(judgement, "tried"), *link;
	const char *suggested =
		json_string_value(json_object_get(judgement, "suggested"));
	size_t i;

	json_key(j, "in_words");
	json_open(j, '[');
	say_outcome(v, j, d, names_itself(tried));
	json_array_foreach(json_object_get(judgement, "links"), i, link)
		say_link(v, j, link);
	if (suggested)
		json_text(
			j, arena_printf(&v->arena,
				   "Có thể là văn bản trả lời, cần người xác nhận: %s.",
				   says(reasons, suggested)));
	say_tried(v, j, tried);
	json_close(j, ']');
	json_decref(judgement);
}
