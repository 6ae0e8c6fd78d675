#include "gateway/cli/setup.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "adapters/queue_sink.h"
#include "gateway/base/json.h"
#include "gateway/base/shown.h"
#include "gateway/cli/output.h"
#include "gateway/rules/secrecy.h"

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
	static const enum codec_format formats[] = {
		[FORMAT_EDXML] = CODEC_EDXML,
		[FORMAT_EVENT] = CODEC_EVENT,
		[FORMAT_MAPPING] = CODEC_MAPPING,
	};
	const struct policy *policy = adapter ? &adapter->policy : &config->policy;
	enum codec_format format = CODEC_AUTO;

	(void)e;
	if (adapter)
		format = formats[adapter->format];
	*ret_options = (struct codec_options){
		.format = format,
		.steering = steerings[policy->steering],
		.stop_after_header = adapter && adapter->stop_after_header,
		.max_depth = config->limits.max_depth,
		.max_attributes = config->limits.max_attributes,
		.max_text = config->limits.max_text,
		.max_bytes = config->limits.max_bytes,
		.mapping = adapter ? adapter->mapping : NULL,
		.is_restricted = secrecy_restricts,
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
	struct ledger_status_route *routes =
		arena_alloc(arena, (config->adapters_n + 1) * sizeof(*routes));
	size_t n = 0, routes_n = 0;

	sinks[n++] = SETUP_QUEUE_SINK;
	for (size_t i = 0; i < config->adapters_n; i++) {
		const struct config_adapter *adapter = &config->adapters[i];

		if (adapter->statuses_to)
			routes[routes_n++] =
				(struct ledger_status_route){.adapter = adapter->name,
					.sink = adapter->statuses_to,
					.organs = adapter->statuses_for,
					.organs_n = adapter->statuses_for_n};
		if (adapter->direction != DIRECTION_OUT || adapter->sink->statuses_only)
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
		.status_routes = routes,
		.status_routes_n = routes_n,
	};
	ret_options->adapters = own_reminders(config, arena, &ret_options->adapters_n);
	return 0;
}

static int add_source(const struct config *config, const struct config_adapter *adapter,
	struct flow_source *source, struct err *e)
{
	source->name = adapter->name;
	source->policy = &adapter->policy;
	source->ops = adapter->source;
	source->options = adapter->options;
	return setup_codec(config, adapter, &source->codec, e);
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
		.options = config->queue.sink,
		.delivery = &config->delivery,
	};
	for (size_t i = 0; i < config->adapters_n; i++) {
		const struct config_adapter *adapter = &config->adapters[i];

		if (adapter->direction == DIRECTION_OUT)
			sinks[flow.sinks_n++] = (struct flow_sink){
				.name = adapter->name,
				.ops = adapter->sink,
				.options = adapter->options,
				.delivery = &adapter->delivery,
				.fingerprint = adapter->fingerprint,
			};
		else if (add_source(config, adapter, &sources[flow.sources_n++], e))
			return -1;
	}
	*ret_options = flow;
	return 0;
}
