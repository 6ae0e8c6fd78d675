/*
 * One multi handle a client, and a transfer (an easy handle with its buffers) for each
 * request in flight; ended transfers are used again. http_client_do and
 * http_client_start differ only in who waits.
 *
 * What is common to all requests is set once when a transfer is made; what belongs to
 * one request is all set in prepare().
 */
#include "adapters/http_client.h"

#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include <curl/curl.h>

#include "adapters/http_trouble.h"
#include "adapters/http_url.h"
#include "gateway/base/day.h"
#include "gateway/base/mem.h"

enum {
	CONNECT_TIMEOUT_MS = 5000,
	TOTAL_TIMEOUT_MS = 30000,
	MOST_REDIRECTS = 5,
	RETRY_AFTER_DIGITS = 15, /* of a number of seconds */
	PATIENCE_MS = 1000 /* one wait of http_client_do; libcurl ends the transfer */
};

struct transfer {
	CURL *easy;
	struct curl_slist *headers;
	struct buf body;
	char words[CURL_ERROR_SIZE];
	char where[HTTP_URL_PEER];
	uint64_t tag;
	int redirects;
	bool is_get;
	CURLcode code;
	bool ended;
	struct transfer *next;     /* in the list it stands in: idle or ended */
	struct transfer *next_all; /* of the client's */
};

struct http_client {
	struct http_client_options options; /* with the defaults filled in */
	CURLM *multi;
	struct transfer *all, *idle;
	struct transfer *ended, **ended_last;
	struct transfer *held; /* the one whose answer the caller has */
	size_t in_flight;
};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static CURLcode once_result;

/* X1: libcurl reads into buffers of its own, and an answer may be a secret document. */
static void init_once(void)
{
	once_result = curl_global_init_mem(CURL_GLOBAL_DEFAULT, malloc, mem_wipe,
		mem_resize_wiping, strdup, calloc);
}

static void transfer_free(struct transfer *t)
{
	if (!t)
		return;
	curl_easy_cleanup(t->easy);
	curl_slist_free_all(t->headers);
	buf_deinit(&t->body);
	free(t);
}
MEM_CLEANUP(transfer, struct transfer, transfer_free)

void http_client_close(struct http_client *c)
{
	if (!c)
		return;
	for (struct transfer *t = c->all, *next; t; t = next) {
		next = t->next_all;
		curl_multi_remove_handle(c->multi, t->easy);
		transfer_free(t);
	}
	curl_multi_cleanup(c->multi);
	free(c);
}
MEM_CLEANUP(client, struct http_client, http_client_close)

static void fill_defaults(struct http_client_options *o)
{
	if (!o->connect_timeout_ms)
		o->connect_timeout_ms = CONNECT_TIMEOUT_MS;
	if (!o->total_timeout_ms)
		o->total_timeout_ms = TOTAL_TIMEOUT_MS;
}

static int check_file(const char *what, const char *path, struct err *e)
{
	if (!path || access(path, R_OK) == 0)
		return 0;
	err_errno(e, "cannot read the %s %s", what, path);
	if (e)
		e->code = ERR_CONFIG;
	return -1;
}

int http_client_open(const struct http_client_options *options,
	struct http_client **ret_client, struct err *e)
{
	cleanup(client) struct http_client *c = mem_alloc(sizeof(*c));

	c->options = *options;
	c->ended_last = &c->ended;
	fill_defaults(&c->options);
	if (check_file("CA file", options->ca_file, e) < 0 ||
		check_file("client certificate", options->client_cert_file, e) < 0 ||
		check_file("client key", options->client_key_file, e) < 0)
		return -1;
	pthread_once(&once, init_once);
	if (once_result || !(c->multi = curl_multi_init()))
		return err_set(e, ERR_BUG, "libcurl does not start: %s",
			curl_easy_strerror(once_result));
	curl_multi_setopt(c->multi, CURLMOPT_MAX_HOST_CONNECTIONS,
		(long)options->max_connections);
	*ret_client = STEAL(c);
	return 0;
}

/* --- a transfer ----------------------------------------------------------------- */

static size_t take_body(char *bytes, size_t size, size_t n, void *transfer)
{
	struct transfer *t = transfer;

	buf_add(&t->body, bytes, size * n);
	return t->body.full ? 0 : size * n;
}

