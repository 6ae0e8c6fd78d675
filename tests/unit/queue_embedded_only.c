/* What only the embedded queue can show: its file, and its one taker a queue. */
#include "tests/unit/test_queue.h"

#include <stdio.h>
#include <string.h>

#include <sqlite3.h>

#include "queue/embedded.h"

static int64_t number_of(struct queue *q, const char *sql)
{
	sqlite3 *db = ((struct embedded *)q)->db;
	sqlite3_stmt *s = NULL;

	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &s, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(s), SQLITE_ROW);
	int64_t n = sqlite3_column_int64(s, 0);

	sqlite3_finalize(s);
	return n;
}

static struct queue *open_two(const struct place *p)
{
	struct queue *q = place_open(p);
	struct err e = {0};

	assert_done(queue_declare(q, p->name, &e));
	assert_done(queue_declare(q, p->other, &e));
	assert_done(queue_bind(q, p->name, "#", &e));
	assert_done(queue_bind(q, p->other, "#", &e));
	return q;
}

static void a_body_is_stored_once_and_leaves_with_its_last_delivery(void **state)
{
	const struct place *p = *state;
	struct queue *q = open_two(p);
	struct err e = {0};

	put(q, "a", 1);
	settle(q, 1);
	assert_int_equal(number_of(q, "SELECT count(*) FROM message"), 1);
	assert_int_equal(number_of(q, "SELECT count(*) FROM delivery"), 2);
	struct queue *first = place_open_taking(p, p->name, 1);

	assert_done(queue_reject(first, take(first).tag, "no", &e));
	queue_close(first);
	struct queue *second = place_open_taking(p, p->other, 1);

	assert_done(queue_ack(second, take(second).tag, &e));
	queue_close(second);
	assert_int_equal(number_of(q, "SELECT count(*) FROM message"), 1);
	assert_int_equal(number_of(q, "SELECT reason = 'no' FROM delivery"), 1);
	struct queue *dead = place_open_taking(p, p->dead, 1);

	assert_done(queue_ack(dead, take(dead).tag, &e));
	queue_close(dead);
	assert_int_equal(number_of(q, "SELECT count(*) FROM message"), 0);
	assert_int_equal(number_of(q, "SELECT count(*) FROM share"), 0);
	assert_int_equal(number_of(q, "SELECT count(*) FROM delivery"), 0);
	queue_close(q);
}

static void a_message_for_nobody_takes_no_room(void **state)
{
	struct queue *q = place_open(*state);

	put(q, "a", 1);
	settle(q, 1);
	assert_int_equal(number_of(q, "SELECT count(*) FROM message"), 0);
	queue_close(q);
}

static void a_second_taker_is_told_to_wait(void **state)
{
	const struct place *p = *state;
	struct queue *q = open_two(p), *taker = place_open_taking(p, p->name, 1);
	struct err e = {0};

	assert_int_equal(queue_consume(q, p->name, 1, &e), -1);
	assert_int_equal(e.code, ERR_UNAVAILABLE);
	queue_close(taker);
	assert_done(queue_consume(q, p->name, 1, &e));
	queue_close(q);
}

static void a_binding_made_elsewhere_counts_at_once(void **state)
{
	const struct place *p = *state;
	struct queue *q = open_two(p), *elsewhere = place_open(p);
	struct err e = {0};

	put(q, "a", 1);
	settle(q, 1);
	assert_done(queue_declare(elsewhere, "third", &e));
	assert_done(queue_bind(elsewhere, "third", "a", &e));
	put(q, "a", 2);
	settle(q, 2);
	await_depth(elsewhere, "third", 1);
	queue_close(elsewhere);
	queue_close(q);
}

static void a_full_disk_is_said_and_loses_nothing(void **state)
{
	const struct place *p = *state;
	struct queue *q = open_two(p);
	sqlite3 *db = ((struct embedded *)q)->db;
	static char body[100 * 1024];
	uint64_t upto = 0;
	struct err e = {0};

	put(q, "a", 1);
	settle(q, 1);
	sqlite3_exec(db, "PRAGMA max_page_count=1", NULL, NULL, NULL);
	put_bytes(q, "b", body, sizeof(body));
	assert_int_equal(queue_confirm(q, 0, &upto, &e), QUEUE_CONFIRM_FAULT);
	assert_int_equal(e.code, ERR_IO);
	assert_non_null(strstr(e.text, "full"));
	assert_int_equal(number_of(q, "SELECT count(*) FROM message"), 1);

	sqlite3_exec(db, "PRAGMA max_page_count=1000000", NULL, NULL, NULL);
	settle(q, 2);
	assert_int_equal(number_of(q, "SELECT count(*) FROM message"), 2);
	queue_close(q);
}

static void refused(const struct place *p, const char *words)
{
	struct queue_options options = place_options(p);
	struct queue *q = NULL;
	struct err e = {0};

	assert_int_equal(queue_open(&options, &q, &e), -1);
	assert_int_equal(e.code, ERR_CONFIG);
	assert_non_null(strstr(e.text, p->path));
	assert_non_null(strstr(e.text, words));
}

static void a_file_of_something_else_is_refused(void **state)
{
	const struct place *p = *state;
	FILE *f = fopen(p->path, "w");
	sqlite3 *db = NULL;

	for (int i = 0; i < 1000; i++)
		fputs("This is a letter. ", f);
	fclose(f);
	refused(p, "not a database");
	remove(p->path);

	assert_int_equal(sqlite3_open(p->path, &db), SQLITE_OK);
	sqlite3_exec(db, "CREATE TABLE other (a)", NULL, NULL, NULL);
	sqlite3_close(db);
	refused(p, "something else");
}

static void a_later_format_is_refused(void **state)
{
	const struct place *p = *state;
	struct queue *q = place_open(p);

	sqlite3_exec(
		((struct embedded *)q)->db, "PRAGMA user_version=9", NULL, NULL, NULL);
	queue_close(q);
	refused(p, "format 9");
}

static void a_folder_that_is_missing_is_said(void **state)
{
	struct place p = *(const struct place *)*state;
	struct queue *q = NULL;
	struct err e = {0};

	snprintf(p.path, sizeof(p.path), "/nonexistent/queue.db");
	struct queue_options options = place_options(&p);

	assert_int_equal(queue_open(&options, &q, &e), -1);
	assert_int_equal(e.code, ERR_IO);
	assert_non_null(strstr(e.text, p.path));
}

int embedded_only(void)
{
	static const struct CMUnitTest tests[] = {
		PLACED(a_body_is_stored_once_and_leaves_with_its_last_delivery),
		PLACED(a_message_for_nobody_takes_no_room),
		PLACED(a_second_taker_is_told_to_wait),
		PLACED(a_binding_made_elsewhere_counts_at_once),
		PLACED(a_full_disk_is_said_and_loses_nothing),
		PLACED(a_file_of_something_else_is_refused),
		PLACED(a_later_format_is_refused),
		PLACED(a_folder_that_is_missing_is_said),
	};

	return cmocka_run_group_tests_name("embedded only", tests, NULL, NULL);
}
