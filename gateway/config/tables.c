#include "gateway/config/tables.h"

static const struct word confirmation_words[] = {
	{.name = "auto", .value = CONFIRMATION_AUTO},
	{.name = "required", .value = CONFIRMATION_REQUIRED},
	{0},
};
static const struct word close_on_words[] = {
	{.name = "issued", .value = CLOSE_ON_ISSUED},
	{.name = "drafted", .value = CLOSE_ON_DRAFTED},
	{0},
};
static const struct word tasks_words[] = {
	{.name = "default", .value = POLICY_TASKS_DEFAULT},
	{.name = "explicit", .value = POLICY_TASKS_EXPLICIT},
	{.name = "directive", .value = POLICY_TASKS_DIRECTIVE},
	{.name = "due", .value = POLICY_TASKS_DUE},
	{.name = "all", .value = POLICY_TASKS_ALL},
	{0},
};
static const struct word steering_words[] = {
	{.name = "012", .value = POLICY_STEERING_012},
	{.name = "123", .value = POLICY_STEERING_123},
	{.name = "unknown", .value = POLICY_STEERING_UNKNOWN},
	{0},
};
static const struct word queue_words[] = {
	{.name = "embedded", .value = 0},
	{.name = "amqp", .value = 1},
	{0},
};
static const struct word type_words[] = {
	{.name = "spool", .value = ADAPTER_SPOOL},
	{.name = "amqp", .value = ADAPTER_AMQP},
	{.name = "http", .value = ADAPTER_HTTP},
	{.name = "http-poll", .value = ADAPTER_HTTP_POLL},
	{.name = "vxp", .value = ADAPTER_VXP},
	{.name = "webhook", .value = ADAPTER_WEBHOOK},
	{0},
};
static const struct word direction_words[] = {
	{.name = "in", .value = DIRECTION_IN},
	{.name = "out", .value = DIRECTION_OUT},
	{0},
};
static const struct word format_words[] = {
	{.name = "edxml", .value = FORMAT_EDXML},
	{.name = "event", .value = FORMAT_EVENT},
	{.name = "mapping", .value = FORMAT_MAPPING},
	{0},
};
static const struct word stop_after_words[] = {
	{.name = "end", .value = 0},
	{.name = "header", .value = 1},
	{0},
};

static const struct field rule_fields[] = {
	{"type", FIELD_TEXT, .required = true, AT(policy_rule, type)},
	{"working_days", FIELD_INT, .required = true, AT(policy_rule, working_days),
		.low = 0, .high = 1000},
};
static const struct table rule_table = {TABLE(rule_fields, policy_rule)};

static const struct field policy_fields[] = {
	{"confirmation", FIELD_WORD, AT(policy, confirmation),
		.words = confirmation_words},
	{"close_on", FIELD_WORD, AT(policy, close_on), .words = close_on_words},
	{"tasks", FIELD_WORD, AT(policy, tasks), .words = tasks_words},
	{"assigners", FIELD_ORGANS, LIST_AT(policy, assigners)},
	{"answers_proposals", FIELD_ORGANS, LIST_AT(policy, answers_proposals)},
	{"rules", FIELD_ITEMS, LIST_AT(policy, rules), .table = &rule_table},
	{"steering", FIELD_WORD, AT(policy, steering), .words = steering_words},
	{"citation_closes", FIELD_BOOL, AT(policy, citation_closes)},
	{"accept_proposed_due", FIELD_BOOL, AT(policy, accept_proposed_due)},
	{"due_soon_days", FIELD_INT, AT(policy, due_soon_days), .low = 0, .high = 60},
	{"working_hours", FIELD_HOURS, AT(policy, working_minutes)},
};
const struct table policy_table = {TABLE(policy_fields, policy)};

enum { DAY_S = 24 * 3600 };

static const struct field delivery_fields[] = {
	{"retry_first_ms", FIELD_INT, AT(delivery_keys, retry_first_ms), .low = 1,
		.high = 60 * 1000},
	{"retry_limit_s", FIELD_INT, AT(delivery_keys, retry_limit_s), .low = 1,
		.high = DAY_S},
	{"suspend_after", FIELD_INT, AT(delivery_keys, suspend_after), .low = 1,
		.high = 1000},
	{"suspend_first_s", FIELD_INT, AT(delivery_keys, suspend_first_s), .low = 1,
		.high = DAY_S},
	{"suspend_limit_s", FIELD_INT, AT(delivery_keys, suspend_limit_s), .low = 1,
		.high = DAY_S},
	{"retry_after_limit_s", FIELD_INT, AT(delivery_keys, retry_after_limit_s),
		.low = 1, .high = 7 * DAY_S},
	{"give_up_days", FIELD_INT, AT(delivery_keys, give_up_days), .low = 1,
		.high = 365},
};
const struct table delivery_table = {TABLE(delivery_fields, delivery_keys)};

