/* The end of the outbox, read once for all sinks, from a real ledger. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "gateway/flow/tail.h"
#include "tests/lib/story.h"

enum { ROWS = 16 };

static const char *const days[] = {"2026-03-02", "2026-03-03", "2026-03-04"};
static const char *const documents[] = {
	"{'document_id':'A','from':{'organ_id':'H99'},'to':[{'organ_id':'H99.01'}],"
	"'subject':'V/v a','issued_on':'2026-03-02'}",
	"{'document_id':'B','from':{'organ_id':'H99'},'to':[{'organ_id':'H99.01'}],"
	"'subject':'V/v b','issued_on':'2026-03-03'}",
	"{'document_id':'C','from':{'organ_id':'H99'},'to':[{'organ_id':'H99.01'}],"
	"'subject':'V/v c','issued_on':'2026-03-04'}",
};

/* Each is one event, so one row a sink. */
static void tell(struct story *s, int which)
{
	story_tell(s, days[which], documents[which]);
}

static int64_t sink_id(struct story *s, const char *name)
{
	struct ledger_view *v;
	struct ledger_sink sink;
	struct err e = {0};

	assert_int_equal(ledger_view_open(&s->options, &v, &e), 0);
	assert_int_equal(ledger_view_sink(v, name, &sink, &e), 0);
	ledger_view_close(v);
	return sink.id;
}

static enum tail_result take(struct tail *t, int64_t sink, struct tail_place *place,
	int limit, bool elsewhere, struct tail_row *ret_rows, int *ret_n)
{
	struct err e = {0};
	int64_t again;

	return tail_take(t, sink, place, limit, elsewhere, ret_rows, ret_n, &again, &e);
}

/* Where a relay stands that has read the ledger to its end. */
static struct tail_place here(struct tail *t, struct story *s)
{
	struct tail_place place = {0};
	struct tail_row rows[ROWS];
	int n;

	assert_int_equal(take(t, sink_id(s, "east"), &place, ROWS, false, rows, &n),
		TAIL_BEHIND);
	place.position = tail_end(t);
	return place;
}

/* The documents that come for @sink, a letter each; @after moves on. */
static const char *taken(struct tail *t, int64_t sink, struct tail_place *after,
	int limit, bool elsewhere)
{
	static char text[ROWS + 1];
	struct tail_row rows[ROWS];
	int n;

	assert_int_equal(take(t, sink, after, limit, elsewhere, rows, &n), TAIL_OK);
	memset(text, 0, sizeof(text));
	for (int i = 0; i < n; i++)
		text[i] = *rows[i].letter->subject;
	tail_give_back(t, rows, n);
	return text;
}

static void test_all_sinks_get_the_same_letters(void **state)
{
	struct story *s = *state;
	struct tail *t = tail_new(&s->options, 0);
	struct tail_row east[ROWS], west[ROWS];
	struct tail_place after_east = here(t, s), after_west = after_east;
	int n;

	assert_string_equal(taken(t, sink_id(s, "east"), &after_east, ROWS, false), "");
	tell(s, 0);
	tell(s, 1);
	tail_stir(t);
	assert_int_equal(
		take(t, sink_id(s, "east"), &after_east, ROWS, false, east, &n),
		TAIL_OK);
	assert_int_equal(n, 2);
	assert_int_equal(
		take(t, sink_id(s, "west"), &after_west, ROWS, false, west, &n),
		TAIL_OK);
	assert_int_equal(n, 2);
	for (int i = 0; i < n; i++) {
		assert_ptr_equal(east[i].letter, west[i].letter);
		assert_int_not_equal(east[i].id, west[i].id);
	}
	assert_string_equal(east[0].letter->name, "document.received");
	assert_string_equal(east[0].letter->key, "document.received.H99");
	assert_non_null(memmem(east[0].letter->body.at, east[0].letter->body.n,
		"\"document_id\":\"A\"", strlen("\"document_id\":\"A\"")));
	tail_give_back(t, east, n);
	tail_give_back(t, west, n);
	assert_string_equal(taken(t, sink_id(s, "east"), &after_east, ROWS, false), "");
	tail_free(t);
}

