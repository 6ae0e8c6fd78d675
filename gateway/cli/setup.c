#include "gateway/cli/setup.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "adapters/amqp_source.h"
#include "adapters/queue_sink.h"
#include "adapters/spool_sink.h"
#include "adapters/spool_source.h"
#include "gateway/base/json.h"
#include "gateway/base/shown.h"
#include "gateway/cli/output.h"

static const char *const default_files[] = {
	"./adapters.yaml",
	"/etc/congvan/adapters.yaml",
};
enum { DEFAULT_FILES = sizeof(default_files) / sizeof(default_files[0]) };

const char *setup_config_file(const struct cli *cli)
{
	if (cli->config_file)
		return cli->config_file;
	for (size_t i = 0; i < DEFAULT_FILES; i++) {
		if (!access(default_files[i], F_OK))
			return default_files[i];
	}
	return NULL;
}

static void say_json(const struct config_complaint *c)
{
	cleanup_buf struct buf line = {0};
	struct json j = {.out = &line};

	json_open(&j, '{');
	json_put_text(&j, "file", c->file);
	json_put_int(&j, "line", c->line);
	json_put_int(&j, "column", c->column);
	json_put_text(&j, "key", c->key);
	json_put_text(&j, "message", c->message);
	json_put_text(&j, "severity", c->warning ? "warning" : "error");
	json_close(&j, '}');
	out_line(&line);
}

static void say_text(const struct config_complaint *c)
{
	cleanup_arena struct arena arena = {0};
	const char *key = c->key && *c->key ? c->key : NULL;

	fprintf(stderr, "%s:%d:%d: %s%s%s%s\n", shown_text(&arena, c->file, 0), c->line,
		c->column, c->warning ? "warning: " : "",
		key ? shown_text(&arena, key, 0) : "", key ? ": " : "",
		shown_text(&arena, c->message, 0));
}

void setup_say(const struct cli *cli, const struct config_complaints *complaints,
	bool warnings)
{
	for (size_t i = 0; i < complaints->list.n; i++) {
		const struct config_complaint *c = &complaints->list.at[i];

		if (c->warning && !warnings)
			continue;
		if (cli->json)
			say_json(c);
		else
			say_text(c);
	}
}

int setup_config(const struct cli *cli, bool warnings, struct config **ret_config)
{
	struct config_complaints complaints = {0};
	const char *file = setup_config_file(cli);

	if (!file) {
		out_complain(cli, "config",
			"no configuration: there is neither %s nor %s; name one with "
			"-c",
			default_files[0], default_files[1]);
		return EX_CONFIG;
	}
	int failed = config_load(file, cli->data, ret_config, &complaints);

	setup_say(cli, &complaints, warnings);
	config_complaints_deinit(&complaints);
	return failed ? EX_CONFIG : 0;
}

void setup_config_cleanup(struct config **config)
{
	config_free(*config);
}

int setup_codec(const struct config *config, const struct config_adapter *adapter,
	struct codec_options *ret_options, struct err *e)
{
	static const enum codec_steering steerings[] = {
		[POLICY_STEERING_UNKNOWN] = CODEC_STEERING_UNKNOWN,
		[POLICY_STEERING_012] = CODEC_STEERING_012,
		[POLICY_STEERING_123] = CODEC_STEERING_123,
	};
	const struct policy *policy = adapter ? &adapter->policy : &config->policy;
	enum codec_format format = CODEC_AUTO;

	if (adapter && adapter->format == FORMAT_MAPPING)
		return err_set(e, ERR_CONFIG,
			"adapter %s: this program does not read the format mapping",
			adapter->name);
	if (adapter)
		format = adapter->format == FORMAT_EVENT ? CODEC_EVENT : CODEC_EDXML;
	*ret_options = (struct codec_options){
		.format = format,
		.steering = steerings[policy->steering],
		.stop_after_header = adapter && adapter->stop_after_header,
		.max_depth = config->limits.max_depth,
		.max_attributes = config->limits.max_attributes,
		.max_text = config->limits.max_text,
		.max_bytes = config->limits.max_bytes,
	};
	return 0;
}