struct delivery_keys delivery_keys_of(const struct delivery_policy *policy)
{
	return (struct delivery_keys){
		.retry_first_ms = policy->retry_first_ms,
		.retry_limit_s = policy->retry_limit_ms / 1000,
		.suspend_after = policy->suspend_after,
		.suspend_first_s = policy->suspend_first_ms / 1000,
		.suspend_limit_s = policy->suspend_limit_ms / 1000,
		.retry_after_limit_s = policy->retry_after_limit_ms / 1000,
		.give_up_days = policy->give_up_days,
	};
}

struct delivery_policy delivery_of(const struct delivery_keys *keys)
{
	return (struct delivery_policy){
		.retry_first_ms = keys->retry_first_ms,
		.retry_limit_ms = keys->retry_limit_s * 1000,
		.suspend_after = keys->suspend_after,
		.suspend_first_ms = keys->suspend_first_s * 1000,
		.suspend_limit_ms = keys->suspend_limit_s * 1000,
		.retry_after_limit_ms = keys->retry_after_limit_s * 1000,
		.give_up_days = keys->give_up_days,
	};
}

/* No higher than the XML library itself goes. */
static const struct field limits_fields[] = {
	{"depth", FIELD_INT, AT(config_limits, max_depth), .low = 1, .high = 250},
	{"attributes", FIELD_INT, AT(config_limits, max_attributes), .low = 1,
		.high = 10000},
	{"text_bytes", FIELD_SIZE, AT(config_limits, max_text), .low = 1,
		.high = 10 * 1000 * 1000},
	{"total_bytes", FIELD_LONG, AT(config_limits, max_bytes), .low = 1,
		.high = 1LL << 40},
};
static const struct table limits_table = {TABLE(limits_fields, config_limits)};

static const struct field queue_fields[] = {
	{"type", FIELD_WORD, AT(queue_keys, type), .words = queue_words},
	{"path", FIELD_PATH, AT(queue_keys, path)},
	{"url", FIELD_URL, AT(queue_keys, url)},
	{"password_file", FIELD_PATH, AT(queue_keys, password_file)},
	{"password_env", FIELD_VARIABLE, AT(queue_keys, password_env)},
	{"management_url", FIELD_HTTP, AT(queue_keys, management_url)},
	{"management_user", FIELD_TEXT, AT(queue_keys, management_user)},
	{"management_password_file", FIELD_PATH,
		AT(queue_keys, management_password_file)},
	{"management_password_env", FIELD_VARIABLE,
		AT(queue_keys, management_password_env)},
	{"management_ca_file", FIELD_PATH, AT(queue_keys, management_ca_file)},
};
const struct table queue_table = {TABLE(queue_fields, queue_keys)};

static const struct field reader_fields[] = {
	{"organ", FIELD_ORGAN, AT(reader_keys, organ)},
	{"queue", FIELD_TEXT, AT(reader_keys, queue)},
	{"token_file", FIELD_PATH, AT(reader_keys, token_file)},
	{"token_env", FIELD_VARIABLE, AT(reader_keys, token_env)},
};
const struct table reader_table = {TABLE(reader_fields, reader_keys)};

/* 1 GB is what a document may measure at most by far; the rest keeps one client from
 * holding what others need. */
static const struct field http_fields[] = {
	{"listen", FIELD_TEXT, AT(http_keys, http.listen)},
	{"port", FIELD_INT, AT(http_keys, http.port), .low = 0, .high = 65535},
	{"cert_file", FIELD_PATH, AT(http_keys, cert_file)},
	{"key_file", FIELD_PATH, AT(http_keys, key_file)},
	{"max_bytes", FIELD_SIZE, AT(http_keys, http.max_bytes), .low = 1,
		.high = 1LL << 30},
	{"connections", FIELD_INT, AT(http_keys, http.connections), .low = 1,
		.high = 10000},
	{"timeout_seconds", FIELD_INT, AT(http_keys, http.timeout_seconds), .low = 1,
		.high = 3600},
	{"visibility_seconds", FIELD_INT, AT(http_keys, http.visibility_seconds),
		.low = 1, .high = 86400},
	{"monitor_token_file", FIELD_PATH, AT(http_keys, monitor_token_file)},
	{"monitor_token_env", FIELD_VARIABLE, AT(http_keys, monitor_token_env)},
	{"readers", FIELD_OWN_ITEMS, .table = &reader_table},
};
static const struct http_keys http_defaults = {.http = {
						       .listen = "127.0.0.1",
						       .port = 8080,
						       .max_bytes = 64 << 20,
						       .connections = 512,
						       .timeout_seconds = 60,
						       .visibility_seconds = 300,
					       }};
const struct table http_table = {
	TABLE(http_fields, http_keys), .initial = &http_defaults};
