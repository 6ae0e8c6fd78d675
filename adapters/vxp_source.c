/*
 * A round looks at both lists, page by page: a page is asked for again once the one
 * before is settled, for what is done leaves the list. One document that cannot be had
 * holds up nobody: it is remarked on and looked for again in the next round.
 */
#include "adapters/vxp_source.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "adapters/vxp_book.h"
#include "gateway/base/mem.h"

enum kind { KIND_DOCUMENT, KIND_STATUS, KINDS };
static const char *const message_types[KINDS] = {"edoc", "status"};

enum {
	UNREADABLE_MOST =
		5, /* then the reply itself is given: it goes into quarantine */
	SETTLE_AT_ONCE = 8,
	CUTS_MOST = 3, /* documents in a row not got across: it is not the document */
	REMARK = 512,
	DATE_TEXT = 16,
};

struct vxp {
	const struct vxp_source_options *options;
	struct vxp_client *client;
	int timer;
	int64_t due;        /* ticks: the next round */
	int64_t not_before; /* ticks: what the axis asked us to wait for */
	unsigned round;
	int listing; /* the kind whose pages are read; KINDS: none */
	bool quiet;  /* the last round found nothing new */
	int cuts;    /* see CUTS_MOST */
	struct vxp_book book;
	struct buf bytes; /* of the last delivery */
	int troubles;     /* in this round */
	char trouble[REMARK], remark[REMARK], remarked[REMARK];
};

static void source_close(void *source)
{
	struct vxp *s = source;

	if (!s)
		return;
	vxp_client_close(s->client);
	if (s->timer >= 0)
		close(s->timer);
	vxp_book_deinit(&s->book);
	buf_deinit(&s->bytes);
	free(s);
}
MEM_CLEANUP(vxp, struct vxp, source_close)

static const char *source_peer(const void *options)
{
	return ((const struct vxp_source_options *)options)->peer.url;
}

static int source_probe(const void *options, char ret_note[PROBE_NOTE], struct err *e)
{
	return vxp_probe(
		&((const struct vxp_source_options *)options)->peer, ret_note, e);
}

static int source_agencies(const void *options, struct buf *ret_list, struct err *e)
{
	const struct vxp_source_options *o = options;

	return vxp_agencies(&o->peer, o->agencies_call, ret_list, e);
}

static int source_open(const void *options, void **ret_source, struct err *e)
{
	const struct vxp_source_options *o = options;
	cleanup(vxp) struct vxp *s = mem_alloc(sizeof(*s));

	s->options = o;
	s->listing = KINDS;
	s->timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	if (s->timer < 0)
		return err_errno(e, "timerfd");
	if (vxp_client_open(&o->peer, &s->client, e) < 0)
		return -1;
	s->bytes = (struct buf){.max = o->peer.http.max_body, .wipe = true};
	*ret_source = STEAL(s);
	return 0;
}

static int source_fd(void *source)
{
	return ((struct vxp *)source)->timer;
}

/* Readable after @ms; 0: at once. */
static void wake_in(struct vxp *s, int64_t ms)
{
	struct itimerspec when = {.it_value = {.tv_sec = (time_t)(ms / 1000),
					  .tv_nsec = ms > 0 ? ms % 1000 * 1000000 : 1}};

	timerfd_settime(s->timer, 0, &when, NULL);
}

/* One document's trouble: the first of a round is told, and how many there were. */
static void note_trouble(struct vxp *s, const char *doc_id, const struct err *e)
{
	if (!s->troubles++)
		snprintf(s->trouble, sizeof(s->trouble), "%s: %.400s",
			doc_id ? doc_id
			       : "an entry of the list has no docId that could "
				 "be asked for",
			e ? e->text : "it is passed over");
}

static const char *source_remark(void *source)
{
	struct vxp *s = source;

	if (!*s->remark)
		return NULL;
	memcpy(s->remarked, s->remark, sizeof(s->remark));
	*s->remark = '\0';
	return s->remarked;
}

/* At the end of a round: what was not said before. */
static void end_round(struct vxp *s)
{
	char words[REMARK] = "";

	s->listing = KINDS;
	if (s->troubles > 1)
		snprintf(words, sizeof(words), "%d documents cannot be had; %.400s",
			s->troubles, s->trouble);
	else if (s->troubles)
		snprintf(words, sizeof(words), "%s", s->trouble);
	if (strcmp(words, s->remarked) != 0)
		memcpy(s->remark, words, sizeof(words));
	if (!*words)
		*s->remarked = '\0';
	s->troubles = 0;
}

/* ---- The lists */