int setup_source(const struct config *config, const char *name,
	const struct config_adapter **ret_adapter, struct err *e)
{
	cleanup_buf struct buf names = {0};

	*ret_adapter = name ? config_find_adapter(config, name) : NULL;
	if (!name || (*ret_adapter && (*ret_adapter)->direction == DIRECTION_IN))
		return 0;
	if (*ret_adapter)
		return err_set(e, ERR_USAGE, "--adapter: %s takes nothing in", name);
	for (size_t i = 0; i < config->adapters_n; i++) {
		if (config->adapters[i].direction == DIRECTION_IN)
			buf_printf(&names, "%s%s", names.n ? ", " : "",
				config->adapters[i].name);
	}
	return err_set(e, ERR_USAGE, "--adapter: there is no '%s'; sources are: %s",
		name, names.n ? buf_text(&names) : "none");
}

struct queue_options setup_queue(const struct config *config)
{
	const struct config_queue *queue = &config->queue;

	return (struct queue_options){
		.type = queue->is_amqp ? QUEUE_AMQP : QUEUE_EMBEDDED,
		.path = queue->path,
		.url = queue->url,
		.password = queue->password,
	};
}

struct queue_options setup_peer(
	const struct config *config, const struct config_adapter *adapter)
{
	const struct config_queue *queue = &config->queue;

	return (struct queue_options){
		.type = QUEUE_AMQP,
		.url = adapter->url ? adapter->url : queue->url,
		.password = adapter->url ? adapter->password : queue->password,
		.exchange = adapter->exchange,
	};
}

/* Sources whose reminders differ from the site's (S2, S4). */
static const struct ledger_adapter *own_reminders(
	const struct config *config, struct arena *arena, size_t *ret_n)
{
	struct ledger_adapter *list =
		arena_alloc(arena, (config->adapters_n + 1) * sizeof(*list));

	*ret_n = 0;
	for (size_t i = 0; i < config->adapters_n; i++) {
		const struct config_adapter *adapter = &config->adapters[i];
		const struct policy *own = &adapter->policy, *site = &config->policy;

		if (adapter->direction == DIRECTION_OUT ||
			(own->due_soon_days == site->due_soon_days &&
				memcmp(own->working_minutes, site->working_minutes,
					sizeof(own->working_minutes)) == 0))
			continue;
		list[(*ret_n)++] = (struct ledger_adapter){adapter->name, own};
	}
	return list;
}

int setup_ledger(const struct config *config, struct arena *arena,
	struct ledger_options *ret_options, struct err *e)
{
	const char **sinks =
		arena_alloc(arena, (config->adapters_n + 1) * sizeof(*sinks));
	size_t n = 0;

	sinks[n++] = SETUP_QUEUE_SINK;
	for (size_t i = 0; i < config->adapters_n; i++) {
		const struct config_adapter *adapter = &config->adapters[i];

		if (adapter->direction != DIRECTION_OUT)
			continue;
		if (!strcmp(adapter->name, SETUP_QUEUE_SINK))
			return err_set(e, ERR_CONFIG,
				"%s:%d: an adapter with direction out cannot be called "
				"'%s': that is the sink of `queue:`",
				config->file, adapter->line, SETUP_QUEUE_SINK);
		sinks[n++] = adapter->name;
	}
	*ret_options = (struct ledger_options){
		.folder = config->data,
		.site = config->site,
		.organs = config->organs,
		.calendar = config->calendar,
		.policy = &config->policy,
		.sinks = sinks,
		.sinks_n = n,
	};
	ret_options->adapters = own_reminders(config, arena, &ret_options->adapters_n);
	return 0;
}

/* What this program can do with each type, by direction; NULL: nothing. */
static const struct source_ops *source_of(enum adapter_type type)
{
	switch (type) {
	case ADAPTER_SPOOL:
		return &spool_source_ops;
	case ADAPTER_AMQP:
		return &amqp_source_ops;
	case ADAPTER_HTTP:
	case ADAPTER_HTTP_POLL:
	case ADAPTER_VXP:
	case ADAPTER_WEBHOOK:
		break;
	}
	return NULL;
}

