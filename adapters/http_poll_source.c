/*
 * Where a poll stands is a state, and each state is a function that goes on or says
 * what next() is to say:
 *
 *   REST ──due──▶ LISTING ──a page──▶ GIVING ──its URL──▶ FETCHING
 *    ▲               ▲ └──304──▶ REST   │  ▲                 │
 *    └───the end─────┴────next page─────┘  └────given────────┘
 *
 * One question is under way at a time, and beside it up to POLL_TELLING words back
 * about what is committed. A list begins only when all that was given is committed and
 * told, so what the peer then still lists is known to be no news.
 */
#include "adapters/http_poll_source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "adapters/fill.h"
#include "adapters/http_poll.h"
#include "adapters/url_path.h"
#include "gateway/base/mem.h"

enum state { STATE_REST, STATE_LISTING, STATE_GIVING, STATE_FETCHING };

enum step { STEP_ON, STEP_GIVE, STEP_NOTHING, STEP_ASKED, STEP_LATER, STEP_FAULT };

enum {
	QUESTION = 0, /* the tag of what a state asked; from 1 on: telling[tag - 1] */
	CLOSE_MS = 2000
};

static void poll_close(void *source);
MEM_CLEANUP(poll, struct poll, poll_close)

static int poll_open(const void *options, void **ret_source, struct err *e)
{
	cleanup(poll) struct poll *s = mem_alloc(sizeof(*s));

	s->options = options;
	s->timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	if (s->timer < 0) {
		err_errno(e, "timerfd");
		return -1;
	}
	if (http_client_open(&s->options->client, &s->ask.client, e) < 0)
		return -1;
	s->ask.options = s->options;
	s->ask.auth = http_auth_new(&s->options->auth);
	s->given = poll_given_new();
	s->decoded = (struct buf){.max = s->options->client.max_body, .wipe = true};
	*ret_source = STEAL(s);
	return 0;
}

static void poll_resume(void *source, const char *cursor)
{
	struct poll *s = source;

	poll_keep(&s->cursor, cursor);
	poll_keep(&s->kept, cursor);
}

/* --- asking ---------------------------------------------------------------------- */

static enum step ask_page(struct poll *s, struct err *e)
{
	bool known = !s->pages && s->same_url && !strcmp(s->url, s->same_url);
	const struct poll_request request = {
		.url = s->url,
		.etag = known ? s->etag : NULL,
		.last_modified = known && !s->etag ? s->modified : NULL,
	};

	s->state = STATE_REST;
	if (poll_ask_start(&s->ask, &request, QUESTION, e) < 0)
		return STEP_LATER;
	s->state = STATE_LISTING;
	return STEP_ON;
}

static enum step ask_document(struct poll *s, const char *url, struct err *e)
{
	const struct poll_request request = {.url = url};

	if (poll_ask_start(&s->ask, &request, QUESTION, e) < 0)
		return STEP_LATER;
	s->state = STATE_FETCHING;
	return STEP_ON;
}

/* --- telling what is committed --------------------------------------------------- */

static enum fill_escape escape_for(const char *type)
{
	if (type && strstr(type, "json"))
		return FILL_JSON;
	if (type && strstr(type, "xml"))
		return FILL_XML;
	return type && strstr(type, "urlencoded") ? FILL_URL : FILL_PLAIN;
}

/* Its id would lead to another address than the one that was meant. */
static bool leads_away(const struct poll *s, const struct poll_ack *ack)
{
	const struct fill_value id = {"id", poll_ack_id(ack)};
	cleanup_buf struct buf url = {0};

	fill_template(s->options->ack_url, &id, 1, FILL_URL, &url);
	return url_climbs(buf_text(&url));
}

static int tell_one(struct poll *s, size_t slot, struct poll_ack *ack, struct err *e)
{
	const struct http_poll_options *o = s->options;
	const struct fill_value id = {"id", poll_ack_id(ack)};
	cleanup_buf struct buf url = {0}, body = {0};

	fill_template(o->ack_url, &id, 1, FILL_URL, &url);
	if (o->ack_body)
		fill_template(o->ack_body, &id, 1, escape_for(o->ack_type), &body);
	const struct poll_request request = {
		.method = o->ack_method,
		.url = buf_text(&url),
		.body = o->ack_body ? buf_text(&body) : NULL,
		.body_type = o->ack_type,
	};

	return poll_ask_start(&s->ask, &request, slot + 1, e);
}

