/* `type: http-poll`: an e-office that is asked for its documents. */
#include <string.h>

#include "adapters/fill.h"
#include "adapters/http_poll_source.h"
#include "gateway/base/day.h"
#include "gateway/config/http_keys.h"
#include "gateway/config/kinds.h"

struct list_keys {
	const char *url;
	struct poll_list_paths paths;
};
struct paging_keys {
	enum poll_paging by;
	const char *next;
	int first;
};
struct cursor_keys {
	enum poll_cursor from;
	const char *path, *start;
	enum poll_since since;
	int overlap_days;
};
struct document_keys {
	const char *url, *link, *path;
	bool base64;
};
struct ack_keys {
	const char *method, *url, *body, *content_type;
};
struct http_poll_keys {
	struct http_peer_keys peer;
	struct http_auth_keys auth;
	size_t max_bytes;
	const struct http_header *headers;
	size_t headers_n;
	int interval_s;
	struct list_keys list;
	struct paging_keys paging;
	struct cursor_keys cursor;
	struct document_keys document;
	struct ack_keys acknowledge;
};

enum { DAY_S = 24 * 60 * 60, MOST_HEADERS = 32 };

static const struct word format_words[] = {
	{.name = "json", .value = POLL_LIST_JSON},
	{.name = "xml", .value = POLL_LIST_XML},
	{0},
};
static const struct field list_fields[] = {
	{"url", FIELD_TEXT, .required = true, AT(list_keys, url)},
	{"format", FIELD_WORD, AT(list_keys, paths.format), .words = format_words},
	{"items", FIELD_TEXT, AT(list_keys, paths.items)},
	{"id", FIELD_TEXT, .required = true, AT(list_keys, paths.id)},
	{"version", FIELD_TEXT, AT(list_keys, paths.version)},
	{"ok", FIELD_TEXT, AT(list_keys, paths.ok)},
	{"ok_value", FIELD_TEXT, AT(list_keys, paths.ok_value)},
	{"count", FIELD_TEXT, AT(list_keys, paths.count)},
};
static const struct table list_table = {TABLE(list_fields, list_keys)};

static const struct word paging_words[] = {
	{.name = "none", .value = POLL_PAGING_NONE},
	{.name = "next", .value = POLL_PAGING_NEXT},
	{.name = "link", .value = POLL_PAGING_LINK},
	{.name = "number", .value = POLL_PAGING_NUMBER},
	{0},
};
static const struct field paging_fields[] = {
	{"by", FIELD_WORD, .required = true, AT(paging_keys, by),
		.words = paging_words},
	{"next", FIELD_TEXT, AT(paging_keys, next)},
	{"first", FIELD_INT, AT(paging_keys, first), .low = 0, .high = 1},
};
static const struct table paging_table = {TABLE(paging_fields, paging_keys)};

static const struct word cursor_words[] = {
	{.name = "none", .value = POLL_CURSOR_NONE},
	{.name = "list", .value = POLL_CURSOR_LIST},
	{.name = "items", .value = POLL_CURSOR_ITEMS},
	{.name = "day", .value = POLL_CURSOR_DAY},
	{0},
};
static const struct word since_words[] = {
	{.name = "iso", .value = POLL_SINCE_ISO},
	{.name = "day-first", .value = POLL_SINCE_DAY_FIRST},
	{.name = "compact", .value = POLL_SINCE_COMPACT},
	{0},
};
static const struct field cursor_fields[] = {
	{"from", FIELD_WORD, .required = true, AT(cursor_keys, from),
		.words = cursor_words},
	{"path", FIELD_TEXT, AT(cursor_keys, path)},
	{"start", FIELD_TEXT, AT(cursor_keys, start)},
	{"since", FIELD_WORD, AT(cursor_keys, since), .words = since_words},
	{"overlap_days", FIELD_INT, AT(cursor_keys, overlap_days), .low = 0,
		.high = 3650},
};
static const struct table cursor_table = {TABLE(cursor_fields, cursor_keys)};

static const struct field document_fields[] = {
	{"url", FIELD_TEXT, AT(document_keys, url)},
	{"link", FIELD_TEXT, AT(document_keys, link)},
	{"path", FIELD_TEXT, AT(document_keys, path)},
	{"base64", FIELD_BOOL, AT(document_keys, base64)},
};
static const struct table document_table = {TABLE(document_fields, document_keys)};

static const struct field ack_fields[] = {
	{"method", FIELD_TEXT, AT(ack_keys, method)},
	{"url", FIELD_TEXT, .required = true, AT(ack_keys, url)},
	{"body", FIELD_TEXT, AT(ack_keys, body)},
	{"content_type", FIELD_TEXT, AT(ack_keys, content_type)},
};
static const struct table ack_table = {TABLE(ack_fields, ack_keys)};

static const struct field header_fields[] = {
	{"name", FIELD_TEXT, .required = true, AT(http_header, name)},
	{"value", FIELD_TEXT, .required = true, AT(http_header, value)},
};
static const struct table header_table = {TABLE(header_fields, http_header)};

