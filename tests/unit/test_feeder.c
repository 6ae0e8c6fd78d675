/*
 * The feeder with a source that plays a case: what it does with each thing a source may
 * say, and where the source goes on when it is opened again.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "gateway/flow/flow.h"
#include "tests/lib/fake_ledger.h"
#include "tests/lib/scratch.h"

enum { MOST = 8, FAR_TOO_LONG_MS = 3600 * 1000 };

/* What the source says, one line a call of next(); after the last one: nothing now. */
struct line {
	enum source_next says;
	const char *document; /* its id; NULL: bytes that are no document */
	const char *cursor, *refused;
	int pause_ms;
};

struct play {
	struct line lines[MOST];
	size_t at;
	char seen[256]; /* what the source was told, in order */
	char text[256];
};

static struct play *playing;

static void note(const char *what, const char *which)
{
	size_t n = strlen(playing->seen);

	snprintf(playing->seen + n, sizeof(playing->seen) - n, "%s%s%s", n ? " " : "",
		what, which);
}

static int play_open(const void *options, void **ret_source, struct err *e)
{
	(void)options, (void)e;
	note("open", "");
	*ret_source = playing;
	return 0;
}

static void play_close(void *source)
{
	(void)source;
	note("close", "");
}

static void play_resume(void *source, const char *cursor)
{
	(void)source;
	note("from:", cursor ? cursor : "-");
}

static enum source_next play_next(
	void *source, struct delivery *ret_delivery, struct err *e)
{
	struct play *p = source;
	const struct line *line = &p->lines[p->at];

	if (p->at == MOST || (!line->says && !line->document && !line->refused))
		return SOURCE_NEXT_NONE;
	p->at++;
	if (line->says == SOURCE_NEXT_LATER || line->says == SOURCE_NEXT_FAULT)
		err_set(e, ERR_UNAVAILABLE, "no answer");
	snprintf(p->text, sizeof(p->text),
		line->document ? "{\"kind\":\"document\",\"document_id\":\"%s\","
				 "\"from\":{\"organ_id\":\"H99\"}}"
			       : "{\"no\":\"document\"}",
		line->document);
	*ret_delivery = (struct delivery){
		.handle = p->at,
		.bytes = {p->text, strlen(p->text)},
		.fd = -1,
		.cursor = line->cursor,
		.refused = line->refused,
		.pause_ms = line->pause_ms,
	};
	return line->says;
}

static int play_fd(void *source)
{
	(void)source;
	return -1;
}

static int play_settle(void *source, const struct settled *at, size_t n, struct err *e)
{
	char handle[8];

	(void)source, (void)e;
	for (size_t i = 0; i < n; i++) {
		snprintf(handle, sizeof(handle), "%d", (int)at[i].handle);
		note(at[i].how == SETTLEMENT_ACCEPTED ? "taken:" : "aside:", handle);
	}
	return 0;
}

static int play_drained(void *source, bool *ret_drained, struct err *e)
{
	(void)source, (void)e;
	*ret_drained = true;
	return 0;
}

static const struct source_ops play_ops = {
	.type = "play",
	.open = play_open,
	.close = play_close,
	.resume = play_resume,
	.next = play_next,
	.fd = play_fd,
	.settle = play_settle,
	.drained = play_drained,
};

static enum flow_end run(struct scratch *s, struct play *p, struct err *e)
{
	struct flow_source source = {.name = "poll",
		.ops = &play_ops,
		.codec = {.format = CODEC_EVENT},
		.policy = &policy_default};
	const struct flow_options options = {
		.ledger = {.folder = s->path, .site = "H99"},
		.sources = &source,
		.sources_n = 1,
		.once = true,
		.once_wait_ms = 2000,
	};

	playing = p;
	return flow_run(&options, e);
}

