#include "tests/lib/fake_ledger.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

struct fake_ledger fake_ledger;

const char *const outcome_words[6] = {
	"applied", "duplicate", "conflict", "parked", "quarantined", "restricted"};

enum { ROWS = 8192 };

static struct row {
	int64_t id;
	char event_id[32];
	bool told, told_now;
} rows[ROWS];
static size_t rows_n, rows_committed;
static int64_t version;
static struct fake_entry pending[4096];
static size_t pending_n;
static int pending_attempts;
static char pending_cursor[64];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

void fake_ledger_reset(void)
{
	pthread_mutex_lock(&lock);
	memset(&fake_ledger, 0, sizeof(fake_ledger));
	memset(rows, 0, sizeof(rows));
	rows_n = rows_committed = pending_n = 0;
	pending_attempts = 0;
	pending_cursor[0] = '\0';
	version = 1;
	pthread_mutex_unlock(&lock);
}

static int64_t row_new(void)
{
	struct row *row = &rows[rows_n++];

	row->id = (int64_t)rows_n;
	snprintf(row->event_id, sizeof(row->event_id), "e%zu", rows_n);
	return row->id;
}

int64_t fake_ledger_add_row(void)
{
	pthread_mutex_lock(&lock);
	int64_t id = row_new();

	rows_committed = rows_n;
	version++;
	pthread_mutex_unlock(&lock);
	return id;
}

size_t fake_ledger_rows(void)
{
	size_t n = 0;

	pthread_mutex_lock(&lock);
	for (size_t i = 0; i < rows_committed; i++)
		n += !rows[i].told;
	pthread_mutex_unlock(&lock);
	return n;
}

int ledger_open(
	const struct ledger_options *options, struct ledger **ret_ledger, struct err *e)
{
	static char somewhere;

	(void)options, (void)e;
	*ret_ledger = (struct ledger *)(void *)&somewhere;
	return 0;
}

void ledger_close(struct ledger *l)
{
	(void)l;
}

static void forget(void)
{
	pending_n = 0;
	pending_attempts = 0;
	snprintf(pending_cursor, sizeof(pending_cursor), "%s", fake_ledger.cursor);
	rows_n = rows_committed;
	for (size_t i = 0; i < rows_n; i++)
		rows[i].told_now = false;
}

int ledger_begin(struct ledger *l, struct err *e)
{
	(void)l, (void)e;
	return 0;
}

void ledger_rollback(struct ledger *l)
{
	(void)l;
	pthread_mutex_lock(&lock);
	forget();
	pthread_mutex_unlock(&lock);
}

int ledger_commit(struct ledger *l, struct err *e)
{
	(void)l;
	pthread_mutex_lock(&lock);
	bool fails = fake_ledger.commits_to_fail > 0;

	if (fails) {
		fake_ledger.commits_to_fail--;
		pthread_mutex_unlock(&lock);
		return err_set(e, ERR_IO, "disk full");
	}
	for (size_t i = 0; i < pending_n; i++)
		fake_ledger.entries[fake_ledger.entries_n++] = pending[i];
	for (size_t i = 0; i < rows_n; i++)
		rows[i].told |= rows[i].told_now;
	if (pending_n > fake_ledger.largest)
		fake_ledger.largest = pending_n;
	fake_ledger.commits++;
	fake_ledger.attempts += pending_attempts;
	snprintf(fake_ledger.cursor, sizeof(fake_ledger.cursor), "%s", pending_cursor);
	rows_committed = rows_n;
	version++;
	forget();
	pthread_mutex_unlock(&lock);
	return 0;
}

static const char *document_of(const struct arrival *a)
{
	return a->event && a->event->document_id ? a->event->document_id : "";
}

static enum outcome judge(const struct arrival *a)
{
	if (a->restricted)
		return OUTCOME_RESTRICTED;
	if (!a->event)
		return OUTCOME_QUARANTINED;
	for (size_t i = 0; i < fake_ledger.entries_n; i++)
		if (!strcmp(fake_ledger.entries[i].document, document_of(a)))
			return OUTCOME_DUPLICATE;
	return OUTCOME_APPLIED;
}

