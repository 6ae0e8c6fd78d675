/*
 * The relay with a sink that plays a case: what arrives, in which order, what may leave
 * the outbox, and as what (INV-5, docs/decisions/0011). Pauses are a millisecond; the
 * events' ids are e1, e2, … in the order of the outbox.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "gateway/base/log.h"
#include "gateway/flow/relay.h"
#include "tests/lib/fake_ledger.h"

enum { DAY_MS = 24 * 3600 * 1000 };

/* What the sink answers to the @nth sending (from 1; 0: each) of one event (NULL: any).
 * Without an answer it is delivered. */
struct answer {
	const char *id;
	int nth;
	enum sink_verdict verdict;
	int retry_after_ms;
	const char *known_as;
	bool fault;     /* the whole sink: from collect */
	bool no_room;   /* the whole sink: from send */
	int wait_turns; /* collects before it is answered */
};

struct play {
	const char *what;
	const char *subjects; /* of each row, a letter: "aab" */
	bool ordered;         /* else single news, one of a subject at a time */
	int no_open;          /* openings that find nobody */
	struct answer answers[6];
	const char *seen; /* ids in the order the sink got them */
	const char *dead; /* ids of the dead letters */
	size_t left;      /* rows that wait in the end */
	int attempts;     /* kept with the rows */
	bool failed;      /* the relay gave up */
};

static const struct play *playing;
static struct delivery_policy policy;
static msec_t now_at = 1000;
static int openings;
static bool with_tail; /* rows come from what is read for all sinks */
static bool killed;    /* before the writer commits what the relay said */
static int times[64];  /* each row was sent */
static bool took;      /* something was delivered */
static int probing;    /* most under way at a time, of those sent again before that */
static char seen[1024], known[256];

struct flight {
	int row, turns;
	bool answered;
};
static struct flight flights[256];
static uint64_t sent, upto;
static struct sink_news news[256];

static int fake_open(const void *options, void **ret_sink, struct err *e)
{
	static char somewhere;

	(void)options;
	sent = upto = 0;
	if (openings++ < playing->no_open)
		return err_set(e, ERR_UNAVAILABLE, "nobody there");
	*ret_sink = &somewhere;
	return 0;
}

static void fake_close(void *sink)
{
	(void)sink;
}

static const struct answer *answer_to(int row)
{
	static const struct answer fine = {.verdict = SINK_DELIVERED};
	char id[16];

	snprintf(id, sizeof(id), "e%d", row);
	for (size_t i = 0; i < sizeof(playing->answers) / sizeof(*playing->answers);
		i++) {
		const struct answer *a = &playing->answers[i];
		bool given = a->verdict || a->known_as || a->fault || a->no_room ||
			     a->wait_turns;

		if (given && (!a->id || !strcmp(a->id, id)) &&
			(!a->nth || a->nth == times[row]))
			return a;
	}
	return &fine;
}

static void add(char *text, size_t size, const char *word)
{
	size_t n = strlen(text);

	snprintf(text + n, size - n, "%s%s", n ? " " : "", word);
}

static void note_probe(int row)
{
	int flying = 0;

	for (uint64_t n = 1; n <= sent; n++)
		flying += !flights[n].answered;
	if (times[row] > 1 && !took && flying > probing)
		probing = flying;
}

static int fake_send(
	void *sink, const struct sink_event *event, uint64_t *ret_number, struct err *e)
{
	int row;

	(void)sink;
	assert_int_equal(sscanf(event->id, "e%d", &row), 1);
	times[row]++;
	if (answer_to(row)->no_room)
		return err_set(e, ERR_UNAVAILABLE, "connection lost");
	add(seen, sizeof(seen), event->id);
	if (event->known_as)
		add(known, sizeof(known), event->known_as);
	flights[++sent] = (struct flight){.row = row};
	note_probe(row);
	*ret_number = sent;
	return 0;
}