static const struct field agency_fields[] = {
	{"organ", FIELD_ORGAN, .required = true, AT(agency_keys, agency.organ)},
	{"password_file", FIELD_PATH, AT(agency_keys, password_file)},
	{"password_env", FIELD_VARIABLE, AT(agency_keys, password_env)},
};
const struct table agency_table = {TABLE(agency_fields, agency_keys)};

static const struct field adapter_fields[] = {
	{"name", FIELD_NAME, .required = true, AT(adapter_keys, adapter.name)},
	{"type", FIELD_WORD, .required = true, AT(adapter_keys, adapter.type),
		.words = type_words},
	{"direction", FIELD_WORD, .required = true, AT(adapter_keys, adapter.direction),
		.words = direction_words},
	{"format", FIELD_WORD, AT(adapter_keys, format), .words = format_words},
	{"mapping", FIELD_PATH, AT(adapter_keys, adapter.mapping_file)},
	{"stop_after", FIELD_WORD, AT(adapter_keys, stop_after),
		.words = stop_after_words},
	{"policy", FIELD_MAP, AT(adapter_keys, adapter.policy), .table = &policy_table},
	{"delivery", FIELD_MAP, AT(adapter_keys, delivery), .table = &delivery_table},
	{"statuses_to", FIELD_NAME, AT(adapter_keys, adapter.statuses_to)},
	{"statuses_for", FIELD_ORGANS, LIST_AT(adapter_keys, adapter.statuses_for)},
};
const struct table adapter_table = {TABLE(adapter_fields, adapter_keys)};

static const struct field main_fields[] = {
	{"site", FIELD_ORGAN, .required = true, AT(main_keys, site)},
	{"data", FIELD_PATH, AT(main_keys, data)},
	{"organs", FIELD_PATH, AT(main_keys, organs)},
	{"calendar", FIELD_PATH, AT(main_keys, calendar)},
	{"policy", FIELD_MAP, AT(main_keys, policy), .table = &policy_table},
	{"delivery", FIELD_MAP, AT(main_keys, delivery), .table = &delivery_table},
	{"limits", FIELD_MAP, AT(main_keys, limits), .table = &limits_table},
	{"queue", FIELD_OWN_MAP, .table = &queue_table},
	{"http", FIELD_OWN_MAP, .table = &http_table},
	{"agencies", FIELD_OWN_ITEMS, .table = &agency_table},
	{"adapters", FIELD_OWN_ITEMS, .table = &adapter_table},
};
const struct table main_table = {TABLE(main_fields, main_keys)};

static const struct organ_alias any_alias = {.from = DAY_NONE, .to = DAY_NONE};
static const struct field alias_fields[] = {
	{"id", FIELD_ORGAN, .required = true, AT(organ_alias, id)},
	{"from", FIELD_DAY, AT(organ_alias, from)},
	{"to", FIELD_DAY, AT(organ_alias, to)},
};
static const struct table alias_table = {
	TABLE(alias_fields, organ_alias), .initial = &any_alias};

static const struct field successor_fields[] = {
	{"id", FIELD_ORGAN, .required = true, AT(organ, successor)},
	{"from", FIELD_DAY, AT(organ, successor_from)},
};
static const struct table successor_table = {TABLE(successor_fields, organ)};

static const struct field organ_fields[] = {
	{"id", FIELD_ORGAN, .required = true, AT(organ, id)},
	{"names", FIELD_TEXTS, LIST_AT(organ, names)},
	{"parent", FIELD_ORGAN, AT(organ, parent)},
	{"aliases", FIELD_ITEMS, LIST_AT(organ, aliases), .table = &alias_table},
	{"successor", FIELD_MAP, .table = &successor_table},
	{"uses_eoffice", FIELD_BOOL, AT(organ, uses_eoffice)},
	{"answered_by", FIELD_ORGANS, LIST_AT(organ, answered_by)},
	{"receives_for", FIELD_ORGANS, LIST_AT(organ, receives_for)},
	{"issues_for", FIELD_ORGANS, LIST_AT(organ, issues_for)},
};
static const struct organ any_organ = {
	.successor_from = DAY_NONE, .uses_eoffice = true};
const struct table organ_row_table = {
	TABLE(organ_fields, organ), .initial = &any_organ};

static const struct field organ_file_fields[] = {
	{"organs", FIELD_OWN_ITEMS, .required = true, .table = &organ_row_table},
};
const struct table organ_file_table = {TABLE(organ_file_fields, organ)};

static const struct field year_fields[] = {
	{"off", FIELD_DAYS, .required = true, LIST_AT(year_keys, off)},
	{"work", FIELD_DAYS, LIST_AT(year_keys, work)},
};
const struct table year_table = {TABLE(year_fields, year_keys)};

static const struct field calendar_fields[] = {
	{"years", FIELD_OWN_YEARS, .required = true, .table = &year_table},
};
const struct table calendar_table = {TABLE(calendar_fields, year_keys)};
