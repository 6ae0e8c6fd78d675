/*
 * The HTTP server: documents come in (POST /in/<adapter>), agencies read their queues
 * when there is no broker (POST /queues/<name>/pull, ack, reject), and whoever watches
 * the gateway asks how it is (/livez, /readyz, /metrics). docs/http.md is its manual,
 * schemas/openapi.yaml its description.
 *
 * Nothing a client does holds more than its own connection, a bounded part of memory
 * and, for a large body, a file: every phase of a request ends after
 * http.timeout_seconds.
 */
#pragma once

#include "gateway/base/err.h"
#include "gateway/config/config.h"
#include "gateway/flow/flow.h"
#include "gateway/flow/meter.h"
#include "gateway/ledger/ledger.h"

struct web;

/* Borrowed until web_free. */
struct web_options {
	const struct config_http *http;
	const struct config_adapter *adapters; /* those of type http are served */
	size_t adapters_n;
	const struct config_queue *queue; /* what agencies read, if embedded */
	const struct meter *meter;
	const struct ledger_options *ledger; /* for views of its own, and the folder */
	int listener;        /* a socket that listens already; 0: open one */
	const char *version; /* of the program, for /metrics */
};

struct web *web_new(const struct web_options *options);

/* It listens when flow_run tells it to start, and says `info listening` then. */
struct flow_companion web_companion(struct web *w);

/* Let @next listen where @w does, without a moment in which nobody is let in. Where its
 * address is another one, nothing happens. */
void web_hand_on(const struct web *w, struct web *next);

/* After flow_run has returned. */
void web_free(struct web *w);

/* The methods and paths it serves, in the order of the manual; false at the end. */
bool web_route(size_t number, const char **ret_method, const char **ret_path);
