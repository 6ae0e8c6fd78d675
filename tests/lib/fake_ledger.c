#include "tests/lib/fake_ledger.h"

#include <assert.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

struct fake_ledger fake_ledger;

const char *const outcome_words[6] = {
	"applied", "duplicate", "conflict", "parked", "quarantined", "restricted"};

enum { ROWS = 8192 };

static struct row {
	int64_t id;
	char event_id[32], subject[32], last_error[64];
	bool told, told_now;
	int attempts;
	msec_t first_attempt_at, last_attempt_at, next_attempt_at;
} rows[ROWS];
static size_t rows_n, rows_committed;
static int64_t version;
static struct fake_entry pending[4096];
static size_t pending_n;
static char pending_cursor[64];
enum said_kind { SAID_NOT_TOLD, SAID_DEAD, SAID_KNOWN_AS, SAID_SINK };
static struct said {
	enum said_kind kind;
	int64_t id;
	msec_t at, next_at;
	char text[128], subject[64];
	enum ledger_sink_state state;
} said[4096];
static size_t said_n;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

void fake_ledger_reset(void)
{
	pthread_mutex_lock(&lock);
	memset(&fake_ledger, 0, sizeof(fake_ledger));
	memset(rows, 0, sizeof(rows));
	rows_n = rows_committed = pending_n = said_n = 0;
	pending_cursor[0] = '\0';
	version = 1;
	pthread_mutex_unlock(&lock);
}

static int64_t row_new(const char *subject)
{
	struct row *row = &rows[rows_n++];

	row->id = (int64_t)rows_n;
	snprintf(row->event_id, sizeof(row->event_id), "e%zu", rows_n);
	snprintf(row->subject, sizeof(row->subject), "%s", subject);
	row->first_attempt_at = row->last_attempt_at = row->next_attempt_at = MSEC_NONE;
	return row->id;
}

int64_t fake_ledger_add_row(void)
{
	return fake_ledger_add_row_of("NV-1");
}