/* What bounds a request in time, and what is never done. */
static void set_limits(CURL *easy, const struct http_client_options *o)
{
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
	curl_easy_setopt(easy, CURLOPT_PROXY, o->proxy ? o->proxy : "");
	curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)o->connect_timeout_ms);
	curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)o->total_timeout_ms);
	curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, (long)o->low_speed_bytes);
	curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, (long)o->low_speed_s);
}

static void set_tls(CURL *easy, const struct http_client_options *o)
{
	curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
	if (o->ca_file) {
		curl_easy_setopt(easy, CURLOPT_CAINFO, o->ca_file);
		/* Else the system's folder of authorities would count as well. */
		curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
	}
	curl_easy_setopt(easy, CURLOPT_SSLCERT, o->client_cert_file);
	curl_easy_setopt(easy, CURLOPT_SSLKEY,
		o->client_key_file ? o->client_key_file : o->client_cert_file);
	curl_easy_setopt(easy, CURLOPT_KEYPASSWD, o->key_password);
}

static struct transfer *transfer_new(struct http_client *c)
{
	cleanup(transfer) struct transfer *t = mem_alloc(sizeof(*t));

	t->easy = curl_easy_init();
	if (!t->easy)
		return NULL;
	t->body = (struct buf){.max = c->options.max_body, .wipe = true};
	set_limits(t->easy, &c->options);
	set_tls(t->easy, &c->options);
	curl_easy_setopt(t->easy, CURLOPT_USERAGENT, "congvan/" CONGVAN_VERSION);
	curl_easy_setopt(t->easy, CURLOPT_ERRORBUFFER, t->words);
	curl_easy_setopt(t->easy, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(t->easy, CURLOPT_WRITEDATA, t);
	curl_easy_setopt(t->easy, CURLOPT_PRIVATE, t);
	t->next_all = c->all;
	c->all = t;
	return STEAL(t);
}

static struct transfer *transfer_get(struct http_client *c)
{
	struct transfer *t = c->idle;

	if (!t)
		return transfer_new(c);
	c->idle = t->next;
	return t;
}

/* X1: what was answered may have been a secret document. */
static void transfer_put(struct http_client *c, struct transfer *t)
{
	if (t->body.data)
		explicit_bzero(t->body.data, t->body.n);
	t->next = c->idle;
	c->idle = t;
}

void http_client_release(struct http_client *c)
{
	if (c->held)
		transfer_put(c, c->held);
	c->held = NULL;
}

/* --- a request ------------------------------------------------------------------- */

static bool can_be_sent(const struct http_header *h)
{
	return h->name[0] && !h->name[strcspn(h->name, ":\r\n \t")] &&
	       !h->value[strcspn(h->value, "\r\n")];
}

static void add_header(struct transfer *t, const char *name, const char *value)
{
	struct buf line = {0};

	/* libcurl takes "Name:" for "leave it out", and "Name;" for an empty one. */
	buf_printf(&line, value[0] ? "%s: %s" : "%s;", name, value);
	t->headers = curl_slist_append(t->headers, buf_text(&line));
	buf_deinit(&line);
}

static int set_headers(
	struct transfer *t, const struct http_request *request, struct err *e)
{
	bool has_type = false;

	curl_slist_free_all(t->headers);
	/* A server that does not know "Expect" would cost a second for each body. */
	t->headers = curl_slist_append(NULL, "Expect:");
	for (size_t i = 0; i < request->headers_n; i++) {
		const struct http_header *h = &request->headers[i];

		if (!can_be_sent(h))
			return err_set(e, ERR_INPUT,
				"%s: a header's name or value has a line break in it",
				t->where);
		has_type |= !strcasecmp(h->name, "Content-Type");
		add_header(t, h->name, h->value);
	}
	if (!has_type)
		t->headers = curl_slist_append(t->headers, "Content-Type:");
	curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, t->headers);
	return 0;
}

static bool is_one_of(const char *method, const char *const *names)
{
	while (*names && strcmp(*names, method) != 0)
		names++;
	return *names != NULL;
}

static void set_method(struct transfer *t, const struct http_request *request)
{
	static const char *const with_body[] = {"POST", "PUT", "PATCH", NULL};
	const char *method = request->method ? request->method : "GET";

	t->is_get = !strcmp(method, "GET");
	curl_easy_setopt(t->easy, CURLOPT_HTTPGET, 1L);
	if (!strcmp(method, "HEAD"))
		curl_easy_setopt(t->easy, CURLOPT_NOBODY, 1L);
	if (request->body.at || is_one_of(method, with_body)) {
		curl_easy_setopt(t->easy, CURLOPT_POST, 1L);
		curl_easy_setopt(t->easy, CURLOPT_POSTFIELDSIZE_LARGE,
			(curl_off_t)request->body.n);
		curl_easy_setopt(t->easy, CURLOPT_COPYPOSTFIELDS,
			request->body.at ? request->body.at : "");
	}
	curl_easy_setopt(t->easy, CURLOPT_CUSTOMREQUEST, method);
}

