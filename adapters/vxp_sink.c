#include "adapters/vxp_sink.h"

#include <stdio.h>
#include <stdlib.h>

#include "gateway/base/mem.h"

enum { WINDOW = 8 };

struct vxp_out {
	const struct vxp_sink_options *options;
	struct vxp_client *client;
	struct arena arena; /* of one send */
	uint64_t sent;
	struct sink_news news[WINDOW];
	size_t news_n; /* not yet reported */
	bool reported; /* news[] was handed out and may be written anew */
};

static void out_close(void *sink)
{
	struct vxp_out *s = sink;

	if (!s)
		return;
	vxp_client_close(s->client);
	arena_deinit(&s->arena);
	free(s);
}

static const char *out_peer(const void *options)
{
	return ((const struct vxp_sink_options *)options)->peer.url;
}

static int out_probe(const void *options, char ret_note[PROBE_NOTE], struct err *e)
{
	return vxp_probe(
		&((const struct vxp_sink_options *)options)->peer, ret_note, e);
}

static int out_open(const void *options, void **ret_sink, struct err *e)
{
	struct vxp_out *s = mem_alloc(sizeof(*s));

	s->options = options;
	if (vxp_client_open(&s->options->peer, &s->client, e) < 0) {
		free(s);
		return -1;
	}
	*ret_sink = s;
	return 0;
}

static struct sink_news *add_news(
	struct vxp_out *s, uint64_t number, enum sink_verdict verdict)
{
	if (s->reported)
		s->news_n = 0;
	s->reported = false;
	struct sink_news *news = &s->news[s->news_n++];

	*news = (struct sink_news){.number = number, .verdict = verdict};
	return news;
}

static int start(struct vxp_out *s, const struct vxp_message *message, struct err *e)
{
	const char *bytes = buf_text(&message->edxml);
	const struct vxp_param params[] = {{"from", s->options->peer.system_id},
		{"servicetype", "eDoc"}, {"messagetype", "status"},
		{"to", vxp_list(&s->arena, &message->to, 1)},
		{"hash-file", vxp_hash_file(&s->arena, bytes, message->edxml.n)}};
	const struct vxp_call call = {.name = "sendEdoc",
		.params = params,
		.params_n = sizeof(params) / sizeof(params[0]),
		.content_type = "application/octet-stream",
		.body = {bytes, message->edxml.n}};

	return vxp_client_start(s->client, &call, s->sent + 1, e);
}

static int out_send(
	void *sink, const struct sink_event *event, uint64_t *ret_number, struct err *e)
{
	struct vxp_out *s = sink;
	struct vxp_message message = {0};
	char why[SINK_REASON];
	int result = 0;

	arena_reset(&s->arena);
	if (vxp_message_write(&s->arena, event->body, &message, why))
		result = start(s, &message, e);
	else
		snprintf(add_news(s, s->sent + 1, SINK_REJECTED)->reason, SINK_REASON,
			"%s", why);
	buf_deinit(&message.edxml);
	if (result < 0)
		return -1;
	*ret_number = ++s->sent;
	return 0;
}

static int milliseconds(int64_t ms)
{
	return ms <= 0 ? 0 : ms < INT32_MAX ? (int)ms : INT32_MAX;
}

/*
 * What the axis makes of one message. A refusal is final: asked again it would refuse
 * again, and for ever if it was only that it has it already. But an axis that refuses
 * whatever we ask (the secret, the clock) has not judged the message.
 */
static int take_answer(struct vxp_out *s, struct vxp_done *done, struct err *e)
{
	enum vxp_verdict verdict = done->verdict;
	int retry_ms = milliseconds(done->response.retry_after_ms);

	if (verdict == VXP_OK) {
		verdict =
			vxp_verdict_of(vxp_reply_read(done->response.body, &done->why));
		if (verdict != VXP_OK)
			err_wrap(&done->why, "%s: sendEdoc", done->response.where);
	}
	if (verdict == VXP_FAULT || verdict == VXP_DENIED) {
		if (e)
			*e = done->why;
		return -1;
	}
	if (verdict == VXP_FAIL && vxp_client_greet(s->client, NULL, e) != VXP_OK)
		return -1;
	struct sink_news *news = add_news(s, done->tag,
		verdict == VXP_OK     ? SINK_DELIVERED
		: verdict == VXP_FAIL ? SINK_REJECTED
				      : SINK_DEFERRED);

	if (news->verdict == SINK_DEFERRED)
		news->retry_after_ms = retry_ms;
	if (news->verdict != SINK_DELIVERED)
		snprintf(news->reason, SINK_REASON, "%.240s", done->why.text);
	return 0;
}

static int out_collect(
	void *sink, int timeout_ms, struct sink_report *ret_report, struct err *e)
{
	struct vxp_out *s = sink;
	struct vxp_done done;

	if (s->reported)
		s->news_n = 0;
	s->reported = false;
	while (s->news_n < WINDOW) {
		enum http_wait wait = vxp_client_wait(
			s->client, "sendEdoc", s->news_n ? 0 : timeout_ms, &done, e);

		if (wait == HTTP_WAIT_FAULT)
			return -1;
		if (wait == HTTP_WAIT_NONE)
			break;
		if (take_answer(s, &done, e) < 0)
			return -1;
	}
	*ret_report = (struct sink_report){.news = s->news, .news_n = s->news_n};
	s->reported = true;
	return 0;
}

const struct sink_ops vxp_sink_ops = {
	.type = "vxp",
	.statuses_only = true,
	.window = WINDOW,
	.peer = out_peer,
	.probe = out_probe,
	.open = out_open,
	.close = out_close,
	.send = out_send,
	.collect = out_collect,
};