static void test_what_lay_there_before_is_read_from_the_ledger(void **state)
{
	struct story *s = *state;
	int64_t east = sink_id(s, "east");

	tell(s, 0);
	struct tail *t = tail_new(&s->options, 0);
	struct tail_place after = here(t, s);

	tell(s, 1);
	tail_stir(t);
	assert_string_equal(taken(t, east, &after, ROWS, false), "B");
	tail_free(t);
}

static void test_what_the_ledger_gave_in_between_does_not_come_twice(void **state)
{
	struct story *s = *state;
	struct tail *t = tail_new(&s->options, 0);
	struct tail_place after = here(t, s);
	int64_t east = sink_id(s, "east");

	tell(s, 0);
	after.row = 1; /* east's row of A: read while the tail did not have it yet */
	tell(s, 1);
	tail_stir(t);
	assert_string_equal(taken(t, east, &after, ROWS, false), "B");
	tail_free(t);
}

static void test_rows_of_one_commit_are_put_together_by_event(void **state)
{
	struct story *s = *state;
	struct tail *t = tail_new(&s->options, 0);
	struct tail_place after_east = here(t, s), after_west = after_east;
	struct tail_row east[ROWS], west[ROWS];
	struct err e = {0};
	int n;

	story_begin(s);
	for (int i = 0; i < 3; i++)
		story_apply(s, days[i], documents[i]);
	story_commit(s);
	/* East has A already; its order and west's stay what they are. */
	story_begin(s);
	assert_int_equal(ledger_told(s->ledger, (int64_t[]){1}, 1, &e), 0);
	story_commit(s);
	tail_stir(t);
	take(t, sink_id(s, "east"), &after_east, ROWS, false, east, &n);
	assert_int_equal(n, 2);
	take(t, sink_id(s, "west"), &after_west, ROWS, false, west, &n);
	assert_int_equal(n, 3);
	assert_ptr_equal(east[0].letter, west[1].letter);
	assert_ptr_equal(east[1].letter, west[2].letter);
	assert_string_equal(west[0].letter->subject, "A");
	assert_string_equal(west[2].letter->subject, "C");
	tail_give_back(t, east, 2);
	tail_give_back(t, west, 3);
	tail_free(t);
}

static void test_what_was_put_back_is_only_told_of(void **state)
{
	struct story *s = *state;
	struct tail *t = tail_new(&s->options, 0);
	struct tail_place after = here(t, s);
	struct tail_row rows[ROWS];
	struct err e = {0};
	int64_t again, n_back;
	int n;

	tell(s, 0);
	story_begin(s);
	assert_int_equal(ledger_dead(s->ledger, 1, 0, "never", &e), 0);
	assert_int_equal(ledger_dead_replay(s->ledger, &(struct dead_filter){.id = 1},
				 &n_back, &e),
		0);
	story_commit(s);
	tell(s, 1);
	tail_stir(t);
	assert_int_equal(tail_take(t, sink_id(s, "east"), &after, ROWS, false, rows, &n,
				 &again, &e),
		TAIL_OK);
	assert_int_equal(n, 1);
	assert_string_equal(rows[0].letter->subject, "B");
	assert_int_equal(again, 3);
	tail_give_back(t, rows, n);
	tail_free(t);
}

static void test_a_limit_is_kept_and_the_rest_comes_next(void **state)
{
	struct story *s = *state;
	struct tail *t = tail_new(&s->options, 0);
	struct tail_place after = here(t, s);
	int64_t west = sink_id(s, "west");

	assert_string_equal(taken(t, west, &after, ROWS, false), "");
	for (int i = 0; i < 3; i++)
		tell(s, i);
	tail_stir(t);
	assert_string_equal(taken(t, west, &after, 2, false), "AB");
	assert_string_equal(taken(t, west, &after, 2, false), "C");
	assert_string_equal(taken(t, west, &after, 2, false), "");
	tail_free(t);
}