static void judge(uint64_t number, const struct answer *a, struct sink_report *report)
{
	struct sink_news *one = &news[report->news_n++];

	*one = (struct sink_news){.number = number,
		.verdict = a->verdict,
		.retry_after_ms = a->retry_after_ms};
	took |= a->verdict == SINK_DELIVERED;
	if (a->verdict)
		snprintf(one->reason, sizeof(one->reason), "no room");
	snprintf(one->known_as, sizeof(one->known_as), "%s",
		a->known_as ? a->known_as : "");
}

static int fake_collect(
	void *sink, int timeout_ms, struct sink_report *ret_report, struct err *e)
{
	bool all = true;

	(void)sink, (void)timeout_ms;
	ret_report->news = news;
	for (uint64_t n = upto + 1; n <= sent; n++) {
		struct flight *flight = &flights[n];
		const struct answer *a = answer_to(flight->row);

		if (!flight->answered && flight->turns++ < a->wait_turns) {
			all = false;
			continue;
		}
		if (a->fault)
			return err_set(e, ERR_UNAVAILABLE, "connection lost");
		if (!flight->answered && (a->verdict || !playing->ordered))
			judge(n, a, ret_report);
		flight->answered = true;
		if (all && playing->ordered)
			upto = n;
	}
	ret_report->upto = playing->ordered ? upto : 0;
	return 0;
}

static struct sink_ops fake_ops = {
	.type = "fake",
	.open = fake_open,
	.close = fake_close,
	.send = fake_send,
	.collect = fake_collect,
};

static msec_t now(void *context)
{
	(void)context;
	return now_at;
}

static void nobody(void *context, bool rows)
{
	(void)context, (void)rows;
}

/* One life of the relay, then of the writer. True when something could not be told. */
static bool run(
	const struct play *play, int window, int patience_ms, const char *fingerprint)
{
	static const struct ledger_options ledger_options = {.site = "H99"};
	struct flow_sink sink = {.name = "out",
		.ops = &fake_ops,
		.delivery = &policy,
		.fingerprint = fingerprint};
	struct err e = {0};
	struct ledger *ledger;
	struct bell parent;

	playing = play;
	openings = probing = 0;
	took = false;
	fake_ops.ordered = play->ordered;
	memset(times, 0, sizeof(times));
	seen[0] = known[0] = '\0';
	assert_int_equal(ledger_open(NULL, &ledger, &e), 0);
	assert_int_equal(bell_init(&parent, &e), 0);
	struct ring *ring = ring_new(8, 8);
	struct writer *writer = writer_new(
		&(struct writer_options){
			.ledger = ledger, .ring = ring, .committed = nobody},
		&e);
	struct tail *tail = with_tail ? tail_new(&ledger_options, 0) : NULL;
	struct relay *relay = relay_new(
		&(struct relay_options){
			.sink = &sink,
			.ledger = &ledger_options,
			.writer = writer,
			.tail = tail,
			.parent = &parent,
			.now = now,
			.window = window,
		},
		&e);

	relay_drain(relay, patience_ms);
	relay_run(relay);
	assert_true(relay_has_ended(relay));
	bool failed = relay_failed(relay, &e);

	writer_stop(writer);
	if (!killed)
		writer_run(writer);
	relay_free(relay);
	tail_free(tail);
	writer_free(writer);
	ring_free(ring);
	bell_deinit(&parent);
	return failed;
}

static int setup(void **state)
{
	(void)state;
	log_set_level(LOG_LEVEL_ERROR);
	fake_ledger_reset();
	now_at = 1000;
	policy = (struct delivery_policy){.retry_first_ms = 1,
		.retry_limit_ms = 1,
		.suspend_after = 5,
		.suspend_first_ms = 1,
		.suspend_limit_ms = 1,
		.give_up_days = 7,
		.retry_after_limit_ms = 1000};
	return 0;
}

static void add_rows(const char *subjects)
{
	for (; *subjects; subjects++)
		fake_ledger_add_row_of((char[]){*subjects, '\0'});
}

static const char *dead_ids(void)
{
	static char ids[256];

	ids[0] = '\0';
	for (size_t i = 0; i < fake_ledger.dead_n; i++)
		add(ids, sizeof(ids), fake_ledger.dead[i].event_id);
	return ids;
}