static enum step tell(struct poll *s, struct err *e)
{
	for (size_t i = 0; i < POLL_TELLING; i++) {
		struct poll_ack *ack =
			s->telling[i] ? NULL : poll_given_take_ack(s->given);

		if (!ack)
			continue;
		if (leads_away(s, ack)) {
			poll_keep(&s->remark,
				"the acknowledgement of a document whose id is `.` or "
				"`..` is not said: it leads out of acknowledge.url");
			poll_given_acked(s->given, ack);
			continue;
		}
		if (tell_one(s, i, ack, e) < 0) {
			poll_given_put_back(s->given, ack);
			return STEP_LATER;
		}
		s->telling[i] = ack;
	}
	return STEP_ON;
}

/* One that the peer does not know (any more) need not be told, and what it refuses to
 * hear is not said again: the document is ours. */
static enum step told(struct poll *s, const struct http_done *done, struct err *e)
{
	struct poll_ack *ack = STEAL(s->telling[done->tag - 1]);

	switch (poll_ask_judge(&s->ask, done, e)) {
	case POLL_ANSWER_GOOD:
	case POLL_ANSWER_SAME:
	case POLL_ANSWER_GONE:
		poll_given_acked(s->given, ack);
		return STEP_ON;
	case POLL_ANSWER_REFUSED:
		err_wrap(e, "the acknowledgement of %s, which is not said again",
			poll_ack_id(ack));
		poll_keep(&s->remark, e->text);
		poll_given_acked(s->given, ack);
		return STEP_ON;
	case POLL_ANSWER_AGAIN:
		poll_given_put_back(s->given, ack);
		return tell(s, e);
	case POLL_ANSWER_TROUBLE:
		break;
	}
	poll_given_put_back(s->given, ack);
	err_wrap(e, "the acknowledgement");
	return STEP_LATER;
}

/* Wait a blink for what is under way. STEP_ON: the question is answered, *@ret_done. */
static enum step await(struct poll *s, struct http_done *ret_done, struct err *e)
{
	for (;;) {
		enum step step;

		switch (http_client_wait(s->ask.client, POLL_BLINK_MS, ret_done, e)) {
		case HTTP_WAIT_NONE:
			return STEP_ASKED;
		case HTTP_WAIT_FAULT:
			return STEP_FAULT;
		case HTTP_WAIT_DONE:
			break;
		}
		if (ret_done->tag == QUESTION)
			return STEP_ON;
		step = told(s, ret_done, e);
		if (step != STEP_ON)
			return step;
		if (s->state == STATE_REST)
			return STEP_ASKED;
	}
}

/* --- the states ------------------------------------------------------------------ */

/* The source can wait for the descriptor: nothing else will come of itself. */
static bool is_waiting(const struct poll *s)
{
	return s->state == STATE_REST && !poll_given_unsettled(s->given) &&
	       !poll_given_unacked(s->given);
}

static enum step rest(struct poll *s, struct delivery *delivery, struct err *e)
{
	struct http_done done;

	(void)delivery;
	if (http_client_in_flight(s->ask.client))
		return await(s, &done, e);
	if (!is_waiting(s) || clock_ticks() < s->due)
		return STEP_NOTHING;
	poll_page_begin(s);
	return ask_page(s, e);
}

static void rest_until(struct poll *s, int64_t due)
{
	struct itimerspec at = {
		.it_value = {due / INT64_C(1000000000), due % INT64_C(1000000000)}};

	s->due = due;
	timerfd_settime(s->timer, TFD_TIMER_ABSTIME, &at, NULL);
}

/* The list is through. What brought something is asked again at once. */
static enum step end_list(struct poll *s)
{
	s->idle = !s->gave && !s->incomplete;
	s->state = STATE_REST;
	rest_until(s,
		clock_ticks() +
			(s->idle ? s->options->interval_s * INT64_C(1000000000) : 0));
	return STEP_ON;
}

static enum step listing(struct poll *s, struct delivery *delivery, struct err *e)
{
	struct http_done done;
	enum step step = await(s, &done, e);

	(void)delivery;
	if (step != STEP_ON)
		return step;
	s->state = STATE_REST; /* in trouble the list begins anew */
	switch (poll_ask_judge(&s->ask, &done, e)) {
	case POLL_ANSWER_GOOD:
		if (poll_page_take(s, &done.response, e) < 0)
			break;
		s->state = STATE_GIVING;
		return STEP_ON;
	case POLL_ANSWER_AGAIN:
		return ask_page(s, e);
	case POLL_ANSWER_SAME:
		return end_list(s);
	case POLL_ANSWER_REFUSED:
	case POLL_ANSWER_GONE:
	case POLL_ANSWER_TROUBLE:
		break;
	}
	err_wrap(e, "the list");
	return STEP_LATER;
}

