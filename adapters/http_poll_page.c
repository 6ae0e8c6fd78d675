/*
 * Pages and cursors. A cursor goes with the last new document it covers: of its page if
 * the answer gave it, of the whole list if it was made of all items or of the day.
 * Where that document cannot be known (pages that are counted until one is empty), or
 * the peer is first to be told of each, it goes with the first document of the next
 * list; until then a restart lists the same once more.
 */
#include "adapters/http_poll.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/fill.h"
#include "adapters/http_url.h"
#include "gateway/base/mem.h"

enum { MOST_PAGES = 10000, PAGE_TEXT = 16 };

void poll_keep(char **at, const char *text)
{
	char *copy = mem_dup(text);

	free(*at);
	*at = copy;
}

/* The day of {since}: that of the cursor, and some earlier. */
static void since_text(const struct poll *s, char out[DAY_TEXT])
{
	day_t day = day_parse(s->cursor ? s->cursor : s->options->start);
	int year, month, mday;

	out[0] = '\0';
	if (day == DAY_NONE)
		return;
	day_split(day - s->options->overlap_days, &year, &month, &mday);
	switch (s->options->since) {
	case POLL_SINCE_ISO:
		snprintf(out, DAY_TEXT, "%04d-%02d-%02d", year, month, mday);
		break;
	case POLL_SINCE_DAY_FIRST:
		snprintf(out, DAY_TEXT, "%02d/%02d/%04d", mday, month, year);
		break;
	case POLL_SINCE_COMPACT:
		snprintf(out, DAY_TEXT, "%04d%02d%02d", year, month, mday);
		break;
	}
}

static void write_url(struct poll *s, const char *page, char **ret_url)
{
	const char *start = s->options->start;
	cleanup_buf struct buf url = {0};
	char since[DAY_TEXT];

	since_text(s, since);
	const struct fill_value values[] = {
		{"cursor", s->cursor ? s->cursor : start},
		{"since", since},
		{"page", page},
	};

	fill_template(s->options->list_url, values, 3, FILL_URL, &url);
	poll_keep(ret_url, buf_text(&url));
}

/* {page} as a number, where pages are counted. */
static const char *page_text(const struct poll *s, char out[PAGE_TEXT])
{
	out[0] = '\0';
	if (s->options->paging == POLL_PAGING_NUMBER)
		snprintf(out, PAGE_TEXT, "%d", s->page);
	return out;
}

void poll_page_begin(struct poll *s)
{
	bool is_news = s->cursor && (!s->kept || strcmp(s->cursor, s->kept) != 0);
	char page[PAGE_TEXT];

	poll_given_begin(s->given);
	poll_keep(&s->owed, is_news ? s->cursor : NULL);
	poll_keep(&s->greatest, NULL);
	s->began = day_of(clock_now());
	s->page = s->options->first_page;
	s->pages = 0;
	s->gave = 0;
	s->incomplete = false;
	write_url(s, page_text(s, page), &s->url);
}

/* --- the next page --------------------------------------------------------------- */

/* @reference as a URL of the same place: our credentials go nowhere else. */
static int resolve(struct poll *s, const char *reference, struct err *e)
{
	cleanup_buf struct buf url = {0};

	if (!http_url_resolve(s->url, reference, &url) ||
		!http_url_same_origin(s->url, buf_text(&url)))
		return err_set(
			e, ERR_UNAVAILABLE, "its next page is not on the same host");
	poll_keep(&s->next_url, buf_text(&url));
	return 0;
}

static bool looks_like_url(const char *text)
{
	return text[0] == '/' || text[0] == '?' || strstr(text, "://");
}

static int find_next(struct poll *s, const struct http_response *r, struct err *e)
{
	cleanup_buf struct buf link = {0};
	const char *text;
	char page[PAGE_TEXT];

	poll_keep(&s->next_url, NULL);
	switch (s->options->paging) {
	case POLL_PAGING_NONE:
		break;
	case POLL_PAGING_NEXT:
		text = poll_list_text(s->list, s->options->next);
		if (text && looks_like_url(text))
			return resolve(s, text, e);
		if (text && *text)
			write_url(s, text, &s->next_url);
		break;
	case POLL_PAGING_LINK:
		if (poll_ask_link(r, &link))
			return resolve(s, buf_text(&link), e);
		break;
	case POLL_PAGING_NUMBER:
		s->page++;
		if (poll_list_size(s->list))
			write_url(s, page_text(s, page), &s->next_url);
		break;
	}
	return 0;
}

