/* INV-5 and docs/decisions/0011: what receivers put off, refuse and answer, on a real
 * ledger. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/lib/story.h"

static const char directive[] =
	"{'document_id':'A','from':{'organ_id':'H99'},'to':[{'organ_id':'H99.01'}],"
	"'steering':'directive','code':{'number':'1','notation':'UB'},'subject':'V/v "
	"a',"
	"'issued_on':'2026-03-02','due_on':'2026-03-20'}";

/* The rows of one sink. */
struct rows {
	struct outbox_row at[8];
	char name[8][32], known_as[8][16], error[8][32];
	int n;
};

static int add_row(void *context, const struct outbox_row *row)
{
	struct rows *rows = context;

	rows->at[rows->n] = *row;
	snprintf(rows->name[rows->n], sizeof(rows->name[0]), "%s", row->name);
	snprintf(rows->known_as[rows->n], sizeof(rows->known_as[0]), "%s",
		row->known_as ? row->known_as : "");
	snprintf(rows->error[rows->n], sizeof(rows->error[0]), "%s",
		row->last_error ? row->last_error : "");
	rows->n++;
	return 0;
}

static struct rows rows_of(struct story *s, const char *sink)
{
	struct rows rows = {.n = 0};
	struct ledger_view *v;
	struct err e = {0};

	assert_int_equal(ledger_view_open(&s->options, &v, &e), 0);
	assert_int_equal(ledger_view_outbox(v, sink, 0, 8, add_row, &rows, &e), 0);
	ledger_view_close(v);
	return rows;
}

/* A directive was told, so that two rows wait for `east` and two for `west`. */
static struct story *told(void **state)
{
	struct story *s = *state;

	story_tell(s, "2026-03-02", directive);
	return s;
}

static int add_line(void *context, const struct buf *line)
{
	struct buf *out = context;

	buf_printf(out, "%s\n", buf_text(line));
	return 0;
}

static void letters(struct story *s, const struct dead_filter *filter, bool whole,
	struct buf *ret_lines)
{
	struct ledger_view *v;
	struct err e = {0};

	assert_int_equal(ledger_view_open(&s->options, &v, &e), 0);
	assert_int_equal(
		ledger_view_dead(v, filter, whole, add_line, ret_lines, &e), 0);
	ledger_view_close(v);
}

static struct ledger_sink sink_of(struct story *s, const char *name,
	struct ledger_sink_depth *ret_depth, char ret_error[64])
{
	struct ledger_view *v;
	struct ledger_sink sink;
	struct err e = {0};

	assert_int_equal(ledger_view_open(&s->options, &v, &e), 0);
	assert_int_equal(ledger_view_sink_depth(v, name, ret_depth, &e), 0);
	assert_int_equal(ledger_view_sink(v, name, &sink, &e), 0);
	snprintf(ret_error, 64, "%s", sink.error ? sink.error : "");
	sink.error = sink.config = NULL;
	ledger_view_close(v);
	return sink;
}

/* One of east's rows is refused. */
static void bury(struct story *s, int which, const char *cause)
{
	struct err e = {0};

	story_begin(s);
	assert_int_equal(ledger_dead(s->ledger, rows_of(s, "east").at[which].id,
				 story_at("2026-03-03"), cause, &e),
		0);
	story_commit(s);
}

static int64_t replay(struct story *s, const struct dead_filter *filter)
{
	struct err e = {0};
	int64_t n;

	story_begin(s);
	assert_int_equal(ledger_dead_replay(s->ledger, filter, &n, &e), 0);
	story_commit(s);
	return n;
}

static void test_a_row_put_off_says_since_when_and_until(void **state)
{
	struct story *s = told(state);
	struct err e = {0};
	int64_t id = rows_of(s, "east").at[0].id;

	for (int day = 3; day <= 4; day++) {
		msec_t at = story_at(day == 3 ? "2026-03-03" : "2026-03-04");

		story_begin(s);
		assert_int_equal(ledger_not_told(s->ledger,
					 &(struct ledger_attempt){.outbox_id = id,
						 .at = at,
						 .next_at = at + 1000,
						 .error = "no room"},
					 &e),
			0);
		story_commit(s);
	}
	struct rows east = rows_of(s, "east"), west = rows_of(s, "west");

	assert_int_equal(east.n, 2);
	assert_int_equal(east.at[0].attempts, 2);
	assert_string_equal(east.error[0], "no room");
	assert_int_equal(east.at[0].first_attempt_at, story_at("2026-03-03"));
	assert_int_equal(east.at[0].last_attempt_at, story_at("2026-03-04"));
	assert_int_equal(east.at[0].next_attempt_at, story_at("2026-03-04") + 1000);
	assert_int_equal(west.at[0].attempts, 0);
	assert_int_equal(west.at[0].next_attempt_at, MSEC_NONE);
	assert_int_equal(story_verify(s, NULL), 0);
}

