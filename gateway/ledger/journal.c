/*
 * INV-4: the journal. Each row's hash is SHA-256 over the hash before it and the row's
 * values, each preceded by its length, so no two different rows give the same bytes.
 * INV-5: what is to be told waits in the outbox beside it, one row a sink.
 */
#include "gateway/ledger/internal.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

/* So much a row's data seldom exceeds: asked for at once, it is not moved as it grows.
 */
enum { DATA_USUAL = 1500 };

/* The short parts of a row are gathered: to hand each over by itself costs more than to
 * hash it. */
struct gathered {
	EVP_MD_CTX *ctx;
	size_t n;
	unsigned char bytes[512];
};

static void hash_bytes(struct gathered *g, const void *bytes, size_t n)
{
	if (n > sizeof(g->bytes) - g->n) {
		EVP_DigestUpdate(g->ctx, g->bytes, g->n);
		g->n = 0;
	}
	if (n > sizeof(g->bytes)) {
		EVP_DigestUpdate(g->ctx, bytes, n);
		return;
	}
	memcpy(g->bytes + g->n, bytes, n);
	g->n += n;
}

static void hash_part(struct gathered *g, const void *bytes, size_t n)
{
	uint64_t length = n;

	hash_bytes(g, &length, sizeof(length));
	hash_bytes(g, bytes, n);
}

static void hash_text(struct gathered *g, const char *text)
{
	hash_part(g, text ? text : "", text ? strlen(text) : 0);
}

void journal_hash(struct evp_md_ctx_st *ctx, const unsigned char before[32],
	int64_t seq, msec_t at, int64_t event, int64_t task, const char *name,
	const char *subject, const char *organ, const char *data, size_t data_n,
	unsigned char ret_hash[32])
{
	int64_t numbers[4] = {seq, at, event, task};
	struct gathered g;

	g.ctx = ctx;
	g.n = 0;

	/* Without a type the context begins anew with the one it has: looking the
	 * algorithm up costs as much as hashing a short row. */
	EVP_DigestInit_ex(ctx, EVP_MD_CTX_get0_md(ctx) ? NULL : EVP_sha256(), NULL);
	hash_part(&g, before, 32);
	hash_part(&g, numbers, sizeof(numbers));
	hash_text(&g, name);
	hash_text(&g, subject);
	hash_text(&g, organ);
	hash_part(&g, data, data_n);
	EVP_DigestUpdate(ctx, g.bytes, g.n);
	EVP_DigestFinal_ex(ctx, ret_hash, NULL);
}

/* The chain's end, read again whenever another process may have written. */
int journal_open(struct ledger *l, struct err *e)
{
	struct sqlite3_stmt *row = db_query(&l->db, Q_JOURNAL_LAST,
		"SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1", e, "");

	if (!row)
		return -1;
	l->head = (struct journal_head){0};
	switch (db_next(&l->db, row, e)) {
	case DB_FAULT:
		return -1;
	case DB_DONE:
		return 0;
	case DB_ROW:
		break;
	}
	size_t n;
	const void *hash = db_blob(row, 1, &n);

	l->head.seq = db_int(row, 0);
	if (n == sizeof(l->head.hash))
		memcpy(l->head.hash, hash, n);
	db_reset(row);
	return n == sizeof(l->head.hash)
		       ? 0
		       : err_set(e, ERR_CONFIG, "the journal's last row bears no hash");
}

int journal_fill_outbox(struct ledger *l, struct err *e)
{
	for (size_t i = 0; l->untold.to && i < l->options.sinks_n; i++)
		if (db_run(&l->db, Q_OUTBOX_ADD,
			    "INSERT INTO outbox (sink, journal) SELECT ?, seq FROM "
			    "journal WHERE seq BETWEEN ? AND ? ORDER BY seq",
			    e, "iii", l->sink_ids[i], l->untold.from,
			    l->untold.to) != 0)
			return -1;
	l->untold.from = l->untold.to = 0;
	return 0;
}

/* Its outbox rows are written with those of its neighbours. */
static int will_tell(struct ledger *l, int64_t seq, struct err *e)
{
	if (l->untold.to != seq - 1 && journal_fill_outbox(l, e) != 0)
		return -1;
	if (!l->untold.to)
		l->untold.from = seq;
	l->untold.to = seq;
	return 0;
}