static void test_who_lags_behind_what_it_holds_reads_the_ledger(void **state)
{
	struct story *s = *state;
	struct tail *t = tail_new(&s->options, 1); /* one event, whatever its size */
	struct tail_row rows[ROWS];
	struct tail_place after = here(t, s), far = after;
	int64_t west = sink_id(s, "west");
	int n;

	assert_string_equal(taken(t, west, &after, ROWS, false), "");
	tell(s, 0);
	tail_stir(t);
	assert_string_equal(taken(t, west, &after, ROWS, false), "A");
	tell(s, 1);
	tail_stir(t);
	assert_string_equal(taken(t, west, &after, ROWS, false), "B");
	assert_int_equal(take(t, west, &far, ROWS, false, rows, &n), TAIL_BEHIND);
	tail_free(t);
}

static void test_letters_that_are_out_outlive_the_place_they_had(void **state)
{
	struct story *s = *state;
	struct tail *t = tail_new(&s->options, 1);
	struct tail_row rows[ROWS];
	struct tail_place after = here(t, s);
	int64_t west = sink_id(s, "west");
	int n;

	assert_string_equal(taken(t, west, &after, ROWS, false), "");
	tell(s, 0);
	tail_stir(t);
	assert_int_equal(take(t, west, &after, ROWS, false, rows, &n), TAIL_OK);
	tell(s, 1);
	tail_stir(t);
	assert_string_equal(taken(t, west, &after, ROWS, false), "B");
	assert_string_equal(rows[0].letter->subject, "A");
	tail_give_back(t, rows, n);
	tail_free(t);
}

static void test_what_another_process_commits_is_looked_for_when_asked(void **state)
{
	struct story *s = *state;
	struct tail *t = tail_new(&s->options, 0);
	struct tail_place after = here(t, s);
	int64_t east = sink_id(s, "east");

	assert_string_equal(taken(t, east, &after, ROWS, true), "");
	tell(s, 0);
	assert_string_equal(taken(t, east, &after, ROWS, false), "");
	assert_string_equal(taken(t, east, &after, ROWS, true), "A");
	tail_free(t);
}

static void test_a_row_that_was_told_already_is_not_there(void **state)
{
	struct story *s = *state;
	struct tail *t = tail_new(&s->options, 0);
	struct tail_place after = here(t, s);
	int64_t east = sink_id(s, "east");
	struct err e = {0};

	assert_string_equal(taken(t, east, &after, ROWS, false), "");
	tell(s, 0);
	tell(s, 1);
	story_begin(s);
	assert_int_equal(ledger_told(s->ledger, (int64_t[]){1}, 1, &e), 0);
	story_commit(s);
	tail_stir(t);
	assert_string_equal(taken(t, east, &after, ROWS, false), "B");
	tail_free(t);
}

int main(void)
{
#define IN_STORY(test)                                                                 \
	cmocka_unit_test_setup_teardown(test, story_setup, story_teardown)
	const struct CMUnitTest tests[] = {
		IN_STORY(test_all_sinks_get_the_same_letters),
		IN_STORY(test_what_lay_there_before_is_read_from_the_ledger),
		IN_STORY(test_what_the_ledger_gave_in_between_does_not_come_twice),
		IN_STORY(test_rows_of_one_commit_are_put_together_by_event),
		IN_STORY(test_what_was_put_back_is_only_told_of),
		IN_STORY(test_a_limit_is_kept_and_the_rest_comes_next),
		IN_STORY(test_who_lags_behind_what_it_holds_reads_the_ledger),
		IN_STORY(test_letters_that_are_out_outlive_the_place_they_had),
		IN_STORY(test_what_another_process_commits_is_looked_for_when_asked),
		IN_STORY(test_a_row_that_was_told_already_is_not_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
