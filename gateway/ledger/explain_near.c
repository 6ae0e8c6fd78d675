#include "gateway/ledger/explain_near.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* A code that everybody uses is mentioned very often: the latest are looked at. */
enum { MENTIONS_MOST = 200 };

static const char prefix[] = "near miss: ";

/* Names of the task, by the role of who is looked for under them. */
struct names {
	id_list documents;
	key_list keys, threads;
};

static void add_also(struct ledger_view *v, const char *also, key_list *keys)
{
	json_t *list = also ? json_loads(also, 0, NULL) : NULL, *one;
	size_t i;

	json_array_foreach(list, i, one)
		keys_of_id(&v->arena, json_string_value(one), keys);
	json_decref(list);
}

static int read_names(struct ledger_view *v, const struct task_row *task,
	struct names *ret, struct err *e)
{
	enum db_step step;
	struct sqlite3_stmt *row = db_query(&v->db, V_NEAR_DOCUMENTS,
		"SELECT id, code, document_id, also, thread FROM event WHERE id IN "
		"(SELECT ?1 UNION SELECT document FROM task_document WHERE task = ?2)",
		e, "ii", task->origin, task->task.id);

	if (!row)
		return -1;
	while ((step = db_next(&v->db, row, e)) == DB_ROW) {
		int64_t code = key_code(&v->arena, db_text(&v->arena, row, 1));
		int64_t thread = key_thread(db_text(&v->arena, row, 4));

		id_list_add(&v->arena, &ret->documents, db_int(row, 0));
		if (code)
			*LIST_ADD(&v->arena, &ret->keys) = code;
		if (thread)
			*LIST_ADD(&v->arena, &ret->threads) = thread;
		keys_of_id(&v->arena, db_text(&v->arena, row, 2), &ret->keys);
		add_also(v, db_text(&v->arena, row, 3), &ret->keys);
	}
	if (task->task.code)
		*LIST_ADD(&v->arena, &ret->keys) =
			key_task_code(&v->arena, task->task.code);
	return step == DB_DONE ? 0 : -1;
}

static bool is_listed(const char *candidates, int64_t task)
{
	json_t *list = candidates ? json_loads(candidates, 0, NULL) : NULL, *one;
	bool found = false;
	size_t i;

	json_array_foreach(list, i, one) found |=
		task_id_parse(json_string_value(json_object_get(one, "task"))) == task;
	json_decref(list);
	return found;
}

/* Of all that was tried, what is about the task's documents. */
static json_t *tried_of(json_t *judgement, const id_list *documents, bool *ret_fits)
{
	json_t *list = json_array(), *one;
	size_t i;

	*ret_fits = false;
	json_array_foreach(json_object_get(judgement, "tried"), i, one)
	{
		if (!id_list_has(documents,
			    json_integer_value(json_object_get(one, "document"))))
			continue;
		*ret_fits |= json_is_true(json_object_get(one, "fits"));
		json_array_append(list, one);
	}
	return list;
}

/* The evidence of @near, whose judgement is @text; false: it is none. */
static bool take_tried(struct ledger_view *v, const char *text, const struct names *n,
	struct near_miss *near)
{
	json_t *judgement = text ? json_loads(text, 0, NULL) : NULL;
	bool fits;
	json_t *tried = tried_of(judgement, &n->documents, &fits);
	size_t found = json_array_size(tried);
	char *dump = json_dumps(tried, JSON_COMPACT);
	const char *finding =
		json_string_value(json_object_get(json_array_get(tried, 0), "finding"));

	near->tried = dump ? arena_dup(&v->arena, dump) : "[]";
	if (finding && strncmp(finding, prefix, strlen(prefix)) == 0)
		near->finding = arena_dup(&v->arena, finding + strlen(prefix));
	free(dump);
	json_decref(tried);
	json_decref(judgement);
	return found && (near->suggestion || !fits);
}

/* Only a reply of somebody who could have answered. */
static bool may_answer(struct ledger_view *v, const struct task_row *task,
	const struct near_miss *near)
{
	return near->from &&
	       organ_may_answer(v->options.organs, near->from, near->issued_on,
		       task->task.lead, task->task.document.issued_on);
}

static bool is_in(const near_list *list, int64_t event)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->at[i].event == event)
			return true;
	return false;
}