int journal_add(struct ledger *l, const struct journal_entry *entry, struct err *e)
{
	struct journal_head next = {.seq = l->head.seq + 1};
	const char *data = buf_text(entry->data);

	journal_hash(l->digest, l->head.hash, next.seq, l->now, entry->event,
		entry->task, entry->name, entry->subject, entry->organ, data,
		entry->data->n, next.hash);
	if (db_run(&l->db, Q_JOURNAL_ADD,
		    "INSERT INTO journal (seq, at, event, task, name, subject, organ, "
		    "data, "
		    "hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
		    e,
		    "iinntttt"
		    "b",
		    next.seq, l->now, entry->event ? entry->event : INT64_MIN,
		    entry->task ? entry->task : INT64_MIN, entry->name, entry->subject,
		    entry->organ, data, next.hash, sizeof(next.hash)) != 0)
		return -1;
	l->head = next;
	l->rows_added |= entry->tell && l->options.sinks_n;
	return entry->tell ? will_tell(l, next.seq, e) : 0;
}

const char *journal_document_json(struct ledger *l, struct stored *s)
{
	cleanup_buf struct buf text = {0};
	struct json j = {.out = &text};
	char day[DAY_TEXT];

	if (s->json)
		return s->json;
	json_open(&j, '{');
	json_put_int(&j, "id", s->id);
	json_put_text(&j, "document_id", s->document_id);
	json_put_text(&j, "code", s->code);
	json_put_text(&j, "issued_on", day_text(s->issued_on, day));
	json_put_text(&j, "from", s->issuer_main);
	json_put_text(&j, "subject", s->subject);
	json_close(&j, '}');
	return s->json = arena_dup_n(&l->arena, buf_text(&text), text.n);
}

const char *journal_content_json(struct ledger *l, struct stored *s)
{
	cleanup_buf struct buf text = {0};
	struct json j = {.out = &text};

	if (s->content_json)
		return s->content_json;
	json_text(&j, s->content);
	return s->content_json = arena_dup_n(&l->arena, buf_text(&text), text.n);
}

void journal_put_document(struct ledger *l, struct json *j, struct stored *s)
{
	const char *json = journal_document_json(l, s);

	json_raw(j, json, strlen(json));
}

int journal_document(struct ledger *l, struct stored *s, struct err *e)
{
	cleanup_buf struct buf data = {0};
	struct json j = {.out = &data};

	buf_reserve(&data, DATA_USUAL);
	json_open(&j, '{');
	json_key(&j, "document");
	journal_put_document(l, &j, s);
	json_put_text(&j, "kind", event_kind_words[s->kind]);
	json_put_text(&j, "stage", event_stage_words[s->stage]);
	json_put_text(&j, "business", event_business_words[s->business]);
	json_close(&j, '}');
	return journal_add(l,
		&(struct journal_entry){.name = "document.received",
			.subject = s->document_id,
			.organ = s->issuer_main,
			.event = s->id,
			.data = &data,
			.tell = true},
		e);
}

/* A new task's document stands in memory, its row perhaps not yet in the table. */
static const struct policy *policy_for(
	struct ledger *l, const struct task *task, struct err *e)
{
	if (task->revision > 1)
		return policy_today(&l->db, Q_POLICY_ADAPTER, &l->options, task->id);
	const struct stored *origin = store_load(l, task->document.id, e);

	return origin ? policy_of_adapter(&l->options, origin->adapter) : NULL;
}

int journal_task(struct ledger *l, const char *name, const struct task *task,
	int64_t event, struct err *e)
{
	cleanup_buf struct buf data = {0};
	struct json j = {.out = &data};
	char subject[TASK_ID_TEXT];

	const struct policy *policy = policy_for(l, task, e);

	if (!policy)
		return -1;
	status_touch_task(l, task);
	buf_reserve(&data, DATA_USUAL);
	task_json_write(&j, task,
		timeliness_of(
			task, l->now, l->options.calendar, policy->due_soon_days));
	return journal_add(l,
		&(struct journal_entry){.name = name,
			.subject = task_id_text(task->id, subject),
			.organ = task->lead,
			.event = event,
			.task = task->id,
			.data = &data,
			.tell = true},
		e);
}
