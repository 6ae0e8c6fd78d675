/*
 * The writer against a ledger that fails on demand: nothing is settled before it is
 * committed, a full disk loses nothing, one bad event does not hold up the rest.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "gateway/base/log.h"
#include "gateway/flow/writer.h"
#include "tests/lib/fake_ledger.h"

struct bench {
	struct ring *ring;
	struct writer *writer;
	struct mailbox back;
	int told_of_commits;
	bool settled_untold; /* a source heard of the commit first */
};

static void count_commit(void *context, bool rows)
{
	struct bench *b = context;

	if (rows && !b->told_of_commits)
		b->settled_untold = b->back.first != NULL;
	b->told_of_commits++;
}

static void bench_init(struct bench *b, int give_up_ms)
{
	struct err e = {0};
	struct ledger *ledger;

	fake_ledger_reset();
	b->told_of_commits = 0;
	b->settled_untold = false;
	assert_int_equal(ledger_open(NULL, &ledger, &e), 0);
	assert_int_equal(mailbox_init(&b->back, &e), 0);
	b->ring = ring_new(4096, 1024 * 1024);
	b->writer = writer_new(
		&(struct writer_options){
			.ledger = ledger,
			.ring = b->ring,
			.committed = count_commit,
			.context = b,
			.retry_first_ms = 1,
			.retry_limit_ms = 1,
			.give_up_ms = give_up_ms,
		},
		&e);
	assert_non_null(b->writer);
}

static void bench_deinit(struct bench *b)
{
	writer_free(b->writer);
	ring_free(b->ring);
	mailbox_deinit(&b->back);
}

static void put_with(struct bench *b, const char *document, const char *cursor)
{
	struct job *job = job_new();

	job->item.event = event_new();
	job->item.event->document_id = arena_dup(&job->item.event->arena, document);
	job->item.arrival = (struct arrival){
		.adapter = "inbox",
		.at = 1000,
		.policy = &policy_default,
		.event = job->item.event,
		.raw = {"bytes", 5},
	};
	job->back = &b->back;
	job->handle = 100;
	job->cursor = arena_dup(&job->item.arena, cursor);
	assert_true(ring_put(b->ring, job, 10));
}

static void put(struct bench *b, const char *document)
{
	put_with(b, document, NULL);
}

/* All that was put, in one go, on this thread. */
static void run(struct bench *b)
{
	writer_stop(b->writer);
	writer_run(b->writer);
}

/* The settlements that came back, as `applied set-aside …`. */
static const char *came_back(struct bench *b)
{
	static const char *const words[] = {"accepted", "set-aside", "restricted"};
	static char text[512];
	struct job *next;

	text[0] = '\0';
	for (struct job *job = mailbox_take(&b->back); job; job = next) {
		size_t n = strlen(text);

		next = job->next;
		assert_int_equal(job->settled.handle, 100);
		snprintf(text + n, sizeof(text) - n, "%s%s:%s", n ? " " : "",
			words[job->settled.how], job->settled.outcome);
		job_free(job);
	}
	return text;
}

static void test_what_has_gathered_is_one_transaction_and_comes_back(void **state)
{
	struct bench b;

	(void)state;
	bench_init(&b, 0);
	put(&b, "d-1");
	put(&b, "d-2");
	put(&b, "d-3");
	run(&b);
	assert_int_equal(fake_ledger.commits, 1);
	assert_int_equal(fake_ledger.entries_n, 3);
	assert_string_equal(
		came_back(&b), "accepted:applied accepted:applied accepted:applied");
	assert_true(b.told_of_commits >= 1);
	bench_deinit(&b);
}

/* Once (--once) all sources have heard the last of theirs, the sinks end, too. */
static void test_who_tells_of_a_commit_hears_of_it_before_its_sources(void **state)
{
	struct bench b;

	(void)state;
	bench_init(&b, 0);
	put(&b, "d-1");
	run(&b);
	assert_true(b.told_of_commits >= 1);
	assert_false(b.settled_untold);
	assert_string_equal(came_back(&b), "accepted:applied");
	bench_deinit(&b);
}

static void test_a_batch_holds_at_most_a_thousand(void **state)
{
	struct bench b;
	char document[16];

	(void)state;
	bench_init(&b, 0);
	for (int i = 0; i < 2500; i++) {
		snprintf(document, sizeof(document), "d-%d", i);
		put(&b, document);
	}
	run(&b);
	assert_int_equal(fake_ledger.largest, 1000);
	assert_int_equal(fake_ledger.commits, 3);
	assert_int_equal(fake_ledger.entries_n, 2500);
	bench_deinit(&b);
}