static int prepare(
	struct transfer *t, const struct http_request *request, struct err *e)
{
	buf_reset(&t->body);
	t->words[0] = '\0';
	t->redirects = 0;
	t->ended = false;
	if (http_url_peer(request->url, t->where, e) < 0 ||
		set_headers(t, request, e) < 0)
		return -1;
	set_method(t, request);
	curl_easy_setopt(t->easy, CURLOPT_URL, request->url);
	return 0;
}

static struct transfer *start(
	struct http_client *c, const struct http_request *request, struct err *e)
{
	struct transfer *t = transfer_get(c);

	if (!t) {
		err_set(e, ERR_BUG, "libcurl does not start");
		return NULL;
	}
	if (prepare(t, request, e) < 0) {
		transfer_put(c, t);
		return NULL;
	}
	curl_multi_add_handle(c->multi, t->easy);
	c->in_flight++;
	return t;
}

int http_client_start(struct http_client *client, const struct http_request *request,
	uint64_t tag, struct err *e)
{
	struct transfer *t = start(client, request, e);

	if (!t)
		return -1;
	t->tag = tag;
	return 0;
}

size_t http_client_in_flight(const struct http_client *client)
{
	return client->in_flight;
}

/* --- waiting --------------------------------------------------------------------- */

/* Is the answer a redirect that is followed? Then @t is on its way again. */
static bool follow(struct http_client *c, struct transfer *t)
{
	char *from = NULL, *to = NULL;

	if (!c->options.follow_redirects || !t->is_get || t->code)
		return false;
	curl_easy_getinfo(t->easy, CURLINFO_EFFECTIVE_URL, &from);
	curl_easy_getinfo(t->easy, CURLINFO_REDIRECT_URL, &to);
	if (!to || t->redirects == MOST_REDIRECTS || !http_url_same_origin(from, to))
		return false;
	cleanup_free char *url = mem_dup(to);

	t->redirects++;
	buf_reset(&t->body);
	curl_easy_setopt(t->easy, CURLOPT_URL, url);
	curl_multi_add_handle(c->multi, t->easy);
	return true;
}

/* Put what libcurl has ended at the end of the line. */
static void gather(struct http_client *c)
{
	CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(c->multi, &left))) {
		struct transfer *t;

		if (message->msg != CURLMSG_DONE)
			continue;
		CURLcode code = message->data.result;

		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&t);
		curl_multi_remove_handle(c->multi, t->easy); /* message is gone */
		t->code = code;
		if (follow(c, t))
			continue;
		t->ended = true;
		t->next = NULL;
		*c->ended_last = t;
		c->ended_last = &t->next;
	}
}

/* Let libcurl work; wait up to @timeout_ms for more unless @awaited (NULL: any) has
 * ended. */
static int pump(struct http_client *c, const struct transfer *awaited, int timeout_ms,
	struct err *e)
{
	int running;
	CURLMcode code = curl_multi_perform(c->multi, &running);

	gather(c);
	bool enough = awaited ? awaited->ended : c->ended != NULL;

	if (!code && !enough && timeout_ms > 0)
		code = curl_multi_poll(c->multi, NULL, 0, timeout_ms, NULL);
	if (code)
		return err_set(e, ERR_BUG, "libcurl: %s", curl_multi_strerror(code));
	return 0;
}

/* Take @t out of the line of those that have ended. */
static void unlink_ended(struct http_client *c, struct transfer *t)
{
	struct transfer **at = &c->ended;

	while (*at != t)
		at = &(*at)->next;
	*at = t->next;
	if (!*at)
		c->ended_last = at;
	c->in_flight--;
}

static const char *header_of(CURL *easy, const char *name, size_t at)
{
	struct curl_header *found;

	if (curl_easy_header(easy, name, at, CURLH_HEADER, -1, &found))
		return NULL;
	return found->value;
}

const char *http_response_header(
	const struct http_response *response, const char *name, size_t at)
{
	struct transfer *t = response->transfer;

	return header_of(t->easy, name, at);
}