static int read_mentions(struct ledger_view *v, const struct task_row *task,
	const struct names *n, int64_t key, enum name_role role, const id_list *known,
	near_list *list, struct err *e)
{
	enum db_step step;
	struct sqlite3_stmt *row = db_query(&v->db, V_NEAR,
		"SELECT e.id, e.document_id, e.code, o.organ_id, e.issued_on, "
		"e.judgement, s.id, s.candidates FROM "
		"(SELECT event FROM name WHERE key = ? AND role = ? "
		"ORDER BY issuer DESC, issued_on DESC, event DESC LIMIT ?) n "
		"JOIN event e ON e.id = n.event LEFT JOIN organ o ON o.id = e.issuer "
		"LEFT JOIN suggestion s ON s.event = e.id AND s.state = 'open'",
		e, "iii", key, (int64_t)role, (int64_t)MENTIONS_MOST);

	if (!row)
		return -1;
	while ((step = db_next(&v->db, row, e)) == DB_ROW) {
		struct near_miss near = {.event = db_int(row, 0),
			.document_id = db_text(&v->arena, row, 1),
			.code = db_text(&v->arena, row, 2),
			.from = db_text(&v->arena, row, 3),
			.issued_on = db_day(row, 4)};

		if (id_list_has(known, near.event) || is_in(list, near.event) ||
			!may_answer(v, task, &near))
			continue;
		if (is_listed(db_text(&v->arena, row, 7), task->task.id))
			near.suggestion = db_int_or(row, 6, 0);
		if (take_tried(v, db_text(&v->arena, row, 5), n, &near))
			*LIST_ADD(&v->arena, list) = near;
	}
	return step == DB_DONE ? 0 : -1;
}

static int compare_events(const void *a, const void *b)
{
	const struct near_miss *x = a, *y = b;

	return x->event < y->event ? -1 : x->event > y->event;
}

int explain_near_read(struct ledger_view *v, const struct task_row *task,
	const id_list *known, near_list *ret_list, struct err *e)
{
	struct names n = {0};

	if (read_names(v, task, &n, e) != 0)
		return -1;
	for (size_t i = 0; i < n.keys.n; i++)
		if (read_mentions(v, task, &n, n.keys.at[i], NAME_MENTIONS, known,
			    ret_list, e) != 0)
			return -1;
	for (size_t i = 0; i < n.threads.n; i++)
		if (read_mentions(v, task, &n, n.threads.at[i], NAME_THREAD, known,
			    ret_list, e) != 0)
			return -1;
	if (ret_list->n > 1)
		qsort(ret_list->at, ret_list->n, sizeof(*ret_list->at), compare_events);
	return 0;
}

void explain_near_put(struct ledger_view *v, struct json *j, const near_list *list)
{
	char day[DAY_TEXT];

	json_key(j, "near_misses");
	json_open(j, '[');
	for (size_t i = 0; i < list->n; i++) {
		const struct near_miss *near = &list->at[i];

		json_open(j, '{');
		json_put_int(j, "document", near->event);
		json_put_text(j, "document_id", near->document_id);
		json_put_text(j, "code", near->code);
		json_put_text(j, "from",
			organ_main_id(v->options.organs, near->from, near->issued_on));
		json_put_text(j, "issued_on", day_text(near->issued_on, day));
		json_put_text(j, "suggestion",
			near->suggestion ? arena_printf(&v->arena, "GY-%lld",
						   (long long)near->suggestion)
					 : NULL);
		json_key(j, "tried");
		json_raw(j, near->tried, strlen(near->tried));
		json_close(j, '}');
	}
	json_close(j, ']');
}

static const char *name_of(const struct near_miss *near, const char *none)
{
	return near->code ? near->code : near->document_id ? near->document_id : none;
}

const char *explain_near_because(struct ledger_view *v, const struct near_miss *near)
{
	const char *name = name_of(near, "no code");

	if (near->suggestion)
		return arena_printf(&v->arena,
			"document %lld (%s) may answer it; GY-%lld waits for a person",
			(long long)near->event, name, (long long)near->suggestion);
	return arena_printf(&v->arena, "document %lld (%s) nearly fits: %s",
		(long long)near->event, name,
		near->finding ? near->finding : "see what was tried");
}

const char *explain_near_words(struct ledger_view *v, const struct near_miss *near)
{
	static const struct {
		const char *finding, *says;
	} findings[] = {
		{"the cited code fits, its date does not",
			"số văn bản được trích dẫn thì đúng, ngày thì không"},
		{"several documents bear the cited code",
			"nhiều văn bản cùng mang số được trích dẫn"},
		{"code and organ fit, the date is over 31 days off",
			"đúng số và cơ quan ban hành, nhưng ngày lệch quá 31 ngày"},
		{"the code fits, the organ differs",
			"đúng số, nhưng nêu cơ quan ban hành khác"},
		{"the code fits, the date differs and no organ is named",
			"đúng số, nhưng ngày khác và không nêu cơ quan ban hành"},
		{"the bare code fits",
			"chỉ nêu số, không nêu ngày và cơ quan ban hành"},
		{"the same opaque id, another issuer",
			"cùng mã định danh, nhưng nêu cơ quan ban hành khác"},
	};
	const char *name = name_of(near, "(không số)"), *says = "xem `near_misses`";

	if (near->suggestion)
		return arena_printf(&v->arena,
			"Văn bản %s có thể là văn bản trả lời, đang chờ người xác nhận "
			"(GY-%lld).",
			name, (long long)near->suggestion);
	for (size_t i = 0; i < sizeof(findings) / sizeof(findings[0]); i++)
		if (near->finding && strcmp(near->finding, findings[i].finding) == 0)
			says = findings[i].says;
	return arena_printf(
		&v->arena, "Văn bản %s suýt phù hợp, không được tính: %s.", name, says);
}
