/*
 * The ledger on a disk that fails: at the first write, then the second, and so on until
 * a run meets no fault. Each time the batch is rolled back and told again, and the end
 * is the same as on a good disk. The twin: the process ends at that write, and the next
 * one finds everything the first had reported as committed (INV-1).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "gateway/base/mem.h"
#include "tests/fault/fault_vfs.h"
#include "tests/lib/story.h"

/* A batch ends where `ends` says so; the ledger is closed and opened again half way. */
static const struct step {
	const char *day, *json; /* NULL: bytes that cannot be read */
	bool ends, reopen;
} steps[] = {
	{"2026-03-02",
		"{'document_id':'A','code':{'number':'1','notation':'UB'},'issued_on':'"
		"2026-03-02',"
		"'from':{'organ_id':'H99'},'to':[{'organ_id':'H99.01'},{'organ_id':'"
		"H99.02'}],"
		"'subject':'V/v a','due_on':'2026-03-20','steering':'directive'}",
		true, false},
	{"2026-03-03",
		"{'document_id':'R1','code':{'number':'7','notation':'SO'},'issued_on':"
		"'2026-03-03',"
		"'from':{'organ_id':'H99.01'},'to':[{'organ_id':'H99'}],'subject':'V/v "
		"r',"
		"'response_for':[{'document_id':'A'}]}",
		false, false},
	{"2026-03-03",
		"{'document_id':'R1','code':{'number':'7','notation':'SO'},'issued_on':"
		"'2026-03-03',"
		"'from':{'organ_id':'H99.01'},'to':[{'organ_id':'H99'}],'subject':'V/v "
		"other',"
		"'response_for':[{'document_id':'A'}]}",
		false, false},
	{"2026-03-04", NULL, true, true},
	{"2026-03-04",
		"{'document_id':'R2','code':{'number':'8','notation':'SO'},'issued_on':"
		"'2026-03-04',"
		"'from':{'organ_id':'H99.02'},'to':[{'organ_id':'H99'}],'subject':'V/v "
		"r',"
		"'response_for':[{'document_id':'B'}]}",
		false, false},
	{"2026-03-05",
		"{'document_id':'B','code':{'number':'2','notation':'UB'},'issued_on':'"
		"2026-03-03',"
		"'from':{'organ_id':'H99'},'to':[{'organ_id':'H99.02'},{'organ_id':'"
		"H99.03'}],"
		"'subject':'V/v b','steering':'directive'}",
		true, false},
	{"2026-03-06",
		"{'business':'update','document_id':'U','issued_on':'2026-03-06',"
		"'from':{'organ_id':'H99'},'targets':[{'document_id':'B'}],'due_on':'"
		"2026-03-31',"
		"'receivers_added':['H99.01'],'subject':'V/v b'}",
		false, false},
	{"2026-03-07",
		"{'business':'recall','document_id':'X','issued_on':'2026-03-07',"
		"'from':{'organ_id':'H99.01'},'targets':[{'document_id':'R1'}],'"
		"subject':'V/v r'}",
		true, false},
	{"2026-03-07",
		"{'business':'recall','document_id':'Y','issued_on':'2026-03-07',"
		"'from':{'organ_id':'H99.01'},'targets':[{'document_id':'A'}],'subject'"
		":'V/v a'}",
		false, false},
	{"2026-03-08",
		"{'document_id':'R3','code':{'number':'9','notation':'SO'},'issued_on':"
		"'2026-03-08',"
		"'from':{'organ_id':'H99.01'},'to':[{'organ_id':'H99'}],'subject':'V/v "
		"r',"
		"'response_for':[{'document_id':'A'}]}",
		true, false},
};
enum { STEPS = sizeof(steps) / sizeof(steps[0]), TRIES = 5 };

static int apply_step(struct story *s, size_t i, struct ledger_answer *ret_answer)
{
	struct event *ev = steps[i].json ? story_event(steps[i].json) : NULL;
	struct arrival a = story_arrival(s, steps[i].day, ev);
	struct err e = {0};

	if (!ev) {
		a.error_code = "xml.malformed";
		a.error_message = "no XML";
		a.raw = (struct slice){"<bad", 4};
	}
	int result = ledger_apply(s->ledger, &a, ret_answer, &e);

	event_free(ev);
	return result;
}

/* Where the batch that begins at @first ends. */
static size_t batch_end(size_t first)
{
	while (!steps[first].ends)
		first++;
	return first + 1;
}

/* One batch, one transaction; after a fault nothing of it is left. */
static int tell_batch(struct story *s, size_t first)
{
	struct ledger_answer answer;
	struct err e = {0};

	if (ledger_begin(s->ledger, &e) != 0)
		return -1;
	for (size_t i = first; i < batch_end(first); i++)
		if (apply_step(s, i, &answer) != 0) {
			ledger_rollback(s->ledger);
			return -1;
		}
	return ledger_commit(s->ledger, &e);
}

static int try_open(struct story *s)
{
	struct err e = {0};

	story_close(s);
	return ledger_open(&s->options, &s->ledger, &e);
}

static void remove_ledger(struct story *s)
{
	story_close(s);
	unlink(story_path(s, "ledger.db"));
	unlink(story_path(s, "ledger.db-wal"));
	unlink(story_path(s, "ledger.db-shm"));
}

static void open_stubbornly(struct story *s)
{
	int tries = 0;

	while (try_open(s) != 0)
		assert_true(++tries < TRIES);
}

