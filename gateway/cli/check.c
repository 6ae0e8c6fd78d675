/* `check`: the configuration, and with --connect whether each peer answers. */
#include <sysexits.h>

#include "adapters/queue_sink.h"
#include "gateway/base/json.h"
#include "gateway/base/shown.h"
#include "gateway/cli/commands.h"
#include "gateway/cli/output.h"
#include "gateway/cli/setup.h"

/* One peer and what it said. */
struct probe {
	const char *adapter, *peer;
	bool ok;
	char note[PROBE_NOTE];
	struct err e;
};

static void probe_adapter(const struct config_adapter *a, struct probe *probe)
{
	probe->adapter = a->name;
	probe->peer =
		a->source ? a->source->peer(a->options) : a->sink->peer(a->options);
	probe->ok = !(a->source ? a->source->probe(a->options, probe->note, &probe->e)
				: a->sink->probe(a->options, probe->note, &probe->e));
}

static const char *words_of(const struct probe *probe)
{
	if (!probe->ok)
		return probe->e.text;
	return *probe->note ? probe->note : NULL;
}

static void print_probe(const struct probe *probe)
{
	cleanup_buf struct buf line = {0};
	struct json j = {.out = &line};

	json_open(&j, '{');
	json_put_text(&j, "adapter", probe->adapter);
	json_put_text(&j, "peer", probe->peer);
	json_key(&j, "ok");
	json_bool(&j, probe->ok);
	json_put_text(&j, "message", words_of(probe));
	json_close(&j, '}');
	out_line(&line);
}

static int connect_all(const struct cli *cli, const struct config *config)
{
	cleanup_table struct table table = {
		.headings = {"adapter", "peer", "ok", "message"}};
	const struct config_adapter queue = {
		.name = SETUP_QUEUE_SINK,
		.sink = &queue_sink_ops,
		.options = config->queue.sink,
	};
	int code = 0;

	for (size_t i = 0; i <= config->adapters_n; i++) {
		struct probe probe = {0};

		probe_adapter(i ? &config->adapters[i - 1] : &queue, &probe);
		if (!probe.ok)
			code = EX_UNAVAILABLE;
		if (cli->json) {
			print_probe(&probe);
			continue;
		}
		table_add(&table, probe.adapter, 0);
		table_add(&table, probe.peer, 0);
		table_add(&table, probe.ok ? "yes" : "no", 0);
		table_add(&table, words_of(&probe), 0);
	}
	if (!cli->json)
		table_print(&table);
	return code;
}

static void print_summary(const struct cli *cli, const struct config *config)
{
	cleanup_arena struct arena arena = {0};
	size_t organs = organ_table_size(config->organs);
	cleanup_buf struct buf line = {0};
	struct json j = {.out = &line};

	if (cli->json) {
		json_open(&j, '{');
		json_put_text(&j, "file", config->file);
		json_key(&j, "ok");
		json_bool(&j, true);
		json_put_text(&j, "site", config->site);
		json_put_int(&j, "adapters", (int64_t)config->adapters_n);
		json_put_int(&j, "organs", (int64_t)organs);
		json_close(&j, '}');
		out_line(&line);
	} else {
		out_text("%s: no errors; %zu adapter%s, %zu organ%s",
			shown_text(&arena, config->file, 0), config->adapters_n,
			config->adapters_n == 1 ? "" : "s", organs,
			organs == 1 ? "" : "s");
	}
}

int command_check(const struct cli *cli)
{
	cleanup_config struct config *config = NULL;
	cleanup_arena struct arena arena = {0};
	struct flow_options flow;
	struct err e;
	int code = setup_config(cli, true, &config);

	if (code)
		return code;
	/* What only `run` would refuse is told here as well. */
	if (setup_flow(config, &arena, &flow, &e))
		return out_complain_err(cli, &e);
	print_summary(cli, config);
	return cli_value(cli, "--connect") ? connect_all(cli, config) : 0;
}