static const char *version_of(struct poll *s)
{
	const char *path = s->options->list.version;

	return path ? poll_item_text(s->list, s->at, path) : NULL;
}

static enum step give(
	struct poll *s, const struct poll_document *document, struct delivery *delivery)
{
	const char *id = poll_item_text(s->list, s->at, s->options->list.id);

	*delivery = (struct delivery){
		.handle = poll_given_add(s->given, id, version_of(s)),
		.bytes = document->bytes,
		.fd = -1,
		.origin = id,
		.cursor = poll_page_cursor(s),
		.refused = document->refused,
	};
	s->at++;
	s->gave++;
	s->state = STATE_GIVING;
	return STEP_GIVE;
}

static enum step give_refused(
	struct poll *s, const char *why, struct delivery *delivery)
{
	const struct poll_document document = {poll_item_whole(s->list, s->at), why};

	return give(s, &document, delivery);
}

/* This one not now: the others go on, the next list names it again. */
static enum step pass_over(struct poll *s)
{
	s->incomplete = true;
	s->at++;
	s->state = STATE_GIVING;
	return STEP_LATER;
}

static enum step turn_page(struct poll *s, struct err *e)
{
	bool more;

	s->state = STATE_REST;
	poll_list_free(s->list); /* X1, as in forget_given */
	s->list = NULL;
	if (poll_page_turn(s, &more, e) < 0)
		return STEP_LATER;
	if (more)
		return ask_page(s, e);
	poll_page_end(s);
	return end_list(s);
}

static enum step giving(struct poll *s, struct delivery *delivery, struct err *e)
{
	const struct http_poll_options *o = s->options;
	struct poll_document document;
	cleanup_buf struct buf url = {0};
	const char *why;

	while (s->at < poll_list_size(s->list) &&
		!poll_given_is_new(s->given, poll_item_text(s->list, s->at, o->list.id),
			version_of(s)))
		s->at++;
	if (s->at == poll_list_size(s->list))
		return turn_page(s, e);
	if (!o->document_url && !o->document_link)
		return poll_document_take(s, NULL, &document, e) < 0
			       ? pass_over(s)
			       : give(s, &document, delivery);
	if (poll_document_url(s, &url, &why) < 0)
		return give_refused(s, why, delivery);
	return ask_document(s, buf_text(&url), e);
}

static enum step fetching(struct poll *s, struct delivery *delivery, struct err *e)
{
	struct poll_document document;
	struct http_done done;
	enum step step = await(s, &done, e);

	if (step != STEP_ON)
		return step;
	switch (poll_ask_judge(&s->ask, &done, e)) {
	case POLL_ANSWER_GOOD:
		if (poll_document_take(s, &done.response, &document, e) < 0)
			break;
		s->ever_got = true;
		return give(s, &document, delivery);
	case POLL_ANSWER_AGAIN:
		s->state = STATE_GIVING;
		return STEP_ON;
	case POLL_ANSWER_GONE:
		/* Unless it is the address that is wrong, for all of them. */
		if (s->ever_got)
			return give_refused(s, e->text, delivery);
		break;
	case POLL_ANSWER_SAME:
		err_set(e, ERR_UNAVAILABLE, "%s: HTTP 304, but nothing is known of it",
			done.response.where);
		break;
	case POLL_ANSWER_REFUSED:
	case POLL_ANSWER_TROUBLE:
		break;
	}
	err_wrap(e, "a document");
	return pass_over(s);
}

/* X1: of the delivery before, which may have been secret, nothing stays. */
static void forget_given(struct poll *s)
{
	if (s->decoded.data)
		explicit_bzero(s->decoded.data, s->decoded.n);
	buf_reset(&s->decoded);
	poll_list_free(s->answer);
	s->answer = NULL;
	http_client_release(s->ask.client);
}

