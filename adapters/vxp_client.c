#include "adapters/vxp_client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/base/mem.h"

enum {
	CONNECTIONS = 8,
	LIST_MAX_BYTES = 256 * 1024 * 1024, /* of 111,339 agencies, with room */
};

struct vxp_client {
	const struct vxp_peer *peer;
	struct http_client *http;
	struct arena arena; /* of one call */
};

int vxp_client_open(
	const struct vxp_peer *peer, struct vxp_client **ret_client, struct err *e)
{
	struct vxp_client *client = mem_alloc(sizeof(*client));
	struct http_client_options options = peer->http;

	options.max_connections = CONNECTIONS;
	client->peer = peer;
	if (http_client_open(&options, &client->http, e) < 0) {
		free(client);
		return -1;
	}
	*ret_client = client;
	return 0;
}

void vxp_client_close(struct vxp_client *client)
{
	if (!client)
		return;
	http_client_close(client->http);
	arena_deinit(&client->arena);
	free(client);
}

/* What is sent for @call; the texts live until the next one. */
static struct http_request make_request(struct vxp_client *client,
	const struct vxp_call *call, struct http_header headers[VXP_HEADERS_MOST + 1])
{
	const struct vxp_signing signing = {.system_id = client->peer->system_id,
		.secret = client->peer->secret,
		.at = clock_now()};

	arena_reset(&client->arena);
	size_t n = vxp_sign(
		&client->arena, &signing, call->params, call->params_n, headers);

	if (call->content_type)
		headers[n++] = (struct http_header){"Content-Type", call->content_type};
	return (struct http_request){.method = call->get ? "GET" : "POST",
		.url = arena_printf(
			&client->arena, "%s/%s", client->peer->url, call->name),
		.headers = headers,
		.headers_n = n,
		.body = call->body};
}

static bool is_for_later(int status)
{
	return status >= 500 || status == 429 || status == 408;
}

static enum vxp_verdict judge(
	const struct http_response *response, const char *name, struct err *e)
{
	if (response->truncated) {
		err_set(e, ERR_UNAVAILABLE,
			"%s: %s: the answer is longer than `max_bytes`",
			response->where, name);
		return VXP_TOO_LONG;
	}
	if (response->status == 200)
		return VXP_OK;
	http_response_fault(response, e);
	err_wrap(e, "%s", name);
	if (is_for_later(response->status))
		return VXP_LATER;
	/* Who is not let in, or asks where no axis is, is so with every call. */
	return response->status == 401 || response->status == 403 ||
			       response->status == 404 || response->status < 400
		       ? VXP_DENIED
		       : VXP_FAIL;
}

enum vxp_verdict vxp_client_do(struct vxp_client *client, const struct vxp_call *call,
	struct http_response *ret_response, struct err *e)
{
	struct http_header headers[VXP_HEADERS_MOST + 1];
	struct http_request request = make_request(client, call, headers);

	switch (http_client_do(client->http, &request, ret_response, e)) {
	case HTTP_ANSWERED:
		return judge(ret_response, call->name, e);
	case HTTP_UNAVAILABLE:
	case HTTP_REFUSED:
		break;
	}
	err_wrap(e, "%s", call->name);
	return VXP_FAULT;
}

int vxp_client_start(struct vxp_client *client, const struct vxp_call *call,
	uint64_t tag, struct err *e)
{
	struct http_header headers[VXP_HEADERS_MOST + 1];
	struct http_request request = make_request(client, call, headers);

	return http_client_start(client->http, &request, tag, e);
}

enum http_wait vxp_client_wait(struct vxp_client *client, const char *name,
	int timeout_ms, struct vxp_done *ret_done, struct err *e)
{
	struct http_done done;
	enum http_wait wait = http_client_wait(client->http, timeout_ms, &done, e);

	if (wait != HTTP_WAIT_DONE)
		return wait;
	*ret_done = (struct vxp_done){.tag = done.tag, .response = done.response};
	if (done.outcome == HTTP_ANSWERED) {
		ret_done->verdict = judge(&done.response, name, &ret_done->why);
	} else {
		ret_done->verdict = VXP_FAULT;
		ret_done->why = done.why;
		err_wrap(&ret_done->why, "%s", name);
	}
	return wait;
}

size_t vxp_client_in_flight(const struct vxp_client *client)
{
	return http_client_in_flight(client->http);
}

enum vxp_verdict vxp_verdict_of(enum vxp_reply reply)
{
	switch (reply) {
	case VXP_REPLY_OK:
		return VXP_OK;
	case VXP_REPLY_FAIL:
		return VXP_FAIL;
	case VXP_REPLY_UNREADABLE:
		break;
	}
	return VXP_LATER;
}

enum vxp_verdict vxp_client_greet(
	struct vxp_client *client, bool *ret_waiting, struct err *e)
{
	static const struct vxp_param params[] = {
		{"servicetype", "eDoc"}, {"messagetype", "edoc"}, {"pageSize", "1"}};
	const struct vxp_call call = {.name = "getReceivedEdocList",
		.params = params,
		.params_n = 3,
		.content_type = "application/x-www-form-urlencoded",
		.body = {"", 0}};
	cleanup_arena struct arena arena = {0};
	struct http_response response;
	vxp_entries list = {0};
	enum vxp_verdict verdict = vxp_client_do(client, &call, &response, e);

	if (verdict != VXP_OK)
		return verdict;
	verdict = vxp_verdict_of(vxp_reply_list(&arena, response.body, &list, e));
	if (verdict != VXP_OK)
		err_wrap(e, "%s: %s", response.where, call.name);
	else if (ret_waiting)
		*ret_waiting = list.n > 0;
	return verdict;
}

int vxp_probe(const struct vxp_peer *peer, char ret_note[PROBE_NOTE], struct err *e)
{
	struct vxp_client *client;
	bool waiting = false;

	if (vxp_client_open(peer, &client, e) < 0)
		return -1;
	enum vxp_verdict verdict = vxp_client_greet(client, &waiting, e);

	vxp_client_close(client);
	if (verdict != VXP_OK)
		return -1;
	snprintf(ret_note, PROBE_NOTE, "%s",
		waiting ? "documents are waiting" : "no document is waiting");
	return 0;
}

int vxp_agencies(const struct vxp_peer *peer, const char *call_name,
	struct buf *ret_list, struct err *e)
{
	struct vxp_peer roomy = *peer;
	const struct vxp_call call = {.name = call_name,
		.content_type = "application/json",
		.body = {"{}", 2}};
	struct vxp_client *client;
	struct http_response response;

	roomy.http.max_body = LIST_MAX_BYTES;
	if (vxp_client_open(&roomy, &client, e) < 0)
		return -1;
	enum vxp_verdict verdict = vxp_client_do(client, &call, &response, e);

	/* Whatever else is wrong with the list, who reads it says where. */
	if (verdict == VXP_OK && vxp_reply_read(response.body, e) == VXP_REPLY_FAIL) {
		verdict = VXP_FAIL;
		err_wrap(e, "%s: %s", response.where, call_name);
	}
	if (verdict == VXP_OK) {
		ret_list->max = LIST_MAX_BYTES + 1;
		buf_add(ret_list, response.body.at, response.body.n);
	}
	vxp_client_close(client);
	return verdict == VXP_OK ? 0 : -1;
}