static void test_a_full_disk_holds_everything_up_and_loses_nothing(void **state)
{
	struct bench b;

	(void)state;
	for (int failures = 1; failures <= 5; failures++) {
		bench_init(&b, 0);
		fake_ledger.commits_to_fail = failures;
		put(&b, "d-1");
		put(&b, "d-2");
		run(&b);
		assert_int_equal(fake_ledger.entries_n, 2);
		assert_int_equal(fake_ledger.commits, 1);
		assert_string_equal(came_back(&b), "accepted:applied accepted:applied");
		assert_false(writer_failed(b.writer, NULL));
		bench_deinit(&b);
	}
}

static void test_told_to_end_while_the_disk_is_full_nothing_is_settled(void **state)
{
	struct bench b;

	(void)state;
	bench_init(&b, 0);
	fake_ledger.commits_to_fail = 1000000;
	put(&b, "d-1");
	writer_abandon(b.writer);
	writer_run(b.writer);
	assert_int_equal(fake_ledger.entries_n, 0);
	assert_string_equal(came_back(&b), "");
	assert_false(ring_put(b.ring, &b, 1));
	bench_deinit(&b);
}

static void test_a_disk_that_stays_full_for_too_long_is_a_failure(void **state)
{
	struct bench b;
	struct err e = {0};

	(void)state;
	bench_init(&b, 1);
	fake_ledger.commits_to_fail = 1000000;
	put(&b, "d-1");
	run(&b);
	assert_true(writer_failed(b.writer, &e));
	assert_int_equal(e.code, ERR_IO);
	assert_string_equal(came_back(&b), "");
	bench_deinit(&b);
}

static void test_one_event_at_fault_is_set_aside_and_the_rest_goes_on(void **state)
{
	struct bench b;

	(void)state;
	bench_init(&b, 0);
	fake_ledger.poison = "d-2";
	fake_ledger.commits_to_fail = 1; /* and a full disk on top of it */
	put(&b, "d-1");
	put(&b, "d-2");
	put(&b, "d-3");
	run(&b);
	assert_int_equal(fake_ledger.entries_n, 3);
	assert_string_equal(fake_ledger.entries[1].error_code, "internal.fault");
	assert_int_equal(fake_ledger.entries[1].raw, 5);
	assert_string_equal(came_back(&b),
		"accepted:applied set-aside:quarantined accepted:applied");
	assert_false(writer_failed(b.writer, NULL));
	bench_deinit(&b);
}

static void test_inv1_a_cursor_moves_on_with_the_commit_of_its_event(void **state)
{
	struct bench b;

	(void)state;
	bench_init(&b, 0);
	fake_ledger.commits_to_fail = 1;
	put_with(&b, "d-1", "c-1");
	put(&b, "d-2");
	put_with(&b, "d-3", "c-3");
	put(&b, "d-4");
	run(&b);
	assert_int_equal(fake_ledger.entries_n, 4);
	assert_string_equal(fake_ledger.cursor, "c-3");
	bench_deinit(&b);
}

static void test_inv1_a_cursor_passes_what_is_set_aside_and_nothing_that_is_not(
	void **state)
{
	struct bench b;

	(void)state;
	bench_init(&b, 0);
	fake_ledger.poison = "d-2";
	put_with(&b, "d-1", "c-1");
	put_with(&b, "d-2", "c-2");
	run(&b);
	assert_string_equal(fake_ledger.cursor, "c-2");
	bench_deinit(&b);

	bench_init(&b, 0);
	fake_ledger.poison = "d-2";
	fake_ledger.cannot_quarantine = true;
	put_with(&b, "d-1", "c-1");
	put_with(&b, "d-2", "c-2");
	put_with(&b, "d-3", "c-3");
	run(&b);
	assert_string_equal(fake_ledger.cursor, "c-1");
	bench_deinit(&b);
}

static void test_when_not_even_that_can_be_written_nothing_is_settled(void **state)
{
	struct bench b;
	struct err e = {0};

	(void)state;
	bench_init(&b, 0);
	fake_ledger.poison = "d-1";
	fake_ledger.cannot_quarantine = true;
	put(&b, "d-1");
	put(&b, "d-2");
	run(&b);
	assert_true(writer_failed(b.writer, &e));
	assert_int_equal(e.code, ERR_BUG);
	assert_string_equal(came_back(&b), "");
	bench_deinit(&b);
}

