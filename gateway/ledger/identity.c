/*
 * INV-3: is this event one we have? Identity is who issued it, its document id,
 * business and stage, or (one paper, two carriers) issuer, code and issue
 * date; for the others a hash over what INV-3 names. Content is the event's metadata
 * without what transport rewrites.
 */
#include "gateway/ledger/internal.h"

#include <jansson.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/base/text.h"
#include "gateway/model/event_json.h"
#include "gateway/rules/names.h"

/* Members that transport rewrites, that say how the message came, or that only describe
 * an organ whose id stands beside them. */
static const char *const not_content[] = {"document_id", "thread_id", "source",
	"quirks", "attachments", "first_hop_on", "due_raw"};

/* What a member means when a carrier does not give it. */
static bool is_absent(const char *key, const json_t *value)
{
	static const struct {
		const char *key, *word;
	} defaults[] = {
		{"priority", "normal"}, {"secrecy", "none"}, {"steering", "none"}};

	if (!value || json_is_null(value) ||
		(json_is_array(value) && json_array_size(value) == 0))
		return true;
	for (size_t i = 0; i < sizeof(defaults) / sizeof(defaults[0]); i++)
		if (strcmp(key, defaults[i].key) == 0 && json_is_string(value) &&
			strcmp(json_string_value(value), defaults[i].word) == 0)
			return true;
	return false;
}

/* Lists of organs count as sets of ids: element order is transport's. */
static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const char *organ_of(struct ledger *l, const json_t *organ, day_t day)
{
	const char *id = json_is_object(organ)
				 ? json_string_value(json_object_get(organ, "organ_id"))
				 : json_string_value(organ);

	return id ? text_fold(&l->arena, organ_main_id(l->options.organs, id, day))
		  : "";
}

static bool same_organ_sets(
	struct ledger *l, const json_t *a, const json_t *b, day_t day)
{
	const json_t *sides[2] = {a, b};
	const char **lists[2];
	size_t counts[2];

	for (int side = 0; side < 2; side++) {
		size_t n = json_array_size(sides[side]), kept = 0;

		lists[side] = arena_alloc(&l->arena, (n + 1) * sizeof(char *));
		for (size_t i = 0; i < n; i++)
			lists[side][i] =
				organ_of(l, json_array_get(sides[side], i), day);
		qsort(lists[side], n, sizeof(char *), compare_texts);
		for (size_t i = 0; i < n; i++)
			if (!i || strcmp(lists[side][i], lists[side][kept - 1]) != 0)
				lists[side][kept++] = lists[side][i];
		counts[side] = kept;
	}
	if (counts[0] != counts[1])
		return false;
	for (size_t i = 0; i < counts[0]; i++)
		if (strcmp(lists[0][i], lists[1][i]) != 0)
			return false;
	return true;
}

static bool same_member(
	struct ledger *l, const char *key, const json_t *a, const json_t *b, day_t day)
{
	if (strcmp(key, "to") == 0 || strcmp(key, "receivers_added") == 0 ||
		strcmp(key, "receivers_removed") == 0)
		return same_organ_sets(l, a, b, day);
	if (strcmp(key, "from") == 0)
		return strcmp(organ_of(l, a, day), organ_of(l, b, day)) == 0;
	if (strcmp(key, "code") == 0)
		return true; /* compared folded when the first was found */
	/* Transport reorders elements: lists of few entries are compared as sets. */
	if (json_is_array(a) && json_array_size(a) == json_array_size(b)) {
		size_t n = json_array_size(a), found = 0;

		for (size_t i = 0; i < n; i++)
			for (size_t k = 0; k < n; k++)
				if (json_equal(json_array_get(a, i),
					    json_array_get(b, k))) {
					found++;
					break;
				}
		return found == n;
	}
	return json_equal(a, b);
}

static json_t *event_to_json(const struct event *ev)
{
	cleanup_buf struct buf text = {0};
	struct json j = {.out = &text};

	event_json_write(&j, ev, 1);
	return json_loadb(buf_text(&text), text.n, 0, NULL);
}

