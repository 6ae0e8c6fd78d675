/*
 * The embedded queue's file: opening it, its tables, its prepared statements, and what
 * SQLite's errors mean for us. Several processes may have it open: each writes in short
 * transactions and waits a bounded time for the others.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gateway/base/mem.h"
#include "queue/embedded.h"

#include <sqlite3.h>
enum {
	FILE_ID = 0x43565155, /* "CVQU" */
	FILE_VERSION = 1,
	BUSY_SECONDS = 10,
};

static const char schema[] =
	"CREATE TABLE queue (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,"
	" dead INTEGER REFERENCES queue, taken INTEGER NOT NULL DEFAULT 0,"
	" cursor INTEGER NOT NULL DEFAULT 0) STRICT;"
	"CREATE TABLE binding (queue INTEGER NOT NULL REFERENCES queue,"
	" pattern TEXT NOT NULL, PRIMARY KEY (queue, pattern)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE message (id INTEGER PRIMARY KEY, name TEXT NOT NULL,"
	" key TEXT NOT NULL, type TEXT NOT NULL, traceparent TEXT,"
	" body BLOB NOT NULL) STRICT;"
	"CREATE TABLE delivery (queue INTEGER NOT NULL, position INTEGER NOT NULL,"
	" message INTEGER NOT NULL, shared INTEGER NOT NULL, reason TEXT,"
	" PRIMARY KEY (queue, position)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE share (message INTEGER PRIMARY KEY, left INTEGER NOT NULL) "
	"STRICT;"
	"CREATE TABLE counter (last INTEGER NOT NULL, bindings INTEGER NOT NULL) "
	"STRICT;"
	"INSERT INTO counter VALUES (0, 1);"
	"PRAGMA application_id=1129730389; PRAGMA user_version=1;";

static const char *const statements[ST_N] = {
	[ST_BEGIN] = "BEGIN IMMEDIATE",
	[ST_COMMIT] = "COMMIT",
	[ST_ROLLBACK] = "ROLLBACK",
	[ST_COUNTER] = "SELECT last, bindings FROM counter",
	[ST_COUNTER_SET] = "UPDATE counter SET last = ?1",
	[ST_BINDINGS] = "SELECT queue, pattern FROM binding",
	[ST_QUEUE_FIND] = "SELECT id, ifnull(dead, 0), taken, cursor FROM queue"
			  " WHERE name = ?1",
	[ST_QUEUE_ADD] = "INSERT INTO queue (name, dead) VALUES (?1, ?2)",
	[ST_BIND] = "INSERT OR IGNORE INTO binding VALUES (?1, ?2)",
	[ST_BINDINGS_CHANGED] = "UPDATE counter SET bindings = bindings + 1",
	[ST_MESSAGE_ADD] = "INSERT INTO message VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
	[ST_MESSAGE_GET] = "SELECT name, key, type, traceparent, body FROM message"
			   " WHERE id = ?1",
	[ST_MESSAGE_DROP] = "DELETE FROM message WHERE id = ?1",
	[ST_DELIVERY_ADD] = "INSERT INTO delivery VALUES (?1, ?2, ?3, ?4, ?5)",
	[ST_DELIVERY_LIST] = "SELECT position, message, shared FROM delivery"
			     " WHERE queue = ?1 AND position > ?2"
			     " ORDER BY position LIMIT ?3",
	[ST_DELIVERY_DROP] = "DELETE FROM delivery WHERE queue = ?1 AND position = ?2",
	[ST_DELIVERY_COUNT] = "SELECT count(*) FROM delivery"
			      " WHERE queue = ?1 AND position > ?2",
	[ST_SHARE_ADD] = "INSERT INTO share VALUES (?1, ?2)",
	[ST_SHARE_LESS] = "UPDATE share SET left = left - 1 WHERE message = ?1"
			  " RETURNING left",
	[ST_SHARE_DROP] = "DELETE FROM share WHERE message = ?1",
	[ST_TAKEN] = "UPDATE queue SET taken = ?2, cursor = ?3 WHERE id = ?1",
};

