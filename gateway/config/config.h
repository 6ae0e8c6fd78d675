/*
 * The configuration (docs/configuration.md): adapters.yaml with the organ table and the
 * calendar it names, read strictly, whole or not at all. Every complaint is gathered,
 * as `file:line:column: key: what, and what would be right`, in the order of the lines.
 * A struct config is read-only once made and may be shared by threads.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "adapters/adapter.h"
#include "gateway/base/arena.h"
#include "gateway/base/err.h"
#include "gateway/base/tokens.h"
#include "gateway/model/organ.h"
#include "gateway/rules/calendar.h"
#include "gateway/rules/delivery.h"
#include "gateway/rules/policy.h"

enum adapter_type {
	ADAPTER_SPOOL,
	ADAPTER_AMQP,
	ADAPTER_HTTP,
	ADAPTER_HTTP_POLL,
	ADAPTER_VXP,
	ADAPTER_WEBHOOK
};
enum adapter_direction { DIRECTION_IN, DIRECTION_OUT };
enum adapter_format { FORMAT_EDXML, FORMAT_EVENT, FORMAT_MAPPING };

struct mapping;

struct config_adapter {
	const char *name;
	enum adapter_type type;
	enum adapter_direction direction;
	enum adapter_format format;
	const struct source_ops *source; /* direction in */
	const struct sink_ops *sink;     /* direction out */
	const void *options;             /* what their open() wants */
	const char *mapping_file;        /* format mapping: where it stands, absolute */
	const struct mapping *mapping;
	bool stop_after_header;
	struct policy policy; /* the site's, with this adapter's own changes */
	struct delivery_policy delivery; /* sink: the same */
	const char *fingerprint;         /* of all that is written of it */
	/* Source: the sink that tells its issuers how far their documents have come
	 * (NULL: nobody), and the organs it speaks for (none: the site and below). */
	const char *statuses_to;
	const char *const *statuses_for;
	size_t statuses_for_n;
	int line; /* where it stands, for messages */
};

struct config_queue {
	bool is_amqp;
	const char *path;     /* embedded: <data>/queue.db */
	const char *url;      /* amqp */
	const char *password; /* resolved; NULL: none */
	const void *sink; /* what queue_sink_ops.open wants: the organs' queues too */
	/* Where users and permissions are declared (`topology --apply`); NULL: nowhere.
	 */
	const char *management_url, *management_user, *management_password;
	const char *management_ca; /* PEM; NULL: the system's */
};

/* An agency that reads its own queue. */
struct config_agency {
	const char *organ;    /* main id */
	const char *password; /* of its user at the broker, resolved; NULL: none */
};

struct config_limits { /* E3; 0: the codec's default */
	int max_depth, max_attributes;
	size_t max_text;
	long long max_bytes;
};

/* An agency that reads its queue over HTTP. */
struct config_reader {
	const char *organ; /* NULL: the queue was named */
	const char *queue;
	struct tokens tokens;
};

/* `http:`: where the gateway listens. */
struct config_http {
	const char *listen;            /* an address */
	int port;                      /* 0: any that is free */
	const char *certificate, *key; /* PEM, both or none; NULL: plain HTTP */
	size_t max_bytes;              /* of one body */
	int connections, timeout_seconds, visibility_seconds;
	struct tokens monitor; /* who may see metrics; empty: only this machine */
	const struct config_reader *readers;
	size_t readers_n;
};

struct config {
	struct arena arena;
	const char *file; /* as given */
	const char *site;
	const char *data;           /* folder, absolute */
	struct organ_table *organs; /* never NULL; empty when none is named */
	struct calendar *calendar;  /* never NULL */
	struct policy policy;
	struct delivery_policy delivery;
	struct config_queue queue;
	struct config_limits limits;
	const struct config_http *http;       /* NULL: it does not listen */
	const struct config_agency *agencies; /* who has a queue; none: every organ */
	size_t agencies_n;
	const struct config_adapter *adapters;
	size_t adapters_n;
};

struct config_complaint {
	const char *file;
	int line, column; /* from 1 */
	const char *key;  /* as `adapters[1].path` */
	const char *message;
	bool warning; /* only said, the configuration still loads */
};

struct config_complaints {
	struct arena arena;
	LIST_OF(struct config_complaint) list;
};

/*
 * Read @file. @data (may be NULL) overrides the data folder. Returns 0 and
 * *@ret_config, or -1 with at least one complaint; @complaints also collects warnings
 * on success. Secrets are read here, from the environment or files, and are nowhere
 * else shown.
 */
int config_load(const char *file, const char *data, struct config **ret_config,
	struct config_complaints *complaints);

/*
 * The mapping file @file by itself, in @arena: for `test` and `--mapping`. As
 * config_load: 0, or -1 with complaints.
 */
int config_load_mapping(const char *file, struct arena *arena,
	const struct mapping **ret_mapping, struct config_complaints *complaints);

/* What holds without any file: for `parse`, `lint` and `calendar`. */
struct config *config_none(void);

void config_free(struct config *c);
void config_complaints_deinit(struct config_complaints *c);

/* The adapter called @name, NULL if there is none. */
const struct config_adapter *config_find_adapter(
	const struct config *c, const char *name);