static const char *since(const struct vxp *s, char out[DATE_TEXT])
{
	int year, month, mday;

	day_split(day_of(clock_now()) - s->options->since_days, &year, &month, &mday);
	snprintf(out, DATE_TEXT, "%04d/%02d/%02d", year, month, mday);
	return out;
}

/* What stays on the list must not fill the page. */
static size_t page_size(const struct vxp *s)
{
	size_t n = (size_t)s->options->page_size;

	for (size_t i = 0; i < s->book.n; i++)
		n += s->book.at[i].kind == s->listing;
	return n;
}

static enum vxp_verdict ask_list(struct vxp *s, struct arena *arena,
	vxp_entries *ret_list, int64_t *ret_retry_ms, struct err *e)
{
	const struct vxp_source_options *o = s->options;
	char date[DATE_TEXT];
	struct vxp_param params[VXP_PARAMS_MOST] = {
		{"servicetype", "eDoc"}, {"messagetype", message_types[s->listing]}};
	size_t n = 2;
	struct http_response response = {0};

	if (o->since_days)
		params[n++] = (struct vxp_param){"fromDate", since(s, date)};
	if (o->to_n)
		params[n++] = (struct vxp_param){"to", vxp_list(arena, o->to, o->to_n)};
	params[n++] = (struct vxp_param){
		"pageSize", arena_printf(arena, "%zu", page_size(s))};
	const struct vxp_call call = {.name = "getReceivedEdocList",
		.params = params,
		.params_n = n,
		.content_type = "application/x-www-form-urlencoded",
		.body = {"", 0}};
	enum vxp_verdict verdict = vxp_client_do(s->client, &call, &response, e);

	*ret_retry_ms = verdict == VXP_LATER ? response.retry_after_ms : -1;
	if (verdict != VXP_OK)
		return verdict;
	verdict = vxp_verdict_of(vxp_reply_list(arena, response.body, ret_list, e));
	if (verdict != VXP_OK)
		err_wrap(e, "%s: getReceivedEdocList", response.where);
	return verdict;
}

static int tell_done(
	struct vxp *s, struct vxp_paper *const *papers, size_t n, struct err *e);

/* An entry of the list; true if it is new. */
static bool take_entry(struct vxp *s, const char *doc_id)
{
	struct vxp_paper *paper = doc_id ? vxp_book_find(&s->book, doc_id) : NULL;

	if (!doc_id) {
		note_trouble(s, NULL, NULL);
		return false;
	}
	if (!paper) {
		vxp_book_add(&s->book, doc_id, s->listing)->round = s->round;
		return true;
	}
	paper->listed = true;
	if (paper->stand == VXP_STUCK && paper->round != s->round)
		paper->stand = VXP_WAITS;
	return paper->stand == VXP_WAITS;
}

/* Listed though they are settled: the axis is told once more, and nothing is fetched.
 */
static int repeat_done(struct vxp *s, struct arena *arena, struct err *e)
{
	LIST_OF(struct vxp_paper *) again = {0};

	for (size_t i = 0; i < s->book.n; i++) {
		struct vxp_paper *paper = &s->book.at[i];

		if (paper->stand != VXP_SETTLED || !paper->listed ||
			paper->round == s->round)
			continue;
		paper->round = s->round;
		*LIST_ADD(arena, &again) = paper;
	}
	return tell_done(s, again.at, again.n, e);
}

/* One page of the list being read. 0: *@ret_new tells how many are to be fetched. */
static int read_page(struct vxp *s, size_t *ret_new, struct err *e)
{
	cleanup_arena struct arena arena = {0};
	vxp_entries list = {0};
	int64_t retry_ms;
	enum vxp_verdict verdict = ask_list(s, &arena, &list, &retry_ms, e);

	*ret_new = 0;
	if (retry_ms >= 0) { /* it said when: no fault, but a later round */
		note_trouble(s, "the list", e);
		end_round(s);
		s->quiet = false;
		s->due = s->not_before = clock_ticks() + retry_ms * 1000000;
		return 0;
	}
	if (verdict != VXP_OK)
		return -1;
	bool whole = list.n < page_size(s);

	vxp_book_unlist(&s->book, s->listing);
	for (size_t i = 0; i < list.n; i++)
		*ret_new += take_entry(s, list.at[i].doc_id);
	if (whole)
		vxp_book_forget(&s->book, s->listing);
	s->quiet &= *ret_new == 0;
	int result = repeat_done(s, &arena, e);

	/* Asked again as long as there is something new: nobody says how many entries
	 * the axis gives at most. */
	if (!*ret_new && ++s->listing == KINDS)
		end_round(s);
	return result;
}

/* ---- One document */

