/* The keys of the three files, as data, and the structs they are read into. */
#pragma once

#include "gateway/config/config.h"
#include "gateway/config/schema.h"

/* As people write it. */
struct delivery_keys {
	int retry_first_ms, retry_limit_s, suspend_after, suspend_first_s,
		suspend_limit_s, retry_after_limit_s, give_up_days;
};
struct delivery_keys delivery_keys_of(const struct delivery_policy *policy);
struct delivery_policy delivery_of(const struct delivery_keys *keys);

struct main_keys {
	const char *site, *data, *organs, *calendar;
	struct policy policy;
	struct delivery_keys delivery;
	struct config_limits limits;
};

struct queue_keys {
	int type; /* 0 embedded, 1 amqp */
	const char *path, *url, *password_file, *password_env;
	const char *management_url, *management_user;
	const char *management_password_file, *management_password_env,
		*management_ca_file;
};

struct agency_keys {
	struct config_agency agency;
	const char *password_file, *password_env;
};

struct http_keys {
	struct config_http http;
	const char *cert_file, *key_file, *monitor_token_file, *monitor_token_env;
};

struct reader_keys {
	const char *organ, *queue, *token_file, *token_env;
};

struct adapter_keys {
	struct config_adapter adapter;
	struct delivery_keys delivery;
	int format; /* -1: not given */
	int stop_after;
};

struct year_keys {
	const day_t *off, *work;
	size_t off_n, work_n;
};

extern const struct table main_table;     /* struct main_keys */
extern const struct table queue_table;    /* struct queue_keys */
extern const struct table http_table;     /* struct http_keys */
extern const struct table reader_table;   /* struct reader_keys */
extern const struct table agency_table;   /* struct agency_keys */
extern const struct table adapter_table;  /* struct adapter_keys; kinds.h has more */
extern const struct table policy_table;   /* struct policy */
extern const struct table delivery_table; /* struct delivery_keys */
extern const struct table organ_file_table;
extern const struct table organ_row_table; /* struct organ */
extern const struct table calendar_table;
extern const struct table year_table; /* struct year_keys */
