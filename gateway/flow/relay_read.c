/* From the outbox to the sink: what is new, and what waited and may go. */
#include <string.h>

#include "gateway/base/text.h"
#include "gateway/flow/cloudevent.h"
#include "gateway/flow/relay_parts.h"

/* At a time, so that confirmations are seen in between. */
enum { READ_ROWS = 500 };

/* So many events may be under way now. */
static int limit_now(struct relay *r)
{
	if (learned_count(r->learned) >= LEARNED_MAX)
		return 0;
	return breaker_room(&r->breaker, clock_ticks(), r->options.window);
}

/* Hand the parcel over as @letter. */
static int send_letter(struct relay *r, struct parcel *parcel,
	const struct letter *letter, const char *known_as)
{
	const char *fresh =
		learned_find(r->learned, letter->subject ? letter->subject : "");
	uint64_t number;
	struct sink_event event = {
		.id = letter->event_id,
		.name = letter->name,
		.subject = letter->subject,
		.key = letter->key,
		.traceparent = letter->traceparent,
		.known_as = fresh ? fresh : known_as,
		.body = letter->body,
	};

	parcel->known_as = event.known_as ? text_hash(TEXT_HASH_SEED, event.known_as,
						    strlen(event.known_as))
					  : 0;
	if (r->options.sink->ops->send(r->sink, &event, &number, &r->fault) < 0)
		return -1;
	parcels_sent(r->parcels, parcel, number);
	return 0;
}

/* The row of the parcel that is being sent. */
static int send_row(void *context, const struct outbox_row *row)
{
	struct relay *r = context;

	r->found = true;
	buf_reset(&r->body);
	buf_reset(&r->key);
	cloudevent_write(&r->body, r->options.ledger->site, row);
	cloudevent_write_key(&r->key, row);
	struct letter letter = {
		.event_id = row->event_id,
		.name = row->name,
		.subject = row->subject,
		.key = buf_text(&r->key),
		.traceparent = row->traceparent,
		.body = {buf_text(&r->body), r->body.n},
	};

	return send_letter(r, r->sending, &letter, row->known_as);
}

/* A row put off in an earlier life is not due before its time. Where the clock was set
 * back since, the pause it was given counts from now; none is longer than a receiver
 * may ask for. */
static int64_t due_of(const struct relay *r, const struct outbox_row *row)
{
	msec_t now = relay_now(r);
	msec_t limit = r->delivery.retry_limit_ms > r->delivery.retry_after_limit_ms
			       ? r->delivery.retry_limit_ms
			       : r->delivery.retry_after_limit_ms;

	if (row->next_attempt_at == MSEC_NONE)
		return 0;
	bool set_back = row->last_attempt_at != MSEC_NONE && row->last_attempt_at > now;
	msec_t left = row->next_attempt_at - (set_back ? row->last_attempt_at : now);

	if (left > limit)
		left = limit;
	return left > 0 ? clock_ticks() + left * 1000000 : 0;
}

static void recall(struct relay *r, struct parcel *parcel, const struct outbox_row *row)
{
	int64_t due = due_of(r, row);

	parcels_recall(parcel, row->attempts, due);
	/* The clock was set back: its days (give_up_days) count from now. */
	if (parcel->first_attempt_at > relay_now(r))
		parcel->first_attempt_at = relay_now(r);
	/* relay_send_waiting, which says when something may go, did not know it. */
	if (due < r->due)
		r->due = due;
}

static int meet_row(void *context, const struct outbox_row *row)
{
	struct relay *r = context;

	r->met++;
	if (!r->fetching && row->id > r->place.row)
		r->place.row = row->id;
	if (r->fetching)
		r->again = row->id;
	else if (row->again && r->options.tail)
		return 0; /* it is fetched */
	struct parcel *parcel = parcels_add(r->parcels, row->id, row->subject);

	parcel->first_attempt_at = row->first_attempt_at;
	if (row->attempts)
		recall(r, parcel, row);
	if (!parcels_may_go(r->parcels, parcel, clock_ticks()) ||
		!parcels_can_send(r->parcels, limit_now(r)))
		return 0;
	r->sending = parcel;
	return send_row(r, row);
}

/* A walk's own fault, or that of the sink in it. */
static int walked(struct relay *r, int result, struct err *e)
{
	if (r->fault.code)
		*e = r->fault;
	return r->fault.code ? -1 : result;
}