static void test_a_refused_row_is_a_dead_letter_of_that_sink(void **state)
{
	struct story *s = told(state);
	cleanup_buf struct buf lines = {0}, whole = {0};
	struct dead_filter east = {.sink = "east"}, west = {.sink = "west"};
	struct ledger_sink_depth depth;
	char error[64];

	bury(s, 1, "never");
	assert_int_equal(rows_of(s, "east").n, 1);
	assert_int_equal(rows_of(s, "west").n, 2);
	assert_int_equal(story_verify(s, NULL), 0);
	letters(s, &west, false, &lines);
	assert_int_equal(lines.n, 0);
	letters(s, &east, false, &lines);
	assert_non_null(
		strstr(buf_text(&lines), "\"state\":\"open\",\"sink\":\"east\""));
	assert_non_null(strstr(buf_text(&lines), "\"attempts\":1,\"cause\":\"never\""));
	assert_null(strstr(buf_text(&lines), "\"data\""));
	letters(s, &east, true, &whole);
	assert_non_null(strstr(buf_text(&whole), "\"data\":{\"id\":\"NV-1\""));
	sink_of(s, "east", &depth, error);
	assert_int_equal(depth.dead, 1);
	assert_int_equal(depth.waiting, 1);
	assert_int_equal(depth.oldest, story_at("2026-03-02"));
}

static void test_inv5_a_letter_that_was_rolled_back_is_still_a_row(void **state)
{
	struct story *s = told(state);
	struct err e = {0};

	story_begin(s);
	assert_int_equal(ledger_dead(s->ledger, rows_of(s, "east").at[0].id,
				 story_at("2026-03-03"), "never", &e),
		0);
	ledger_rollback(s->ledger);
	assert_int_equal(rows_of(s, "east").n, 2);
	assert_int_equal(story_count(s, "SELECT count(*) FROM dead_letter"), 0);
}

static void test_a_replayed_letter_waits_again_under_the_same_event_id(void **state)
{
	struct story *s = told(state);
	char before[64];

	snprintf(
		before, sizeof(before), "%lld", (long long)rows_of(s, "east").at[1].id);
	bury(s, 0, "never");
	bury(s, 0, "not so");
	assert_int_equal(replay(s, &(struct dead_filter){.sink = "west"}), 0);
	assert_int_equal(
		replay(s, &(struct dead_filter){.sink = "east", .cause = "no"}), 0);
	assert_int_equal(replay(s, &(struct dead_filter){.id = 2}), 1);
	assert_int_equal(
		replay(s, &(struct dead_filter){.sink = "east", .cause = "never"}), 1);
	assert_true(ledger_has_rows(s->ledger));
	struct rows rows = rows_of(s, "east");

	assert_int_equal(rows.n, 2);
	assert_string_equal(rows.name[0], "task.assigned");
	assert_string_equal(rows.name[1], "document.received");
	assert_true(rows.at[0].id > strtoll(before, NULL, 10));
	/* Out of order it stands, which verify knows of such rows. */
	assert_int_equal(story_verify(s, NULL), 0);
	assert_int_equal(replay(s, &(struct dead_filter){.sink = "east"}), 0);
}

static void test_a_discarded_letter_is_listed_with_all_and_replayed_no_more(
	void **state)
{
	struct story *s = told(state);
	struct dead_filter open = {.id = 1}, all = {.all = true};
	cleanup_buf struct buf lines = {0}, none = {0};
	struct err e = {0};
	int64_t n;

	bury(s, 0, "never");
	story_begin(s);
	assert_int_equal(
		ledger_dead_discard(s->ledger, &open, "ltm", "gửi tay", &n, &e), 0);
	story_commit(s);
	assert_int_equal(n, 1);
	assert_int_equal(replay(s, &open), 0);
	letters(s, &open, false, &none);
	assert_int_equal(none.n, 0);
	letters(s, &all, false, &lines);
	assert_non_null(strstr(buf_text(&lines), "\"state\":\"discarded\""));
	assert_non_null(
		strstr(buf_text(&lines), "\"by\":\"ltm\",\"reason\":\"gửi tay\""));
	assert_int_equal(rows_of(s, "east").n, 1);
}

static void test_what_a_receiver_calls_a_task_goes_with_its_rows(void **state)
{
	struct story *s = told(state);
	struct err e = {0};

	for (int i = 0; i < 2; i++) {
		story_begin(s);
		assert_int_equal(ledger_known_as(s->ledger, "east", "NV-1",
					 i ? "K-8" : "K-7", &e),
			0);
		story_commit(s);
	}
	struct rows east = rows_of(s, "east"), west = rows_of(s, "west");

	assert_string_equal(east.known_as[0], "");
	assert_string_equal(east.known_as[1], "K-8");
	assert_string_equal(west.known_as[1], "");
}