static void test_the_cursor_of_the_ledger_is_where_it_goes_on(void **state)
{
	struct err e = {0};
	struct play first = {
		.lines = {{.document = "d-1", .cursor = "c-1"},
			{.document = "d-2", .cursor = "c-2"}, {.document = "d-3"}}};
	struct play second = {.lines = {{.document = "d-4"}}};

	fake_ledger_reset();
	assert_int_equal(run(*state, &first, &e), FLOW_ENDED);
	assert_string_equal(first.seen, "open from:- taken:1 taken:2 taken:3 close");
	assert_int_equal(run(*state, &second, &e), FLOW_ENDED);
	assert_string_equal(second.seen, "open from:c-2 taken:1 close");
	assert_int_equal(fake_ledger.entries_n, 4);
}

static void test_after_a_fault_it_is_opened_again_where_it_was(void **state)
{
	struct err e = {0};
	struct play p = {.lines = {{.document = "d-1", .cursor = "c-1"},
				 {.says = SOURCE_NEXT_ASKED},
				 {.says = SOURCE_NEXT_FAULT}, {.document = "d-2"}}};

	fake_ledger_reset();
	assert_int_equal(run(*state, &p, &e), FLOW_ENDED);
	/* Whether d-1 was settled before the fault or only let go of is the threads'.
	 */
	assert_non_null(strstr(p.seen, "close open from:c-1 taken:4 close"));
	assert_int_equal(fake_ledger.entries_n, 2);
}

static void test_a_peer_in_trouble_is_asked_again_and_the_source_stays(void **state)
{
	struct err e = {0};
	struct play p = {.lines = {{.document = "d-1"}, {.says = SOURCE_NEXT_LATER},
				 {.says = SOURCE_NEXT_LATER}, {.document = "d-2"}}};

	fake_ledger_reset();
	assert_int_equal(run(*state, &p, &e), FLOW_ENDED);
	assert_string_equal(p.seen, "open from:- taken:1 taken:4 close");
}

static void test_once_does_not_wait_longer_than_it_may(void **state)
{
	struct err e = {0};
	struct play p = {
		.lines = {{.document = "d-1"},
			{.says = SOURCE_NEXT_LATER, .pause_ms = FAR_TOO_LONG_MS},
			{.document = "d-2"}}};

	fake_ledger_reset();
	assert_int_equal(run(*state, &p, &e), FLOW_FAULT);
	assert_int_equal(e.code, ERR_UNAVAILABLE);
	assert_string_equal(e.text, "source poll: no answer");
	assert_string_equal(p.seen, "open from:- taken:1 close");
	assert_int_equal(fake_ledger.entries_n, 1);
}

static void test_inv6_what_the_peer_refuses_to_give_is_set_aside(void **state)
{
	struct err e = {0};
	struct play p = {
		.lines = {{.document = "d-1", .refused = "HTTP 404"},
			{.refused = "HTTP 410", .cursor = "c-2"}, {.document = "d-3"}}};

	fake_ledger_reset();
	assert_int_equal(run(*state, &p, &e), FLOW_ENDED);
	assert_string_equal(p.seen, "open from:- aside:1 aside:2 taken:3 close");
	assert_int_equal(fake_ledger.entries_n, 3);
	for (size_t i = 0; i < 2; i++) {
		assert_string_equal(
			fake_ledger.entries[i].error_code, "source.refused");
		assert_true(fake_ledger.entries[i].raw > 0);
	}
	assert_string_equal(fake_ledger.cursor, "c-2");
}

int main(void)
{
#define IN_SCRATCH(test)                                                               \
	cmocka_unit_test_setup_teardown(test, scratch_setup, scratch_teardown)
	const struct CMUnitTest tests[] = {
		IN_SCRATCH(test_the_cursor_of_the_ledger_is_where_it_goes_on),
		IN_SCRATCH(test_after_a_fault_it_is_opened_again_where_it_was),
		IN_SCRATCH(test_a_peer_in_trouble_is_asked_again_and_the_source_stays),
		IN_SCRATCH(test_once_does_not_wait_longer_than_it_may),
		IN_SCRATCH(test_inv6_what_the_peer_refuses_to_give_is_set_aside),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