int64_t fake_ledger_add_row_of(const char *subject)
{
	pthread_mutex_lock(&lock);
	int64_t id = row_new(subject);

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
	pending_n = said_n = 0;
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

static void take_in(const struct said *word)
{
	struct row *row = word->id ? &rows[word->id - 1] : NULL;

	switch (word->kind) {
	case SAID_NOT_TOLD:
		fake_ledger.attempts++;
		row->attempts++;
		row->next_attempt_at = word->next_at;
		row->last_attempt_at = word->at;
		if (row->first_attempt_at == MSEC_NONE)
			row->first_attempt_at = word->at;
		snprintf(row->last_error, sizeof(row->last_error), "%.60s", word->text);
		snprintf(fake_ledger.last_error, sizeof(fake_ledger.last_error), "%s",
			word->text);
		return;
	case SAID_DEAD:
		row->told = true;
		snprintf(fake_ledger.dead[fake_ledger.dead_n].event_id,
			sizeof(fake_ledger.dead[0].event_id), "%s", row->event_id);
		snprintf(fake_ledger.dead[fake_ledger.dead_n++].cause,
			sizeof(fake_ledger.dead[0].cause), "%s", word->text);
		return;
	case SAID_KNOWN_AS:
		snprintf(fake_ledger.known[fake_ledger.known_n].subject,
			sizeof(fake_ledger.known[0].subject), "%s", word->subject);
		snprintf(fake_ledger.known[fake_ledger.known_n++].known_as,
			sizeof(fake_ledger.known[0].known_as), "%s", word->text);
		return;
	case SAID_SINK:
		fake_ledger.sink = word->state;
		snprintf(fake_ledger.sink_error, sizeof(fake_ledger.sink_error), "%s",
			word->text);
		snprintf(fake_ledger.sink_config, sizeof(fake_ledger.sink_config), "%s",
			word->subject);
		fake_ledger.sink_changes++;
	}
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
	for (size_t i = 0; i < said_n; i++)
		take_in(&said[i]);
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
		row_new("NV-1");
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

static void say(const struct said *word, const char *text, const char *subject)
{
	pthread_mutex_lock(&lock);
	struct said *mine = &said[said_n++];

	*mine = *word;
	snprintf(mine->text, sizeof(mine->text), "%s", text ? text : "");
	snprintf(mine->subject, sizeof(mine->subject), "%s", subject ? subject : "");
	pthread_mutex_unlock(&lock);
}

int ledger_not_told(struct ledger *l, const struct ledger_attempt *a, struct err *e)
{
	(void)l, (void)e;
	say(&(struct said){.kind = SAID_NOT_TOLD,
		    .id = a->outbox_id,
		    .at = a->at,
		    .next_at = a->next_at},
		a->error, NULL);
	return 0;
}

int ledger_dead(struct ledger *l, int64_t outbox_id, msec_t at, const char *cause,
	struct err *e)
{
	(void)l, (void)e;
	say(&(struct said){.kind = SAID_DEAD, .id = outbox_id, .at = at}, cause, NULL);
	return 0;
}

int ledger_known_as(struct ledger *l, const char *sink, const char *subject,
	const char *known_as, struct err *e)
{
	(void)l, (void)sink, (void)e;
	say(&(struct said){.kind = SAID_KNOWN_AS}, known_as, subject);
	return 0;
}

int ledger_sink_is(struct ledger *l, const char *sink, const struct ledger_sink *now,
	struct err *e)
{
	(void)l, (void)sink, (void)e;
	say(&(struct said){.kind = SAID_SINK, .state = now->state}, now->error,
		now->config);
	return 0;
}

bool ledger_has_rows(const struct ledger *l)
{
	(void)l;
	return true;
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

static const char *known_as(const char *subject)
{
	for (size_t i = fake_ledger.known_n; i > 0; i--)
		if (strcmp(fake_ledger.known[i - 1].subject, subject) == 0)
			return fake_ledger.known[i - 1].known_as;
	return NULL;
}

static int show(
	const struct row *r, const char *sink, outbox_visit visit, void *context)
{
	struct outbox_row row = {
		.id = r->id,
		.sink = sink,
		.event_id = r->event_id,
		.name = "task.assigned",
		.subject = r->subject,
		.organ = "H99.01",
		.at = 0,
		.data = {"{}", 2},
		.known_as = known_as(r->subject),
		.attempts = r->attempts,
		.last_error = r->attempts ? r->last_error : NULL,
		.first_attempt_at = r->first_attempt_at,
		.last_attempt_at = r->last_attempt_at,
		.next_attempt_at = r->next_attempt_at,
	};

	return visit(context, &row);
}

int ledger_view_outbox(struct ledger_view *v, const char *sink, int64_t after,
	int limit, outbox_visit visit, void *context, struct err *e)
{
	int result = 0;

	(void)v, (void)e;
	pthread_mutex_lock(&lock);
	for (size_t i = (size_t)after; i < rows_committed && limit > 0 && !result;
		i++) {
		if (rows[i].told)
			continue;
		limit--;
		result = show(&rows[i], sink, visit, context);
	}
	pthread_mutex_unlock(&lock);
	return result;
}

int ledger_view_outbox_row(struct ledger_view *v, int64_t id, outbox_visit visit,
	void *context, struct err *e)
{
	int result = 0;

	(void)v, (void)e;
	pthread_mutex_lock(&lock);
	if (!rows[id - 1].told)
		result = show(&rows[id - 1], "out", visit, context);
	pthread_mutex_unlock(&lock);
	return result;
}

int ledger_view_sink(struct ledger_view *v, const char *sink,
	struct ledger_sink *ret_sink, struct err *e)
{
	(void)v, (void)sink, (void)e;
	pthread_mutex_lock(&lock);
	*ret_sink = (struct ledger_sink){.id = 1,
		.state = fake_ledger.sink,
		.since = MSEC_NONE,
		.next_at = MSEC_NONE,
		.error = fake_ledger.sink_error,
		.config = *fake_ledger.sink_config ? fake_ledger.sink_config : NULL};
	pthread_mutex_unlock(&lock);
	return 0;
}

/* There is one sink, and it is the first. */
enum { THE_SINK = 1 };

int ledger_view_outbox_ends(
	struct ledger_view *v, struct outbox_ends *ret_ends, struct err *e)
{
	(void)v, (void)e;
	pthread_mutex_lock(&lock);
	*ret_ends = (struct outbox_ends){0};
	for (size_t i = 0; i < rows_committed; i++)
		if (!rows[i].told)
			ret_ends->last = rows[i].id;
	pthread_mutex_unlock(&lock);
	return 0;
}

int ledger_view_outbox_again(struct ledger_view *v, const char *sink, int64_t after,
	int limit, outbox_visit visit, void *context, struct err *e)
{
	(void)v, (void)sink, (void)after, (void)limit, (void)visit, (void)context,
		(void)e;
	return 0; /* nobody puts a dead letter back here */
}

struct pair {
	outbox_event_visit visit;
	void *context;
};

static int visit_pair(void *context, const struct outbox_row *row)
{
	struct pair *pair = context;
	struct outbox_mark mark = {.id = row->id, .sink = THE_SINK};

	return pair->visit(pair->context, row, &mark, 1);
}

int ledger_view_outbox_events(struct ledger_view *v, int64_t after, int64_t upto,
	outbox_event_visit visit, void *context, struct err *e)
{
	struct pair pair = {visit, context};

	fake_ledger.tail_reads++;
	assert((size_t)upto <= rows_committed);
	return ledger_view_outbox(v, NULL, after, ROWS, visit_pair, &pair, e);
}

int ledger_view_known_as(struct ledger_view *v, int64_t sink, const char *subject,
	const char **ret_known_as, struct err *e)
{
	(void)v, (void)sink, (void)e;
	pthread_mutex_lock(&lock);
	*ret_known_as = known_as(subject);
	pthread_mutex_unlock(&lock);
	return 0;
}