static bool is_content(const char *key)
{
	for (size_t i = 0; i < sizeof(not_content) / sizeof(not_content[0]); i++)
		if (strcmp(key, not_content[i]) == 0)
			return false;
	return true;
}

/*
 * Compare @ours with @theirs member by member. Members only theirs gives are added to
 * @ours (*@ret_gained); one that both give and that differs is a conflict.
 */
static bool merge_content(
	struct ledger *l, json_t *ours, json_t *theirs, day_t day, bool *ret_gained)
{
	const char *key;
	json_t *theirs_value;

	*ret_gained = false;
	json_object_foreach(theirs, key, theirs_value)
	{
		json_t *value = json_object_get(ours, key);

		if (!is_content(key) || is_absent(key, theirs_value))
			continue;
		if (is_absent(key, value)) {
			json_object_set(ours, key, theirs_value);
			if (strcmp(key, "due_on") == 0)
				json_object_set(ours, "due_raw",
					json_object_get(theirs, "due_raw"));
			*ret_gained = true;
		} else if (!same_member(l, key, value, theirs_value, day)) {
			return false;
		}
	}
	/* A deadline that could not be read is given too (T2). */
	if (is_absent("due_on", json_object_get(ours, "due_on")) &&
		is_absent("due_raw", json_object_get(ours, "due_raw")) &&
		!is_absent("due_raw", json_object_get(theirs, "due_raw"))) {
		json_object_set(ours, "due_raw", json_object_get(theirs, "due_raw"));
		*ret_gained = true;
	}
	return true;
}

/* Is @thread one of those that @first is on? */
static bool is_on_thread(
	struct ledger *l, const struct stored *first, const char *thread)
{
	key_list keys = {0};

	keys_of_threads(&l->arena, first->thread, &keys);
	for (size_t i = 0; i < keys.n; i++)
		if (keys.at[i] == key_thread(thread))
			return true;
	return false;
}

/* The first gets @ev's document id as a further name, and @thread as a further thread.
 */
static int add_carrier_names(struct ledger *l, struct stored *first,
	const struct event *ev, const char *thread, struct err *e)
{
	json_t *also = json_array();
	bool is_new = ev->document_id && first->document_id &&
		      strcmp(text_fold(&l->arena, ev->document_id),
			      text_fold(&l->arena, first->document_id)) != 0;

	for (size_t i = 0; i < first->also_n; i++) {
		json_array_append_new(also, json_string(first->also[i]));
		is_new &= !text_same_id(first->also[i], ev->document_id);
	}
	int result = 0;

	if (is_new) {
		key_list keys = {0};

		json_array_append_new(also, json_string(ev->document_id));
		keys_of_id(&l->arena, ev->document_id, &keys);
		for (size_t i = 0; i < keys.n && result == 0; i++)
			result = store_name_add(l,
				&(struct name_row){.key = keys.at[i],
					.role = NAME_IS,
					.issuer = first->issuer,
					.issued_on = first->issued_on == DAY_NONE
							     ? 0
							     : first->issued_on,
					.event = first->id},
				e);
	}
	if (thread && is_on_thread(l, first, thread))
		thread = NULL;
	if (thread && result == 0)
		result = store_name_add(l,
			&(struct name_row){.key = key_thread(thread),
				.role = NAME_THREAD,
				.issuer = first->issuer,
				.issued_on = first->issued_on == DAY_NONE
						     ? 0
						     : first->issued_on,
				.event = first->id},
			e);
	char *text = json_array_size(also) ? json_dumps(also, JSON_COMPACT) : NULL;

	if (result == 0)
		result = db_run(&l->db, Q_EVENT_MERGE,
			"UPDATE event SET also = ?, thread = ? WHERE id = ?", e, "tti",
			text,
			first->thread && thread
				? ARENA_JOIN(&l->arena, first->thread, "\n", thread)
			: first->thread ? first->thread
					: thread,
			first->id);
	free(text);
	json_decref(also);
	return result;
}