static const struct field fields[] = {
	HTTP_PEER_FIELDS(http_poll_keys),
	{"max_bytes", FIELD_SIZE, AT(http_poll_keys, max_bytes), .low = 1024,
		.high = 1024LL * 1024 * 1024},
	{"headers", FIELD_ITEMS, LIST_AT(http_poll_keys, headers),
		.table = &header_table},
	{"auth", FIELD_MAP, AT(http_poll_keys, auth), .table = &http_auth_table},
	{"interval_s", FIELD_INT, AT(http_poll_keys, interval_s), .low = 1,
		.high = DAY_S},
	{"list", FIELD_MAP, .required = true, AT(http_poll_keys, list),
		.table = &list_table},
	{"paging", FIELD_MAP, AT(http_poll_keys, paging), .table = &paging_table},
	{"cursor", FIELD_MAP, AT(http_poll_keys, cursor), .table = &cursor_table},
	{"document", FIELD_MAP, .required = true, AT(http_poll_keys, document),
		.table = &document_table},
	{"acknowledge", FIELD_MAP, AT(http_poll_keys, acknowledge),
		.table = &ack_table},
};

static const struct http_poll_keys initial = {
	.peer = {.connect_timeout_s = 5, .timeout_s = 30},
	.max_bytes = 64 * 1024 * 1024,
	.interval_s = 60,
	.paging.first = 1,
	.cursor.overlap_days = 1,
	.acknowledge = {.method = "POST", .content_type = "application/json"},
};
static const struct table table = {TABLE(fields, http_poll_keys), .initial = &initial};

/* --- what fits together ---------------------------------------------------------- */

static void judge_path(struct reading *r, const struct node *map, const char *key,
	enum poll_list_format format, const char *path)
{
	const char *wrong = path ? poll_path_judge(format, path) : NULL;

	if (wrong && node_find(map, key))
		complain(r, node_find(map, key), "%s", wrong);
}

static void judge_list(
	struct reading *r, const struct node *map, const struct list_keys *list)
{
	static const char *const names[] = {"cursor", "since", "page", NULL};
	const struct poll_list_paths *p = &list->paths;
	const struct {
		const char *key, *path;
	} paths[] = {{"items", p->items}, {"id", p->id}, {"version", p->version},
		{"ok", p->ok}, {"count", p->count}};

	http_keys_judge_url(r, node_find(map, "url"), list->url, names);
	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++)
		judge_path(r, map, paths[i].key, p->format, paths[i].path);
	if (p->format == POLL_LIST_XML && !p->items)
		complain_missing(r, map, "items",
			"is missing: the XPath of the documents, as /list/document");
	if (p->ok && !p->ok_value)
		complain_missing(r, map, "ok_value",
			"is missing: the text that a good answer has there");
	if (!p->ok && p->ok_value)
		complain_key(r, node_find(map, "ok_value"),
			"is the text at `ok`: give that path too");
}

/* {name} must stand in the list's address exactly if it is @wanted for @why. */
static void judge_asks(struct reading *r, const struct node *list, const char *url,
	const char *name, bool wanted, const char *why)
{
	const struct node *at = node_find(list, "url");

	if (!url || !at || fill_asks(url, name) == wanted)
		return;
	if (wanted)
		complain(r, at, "has no {%s}, which %s needs", name, why);
	else
		complain(r, at, "has {%s}, but nothing says what that is: %s", name,
			why);
}

static void judge_paging(struct reading *r, const struct node *map,
	const struct http_poll_keys *keys, const struct node *list)
{
	const struct paging_keys *paging = &keys->paging;

	judge_path(r, map, "next", keys->list.paths.format, paging->next);
	if (paging->by == POLL_PAGING_NEXT && !paging->next)
		complain_missing(r, map, "next",
			"is missing: where the answer has its next page");
	if (paging->by != POLL_PAGING_NEXT && paging->next)
		complain_key(r, node_find(map, "next"), "belongs to `by: next`");
	if (paging->by == POLL_PAGING_NUMBER)
		judge_asks(r, list, keys->list.url, "page", true, "`by: number`");
	else if (paging->by != POLL_PAGING_NEXT)
		judge_asks(r, list, keys->list.url, "page", false,
			"`paging` with `by: number` or `by: next`");
}

static void judge_start(
	struct reading *r, const struct node *map, const struct cursor_keys *cursor)
{
	if (cursor->from != POLL_CURSOR_DAY)
		return;
	if (!cursor->start)
		complain_missing(r, map, "start",
			"is missing: the day of the first list, as 2026-01-31");
	else if (day_parse(cursor->start) == DAY_NONE)
		complain(r, node_find(map, "start"), "must be a day, as 2026-01-31");
}