static void test_a_sink_is_as_it_was_last_left(void **state)
{
	struct story *s = told(state);
	struct ledger_sink_depth depth;
	struct err e = {0};
	char error[64];

	assert_int_equal(sink_of(s, "east", &depth, error).state, LEDGER_SINK_WORKING);
	assert_int_equal(
		sink_of(s, "nobody", &depth, error).state, LEDGER_SINK_WORKING);
	assert_int_equal(depth.waiting, 0);
	assert_int_equal(depth.oldest, MSEC_NONE);
	story_begin(s);
	assert_int_equal(ledger_sink_is(s->ledger, "east",
				 &(struct ledger_sink){.state = LEDGER_SINK_SUSPENDED,
					 .since = 5,
					 .next_at = 7,
					 .error = "no answer"},
				 &e),
		0);
	assert_int_equal(ledger_sink_resume(s->ledger, "east", &e), LEDGER_FIND_NONE);
	story_commit(s);
	struct ledger_sink east = sink_of(s, "east", &depth, error);

	assert_int_equal(east.state, LEDGER_SINK_SUSPENDED);
	assert_int_equal(east.since, 5);
	assert_int_equal(east.next_at, 7);
	assert_string_equal(error, "no answer");
	assert_int_equal(sink_of(s, "west", &depth, error).state, LEDGER_SINK_WORKING);
	story_begin(s);
	assert_int_equal(ledger_sink_is(s->ledger, "east",
				 &(struct ledger_sink){.state = LEDGER_SINK_STOPPED,
					 .since = 5,
					 .next_at = MSEC_NONE,
					 .error = "gone",
					 .config = "x"},
				 &e),
		0);
	assert_int_equal(ledger_sink_resume(s->ledger, "east", &e), LEDGER_FIND_OK);
	story_commit(s);
	assert_int_equal(sink_of(s, "east", &depth, error).state, LEDGER_SINK_WORKING);
	assert_string_equal(error, "");
}

static void test_a_ledger_of_the_schema_before_is_brought_forward(void **state)
{
	struct story *s = told(state);

	story_close(s);
	story_tamper(s, "DROP TRIGGER task_added_due; DROP TRIGGER task_again_due;"
			"DROP TABLE reminder; ALTER TABLE task DROP COLUMN room;"
			"CREATE INDEX task_by_due ON task (due_on);"
			"DROP INDEX event_parked; DROP INDEX event_by_document_id;"
			"DROP TABLE policy; DROP TABLE source_cursor;"
			"DROP TABLE status_route; DROP TABLE status_told;"
			"ALTER TABLE act DROP COLUMN from_state;"
			"DROP TABLE dead_letter; DROP TABLE known_as;"
			"DROP INDEX outbox_again;"
			"ALTER TABLE outbox DROP COLUMN first_attempt_at;"
			"ALTER TABLE outbox DROP COLUMN next_attempt_at;"
			"ALTER TABLE outbox DROP COLUMN again;"
			"ALTER TABLE sink DROP COLUMN state; ALTER TABLE sink DROP "
			"COLUMN since;"
			"ALTER TABLE sink DROP COLUMN next_at; ALTER TABLE sink DROP "
			"COLUMN error;"
			"ALTER TABLE sink DROP COLUMN config; PRAGMA user_version = 2");
	story_open(s);
	assert_int_equal(rows_of(s, "east").n, 2);
	assert_int_equal(story_count(s, "SELECT count(*) FROM reminder r JOIN task t "
					"ON t.id = r.task AND t.due_on = r.due_on"),
		1);
	bury(s, 0, "never");
	assert_int_equal(replay(s, &(struct dead_filter){.sink = "east"}), 1);
	assert_int_equal(story_verify(s, NULL), 0);
}

int main(void)
{
#define IN_STORY(test)                                                                 \
	cmocka_unit_test_setup_teardown(test, story_setup, story_teardown)
	const struct CMUnitTest tests[] = {
		IN_STORY(test_a_row_put_off_says_since_when_and_until),
		IN_STORY(test_a_refused_row_is_a_dead_letter_of_that_sink),
		IN_STORY(test_inv5_a_letter_that_was_rolled_back_is_still_a_row),
		IN_STORY(test_a_replayed_letter_waits_again_under_the_same_event_id),
		IN_STORY(
			test_a_discarded_letter_is_listed_with_all_and_replayed_no_more),
		IN_STORY(test_what_a_receiver_calls_a_task_goes_with_its_rows),
		IN_STORY(test_a_sink_is_as_it_was_last_left),
		IN_STORY(test_a_ledger_of_the_schema_before_is_brought_forward),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