static void test_x1_a_restricted_document_comes_back_to_be_deleted(void **state)
{
	struct bench b;
	struct job *job = job_new();

	(void)state;
	bench_init(&b, 0);
	job->item.arrival = (struct arrival){.adapter = "inbox", .restricted = true};
	job->back = &b.back;
	job->handle = 100;
	assert_true(ring_put(b.ring, job, 10));
	run(&b);
	assert_string_equal(came_back(&b), "restricted:restricted");
	bench_deinit(&b);
}

static void test_a_file_that_was_taken_away_does_not_hold_up_the_rest(void **state)
{
	struct bench b;
	struct job *job = job_new();

	(void)state;
	bench_init(&b, 0);
	fake_ledger.commits_to_fail = 1;
	job->item.arrival = (struct arrival){.adapter = "inbox",
		.error_code = "xml.malformed",
		.raw_path = "/nonexistent/a.xml"};
	job->back = &b.back;
	job->handle = 100;
	assert_true(ring_put(b.ring, job, 10));
	run(&b);
	assert_string_equal(came_back(&b), "set-aside:quarantined");
	assert_int_equal(fake_ledger.entries[0].raw, 0);
	bench_deinit(&b);
}

static void test_inv5_confirmed_rows_leave_with_the_next_commit(void **state)
{
	struct bench b;

	(void)state;
	bench_init(&b, 0);
	int64_t ids[] = {
		fake_ledger_add_row(), fake_ledger_add_row(), fake_ledger_add_row()};

	writer_told(b.writer, ids, 1);
	writer_not_told(b.writer, &(struct ledger_attempt){.outbox_id = ids[1],
					  .at = 1000,
					  .next_at = 2000,
					  .error = "no room"});
	writer_dead(b.writer, ids[2], 1000, "never");
	uint64_t ticket = writer_known_as(b.writer, "out", "NV-1", "K-7");

	assert_int_equal(writer_sink_is(b.writer, "out",
				 &(struct ledger_sink){.state = LEDGER_SINK_FAILING}),
		ticket);
	assert_true(writer_wrote(b.writer) < ticket);
	assert_int_equal(fake_ledger_rows(), 3);
	fake_ledger.commits_to_fail = 2;
	run(&b);
	assert_true(writer_wrote(b.writer) >= ticket);
	assert_int_equal(fake_ledger_rows(), 1);
	assert_int_equal(fake_ledger.dead_n, 1);
	assert_string_equal(fake_ledger.dead[0].cause, "never");
	assert_string_equal(fake_ledger.known[0].known_as, "K-7");
	assert_int_equal(fake_ledger.sink, LEDGER_SINK_FAILING);
	assert_int_equal(fake_ledger.attempts, 1);
	assert_string_equal(fake_ledger.last_error, "no room");
	bench_deinit(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_what_has_gathered_is_one_transaction_and_comes_back),
		cmocka_unit_test(
			test_who_tells_of_a_commit_hears_of_it_before_its_sources),
		cmocka_unit_test(test_a_batch_holds_at_most_a_thousand),
		cmocka_unit_test(
			test_a_full_disk_holds_everything_up_and_loses_nothing),
		cmocka_unit_test(
			test_told_to_end_while_the_disk_is_full_nothing_is_settled),
		cmocka_unit_test(test_a_disk_that_stays_full_for_too_long_is_a_failure),
		cmocka_unit_test(
			test_inv1_a_cursor_moves_on_with_the_commit_of_its_event),
		cmocka_unit_test(
			test_inv1_a_cursor_passes_what_is_set_aside_and_nothing_that_is_not),
		cmocka_unit_test(
			test_one_event_at_fault_is_set_aside_and_the_rest_goes_on),
		cmocka_unit_test(
			test_when_not_even_that_can_be_written_nothing_is_settled),
		cmocka_unit_test(
			test_x1_a_restricted_document_comes_back_to_be_deleted),
		cmocka_unit_test(
			test_a_file_that_was_taken_away_does_not_hold_up_the_rest),
		cmocka_unit_test(test_inv5_confirmed_rows_leave_with_the_next_commit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