int poll_page_turn(struct poll *s, bool *ret_more, struct err *e)
{
	*ret_more = s->next_url != NULL;
	if (s->options->cursor == POLL_CURSOR_LIST && s->page_cursor && !s->incomplete)
		poll_keep(&s->cursor, s->page_cursor);
	if (!*ret_more)
		return 0;
	if (++s->pages == MOST_PAGES || !strcmp(s->url, s->next_url))
		return err_set(e, ERR_UNAVAILABLE,
			s->pages == MOST_PAGES ? "the list has no end"
					       : "a page of the list is its own next");
	free(s->url);
	s->url = STEAL(s->next_url);
	return 0;
}

/* --- cursors --------------------------------------------------------------------- */

static bool is_number(const char *text)
{
	return *text && !text[strspn(text, "0123456789")];
}

static const char *without_zeros(const char *number)
{
	return number + strspn(number, "0");
}

/* Numbers as numbers, however long; everything else (dates, ULIDs) by its bytes. */
static bool is_greater(const char *one, const char *other)
{
	if (!is_number(one) || !is_number(other))
		return strcmp(one, other) > 0;
	one = without_zeros(one);
	other = without_zeros(other);
	if (strlen(one) != strlen(other))
		return strlen(one) > strlen(other);
	return strcmp(one, other) > 0;
}

static int find_greatest(struct poll *s, struct err *e)
{
	for (size_t i = 0; i < poll_list_size(s->list); i++) {
		const char *text = poll_item_text(s->list, i, s->options->cursor_path);

		if (!text || !*text)
			return err_set(e, ERR_UNAVAILABLE,
				"the %zu. document has nothing at %s", i + 1,
				s->options->cursor_path);
		if (!s->greatest || is_greater(text, s->greatest))
			poll_keep(&s->greatest, text);
	}
	return 0;
}

static int find_cursor(struct poll *s, struct err *e)
{
	const char *text = NULL;

	if (s->options->cursor == POLL_CURSOR_ITEMS)
		return find_greatest(s, e);
	if (s->options->cursor == POLL_CURSOR_LIST)
		text = poll_list_text(s->list, s->options->cursor_path);
	poll_keep(&s->page_cursor, text && *text ? text : NULL);
	return 0;
}

static void find_last_new(struct poll *s)
{
	const struct poll_list_paths *paths = &s->options->list;

	s->at = 0;
	s->last_new = SIZE_MAX;
	for (size_t i = 0; i < poll_list_size(s->list); i++) {
		const char *version =
			paths->version ? poll_item_text(s->list, i, paths->version)
				       : NULL;

		if (poll_given_is_new(
			    s->given, poll_item_text(s->list, i, paths->id), version))
			s->last_new = i;
	}
}

int poll_page_take(struct poll *s, const struct http_response *r, struct err *e)
{
	poll_list_free(s->list);
	s->list = NULL;
	if (r->truncated)
		err_set(e, ERR_UNAVAILABLE, "it is longer than max_bytes");
	else if (poll_list_read(&s->options->list, r->body, &s->list, e) == 0 &&
		 find_cursor(s, e) == 0 && find_next(s, r, e) == 0) {
		find_last_new(s);
		poll_keep(&s->new_etag, r->etag);
		poll_keep(&s->new_modified, r->last_modified);
		return 0;
	}
	return err_wrap(e, "%s", r->where);
}

/* What the whole list comes to; NULL: no news. */
static const char *whole_cursor(struct poll *s, char day[DAY_TEXT])
{
	if (s->options->cursor == POLL_CURSOR_DAY)
		return day_text(s->began, day);
	if (s->options->cursor != POLL_CURSOR_ITEMS || !s->greatest)
		return NULL;
	return s->cursor && is_greater(s->cursor, s->greatest) ? s->cursor
							       : s->greatest;
}

void poll_page_end(struct poll *s)
{
	char day[DAY_TEXT];

	if (s->incomplete)
		return;
	const char *cursor = whole_cursor(s, day);

	if (cursor)
		poll_keep(&s->cursor, cursor);
	poll_given_end(s->given);
	poll_keep(&s->same_url, s->pages ? NULL : s->url);
	poll_keep(&s->etag, s->new_etag);
	poll_keep(&s->modified, s->new_modified);
}

const char *poll_page_cursor(struct poll *s)
{
	bool last = s->at == s->last_new && !s->incomplete && !s->options->ack_url;
	bool whole = !s->next_url && s->options->paging != POLL_PAGING_NUMBER;
	const char *cursor = s->owed;
	char day[DAY_TEXT];

	if (last && s->options->cursor == POLL_CURSOR_LIST && s->page_cursor)
		cursor = s->page_cursor;
	else if (last && whole && whole_cursor(s, day))
		cursor = whole_cursor(s, day);
	if (!cursor)
		return NULL;
	poll_keep(&s->kept, cursor);
	poll_keep(&s->owed, NULL);
	return s->kept;
}