static enum source_next poll_next(
	void *source, struct delivery *ret_delivery, struct err *e)
{
	static enum step (*const states[])(
		struct poll * s, struct delivery * delivery, struct err * e) = {
		[STATE_REST] = rest,
		[STATE_LISTING] = listing,
		[STATE_GIVING] = giving,
		[STATE_FETCHING] = fetching,
	};
	static const enum source_next words[] = {
		[STEP_GIVE] = SOURCE_NEXT_OK,
		[STEP_NOTHING] = SOURCE_NEXT_NONE,
		[STEP_ASKED] = SOURCE_NEXT_ASKED,
		[STEP_LATER] = SOURCE_NEXT_LATER,
		[STEP_FAULT] = SOURCE_NEXT_FAULT,
	};
	struct poll *s = source;

	s->ask.pause_ms = 0;
	forget_given(s);
	enum step step = tell(s, e);

	while (step == STEP_ON)
		step = states[s->state](s, ret_delivery, e);
	if (step == STEP_LATER)
		ret_delivery->pause_ms = s->ask.pause_ms;
	return words[step];
}

/* --- the rest of the table ------------------------------------------------------- */

static int poll_fd(void *source)
{
	struct poll *s = source;

	return is_waiting(s) ? s->timer : -1;
}

static int poll_settle(void *source, const struct settled *at, size_t n, struct err *e)
{
	struct poll *s = source;

	(void)e;
	for (size_t i = 0; i < n; i++)
		poll_given_settle(s->given, at[i].handle, s->options->ack_url != NULL);
	return 0;
}

static const char *poll_remark(void *source)
{
	struct poll *s = source;

	free(s->said);
	s->said = STEAL(s->remark);
	return s->said;
}

static int poll_drained(void *source, bool *ret_drained, struct err *e)
{
	const struct poll *s = source;

	(void)e;
	*ret_drained = s->idle && is_waiting(s);
	return 0;
}

/* An orderly end: the peer is told what it can be told in a moment. */
static void tell_last(struct poll *s)
{
	int64_t until = clock_ticks() + CLOSE_MS * INT64_C(1000000);
	enum step step = STEP_ON;
	struct http_done done;
	struct err e;

	while (step == STEP_ON && poll_given_unacked(s->given) &&
		clock_ticks() < until) {
		step = tell(s, &e);
		if (step != STEP_ON)
			break;
		switch (http_client_wait(s->ask.client, POLL_BLINK_MS, &done, &e)) {
		case HTTP_WAIT_DONE:
			if (done.tag != QUESTION)
				step = told(s, &done, &e);
			break;
		case HTTP_WAIT_NONE:
			break;
		case HTTP_WAIT_FAULT:
			return;
		}
	}
}

static void poll_close(void *source)
{
	struct poll *s = source;

	if (!s)
		return;
	if (s->given)
		tell_last(s);
	for (size_t i = 0; i < POLL_TELLING; i++)
		if (s->telling[i])
			poll_given_acked(s->given, s->telling[i]);
	poll_given_free(s->given);
	poll_list_free(s->list);
	poll_list_free(s->answer);
	http_auth_free(s->ask.auth);
	http_client_close(s->ask.client);
	buf_deinit(&s->decoded);
	char *const texts[] = {s->cursor, s->kept, s->owed, s->url, s->next_url,
		s->page_cursor, s->greatest, s->same_url, s->etag, s->modified,
		s->new_etag, s->new_modified, s->remark, s->said};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		free(texts[i]);
	if (s->timer >= 0)
		close(s->timer);
	free(s);
}

static const char *poll_peer(const void *options)
{
	return ((const struct http_poll_options *)options)->peer;
}

/* One list as at the start; what it names is not asked for. */
static int poll_probe(const void *options, char ret_note[PROBE_NOTE], struct err *e)
{
	cleanup(poll) struct poll *s = NULL;
	struct delivery none;
	void *source;

	if (poll_open(options, &source, e) < 0)
		return -1;
	s = source;
	poll_page_begin(s);
	enum step step = ask_page(s, e);

	while (s->state == STATE_LISTING && (step == STEP_ON || step == STEP_ASKED))
		step = listing(s, &none, e);
	if (step != STEP_ON)
		return -1;
	snprintf(ret_note, PROBE_NOTE, "%zu document%s on the first page",
		poll_list_size(s->list), poll_list_size(s->list) == 1 ? "" : "s");
	return 0;
}

const struct source_ops http_poll_source_ops = {
	.type = "http-poll",
	.peer = poll_peer,
	.probe = poll_probe,
	.open = poll_open,
	.close = poll_close,
	.resume = poll_resume,
	.next = poll_next,
	.fd = poll_fd,
	.settle = poll_settle,
	.remark = poll_remark,
	.drained = poll_drained,
};