static enum err_code code_of(int sqlite)
{
	switch (sqlite & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return ERR_UNAVAILABLE;
	case SQLITE_NOTADB:
		return ERR_CONFIG;
	case SQLITE_MISUSE:
	case SQLITE_RANGE:
	case SQLITE_CONSTRAINT:
	case SQLITE_MISMATCH:
	case SQLITE_ERROR:
		return ERR_BUG;
	default:
		return ERR_IO; /* full, read-only, I/O error, corrupt, cannot open */
	}
}

int embedded_fault(struct embedded *m, struct err *e)
{
	int code = m->db ? sqlite3_extended_errcode(m->db) : SQLITE_CANTOPEN;

	err_set(e, code_of(code), "queue %s: %s", m->path,
		m->db ? sqlite3_errmsg(m->db) : "cannot be opened");
	if (e && m->db && code_of(code) == ERR_IO)
		e->system = sqlite3_system_errno(m->db);
	return -1;
}

/* Another process or thread writes: come back soon, and not for ever. */
static int on_busy(void *of, int times)
{
	struct embedded *m = of;
	int64_t now = clock_ticks();
	struct timespec pause = {.tv_nsec = times < 10 ? 100 * 1000 : 1000 * 1000};

	if (times == 0)
		m->wait_until = now + BUSY_SECONDS * INT64_C(1000000000);
	if (now >= m->wait_until)
		return 0;
	ppoll(NULL, 0, &pause, NULL);
	return 1;
}

sqlite3_stmt *embedded_use(struct embedded *m, enum embedded_statement which)
{
	return m->statements[which];
}

int embedded_row(struct embedded *m, enum embedded_statement which, struct err *e)
{
	int rc = sqlite3_step(m->statements[which]);

	if (rc == SQLITE_ROW)
		return 1;
	if (rc != SQLITE_DONE)
		embedded_fault(m, e);
	sqlite3_reset(m->statements[which]);
	return rc == SQLITE_DONE ? 0 : -1;
}

int embedded_run(struct embedded *m, enum embedded_statement which, struct err *e)
{
	int row = embedded_row(m, which, e);

	if (row > 0)
		sqlite3_reset(m->statements[which]);
	return row < 0 ? -1 : 0;
}

