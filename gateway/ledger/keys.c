/* Names as lookup keys. A key only finds candidates; gateway/rules compares the texts.
 */
#include "gateway/ledger/internal.h"

#include <string.h>

#include "gateway/base/text.h"
#include "gateway/rules/names.h"

/* A key of one kind of name: its letter and its folded text; never 0. */
static int64_t key_of(char kind, const char *text)
{
	uint64_t hash;

	if (!text || !*text)
		return 0;
	hash = text_hash(text_hash(TEXT_HASH_SEED, &kind, 1), text, strlen(text));
	return (int64_t)(hash ? hash : 1);
}

int64_t key_code(struct arena *arena, const char *code)
{
	return key_of('c', name_loose_code(arena, name_fold_code(arena, code)));
}

int64_t key_task_code(struct arena *arena, const char *code)
{
	return key_of('t', code ? text_fold(arena, code) : NULL);
}

int64_t key_thread(const char *thread)
{
	return key_of('h', thread);
}

int64_t key_identity(const unsigned char hash[32])
{
	int64_t key;

	memcpy(&key, hash, sizeof(key));
	return key ? key : 1;
}

static void add_key(struct arena *arena, key_list *keys, int64_t key)
{
	for (size_t i = 0; i < keys->n; i++)
		if (keys->at[i] == key)
			return;
	if (key)
		*LIST_ADD(arena, keys) = key;
}

/* The end of the line after the one that begins at @line. */
static const char *end_of_thread(const char *line)
{
	const char *second = strchr(line, '\n');
	const char *end = second ? strchr(second + 1, '\n') : NULL;

	return end ? end : line + strlen(line);
}

void keys_of_threads(struct arena *arena, const char *threads, key_list *keys)
{
	while (threads && *threads) {
		const char *end = end_of_thread(threads);

		add_key(arena, keys,
			key_thread(
				arena_dup_n(arena, threads, (size_t)(end - threads))));
		threads = *end ? end + 1 : end;
	}
}

void keys_of_id(struct arena *arena, const char *document_id, key_list *keys)
{
	struct name_id id = name_read_id(arena, document_id);

	if (id.conventional)
		add_key(arena, keys, key_of('c', name_loose_code(arena, id.code)));
	else
		add_key(arena, keys, key_of('i', id.folded));
}

void keys_of_target(struct arena *arena, const struct event_target *t, key_list *keys)
{
	keys_of_id(arena, t->document_id, keys);
	add_key(arena, keys, key_code(arena, t->code));
}

/* All names of a document. */
static void keys_named(
	struct arena *arena, const struct event *ev, const char *code, key_list *keys)
{
	add_key(arena, keys, key_code(arena, code));
	keys_of_id(arena, ev->document_id, keys);
	for (size_t i = 0; i < ev->assignments.n; i++)
		add_key(arena, keys, key_task_code(arena, ev->assignments.at[i].code));
}

const key_list *keys_of_stored(struct ledger *l, struct stored *s)
{
	if (!s->named) {
		keys_named(&l->arena, s->event, s->code, &s->names);
		for (size_t i = 0; i < s->also_n; i++)
			keys_of_id(&l->arena, s->also[i], &s->names);
	}
	s->named = true;
	return &s->names;
}

static int add_names(struct ledger *l, const struct stored *s, enum name_role role,
	const char *issuer, day_t issued_on, const key_list *keys, struct err *e)
{
	for (size_t i = 0; i < keys->n; i++) {
		struct name_row row = {.key = keys->at[i],
			.role = role,
			.issuer = issuer,
			.issued_on = issued_on == DAY_NONE ? 0 : issued_on,
			.event = s->id};

		if (store_name_add(l, &row, e) != 0)
			return -1;
	}
	return 0;
}

/* A document's own names, when it can be named at all. */
static int store_own_names(struct ledger *l, struct stored *s, struct err *e)
{
	if (s->kind != EVENT_DOCUMENT ||
		(s->business != BUSINESS_NEW && s->business != BUSINESS_REPLACE))
		return 0;
	return add_names(
		l, s, NAME_IS, s->issuer, s->issued_on, keys_of_stored(l, s), e);
}

static int store_references(struct ledger *l, const struct stored *s, struct err *e)
{
	const struct event *ev = s->event;

	for (size_t i = 0; i < ev->response_for.n; i++) {
		const struct event_reference *r = &ev->response_for.at[i];
		key_list keys = {0};

		keys_of_id(&l->arena, r->document_id, &keys);
		add_key(&l->arena, &keys, key_code(&l->arena, r->code));
		if (add_names(l, s, NAME_MENTIONS, NULL, DAY_NONE, &keys, e) != 0)
			return -1;
	}
	for (size_t i = 0; i < ev->response_for_tasks.n; i++) {
		key_list keys = {0};

		add_key(&l->arena, &keys,
			key_task_code(&l->arena, ev->response_for_tasks.at[i]));
		if (add_names(l, s, NAME_MENTIONS, NULL, DAY_NONE, &keys, e) != 0)
			return -1;
	}
	return 0;
}

/* M6: what merely cites something unknown is looked at again when that comes. */
static int store_cited(struct ledger *l, struct stored *s, struct err *e)
{
	key_list keys = {0};

	store_citations(l, s);
	for (size_t i = 0; i < s->citations_n; i++)
		add_key(&l->arena, &keys,
			key_code(&l->arena, s->citations[i].citation->code));
	return add_names(l, s, NAME_MENTIONS, NULL, DAY_NONE, &keys, e);
}

/* Targets; an amendment or a withdrawal that names none is about its own id (B1). */
static int store_targets(struct ledger *l, const struct stored *s, struct err *e)
{
	const struct event *ev = s->event;
	key_list keys = {0};

	for (size_t i = 0; i < ev->targets.n; i++)
		keys_of_target(&l->arena, &ev->targets.at[i], &keys);
	if (!ev->targets.n &&
		(s->business == BUSINESS_RECALL || s->business == BUSINESS_UPDATE ||
			s->stage == STAGE_WITHDRAWN))
		keys_of_id(&l->arena, ev->document_id, &keys);
	return add_names(l, s, NAME_MENTIONS, NULL, DAY_NONE, &keys, e);
}

int keys_store(struct ledger *l, struct stored *s, struct err *e)
{
	key_list threads = {0};

	keys_of_threads(&l->arena, s->thread, &threads);
	if (store_own_names(l, s, e) != 0 || store_references(l, s, e) != 0 ||
		store_cited(l, s, e) != 0 || store_targets(l, s, e) != 0)
		return -1;
	return add_names(l, s, NAME_THREAD, s->issuer, s->issued_on, &threads, e);
}