int ledger_apply(struct ledger *l, const struct arrival *a,
	struct ledger_answer *ret_answer, struct err *e)
{
	(void)l;
	if (fake_ledger.poison && !strcmp(document_of(a), fake_ledger.poison))
		return err_set(e, ERR_BUG, "poisoned");
	if (!a->event && fake_ledger.cannot_quarantine)
		return err_set(e, ERR_BUG, "no quarantine");
	pthread_mutex_lock(&lock);
	struct fake_entry *entry = &pending[pending_n++];

	*entry = (struct fake_entry){
		.outcome = judge(a), .raw = a->raw_path ? 1 : a->raw.n};
	snprintf(entry->document, sizeof(entry->document), "%s", document_of(a));
	snprintf(entry->error_code, sizeof(entry->error_code), "%s",
		a->error_code ? a->error_code : "");
	snprintf(
		entry->origin, sizeof(entry->origin), "%s", a->origin ? a->origin : "");
	if (entry->outcome == OUTCOME_APPLIED)
		row_new();
	*ret_answer = (struct ledger_answer){
		.outcome = entry->outcome,
		.document = a->event ? 1 : 0,
		.quarantine = entry->outcome == OUTCOME_QUARANTINED ? 7 : 0,
		.error_code = a->error_code,
		.error_message = a->error_message,
		.error_line = a->error_line,
		.error_column = a->error_column,
	};
	pthread_mutex_unlock(&lock);
	return 0;
}

int ledger_cursor_set(struct ledger *l, const char *adapter, const char *cursor,
	msec_t at, struct err *e)
{
	(void)l, (void)adapter, (void)at, (void)e;
	pthread_mutex_lock(&lock);
	snprintf(pending_cursor, sizeof(pending_cursor), "%s", cursor);
	pthread_mutex_unlock(&lock);
	return 0;
}

int ledger_cursor_get(
	struct ledger *l, const char *adapter, struct buf *ret_cursor, struct err *e)
{
	(void)l, (void)adapter, (void)e;
	if (fake_ledger.cursor[0])
		buf_add_text(ret_cursor, fake_ledger.cursor);
	return 0;
}

int ledger_told(struct ledger *l, const int64_t *outbox_ids, size_t n, struct err *e)
{
	(void)l, (void)e;
	pthread_mutex_lock(&lock);
	for (size_t i = 0; i < n; i++)
		rows[outbox_ids[i] - 1].told_now = true;
	pthread_mutex_unlock(&lock);
	return 0;
}

int ledger_not_told(struct ledger *l, int64_t outbox_id, msec_t at, const char *error,
	struct err *e)
{
	(void)l, (void)outbox_id, (void)at, (void)e;
	pthread_mutex_lock(&lock);
	pending_attempts++;
	snprintf(fake_ledger.last_error, sizeof(fake_ledger.last_error), "%s", error);
	pthread_mutex_unlock(&lock);
	return 0;
}

int ledger_remind(struct ledger *l, msec_t now, int *ret_told, struct err *e)
{
	(void)l, (void)now, (void)e;
	if (ret_told)
		*ret_told = 0;
	return 0;
}

int ledger_view_open(const struct ledger_options *options,
	struct ledger_view **ret_view, struct err *e)
{
	static char somewhere;

	(void)options, (void)e;
	*ret_view = (struct ledger_view *)(void *)&somewhere;
	return 0;
}

void ledger_view_close(struct ledger_view *v)
{
	(void)v;
}

int ledger_view_version(struct ledger_view *v, int64_t *ret_version, struct err *e)
{
	(void)v, (void)e;
	pthread_mutex_lock(&lock);
	*ret_version = version;
	pthread_mutex_unlock(&lock);
	return 0;
}

int ledger_view_outbox(struct ledger_view *v, const char *sink, int64_t after,
	int limit, outbox_visit visit, void *context, struct err *e)
{
	int result = 0;

	(void)v, (void)e;
	pthread_mutex_lock(&lock);
	for (size_t i = (size_t)after; i < rows_committed && limit > 0 && !result;
		i++) {
		struct outbox_row row = {
			.id = rows[i].id,
			.sink = sink,
			.event_id = rows[i].event_id,
			.name = "task.assigned",
			.subject = "NV-1",
			.organ = "H99.01",
			.at = 0,
			.data = {"{}", 2},
			.last_attempt_at = MSEC_NONE,
		};

		if (rows[i].told)
			continue;
		limit--;
		result = visit(context, &row);
	}
	pthread_mutex_unlock(&lock);
	return result;
}