static int save_merged(
	struct ledger *l, const struct stored *first, json_t *merged, struct err *e)
{
	char *body = json_dumps(merged, JSON_COMPACT);
	const char *subject = json_string_value(json_object_get(merged, "subject"));
	const char *content = json_string_value(json_object_get(merged, "content"));
	const char *issued = json_string_value(json_object_get(merged, "issued_on"));
	int result = db_run(&l->db, Q_EVENT_SAVE_BODY,
		"UPDATE event SET body = ?, subject = ?, content = ?, issued_on = ? "
		"WHERE id = ?",
		e, "tttdi", body, subject, content, day_parse(issued), first->id);

	free(body);
	store_event_changed(l, first->id);
	return result;
}

static enum identity_result compare_with(struct ledger *l, struct stored *first,
	const struct event *ev, const char *thread, struct err *e)
{
	enum identity_result result = IDENTITY_FAULT;
	const struct event *stands = store_event(l, first, e);

	if (!stands)
		return IDENTITY_FAULT;
	json_t *ours = event_to_json(stands), *theirs = event_to_json(ev);
	bool gained = false, other_id, other_thread;

	if (!ours || !theirs) {
		err_set(e, ERR_BUG, "event %lld cannot be compared",
			(long long)first->id);
	} else if (!merge_content(l, ours, theirs, first->issued_on, &gained)) {
		result = IDENTITY_CONFLICT;
	} else {
		other_id = ev->document_id &&
			   !text_same_id(ev->document_id, first->document_id);
		for (size_t i = 0; i < first->also_n; i++)
			other_id &= !text_same_id(ev->document_id, first->also[i]);
		other_thread = thread && !is_on_thread(l, first, thread);
		result = gained || other_id || other_thread ? IDENTITY_MERGED
							    : IDENTITY_DUPLICATE;
		if ((gained && save_merged(l, first, ours, e) != 0) ||
			(result == IDENTITY_MERGED &&
				add_carrier_names(l, first, ev, thread, e) != 0))
			result = IDENTITY_FAULT;
	}
	json_decref(ours);
	json_decref(theirs);
	return result;
}

/* Is @known (already fetched by one of @ev's names) the same document as @ev? */
static bool is_same_document(struct ledger *l, const struct stored *known,
	const struct event *ev, const char *code, day_t arrived_on)
{
	day_t day = order_issue_day(ev->issued_on, arrived_on);

	if (known->kind != ev->kind || known->stage != ev->stage ||
		known->business != ev->business ||
		(known->outcome != OUTCOME_APPLIED &&
			known->outcome != OUTCOME_PARKED) ||
		!organ_same(l->options.organs, known->issuer, known->issued_on,
			ev->from.organ_id, day))
		return known->kind == ev->kind && known->stage == ev->stage &&
		       known->business == ev->business && !known->issuer &&
		       !ev->from.organ_id && known->document_id && ev->document_id &&
		       strcmp(known->document_id, ev->document_id) == 0;
	const char *id = ev->document_id ? text_fold(&l->arena, ev->document_id) : "";

	if (known->document_id &&
		strcmp(text_fold(&l->arena, known->document_id), id) == 0)
		return true;
	for (size_t i = 0; i < known->also_n; i++)
		if (strcmp(text_fold(&l->arena, known->also[i]), id) == 0)
			return true;
	return ev->issued_on != DAY_NONE && known->issued_on == ev->issued_on &&
	       name_fit_codes(name_fold_code(&l->arena, known->code),
		       name_fold_code(&l->arena, code)) == NAME_EXACT;
}

static enum identity_result find_document(struct ledger *l, const struct event *ev,
	const char *code, day_t arrived_on, const char *thread,
	struct stored **ret_first, struct err *e)
{
	key_list keys = {0};

	keys_of_id(&l->arena, ev->document_id, &keys);
	int64_t by_code = key_code(&l->arena, code);