/* The whole story, each batch again until it is in. */
static void tell_stubbornly(struct story *s)
{
	open_stubbornly(s);
	for (size_t first = 0; first < STEPS; first = batch_end(first)) {
		int tries = 0;

		while (tell_batch(s, first) != 0)
			assert_true(++tries < TRIES);
		if (steps[batch_end(first) - 1].reopen)
			open_stubbornly(s);
	}
}

struct end {
	char *tasks;
	int64_t journal, events, outbox;
};

static struct end look(struct story *s)
{
	cleanup_buf struct buf json = {0};

	if (story_verify(s, &json) != 0)
		fail_msg("%s", buf_text(&json));
	return (struct end){.tasks = mem_dup(story_tasks(s)),
		.journal = story_count(s, "SELECT count(*) FROM journal"),
		.events = story_count(s, "SELECT count(*) FROM event"),
		.outbox = story_count(s, "SELECT count(*) FROM outbox")};
}

/* Is the end the same as on a good disk? */
static void check_end(struct story *s, const struct end *good)
{
	struct end end = look(s);

	assert_string_equal(end.tasks, good->tasks);
	assert_int_equal(end.journal, good->journal);
	assert_int_equal(end.events, good->events);
	assert_int_equal(end.outbox, good->outbox);
	mem_cleanup(&end.tasks);
}

static struct end on_a_good_disk(struct story *s)
{
	remove_ledger(s);
	tell_stubbornly(s);
	return look(s);
}

static void run_with_faults(struct story *s, int code)
{
	struct end good = on_a_good_disk(s);
	bool met = true;
	int n;

	for (n = 1; met; n++) {
		remove_ledger(s);
		fault_vfs_fail_at(n, code);
		tell_stubbornly(s);
		story_close(s);
		met = fault_vfs_calm();
		story_open(s);
		check_end(s, &good);
	}
	assert_true(n > 50); /* there were that many places to fail */
	mem_cleanup(&good.tasks);
}

static void test_a_disk_that_is_full_anywhere_loses_and_doubles_nothing(void **state)
{
	run_with_faults(*state, SQLITE_FULL);
}

static void test_a_disk_that_fails_anywhere_loses_and_doubles_nothing(void **state)
{
	run_with_faults(*state, SQLITE_IOERR_WRITE);
}

/* In the child: no test framework, every batch reported once it is committed. */
static void tell_and_report(struct story *s, int n, int report)
{
	fault_vfs_exit_at(n);
	if (try_open(s) != 0)
		_exit(1);
	for (size_t first = 0; first < STEPS; first = batch_end(first)) {
		unsigned char end = (unsigned char)batch_end(first);

		if (tell_batch(s, first) != 0 || write(report, &end, 1) != 1)
			_exit(1);
		if (steps[end - 1].reopen && try_open(s) != 0)
			_exit(1);
	}
	story_close(s);
	_exit(0);
}

/* Returns how many steps the child reported; *@ret_died: it did not come to the end. */
static size_t run_child(struct story *s, int n, bool *ret_died)
{
	unsigned char reported = 0, end;
	int ends[2], status;

	assert_int_equal(pipe(ends), 0);
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		close(ends[0]);
		tell_and_report(s, n, ends[1]);
	}
	close(ends[1]);
	while (read(ends[0], &end, 1) == 1)
		reported = end;
	close(ends[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	*ret_died = WEXITSTATUS(status) == FAULT_VFS_EXIT;
	if (!*ret_died)
		assert_int_equal(WEXITSTATUS(status), 0);
	return reported;
}

/* INV-1: what was reported is there: told again, it is known. */
static void check_reported(struct story *s, size_t reported)
{
	struct ledger_answer answer;

	story_begin(s);
	for (size_t i = 0; i < reported; i++) {
		assert_int_equal(apply_step(s, i, &answer), 0);
		assert_true(answer.outcome == OUTCOME_DUPLICATE ||
			    answer.outcome == OUTCOME_CONFLICT);
	}
	ledger_rollback(s->ledger);
}

static void test_inv1_what_was_committed_survives_a_crash_at_any_write(void **state)
{
	struct story *s = *state;
	struct end good = on_a_good_disk(s);
	bool died = true;

	for (int n = 1; died; n++) {
		remove_ledger(s);
		size_t reported = run_child(s, n, &died);

		story_open(s);
		assert_int_equal(story_verify(s, NULL), 0);
		check_reported(s, reported);
		for (size_t i = reported; i < STEPS; i = batch_end(i))
			assert_int_equal(tell_batch(s, i), 0);
		assert_string_equal(story_tasks(s), good.tasks);
		assert_int_equal(story_verify(s, NULL), 0);
	}
	mem_cleanup(&good.tasks);
}

/* With a way for statuses too: they are written beside all the rest. */
static int setup(void **state)
{
	static const struct ledger_status_route routes[] = {
		{.adapter = "inbox", .sink = "axis"}};

	story_setup(state);
	struct story *s = *state;

	s->options.status_routes = routes;
	s->options.status_routes_n = 1;
	story_open(s);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_a_disk_that_is_full_anywhere_loses_and_doubles_nothing,
			setup, story_teardown),
		cmocka_unit_test_setup_teardown(
			test_a_disk_that_fails_anywhere_loses_and_doubles_nothing,
			setup, story_teardown),
		cmocka_unit_test_setup_teardown(
			test_inv1_what_was_committed_survives_a_crash_at_any_write,
			setup, story_teardown),
	};

	fault_vfs_install();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
