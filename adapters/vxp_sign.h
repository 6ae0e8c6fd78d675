/*
 * What the national axis wants to see on each request (docs/axis.md): every parameter
 * K as a header XroadVnpt-K, and a signature over those headers. A server verifies over
 * the bytes it receives, so what is signed is what is sent, to the byte. Pure: the time
 * comes in. The secret is nowhere in what goes out.
 */
#pragma once

#include <stddef.h>

#include "adapters/http_client.h"
#include "gateway/base/arena.h"
#include "gateway/base/day.h"

struct vxp_param {
	const char *name, *value; /* `docId`; printable ASCII, see vxp_is_plain */
};

enum { VXP_PARAMS_MOST = 8, VXP_FIXED = 3, VXP_SIGNATURE = 3 };
enum { VXP_HEADERS_MOST = VXP_FIXED + VXP_PARAMS_MOST + VXP_SIGNATURE };

struct vxp_signing {
	const char *system_id, *secret;
	msec_t at;
};

/*
 * The headers of one request into @headers; returns how many. First timestamp, systemid
 * and version, then @params in their order, then the names, the signed object and its
 * HMAC. Texts live in @arena.
 */
size_t vxp_sign(struct arena *arena, const struct vxp_signing *signing,
	const struct vxp_param *params, size_t n,
	struct http_header headers[VXP_HEADERS_MOST]);

/* Can @text be sent as a header's value: not empty, printable ASCII? */
bool vxp_is_plain(const char *text);

/* SHA-256 of @bytes, lower-case hex with all its zeros. */
const char *vxp_hash_file(struct arena *arena, const char *bytes, size_t n);

/* A JSON list of texts, as the parameter `to` is written. */
const char *vxp_list(struct arena *arena, const char *const *texts, size_t n);
