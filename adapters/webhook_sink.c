#include "adapters/webhook_sink.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "adapters/http_verdict.h"
#include "gateway/base/day.h"
#include "gateway/base/mem.h"
#include "queue/topic.h"

enum { KEY_MIN = 24, STAMP_TEXT = 24, GONE = 410, MOST_HEADERS = 5 };

struct webhook {
	const struct webhook_sink_options *options;
	struct http_flight *flight;
	struct buf signature;
};

static size_t base64_padding(const char *text, size_t n)
{
	return n >= 2 && text[n - 2] == '=' ? 2 : n >= 1 && text[n - 1] == '=';
}

const char *webhook_key_read(const char *secret, struct webhook_key *ret_key)
{
	static const char prefix[] = "whsec_";
	unsigned char bytes[WEBHOOK_KEY_MAX + 8];
	const char *wrong = NULL;

	if (strncmp(secret, prefix, strlen(prefix)) != 0)
		return "must begin with whsec_ and go on in base64";
	const char *text = secret + strlen(prefix);
	size_t n = strlen(text);

	if (n > sizeof(bytes) / 3 * 4)
		return "is longer than 128 bytes";
	int got = n % 4 ? -1
			: EVP_DecodeBlock(bytes, (const unsigned char *)text, (int)n);

	got -= got < 0 ? 0 : (int)base64_padding(text, n);
	if (got < 0)
		wrong = "is no base64 after whsec_";
	else if (got < KEY_MIN || got > WEBHOOK_KEY_MAX)
		wrong = "must be 24 to 128 bytes, in base64 after whsec_";
	if (!wrong) {
		memcpy(ret_key->bytes, bytes, (size_t)got);
		ret_key->n = (size_t)got;
	}
	explicit_bzero(bytes, sizeof(bytes));
	return wrong;
}

static void judge(
	const void *what, const struct http_response *response, struct sink_news *news)
{
	(void)what;
	http_verdict_by_status(response, news);
	if (response->status != GONE)
		return;
	news->verdict = SINK_STOPPED;
	snprintf(news->reason, sizeof(news->reason),
		"%s: HTTP 410: the receiver wants no more", response->where);
}

static int out_open(const void *options, void **ret_sink, struct err *e)
{
	const struct webhook_sink_options *o = options;
	cleanup_free struct webhook *w = mem_alloc(sizeof(*w));

	w->options = o;
	if (http_flight_open(&o->flight, judge, &w->flight, e) < 0)
		return -1;
	*ret_sink = STEAL(w);
	return 0;
}

static void out_close(void *sink)
{
	struct webhook *w = sink;

	if (!w)
		return;
	http_flight_close(w->flight);
	buf_deinit(&w->signature);
	free(w);
}

void webhook_sign(struct buf *out, const struct webhook_key *key, const char *id,
	const char *stamp, struct slice body)
{
	unsigned char mac[EVP_MAX_MD_SIZE], coded[2 * EVP_MAX_MD_SIZE];
	unsigned int n = 0;
	cleanup_buf struct buf text = {0};

	buf_printf(&text, "%s.%s.", id, stamp);
	buf_add(&text, body.at, body.n);
	HMAC(EVP_sha256(), key->bytes, (int)key->n, (const unsigned char *)text.data,
		text.n, mac, &n);
	EVP_EncodeBlock(coded, mac, (int)n);
	buf_printf(out, "%sv1,%s", out->n ? " " : "", (const char *)coded);
}

static bool is_wanted(const struct webhook_sink_options *o, const char *name)
{
	for (size_t i = 0; i < o->events_n; i++)
		if (topic_match(o->events[i], name))
			return true;
	return o->events_n == 0;
}

static int out_send(
	void *sink, const struct sink_event *event, uint64_t *ret_number, struct err *e)
{
	struct webhook *w = sink;
	const struct webhook_sink_options *o = w->options;
	char stamp[STAMP_TEXT];

	(void)e;
	if (!is_wanted(o, event->name)) {
		*ret_number = http_flight_tell(
			w->flight, &(struct sink_news){.verdict = SINK_DELIVERED});
		return 0;
	}
	snprintf(stamp, sizeof(stamp), "%lld", (long long)(clock_now() / 1000));
	buf_reset(&w->signature);
	for (size_t i = 0; i < WEBHOOK_SECRETS; i++)
		if (o->keys[i].n)
			webhook_sign(&w->signature, &o->keys[i], event->id, stamp,
				event->body);
	const struct http_header headers[MOST_HEADERS] = {
		{"Content-Type", "application/cloudevents+json"},
		{"webhook-id", event->id},
		{"webhook-timestamp", stamp},
		{"webhook-signature", buf_text(&w->signature)},
		{"traceparent", event->traceparent},
	};

	*ret_number = http_flight_send(w->flight,
		&(struct http_request){
			.method = "POST",
			.url = o->url,
			.headers = headers,
			.headers_n =
				event->traceparent ? MOST_HEADERS : MOST_HEADERS - 1,
			.body = event->body,
		},
		NULL);
	return 0;
}

static int out_collect(
	void *sink, int timeout_ms, struct sink_report *ret_report, struct err *e)
{
	struct webhook *w = sink;

	return http_flight_collect(w->flight, timeout_ms, ret_report, e);
}

static const char *out_peer(const void *options)
{
	return ((const struct webhook_sink_options *)options)->origin;
}

static int out_probe(const void *options, char ret_note[PROBE_NOTE], struct err *e)
{
	const struct webhook_sink_options *o = options;

	return http_flight_probe(&o->flight, o->origin, ret_note, e);
}

const struct sink_ops webhook_sink_ops = {
	.type = "webhook",
	.peer = out_peer,
	.probe = out_probe,
	.window = HTTP_FLIGHT_WINDOW,
	.open = out_open,
	.close = out_close,
	.send = out_send,
	.collect = out_collect,
};