	if (by_code)
		*LIST_ADD(&l->arena, &keys) = by_code;
	for (size_t i = 0; i < keys.n; i++) {
		name_list names = {0};

		if (i > 0 && keys.at[i] == keys.at[0])
			continue;
		if (store_names(l, keys.at[i], NAME_IS, &names, e) != 0)
			return IDENTITY_FAULT;
		for (size_t k = 0; k < names.n; k++) {
			if (names.at[k].issuer && ev->from.organ_id &&
				!organ_same(l->options.organs, names.at[k].issuer,
					names.at[k].issued_on, ev->from.organ_id,
					order_issue_day(ev->issued_on, arrived_on)))
				continue;
			struct stored *known = store_load(l, names.at[k].event, e);

			if (!known)
				return IDENTITY_FAULT;
			if (!is_same_document(l, known, ev, code, arrived_on))
				continue;
			*ret_first = known;
			return compare_with(l, known, ev, thread, e);
		}
	}
	return IDENTITY_NEW;
}

/* What is left of @ev's JSON when everything that is no content is taken out. */
static void drop_names(json_t *organ)
{
	json_object_del(organ, "name");
}

static json_t *content_of(const struct event *ev)
{
	json_t *content = event_to_json(ev), *organ;
	size_t i;

	for (i = 0; i < sizeof(not_content) / sizeof(not_content[0]); i++)
		json_object_del(content, not_content[i]);
	drop_names(json_object_get(content, "from"));
	json_array_foreach(json_object_get(content, "to"), i, organ) drop_names(organ);
	return content;
}

/* INV-3: issuer, target, code and time of a status or read event. */
static json_t *report_of(const struct event *ev)
{
	json_t *whole = event_to_json(ev), *report = json_object();
	static const char *const members[] = {
		"kind", "targets", "status", "at", "content"};

	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		json_t *value = json_object_get(whole, members[i]);

		if (value && !(ev->kind == EVENT_STATUS &&
				     strcmp(members[i], "content") == 0))
			json_object_set(report, members[i], value);
	}
	json_object_del(json_object_get(report, "status"), "description");
	json_decref(whole);
	return report;
}

bool identity_hash(struct ledger *l, const struct event *ev, unsigned char ret_hash[32])
{
	if (ev->kind == EVENT_DOCUMENT && ev->business == BUSINESS_NEW)
		return false;
	json_t *identity = ev->kind == EVENT_DOCUMENT ? content_of(ev) : report_of(ev);
	const char *issuer =
		organ_main_id(l->options.organs, ev->from.organ_id, ev->issued_on);

	json_object_set_new(
		identity, "issuer", json_string(text_fold(&l->arena, issuer)));
	json_object_del(identity, "from");
	char *text = json_dumps(identity, JSON_COMPACT | JSON_SORT_KEYS);
	unsigned n = 32;

	EVP_Digest(text, strlen(text), ret_hash, &n, EVP_sha256(), NULL);
	free(text);
	json_decref(identity);
	return true;
}

static enum identity_result find_by_hash(struct ledger *l, const struct event *ev,
	struct stored **ret_first, struct err *e)
{
	unsigned char hash[32];
	name_list names = {0};

	if (!identity_hash(l, ev, hash))
		return IDENTITY_NEW;
	if (store_names(l, key_identity(hash), NAME_IDENTITY, &names, e) != 0)
		return IDENTITY_FAULT;
	if (!names.n)
		return IDENTITY_NEW;
	*ret_first = store_load(l, names.at[0].event, e);
	return *ret_first ? IDENTITY_DUPLICATE : IDENTITY_FAULT;
}

enum identity_result identity_find(struct ledger *l, const struct event *ev,
	const char *code, day_t arrived_on, const char *thread,
	struct stored **ret_first, struct err *e)
{
	if (ev->kind == EVENT_DOCUMENT && ev->business == BUSINESS_NEW)
		return find_document(l, ev, code, arrived_on, thread, ret_first, e);
	return find_by_hash(l, ev, ret_first, e);
}