/* Those that wait and may go, oldest first. */
int relay_send_waiting(struct relay *r, struct err *e)
{
	struct parcel *last = NULL, *at;
	int64_t now = clock_ticks();

	r->due = INT64_MAX;
	while (parcels_count(r->parcels) > parcels_flying(r->parcels) &&
		parcels_can_send(r->parcels, limit_now(r))) {
		at = parcels_next(r->parcels, last, now, &r->due);
		if (!at)
			break;
		r->sending = at;
		r->found = false;
		r->fault = (struct err){0};
		if (walked(r, ledger_view_outbox_row(r->view, at->row, send_row, r, e),
			    e) < 0)
			return -1;
		last = r->found ? at : at->before;
		if (!r->found)
			parcels_remove(r->parcels, at);
	}
	return 0;
}

/* How many new rows there is room for. */
static int room(struct relay *r)
{
	int flights = limit_now(r) - parcels_flying(r->parcels);
	int least = parcels_room(r->parcels);

	least = flights < least ? flights : least;
	return least < READ_ROWS ? least : READ_ROWS;
}

/* Is it worth looking for new rows? *@ret_elsewhere: only because of others' commits,
 * which nobody tells of. */
static bool is_time_to_look(struct relay *r, bool *ret_elsewhere)
{
	int64_t now = clock_ticks();

	r->look |= atomic_exchange(&r->stirred, false);
	*ret_elsewhere = now - r->looked >= (int64_t)RELAY_ELSEWHERE_MS * 1000000;
	if (*ret_elsewhere)
		r->looked = now;
	return r->look || *ret_elsewhere;
}

/* From the ledger itself. */
static int read_ledger(struct relay *r, int limit, struct err *e)
{
	/* Asked first: what is committed during the read is read the next time. */
	uint64_t end = r->options.tail ? tail_end(r->options.tail) : 0;

	r->met = 0;
	r->fault = (struct err){0};
	if (walked(r,
		    ledger_view_outbox(r->view, r->options.sink->name, r->place.row,
			    limit, meet_row, r, e),
		    e) < 0)
		return -1;
	r->more = r->look = r->met == limit;
	if (!r->more)
		r->place.position = end;
	return 0;
}

/* Dead letters that somebody put back. */
static int fetch_again(struct relay *r, int limit, struct err *e)
{
	r->fetching = true;
	r->met = 0;
	r->fault = (struct err){0};
	int result = walked(r,
		ledger_view_outbox_again(r->view, r->options.sink->name, r->again,
			limit, meet_row, r, e),
		e);

	r->fetching = false;
	if (result < 0)
		return -1;
	if (r->met < limit)
		r->again = r->put_back;
	r->more = r->look = true;
	return 0;
}

static int meet_letter(struct relay *r, const struct tail_row *row, struct err *e)
{
	const struct letter *letter = row->letter;
	struct parcel *parcel = parcels_add(r->parcels, row->id, letter->subject);
	const char *known_as = NULL;

	if (!parcels_may_go(r->parcels, parcel, clock_ticks()) ||
		!parcels_can_send(r->parcels, limit_now(r)))
		return 0;
	if (r->taught && letter->subject &&
		ledger_view_known_as(
			r->view, r->sink_id, letter->subject, &known_as, e) < 0)
		return -1;
	r->fault = (struct err){0};
	return walked(r, send_letter(r, parcel, letter, known_as), e);
}

/* What was read for all sinks. */
static int read_tail(struct relay *r, int limit, bool elsewhere, struct err *e)
{
	struct tail_row rows[READ_ROWS];
	int n, result = 0;

	switch (tail_take(r->options.tail, r->sink_id, &r->place, limit, elsewhere,
		rows, &n, &r->put_back, e)) {
	case TAIL_FAULT:
		return -1;
	case TAIL_BEHIND:
		return read_ledger(r, limit, e);
	case TAIL_OK:
		break;
	}
	r->more = r->look = n == limit;
	/* After a fault those behind wait with the others. */
	for (int i = 0; i < n; i++) {
		if (result == 0)
			result = meet_letter(r, &rows[i], e);
		else
			parcels_add(r->parcels, rows[i].id, rows[i].letter->subject);
	}
	tail_give_back(r->options.tail, rows, n);
	return result;
}

static int read_shared(struct relay *r, int limit, bool elsewhere, struct err *e)
{
	if (r->put_back > r->again)
		return fetch_again(r, limit, e);
	if (read_tail(r, limit, elsewhere, e) < 0)
		return -1;
	if (r->put_back > r->again)
		r->more = r->look = true;
	return 0;
}

int relay_read_new(struct relay *r, struct err *e)
{
	int limit = room(r);
	bool elsewhere;

	r->more = false;
	if (limit <= 0 || !parcels_can_send(r->parcels, limit_now(r)) ||
		!is_time_to_look(r, &elsewhere))
		return 0;
	if (r->options.tail && r->sink_id)
		return read_shared(r, limit, elsewhere, e);
	return read_ledger(r, limit, e);
}
