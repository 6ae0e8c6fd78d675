/*
 * The relay with a sink that plays a case: what arrives, in which order, and what may
 * leave the outbox (INV-5).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "gateway/flow/relay.h"
#include "tests/lib/fake_ledger.h"

/* What the sink does in one opening; after the last one it delivers everything. */
struct act {
	bool no_open;
	uint64_t send_fails;       /* at this number */
	int collect_nothing;       /* so many times */
	uint64_t upto;             /* then this much is confirmed, 0: all */
	bool fault;                /* after that */
	enum sink_verdict verdict; /* of upto + 1 */
};

struct play {
	const char *what;
	int rows;
	struct act acts[4];
	int acts_n;
	const char *seen; /* ids in the order the sink got them */
	size_t left;      /* rows not told in the end */
	int attempts;     /* refusals kept with the row */
};

static const struct play *playing;
static int life;
static uint64_t sent;
static int collected;
static char seen[512];
static const struct act well = {0};

static const struct act *act(void)
{
	return life <= playing->acts_n ? &playing->acts[life - 1] : &well;
}

static int fake_open(const void *options, void **ret_sink, struct err *e)
{
	static char somewhere;

	(void)options;
	life++;
	sent = 0;
	collected = 0;
	if (act()->no_open)
		return err_set(e, ERR_UNAVAILABLE, "nobody there");
	*ret_sink = &somewhere;
	return 0;
}

static void fake_close(void *sink)
{
	(void)sink;
}

static int fake_send(
	void *sink, const struct sink_event *event, uint64_t *ret_number, struct err *e)
{
	(void)sink;
	if (act()->send_fails == sent + 1)
		return err_set(e, ERR_UNAVAILABLE, "connection lost");
	size_t n = strlen(seen);

	snprintf(seen + n, sizeof(seen) - n, "%s%s", n ? " " : "", event->id);
	*ret_number = ++sent;
	return 0;
}

static int fake_collect(
	void *sink, int timeout_ms, struct sink_report *ret_report, struct err *e)
{
	static struct sink_news news;
	const struct act *a = act();

	(void)sink, (void)timeout_ms;
	*ret_report = (struct sink_report){.upto = 0};
	if (collected++ < a->collect_nothing)
		return 0;
	bool partly = a->fault || a->verdict != SINK_DELIVERED || a->upto;

	ret_report->upto = partly ? a->upto : sent;
	if (a->fault && collected > a->collect_nothing + 1)
		return err_set(e, ERR_UNAVAILABLE, "connection lost");
	if (a->verdict == SINK_DELIVERED)
		return 0;
	news = (struct sink_news){
		.number = a->upto + 1, .verdict = a->verdict, .reason = "no room"};
	ret_report->news = &news;
	ret_report->news_n = 1;
	return 0;
}

static const struct sink_ops fake_ops = {
	.type = "fake",
	.open = fake_open,
	.close = fake_close,
	.send = fake_send,
	.collect = fake_collect,
};

static msec_t now(void *context)
{
	(void)context;
	return 1000;
}

static void nobody(void *context)
{
	(void)context;
}

static bool run(const struct play *play, int window, int patience_ms)
{
	static const struct flow_sink sink = {.name = "out", .ops = &fake_ops};
	static const struct ledger_options ledger_options = {.site = "H99"};
	struct err e = {0};
	struct ledger *ledger;
	struct bell parent;

	playing = play;
	life = 0;
	seen[0] = '\0';
	assert_int_equal(ledger_open(NULL, &ledger, &e), 0);
	assert_int_equal(bell_init(&parent, &e), 0);
	struct ring *ring = ring_new(8, 8);
	struct writer *writer = writer_new(
		&(struct writer_options){
			.ledger = ledger, .ring = ring, .committed = nobody},
		&e);
	struct relay *relay = relay_new(
		&(struct relay_options){
			.sink = &sink,
			.ledger = &ledger_options,
			.writer = writer,
			.parent = &parent,
			.now = now,
			.window = window,
			.retry_first_ms = 1,
			.retry_limit_ms = 1,
		},
		&e);

	relay_drain(relay, patience_ms);
	relay_run(relay);
	assert_true(relay_has_ended(relay));
	bool failed = relay_failed(relay, &e);

	writer_stop(writer);
	writer_run(writer);
	relay_free(relay);
	writer_free(writer);
	ring_free(ring);
	bell_deinit(&parent);
	return failed;
}

static void test_inv5_a_row_leaves_when_it_is_confirmed_and_order_is_kept(void **state)
{
	static const struct play plays[] = {
		{"all is well", 3, {{0}}, 0, "e1 e2 e3", 0, 0},
		{"nothing to tell", 0, {{0}}, 0, "", 0, 0},
		{"confirmations come late", 3, {{.collect_nothing = 4}}, 1, "e1 e2 e3",
			0, 0},
		{"nobody there at first", 2, {{.no_open = true}, {.no_open = true}}, 2,
			"e1 e2", 0, 0},
		{"lost while sending: from the lowest not confirmed", 3,
			{{.send_fails = 3}}, 1, "e1 e2 e1 e2 e3", 0, 0},
		{"lost after a confirmation: what was confirmed is not told again", 3,
			{{.upto = 2, .fault = true}}, 1, "e1 e2 e3 e3", 0, 0},
		{"deferred: it and those behind it again", 3,
			{{.upto = 1, .verdict = SINK_DEFERRED}}, 1, "e1 e2 e3 e2 e3", 0,
			1},
		{"rejected twice, then taken", 2,
			{{.verdict = SINK_REJECTED}, {.verdict = SINK_REJECTED}}, 2,
			"e1 e2 e1 e2 e1 e2", 0, 2},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(plays) / sizeof(plays[0]); i++) {
		const struct play *play = &plays[i];

		fake_ledger_reset();
		for (int n = 0; n < play->rows; n++)
			fake_ledger_add_row();
		if (run(play, 100, 60000))
			fail_msg("%s: failed", play->what);
		if (strcmp(seen, play->seen) != 0)
			fail_msg("%s: %s", play->what, seen);
		assert_int_equal(fake_ledger_rows(), play->left);
		assert_int_equal(fake_ledger.attempts, play->attempts);
	}
}

static void test_more_rows_than_the_window_are_told_in_order(void **state)
{
	static const struct play play = {.what = "small window"};

	(void)state;
	fake_ledger_reset();
	for (int i = 0; i < 9; i++)
		fake_ledger_add_row();
	assert_false(run(&play, 2, 60000));
	assert_string_equal(seen, "e1 e2 e3 e4 e5 e6 e7 e8 e9");
	assert_int_equal(fake_ledger_rows(), 0);
}

static void test_a_sink_that_stays_away_keeps_its_rows_and_ends_the_wait(void **state)
{
	static const struct play play = {.acts = {{.no_open = true}, {.no_open = true},
						 {.no_open = true}, {.no_open = true}},
		.acts_n = 4};

	(void)state;
	fake_ledger_reset();
	fake_ledger_add_row();
	assert_true(run(&play, 100, 0));
	assert_string_equal(seen, "");
	assert_int_equal(fake_ledger_rows(), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_inv5_a_row_leaves_when_it_is_confirmed_and_order_is_kept),
		cmocka_unit_test(test_more_rows_than_the_window_are_told_in_order),
		cmocka_unit_test(
			test_a_sink_that_stays_away_keeps_its_rows_and_ends_the_wait),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
