/*
 * Telling a receiver as Standard Webhooks say (standardwebhooks.com): the CloudEvent as
 * it is, structured, by POST, with webhook-id (the event's id, the same on every
 * attempt), webhook-timestamp and webhook-signature. While a secret is changed both
 * sign. 410 stops the sink.
 */
#pragma once

#include "adapters/adapter.h"
#include "adapters/http_flight.h"

enum { WEBHOOK_SECRETS = 2, WEBHOOK_KEY_MAX = 128 };

struct webhook_key {
	unsigned char bytes[WEBHOOK_KEY_MAX];
	size_t n; /* 0: none */
};

struct webhook_sink_options {
	struct http_flight_options flight;
	const char *url;
	const char *origin; /* of the URL, for people and for probe() */
	struct webhook_key keys[WEBHOOK_SECRETS];
	const char *const *events; /* patterns of names; none: all events */
	size_t events_n;
};

/* The key that `whsec_<base64>` stands for. NULL, or what is wrong; never shows it. */
const char *webhook_key_read(const char *secret, struct webhook_key *ret_key);

/* Append `v1,<base64>`, the signature of exactly @body, sent as @id at @stamp
 * (seconds), with a space before it unless @out is empty. */
void webhook_sign(struct buf *out, const struct webhook_key *key, const char *id,
	const char *stamp, struct slice body);

extern const struct sink_ops webhook_sink_ops;