/* This pragma works when it is compiled, so it cannot be one of the statements. */
static int set_sync(struct embedded *m, bool full, struct err *e)
{
	const char *sql =
		full ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL";

	if (sqlite3_exec(m->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		return embedded_fault(m, e);
	m->sync_full = full;
	return 0;
}

int embedded_begin(struct embedded *m, bool safe, struct err *e)
{
	if (m->sync_full != safe && set_sync(m, safe, e) < 0)
		return -1;
	return embedded_run(m, ST_BEGIN, e);
}

int embedded_commit(struct embedded *m, struct err *e)
{
	if (embedded_run(m, ST_COMMIT, e) == 0)
		return 0;
	embedded_rollback(m);
	return -1;
}

void embedded_rollback(struct embedded *m)
{
	if (!sqlite3_get_autocommit(m->db))
		embedded_run(m, ST_ROLLBACK, NULL);
}

int embedded_find(struct embedded *m, const char *name, int64_t *ret_id,
	int64_t *ret_dead, struct err *e)
{
	sqlite3_stmt *s = embedded_use(m, ST_QUEUE_FIND);

	sqlite3_bind_text(s, 1, name, -1, SQLITE_STATIC);
	int row = embedded_row(m, ST_QUEUE_FIND, e);

	if (row < 0)
		return -1;
	if (row == 0)
		return err_set(
			e, ERR_CONFIG, "queue %s: there is no queue %s", m->path, name);
	*ret_id = sqlite3_column_int64(s, 0);
	if (ret_dead)
		*ret_dead = sqlite3_column_int64(s, 1);
	sqlite3_reset(s);
	return 0;
}

int embedded_count(struct embedded *m, int64_t n, int64_t *ret_first, struct err *e)
{
	sqlite3_stmt *s = embedded_use(m, ST_COUNTER);
	int row = embedded_row(m, ST_COUNTER, e);

	if (row < 0)
		return -1;
	int64_t last = sqlite3_column_int64(s, 0);

	sqlite3_reset(s);
	sqlite3_bind_int64(embedded_use(m, ST_COUNTER_SET), 1, last + n);
	if (embedded_run(m, ST_COUNTER_SET, e) < 0)
		return -1;
	*ret_first = last + 1;
	return 0;
}

int embedded_lock(struct embedded *m, int64_t queue, bool take, struct err *e)
{
	struct flock lock = {
		.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = queue, .l_len = 1};

	if (fcntl(m->lock_fd, take ? F_OFD_SETLK : F_OFD_GETLK, &lock) == 0)
		return take || lock.l_type == F_UNLCK;
	if (take && (errno == EAGAIN || errno == EACCES))
		return 0;
	return err_errno(e, "queue %s: lock", m->path);
}

static int run_sql(struct embedded *m, const char *sql, struct err *e)
{
	return sqlite3_exec(m->db, sql, NULL, NULL, NULL) == SQLITE_OK
		       ? 0
		       : embedded_fault(m, e);
}

static int read_number(struct embedded *m, const char *sql, int64_t *ret, struct err *e)
{
	sqlite3_stmt *s = NULL;

	if (sqlite3_prepare_v2(m->db, sql, -1, &s, NULL) != SQLITE_OK ||
		sqlite3_step(s) != SQLITE_ROW) {
		embedded_fault(m, e);
		sqlite3_finalize(s);
		return -1;
	}
	*ret = sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	return 0;
}

/* Make the tables in an empty file; refuse a file that is something else. */
static int make_tables(struct embedded *m, struct err *e)
{
	int64_t id, version, tables;

	if (run_sql(m, "BEGIN IMMEDIATE", e) < 0 ||
		read_number(m, "PRAGMA application_id", &id, e) < 0 ||
		read_number(m, "PRAGMA user_version", &version, e) < 0 ||
		read_number(m, "SELECT count(*) FROM sqlite_schema", &tables, e) < 0)
		return -1;
	if (id == 0 && version == 0 && tables == 0) {
		if (run_sql(m, schema, e) < 0)
			return -1;
	} else if (id != FILE_ID) {
		return err_set(e, ERR_CONFIG, "queue %s: a database of something else",
			m->path);
	} else if (version != FILE_VERSION) {
		return err_set(e, ERR_CONFIG,
			"queue %s: format %lld, this program knows %d", m->path,
			(long long)version, FILE_VERSION);
	}
	return run_sql(m, "COMMIT", e);
}

static int prepare(struct embedded *m, struct err *e)
{
	for (int i = 0; i < ST_N; i++)
		if (sqlite3_prepare_v3(m->db, statements[i], -1,
			    SQLITE_PREPARE_PERSISTENT, &m->statements[i],
			    NULL) != SQLITE_OK)
			return embedded_fault(m, e);
	return 0;
}

static int open_lock(struct embedded *m, struct err *e)
{
	struct buf path = {0};

	buf_printf(&path, "%s-lock", m->path);
	m->lock_fd = open(buf_text(&path), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (m->lock_fd < 0)
		err_errno(e, "queue %s", buf_text(&path));
	buf_deinit(&path);
	return m->lock_fd < 0 ? -1 : 0;
}

int embedded_file_open(struct embedded *m, struct err *e)
{
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX |
		    SQLITE_OPEN_EXRESCODE;

	if (sqlite3_open_v2(m->path, &m->db, flags, NULL) != SQLITE_OK)
		return embedded_fault(m, e);
	sqlite3_busy_handler(m->db, on_busy, m);
	/* Deleted documents need not be overwritten: their pages are used again soon.
	 */
	if (run_sql(m,
		    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
		    "PRAGMA wal_autocheckpoint=10000;"
		    "PRAGMA journal_size_limit=67108864;"
		    "PRAGMA secure_delete=OFF; PRAGMA cache_size=-16000;"
		    "PRAGMA foreign_keys=OFF; PRAGMA trusted_schema=OFF;",
		    e) < 0 ||
		make_tables(m, e) < 0 || prepare(m, e) < 0)
		return -1;
	m->sync_full = true;
	return open_lock(m, e);
}

void embedded_file_close(struct embedded *m)
{
	for (int i = 0; i < ST_N; i++)
		sqlite3_finalize(m->statements[i]);
	sqlite3_close(m->db);
	if (m->lock_fd >= 0)
		close(m->lock_fd);
}