static enum vxp_verdict fetch(struct vxp *s, const char *doc_id,
	struct http_response *response, struct err *e)
{
	const struct vxp_param params[] = {{"docId", doc_id}};
	bool get = s->options->download;
	const struct vxp_call call = {.name = get ? "downloadEdoc" : "getEdoc",
		.get = get,
		.params = params,
		.params_n = 1,
		.content_type = get ? NULL : "application/json",
		.body = {get ? NULL : "{}", get ? 0 : 2}};

	return vxp_client_do(s->client, &call, response, e);
}

/* X1: what was given last may have been secret. */
static void wipe(struct vxp *s)
{
	if (s->bytes.data)
		explicit_bzero(s->bytes.data, s->bytes.cap);
	buf_reset(&s->bytes);
}

static void keep_bytes(struct vxp *s, struct slice bytes)
{
	buf_reset(&s->bytes);
	buf_add(&s->bytes, bytes.at, bytes.n);
}

/* What came as the document's bytes. What the axis calls good and is none is given as
 * it came: the ledger sets it aside whole. */
static enum vxp_verdict take_bytes(struct vxp *s, struct vxp_paper *paper,
	const struct http_response *response, struct err *e)
{
	bool whole = true;
	enum vxp_reply reply;

	wipe(s);
	if (s->options->download) {
		keep_bytes(s, response->body);
		if (!response->body.n || *response->body.at != '{')
			return VXP_OK;
		reply = vxp_reply_read(response->body, e);
		return reply == VXP_REPLY_FAIL ? VXP_FAIL : VXP_OK;
	}
	reply = vxp_reply_file(response->body, &s->bytes, &whole, e);
	if (reply == VXP_REPLY_UNREADABLE && ++paper->failures >= UNREADABLE_MOST)
		whole = false;
	if (!whole) {
		keep_bytes(s, response->body);
		return VXP_OK;
	}
	return vxp_verdict_of(reply);
}

/* Fetch @paper. NONE: not this one, but there may be others. */
static enum source_next give(struct vxp *s, struct vxp_paper *paper,
	struct delivery *ret_delivery, struct err *e)
{
	struct http_response response = {0};
	enum vxp_verdict verdict = fetch(s, paper->doc_id, &response, e);

	if (verdict == VXP_OK)
		verdict = take_bytes(s, paper, &response, e);
	s->cuts = verdict == VXP_FAULT ? s->cuts + 1 : 0;
	if (s->cuts == CUTS_MOST)
		return SOURCE_NEXT_FAULT;
	if (verdict != VXP_OK) {
		note_trouble(s, paper->doc_id, e);
		paper->round = s->round;
		if (verdict == VXP_LATER && response.retry_after_ms > 0)
			s->not_before =
				clock_ticks() + response.retry_after_ms * 1000000;
		else
			paper->stand =
				verdict == VXP_TOO_LONG ? VXP_TOO_BIG : VXP_STUCK;
		return SOURCE_NEXT_NONE;
	}
	paper->stand = VXP_GIVEN;
	*ret_delivery = (struct delivery){.handle = paper->handle,
		.bytes = {buf_text(&s->bytes), s->bytes.n},
		.fd = -1,
		.origin = paper->doc_id};
	return SOURCE_NEXT_OK;
}

static bool may_read_page(const struct vxp *s)
{
	return s->listing < KINDS && !vxp_book_count(&s->book, VXP_WAITS) &&
	       !vxp_book_count(&s->book, VXP_GIVEN);
}

static void begin_round(struct vxp *s)
{
	s->round++;
	s->listing = KIND_DOCUMENT;
	s->quiet = true;
	s->due = clock_ticks() + (int64_t)s->options->interval_ms * 1000000;
}

/* What is next to do, done; NONE: nothing now. */
static enum source_next go_on(
	struct vxp *s, struct delivery *ret_delivery, struct err *e)
{
	size_t new_n;

	if (clock_ticks() < s->not_before)
		return SOURCE_NEXT_NONE;
	if (s->listing == KINDS && clock_ticks() >= s->due)
		begin_round(s);
	if (may_read_page(s) && read_page(s, &new_n, e) < 0)
		return SOURCE_NEXT_FAULT;
	struct vxp_paper *paper = vxp_book_first(&s->book, VXP_WAITS);

	return paper ? give(s, paper, ret_delivery, e) : SOURCE_NEXT_NONE;
}

/* When next() may have something, unless a settlement comes before. */
static void wind_up(struct vxp *s)
{
	bool more = may_read_page(s) || vxp_book_first(&s->book, VXP_WAITS);
	int64_t at = s->listing < KINDS || more ? 0 : s->due;
	int64_t left_ms;

	if (s->not_before > at)
		at = s->not_before;
	left_ms = (at - clock_ticks()) / 1000000 + 1;
	if (more || s->listing == KINDS)
		wake_in(s, left_ms > 0 ? left_ms : 0);
}