static int64_t retry_after(CURL *easy)
{
	const char *text = header_of(easy, "Retry-After", 0);
	curl_off_t seconds = 0;

	if (!text)
		return -1;
	/* More seconds than libcurl can count: it would say none. */
	text += strspn(text, " \t0");
	if (strspn(text, "0123456789") > RETRY_AFTER_DIGITS)
		return INT64_MAX;
	curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &seconds);
	if (seconds <= 0) /* a date that has passed: now */
		return 0;
	return seconds > INT64_MAX / 1000 ? INT64_MAX : (int64_t)seconds * 1000;
}

static void fill_response(struct transfer *t, struct http_response *response)
{
	long status = 0;

	curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
	*response = (struct http_response){
		.status = (int)status,
		.where = t->where,
		.content_type = header_of(t->easy, "Content-Type", 0),
		.etag = header_of(t->easy, "ETag", 0),
		.last_modified = header_of(t->easy, "Last-Modified", 0),
		.retry_after_ms = retry_after(t->easy),
		.body = {buf_text(&t->body), t->body.n},
		.truncated = t->body.full,
		.transfer = t,
	};
}

static enum http_outcome tell_trouble(
	const struct http_client *c, struct transfer *t, struct err *e)
{
	struct http_trouble trouble = {.code = (int)t->code, .words = t->words};
	curl_off_t connected = 0, secured = 0, took = 0, got = 0, promised = -1;
	long status = 0;

	curl_easy_getinfo(t->easy, CURLINFO_PRETRANSFER_TIME_T, &connected);
	curl_easy_getinfo(t->easy, CURLINFO_APPCONNECT_TIME_T, &secured);
	curl_easy_getinfo(t->easy, CURLINFO_TOTAL_TIME_T, &took);
	curl_easy_getinfo(t->easy, CURLINFO_SIZE_DOWNLOAD_T, &got);
	curl_easy_getinfo(t->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &promised);
	curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(t->easy, CURLINFO_OS_ERRNO, &trouble.system);
	curl_easy_getinfo(t->easy, CURLINFO_SSL_VERIFYRESULT, &trouble.verify);
	trouble.connected = connected > 0 || secured > 0;
	trouble.took_ms = took / 1000;
	trouble.got = got;
	trouble.promised = promised;
	trouble.has_head = status != 0;
	return http_trouble_tell(&trouble, &c->options, t->where, e);
}

/* What became of @t, which has ended; the caller holds its answer from now on. */
static enum http_outcome conclude(struct http_client *c, struct transfer *t,
	struct http_response *ret_response, struct err *e)
{
	unlink_ended(c, t);
	c->held = t;
	/* A body that is too long ends as a write that failed. */
	if (t->code && !(t->code == CURLE_WRITE_ERROR && t->body.full))
		return tell_trouble(c, t, e);
	fill_response(t, ret_response);
	return HTTP_ANSWERED;
}

enum http_outcome http_client_do(struct http_client *client,
	const struct http_request *request, struct http_response *ret_response,
	struct err *e)
{
	http_client_release(client);
	struct transfer *t = start(client, request, e);

	if (!t)
		return HTTP_REFUSED;
	while (!t->ended)
		if (pump(client, t, PATIENCE_MS, e) < 0)
			return HTTP_UNAVAILABLE;
	return conclude(client, t, ret_response, e);
}

enum http_wait http_client_wait(struct http_client *client, int timeout_ms,
	struct http_done *ret_done, struct err *e)
{
	int64_t until = clock_ticks() + (int64_t)timeout_ms * 1000000;

	http_client_release(client);
	if (!client->in_flight)
		return HTTP_WAIT_NONE;
	for (bool last = false; !client->ended;) {
		int64_t left = (until - clock_ticks()) / 1000000;

		if (last)
			return HTTP_WAIT_NONE;
		last = left <= 0;
		if (pump(client, NULL, last ? 0 : (int)left, e) < 0)
			return HTTP_WAIT_FAULT;
	}
	struct transfer *t = client->ended;

	*ret_done = (struct http_done){.tag = t->tag};
	ret_done->outcome = conclude(client, t, &ret_done->response, &ret_done->why);
	return HTTP_WAIT_DONE;
}

int http_response_fault(const struct http_response *response, struct err *e)
{
	int status = response->status;
	bool may_pass = status >= 500 || status == 408 || status == 425 ||
			status == 429 || status < 400;

	return err_set(e, may_pass ? ERR_UNAVAILABLE : ERR_CONFIG, "%s: HTTP %d",
		response->where, status);
}
