/* What the files http_poll_*.c share; nobody else's. */
#pragma once

#include "adapters/http_poll_source.h"

enum { POLL_BLINK_MS = 100 }; /* how long next() waits for an answer */

/* --- http_poll_ask.c: requests and what their answers are worth. */

enum poll_answer {
	POLL_ANSWER_GOOD,
	POLL_ANSWER_AGAIN,   /* 401, but with a new token: ask the same once more */
	POLL_ANSWER_SAME,    /* 304 */
	POLL_ANSWER_REFUSED, /* not this way, and not if it is asked again: @e says why
			      */
	POLL_ANSWER_GONE,    /* never: @e says why */
	POLL_ANSWER_TROUBLE  /* not now: @e says why */
};

struct poll_ask {
	const struct http_poll_options *options;
	struct http_client *client;
	struct http_auth *auth;
	int pause_ms; /* what the last trouble asked for; 0: nothing */
};

/* Send it off; what is NULL is not there. -1: @e; nothing is in flight. */
struct poll_request {
	const char *method, *url, *body, *body_type;
	const char *etag, *last_modified; /* of what we have */
};
int poll_ask_start(struct poll_ask *a, const struct poll_request *request, uint64_t tag,
	struct err *e);

/* What @done is worth. Fills @e with words, for SAME and GOOD too nothing. */
enum poll_answer poll_ask_judge(
	struct poll_ask *a, const struct http_done *done, struct err *e);

/* The URL behind rel="next" of the answer's Link headers, appended; false: none. */
bool poll_ask_link(const struct http_response *response, struct buf *ret_url);

/* --- http_poll_given.c: what was given, and what the peer is still to be told. */

struct poll_given;

struct poll_given *poll_given_new(void);
void poll_given_free(struct poll_given *g);

/* A list begins; one has ended whole: what it did not name is forgotten. */
void poll_given_begin(struct poll_given *g);
void poll_given_end(struct poll_given *g);

/* Is this document new? Either way it was named by the list of now. */
bool poll_given_is_new(struct poll_given *g, const char *id, const char *version);

/* It is given: a handle for its delivery. */
uint64_t poll_given_add(struct poll_given *g, const char *id, const char *version);

/* It is committed. With @acks the peer is to be told. */
void poll_given_settle(struct poll_given *g, uint64_t handle, bool acks);
size_t poll_given_unsettled(const struct poll_given *g);

/* The next one the peer is to be told of, NULL: none that is not under way. */
struct poll_ack *poll_given_take_ack(struct poll_given *g);
const char *poll_ack_id(const struct poll_ack *ack);
/* It was told of, or need not be; or is to be told later, after the others. */
void poll_given_acked(struct poll_given *g, struct poll_ack *ack);
void poll_given_put_back(struct poll_given *g, struct poll_ack *ack);
size_t poll_given_unacked(const struct poll_given *g); /* those under way too */

/* --- http_poll_page.c: one list, page by page, and how far it brings the cursor. */

enum { POLL_TELLING = 8 }; /* acknowledgements under way at a time */

struct poll {
	const struct http_poll_options *options;
	struct poll_ask ask;
	struct poll_given *given;
	struct poll_ack *telling[POLL_TELLING]; /* under way; NULL: free */
	int timer;
	int state;
	int64_t due;   /* clock_ticks of the next list */
	bool idle;     /* the last list was whole and brought nothing */
	bool ever_got; /* a document came from there: an address that works */

	char *cursor; /* where the next list begins; NULL: at the start */
	char *kept;   /* the last one that went with a delivery, or came from the ledger
		       */
	char *owed;   /* goes with the next delivery; NULL: none */

	/* The list of now. */
	char *url;         /* of the page */
	char *next_url;    /* of the one after it; NULL: none */
	char *page_cursor; /* what the page says; NULL: nothing */
	char *greatest;    /* of the items so far; NULL: none */
	day_t began;
	int page, pages;
	size_t gave;
	bool incomplete; /* a document on it could not be had */
	struct poll_list *list;
	size_t at, last_new; /* the item of now; the last one that is new */

	/* What the first page of the last whole list of one page was. */
	char *same_url, *etag, *modified;
	char *new_etag, *new_modified; /* of the page of now */

	/* What a person should know; on its way out, and told. */
	char *remark, *said;

	/* Of the delivery. */
	struct poll_list *answer;
	struct buf decoded;
};

/* Take a copy of @text (may be NULL) in the place of what was there. */
void poll_keep(char **at, const char *text);

/* Where the list begins, and what then goes with the next delivery. */
void poll_page_begin(struct poll *s);

/* The page that @r is: read it and find the next one. -1: no list as documented. */
int poll_page_take(struct poll *s, const struct http_response *r, struct err *e);

/* The page is given. True: there is another one, now in s->url. -1: @e. */
int poll_page_turn(struct poll *s, bool *ret_more, struct err *e);

/* The list is given: move the cursor, unless something is missing. */
void poll_page_end(struct poll *s);

/* The cursor that may go with the item of now, NULL: none. It is as good as kept. */
const char *poll_page_cursor(struct poll *s);

/* --- http_poll_document.c: a document out of an item or an answer. */

struct poll_document {
	struct slice bytes;
	const char *refused; /* see struct delivery */
};

/* The URL of the item of now, appended; -1: it is given as refused for @ret_why. */
int poll_document_url(struct poll *s, struct buf *ret_url, const char **ret_why);

/* Out of the item itself, or (@body) out of the answer. -1: not now, @e. */
int poll_document_take(struct poll *s, const struct http_response *r,
	struct poll_document *ret_document, struct err *e);