static void check(const struct play *play, bool failed)
{
	if (strcmp(seen, play->seen) != 0)
		fail_msg("%s: seen %s", play->what, seen);
	if (strcmp(dead_ids(), play->dead ? play->dead : "") != 0)
		fail_msg("%s: dead %s", play->what, dead_ids());
	if (fake_ledger_rows() != play->left || failed != play->failed ||
		fake_ledger.attempts != play->attempts)
		fail_msg("%s: %zu left, failed %d, %d attempts", play->what,
			fake_ledger_rows(), failed, fake_ledger.attempts);
}

static void run_plays(const struct play *plays, size_t n, int patience_ms)
{
	for (size_t i = 0; i < n; i++) {
		setup(NULL);
		add_rows(plays[i].subjects);
		check(&plays[i], run(&plays[i], 100, patience_ms, NULL));
	}
}
#define RUN(plays, patience_ms)                                                        \
	run_plays(plays, sizeof(plays) / sizeof(plays[0]), patience_ms)

static void test_inv5_a_row_leaves_when_it_is_confirmed_and_order_is_kept(void **state)
{
	static const struct play plays[] = {
		{.what = "all is well", .subjects = "abc", .seen = "e1 e2 e3"},
		{.what = "all is well, contiguously",
			.subjects = "aaa",
			.ordered = true,
			.seen = "e1 e2 e3"},
		{.what = "nothing to tell", .subjects = "", .seen = ""},
		{.what = "confirmations come late",
			.subjects = "aaa",
			.ordered = true,
			.answers = {{.wait_turns = 4}},
			.seen = "e1 e2 e3"},
		{.what = "nobody there at first",
			.subjects = "ab",
			.no_open = 2,
			.seen = "e1 e2"},
		{.what = "lost while sending: all that was under way comes again",
			.subjects = "aaa",
			.ordered = true,
			.answers = {{.id = "e3", .nth = 1, .no_room = true}},
			.seen = "e1 e2 e1 e2 e3"},
		{.what = "lost after some: what was confirmed does not",
			.subjects = "abc",
			.answers = {{.id = "e3",
				.nth = 1,
				.fault = true,
				.wait_turns = 1}},
			.seen = "e1 e2 e3 e3"},
	};

	(void)state;
	RUN(plays, 60000);
}

static void test_a_deferred_event_holds_up_its_own_subject_and_nobody_else(void **state)
{
	static const struct play plays[] = {
		{.what = "of one subject one at a time",
			.subjects = "aab",
			.seen = "e1 e3 e2"},
		{.what = "deferred, then taken, then the younger one",
			.subjects = "aabb",
			.answers = {{.id = "e1", .nth = 1, .verdict = SINK_DEFERRED}},
			.seen = "e1 e3 e4 e1 e2",
			.attempts = 1},
		{.what = "an ordered sink: younger ones that went along go again",
			.subjects = "aaab",
			.ordered = true,
			.answers = {{.id = "e1", .nth = 1, .verdict = SINK_DEFERRED}},
			.seen = "e1 e2 e3 e4 e1 e2 e3",
			.attempts = 1},
		{.what = "an ordered sink: older ones that went along do not",
			.subjects = "aaa",
			.ordered = true,
			.answers = {{.id = "e2", .nth = 1, .verdict = SINK_DEFERRED}},
			.seen = "e1 e2 e3 e2 e3",
			.attempts = 1},
		{.what = "one that takes its time holds up its own",
			.subjects = "aab",
			.answers = {{.id = "e1", .wait_turns = 5}},
			.seen = "e1 e3 e2"},
	};

	(void)state;
	/* e3 and e4 go while e1 waits: that they do so in this order needs a pause that
	 * is longer than a turn. */
	for (size_t i = 0; i < sizeof(plays) / sizeof(plays[0]); i++) {
		setup(NULL);
		policy.retry_first_ms = policy.retry_limit_ms = 60;
		add_rows(plays[i].subjects);
		check(&plays[i], run(&plays[i], 100, 60000, NULL));
	}
}

