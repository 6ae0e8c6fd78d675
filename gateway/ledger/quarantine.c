/* INV-6: what cannot be understood is set aside whole: a file named by its SHA-256
 * under quarantine/, on disk before the row that names it is committed. */
#include "gateway/ledger/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gateway/base/mem.h"
#include "gateway/model/event_json.h"

enum { CHUNK = 64 * 1024 };

static void close_cleanup(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}
#define cleanup_fd __attribute__((__cleanup__(close_cleanup)))

/* Feed the arrival's bytes, wherever they are, to @take. */
static int each_chunk(const struct arrival *a,
	int (*take)(void *context, const void *bytes, size_t n, struct err *e),
	void *context, struct err *e)
{
	if (!a->raw_path)
		return a->raw.n ? take(context, a->raw.at, a->raw.n, e) : 0;
	cleanup_fd int fd = open(a->raw_path, O_RDONLY | O_CLOEXEC);
	cleanup_free char *chunk = mem_resize(NULL, CHUNK);
	ssize_t n;

	/* What we may not read, or is gone, was refused for that: no bytes to set
	 * aside. */
	if (fd < 0 && (errno == ENOENT || errno == EACCES))
		return 0;
	if (fd < 0)
		return err_errno(e, "%s", a->raw_path);
	while ((n = read(fd, chunk, CHUNK)) > 0 || (n < 0 && errno == EINTR))
		if (n > 0 && take(context, chunk, (size_t)n, e) != 0)
			return -1;
	return n < 0 ? err_errno(e, "%s", a->raw_path) : 0;
}

static int take_hash(void *context, const void *bytes, size_t n, struct err *e)
{
	return EVP_DigestUpdate(context, bytes, n) == 1
		       ? 0
		       : err_set(e, ERR_BUG, "SHA-256 failed");
}

int quarantine_raw_hash(
	const struct arrival *a, unsigned char ret_hash[32], struct err *e)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();

	EVP_DigestInit_ex(ctx, EVP_sha256(), NULL);
	int result = each_chunk(a, take_hash, ctx, e);

	EVP_DigestFinal_ex(ctx, ret_hash, NULL);
	EVP_MD_CTX_free(ctx);
	return result;
}

static int take_write(void *context, const void *bytes, size_t n, struct err *e)
{
	const int *fd = context;
	const char *p = bytes;

	while (n) {
		ssize_t written = write(*fd, p, n);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return err_errno(e, "quarantine");
		p += written;
		n -= (size_t)written;
	}
	return 0;
}

static int sync_folder(const char *folder, struct err *e)
{
	cleanup_fd int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd >= 0 && fsync(fd) == 0 ? 0 : err_errno(e, "%s", folder);
}

/* The bytes as a file of their own, safe on disk; the same bytes are kept once. */
static int keep_raw(
	struct ledger *l, const struct arrival *a, const char *name, struct err *e)
{
	const char *folder =
		arena_printf(&l->arena, "%s/quarantine", l->options.folder);
	const char *path = arena_printf(&l->arena, "%s/%s", folder, name);
	const char *part = arena_printf(&l->arena, "%s/.%s.part", folder, name);

	if (mkdir(folder, 0700) != 0 && errno != EEXIST)
		return err_errno(e, "%s", folder);
	if (access(path, F_OK) == 0)
		return 0;
	cleanup_fd int fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd < 0)
		return err_errno(e, "%s", part);
	if (each_chunk(a, take_write, &fd, e) != 0) {
		unlink(part);
		return -1;
	}
	if (fsync(fd) != 0 || rename(part, path) != 0)
		return err_errno(e, "%s", path);
	return sync_folder(folder, e);
}

static void to_hex(const unsigned char hash[32], char out[65])
{
	for (int i = 0; i < 32; i++)
		snprintf(out + 2 * i, 3, "%02x", hash[i]);
}

/* Of a document that was read its id is the subject, of bytes their number here. */
static int tell(struct ledger *l, const struct quarantined *q, int64_t id,
	const struct arrival *a, struct err *e)
{
	const char *code = q->code, *message = q->message;
	const char *document_id = q->document ? q->document->document_id : NULL;
	cleanup_buf struct buf data = {0};
	struct json j = {.out = &data};
	char number[32];

	snprintf(number, sizeof(number), "%lld", (long long)id);
	json_open(&j, '{');
	json_put_int(&j, "quarantine", id);
	json_put_text(&j, "document_id", document_id);
	json_put_text(&j, "adapter", a->adapter);
	json_key(&j, "reason");
	json_open(&j, '{');
	json_put_text(&j, "code", code);
	json_put_text(&j, "message", message);
	json_key(&j, "line");
	a->error_line ? json_int(&j, a->error_line) : json_absent(&j);
	json_key(&j, "column");
	a->error_column ? json_int(&j, a->error_column) : json_absent(&j);
	json_close(&j, '}');
	json_close(&j, '}');
	return journal_add(l,
		&(struct journal_entry){.name = "document.quarantined",
			.subject = document_id ? document_id : number,
			.organ = q->document ? q->document->issuer_main : NULL,
			.event = q->event,
			.data = &data,
			.tell = true},
		e);
}

