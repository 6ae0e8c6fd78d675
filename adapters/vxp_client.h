/*
 * Asking the national axis (docs/axis.md): signed calls over the HTTP client, and the
 * verdict on what comes back. Nothing is asked twice and nothing is waited for longer
 * than a call may take.
 */
#pragma once

#include <stdint.h>

#include "adapters/adapter.h"
#include "adapters/http_client.h"
#include "adapters/vxp_reply.h"
#include "adapters/vxp_sign.h"

struct vxp_peer {
	const char *
		url; /* `http://HOST:8080/XrdAdapter/adapter`, without a slash behind */
	const char *system_id, *secret;
	struct http_client_options http; /* total_timeout_ms is given */
};

struct vxp_call {
	const char *name; /* `getEdoc` */
	bool get;         /* else POST */
	const struct vxp_param *params;
	size_t params_n;
	const char *content_type;
	struct slice body; /* at NULL: none */
};

enum vxp_verdict {
	VXP_OK,
	VXP_FAIL,  /* the axis refuses just this: the same again will not do */
	VXP_LATER, /* it cannot now: HTTP 5xx, 429, 408, or a reply nobody can read */
	VXP_TOO_LONG, /* longer than max_body */
	VXP_DENIED,   /* HTTP 401, 403, 404, or another way: a person must act */
	VXP_FAULT     /* not reached: no call would work */
};

struct vxp_client;

int vxp_client_open(
	const struct vxp_peer *peer, struct vxp_client **ret_client, struct err *e);
void vxp_client_close(struct vxp_client *client);

/* One call, waited for. Whatever the verdict but OK, @e says why, with the call's name.
 * VXP_OK: HTTP 200; the body is the caller's to judge. */
enum vxp_verdict vxp_client_do(struct vxp_client *client, const struct vxp_call *call,
	struct http_response *ret_response, struct err *e);

/* The same in flight; given back by @tag. */
int vxp_client_start(struct vxp_client *client, const struct vxp_call *call,
	uint64_t tag, struct err *e);
struct vxp_done {
	uint64_t tag;
	enum vxp_verdict verdict;
	struct http_response response;
	struct err why;
};
/* @name: of the call, for @ret_done->why. */
enum http_wait vxp_client_wait(struct vxp_client *client, const char *name,
	int timeout_ms, struct vxp_done *ret_done, struct err *e);
size_t vxp_client_in_flight(const struct vxp_client *client);

/* Is the axis there, and does it take our signature? Asks for a list's first entry,
 * which changes nothing; *@ret_waiting (may be NULL): there is one. */
enum vxp_verdict vxp_client_greet(
	struct vxp_client *client, bool *ret_waiting, struct err *e);

/* A reply's own verdict as that of its call. */
enum vxp_verdict vxp_verdict_of(enum vxp_reply reply);

/* `check --connect`, with a client of its own. */
int vxp_probe(const struct vxp_peer *peer, char ret_note[PROBE_NOTE], struct err *e);

/* The axis's list of agencies as it comes, for agency_list_read. */
int vxp_agencies(const struct vxp_peer *peer, const char *call, struct buf *ret_list,
	struct err *e);