static void test_a_rejected_event_is_a_dead_letter_and_the_rest_goes_on(void **state)
{
	static const struct play plays[] = {
		{.what = "the middle one",
			.subjects = "aaa",
			.answers = {{.id = "e2", .verdict = SINK_REJECTED}},
			.seen = "e1 e2 e3",
			.dead = "e2"},
		{.what = "of an ordered sink",
			.subjects = "abc",
			.ordered = true,
			.answers = {{.id = "e2", .verdict = SINK_REJECTED}},
			.seen = "e1 e2 e3",
			.dead = "e2"},
		{.what = "all of them",
			.subjects = "aabbccd",
			.answers = {{.verdict = SINK_REJECTED}},
			.seen = "e1 e3 e5 e7 e2 e4 e6",
			.dead = "e1 e3 e5 e7 e2 e4 e6"},
	};

	(void)state;
	RUN(plays, 60000);
	assert_string_equal(fake_ledger.dead[0].cause, "no room");
}

static void test_a_sink_that_stays_away_keeps_its_rows_and_ends_the_wait(void **state)
{
	static const struct play plays[] = {
		{.what = "nobody there",
			.subjects = "a",
			.no_open = 99,
			.seen = "",
			.left = 1,
			.failed = true},
		{.what = "put off",
			.subjects = "ab",
			.answers = {{.id = "e1", .verdict = SINK_DEFERRED}},
			.seen = "e1 e2",
			.left = 1,
			.attempts = 1,
			.failed = true},
	};

	(void)state;
	RUN(plays, 0);
}