static const struct sink_ops *sink_of(enum adapter_type type)
{
	switch (type) {
	case ADAPTER_SPOOL:
		return &spool_sink_ops;
	case ADAPTER_AMQP:
		return &queue_sink_ops;
	case ADAPTER_HTTP:
	case ADAPTER_HTTP_POLL:
	case ADAPTER_VXP:
	case ADAPTER_WEBHOOK:
		break;
	}
	return NULL;
}

static int refuse_type(const struct config *config,
	const struct config_adapter *adapter, struct err *e)
{
	return err_set(e, ERR_CONFIG,
		"%s:%d: adapter %s: this program has no such type", config->file,
		adapter->line, adapter->name);
}

static int add_source(const struct config *config, const struct config_adapter *adapter,
	struct arena *arena, struct flow_source *source, struct err *e)
{
	source->name = adapter->name;
	source->policy = &adapter->policy;
	source->ops = source_of(adapter->type);
	if (!source->ops)
		return refuse_type(config, adapter, e);
	if (setup_codec(config, adapter, &source->codec, e))
		return -1;
	if (adapter->type == ADAPTER_SPOOL) {
		struct spool_source_options *spool = arena_alloc(arena, sizeof(*spool));

		spool->path = adapter->path;
		source->options = spool;
	} else {
		struct amqp_source_options *amqp = arena_alloc(arena, sizeof(*amqp));

		amqp->queue = setup_peer(config, adapter);
		amqp->name = adapter->queue;
		amqp->prefetch = adapter->prefetch;
		source->options = amqp;
	}
	return 0;
}

/* The organs of the table: each gets its agency queue. */
static struct queue_sink_options *queue_sink(
	const struct config *config, struct arena *arena, struct queue_options peer)
{
	struct queue_sink_options *sink = arena_alloc(arena, sizeof(*sink));
	size_t n = organ_table_size(config->organs);
	const char **ids = arena_alloc(arena, (n + 1) * sizeof(*ids));

	for (size_t i = 0; i < n; i++)
		ids[i] = organ_table_at(config->organs, i)->id;
	sink->queue = peer;
	sink->organs = ids;
	sink->organs_n = n;
	return sink;
}

static int add_sink(const struct config *config, const struct config_adapter *adapter,
	struct arena *arena, struct flow_sink *sink, struct err *e)
{
	sink->name = adapter->name;
	sink->ops = sink_of(adapter->type);
	if (!sink->ops)
		return refuse_type(config, adapter, e);
	if (adapter->type == ADAPTER_SPOOL) {
		struct spool_sink_options *spool = arena_alloc(arena, sizeof(*spool));

		spool->path = adapter->path;
		sink->options = spool;
	} else {
		sink->options = queue_sink(config, arena, setup_peer(config, adapter));
	}
	return 0;
}

int setup_flow(const struct config *config, struct arena *arena,
	struct flow_options *ret_options, struct err *e)
{
	size_t n = config->adapters_n + 1;
	struct flow_source *sources = arena_alloc(arena, n * sizeof(*sources));
	struct flow_sink *sinks = arena_alloc(arena, n * sizeof(*sinks));
	struct flow_options flow = {.sources = sources, .sinks = sinks};

	if (setup_ledger(config, arena, &flow.ledger, e))
		return -1;
	sinks[flow.sinks_n++] = (struct flow_sink){
		.name = SETUP_QUEUE_SINK,
		.ops = &queue_sink_ops,
		.options = queue_sink(config, arena, setup_queue(config)),
	};
	for (size_t i = 0; i < config->adapters_n; i++) {
		const struct config_adapter *adapter = &config->adapters[i];

		if (adapter->direction == DIRECTION_IN) {
			if (add_source(config, adapter, arena,
				    &sources[flow.sources_n++], e))
				return -1;
		} else if (add_sink(
				   config, adapter, arena, &sinks[flow.sinks_n++], e)) {
			return -1;
		}
	}
	*ret_options = flow;
	return 0;
}
