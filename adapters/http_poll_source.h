/*
 * Documents from an e-office that is asked for them over HTTP: a list from time to
 * time, then each document on it (or out of it), and after the commit a word back to
 * the peer where it wants one.
 *
 * What was given once is not given again while the source is open; the cursor, where
 * there is one, is kept by the ledger with the events it covers, so that after a
 * restart the list begins there. Nothing is passed over: a document that cannot be had
 * now is asked for again with the next list, and holds back the cursor, but not the
 * others.
 */
#pragma once

#include "adapters/adapter.h"
#include "adapters/http_auth.h"
#include "adapters/http_client.h"
#include "adapters/poll_list.h"

enum poll_paging {
	POLL_PAGING_NONE,
	POLL_PAGING_NEXT,  /* the answer has the next page's URL, or its name for {page}
			    */
	POLL_PAGING_LINK,  /* the header Link has it, rel="next" (RFC 8288) */
	POLL_PAGING_NUMBER /* {page} counts until a page is empty */
};

enum poll_cursor {
	POLL_CURSOR_NONE,
	POLL_CURSOR_LIST,  /* a text of the answer: {cursor} of the next one */
	POLL_CURSOR_ITEMS, /* the greatest text of the items */
	POLL_CURSOR_DAY    /* the day of the last whole list: {since} */
};

enum poll_since { POLL_SINCE_ISO, POLL_SINCE_DAY_FIRST, POLL_SINCE_COMPACT };

/* Borrowed; outlives the source. Texts may be NULL where that makes sense. */
struct http_poll_options {
	const char *peer; /* for people: scheme, host and port of the list */
	struct http_client_options client;
	struct http_auth_options auth;
	const struct http_header *headers; /* sent with every request */
	size_t headers_n;
	int interval_s; /* between two lists, the last of which brought nothing */

	const char *list_url; /* {cursor} {since} {page} */
	struct poll_list_paths list;
	enum poll_paging paging;
	const char *next; /* POLL_PAGING_NEXT: the path of it */
	int first_page;
	enum poll_cursor cursor;
	const char *cursor_path; /* in the answer or in an item */
	const char *start;       /* before the first; a day for POLL_CURSOR_DAY */
	enum poll_since since;   /* how {since} is written */
	int overlap_days;        /* {since} is so much earlier */

	const char
		*document_url; /* {id}; NULL: the next one, or it stands in the item */
	const char *document_link; /* the path of its URL in the item */
	const char *document_path; /* of its text in that answer, or in the item */
	bool base64;               /* that text is */

	const char *ack_method, *ack_url, *ack_body; /* {id}; url NULL: none */
	const char *ack_type;                        /* of the body */
};

extern const struct source_ops http_poll_source_ops;