static enum source_next source_next(
	void *source, struct delivery *ret_delivery, struct err *e)
{
	struct vxp *s = source;
	uint64_t expired;

	/* Only whether it fired; the clock says what is due. */
	if (read(s->timer, &expired, sizeof(expired)) < 0 && errno != EAGAIN) {
		err_errno(e, "timerfd");
		return SOURCE_NEXT_FAULT;
	}
	enum source_next result = go_on(s, ret_delivery, e);

	if (result == SOURCE_NEXT_NONE)
		wind_up(s);
	return result;
}

/* ---- After the commit */

static struct vxp_call done_call(struct vxp_param params[2], const char *doc_id)
{
	params[0] = (struct vxp_param){"docId", doc_id};
	params[1] = (struct vxp_param){"status", "done"};
	return (struct vxp_call){.name = "updateStatus",
		.params = params,
		.params_n = 2,
		.content_type = "application/json",
		.body = {"{}", 2}};
}

/* One of those under way has come back. What the axis did not take it is told again
 * when it lists it again: the document is not lost, the ledger has it. *@ret_cut: it
 * did not even answer. */
static int take_done(struct vxp *s, bool *ret_cut, struct err *e)
{
	struct vxp_done done;

	switch (vxp_client_wait(s->client, "updateStatus",
		s->options->peer.http.total_timeout_ms + 1000, &done, e)) {
	case HTTP_WAIT_FAULT:
		return -1;
	case HTTP_WAIT_NONE:
		return err_set(e, ERR_UNAVAILABLE, "updateStatus: no answer");
	case HTTP_WAIT_DONE:
		break;
	}
	const struct vxp_paper *paper = vxp_book_find_handle(&s->book, done.tag);

	if (done.verdict == VXP_OK) {
		done.verdict =
			vxp_verdict_of(vxp_reply_read(done.response.body, &done.why));
		if (done.verdict != VXP_OK)
			err_wrap(&done.why, "%s: updateStatus", done.response.where);
	}
	if (done.verdict != VXP_OK)
		note_trouble(s, paper ? paper->doc_id : "updateStatus", &done.why);
	*ret_cut |= done.verdict == VXP_FAULT;
	return 0;
}

static int tell_done(
	struct vxp *s, struct vxp_paper *const *papers, size_t n, struct err *e)
{
	struct vxp_param params[2];
	bool cut = false;

	for (size_t i = 0; i < n && !cut; i++) {
		const struct vxp_call call = done_call(params, papers[i]->doc_id);

		if (vxp_client_start(s->client, &call, papers[i]->handle, e) < 0)
			return -1;
		if (vxp_client_in_flight(s->client) >= SETTLE_AT_ONCE &&
			take_done(s, &cut, e) < 0)
			return -1;
	}
	while (vxp_client_in_flight(s->client))
		if (take_done(s, &cut, e) < 0)
			return -1;
	return 0;
}

static int source_settle(
	void *source, const struct settled *at, size_t n, struct err *e)
{
	cleanup_arena struct arena arena = {0};
	struct vxp *s = source;
	LIST_OF(struct vxp_paper *) papers = {0};

	for (size_t i = 0; i < n; i++) {
		struct vxp_paper *paper = vxp_book_find_handle(&s->book, at[i].handle);

		if (!paper)
			return err_set(e, ERR_BUG, "settled what was never given");
		paper->stand = VXP_SETTLED;
		paper->round = s->round;
		*LIST_ADD(&arena, &papers) = paper;
		/* X1; the intake has read it long ago. */
		if (at[i].how == SETTLEMENT_RESTRICTED)
			wipe(s);
	}
	return tell_done(s, papers.at, papers.n, e);
}

/* A round that was begun after everything was settled, and found nothing. */
static int source_drained(void *source, bool *ret_drained, struct err *e)
{
	struct vxp *s = source;

	(void)e;
	*ret_drained = s->quiet && s->listing == KINDS && s->round &&
		       !vxp_book_count(&s->book, VXP_WAITS);
	if (!*ret_drained && s->listing == KINDS)
		s->due = 0;
	return 0;
}

const struct source_ops vxp_source_ops = {
	.type = "vxp",
	.peer = source_peer,
	.probe = source_probe,
	.open = source_open,
	.close = source_close,
	.next = source_next,
	.fd = source_fd,
	.settle = source_settle,
	.remark = source_remark,
	.agencies = source_agencies,
	.drained = source_drained,
};