/* The bytes and the row that names them. */
static int add_row(struct ledger *l, int64_t event, const struct arrival *a,
	const char *state, const char *code, const char *message, int64_t *ret_id,
	struct err *e)
{
	unsigned char hash[32];
	char name[65];

	if (quarantine_raw_hash(a, hash, e) != 0)
		return -1;
	to_hex(hash, name);
	if (keep_raw(l, a, name, e) != 0)
		return -1;
	if (db_run(&l->db, Q_QUARANTINE_ADD,
		    "INSERT INTO quarantine (event, state, at, adapter, origin, "
		    "sha256, raw, "
		    "code, message, line, column) "
		    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		    e,
		    "ititt"
		    "btttnn",
		    event, state, a->at, a->adapter, a->origin, hash, sizeof(hash),
		    name, code, message,
		    a->error_line ? (int64_t)a->error_line : INT64_MIN,
		    a->error_column ? (int64_t)a->error_column : INT64_MIN) != 0)
		return -1;
	*ret_id = db_last_id(&l->db);
	return 0;
}

int quarantine_add(struct ledger *l, const struct quarantined *q,
	const struct arrival *a, int64_t *ret_id, struct err *e)
{
	if (store_write_event(l, e) != 0 ||
		add_row(l, q->event, a, "open", q->code, q->message, ret_id, e) != 0 ||
		db_run(&l->db, Q_EVENT_QUARANTINE,
			"UPDATE event SET quarantine = ?, outcome = ? WHERE id = ?", e,
			"iii", *ret_id, (int64_t)OUTCOME_QUARANTINED, q->event) != 0)
		return -1;
	return tell(l, q, *ret_id, a, e);
}

int quarantine_keep_conflict(struct ledger *l, int64_t event, const struct arrival *a,
	int64_t *ret_id, struct err *e)
{
	return add_row(l, event, a, "conflict", "event.conflict",
		"a document of the same identity with other content stands", ret_id, e);
}

const char quarantine_not_issuer[] = "business.not-issuer";
const char quarantine_not_issuer_says[] = "only the organ that issued a document, or "
					  "one the organ table lists as issuing "
					  "for it, may recall, update or replace it";

int quarantine_add_refused(struct ledger *l, const struct stored *s,
	const struct arrival *a, int64_t *ret_id, struct err *e)
{
	struct quarantined q = {.event = s->id,
		.document = s,
		.code = quarantine_not_issuer,
		.message = quarantine_not_issuer_says};

	return quarantine_add(l, &q, a, ret_id, e);
}

int quarantine_refused(struct ledger *l, struct stored *s, struct err *e)
{
	cleanup_buf struct buf raw = {0};
	struct json j = {.out = &raw};
	int64_t id;

	event_json_write(&j, s->event, 1);
	struct arrival a = {.adapter = s->adapter,
		.at = l->now,
		.origin = s->document_id,
		.raw = {buf_text(&raw), raw.n}};

	return quarantine_add_refused(l, s, &a, &id, e);
}

int quarantine_settle(struct ledger *l, const struct stored *s, struct err *e)
{
	return db_run(&l->db, Q_QUARANTINE_SETTLE,
		"UPDATE quarantine SET state = 'replayed' WHERE id = ? AND state = "
		"'open'",
		e, "i", s->quarantine);
}

int quarantine_find(struct ledger *l, const unsigned char hash[32], int64_t *ret_id,
	int64_t *ret_event, struct err *e)
{
	struct sqlite3_stmt *row = db_query(&l->db, Q_QUARANTINE_FIND,
		"SELECT id, event FROM quarantine WHERE sha256 = ? AND state IN "
		"('open', 'discarded') "
		"ORDER BY id LIMIT 1",
		e, "b", hash, (size_t)32);

	*ret_id = *ret_event = 0;
	if (!row)
		return -1;
	enum db_step step = db_next(&l->db, row, e);

	if (step == DB_FAULT)
		return -1;
	if (step == DB_ROW) {
		*ret_id = db_int(row, 0);
		*ret_event = db_int(row, 1);
		db_reset(row);
	}
	return 0;
}