static void judge_cursor(struct reading *r, const struct node *map,
	const struct http_poll_keys *keys, const struct node *list)
{
	const struct cursor_keys *cursor = &keys->cursor;
	bool by_path =
		cursor->from == POLL_CURSOR_LIST || cursor->from == POLL_CURSOR_ITEMS;

	judge_path(r, map, "path", keys->list.paths.format, cursor->path);
	if (by_path && !cursor->path)
		complain_missing(r, map, "path",
			"is missing: where the answer, or each document, has it");
	if (!by_path && cursor->path)
		complain_key(r, node_find(map, "path"),
			"belongs to `from: list` and `from: items`");
	judge_asks(r, list, keys->list.url, "cursor", by_path,
		"`cursor` with `from: list` or `from: items`");
	judge_asks(r, list, keys->list.url, "since", cursor->from == POLL_CURSOR_DAY,
		"`cursor` with `from: day`");
	judge_start(r, map, cursor);
}

static void judge_document(
	struct reading *r, const struct node *map, const struct http_poll_keys *keys)
{
	static const char *const names[] = {"id", NULL};
	const struct document_keys *document = &keys->document;

	bool good = http_keys_judge_url(r, node_find(map, "url"), document->url, names);

	judge_path(r, map, "link", keys->list.paths.format, document->link);
	judge_path(r, map, "path", keys->list.paths.format, document->path);
	if (document->url && document->link)
		complain_key(r, node_find(map, "link"),
			"give either `url` or `link`, not both");
	if (document->url && good && !fill_asks(document->url, "id"))
		complain(r, node_find(map, "url"), "has no {id}: which document?");
	if (!document->url && !document->link && !document->path)
		complain_missing(r, map, "url",
			"is missing: where a document is fetched (`url`, or `link` in "
			"its entry), or where it stands in its entry (`path`)");
}

static bool is_method(const char *text)
{
	static const char *const methods[] = {"POST", "PUT", "PATCH", "DELETE", "GET"};
	size_t i = 0;

	while (i < 5 && strcmp(methods[i], text) != 0)
		i++;
	return i < 5;
}

static void judge_ack(
	struct reading *r, const struct node *map, const struct ack_keys *ack)
{
	static const char *const names[] = {"id", NULL};
	char name[FILL_NAME];

	http_keys_judge_url(r, node_find(map, "url"), ack->url, names);
	if (!is_method(ack->method))
		complain(r, node_find(map, "method"),
			"must be POST, PUT, PATCH, DELETE or GET");
	if (ack->body && !fill_judge(ack->body, names, name))
		complain(r, node_find(map, "body"), "knows no {%s} here", name);
}

static struct http_poll_options options_of(const struct http_poll_keys *keys)
{
	struct http_poll_options o = {
		.headers = keys->headers,
		.headers_n = keys->headers_n,
		.interval_s = keys->interval_s,
		.list_url = keys->list.url,
		.list = keys->list.paths,
		.paging = keys->paging.by,
		.next = keys->paging.next,
		.first_page = keys->paging.first,
		.cursor = keys->cursor.from,
		.cursor_path = keys->cursor.path,
		.start = keys->cursor.start,
		.since = keys->cursor.since,
		.overlap_days = keys->cursor.overlap_days,
		.document_url = keys->document.url,
		.document_link = keys->document.link,
		.document_path = keys->document.path,
		.base64 = keys->document.base64,
		.ack_method = keys->acknowledge.method,
		.ack_url = keys->acknowledge.url,
		.ack_body = keys->acknowledge.body,
		.ack_type = keys->acknowledge.content_type,
	};

	if (!o.list.items)
		o.list.items = "";
	return o;
}

static const void *make(
	struct reading *r, const struct node *map, const struct config *c, void *read)
{
	const struct http_poll_keys *keys = read;
	struct http_poll_options *options = arena_alloc(r->arena, sizeof(*options));
	const struct node *list = node_find(map, "list");

	(void)c;
	if (list)
		judge_list(r, list, &keys->list);
	judge_paging(r, node_find(map, "paging"), keys, list);
	judge_cursor(r, node_find(map, "cursor"), keys, list);
	if (node_find(map, "document"))
		judge_document(r, node_find(map, "document"), keys);
	if (node_find(map, "acknowledge"))
		judge_ack(r, node_find(map, "acknowledge"), &keys->acknowledge);
	if (keys->headers_n > MOST_HEADERS)
		complain(
			r, node_find(map, "headers"), "are more than %d", MOST_HEADERS);
	*options = options_of(keys);
	options->peer = http_keys_origin(r, keys->list.url);
	options->client = http_keys_client(r, map, &keys->peer);
	options->client.max_body = keys->max_bytes;
	options->auth = http_keys_auth(r, map, &keys->auth, keys->list.url);
	return options;
}

const struct adapter_kind kind_http_poll_source = {
	.type = ADAPTER_HTTP_POLL,
	.direction = DIRECTION_IN,
	.title = "http-poll sources",
	.table = &table,
	.source = &http_poll_source_ops,
	.make = make,
};