static void test_what_the_receiver_asks_for_is_obeyed_within_reason(void **state)
{
	static const struct play plays[] = {
		{.what = "later than we would",
			.subjects = "ab",
			.answers = {{.id = "e1",
				.nth = 1,
				.verdict = SINK_DEFERRED,
				.retry_after_ms = 900}},
			.seen = "e1 e2",
			.left = 1,
			.attempts = 1,
			.failed = true},
		{.what = "sooner than we would",
			.subjects = "ab",
			.answers = {{.id = "e1",
				.nth = 1,
				.verdict = SINK_DEFERRED,
				.retry_after_ms = 1}},
			.seen = "e1 e2 e1",
			.attempts = 1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(plays) / sizeof(plays[0]); i++) {
		setup(NULL);
		policy.retry_first_ms = policy.retry_limit_ms = i ? 500 : 1;
		add_rows(plays[i].subjects);
		check(&plays[i], run(&plays[i], 100, i ? 60000 : 500, NULL));
	}
	/* It is kept: the next life does not ask before the time either. */
	static const struct play next = {.what = "the next life",
		.subjects = "",
		.seen = "",
		.left = 1,
		.attempts = 1,
		.failed = true};
	static const struct play later = {
		.what = "in time", .subjects = "", .seen = "e1", .attempts = 1};

	setup(NULL);
	add_rows("ab");
	run(&plays[0], 100, 0, NULL);
	check(&next, run(&next, 100, 0, NULL));
	now_at += 900;
	check(&later, run(&later, 100, 0, NULL));
}

static void test_what_is_put_off_for_too_long_is_a_dead_letter(void **state)
{
	static const struct play play = {.what = "too long",
		.subjects = "a",
		.answers = {{.verdict = SINK_DEFERRED}},
		.seen = "e1",
		.left = 1,
		.attempts = 1,
		.failed = true};
	static const struct play last = {.what = "the last time",
		.subjects = "a",
		.answers = {{.verdict = SINK_DEFERRED}},
		.seen = "e1",
		.dead = "e1",
		.attempts = 1};

	(void)state;
	add_rows("a");
	check(&play, run(&play, 100, 0, NULL));
	now_at += (msec_t)7 * DAY_MS;
	check(&last, run(&last, 100, 60000, NULL));
	assert_string_equal(fake_ledger.dead[0].cause, "put off for 7 days: no room");
}

static void test_a_suspended_sink_is_tried_with_one_event(void **state)
{
	static const struct play play = {.what = "all put off twice",
		.answers = {{.nth = 1, .verdict = SINK_DEFERRED},
			{.nth = 2, .verdict = SINK_DEFERRED}}};

	(void)state;
	add_rows("abcdef");
	assert_false(run(&play, 100, 60000, NULL));
	assert_int_equal(fake_ledger_rows(), 0);
	assert_int_equal(fake_ledger.attempts, 12);
	assert_int_equal(probing, 1);
	assert_int_equal(fake_ledger.sink, LEDGER_SINK_WORKING);
	assert_true(fake_ledger.sink_changes >= 2);
}

static void test_a_clock_that_was_set_back_holds_nothing_up(void **state)
{
	static const struct play ahead = {
		.what = "the clock is ahead", .answers = {{.verdict = SINK_DEFERRED}}};
	static const struct play back = {
		.what = "it was set back", .seen = "e1", .attempts = 1};

	(void)state;
	/* The pause it was given (1 ms) is what counts, not the longest one. */
	policy.retry_after_limit_ms = 3600 * 1000;
	add_rows("a");
	now_at += (msec_t)200 * DAY_MS;
	assert_true(run(&ahead, 100, 0, NULL));
	now_at -= (msec_t)200 * DAY_MS;
	check(&back, run(&back, 100, 30000, NULL));
}

static void test_one_or_two_events_that_fail_in_a_row_show(void **state)
{
	static const struct play play = {.answers = {{.verdict = SINK_DEFERRED}}};

	(void)state;
	for (int n = 1; n <= 2; n++) {
		setup(NULL);
		add_rows(n == 1 ? "a" : "ab");
		assert_true(run(&play, 100, 100, NULL));
		assert_true(fake_ledger.attempts >= 5);
		assert_int_equal(fake_ledger.sink, LEDGER_SINK_FAILING);
		assert_string_equal(fake_ledger.sink_error, "deferred: no room");
	}
}

static void test_one_event_that_is_put_off_again_and_again_suspends_nobody(void **state)
{
	static const struct answer put_off = {.id = "e1", .verdict = SINK_DEFERRED};
	const struct play alone = {.answers = {{"e1", 5, .known_as = "a"}, put_off}};
	const struct play among = {.answers = {{"e1", 9, .known_as = "a"}, put_off}};

	(void)state;
	add_rows("a");
	assert_false(run(&alone, 100, 60000, NULL));
	assert_int_equal(fake_ledger.attempts, 4);
	assert_int_equal(fake_ledger.sink_changes, 0);
	/* More often than that, it is still its own trouble. */
	setup(NULL);
	add_rows("abbbbbbbbbbbbbbbbbbbb");
	assert_false(run(&among, 1, 60000, NULL));
	assert_int_equal(fake_ledger.attempts, 8);
	assert_int_equal(fake_ledger.sink, LEDGER_SINK_WORKING);
}

static void test_a_stopped_sink_keeps_its_rows_until_its_section_changes(void **state)
{
	static const struct play stop = {.what = "gone",
		.subjects = "abc",
		.answers = {{.id = "e2", .verdict = SINK_STOPPED}},
		.seen = "e1 e2 e3",
		.left = 1};
	static const struct play still = {
		.what = "still gone", .subjects = "", .seen = "", .left = 1};
	static const struct play changed = {
		.what = "another section", .subjects = "", .seen = "e2"};

	(void)state;
	add_rows("abc");
	check(&stop, run(&stop, 100, 60000, "one"));
	assert_int_equal(fake_ledger.sink, LEDGER_SINK_STOPPED);
	assert_string_equal(fake_ledger.sink_error, "no room");
	check(&still, run(&still, 100, 60000, "one"));
	check(&changed, run(&changed, 100, 60000, "two"));
	assert_int_equal(fake_ledger.sink, LEDGER_SINK_WORKING);
}

static void test_a_stopped_sink_goes_on_when_somebody_resumes_it(void **state)
{
	static const struct play stop = {.what = "gone",
		.subjects = "ab",
		.answers = {{.id = "e1", .verdict = SINK_STOPPED}},
		.seen = "e1 e2",
		.left = 1};
	static const struct play resumed = {
		.what = "resumed", .subjects = "", .seen = "e1"};

	(void)state;
	add_rows("ab");
	check(&stop, run(&stop, 100, 60000, NULL));
	fake_ledger.sink = LEDGER_SINK_WORKING; /* as the command line does */
	check(&resumed, run(&resumed, 100, 60000, NULL));
}

static void test_what_the_receiver_calls_a_subject_goes_with_its_later_events(
	void **state)
{
	static const struct play play = {.what = "its own id",
		.subjects = "aba",
		.answers = {{.id = "e1", .known_as = "K-7"}},
		.seen = "e1 e2 e3"};
	static const struct play next = {
		.what = "the next life", .subjects = "", .seen = "e4"};

	(void)state;
	add_rows("aba");
	check(&play, run(&play, 100, 60000, NULL));
	assert_string_equal(known, "K-7");
	assert_int_equal(fake_ledger.known_n, 1);
	assert_string_equal(fake_ledger.known[0].subject, "a");
	add_rows("a");
	check(&next, run(&next, 100, 60000, NULL));
	assert_string_equal(known, "K-7");
}

static void test_inv5_a_killed_relay_leaves_what_was_not_committed(void **state)
{
	static const struct play first = {.what = "killed",
		.subjects = "abc",
		.answers = {{.id = "e2",
				    .verdict = SINK_DEFERRED,
				    .retry_after_ms = 900},
			{.id = "e3", .verdict = SINK_REJECTED}},
		.seen = "e1 e2 e3",
		.left = 3,
		.failed = true};
	static const struct play again = {.what = "again",
		.subjects = "",
		.answers = {{.id = "e3", .verdict = SINK_REJECTED}},
		.seen = "e1 e2 e3",
		.dead = "e3"};

	(void)state;
	add_rows("abc");
	killed = true;
	check(&first, run(&first, 100, 0, NULL));
	killed = false;
	check(&again, run(&again, 100, 60000, NULL));
}

static void test_more_rows_than_the_window_are_told_in_order(void **state)
{
	static const struct play play = {.what = "small window",
		.ordered = true,
		.seen = "e1 e2 e3 e4 e5 e6 e7 e8 e9"};

	(void)state;
	add_rows("aaaaaaaaa");
	check(&play, run(&play, 2, 60000, NULL));
}

int main(void)
{
#define FRESH(test) cmocka_unit_test_setup(test, setup)
	const struct CMUnitTest tests[] = {
		FRESH(test_inv5_a_row_leaves_when_it_is_confirmed_and_order_is_kept),
		FRESH(test_a_deferred_event_holds_up_its_own_subject_and_nobody_else),
		FRESH(test_a_rejected_event_is_a_dead_letter_and_the_rest_goes_on),
		FRESH(test_a_sink_that_stays_away_keeps_its_rows_and_ends_the_wait),
		FRESH(test_what_the_receiver_asks_for_is_obeyed_within_reason),
		FRESH(test_what_is_put_off_for_too_long_is_a_dead_letter),
		FRESH(test_a_suspended_sink_is_tried_with_one_event),
		FRESH(test_a_clock_that_was_set_back_holds_nothing_up),
		FRESH(test_one_or_two_events_that_fail_in_a_row_show),
		FRESH(test_one_event_that_is_put_off_again_and_again_suspends_nobody),
		FRESH(test_a_stopped_sink_keeps_its_rows_until_its_section_changes),
		FRESH(test_a_stopped_sink_goes_on_when_somebody_resumes_it),
		FRESH(test_what_the_receiver_calls_a_subject_goes_with_its_later_events),
		FRESH(test_inv5_a_killed_relay_leaves_what_was_not_committed),
		FRESH(test_more_rows_than_the_window_are_told_in_order),
	};

	int failed = cmocka_run_group_tests_name("alone", tests, NULL, NULL);

	with_tail = true;
	return failed + cmocka_run_group_tests_name("with a tail", tests, NULL, NULL);
}
